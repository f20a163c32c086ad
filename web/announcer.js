import { h } from "./dom.js";
import { grouped, percent } from "./format.js";

const SPOKEN_MS = 5000; // between two sentences for a screen reader while it trains

/** Says to a screen reader what happens: a change of state at once, progress every few seconds. */
export function announcer(store) {
  const box = h("div", { class: "hidden-text", role: "status", "aria-live": "polite" });
  let status = null;
  let run = null;
  let step = null;
  let last = 0;
  store.on(["frame", "session", "validation"], () => {
    const { session, frame, validation } = store;
    if (!session || !frame) return;
    const running = session.status === "running";
    // one step is over too soon to be seen running
    const stepped = !running && frame.scrub === null && frame.step !== step;
    const changed = status !== null && (session.status !== status || session.run !== run || stepped);
    const due = running && performance.now() - last > SPOKEN_MS;
    [status, run, step] = [session.status, session.run, frame.step];
    if (!changed && !due) return;
    last = performance.now();
    box.textContent = sentence(session, frame, validation);
  });
  return box;
}

function sentence({ status, message }, frame, validation) {
  const words = {
    ready: "Ready at the start",
    running: "Training",
    paused: "Paused",
    ended: "Finished",
    diverged: "The loss diverged",
    failed: "The run stopped",
    loading: "Loading",
  };
  const parts = [words[status] ?? status];
  if (message) parts.push(message);
  if (status !== "ready" && status !== "loading")
    parts.push(`epoch ${frame.epoch}, step ${grouped(frame.step)}`);
  if (validation?.accuracy !== null && validation?.accuracy !== undefined)
    parts.push(`${validation.part} accuracy ${percent(validation.accuracy)}`);
  else if (validation && validation.loss !== null)
    parts.push(`${validation.part} loss ${validation.loss.toPrecision(3)}`);
  return parts.join(", ");
}
