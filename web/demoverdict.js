import { h, say } from "./dom.js";
import { paintBytes } from "./drawpictures.js";
import { percent } from "./format.js";

/** Predicted and actual beside the image, and whether that is right, by a word and a sign. */
export function verdictView() {
  const canvas = h("canvas", { role: "img", width: 28, height: 28 });
  const predicted = h("b", { class: "verdict-name" });
  const actual = h("b", { class: "verdict-name" });
  const sure = h("small", { class: "quiet" });
  const sign = h("i", { "aria-hidden": "true" });
  const word = h("span", {});
  const badge = h("p", { class: "verdict-badge" }, sign, word);
  const element = h(
    "div",
    { class: "verdict" },
    canvas,
    h("div", {}, h("span", { class: "quiet" }, "predicted"), predicted, sure),
    h("div", {}, h("span", { class: "quiet" }, "actual"), actual, h("small", { class: "quiet" }, "its true label")),
    badge,
  );
  let words = "";

  function show({ digits: [digit], actual: truth, right, array, shape }) {
    paintBytes(canvas, array.image, shape.image);
    canvas.setAttribute("aria-label", `The image: ${truth}`);
    const name = digit.name ?? "–";
    say(predicted, name);
    say(actual, truth);
    say(sure, digit.name === null ? digit.said : `${percent(Math.max(...digit.probabilities), 1)} sure`);
    say(sign, right ? "✓" : "✗");
    say(word, right ? "right" : "wrong");
    badge.className = `verdict-badge ${right ? "right" : "wrong"}`;
    element.classList.toggle("worded", Math.max(name.length, truth.length) > 2);
    words = `Predicted ${name}, actual ${truth}: ${right ? "right" : "wrong"}`;
  }

  return { element, show, said: () => words };
}
