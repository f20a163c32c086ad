/**
 * The layers with weights as they are shown: {layer, place, at, units}. `activations[at]` are the numbers
 * that a stage hands on to the next, after its ReLU, say; `activations[place + 1]` its sums before that.
 */
export function stagesOf(network) {
  const places = network.layers.flatMap((layer, place) => (layer.kind === "Dense" ? [place] : []));
  return places.map((place, k) => ({
    layer: network.layers[place],
    place,
    at: places[k + 1] ?? network.layers.length,
    units: network.layers[place].units,
  }));
}

/** Column j of a layer's W: the weights of unit j. */
export function weightsOf({ W, units }, j) {
  return Float64Array.from({ length: W.length / units }, (_, i) => W[i * units + j]);
}

const ENOUGH = 50000; // numbers to judge by

/** A limit that all but one in so many numbers are below, for a scale of colours. */
export function usualLimit(numbers, oneIn = 500) {
  const every = Math.ceil(numbers.length / ENOUGH);
  const sizes = numbers.filter((_, i) => i % every === 0).map(Math.abs).sort();
  return sizes[Math.floor((1 - 1 / oneIn) * (sizes.length - 1))] || 1;
}
