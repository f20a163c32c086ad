import { ticksOf } from "./axes.js";
import { dashOf } from "./branches.js";
import { whileSeen } from "./calm.js";
import { canvas, h, say } from "./dom.js";
import { tick } from "./numbers.js";
import { palette } from "./palette.js";

const LEFT = 3.4; // gutters in widths of the small font: numbers of the axis, numbers at the lines' ends
const RIGHT = 5;
const SIZE = 12; // CSS pixels of the small font for which widths of lines are given

/** The part of a canvas that the lines have, in CSS pixels. */
export function boxOf(size, width, height, foot = 0) {
  return {
    left: LEFT * size,
    right: width - RIGHT * size,
    top: 0.6 * size,
    bottom: height - 0.4 * size - foot * size,
  };
}

/**
 * One quantity against steps. `axes` {x, y}; `draw(pen, colours)` draws the lines with pen.line(rows, style),
 * where rows are flat (step, value); `foot`: rows of text under the plot; `ticks(axis)` which numbers stand
 * at the axis; `unit` makes a number's text.
 */
export function makePlot({
  axes,
  draw,
  foot = 0,
  ticks = (axis) => ticksOf(axis, 4),
  unit = tick,
  underneath = null,
}) {
  const ends = h("div", { class: "ends", "aria-hidden": "true" });
  const { element, redraw } = canvas((context, width, height) => {
    const colours = palette(element);
    const box = boxOf(colours.size, width, height, foot);
    const place = (step, value) => [
      axes.x.place(step, box.left, box.right),
      axes.y.place(value, box.bottom, box.top),
    ];
    const pen = { context, box, colours, place, line: (rows, style) => line(pen, rows, style) };
    context.font = colours.font;
    grid(pen, axes.y, ticks(axes.y), unit);
    underneath?.(pen);
    draw(pen);
  });
  const plot = {
    element: h("div", { class: "plot" }, element, ends),
    canvas: element,
    redraw: whileSeen(element, redraw),
  };
  /** Numbers at the lines' ends: [{value, text, slot (or null: faint)}]; they keep apart from each other. */
  plot.ends = (numbers) => putEnds(ends, element, axes.y, foot, numbers);
  return plot;
}

function grid({ context, box, colours }, axis, ticks, unit) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  for (const value of ticks) {
    const y = Math.round(axis.place(value, box.bottom, box.top)) + 0.5;
    if (y < box.top - 1 || y > box.bottom + 1) continue;
    context.strokeStyle = colours.rule;
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(box.right, y);
    context.stroke();
    context.fillStyle = colours.quiet;
    context.fillText(unit(value), box.left - 0.5 * colours.size, y);
  }
}

function line({ context, box, place, colours }, rows, { colour, width, slot = 0, alpha = 1, dots = false }) {
  const scale = colours.size / SIZE; // on a projector everything is larger
  context.save();
  context.beginPath();
  context.rect(box.left - 3, box.top - 3, box.right - box.left + 6, box.bottom - box.top + 6);
  context.clip();
  Object.assign(context, {
    strokeStyle: colour,
    fillStyle: colour,
    lineWidth: width * scale,
    lineJoin: "round",
    lineCap: "butt",
  });
  context.globalAlpha = alpha;
  context.setLineDash(dashOf(slot).map((part) => part * scale));
  context.beginPath();
  if (dots) spots(context, place, rows, width * scale);
  else path(context, place, rows, box);
  if (dots) context.fill();
  else context.stroke();
  context.restore();
}

function path(context, place, rows, box) {
  let pen = false;
  for (let i = 0; i < rows.length; i += 2) {
    const value = rows[i + 1];
    if (Number.isNaN(value)) {
      pen = false;
      continue;
    }
    const [x, y] = place(rows[i], value);
    const high = Math.max(Math.min(y, box.bottom + 500), box.top - 500);
    if (pen) context.lineTo(x, high);
    else context.moveTo(x, high);
    pen = true;
  }
}

function spots(context, place, rows, radius) {
  for (let i = 0; i < rows.length; i += 2) {
    if (Number.isNaN(rows[i + 1])) continue;
    const [x, y] = place(rows[i], rows[i + 1]);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

function putEnds(holder, element, axis, foot, numbers) {
  const size = palette(element).size;
  const box = boxOf(size, element.clientWidth, element.clientHeight, foot);
  const room = 1.15 * size;
  while (holder.children.length > numbers.length) holder.lastChild.remove();
  while (holder.children.length < numbers.length) holder.append(h("span"));
  const wanted = numbers
    .map((number, i) => ({
      span: holder.children[i],
      ...number,
      y: axis.place(number.value, box.bottom, box.top),
    }))
    .map((one) => ({ ...one, y: Math.min(Math.max(one.y, box.top), box.bottom) }))
    .sort((a, b) => a.y - b.y);
  apart(wanted, room, box.bottom + (foot ? -0.3 : 0.4) * size);
  for (const { span, text, slot, y } of wanted) {
    say(span, text);
    span.className = slot === null ? "faint" : `slot-${slot}`;
    span.style.transform = `translateY(${y.toFixed(1)}px) translateY(-50%)`;
  }
}

/** Move numbers, sorted by height, so that none covers another and none leaves the plot. */
function apart(numbers, room, bottom) {
  for (let i = 1; i < numbers.length; i += 1) numbers[i].y = Math.max(numbers[i].y, numbers[i - 1].y + room);
  let most = bottom;
  for (let i = numbers.length - 1; i >= 0; i -= 1) {
    numbers[i].y = Math.min(numbers[i].y, most);
    most = numbers[i].y - room;
  }
}
