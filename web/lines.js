import { ticksOf } from "./axes.js";
import { grouped } from "./format.js";
import { CURVE, EPOCHS, JUDGED, means, rowAt } from "./series.js";

const PIECES = 140; // means along the step axis: one every two pixels or so
const MOST_POINTS = 300; // of a line
const FEW = 20; // judgements up to which each has a dot
const LEAP = 0.1; // of all steps: from the untrained network no line is drawn so far
const DOTTED = 60; // epochs up to which each end has a dot

/** The last number of a column that is one, or null. */
export function lastOf(rows, width, column) {
  for (let i = (rows?.length ?? 0) - width; i >= 0; i -= width) {
    if (!Number.isNaN(rows[i + column])) return rows[i + column];
  }
  return null;
}

/** The training line as it is drawn: means over small pieces of the step axis. */
export function meansOf(curve, column, from, view) {
  return means(curve, CURVE, column, from, Math.max(view.furthest / PIECES, 1));
}

/** Training faint, validation of each branch in its colour and dashes, dots at the ends of epochs. */
export function drawLines(pen, view, column) {
  for (const line of [...view.lines].reverse()) {
    const { curve, judged, epochs, from, slot, current } = line;
    const colour = pen.colours.branch[slot];
    if (current || judged.length < 2 * JUDGED) {
      const mean = meansOf(curve, column, current ? 0 : from, view);
      pen.line(mean, { colour: pen.colours.quiet, width: 1.25, alpha: 0.6 });
    }
    const seen = pairs(judged, JUDGED, column, from);
    if (judged.length <= FEW * JUDGED) pen.line(seen, { colour, width: 2, dots: true });
    pen.line(withoutLeap(seen, view.furthest), { colour, slot, width: current ? 2.25 : 1.5 });
    if (current && epochs.length <= DOTTED * EPOCHS) {
      pen.line(pairs(epochs, EPOCHS, column + 2, from), { colour, width: 2.75, dots: true });
    }
  }
}

/** Points without that of step 0 if the next is far: a line between them would tell what was not seen. */
function withoutLeap(points, furthest) {
  return points[0] === 0 && points[2] > LEAP * furthest ? points.slice(2) : points;
}

/** The learning rate of each branch. */
export function drawRate(pen, view) {
  for (const { curve, from, slot, current } of [...view.lines].reverse()) {
    const colour = current ? pen.colours.ink : pen.colours.branch[slot];
    pen.line(pairs(curve, CURVE, 3, from), { colour, slot, width: current ? 1.5 : 1.25 });
  }
}

/** Step and value of a column from a step on, where there is one, thinned to about a point a pixel. */
function pairs(rows, width, column, from) {
  const found = [];
  const put = (i) => Number.isNaN(rows[i + column]) || found.push(rows[i], rows[i + column]);
  const by = width * Math.ceil(rows.length / width / MOST_POINTS);
  let i = Math.max(rowAt(rows, width, from), 0) * width;
  for (; i < rows.length; i += by) put(i);
  if (rows.length && i - by !== rows.length - width) put(rows.length - width);
  return found;
}

/** What is over all plots: the ends of epochs, the point looked back at, the point read. */
export function drawMarks({ context, box, colours }, axis, view) {
  const at = (step) => Math.round(axis.place(step, box.left, box.right)) + 0.5;
  const upright = (x, from, to, colour, width) => {
    Object.assign(context, { strokeStyle: colour, lineWidth: (width * colours.size) / 12 });
    context.beginPath();
    context.moveTo(x, from);
    context.lineTo(x, to);
    context.stroke();
  };
  for (const { step } of view.marks) upright(at(step), box.bottom - 4, box.bottom, colours.quiet, 1);
  if (view.marker !== null) {
    const x = at(view.marker);
    Object.assign(context, { fillStyle: colours.bg, globalAlpha: 0.6 });
    context.fillRect(x, box.top - 3, box.right - x + 3, box.bottom - box.top + 6);
    context.globalAlpha = 1;
    upright(x, box.top - 4, box.bottom, colours.accent, 2);
  }
  if (view.hover !== null) upright(at(view.hover), box.top - 4, box.bottom, colours.ink, 1);
}

/**
 * A dozen round ends of epochs: {step, epoch}; those that were, and those to come at the present batch size.
 */
export function epochMarks(ends, each, high) {
  const was = ends.length / EPOCHS;
  const since = was ? ends[(was - 1) * EPOCHS] : 0;
  const all = was + Math.max(Math.floor((high - since) / each + 1e-6), 0);
  const every = Math.max(1, ticksOf({ low: 0, high: all }, 10)[1] ?? 1);
  const found = [];
  for (let epoch = every; epoch <= all; epoch += every) {
    const step = epoch <= was ? ends[(epoch - 1) * EPOCHS] : since + (epoch - was) * each;
    found.push({ step, epoch });
  }
  return found;
}

/** Two rows of numbers under the lowest plot: steps, and epochs under them. */
export function drawNumbers({ context, box, colours }, axis, view) {
  const { size } = colours;
  const edge = box.right + 1.6 * size;
  Object.assign(context, { fillStyle: colours.quiet, textBaseline: "top" });
  const height = (row) => box.bottom + (0.45 + 1.3 * row) * size;
  const put = (step, row, text) => {
    const x = axis.place(step, box.left, box.right);
    if (x < box.right + size) context.fillText(text, x, height(row));
  };
  context.textAlign = "left";
  context.fillText("step", edge, height(0));
  if (view.marks.length) context.fillText("epoch", edge, height(1));
  context.textAlign = "center";
  const most = Math.floor((box.right - box.left) / (5.5 * size));
  for (const step of ticksOf({ low: 0, high: axis.high }, most)) put(step, 0, grouped(step));
  let free = -Infinity; // from here on there is room
  for (const { step, epoch } of view.marks) {
    const text = grouped(epoch);
    const x = axis.place(step, box.left, box.right);
    const half = context.measureText(text).width / 2;
    if (x - half < free) continue;
    free = x + half + 0.7 * size;
    put(step, 1, text);
  }
}
