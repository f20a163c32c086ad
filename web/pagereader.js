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

  function words(why) {
    if (why === "unsure") return `unsure: it is like more than one ${thing}`;
    if (why === "none") return `not a ${thing}: it is like none of them`;
    return WORDS[why];
  }

  function reading(image, refused) {
    const predicted = predict(network, image);
    const best = predicted.probabilities.indexOf(Math.max(...predicted.probabilities));
    const why = refused ?? refusedByAnswer(predicted, network.refusal);
    const name = why ? null : network.classes[best];
    return { image, predicted, best, name, why, said: why ? words(why) : name };
  }

  /** Read an image as the network gets it: 784 bytes. */
  function readImage(image) {
    return reading(image, null);
  }

  /** Read dark ink on white paper: bytes, row by row. */
  function readDrawing(grey, width, height) {
    const stages = normalize(grey, width, height);
    if (!stages) return reading(new Uint8Array(network.inputs), "blank");
    const refused = network.digits ? refusedByInk(stages.cropped, network.refusal) : null;
    return { ...reading(stages.image, refused), stages };
  }

  return { readImage, readDrawing };
}
