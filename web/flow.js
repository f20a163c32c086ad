import { cssColour, diverging, ground, onTheme } from "./colours.js";
import { unitAt } from "./geometry.js";

const LEVELS = 24; // of light on either side of zero
const MOST_ROUND = 128; // units whose squares have round corners; more are quicker without
const VEILED = 0.22; // of a line's strength where it passes over tiles
const DECAY = 0.97; // a frame: full light follows a layer's largest activation down slowly: no flicker

let shades = null; // CSS colours by level, of the present theme
onTheme(() => {
  shades = null;
});

function shadesNow() {
  if (shades) return shades;
  shades = Array.from({ length: 2 * LEVELS + 1 }, (_, k) => cssColour(diverging((k - LEVELS) / LEVELS)));
  return shades;
}

/** The |activation| in full light of each stage: 1 where it is bounded, else what was seen, steadied. */
export function lights() {
  const full = new Map();
  return {
    of(key, values, bounded) {
      if (bounded) return 1;
      let most = 0;
      for (const value of values)
        if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
      const light = Math.max(most, DECAY * (full.get(key) || 0), 1e-9);
      full.set(key, light);
      return light;
    },
    forget: () => full.clear(),
  };
}

/**
 * The k largest contributions a[i]·w[i, j] of a layer's inputs to its units: [{i, j, size}], largest first.
 * `q` are the weights' bytes (inputs, units).
 */
export function strongest(a, q, inputs, units, k) {
  const top = [];
  let least = 0;
  for (let i = 0; i < inputs; i += 1) {
    const value = a[i];
    if (!value || !Number.isFinite(value)) continue;
    const size = Math.abs(value);
    if (size * 127 <= least) continue;
    for (let j = 0, at = i * units; j < units; j += 1, at += 1) {
      const weight = q[at] - 128;
      if (size * (weight < 0 ? -weight : weight) <= least) continue;
      insert(top, { i, j, size: value * weight }, k);
      if (top.length === k) least = Math.abs(top[k - 1].size);
    }
  }
  return top;
}

function insert(top, link, k) {
  let at = top.length;
  while (at > 0 && Math.abs(top[at - 1].size) < Math.abs(link.size)) at -= 1;
  top.splice(at, 0, link);
  if (top.length > k) top.pop();
}

/**
 * Curves from `from(i)` to `to(j)`, as wide and as deep in colour as the contribution; the largest on top.
 * Over tiles, up to `veil.start` and from `veil.end` on along the flow, they are faint: weights stay seen.
 */
export function drawLinks(pen, links, from, to, { upright, widest = 2.2, strength = 0.9, veil = {} }) {
  if (!links.length) return;
  const most = Math.abs(links[0].size);
  pen.lineCap = "round";
  for (let n = links.length - 1; n >= 0; n -= 1) {
    const { i, j, size } = links[n];
    const share = Math.abs(size) / most;
    const [a, b] = [from(i), to(j)];
    pen.strokeStyle = strokeFor(
      pen,
      a,
      b,
      diverging(Math.sign(size) * (0.5 + 0.5 * share)),
      strength * (0.35 + 0.65 * share),
      upright,
      veil,
    );
    pen.lineWidth = 0.6 + widest * share * share;
    pen.beginPath();
    pen.moveTo(a.x, a.y);
    curve(pen, a, b, upright);
    pen.stroke();
  }
}

/** Whether a link, drawn from a to b, is within `near` CSS pixels of a point. */
export function isOnLink(pen, a, b, upright, x, y, near) {
  const ratio = pen.getTransform().a;
  pen.lineWidth = 2 * near;
  pen.beginPath();
  pen.moveTo(a.x, a.y);
  curve(pen, a, b, upright);
  return pen.isPointInStroke(x * ratio, y * ratio);
}

/** From a, straight to the edge of its picture if it lies inside of one, and on to b. */
function curve(pen, a, b, upright) {
  if (upright) {
    const start = a.edge ?? a.y;
    if (a.edge) pen.lineTo(a.x, start);
    const bend = (b.y - start) * 0.55;
    if (b.sideways)
      pen.bezierCurveTo(a.x, start + Math.min(bend, 40), b.x - 22, b.y - Math.min(bend, 30), b.x, b.y);
    else pen.bezierCurveTo(a.x, start + bend, b.x, b.y - bend, b.x, b.y);
    return;
  }
  const start = a.edge ?? a.x;
  if (a.edge) pen.lineTo(start, a.y);
  const bend = Math.max((b.x - start) * 0.5, 6);
  pen.bezierCurveTo(start + bend, a.y, b.x - bend, b.y, b.x, b.y);
}

function strokeFor(pen, a, b, colour, alpha, upright, { start, end }) {
  const full = cssColour(colour, alpha);
  const [p, q] = upright ? [a.y, b.y] : [a.x, b.x];
  const length = q - p;
  if ((start === undefined && end === undefined) || length < 1) return full;
  const faint = cssColour(colour, VEILED * alpha);
  const gradient = upright ? pen.createLinearGradient(0, p, 0, q) : pen.createLinearGradient(p, 0, q, 0);
  const at = (x) => Math.min(Math.max((x - p) / length, 0), 1);
  if (start !== undefined) {
    gradient.addColorStop(0, start > p + 1 ? faint : full);
    gradient.addColorStop(at(start), full);
    gradient.addColorStop(1, full);
  } else {
    gradient.addColorStop(0, full);
    gradient.addColorStop(at(end), full);
    gradient.addColorStop(1, end < q - 1 ? faint : full);
  }
  return gradient;
}

/** Units by how they are lit: lists of unit numbers by level, −LEVELS…LEVELS. */
function byLevel(values, light, count) {
  const levels = Array.from({ length: 2 * LEVELS + 1 }, () => []);
  for (let j = 0; j < count; j += 1) {
    const t = Number.isFinite(values?.[j]) ? values[j] / light : 0;
    levels[LEVELS + Math.round(Math.max(-1, Math.min(t, 1)) * LEVELS)].push(j);
  }
  return levels;
}

/** A frame around each tile, lit by its unit's activation. Rectangles one by one: quicker than as a path. */
export function drawFrames(pen, box, values, light, rule) {
  const colours = shadesNow();
  const { w, pitchX } = box.grid;
  const line = Math.max(Math.min((pitchX - w) * 0.75, 3), 0.75);
  byLevel(values, light, box.grid.count).forEach((units, level) => {
    if (!units.length) return;
    const away = Math.abs(level - LEVELS) / LEVELS;
    pen.strokeStyle = level === LEVELS ? rule : colours[level];
    pen.lineWidth = level === LEVELS ? Math.min(line, 0.8) : line * (0.55 + 0.45 * away);
    const out = pen.lineWidth / 2;
    for (const j of units) {
      const { x, y, w: wide, h } = unitAt(box, j);
      pen.strokeRect(x - out, y - out, wide + 2 * out, h + 2 * out);
    }
  });
}

/** Units as small squares, filled by activation. */
export function drawCells(pen, box, values, light, rule) {
  const colours = shadesNow();
  const { w, count } = box.grid;
  const round = w >= 7 && count <= MOST_ROUND ? Math.min(w * 0.22, 4) : 0;
  pen.strokeStyle = rule;
  pen.lineWidth = 0.75;
  byLevel(values, light, count).forEach((units, level) => {
    pen.fillStyle = colours[level];
    for (const j of units) drawCell(pen, unitAt(box, j), round);
  });
}

function drawCell(pen, { x, y, w, h }, round) {
  if (!round) {
    pen.fillRect(x, y, w, h);
    if (w >= 5) pen.strokeRect(x, y, w, h);
    return;
  }
  pen.beginPath();
  pen.roundRect(x, y, w, h, round);
  pen.fill();
  pen.stroke();
}

/** A ring around a rectangle that stands out on anything: ink with a rim of the background. */
export function drawRing(pen, { x, y, w, h }, wide = 2) {
  const { paper, ink } = ground();
  for (const [colour, line] of [
    [paper, wide + 2],
    [ink, wide],
  ]) {
    pen.strokeStyle = cssColour(colour);
    pen.lineWidth = line;
    pen.strokeRect(x - wide, y - wide, w + 2 * wide, h + 2 * wide);
  }
}

/** The name of its class in the corner of each tile that is large enough for it. */
export function drawNames(pen, box, names, small) {
  if (box.grid.w < 3 * small) return;
  const { paper, ink } = ground();
  pen.font = `600 ${small}px ${getComputedStyle(pen.canvas).fontFamily}`;
  pen.textBaseline = "top";
  Object.assign(pen, {
    strokeStyle: cssColour(paper),
    fillStyle: cssColour(ink),
    lineWidth: 3,
    lineJoin: "round",
  });
  for (let j = 0; j < Math.min(box.grid.count, names.length); j += 1) {
    const { x, y, w } = unitAt(box, j);
    pen.strokeText(names[j], x + 4, y + 4, w - 8);
    pen.fillText(names[j], x + 4, y + 4, w - 8);
  }
}
