/*
 * A straight stroke, and whether two of them are as in a digit: the geometry of glassnet.reading.segments.
 * Places are [x, y] in pixels from the image's middle, y downwards.
 */

const MIDDLE = 0.3; // of a stroke, and what is left of it: between them is its middle
const [ALIKE, JOINED] = [0.7, 0.15]; // of the longer stroke: the shorter at least, the gap of a corner at most

/** The stroke from one place to another: {upper, lower, length, lean}; `lean` in degrees to the right. */
export function segment(a, b) {
  const [upper, lower] = a[1] <= b[1] ? [a, b] : [b, a];
  const [dx, dy] = [upper[0] - lower[0], upper[1] - lower[1]];
  return { upper, lower, length: Math.hypot(dx, dy), lean: (Math.atan2(dx, -dy) * 180) / Math.PI };
}

/** How far a place is from a stroke. */
export function distance({ upper, lower }, x, y) {
  const [along, down] = [lower[0] - upper[0], lower[1] - upper[1]];
  const [dx, dy] = [x - upper[0], y - upper[1]];
  const t = Math.min(Math.max((dx * along + dy * down) / Math.max(along * along + down * down, 1e-9), 0), 1);
  const [u, v] = [dx - t * along, dy - t * down];
  return Math.sqrt(u * u + v * v);
}

/** Whether two strokes are as in a 7, or in a 1 with its upstroke: joined at the top, one to the left. */
export function mayBeDigit(one, other) {
  return hangs(one, other) || hangs(other, one);
}

/** Whether two strokes cross about in the middle of both, as no digit's do. */
export function cross(one, other) {
  const away = ({ upper, lower }) => [lower[0] - upper[0], lower[1] - upper[1]];
  const [along, across] = [away(one), away(other)];
  const turn = along[0] * across[1] - along[1] * across[0];
  if (!turn) return false;
  const gap = [other.upper[0] - one.upper[0], other.upper[1] - one.upper[1]];
  const places = [across, along].map((to) => (gap[0] * to[1] - gap[1] * to[0]) / turn);
  return places.every((place) => MIDDLE < place && place < 1 - MIDDLE);
}

/** Whether two strokes about as long as each other meet at their ends: <, v, or a 7. */
export function corner(one, other) {
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
