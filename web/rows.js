import { cssColour, diverging } from "./colours.js";
import { h, say } from "./dom.js";
import { weightText } from "./names.js";
import { figures } from "./numbers.js";
import { heatMap } from "./matrix.js";

const LEAST_NAMED = 11; // CSS pixels of a row with text
const OUTLINED = 10; // contributions that are marked in the matrix

/** A table's inputs as named rows, and beside them the first matrix as it is written: features × units. */
export function tableRows(hooks) {
  const list = h("ol", { class: "net-features" });
  const map = heatMap(false);
  const marks = h("div", { class: "net-marks", "aria-hidden": "true" });
  const matrix = h("div", { class: "net-table" }, map.element, marks);
  const lit = Array.from({ length: OUTLINED }, () => h("i", { hidden: true }));
  marks.append(...lit);
  let rows = [];
  let area = null;

  function build(view) {
    const text = view.session.data.inputs ?? [];
    const { inputs } = view.stages[0];
    rows = Array.from({ length: inputs }, (_, i) => {
      const [value, cell] = [h("b", {}), h("i", {})];
      const name = text[i] ?? `input ${i}`;
      const element = h("li", {}, h("span", { title: name }, name), value, cell);
      element.addEventListener("pointerenter", () => hooks.hover({ stage: -1, unit: i }));
      element.addEventListener("pointerleave", () => hooks.hover(null));
      return { element, value, cell };
    });
    list.replaceChildren(...rows.map((row) => row.element));
    map.forget();
  }

  function lay(input, table) {
    area = table;
    const pitch = table.height / Math.max(rows.length, 1);
    const top = input.y + Math.max((input.height - pitch * rows.length) / 2, 0);
    const put = (element, x, width) =>
      Object.assign(element.style, {
        left: `${x}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${pitch * rows.length}px`,
      });
    put(list, input.x, input.width);
    put(matrix, table.x, table.width);
    list.style.setProperty("--pitch", `${pitch}px`);
    list.classList.toggle("tiny", pitch < LEAST_NAMED);
    area = { ...table, y: top, height: pitch * rows.length };
    map.forget();
  }

  function draw(view, links) {
    const { inputs, units } = view.stages[0];
    const a0 = view.frame.array.a0;
    const matrixNow = view.matrix(0);
    const text = view.session.sample?.text;
    rows.forEach(({ element: row, value, cell }, i) => {
      row.classList.toggle("lit", view.lit?.from.stage === -1 && view.lit.from.unit === i);
      say(value, valueOf(text, view.session.data.inputs?.[i], i) ?? figures(a0?.[i], 2));
      cell.style.background = cssColour(diverging(Math.max(-1, Math.min((a0?.[i] ?? 0) / 2.5, 1))));
    });
    if (matrixNow && area) map.draw(matrixNow.q, inputs, units, area);
    const limit = matrixNow ? figures(matrixNow.limit) : "";
    map.element.setAttribute(
      "aria-label",
      `${view.names.matrix(0)}: ${inputs} features by ${units} units, full colour at ${limit}`,
    );
    lit.forEach((mark, k) => {
      mark.hidden = !links[k];
      if (!links[k]) return;
      const { i, j } = links[k];
      Object.assign(mark.style, {
        left: `${(100 * j) / units}%`,
        top: `${(100 * i) / inputs}%`,
        width: `${100 / units}%`,
        height: `${100 / inputs}%`,
      });
    });
  }

  map.element.addEventListener("pointermove", (event) => {
    const view = hooks.view();
    const { inputs, units } = view.stages[0];
    const found = map.at(event, inputs, units);
    const now = view.matrix(0);
    if (!found || !now) return hooks.tip(event, null);
    hooks.tip(
      event,
      view.names.weight(0, found.i, found.j, weightText(now.q[found.i * units + found.j], now.limit)),
    );
  });
  map.element.addEventListener("pointerleave", (event) => hooks.tip(event, null));
  map.element.addEventListener("click", (event) => {
    const { inputs, units } = hooks.view().stages[0];
    const found = map.at(event, inputs, units);
    if (found) hooks.choose(0, found.j, found.i);
  });

  return { elements: [list, matrix], build, lay, draw, forget: () => map.forget() };
}

/** What stood in the table for this input, if the sample says it under that name. */
function valueOf(text, name, i) {
  if (!text) return null;
  if (Array.isArray(text)) return text[i] ?? null;
  return name in text ? text[name] : null;
}
