import { atMost, describing, whileSeen } from "./calm.js";
import { onTheme } from "./colours.js";
import { fill, h, say } from "./dom.js";
import { placesOf } from "./findings.js";
import { histograms, KINDS } from "./histograms.js";
import { tick } from "./numbers.js";
import { HEIGHTS_TEXT, idleText, ratioAdvice, ratioText, rowText, USUAL_TEXT } from "./vitalwords.js";

const SILENT = ["Dropout", "Flatten"]; // layers that are told of by the others of their row
const NUMBERS_MS = 300;

/**
 * For each layer with weights: how weights, activations and gradients are spread, and how far an update goes.
 */
export function vitals(store) {
  const list = h("ol", { class: "vitals-list", tabindex: 0, "aria-label": "Layers" });
  const none = h("p", { class: "quiet" }, "After the next step.");
  const element = h(
    "section",
    { class: "vitals" },
    h(
      "div",
      { class: "title" },
      h("h3", {}, "Layers"),
      h("span", { class: "legend", dataset: { tip: USUAL_TEXT } }, "update : weight"),
    ),
    h(
      "p",
      { class: "vitals-head quiet", "aria-hidden": "true", dataset: { tip: HEIGHTS_TEXT } },
      ...KINDS.map((kind) => h("span", {}, kind)),
    ),
    list,
    none,
  );
  let rows = [];
  let run = null;

  function build(session) {
    run = session.run;
    rows = groupsOf(session.network.layers).map(layerRow);
    fill(
      list,
      rows.map((row) => row.element),
    );
  }

  function update() {
    const { frame, session } = store;
    if (!session?.network) return;
    if (session.run !== run) build(session);
    none.hidden = !frame || frame.vitals.length > 0;
    if (!frame) return;
    const by = new Map(frame.vitals.map((one) => [one.place, one]));
    const past = frame.scrub !== null || !frame.vitals.length;
    const warned = new Set(frame.findings.flatMap(placesOf));
    for (const row of rows) row.update(by, frame.array.histograms, warned, past);
  }

  store.on(["frame", "session"], update);
  onTheme(update);
  /** Bring the row of a layer into view. */
  const show = (place) => {
    const row = rows.find((one) => one.places.includes(place));
    row?.element.scrollIntoView({ block: "nearest" });
    row?.element.animate?.([{ background: "var(--tint)" }, {}], { duration: 900 });
  };
  return { element, show };
}

/** Layers with weights, each with the layers that follow it up to the next one with weights. */
function groupsOf(layers) {
  const groups = [];
  for (const layer of layers) {
    if (layer.matrix || layer.parameters || !groups.length) groups.push([layer]);
    else groups.at(-1).push(layer);
  }
  return groups;
}

/** A row of the list: {element, places, update}. */
function layerRow(group) {
  const places = group.map((layer) => layer.place);
  const names = group.filter((layer, i) => i === 0 || !SILENT.includes(layer.kind)).map(nameOf);
  const [dead, ratio] = [h("span"), h("span", { class: "has-tip" })];
  const ends = KINDS.map(() => [h("span"), h("span")]);
  const { element: picture, redraw, state, take } = histograms();
  const element = h(
    "li",
    {},
    h("p", { class: "layer-name" }, ...names),
    h("p", { class: "layer-facts" }, dead, ratio),
    picture,
    h("p", { class: "limits quiet", "aria-hidden": "true" }, ...ends.map((pair) => h("span", {}, ...pair))),
  );
  const facts = { ratio: null, dead: null, saturated: null };
  ratio.tip = () => [h("b", {}, "update : weight"), h("p", {}, ratioAdvice(facts.ratio))];

  const paint = whileSeen(picture, redraw);
  const describe = describing(picture);
  const write = atMost(NUMBERS_MS, () => {
    say(ratio, ratioText(facts.ratio));
    say(dead, idleText(facts));
    ends.forEach(([low, high], i) => {
      const top = state.tops[i];
      say(low, state.parts[i] ? tick(state.signed[i] ? -top : 0) : "");
      say(high, state.parts[i] ? tick(top) : "");
    });
    describe(rowText(places[0], state.parts, facts));
  });

  function update(by, counts, warned, past) {
    const mine = places.map((place) => by.get(place)).filter(Boolean);
    const first = (name) => mine.map((one) => one[name]).find((value) => value !== null) ?? null;
    const active = mine.filter((one) => one.activations && one.kind !== "Dropout").at(-1);
    take(counts, [mine.find((one) => one.weights), active, mine.find((one) => one.gradients)]);
    // A pause is no update: the last one stays.
    if (past || first("ratio") !== null) facts.ratio = first("ratio");
    Object.assign(facts, { dead: first("dead"), saturated: first("saturated") });
    for (const name of names) name.classList.toggle("warned", warned.has(Number(name.dataset.place)));
    element.classList.toggle(
      "warned",
      names.some((name) => name.matches(".warned")),
    );
    paint();
    write();
  }

  return { element, places, update };
}

/** "1 Dense 128", or of a layer that follows "2 ReLU". */
function nameOf({ place, label, units }, i) {
  return h("span", { dataset: { place } }, h("b", {}, String(place)), i ? ` ${label}` : ` ${label} ${units}`);
}
