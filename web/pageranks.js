/** The k-th smallest of numbers, from 0, and the next after it (Hoare's selection: reorders them). */
export function ranked(values, k) {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i += 1;
      while (values[j] > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
      i += 1;
      j -= 1;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  let next = k + 1 < values.length ? Infinity : values[k];
  for (let i = k + 1; i < values.length; i += 1) if (values[i] < next) next = values[i];
  return [values[k], next];
}

/** The number in the middle, or the mean of the two there. Reorders them. */
export function median(values) {
  const [one, other] = ranked(values, (values.length - 1) >> 1);
  return values.length % 2 ? one : (one + other) / 2;
}
