import { niceAbove } from "./axes.js";
import { canvas } from "./dom.js";
import { palette } from "./palette.js";

const BINS = 40;
const GAP = 0.9; // between two histograms, in widths of the small font
const FULL = 65535; // a row's largest bin

/** The three that each layer has, from left to right. */
export const KINDS = ["weights", "activations", "gradients"];

/**
 * Three small histograms on one canvas. `take(counts, layers)` has, for each, the vitals it is of (or none);
 * `state` then says what is shown: parts ({low, high} or null), tops (the axes' ends) and signed (zero is in
 * the middle). Heights are square roots, so that tails are seen beside a peak.
 */
export function histograms() {
  const state = { counts: null, parts: [null, null, null], tops: [0, 0, 0], signed: [true, true, true] };
  const { element, redraw } = canvas((context, width, height) =>
    paint(context, width, height, state, element),
  );
  const take = (counts, layers) => {
    state.counts = counts;
    state.parts = layers.map(
      (layer, i) => layer?.[KINDS[i]] && { ...layer[KINDS[i]], row: 3 * layer.row + i },
    );
    state.parts.forEach((part, i) => part && settle(state, part, i));
  };
  return { element, redraw, state, take };
}

/** Limits with zero in the middle, or at the left where nothing is below it; they change in steps. */
function settle(state, { low, high }, i) {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  if (low < 0) state.signed[i] = true;
  else if (KINDS[i] === "activations") state.signed[i] = false;
  const top = state.tops[i];
  if (reach > top || reach < 0.12 * top) state.tops[i] = reach > 0 ? niceAbove(reach) : 1;
}

function paint(context, width, height, state, element) {
  const colours = palette(element);
  const gap = GAP * colours.size;
  const each = (width - 2 * gap) / 3;
  state.parts.forEach((part, i) => {
    const left = i * (each + gap);
    const room = state.signed[i] ? each / 2 : each;
    const zero = left + each - room;
    context.fillStyle = colours.rule;
    context.fillRect(left, height - 1, each, 1);
    if (!part) return;
    const counts = state.counts.subarray(part.row * BINS, (part.row + 1) * BINS);
    const scale = room / state.tops[i];
    bars(context, counts, part, { zero, scale, height: height - 1, colours });
    context.fillStyle = colours.ink;
    context.fillRect(Math.round(zero), 0, 1, height);
  });
}

/** Bars below zero in one colour, those from zero on in the other. */
function bars(context, counts, { low, high }, { zero, scale, height, colours }) {
  const wide = (high - low) / BINS;
  const thick = Math.max(wide * scale, 1.5);
  const middle = (bin) => low + (bin + 0.5) * wide;
  for (const below of [true, false]) {
    context.fillStyle = below ? colours.below : colours.above;
    context.beginPath();
    for (let bin = 0; bin < BINS; bin += 1) {
      if (!counts[bin] || middle(bin) < 0 !== below) continue;
      const tall = Math.max(Math.sqrt(counts[bin] / FULL) * height, 1);
      context.rect(zero + middle(bin) * scale - thick / 2, height - tall, thick, tall);
    }
    context.fill();
  }
}
