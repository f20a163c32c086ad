const BEAT_MS = 5000; // between two signs of life, where nothing else is said
const [QUIET_MS, FIRST_MS] = [15000, 5000]; // without a word from the kernel, and without its first
const QUIET = "The kernel does not answer: another cell keeps it busy, and what you ask is done later; or it was \
restarted: then run this cell again.";
const AGAIN = "Run this cell again for a new one.";
const GONE = "What it last showed stays here; run this cell again for a new one.";

/**
 * The way to the kernel, in the form of anywidget's model, for one view of a widget. What the kernel says reaches
 * all views in all open pages, so each has a name and hears what is for it. A message counts as read when the
 * page has had a chance to paint: a hidden page reads nothing, and is sent next to nothing.
 */
export function lineTo(model) {
  const name = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
  const hearers = new Set();
  const tell = (header, buffers = []) => hearers.forEach((hear) => hear(header, buffers));
  let [heard, said] = [performance.now(), 0];
  let state = "new";
  let seen = false; // whether there is anything to see

  function turn(next, told) {
    if (next === state) return;
    state = next;
    tell({ kind: "connection", ...told });
  }

  const gone = (title) => turn("gone", { state: "lost", title, message: seen ? GONE : AGAIN });

  function post(content, buffers) {
    said = performance.now();
    try {
      model.send({ page: name, ...content }, undefined, buffers);
    } catch {
      gone("The kernel has gone.");
    }
  }

  function hear(content, buffers) {
    if ((content.to ?? name) !== name) return;
    if (content.over) return end(content.over);
    if (content.to !== name) return;
    heard = performance.now();
    turn("open", { state: "open" });
    if (!buffers?.length) return;
    requestAnimationFrame(() => post({ read: content.number }));
    seen = true;
    tell(...apart(buffers[0]));
  }

  function end(why) {
    if (why === true) return gone("The view is closed.");
    const message = `${why}. It comes back by itself in some seconds.`;
    turn("sent away", { state: "lost", title: "The kernel let this page go:", message });
  }

  const leave = () => post({ bye: true });

  function beat() {
    const now = performance.now();
    if (state === "gone") return;
    if (now - said >= BEAT_MS) post({});
    if (now - heard >= (state === "new" ? FIRST_MS : QUIET_MS)) turn("quiet", { state: "open", message: QUIET });
  }

  model.on("msg:custom", hear);
  window.addEventListener("pagehide", leave); // else the kernel would talk to it for some minutes more
  model.on("comm_live_update", beatSoon); // JupyterLab's: the kernel was restarted, or is there again
  function beatSoon() {
    said = 0;
    beat();
  }
  const timer = setInterval(beat, BEAT_MS / 2);
  return {
    open: () => post({}),
    close() {
      if (state !== "gone") leave();
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      model.off("msg:custom", hear);
      model.off("comm_live_update", beatSoon);
    },
    get: (key) => model.get(key),
    send: (command, callbacks, buffers) => post({ said: JSON.stringify(command) }, buffers),
    on: (event, call) => hearers.add(call),
    off: (event, call) => hearers.delete(call),
  };
}

const SIZES = { uint8: 1, int8: 1, uint16: 2, int32: 4, float32: 4 };

/** A message of view/wire.py (a DataView): its header, and a view of each array that the header names. */
function apart({ buffer, byteOffset, byteLength }) {
  const length = new DataView(buffer, byteOffset, byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, byteOffset + 4, length)));
  let start = byteOffset + 4 + length;
  const views = header.arrays.map(({ dtype, shape }) => {
    const view = new DataView(buffer, start, shape.reduce((product, n) => product * n, SIZES[dtype]));
    start += Math.ceil(view.byteLength / 8) * 8;
    return view;
  });
  return [header, views];
}
