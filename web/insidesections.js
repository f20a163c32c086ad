import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { lineView, shapeOf } from "./insideline.js";

const TITLES = { forward: "Forward", backward: "Backward", update: "Update" };

/** Forward, backward, update: each a list of lines, with the sample's numbers beside the batch's. */
export function sectionsView(hooks) {
  const without = h("p", { class: "inside-note", hidden: true });
  const element = h("div", { class: "inside-sections" });
  let views = [];
  let built = "";

  /** `why`: what to say where there is no update. */
  function update(explanation, why) {
    const { sections, batch } = explanation;
    without.hidden = sections.some(({ name }) => name === "update");
    say(without, why);
    const shape = JSON.stringify(sections.map(shapeOf));
    if (shape !== built) build(sections, shape);
    sections.forEach((section, k) => views[k].update(section, batch));
  }

  function build(sections, shape) {
    built = shape;
    views = sections.map((section, k) => sectionView(section, k + 1, hooks));
    element.replaceChildren(...views.map((view) => view.element), without);
  }

  const mark = (is) => views.forEach((view) => view.mark(is));
  const clear = () => {
    without.hidden = true;
    build([], "");
  };
  return { element, update, mark, clear };
}

const stepOf = (batch) => (batch ? `step ${grouped(batch.step)}` : "");

function sectionView(section, number, hooks) {
  const [value, batch] = [h("span", {}), h("span", {})];
  const title = TITLES[section.name] ?? section.title;
  const note = h("p", { class: "inside-note" });
  const lines = section.lines.map(() => lineView(hooks));
  const element = h(
    "section",
    { class: `inside-section ${section.name}`, ariaLabel: title },
    h("header", {}, h("h4", {}, h("b", {}, number), title), value, batch),
    note,
    ...lines.map((line) => line.element),
  );

  function update(next, of) {
    const run = next.name === "update";
    say(value, !next.lines.length ? "" : run ? stepOf(of) : "this sample");
    const means = next.lines.some((line) => line.batch !== null && line.batch !== undefined);
    say(batch, means && of ? `mean of ${of.size}` : "");
    note.hidden = !next.note;
    say(note, next.note ?? "");
    next.lines.forEach((line, k) => lines[k].update(line));
  }
  const mark = (is) => lines.forEach((line) => line.mark(is));
  return { element, update, mark };
}
