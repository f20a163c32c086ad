import { h, say } from "./dom.js";
import { percent, sentenceCase } from "./format.js";

/**
 * The answer, big, and a bar for each class. `chosen(k)` when one is pressed, null when it was marked before;
 * without it none can be pressed. {element, show(reading), quiet(text), mark(k)}
 */
export function answerView(chosen = null) {
  const name = h("b", { class: "draw-name" });
  const sure = h("span", { class: "draw-sure" });
  const why = h("p", { class: "draw-why" });
  const verdict = h("div", { class: "draw-verdict" }, name, sure, why);
  const about = "Probability of each class";
  const list = h("div", {
    class: "draw-bars",
    role: chosen ? "listbox" : "list",
    "aria-label": chosen ? `${about}; choose one to see what speaks for and against it` : about,
  });
  const element = h("div", { class: "draw-answer" }, verdict, list);
  let rows = [];
  let known = "";
  let marked = null;

  function build(classes) {
    if (known === classes.join()) return;
    known = classes.join();
    rows = classes.map((label, k) => rowOf(label, chosen && (() => chosen(marked === k ? null : k))));
    list.replaceChildren(...rows.map((row) => row.element));
    if (chosen) mark(null);
  }

  function show({ digits, shown, classes }) {
    build(classes.map(String));
    const digit = digits[shown];
    const best = digit.name === null ? -1 : indexOfMost(digit.probabilities);
    say(name, digit.name ?? "–");
    say(sure, digit.name === null ? "" : percent(digit.probabilities[best], 0));
    say(why, digit.name === null ? sentenceCase(digit.said) : "");
    element.classList.toggle("refused", digit.name === null);
    element.classList.remove("unread");
    rows.forEach(({ element: row, bar, value }, k) => {
      const p = digit.probabilities[k];
      bar.style.transform = `scaleX(${Number.isFinite(p) ? p.toFixed(4) : 0})`;
      say(value, Number.isFinite(p) ? percent(p) : "–");
      row.classList.toggle("named", k === best);
    });
  }

  /** Nothing is read: empty bars, and why. */
  function quiet(text) {
    build([..."0123456789"]);
    say(name, "");
    say(sure, "");
    say(why, text);
    element.classList.add("unread");
    element.classList.remove("refused");
    for (const { element: row, bar, value } of rows) {
      bar.style.transform = "scaleX(0)";
      say(value, "");
      row.classList.remove("named");
    }
  }

  function mark(k) {
    const focus = list.contains(list.getRootNode().activeElement);
    marked = k;
    rows.forEach(({ element: row }, i) => {
      row.setAttribute("aria-selected", i === k);
      row.tabIndex = i === (k ?? 0) ? 0 : -1;
    });
    if (focus && k !== null) rows[k].element.focus({ preventScroll: true });
  }

  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const to = { Home: 0, End: rows.length - 1 }[event.key];
    if ((by === undefined && to === undefined) || !rows.length) return;
    event.preventDefault();
    const focused = rows.findIndex((row) => row.element === list.getRootNode().activeElement);
    const at = to ?? Math.min(Math.max(focused + by, 0), rows.length - 1);
    for (const { element: row } of rows) row.tabIndex = -1;
    rows[at].element.tabIndex = 0;
    rows[at].element.focus({ preventScroll: true });
  });

  return { element, show, quiet, mark };
}

function rowOf(label, press) {
  const bar = h("i", {});
  const value = h("span", { class: "draw-value" });
  const element = h(
    press ? "button" : "div",
    press ? { type: "button", role: "option", onclick: press, "aria-selected": "false" } : { role: "listitem" },
    h("span", { class: "draw-class" }, label),
    h("span", { class: "draw-bar", "aria-hidden": "true" }, bar),
    value,
  );
  return { element, bar, value };
}

function indexOfMost(values) {
  return values.indexOf(Math.max(...values));
}

/** What a screen reader is told of a reading. */
export function spoken({ digits, shown }) {
  const one = (digit) =>
    digit.name === null ? digit.said : `${digit.name}, ${percent(Math.max(...digit.probabilities), 0)}`;
  if (digits.length === 1) return sentenceCase(one(digits[0]));
  const names = digits.map((digit) => digit.name ?? "not a digit").join(", ");
  return `${digits.length} digits: ${names}. Number ${shown + 1}: ${one(digits[shown])}`;
}
