import { makeAxis } from "./axes.js";
import { lineFor } from "./branches.js";
import { atMost, describing } from "./calm.js";
import { onTheme } from "./colours.js";
import { h, say } from "./dom.js";
import { grouped, judgedName } from "./format.js";
import { setLimits } from "./limits.js";
import { drawLines, drawMarks, drawNumbers, drawRate, epochMarks, lastOf } from "./lines.js";
import { figures, shareOf, tick } from "./numbers.js";
import { makePlot } from "./plot.js";
import { reading } from "./reading.js";
import { CURVE, JUDGED, makeMemory, means, nearest, rowAt } from "./series.js";

const NUMBERS_MS = 250;
const NOTHING = {
  lines: [],
  marks: [],
  log: null,
  hover: null,
  marker: null,
  marked: null,
  furthest: 0,
  floor: 0,
};
const LOG_TIP = "Equal steps up the axis: equal factors (logarithmic), or equal differences (linear).";

/** Loss, accuracy (or R²) and learning rate against steps, with all branches; the exact values on hover. */
export function curves(store) {
  const memory = makeMemory();
  const axes = { x: makeAxis(), loss: makeAxis(), score: makeAxis(), rate: makeAxis() };
  const view = { ...NOTHING, run: null };
  const values = () => Boolean(store.session?.data && !store.session.data.classes);
  const score = (value, n) => (values() ? figures(value, 3) : shareOf(value, n));
  const plots = makePlots(axes, view, values);
  const { loss, rate } = plots;

  const judgedKey = h("span", {}, "validation");
  const name = h("h3", {}, "Accuracy");
  const unit = h("span", { class: "quiet" }, "%");
  const switchLog = () => {
    view.log = !axes.loss.log;
    update();
  };
  const log = h(
    "button",
    { class: "scale-button", type: "button", onclick: switchLog, dataset: { tip: LOG_TIP } },
    "log",
  );
  const element = h(
    "div",
    { class: "curves" },
    h("figure", {}, h("figcaption", {}, h("h3", {}, "Loss"), log, legend(judgedKey)), loss.element),
    h("figure", { class: "score" }, h("figcaption", {}, name, unit), plots.score.element),
    h("figure", { class: "rate" }, h("figcaption", {}, h("h3", {}, "Learning rate")), rate.element),
  );
  reading({ element, canvas: loss.canvas, axis: axes.x, view, store, score, redraw: () => draw() });

  const describe = Object.fromEntries(
    Object.entries(plots).map(([key, plot]) => [key, describing(plot.canvas)]),
  );
  const numbers = atMost(NUMBERS_MS, putNumbers);
  let moving = false;

  function draw() {
    const far = Object.values(axes)
      .map((axis) => axis.glide())
      .some(Boolean);
    for (const plot of Object.values(plots)) plot.redraw();
    numbers();
    if (!far || moving) return;
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      draw();
    });
  }

  function update() {
    const { frame, session } = store;
    if (session && session.run !== view.run) {
      Object.assign(view, NOTHING, { run: session.run });
      for (const axis of Object.values(axes)) axis.forget();
    }
    memory.take(store);
    view.lines = memory.lines(store);
    view.scoreName = values() ? "R²" : "accuracy";
    view.judged = judgedName(session?.data);
    say(judgedKey, view.judged);
    view.marker = frame && frame.scrub !== null ? frame.step : null;
    view.marked = view.marker === null ? null : lineLookedAt(store);
    setLimits(axes, view, store, values());
    view.marks = epochMarks(view.lines[0]?.epochs ?? [], session?.steps_an_epoch || 1, axes.x.high);
    log.setAttribute("aria-pressed", String(axes.loss.log));
    draw();
  }

  function putNumbers() {
    const n = store.validation?.n ?? store.session?.data?.validation;
    loss.ends(endNumbers(view, 1, (value, seen) => figures(value, seen ? 3 : 2)));
    plots.score.ends(endNumbers(view, 2, (value, seen) => score(value, seen ? n : 100)));
    const back = view.marker !== null;
    const now = back ? (store.frame?.learning_rate ?? null) : lastOf(view.lines[0]?.curve, CURVE, 3);
    rate.ends(now === null ? [] : [{ value: now, text: figures(now, 2), slot: null }]);
    const drawn = view.lines.some((line) => lastOf(line.judged, JUDGED, 2) !== null);
    plots.score.element.hidden = values() && !drawn;
    say(name, values() ? "R²" : "Accuracy");
    say(unit, values() ? (drawn ? "" : `${figures(store.validation?.r2)} on ${view.judged}`) : "%");
    if (view.lines.length) describeAll(view.lines[0]);
  }

  function describeAll({ curve, judged }) {
    const step = grouped(lastOf(curve, CURVE, 0) ?? 0);
    const both = (column, text) =>
      `training ${text(lastOf(curve, CURVE, column))}, ` +
      `${view.judged} ${text(lastOf(judged, JUDGED, column))} at step ${step}`;
    const scale = axes.loss.log ? "logarithmic" : "linear";
    describe.loss(`Loss by step, ${scale}: ${both(1, (value) => figures(value, 3))}`);
    describe.score(`${values() ? "R²" : "Accuracy"} by step: ${both(2, (value) => score(value))}`);
    describe.rate(`Learning rate by step: ${figures(lastOf(curve, CURVE, 3), 3)} at step ${step}`);
  }

  store.on(["frame", "session", "branches", "timeline"], update);
  store.on(["validation"], numbers);
  onTheme(draw);
  return element;
}

/** The three plots, one below the other, on one step axis. */
function makePlots({ x, loss, score, rate }, view, values) {
  const lines = (column) => (pen) => {
    drawLines(pen, view, column);
    drawMarks(pen, x, view);
  };
  const rates = (pen) => {
    drawRate(pen, view);
    drawNumbers(pen, x, view);
    drawMarks(pen, x, view);
  };
  return {
    loss: makePlot({ axes: { x, y: loss }, draw: lines(1) }),
    score: makePlot({
      axes: { x, y: score },
      draw: lines(2),
      unit: (value) => tick(values() ? value : 100 * value),
    }),
    rate: makePlot({ axes: { x, y: rate }, draw: rates, foot: 2.6, ticks: ({ high }) => [0, high] }),
  };
}

function legend(judged) {
  return h(
    "span",
    { class: "legend" },
    h("span", {}, h("i", { class: "key training" }), "training"),
    h("span", {}, h("i", { class: "key validation" }), judged),
  );
}

/**
 * The branch along which one looks back: the current one if the point lies on its way, else the point's own.
 */
function lineLookedAt({ frame, timeline }) {
  const one = timeline?.snapshots.find((snapshot) => snapshot.id === frame.scrub);
  return one ? lineFor(timeline, one) : frame.branch;
}

/**
 * The numbers at the lines' ends, or where one looks back: validation of each branch, training of the current
 * one.
 */
function endNumbers(view, column, text) {
  const found = [];
  for (const line of view.lines) {
    const back = line.id === view.marked;
    const seen = back
      ? (nearest(line.judged, JUDGED, column, view.marker)?.value ?? null)
      : latestJudged(line, column);
    const name = view.lines.length > 1 ? `${line.name} ` : "";
    if (seen !== null) found.push({ value: seen, text: name + text(seen, true), slot: line.slot });
    const tail = line.current
      ? tailOf(back ? upTo(line.curve, view.marker) : line.curve, column, view)
      : null;
    if (tail !== null) found.push({ value: tail, text: text(tail, false), slot: null });
  }
  return found;
}

/** The newest judgement; that of the untrained network says nothing of one that has been trained. */
function latestJudged({ curve, judged }, column) {
  const untrained = lastOf(judged, JUDGED, 0) === 0;
  return untrained && lastOf(curve, CURVE, 0) > 0 ? null : lastOf(judged, JUDGED, column);
}

/** The rows of a curve up to a step. */
function upTo(curve, step) {
  return curve.subarray(0, (rowAt(curve, CURVE, step) + 1) * CURVE);
}

/** The mean of a column over the last few steps, null where the last is no number. */
function tailOf(curve, column, { furthest }) {
  const end = lastOf(curve, CURVE, 0);
  if (end === null || Number.isNaN(curve[curve.length - CURVE + column])) return null;
  return means(curve, CURVE, column, end - Math.max(furthest / 50, 20), Infinity).at(-1);
}
