import { drawCells, drawFrames, drawLinks, drawNames, drawRing, isOnLink, strongest } from "./flow.js";
import { unitAt } from "./geometry.js";

const LINKS = 150; // lines in all between layers
const [FEWEST, MOST] = [12, 40]; // between two of them
const NEAR = 3; // CSS pixels: so close to a link, it is meant

/**
 * Draw the sample's way: units lit by what they give, the strongest contributions as lines, and rings around
 * the chosen unit, the one with the cursor, the hovered one. `anchor(j)`: where lines to answers end.
 * Returns what `linkUnder` needs: for each stage the contributions `found`, `from` and `to`.
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
  const shown = view.lit ?? endsOf(view.hover);
  if (shown) drawLit(pen, view, plan, shown, { from, to });
  const { upright } = plan;
  return links.map((found, k) => {
    const drawn = k > 0 || Boolean(plan.picture);
    return { found, drawn, from: drawn ? from(k) : null, to: drawn ? to(k) : null, upright };
  });
}

/** The link drawn at a point, as the weight it stands for: {stage, unit, input}, or null. */
export function linkUnder(pen, links, x, y) {
  for (const [stage, { found, drawn, from, to, upright }] of links.entries()) {
    if (!drawn) continue;
    const hit = found.find(({ i, j }) => isOnLink(pen, from(i), to(j), upright, x, y, NEAR));
    if (hit) return { stage, unit: hit.j, input: hit.i };
  }
  return null;
}

/** What the pointer or the keys are at in the derivation: both ends in rings, and the link between them. */
function drawLit(pen, view, plan, lit, { from, to }) {
  const k = lit.to.stage;
  if (lit.from.stage === k - 1 && (k > 0 || plan.picture)) {
    const link = [{ i: lit.from.unit, j: lit.to.unit, size: lit.size || 1e-9 }];
    drawLinks(pen, link, from(k), to(k), { upright: plan.upright, widest: 3 });
  }
  for (const { stage, unit } of [lit.from, lit.to]) {
    if (stage < 0) drawPixel(pen, plan, view.image, unit);
    else if (plan.units[stage]) drawRing(pen, unitAt(plan.units[stage], unit), 2.5);
  }
}

/** The ends of the link under the pointer, if there is one. */
function endsOf(hover) {
  if (hover?.link === undefined) return null;
  const { stage, unit, link } = hover;
  return { from: { stage: stage - 1, unit: link }, to: { stage, unit }, size: 1 };
}

/** A ring around input i's pixel in the picture of the sample. */
function drawPixel(pen, { picture }, image, i) {
  if (!picture || !image) return;
  const [w, h] = [picture.width / image.w, picture.height / image.h];
  const [x, y] = [Math.floor(i / image.across) % image.w, Math.floor(i / image.down) % image.h];
  const grown = Math.max(0, 3 - w / 2);
  const corner = { x: picture.x + x * w - grown, y: picture.y + y * h - grown };
  drawRing(pen, { ...corner, w: w + 2 * grown, h: h + 2 * grown }, 2);
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
  const { stage, input } = view.chosen ?? {};
  if (stage === 0 && input !== undefined) drawPixel(pen, plan, view.image, input);
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
