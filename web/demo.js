import { watchTheme } from "./colours.js";
import { answerPart } from "./demoanswer.js";
import { galleryPart } from "./demogallery.js";
import { headPart } from "./demohead.js";
import { padPart } from "./demopad.js";
import { weightsPart } from "./demoweights.js";
import { h } from "./dom.js";
import { wearTheme } from "./theme.js";

/** The choice among the test images, {seed, number}: a part without looks, which the gallery gives to. */
const choice = { give: null };
const picked = answerPart("Choose an image: the network says what it is.");

const PARTS = {
  head: headPart,
  gallery: () => {
    const hide = (none) => (picked.element.hidden = none);
    return galleryPart((value, event) => choice.give(value, event), hide);
  },
  choice: (give) => {
    choice.give = give;
    return { element: null, show() {} };
  },
  picked: () => picked,
  pad: padPart,
  drawn: () => answerPart("Draw a digit: the network reads it while you draw."),
  found: () => answerPart("Choose a photo or drop it above: each digit in it is found and read."),
  weights: weightsPart,
};

let sheet = null;

/**
 * Draw a part of the page into an element of Gradio's, which hands over its `props`, `trigger(event)` and
 * `watch(name, call)`. A part is {element, show(value)}; it gives values to Gradio by give(value, event).
 */
function mount(name, { element, props, trigger, watch, css }) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  const give = (value, event = "input") => {
    props.value = value;
    trigger(event);
  };
  const part = PARTS[name](give);
  if (!part.element) return;
  const host = h("div", { class: "glassnet-part" });
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  const root = h("div", { class: `studio demo of-${name}` }, part.element);
  wearTheme(root);
  shadow.append(root);
  element.append(host);
  watchTheme(root);
  const show = () => part.show(props.value || null);
  watch("value", show);
  show();
}

export default { mount };
