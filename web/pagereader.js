import { normalize } from "./normalize.js";
import { predict } from "./pagenetwork.js";
import { refusedByAnswer, refusedByInk } from "./refusal.js";

const WORDS = {
  blank: "nothing is drawn",
  dot: "not a digit: a dot",
  line: "not a digit: straight lines",
};

/**
 * Reads drawings, and images as they are, with a network. A reading is {image, predicted, best, name, why,
 * said}: 784 bytes, what `predict` returned, the likeliest class's number, its name if it is named, else why
 * it is not, and that in words. Of a drawing also its stages.
 */
export function makeReader(network) {
  const thing = network.digits ? "digit" : "class";

  function refused(logits, byInk) {
    if (!logits.every(Number.isFinite)) return "unsure"; // of a network that diverged
    return byInk() ?? refusedByAnswer(logits, network.refusal);
  }

  function words(why) {
    if (why === "unsure") return `unsure: it is like more than one ${thing}`;
    if (why === "none") return `not a ${thing}: it is like none of them`;
    return WORDS[why];
  }

  /** `byInk` says, if the network answers at all, whether the ink is none of a digit. */
  function reading(image, byInk) {
    const predicted = predict(network, image);
    const best = predicted.probabilities.indexOf(Math.max(...predicted.probabilities));
    const why = refused(predicted.logits, byInk);
    const name = why ? null : network.classes[best];
    return { image, predicted, best, name, why, said: why ? words(why) : name };
  }

  /** Read an image as the network gets it: 784 bytes. */
  function readImage(image) {
    return reading(image, () => null);
  }

  /** Read a grey picture of a drawing: bytes, row by row. */
  function readDrawing(grey, width, height) {
    const stages = normalize(grey, width, height);
    if (!stages) return { ...readImage(new Uint8Array(network.inputs)), name: null, why: "blank", said: WORDS.blank };
    const { cropped, image } = stages;
    const byInk = () => (network.digits ? refusedByInk(cropped, image, network.refusal) : null);
    return { ...reading(image, byInk), stages };
  }

  return { readImage, readDrawing };
}
