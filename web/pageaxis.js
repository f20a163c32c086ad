import { segment } from "./pagesegments.js";

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
export function axis(ink, { x, y }, width, allInk = null) {
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
