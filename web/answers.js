import { categorical } from "./colours.js";
import { h, say } from "./dom.js";
import { percent } from "./format.js";
import { figures } from "./numbers.js";

const NARROWEST_TEXT = 9; // CSS pixels of a row: lower, only bars are shown

/** What the network says for the sample: probabilities by class as bars, or values as numbers. */
export function answers(hooks) {
  const element = h("ol", { class: "net-answers" });
  let rows = [];
  let box = null;
  let pitch = 0;
  let single = false; // one output stands for two classes: the probability of the second

  function build(view) {
    const { classes, kind, target } = view.session.data;
    const names = classes ?? valueNames(view, target);
    single = Boolean(classes) && view.stages.at(-1).units === 1;
    rows = names.map((name, k) => rowOf(view, name, k, Boolean(classes), kind === "points"));
    element.replaceChildren(...rows.map((row) => row.element));
    element.classList.toggle("values", !classes);
    const longest = Math.max(...names.map((name) => `${name}`.length), 1) + (kind === "points" ? 2 : 0);
    element.style.setProperty("--name", `${Math.min(Math.max(longest, 1.6), 12)}ch`);
  }

  function rowOf(view, name, k, isClass, swatch) {
    const bar = h("i", {});
    const value = h("b", {});
    const mark = h("span", { class: "net-true" });
    const dot =
      swatch && isClass ? h("i", { class: "net-swatch", style: { background: categorical(k) } }) : null;
    const label = h("span", { class: "net-name", title: name }, dot, name);
    const element = h("li", {}, label, isClass ? h("span", { class: "net-bar" }, bar) : null, value, mark);
    const unit = single ? 0 : k;
    const stage = view.stages.length - 1;
    element.addEventListener("click", () => hooks.choose(stage, unit));
    element.addEventListener("pointerenter", () => hooks.hover({ stage, unit }));
    element.addEventListener("pointerleave", () => hooks.hover(null));
    return { element, bar, value, mark, dot, name };
  }

  function lay(place) {
    box = place;
    const n = Math.max(rows.length, 1);
    pitch = Math.min(box.height / n, n > 3 ? 34 : 46);
    element.style.left = `${box.x}px`;
    element.style.width = `${box.width}px`;
    element.style.top = `${top()}px`;
    element.style.setProperty("--pitch", `${pitch}px`);
    element.classList.toggle("tiny", pitch < NARROWEST_TEXT);
    element.classList.toggle("dense", pitch < 17);
  }

  const top = () => box.y + Math.max((box.height - pitch * rows.length) / 2, 0);

  /** Draw what the last layer gives; returns what there is to say in words. */
  function draw(view) {
    const last = view.stages.length - 1;
    const is = (mark, k) => mark?.stage === last && mark.unit === (single ? 0 : k);
    rows.forEach(({ element: row }, k) => {
      row.classList.toggle("cursor", is(view.cursor, k));
      row.classList.toggle("chosen", is(view.chosen, k));
      row.classList.toggle("lit", is(view.lit?.from, k) || is(view.lit?.to, k));
    });
    const given = view.answer();
    if (!given) return "";
    return view.session.data.classes ? drawClasses(view, given) : drawValues(view, given);
  }

  function drawClasses(view, p) {
    const truth = view.session.sample?.label;
    const best = p.every(Number.isFinite) ? p.indexOf(Math.max(...p)) : -1; // diverged: none
    rows.forEach(({ element: row, bar, value, mark }, k) => {
      bar.style.transform = `scaleX(${Number.isFinite(p[k]) ? p[k].toFixed(4) : 0})`;
      say(value, best < 0 ? "–" : p[k] < 0.005 ? "" : p[k].toFixed(2));
      row.classList.toggle("predicted", k === best);
      row.classList.toggle("truth", k === truth);
      say(mark, k === truth ? (k === best ? "✓" : "true") : "");
    });
    if (best < 0) return "no answer: its numbers are not finite";
    const named = (k) => view.session.data.classes[k] ?? k;
    const sure = percent(p[best], 0);
    return `predicted ${named(best)} with ${sure}, ${best === truth ? "right" : `true is ${named(truth)}`}`;
  }

  function drawValues(view, given) {
    const truth = view.session.sample?.label;
    rows.forEach(({ value, mark }, k) => {
      say(value, figures(given[k]));
      say(mark, k === 0 && truth !== undefined && truth !== null ? `true ${figures(truth)}` : "");
    });
    return `predicted ${figures(given[0])}, true ${figures(truth)}`;
  }

  /** Where a line to unit j of the last layer ends. */
  function anchor(j, upright) {
    const row = Math.min(single ? 1 : j, rows.length - 1);
    const y = top() + (row + 0.5) * pitch;
    return { x: box.x - 4, y, sideways: upright };
  }

  const recolour = () => rows.forEach(({ dot }, k) => dot && (dot.style.background = categorical(k)));
  return { element, build, lay, draw, anchor, recolour };
}

function valueNames(view, target) {
  const count = view.stages.at(-1).units;
  const name = target ?? "y";
  return count === 1 ? [name] : Array.from({ length: count }, (_, k) => `${name} ${k + 1}`);
}
