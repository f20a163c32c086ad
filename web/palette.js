import { onTheme } from "./colours.js";

const NAMES = [
  "bg",
  "panel",
  "ink",
  "quiet",
  "rule",
  "accent",
  "below",
  "above",
  "warn",
  "tint",
  "sans",
  "small",
];
const kept = new WeakMap();
let theme = 0;
onTheme(() => {
  theme += 1;
});

/** The page's colours and small font as they are where an element stands, for a canvas; branch[0…3] too. */
export function palette(element) {
  const key = `${theme} ${window.innerWidth}`;
  const known = kept.get(element);
  if (known?.key === key) return known;
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const found = { key };
  for (const name of NAMES) found[name] = read(name);
  found.size = parseFloat(found.small) || 12;
  found.font = `${found.size}px ${found.sans || "sans-serif"}`;
  found.branch = [0, 1, 2, 3].map((slot) => read(`branch-${slot}`) || found.accent);
  if (element.isConnected) kept.set(element, found);
  return found;
}
