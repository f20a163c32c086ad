/**
 * The colours of numbers: one diverging scale for what has a sign, blue below zero, the background at zero,
 * orange above; one sequential scale for what has none; greys for pixels; and a set for classes.
 *
 * Each scale is a curve through OKLab (Ottosson 2020), walked at an even pace, so that equal steps of the
 * number look equal; blue and orange stay apart for the colour-blind, and lightness alone tells the size.
 */

const STEPS = 256; // of a scale kept ready

// By theme: how a scale leaves the background, and where it ends: [lightness, chroma, hue in degrees].
const INKS = {
  light: {
    paper: "#ffffff",
    ink: "#1c1e21",
    below: [
      [0.75, 0.145, 245],
      [0.43, 0.145, 256],
    ],
    above: [
      [0.79, 0.18, 60],
      [0.47, 0.145, 42],
    ],
    rising: [
      [0.78, 0.09, 190],
      [0.4, 0.085, 215],
    ],
  },
  dark: {
    paper: "#17191c",
    ink: "#e8e9eb",
    below: [
      [0.5, 0.15, 255],
      [0.84, 0.105, 233],
    ],
    above: [
      [0.53, 0.16, 48],
      [0.86, 0.125, 70],
    ],
    rising: [
      [0.47, 0.08, 205],
      [0.88, 0.085, 185],
    ],
  },
};

// Ten that stay apart for the colour-blind too (found by search: at least 0.087 in OKLab under protanopia,
// deuteranopia and tritanopia) on light and on dark; a name is always beside.
const KINDS = [
  "#2171b5",
  "#d04a02",
  "#009e73",
  "#b180fc",
  "#e4ae28",
  "#6bc8d2",
  "#a50c1f",
  "#7b216b",
  "#82647a",
  "#3937ac",
];

const watchers = new Set();
let scales = null; // of the present theme, made when they are first asked for
let theme = { dark: matchMedia("(prefers-color-scheme: dark)").matches, paper: null, ink: null };

/** −1…1 → [r, g, b]: blue below zero, the background at zero, orange above. NaN is the background. */
export function diverging(t) {
  return colourAt(t < 0 ? current().below : current().above, Math.abs(t));
}

/** 0…1 → [r, g, b] for what has no sign, from the background to deep teal, in the dark to bright. */
export function sequential(t) {
  return colourAt(current().rising, t);
}

/** 0…1 → [r, g, b] from the background to the colour of text: pixels as ink on paper. */
export function grey(t) {
  return colourAt(current().greys, t);
}

/** RGBA by quantised weight, (q − 128) / 127 of the limit: 256 × 4 bytes, in the order ImageData wants. */
export function divergingTable() {
  return current().table;
}

/** RGBA by pixel value 0…255, from the background to ink. */
export function greyTable() {
  return current().greyTable;
}

/** The CSS colour of class k; after ten they come again, paler, then darker. */
export function categorical(k) {
  const turn = Math.floor(k / KINDS.length);
  if (!turn) return KINDS[k];
  const colour = parsed(KINDS[k % KINDS.length]);
  const [share, other] = [Math.min(0.3 * Math.ceil(turn / 2), 0.6), turn % 2 ? 255 : 0];
  return cssColour(colour.map((c) => Math.round((1 - share) * c + share * other)));
}

/** [r, g, b] → "rgb(r, g, b)"; with `alpha`, as see-through as that. */
export function cssColour([r, g, b], alpha = 1) {
  return alpha === 1 ? `rgb(${r}, ${g}, ${b})` : `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** The colours under and on a picture: {paper, ink} as [r, g, b], and whether the theme is dark. */
export function ground() {
  current();
  return { paper: scales.paper, ink: scales.ink, dark: theme.dark };
}

/** Call `fn` whenever the theme has changed. Returns a function that ends it. */
export function onTheme(fn) {
  watchers.add(fn);
  return () => watchers.delete(fn);
}

/** Follow the theme of the `.studio` that an element is in, once it is in the page. Ends as onTheme's. */
export function watchTheme(element) {
  const root = element.closest(".studio") || element;
  const look = () => readTheme(root);
  const attributes = new MutationObserver(look);
  attributes.observe(root, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", look);
  look();
  return () => {
    attributes.disconnect();
    system.removeEventListener("change", look);
  };
}

function readTheme(root) {
  if (!root.isConnected) return; // a view that was taken away has no colours
  const style = getComputedStyle(root);
  const paper = style.getPropertyValue("--bg").trim();
  const ink = style.getPropertyValue("--ink").trim();
  const ground = paper ? parsed(paper) : null;
  const dark = ground ? oklab(ground)[0] < 0.5 : matchMedia("(prefers-color-scheme: dark)").matches;
  if (paper === theme.paper && ink === theme.ink && dark === theme.dark) return;
  theme = { dark, paper, ink };
  scales = null;
  for (const call of watchers) call();
}

// ---- the scales

function current() {
  if (scales) return scales;
  const inks = INKS[theme.dark ? "dark" : "light"];
  const paper = parsed(theme.paper || inks.paper);
  const ink = parsed(theme.ink || inks.ink);
  const arm = (ends) => evenly([oklab(paper), ...ends.map(fromHue)]);
  scales = { paper, ink, below: arm(inks.below), above: arm(inks.above), rising: arm(inks.rising) };
  for (const name of ["below", "above", "rising"]) scales[name][0] = paper;
  scales.greys = evenly([oklab(paper), oklab(ink), oklab(ink)]);
  [scales.greys[0], scales.greys[STEPS]] = [paper, ink];
  scales.table = tableOf((q) => diverging((q - 128) / 127));
  scales.greyTable = tableOf((q) => grey(q / 255));
  return scales;
}

function colourAt(scale, t) {
  return scale[Math.round(Math.min(Math.max(t || 0, 0), 1) * STEPS)];
}

function tableOf(colour) {
  const table = new Uint8Array(4 * 256);
  for (let q = 0; q < 256; q += 1) table.set([...colour(q), 255], 4 * q);
  return table;
}

/** STEPS + 1 colours along the curve that leaves a for b and ends in c, evenly spaced by how they look. */
function evenly([a, b, c]) {
  const fine = 2048;
  const at = (t) => a.map((_, i) => (1 - t) ** 2 * a[i] + 2 * t * (1 - t) * b[i] + t * t * c[i]);
  const lengths = new Float64Array(fine + 1);
  for (let i = 1; i <= fine; i += 1) {
    const [p, q] = [at((i - 1) / fine), at(i / fine)];
    lengths[i] = lengths[i - 1] + Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  }
  const colours = [];
  for (let step = 0, i = 0; step <= STEPS; step += 1) {
    while (i < fine && lengths[i] < (step / STEPS) * lengths[fine]) i += 1;
    colours.push(rgb(at(i / fine)));
  }
  return colours;
}

// ---- OKLab

function fromHue([lightness, chroma, hue]) {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function oklab(colour) {
  const [r, g, b] = colour.map((c) => (c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function rgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((c) => {
    const shown = c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(Math.max(shown, 0), 1));
  });
}

/** Any CSS colour as [r, g, b]. */
function parsed(css) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pen.fillStyle = css;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
