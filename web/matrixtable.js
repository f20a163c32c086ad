import { cssColour } from "./colours.js";
import { h, say } from "./dom.js";

/** A confusion matrix of few classes as a table: each count is text, arrow keys move, Enter opens. */
export function matrixTable(state, tools) {
  const { names, count } = state;
  const long = names.some((name) => name.length > 2) && (count > 4 ? "long" : "few");
  const head = h(
    "tr",
    {},
    h("td", { class: "corner", "aria-hidden": "true" }, "is"),
    ...names.map((name) => h("th", { scope: "col" }, h("span", {}, name))),
  );
  const cells = [];
  const rows = names.map((name, actual) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      ...names.map((_, predicted) => {
        const cell = h("td", {
          role: "gridcell",
          tabindex: -1,
          class: actual === predicted ? "right" : "wrong",
        });
        cells.push(cell);
        return cell;
      }),
    ),
  );
  const element = h(
    "table",
    {
      class: `cells ${long || ""}`,
      role: "grid",
      "aria-label": "Confusion matrix: rows are the classes, columns what they were taken for",
    },
    h(
      "thead",
      {},
      h("tr", { class: "axis", "aria-hidden": "true" }, h("td"), h("td", { colSpan: count }, "taken for")),
      head,
    ),
    h("tbody", {}, ...rows),
  );
  element.style.setProperty("--classes", count);
  cells[0].tabIndex = 0;

  const placeOf = (event) => {
    const at = cells.indexOf(event.target.closest("td"));
    return at < 0 ? null : [Math.floor(at / count), at % count];
  };

  function focus(actual, predicted) {
    for (const cell of cells) if (cell.tabIndex === 0) cell.tabIndex = -1;
    const cell = cells[actual * count + predicted];
    cell.tabIndex = 0;
    cell.focus();
  }

  function key(event) {
    const place = placeOf(event);
    if (!place) return;
    const to = moved(event, place, count);
    if (to) focus(...to);
    else if (event.key === "Enter" || event.key === " ") tools.open(...place);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  element.addEventListener("keydown", key);
  element.addEventListener("pointerover", (event) => tools.point(placeOf(event)));
  element.addEventListener("pointerleave", () => tools.point(null));
  element.addEventListener("focusin", (event) => tools.point(placeOf(event)));
  element.addEventListener("focusout", () => tools.point(null));
  element.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (!place) return;
    focus(...place);
    tools.open(...place);
  });

  function update() {
    cells.forEach((cell, i) => {
      const [actual, predicted] = [Math.floor(i / count), i % count];
      const value = state.table[i];
      say(cell, value ? (value > 9999 ? `${Math.round(value / 1000)}k` : String(value)) : "");
      cell.setAttribute("aria-label", tools.words(actual, predicted));
      if (actual === predicted) cell.style.setProperty("--share", value / (state.sums[actual] || 1));
      else colour(cell, tools.shade(value));
    });
  }
  return { element, update };
}

function colour(cell, rgb) {
  cell.style.background = rgb ? cssColour(rgb) : "";
  if (!rgb) return;
  const [r, g, b] = rgb.map((part) => (part / 255) ** 2.2);
  cell.style.color = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

/** Where a key leads to from a cell, or null. */
export function moved(event, [row, column], count) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const clamp = (value) => Math.min(Math.max(value, 0), count - 1);
  return (
    {
      ArrowUp: [clamp(row - 1), column],
      ArrowDown: [clamp(row + 1), column],
      ArrowLeft: [row, clamp(column - 1)],
      ArrowRight: [row, clamp(column + 1)],
      Home: [row, 0],
      End: [row, count - 1],
    }[event.key] ?? null
  );
}
