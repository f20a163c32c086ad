import { categorical, cssColour, ground } from "./colours.js";
import { h, say } from "./dom.js";
import { figures } from "./numbers.js";
import { heightOf, rangeOf } from "./planes.js";
import { placesOf } from "./sample.js";

const FAINTEST = 0.1; // of a class's colour where the network only guesses
const DEEPEST = 0.72; // where it is sure; points must still stand out
const PICKS_WITHIN = 14; // CSS pixels

/** What the network says over the plane, or along its one input, under the points; a click chooses one. */
export function plane(hooks) {
  const area = h("canvas", { class: "net-area", role: "img" });
  const dots = h("canvas", { class: "net-dots", "aria-hidden": "true" });
  const line = h("canvas", { class: "net-dots", "aria-hidden": "true" });
  const corner = (name) => h("span", { class: `net-${name}` });
  const ends = { low: corner("low"), high: corner("high"), up: corner("up") };
  const key = h("p", { class: "net-key" });
  const under = Object.values(ends); // a point in a corner is not hidden by what stands there
  const element = h("div", { class: "net-plane" }, area, ...under, dots, line, key);
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
    say(key, `● ${spots.length - held} training${held ? `  ○ ${held} validation: click one` : ""}`);
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

/** Points as they lie in a picture of this size: class (null for values), held out, place to choose. */
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

/** The 256 colours of a class by confidence: a mere tint at a guess, deep where the network is sure. */
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
