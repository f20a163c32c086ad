const SHORTEST = 60; // milliseconds on one snapshot
const LONGEST = 500;
const WHOLE_MS = 12_000; // to walk through all of them
const STILL_MS = 300; // on one, for those who want little motion
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Walks through a track's snapshots, from the first if the present is shown. */
export function makePlayer(store, line, changed) {
  let timer = null;

  function pace() {
    const each = WHOLE_MS / Math.max(store.timeline?.snapshots.length ?? 1, 1);
    return Math.max(Math.min(Math.max(each, SHORTEST), LONGEST), still.matches ? STILL_MS : 0);
  }

  function next() {
    timer = setTimeout(() => (line.walk(1) ? next() : stop()), pace());
  }

  function stop() {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    changed();
  }

  function toggle() {
    if (timer !== null) return stop();
    if (!line.shown()) line.walk(-Infinity);
    next();
    changed();
  }

  return { toggle, stop, playing: () => timer !== null };
}
