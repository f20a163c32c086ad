/*
 * The layers of a network. Each function takes the numbers x that come in and returns those that go out; the
 * second argument holds what the layer has learnt (W, b, γ, β, …) and was told (units, slope, ε). There is
 * nothing else to a trained network.
 */

/** Dense: yⱼ = Σᵢ xᵢ Wᵢⱼ + bⱼ. W has a row for each input and a column for each unit. */
function dense(x, { W, b, units }) {
  const y = b ? Float64Array.from(b) : new Float64Array(units);
  for (let i = 0; i < x.length; i += 1) {
    if (x[i] === 0) continue; // adds nothing, and most of an image is paper
    for (let j = 0; j < units; j += 1) y[j] += x[i] * W[i * units + j];
  }
  return y;
}

/** ReLU: y = max(x, 0). */
function relu(x) {
  return x.map((v) => Math.max(v, 0));
}

/** LeakyReLU: y = x above zero, slope · x below it. */
function leakyRelu(x, { slope }) {
  return x.map((v) => Math.max(v, slope * v));
}

/** Sigmoid: y = 1 / (1 + e⁻ˣ). */
function sigmoid(x) {
  return x.map((v) => 1 / (1 + Math.exp(-v)));
}

/** Tanh: y = tanh x. */
function tanh(x) {
  return x.map(Math.tanh);
}

/** GELU, in the form with tanh: y = ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
function gelu(x) {
  return x.map((v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))));
}

/** Softmax: yⱼ = e^xⱼ / Σₖ e^xₖ. The largest is subtracted first, so that no power overflows. */
function softmax(x, { features }) {
  return eachRow(x, features, (row) => {
    const largest = Math.max(...row);
    const powers = row.map((v) => Math.exp(v - largest));
    const sum = total(powers);
    return powers.map((power) => power / sum);
  });
}

/** BatchNorm: y = γ (x − μ) / √(σ² + ε) + β, with the mean μ and the variance σ² that training has seen. */
function batchNorm(x, { gamma, beta, running_mean: mean, running_variance: variance, epsilon }) {
  return x.map((v, i) => (gamma[i] * (v - mean[i])) / Math.sqrt(variance[i] + epsilon) + beta[i]);
}

/** LayerNorm: y = γ (x − μ) / √(σ² + ε) + β, with the mean μ and the variance σ² of these numbers. */
function layerNorm(x, { gamma, beta, features, epsilon }) {
  return eachRow(x, features, (row) => {
    const mean = total(row) / row.length;
    const variance = total(row.map((v) => (v - mean) ** 2)) / row.length;
    return row.map((v, i) => (gamma[i] * (v - mean)) / Math.sqrt(variance + epsilon) + beta[i]);
  });
}

/** Dropout silences units at random while a network is trained, Flatten lays rows in a row: nothing to do. */
function asItIs(x) {
  return x;
}

export const LAYERS = {
  Dense: dense,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  Sigmoid: sigmoid,
  Tanh: tanh,
  GELU: gelu,
  Softmax: softmax,
  BatchNorm: batchNorm,
  LayerNorm: layerNorm,
  Dropout: asItIs,
  Flatten: asItIs,
};

function total(numbers) {
  return numbers.reduce((sum, v) => sum + v, 0);
}

/** Do something with each row of so many numbers: a vector is one row, an image has several. */
function eachRow(x, features, what) {
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += features) {
    y.set(what(x.slice(start, start + features)), start);
  }
  return y;
}
