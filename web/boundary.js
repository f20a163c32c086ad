import { categorical, cssColour, ground } from "./colours.js";
import { h, say } from "./dom.js";
import { figures } from "./numbers.js";
import { placesOf } from "./sample.js";

const FAINTEST = 0.1; // of a class's colour where the network only guesses
const DEEPEST = 0.72; // where it is sure; points must still stand out
const TILE = 20; // values across of a unit's picture of the plane
const ROOM = 0.06; // of the height above and below the values' curve
const PICKS_WITHIN = 14; // CSS pixels

/** What the network says over the plane (or along its one input), live, under the points; a click chooses one. */
export function plane(hooks) {
  const area = h("canvas", { class: "net-area", role: "img" });
  const dots = h("canvas", { class: "net-dots", "aria-hidden": "true" });
  const line = h("canvas", { class: "net-dots", "aria-hidden": "true" });
  const corner = (name) => h("span", { class: `net-${name}` });
  const ends = { low: corner("low"), high: corner("high"), up: corner("up") };
  const key = h("p", { class: "net-key" });
  const element = h("div", { class: "net-plane" }, area, dots, line, ...Object.values(ends), key);
  const pen = area.getContext("2d");
  let box = null;
  let range = null; // {x: [low, high], y: [low, high]} of what is shown
  let painted = null;
  let dotted = "";

  function lay(place) {
    box = place;
    Object.assign(element.style, {
      left: `${box.x}px`,
      top: `${box.y}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    });
    forget();
  }

  function forget() {
    [painted, dotted] = [null, ""];
  }

  function draw(view) {
    const { frame, data } = view;
    if (!box || !data?.array.points) return;
    const seen = rangeOf(frame, data);
    if (!seen) return;
    if (JSON.stringify(seen) !== JSON.stringify(range)) [range, dotted] = [seen, ""];
    element.classList.toggle("line", Boolean(frame.array.line));
    if (frame.array.grid && painted !== frame.array.grid) drawGrid(frame, view.session.data.classes.length);
    if (frame.array.line && painted !== frame.array.line) drawLine(frame);
    drawDots(view);
  }

  function drawGrid(frame, classes) {
    painted = frame.array.grid;
    const side = frame.grid.side;
    if (area.width !== side) [area.width, area.height] = [side, side];
    const picture = pen.createImageData(side, side);
    const out = new Uint32Array(picture.data.buffer);
    const shades = Array.from({ length: classes }, (_, k) => shadesOf(k, classes));
    for (let row = 0, at = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1, at += 2) {
        out[(side - 1 - row) * side + column] = shades[painted[at]]?.[painted[at + 1]] ?? 0;
      }
    }
    pen.putImageData(picture, 0, 0);
  }

  function drawLine(frame) {
    painted = frame.array.line;
    const { context, width, height } = sized(line, box);
    const x = (k) => (k / (painted.length - 1)) * width;
    const y = (value) => height - ((value - range.y[0]) / (range.y[1] - range.y[0])) * height;
    context.beginPath();
    painted.forEach((value, k) => context.lineTo(x(k), Math.min(Math.max(y(value), -9), height + 9)));
    const { paper } = ground();
    for (const [colour, wide] of [
      [cssColour(paper), 5],
      [accentOf(element), 2.5],
    ]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: wide, lineJoin: "round" });
      context.stroke();
    }
  }

  /** Points change with the data, the size, the theme and the sample only. */
  function drawDots({ data, session }) {
    const here = session.sample?.index ?? -1;
    const now = `${here} ${box.width} ${box.height} ${ground().dark}`;
    if (dotted === now) return;
    dotted = now;
    const { context, width, height } = sized(dots, box);
    const spots = spotsOf(data, range, width, height);
    const size = Math.min(Math.max(Math.sqrt((width * height) / spots.length) / 8, 1.6), 4.5);
    const { paper, ink } = ground();
    for (const { x, y, k, held } of spots) {
      const colour = k === null ? cssColour(ink, 0.55) : categorical(k);
      context.beginPath();
      context.arc(x, y, held ? size + 0.6 : size, 0, 7);
      context.fillStyle = held ? cssColour(paper) : colour;
      context.strokeStyle = held ? colour : cssColour(paper, 0.85);
      context.lineWidth = held ? 1.6 : 0.9;
      context.fill();
      context.stroke();
    }
    const chosen = spots.find(({ index }) => index === here);
    if (chosen) {
      for (const [colour, wide] of [
        [paper, 5],
        [ink, 2.5],
      ]) {
        context.beginPath();
        context.arc(chosen.x, chosen.y, size + 4, 0, 7);
        Object.assign(context, { strokeStyle: cssColour(colour), lineWidth: wide });
        context.stroke();
      }
    }
    say(ends.low, figures(range.x[0], 2));
    say(ends.high, `${session.data.inputs?.[0] ?? "x₁"} ${figures(range.x[1], 2)}`);
    const upward =
      data.shape.points[1] === 2 ? (session.data.inputs?.[1] ?? "x₂") : (session.data.target ?? "y");
    say(ends.up, `${upward} ${figures(range.y[1], 2)}`);
    const held = spots.filter((spot) => spot.held).length;
    say(key, `● ${spots.length - held} training${held ? `  ○ ${held} held out: click one` : ""}`);
  }

  element.addEventListener("click", (event) => {
    const spot = nearest(event);
    if (spot) hooks.sample(spot.index);
  });

  element.addEventListener("pointermove", (event) => {
    element.classList.toggle("can", Boolean(nearest(event)));
    hooks.tip(event, hooks.describe(event, at(event)));
  });
  element.addEventListener("pointerleave", (event) => hooks.tip(event, null));

  function at(event) {
    const place = element.getBoundingClientRect();
    const [u, v] = [
      (event.clientX - place.left) / place.width,
      1 - (event.clientY - place.top) / place.height,
    ];
    const on = ([low, high], share) => low + share * (high - low);
    return range && { x: on(range.x, u), y: on(range.y, v), u, v };
  }

  /** The point of the judged part nearest to the pointer. */
  function nearest(event) {
    const data = hooks.data();
    if (!range || !data?.array.points) return null;
    const place = element.getBoundingClientRect();
    const [px, py] = [event.clientX - place.left, event.clientY - place.top];
    let [best, least] = [null, PICKS_WITHIN];
    for (const spot of spotsOf(data, range, place.width, place.height)) {
      const far = Math.hypot(spot.x - px, spot.y - py);
      if (spot.index >= 0 && far < least) [best, least] = [spot, far];
    }
    return best;
  }

  return { element, lay, draw, forget, label: (words) => area.setAttribute("aria-label", words) };
}

/** Points as they lie in a picture of this size: class (null for values), whether held out, and place to choose. */
function spotsOf(data, range, width, height) {
  const { points, labels, held } = data.array;
  const D = data.shape.points[1];
  const index = placesOf(data);
  const high = heightOf(data);
  const spot = (n) => ({
    x: ((points[n * D] - range.x[0]) / (range.x[1] - range.x[0])) * width,
    y: height - ((high(n) - range.y[0]) / (range.y[1] - range.y[0])) * height,
    k: labels ? labels[n] : null,
    held: held[n] === 1,
    index: index[n],
  });
  return Array.from(held, (_, n) => spot(n));
}

/** What the picture spans: the network's own grid or line, else the points themselves. */
function rangeOf(frame, data) {
  if (frame.grid?.side) {
    const { low, high } = frame.grid;
    return { x: [low[0], high[0]], y: [low[1], high[1]] };
  }
  const [n, D] = data.shape.points;
  if (!n) return null;
  const x = frame.line ? [frame.line.low, frame.line.high] : spanOf(n, (k) => data.array.points[k * D]);
  return { x, y: spanOf(n, heightOf(data)) };
}

function spanOf(n, value) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < n; k += 1) [low, high] = [Math.min(low, value(k)), Math.max(high, value(k))];
  const room = ROOM * (high - low || 1);
  return [low - room, high + room];
}

/** How high point k lies: its second input, or of one input its value or class. */
function heightOf({ array, shape }) {
  const D = shape.points[1];
  if (D === 2) return (k) => array.points[2 * k + 1];
  return array.values ? (k) => array.values[k] : (k) => array.labels[k];
}

/** The 256 colours of a class by confidence: nothing but a tint at a guess, deep where the network is sure. */
function shadesOf(k, classes) {
  const { paper } = ground();
  const colour = rgbOf(categorical(k));
  return Uint32Array.from({ length: 256 }, (_, c) => {
    const sure = Math.max(0, (c / 255 - 1 / classes) / (1 - 1 / classes));
    const share = FAINTEST + (DEEPEST - FAINTEST) * sure;
    const [r, g, b] = colour.map((value, i) => Math.round(share * value + (1 - share) * paper[i]));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

function rgbOf(css) {
  if (css.startsWith("#")) return [1, 3, 5].map((i) => parseInt(css.slice(i, i + 2), 16));
  return css.match(/\d+/g).slice(0, 3).map(Number);
}

const accentOf = (element) => getComputedStyle(element).getPropertyValue("--accent").trim() || "#0a7566";

/** A cleared pen on a canvas that fills the box. */
function sized(canvas, { width, height }) {
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return { context, width, height };
}

// ---- each first-layer unit over the plane

const SHAPES = {
  ReLU: (z) => Math.max(z, 0),
  LeakyReLU: (z) => (z > 0 ? z : 0.01 * z),
  Tanh: Math.tanh,
  Sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  GELU: (z) => z / (1 + Math.exp(-1.702 * z)),
};

/**
 * What each first-layer unit gives over the plane, from its weights and the sample: its bias is what its sum for the
 * sample has beyond the weights'. Returns (unit, put) for a tile atlas of TILE by TILE.
 */
export function halfPlanes({ frame, data, session, stages }, matrix) {
  const { inputs, units, place, activation } = stages[0];
  const { q, limit } = matrix;
  const [a0, sums] = [frame.array.a0, frame.array[`a${place}`]];
  const range = rangeOf(frame, data);
  if (!range || !a0 || !sums) return null;
  const scaling = scalingOf(data, session.settings.scale !== false);
  const bent = SHAPES[Object.keys(SHAPES).find((kind) => activation?.startsWith(kind))] ?? ((z) => z);
  const weight = (i, j) => ((q[i * units + j] - 128) / 127) * limit;
  const along = (i, t) => {
    const [low, high] = i ? range.y : range.x;
    return (low + t * (high - low) - scaling[i].shift) * scaling[i].scale;
  };
  const values = new Float32Array(TILE * TILE);
  return (j, put) => {
    let bias = sums[j];
    for (let i = 0; i < inputs; i += 1) bias -= a0[i] * weight(i, j);
    let most = /Tanh|Sigmoid/.test(activation ?? "") ? 1 : 1e-9;
    for (let y = 0, at = 0; y < TILE; y += 1) {
      for (let x = 0; x < TILE; x += 1, at += 1) {
        let z = bias + weight(0, j) * along(0, (x + 0.5) / TILE);
        if (inputs > 1) z += weight(1, j) * along(1, 1 - (y + 0.5) / TILE);
        values[at] = bent(z);
        most = Math.max(most, Math.abs(values[at]));
      }
    }
    for (let at = 0; at < values.length; at += 1) {
      put(at % TILE, Math.floor(at / TILE), 128 + Math.round((127 * values[at]) / most) || 128);
    }
  };
}

export const PLANE_TILE = TILE;

/** How raw inputs were scaled: standardized by the training part's mean and deviation, or not at all. */
function scalingOf(data, scaled) {
  const [n, D] = data.shape.points;
  const { points, held } = data.array;
  return Array.from({ length: D }, (_, i) => {
    if (!scaled) return { shift: 0, scale: 1 };
    let [count, sum, squares] = [0, 0, 0];
    for (let k = 0; k < n; k += 1) {
      if (held[k]) continue;
      count += 1;
      sum += points[k * D + i];
      squares += points[k * D + i] ** 2;
    }
    const mean = sum / (count || 1);
    return { shift: mean, scale: 1 / (Math.sqrt(Math.max(squares / (count || 1) - mean * mean, 0)) || 1) };
  });
}
