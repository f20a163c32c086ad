const LONG_S = 30; // of training: more than that is not lost by one slip of a finger
const SURE_MS = 8000; // between being asked and doing it

/**
 * What the buttons and keys do: {toggle, step, epoch, reset, newSeed, save}, each a function, and
 * can(name): whether it makes sense as things stand.
 */
export function makeCommands(store, tell) {
  const send = (command) => store.send(command).catch(() => {});
  const status = () => store.session?.status;
  const more = { epochs: 5 }; // after the end: how many more

  const can = (name) => {
    if (store.hello?.role === "watch" || !store.open()) return false;
    const now = status();
    if (!store.session?.network || now === "loading") return false;
    if (name === "toggle") return ["ready", "running", "paused", "ended"].includes(now);
    if (name === "step" || name === "epoch") return ["ready", "running", "paused"].includes(now);
    return true;
  };

  function toggle() {
    if (status() === "running") return send({ kind: "pause" });
    return send(status() === "ended" ? { kind: "more", epochs: more.epochs } : { kind: "start" });
  }

  /** Fetch the network as it is shown, now or at the chosen point of the past, as a file. */
  async function save() {
    try {
      const file = await store.send({ kind: "save", snapshot: store.session.scrub ?? null });
      download(file.name, file.array.bytes);
      tell(`Saved ${file.name}`);
    } catch {
      // the shell says why
    }
  }

  const commands = {
    toggle,
    save,
    step: () => send({ kind: "step" }),
    epoch: () => send({ kind: "epoch" }),
    reset: onceSure(store, tell, () => send({ kind: "reset" })),
    newSeed: onceSure(store, tell, () => send({ kind: "new_seed" })),
  };
  const guarded = Object.entries(commands).map(([name, call]) => [name, () => can(name) && call()]);
  return { ...Object.fromEntries(guarded), can, more };
}

/** `begin`, which drops the time line: of a long run only when it is called a second time. */
function onceSure(store, tell, begin) {
  let trained = 0; // seconds; a look back does not tell
  let asked = -Infinity;
  store.on(["frame"], () => {
    trained = store.frame ? (store.frame.seconds ?? trained) : 0;
  });
  return () => {
    const now = performance.now();
    const sure = trained < LONG_S || now - asked < SURE_MS;
    asked = sure ? -Infinity : now;
    if (sure) return begin();
    return tell(`This drops the time line of ${lasting(trained)} of training: press again to do it`);
  };
}

function lasting(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

/** Hand bytes to the browser as a file. */
export function download(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  [link.href, link.download] = [address, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
