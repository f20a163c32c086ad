import { h } from "./dom.js";
import { icon } from "./icons.js";
import { makePad } from "./pad.js";

/** The pad with its tools: undo, clear, the brush. {element, pad}; `changed` after every change. */
export function padWithTools(changed, thing) {
  const pad = makePad(() => {
    refresh();
    changed();
  });
  const undo = tool("undo", "Undo", () => pad.undo());
  const clear = tool("clear", "Clear", () => pad.clear());
  const width = h("input", { type: "range", min: 8, max: 44, step: 2, value: pad.brush.width });
  width.setAttribute("aria-label", "Brush width");
  width.addEventListener("input", () => {
    pad.brush.width = Number(width.value);
  });
  const element = h(
    "section",
    { class: "desk", "aria-label": "Draw" },
    pad.element,
    h("div", { class: "tools" }, undo, clear, h("label", { class: "brush" }, "brush", width)),
  );
  pad.element.querySelector(".pad-hint").textContent = `draw ${thing} here`;
  element.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    pad.undo();
  });
  refresh();

  function refresh() {
    undo.disabled = !pad.canUndo();
    clear.disabled = pad.empty();
  }

  return { element, pad };
}

function tool(sign, words, act) {
  const button = h("button", { type: "button", class: "button outlined", onclick: act }, icon(sign));
  button.append(h("span", {}, words));
  return button;
}
