import { atMost } from "./calm.js";
import { h, say } from "./dom.js";
import { percent, sentenceCase } from "./format.js";

const SAID_MS = 1000; // between two sentences for a screen reader

/** The answer, big, and a bar for each class: {element, show(reading, label)}. */
export function answerPanel(network) {
  const name = h("b", { class: "answer-name" });
  const sure = h("span", { class: "answer-sure" });
  const why = h("p", { class: "answer-why" });
  const status = h("div", { class: "hidden-text", role: "status" });
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const rows = network.classes.map(rowOf);
  const bars = h("ol", { class: "answer-bars", "aria-label": "Probability of each class" });
  bars.append(...rows.map((row) => row.element));
  const verdict = h("div", { class: "verdict" }, name, sure, why);
  const element = h("div", { class: "answer" }, verdict, bars, status);
  element.classList.toggle("wordy", network.classes.some((one) => one.length > 2));

  /** `label` is what the image is, where that is known. */
  function show({ predicted, best, name: named, why: refused, said }, label = null) {
    const { probabilities } = predicted;
    say(name, named ?? "–");
    say(sure, named === null ? "" : percent(probabilities[best]));
    const judged = named === null ? "" : named === label ? ": right" : ": wrong";
    const known = label === null ? "" : `labelled ${label}${judged}`;
    say(why, sentenceCase([refused ? said : "", known].filter(Boolean).join("; ")));
    element.classList.toggle("refused", named === null);
    element.classList.toggle("wrong", label !== null && named !== null && named !== label);
    rows.forEach(({ element: row, bar, value }, k) => {
      const p = refused === "blank" ? 0 : probabilities[k];
      bar.style.transform = `scaleX(${Number.isFinite(p) ? p.toFixed(4) : 0})`;
      say(value, refused === "blank" ? "" : percent(p));
      row.classList.toggle("named", named !== null && k === best);
    });
    const answer = named === null ? sentenceCase(said) : `${named}, ${percent(probabilities[best], 0)}`;
    speak(`${answer}. ${known}`);
  }

  return { element, show };
}

function rowOf(label) {
  const bar = h("i");
  const value = h("span", { class: "bar-value" });
  const element = h(
    "li",
    {},
    h("span", { class: "bar-class" }, label),
    h("span", { class: "bar", "aria-hidden": "true" }, bar),
    value,
  );
  return { element, bar, value };
}
