import { atMost } from "./calm.js";
import { onTheme } from "./colours.js";
import { h, say } from "./dom.js";
import { sentenceCase } from "./format.js";
import { icon } from "./icons.js";
import { asking } from "./insideasking.js";
import { chainView } from "./insidechain.js";
import { copyInFull } from "./insidenumbers.js";
import { picturesView } from "./insidepictures.js";
import { promise, sentence } from "./insidesaid.js";
import { sectionsView } from "./insidesections.js";
import { sampleWords, stepWords, whyNoUpdate } from "./insidewords.js";
import { unitAtLarge } from "./unit.js";

const CAN_STEP = ["ready", "running", "paused"];
const SAID_MS = 1500; // between two sentences for a screen reader

/**
 * Look inside: a chosen unit or weight at large, and the chain rule with the numbers that are in the network.
 * `hooks`: tip(event, text), open(stage, unit, input), close(), light(ends or null).
 */
export function insidePanel(store, view, hooks) {
  const title = h("h3", {});
  const where = h("p", { class: "inside-where" });
  const back = h("button", { class: "button small", type: "button", hidden: true, onclick: goBack });
  const step = h(
    "button",
    { class: "button outlined", type: "button", "data-tip": "One batch, one update (→)", onclick: makeStep },
    icon("step"),
    h("span", {}, "step"),
  );
  const close = h(
    "button",
    {
      class: "icon-button",
      type: "button",
      ariaLabel: "Close",
      "data-tip": "Close (esc)",
      onclick: () => hooks.close(),
    },
    icon("close"),
  );
  const failure = h("p", { class: "inside-note warn", role: "status", hidden: true });
  const spoken = h("div", { class: "hidden-text", role: "status" });
  const lines = { light, open: openUnit, named, inNames, isOwn, linked: store.page };
  const unit = unitAtLarge({ tip: hooks.tip, open: hooks.open, light: lightInput });
  const [said, told, chain, sections] = [sentence(), promise(), chainView(lines), sectionsView(lines)];
  const pictures = picturesView(store);
  const summary = h("div", { class: "inside-summary" }, said.element, told.element, chain.element);
  const element = h(
    "section",
    { class: "inside", hidden: true, ariaLabel: "Look inside" },
    h("header", { class: "inside-bar" }, h("h2", {}, "Look inside"), back, step, close),
    h("div", { class: "inside-title" }, title, where),
    h("div", { class: "inside-head" }, unit.element, summary),
    pictures.element,
    failure,
    sections.element,
    spoken,
  );
  let chosen = null; // {stage, unit, input}
  let newest = null; // the explanation that is shown
  let trail = []; // what was looked at before

  const questions = asking(store, tell, fail);

  // ---- what is looked at

  /** Look at a unit or one of its weights, or at nothing. */
  function choose(next) {
    const before = chosen;
    if (before && next && !same(before, next)) trail = [...trail.slice(-20), before];
    if (!next) trail = [];
    chosen = next;
    element.hidden = !next;
    unit.choose(view, next);
    hooks.light(null);
    if (!next) {
      newest = null;
      pictures.close();
      return questions.want(null);
    }
    const { place } = view.stages[next.stage]; // another one where dropout came in
    questions.want({ layer: place, unit: next.unit, input: next.input ?? null });
    pictures.choose(view, next);
    drawHead();
    return undefined;
  }

  function goBack() {
    const to = trail.at(-1);
    if (!to) return;
    const rest = trail.slice(0, -1);
    hooks.open(to.stage, to.unit, to.input);
    trail = rest;
    drawHead();
  }

  function openUnit({ layer, unit: number }) {
    const stage = stageOf(layer);
    if (stage >= 0) hooks.open(stage, number);
    else if (chosen.stage === 0) hooks.open(0, chosen.unit, number); // an input: its weight into this unit
  }

  /** The stage that a layer's place belongs to; −1: the input. */
  function stageOf(place) {
    return view.stages.findLastIndex((stage) => stage.place <= place);
  }

  function named(at) {
    if (!at) return null;
    const stage = stageOf(at.layer);
    return stage < 0 ? view.names.input(at.unit) : view.names.unit(stage, at.unit);
  }

  /** A layer as the page calls it, and its place, which its symbols have: "the last layer (3)" of z⁽³⁾. */
  function inNames(words) {
    const name = (place) => `${view.names.layer(stageOf(Number(place)))} (${place})`;
    return words.replace(/layer (\d+) \(Dense\)/g, (_, place) => name(place));
  }

  /** Whether a term is that of the chosen weight. */
  function isOwn(at) {
    const { stage, input } = chosen;
    return Boolean(at) && input !== undefined && stageOf(at.layer) === stage - 1 && at.unit === input;
  }

  function makeStep() {
    store.send({ kind: "step" }).catch(() => {});
  }

  // ---- what was answered

  function tell(explanation) {
    newest = explanation;
    failure.hidden = true;
    sections.element.classList.remove("old");
    const { run, branch } = store.frame ?? {};
    const { layer, unit: number, weight } = explanation;
    told.update(explanation, JSON.stringify([run, branch, layer, number, weight]));
    said.update(explanation);
    chain.update(explanation);
    sections.update(explanation, whyNoUpdate(explanation, view));
    summary.hidden = false;
    drawHead();
    speak();
  }

  /** There is no answer: the last one stays if it is of the same thing, with why it is old. */
  function fail(message) {
    failure.hidden = false;
    say(failure, sentenceCase(message));
    const stays = newest && isOf(newest);
    summary.hidden = !stays;
    if (stays) sections.element.classList.add("old");
    else sections.clear();
  }

  function isOf({ layer, unit: number, weight }) {
    const input = weight ? weight[0] : undefined;
    return layer === view.stages[chosen.stage].place && number === chosen.unit && input === chosen.input;
  }

  const speak = atMost(SAID_MS, () => {
    if (!chosen || store.session?.status === "running") return;
    say(spoken, said.element.textContent + (told.element.hidden ? "" : ` ${told.element.textContent}`));
  });

  // ---- drawing

  function draw() {
    if (!chosen) return;
    unit.draw();
    pictures.draw();
    drawHead();
  }

  function drawHead() {
    if (!chosen) return;
    const { names } = view;
    const { stage, unit: number, input } = chosen;
    const own = `${names.unit(stage, number)} of ${names.layer(stage)}`;
    const whole = input === undefined ? sentenceCase(own) : `Weight from ${names.source(stage, input)} to ${own}`;
    say(title, whole);
    say(where, [sampleWords(newest, view), stepWords(newest, view)].filter(Boolean).join(" · "));
    const watching = store.hello?.role === "watch";
    step.hidden = watching;
    step.disabled = !CAN_STEP.includes(store.session?.status) || !store.open();
    back.hidden = !trail.length;
    say(back, trail.length ? `← ${shortName(trail.at(-1))}` : "");
  }

  function shortName({ stage, unit: number, input }) {
    const { names } = view;
    return input === undefined ? names.unit(stage, number) : `${names.matrix(stage)}[${input}, ${number}]`;
  }

  // ---- lights

  /** Light up in the picture what a term comes from, and the line to the unit that it goes into. */
  function light(term, line) {
    if (!term?.unit) return hooks.light(null);
    const ends = [term.unit, { layer: line.layer, unit: line.unit ?? chosen.unit }];
    const [from, to] = ends.map((end) => ({ stage: stageOf(end.layer), unit: end.unit }));
    const size = term.value;
    return hooks.light(from.stage <= to.stage ? { from, to, size } : { from: to, to: from, size });
  }

  function lightInput(i) {
    if (i === null || !chosen) return hooks.light(null);
    const from = { stage: chosen.stage - 1, unit: i };
    return hooks.light({ from, to: { stage: chosen.stage, unit: chosen.unit }, size: 1 });
  }

  /** Mark the terms of what is under the pointer in the picture: {stage, unit}, stage −1 for an input. */
  function mark(at) {
    if (!chosen) return;
    sections.mark(at && ((unit) => stageOf(unit.layer) === at.stage && unit.unit === at.unit));
  }

  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    hooks.close();
  });
  copyInFull(element);
  onTheme(pictures.recolour);
  store.on(["hello", "connection", "session"], drawHead);

  return { element, choose, draw, mark, focus: unit.focus };
}

const same = (a, b) => a.stage === b.stage && a.unit === b.unit && a.input === b.input;
