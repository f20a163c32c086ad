import { cssColour, diverging } from "./colours.js";
import { canvas, fill, h, say } from "./dom.js";
import { sentenceCase } from "./format.js";
import { icon } from "./icons.js";
import { scaleStrip } from "./legend.js";
import { weightText } from "./names.js";
import { figures } from "./numbers.js";
import { tileAtlas } from "./tiles.js";

const STRONGEST = 5; // weights that are named
const EVERY_MS = 200; // numbers one can read

/** A chosen unit at large: its incoming weights, what it makes of the sample, and where its answer goes. */
export function unitView(hooks) {
  const title = h("h3", {});
  const close = h(
    "button",
    { class: "icon-button", type: "button", ariaLabel: "Close", onclick: () => hooks.close() },
    icon("close"),
  );
  const picture = h("div", { class: "net-unit-picture" });
  const range = [h("span", {}), h("span", {})];
  const strip = scaleStrip();
  const scale = h("p", { class: "net-unit-scale" }, range[0], strip.element, range[1]);
  const facts = h("dl", { class: "net-facts" });
  const out = h("ol", { class: "net-out" });
  const outTitle = h("h4", {});
  const incoming = h("figure", { class: "net-in" }, picture, scale);
  const outgoing = h("div", { class: "net-outgoing" }, outTitle, out);
  const element = h(
    "section",
    { class: "net-unit", hidden: true, ariaLabel: "The chosen unit" },
    h("header", {}, title, close),
    h("div", { class: "net-unit-body" }, incoming, facts, outgoing),
  );
  const atlas = tileAtlas();
  const bars = canvas((pen, width, height) => drawBars(pen, width, height), { class: "net-bars" });
  let shown = null; // {view, stage, unit}
  let last = 0;

  picture.addEventListener("pointermove", (event) => {
    hooks.tip(event, weightUnder(event));
  });
  picture.addEventListener("pointerleave", (event) => hooks.tip(event, null));

  /** The weight under the pointer, in words. */
  function weightUnder(event) {
    const matrix = shown && shown.view.matrix(shown.stage);
    if (!matrix) return null;
    const { view, stage, unit } = shown;
    const { inputs, units } = view.stages[stage];
    const box = picture.getBoundingClientRect();
    const [u, v] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (u < 0 || u >= 1 || v < 0 || v >= 1) return null;
    const isImage = stage === 0 && view.image;
    const i = isImage
      ? view.image.input(Math.floor(v * view.image.h), Math.floor(u * view.image.w))
      : Math.floor(u * inputs);
    return view.names.weight(stage, i, unit, weightText(matrix.q[i * units + unit], matrix.limit));
  }

  function choose(view, chosen) {
    element.hidden = !chosen;
    shown = chosen && { view, ...chosen };
    last = 0;
    if (!chosen) return;
    const image = chosen.stage === 0 && view.image;
    strip.draw(Boolean(image && image.channels === 3));
    fill(picture, image ? atlas.element : bars.element);
    if (image) {
      atlas.lay({ count: 1, columns: 1, width: image.w, height: image.h, gap: 0, shrink: 1 });
      atlas.element.classList.add("crisp");
      atlas.element.style.aspectRatio = `${image.w} / ${image.h}`;
    }
    picture.classList.toggle("image", Boolean(image));
    draw();
  }

  function draw() {
    if (!shown) return;
    const { view, stage, unit } = shown;
    const matrix = view.matrix(stage);
    if (!matrix) return;
    drawIncoming(matrix);
    const now = performance.now();
    if (now - last < EVERY_MS && last) return;
    last = now;
    const { names, stages } = view;
    say(title, `${sentenceCase(names.unit(stage, unit))} of ${names.layer(stage)}`);
    const text = figures(matrix.limit, matrix.limit < 1 ? 1 : 2);
    say(range[0], `−${text}`);
    say(range[1], `+${text}`);
    drawFacts(view, stage, unit, matrix);
    drawOutgoing(view, stage, unit);
    element.setAttribute(
      "aria-label",
      `${names.unit(stage, unit)} of ${names.layer(stage)}, ${stages[stage].inputs} inputs`,
    );
  }

  function drawIncoming(matrix) {
    const { view, stage, unit } = shown;
    if (stage > 0 || !view.image) return bars.redraw();
    const { units } = view.stages[0];
    const column = new Uint8Array(matrix.q.length / units);
    for (let i = 0, at = unit; i < column.length; i += 1, at += units) column[i] = matrix.q[at];
    atlas.paint(column, 1, view.image, view.auto);
    atlas.element.setAttribute("aria-label", `The weights into ${view.names.unit(stage, unit)} as an image`);
  }

  /** All incoming weights of a deeper unit side by side, up above zero and down below. */
  function drawBars(pen, width, height) {
    const matrix = shown && shown.view.matrix(shown.stage);
    if (!matrix) return;
    const { inputs, units } = shown.view.stages[shown.stage];
    const wide = width / inputs;
    for (let i = 0; i < inputs; i += 1) {
      const t = (matrix.q[i * units + shown.unit] - 128) / 127;
      pen.fillStyle = cssColour(diverging(Math.sign(t) * Math.max(Math.abs(t), 0.25)));
      pen.fillRect(i * wide, height / 2, Math.max(wide - (wide > 3 ? 1 : 0), 0.5), (-t * height) / 2);
    }
    bars.element.setAttribute("aria-label", `${inputs} incoming weights as bars, in the order of the inputs`);
  }

  function drawFacts(view, stage, unit, matrix) {
    const { names, stages } = view;
    const { inputs, units, place, last: end, activation } = stages[stage];
    const sum = view.frame.array[`a${place}`]?.[unit];
    const given = view.frame.array[`a${end}`]?.[unit];
    const order = strongestInto(matrix.q, inputs, units, unit);
    const named = order.map((i) => [
      names.source(stage, i),
      weightText(matrix.q[i * units + unit], matrix.limit),
    ]);
    const rows = [
      [`for this sample${activation ? `, after ${activation}` : ""}`, figures(given)],
      ...(activation ? [["sum of its inputs, with bias", figures(sum)]] : []),
      ...named.map(([name, text]) => [`${names.matrix(stage)} from ${name}`, text]),
    ];
    if (facts.children.length !== 2 * rows.length)
      fill(
        facts,
        rows.flatMap(() => [h("dt", {}), h("dd", {})]),
      );
    rows.forEach(([name, text], k) => {
      say(facts.children[2 * k], name);
      say(facts.children[2 * k + 1], text);
    });
  }

  function drawOutgoing(view, stage, unit) {
    const next = view.stages[stage + 1];
    const matrix = next && view.matrix(stage + 1);
    outgoing.hidden = !matrix;
    if (!matrix) return;
    const weights = Array.from({ length: next.units }, (_, j) => matrix.q[unit * next.units + j]);
    const order = weights.map((_, j) => j);
    const few = next.units <= 12;
    if (!few) order.sort((a, b) => Math.abs(weights[b] - 128) - Math.abs(weights[a] - 128)).length = 8;
    say(
      outTitle,
      few
        ? `its weight in ${view.names.layer(stage + 1)}`
        : `its strongest of ${next.units} weights in ${view.names.layer(stage + 1)}`,
    );
    if (out.children.length !== order.length)
      fill(
        out,
        order.map(() => h("li", {}, h("span", {}), h("i", {}, h("b", {})), h("em", {}))),
      );
    order.forEach((j, k) => {
      const [name, track, value] = out.children[k].children;
      const t = (weights[j] - 128) / 127;
      say(name, view.names.unit(stage + 1, j).replace(/^class /, ""));
      say(value, weightText(weights[j], matrix.limit));
      const bar = track.firstChild;
      bar.style.transform = `scaleX(${t})`;
      bar.style.background = cssColour(diverging(Math.sign(t) * Math.max(Math.abs(t), 0.35)));
    });
  }

  return { element, choose, draw };
}

function strongestInto(q, inputs, units, unit) {
  const order = [];
  for (let i = 0; i < inputs; i += 1) {
    const size = Math.abs(q[i * units + unit] - 128);
    if (order.length === STRONGEST && size <= order[STRONGEST - 1].size) continue;
    order.push({ i, size });
    order.sort((a, b) => b.size - a.size).splice(STRONGEST);
  }
  return order.map(({ i }) => i);
}
