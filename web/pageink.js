import { components } from "./components.js";
import { contrast } from "./pagebackground.js";
import { ranked } from "./pageranks.js";
import { rounded } from "./rounding.js";

/*
 * The ink in a grey picture, strokes of 0 to 255, as in glassnet.data.ink: it hangs together, is visible
 * everywhere and clear of the noise in good part, and has sharp edges.
 */

const FAINTEST = 0.05; // contrast below which nothing is ink
const CLEAR = 6; // times the noise that ink must stand out in good part
const MOSTLY = 0.15; // of its pixels are clear
const VISIBLE = 3.5; // times the noise that it must stand out everywhere
const CLEAN = 0.004; // noise that no photo is below
const SHARP = 0.42; // of its height that ink rises at its edges
const SOFT = 0.1; // the same in a picture without noise, which is no photo and has no shadows
const AS_STEEP = 0.4; // times the edges of the largest component
const SMALLEST = 1 / 150 ** 2; // of the picture: less ink is a speck
const SIDE_COVERED = 0.5; // of a side of the picture, by what is not ink but where the paper ends
const { fround } = Math;

/** The ink of a grey picture {values, width, height} of bytes, the same: 255 is full ink, 0 all that is none. */
export function inkOf(grey) {
  const { width, height } = grey;
  const ink = { values: new Uint8Array(width * height), width, height };
  const found = contrast(grey);
  if (!found) return ink;
  const { values, noise } = found;
  const [clear, visible] = [new Uint8Array(values.length), new Uint8Array(values.length)];
  for (let i = 0; i < values.length; i += 1) {
    clear[i] = Number(values[i] > Math.max(fround(CLEAR * noise[i]), fround(FAINTEST)));
    visible[i] = Number(values[i] > Math.max(fround(VISIBLE * noise[i]), fround(FAINTEST / 2)));
  }
  const marks = { ...components(width, height, (i) => visible[i]), width, height };
  const kept = keptOf(marks, clear, found);
  const own = Uint8Array.from([false, ...kept]); // by label
  const full = values.filter((_, i) => clear[i] && own[marks.labels[i]]);
  if (!full.length) return ink;
  const factor = fround(255 / nineTenths(full));
  for (let i = 0; i < values.length; i += 1) {
    if (!own[marks.labels[i]]) continue;
    ink.values[i] = rounded(Math.min(Math.max(fround(values[i] * factor), 0), 255));
  }
  return ink;
}

/** Which marks are ink. Those on paper, if there are some, and not the table that it lies on. */
function keptOf(marks, clear, found) {
  const mostly = clearIn(marks, clear);
  const least = SMALLEST * marks.labels.length;
  const seen = marks.parts.map(({ area }, k) => mostly[k] > MOSTLY * area && area >= least);
  const around = surroundings(marks);
  const paper = seen.map((is, k) => is && !around[k]);
  const kept = paper.some(Boolean) ? paper : seen;
  const steep = steepParts(found, marks, kept);
  return kept.map((is, k) => is && steep[k]);
}

/** The value that nine tenths are at most: a tenth is overlap, gloss and noise. Reorders them. */
function nineTenths(values) {
  const place = fround((values.length - 1) * fround(0.9)); // NumPy's percentile is as precise as the values
  const [low, high] = ranked(values, Math.floor(place));
  const [share, way] = [fround(place - Math.floor(place)), fround(high - low)];
  return fround(share < 0.5 ? low + fround(way * share) : high - fround(way * fround(1 - share)));
}

/** How many pixels of each mark are clear. */
function clearIn({ labels, parts }, clear) {
  const counts = new Uint32Array(parts.length + 1);
  labels.forEach((label, i) => {
    counts[label] += clear[i];
  });
  return counts.subarray(1);
}

/** Which parts are a table beside the paper: those that take up much of a side of the picture. */
function surroundings({ labels, parts, width, height }) {
  const much = parts.map(() => false);
  const side = (length, labelAt) => {
    const counts = new Uint32Array(parts.length + 1);
    for (let i = 0; i < length; i += 1) counts[labelAt(i)] += 1;
    parts.forEach((_, k) => {
      much[k] ||= counts[k + 1] > SIDE_COVERED * length;
    });
  };
  side(width, (x) => labels[x]);
  side(width, (x) => labels[(height - 1) * width + x]);
  side(height, (y) => labels[y * width]);
  side(height, (y) => labels[y * width + width - 1]);
  return much;
}

/**
 * Which of the kept parts have edges as steep as ink has; the others are remains of shadows. Measured are the
 * steps, over a hundredth of the picture to either side, where half a part's height is crossed. A part that is
 * narrower than that has none, and is sharp.
 */
function steepParts({ values, noise }, { labels, parts, width, height }, kept) {
  const heights = new Float32Array(parts.length);
  const [steps, counts] = [0, 0].map(() => new Float64Array(parts.length));
  const inked = [];
  labels.forEach((label, i) => {
    if (!label || !kept[label - 1]) return;
    inked.push(i);
    heights[label - 1] = Math.max(heights[label - 1], values[i]);
  });
  const reach = Math.max(1, rounded(Math.max(width, height) / 100));
  const measure = (k, before, after) => {
    const half = heights[k] / 2;
    if (Math.min(before, after) >= half || Math.max(before, after) < half) return;
    steps[k] += Math.abs(fround(after - before));
    counts[k] += 1;
  };
  for (const i of inked) {
    const [k, x] = [labels[i] - 1, i % width];
    const [row, y] = [i - x, (i - x) / width];
    const [up, down] = [Math.max(y - reach, 0), Math.min(y + reach, height - 1)];
    measure(k, values[row + Math.max(x - reach, 0)], values[row + Math.min(x + reach, width - 1)]);
    measure(k, values[up * width + x], values[down * width + x]);
  }
  const steep = parts.map((_, k) => (counts[k] ? steps[k] / counts[k] : heights[k]));
  const weight = (k) => parts[k].area * heights[k];
  const most = steep[parts.reduce((best, _, k) => (weight(k) > weight(best) ? k : best), 0)];
  const sharp = fround(noise.some((one) => one > CLEAN) ? SHARP : SOFT);
  return steep.map((one, k) => one > Math.max(fround(sharp * heights[k]), AS_STEEP * most));
}
