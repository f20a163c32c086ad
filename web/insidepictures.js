import { divergingTable, greyTable } from "./colours.js";
import { fill, h, say } from "./dom.js";
import { sentenceCase } from "./format.js";
import { numeral } from "./insidenumbers.js";
import { figures } from "./numbers.js";

const FAINT = 0.35; // of a pixel's ink under the colours

/** Pictures of an image network: the image that a unit likes best, and which pixels spoke for an answer. */
export function picturesView(store) {
  const best = toggle("its favourite image", () => show("favourite"));
  const spoke = toggle("what spoke for it", () => show("evidence"));
  const buttons = h("div", { class: "inside-asks", role: "group", ariaLabel: "Pictures" }, best, spoke);
  const place = h("div", { class: "inside-pictures" });
  const element = h("div", { class: "inside-images", hidden: true }, buttons, place);
  let view = null;
  let chosen = null;
  let shown = null; // "favourite" or "evidence"
  let drawn = null; // what for: the step, the unit
  let drawnOf = null; // and the sample, as the session has it: two drawings are told apart by nothing else
  let out = false;
  let redraw = () => {};

  function show(kind) {
    shown = shown === kind ? null : kind;
    drawn = null;
    draw();
  }

  function choose(next, at) {
    [view, chosen] = [next, at];
    drawn = null;
    const { classes, kind } = view.session.data;
    element.hidden = kind !== "images" || !view.image;
    spoke.hidden = !classes;
    draw();
  }

  /** The class whose evidence is shown: the chosen answer, else the one that the network names. */
  function classOf() {
    const last = view.stages.length - 1;
    const given = view.answer() ?? [];
    if (chosen.stage === last && given.length === view.stages[last].units) return chosen.unit;
    return given.indexOf(Math.max(...given));
  }

  const keyOf = () =>
    JSON.stringify([
      shown,
      chosen,
      view.frame.run,
      shown === "favourite" && view.session.status === "running" ? null : view.frame.step,
      shown === "evidence" && classOf(),
    ]);

  const sampleNow = () => (shown === "evidence" ? view.session.sample : null);

  function draw() {
    if (!chosen || element.hidden) return;
    best.setAttribute("aria-pressed", shown === "favourite");
    spoke.setAttribute("aria-pressed", shown === "evidence");
    const k = classOf();
    const name = view.session.data.classes?.[k] ?? k;
    say(spoke, k < 0 ? "what spoke for the answer" : `what spoke for “${name}”`);
    if (!shown) {
      place.replaceChildren();
      return;
    }
    if (drawn !== keyOf() || drawnOf !== sampleNow()) ask();
  }

  async function ask() {
    if (out) return;
    const [key, sample, kind, asked] = [keyOf(), sampleNow(), shown, chosen];
    const { place: layer } = view.stages[asked.stage];
    const name = view.names.unit(asked.stage, asked.unit);
    const isFavourite = kind === "favourite";
    const k = classOf();
    const more = isFavourite ? { layer, unit: asked.unit } : { of: "sample", class: k < 0 ? null : k };
    out = true;
    try {
      const reply = await store.send({ kind, ...more }, undefined, { quiet: true });
      redraw = () => fill(place, isFavourite ? favourite(reply, name) : evidence(reply));
    } catch (error) {
      redraw = () => fill(place, h("p", { class: "inside-note" }, sentenceCase(error.message)));
    }
    if (kind === shown && asked === chosen) redraw(); // another may be looked at by now
    [out, drawn, drawnOf] = [false, key, sample];
    setTimeout(draw, 400); // something newer may have come meanwhile
  }

  function close() {
    [shown, drawn, chosen] = [null, null, null];
    place.replaceChildren();
  }
  return { element, choose, draw, close, recolour: () => shown && redraw() };
}

const toggle = (text, onclick) =>
  h("button", { class: "button outlined small", type: "button", "aria-pressed": "false", onclick }, text);

function favourite({ value, array, shape }, name) {
  const [height, width, channels = 1] = shapeOf(shape.image);
  const picture = paint(width, height, (k) => {
    if (channels === 3) return [0, 1, 2].map((c) => array.image[3 * k + c]);
    const at = 4 * Math.round(Math.min(Math.max(array.image[k], 0), 255));
    return greyTable().subarray(at, at + 3);
  });
  const found = "for this image, found by gradient ascent from grey";
  const words = `${name}: ${numeral(value)} ${found}`;
  return figureOf(picture, words, `Favourite image, ${words}`);
}

function evidence({ name: of, value, probability, array, shape }) {
  const sure = Number.isFinite(probability) ? `, ${(100 * probability).toFixed(1)} %` : "";
  const kinds = [
    ["gradient", "gradient × input", "to first order, what each pixel adds to"],
    ["occlusion", "occlusion", "what hiding the pixel's patch takes from"],
  ];
  const pictures = kinds.map(([kind, title, does]) => {
    const range = rangeOf(array[kind]);
    const picture = paintEvidence(array[kind], shape[kind], array.image);
    const legend = h(
      "span",
      { class: "inside-range" },
      h("span", { class: "against" }, `against −${figures(range, 2)}`),
      h("span", { class: "for" }, `for +${figures(range, 2)}`),
    );
    const words = `${title}: ${does} the logit of “${of}”`;
    return figureOf(picture, words, `${words}; full colour at ±${figures(range, 2)}`, legend);
  });
  return [...pictures, h("p", { class: "inside-note" }, `“${of}”: logit ${numeral(value)}${sure}`)];
}

const shapeOf = (shape) => (shape.length === 3 && shape[0] <= 3 ? [shape[1], shape[2], shape[0]] : shape);

function rangeOf(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/** Blue against and orange for, over the sample in faint ink. */
function paintEvidence(values, [height, width], image) {
  const range = rangeOf(values) || 1;
  const lut = divergingTable();
  const ink = greyTable();
  const channels = image ? image.length / (height * width) : 1;
  return paint(width, height, (k) => {
    const at = 4 * (128 + Math.round((127 * values[k]) / range));
    const share = Math.sqrt(Math.abs(values[k]) / range);
    const under = 4 * Math.round(FAINT * (image?.[k * channels] ?? 0));
    return [0, 1, 2].map((c) => Math.round((1 - share) * ink[under + c] + share * lut[at + c]));
  });
}

function paint(width, height, colour) {
  const canvas = h("canvas", { width, height, role: "img" });
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  for (let k = 0; k < width * height; k += 1) picture.data.set([...colour(k), 255], 4 * k);
  pen.putImageData(picture, 0, 0);
  return canvas;
}

function figureOf(canvas, words, label, legend = null) {
  canvas.setAttribute("aria-label", label);
  return h("figure", {}, canvas, legend, h("figcaption", {}, words));
}
