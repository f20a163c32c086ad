import { drawCells, drawFrames, drawLinks, drawNames, drawRing, strongest } from "./flow.js";
import { unitAt } from "./geometry.js";

const LINKS = 150; // lines in all between layers
const [FEWEST, MOST] = [12, 40]; // between two of them

/**
 * Draw the sample's way: units lit by what they give, the strongest contributions as lines, and rings around
 * the chosen unit, the one with the cursor, the hovered one. `anchor(j)`: where lines to answers end.
 * Returns the strongest contributions into the first layer.
 */
export function drawLayers(pen, view, plan, anchor, rule) {
  const { stages } = view;
  const tiled = view.session.data.kind !== "table";
  const most = Math.round(Math.min(Math.max(LINKS / stages.length, FEWEST), MOST));
  const lit = stages.map((stage, k) => litOf(view, k));
  const links = stages.map((stage, k) =>
    linksInto(view, k, k ? lit[k - 1].values : view.frame.array.a0, most),
  );
  const [from, to] = ends(view, plan, anchor);
  links.forEach((found, k) => {
    if (k === 0 && !plan.picture) return;
    drawLinks(pen, found, from(k), to(k), { ...styleOf(plan, k), veil: tiled ? veilOf(plan, k) : {} });
  });
  plan.units.forEach((box, k) => {
    if (box) (k === 0 && tiled ? drawFrames : drawCells)(pen, box, lit[k].values, lit[k].light, rule);
  });
  if (stages.length === 1 && tiled) {
    drawOwn(pen, plan, lit[0], from(1), anchor);
    drawNames(pen, plan.units[0], view.session.data.classes ?? [], plan.small);
  }
  drawMarks(pen, view, plan);
  return links[0];
}

/** A stage's activations and what is full light among them. Of the last stage, what goes into the answer. */
function litOf(view, k) {
  const { activation, place } = view.stages[k];
  const last = k === view.stages.length - 1;
  const values = last ? view.frame.array[`a${place}`] : view.activation(k);
  return { values, light: view.lights.of(k, values ?? [], !last && /Tanh|Sigmoid/.test(activation ?? "")) };
}

/** The strongest contributions of `a` to stage k; a point's two inputs are seen in the tiles themselves. */
function linksInto(view, k, a, most) {
  const matrix = view.matrix(k);
  if (!matrix || !a || (k === 0 && view.session.data.kind === "points")) return [];
  const { inputs, units } = view.stages[k];
  return strongest(a, matrix.q, inputs, units, most);
}

/** No hidden layer: each class's image and its answer belong together. */
function drawOwn(pen, plan, { values, light }, from, to) {
  const links = Array.from(values ?? [], (value, j) => ({ i: j, j, size: value / light }));
  const drawn = links.filter(({ size }) => Number.isFinite(size) && size);
  drawn.sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
  drawLinks(pen, drawn, from, to, { upright: plan.upright, veil: veilOf(plan, 1) });
}

function drawMarks(pen, view, plan) {
  const marks = [
    [view.chosen, 2],
    [view.cursor, 1.5],
    [view.hover, 1.25],
  ];
  for (const [mark, wide] of marks) {
    const box = mark && plan.units[mark.stage];
    if (box) drawRing(pen, unitAt(box, mark.unit), wide);
  }
}

/** Lines from pixels are fine ones; between layers that stand close, finer than between distant ones. */
function styleOf({ upright, gap }, k) {
  if (k === 0) return { upright, widest: 0.8, strength: 0.6 };
  return { upright, widest: Math.min(Math.max(gap / 18, 0.9), 2.2) };
}

/** Where lines into (k = 0) or out of the tiles pass over other tiles. */
function veilOf({ units: [box], upright }, k) {
  if (!box || k > 1) return {};
  if (k === 0) return { end: upright ? box.y : box.x };
  return { start: upright ? box.y + box.height : box.x + box.width };
}

/** Where lines into stage k begin and end: functions of k that give one of a unit's number. */
function ends(view, plan, anchor) {
  const last = view.stages.length - 1;
  const side = (box, j, forward) => {
    const { x, y, w, h } = unitAt(box, j);
    return plan.upright ? { x: x + w / 2, y: y + forward * h } : { x: x + forward * w, y: y + h / 2 };
  };
  const from = (k) => (k ? (i) => side(plan.units[k - 1], i, 1) : pixel(plan, view.image));
  const to = (k) => (k === last && (k > 0 || !plan.units[k]) ? anchor : (j) => side(plan.units[k], j, 0));
  return [from, to];
}

/** Where pixel i is, and the edge of the picture that its line leaves by. */
function pixel({ picture, upright }, { w, h, across, down }) {
  const { x, y, width, height } = picture;
  const edge = upright ? y + height : x + width;
  const middle = (place, count) => ((place % count) + 0.5) / count;
  return (i) => ({
    edge,
    x: x + middle(Math.floor(i / across), w) * width,
    y: y + middle(Math.floor(i / down), h) * height,
  });
}
