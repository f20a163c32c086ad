import { grouped, percent } from "./format.js";

const MINUS = "\u2212";

/**
 * A number with all of its significant digits, so that a changing one does not dance: 0.0810, 12.3, 1,204,
 * 2.3e−5.
 */
export function figures(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 9.995e-4 || size >= 1e6) return scientific(value, digits);
  const after = digits - 1 - Math.floor(Math.log10(size) + 1e-9);
  return (after > 0 ? value.toFixed(after) : grouped(value)).replace("-", MINUS);
}

/** A number of an axis: no more digits than it has. */
export function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 9.995e-4 || size >= 1e5)) return scientific(value, 2);
  return String(Number(value.toPrecision(3))).replace("-", MINUS);
}

/** A number as front and power of ten: 1.2e−3. */
export function scientific(value, digits = 2) {
  if (!value) return "0";
  const [front, back] = value.toExponential(digits - 1).split("e");
  const short = front.includes(".") ? front.replace(/\.?0+$/, "") : front;
  return `${short}e${back.replace("+", "")}`.replaceAll("-", MINUS);
}

/** A share of `n` examples in per cent, with the digits that so many examples can tell apart: 96.3 %. */
export function shareOf(share, n = 1000) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return percent(share, n < 300 ? 0 : n >= 5000 && share > 0.99 && share < 1 ? 2 : 1).replace(" ", "\u00a0");
}

/** Bytes as megabytes. */
export function megabytes(bytes) {
  return figures(bytes / 2 ** 20, bytes < 10 * 2 ** 20 ? 2 : 3);
}
