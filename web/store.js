import { pack, unpack } from "./wire.js";

const STATES = [
  "hello",
  "session",
  "data",
  "frame",
  "validation",
  "timeline",
  "branches",
  "notice",
  "connection",
];
const SLOW_MS = 400; // without an answer: time to say that something is being done
const REDUCED_MS = 250; // between two pictures for those who want little motion

/** The newest message of each kind, who wants to know of them, and the way back to the run. */
export function makeStore(model) {
  const store = { hello: null, session: null };
  const listeners = [];
  const waiting = new Map(); // replies by the number of their command
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let changed = new Set();
  let due = false;
  let last = 0;
  let number = 0;
  let slow = 0; // commands that wait long
  let run = null; // the number of the newest network that the session told of

  function flush() {
    const now = performance.now();
    if (still.matches && now - last < REDUCED_MS) {
      setTimeout(() => requestAnimationFrame(flush), REDUCED_MS - (now - last));
      return;
    }
    [due, last] = [false, now];
    const kinds = changed;
    changed = new Set();
    for (const listener of [...listeners]) {
      if (!listener.fresh && !listener.wanted.some((kind) => kinds.has(kind))) continue;
      listener.fresh = false;
      try {
        listener.call(kinds);
      } catch (error) {
        console.error(error); // one panel's mistake leaves the others alive
      }
    }
  }

  function soon() {
    if (due) return;
    due = true;
    requestAnimationFrame(flush);
  }

  function receive(header, buffers) {
    const message = unpack(header, buffers || []);
    if (STATES.includes(message.kind)) {
      if (message.kind === "hello") run = null; // perhaps another server, which counts from the start again
      if (message.kind === "session") meet(message.run);
      else if (run !== null && message.run < run) return; // of a network that is gone
      if (message.kind === "frame") keepMatrices(message);
      if (message.kind === "connection" && message.state !== "open") giveUp();
      store[message.kind] = message;
      changed.add(message.kind);
      soon();
      return;
    }
    const reply = waiting.get(message.id);
    if (!reply) return;
    waiting.delete(message.id);
    if (message.kind === "error") reply.reject(new Error(message.message));
    else reply.resolve(message);
  }

  /** A new network: what is known of the old one is gone. (Word of the new one may have come before.) */
  function meet(number) {
    if (number === run) return;
    run = number;
    for (const kind of ["frame", "validation", "timeline", "branches"]) {
      if (!store[kind] || store[kind].run === run) continue;
      store[kind] = null;
      changed.add(kind);
    }
  }

  /** Nobody will answer what was asked before. */
  function giveUp() {
    const asked = [...waiting.values()];
    waiting.clear();
    for (const { reject } of asked) reject(new Error("the server has gone; nothing was changed"));
  }

  /** Matrices that were not due in this frame stay as they were. */
  function keepMatrices(message) {
    const before = store.frame;
    if (!before || before.run !== message.run) return;
    const there = new Set(message.matrices.map((matrix) => matrix.name));
    for (const matrix of before.matrices) {
      if (there.has(matrix.name)) continue;
      message.matrices.push(matrix);
      message.array[matrix.array] = before.array[matrix.array];
      message.shape[matrix.array] = before.shape[matrix.array];
    }
  }

  /** Let the page know while an answer is long in coming: store.slow.waiting. */
  function watch(reply) {
    let late = 0;
    const count = (change) => {
      late += change;
      slow += change;
      store.slow = { waiting: slow > 0 };
      changed.add("slow");
      soon();
    };
    const timer = setTimeout(count, SLOW_MS, 1);
    const end = () => {
      clearTimeout(timer);
      if (late) count(-1);
    };
    reply.then(end, end);
  }

  /** Call once an animation frame at most, after a message of one of these kinds. Returns what ends it. */
  store.on = (wanted, call) => {
    const listener = { wanted, call, fresh: wanted.some((kind) => store[kind]) };
    listeners.push(listener);
    if (listener.fresh) soon();
    return () => {
      const place = listeners.indexOf(listener);
      if (place >= 0) listeners.splice(place, 1);
    };
  };

  /** Whether there is a server to ask. (A notebook does not say; there always is.) */
  store.open = () => (store.connection?.state ?? "open") === "open";

  /**
   * Send a command, with arrays by their names if it has any (typed arrays, or {data, shape}); the promise
   * holds the reply, or fails with the server's one line. Of a `quiet` one the page says nothing then.
   */
  store.send = (command, arrays = null, { quiet = false } = {}) => {
    const packed = arrays && pack(arrays);
    number += 1;
    const id = number;
    const reply = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    reply.catch((error) => quiet || store.onerror?.(error, command));
    watch(reply);
    if (!store.open()) {
      waiting.get(id).reject(new Error("the server has gone; nothing was changed"));
      waiting.delete(id);
    } else if (packed) {
      model.send({ ...command, id, arrays: packed.told }, undefined, packed.buffers); // as anywidget's does
    } else model.send({ ...command, id });
    return reply;
  };

  model.on("msg:custom", receive);
  store.close = () => model.off?.("msg:custom", receive);
  return store;
}
