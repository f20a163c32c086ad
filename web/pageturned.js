/** A picture {values, width, height} with its rows as columns. */
export function turned({ values, width, height }) {
  const over = new values.constructor(values.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) over[x * height + y] = values[y * width + x];
  }
  return { values: over, width: height, height: width };
}
