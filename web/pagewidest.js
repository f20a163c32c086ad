/*
 * The largest and the smallest value in a square of 2·reach + 1 around each pixel of {values, width, height};
 * beyond the edges there is nothing. As `widest` of glassnet.data.background: over rows, then over columns.
 */

export function widest(picture, reach) {
  return inBoth(picture, reach, 1);
}

export function narrowest(picture, reach) {
  return inBoth(picture, reach, -1);
}

function inBoth({ values, width, height }, reach, sign) {
  const rows = { lines: height, apart: width, count: width, step: 1 };
  const columns = { lines: width, apart: 1, count: height, step: width };
  const across = largest(values, rows, reach, sign);
  return { values: largest(across, columns, reach, sign), width, height };
}

/**
 * In each of the lines, which begin so far apart: the largest of values · sign within reach of each, · sign.
 * By van Herk: blocks as long as the window; a window is the end of one and the beginning of the next.
 */
function largest(values, { lines, apart, count, step }, reach, sign) {
  const window = 2 * reach + 1;
  const wide = new Float32Array(values.length);
  const edged = new Float32Array(count + 2 * reach).fill(-Infinity);
  const [begun, ends] = [edged.slice(), edged.slice()]; // the largest in a block so far, and from there on
  for (let line = 0; line < lines; line += 1) {
    const start = line * apart;
    for (let i = 0; i < count; i += 1) edged[reach + i] = sign * values[start + i * step];
    for (let i = 0, most = -Infinity; i < edged.length; i += 1) {
      if (i % window === 0 || edged[i] > most) most = edged[i];
      begun[i] = most;
    }
    for (let i = edged.length - 1, most = -Infinity; i >= 0; i -= 1) {
      if ((i + 1) % window === 0 || edged[i] > most) most = edged[i];
      ends[i] = most;
    }
    for (let i = 0; i < count; i += 1) {
      const one = ends[i];
      const other = begun[i + window - 1];
      wide[start + i * step] = sign * (one > other ? one : other);
    }
  }
  return wide;
}
