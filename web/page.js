import { predict } from "./pagenetwork.js";
import { readExamples, readNetwork } from "./pageweights.js";
import { normalize } from "./normalize.js";
import { makeReader } from "./pagereader.js";
import { watchTheme } from "./colours.js";
import { h } from "./dom.js";
import { grouped } from "./format.js";
import { SIDE } from "./padsheet.js";
import { answerPanel } from "./pageanswer.js";
import { exampleGallery } from "./pageexamples.js";
import { glass, strip } from "./pageglass.js";
import { stagesOf } from "./pagelayout.js";
import { padWithTools } from "./pagepad.js";
import { asInk, pixelPicture } from "./pagepictures.js";
import { unitView } from "./pageunit.js";
import { themeButton, wearTheme } from "./theme.js";

const network = readNetwork(document);
const reader = makeReader(network);
let showing = null; // the reading on the screen

/** For other programs, and to play with in the console: glassnet.predict(pixels).probabilities, say. */
window.glassnet = Object.freeze({
  network,
  predict: (pixels) => predict(network, pixels),
  normalize,
  read: (pixels) => showReading(reader.readImage(Uint8Array.from(pixels))),
  readDrawing: (grey, width, height) => showReading(reader.readDrawing(grey, width, height)),
  reading: () => showing,
});

const page = document.getElementById("page");
wearTheme(page);
watchTheme(page);
page.querySelector("header").append(themeButton());

// ---- the parts

const desk = padWithTools(drawn, network.digits ? "a digit" : "something");
const seen = pixelPicture({ "aria-label": "What the network sees: 28 by 28 pixels" });
const answer = answerPanel(network);
const examples = network.examples ? exampleGallery(readExamples(document), network.examples, chosen) : null;
const inside = network.layers.some((layer) => layer.kind === "Dense") ? insideOf(stagesOf(network)) : null;

const sees = h("figure", { class: "sees" }, seen.element, h("figcaption", {}, "what the network sees"));
const result = h("section", { class: "result", "aria-label": "Answer" }, sees, answer.element);
page.querySelector("main").append(desk.element, result);
if (inside) page.querySelector("main").append(inside.element);
if (examples) page.querySelector("main").append(examples.element);
showReading(reader.readDrawing(desk.pad.picture(), SIDE, SIDE));

// ---- from a change to the screen

let due = false;

/** The drawing has changed: read it once before the next picture of the screen. */
function drawn() {
  examples?.release();
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    showReading(reader.readDrawing(desk.pad.picture(), SIDE, SIDE));
  });
}

function chosen(image, label) {
  showReading(reader.readImage(image), label);
}

function showReading(reading, label = null) {
  showing = reading;
  seen.show(reading.image, asInk);
  answer.show(reading, label);
  inside?.show(reading);
  return reading;
}

/** The network between image and answer: {element, show(reading)}. */
function insideOf(stages) {
  const [first, ...later] = stages;
  const units = glass(first, choose);
  const unit = unitView(network, stages, units.limit);
  const hidden = later.slice(0, -1);
  const strips = hidden.map((stage, k) => strip(stage, `hidden layer ${k + 2}: ${stage.units} units`));
  let [kept, pointed] = [null, null];
  const some = `${grouped(units.count)} of ${grouped(first.units)} units`;
  const many = units.count < first.units ? some : "the units";
  const what = later.length ? `${many} of the first layer` : "the weights of each answer";
  const element = h(
    "section",
    { class: hidden.length ? "inside deep" : "inside", "aria-label": "Inside the network" },
    h("h2", {}, `Inside: ${what}`),
    units.element,
    strips.map((one) => one.element),
    unit.element,
  );

  function choose(j, keep) {
    pointed = keep ? null : j;
    if (keep) kept = j === kept ? null : j;
    refresh(keep);
  }

  /** The unit that is pointed at or was chosen, else the most active one; of answers the highest. */
  function refresh(aloud = false) {
    const active = showing.predicted.activations[first.at].subarray(0, units.count);
    const height = later.length ? Math.abs : (a) => a;
    const strongest = active.reduce((best, a, j) => (height(a) > height(active[best]) ? j : best), 0);
    const j = pointed ?? kept ?? strongest;
    unit.show(j, showing, aloud);
    units.mark(j);
  }

  function show(reading) {
    units.show(reading.why === "blank" ? null : reading.predicted.activations[first.at]);
    strips.forEach((one, k) => one.show(reading.predicted.activations[hidden[k].at]));
    refresh();
  }

  return { element, show };
}
