import { median } from "./pageranks.js";
import { turned } from "./pageturned.js";
import { narrowest, widest } from "./pagewidest.js";
import { BOX, LINEAR, fitted, resampleNumbers } from "./resample.js";
import { rounded } from "./rounding.js";

/*
 * Ink on a ground, as in glassnet.data.background: the contrast of a grey picture to what remains of it when
 * everything narrower than a window is filled from its surroundings. The smallest window counts that takes
 * nearly all sharp edges away. In single precision, as there; it evens out no camera's noise, which that does.
 */

const GRID = 160; // pixels a side on which the background is estimated
const WINDOWS = [0.06, 0.12, 0.22, 0.36]; // of the longer side
const LIKELY = 0.85; // of the sharp edges that any window takes away: the first with it tells dark from light
const ENOUGH = 0.97; // of those that any window takes away then
const AT_EDGE = 0.03; // of the sharp edges: those along an edge of the picture are worth that
const ALL = 0.97; // of them: no larger window is tried
const SHARP = 4; // times the usual step from pixel to pixel
const DEVIATION = 1.4826; // of a normal distribution, over its median absolute deviation
const DARKEST = 16; // of 255: a ground is taken to be at least that light
const LIGHTER = 96; // of 255: how much lighter than its ground full light ink is at least taken to be
const MOST_UNEVEN = 4; // times the usual light, or a part of it: more is not evened out
const { fround } = Math;

/**
 * How far each pixel of {values, width, height} stands out from its ground: {values, noise}, 0 is not
 * at all, 1 all the way; `noise` is the standard deviation of that where no ink is. Null if there is no sharp
 * edge, and so no ink.
 */
export function contrast({ values: grey, width, height }) {
  const picture = { values: new Float32Array(grey), width, height };
  const side = Math.max(GRID, Math.floor(Math.max(width, height) / 4));
  const found = groundOf(resized(picture, fitted(width, height, side)));
  if (!found) return null;
  const { light } = found;
  const ground = resized(found.ground, [width, height]).values;
  const usual = fround(median(ground.slice()));
  const lit = new Float32Array(grey.length).fill(1); // where it is all but black, light cannot be told from it
  for (let i = 0; usual >= DARKEST && i < lit.length; i += 1) lit[i] = litBy(ground[i], usual);
  const depth = light ? Math.max(fround(255 - usual), LIGHTER) : Math.max(usual, DARKEST);
  const values = new Float32Array(grey.length);
  for (let i = 0; i < grey.length; i += 1) {
    values[i] = fround(light ? grey[i] - ground[i] : ground[i] - grey[i]) / fround(lit[i] * depth);
  }
  const { middle, noise } = level(values, width, height);
  for (let i = 0; i < values.length; i += 1) {
    values[i] -= middle;
    lit[i] = noise * Math.max(1, fround(1 / lit[i])); // the same everywhere, and so the more in shadows
  }
  return { values, noise: lit };
}

/** How much of the usual light falls where the ground is so light. */
function litBy(ground, usual) {
  return Math.min(Math.max(fround(ground / Math.max(usual, 1)), 1 / MOST_UNEVEN), MOST_UNEVEN);
}

/** The median, and the standard deviation around it, of the ground, which most of a picture is. */
function level(values, width, height) {
  const step = 1 + Math.floor(Math.min(width, height) / 250);
  const sample = [];
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) sample.push(values[y * width + x]);
  }
  const numbers = Float32Array.from(sample);
  const middle = fround(median(numbers));
  const away = fround(median(numbers.map((value) => Math.abs(value - middle))));
  return { middle, noise: fround(DEVIATION * away) };
}

/** The ground of a small picture, and whether the ink on it is light; null without sharp edges. */
function groundOf(small) {
  const usual = fround(SHARP * DEVIATION * (median(stepsOf(small)) || 0));
  const before = energy(small, usual);
  if (!before) return null;
  const taken = (ground) => 1 - energy(ground, usual) / before;

  const pictures = [small, each(small, (value) => 255 - value)]; // ink is dark in the one or the other
  const longer = Math.max(small.width, small.height);
  const reaches = WINDOWS.map((share) => Math.max(1, rounded((share * longer) / 2)));
  const shares = [];
  for (const reach of reaches) {
    shares.push(pictures.map((picture) => taken(filled(picture, reach))));
    if (Math.max(...shares.at(-1)) > ALL) break;
  }
  const most = Math.max(...shares.flat());
  const likely = shares.find((pair) => Math.max(...pair) >= LIKELY * most);
  const light = likely[1] > likely[0];
  const own = shares.map((pair) => pair[Number(light)]);
  const best = own.findIndex((share) => share >= ENOUGH * Math.max(...own));
  const picture = pictures[Number(light)];
  let ground = filledOn(picture, reaches[best]);
  if (taken(ground) < own[best] - AT_EDGE) ground = filled(picture, reaches[best]); // there is ink at an edge
  return { ground: light ? each(ground, (value) => 255 - value) : ground, light };
}

/** How much the step from pixel to pixel changes, downwards and to the right, after a 0, as in Python. */
function stepsOf(picture) {
  const { width, height } = picture;
  const steps = new Float32Array(1 + width * Math.max(height - 2, 0) + height * Math.max(width - 2, 0));
  let k = 1;
  eachStep(picture, (step) => {
    steps[k] = step;
    k += 1;
  });
  return steps;
}

/** The squares of the steps that are larger than usual, added up. */
function energy(picture, usual) {
  let sum = 0;
  eachStep(picture, (step) => {
    if (step > usual) sum += fround(step * step);
  });
  return sum;
}

function eachStep({ values, width, height }, visit) {
  for (let i = 0; i < width * (height - 2); i += 1) visit(bend(values, i, width));
  for (let y = 0; y < height; y += 1) {
    for (let i = y * width; i < (y + 1) * width - 2; i += 1) visit(bend(values, i, 1));
  }
}

function bend(values, i, step) {
  const middle = values[i + step];
  return Math.abs(fround(fround(values[i + 2 * step] - middle) - fround(middle - values[i])));
}

/** A closing by a square of 2·reach + 1: the largest in each, then the smallest of those in each. */
function filled(picture, reach) {
  return narrowest(widest(picture, reach), reach);
}

/** The same of a picture that goes on beyond its edges as it would if it were turned about them. */
function filledOn(picture, reach) {
  const whole = filled(turned(goneOn(turned(goneOn(picture, reach)), reach)), reach);
  return cut(whole, reach, picture.width, picture.height);
}

/** A picture with `reach` more rows above and below, each so far from the edge's as the one opposite, but up. */
function goneOn({ values, width, height }, reach) {
  const edged = new Float32Array((height + 2 * reach) * width);
  edged.set(values, reach * width);
  const turn = (edge, from, to) => {
    for (let x = 0; x < width; x += 1) {
      edged[to * width + x] = height > 1 ? 2 * edged[edge * width + x] - edged[from * width + x] : values[x];
    }
  };
  const last = reach + height - 1;
  for (let k = 1; k <= reach; k += 1) {
    turn(reach, reach + k, reach - k);
    turn(last, last - k, last + k);
  }
  return { values: edged, width, height: height + 2 * reach };
}

function cut(picture, reach, width, height) {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (y + reach) * picture.width + reach;
    values.set(picture.values.subarray(start, start + width), y * width);
  }
  return { values, width, height };
}

function each({ values, width, height }, change) {
  return { values: values.map(change), width, height };
}

/** Means over areas if it becomes smaller, else interpolated linearly. */
function resized(picture, [width, height]) {
  if (width === picture.width && height === picture.height) return picture;
  const shrinks = width < picture.width || height < picture.height;
  return resampleNumbers(picture, width, height, shrinks ? BOX : LINEAR);
}
