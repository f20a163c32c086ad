/** To the nearest whole number, of two that are as near to the even one: as Python rounds. */
export function rounded(x) {
  const down = Math.floor(x);
  const over = x - down;
  if (over === 0.5) return down + (down % 2 === 0 ? 0 : 1);
  return over < 0.5 ? down : down + 1;
}
