/**
 * Looking back while dragging: one `scrub` command under way at most, then the newest wish. `at()` is the
 * snapshot that is wished for or shown (null: now); `changed()` is called when that changes here.
 */
export function makeScrubber(store, changed) {
  let wish; // undefined: none waits
  let held; // what is shown ahead of the server's answer; undefined: what the server says
  let busy = false;

  async function work() {
    busy = true;
    while (wish !== undefined) {
      const asked = wish;
      wish = undefined;
      try {
        await store.send({ kind: "scrub", snapshot: asked });
      } catch {
        if (wish !== undefined) continue;
        held = undefined; // the shell has said why
        changed();
      }
    }
    busy = false;
    settle();
  }

  function settle() {
    if (busy || held === undefined) return;
    if (held !== (store.frame?.scrub ?? null) && store.session?.status !== "running") return;
    held = undefined;
    changed();
  }

  store.on(["frame", "session"], settle);

  return {
    at: () => (held !== undefined ? held : (store.timeline?.scrub ?? store.frame?.scrub ?? null)),
    go(snapshot) {
      if (store.hello?.role === "watch") return;
      [wish, held] = [snapshot, snapshot];
      changed();
      if (!busy) work();
    },
  };
}
