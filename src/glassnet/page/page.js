// Composed from web/*.js by scripts/compose_view.py: change those, then run it.

// ── web/pagelayers.js
const $pagelayers = (() => {
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

const LAYERS = {
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
return { LAYERS };
})();

// ── web/pagenetwork.js
const $pagenetwork = (() => {
const { LAYERS } = $pagelayers;
/**
 * Ask a network what an image is: 784 numbers from 0 (paper) to 255 (ink), row by row.
 * Returns {activations, logits, probabilities}: what goes into the first layer and what leaves each; the last
 * of these, from which the answer is made; and how likely each class is.
 */
function predict(network, pixels) {
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
return { predict };
})();

// ── web/pageweights.js
const $pageweights = (() => {
const TYPES = { int8: Int8Array, int16: Int16Array, float32: Float32Array, float64: Float64Array };

/**
 * The network that this page holds: its description, and in each layer its weights, which stand at the end of
 * the page in base64 (four letters for three bytes), the lowest byte first.
 */
function readNetwork(page) {
  if (!page.getElementById("end")) throw new Error("the file is cut off: its end, with weights, is missing");
  const network = JSON.parse(page.getElementById("network").textContent);
  for (const place of page.querySelectorAll("script[data-layer]")) {
    const { layer, name, type, step } = place.dataset;
    const numbers = new TYPES[type](bytesOf(place.textContent).buffer);
    network.layers[layer - 1][name] = step ? new Float64Array(numbers).map((n) => n * step) : numbers;
  }
  return network;
}

/** The images to choose from, 784 bytes each. */
function readExamples(page) {
  return bytesOf(page.getElementById("examples").textContent);
}

/** The bytes of a text in base64, line breaks or not. */
function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
return { readNetwork, readExamples };
})();

// ── web/components.js
const $components = (() => {
/**
 * Which pixels hang together, over corners too: those for which `inside(i)` holds. Returns {labels, parts}:
 * for each pixel the number of its part, from 1, or 0; and each part's {box: [x0, y0, x1, y1], area}, the
 * box's ends beyond the last pixel, in the order of their first pixels as one reads.
 */
function components(width, height, inside) {
  const labels = new Int32Array(width * height);
  const parts = [];
  const open = [];

  function take(i) {
    labels[i] = parts.length;
    open.push(i);
  }

  for (let first = 0; first < labels.length; first += 1) {
    if (labels[first] || !inside(first)) continue;
    const part = { box: [width, height, 0, 0], area: 0 };
    parts.push(part);
    take(first);
    while (open.length) {
      const i = open.pop();
      const x = i % width;
      const y = (i - x) / width;
      part.area += 1;
      grow(part.box, x, y);
      for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v += 1) {
        for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u += 1) {
          const near = v * width + u;
          if (!labels[near] && inside(near)) take(near);
        }
      }
    }
  }
  return { labels, parts };
}

function grow(box, x, y) {
  if (x < box[0]) box[0] = x;
  if (y < box[1]) box[1] = y;
  if (x >= box[2]) box[2] = x + 1;
  if (y >= box[3]) box[3] = y + 1;
}

/** The box around two. */
function around(a, b) {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
return { components, around };
})();

// ── web/pageranks.js
const $pageranks = (() => {
/** The k-th smallest of numbers, from 0, and the next after it (Hoare's selection: reorders them). */
function ranked(values, k) {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i += 1;
      while (values[j] > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
      i += 1;
      j -= 1;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  let next = k + 1 < values.length ? Infinity : values[k];
  for (let i = k + 1; i < values.length; i += 1) if (values[i] < next) next = values[i];
  return [values[k], next];
}

/** The number in the middle, or the mean of the two there. Reorders them. */
function median(values) {
  const [one, other] = ranked(values, (values.length - 1) >> 1);
  return values.length % 2 ? one : (one + other) / 2;
}
return { ranked, median };
})();

// ── web/pageturned.js
const $pageturned = (() => {
/** A picture {values, width, height} with its rows as columns. */
function turned({ values, width, height }) {
  const over = new values.constructor(values.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) over[x * height + y] = values[y * width + x];
  }
  return { values: over, width: height, height: width };
}
return { turned };
})();

// ── web/pagewidest.js
const $pagewidest = (() => {
/*
 * The largest and the smallest value in a square of 2·reach + 1 around each pixel of {values, width, height};
 * beyond the edges there is nothing. As `widest` of glassnet.data.background: over rows, then over columns.
 */

function widest(picture, reach) {
  return inBoth(picture, reach, 1);
}

function narrowest(picture, reach) {
  return inBoth(picture, reach, -1);
}

function inBoth({ values, width, height }, reach, sign) {
  const rows = { lines: height, apart: width, count: width, step: 1 };
  const columns = { lines: width, apart: 1, count: height, step: width };
  const across = largest(values, rows, reach, sign);
  return { values: largest(across, columns, reach, sign), width, height };
}

/**
 * In each of the lines, which begin so far apart: the largest of values · sign within reach of each, · sign.
 * By van Herk: blocks as long as the window; a window is the end of one and the beginning of the next.
 */
function largest(values, { lines, apart, count, step }, reach, sign) {
  const window = 2 * reach + 1;
  const wide = new Float32Array(values.length);
  const edged = new Float32Array(count + 2 * reach).fill(-Infinity);
  const [begun, ends] = [edged.slice(), edged.slice()]; // the largest in a block so far, and from there on
  for (let line = 0; line < lines; line += 1) {
    const start = line * apart;
    for (let i = 0; i < count; i += 1) edged[reach + i] = sign * values[start + i * step];
    for (let i = 0, most = -Infinity; i < edged.length; i += 1) {
      if (i % window === 0 || edged[i] > most) most = edged[i];
      begun[i] = most;
    }
    for (let i = edged.length - 1, most = -Infinity; i >= 0; i -= 1) {
      if ((i + 1) % window === 0 || edged[i] > most) most = edged[i];
      ends[i] = most;
    }
    for (let i = 0; i < count; i += 1) {
      const one = ends[i];
      const other = begun[i + window - 1];
      wide[start + i * step] = sign * (one > other ? one : other);
    }
  }
  return wide;
}
return { widest, narrowest };
})();

// ── web/rounding.js
const $rounding = (() => {
/** To the nearest whole number, of two that are as near to the even one: as Python rounds. */
function rounded(x) {
  const down = Math.floor(x);
  const over = x - down;
  if (over === 0.5) return down + (down % 2 === 0 ? 0 : 1);
  return over < 0.5 ? down : down + 1;
}
return { rounded };
})();

// ── web/resample.js
const $resample = (() => {
const { rounded } = $rounding;
/*
 * A grey picture in another size, antialiased: each new pixel is a weighted mean of the old ones around its
 * place. All is rounded where Python's Pillow rounds it.
 */

const ONE = 2 ** 22;

const [LEVEL, WAVE] = [Math.fround(0.54), Math.fround(0.46)]; // in single precision, as Pillow has them

/** Hamming's window over sin(πx)/πx, one pixel to either side: sharp, for making smaller. */
const HAMMING = {
  reach: 1,
  weight(x) {
    if (x === 0) return 1;
    if (Math.abs(x) >= 1) return 0;
    const angle = Math.PI * Math.abs(x);
    return (Math.sin(angle) / angle) * (LEVEL + WAVE * Math.cos(angle));
  },
};

/** Keys's cubic with a = −½, two pixels to either side: for making larger. */
const CUBIC = {
  reach: 2,
  weight(x) {
    const [t, a] = [Math.abs(x), -0.5];
    if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  },
};

/** The mean over the area of a new pixel: for making smaller. */
const BOX = { reach: 0.5, weight: (x) => Number(x > -0.5 && x <= 0.5) };

/** Between the two nearest on a straight line: for making larger. */
const LINEAR = { reach: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) };

/** How wide and high a picture is when it is made smaller, if need be, to at most `side` pixels a side. */
function fitted(width, height, side) {
  const share = Math.min(1, side / Math.max(width, height));
  return [width, height].map((n) => Math.max(1, rounded(share * n)));
}

/** A picture {values, width, height} of bytes in another size. */
function resample(picture, width, height) {
  const smaller = Math.max(width, height) < Math.max(picture.width, picture.height);
  return inBoth(picture, width, height, smaller ? HAMMING : CUBIC, Uint8Array, meanOfBytes, inWholes);
}

/** A picture of numbers in single precision in another size. */
function resampleNumbers(picture, width, height, filter) {
  return inBoth(picture, width, height, filter, Float32Array, mean, (weights) => weights);
}

/** First across, then down. */
function inBoth({ values, width, height }, newWidth, newHeight, filter, Numbers, meanOf, prepared) {
  const across = new Numbers(newWidth * height);
  tapsOf(width, newWidth, filter).forEach(({ start, weights }, x) => {
    const own = prepared(weights);
    for (let y = 0; y < height; y += 1) across[y * newWidth + x] = meanOf(own, values, y * width + start, 1);
  });
  const scaled = new Numbers(newWidth * newHeight);
  tapsOf(height, newHeight, filter).forEach(({ start, weights }, y) => {
    const own = prepared(weights);
    for (let x = 0; x < newWidth; x += 1) {
      scaled[y * newWidth + x] = meanOf(own, across, start * newWidth + x, newWidth);
    }
  });
  return { values: scaled, width: newWidth, height: newHeight };
}

/** For each of the new places: the old one that its mean starts at, and the weights from there on. */
function tapsOf(before, after, { reach, weight }) {
  const scale = before / after;
  const wide = Math.max(scale, 1); // pixels that a new one covers, if it covers any
  return Array.from({ length: after }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - reach * wide + 0.5), 0);
    const end = Math.min(Math.trunc(centre + reach * wide + 0.5), before);
    const at = (k) => (start + k - centre + 0.5) * (1 / wide);
    const weights = Array.from({ length: end - start }, (_, k) => weight(at(k)));
    const sum = weights.reduce((all, one) => all + one, 0);
    return { start, weights: weights.map((one) => one / sum) };
  });
}

function mean(weights, values, start, step) {
  let sum = 0;
  for (let k = 0; k < weights.length; k += 1) sum += weights[k] * values[start + k * step];
  return sum;
}

/** Weights of bytes are whole numbers of 2⁻²². */
function inWholes(weights) {
  return weights.map((one) => Math.round(one * ONE));
}

function meanOfBytes(weights, values, start, step) {
  const sum = ONE / 2 + mean(weights, values, start, step);
  return Math.min(Math.max(Math.floor(sum / ONE), 0), 255);
}
return { BOX, LINEAR, fitted, resample, resampleNumbers };
})();

// ── web/pagebackground.js
const $pagebackground = (() => {
const { median } = $pageranks;
const { turned } = $pageturned;
const { narrowest, widest } = $pagewidest;
const { BOX, LINEAR, fitted, resampleNumbers } = $resample;
const { rounded } = $rounding;
/*
 * Ink on a ground, as in glassnet.data.background: the contrast of a grey picture to what remains of it when
 * everything narrower than a window is filled from its surroundings. The smallest window counts that takes
 * nearly all sharp edges away. In single precision, as there; it evens out no camera's noise, which that does.
 */

const GRID = 160; // pixels a side on which the background is estimated
const WINDOWS = [0.06, 0.12, 0.22, 0.36]; // of the longer side
const LIKELY = 0.85; // of the sharp edges that any window takes away: the first with it tells dark from light
const ENOUGH = 0.97; // of those that any window takes away then
const AT_EDGE = 0.03; // of the sharp edges: those along an edge of the picture are worth that
const ALL = 0.97; // of them: no larger window is tried
const SHARP = 4; // times the usual step from pixel to pixel
const DEVIATION = 1.4826; // of a normal distribution, over its median absolute deviation
const DARKEST = 16; // of 255: a ground is taken to be at least that light
const LIGHTER = 96; // of 255: how much lighter than its ground full light ink is at least taken to be
const MOST_UNEVEN = 4; // times the usual light, or a part of it: more is not evened out
const { fround } = Math;

/**
 * How far each pixel of {values, width, height} stands out from its ground: {values, noise}, 0 is not
 * at all, 1 all the way; `noise` is the standard deviation of that where no ink is. Null if there is no sharp
 * edge, and so no ink.
 */
function contrast({ values: grey, width, height }) {
  const picture = { values: new Float32Array(grey), width, height };
  const side = Math.max(GRID, Math.floor(Math.max(width, height) / 4));
  const found = groundOf(resized(picture, fitted(width, height, side)));
  if (!found) return null;
  const { light } = found;
  const ground = resized(found.ground, [width, height]).values;
  const usual = fround(median(ground.slice()));
  const lit = new Float32Array(grey.length).fill(1); // where it is all but black, light cannot be told from it
  for (let i = 0; usual >= DARKEST && i < lit.length; i += 1) lit[i] = litBy(ground[i], usual);
  const depth = light ? Math.max(fround(255 - usual), LIGHTER) : Math.max(usual, DARKEST);
  const values = new Float32Array(grey.length);
  for (let i = 0; i < grey.length; i += 1) {
    values[i] = fround(light ? grey[i] - ground[i] : ground[i] - grey[i]) / fround(lit[i] * depth);
  }
  const { middle, noise } = level(values, width, height);
  for (let i = 0; i < values.length; i += 1) {
    values[i] -= middle;
    lit[i] = noise * Math.max(1, fround(1 / lit[i])); // the same everywhere, and so the more in shadows
  }
  return { values, noise: lit };
}

/** How much of the usual light falls where the ground is so light. */
function litBy(ground, usual) {
  return Math.min(Math.max(fround(ground / Math.max(usual, 1)), 1 / MOST_UNEVEN), MOST_UNEVEN);
}

/** The median, and the standard deviation around it, of the ground, which most of a picture is. */
function level(values, width, height) {
  const step = 1 + Math.floor(Math.min(width, height) / 250);
  const sample = [];
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) sample.push(values[y * width + x]);
  }
  const numbers = Float32Array.from(sample);
  const middle = fround(median(numbers));
  const away = fround(median(numbers.map((value) => Math.abs(value - middle))));
  return { middle, noise: fround(DEVIATION * away) };
}

/** The ground of a small picture, and whether the ink on it is light; null without sharp edges. */
function groundOf(small) {
  const usual = fround(SHARP * DEVIATION * (median(stepsOf(small)) || 0));
  const before = energy(small, usual);
  if (!before) return null;
  const taken = (ground) => 1 - energy(ground, usual) / before;

  const pictures = [small, each(small, (value) => 255 - value)]; // ink is dark in the one or the other
  const longer = Math.max(small.width, small.height);
  const reaches = WINDOWS.map((share) => Math.max(1, rounded((share * longer) / 2)));
  const shares = [];
  for (const reach of reaches) {
    shares.push(pictures.map((picture) => taken(filled(picture, reach))));
    if (Math.max(...shares.at(-1)) > ALL) break;
  }
  const most = Math.max(...shares.flat());
  const likely = shares.find((pair) => Math.max(...pair) >= LIKELY * most);
  const light = likely[1] > likely[0];
  const own = shares.map((pair) => pair[Number(light)]);
  const best = own.findIndex((share) => share >= ENOUGH * Math.max(...own));
  const picture = pictures[Number(light)];
  let ground = filledOn(picture, reaches[best]);
  if (taken(ground) < own[best] - AT_EDGE) ground = filled(picture, reaches[best]); // there is ink at an edge
  return { ground: light ? each(ground, (value) => 255 - value) : ground, light };
}

/** How much the step from pixel to pixel changes, downwards and to the right, after a 0, as in Python. */
function stepsOf(picture) {
  const { width, height } = picture;
  const steps = new Float32Array(1 + width * Math.max(height - 2, 0) + height * Math.max(width - 2, 0));
  let k = 1;
  eachStep(picture, (step) => {
    steps[k] = step;
    k += 1;
  });
  return steps;
}

/** The squares of the steps that are larger than usual, added up. */
function energy(picture, usual) {
  let sum = 0;
  eachStep(picture, (step) => {
    if (step > usual) sum += fround(step * step);
  });
  return sum;
}

function eachStep({ values, width, height }, visit) {
  for (let i = 0; i < width * (height - 2); i += 1) visit(bend(values, i, width));
  for (let y = 0; y < height; y += 1) {
    for (let i = y * width; i < (y + 1) * width - 2; i += 1) visit(bend(values, i, 1));
  }
}

function bend(values, i, step) {
  const middle = values[i + step];
  return Math.abs(fround(fround(values[i + 2 * step] - middle) - fround(middle - values[i])));
}

/** A closing by a square of 2·reach + 1: the largest in each, then the smallest of those in each. */
function filled(picture, reach) {
  return narrowest(widest(picture, reach), reach);
}

/** The same of a picture that goes on beyond its edges as it would if it were turned about them. */
function filledOn(picture, reach) {
  const whole = filled(turned(goneOn(turned(goneOn(picture, reach)), reach)), reach);
  return cut(whole, reach, picture.width, picture.height);
}

/** A picture with `reach` more rows above and below, each so far from the edge's as the one opposite, but up. */
function goneOn({ values, width, height }, reach) {
  const edged = new Float32Array((height + 2 * reach) * width);
  edged.set(values, reach * width);
  const turn = (edge, from, to) => {
    for (let x = 0; x < width; x += 1) {
      edged[to * width + x] = height > 1 ? 2 * edged[edge * width + x] - edged[from * width + x] : values[x];
    }
  };
  const last = reach + height - 1;
  for (let k = 1; k <= reach; k += 1) {
    turn(reach, reach + k, reach - k);
    turn(last, last - k, last + k);
  }
  return { values: edged, width, height: height + 2 * reach };
}

function cut(picture, reach, width, height) {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (y + reach) * picture.width + reach;
    values.set(picture.values.subarray(start, start + width), y * width);
  }
  return { values, width, height };
}

function each({ values, width, height }, change) {
  return { values: values.map(change), width, height };
}

/** Means over areas if it becomes smaller, else interpolated linearly. */
function resized(picture, [width, height]) {
  if (width === picture.width && height === picture.height) return picture;
  const shrinks = width < picture.width || height < picture.height;
  return resampleNumbers(picture, width, height, shrinks ? BOX : LINEAR);
}
return { contrast };
})();

// ── web/pageink.js
const $pageink = (() => {
const { components } = $components;
const { contrast } = $pagebackground;
const { ranked } = $pageranks;
const { rounded } = $rounding;
/*
 * The ink in a grey picture, strokes of 0 to 255, as in glassnet.data.ink: it hangs together, is visible
 * everywhere and clear of the noise in good part, and has sharp edges.
 */

const FAINTEST = 0.05; // contrast below which nothing is ink
const CLEAR = 6; // times the noise that ink must stand out in good part
const MOSTLY = 0.15; // of its pixels are clear
const VISIBLE = 3.5; // times the noise that it must stand out everywhere
const CLEAN = 0.004; // noise that no photo is below
const SHARP = 0.42; // of its height that ink rises at its edges
const SOFT = 0.1; // the same in a picture without noise, which is no photo and has no shadows
const AS_STEEP = 0.4; // times the edges of the largest component
const SMALLEST = 1 / 150 ** 2; // of the picture: less ink is a speck
const SIDE_COVERED = 0.5; // of a side of the picture, by what is not ink but where the paper ends
const { fround } = Math;

/** The ink of a grey picture {values, width, height} of bytes, the same: 255 is full ink, 0 all that is none. */
function inkOf(grey) {
  const { width, height } = grey;
  const ink = { values: new Uint8Array(width * height), width, height };
  const found = contrast(grey);
  if (!found) return ink;
  const { values, noise } = found;
  const [clear, visible] = [new Uint8Array(values.length), new Uint8Array(values.length)];
  for (let i = 0; i < values.length; i += 1) {
    clear[i] = Number(values[i] > Math.max(fround(CLEAR * noise[i]), fround(FAINTEST)));
    visible[i] = Number(values[i] > Math.max(fround(VISIBLE * noise[i]), fround(FAINTEST / 2)));
  }
  const marks = { ...components(width, height, (i) => visible[i]), width, height };
  const kept = keptOf(marks, clear, found);
  const own = Uint8Array.from([false, ...kept]); // by label
  const full = values.filter((_, i) => clear[i] && own[marks.labels[i]]);
  if (!full.length) return ink;
  const factor = fround(255 / nineTenths(full));
  for (let i = 0; i < values.length; i += 1) {
    if (!own[marks.labels[i]]) continue;
    ink.values[i] = rounded(Math.min(Math.max(fround(values[i] * factor), 0), 255));
  }
  return ink;
}

/** Which marks are ink. Those on paper, if there are some, and not the table that it lies on. */
function keptOf(marks, clear, found) {
  const mostly = clearIn(marks, clear);
  const least = SMALLEST * marks.labels.length;
  const seen = marks.parts.map(({ area }, k) => mostly[k] > MOSTLY * area && area >= least);
  const around = surroundings(marks);
  const paper = seen.map((is, k) => is && !around[k]);
  const kept = paper.some(Boolean) ? paper : seen;
  const steep = steepParts(found, marks, kept);
  return kept.map((is, k) => is && steep[k]);
}

/** The value that nine tenths are at most: a tenth is overlap, gloss and noise. Reorders them. */
function nineTenths(values) {
  const place = fround((values.length - 1) * fround(0.9)); // NumPy's percentile is as precise as the values
  const [low, high] = ranked(values, Math.floor(place));
  const [share, way] = [fround(place - Math.floor(place)), fround(high - low)];
  return fround(share < 0.5 ? low + fround(way * share) : high - fround(way * fround(1 - share)));
}

/** How many pixels of each mark are clear. */
function clearIn({ labels, parts }, clear) {
  const counts = new Uint32Array(parts.length + 1);
  labels.forEach((label, i) => {
    counts[label] += clear[i];
  });
  return counts.subarray(1);
}

/** Which parts are a table beside the paper: those that take up much of a side of the picture. */
function surroundings({ labels, parts, width, height }) {
  const much = parts.map(() => false);
  const side = (length, labelAt) => {
    const counts = new Uint32Array(parts.length + 1);
    for (let i = 0; i < length; i += 1) counts[labelAt(i)] += 1;
    parts.forEach((_, k) => {
      much[k] ||= counts[k + 1] > SIDE_COVERED * length;
    });
  };
  side(width, (x) => labels[x]);
  side(width, (x) => labels[(height - 1) * width + x]);
  side(height, (y) => labels[y * width]);
  side(height, (y) => labels[y * width + width - 1]);
  return much;
}

/**
 * Which of the kept parts have edges as steep as ink has; the others are remains of shadows. Measured are the
 * steps, over a hundredth of the picture to either side, where half a part's height is crossed. A part that is
 * narrower than that has none, and is sharp.
 */
function steepParts({ values, noise }, { labels, parts, width, height }, kept) {
  const heights = new Float32Array(parts.length);
  const [steps, counts] = [0, 0].map(() => new Float64Array(parts.length));
  const inked = [];
  labels.forEach((label, i) => {
    if (!label || !kept[label - 1]) return;
    inked.push(i);
    heights[label - 1] = Math.max(heights[label - 1], values[i]);
  });
  const reach = Math.max(1, rounded(Math.max(width, height) / 100));
  const measure = (k, before, after) => {
    const half = heights[k] / 2;
    if (Math.min(before, after) >= half || Math.max(before, after) < half) return;
    steps[k] += Math.abs(fround(after - before));
    counts[k] += 1;
  };
  for (const i of inked) {
    const [k, x] = [labels[i] - 1, i % width];
    const [row, y] = [i - x, (i - x) / width];
    const [up, down] = [Math.max(y - reach, 0), Math.min(y + reach, height - 1)];
    measure(k, values[row + Math.max(x - reach, 0)], values[row + Math.min(x + reach, width - 1)]);
    measure(k, values[up * width + x], values[down * width + x]);
  }
  const steep = parts.map((_, k) => (counts[k] ? steps[k] / counts[k] : heights[k]));
  const weight = (k) => parts[k].area * heights[k];
  const most = steep[parts.reduce((best, _, k) => (weight(k) > weight(best) ? k : best), 0)];
  const sharp = fround(noise.some((one) => one > CLEAN) ? SHARP : SOFT);
  return steep.map((one, k) => one > Math.max(fround(sharp * heights[k]), AS_STEEP * most));
}
return { inkOf };
})();

// ── web/pageruling.js
const $pageruling = (() => {
const { components } = $components;
const { median } = $pageranks;
const { turned } = $pageturned;
/*
 * Lines from one side of a picture to the other, as on ruled and squared paper, taken away from the ink as in
 * glassnet.data.ruling. What crosses a line stays: only runs across it no longer than it is thick are taken.
 */

const PIECES = 24; // into which a line is cut, each straight enough
const FILLED = 0.7; // of a piece that is ink, in a line
const ACROSS = 0.9; // of the picture that a line crosses
const FLAT = 0.12; // of the picture's height that a line may rise over its length
const LEAST = 2; // lines: a single one is something drawn

/** Whether one of the parts goes from one side of the picture to the other. */
function crossed(parts, width, height) {
  return parts.some(({ box: [x0, y0, x1, y1] }) => x1 - x0 >= 0.9 * width || y1 - y0 >= 0.9 * height);
}

/** Ink {values, width, height} without parallel lines; ink is what is at least `edge`. */
function withoutLines(ink, edge) {
  return turned(withoutLevel(turned(withoutLevel(ink, edge)), edge));
}

function withoutLevel({ values, width, height }, edge) {
  const near = nearLines((x, y) => values[y * width + x] >= edge, width, height);
  if (!near) return { values, width, height };
  const isInk = (x, y) => values[y * width + x] >= edge;
  const onLine = runsDown((x, y) => isInk(x, y) && near(x, y), width, height);
  const usual = median(Float64Array.from(onLine, ([, start, end]) => end - start));
  const erased = values.slice();
  for (const [x, start, end] of runsDown(isInk, width, height)) {
    if (end - start > 1.6 * usual + 1) continue;
    for (let y = start; y < end; y += 1) if (near(x, y)) erased[y * width + x] = 0;
  }
  return { values: erased, width, height };
}

/** (x, y) => whether a piece of a line from left to right is there; null if there are no such lines. */
function nearLines(isInk, width, height) {
  const piece = Math.floor(width / PIECES);
  if (piece < 4) return null;
  const used = piece * PIECES;
  const touches = (x, y) => {
    for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v += 1) {
      for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, used - 1); u += 1) if (isInk(u, v)) return 1;
    }
    return 0; // a slanted line stays a line
  };
  const counts = new Uint16Array(PIECES * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < used; x += 1) counts[y * PIECES + Math.floor(x / piece)] += touches(x, y);
  }
  const { labels, parts } = components(PIECES, height, (i) => counts[i] / piece >= FILLED);
  const isLine = ({ box: [x0, y0, x1, y1] }) =>
    x1 - x0 >= ACROSS * PIECES && y1 - y0 <= Math.max(FLAT * height, 8);
  const lines = parts.map(isLine);
  if (lines.filter(Boolean).length < LEAST) return null;
  const at = (x) => Math.min(Math.floor(x / piece), PIECES - 1);
  return (x, y) => Boolean(lines[labels[y * PIECES + at(x)] - 1]);
}

/** [x, first y, y beyond the last] of each run of pixels down a column. */
function runsDown(inside, width, height) {
  const runs = [];
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      const start = y;
      while (y < height && inside(x, y)) y += 1;
      if (y > start) runs.push([x, start, y]);
    }
  }
  return runs;
}
return { crossed, withoutLines };
})();

// ── web/normalize.js
const $normalize = (() => {
const { around, components } = $components;
const { inkOf } = $pageink;
const { crossed, withoutLines } = $pageruling;
const { resample } = $resample;
const { rounded } = $rounding;
/*
 * From a drawing to what MNIST would have made of it. Its digits were scaled to fit a box of 20 × 20 pixels,
 * in their own shape, and laid into 28 × 28 so that the ink's centre of mass is the middle (LeCun, Bottou,
 * Bengio, Haffner 1998, section III.A). A network that has learnt such images expects the same of others.
 *
 * This does what glassnet.data.drawing does in Python with all ink as one digit, in pictures of a pad's size.
 * A camera's noise and pictures of more than 400 pixels a side are dealt with there alone.
 */

const IMAGE_SIDE = 28;
const BOX = 20; // pixels that a digit fits
const FINEST = 1.5; // of those: strokes are that thick at least
const EDGE = 80; // of 255: ink above it is inside the box
const HALF = 128;
const SPECK = 0.2; // of the tallest stroke's height: what is smaller both ways is dirt, or a dot
const FEW = 6; // specks: more are dirt
const ROUND = 0.7; // of the strokes' thickness: a speck as large that stands over them is their dot
const DOT_APART = 0.55; // of their height that may be between
const DOT_ASIDE = 0.2; // and that it may stand aside

/**
 * A grey picture, bytes row by row → {ink, cropped, scaled, image}, null if nothing is drawn. Of it
 * `image` is what a network gets, 784 bytes, 255 is full ink; the stages before are {values, width, height}.
 */
function normalize(grey, width, height) {
  if (grey.length !== width * height) {
    throw new RangeError(`normalize: expected ${width} × ${height} pixels, received ${grey.length}`);
  }
  const { ink, found } = inkAndParts({ values: grey, width, height });
  if (!found.parts.length) return null;
  const cropped = cropOf(ink, found);
  const scaled = fitted(cropped);
  return { ink, cropped, scaled, image: centred(scaled) };
}

/** The ink, and what of it hangs together; without lines from side to side, if there are several. */
function inkAndParts(grey) {
  const partsOf = ({ values, width, height }) => components(width, height, (i) => values[i] >= EDGE);
  const ink = inkOf(grey);
  const found = partsOf(ink);
  if (!crossed(found.parts, grey.width, grey.height)) return { ink, found };
  const rest = withoutLines(ink, EDGE);
  return { ink: rest, found: partsOf(rest) };
}

/** What is drawn, cut out: all strokes with their dots, without specks. */
function cropOf({ values, width }, { labels, parts }) {
  const kept = keptOf(parts);
  const [x0, y0, x1, y1] = kept.map((k) => parts[k].box).reduce(around);
  const own = new Set([0, ...kept.map((k) => k + 1)]); // 0: the soft edges, which are in no part
  const cropped = { values: new Uint8Array((x1 - x0) * (y1 - y0)), width: x1 - x0, height: y1 - y0 };
  for (let y = y0; y < y1; y += 1) {
    for (let x = x0; x < x1; x += 1) {
      const i = y * width + x;
      if (own.has(labels[i])) cropped.values[(y - y0) * cropped.width + x - x0] = values[i];
    }
  }
  return cropped;
}

/** Which parts are the digit: the strokes, and small ones that stand over them as the dot of an i does. */
function keptOf(parts) {
  const tall = ({ box }) => box[3] - box[1];
  const size = (part) => Math.max(part.box[2] - part.box[0], tall(part));
  const tallest = Math.max(...parts.map(tall));
  const all = parts.map((_, k) => k);
  const strokes = all.filter((k) => size(parts[k]) >= SPECK * tallest);
  const specks = all.filter((k) => size(parts[k]) < SPECK * tallest);
  if (specks.length > FEW) return strokes;
  const sum = (of) => strokes.reduce((so, k) => so + of(parts[k]), 0);
  const thick = sum(({ area }) => area) / sum(size);
  const [x0, y0, x1, y1] = strokes.map((k) => parts[k].box).reduce(around);
  const high = y1 - y0;
  const isDot = (part) => {
    const [left, , right, bottom] = part.box;
    const middle = (left + right) / 2;
    const over = bottom <= y0 && bottom >= y0 - DOT_APART * high;
    const beside = middle > x0 - DOT_ASIDE * high && middle < x1 + DOT_ASIDE * high;
    return over && beside && size(part) >= ROUND * thick;
  };
  return [...strokes, ...specks.filter((k) => isDot(parts[k]))];
}

/** Scaled so that the longer side is 20 pixels; hairlines are drawn over with a broader pen before. */
function fitted(cropped) {
  const longer = Math.max(cropped.width, cropped.height);
  const broader = rounded(((FINEST * longer) / BOX - thickness(cropped)) / 2);
  const drawn = broader > 0 ? widened(cropped, broader) : cropped;
  const share = BOX / Math.max(drawn.width, drawn.height);
  const [width, height] = [drawn.width, drawn.height].map((n) => Math.max(1, rounded(share * n)));
  return resample(drawn, width, height);
}

/** How many pixels thick the strokes are: twice their area for each pixel of their outline. */
function thickness({ values, width, height }) {
  const inside = (x, y) => x >= 0 && y >= 0 && x < width && y < height && values[y * width + x] >= HALF;
  let [area, outline] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!inside(x, y)) continue;
      area += 1;
      if (!(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1))) outline += 1;
    }
  }
  return (2 * area) / Math.max(1, outline);
}

/** The largest value in a square around each pixel, so many to each side; the picture grows by them. */
function widened({ values, width, height }, by) {
  const wide = { values: new Uint8Array((width + 2 * by) * (height + 2 * by)), width: width + 2 * by };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = values[y * width + x];
      for (let i = 0; value && i < (2 * by + 1) ** 2; i += 1) {
        const to = (y + Math.floor(i / (2 * by + 1))) * wide.width + x + (i % (2 * by + 1));
        if (wide.values[to] < value) wide.values[to] = value;
      }
    }
  }
  return { ...wide, height: height + 2 * by };
}

/** Laid into 28 × 28, the centre of mass as near to the middle as whole pixels allow. */
function centred({ values, width, height }) {
  const image = new Uint8Array(IMAGE_SIDE * IMAGE_SIDE);
  let [mass, across, down] = [0, 0, 0];
  values.forEach((value, i) => {
    mass += value;
    across += value * (i % width);
    down += value * Math.floor(i / width);
  });
  if (!mass) return image;
  const place = (middle, size) =>
    Math.min(Math.max(rounded(IMAGE_SIDE / 2 - middle / mass), 0), IMAGE_SIDE - size);
  const [left, top] = [place(across, width), place(down, height)];
  for (let y = 0; y < height; y += 1) {
    image.set(values.subarray(y * width, (y + 1) * width), (top + y) * IMAGE_SIDE + left);
  }
  return image;
}
return { IMAGE_SIDE, normalize };
})();

// ── web/pagesegments.js
const $pagesegments = (() => {
/*
 * A straight stroke, and whether two of them are as in a digit: the geometry of glassnet.reading.segments.
 * Places are [x, y] in pixels from the image's middle, y downwards.
 */

const MIDDLE = 0.3; // of a stroke, and what is left of it: between them is its middle
const [ALIKE, JOINED] = [0.7, 0.15]; // of the longer stroke: the shorter at least, the gap of a corner at most

/** The stroke from one place to another: {upper, lower, length, lean}; `lean` in degrees to the right. */
function segment(a, b) {
  const [upper, lower] = a[1] <= b[1] ? [a, b] : [b, a];
  const [dx, dy] = [upper[0] - lower[0], upper[1] - lower[1]];
  return { upper, lower, length: Math.hypot(dx, dy), lean: (Math.atan2(dx, -dy) * 180) / Math.PI };
}

/** How far a place is from a stroke. */
function distance({ upper, lower }, x, y) {
  const [along, down] = [lower[0] - upper[0], lower[1] - upper[1]];
  const [dx, dy] = [x - upper[0], y - upper[1]];
  const t = Math.min(Math.max((dx * along + dy * down) / Math.max(along * along + down * down, 1e-9), 0), 1);
  const [u, v] = [dx - t * along, dy - t * down];
  return Math.sqrt(u * u + v * v);
}

/** Whether two strokes are as in a 7, or in a 1 with its upstroke: joined at the top, one to the left. */
function mayBeDigit(one, other) {
  return hangs(one, other) || hangs(other, one);
}

/** Whether two strokes cross about in the middle of both, as no digit's do. */
function cross(one, other) {
  const away = ({ upper, lower }) => [lower[0] - upper[0], lower[1] - upper[1]];
  const [along, across] = [away(one), away(other)];
  const turn = along[0] * across[1] - along[1] * across[0];
  if (!turn) return false;
  const gap = [other.upper[0] - one.upper[0], other.upper[1] - one.upper[1]];
  const places = [across, along].map((to) => (gap[0] * to[1] - gap[1] * to[0]) / turn);
  return places.every((place) => MIDDLE < place && place < 1 - MIDDLE);
}

/** Whether two strokes about as long as each other meet at their ends: <, v, or a 7. */
function corner(one, other) {
  const [shorter, longer] = [one, other].map(({ length }) => length).sort((a, b) => a - b);
  const ends = [other.upper, other.lower];
  const gaps = [one.upper, one.lower].flatMap(([x, y]) => ends.map(([u, v]) => Math.hypot(x - u, y - v)));
  return shorter > ALIKE * longer && Math.min(...gaps) < JOINED * longer;
}

function hangs(stem, bar) {
  const size = Math.max(stem.length, bar.length);
  const [left, right] = bar.upper[0] <= bar.lower[0] ? [bar.upper, bar.lower] : [bar.lower, bar.upper];
  const joined = distance(bar, ...stem.upper) < 0.2 * size;
  const toTheLeft = stem.upper[0] - left[0] > 0.7 * (right[0] - left[0]);
  return joined && toTheLeft && stem.lean > -30 && stem.lean < 60 && left[1] < stem.upper[1] + 0.65 * size;
}
return { segment, distance, mayBeDigit, cross, corner };
})();

// ── web/pageaxis.js
const $pageaxis = (() => {
const { segment } = $pagesegments;
/*
 * From ink to the straight stroke along it: `_axis` of glassnet.reading.segments. The long axis is that of the
 * ink's second moments; the stroke goes as far along it as all but a fiftieth of the ink at either end.
 */

const [FIRST, LAST] = [0.02, 0.98]; // of the ink, along the axis
const LEAST = 3; // pixels of full ink, or it is hardly any

/**
 * The stroke along ink, a number for each of the points (arrays x and y), without the pen's round ends; as far
 * as `allInk` goes beside it, if that is given. Null of hardly any ink.
 */
function axis(ink, { x, y }, width, allInk = null) {
  const [total, mx, my] = means(ink, x, y);
  if (total < LEAST) return null;
  const [cos, sin] = longAxis(ink, x, y, mx, my);
  const along = x.map((u, i) => (u - mx) * cos + (y[i] - my) * sin);
  const beside = (i) => Math.abs((y[i] - my) * cos - (x[i] - mx) * sin) < width / 2 + 0.5;
  const own = allInk ? allInk.map((value, i) => (beside(i) ? value : 0)) : ink;
  const [low, high] = ends(own, along);
  const reach = Math.max((high - low) / (LAST - FIRST) - width, 0) / 2;
  const at = (t) => [mx + t * cos, my + t * sin];
  const middle = (low + high) / 2;
  return segment(at(middle - reach), at(middle + reach));
}

/** How much ink, and the centre of its mass. */
function means(ink, x, y) {
  let [total, sx, sy] = [0, 0, 0];
  for (let i = 0; i < ink.length; i += 1) {
    total += ink[i];
    sx += ink[i] * x[i];
    sy += ink[i] * y[i];
  }
  return [total, sx / total, sy / total];
}

/** The direction of the most variance: the eigenvector of [[a, b], [b, c]] with the larger eigenvalue. */
function longAxis(ink, x, y, mx, my) {
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < ink.length; i += 1) {
    const [u, v] = [x[i] - mx, y[i] - my];
    a += ink[i] * u * u;
    b += ink[i] * u * v;
    c += ink[i] * v * v;
  }
  if (Math.abs(b) <= Math.sqrt(a * c) * 2 ** -53) return a > c ? [1, 0] : [0, 1];
  const wide = Math.abs(a - c) + Math.hypot(a - c, 2 * b);
  const norm = Math.hypot(wide, 2 * b);
  // Of the two signs that which LAPACK gives NumPy: where the ink ends is told from the first pixel on.
  return a >= c && wide > Math.abs(2 * b) ? [-wide / norm, (-2 * b) / norm] : [(2 * b) / norm, wide / norm];
}

/** Where along the axis a fiftieth of the ink is passed, and where but a fiftieth is left. */
function ends(ink, along) {
  const order = Uint32Array.from(along, (_, i) => i).sort((i, j) => along[i] - along[j]);
  const sums = new Float64Array(order.length);
  let sum = 0;
  order.forEach((i, k) => {
    sum += ink[i];
    sums[k] = sum;
  });
  return [FIRST, LAST].map((share) => {
    const after = sums.findIndex((passed) => passed / sum > share);
    if (after === 0) return along[order[0]];
    const [a, b] = [sums[after - 1] / sum, sums[after] / sum];
    const [from, to] = [along[order[after - 1]], along[order[after]]];
    return from + ((to - from) / (b - a)) * (share - a);
  });
}
return { axis };
})();

// ── web/pagestrokes.js
const $pagestrokes = (() => {
const { axis } = $pageaxis;
const { distance } = $pagesegments;
const { rounded } = $rounding;
/*
 * Whether a mark is two straight strokes: the search of glassnet.reading.segments. Hough's transform finds
 * them: for each of many directions the ink is added up in bands as wide as the stroke; the band with the most
 * ink is a stroke, the next is looked for in what it leaves. Then each is moved to the middle and the long
 * axis of the ink that is nearest to it. How well two strokes with a round pen drawn there make up the picture
 * says whether it is two straight strokes.
 */

const SIDE = 28;
const DIRECTIONS = 60;
const BINS = 4; // in a pixel
const PENS = [0.4, 0.55, 0.7, 0.85, 1, 1.15, 1.3, 1.5]; // widths that are tried, times the one estimated
const LEFT = 0.12; // of the ink: more beside two bands is something else
const ROUNDS = 4; // of moving the strokes
const REACH = Math.trunc((BINS * Math.hypot(SIDE, SIDE)) / 2) + 2; // bins from the middle to a corner
const COUNT = 2 * REACH + 1; // bins of a direction

const places = Float64Array.from({ length: SIDE * SIDE }, (_, i) => i);
const POINTS = {
  x: places.map((i) => (i % SIDE) - (SIDE - 1) / 2),
  y: places.map((i) => Math.floor(i / SIDE) - (SIDE - 1) / 2),
};

/** Of each direction the bin in which each pixel is. */
const TABLE = Array.from({ length: DIRECTIONS }, (_, k) => {
  const [cos, sin] = [Math.cos((Math.PI * k) / DIRECTIONS), Math.sin((Math.PI * k) / DIRECTIONS)];
  return Int16Array.from(places, (i) => rounded((cos * POINTS.x[i] + sin * POINTS.y[i]) * BINS) + REACH);
});

/**
 * Two straight strokes in an image of 784 bytes: {strokes, missed}, the share of its ink by which they miss
 * it. Null if the image is plainly something else.
 */
function twoStrokes(image) {
  const ink = Float64Array.from(image, (value) => value / 255);
  const total = sumOf(ink);
  if (!total) return null;
  const width = penOf(ink, total);
  const first = strongest(ink, width);
  const second = strongest(first.rest, width);
  if (!first.stroke || !second.stroke || sumOf(second.rest) > LEFT * total) return null;
  const begin = [first.stroke, second.stroke];
  const fits = [0, width / 2].map((margin) => fitted(ink, total, begin, width, margin)).filter(Boolean);
  return fits.reduce((best, fit) => (best && best.missed <= fit.missed ? best : fit), null);
}

/** The width of the strokes, in pixels: twice their area over their outline. */
function penOf(ink, total) {
  const at = (x, y) => (x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : ink[y * SIDE + x]);
  let outline = 0;
  for (let y = -1; y < SIDE; y += 1) {
    for (let x = -1; x < SIDE; x += 1) outline += Math.hypot(at(x, y + 1) - at(x, y), at(x + 1, y) - at(x, y));
  }
  return (2 * total) / Math.max(outline, 1e-9);
}

/** The band that has the most of the ink: the stroke along it, or null, and the rest of the ink. */
function strongest(ink, width) {
  const half = rounded((BINS * (width + 1.5)) / 2);
  let best = { sum: -1 };
  TABLE.forEach((bins) => {
    const passed = passedIn(bins, ink);
    for (let middle = 0; middle < COUNT; middle += 1) {
      const before = middle - half - 1 < 0 ? 0 : passed[middle - half - 1];
      const sum = passed[Math.min(middle + half, COUNT - 1)] - before;
      if (sum > best.sum) best = { sum, bins, middle };
    }
  });
  const inside = (i) => Math.abs(best.bins[i] - best.middle) <= half;
  const stroke = axis(
    ink.map((value, i) => (inside(i) ? value : 0)),
    POINTS,
    width,
  );
  return { stroke, rest: ink.map((value, i) => (inside(i) ? 0 : value)) };
}

/** The ink in each bin and all before it. */
function passedIn(bins, ink) {
  const sums = new Float64Array(COUNT);
  for (let i = 0; i < ink.length; i += 1) sums[bins[i]] += ink[i];
  for (let k = 1; k < COUNT; k += 1) sums[k] += sums[k - 1];
  return sums;
}

/** Move each stroke to the ink that is nearer to it by a margin: {strokes, missed}, or null of too little. */
function fitted(ink, total, begin, width, margin) {
  let strokes = begin;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, other] = strokes.map(awayFrom);
    const near = (mine, others) =>
      ink.map((value, i) => (mine[i] < width / 2 + 1 && others[i] >= mine[i] + margin ? value : 0));
    strokes = [near(one, other), near(other, one)].map((own) => axis(own, POINTS, width, ink));
    if (!strokes[0] || !strokes[1]) return null;
  }
  const [one, other] = strokes.map(awayFrom);
  const nearest = one.map((away, i) => Math.min(away, other[i]));
  const misses = PENS.map((share) => missedBy(ink, nearest, width * share));
  return { strokes, missed: Math.min(...misses) / total };
}

function awayFrom(stroke) {
  return POINTS.x.map((x, i) => distance(stroke, x, POINTS.y[i]));
}

/**
 * How far strokes of a pen miss the ink, where the nearest of them is so far from each pixel. Compared are
 * means of 2 × 2 pixels: half a pixel aside is hardly a difference.
 */
function missedBy(ink, nearest, pen) {
  const wide = SIDE + 2;
  const over = new Float64Array(wide * wide); // too much or too little ink, in a frame of zeros
  for (let i = 0; i < ink.length; i += 1) {
    const drawn = Math.min(Math.max(pen / 2 + 0.5 - nearest[i], 0), Math.min(pen, 1));
    over[(Math.floor(i / SIDE) + 1) * wide + (i % SIDE) + 1] = ink[i] - drawn;
  }
  let missed = 0;
  for (let y = 0; y <= SIDE; y += 1) {
    for (let i = y * wide; i <= y * wide + SIDE; i += 1) {
      missed += Math.abs(over[i] + over[i + 1] + over[i + wide] + over[i + wide + 1]) / 4;
    }
  }
  return missed;
}

function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}
return { twoStrokes };
})();

// ── web/refusal.js
const $refusal = (() => {
const { components } = $components;
const { corner, cross, mayBeDigit } = $pagesegments;
const { twoStrokes } = $pagestrokes;
/*
 * When nothing is named. A network divides its answer among the classes whatever it is shown: what is blank,
 * a dot or lines is told from the ink itself, the rest from how sure the network is. These are the rules of
 * glassnet.reading.refusal.
 */

const LIMITS = { probability: 0.5, energy: -1e9, lean: 40, lean_left: 25 };
const BLANK = 30; // of 255: fainter is no ink
const SPECK = 6; // pixels: too small to be anything
const STRAIGHT = 0.14; // bend of a line at most
const [DOT, LONG] = [0.95, 1.8]; // a dot is that solid and less long than that for its width
const MARKED = 64; // of 255: where ink of one mark is joined
const PART = 0.04; // of the ink: a piece that counts
// The share of the ink by which two straight strokes may miss it; more, of a cross or a corner.
const [MISSED, PLAIN_MISSED] = [0.17, 0.25];

/**
 * Why a drawing is no digit: "blank", "dot", "line"; null if it may be. It is cut out {values, width, height},
 * and the image of 784 bytes.
 */
function refusedByInk(cropped, image, limits = {}) {
  const { lean, lean_left: left } = { ...LIMITS, ...limits };
  if (!cropped || cropped.values.every((value) => value < BLANK)) return "blank";
  if (Math.max(cropped.width, cropped.height) <= SPECK) return "dot";
  const shape = measure(cropped);
  if (isDot(shape)) return "dot";
  if (areMarks(cropped)) return "line";
  if (isLine(shape)) return -left <= shape.lean && shape.lean <= lean ? null : "line";
  return areTwoStrokes(image) ? "line" : null;
}

/** Why an answer names nothing: "none" of the logits is high enough, or it is "unsure" which; else null. */
function refusedByAnswer(logits, limits = {}) {
  const { energy: least, probability } = { ...LIMITS, ...limits };
  const highest = Math.max(...logits);
  const energy = highest + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - highest), 0)); // log Σ e^z
  if (energy < least) return "none";
  return Math.exp(highest - energy) < probability ? "unsure" : null;
}

/**
 * What a mark is by its moments alone: the straight bar that has the same. A bar of length L and width t has
 * the variances L²/12 along and t²/12 across; `bend` is what its thickness does not explain of the latter.
 */
function measure({ values, width, height }, inside = () => true) {
  let [mass, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const ink = values[y * width + x] / 255;
      if (!ink || !inside(y * width + x)) continue;
      mass += ink;
      sx += ink * x;
      sy += ink * y;
      sxx += ink * x * x;
      syy += ink * y * y;
      sxy += ink * x * y;
    }
  }
  const pixel = 1 / 12; // the variance of a pixel itself
  const [vx, vy] = [sxx / mass - (sx / mass) ** 2 + pixel, syy / mass - (sy / mass) ** 2 + pixel];
  return shapeOf(mass, vx, vy, sxy / mass - (sx / mass) * (sy / mass));
}

function shapeOf(mass, vx, vy, vxy) {
  const [middle, radius] = [(vy + vx) / 2, Math.hypot((vy - vx) / 2, vxy)];
  const [along, aside] = [middle + radius, Math.max(middle - radius, 1 / 12)];
  const [length, width] = [Math.sqrt(12 * along), Math.sqrt(12 * aside)];
  return {
    length,
    width,
    lean: (Math.atan2(-2 * vxy, vy - vx) * 90) / Math.PI, // degrees from upright, above 0 to the right
    solid: mass / (length * width),
    bend: Math.sqrt(Math.max(aside - (mass / length) ** 2 / 12, 0) / along),
  };
}

const isDot = ({ solid, length, width }) => solid > DOT && length < LONG * width;
const isLine = ({ bend, length, width }) => bend < STRAIGHT && length >= LONG * width;

/** Whether it is several marks beside each other, all of them lines or dots. */
function areMarks(cropped) {
  const { values, width, height } = cropped;
  const { labels, parts } = components(width, height, (i) => values[i] > MARKED);
  const area = parts.reduce((sum, part) => sum + part.area, 0);
  const kept = parts.map((_, k) => k + 1).filter((label) => parts[label - 1].area > PART * area);
  if (kept.length < 2) return false;
  const shapes = kept.map((label) => measure(cropped, (i) => labels[i] === label));
  return shapes.every((shape) => isLine(shape) || isDot(shape));
}

/** Whether it is two straight strokes, not as in a 7 or a 1. */
function areTwoStrokes(image) {
  const found = twoStrokes(image);
  if (!found || mayBeDigit(...found.strokes)) return false;
  const plain = cross(...found.strokes) || corner(...found.strokes);
  return found.missed < (plain ? PLAIN_MISSED : MISSED);
}
return { refusedByInk, refusedByAnswer };
})();

// ── web/pagereader.js
const $pagereader = (() => {
const { normalize } = $normalize;
const { predict } = $pagenetwork;
const { refusedByAnswer, refusedByInk } = $refusal;
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
function makeReader(network) {
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
return { makeReader };
})();

// ── web/colours.js
const $colours = (() => {
/**
 * The colours of numbers: one diverging scale for what has a sign, blue below zero, the background at zero,
 * orange above; one sequential scale for what has none; greys for pixels; and a set for classes.
 *
 * Each scale is a curve through OKLab (Ottosson 2020), walked at an even pace, so that equal steps of the
 * number look equal; blue and orange stay apart for the colour-blind, and lightness alone tells the size.
 */

const STEPS = 256; // of a scale kept ready

// By theme: how a scale leaves the background, and where it ends: [lightness, chroma, hue in degrees].
const INKS = {
  light: {
    paper: "#ffffff",
    ink: "#1c1e21",
    below: [
      [0.75, 0.145, 245],
      [0.43, 0.145, 256],
    ],
    above: [
      [0.79, 0.18, 60],
      [0.47, 0.145, 42],
    ],
    rising: [
      [0.78, 0.09, 190],
      [0.4, 0.085, 215],
    ],
  },
  dark: {
    paper: "#17191c",
    ink: "#e8e9eb",
    below: [
      [0.5, 0.15, 255],
      [0.84, 0.105, 233],
    ],
    above: [
      [0.53, 0.16, 48],
      [0.86, 0.125, 70],
    ],
    rising: [
      [0.47, 0.08, 205],
      [0.88, 0.085, 185],
    ],
  },
};

// Ten that stay apart for the colour-blind too (found by search: at least 0.087 in OKLab under protanopia,
// deuteranopia and tritanopia) on light and on dark; a name is always beside.
const KINDS = [
  "#2171b5",
  "#d04a02",
  "#009e73",
  "#b180fc",
  "#e4ae28",
  "#6bc8d2",
  "#a50c1f",
  "#7b216b",
  "#82647a",
  "#3937ac",
];

const watchers = new Set();
let scales = null; // of the present theme, made when they are first asked for
let theme = { dark: matchMedia("(prefers-color-scheme: dark)").matches, paper: null, ink: null };

/** −1…1 → [r, g, b]: blue below zero, the background at zero, orange above. NaN is the background. */
function diverging(t) {
  return colourAt(t < 0 ? current().below : current().above, Math.abs(t));
}

/** 0…1 → [r, g, b] for what has no sign, from the background to deep teal, in the dark to bright. */
function sequential(t) {
  return colourAt(current().rising, t);
}

/** 0…1 → [r, g, b] from the background to the colour of text: pixels as ink on paper. */
function grey(t) {
  return colourAt(current().greys, t);
}

/** RGBA by quantised weight, (q − 128) / 127 of the limit: 256 × 4 bytes, in the order ImageData wants. */
function divergingTable() {
  return current().table;
}

/** RGBA by pixel value 0…255, from the background to ink. */
function greyTable() {
  return current().greyTable;
}

/** The CSS colour of class k; after ten they come again, paler, then darker. */
function categorical(k) {
  const turn = Math.floor(k / KINDS.length);
  if (!turn) return KINDS[k];
  const colour = parsed(KINDS[k % KINDS.length]);
  const [share, other] = [Math.min(0.3 * Math.ceil(turn / 2), 0.6), turn % 2 ? 255 : 0];
  return cssColour(colour.map((c) => Math.round((1 - share) * c + share * other)));
}

/** [r, g, b] → "rgb(r, g, b)"; with `alpha`, as see-through as that. */
function cssColour([r, g, b], alpha = 1) {
  return alpha === 1 ? `rgb(${r}, ${g}, ${b})` : `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** The colours under and on a picture: {paper, ink} as [r, g, b], and whether the theme is dark. */
function ground() {
  current();
  return { paper: scales.paper, ink: scales.ink, dark: theme.dark };
}

/** Call `fn` whenever the theme has changed. Returns a function that ends it. */
function onTheme(fn) {
  watchers.add(fn);
  return () => watchers.delete(fn);
}

/** Follow the theme of the `.studio` that an element is in, once it is in the page. Ends as onTheme's. */
function watchTheme(element) {
  const root = element.closest(".studio") || element;
  const look = () => readTheme(root);
  const attributes = new MutationObserver(look);
  attributes.observe(root, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", look);
  look();
  return () => {
    attributes.disconnect();
    system.removeEventListener("change", look);
  };
}

function readTheme(root) {
  if (!root.isConnected) return; // a view that was taken away has no colours
  const style = getComputedStyle(root);
  const paper = style.getPropertyValue("--bg").trim();
  const ink = style.getPropertyValue("--ink").trim();
  const ground = paper ? parsed(paper) : null;
  const dark = ground ? oklab(ground)[0] < 0.5 : matchMedia("(prefers-color-scheme: dark)").matches;
  if (paper === theme.paper && ink === theme.ink && dark === theme.dark) return;
  theme = { dark, paper, ink };
  scales = null;
  for (const call of watchers) call();
}

// ---- the scales

function current() {
  if (scales) return scales;
  const inks = INKS[theme.dark ? "dark" : "light"];
  const paper = parsed(theme.paper || inks.paper);
  const ink = parsed(theme.ink || inks.ink);
  const arm = (ends) => evenly([oklab(paper), ...ends.map(fromHue)]);
  scales = { paper, ink, below: arm(inks.below), above: arm(inks.above), rising: arm(inks.rising) };
  for (const name of ["below", "above", "rising"]) scales[name][0] = paper;
  scales.greys = evenly([oklab(paper), oklab(ink), oklab(ink)]);
  [scales.greys[0], scales.greys[STEPS]] = [paper, ink];
  scales.table = tableOf((q) => diverging((q - 128) / 127));
  scales.greyTable = tableOf((q) => grey(q / 255));
  return scales;
}

function colourAt(scale, t) {
  return scale[Math.round(Math.min(Math.max(t || 0, 0), 1) * STEPS)];
}

function tableOf(colour) {
  const table = new Uint8Array(4 * 256);
  for (let q = 0; q < 256; q += 1) table.set([...colour(q), 255], 4 * q);
  return table;
}

/** STEPS + 1 colours along the curve that leaves a for b and ends in c, evenly spaced by how they look. */
function evenly([a, b, c]) {
  const fine = 2048;
  const at = (t) => a.map((_, i) => (1 - t) ** 2 * a[i] + 2 * t * (1 - t) * b[i] + t * t * c[i]);
  const lengths = new Float64Array(fine + 1);
  for (let i = 1; i <= fine; i += 1) {
    const [p, q] = [at((i - 1) / fine), at(i / fine)];
    lengths[i] = lengths[i - 1] + Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  }
  const colours = [];
  for (let step = 0, i = 0; step <= STEPS; step += 1) {
    while (i < fine && lengths[i] < (step / STEPS) * lengths[fine]) i += 1;
    colours.push(rgb(at(i / fine)));
  }
  return colours;
}

// ---- OKLab

function fromHue([lightness, chroma, hue]) {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function oklab(colour) {
  const [r, g, b] = colour.map((c) => (c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function rgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((c) => {
    const shown = c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(Math.max(shown, 0), 1));
  });
}

/** Any CSS colour as [r, g, b]. */
function parsed(css) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pen.fillStyle = css;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
return { diverging, sequential, grey, divergingTable, greyTable, categorical, cssColour, ground, onTheme, watchTheme };
})();

// ── web/dom.js
const $dom = (() => {
const ONLY_ATTRIBUTES = ["list", "form", "role"]; // as properties they cannot be set, or not everywhere

/** Make an element: h("button", { class: "big", onclick: go, ariaLabel: "start" }, "Start", icon). */
function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style" || name === "dataset") Object.assign(element[name], value);
    else if (name in element && !ONLY_ATTRIBUTES.includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replace all that an element holds. */
function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set an element's text only if it differs, so that a screen reader and a selection are left in peace. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Scroll so that an element begins at the top: of the page if that is ours, else of what scrolls in the studio. */
function showFromTop(element) {
  const studio = element.closest(".studio");
  if (studio.classList.contains("page")) return element.scrollIntoView({ block: "start" });
  const scrolls = (box) => box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY === "auto";
  for (let box = element.parentElement; box && box !== studio; box = box.parentElement) {
    if (!scrolls(box)) continue;
    box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    return;
  }
}

/** A canvas that keeps as many pixels as the screen shows; `draw(context, width, height)` in CSS pixels. */
function canvas(draw, properties = {}) {
  const element = h("canvas", { role: "img", ...properties });
  const context = element.getContext("2d");
  const redraw = () => {
    const { clientWidth: width, clientHeight: height } = element;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w || element.height !== tall) [element.width, element.height] = [w, tall];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  };
  new ResizeObserver(redraw).observe(element);
  return { element, redraw };
}

let names = 0;

/** A name no other element has, for what refers to elements by name (labels, descriptions). */
function uniqueId(stem) {
  names += 1;
  return `${stem}-${names}`;
}
return { h, fill, say, showFromTop, canvas, uniqueId };
})();

// ── web/format.js
const $format = (() => {
const GROUPS = new Intl.NumberFormat("en-GB"); // made once: it is asked many times a frame

/** 101770 → "101,770". */
function grouped(number) {
  return GROUPS.format(Math.round(number));
}

/** A number with as many digits as mean something: 0.081, 1.2e−5, 61,000. */
function brief(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e")
      .replace(/-/g, "\u2212");
  if (size >= 1000) return grouped(value);
  return String(Number(value.toPrecision(digits)));
}

/** 0.97123 → "97.1 %". */
function percent(share, digits = 1) {
  return share === null || share === undefined || Number.isNaN(share)
    ? "–"
    : `${(100 * share).toFixed(digits)} %`;
}

/** "the loss …" → "The loss …"; a message that begins with a file's name leaves it as it is. */
function sentenceCase(text) {
  const isName = /[/\\._-]/.test(text.split(" ", 1)[0]);
  return isName ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What the run is judged on: its validation part; data without one, on all that it trains on. */
function judgedName(data) {
  return data?.part === "training" ? "whole training set" : "validation";
}

/** "784-128-10": the width of the input and of each layer with weights. */
function widths(session) {
  const layers = session.network.layers.filter((layer) => layer.matrix);
  if (!layers.length) return "";
  return [layers[0].matrix.inputs, ...layers.map((layer) => layer.matrix.units)].join("-");
}
return { grouped, brief, percent, sentenceCase, judgedName, widths };
})();

// ── web/padsheet.js
const $padsheet = (() => {
const SIDE = 280; // pad pixels a side: the unit of all that is drawn, and the picture that is sent

const MANY = 200; // points of a stroke that are painted anew each time

const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A canvas on which strokes are painted as they grow: what is settled is painted once, the tip anew. */
function makeSheet(canvas, forReading = false) {
  const settled = document.createElement("canvas");
  const [pen, under] = [canvas, settled].map((one) =>
    one.getContext("2d", { willReadFrequently: forReading }),
  );
  let painted = []; // by stroke: its points, the next of them to settle, and whether it is whole
  let [colour, ground] = ["#000", null];

  /** Make it so many pixels a side; ink of that colour on `paper`, or on nothing. */
  function lay(pixels, ink, paper = null) {
    [colour, ground] = [ink, paper];
    for (const [one, sheet] of [
      [canvas, pen],
      [settled, under],
    ]) {
      [one.width, one.height] = [pixels, pixels];
      sheet.setTransform(pixels / SIDE, 0, 0, pixels / SIDE, 0, 0);
      Object.assign(sheet, { strokeStyle: ink, fillStyle: ink, lineCap: "round", lineJoin: "round" });
    }
    wipe();
  }

  function wipe() {
    painted = [];
    under.clearRect(0, 0, SIDE, SIDE);
    if (!ground) return;
    under.fillStyle = ground;
    under.fillRect(0, 0, SIDE, SIDE);
    under.fillStyle = colour;
  }

  function draw(strokes) {
    const goesOn = painted.every(({ points }, i) => points === strokes[i]?.points);
    if (!goesOn) wipe();
    strokes.forEach((stroke, i) => settle(stroke, (painted[i] ??= { points: stroke.points, next: 1 })));
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.drawImage(settled, 0, 0, SIDE, SIDE);
    const last = strokes.at(-1);
    if (last && !last.ended) line(pen, last.points, painted.at(-1).next);
  }

  /** Keep what will not change: a stroke that has ended, and of a long one all but its newest points. */
  function settle({ points, ended }, known) {
    if (known.whole || (!ended && points.length - known.next < MANY)) return;
    line(under, points, known.next, !ended);
    known.next = points.length;
    known.whole = ended;
  }

  /** The grey values, one byte a pixel. */
  function bytes() {
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Uint8Array(data.length / 4);
    for (let k = 0; k < grey.length; k += 1) grey[k] = data[4 * k];
    return grey;
  }

  return { lay, draw, bytes };
}

/**
 * A line through points, from the curve of point `next` on: each curve runs between the middles on both sides
 * of a point, and where the width stays it is one path, so that its edge is smooth. `open`: without its tip.
 */
function line(pen, points, next, open = false) {
  const last = points.at(-1);
  pen.beginPath();
  if (points.length === 1) {
    pen.arc(last.x, last.y, last.width / 2, 0, 2 * Math.PI);
    pen.fill();
    return;
  }
  let from = next === 1 ? points[0] : middle(points[next - 2], points[next - 1]);
  pen.moveTo(from.x, from.y);
  pen.lineWidth = points[next - 1].width;
  for (let i = next; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const width = (a.width + b.width) / 2;
    if (width !== pen.lineWidth) {
      pen.stroke();
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineWidth = width;
    }
    from = middle(a, b);
    pen.quadraticCurveTo(a.x, a.y, from.x, from.y);
  }
  if (!open) pen.lineTo(last.x, last.y);
  pen.stroke();
}
return { SIDE, makeSheet };
})();

// ── web/calm.js
const $calm = (() => {
/**
 * A function that calls at most once in `ms`: at once where it may, else later and with the newest arguments.
 */
function atMost(ms, call) {
  let newest = [];
  let due = null;
  let last = -Infinity;
  const go = () => {
    [due, last] = [null, performance.now()];
    call(...newest);
  };
  return (...given) => {
    newest = given;
    if (due !== null) return;
    const wait = last + ms - performance.now();
    if (wait <= 0) go();
    else due = setTimeout(go, wait);
  };
}

/** Name a canvas for a screen reader, at most once a second. */
function describing(element) {
  return atMost(1000, (text) => {
    if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
  });
}

/**
 * A function that draws while an element is on the screen, and once when it comes back if it was called in
 * between.
 */
function whileSeen(element, draw) {
  let [seen, stale] = [true, false];
  new IntersectionObserver(
    (changes) => {
      seen = changes.at(-1).isIntersecting;
      if (!seen || !stale) return;
      stale = false;
      draw();
    },
    { rootMargin: "80px" },
  ).observe(element);
  return () => {
    if (seen) draw();
    else stale = true;
  };
}
return { atMost, describing, whileSeen };
})();

// ── web/pageanswer.js
const $pageanswer = (() => {
const { atMost } = $calm;
const { h, say } = $dom;
const { percent, sentenceCase } = $format;
const SAID_MS = 1000; // between two sentences for a screen reader

/** The answer, big, and a bar for each class: {element, show(reading, label)}. */
function answerPanel(network) {
  const name = h("b", { class: "answer-name" });
  const sure = h("span", { class: "answer-sure" });
  const why = h("p", { class: "answer-why" });
  const status = h("div", { class: "hidden-text", role: "status" });
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const rows = network.classes.map(rowOf);
  const bars = h("ol", { class: "answer-bars", "aria-label": "Probability of each class" });
  bars.append(...rows.map((row) => row.element));
  const verdict = h("div", { class: "verdict" }, name, sure, why);
  const element = h("div", { class: "answer" }, verdict, bars, status);
  element.classList.toggle("wordy", network.classes.some((one) => one.length > 2));

  /** `label` is what the image is, where that is known. */
  function show({ predicted, best, name: named, why: refused, said }, label = null) {
    const { probabilities } = predicted;
    say(name, named ?? "–");
    say(sure, named === null ? "" : percent(probabilities[best]));
    const judged = named === null ? "" : named === label ? ": right" : ": wrong";
    const known = label === null ? "" : `labelled ${label}${judged}`;
    say(why, sentenceCase([refused ? said : "", known].filter(Boolean).join("; ")));
    element.classList.toggle("refused", named === null);
    element.classList.toggle("wrong", label !== null && named !== null && named !== label);
    rows.forEach(({ element: row, bar, value }, k) => {
      const p = refused === "blank" ? 0 : probabilities[k];
      bar.style.transform = `scaleX(${Number.isFinite(p) ? p.toFixed(4) : 0})`;
      say(value, refused === "blank" ? "" : percent(p));
      row.classList.toggle("named", named !== null && k === best);
    });
    const answer = named === null ? sentenceCase(said) : `${named}, ${percent(probabilities[best], 0)}`;
    speak(`${answer}. ${known}`);
  }

  return { element, show };
}

function rowOf(label) {
  const bar = h("i");
  const value = h("span", { class: "bar-value" });
  const element = h(
    "li",
    {},
    h("span", { class: "bar-class" }, label),
    h("span", { class: "bar", "aria-hidden": "true" }, bar),
    value,
  );
  return { element, bar, value };
}
return { answerPanel };
})();

// ── web/pagepictures.js
const $pagepictures = (() => {
const { diverging, grey, onTheme } = $colours;
const { h } = $dom;
const PIXELS = 28; // a side

/** 0…255 → the colour of a pixel, from paper to ink. */
const asInk = (value) => grey(value / 255);

/** The colours of numbers up to ±limit: blue below zero, orange above. */
const asSigned = (limit) => (value) => diverging(value / (limit || 1));

/** A picture of 28 × 28 pixels: {element, show(values, colour)}; it keeps its numbers in another theme. */
function pixelPicture(properties = {}) {
  const element = h("canvas", { width: PIXELS, height: PIXELS, role: "img", class: "pixels", ...properties });
  const pen = element.getContext("2d");
  let last = null;

  function show(values, colour) {
    last = [values, colour];
    pen.putImageData(imageOf(values, colour), 0, 0);
  }

  onTheme(() => last && show(...last));
  return { element, show };
}

/** So many values as an image, row by row. */
function imageOf(values, colour, width = PIXELS) {
  const image = new ImageData(width, values.length / width);
  for (let i = 0; i < values.length; i += 1) {
    image.data.set(colour(values[i]), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** A legend: blue −limit to orange +limit. */
function scaleLegend() {
  const band = h("canvas", { width: 65, height: 1, class: "scale-band", "aria-hidden": "true" });
  const [low, high] = [h("span"), h("span")];
  const evenly = Array.from({ length: 65 }, (_, i) => i / 32 - 1);
  const paint = () => band.getContext("2d").putImageData(imageOf(evenly, diverging, 65), 0, 0);
  onTheme(paint);
  return {
    element: h("span", { class: "scale" }, low, band, high),
    show(text) {
      paint();
      [low.textContent, high.textContent] = [`−${text}`, `+${text}`];
    },
  };
}
return { PIXELS, asInk, asSigned, pixelPicture, imageOf, scaleLegend };
})();

// ── web/pageexamples.js
const $pageexamples = (() => {
const { h } = $dom;
const { asInk, PIXELS, pixelPicture } = $pagepictures;
/** Images with known labels to choose from: {element, release}; `pressed(image, label)` when one is. */
function exampleGallery(bytes, { labels, about }, pressed) {
  const size = PIXELS * PIXELS;
  const buttons = [...labels].map((label, k) => {
    const image = bytes.subarray(k * size, (k + 1) * size);
    const picture = pixelPicture({ role: null, "aria-hidden": "true" });
    picture.show(image, asInk);
    const press = () => {
      release();
      button.setAttribute("aria-pressed", "true");
      pressed(image, label);
    };
    const button = h("button", { type: "button", "aria-pressed": "false", onclick: press }, picture.element);
    button.setAttribute("aria-label", `Example ${k + 1}, labelled ${label}`);
    return button;
  });

  function release() {
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
  }

  const element = h(
    "section",
    { class: "examples", "aria-label": "Examples" },
    h("h2", {}, "Or choose one"),
    h("div", { class: "gallery" }, ...buttons),
    h("p", { class: "quiet small" }, about),
  );
  return { element, release };
}
return { exampleGallery };
})();

// ── web/pagelayout.js
const $pagelayout = (() => {
/**
 * The layers with weights as they are shown: {layer, place, at, units}. `activations[at]` are the numbers
 * that a stage hands on to the next, after its ReLU, say; `activations[place + 1]` its sums before that.
 */
function stagesOf(network) {
  const places = network.layers.flatMap((layer, place) => (layer.kind === "Dense" ? [place] : []));
  return places.map((place, k) => ({
    layer: network.layers[place],
    place,
    at: places[k + 1] ?? network.layers.length,
    units: network.layers[place].units,
  }));
}

/** Column j of a layer's W: the weights of unit j. */
function weightsOf({ W, units }, j) {
  return Float64Array.from({ length: W.length / units }, (_, i) => W[i * units + j]);
}

const ENOUGH = 50000; // numbers to judge by

/** A limit that all but one in so many numbers are below, for a scale of colours. */
function usualLimit(numbers, oneIn = 500) {
  const every = Math.ceil(numbers.length / ENOUGH);
  const sizes = numbers.filter((_, i) => i % every === 0).map(Math.abs).sort();
  return sizes[Math.floor((1 - 1 / oneIn) * (sizes.length - 1))] || 1;
}
return { stagesOf, weightsOf, usualLimit };
})();

// ── web/pageglass.js
const $pageglass = (() => {
const { diverging, grey, onTheme, sequential } = $colours;
const { canvas, h } = $dom;
const { asSigned, imageOf, PIXELS } = $pagepictures;
const { usualLimit, weightsOf } = $pagelayout;
const MOST = 1024; // units that are shown
const DIM = 0.3; // how much of a silent unit is seen
const AT_REST = 0.85; // and of all while nothing is drawn
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The first layer: each unit's weights as an image, lit as far as it is active. `chosen(unit, keep)` when one
 * is pointed at, or pressed or reached by keys and kept; null when the pointer leaves, or to keep none.
 * {element, limit, count, show(activations), mark(unit)}
 */
function glass(stage, chosen) {
  const count = Math.min(stage.units, MOST);
  const limit = usualLimit(stage.layer.W);
  let [atlas, lit, marked, place] = [null, null, null, null];
  const picture = canvas(draw, {
    class: "glass-units",
    tabIndex: 0,
    role: "application",
    "aria-label":
      `First layer: ${count} units, pictures of their weights. ` +
      "Arrow keys choose one, Escape lets it go.",
  });
  const { element } = picture;
  element.style.setProperty("--shape", shapeFor(count, 1.55));
  element.style.setProperty("--narrow", shapeFor(count, 1));

  function draw(pen, width, height) {
    place = gridFor(count, width, height);
    atlas ??= atlasOf(stage.layer, count, limit);
    pen.imageSmoothingEnabled = place.size < PIXELS;
    for (let j = 0; j < count; j += 1) {
      const [x, y] = cornerOf(j);
      pen.globalAlpha = lit ? DIM + (1 - DIM) * lit[j] : AT_REST;
      pen.drawImage(atlas, ...atlasPlace(j), PIXELS, PIXELS, x, y, place.inner, place.inner);
    }
    frames(pen);
  }

  /** Around each unit a frame, the stronger the more active it is. */
  function frames(pen) {
    const usual = Math.min(Math.max(place.size / 16, 1), 2);
    pen.strokeStyle = getComputedStyle(element).getPropertyValue("--accent");
    for (let j = 0; j < count; j += 1) {
      const strength = j === marked ? 1 : (lit?.[j] ?? 0) ** 1.5;
      if (strength < 0.01) continue;
      const wide = j === marked ? usual + 1.5 : usual;
      const [x, y] = cornerOf(j);
      pen.globalAlpha = strength;
      pen.lineWidth = wide;
      pen.strokeRect(x - wide / 2, y - wide / 2, place.inner + wide, place.inner + wide);
    }
  }

  function cornerOf(j) {
    const [column, row] = [j % place.columns, Math.floor(j / place.columns)];
    return [place.left + column * place.size + place.gap / 2, row * place.size + place.gap / 2];
  }

  function unitAt(event) {
    if (!place) return null;
    const column = Math.floor((event.offsetX - place.left) / place.size);
    const j = Math.floor(event.offsetY / place.size) * place.columns + column;
    return column >= 0 && column < place.columns && j >= 0 && j < count ? j : null;
  }

  function onKey(event) {
    if (event.key === "Escape") chosen(null, true);
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || !place) return;
    event.preventDefault();
    const to = (marked ?? 0) + way[0] + way[1] * place.columns;
    if (to >= 0 && to < count) chosen(to, true);
  }

  element.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") chosen(unitAt(event), false);
  });
  element.addEventListener("pointerleave", () => chosen(null, false));
  element.addEventListener("click", (event) => chosen(unitAt(event), true));
  element.addEventListener("keydown", onKey);
  onTheme(() => {
    atlas = null;
    picture.redraw();
  });

  return {
    element,
    limit,
    count,
    /** Light the units, or show all at rest (null). */
    show(activations) {
      lit = activations && sharesOf(activations.subarray(0, count));
      picture.redraw();
    },
    mark(unit) {
      if (unit === marked) return;
      marked = unit;
      picture.redraw();
    },
  };
}

/** A later hidden layer: a square for each unit, the stronger its colour the more active it is. */
function strip(stage, name) {
  const count = Math.min(stage.units, MOST);
  let lit = new Float64Array(count);
  let signs = lit;
  const picture = canvas(
    (pen, width, height) => {
      const place = gridFor(count, width, height);
      for (let j = 0; j < count; j += 1) {
        const [r, g, b] = signs[j] < 0 ? diverging(-lit[j]) : lit[j] > 0.02 ? sequential(lit[j]) : grey(0.07);
        pen.fillStyle = `rgb(${r}, ${g}, ${b})`;
        const [column, row] = [j % place.columns, Math.floor(j / place.columns)];
        pen.fillRect(place.left + column * place.size, row * place.size, place.inner, place.inner);
      }
    },
    { class: "glass-strip", "aria-label": name },
  );
  picture.element.style.setProperty("--shape", shapeFor(count, 8));
  picture.element.style.setProperty("--narrow", shapeFor(count, 5));
  onTheme(picture.redraw);
  return {
    element: h("figure", {}, h("figcaption", {}, name), picture.element),
    show(activations) {
      signs = activations.subarray(0, count);
      lit = sharesOf(signs);
      picture.redraw();
    },
  };
}

/** Each number's size as a share of the largest. */
function sharesOf(activations) {
  const most = activations.reduce((high, a) => Math.max(high, Math.abs(a)), 0);
  return activations.map((a) => (most ? Math.abs(a) / most : 0));
}

/** Width over height of a grid of squares, about as broad as wanted and with as full a last row as can be. */
function shapeFor(count, wanted) {
  const usual = Math.min(Math.sqrt(count * wanted), count);
  const tried = [1, 1.04, 0.96, 1.08, 0.92, 1.12, 0.88, 1.25].map((share) => Math.round(share * usual));
  const free = (columns) => Math.ceil(count / columns) * columns - count;
  const columns = tried.reduce((best, one) => (free(one) < free(best) && one <= count ? one : best));
  return columns / Math.ceil(count / columns);
}

function gridFor(count, width, height) {
  let columns = Math.max(Math.min(Math.round(Math.sqrt((count * width) / height)), count), 1);
  const sizeWith = (n) => Math.min(width / n, height / Math.ceil(count / n));
  if (sizeWith(columns + 1) >= sizeWith(columns) && columns < count) columns += 1;
  const size = sizeWith(columns);
  const gap = Math.max(size / 8, 1);
  return { columns, size, gap, inner: size - gap, left: (width - columns * size) / 2 };
}

const ATLAS = Math.ceil(Math.sqrt(MOST)); // pictures a side
const atlasPlace = (j) => [PIXELS * (j % ATLAS), PIXELS * Math.floor(j / ATLAS)];

/** All units' weights in one picture, painted once. */
function atlasOf(layer, count, limit) {
  const atlas = h("canvas", { width: PIXELS * ATLAS, height: PIXELS * ATLAS });
  const pen = atlas.getContext("2d");
  for (let j = 0; j < count; j += 1) {
    pen.putImageData(imageOf(weightsOf(layer, j), asSigned(limit)), ...atlasPlace(j));
  }
  return atlas;
}
return { glass, strip };
})();

// ── web/icons.js
const $icons = (() => {
const SHAPES = {
  start: '<path d="M4 2.5v11l9.5-5.5z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" fill="currentColor" stroke="none"/>',
  step: '<path d="M3 3v10l7-5z" fill="currentColor" stroke="none"/><path d="M12.5 3v10"/>',
  epoch: '<path d="M1.5 3v10l6-5zM7.5 3v10l6-5z" fill="currentColor" stroke="none"/><path d="M14.7 3v10"/>',
  again: '<path d="M3 8a5 5 0 1 0 1.6-3.7"/><path d="M2.6 2.2v3.2h3.2"/>',
  dice:
    '<rect x="2.5" y="2.5" width="11" height="11" rx="2.2"/>' +
    '<g fill="currentColor" stroke="none"><circle cx="5.6" cy="5.6" r="1.1"/>' +
    '<circle cx="8" cy="8" r="1.1"/>' +
    '<circle cx="10.4" cy="10.4" r="1.1"/></g>',
  save: '<path d="M8 2v8M4.8 7L8 10.2 11.2 7M2.5 13.5h11"/>',
  link:
    '<path d="M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.9.9"/>' +
    '<path d="M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.9-.9"/>',
  sun:
    '<circle cx="8" cy="8" r="2.8"/>' +
    '<path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3"/>',
  moon: '<path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"/>',
  help:
    '<path d="M5.6 5.9a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.9-1.1 1.7"/>' +
    '<circle cx="8" cy="12.3" r=".9" fill="currentColor" stroke="none"/>',
  close: '<path d="M4 4l8 8M12 4l-8 8"/>',
  broken: '<path d="M8.5 1.5L5 8h4.2L6.5 14.5"/>',
  plus: '<path d="M8 3.5v9M3.5 8h9"/>',
  minus: '<path d="M3.5 8h9"/>',
  pen: '<path d="M3 13l.8-3.2 7.3-7.3a1.7 1.7 0 0 1 2.4 2.4l-7.3 7.3zM9.6 4l2.4 2.4"/>',
  undo: '<path d="M5.6 3L2.6 6l3 3"/><path d="M2.8 6h6.4a3.6 3.6 0 0 1 0 7.2H6.4"/>',
  clear: '<path d="M3 4.5h10M6.2 4.3V2.8h3.6v1.5M4.3 4.7l.6 8.6h6.2l.6-8.6"/>',
  photo: '<path d="M2 4.7h3l1-1.7h4l1 1.7h3v8H2z"/><circle cx="8" cy="8.5" r="2.4"/>',
};

/** A small drawing in the colour of the text around it; words beside it say what it means. */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = SHAPES[name];
  return svg;
}
return { icon };
})();

// ── web/padpointer.js
const $padpointer = (() => {
const { SIDE } = $padsheet;
const PALM = 70; // CSS pixels across: a touch as broad as that is no fingertip
const EASE = 0.4; // of a new pressure that reaches the width at once

/** Draw with mouse, pen and finger: one of them at a time. `pen`: brush(), begin, extend, end, drop. */
function listenToDrawing(element, pen) {
  let at = null; // what draws: {id, type, width}

  /** A point in pad pixels; a pen's pressure makes it broader or thinner, gently. */
  function pointOf(event, box) {
    const wanted = pen.brush() * (event.pointerType === "pen" ? 0.35 + 1.3 * event.pressure : 1);
    at.width += (at.width ? EASE : 1) * (wanted - at.width);
    return {
      x: ((event.clientX - box.left) / box.width) * SIDE,
      y: ((event.clientY - box.top) / box.height) * SIDE,
      width: at.width,
    };
  }

  function down(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    const [isTouch, isPen] = [event.pointerType === "touch", event.pointerType === "pen"];
    if (isTouch && (!event.isPrimary || Math.max(event.width, event.height) > PALM)) return;
    if (at && !(isPen && at.type === "touch")) return;
    if (at) pen.drop(); // the hand came down before the pen
    event.preventDefault(); // no text is selected, and the focus goes where it is sent
    element.focus({ preventScroll: true });
    at = { id: event.pointerId, type: event.pointerType, width: 0 };
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // gone already
    }
    pen.begin(pointOf(event, element.getBoundingClientRect()));
  }

  function move(event) {
    if (at?.id !== event.pointerId) return;
    const box = element.getBoundingClientRect();
    const between = event.getCoalescedEvents?.() ?? [];
    pen.extend((between.length ? between : [event]).map((one) => pointOf(one, box)));
  }

  function up(event) {
    if (at?.id !== event.pointerId) return;
    at = null;
    if (event.type === "pointercancel") pen.drop();
    else pen.end();
  }

  const handlers = {
    pointerdown: down,
    pointermove: move,
    pointerup: up,
    pointercancel: up,
    lostpointercapture: up,
  };
  for (const [kind, call] of Object.entries(handlers)) element.addEventListener(kind, call);
  element.addEventListener("contextmenu", (event) => at && event.preventDefault()); // a long press draws on
}
return { listenToDrawing };
})();

// ── web/padkeys.js
const $padkeys = (() => {
const { SIDE } = $padsheet;
const STEP = 10; // pad pixels a press
const FINE = 2; // with shift
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Draw by keys: arrows move a cursor (two at once: slantwise), space held down draws, Enter puts the pen down
 * or lifts it. `pen`: brush, begin, extend, end, down, undo, clear; `told(text)` for a screen reader.
 */
function listenToKeys(element, cursor, pen, told) {
  const place = { x: SIDE / 2, y: SIDE / 4 };
  const held = new Set();

  const point = () => ({ ...place, width: pen.brush() });

  function show(on) {
    cursor.hidden = !on;
    cursor.style.left = `${(100 * place.x) / SIDE}%`;
    cursor.style.top = `${(100 * place.y) / SIDE}%`;
    cursor.classList.toggle("down", pen.down());
  }

  function move(far) {
    for (const key of held) {
      for (const [i, axis] of ["x", "y"].entries()) {
        place[axis] = Math.min(Math.max(place[axis] + far * WAYS[key][i], 0), SIDE);
      }
    }
    if (pen.down()) pen.extend([point()]);
  }

  function put(down) {
    if (down) pen.begin(point());
    else pen.end();
  }

  function tell() {
    const [x, y] = [place.x, place.y].map((one) => Math.round((100 * one) / SIDE));
    told(`${pen.down() ? "pen down" : "pen up"}, ${x} % across, ${y} % down`);
  }

  function onDown(event) {
    const { key, shiftKey, repeat } = event;
    if (event.target !== element || event.altKey || event.ctrlKey || event.metaKey) return;
    if (WAYS[key]) {
      held.add(key);
      move(shiftKey ? FINE : STEP);
    } else if (key === " ") repeat || pen.down() || put(true);
    else if (key === "Enter") repeat || put(!pen.down());
    else if (key === "Backspace") pen.undo();
    else if (key === "Delete") pen.clear();
    else return;
    event.preventDefault();
    show(true);
    tell();
  }

  function onUp(event) {
    held.delete(event.key);
    if (event.key !== " " || event.target !== element) return;
    event.preventDefault();
    pen.end();
    show(!cursor.hidden);
    tell();
  }

  function leave() {
    held.clear();
    pen.end();
    show(false);
  }

  element.addEventListener("keydown", onDown);
  element.addEventListener("keyup", onUp);
  element.addEventListener("blur", leave);
  element.addEventListener("focus", () => show(element.matches(":focus-visible")));
  element.addEventListener("pointerdown", () => show(false));
}
return { listenToKeys };
})();

// ── web/padstrokes.js
const $padstrokes = (() => {
const LEAST = 0.7; // pad pixels between two points worth keeping

/**
 * What is drawn: strokes of points {x, y, width} in pad pixels, and the way back. A stroke is
 * {points, ended}; it grows at its end only, so that what is painted of it can stay.
 */
function makeStrokes() {
  let strokes = [];
  let past = []; // what was there before each stroke and each clearing
  let live = null;

  function put(next) {
    past.push(strokes);
    strokes = next;
  }

  function begin(point) {
    end();
    live = { points: [point], ended: false };
    put([...strokes, live]);
  }

  /** Go on to a point. Returns whether it is far enough from the last to be kept. */
  function extend(point) {
    const before = live?.points.at(-1);
    if (!before || Math.hypot(point.x - before.x, point.y - before.y) < LEAST) return false;
    live.points.push(point);
    return true;
  }

  function end() {
    if (live) live.ended = true;
    live = null;
  }

  function undo() {
    end();
    if (past.length) strokes = past.pop();
  }

  function clear() {
    end();
    if (strokes.length) put([]);
  }

  return {
    begin,
    extend,
    end,
    undo,
    clear,
    all: () => strokes,
    down: () => live !== null,
    empty: () => !strokes.length,
    canUndo: () => past.length > 0,
  };
}
return { makeStrokes };
})();

// ── web/pad.js
const $pad = (() => {
const { atMost } = $calm;
const { onTheme } = $colours;
const { h, uniqueId } = $dom;
const { listenToDrawing } = $padpointer;
const { listenToKeys } = $padkeys;
const { makeSheet, SIDE } = $padsheet;
const { makeStrokes } = $padstrokes;
const KEYS =
  "Arrow keys move the pen, with shift in small steps; hold space to draw, or press Enter to put the pen " +
  "down and to lift it. Backspace takes back the last stroke, Delete clears.";

/** The pad: {element, focus, picture, empty, undo, clear, canUndo, brush}. `changed` after every change. */
function makePad(changed) {
  const strokes = makeStrokes();
  const screen = h("canvas", { "aria-hidden": "true" });
  const hint = h("p", { class: "pad-hint", "aria-hidden": "true" }, "draw a digit here");
  const cursor = h("i", { class: "pad-cursor", hidden: true, "aria-hidden": "true" });
  const where = h("div", { class: "hidden-text", role: "status" });
  const id = uniqueId("pad-keys");
  const element = h(
    "div",
    {
      class: "pad",
      tabIndex: 0,
      role: "application",
      "aria-label": "Drawing pad",
      "aria-describedby": id,
    },
    screen,
    hint,
    cursor,
  );
  const about = h("div", { class: "hidden-text", id }, KEYS);
  const seen = makeSheet(screen);
  const sent = makeSheet(h("canvas"), true);
  const brush = { width: 20 };
  let due = false;
  sent.lay(SIDE, "#000", "#fff"); // dark ink on white paper, whatever the page's theme is

  function change() {
    hint.hidden = !strokes.empty();
    paintSoon();
    changed();
  }

  function paintSoon() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      seen.draw(strokes.all());
    });
  }

  function lay() {
    const pixels = Math.round(element.clientWidth * (window.devicePixelRatio || 1));
    if (!pixels) return;
    seen.lay(pixels, getComputedStyle(element).color);
    seen.draw(strokes.all());
  }

  const pen = {
    brush: () => brush.width,
    down: strokes.down,
    begin: (point) => {
      strokes.begin(point);
      change();
    },
    extend: (points) => {
      if (points.map(strokes.extend).some(Boolean)) change();
    },
    end: () => {
      if (!strokes.down()) return;
      strokes.end();
      change();
    },
    undo: () => {
      strokes.undo();
      change();
    },
    clear: () => {
      strokes.clear();
      change();
    },
  };
  pen.drop = () => strokes.down() && pen.undo();

  listenToDrawing(element, pen);
  listenToKeys(
    element,
    cursor,
    pen,
    atMost(1000, (text) => {
      where.textContent = text;
    }),
  );
  new ResizeObserver(lay).observe(element);
  onTheme(lay);

  /** What is drawn as SIDE by SIDE bytes, white paper at 255. */
  function picture() {
    sent.draw(strokes.all());
    return sent.bytes();
  }

  return {
    element: h("div", { class: "pad-place" }, element, about, where),
    focus: () => element.focus({ preventScroll: true }),
    picture,
    brush,
    undo: pen.undo,
    clear: pen.clear,
    empty: strokes.empty,
    canUndo: strokes.canUndo,
  };
}
return { makePad };
})();

// ── web/pagepad.js
const $pagepad = (() => {
const { h } = $dom;
const { icon } = $icons;
const { makePad } = $pad;
/** The pad with its tools: undo, clear, the brush. {element, pad}; `changed` after every change. */
function padWithTools(changed, thing) {
  const pad = makePad(() => {
    refresh();
    changed();
  });
  const undo = tool("undo", "Undo", () => pad.undo());
  const clear = tool("clear", "Clear", () => pad.clear());
  const width = h("input", { type: "range", min: 8, max: 44, step: 2, value: pad.brush.width });
  width.setAttribute("aria-label", "Brush width");
  width.addEventListener("input", () => {
    pad.brush.width = Number(width.value);
  });
  const element = h(
    "section",
    { class: "desk", "aria-label": "Draw" },
    pad.element,
    h("div", { class: "tools" }, undo, clear, h("label", { class: "brush" }, "brush", width)),
  );
  pad.element.querySelector(".pad-hint").textContent = `draw ${thing} here`;
  element.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    pad.undo();
  });
  refresh();

  function refresh() {
    undo.disabled = !pad.canUndo();
    clear.disabled = pad.empty();
  }

  return { element, pad };
}

function tool(sign, words, act) {
  const button = h("button", { type: "button", class: "button outlined", onclick: act }, icon(sign));
  button.append(h("span", {}, words));
  return button;
}
return { padWithTools };
})();

// ── web/numbers.js
const $numbers = (() => {
const { grouped, percent } = $format;
const MINUS = "\u2212";

/**
 * A number with all of its significant digits, so that a changing one does not dance: 0.0810, 12.3, 1,204,
 * 2.3e−5.
 */
function figures(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 9.995e-4 || size >= 1e6) return scientific(value, digits);
  const after = digits - 1 - Math.floor(Math.log10(size) + 1e-9);
  return (after > 0 ? value.toFixed(after) : grouped(value)).replace("-", MINUS);
}

/** A number of an axis: no more digits than it has. */
function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 9.995e-4 || size >= 1e5)) return scientific(value, 2);
  return String(Number(value.toPrecision(3))).replace("-", MINUS);
}

/** A number as front and power of ten: 1.2e−3. */
function scientific(value, digits = 2) {
  if (!value) return "0";
  const [front, back] = value.toExponential(digits - 1).split("e");
  const short = front.includes(".") ? front.replace(/\.?0+$/, "") : front;
  return `${short}e${back.replace("+", "")}`.replaceAll("-", MINUS);
}

/** A share of `n` examples in per cent, with the digits that so many examples can tell apart: 96.3 %. */
function shareOf(share, n = 1000) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return percent(share, n < 300 ? 0 : n >= 5000 && share > 0.99 && share < 1 ? 2 : 1).replace(" ", "\u00a0");
}

/** Bytes as megabytes. */
function megabytes(bytes) {
  return figures(bytes / 2 ** 20, bytes < 10 * 2 ** 20 ? 2 : 3);
}
return { figures, tick, scientific, shareOf, megabytes };
})();

// ── web/pageunit.js
const $pageunit = (() => {
const { atMost } = $calm;
const { h, say } = $dom;
const { grouped } = $format;
const { figures } = $numbers;
const { asSigned, pixelPicture, scaleLegend } = $pagepictures;
const { weightsOf } = $pagelayout;
const SAID_MS = 800;

/**
 * One unit of the first layer: its weights, what they make of the ink, its sum, and which answer it speaks
 * for. {element, show(unit, reading, aloud)}
 */
function unitView(network, stages, limit) {
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
return { unitView };
})();

// ── web/theme.js
const $theme = (() => {
const { h } = $dom;
const { icon } = $icons;
const THEME_KEY = "glassnet-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const themeListeners = new Set();
let wished = remembered(); // "light", "dark", or null: as the system says

function remembered() {
  try {
    const found = localStorage.getItem(THEME_KEY);
    return found === "light" || found === "dark" ? found : null;
  } catch {
    return null; // storage may be closed to this page
  }
}

let around = null; // how the notebook looks that the studio stands in
const usual = () => around ?? (system.matches ? "dark" : "light");

/** "light" or "dark": what is worn now. */
function themeNow() {
  return wished ?? usual();
}

/** Call after each change of theme (and not at the start). Returns a function that ends it. */
function whenTheme(call) {
  themeListeners.add(call);
  return () => themeListeners.delete(call);
}

function tellTheme() {
  themeListeners.forEach((call) => call(themeNow()));
}

function toggleTheme() {
  const next = themeNow() === "dark" ? "light" : "dark";
  wished = next === usual() ? null : next; // back in step with what is around
  try {
    if (wished) localStorage.setItem(THEME_KEY, wished);
    else localStorage.removeItem(THEME_KEY);
  } catch {
    // it lasts as long as the page, then
  }
  tellTheme();
}

system.addEventListener("change", () => wished || tellTheme());

const RESTYLED_MS = 400; // style sheets of the host may come after its word that the theme is another

/** Where the studio is not the whole page: dark where the text around `host` is light. Returns what ends it. */
function followHost(host) {
  const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = pixel.getContext("2d", { willReadFrequently: true });

  function look() {
    if (!host.offsetWidth) return; // hidden, as while JupyterLab changes its theme: pictures could not be drawn
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(host.parentElement).color;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    const found = 0.3 * red + 0.59 * green + 0.11 * blue > 128 ? "dark" : "light";
    if (found === around) return;
    around = found;
    if (!wished) tellTheme();
  }

  let timer = 0;
  const soon = () => {
    look();
    clearTimeout(timer);
    timer = setTimeout(look, RESTYLED_MS);
  };
  const restyled = new MutationObserver(soon);
  const attributeFilter = ["class", "style", "theme", "data-theme", "data-jp-theme-name"];
  for (const root of [document.documentElement, document.body])
    restyled.observe(root, { attributes: true, attributeFilter });
  const shown = new ResizeObserver(look);
  shown.observe(host);
  return () => {
    clearTimeout(timer);
    restyled.disconnect();
    shown.disconnect();
  };
}

/** Keep data-theme of a root element right. It comes before other listeners, who then read new colours. */
function wearTheme(root) {
  const wear = () => root.setAttribute("data-theme", themeNow());
  wear();
  return whenTheme(wear);
}

/** The button that changes between light and dark. */
function themeButton() {
  const button = h("button", { class: "icon-button", type: "button", onclick: toggleTheme });
  const show = () => {
    const dark = themeNow() === "dark";
    button.replaceChildren(icon(dark ? "sun" : "moon"));
    button.setAttribute("aria-label", dark ? "Light theme" : "Dark theme");
    button.dataset.tip = dark ? "Light theme" : "Dark theme";
  };
  show();
  const end = whenTheme(() => (button.isConnected ? show() : end()));
  return button;
}
return { themeNow, whenTheme, followHost, wearTheme, themeButton };
})();

// ── web/page.js
const $page = (() => {
const { predict } = $pagenetwork;
const { readExamples, readNetwork } = $pageweights;
const { normalize } = $normalize;
const { makeReader } = $pagereader;
const { watchTheme } = $colours;
const { h } = $dom;
const { grouped } = $format;
const { SIDE } = $padsheet;
const { answerPanel } = $pageanswer;
const { exampleGallery } = $pageexamples;
const { glass, strip } = $pageglass;
const { stagesOf } = $pagelayout;
const { padWithTools } = $pagepad;
const { asInk, pixelPicture } = $pagepictures;
const { unitView } = $pageunit;
const { themeButton, wearTheme } = $theme;
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
})();
