import { h, say, uniqueId } from "./dom.js";

const BUILT_IN = "Made for drawings, comes with glassnet; it may refuse.";
const IN_TRAINING = "The one in the picture; the drawing flows through it, live.";
const WATCHED = "The one in the picture, as it now stands.";
const CANNOT = "None is in training that can read drawings: its inputs would be 28 × 28 grey pixels.";

/** Who reads the drawing. {element, value(), refresh()}; `changed` when another is chosen. */
export function readerChoice(store, changed) {
  const group = uniqueId("reader");
  const choice = (value, words) => {
    const input = h("input", { type: "radio", name: group, value, onchange: pick });
    return { input, label: h("label", {}, input, h("span", {}, words)) };
  };
  const ours = choice("drawing", "built in");
  const theirs = choice("network", "in training");
  const about = h("p", { class: "quiet small" });
  const element = h(
    "div",
    { class: "draw-reader" },
    h(
      "div",
      { class: "draw-readers", role: "radiogroup", "aria-label": "Which network reads the drawing" },
      h("span", { class: "quiet", "aria-hidden": "true" }, "read by the network"),
      ours.label,
      theirs.label,
    ),
    about,
  );
  ours.input.checked = true;
  let value = "drawing";

  function pick() {
    value = theirs.input.checked ? "network" : "drawing";
    refresh();
    changed();
  }

  function refresh() {
    const can = Boolean(store.session?.reads);
    theirs.input.disabled = !can;
    theirs.label.classList.toggle("disabled", !can);
    theirs.label.dataset.tip = can ? "The network in the middle of the page" : CANNOT;
    if (!can && value === "network") {
      ours.input.checked = true;
      pick();
      return;
    }
    const network = store.hello?.role === "watch" ? WATCHED : IN_TRAINING;
    say(about, value === "network" ? network : BUILT_IN);
  }

  /** Know a network by what it is made of, too. */
  function name({ reader: who, network }) {
    if (who === "drawing") ours.label.dataset.tip = `Comes with glassnet: ${network}`;
  }

  return { element, refresh, name, value: () => value };
}
