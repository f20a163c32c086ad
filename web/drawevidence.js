import { onTheme } from "./colours.js";
import { h, say } from "./dom.js";
import { paintSigned } from "./drawpictures.js";
import { scaleStrip } from "./legend.js";
import { figures } from "./numbers.js";
import { percent } from "./format.js";

const PIXEL = 10; // canvas pixels for one of the image's
const KINDS = [
  [
    "gradient",
    "gradient × input",
    "How much each pixel adds to the class's logit: its ink times the slope there",
  ],
  [
    "occlusion",
    "occlusion",
    "How far the class's logit falls when a small patch around the pixel is blanked",
  ],
];

/** Which pixels spoke for and against a class: {element, show(evidence), tell(text)}. */
export function evidenceView() {
  const title = h("p", {});
  const parts = KINDS.map(([name, words, about]) => part(name, words, about));
  const pictures = h(
    "div",
    { class: "evidence-pictures" },
    parts.map((one) => one.element),
  );
  const legend = h(
    "p",
    { class: "quiet small" },
    "blue speaks against, orange for; the line is the edge of your ink",
  );
  const element = h("div", { class: "draw-evidence" }, title, pictures, legend);
  let shown = null;

  function show(evidence) {
    shown = evidence;
    pictures.hidden = legend.hidden = !evidence;
    if (!evidence) return;
    const { name, value, probability, array, shape } = evidence;
    say(title, `For and against ${name}: logit ${figures(value)}, ${percent(probability)}`);
    for (const one of parts) one.draw(array[one.name], array.image, shape[one.name], name);
  }

  function tell(text) {
    show(null);
    say(title, text);
  }

  onTheme(() => shown && show(shown));
  tell("");
  return { element, show, tell };
}

function part(name, words, about) {
  const canvas = h("canvas", { role: "img" });
  const strip = scaleStrip();
  strip.element.ariaHidden = "true"; // it calls them colours of weights; the legend says what they are here
  const [low, high] = [h("span", {}), h("span", {})];
  const element = h(
    "figure",
    { dataset: { tip: about } },
    canvas,
    h("figcaption", {}, words),
    h("div", { class: "evidence-scale quiet small" }, low, strip.element, high),
  );

  function draw(values, ink, shape, label) {
    const [height, width] = shape.slice(-2);
    const limit = roundUp(values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0));
    const edge = getComputedStyle(canvas).color;
    strip.draw(false);
    paintSigned(canvas, values, ink, [height, width], limit, { scale: PIXEL, edge });
    say(low, `\u2212${figures(limit, 1)}`);
    say(high, `+${figures(limit, 1)}`);
    const [most, least] = [Math.max(...values), Math.min(...values)];
    const at = (value) =>
      `pixel (${Math.floor(values.indexOf(value) / width)}, ${values.indexOf(value) % width})`;
    const said = Number.isFinite(most - least)
      ? `${words} for ${label}: most for it ${figures(most)} at ${at(most)}, ` +
        `most against ${figures(least)} at ${at(least)}`
      : `${words} for ${label}: its numbers are not finite`;
    if (canvas.getAttribute("aria-label") !== said) canvas.setAttribute("aria-label", said);
  }

  return { name, element, draw };
}

/** 1, 2 or 5 times a power of ten, not below the number: a scale that keeps still while the numbers move. */
function roundUp(most) {
  if (!(most > 0) || !Number.isFinite(most)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * [1, 2, 5, 10].find((step) => step * power >= most * 0.999);
}
