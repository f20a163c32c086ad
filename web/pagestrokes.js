import { axis } from "./pageaxis.js";
import { distance } from "./pagesegments.js";
import { rounded } from "./rounding.js";

/*
 * Whether a mark is two straight strokes: the search of glassnet.reading.segments. Hough's transform finds
 * them: for each of many directions the ink is added up in bands as wide as the stroke; the band with the most
 * ink is a stroke, the next is looked for in what it leaves. Then each is moved to the middle and the long
 * axis of the ink that is nearest to it. How well two strokes with a round pen drawn there make up the picture
 * says whether it is two straight strokes.
 */

const SIDE = 28;
const DIRECTIONS = 60;
const BINS = 4; // in a pixel
const PENS = [0.4, 0.55, 0.7, 0.85, 1, 1.15, 1.3, 1.5]; // widths that are tried, times the one estimated
const LEFT = 0.12; // of the ink: more beside two bands is something else
const ROUNDS = 4; // of moving the strokes
const REACH = Math.trunc((BINS * Math.hypot(SIDE, SIDE)) / 2) + 2; // bins from the middle to a corner
const COUNT = 2 * REACH + 1; // bins of a direction

const places = Float64Array.from({ length: SIDE * SIDE }, (_, i) => i);
const POINTS = {
  x: places.map((i) => (i % SIDE) - (SIDE - 1) / 2),
  y: places.map((i) => Math.floor(i / SIDE) - (SIDE - 1) / 2),
};

/** Of each direction the bin in which each pixel is. */
const TABLE = Array.from({ length: DIRECTIONS }, (_, k) => {
  const [cos, sin] = [Math.cos((Math.PI * k) / DIRECTIONS), Math.sin((Math.PI * k) / DIRECTIONS)];
  return Int16Array.from(places, (i) => rounded((cos * POINTS.x[i] + sin * POINTS.y[i]) * BINS) + REACH);
});

/**
 * Two straight strokes in an image of 784 bytes: {strokes, missed}, the share of its ink by which they miss
 * it. Null if the image is plainly something else.
 */
export function twoStrokes(image) {
  const ink = Float64Array.from(image, (value) => value / 255);
  const total = sumOf(ink);
  if (!total) return null;
  const width = penOf(ink, total);
  const first = strongest(ink, width);
  const second = strongest(first.rest, width);
  if (!first.stroke || !second.stroke || sumOf(second.rest) > LEFT * total) return null;
  const begin = [first.stroke, second.stroke];
  const fits = [0, width / 2].map((margin) => fitted(ink, total, begin, width, margin)).filter(Boolean);
  return fits.reduce((best, fit) => (best && best.missed <= fit.missed ? best : fit), null);
}

/** The width of the strokes, in pixels: twice their area over their outline. */
function penOf(ink, total) {
  const at = (x, y) => (x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : ink[y * SIDE + x]);
  let outline = 0;
  for (let y = -1; y < SIDE; y += 1) {
    for (let x = -1; x < SIDE; x += 1) outline += Math.hypot(at(x, y + 1) - at(x, y), at(x + 1, y) - at(x, y));
  }
  return (2 * total) / Math.max(outline, 1e-9);
}

/** The band that has the most of the ink: the stroke along it, or null, and the rest of the ink. */
function strongest(ink, width) {
  const half = rounded((BINS * (width + 1.5)) / 2);
  let best = { sum: -1 };
  TABLE.forEach((bins) => {
    const passed = passedIn(bins, ink);
    for (let middle = 0; middle < COUNT; middle += 1) {
      const before = middle - half - 1 < 0 ? 0 : passed[middle - half - 1];
      const sum = passed[Math.min(middle + half, COUNT - 1)] - before;
      if (sum > best.sum) best = { sum, bins, middle };
    }
  });
  const inside = (i) => Math.abs(best.bins[i] - best.middle) <= half;
  const stroke = axis(
    ink.map((value, i) => (inside(i) ? value : 0)),
    POINTS,
    width,
  );
  return { stroke, rest: ink.map((value, i) => (inside(i) ? 0 : value)) };
}

/** The ink in each bin and all before it. */
function passedIn(bins, ink) {
  const sums = new Float64Array(COUNT);
  for (let i = 0; i < ink.length; i += 1) sums[bins[i]] += ink[i];
  for (let k = 1; k < COUNT; k += 1) sums[k] += sums[k - 1];
  return sums;
}

/** Move each stroke to the ink that is nearer to it by a margin: {strokes, missed}, or null of too little. */
function fitted(ink, total, begin, width, margin) {
  let strokes = begin;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, other] = strokes.map(awayFrom);
    const near = (mine, others) =>
      ink.map((value, i) => (mine[i] < width / 2 + 1 && others[i] >= mine[i] + margin ? value : 0));
    strokes = [near(one, other), near(other, one)].map((own) => axis(own, POINTS, width, ink));
    if (!strokes[0] || !strokes[1]) return null;
  }
  const [one, other] = strokes.map(awayFrom);
  const nearest = one.map((away, i) => Math.min(away, other[i]));
  const misses = PENS.map((share) => missedBy(ink, nearest, width * share));
  return { strokes, missed: Math.min(...misses) / total };
}

function awayFrom(stroke) {
  return POINTS.x.map((x, i) => distance(stroke, x, POINTS.y[i]));
}

/**
 * How far strokes of a pen miss the ink, where the nearest of them is so far from each pixel. Compared are
 * means of 2 × 2 pixels: half a pixel aside is hardly a difference.
 */
function missedBy(ink, nearest, pen) {
  const wide = SIDE + 2;
  const over = new Float64Array(wide * wide); // too much or too little ink, in a frame of zeros
  for (let i = 0; i < ink.length; i += 1) {
    const drawn = Math.min(Math.max(pen / 2 + 0.5 - nearest[i], 0), Math.min(pen, 1));
    over[(Math.floor(i / SIDE) + 1) * wide + (i % SIDE) + 1] = ink[i] - drawn;
  }
  let missed = 0;
  for (let y = 0; y <= SIDE; y += 1) {
    for (let i = y * wide; i <= y * wide + SIDE; i += 1) {
      missed += Math.abs(over[i] + over[i + 1] + over[i + wide] + over[i + wide + 1]) / 4;
    }
  }
  return missed;
}

function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}
