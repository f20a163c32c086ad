// Composed from web/*.js by scripts/compose_view.py: change those, then run it.

// ── web/colours.js
const $colours = (() => {
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
function diverging(t) {
  return colourAt(t < 0 ? current().below : current().above, Math.abs(t));
}

/** 0…1 → [r, g, b] for what has no sign, from the background to deep teal, in the dark to bright. */
function sequential(t) {
  return colourAt(current().rising, t);
}

/** 0…1 → [r, g, b] from the background to the colour of text: pixels as ink on paper. */
function grey(t) {
  return colourAt(current().greys, t);
}

/** RGBA by quantised weight, (q − 128) / 127 of the limit: 256 × 4 bytes, in the order ImageData wants. */
function divergingTable() {
  return current().table;
}

/** RGBA by pixel value 0…255, from the background to ink. */
function greyTable() {
  return current().greyTable;
}

/** The CSS colour of class k; after ten they come again, paler, then darker. */
function categorical(k) {
  const turn = Math.floor(k / KINDS.length);
  if (!turn) return KINDS[k];
  const colour = parsed(KINDS[k % KINDS.length]);
  const [share, other] = [Math.min(0.3 * Math.ceil(turn / 2), 0.6), turn % 2 ? 255 : 0];
  return cssColour(colour.map((c) => Math.round((1 - share) * c + share * other)));
}

/** [r, g, b] → "rgb(r, g, b)"; with `alpha`, as see-through as that. */
function cssColour([r, g, b], alpha = 1) {
  return alpha === 1 ? `rgb(${r}, ${g}, ${b})` : `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** The colours under and on a picture: {paper, ink} as [r, g, b], and whether the theme is dark. */
function ground() {
  current();
  return { paper: scales.paper, ink: scales.ink, dark: theme.dark };
}

/** Call `fn` whenever the theme has changed. Returns a function that ends it. */
function onTheme(fn) {
  watchers.add(fn);
  return () => watchers.delete(fn);
}

/** Follow the theme of the `.studio` that an element is in, once it is in the page. Ends as onTheme's. */
function watchTheme(element) {
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
return { diverging, sequential, grey, divergingTable, greyTable, categorical, cssColour, ground, onTheme, watchTheme };
})();

// ── web/calm.js
const $calm = (() => {
/**
 * A function that calls at most once in `ms`: at once where it may, else later and with the newest arguments.
 */
function atMost(ms, call) {
  let newest = [];
  let due = null;
  let last = -Infinity;
  const go = () => {
    [due, last] = [null, performance.now()];
    call(...newest);
  };
  return (...given) => {
    newest = given;
    if (due !== null) return;
    const wait = last + ms - performance.now();
    if (wait <= 0) go();
    else due = setTimeout(go, wait);
  };
}

/** Name a canvas for a screen reader, at most once a second. */
function describing(element) {
  return atMost(1000, (text) => {
    if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
  });
}

/**
 * A function that draws while an element is on the screen, and once when it comes back if it was called in
 * between.
 */
function whileSeen(element, draw) {
  let [seen, stale] = [true, false];
  new IntersectionObserver(
    (changes) => {
      seen = changes.at(-1).isIntersecting;
      if (!seen || !stale) return;
      stale = false;
      draw();
    },
    { rootMargin: "80px" },
  ).observe(element);
  return () => {
    if (seen) draw();
    else stale = true;
  };
}
return { atMost, describing, whileSeen };
})();

// ── web/demodata.js
const $demodata = (() => {
/** Arrays of bytes as they come, {name: {shape, bytes in base64}} → {array, shape}, each by name. */
function opened(arrays = {}) {
  const [array, shape] = [{}, {}];
  for (const [name, one] of Object.entries(arrays)) {
    array[name] = Uint8Array.from(atob(one.bytes), (letter) => letter.charCodeAt(0));
    shape[name] = one.shape;
  }
  return { array, shape };
}

const PIECE = 0x8000; // bytes at a time: a call has no room for many more arguments

/** The other way: bytes and their shape as they are sent. */
function closed(bytes, shape) {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return { shape, bytes: btoa(text) };
}
return { opened, closed };
})();

// ── web/dom.js
const $dom = (() => {
const ONLY_ATTRIBUTES = ["list", "form", "role"]; // as properties they cannot be set, or not everywhere

/** Make an element: h("button", { class: "big", onclick: go, ariaLabel: "start" }, "Start", icon). */
function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style" || name === "dataset") Object.assign(element[name], value);
    else if (name in element && !ONLY_ATTRIBUTES.includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replace all that an element holds. */
function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set an element's text only if it differs, so that a screen reader and a selection are left in peace. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Scroll so that an element begins at the top: of the page if that is ours, else of what scrolls in the studio. */
function showFromTop(element) {
  const studio = element.closest(".studio");
  if (studio.classList.contains("page")) return element.scrollIntoView({ block: "start" });
  const scrolls = (box) => box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY === "auto";
  for (let box = element.parentElement; box && box !== studio; box = box.parentElement) {
    if (!scrolls(box)) continue;
    box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    return;
  }
}

/** A canvas that keeps as many pixels as the screen shows; `draw(context, width, height)` in CSS pixels. */
function canvas(draw, properties = {}) {
  const element = h("canvas", { role: "img", ...properties });
  const context = element.getContext("2d");
  const redraw = () => {
    const { clientWidth: width, clientHeight: height } = element;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w || element.height !== tall) [element.width, element.height] = [w, tall];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  };
  new ResizeObserver(redraw).observe(element);
  return { element, redraw };
}

let names = 0;

/** A name no other element has, for what refers to elements by name (labels, descriptions). */
function uniqueId(stem) {
  names += 1;
  return `${stem}-${names}`;
}
return { h, fill, say, showFromTop, canvas, uniqueId };
})();

// ── web/tiles.js
const $tiles = (() => {
const { divergingTable } = $colours;
const { h } = $dom;
const ZERO = 128; // the byte of a weight that is zero

/** The colours of bytes as words that ImageData holds, one table for all who paint in this theme. */
function words(table) {
  return new Uint32Array(table.buffer, table.byteOffset, 256);
}

/**
 * Paint a block of quantised weights: nx by ny of them, `across` and `down` apart in `q` from `start`, each
 * `shrink` by `shrink` of them averaged into one pixel, to `out` (rows `stride` long) from `at`.
 */
function paintBlock(out, at, stride, q, { start, across, down, nx, ny, shrink, lut }) {
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
function shrinkFor(weights, pixels) {
  return Math.max(1, Math.floor(weights / Math.max(pixels, 1)));
}

/**
 * All first-layer units' weights in one canvas, a tile a unit, with transparent gaps between; CSS brings it
 * to its size, so that a new frame costs a table look-up a weight and one putImageData.
 */
function tileAtlas() {
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
return { words, paintBlock, shrinkFor, tileAtlas };
})();

// ── web/drawpictures.js
const $drawpictures = (() => {
const { divergingTable, greyTable } = $colours;
const { words } = $tiles;
/** RGBA by byte as it is: black to white. */
function plainTable() {
  return Uint32Array.from({ length: 256 }, (_, k) => ((255 << 24) | (k * 0x010101)) >>> 0);
}

/** RGBA by byte: 255 full ink on the theme's paper; "plain": black to white. */
const tableOf = (way) => (way === "plain" ? plainTable() : words(greyTable()));

/** Paint bytes of the shape [h, w] or [h, w, 3] on a canvas of as many pixels. */
function paintBytes(canvas, bytes, [height, width, channels = 1], way = "ink") {
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
function paintSigned(canvas, values, ink, [height, width], limit, { scale, edge }) {
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
function inkOf(bytes, [height, width]) {
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
return { paintBytes, paintSigned, inkOf };
})();

// ── web/format.js
const $format = (() => {
const GROUPS = new Intl.NumberFormat("en-GB"); // made once: it is asked many times a frame

/** 101770 → "101,770". */
function grouped(number) {
  return GROUPS.format(Math.round(number));
}

/** A number with as many digits as mean something: 0.081, 1.2e−5, 61,000. */
function brief(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e")
      .replace(/-/g, "\u2212");
  if (size >= 1000) return grouped(value);
  return String(Number(value.toPrecision(digits)));
}

/** 0.97123 → "97.1 %". */
function percent(share, digits = 1) {
  return share === null || share === undefined || Number.isNaN(share)
    ? "–"
    : `${(100 * share).toFixed(digits)} %`;
}

/** "the loss …" → "The loss …"; a message that begins with a file's name leaves it as it is. */
function sentenceCase(text) {
  const isName = /[/\\._-]/.test(text.split(" ", 1)[0]);
  return isName ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What the run is judged on: its validation part; data without one, on all that it trains on. */
function judgedName(data) {
  return data?.part === "training" ? "whole training set" : "validation";
}

/** "784-128-10": the width of the input and of each layer with weights. */
function widths(session) {
  const layers = session.network.layers.filter((layer) => layer.matrix);
  if (!layers.length) return "";
  return [layers[0].matrix.inputs, ...layers.map((layer) => layer.matrix.units)].join("-");
}
return { grouped, brief, percent, sentenceCase, judgedName, widths };
})();

// ── web/demoverdict.js
const $demoverdict = (() => {
const { h, say } = $dom;
const { paintBytes } = $drawpictures;
const { percent } = $format;
/** Predicted and actual beside the image, and whether that is right, by a word and a sign. */
function verdictView() {
  const canvas = h("canvas", { role: "img", width: 28, height: 28 });
  const predicted = h("b", { class: "verdict-name" });
  const actual = h("b", { class: "verdict-name" });
  const sure = h("small", { class: "quiet" });
  const sign = h("i", { "aria-hidden": "true" });
  const word = h("span", {});
  const badge = h("p", { class: "verdict-badge" }, sign, word);
  const element = h(
    "div",
    { class: "verdict" },
    canvas,
    h("div", {}, h("span", { class: "quiet" }, "predicted"), predicted, sure),
    h("div", {}, h("span", { class: "quiet" }, "actual"), actual, h("small", { class: "quiet" }, "its true label")),
    badge,
  );
  let words = "";

  function show({ digits: [digit], actual: truth, right, array, shape }) {
    paintBytes(canvas, array.image, shape.image);
    canvas.setAttribute("aria-label", `The image: ${truth}`);
    const name = digit.name ?? "–";
    say(predicted, name);
    say(actual, truth);
    say(sure, digit.name === null ? digit.said : `${percent(Math.max(...digit.probabilities), 1)} sure`);
    say(sign, right ? "✓" : "✗");
    say(word, right ? "right" : "wrong");
    badge.className = `verdict-badge ${right ? "right" : "wrong"}`;
    element.classList.toggle("worded", Math.max(name.length, truth.length) > 2);
    words = `Predicted ${name}, actual ${truth}: ${right ? "right" : "wrong"}`;
  }

  return { element, show, said: () => words };
}
return { verdictView };
})();

// ── web/drawanswer.js
const $drawanswer = (() => {
const { h, say } = $dom;
const { percent, sentenceCase } = $format;
/**
 * The answer, big, and a bar for each class. `chosen(k)` when one is pressed, null when it was marked before;
 * without it none can be pressed. {element, show(reading), quiet(text), mark(k)}
 */
function answerView(chosen = null) {
  const name = h("b", { class: "draw-name" });
  const sure = h("span", { class: "draw-sure" });
  const why = h("p", { class: "draw-why" });
  const verdict = h("div", { class: "draw-verdict" }, name, sure, why);
  const about = "Probability of each class";
  const list = h("div", {
    class: "draw-bars",
    role: chosen ? "listbox" : "list",
    "aria-label": chosen ? `${about}; choose one to see what speaks for and against it` : about,
  });
  const element = h("div", { class: "draw-answer" }, verdict, list);
  let rows = [];
  let known = "";
  let marked = null;

  function build(classes) {
    if (known === classes.join()) return;
    known = classes.join();
    rows = classes.map((label, k) => rowOf(label, chosen && (() => chosen(marked === k ? null : k))));
    list.replaceChildren(...rows.map((row) => row.element));
    if (chosen) mark(null);
  }

  function show({ digits, shown, classes }) {
    build(classes.map(String));
    const digit = digits[shown];
    const best = digit.name === null ? -1 : indexOfMost(digit.probabilities);
    say(name, digit.name ?? "–");
    say(sure, digit.name === null ? "" : percent(digit.probabilities[best], 0));
    say(why, digit.name === null ? sentenceCase(digit.said) : "");
    element.classList.toggle("refused", digit.name === null);
    element.classList.remove("unread");
    rows.forEach(({ element: row, bar, value }, k) => {
      const p = digit.probabilities[k];
      bar.style.transform = `scaleX(${Number.isFinite(p) ? p.toFixed(4) : 0})`;
      say(value, Number.isFinite(p) ? percent(p) : "–");
      row.classList.toggle("named", k === best);
    });
  }

  /** Nothing is read: empty bars, and why. */
  function quiet(text) {
    build([..."0123456789"]);
    say(name, "");
    say(sure, "");
    say(why, text);
    element.classList.add("unread");
    element.classList.remove("refused");
    for (const { element: row, bar, value } of rows) {
      bar.style.transform = "scaleX(0)";
      say(value, "");
      row.classList.remove("named");
    }
  }

  function mark(k) {
    const focus = list.contains(list.getRootNode().activeElement);
    marked = k;
    rows.forEach(({ element: row }, i) => {
      row.setAttribute("aria-selected", i === k);
      row.tabIndex = i === (k ?? 0) ? 0 : -1;
    });
    if (focus && k !== null) rows[k].element.focus({ preventScroll: true });
  }

  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const to = { Home: 0, End: rows.length - 1 }[event.key];
    if ((by === undefined && to === undefined) || !rows.length) return;
    event.preventDefault();
    const focused = rows.findIndex((row) => row.element === list.getRootNode().activeElement);
    const at = to ?? Math.min(Math.max(focused + by, 0), rows.length - 1);
    for (const { element: row } of rows) row.tabIndex = -1;
    rows[at].element.tabIndex = 0;
    rows[at].element.focus({ preventScroll: true });
  });

  return { element, show, quiet, mark };
}

function rowOf(label, press) {
  const bar = h("i", {});
  const value = h("span", { class: "draw-value" });
  const element = h(
    press ? "button" : "div",
    press ? { type: "button", role: "option", onclick: press, "aria-selected": "false" } : { role: "listitem" },
    h("span", { class: "draw-class" }, label),
    h("span", { class: "draw-bar", "aria-hidden": "true" }, bar),
    value,
  );
  return { element, bar, value };
}

function indexOfMost(values) {
  return values.indexOf(Math.max(...values));
}

/** What a screen reader is told of a reading. */
function spoken({ digits, shown }) {
  const one = (digit) =>
    digit.name === null ? digit.said : `${digit.name}, ${percent(Math.max(...digit.probabilities), 0)}`;
  if (digits.length === 1) return sentenceCase(one(digits[0]));
  const names = digits.map((digit) => digit.name ?? "not a digit").join(", ");
  return `${digits.length} digits: ${names}. Number ${shown + 1}: ${one(digits[shown])}`;
}
return { answerView, spoken };
})();

// ── web/dropphoto.js
const $dropphoto = (() => {
const { h, say } = $dom;
const { paintBytes } = $drawpictures;
const { percent } = $format;
/** A photo with a box around each digit and its reading over it. {element, show(reading)}; `choose(k)`. */
function photoView(choose) {
  const canvas = h("canvas", { role: "img" });
  const boxes = h("div", {
    class: "photo-boxes",
    role: "listbox",
    "aria-label": "Digits found in the photo",
  });
  const element = h("div", { class: "photo" }, h("div", { class: "photo-sheet" }, canvas, boxes));
  let buttons = [];

  function show({ array, shape, digits, shown, name }, photo) {
    if (array.photo) paintBytes(canvas, array.photo, shape.photo, "plain");
    const [height, width] = photo;
    element.style.setProperty("--wide", width / height);
    if (buttons.length !== digits.length) build(digits.length);
    digits.forEach((digit, k) => place(buttons[k], digit, k, [height, width], k === shown, digits.length));
    boxes.hidden = !digits.some((digit) => digit.box);
    const read = digits.map((digit) => digit.name ?? "?").join(" ");
    const said = `The photo ${name}, ${width} by ${height} pixels; reads ${read}`;
    if (canvas.getAttribute("aria-label") !== said) canvas.setAttribute("aria-label", said);
  }

  function build(count) {
    buttons = Array.from({ length: count }, (_, k) => {
      const label = h("b", {});
      const button = h("button", { type: "button", role: "option", onclick: () => choose(k) }, label);
      return { button, label };
    });
    boxes.replaceChildren(...buttons.map(({ button }) => button));
  }

  function place({ button, label }, digit, k, [height, width], chosen, count) {
    const sure = percent(Math.max(...digit.probabilities), 0);
    say(label, digit.name ?? "?");
    button.setAttribute("aria-selected", chosen);
    button.tabIndex = chosen ? 0 : -1;
    button.hidden = !digit.box || digit.why === "blank";
    button.classList.toggle("refused", digit.name === null);
    const [x0, y0, x1, y1] = digit.box ?? [0, 0, width, height];
    button.classList.toggle("low", y0 < 0.16 * height); // no room above it
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(button.style, {
      left: share(x0, width),
      top: share(y0, height),
      width: share(x1 - x0, width),
      height: share(y1 - y0, height),
    });
    const words = digit.name === null ? digit.said : `${digit.name}, ${sure}`;
    button.setAttribute("aria-label", `digit ${k + 1} of ${count}: ${words}`);
  }

  boxes.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = { Home: 0, End: buttons.length - 1 }[event.key];
    if (by === undefined && to === undefined) return;
    event.preventDefault();
    const focused = buttons.findIndex(({ button }) => button === boxes.getRootNode().activeElement);
    const at = to ?? Math.min(Math.max(focused + by, 0), buttons.length - 1);
    buttons[at].button.focus({ preventScroll: true });
    choose(at);
  });

  return { element, show };
}
return { photoView };
})();

// ── web/drawstages.js
const $drawstages = (() => {
const { h, say } = $dom;
const { onTheme } = $colours;
const { inkOf, paintBytes } = $drawpictures;
const SCALE = 9; // canvas pixels for one of the last picture's
const STAGES = [
  ["grey", "grey", "The picture in grey, as it comes"],
  ["ink", "ink", "Which of dark and light is the ink was found, the background and uneven light taken off"],
  ["cropped", "cropped", "Cut off around the ink"],
  ["scaled", "scaled", "Scaled to fit 20 × 20, its shape kept"],
  ["image", "centred", "Put into 28 × 28 with its centre of mass in the middle: what the network is given"],
];

/** What the program made of a drawing, stage by stage, as MNIST was made. {element, show(reading), hide()} */
function stagesView() {
  const cells = Object.fromEntries(STAGES.map((stage) => [stage[0], cell(...stage)]));
  const list = h(
    "ol",
    { class: "draw-stages" },
    STAGES.map(([name]) => cells[name].element),
  );
  const element = h(
    "section",
    { class: "draw-made", "aria-label": "What the program made of it", hidden: true },
    h("h3", {}, "What the program made of it"),
    list,
  );
  let shown = null;

  function show(reading) {
    shown = reading;
    element.hidden = !reading.array.image && !reading.array.grey;
    if (element.hidden) return;
    const { array, shape } = reading;
    paint("grey", "plain", sizeOf(shape.grey));
    paint("ink", "ink", array.ink ? polarity(array) : "");
    paint("cropped", "ink", sizeOf(shape.cropped));
    paint("scaled", "ink", sizeOf(shape.scaled));
    paintLast();
  }

  function paint(name, way, said) {
    const { array, shape } = shown;
    const one = cells[name];
    const there = array[name]?.length > 1; // of a blank picture nothing is left
    one.element.classList.toggle("none", !there);
    say(one.said, there ? said : "–");
    if (there) paintBytes(one.canvas, array[name], shape[name], way);
    else Object.assign(one.canvas, { width: 1, height: 1 });
    describe(one, there ? said : "nothing");
  }

  function paintLast() {
    const { image, size } = lastOf(shown);
    const { canvas, said, element: cellElement } = cells.image;
    cellElement.classList.toggle("none", !image);
    const ink = image && inkOf(image, size);
    const where = ink ? `mass at ${(ink.x - 0.5).toFixed(1)}, ${(ink.y - 0.5).toFixed(1)}` : "nothing";
    say(said, ink ? where : "–");
    describe(cells.image, where);
    if (image) paintCentred(canvas, image, size, ink);
  }

  onTheme(() => shown && show(shown));
  return {
    element,
    show,
    hide: () => {
      [shown, element.hidden] = [null, true];
    },
  };
}

/** The image of the digit shown, and its size. */
function lastOf({ array, shape, shown }) {
  const [, height, width] = shape.images ?? [];
  const pixels = height * width;
  const image = array.images?.subarray(shown * pixels, (shown + 1) * pixels);
  return { image: image?.length ? image : null, size: [height, width] };
}

function cell(name, title, about) {
  const canvas = h("canvas", { role: "img" });
  const said = h("small", { class: "quiet" });
  const frame = h("div", { class: "draw-picture", dataset: { tip: about } }, canvas);
  const element = h("li", { class: `stage-${name}` }, frame, h("b", {}, title), said);
  return { element, canvas, said, title, about };
}

function describe({ canvas, about }, said) {
  const label = `${about}: ${said}`;
  if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
}

const sizeOf = (shape) => (shape ? `${shape[1]} × ${shape[0]}` : "");

/** Whether the ink is darker than the paper, from where it was found. */
function polarity({ grey, ink }) {
  if (grey?.length !== ink.length) return "";
  let [there, at, all] = [0, 0, 0];
  for (let k = 0; k < ink.length; k += 1) {
    there += ink[k];
    at += ink[k] * grey[k];
    all += grey[k];
  }
  if (!there) return "none found";
  return at / there < all / ink.length ? "dark on light" : "light on dark";
}

/** The picture with the box around its ink and a cross at its centre of mass. */
function paintCentred(canvas, image, [height, width], ink) {
  const small = document.createElement("canvas");
  paintBytes(small, image, [height, width]);
  Object.assign(canvas, { width: width * SCALE, height: height * SCALE });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  if (!ink) return;
  const style = getComputedStyle(canvas);
  const [x0, y0, x1, y1] = ink.box.map((one) => one * SCALE);
  pen.lineWidth = 3;
  pen.strokeStyle = style.getPropertyValue("--below");
  pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  pen.lineWidth = 4;
  pen.strokeStyle = style.getPropertyValue("--above");
  const [x, y, arm] = [ink.x * SCALE, ink.y * SCALE, 2.5 * SCALE];
  pen.beginPath();
  pen.moveTo(x - arm, y);
  pen.lineTo(x + arm, y);
  pen.moveTo(x, y - arm);
  pen.lineTo(x, y + arm);
  pen.stroke();
}
return { stagesView };
})();

// ── web/demoanswer.js
const $demoanswer = (() => {
const { atMost } = $calm;
const { onTheme } = $colours;
const { opened } = $demodata;
const { verdictView } = $demoverdict;
const { h, say } = $dom;
const { answerView, spoken } = $drawanswer;
const { photoView } = $dropphoto;
const { stagesView } = $drawstages;
const SAID_MS = 1000; // between two sentences for a screen reader
const OF_OTHERS = "This network has learnt other things than digits: what it says of a drawing means little.";

/** What the network answers: the photo, the answer or what is right, the bars, the stages. `before`: words. */
function answerPart(before) {
  const photo = photoView((k) => show({ ...told, shown: k }));
  const verdict = verdictView();
  const answer = answerView();
  const stages = stagesView();
  const problem = h("p", { class: "problem", role: "alert" });
  const note = h("p", { class: "quiet" });
  const status = h("div", { class: "hidden-text", role: "status" });
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const element = h(
    "section",
    { class: "answer", "aria-label": "What the network says" },
    photo.element,
    h("div", { class: "answer-said" }, problem, verdict.element, answer.element, note),
    stages.element,
    status,
  );
  let told = null;

  function show(now) {
    told = now;
    say(problem, now?.problem ?? "");
    say(note, now?.digital === false && now.kind !== "pick" ? OF_OTHERS : "");
    for (const kind of ["pick", "draw", "photo"]) element.classList.toggle(`of-${kind}`, now?.kind === kind);
    element.classList.toggle("of-problem", Boolean(now?.problem));
    if (!now || now.problem) return rest(now ? "" : before);
    const one = now.digits[now.shown];
    const { array, shape } = opened({ ...now.arrays, ...one.arrays });
    const reading = { ...now, array, shape };
    answer.element.style.setProperty("--names", `${Math.max(...now.classes.map((name) => name.length))}ch`);
    answer.show(reading);
    if (now.kind === "pick") {
      verdict.show(reading);
      stages.hide();
      return speak(verdict.said());
    }
    const { image, ...arrays } = array;
    const { image: size, ...sizes } = shape;
    stages.show({ ...reading, shown: 0, array: { ...arrays, images: image }, shape: { ...sizes, images: [1, ...size] } });
    if (one.why === "blank") stages.hide(); // five empty boxes
    if (now.kind === "photo") showPhoto(now);
    return speak(spoken(reading));
  }

  function showPhoto(now) {
    const { array, shape } = opened({ photo: now.photo });
    photo.show({ ...now, array, shape }, shape.photo);
  }

  function rest(words) {
    answer.quiet(words);
    stages.hide();
    speak(words);
  }

  onTheme(() => told && show(told));
  return { element, show };
}
return { answerPart };
})();

// ── web/demogallery.js
const $demogallery = (() => {
const { onTheme } = $colours;
const { opened } = $demodata;
const { h, say } = $dom;
const { paintBytes } = $drawpictures;
const SIDE = 28;
const MARKS = { right: "✓", wrong: "✗" };

/**
 * A hundred test images with their labels. `choose({seed, number}, event)`: "input" one, "submit" others;
 * `without(whether)` tells whether there are none to choose.
 */
function galleryPart(choose, without) {
  const said = h("p", { class: "gallery-said quiet" });
  const note = h("p", { class: "gallery-note" });
  const score = h("p", { class: "gallery-score", role: "status" });
  const grid = h("div", { class: "gallery-grid", role: "listbox", "aria-label": "Test images" });
  const reveal = button("Ask about all", () => markAll());
  const other = button("Another hundred", () => choose({ seed: (told.seed + 1) % 2 ** 31, number: null }, "submit"));
  const element = h(
    "section",
    { class: "gallery-box", "aria-label": "Test images" },
    h("div", { class: "gallery-bar" }, reveal, other, score),
    grid,
    said,
    note,
  );
  let told = null;
  let tiles = [];
  let chosen = null; // {seed, number}

  function show(now) {
    told = now ?? told;
    if (!told) return;
    const fine = !told.problem;
    say(said, fine ? `${told.said}. Under each stands its true label.` : "");
    say(note, told.problem ?? told.note);
    note.classList.toggle("problem", !fine);
    say(score, "");
    for (const one of [reveal, other, grid]) one.hidden = !fine;
    without(!fine);
    if (!fine) return;
    const here = chosen?.seed === told.seed ? chosen.number : null;
    tiles = told.labels.map(tileOf);
    grid.replaceChildren(...tiles.map((tile) => tile.element));
    grid.classList.toggle("worded", told.labels.some((label) => label.length > 2));
    paint();
    select(here);
    if (here !== null) mark(here);
  }

  function tileOf(label, k) {
    const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    const sign = h("i", { "aria-hidden": "true" });
    const tile = h(
      "button",
      { type: "button", role: "option", onclick: () => pick(k), "aria-label": `image ${k + 1}: ${label}`, title: label },
      canvas,
      h("span", {}, label),
      sign,
    );
    return { element: tile, canvas, sign };
  }

  function paint() {
    if (!told || told.problem) return;
    const { array } = opened(told.arrays);
    tiles.forEach(({ canvas }, k) => {
      paintBytes(canvas, array.images.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE), [SIDE, SIDE]);
    });
  }

  function pick(k) {
    chosen = { seed: told.seed, number: k };
    select(k);
    mark(k);
    choose(chosen, "input");
  }

  function select(k) {
    tiles.forEach(({ element: tile }, i) => {
      tile.setAttribute("aria-selected", i === k);
      tile.tabIndex = i === (k ?? 0) ? 0 : -1;
    });
  }

  const isRight = (k) => told.predicted[k] === told.labels[k];

  /** Say on a tile, by a sign and its place, whether the network is right about it. */
  function mark(k) {
    const { element: tile, sign } = tiles[k];
    const kind = isRight(k) ? "right" : "wrong";
    say(sign, MARKS[kind]);
    tile.classList.remove("right", "wrong");
    tile.classList.add(kind);
    const answer = told.predicted[k] ?? "no answer";
    tile.setAttribute("aria-label", `image ${k + 1}: ${told.labels[k]}; predicted ${answer}, ${kind}`);
  }

  function markAll() {
    tiles.forEach((_, k) => mark(k));
    const right = tiles.filter((_, k) => isRight(k)).length;
    say(score, `${right} of ${tiles.length} right`);
  }

  grid.addEventListener("keydown", (event) => {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const end = { Home: 0, End: tiles.length - 1 }[event.key];
    if (by === undefined && end === undefined) return;
    event.preventDefault();
    const at = tiles.findIndex(({ element: tile }) => tile === grid.getRootNode().activeElement);
    const to = end ?? (tiles[at + by] ? at + by : at);
    if (to === at || !tiles[to]) return;
    pick(to);
    tiles[to].element.focus();
  });
  onTheme(paint);
  return { element, show };
}

function button(words, press) {
  return h("button", { type: "button", class: "button outlined", onclick: press }, words);
}
return { galleryPart };
})();

// ── web/icons.js
const $icons = (() => {
const SHAPES = {
  start: '<path d="M4 2.5v11l9.5-5.5z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" fill="currentColor" stroke="none"/>',
  step: '<path d="M3 3v10l7-5z" fill="currentColor" stroke="none"/><path d="M12.5 3v10"/>',
  epoch: '<path d="M1.5 3v10l6-5zM7.5 3v10l6-5z" fill="currentColor" stroke="none"/><path d="M14.7 3v10"/>',
  again: '<path d="M3 8a5 5 0 1 0 1.6-3.7"/><path d="M2.6 2.2v3.2h3.2"/>',
  dice:
    '<rect x="2.5" y="2.5" width="11" height="11" rx="2.2"/>' +
    '<g fill="currentColor" stroke="none"><circle cx="5.6" cy="5.6" r="1.1"/>' +
    '<circle cx="8" cy="8" r="1.1"/>' +
    '<circle cx="10.4" cy="10.4" r="1.1"/></g>',
  save: '<path d="M8 2v8M4.8 7L8 10.2 11.2 7M2.5 13.5h11"/>',
  link:
    '<path d="M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.9.9"/>' +
    '<path d="M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.9-.9"/>',
  sun:
    '<circle cx="8" cy="8" r="2.8"/>' +
    '<path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3"/>',
  moon: '<path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"/>',
  help:
    '<path d="M5.6 5.9a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.9-1.1 1.7"/>' +
    '<circle cx="8" cy="12.3" r=".9" fill="currentColor" stroke="none"/>',
  close: '<path d="M4 4l8 8M12 4l-8 8"/>',
  broken: '<path d="M8.5 1.5L5 8h4.2L6.5 14.5"/>',
  plus: '<path d="M8 3.5v9M3.5 8h9"/>',
  minus: '<path d="M3.5 8h9"/>',
  pen: '<path d="M3 13l.8-3.2 7.3-7.3a1.7 1.7 0 0 1 2.4 2.4l-7.3 7.3zM9.6 4l2.4 2.4"/>',
  undo: '<path d="M5.6 3L2.6 6l3 3"/><path d="M2.8 6h6.4a3.6 3.6 0 0 1 0 7.2H6.4"/>',
  clear: '<path d="M3 4.5h10M6.2 4.3V2.8h3.6v1.5M4.3 4.7l.6 8.6h6.2l.6-8.6"/>',
  photo: '<path d="M2 4.7h3l1-1.7h4l1 1.7h3v8H2z"/><circle cx="8" cy="8.5" r="2.4"/>',
};

/** A small drawing in the colour of the text around it; words beside it say what it means. */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = SHAPES[name];
  return svg;
}
return { icon };
})();

// ── web/theme.js
const $theme = (() => {
const { h } = $dom;
const { icon } = $icons;
const THEME_KEY = "glassnet-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const themeListeners = new Set();
let wished = remembered(); // "light", "dark", or null: as the system says

function remembered() {
  try {
    const found = localStorage.getItem(THEME_KEY);
    return found === "light" || found === "dark" ? found : null;
  } catch {
    return null; // storage may be closed to this page
  }
}

let around = null; // how the notebook looks that the studio stands in
const usual = () => around ?? (system.matches ? "dark" : "light");

/** "light" or "dark": what is worn now. */
function themeNow() {
  return wished ?? usual();
}

/** Call after each change of theme (and not at the start). Returns a function that ends it. */
function whenTheme(call) {
  themeListeners.add(call);
  return () => themeListeners.delete(call);
}

function tellTheme() {
  themeListeners.forEach((call) => call(themeNow()));
}

function toggleTheme() {
  const next = themeNow() === "dark" ? "light" : "dark";
  wished = next === usual() ? null : next; // back in step with what is around
  try {
    if (wished) localStorage.setItem(THEME_KEY, wished);
    else localStorage.removeItem(THEME_KEY);
  } catch {
    // it lasts as long as the page, then
  }
  tellTheme();
}

system.addEventListener("change", () => wished || tellTheme());

const RESTYLED_MS = 400; // style sheets of the host may come after its word that the theme is another

/** Where the studio is not the whole page: dark where the text around `host` is light. Returns what ends it. */
function followHost(host) {
  const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = pixel.getContext("2d", { willReadFrequently: true });

  function look() {
    if (!host.offsetWidth) return; // hidden, as while JupyterLab changes its theme: pictures could not be drawn
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(host.parentElement).color;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    const found = 0.3 * red + 0.59 * green + 0.11 * blue > 128 ? "dark" : "light";
    if (found === around) return;
    around = found;
    if (!wished) tellTheme();
  }

  let timer = 0;
  const soon = () => {
    look();
    clearTimeout(timer);
    timer = setTimeout(look, RESTYLED_MS);
  };
  const restyled = new MutationObserver(soon);
  const attributeFilter = ["class", "style", "theme", "data-theme", "data-jp-theme-name"];
  for (const root of [document.documentElement, document.body])
    restyled.observe(root, { attributes: true, attributeFilter });
  const shown = new ResizeObserver(look);
  shown.observe(host);
  return () => {
    clearTimeout(timer);
    restyled.disconnect();
    shown.disconnect();
  };
}

/** Keep data-theme of a root element right. It comes before other listeners, who then read new colours. */
function wearTheme(root) {
  const wear = () => root.setAttribute("data-theme", themeNow());
  wear();
  return whenTheme(wear);
}

/** The button that changes between light and dark. */
function themeButton() {
  const button = h("button", { class: "icon-button", type: "button", onclick: toggleTheme });
  const show = () => {
    const dark = themeNow() === "dark";
    button.replaceChildren(icon(dark ? "sun" : "moon"));
    button.setAttribute("aria-label", dark ? "Light theme" : "Dark theme");
    button.dataset.tip = dark ? "Light theme" : "Dark theme";
  };
  show();
  const end = whenTheme(() => (button.isConnected ? show() : end()));
  return button;
}
return { themeNow, whenTheme, followHost, wearTheme, themeButton };
})();

// ── web/demohead.js
const $demohead = (() => {
const { h, say } = $dom;
const { grouped } = $format;
const { themeButton, themeNow, whenTheme } = $theme;
/** The page's name, what the network is, and light or dark, which Gradio's own parts then wear, too. */
function headPart() {
  const about = h("p", { class: "quiet" });
  const element = h(
    "header",
    {},
    h("div", {}, h("h1", {}, "glassnet demo"), about),
    themeButton(),
  );
  const wear = () => document.body.classList.toggle("dark", themeNow() === "dark");
  wear();
  whenTheme(wear);

  function show(told) {
    if (!told) return;
    const learnt = told.data ? `, trained on ${told.data}` : "";
    say(about, told.problem ?? `${told.network}: ${grouped(told.parameters)} parameters${learnt}`);
    about.classList.toggle("problem", Boolean(told.problem));
  }

  return { element, show };
}
return { headPart };
})();

// ── web/drawtools.js
const $drawtools = (() => {
const { h } = $dom;
const { icon } = $icons;
/**
 * What stands under the pad: undo, clear, width, a photo unless there is no `take` for one; under a photo:
 * back to the pad.
 */
function padTools(pad, { take, back } = {}) {
  const undo = button("undo", "Undo", "Take back the last stroke (Ctrl Z)", pad.undo);
  const clear = button("clear", "Clear", "An empty pad (Delete)", pad.clear);
  const width = h("input", {
    type: "range",
    min: 8,
    max: 44,
    step: 2,
    value: pad.brush.width,
    "aria-label": "Brush width",
  });
  const dot = h("i", { "aria-hidden": "true" });
  const brush = h("label", { class: "draw-brush", dataset: { tip: "Brush width" } }, dot, width);
  const showDot = () => {
    pad.brush.width = Number(width.value);
    dot.style.transform = `scale(${pad.brush.width / 44})`;
  };
  width.addEventListener("input", showDot);
  showDot();

  const file = h("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    "aria-label": "A photo with digits",
  });
  file.addEventListener("change", () => {
    if (file.files.length) take(file.files[0]);
    file.value = ""; // the same file may be chosen again
  });
  const photo = button("photo", "Photo …", "Read a photo: choose it, drop it here, or paste it", () =>
    file.click(),
  );
  const toPad = button("pen", "Back to the pad", "What you drew is still there", back);
  const ofPad = [undo, clear, brush];
  const element = h(
    "div",
    { class: "draw-tools", role: "group", "aria-label": "Pad" },
    undo,
    clear,
    brush,
    ...(take ? [toPad, photo, file] : []),
  );
  for (const one of [undo, clear]) one.querySelector("span").className = "wordless";

  function refresh(isPad) {
    for (const one of ofPad) one.hidden = !isPad;
    toPad.hidden = isPad;
    undo.disabled = !pad.canUndo();
    clear.disabled = pad.empty();
  }

  return { element, refresh };
}

function button(sign, words, tip, act) {
  return h(
    "button",
    {
      type: "button",
      class: "button outlined",
      "aria-label": words,
      onclick: act,
      dataset: tip ? { tip } : {},
    },
    icon(sign),
    h("span", {}, words),
  );
}
return { padTools };
})();

// ── web/padsheet.js
const $padsheet = (() => {
const SIDE = 280; // pad pixels a side: the unit of all that is drawn, and the picture that is sent

const MANY = 200; // points of a stroke that are painted anew each time

const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A canvas on which strokes are painted as they grow: what is settled is painted once, the tip anew. */
function makeSheet(canvas, forReading = false) {
  const settled = document.createElement("canvas");
  const [pen, under] = [canvas, settled].map((one) =>
    one.getContext("2d", { willReadFrequently: forReading }),
  );
  let painted = []; // by stroke: its points, the next of them to settle, and whether it is whole
  let [colour, ground] = ["#000", null];

  /** Make it so many pixels a side; ink of that colour on `paper`, or on nothing. */
  function lay(pixels, ink, paper = null) {
    [colour, ground] = [ink, paper];
    for (const [one, sheet] of [
      [canvas, pen],
      [settled, under],
    ]) {
      [one.width, one.height] = [pixels, pixels];
      sheet.setTransform(pixels / SIDE, 0, 0, pixels / SIDE, 0, 0);
      Object.assign(sheet, { strokeStyle: ink, fillStyle: ink, lineCap: "round", lineJoin: "round" });
    }
    wipe();
  }

  function wipe() {
    painted = [];
    under.clearRect(0, 0, SIDE, SIDE);
    if (!ground) return;
    under.fillStyle = ground;
    under.fillRect(0, 0, SIDE, SIDE);
    under.fillStyle = colour;
  }

  function draw(strokes) {
    const goesOn = painted.every(({ points }, i) => points === strokes[i]?.points);
    if (!goesOn) wipe();
    strokes.forEach((stroke, i) => settle(stroke, (painted[i] ??= { points: stroke.points, next: 1 })));
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.drawImage(settled, 0, 0, SIDE, SIDE);
    const last = strokes.at(-1);
    if (last && !last.ended) line(pen, last.points, painted.at(-1).next);
  }

  /** Keep what will not change: a stroke that has ended, and of a long one all but its newest points. */
  function settle({ points, ended }, known) {
    if (known.whole || (!ended && points.length - known.next < MANY)) return;
    line(under, points, known.next, !ended);
    known.next = points.length;
    known.whole = ended;
  }

  /** The grey values, one byte a pixel. */
  function bytes() {
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Uint8Array(data.length / 4);
    for (let k = 0; k < grey.length; k += 1) grey[k] = data[4 * k];
    return grey;
  }

  return { lay, draw, bytes };
}

/**
 * A line through points, from the curve of point `next` on: each curve runs between the middles on both sides
 * of a point, and where the width stays it is one path, so that its edge is smooth. `open`: without its tip.
 */
function line(pen, points, next, open = false) {
  const last = points.at(-1);
  pen.beginPath();
  if (points.length === 1) {
    pen.arc(last.x, last.y, last.width / 2, 0, 2 * Math.PI);
    pen.fill();
    return;
  }
  let from = next === 1 ? points[0] : middle(points[next - 2], points[next - 1]);
  pen.moveTo(from.x, from.y);
  pen.lineWidth = points[next - 1].width;
  for (let i = next; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const width = (a.width + b.width) / 2;
    if (width !== pen.lineWidth) {
      pen.stroke();
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineWidth = width;
    }
    from = middle(a, b);
    pen.quadraticCurveTo(a.x, a.y, from.x, from.y);
  }
  if (!open) pen.lineTo(last.x, last.y);
  pen.stroke();
}
return { SIDE, makeSheet };
})();

// ── web/padpointer.js
const $padpointer = (() => {
const { SIDE } = $padsheet;
const PALM = 70; // CSS pixels across: a touch as broad as that is no fingertip
const EASE = 0.4; // of a new pressure that reaches the width at once

/** Draw with mouse, pen and finger: one of them at a time. `pen`: brush(), begin, extend, end, drop. */
function listenToDrawing(element, pen) {
  let at = null; // what draws: {id, type, width}

  /** A point in pad pixels; a pen's pressure makes it broader or thinner, gently. */
  function pointOf(event, box) {
    const wanted = pen.brush() * (event.pointerType === "pen" ? 0.35 + 1.3 * event.pressure : 1);
    at.width += (at.width ? EASE : 1) * (wanted - at.width);
    return {
      x: ((event.clientX - box.left) / box.width) * SIDE,
      y: ((event.clientY - box.top) / box.height) * SIDE,
      width: at.width,
    };
  }

  function down(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    const [isTouch, isPen] = [event.pointerType === "touch", event.pointerType === "pen"];
    if (isTouch && (!event.isPrimary || Math.max(event.width, event.height) > PALM)) return;
    if (at && !(isPen && at.type === "touch")) return;
    if (at) pen.drop(); // the hand came down before the pen
    event.preventDefault(); // no text is selected, and the focus goes where it is sent
    element.focus({ preventScroll: true });
    at = { id: event.pointerId, type: event.pointerType, width: 0 };
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // gone already
    }
    pen.begin(pointOf(event, element.getBoundingClientRect()));
  }

  function move(event) {
    if (at?.id !== event.pointerId) return;
    const box = element.getBoundingClientRect();
    const between = event.getCoalescedEvents?.() ?? [];
    pen.extend((between.length ? between : [event]).map((one) => pointOf(one, box)));
  }

  function up(event) {
    if (at?.id !== event.pointerId) return;
    at = null;
    if (event.type === "pointercancel") pen.drop();
    else pen.end();
  }

  const handlers = {
    pointerdown: down,
    pointermove: move,
    pointerup: up,
    pointercancel: up,
    lostpointercapture: up,
  };
  for (const [kind, call] of Object.entries(handlers)) element.addEventListener(kind, call);
  element.addEventListener("contextmenu", (event) => at && event.preventDefault()); // a long press draws on
}
return { listenToDrawing };
})();

// ── web/padkeys.js
const $padkeys = (() => {
const { SIDE } = $padsheet;
const STEP = 10; // pad pixels a press
const FINE = 2; // with shift
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Draw by keys: arrows move a cursor (two at once: slantwise), space held down draws, Enter puts the pen down
 * or lifts it. `pen`: brush, begin, extend, end, down, undo, clear; `told(text)` for a screen reader.
 */
function listenToKeys(element, cursor, pen, told) {
  const place = { x: SIDE / 2, y: SIDE / 4 };
  const held = new Set();

  const point = () => ({ ...place, width: pen.brush() });

  function show(on) {
    cursor.hidden = !on;
    cursor.style.left = `${(100 * place.x) / SIDE}%`;
    cursor.style.top = `${(100 * place.y) / SIDE}%`;
    cursor.classList.toggle("down", pen.down());
  }

  function move(far) {
    for (const key of held) {
      for (const [i, axis] of ["x", "y"].entries()) {
        place[axis] = Math.min(Math.max(place[axis] + far * WAYS[key][i], 0), SIDE);
      }
    }
    if (pen.down()) pen.extend([point()]);
  }

  function put(down) {
    if (down) pen.begin(point());
    else pen.end();
  }

  function tell() {
    const [x, y] = [place.x, place.y].map((one) => Math.round((100 * one) / SIDE));
    told(`${pen.down() ? "pen down" : "pen up"}, ${x} % across, ${y} % down`);
  }

  function onDown(event) {
    const { key, shiftKey, repeat } = event;
    if (event.target !== element || event.altKey || event.ctrlKey || event.metaKey) return;
    if (WAYS[key]) {
      held.add(key);
      move(shiftKey ? FINE : STEP);
    } else if (key === " ") repeat || pen.down() || put(true);
    else if (key === "Enter") repeat || put(!pen.down());
    else if (key === "Backspace") pen.undo();
    else if (key === "Delete") pen.clear();
    else return;
    event.preventDefault();
    show(true);
    tell();
  }

  function onUp(event) {
    held.delete(event.key);
    if (event.key !== " " || event.target !== element) return;
    event.preventDefault();
    pen.end();
    show(!cursor.hidden);
    tell();
  }

  function leave() {
    held.clear();
    pen.end();
    show(false);
  }

  element.addEventListener("keydown", onDown);
  element.addEventListener("keyup", onUp);
  element.addEventListener("blur", leave);
  element.addEventListener("focus", () => show(element.matches(":focus-visible")));
  element.addEventListener("pointerdown", () => show(false));
}
return { listenToKeys };
})();

// ── web/padstrokes.js
const $padstrokes = (() => {
const LEAST = 0.7; // pad pixels between two points worth keeping

/**
 * What is drawn: strokes of points {x, y, width} in pad pixels, and the way back. A stroke is
 * {points, ended}; it grows at its end only, so that what is painted of it can stay.
 */
function makeStrokes() {
  let strokes = [];
  let past = []; // what was there before each stroke and each clearing
  let live = null;

  function put(next) {
    past.push(strokes);
    strokes = next;
  }

  function begin(point) {
    end();
    live = { points: [point], ended: false };
    put([...strokes, live]);
  }

  /** Go on to a point. Returns whether it is far enough from the last to be kept. */
  function extend(point) {
    const before = live?.points.at(-1);
    if (!before || Math.hypot(point.x - before.x, point.y - before.y) < LEAST) return false;
    live.points.push(point);
    return true;
  }

  function end() {
    if (live) live.ended = true;
    live = null;
  }

  function undo() {
    end();
    if (past.length) strokes = past.pop();
  }

  function clear() {
    end();
    if (strokes.length) put([]);
  }

  return {
    begin,
    extend,
    end,
    undo,
    clear,
    all: () => strokes,
    down: () => live !== null,
    empty: () => !strokes.length,
    canUndo: () => past.length > 0,
  };
}
return { makeStrokes };
})();

// ── web/pad.js
const $pad = (() => {
const { atMost } = $calm;
const { onTheme } = $colours;
const { h, uniqueId } = $dom;
const { listenToDrawing } = $padpointer;
const { listenToKeys } = $padkeys;
const { makeSheet, SIDE } = $padsheet;
const { makeStrokes } = $padstrokes;
const KEYS =
  "Arrow keys move the pen, with shift in small steps; hold space to draw, or press Enter to put the pen " +
  "down and to lift it. Backspace takes back the last stroke, Delete clears.";

/** The pad: {element, focus, picture, empty, undo, clear, canUndo, brush}. `changed` after every change. */
function makePad(changed) {
  const strokes = makeStrokes();
  const screen = h("canvas", { "aria-hidden": "true" });
  const hint = h("p", { class: "pad-hint", "aria-hidden": "true" }, "draw a digit here");
  const cursor = h("i", { class: "pad-cursor", hidden: true, "aria-hidden": "true" });
  const where = h("div", { class: "hidden-text", role: "status" });
  const id = uniqueId("pad-keys");
  const element = h(
    "div",
    {
      class: "pad",
      tabIndex: 0,
      role: "application",
      "aria-label": "Drawing pad",
      "aria-describedby": id,
    },
    screen,
    hint,
    cursor,
  );
  const about = h("div", { class: "hidden-text", id }, KEYS);
  const seen = makeSheet(screen);
  const sent = makeSheet(h("canvas"), true);
  const brush = { width: 20 };
  let due = false;
  sent.lay(SIDE, "#000", "#fff"); // dark ink on white paper, whatever the page's theme is

  function change() {
    hint.hidden = !strokes.empty();
    paintSoon();
    changed();
  }

  function paintSoon() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      seen.draw(strokes.all());
    });
  }

  function lay() {
    const pixels = Math.round(element.clientWidth * (window.devicePixelRatio || 1));
    if (!pixels) return;
    seen.lay(pixels, getComputedStyle(element).color);
    seen.draw(strokes.all());
  }

  const pen = {
    brush: () => brush.width,
    down: strokes.down,
    begin: (point) => {
      strokes.begin(point);
      change();
    },
    extend: (points) => {
      if (points.map(strokes.extend).some(Boolean)) change();
    },
    end: () => {
      if (!strokes.down()) return;
      strokes.end();
      change();
    },
    undo: () => {
      strokes.undo();
      change();
    },
    clear: () => {
      strokes.clear();
      change();
    },
  };
  pen.drop = () => strokes.down() && pen.undo();

  listenToDrawing(element, pen);
  listenToKeys(
    element,
    cursor,
    pen,
    atMost(1000, (text) => {
      where.textContent = text;
    }),
  );
  new ResizeObserver(lay).observe(element);
  onTheme(lay);

  /** What is drawn as SIDE by SIDE bytes, white paper at 255. */
  function picture() {
    sent.draw(strokes.all());
    return sent.bytes();
  }

  return {
    element: h("div", { class: "pad-place" }, element, about, where),
    focus: () => element.focus({ preventScroll: true }),
    picture,
    brush,
    undo: pen.undo,
    clear: pen.clear,
    empty: strokes.empty,
    canUndo: strokes.canUndo,
  };
}
return { makePad };
})();

// ── web/demopad.js
const $demopad = (() => {
const { closed } = $demodata;
const { h } = $dom;
const { padTools } = $drawtools;
const { makePad } = $pad;
const { SIDE } = $padsheet;
/** The studio's pad; what is on it is given with each change, painted at most once a frame. */
function padPart(give) {
  let due = false;
  const pad = makePad(() => {
    tools.refresh(true);
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      give(closed(pad.picture(), [SIDE, SIDE]));
    });
  });
  const tools = padTools(pad);
  tools.refresh(true);
  const element = h("section", { class: "draw-desk", "aria-label": "Pad" }, pad.element, tools.element);
  element.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    pad.undo();
  });
  return { element, show() {} };
}
return { padPart };
})();

// ── web/numbers.js
const $numbers = (() => {
const { grouped, percent } = $format;
const MINUS = "\u2212";

/**
 * A number with all of its significant digits, so that a changing one does not dance: 0.0810, 12.3, 1,204,
 * 2.3e−5.
 */
function figures(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 9.995e-4 || size >= 1e6) return scientific(value, digits);
  const after = digits - 1 - Math.floor(Math.log10(size) + 1e-9);
  return (after > 0 ? value.toFixed(after) : grouped(value)).replace("-", MINUS);
}

/** A number of an axis: no more digits than it has. */
function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 9.995e-4 || size >= 1e5)) return scientific(value, 2);
  return String(Number(value.toPrecision(3))).replace("-", MINUS);
}

/** A number as front and power of ten: 1.2e−3. */
function scientific(value, digits = 2) {
  if (!value) return "0";
  const [front, back] = value.toExponential(digits - 1).split("e");
  const short = front.includes(".") ? front.replace(/\.?0+$/, "") : front;
  return `${short}e${back.replace("+", "")}`.replaceAll("-", MINUS);
}

/** A share of `n` examples in per cent, with the digits that so many examples can tell apart: 96.3 %. */
function shareOf(share, n = 1000) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return percent(share, n < 300 ? 0 : n >= 5000 && share > 0.99 && share < 1 ? 2 : 1).replace(" ", "\u00a0");
}

/** Bytes as megabytes. */
function megabytes(bytes) {
  return figures(bytes / 2 ** 20, bytes < 10 * 2 ** 20 ? 2 : 3);
}
return { figures, tick, scientific, shareOf, megabytes };
})();

// ── web/legend.js
const $legend = (() => {
const { divergingTable, onTheme } = $colours;
const { h, say } = $dom;
const { figures } = $numbers;
const { paintBlock, words } = $tiles;
const BYTES = Uint8Array.from({ length: 255 }, (_, q) => q + 1);

/** A strip of the colours of weights, full blue to full orange; of colour images', from dark to bright. */
function scaleStrip() {
  const element = h("canvas", { class: "net-scale", width: 255, height: 1, role: "img" });
  const pen = element.getContext("2d");
  let shown = null;

  function draw(inColour) {
    if (shown === inColour) return;
    shown = inColour;
    const picture = pen.createImageData(255, 1);
    const lut = inColour
      ? Uint32Array.from({ length: 256 }, (_, q) => (255 << 24) | (q * 0x010101))
      : words(divergingTable());
    const block = { start: 0, across: 1, down: 0, nx: 255, ny: 1, shrink: 1, lut };
    paintBlock(new Uint32Array(picture.data.buffer), 0, 255, BYTES, block);
    pen.putImageData(picture, 0, 0);
    const said = inColour
      ? "dark below zero, grey at zero, bright above"
      : "blue below zero, background at zero, orange above";
    element.setAttribute("aria-label", `Colours of weights: ${said}`);
  }

  onTheme(() => {
    const inColour = shown;
    shown = null;
    draw(Boolean(inColour));
  });
  return { element, draw };
}

/** The scale of the weights' colours with its range in numbers, and the switch to one scale a tile. */
function legend(toggled) {
  const low = h("span", {}, "");
  const high = h("span", {}, "");
  const box = h("input", { type: "checkbox", onchange: () => toggled(box.checked) });
  const auto = h(
    "label",
    {
      class: "net-auto has-tip",
      dataset: { tip: "Each tile on a scale of its own: shapes of weak units are seen too" },
    },
    box,
    "auto-scale",
  );
  const strip = scaleStrip();
  const scale = h("span", { class: "net-legend-scale" }, low, strip.element, high);
  const element = h("div", { class: "net-legend" }, scale, auto);
  return {
    element,
    draw(name, limit, inColour) {
      const text = box.checked ? "its largest" : figures(limit, limit < 1 ? 1 : 2);
      strip.draw(inColour);
      say(low, `${name} −${text}`);
      say(high, `+${text}`);
    },
  };
}
return { scaleStrip, legend };
})();

// ── web/demoweights.js
const $demoweights = (() => {
const { onTheme } = $colours;
const { opened } = $demodata;
const { h, say } = $dom;
const { grouped } = $format;
const { scaleStrip } = $legend;
const { figures } = $numbers;
const { tileAtlas } = $tiles;
const GAP = 2; // of a tile's pixels
const WIDE = 46; // CSS pixels that a tile takes at least

/** The weights into each unit of the first layer as images, and the one pointed at larger. */
function weightsPart() {
  const atlas = tileAtlas();
  const large = tileAtlas();
  const strip = scaleStrip();
  const [low, high] = [h("span", {}), h("span", {})];
  const name = h("b", {});
  const said = h("p", { class: "quiet" });
  const problem = h("p", { class: "problem", role: "alert" });
  const place = h("div", { class: "weights-all", tabIndex: 0, role: "group", "aria-label": "Units, by arrow keys" }, atlas.element);
  const scale = h("p", { class: "weights-scale" }, low, strip.element, high);
  const one = h("figure", { class: "weights-one" }, large.element, h("figcaption", { role: "status" }, name), scale);
  const body = h("div", { class: "weights-body" }, place, one);
  const element = h("section", { "aria-label": "Weights" }, said, problem, body);
  let told = null;
  let q = null;
  let columns = 1;
  let at = 0;

  function show(now) {
    told = now ?? told;
    body.hidden = !told || Boolean(told.problem);
    say(problem, told?.problem ?? "");
    if (!told || told.problem) return say(said, "");
    q = opened(told.arrays).array.weights;
    at = 0;
    const { units, shown } = told;
    const count = shown.length < units ? `The ${shown.length} of ${grouped(units)} units with the largest weights` : `The ${units} units`;
    say(
      said,
      `${count} of the first layer of ${told.network}: what each one looks for in the 28 × 28 pixels. ` +
        "Orange: ink there speaks for it; blue: against it.",
    );
    const limit = figures(told.limit, told.limit < 1 ? 1 : 2);
    say(low, `−${limit}`);
    say(high, `+${limit}`);
    strip.draw(false);
    return lay();
  }

  function lay() {
    if (!told || told.problem || !place.clientWidth) return;
    const count = told.shown.length;
    columns = Math.max(1, Math.min(count, Math.floor(place.clientWidth / WIDE), 32));
    const size = { width: told.side, height: told.side, shrink: 1 };
    atlas.lay({ count, columns, gap: GAP, ...size });
    large.lay({ count: 1, columns: 1, gap: 0, ...size });
    atlas.paint(q, count, { across: 1, down: told.side, channels: 1 }, false);
    point(at);
  }

  /** Show one unit larger. */
  function point(k) {
    const count = told.shown.length;
    at = Math.min(Math.max(k, 0), count - 1);
    const pixels = told.side * told.side;
    const own = Uint8Array.from({ length: pixels }, (_, i) => q[i * count + at]);
    large.paint(own, 1, { across: 1, down: told.side, channels: 1 }, false);
    say(name, `unit ${told.shown[at]}`);
    large.element.setAttribute("aria-label", `Weights into unit ${told.shown[at]}`);
  }

  function pointed({ clientX, clientY }) {
    const box = atlas.element.getBoundingClientRect();
    const rows = Math.ceil(told.shown.length / columns);
    const column = Math.floor(((clientX - box.left) / box.width) * columns);
    const row = Math.floor(((clientY - box.top) / box.height) * rows);
    const k = row * columns + column;
    if (column >= 0 && column < columns && told.shown[k] !== undefined && k !== at) point(k);
  }

  place.addEventListener("pointermove", pointed);
  place.addEventListener("pointerdown", pointed); // a finger that taps does not move
  place.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    if (told.shown[at + by] !== undefined) point(at + by);
  });
  new ResizeObserver(lay).observe(place);
  onTheme(lay);
  return { element, show };
}
return { weightsPart };
})();

// ── web/demo.js
const $demo = (() => {
const { watchTheme } = $colours;
const { answerPart } = $demoanswer;
const { galleryPart } = $demogallery;
const { headPart } = $demohead;
const { padPart } = $demopad;
const { weightsPart } = $demoweights;
const { h } = $dom;
const { wearTheme } = $theme;
/** The choice among the test images, {seed, number}: a part without looks, which the gallery gives to. */
const choice = { give: null };
const picked = answerPart("Choose an image: the network says what it is.");

const PARTS = {
  head: headPart,
  gallery: () => {
    const hide = (none) => (picked.element.hidden = none);
    return galleryPart((value, event) => choice.give(value, event), hide);
  },
  choice: (give) => {
    choice.give = give;
    return { element: null, show() {} };
  },
  picked: () => picked,
  pad: padPart,
  drawn: () => answerPart("Draw a digit: the network reads it while you draw."),
  found: () => answerPart("Choose a photo or drop it above: each digit in it is found and read."),
  weights: weightsPart,
};

let sheet = null;

/**
 * Draw a part of the page into an element of Gradio's, which hands over its `props`, `trigger(event)` and
 * `watch(name, call)`. A part is {element, show(value)}; it gives values to Gradio by give(value, event).
 */
function mount(name, { element, props, trigger, watch, css }) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  const give = (value, event = "input") => {
    props.value = value;
    trigger(event);
  };
  const part = PARTS[name](give);
  if (!part.element) return;
  const host = h("div", { class: "glassnet-part" });
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  const root = h("div", { class: `studio demo of-${name}` }, part.element);
  wearTheme(root);
  shadow.append(root);
  element.append(host);
  watchTheme(root);
  const show = () => part.show(props.value || null);
  watch("value", show);
  show();
}

return { mount };
})();

export default $demo;
