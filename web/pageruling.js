import { components } from "./components.js";
import { median } from "./pageranks.js";
import { turned } from "./pageturned.js";

/*
 * Lines from one side of a picture to the other, as on ruled and squared paper, taken away from the ink as in
 * glassnet.data.ruling. What crosses a line stays: only runs across it no longer than it is thick are taken.
 */

const PIECES = 24; // into which a line is cut, each straight enough
const FILLED = 0.7; // of a piece that is ink, in a line
const ACROSS = 0.9; // of the picture that a line crosses
const FLAT = 0.12; // of the picture's height that a line may rise over its length
const LEAST = 2; // lines: a single one is something drawn

/** Whether one of the parts goes from one side of the picture to the other. */
export function crossed(parts, width, height) {
  return parts.some(({ box: [x0, y0, x1, y1] }) => x1 - x0 >= 0.9 * width || y1 - y0 >= 0.9 * height);
}

/** Ink {values, width, height} without parallel lines; ink is what is at least `edge`. */
export function withoutLines(ink, edge) {
  return turned(withoutLevel(turned(withoutLevel(ink, edge)), edge));
}

function withoutLevel({ values, width, height }, edge) {
  const near = nearLines((x, y) => values[y * width + x] >= edge, width, height);
  if (!near) return { values, width, height };
  const isInk = (x, y) => values[y * width + x] >= edge;
  const onLine = runsDown((x, y) => isInk(x, y) && near(x, y), width, height);
  const usual = median(Float64Array.from(onLine, ([, start, end]) => end - start));
  const erased = values.slice();
  for (const [x, start, end] of runsDown(isInk, width, height)) {
    if (end - start > 1.6 * usual + 1) continue;
    for (let y = start; y < end; y += 1) if (near(x, y)) erased[y * width + x] = 0;
  }
  return { values: erased, width, height };
}

/** (x, y) => whether a piece of a line from left to right is there; null if there are no such lines. */
function nearLines(isInk, width, height) {
  const piece = Math.floor(width / PIECES);
  if (piece < 4) return null;
  const used = piece * PIECES;
  const touches = (x, y) => {
    for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v += 1) {
      for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, used - 1); u += 1) if (isInk(u, v)) return 1;
    }
    return 0; // a slanted line stays a line
  };
  const counts = new Uint16Array(PIECES * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < used; x += 1) counts[y * PIECES + Math.floor(x / piece)] += touches(x, y);
  }
  const { labels, parts } = components(PIECES, height, (i) => counts[i] / piece >= FILLED);
  const isLine = ({ box: [x0, y0, x1, y1] }) =>
    x1 - x0 >= ACROSS * PIECES && y1 - y0 <= Math.max(FLAT * height, 8);
  const lines = parts.map(isLine);
  if (lines.filter(Boolean).length < LEAST) return null;
  const at = (x) => Math.min(Math.floor(x / piece), PIECES - 1);
  return (x, y) => Boolean(lines[labels[y * PIECES + at(x)] - 1]);
}

/** [x, first y, y beyond the last] of each run of pixels down a column. */
function runsDown(inside, width, height) {
  const runs = [];
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      const start = y;
      while (y < height && inside(x, y)) y += 1;
      if (y > start) runs.push([x, start, y]);
    }
  }
  return runs;
}
