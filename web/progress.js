import { confusion } from "./confusion.js";
import { curves } from "./curves.js";
import { h } from "./dom.js";
import { findings } from "./findings.js";
import { mistakes } from "./mistakes.js";
import { scatter } from "./scatter.js";
import { vitals } from "./vitals.js";

/** How it goes: curves, what looks wrong, each layer's numbers, and what the network still gets wrong. */
export function progressPanel(store) {
  const layers = vitals(store);
  return h(
    "section",
    { class: "panel progress", "aria-label": "How it goes" },
    h("h2", {}, "How it goes"),
    curves(store),
    findings(store, layers.show),
    layers.element,
    confusion(store),
    scatter(store),
    mistakes(store),
  );
}
