import { rounded } from "./rounding.js";

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
export const BOX = { reach: 0.5, weight: (x) => Number(x > -0.5 && x <= 0.5) };

/** Between the two nearest on a straight line: for making larger. */
export const LINEAR = { reach: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) };

/** How wide and high a picture is when it is made smaller, if need be, to at most `side` pixels a side. */
export function fitted(width, height, side) {
  const share = Math.min(1, side / Math.max(width, height));
  return [width, height].map((n) => Math.max(1, rounded(share * n)));
}

/** A picture {values, width, height} of bytes in another size. */
export function resample(picture, width, height) {
  const smaller = Math.max(width, height) < Math.max(picture.width, picture.height);
  return inBoth(picture, width, height, smaller ? HAMMING : CUBIC, Uint8Array, meanOfBytes, inWholes);
}

/** A picture of numbers in single precision in another size. */
export function resampleNumbers(picture, width, height, filter) {
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
