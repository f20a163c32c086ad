const EVERY_MS = 350; // while the run goes on
const CALM_MS = 1000; // for those who want little motion

/**
 * Ask for the explanation of what is `want`ed, {layer, unit, input}, again whenever what is shown has
 * changed: one question at a time. `told(explanation)`, `failed(message)`.
 */
export function asking(store, told, failed) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let wanted = null;
  let stale = false; // there is something newer than what was asked for last
  let out = false; // a question is on its way
  let last = -Infinity;
  let timer = 0;

  function want(next) {
    if (JSON.stringify(next) === JSON.stringify(wanted)) return;
    wanted = next;
    stale = Boolean(next);
    last = -Infinity; // at once
    ask();
  }

  function ask() {
    clearTimeout(timer);
    if (!wanted || !stale || out || !store.frame || !store.open()) return;
    const every = still.matches ? CALM_MS : EVERY_MS;
    const wait = store.session?.status === "running" ? last + every - performance.now() : 0;
    if (wait > 0) timer = setTimeout(ask, wait);
    else send(wanted);
  }

  async function send(question) {
    [stale, out, last] = [false, true, performance.now()];
    try {
      const { explanation } = await store.send({ kind: "explain", ...question }, undefined, { quiet: true });
      if (question === wanted) told(explanation);
    } catch (error) {
      if (question === wanted) failed(error.message);
    }
    out = false;
    ask();
  }

  store.on(["frame", "session", "connection"], () => {
    stale = Boolean(wanted);
    ask();
  });
  return { want };
}
