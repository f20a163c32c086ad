import { cssColour, diverging, onTheme } from "./colours.js";
import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { setMath } from "./insidemath.js";
import { alike, figure } from "./insidenumbers.js";

const SHOWN = 5; // terms of a long sum before one asks for more
const DRAGGED = 4; // CSS pixels beyond which a press is no click

/**
 * The terms of a sum below one another, largest first, each with its factors' numbers, a bar and its value.
 * `hooks`: light(term or null) under the pointer or the focus, open(unit), named(unit) → its name, and
 * isOwn(unit): it belongs to the weight that was chosen, and is shown however small it is.
 */
export function termsView(hooks) {
  const element = h("div", { class: "terms", role: "group", ariaLabel: "Terms, largest first" });
  const more = h("button", { class: "terms-more", type: "button", onclick: toggle });
  const rest = h("span", {});
  const sum = figure();
  const last = h("div", { class: "term rest" }, h("span", {}, rest, more), sum.element, h("span", {}));
  let rows = [];
  let all = false; // whether all terms that were told are shown
  let now = null;

  function toggle() {
    all = !all;
    draw();
  }

  function update(line, decimals) {
    now = { line, decimals };
    if (rows.length !== line.terms.length) build(line.terms.length);
    draw();
  }

  function build(count) {
    rows = Array.from({ length: count }, (_, k) => termRow(hooks, () => rows, k));
    element.replaceChildren(...rows.map((row) => row.element), last);
  }

  function draw() {
    const { line, decimals } = now;
    const many = line.terms.length > SHOWN + 1 || Boolean(line.rest && line.terms.length > SHOWN);
    const shown = line.terms.map((term, k) => all || !many || k < SHOWN || hooks.isOwn(term.unit));
    const factors = columnsOf(line.terms);
    const most = Math.max(...line.terms.map(({ value }) => Math.abs(value ?? 0)), 0) || 1;
    rows.forEach((row, k) => {
      row.element.hidden = !shown[k];
      row.update(line.terms[k], line, { factors, decimals, most });
    });
    const left = line.terms.filter((_, k) => !shown[k]);
    const summed = left.length + (line.rest?.count ?? 0);
    last.hidden = !summed && !many;
    more.hidden = !all && !left.length;
    say(more, all ? "show fewer" : `show ${left.length}`);
    say(rest, summed ? `and ${grouped(summed)} more ` : "");
    const value = left.reduce((total, term) => total + term.value, line.rest?.value ?? 0);
    sum.element.hidden = !summed;
    sum.show(signed(decimals(value), value), value);
  }

  /** Mark the terms whose unit `is` the one that is pointed at; null marks none. */
  const mark = (is) => rows.forEach((row) => row.mark(is));
  onTheme(() => now && draw());
  return { element, update, mark };
}

function termRow(hooks, rows, k) {
  const [symbol, name] = ["sym", "term-name"].map((kind) => h("span", { class: kind }));
  const numbers = factorsView();
  const bar = h("b", {});
  const value = figure();
  const what = h("span", { class: "term-what" }, symbol, name, numbers.element);
  const element = h("div", { class: "term" }, what, value.element, h("i", { class: "term-bar" }, bar));
  let [term, line] = [null, null];
  let pressed = [0, 0]; // where the pointer went down

  function update(next, of, { factors, decimals, most }) {
    [term, line] = [next, of];
    const from = hooks.named(term.unit);
    setMath(symbol, term.symbol);
    say(name, from ?? "");
    numbers.update(term.factors, factors);
    value.show(signed(decimals(term.value), term.value), term.value);
    const share = (term.value ?? 0) / most;
    bar.style.transform = `scaleX(${share})`;
    bar.style.background = cssColour(diverging(Math.sign(share) * Math.max(Math.abs(share), 0.4)));
    element.classList.toggle("from", Boolean(term.unit));
    element.classList.toggle("own", hooks.isOwn(term.unit));
    if (term.unit && !element.hasAttribute("tabindex")) {
      element.tabIndex = k ? -1 : 0;
      element.setAttribute("role", "button");
    }
    if (element.matches(":hover, :focus-visible")) hooks.light(term, line);
  }

  const light = () => term?.unit && hooks.light(term, line);
  const dark = () => hooks.light(null);
  element.addEventListener("pointerenter", light);
  element.addEventListener("pointerleave", dark);
  element.addEventListener("focus", light);
  element.addEventListener("blur", dark);
  element.addEventListener("pointerdown", ({ clientX, clientY }) => {
    pressed = [clientX, clientY];
  });
  element.addEventListener("click", ({ clientX, clientY, detail }) => {
    const far = Math.hypot(clientX - pressed[0], clientY - pressed[1]) > DRAGGED; // to select text
    if (term?.unit && !(far && detail)) hooks.open(term.unit); // without detail: a screen reader's press
  });
  element.addEventListener("keydown", (event) => {
    const seen = rows().filter((row) => !row.element.hidden);
    const here = seen.findIndex((row) => row.element === element);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const to = by ? here + by : { Home: 0, End: seen.length - 1 }[event.key];
    if (seen[to]) seen[to].element.focus();
    else if (event.key === "Enter" && term?.unit) hooks.open(term.unit);
    else if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
  });

  const mark = (is) => element.classList.toggle("marked", Boolean(is && term?.unit && is(term.unit)));
  return { element, update, mark };
}

/** "0.9922 · 0.2135": the numbers of a product, each with a column of its own. */
export function factorsView() {
  const element = h("span", { class: "factors" });
  let parts = [];

  function update(factors, columns) {
    if (parts.length !== factors.length) {
      parts = factors.map(() => figure());
      const dot = (k) => (k ? [h("span", { class: "dot" }, "·")] : []);
      element.replaceChildren(...parts.flatMap((part, k) => [...dot(k), part.element]));
    }
    factors.forEach(({ symbol, value }, k) => {
      const text = columns[k](value);
      parts[k].show(value < 0 && k ? `(${text})` : text, value);
      parts[k].element.style.minWidth = `${columns[k].width}ch`;
      parts[k].element.dataset.of = symbol;
    });
  }
  return { element, update };
}

/** How to write the k-th factors of all terms, and how wide that is. */
export function columnsOf(terms) {
  const count = Math.max(...terms.map(({ factors }) => factors.length), 0);
  return Array.from({ length: count }, (_, k) => {
    const values = terms.map(({ factors }) => factors[k]?.value).filter((value) => value !== undefined);
    const text = alike(values, 5, 4);
    const wide = values.map((value) => text(value).length + (value < 0 && k ? 2 : 0));
    return Object.assign(text, { width: Math.max(...wide, 0) });
  });
}

const signed = (text, value) => (value > 0 ? `+${text}` : text);
