import { divergingTable } from "./colours.js";
import { h } from "./dom.js";

const ZERO = 128; // the byte of a weight that is zero

/** The colours of bytes as words that ImageData holds, one table for all who paint in this theme. */
export function words(table) {
  return new Uint32Array(table.buffer, table.byteOffset, 256);
}

/**
 * Paint a block of quantised weights: nx by ny of them, `across` and `down` apart in `q` from `start`, each
 * `shrink` by `shrink` of them averaged into one pixel, to `out` (rows `stride` long) from `at`.
 */
export function paintBlock(out, at, stride, q, { start, across, down, nx, ny, shrink, lut }) {
  if (shrink === 1) {
    for (let y = 0; y < ny; y += 1) {
      let from = start + y * down;
      const end = at + y * stride + nx;
      for (let to = at + y * stride; to < end; to += 1, from += across) out[to] = lut[q[from]];
    }
    return;
  }
  for (let y = 0, to = at; y < ny; y += shrink, to += stride) {
    for (let x = 0; x < nx; x += shrink) {
      out[to + x / shrink] =
        lut[meanOf(q, start + y * down + x * across, across, down, nx - x, ny - y, shrink)];
    }
  }
}

function meanOf(q, start, across, down, nx, ny, shrink) {
  const [width, height] = [Math.min(nx, shrink), Math.min(ny, shrink)];
  let sum = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, from = start + y * down; x < width; x += 1, from += across) sum += q[from];
  }
  return Math.round(sum / (width * height));
}

/** A table in which the largest of a block's weights has the full colour. */
function stretched(lut, q, { start, across, down, nx, ny }) {
  let most = 0;
  for (let y = 0; y < ny; y += 1) {
    for (let x = 0, from = start + y * down; x < nx; x += 1, from += across) {
      const size = Math.abs(q[from] - ZERO);
      if (size > most) most = size;
    }
  }
  const by = most ? 127 / most : 1;
  return Uint32Array.from(
    lut,
    (_, byte) => lut[Math.min(Math.max(ZERO + Math.round((byte - ZERO) * by), 1), 255)],
  );
}

/** How many weights share a pixel, so that a picture is not painted much finer than it is shown. */
export function shrinkFor(weights, pixels) {
  return Math.max(1, Math.floor(weights / Math.max(pixels, 1)));
}

/**
 * All first-layer units' weights in one canvas, a tile a unit, with transparent gaps between; CSS brings it
 * to its size, so that a new frame costs a table look-up a weight and one putImageData.
 */
export function tileAtlas() {
  const element = h("canvas", { class: "net-atlas", role: "img", "aria-label": "Weights into each unit" });
  const pen = element.getContext("2d");
  let plan = null;
  let pixels = null;
  let picture = null;

  /** A new layout: tiles of `width` by `height` values, `shown` device pixels wide, in so many columns. */
  function lay({ count, columns, width, height, gap, shrink }) {
    const [w, tall] = [Math.ceil(width / shrink), Math.ceil(height / shrink)];
    const [across, down] = [columns * (w + gap), Math.ceil(count / columns) * (tall + gap)];
    plan = { count, columns, width, height, shrink, stepX: w + gap, stepY: tall + gap, stride: across };
    if (element.width !== across || element.height !== down) [element.width, element.height] = [across, down];
    picture = pen.createImageData(across, down);
    pixels = new Uint32Array(picture.data.buffer);
  }

  const corner = (unit) =>
    Math.floor(unit / plan.columns) * plan.stepY * plan.stride + (unit % plan.columns) * plan.stepX;

  /** Images of the weights (inputs, units) as bytes; with `auto` each tile on a scale of its own. */
  function paint(q, units, image, auto) {
    const { count, width, height, shrink, stride } = plan;
    const lut = words(divergingTable());
    for (let unit = 0; unit < count; unit += 1) {
      const block = {
        start: unit,
        across: image.across * units,
        down: image.down * units,
        nx: width,
        ny: height,
        shrink,
        lut,
      };
      if (image.channels === 3) paintColour(corner(unit), q, block, image.between * units, auto);
      else {
        if (auto) block.lut = stretched(lut, q, block);
        paintBlock(pixels, corner(unit), stride, q, block);
      }
    }
    pen.putImageData(picture, 0, 0);
  }

  /** Red, green and blue: brighter above zero, darker below. A byte is the channel's brightness. */
  function paintColour(at, q, { start, across, down, nx, ny, shrink }, between, auto) {
    const by = auto ? 127 / (mostOf(q, start, across, down, nx, ny, between) || 127) : 1;
    const shade = (from) => Math.min(Math.max(ZERO + (q[from] - ZERO) * by, 0), 255);
    for (let y = 0, to = at; y < ny; y += shrink, to += plan.stride) {
      for (let x = 0; x < nx; x += shrink) {
        const from = start + y * down + x * across;
        const [r, g, b] = [shade(from), shade(from + between), shade(from + 2 * between)];
        pixels[to + x / shrink] = (255 << 24) | (b << 16) | (g << 8) | r;
      }
    }
  }

  /** Any picture a unit: `fill(unit, put)` calls put(x, y, byte of the diverging table). */
  function draw(fill) {
    const lut = words(divergingTable());
    for (let unit = 0; unit < plan.count; unit += 1) {
      const at = corner(unit);
      fill(unit, (x, y, byte) => {
        pixels[at + y * plan.stride + x] = lut[byte];
      });
    }
    pen.putImageData(picture, 0, 0);
  }

  return { element, lay, paint, draw };
}

function mostOf(q, start, across, down, nx, ny, between) {
  let most = 0;
  for (let c = 0; c < 3; c += 1) {
    for (let y = 0; y < ny; y += 1) {
      for (let x = 0, from = start + c * between + y * down; x < nx; x += 1, from += across) {
        most = Math.max(most, Math.abs(q[from] - ZERO));
      }
    }
  }
  return most;
}
