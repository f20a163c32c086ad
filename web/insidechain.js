import { h } from "./dom.js";
import { linesOf } from "./insidesaid.js";
import { lineView } from "./insideline.js";
import { setMath } from "./insidemath.js";
import { figure, numeral } from "./insidenumbers.js";

/**
 * The chain rule of what was chosen as factors side by side, large: ∂L/∂W = x · ∂L/∂z. Each factor that
 * another line tells of opens that line below; one that comes from another unit leads there.
 */
export function chainView(hooks) {
  const whole = { number: figure(), symbol: h("span", { class: "sym" }) };
  const row = h("div", { class: "chain", role: "group", ariaLabel: "The chain rule for this sample" });
  const origin = lineView(hooks);
  const box = h("div", { class: "chain-origin", hidden: true }, origin.element);
  const element = h("div", { class: "chain-box", hidden: true }, row, box);
  let parts = [];
  let open = null; // the symbol of the factor whose line is open
  let lines = new Map();

  function update(explanation) {
    const known = linesOf(explanation);
    lines = new Map([...known.values()].map((line) => [line.symbol, line]));
    const line = known.get(explanation.weight ? "dW" : "dz");
    const shown = line && partsOf(line);
    element.hidden = !shown;
    if (!shown) return;
    whole.number.show(numeral(line.value), line.value);
    setMath(whole.symbol, line.symbol);
    const form = `${shown.sign}${shown.parts.length}`;
    if (row.dataset.form !== form) build(shown, form);
    shown.parts.forEach(({ factor, unit }, k) => parts[k].update(factor, unit));
    drawOrigin();
  }

  function build(shown, form) {
    row.dataset.form = form;
    parts = shown.parts.map(partView);
    const sign = (k) => h("span", { class: "dot" }, k ? shown.sign : "=");
    const between = parts.flatMap((part, k) => [sign(k), part.element]);
    const own = h("span", { class: "chain-part whole" }, whole.number.element, whole.symbol);
    row.replaceChildren(own, ...between);
  }

  function partView() {
    const number = figure();
    const [symbol, name] = ["sym", "chain-name"].map((kind) => h("span", { class: kind }));
    const element = h("button", { class: "chain-part", type: "button" }, number.element, symbol, name);
    let now = null;
    element.addEventListener("click", () => {
      if (lines.has(now.factor.symbol)) {
        open = open === now.factor.symbol ? null : now.factor.symbol;
        for (const part of parts) part.draw();
        drawOrigin();
      } else if (now.unit) hooks.open(now.unit);
    });

    function draw() {
      const { factor, unit } = now;
      const told = lines.has(factor.symbol);
      element.disabled = !told && !unit;
      if (told) element.setAttribute("aria-expanded", open === factor.symbol);
      else element.removeAttribute("aria-expanded");
    }

    /** The factor that no line here tells of is what comes out of `unit`. */
    function update(factor, unit) {
      const told = lines.has(factor.symbol);
      now = { factor, unit: told || !unit?.layer ? null : unit };
      number.show(numeral(factor.value), factor.value);
      setMath(symbol, factor.symbol);
      const from = told ? "" : (hooks.named(unit) ?? "");
      if (name.textContent !== from) name.textContent = from;
      draw();
    }
    return { element, update, draw };
  }

  function drawOrigin() {
    const line = open && lines.get(open);
    box.hidden = !line;
    if (line) origin.update(line);
  }
  return { element, update };
}

/** What a line is made of, where that is a product of a few numbers or a sum of a few: {sign, parts}. */
function partsOf({ terms, rest }) {
  if (rest || !terms.length) return null;
  if (terms.length === 1) {
    const [{ factors, unit }] = terms;
    return { sign: "·", parts: factors.map((factor) => ({ factor, unit })) };
  }
  if (terms.length > 3 || terms.some(({ factors }) => factors.length > 1)) return null;
  return { sign: "+", parts: terms.map(({ factors, unit }) => ({ factor: factors[0], unit })) };
}
