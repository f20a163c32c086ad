import { components } from "./components.js";
import { corner, cross, mayBeDigit } from "./pagesegments.js";
import { twoStrokes } from "./pagestrokes.js";

/*
 * When nothing is named. A network divides its answer among the classes whatever it is shown: what is blank,
 * a dot or lines is told from the ink itself, the rest from how sure the network is. These are the rules of
 * glassnet.reading.refusal.
 */

const LIMITS = { probability: 0.5, energy: -1e9, lean: 40, lean_left: 25 };
const BLANK = 30; // of 255: fainter is no ink
const SPECK = 6; // pixels: too small to be anything
const STRAIGHT = 0.14; // bend of a line at most
const [DOT, LONG] = [0.95, 1.8]; // a dot is that solid and less long than that for its width
const MARKED = 64; // of 255: where ink of one mark is joined
const PART = 0.04; // of the ink: a piece that counts
// The share of the ink by which two straight strokes may miss it; more, of a cross or a corner.
const [MISSED, PLAIN_MISSED] = [0.17, 0.25];

/**
 * Why a drawing is no digit: "blank", "dot", "line"; null if it may be. It is cut out {values, width, height},
 * and the image of 784 bytes.
 */
export function refusedByInk(cropped, image, limits = {}) {
  const { lean, lean_left: left } = { ...LIMITS, ...limits };
  if (!cropped || cropped.values.every((value) => value < BLANK)) return "blank";
  if (Math.max(cropped.width, cropped.height) <= SPECK) return "dot";
  const shape = measure(cropped);
  if (isDot(shape)) return "dot";
  if (areMarks(cropped)) return "line";
  if (isLine(shape)) return -left <= shape.lean && shape.lean <= lean ? null : "line";
  return areTwoStrokes(image) ? "line" : null;
}

/** Why an answer names nothing: "none" of the logits is high enough, or it is "unsure" which; else null. */
export function refusedByAnswer(logits, limits = {}) {
  const { energy: least, probability } = { ...LIMITS, ...limits };
  const highest = Math.max(...logits);
  const energy = highest + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - highest), 0)); // log Σ e^z
  if (energy < least) return "none";
  return Math.exp(highest - energy) < probability ? "unsure" : null;
}

/**
 * What a mark is by its moments alone: the straight bar that has the same. A bar of length L and width t has
 * the variances L²/12 along and t²/12 across; `bend` is what its thickness does not explain of the latter.
 */
function measure({ values, width, height }, inside = () => true) {
  let [mass, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const ink = values[y * width + x] / 255;
      if (!ink || !inside(y * width + x)) continue;
      mass += ink;
      sx += ink * x;
      sy += ink * y;
      sxx += ink * x * x;
      syy += ink * y * y;
      sxy += ink * x * y;
    }
  }
  const pixel = 1 / 12; // the variance of a pixel itself
  const [vx, vy] = [sxx / mass - (sx / mass) ** 2 + pixel, syy / mass - (sy / mass) ** 2 + pixel];
  return shapeOf(mass, vx, vy, sxy / mass - (sx / mass) * (sy / mass));
}

function shapeOf(mass, vx, vy, vxy) {
  const [middle, radius] = [(vy + vx) / 2, Math.hypot((vy - vx) / 2, vxy)];
  const [along, aside] = [middle + radius, Math.max(middle - radius, 1 / 12)];
  const [length, width] = [Math.sqrt(12 * along), Math.sqrt(12 * aside)];
  return {
    length,
    width,
    lean: (Math.atan2(-2 * vxy, vy - vx) * 90) / Math.PI, // degrees from upright, above 0 to the right
    solid: mass / (length * width),
    bend: Math.sqrt(Math.max(aside - (mass / length) ** 2 / 12, 0) / along),
  };
}

const isDot = ({ solid, length, width }) => solid > DOT && length < LONG * width;
const isLine = ({ bend, length, width }) => bend < STRAIGHT && length >= LONG * width;

/** Whether it is several marks beside each other, all of them lines or dots. */
function areMarks(cropped) {
  const { values, width, height } = cropped;
  const { labels, parts } = components(width, height, (i) => values[i] > MARKED);
  const area = parts.reduce((sum, part) => sum + part.area, 0);
  const kept = parts.map((_, k) => k + 1).filter((label) => parts[label - 1].area > PART * area);
  if (kept.length < 2) return false;
  const shapes = kept.map((label) => measure(cropped, (i) => labels[i] === label));
  return shapes.every((shape) => isLine(shape) || isDot(shape));
}

/** Whether it is two straight strokes, not as in a 7 or a 1. */
function areTwoStrokes(image) {
  const found = twoStrokes(image);
  if (!found || mayBeDigit(...found.strokes)) return false;
  const plain = cross(...found.strokes) || corner(...found.strokes);
  return found.missed < (plain ? PLAIN_MISSED : MISSED);
}
