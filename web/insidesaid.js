import { fill, h } from "./dom.js";
import { setMath } from "./insidemath.js";
import { apart, figure, numeral } from "./insidenumbers.js";

/** All lines of an explanation by key. Keys that come again keep the first. */
export function linesOf(explanation) {
  const lines = new Map();
  for (const section of explanation.sections)
    for (const line of section.lines) if (!lines.has(line.key)) lines.set(line.key, line);
  return lines;
}

/** What a weight is before the step and after it: {before, after, symbol}, or null. */
export function changeOf(explanation) {
  const update = explanation.sections.find(({ name }) => name === "update");
  const after = update?.lines.find(({ key }) => key === "w_new");
  const before = update?.lines.find(({ key }) => key === "w");
  if (!after || !before) return null;
  return { before: before.value, after: after.value, symbol: before.symbol };
}

/** The whole in one sentence, large: from what to what the weight goes, and why. */
export function sentence() {
  const element = h("p", { class: "inside-said" });
  const parts = { symbol: h("span", { class: "sym" }), before: figure(), after: figure(), why: figure() };
  const gradient = h("span", { class: "sym" });
  let form = "";

  /** Words and numbers in turn; they are laid out anew only where the words differ. */
  function lay(words) {
    const next = words.map((word) => (typeof word === "string" ? word : "#")).join("");
    if (next === form) return;
    form = next;
    fill(element, words);
  }

  function weight(explanation, change) {
    const slope = linesOf(explanation).get("dW");
    const g = slope?.batch ?? slope?.value ?? 0;
    const [from, to] = apart(change.before, change.after);
    setMath(parts.symbol, change.symbol);
    setMath(gradient, slope?.symbol ?? "∂L/∂W");
    parts.before.show(from, change.before);
    parts.after.show(to, change.after);
    parts.why.show(numeral(g), g);
    const over = (slope?.batch ?? null) === null ? "" : " on average over the batch";
    const by = [gradient, " is ", parts.why.element, over];
    const goes = [parts.symbol, " goes from ", parts.before.element, " to ", parts.after.element];
    const up = change.after - change.before;
    if (!up) lay([parts.symbol, " stays at ", parts.before.element, ": ", ...by, "."]);
    else if (up * g < 0) {
      const small = g < 0 ? "larger" : "smaller";
      lay([...goes, ` because a ${small} one makes the loss smaller: `, ...by, "."]);
    } else lay([...goes, ", carried there by earlier steps or a penalty: ", ...by, "."]);
  }

  function slopeOf(explanation) {
    const lines = linesOf(explanation);
    const line = lines.get(explanation.weight ? "dW" : "dz");
    if (!line) return lay([explanation.title]);
    setMath(gradient, line.symbol);
    parts.why.show(numeral(line.value), line.value);
    const grows = explanation.weight ? "the weight" : "its sum";
    const means = `: so much the loss changes for each 1 that ${grows} grows, for this sample.`;
    lay([gradient, " is ", parts.why.element, means]);
  }

  function update(explanation) {
    const change = explanation.weight && changeOf(explanation);
    if (change) weight(explanation, change);
    else slopeOf(explanation);
  }
  return { element, update };
}

/** Keeps what was told before a step, and says when it came true. */
export function promise() {
  const value = figure();
  const element = h(
    "p",
    { class: "inside-told", hidden: true },
    h("span", {}, "told before the step: "),
    value.element,
    h("b", {}, " ✓ it came true"),
  );
  let kept = null; // {of, step, after, text}

  /** `of`: what run, branch and weight it is about. */
  function update(explanation, of) {
    const change = explanation.weight && changeOf(explanation);
    const past = kept?.of === of && kept;
    if (!past || past.step !== explanation.step) {
      const next = past && change && explanation.step === past.step + 1;
      const came = Boolean(next && past.after === change.before);
      element.hidden = !came;
      if (came) value.show(past.text, change.before);
    }
    if (!change) kept = null;
    else {
      const [, text] = apart(change.before, change.after);
      kept = { of, step: explanation.step, after: change.after, text };
    }
  }
  return { element, update };
}
