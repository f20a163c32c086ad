import { derivation } from "./derivation.js";
import { h, say } from "./dom.js";
import { setMath } from "./insidemath.js";
import { alike, figure, numeral } from "./insidenumbers.js";
import { columnsOf, factorsView, termsView } from "./insideterms.js";

/**
 * One line of a derivation: what it is in words, its formula, the terms with their numbers, and what comes
 * out, for the sample and as the mean over the batch. `hooks` as in termsView, inNames(words), and
 * linked: whether the pages with the derivations are served.
 */
export function lineView(hooks) {
  const words = h("span", { class: "line-words" });
  const link = h("a", { class: "line-doc", target: "_blank", rel: "noopener" });
  const formula = h("span", { class: "formula" });
  const symbol = h("span", { class: "sym" });
  const product = factorsView();
  const [value, batch] = [figure("value"), figure("batch")];
  const terms = termsView(hooks);
  const short = h("span", { class: "formula" });
  const equals = h("span", { class: "line-equals" }, short, symbol, product.element);
  const total = h("div", { class: "line-total" }, equals, value.element, batch.element);
  const element = h(
    "div",
    { class: "line" },
    h("header", {}, words, link),
    h("p", { class: "line-formula" }, formula),
    terms.element,
    total,
  );
  let line = null;

  function update(next) {
    line = next;
    element.dataset.key = line.key;
    say(words, hooks.inNames(line.words));
    drawLink();
    const single = line.terms.length === 1 && !line.rest ? line.terms[0] : null;
    const isSum = Boolean(line.terms.length) && !single;
    drawFormula(isSum);
    terms.element.hidden = !isSum;
    product.element.hidden = !single;
    if (single) product.update(single.factors, columnsOf(line.terms));
    const decimals = alike([...line.terms.map((term) => term.value), line.value]);
    if (isSum) terms.update(line, decimals);
    value.show(isSum ? decimals(line.value) : numeral(line.value), line.value);
    const has = line.batch !== null && line.batch !== undefined;
    batch.element.classList.toggle("none", !has);
    batch.show(has ? numeral(line.batch) : "", has ? line.batch : null);
  }

  /** Over the terms of a sum, which ends in its symbol; else in the line of its numbers. */
  function drawFormula(isSum) {
    const own = line.formula && line.formula !== line.symbol;
    const whole = own ? `${line.symbol} = ${line.formula}` : line.symbol;
    element.classList.toggle("sum", isSum);
    formula.parentElement.hidden = symbol.hidden = !isSum;
    short.hidden = isSum;
    setMath(isSum ? formula : short, whole);
    setMath(symbol, line.symbol);
  }

  function drawLink() {
    link.hidden = !line.doc;
    if (!line.doc) return;
    const { href, words: said } = derivation(line.doc);
    if (hooks.linked && link.getAttribute("href") !== href) link.setAttribute("href", href);
    say(link, said);
  }

  /** A product's own factors light up what they come from. */
  const light = () => {
    const single = line?.terms.length === 1 ? line.terms[0] : null;
    if (single?.unit) hooks.light(single, line);
  };
  total.addEventListener("pointerenter", light);
  total.addEventListener("pointerleave", () => hooks.light(null));

  function mark(is) {
    terms.mark(is);
    const own = line?.terms.length === 1 && line.terms[0].unit;
    total.classList.toggle("marked", Boolean(is && own && is(own)));
  }
  return { element, update, mark };
}

/** What a derivation consists of, without its numbers: where that is the same, only numbers are changed. */
export function shapeOf(section) {
  return JSON.stringify([section.name, section.lines.map((line) => line.key)]);
}
