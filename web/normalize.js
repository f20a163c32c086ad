import { around, components } from "./components.js";
import { inkOf } from "./pageink.js";
import { crossed, withoutLines } from "./pageruling.js";
import { resample } from "./resample.js";
import { rounded } from "./rounding.js";

/*
 * From a drawing to what MNIST would have made of it. Its digits were scaled to fit a box of 20 × 20 pixels,
 * in their own shape, and laid into 28 × 28 so that the ink's centre of mass is the middle (LeCun, Bottou,
 * Bengio, Haffner 1998, section III.A). A network that has learnt such images expects the same of others.
 *
 * This does what glassnet.data.drawing does in Python with all ink as one digit, in pictures of a pad's size.
 * A camera's noise and pictures of more than 400 pixels a side are dealt with there alone.
 */

export const IMAGE_SIDE = 28;
const BOX = 20; // pixels that a digit fits
const FINEST = 1.5; // of those: strokes are that thick at least
const EDGE = 80; // of 255: ink above it is inside the box
const HALF = 128;
const SPECK = 0.2; // of the tallest stroke's height: what is smaller both ways is dirt, or a dot
const FEW = 6; // specks: more are dirt
const ROUND = 0.7; // of the strokes' thickness: a speck as large that stands over them is their dot
const DOT_APART = 0.55; // of their height that may be between
const DOT_ASIDE = 0.2; // and that it may stand aside

/**
 * A grey picture, bytes row by row → {ink, cropped, scaled, image}, null if nothing is drawn. Of it
 * `image` is what a network gets, 784 bytes, 255 is full ink; the stages before are {values, width, height}.
 */
export function normalize(grey, width, height) {
  if (grey.length !== width * height) {
    throw new RangeError(`normalize: expected ${width} × ${height} pixels, received ${grey.length}`);
  }
  const { ink, found } = inkAndParts({ values: grey, width, height });
  if (!found.parts.length) return null;
  const cropped = cropOf(ink, found);
  const scaled = fitted(cropped);
  return { ink, cropped, scaled, image: centred(scaled) };
}

/** The ink, and what of it hangs together; without lines from side to side, if there are several. */
function inkAndParts(grey) {
  const partsOf = ({ values, width, height }) => components(width, height, (i) => values[i] >= EDGE);
  const ink = inkOf(grey);
  const found = partsOf(ink);
  if (!crossed(found.parts, grey.width, grey.height)) return { ink, found };
  const rest = withoutLines(ink, EDGE);
  return { ink: rest, found: partsOf(rest) };
}

/** What is drawn, cut out: all strokes with their dots, without specks. */
function cropOf({ values, width }, { labels, parts }) {
  const kept = keptOf(parts);
  const [x0, y0, x1, y1] = kept.map((k) => parts[k].box).reduce(around);
  const own = new Set([0, ...kept.map((k) => k + 1)]); // 0: the soft edges, which are in no part
  const cropped = { values: new Uint8Array((x1 - x0) * (y1 - y0)), width: x1 - x0, height: y1 - y0 };
  for (let y = y0; y < y1; y += 1) {
    for (let x = x0; x < x1; x += 1) {
      const i = y * width + x;
      if (own.has(labels[i])) cropped.values[(y - y0) * cropped.width + x - x0] = values[i];
    }
  }
  return cropped;
}

/** Which parts are the digit: the strokes, and small ones that stand over them as the dot of an i does. */
function keptOf(parts) {
  const tall = ({ box }) => box[3] - box[1];
  const size = (part) => Math.max(part.box[2] - part.box[0], tall(part));
  const tallest = Math.max(...parts.map(tall));
  const all = parts.map((_, k) => k);
  const strokes = all.filter((k) => size(parts[k]) >= SPECK * tallest);
  const specks = all.filter((k) => size(parts[k]) < SPECK * tallest);
  if (specks.length > FEW) return strokes;
  const sum = (of) => strokes.reduce((so, k) => so + of(parts[k]), 0);
  const thick = sum(({ area }) => area) / sum(size);
  const [x0, y0, x1, y1] = strokes.map((k) => parts[k].box).reduce(around);
  const high = y1 - y0;
  const isDot = (part) => {
    const [left, , right, bottom] = part.box;
    const middle = (left + right) / 2;
    const over = bottom <= y0 && bottom >= y0 - DOT_APART * high;
    const beside = middle > x0 - DOT_ASIDE * high && middle < x1 + DOT_ASIDE * high;
    return over && beside && size(part) >= ROUND * thick;
  };
  return [...strokes, ...specks.filter((k) => isDot(parts[k]))];
}

/** Scaled so that the longer side is 20 pixels; hairlines are drawn over with a broader pen before. */
function fitted(cropped) {
  const longer = Math.max(cropped.width, cropped.height);
  const broader = rounded(((FINEST * longer) / BOX - thickness(cropped)) / 2);
  const drawn = broader > 0 ? widened(cropped, broader) : cropped;
  const share = BOX / Math.max(drawn.width, drawn.height);
  const [width, height] = [drawn.width, drawn.height].map((n) => Math.max(1, rounded(share * n)));
  return resample(drawn, width, height);
}

/** How many pixels thick the strokes are: twice their area for each pixel of their outline. */
function thickness({ values, width, height }) {
  const inside = (x, y) => x >= 0 && y >= 0 && x < width && y < height && values[y * width + x] >= HALF;
  let [area, outline] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!inside(x, y)) continue;
      area += 1;
      if (!(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1))) outline += 1;
    }
  }
  return (2 * area) / Math.max(1, outline);
}

/** The largest value in a square around each pixel, so many to each side; the picture grows by them. */
function widened({ values, width, height }, by) {
  const wide = { values: new Uint8Array((width + 2 * by) * (height + 2 * by)), width: width + 2 * by };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = values[y * width + x];
      for (let i = 0; value && i < (2 * by + 1) ** 2; i += 1) {
        const to = (y + Math.floor(i / (2 * by + 1))) * wide.width + x + (i % (2 * by + 1));
        if (wide.values[to] < value) wide.values[to] = value;
      }
    }
  }
  return { ...wide, height: height + 2 * by };
}

/** Laid into 28 × 28, the centre of mass as near to the middle as whole pixels allow. */
function centred({ values, width, height }) {
  const image = new Uint8Array(IMAGE_SIDE * IMAGE_SIDE);
  let [mass, across, down] = [0, 0, 0];
  values.forEach((value, i) => {
    mass += value;
    across += value * (i % width);
    down += value * Math.floor(i / width);
  });
  if (!mass) return image;
  const place = (middle, size) =>
    Math.min(Math.max(rounded(IMAGE_SIDE / 2 - middle / mass), 0), IMAGE_SIDE - size);
  const [left, top] = [place(across, width), place(down, height)];
  for (let y = 0; y < height; y += 1) {
    image.set(values.subarray(y * width, (y + 1) * width), (top + y) * IMAGE_SIDE + left);
  }
  return image;
}
