import { atMost } from "./calm.js";
import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { figures } from "./numbers.js";
import { asSigned, pixelPicture, scaleLegend } from "./pagepictures.js";
import { weightsOf } from "./pagelayout.js";

const SAID_MS = 800;

/**
 * One unit of the first layer: its weights, what they make of the ink, its sum, and which answer it speaks
 * for. {element, show(unit, reading, aloud)}
 */
export function unitView(network, stages, limit) {
  const [stage, next] = stages;
  const weights = pixelPicture({ "aria-label": "Weights" });
  const products = pixelPicture({ "aria-label": "Each weight times its pixel" });
  const legend = scaleLegend();
  const title = h("h3");
  const sum = h("p");
  const votes = h("p");
  const status = h("div", { class: "hidden-text", role: "status" });
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const picture = (made, name, more) => h("figure", {}, made.element, h("figcaption", {}, name, more ?? ""));
  const element = h(
    "div",
    { class: "unit" },
    picture(weights, "weights w ", legend.element),
    picture(products, "pixel × weight"),
    h("div", { class: "unit-words" }, title, sum, votes),
    status,
  );
  legend.show(figures(limit, 2));

  /** What its activation adds to the answer, and of all classes to which most and least. */
  function votesOf(unit, active, { best, name }) {
    if (stages.length !== 2 || next.units !== network.classes.length) return "";
    if (active === 0) return "It is silent: it speaks for no answer.";
    const each = Array.from({ length: next.units }, (_, k) => active * next.layer.W[unit * next.units + k]);
    const voteFor = (k) => `${apart(network.classes[k])} (${signed(each[k])})`;
    const [most, least] = [Math.max(...each), Math.min(...each)].map((value) => each.indexOf(value));
    const here = name === null || best === most || best === least ? "" : `, and here for ${voteFor(best)}`;
    return `It speaks most for ${voteFor(most)}, most against ${voteFor(least)}${here}.`;
  }

  /** Show a unit; `aloud` for a screen reader too. */
  function show(unit, reading, aloud) {
    const { predicted } = reading;
    const own = weightsOf(stage.layer, unit);
    const x = predicted.activations[stage.place];
    const each = own.map((w, i) => w * x[i]);
    const [z, active] = [stage.place + 1, stage.at].map((at) => predicted.activations[at][unit]);
    weights.show(own, asSigned(limit));
    products.show(each, asSigned(Math.max(...each.map(Math.abs))));
    const answer = `The answer ${network.classes[unit] ?? unit}`;
    say(title, next ? `Unit ${unit} of ${grouped(stage.units)}` : answer);
    const b = stage.layer.b?.[unit];
    const added = figures(each.reduce((all, one) => all + one, 0));
    const bias = b ? ` + b = ${added} ${sign(b)} ${figures(Math.abs(b))}` : "";
    const handed = stages.length > 1 ? `; it hands on ${figures(active)}` : "";
    say(sum, `Σ x w${bias} = ${figures(z)}${handed}`);
    say(votes, votesOf(unit, active, reading));
    if (aloud) speak([title, sum, votes].map((one) => one.textContent).join(". "));
  }

  return { element, show };
}

/** A name in a sentence: one in Hebrew does not turn the numbers after it round. */
const apart = (name) => `\u2068${name}\u2069`;
const sign = (value) => (value < 0 ? "−" : "+");
const signed = (value) => `${sign(value)}${figures(Math.abs(value), 2)}`;
