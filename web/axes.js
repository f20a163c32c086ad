const COARSE = [1, 2, 5, 10];
const FINE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const GLIDE = 0.3; // share of the way to new limits that a picture goes
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** The least of 1, 2, 5, 10, 20 … (or of a finer row) that is not below a positive value. */
export function niceAbove(value, row = COARSE) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * row.find((front) => front * power >= value * (1 - 1e-9));
}

/** The greatest of 1, 2, 5, 10, 20 … that is not above a positive value. */
export function niceBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * COARSE.findLast((front) => front * power <= value * (1 + 1e-9));
}

/** The top of an axis that starts at zero. */
export function topFor(value) {
  return niceAbove(Math.max(value, 1e-12), FINE);
}

/** Round numbers from low to high, about as many as are asked for. */
export function ticksOf({ low, high, log }, most) {
  if (log) return logTicks(low, high, most);
  const by = niceAbove((high - low) / Math.max(most, 1) || 1);
  const first = Math.ceil(low / by - 1e-6);
  const last = Math.floor(high / by + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * by);
}

function logTicks(low, high, most) {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-6), Math.ceil(Math.log10(high) - 1e-6)];
  const every = Math.ceil((last - first) / Math.max(most, 1));
  const span = Math.log10(high / low);
  const fronts = span < 1.2 ? [1, 2, 5] : span < 0.65 * most ? [1, 3] : [1];
  const found = [];
  for (let power = first; power <= last; power += Math.max(every, 1)) {
    for (const front of fronts) found.push(front * 10 ** power);
  }
  return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/**
 * An axis whose limits change in steps; what is drawn glides from the old limits to the new ones.
 * `place(value, from, to)` gives the pixel; `glide()` is called before each picture, true while there is way
 * to go.
 */
export function makeAxis() {
  const axis = { low: 0, high: 1, log: false };
  let shown = null;
  const bend = (value) => (axis.log ? Math.log10(Math.max(value, 1e-45)) : value);

  axis.set = (low, high, log = false) => {
    if (log !== axis.log) shown = null; // a bent axis is a new one
    Object.assign(axis, { low, high, log });
  };
  axis.forget = () => {
    shown = null;
    Object.assign(axis, { low: 0, high: 1, log: false });
  };
  axis.glide = () => {
    const aim = [bend(axis.low), bend(axis.high)];
    if (!shown || still.matches) shown = aim;
    shown = shown.map((value, i) => value + GLIDE * (aim[i] - value));
    const far = Math.abs(shown[0] - aim[0]) + Math.abs(shown[1] - aim[1]) > 0.002 * (aim[1] - aim[0]);
    if (!far) shown = aim;
    return far;
  };
  axis.place = (value, from, to) => {
    const [low, high] = shown ?? [bend(axis.low), bend(axis.high)];
    return from + ((bend(value) - low) / (high - low || 1)) * (to - from);
  };
  axis.value = (pixel, from, to) => {
    const [low, high] = shown ?? [bend(axis.low), bend(axis.high)];
    const bent = low + ((pixel - from) / (to - from || 1)) * (high - low);
    return axis.log ? 10 ** bent : bent;
  };
  return axis;
}

/**
 * The last step that an axis shows: 1, 2, 5, 10 … epochs (or tenths of one), and never past the planned end.
 */
export function lastStepFor(step, session) {
  const epoch = Math.max(session?.steps_an_epoch || 1, 1);
  const planned = Math.max(session?.total_steps || 0, step, 1);
  const high = niceAbove(Math.max(step / epoch, 0.1)) * epoch;
  return Math.min(Math.max(high, 20), planned);
}
