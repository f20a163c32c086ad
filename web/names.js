import { figures } from "./numbers.js";

const LOW = "₀₁₂₃₄₅₆₇₈₉";
const COLOURS = ["red", "green", "blue"];

/** 12 → "₁₂". */
function subscript(number) {
  return [...String(number)].map((digit) => LOW[digit] ?? digit).join("");
}

/** The weight that a byte stands for, with the digits that a byte can tell; beyond the limit, that it is. */
export function weightText(byte, limit) {
  const value = ((byte - 128) / 127) * limit;
  if (byte === 1 || byte === 255) return `${value < 0 ? "≤" : "≥"} ${figures(value, 3)}`;
  const digits = Math.min(Math.max(Math.ceil(-Math.log10(limit / 127)), 0), 8);
  return (digits === 8 ? figures(value, 3) : value.toFixed(digits)).replace("-", "−");
}

/** What things are called: inputs, units, weights. */
export function namesOf(session, stages, image) {
  const { classes, inputs, target, kind } = session.data;
  const last = stages.length - 1;

  function input(i) {
    if (image) {
      const channel = Math.floor(i / image.between) % image.channels;
      const [y, x] = [Math.floor(i / image.down) % image.h, Math.floor(i / image.across) % image.w];
      return `pixel (${y}, ${x})${image.channels === 3 ? ` ${COLOURS[channel]}` : ""}`;
    }
    return inputs?.[i] ?? (kind === "points" ? `x${subscript(i + 1)}` : `input ${i}`);
  }

  /** Of the unit's own layer: "unit 17", a class, or the target. */
  function unit(stage, j) {
    if (stage !== last) return `unit ${j}`;
    if (!classes) return stages[last].units === 1 ? (target ?? "y") : `${target ?? "y"} ${j}`;
    const name = `${classes[stages[last].units === 1 ? 1 : j] ?? j}`;
    return /^class/i.test(name) ? name : `class ${name}`;
  }

  const source = (stage, i) => (stage === 0 ? input(i) : unit(stage - 1, i));
  const matrix = (stage) => `W${subscript(stages[stage].number)}`;
  const is = (text) => (/^[≤≥]/.test(text) ? text : `= ${text}`);
  const weight = (stage, i, j, text) =>
    `${matrix(stage)}[${i}, ${j}] ${is(text)}: from ${source(stage, i)} to ${unit(stage, j)}`;
  const layer = (stage) => (stage === last ? "the last layer" : `hidden layer ${stages[stage].number}`);
  return { input, unit, source, matrix, weight, layer };
}
