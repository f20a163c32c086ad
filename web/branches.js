const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/**
 * Which of the four colours and dashes a branch wears: its letter's, so that it keeps them while it lives.
 */
export function slotOf({ name }) {
  return Math.max("ABCD".indexOf(name), 0);
}

/** The dashes of a slot, so that colour is not all that tells branches apart. */
export function dashOf(slot) {
  return DASHES[slot] ?? [];
}

/**
 * The branches from the root to this one: {id, until}, where `until` is the step at which the next one
 * leaves.
 */
function lineage(branches, id) {
  const by = new Map(branches.map((branch) => [branch.id, branch]));
  const line = [];
  let until = Infinity;
  for (let at = id; at !== null && at !== undefined && line.length <= by.size; at = by.get(at)?.parent) {
    line.unshift({ id: at, until }); // a parent that was dropped is still where its children come from
    until = Math.min(until, by.get(at)?.from_step ?? 0);
  }
  return line;
}

/** The step up to which two branches are the same run. */
function sharedUntil(branches, one, other) {
  const [first, second] = [lineage(branches, one), lineage(branches, other)];
  let shared = 0;
  for (let i = 0; i < first.length && i < second.length && first[i].id === second[i].id; i += 1) {
    shared = Math.min(first[i].until, second[i].until);
  }
  return shared;
}

/**
 * Branches to draw, each from where it leaves those before it, so that a shared part is drawn once: {branch,
 * from}.
 */
export function drawnOnce(branches) {
  const ordered = [...branches].sort((a, b) => a.id - b.id);
  return ordered.map((branch, i) => {
    const shared = ordered.slice(0, i).map((other) => sharedUntil(branches, branch.id, other.id));
    return { branch, from: Math.max(0, ...shared) };
  });
}

/** Snapshots on the way from the root to the end of a branch, by step. */
export function pathOf(timeline, id) {
  const until = new Map(lineage(timeline.branches, id).map((part) => [part.id, part.until]));
  return timeline.snapshots
    .filter((one) => one.step <= (until.get(one.branch) ?? -1))
    .sort((a, b) => a.step - b.step);
}

/** The branch to walk along: the current one if the snapshot lies on its way, else the snapshot's own. */
export function lineFor(timeline, one) {
  const onWay = !one || pathOf(timeline, timeline.current).some((other) => other.id === one.id);
  return onWay ? timeline.current : one.branch;
}
