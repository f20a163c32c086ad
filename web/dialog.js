import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

/** A dialog over the page: {element, open(from), close()}. Escape and a click beside it close it. */
export function makeDialog(title, ...children) {
  const id = uniqueId("dialog");
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => element.close() },
    icon("close"),
  );
  const element = h(
    "dialog",
    { class: "dialog", "aria-labelledby": id },
    h("div", {}, h("header", {}, h("h2", { id }, title), close), children),
  );
  element.addEventListener("click", (event) => event.target === element && element.close());
  return {
    element,
    open: () => element.showModal(),
    close: () => element.close(),
  };
}
