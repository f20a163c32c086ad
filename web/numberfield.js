import { h } from "./dom.js";
import { brief } from "./format.js";

const NOTCHES = 20; // of a logarithmic slider, in each decade
const SMALLEST = 1e-6; // share of the most that a logarithmic slider reaches when zero is allowed, too
const OFF = ["", "off", "none"];

/** What a text says: {value}, or {wrong: one line}. An optional number may be left out. */
function readNumber(control, text) {
  const plain = text.trim().toLowerCase();
  if (control.optional && OFF.includes(plain)) return { value: null };
  if (control.type === "batch" && ["full", "all"].includes(plain)) return { value: "full" };
  const value = Number(
    plain
      .replace(/[\s,_](?=\d{3}\b)/g, "")
      .replace(",", ".")
      .replace("−", "-"),
  );
  const whole = control.type !== "number";
  const { least, most } = control;
  const good = plain !== "" && Number.isFinite(value) && !(whole && !Number.isInteger(value));
  if (good && !(value < (least ?? -Infinity)) && !(value > (most ?? Infinity))) return { value };
  const kind = whole ? "a whole number" : "a number";
  const range =
    least !== null && most !== null
      ? ` from ${brief(least)} to ${brief(most)}`
      : least !== null
        ? ` of at least ${brief(least)}`
        : "";
  const other = control.type === "batch" ? " or full" : control.optional ? ", or nothing for off" : "";
  return { wrong: `expected ${kind}${range}${other}, got ${text.trim() || "nothing"}` };
}

/** As a field shows it: no grouping, so that it can be edited. */
function written(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? String(Number(value.toPrecision(7))) : String(value);
}

/** A text field for a number; arrows up and down go to `next(value, direction)`. */
export function numberInput(control, names, commit, next) {
  const input = h("input", {
    ...names,
    type: "text",
    inputMode: control.type === "number" ? "decimal" : "numeric",
    class: "number",
    autocomplete: "off",
    spellcheck: false,
    placeholder: control.optional ? "off" : "",
  });
  let settled = null; // the text that was read last: Enter and leaving the field may both say so
  const settle = () => {
    if (input.value === settled) return;
    settled = input.value;
    const { value, wrong } = readNumber(control, input.value);
    if (wrong) commit.wrong(wrong);
    else commit(value);
  };
  input.addEventListener("change", settle);
  input.addEventListener("input", () => {
    settled = null;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && settled === null) settle();
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    step(direction);
  });
  function step(direction) {
    const { value, wrong } = readNumber(control, input.value);
    const to = wrong ? control.least : within(control, next(value, direction));
    settled = input.value = written(to);
    commit.soon(to);
  }
  const show = (value) => {
    settled = input.value = written(value);
  };
  return { input, step, show };
}

function within({ least, most }, value) {
  if (typeof value !== "number") return value;
  return Math.min(Math.max(value, least ?? -Infinity), most ?? Infinity);
}

/** A field for a whole number. */
export function whole(control, names, commit) {
  const next = (value, direction) => (value === null ? (control.least ?? 0) : value + direction);
  return plainField(numberInput(control, names, commit, next));
}

function plainField({ input, show }) {
  return {
    element: input,
    input,
    show,
    enable: (on) => {
      input.disabled = !on;
    },
  };
}

/** The next of … 0.1, 0.2, 0.5, 1, 2, 5 … */
function nextRound(value, direction) {
  const decade = Math.floor(Math.log10(value) + 1e-9);
  const near = [-1, 0, 1].flatMap((up) => [1, 2, 5].map((digit) => Number(`${digit}e${decade + up}`)));
  if (direction > 0) return near.find((one) => one > value * 1.0001);
  return near.reverse().find((one) => one < value * 0.9999);
}

/** A field for a number, with a slider below it where its ends are known. */
export function number(control, names, commit) {
  const scale = scaleOf(control);
  const step = (value, direction) => {
    if (control.scale !== "log") return Number((value + 0.05 * direction).toFixed(4));
    if (!value) return direction > 0 ? scale.value(1) : value;
    const to = nextRound(value, direction);
    return to < scale.value(1) && scale.off !== undefined ? scale.off : to;
  };
  const field = plainField(numberInput(control, names, commit, step));
  const { input } = field;
  if (typeof control.least !== "number" || typeof control.most !== "number") return field;

  const slider = h("input", {
    type: "range",
    min: 0,
    max: scale.notches,
    step: 1,
    "aria-label": control.label,
  });
  const showWords = (value) => slider.setAttribute("aria-valuetext", value === null ? "off" : brief(value));
  slider.addEventListener("input", () => {
    const value = scale.value(Number(slider.value));
    field.show(value);
    showWords(value);
    commit.soon(value);
  });
  slider.addEventListener("change", () => commit(scale.value(Number(slider.value))));
  return {
    ...field,
    below: slider,
    show: (value) => {
      field.show(value);
      slider.value = scale.notch(value);
      showWords(value);
    },
    enable: (on) => {
      input.disabled = slider.disabled = !on;
    },
  };
}

/** From a slider's notches to values and back; a logarithmic one that may be off, or 0, is so at its left end. */
function scaleOf(control) {
  const { least, most } = control;
  if (control.scale !== "log") {
    const notches = 20;
    const value = (notch) => Number((least + ((most - least) * notch) / notches).toPrecision(3));
    return {
      notches,
      value,
      notch: (given) => Math.round((((given ?? least) - least) / (most - least)) * notches),
    };
  }
  const off = control.optional ? null : least > 0 ? undefined : 0;
  const low = Math.log10(least > 0 ? least : most * SMALLEST);
  const extra = off === undefined ? 0 : 1;
  const notches = Math.round((Math.log10(most) - low) * NOTCHES) + extra;
  const value = (notch) => {
    if (notch < extra) return off;
    return within(control, Number((10 ** (low + (notch - extra) / NOTCHES)).toPrecision(2)));
  };
  const notch = (given) =>
    given > 0 ? Math.max(extra, Math.round((Math.log10(given) - low) * NOTCHES) + extra) : 0;
  return { notches, value, notch, off };
}
