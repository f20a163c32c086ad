/** The plane of a point's inputs: what of it is shown, and what each first-layer unit makes of it. */

export const PLANE_TILE = 20; // values across of a unit's picture of the plane
const ROOM = 0.06; // of the height above and below the points

/** What the picture spans: the network's own grid or line, else the points themselves. */
export function rangeOf(frame, data) {
  if (frame.grid?.side) {
    const { low, high } = frame.grid;
    return { x: [low[0], high[0]], y: [low[1], high[1]] };
  }
  const [n, D] = data.shape.points;
  if (!n) return null;
  const x = frame.line ? [frame.line.low, frame.line.high] : spanOf(n, (k) => data.array.points[k * D]);
  return { x, y: spanOf(n, heightOf(data)) };
}

function spanOf(n, value) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < n; k += 1) [low, high] = [Math.min(low, value(k)), Math.max(high, value(k))];
  const room = ROOM * (high - low || 1);
  return [low - room, high + room];
}

/** How high point k lies: its second input, or of one input its value or class. */
export function heightOf({ array, shape }) {
  const D = shape.points[1];
  if (D === 2) return (k) => array.points[2 * k + 1];
  return array.values ? (k) => array.values[k] : (k) => array.labels[k];
}

const SHAPES = {
  ReLU: (z) => Math.max(z, 0),
  LeakyReLU: (z) => (z > 0 ? z : 0.01 * z),
  Tanh: Math.tanh,
  Sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  GELU: (z) => z / (1 + Math.exp(-1.702 * z)),
};

/**
 * What each first-layer unit gives over the plane, from its weights and the sample: its bias is what its sum
 * for the sample has beyond the weights'. Returns (unit, put) for an atlas of PLANE_TILE by PLANE_TILE.
 */
export function halfPlanes({ frame, data, session, stages }, matrix) {
  const { inputs, units, place, activation } = stages[0];
  const { q, limit } = matrix;
  const [a0, sums] = [frame.array.a0, frame.array[`a${place}`]];
  const range = rangeOf(frame, data);
  if (!range || !a0 || !sums) return null;
  const scaling = scalingOf(data, session.settings.scale !== false);
  const bent = SHAPES[Object.keys(SHAPES).find((kind) => activation?.startsWith(kind))] ?? ((z) => z);
  const weight = (i, j) => ((q[i * units + j] - 128) / 127) * limit;
  const along = (i, t) => {
    const [low, high] = i ? range.y : range.x;
    return (low + t * (high - low) - scaling[i].shift) * scaling[i].scale;
  };
  const values = new Float32Array(PLANE_TILE * PLANE_TILE);
  return (j, put) => {
    let bias = sums[j];
    for (let i = 0; i < inputs; i += 1) bias -= a0[i] * weight(i, j);
    let most = /Tanh|Sigmoid/.test(activation ?? "") ? 1 : 1e-9;
    for (let y = 0, at = 0; y < PLANE_TILE; y += 1) {
      for (let x = 0; x < PLANE_TILE; x += 1, at += 1) {
        let z = bias + weight(0, j) * along(0, (x + 0.5) / PLANE_TILE);
        if (inputs > 1) z += weight(1, j) * along(1, 1 - (y + 0.5) / PLANE_TILE);
        values[at] = bent(z);
        most = Math.max(most, Math.abs(values[at]));
      }
    }
    for (let at = 0; at < values.length; at += 1) {
      put(at % PLANE_TILE, Math.floor(at / PLANE_TILE), 128 + Math.round((127 * values[at]) / most) || 128);
    }
  };
}

/** How raw inputs were scaled: standardized by the training part's mean and deviation, or not at all. */
function scalingOf(data, scaled) {
  const [n, D] = data.shape.points;
  const { points, held } = data.array;
  return Array.from({ length: D }, (_, i) => {
    if (!scaled) return { shift: 0, scale: 1 };
    let [count, sum, squares] = [0, 0, 0];
    for (let k = 0; k < n; k += 1) {
      if (held[k]) continue;
      count += 1;
      sum += points[k * D + i];
      squares += points[k * D + i] ** 2;
    }
    const mean = sum / (count || 1);
    return { shift: mean, scale: 1 / (Math.sqrt(Math.max(squares / (count || 1) - mean * mean, 0)) || 1) };
  });
}
