import { divergingTable, greyTable } from "./colours.js";
import { words } from "./tiles.js";

/** RGBA by byte as it is: black to white. */
function plainTable() {
  return Uint32Array.from({ length: 256 }, (_, k) => ((255 << 24) | (k * 0x010101)) >>> 0);
}

/** RGBA by byte: 255 full ink on the theme's paper; "plain": black to white. */
const tableOf = (way) => (way === "plain" ? plainTable() : words(greyTable()));

/** Paint bytes of the shape [h, w] or [h, w, 3] on a canvas of as many pixels. */
export function paintBytes(canvas, bytes, [height, width, channels = 1], way = "ink") {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  const table = channels === 1 ? tableOf(way) : null;
  for (let k = 0, at = 0; k < out.length; k += 1, at += channels) {
    out[k] = table
      ? table[bytes[at]]
      : (255 << 24) | (bytes[at + 2] << 16) | (bytes[at + 1] << 8) | bytes[at];
  }
  pen.putImageData(image, 0, 0);
}

/** Paint signed numbers, full colour at ±limit, `scale` pixels each, with the edge of the ink over them. */
export function paintSigned(canvas, values, ink, [height, width], limit, { scale, edge }) {
  Object.assign(canvas, { width: width * scale, height: height * scale });
  const pen = canvas.getContext("2d");
  const small = document.createElement("canvas");
  Object.assign(small, { width, height });
  const image = small.getContext("2d").createImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  const table = words(divergingTable());
  const byte = (value) => 128 + Math.round(127 * Math.min(Math.max(value / limit || 0, -1), 1));
  for (let k = 0; k < out.length; k += 1) out[k] = table[byte(values[k])];
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  pen.strokeStyle = edge;
  pen.lineWidth = Math.max(1, scale / 8);
  pen.stroke(edgeOf(ink, width, height, scale));
}

/** The line between pixels of ink and those of paper. */
function edgeOf(ink, width, height, scale) {
  const path = new Path2D();
  const is = (x, y) => x >= 0 && x < width && y >= 0 && y < height && ink[y * width + x] > 127;
  const line = (x1, y1, x2, y2) => {
    path.moveTo(x1 * scale, y1 * scale);
    path.lineTo(x2 * scale, y2 * scale);
  };
  for (let y = 0; y <= height; y += 1) {
    for (let x = 0; x <= width; x += 1) {
      if (is(x, y) !== is(x, y - 1)) line(x, y, x + 1, y);
      if (is(x, y) !== is(x - 1, y)) line(x, y, x, y + 1);
    }
  }
  return path;
}

/** Of a picture with ink: the box around it [x0, y0, x1, y1) and its centre of mass; null of a blank one. */
export function inkOf(bytes, [height, width]) {
  let [mass, x, y] = [0, 0, 0];
  const box = [width, height, 0, 0];
  for (let k = 0; k < width * height; k += 1) {
    if (!bytes[k]) continue;
    const [column, row] = [k % width, Math.floor(k / width)];
    mass += bytes[k];
    x += bytes[k] * (column + 0.5);
    y += bytes[k] * (row + 0.5);
    box[0] = Math.min(box[0], column);
    box[1] = Math.min(box[1], row);
    box[2] = Math.max(box[2], column + 1);
    box[3] = Math.max(box[3], row + 1);
  }
  return mass ? { box, x: x / mass, y: y / mass } : null;
}
