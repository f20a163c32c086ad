import { drawnOnce, pathOf, slotOf } from "./branches.js";

const NONE = new Float32Array(0);
export const CURVE = 4; // numbers in a row: step, loss, accuracy, learning rate
export const JUDGED = 3; // step, validation loss, validation accuracy
export const EPOCHS = 5; // step, loss, accuracy, validation loss, validation accuracy

/** The step of the last row. */
function endOf(rows, width) {
  return rows.length ? rows[rows.length - width] : -1;
}

/** What has been seen of each branch: a look back at an earlier point does not shorten what is known. */
export function makeMemory() {
  const known = new Map();
  const ready = new Map(); // judgements of each branch, made when there are new ones
  let run = null;

  function keep(id, rows, back) {
    const old = known.get(id);
    if (old && back && endOf(old.curve, CURVE) >= endOf(rows.curve, CURVE)) return;
    known.set(id, { ...old, ...rows });
  }

  function judgedOf(id, timeline) {
    const { judged, epochs = NONE } = known.get(id);
    const key = [judged.length && judged.at(-JUDGED), epochs.length, timeline];
    const old = ready.get(id);
    if (old?.key.every((part, i) => part === key[i])) return old.rows;
    const rows = allJudged(judged, epochs, timeline ? pathOf(timeline, id) : []);
    ready.set(id, { key, rows });
    return rows;
  }

  return {
    /** Take in the newest messages. */
    take(store) {
      const { frame, branches } = store;
      if (store.session?.run !== run) {
        known.clear();
        ready.clear();
        run = store.session?.run ?? null;
      }
      for (const name of Object.keys(branches?.run === run ? branches.array : {})) {
        const [kind, id] = name.split("_");
        if (kind !== "curve") continue;
        const judged = branches.array[`judged_${id}`] ?? NONE;
        keep(Number(id), { curve: branches.array[name], judged }, true);
      }
      if (frame?.run !== run || !frame.array.curve) return;
      const { curve, judged = NONE, epochs = NONE } = frame.array;
      keep(frame.branch, { curve, judged, epochs }, frame.scrub !== null);
    },
    /**
     * The lines to draw, the current branch first: {id, name, slot, current, from, curve, judged, epochs}.
     */
    lines(store) {
      const { frame, timeline } = store;
      if (!frame) return [];
      const current = timeline?.current ?? frame.branch;
      const branches = timeline?.branches ?? [{ id: frame.branch, name: "A", parent: null, from_step: 0 }];
      return drawnOnce(branches)
        .filter(({ branch }) => known.has(branch.id))
        .map(({ branch, from }) => {
          const { id, name } = branch;
          const { curve, epochs = NONE } = known.get(id);
          return {
            id,
            name,
            from,
            slot: slotOf(branch),
            current: id === current,
            curve,
            judged: judgedOf(id, timeline),
            epochs,
          };
        })
        .sort((one, other) => other.current - one.current);
    },
  };
}

/**
 * All judgements of a branch, by step: those made on the way, at the ends of epochs, and of its snapshots.
 */
function allJudged(judged, epochs, snapshots) {
  const found = new Map();
  for (const { step, loss, accuracy } of snapshots)
    if (loss !== null) found.set(step, [step, loss, accuracy ?? NaN]);
  for (let i = 0; i < epochs.length; i += EPOCHS) {
    if (!Number.isNaN(epochs[i + 3])) found.set(epochs[i], [epochs[i], epochs[i + 3], epochs[i + 4]]);
  }
  for (let i = 0; i < judged.length; i += JUDGED) found.set(judged[i], judged.subarray(i, i + JUDGED));
  const rows = [...found.values()].sort((one, other) => one[0] - other[0]);
  const flat = new Float32Array(rows.length * JUDGED);
  rows.forEach((row, i) => flat.set(row, i * JUDGED));
  return flat;
}

/** The place of the last row whose step is not after this one; −1 if there is none. */
export function rowAt(rows, width, step) {
  let [low, high] = [0, rows.length / width];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle * width] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The row nearest to a step, as {step, value} of a column, or null where there is no number within `reach`
 * steps.
 */
export function nearest(rows, width, column, step, reach = Infinity) {
  const count = rows.length / width;
  if (!count) return null;
  let at = Math.max(rowAt(rows, width, step), 0);
  if (at + 1 < count && rows[(at + 1) * width] - step < step - rows[at * width]) at += 1;
  const value = rows[at * width + column];
  return Number.isNaN(value) || Math.abs(rows[at * width] - step) > reach
    ? null
    : { step: rows[at * width], value };
}

/**
 * Least and greatest number of a column from a step on, [Infinity, -Infinity] if there is none; only above
 * `floor`.
 */
export function rangeOf(rows, width, column, from = 0, floor = -Infinity) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = Math.max(rowAt(rows, width, from), 0) * width; i < rows.length; i += width) {
    const value = rows[i + column];
    if (!(value > floor) || value === Infinity) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Means over pieces of the step axis as wide as `piece`: rows of step and mean, flat; what is no number ends
 * a line.
 */
export function means(rows, width, column, from, piece) {
  const found = [];
  let [sum, steps, count, bin] = [0, 0, 0, null];
  const close = () => {
    if (count) found.push(steps / count, sum / count);
    [sum, steps, count] = [0, 0, 0];
  };
  for (let i = Math.max(rowAt(rows, width, from), 0) * width; i < rows.length; i += width) {
    const value = rows[i + column];
    const here = Math.floor(rows[i] / piece);
    if (here !== bin) close();
    bin = here;
    if (!Number.isFinite(value)) {
      close();
      found.push(rows[i], NaN);
      continue;
    }
    [sum, steps, count] = [sum + value, steps + rows[i], count + 1];
  }
  const begun = rows.length ? rows[rows.length - width] - bin * piece : 0;
  if (begun >= piece / 2 || !found.length) close(); // a piece just begun is too few steps to tell
  return found;
}
