/*
 * A grey picture in another size, antialiased: each new pixel is a weighted mean of the old ones around its
 * place. Weights are whole numbers of 2⁻²², and each direction is rounded to bytes, as in Python's Pillow.
 */

const ONE = 2 ** 22;

/** Hamming's window over sin(πx)/πx, one pixel to either side: sharp, for making smaller. */
const HAMMING = {
  reach: 1,
  weight(x) {
    if (x === 0) return 1;
    if (Math.abs(x) >= 1) return 0;
    const angle = Math.PI * Math.abs(x);
    return (Math.sin(angle) / angle) * (0.54 + 0.46 * Math.cos(angle));
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

/** A picture {values, width, height} of bytes in another size. */
export function resample({ values, width, height }, newWidth, newHeight) {
  const filter = Math.max(newWidth, newHeight) < Math.max(width, height) ? HAMMING : CUBIC;
  const across = new Uint8Array(newWidth * height);
  tapsOf(width, newWidth, filter).forEach(({ start, weights }, x) => {
    for (let y = 0; y < height; y += 1) {
      across[y * newWidth + x] = mean(weights, (k) => values[y * width + start + k]);
    }
  });
  const scaled = new Uint8Array(newWidth * newHeight);
  tapsOf(height, newHeight, filter).forEach(({ start, weights }, y) => {
    for (let x = 0; x < newWidth; x += 1) {
      scaled[y * newWidth + x] = mean(weights, (k) => across[(start + k) * newWidth + x]);
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
    const weights = Array.from({ length: end - start }, (_, k) => weight((start + k - centre + 0.5) / wide));
    const sum = weights.reduce((all, one) => all + one, 0);
    return { start, weights: weights.map((one) => Math.round((one / sum) * ONE)) };
  });
}

function mean(weights, valueAt) {
  let sum = ONE / 2;
  for (let k = 0; k < weights.length; k += 1) sum += weights[k] * valueAt(k);
  return Math.min(Math.max(Math.floor(sum / ONE), 0), 255);
}
