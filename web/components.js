/**
 * Which pixels hang together, over corners too: those for which `inside(i)` holds. Returns {labels, parts}:
 * for each pixel the number of its part, from 1, or 0; and each part's {box: [x0, y0, x1, y1], area}, the
 * box's ends beyond the last pixel, in the order of their first pixels as one reads.
 */
export function components(width, height, inside) {
  const labels = new Int32Array(width * height);
  const parts = [];
  const open = [];

  function take(i) {
    labels[i] = parts.length;
    open.push(i);
  }

  for (let first = 0; first < labels.length; first += 1) {
    if (labels[first] || !inside(first)) continue;
    const part = { box: [width, height, 0, 0], area: 0 };
    parts.push(part);
    take(first);
    while (open.length) {
      const i = open.pop();
      const x = i % width;
      const y = (i - x) / width;
      part.area += 1;
      grow(part.box, x, y);
      for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v += 1) {
        for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u += 1) {
          const near = v * width + u;
          if (!labels[near] && inside(near)) take(near);
        }
      }
    }
  }
  return { labels, parts };
}

function grow(box, x, y) {
  if (x < box[0]) box[0] = x;
  if (y < box[1]) box[1] = y;
  if (x >= box[2]) box[2] = x + 1;
  if (y >= box[3]) box[3] = y + 1;
}

/** The box around two. */
export function around(a, b) {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
