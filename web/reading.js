import { fill, h } from "./dom.js";
import { grouped } from "./format.js";
import { figures } from "./numbers.js";
import { palette } from "./palette.js";
import { boxOf } from "./plot.js";
import { CURVE, EPOCHS, JUDGED, nearest, rowAt } from "./series.js";

const NEAR = 0.04; // of all steps: a judgement farther from the step than that is not told

/**
 * Exact values at a step, under a pointer over the curves or by arrow keys: sets view.hover and fills a small
 * table.
 */
export function reading({ element, canvas, axis, view, store, score, redraw }) {
  const box = h("div", { class: "reading", hidden: true });
  const spoken = h("div", { class: "hidden-text", role: "status" });
  element.append(box, spoken);
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Curves; left and right arrow read the values at a step");

  const edges = () => boxOf(palette(canvas).size, canvas.clientWidth, canvas.clientHeight);

  function show(step, keys = false) {
    if (!view.lines.length) return;
    view.hover = Math.min(Math.max(Math.round(step), 0), Math.max(view.furthest, 0));
    const { left, right } = edges();
    const x = axis.place(view.hover, left, right);
    box.hidden = false;
    box.classList.toggle("left", x > (left + right) / 2);
    fill(box, h("p", {}, titleOf(view, store)), tableOf(view, score));
    if (keys) spoken.textContent = `${titleOf(view, store)}: ${wordsOf(view, score)}`;
    redraw();
  }

  function hide() {
    if (view.hover === null) return;
    view.hover = null;
    box.hidden = true;
    redraw();
  }

  function move(event) {
    if (event.target.closest("button, .reading")) return hide();
    const { left, right } = edges();
    const x = event.clientX - canvas.getBoundingClientRect().left;
    if (x < left - 8 || x > right + 8) return hide();
    show(axis.value(x, left, right));
  }

  function key(event) {
    if (event.target !== element) return;
    const by = Math.max(1, Math.round(view.furthest / 50));
    const from = view.hover ?? view.marker ?? view.furthest;
    const to = { ArrowLeft: from - by, ArrowRight: from + by, Home: 0, End: view.furthest }[event.key];
    if (event.key === "Escape") hide();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    show(to, true);
  }

  element.addEventListener("pointermove", move);
  element.addEventListener("pointerdown", move);
  element.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hide());
  element.addEventListener("keydown", key);
  element.addEventListener("blur", hide);
  store.on(["frame"], () => {
    if (view.hover !== null) fill(box, h("p", {}, titleOf(view, store)), tableOf(view, score));
  });
}

function titleOf(view, store) {
  const ends = view.lines[0].epochs;
  const done = rowAt(ends, EPOCHS, view.hover - 0.5) + 1;
  const before = done ? ends[(done - 1) * EPOCHS] : 0;
  const more = Math.floor(Math.max(view.hover - before - 1, 0) / (store.session?.steps_an_epoch || 1));
  return `step ${grouped(view.hover)}, epoch ${grouped(done + more + 1)}`;
}

function valuesOf(line, { hover: step, furthest }) {
  if (step < line.from) return null;
  const beyond = line.curve.length && step > line.curve[line.curve.length - CURVE] + 1;
  if (beyond) return null;
  const reach = Math.max(furthest * NEAR, 1);
  const at = (rows, width, column) => nearest(rows, width, column, step, reach);
  return {
    loss: [at(line.curve, CURVE, 1), at(line.judged, JUDGED, 1)],
    score: [at(line.curve, CURVE, 2), at(line.judged, JUDGED, 2)],
    rate: at(line.curve, CURVE, 3),
  };
}

/** The rows of the small table: {name, cells}, a cell for each branch that has come to this step. */
function rowsOf(view, score) {
  const lines = view.lines
    .map((line) => ({ line, values: valuesOf(line, view) }))
    .filter((one) => one.values);
  const loss = (one) => (one ? figures(one.value, 4) : "–");
  const share = (one) => (one ? score(one.value, 5000) : "–");
  const row = (name, text) => ({ name, cells: lines.map(({ values }) => text(values)) });
  const rows = [
    row("training loss", ({ loss: [training] }) => loss(training)),
    row(`${view.judged} loss`, ({ loss: [, judged] }) => loss(judged)),
    row(`training ${view.scoreName}`, ({ score: [training] }) => share(training)),
    row(`${view.judged} ${view.scoreName}`, ({ score: [, judged] }) => share(judged)),
    row("learning rate", ({ rate }) => loss(rate)),
  ];
  return {
    lines: lines.map(({ line }) => line),
    rows: rows.filter(({ cells }) => cells.some((cell) => cell !== "–")),
  };
}

function tableOf(view, score) {
  const { lines, rows } = rowsOf(view, score);
  const head = lines.map((line) => h("th", { scope: "col", class: `slot-${line.slot}` }, line.name));
  return h(
    "table",
    {},
    view.lines.length > 1 ? h("thead", {}, h("tr", {}, h("td"), ...head)) : null,
    h(
      "tbody",
      {},
      ...rows.map(({ name, cells }) =>
        h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", {}, text))),
      ),
    ),
  );
}

function wordsOf(view, score) {
  const { lines, rows } = rowsOf(view, score);
  const name = (i) => (view.lines.length > 1 ? `${lines[i].name} ` : "");
  return rows.map((row) => `${row.name} ${row.cells.map((cell, i) => name(i) + cell).join(", ")}`).join("; ");
}
