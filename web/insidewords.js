import { grouped } from "./format.js";

/** Which sample an explanation is of. */
export function sampleWords(explanation, { session }) {
  const { sample, data } = session;
  if (!sample) return "";
  if (sample.drawing) {
    const { assumed, predicted_name: name, predicted } = explanation?.sample ?? {};
    return assumed ? `your drawing, taken for a right ${name ?? predicted}` : "your drawing";
  }
  const name = data.classes ? (data.classes[sample.label] ?? sample.label) : null;
  return `${data.part} sample ${sample.index}${name === null ? "" : `, true ${name}`}`;
}

/** Between which steps it is. */
export function stepWords(explanation, { frame }) {
  const step = explanation?.step ?? null;
  if (step === null) return "";
  const done = `after ${grouped(step)} step${step === 1 ? "" : "s"}`;
  if (frame?.scrub) return `the past: ${done}`;
  return explanation.batch ? `${done}, before step ${grouped(explanation.batch.step)}` : done;
}

/** Why an explanation tells of no update. */
export function whyNoUpdate({ batch, kind }, { frame, session }) {
  if (batch) return `No update: ${kind} has no parameters, and neither has what feeds it.`;
  return frame?.scrub || session.mode === "replay"
    ? "No update: of this point the weights were recorded, but not what the optimizer remembers."
    : "No update: the step that would follow has no finite loss.";
}
