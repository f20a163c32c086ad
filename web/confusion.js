import { niceAbove } from "./axes.js";
import { cssColour, onTheme, sequential } from "./colours.js";
import { fill, h, say } from "./dom.js";
import { cellExamples, takenFor } from "./examples.js";
import { grouped } from "./format.js";
import { matrixImage } from "./matriximage.js";
import { matrixTable } from "./matrixtable.js";
import { shareOf } from "./numbers.js";

const READABLE = 12; // classes up to which each count is written
const STOPS = [0, 0.25, 0.5, 0.75, 1];

/** What was taken for what on the judged data; a chosen cell shows its examples. */
export function confusion(store) {
  const words = h("p", { class: "cell-words" });
  const legend = h("span", { class: "legend" });
  const holder = h("div", { class: "matrix" });
  const opened = cellExamples(store);
  const element = h(
    "section",
    { class: "confusion", hidden: true },
    h("div", { class: "title" }, h("h3", {}, "Confusion matrix"), legend),
    holder,
    words,
    opened.element,
  );
  const state = { top: 0, table: null, count: 0, names: [], sums: [], pointed: null };
  let matrix = null;
  let run = null;

  const wordsFor = (actual, predicted) => cellWords(state, actual, predicted);
  const tools = {
    words: wordsFor,
    shade: (count) => (count ? shadeOf(count / state.top) : null),
    point: (cell) => {
      state.pointed = cell;
      tell();
    },
    open: (actual, predicted) => opened.open(actual, predicted),
  };

  function tell() {
    say(words, state.pointed ? wordsFor(...state.pointed) : summary(state, store.validation));
  }

  function drawLegend() {
    const colours = STOPS.map((t) => cssColour(shadeOf(t)));
    fill(
      legend,
      "mistakes 1",
      h("i", { class: "ramp", style: { background: `linear-gradient(90deg, ${colours.join(", ")})` } }),
      grouped(state.top),
    );
  }

  function update() {
    const { validation, session } = store;
    const table = validation?.array.table;
    element.hidden = !session?.data?.classes || !table;
    if (element.hidden) return;
    const count = validation.shape.table[0];
    if (run !== session.run || state.count !== count) {
      Object.assign(state, { top: 0, count, names: namesOf(session, count), pointed: null });
      run = session.run;
      opened.close();
      matrix = (count <= READABLE ? matrixTable : matrixImage)(state, tools);
      fill(holder, matrix.element);
    }
    state.table = table;
    state.sums = sumsOf(table, count);
    const most = greatestMistake(table, count);
    if (!state.top || most > state.top || most < state.top / 3) state.top = niceAbove(Math.max(most, 4));
    drawLegend();
    matrix.update();
    tell();
    opened.refresh();
  }

  store.on(["validation", "session"], update);
  onTheme(() => {
    if (!element.hidden) update();
  });
  return element;
}

/** A mistake's colour: one alone can be seen, and more are more. */
function shadeOf(share) {
  return sequential(0.08 + 0.92 * Math.min(share, 1) ** 0.7);
}

function namesOf(session, count) {
  return Array.from({ length: count }, (_, k) => String(session.data.classes[k] ?? k));
}

function sumsOf(table, count) {
  return Array.from({ length: count }, (_, i) =>
    table.subarray(i * count, (i + 1) * count).reduce((a, b) => a + b, 0),
  );
}

function greatestMistake(table, count) {
  let most = 0;
  for (let i = 0; i < table.length; i += 1) if (i % (count + 1) && table[i] > most) most = table[i];
  return most;
}

/** "4 taken for 9: 12 of 587, 2.0 %". */
function cellWords({ table, count, names, sums }, actual, predicted) {
  const cell = table[actual * count + predicted];
  const what = takenFor(names[actual], names[predicted]);
  const share = sums[actual] ? `, ${shareOf(cell / sums[actual], 1000)}` : "";
  return `${what}: ${grouped(cell)} of ${grouped(sums[actual])}${share}`;
}

function summary({ table, count }, validation) {
  const total = table.reduce((a, b) => a + b, 0);
  let right = 0;
  for (let k = 0; k < count; k += 1) right += table[k * (count + 1)];
  return `${grouped(total - right)} of ${grouped(total)} wrong on ${validation.part}`;
}
