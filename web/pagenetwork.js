import { LAYERS } from "./pagelayers.js";

/**
 * Ask a network what an image is: 784 numbers from 0 (paper) to 255 (ink), row by row.
 * Returns {activations, logits, probabilities}: what goes into the first layer and what leaves each; the last
 * of these, from which the answer is made; and how likely each class is.
 */
export function predict(network, pixels) {
  if (pixels.length !== network.inputs) {
    throw new RangeError(`predict: expected ${network.inputs} pixels, received ${pixels.length}`);
  }
  const activations = [scaled(pixels, network.scaling)];
  for (const layer of network.layers) {
    activations.push(LAYERS[layer.kind](activations.at(-1), layer));
  }
  const logits = activations.at(-1);
  return { activations, logits, probabilities: PROBABILITIES[network.answers](logits) };
}

/** x = (pixel − shift) · scale: of 0 to 255 it is mostly 0 to 1. One shift and scale for all, or one each. */
function scaled(pixels, scaling) {
  const x = Float64Array.from(pixels);
  if (!scaling) return x;
  const [shift, scale] = [scaling.shift, scaling.scale].map((one) => (i) => one[i] ?? one);
  return x.map((pixel, i) => (pixel - shift(i)) * scale(i));
}

/** What the numbers of the last layer mean: that depends on what it was trained with. */
const PROBABILITIES = {
  softmax: (z) => LAYERS.Softmax(z, { features: z.length }),
  sigmoid: (z) => shared(LAYERS.Sigmoid(z)),
  values: (z) => shared(z.map((v) => Math.min(Math.max(v, 0), 1))),
};

/** Shares of 1. A single number is the probability of the second of two classes. */
function shared(p) {
  if (p.length === 1) return Float64Array.of(1 - p[0], p[0]);
  const sum = p.reduce((all, v) => all + v, 0);
  return p.map((v) => (sum > 0 ? v / sum : 1 / p.length));
}
