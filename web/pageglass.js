import { diverging, grey, onTheme, sequential } from "./colours.js";
import { canvas, h } from "./dom.js";
import { asSigned, imageOf, PIXELS } from "./pagepictures.js";
import { usualLimit, weightsOf } from "./pagelayout.js";

const MOST = 1024; // units that are shown
const DIM = 0.3; // how much of a silent unit is seen
const AT_REST = 0.85; // and of all while nothing is drawn
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The first layer: each unit's weights as an image, lit as far as it is active. `chosen(unit, keep)` when one
 * is pointed at, or pressed or reached by keys and kept; null when the pointer leaves, or to keep none.
 * {element, limit, count, show(activations), mark(unit)}
 */
export function glass(stage, chosen) {
  const count = Math.min(stage.units, MOST);
  const limit = usualLimit(stage.layer.W);
  let [atlas, lit, marked, place] = [null, null, null, null];
  const picture = canvas(draw, {
    class: "glass-units",
    tabIndex: 0,
    role: "application",
    "aria-label":
      `First layer: ${count} units, pictures of their weights. ` +
      "Arrow keys choose one, Escape lets it go.",
  });
  const { element } = picture;
  element.style.setProperty("--shape", shapeFor(count, 1.55));
  element.style.setProperty("--narrow", shapeFor(count, 1));

  function draw(pen, width, height) {
    place = gridFor(count, width, height);
    atlas ??= atlasOf(stage.layer, count, limit);
    pen.imageSmoothingEnabled = place.size < PIXELS;
    for (let j = 0; j < count; j += 1) {
      const [x, y] = cornerOf(j);
      pen.globalAlpha = lit ? DIM + (1 - DIM) * lit[j] : AT_REST;
      pen.drawImage(atlas, ...atlasPlace(j), PIXELS, PIXELS, x, y, place.inner, place.inner);
    }
    frames(pen);
  }

  /** Around each unit a frame, the stronger the more active it is. */
  function frames(pen) {
    const usual = Math.min(Math.max(place.size / 16, 1), 2);
    pen.strokeStyle = getComputedStyle(element).getPropertyValue("--accent");
    for (let j = 0; j < count; j += 1) {
      const strength = j === marked ? 1 : (lit?.[j] ?? 0) ** 1.5;
      if (strength < 0.01) continue;
      const wide = j === marked ? usual + 1.5 : usual;
      const [x, y] = cornerOf(j);
      pen.globalAlpha = strength;
      pen.lineWidth = wide;
      pen.strokeRect(x - wide / 2, y - wide / 2, place.inner + wide, place.inner + wide);
    }
  }

  function cornerOf(j) {
    const [column, row] = [j % place.columns, Math.floor(j / place.columns)];
    return [place.left + column * place.size + place.gap / 2, row * place.size + place.gap / 2];
  }

  function unitAt(event) {
    if (!place) return null;
    const column = Math.floor((event.offsetX - place.left) / place.size);
    const j = Math.floor(event.offsetY / place.size) * place.columns + column;
    return column >= 0 && column < place.columns && j >= 0 && j < count ? j : null;
  }

  function onKey(event) {
    if (event.key === "Escape") chosen(null, true);
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || !place) return;
    event.preventDefault();
    const to = (marked ?? 0) + way[0] + way[1] * place.columns;
    if (to >= 0 && to < count) chosen(to, true);
  }

  element.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") chosen(unitAt(event), false);
  });
  element.addEventListener("pointerleave", () => chosen(null, false));
  element.addEventListener("click", (event) => chosen(unitAt(event), true));
  element.addEventListener("keydown", onKey);
  onTheme(() => {
    atlas = null;
    picture.redraw();
  });

  return {
    element,
    limit,
    count,
    /** Light the units, or show all at rest (null). */
    show(activations) {
      lit = activations && sharesOf(activations.subarray(0, count));
      picture.redraw();
    },
    mark(unit) {
      if (unit === marked) return;
      marked = unit;
      picture.redraw();
    },
  };
}

/** A later hidden layer: a square for each unit, the stronger its colour the more active it is. */
export function strip(stage, name) {
  const count = Math.min(stage.units, MOST);
  let lit = new Float64Array(count);
  let signs = lit;
  const picture = canvas(
    (pen, width, height) => {
      const place = gridFor(count, width, height);
      for (let j = 0; j < count; j += 1) {
        const [r, g, b] = signs[j] < 0 ? diverging(-lit[j]) : lit[j] > 0.02 ? sequential(lit[j]) : grey(0.07);
        pen.fillStyle = `rgb(${r}, ${g}, ${b})`;
        const [column, row] = [j % place.columns, Math.floor(j / place.columns)];
        pen.fillRect(place.left + column * place.size, row * place.size, place.inner, place.inner);
      }
    },
    { class: "glass-strip", "aria-label": name },
  );
  picture.element.style.setProperty("--shape", shapeFor(count, 8));
  picture.element.style.setProperty("--narrow", shapeFor(count, 5));
  onTheme(picture.redraw);
  return {
    element: h("figure", {}, h("figcaption", {}, name), picture.element),
    show(activations) {
      signs = activations.subarray(0, count);
      lit = sharesOf(signs);
      picture.redraw();
    },
  };
}

/** Each number's size as a share of the largest. */
function sharesOf(activations) {
  const most = activations.reduce((high, a) => Math.max(high, Math.abs(a)), 0);
  return activations.map((a) => (most ? Math.abs(a) / most : 0));
}

/** Width over height of a grid of squares, about as broad as wanted and with as full a last row as can be. */
function shapeFor(count, wanted) {
  const usual = Math.min(Math.sqrt(count * wanted), count);
  const tried = [1, 1.04, 0.96, 1.08, 0.92, 1.12, 0.88, 1.25].map((share) => Math.round(share * usual));
  const free = (columns) => Math.ceil(count / columns) * columns - count;
  const columns = tried.reduce((best, one) => (free(one) < free(best) && one <= count ? one : best));
  return columns / Math.ceil(count / columns);
}

function gridFor(count, width, height) {
  let columns = Math.max(Math.min(Math.round(Math.sqrt((count * width) / height)), count), 1);
  const sizeWith = (n) => Math.min(width / n, height / Math.ceil(count / n));
  if (sizeWith(columns + 1) >= sizeWith(columns) && columns < count) columns += 1;
  const size = sizeWith(columns);
  const gap = Math.max(size / 8, 1);
  return { columns, size, gap, inner: size - gap, left: (width - columns * size) / 2 };
}

const ATLAS = Math.ceil(Math.sqrt(MOST)); // pictures a side
const atlasPlace = (j) => [PIXELS * (j % ATLAS), PIXELS * Math.floor(j / ATLAS)];

/** All units' weights in one picture, painted once. */
function atlasOf(layer, count, limit) {
  const atlas = h("canvas", { width: PIXELS * ATLAS, height: PIXELS * ATLAS });
  const pen = atlas.getContext("2d");
  for (let j = 0; j < count; j += 1) {
    pen.putImageData(imageOf(weightsOf(layer, j), asSigned(limit)), ...atlasPlace(j));
  }
  return atlas;
}
