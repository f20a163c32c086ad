// Composed from web/*.js by scripts/compose_view.py: change those, then run it.

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

// ── web/dialog.js
const $dialog = (() => {
const { h, uniqueId } = $dom;
const { icon } = $icons;
/** A dialog over the page: {element, open(from), close()}. Escape and a click beside it close it. */
function makeDialog(title, ...children) {
  const id = uniqueId("dialog");
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => element.close() },
    icon("close"),
  );
  const element = h(
    "dialog",
    { class: "dialog", "aria-labelledby": id },
    h("div", {}, h("header", {}, h("h2", { id }, title), close), children),
  );
  element.addEventListener("click", (event) => event.target === element && element.close());
  return {
    element,
    open: () => element.showModal(),
    close: () => element.close(),
  };
}
return { makeDialog };
})();

// ── web/keys.js
const $keys = (() => {
const { h } = $dom;
const { makeDialog } = $dialog;
const KEYS = [
  ["space", "start or pause"],
  ["→", "one step"],
  ["shift →", "to the end of the epoch"],
  ["r", "back to the start, same seed"],
  ["d", "draw a digit; once more: close"],
  ["?", "this list"],
  ["esc", "close; in a field: as it was before"],
];
const TYPING = "input, select, textarea, [contenteditable]";
const OWN_ARROWS =
  "[role=slider], [role=grid], [role=gridcell], [role=listbox], [role=option], [role=tab], [role=radio]";

/** The list of keys, as a dialog. */
function keysDialog() {
  const rows = KEYS.flatMap(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)]);
  const dialog = makeDialog("Keys", h("dl", { class: "keys" }, rows));
  dialog.element.classList.add("narrow");
  return dialog;
}

/**
 * Where the studio stands in a notebook: a key that is pressed in it is not also the notebook's, whose "d d"
 * deletes the cell. With ctrl, alt or cmd it is the notebook's. Returns what ends it.
 */
function keepKeys(host) {
  const theirs = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;
  const before = (event) => host.toggleAttribute("data-lm-suppress-shortcuts", !theirs(event)); // JupyterLab's
  const after = (event) => theirs(event) || event.stopPropagation();
  window.addEventListener("keydown", before, true);
  for (const kind of ["keydown", "keyup", "keypress"]) host.addEventListener(kind, after);
  return () => window.removeEventListener("keydown", before, true);
}

/** Listen for keys: on the whole page if it is ours alone, else in the studio only. Returns what ends it. */
function listenForKeys(studio, page, commands, openKeys, draw) {
  const target = page ? document : studio;
  let pointed = false; // the focus lies where one clicked: there, space is the page's key, not the button's

  function onKey(event) {
    const focus = event.composedPath()[0];
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Tab", "Enter"].includes(event.key)) pointed = false;
    if (!(focus instanceof Element) || focus.closest(TYPING) || focus.closest("dialog")) return;
    const act = actionFor(event, focus);
    if (!act) return;
    event.preventDefault();
    if (event.type === "keydown") act();
  }

  function actionFor({ key, shiftKey, repeat }, focus) {
    const button = focus.closest("button, summary, a[href], [role=button], [tabindex]");
    if (key === " ") return (button && !pointed) || repeat ? null : commands.toggle;
    if (key === "ArrowRight" && !focus.closest(OWN_ARROWS)) return shiftKey ? commands.epoch : commands.step;
    if (key === "r" && !repeat) return commands.reset;
    if (key === "d" && !repeat) return draw;
    return key === "?" ? openKeys : null;
  }

  const onUp = (event) =>
    event.key === " " && pointed && !event.composedPath()[0].closest?.(TYPING) && event.preventDefault();
  const onPointer = () => {
    pointed = true;
  };
  target.addEventListener("keydown", onKey);
  target.addEventListener("keyup", onUp);
  target.addEventListener("pointerdown", onPointer, true);
  return () => {
    target.removeEventListener("keydown", onKey);
    target.removeEventListener("keyup", onUp);
    target.removeEventListener("pointerdown", onPointer, true);
  };
}
return { keysDialog, keepKeys, listenForKeys };
})();

// ── web/lineto.js
const $lineto = (() => {
const BEAT_MS = 5000; // between two signs of life, where nothing else is said
const [QUIET_MS, FIRST_MS] = [15000, 5000]; // without a word from the kernel, and without its first
const QUIET = "The kernel does not answer: another cell keeps it busy, and what you ask is done later; or it was \
restarted: then run this cell again.";
const AGAIN = "Run this cell again for a new one.";
const GONE = "What it last showed stays here; run this cell again for a new one.";

/**
 * The way to the kernel, in the form of anywidget's model, for one view of a widget. What the kernel says reaches
 * all views in all open pages, so each has a name and hears what is for it. A message counts as read when the
 * page has had a chance to paint: a hidden page reads nothing, and is sent next to nothing.
 */
function lineTo(model) {
  const name = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
  const hearers = new Set();
  const tell = (header, buffers = []) => hearers.forEach((hear) => hear(header, buffers));
  let [heard, said] = [performance.now(), 0];
  let state = "new";
  let seen = false; // whether there is anything to see

  function turn(next, told) {
    if (next === state) return;
    state = next;
    tell({ kind: "connection", ...told });
  }

  const gone = (title) => turn("gone", { state: "lost", title, message: seen ? GONE : AGAIN });

  function post(content, buffers) {
    said = performance.now();
    try {
      model.send({ page: name, ...content }, undefined, buffers);
    } catch {
      gone("The kernel has gone.");
    }
  }

  function hear(content, buffers) {
    if ((content.to ?? name) !== name) return;
    if (content.over) return end(content.over);
    if (content.to !== name) return;
    heard = performance.now();
    turn("open", { state: "open" });
    if (!buffers?.length) return;
    requestAnimationFrame(() => post({ read: content.number }));
    seen = true;
    tell(...apart(buffers[0]));
  }

  function end(why) {
    if (why === true) return gone("The view is closed.");
    const message = `${why}. It comes back by itself in some seconds.`;
    turn("sent away", { state: "lost", title: "The kernel let this page go:", message });
  }

  const leave = () => post({ bye: true });

  function beat() {
    const now = performance.now();
    if (state === "gone") return;
    if (now - said >= BEAT_MS) post({});
    if (now - heard >= (state === "new" ? FIRST_MS : QUIET_MS)) turn("quiet", { state: "open", message: QUIET });
  }

  model.on("msg:custom", hear);
  window.addEventListener("pagehide", leave); // else the kernel would talk to it for some minutes more
  model.on("comm_live_update", beatSoon); // JupyterLab's: the kernel was restarted, or is there again
  function beatSoon() {
    said = 0;
    beat();
  }
  const timer = setInterval(beat, BEAT_MS / 2);
  return {
    open: () => post({}),
    close() {
      if (state !== "gone") leave();
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      model.off("msg:custom", hear);
      model.off("comm_live_update", beatSoon);
    },
    get: (key) => model.get(key),
    send: (command, callbacks, buffers) => post({ said: JSON.stringify(command) }, buffers),
    on: (event, call) => hearers.add(call),
    off: (event, call) => hearers.delete(call),
  };
}

const SIZES = { uint8: 1, int8: 1, uint16: 2, int32: 4, float32: 4 };

/** A message of view/wire.py (a DataView): its header, and a view of each array that the header names. */
function apart({ buffer, byteOffset, byteLength }) {
  const length = new DataView(buffer, byteOffset, byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, byteOffset + 4, length)));
  let start = byteOffset + 4 + length;
  const views = header.arrays.map(({ dtype, shape }) => {
    const view = new DataView(buffer, start, shape.reduce((product, n) => product * n, SIZES[dtype]));
    start += Math.ceil(view.byteLength / 8) * 8;
    return view;
  });
  return [header, views];
}
return { lineTo };
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

// ── web/announcer.js
const $announcer = (() => {
const { h } = $dom;
const { grouped, percent } = $format;
const SPOKEN_MS = 5000; // between two sentences for a screen reader while it trains

/** Says to a screen reader what happens: a change of state at once, progress every few seconds. */
function announcer(store) {
  const box = h("div", { class: "hidden-text", role: "status", "aria-live": "polite" });
  let status = null;
  let run = null;
  let step = null;
  let last = 0;
  store.on(["frame", "session", "validation"], () => {
    const { session, frame, validation } = store;
    if (!session || !frame) return;
    const running = session.status === "running";
    // one step is over too soon to be seen running
    const stepped = !running && frame.scrub === null && frame.step !== step;
    const changed = status !== null && (session.status !== status || session.run !== run || stepped);
    const due = running && performance.now() - last > SPOKEN_MS;
    [status, run, step] = [session.status, session.run, frame.step];
    if (!changed && !due) return;
    last = performance.now();
    box.textContent = sentence(session, frame, validation);
  });
  return box;
}

function sentence({ status, message }, frame, validation) {
  const words = {
    ready: "Ready at the start",
    running: "Training",
    paused: "Paused",
    ended: "Finished",
    diverged: "The loss diverged",
    failed: "The run stopped",
    loading: "Loading",
  };
  const parts = [words[status] ?? status];
  if (message) parts.push(message);
  if (status !== "ready" && status !== "loading")
    parts.push(`epoch ${frame.epoch}, step ${grouped(frame.step)}`);
  if (validation?.accuracy !== null && validation?.accuracy !== undefined)
    parts.push(`${validation.part} accuracy ${percent(validation.accuracy)}`);
  else if (validation && validation.loss !== null)
    parts.push(`${validation.part} loss ${validation.loss.toPrecision(3)}`);
  return parts.join(", ");
}
return { announcer };
})();

// ── web/link.js
const $link = (() => {
const { h } = $dom;
const { icon } = $icons;
/** The names of settings in a query. */
function namesOf({ controls }) {
  return new Set([...controls.map((control) => control.name), "activation", "recipe"]);
}

/** The address of this page with another set-up; what else stands in its query stays. */
function addressWith(link, names) {
  const rest = new URLSearchParams(location.search);
  for (const name of [...rest.keys()]) if (names.has(name)) rest.delete(name);
  const query = [link, rest.toString()].filter(Boolean).join("&");
  return location.pathname + (query ? `?${query}` : "") + location.hash;
}

/** The settings of a query in an order that does not matter, so that two can be compared. */
function sorted(query, names) {
  return JSON.stringify([...new URLSearchParams(query)].filter(([name]) => names.has(name)).sort());
}

/**
 * Keep the address of the page in step with the set-up. A page that was opened with another set-up in its
 * address asks for that: at once while nothing has been trained, else `ask(use, keep)` asks the user.
 */
function followLink(store, ask) {
  const opened = location.search.slice(1);
  let settled = null; // not looked at yet, then false while the link waits to be used, then true

  function compare({ hello, session }) {
    const names = namesOf(hello);
    const wanted = sorted(opened, names);
    settled = hello.role === "watch" || wanted === "[]" || wanted === sorted(session.link, names);
    if (settled) return;
    if (session.status === "ready") use(false);
    else ask(() => use(true), settle);
  }

  async function use(anew) {
    try {
      await store.send({ kind: "link", query: opened });
      if (anew) await store.send({ kind: "apply" });
    } catch {
      // the shell says why
    }
    settle();
  }

  function settle() {
    settled = true;
    show();
  }

  function show() {
    const address = addressWith(store.session.link, namesOf(store.hello));
    if (address !== location.pathname + location.search + location.hash)
      history.replaceState(history.state, "", address);
  }

  store.on(["session", "hello"], () => {
    const { hello, session } = store;
    if (!hello || typeof session?.link !== "string") return;
    if (settled === null) compare(store);
    if (settled) show();
  });
}

/** The button that copies the address of this set-up. */
function copyLinkButton(store, tell) {
  const copy = async () => {
    if (!store.session) return;
    const address = `${location.origin}${location.pathname}?${store.session.link}`;
    try {
      await navigator.clipboard.writeText(address);
      tell("Link copied: it opens this set-up");
    } catch {
      tell(`Copy this address: ${address}`);
    }
  };
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Copy a link to this set-up",
      "data-tip": "Copy a link to this set-up",
      onclick: copy,
    },
    icon("link"),
  );
}
return { followLink, copyLinkButton };
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

// ── web/bar.js
const $bar = (() => {
const { fill, h, say } = $dom;
const { brief, grouped, percent, widths } = $format;
const { icon } = $icons;
const { copyLinkButton } = $link;
const { themeButton } = $theme;
const WORDS = {
  loading: "loading …",
  ready: "ready",
  running: "running",
  paused: "paused",
  ended: "finished",
  diverged: "diverged",
  failed: "stopped",
};

/** The header: what is trained, how fast, and what the view itself costs. */
function header(store, page, tell, openKeys) {
  const what = h("span", { class: "what" });
  const [rate, cost] = [h("span"), h("span")];
  const speed = h("div", { class: "speed" }, rate, " ", cost);
  const keys = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Keys",
      "data-tip": "Keys (?)",
      "aria-haspopup": "dialog",
      onclick: openKeys,
    },
    icon("help"),
  );
  store.on(["session"], () => say(what, described(store.session)));
  if (page) store.on(["session", "frame"], () => entitle(store));
  store.on(["frame", "session", "connection"], () => {
    const running = store.open() && store.session?.status === "running" && store.frame?.rate;
    say(rate, running ? `${grouped(Number(store.frame.rate.toPrecision(2)))} samples/s` : "");
    say(cost, running && typeof store.frame.cost === "number" ? `view ${percent(store.frame.cost, 0)}` : "");
  });
  return h(
    "header",
    { class: "header" },
    h("h1", {}, h("span", { class: "name" }, h("span", {}, "glass"), "net"), what),
    speed,
    h("div", { class: "tools" }, page ? copyLinkButton(store, tell) : null, themeButton(), keys),
  );
}

function described(session) {
  if (!session?.network || !session.data) return "";
  const parts = [session.data.name, widths(session), `${grouped(session.network.parameters)} parameters`];
  return parts.filter(Boolean).join(" · ");
}

/** The window's title says how far it is, for those who look at something else meanwhile. */
function entitle({ session, frame }) {
  const name = session?.data?.name;
  const far =
    frame && session?.status === "running"
      ? `epoch ${frame.epoch} of ${session.epochs}`
      : WORDS[session?.status];
  const title = [name && frame?.step ? far : "", name, "glassnet"].filter(Boolean).join(" · ");
  if (document.title !== title) document.title = title;
}

/** The command bar: what one can do with the run, and where it stands. */
function commandBar(store, commands, draw) {
  const line = h("i");
  const drive = buttons(store, commands);
  const first = h("div", { class: "first" }, drive);
  store.on(["hello"], () => {
    const watching = store.hello?.role === "watch";
    if (watching !== !drive.isConnected) fill(first, watching ? watcher() : drive);
  });
  store.on(["frame", "session"], () => {
    const { frame } = store;
    const share = frame?.total_steps ? Math.min(frame.step / frame.total_steps, 1) : 0;
    line.style.transform = `scaleX(${share})`;
  });
  return h(
    "section",
    { class: "bar", "aria-label": "Run" },
    first,
    draw,
    standing(store),
    h("div", { class: "way", "aria-hidden": "true" }, line),
  );
}

/** The button that opens the pad, for those who watch too. */
function drawButton(store, act) {
  const button = h(
    "button",
    {
      type: "button",
      class: "button outlined draw-button",
      "data-tip": "Draw a digit, or drop a photo, and see it read (d)",
      "aria-expanded": "false",
      onclick: act,
    },
    icon("pen"),
    h("span", {}, "Draw"),
  );
  store.on(["hello"], () => {
    button.hidden = store.hello?.draws === false;
  });
  return button;
}

function watcher() {
  return h("p", { class: "watching" }, "You are watching: the run is driven from another page.");
}

function buttons(store, commands) {
  const primary = h("button", { type: "button", class: "button primary", onclick: commands.toggle });
  const plain = (name, sign, words, tip) =>
    h(
      "button",
      {
        type: "button",
        class: `button ${name}`,
        "data-tip": tip,
        "aria-label": words,
        onclick: commands[name],
      },
      icon(sign),
      h("span", {}, words),
    );
  const others = {
    step: plain("step", "step", "step", "One step: one batch, one update; then it rests (→)"),
    epoch: plain("epoch", "epoch", "epoch", "To the end of this epoch; then it rests (shift →)"),
    reset: plain("reset", "again", "same seed", "Back to the start with the same first weights (r)"),
    newSeed: plain("newSeed", "dice", "new seed", "Back to the start with other first weights"),
    save: plain("save", "save", "save", "Save the network as it is shown, as a model file"),
  };
  const more = moreEpochs(commands);
  const show = () => {
    const status = store.session?.status;
    const ended = status === "ended";
    const held = store.hello?.begins === false; // somebody's run, which stays the one that is shown
    others.newSeed.hidden = held;
    if (held) renameReset(others.reset);
    showPrimary(primary, status, commands.can("toggle"));
    for (const [name, button] of Object.entries(others)) button.disabled = !commands.can(name);
    const hadFocus = [others.step, others.epoch].some((button) => button.matches(":focus"));
    for (const button of [others.step, others.epoch]) button.hidden = ended; // their place is taken by `more`
    more.hidden = !ended;
    if (ended && hadFocus) primary.focus();
  };
  store.on(["session", "connection", "hello"], show);
  show();
  return h(
    "div",
    { class: "commands", role: "group", "aria-label": "Commands" },
    primary,
    more,
    Object.values(others),
  );
}

function renameReset(button) {
  const words = "Back to where this view found the run";
  say(button.querySelector("span"), "back");
  button.dataset.tip = `${words} (r)`;
  button.setAttribute("aria-label", words);
}

function showPrimary(button, status, can) {
  const running = status === "running";
  const words = running ? "Pause" : status === "paused" || status === "ended" ? "Go on" : "Start";
  button.disabled = !can;
  if (button.textContent === words) return;
  fill(button, icon(running ? "pause" : "start"), h("span", {}, words));
  button.dataset.tip = running ? "Pause (space)" : "Train until paused or finished (space)";
}

/** At the end: how many epochs more, beside the button that goes on. */
function moreEpochs(commands) {
  const input = h("input", {
    type: "number",
    min: 1,
    max: 1000,
    value: commands.more.epochs,
    "aria-label": "More epochs",
  });
  input.addEventListener("input", () => {
    const epochs = Number(input.value);
    if (Number.isInteger(epochs) && epochs > 0) commands.more.epochs = epochs;
  });
  input.addEventListener("change", () => {
    input.value = commands.more.epochs; // what was no number of epochs is not left standing
  });
  return h("label", { class: "more" }, "for", input, h("span", {}, "epochs"));
}

function stateWord({ open, frame, session, slow }) {
  if (!session) return "";
  if (!open()) return "disconnected";
  if (slow?.waiting) return "working …";
  return session.scrub !== null && frame?.scrub ? "in the past" : (WORDS[session.status] ?? session.status);
}

/** Epoch, step and learning rate. */
function standing(store) {
  const state = h("dd", { class: "state" });
  const [epoch, epochs, step, steps, rate] = [h("span"), h("span"), h("span"), h("span"), h("span")];
  for (const whole of [epochs, steps]) whole.className = "of";
  store.on(["frame", "session", "slow", "connection"], () => {
    const { frame, session } = store;
    say(state, stateWord(store));
    state.dataset.status = !store.open() ? "failed" : store.slow?.waiting ? "slow" : (session?.status ?? "");
    if (!session?.network) return;
    const total = session.epochs * session.steps_an_epoch;
    const now = frame ?? { epoch: 1, step: 0, total_steps: total }; // a new run, no picture of it yet
    say(epoch, grouped(now.epoch));
    say(epochs, ` of ${grouped(session.epochs)}`);
    say(step, grouped(now.step));
    say(steps, ` of ${grouped(now.total_steps)}`);
    say(rate, brief(now.learning_rate));
  });
  const pair = (term, ...values) => h("div", {}, h("dt", {}, term), h("dd", {}, values));
  return h(
    "dl",
    { class: "readouts" },
    h("div", {}, h("dt", { class: "hidden-text" }, "state"), state),
    pair("epoch", epoch, epochs),
    pair("step", step, steps),
    pair("learning rate", rate),
  );
}
return { header, commandBar, drawButton };
})();

// ── web/commands.js
const $commands = (() => {
const LONG_S = 30; // of training: more than that is not lost by one slip of a finger
const SURE_MS = 8000; // between being asked and doing it

/**
 * What the buttons and keys do: {toggle, step, epoch, reset, newSeed, save}, each a function, and
 * can(name): whether it makes sense as things stand.
 */
function makeCommands(store, tell) {
  const send = (command) => store.send(command).catch(() => {});
  const status = () => store.session?.status;
  const more = { epochs: 5 }; // after the end: how many more

  const can = (name) => {
    if (store.hello?.role === "watch" || !store.open()) return false;
    const now = status();
    if (!store.session?.network || now === "loading") return false;
    if (name === "toggle") return ["ready", "running", "paused", "ended"].includes(now);
    if (name === "step" || name === "epoch") return ["ready", "running", "paused"].includes(now);
    return true;
  };

  function toggle() {
    if (status() === "running") return send({ kind: "pause" });
    return send(status() === "ended" ? { kind: "more", epochs: more.epochs } : { kind: "start" });
  }

  /** Fetch the network as it is shown, now or at the chosen point of the past, as a file. */
  async function save() {
    try {
      const file = await store.send({ kind: "save", snapshot: store.session.scrub ?? null });
      download(file.name, file.array.bytes);
      tell(`Saved ${file.name}`);
    } catch {
      // the shell says why
    }
  }

  const commands = {
    toggle,
    save,
    step: () => send({ kind: "step" }),
    epoch: () => send({ kind: "epoch" }),
    reset: onceSure(store, tell, () => send({ kind: "reset" })),
    newSeed: onceSure(store, tell, () => send({ kind: "new_seed" })),
  };
  const guarded = Object.entries(commands).map(([name, call]) => [name, () => can(name) && call()]);
  return { ...Object.fromEntries(guarded), can, more };
}

/** `begin`, which drops the time line: of a long run only when it is called a second time. */
function onceSure(store, tell, begin) {
  let trained = 0; // seconds; a look back does not tell
  let asked = -Infinity;
  store.on(["frame"], () => {
    trained = store.frame ? (store.frame.seconds ?? trained) : 0;
  });
  return () => {
    const now = performance.now();
    const sure = trained < LONG_S || now - asked < SURE_MS;
    asked = sure ? -Infinity : now;
    if (sure) return begin();
    return tell(`This drops the time line of ${lasting(trained)} of training: press again to do it`);
  };
}

function lasting(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

/** Hand bytes to the browser as a file. */
function download(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  [link.href, link.download] = [address, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
return { makeCommands, download };
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

// ── web/drawevidence.js
const $drawevidence = (() => {
const { onTheme } = $colours;
const { h, say } = $dom;
const { paintSigned } = $drawpictures;
const { scaleStrip } = $legend;
const { figures } = $numbers;
const { percent } = $format;
const PIXEL = 10; // canvas pixels for one of the image's
const KINDS = [
  [
    "gradient",
    "gradient × input",
    "How much each pixel adds to the class's logit: its ink times the slope there",
  ],
  [
    "occlusion",
    "occlusion",
    "How far the class's logit falls when a small patch around the pixel is blanked",
  ],
];

/** Which pixels spoke for and against a class: {element, show(evidence), tell(text)}. */
function evidenceView() {
  const title = h("p", {});
  const parts = KINDS.map(([name, words, about]) => part(name, words, about));
  const pictures = h(
    "div",
    { class: "evidence-pictures" },
    parts.map((one) => one.element),
  );
  const legend = h(
    "p",
    { class: "quiet small" },
    "blue speaks against, orange for; the line is the edge of your ink",
  );
  const element = h("div", { class: "draw-evidence" }, title, pictures, legend);
  let shown = null;

  function show(evidence) {
    shown = evidence;
    pictures.hidden = legend.hidden = !evidence;
    if (!evidence) return;
    const { name, value, probability, array, shape } = evidence;
    say(title, `For and against ${name}: logit ${figures(value)}, ${percent(probability)}`);
    for (const one of parts) one.draw(array[one.name], array.image, shape[one.name], name);
  }

  function tell(text) {
    show(null);
    say(title, text);
  }

  onTheme(() => shown && show(shown));
  tell("");
  return { element, show, tell };
}

function part(name, words, about) {
  const canvas = h("canvas", { role: "img" });
  const strip = scaleStrip();
  strip.element.ariaHidden = "true"; // it calls them colours of weights; the legend says what they are here
  const [low, high] = [h("span", {}), h("span", {})];
  const element = h(
    "figure",
    { dataset: { tip: about } },
    canvas,
    h("figcaption", {}, words),
    h("div", { class: "evidence-scale quiet small" }, low, strip.element, high),
  );

  function draw(values, ink, shape, label) {
    const [height, width] = shape.slice(-2);
    const limit = roundUp(values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0));
    const edge = getComputedStyle(canvas).color;
    strip.draw(false);
    paintSigned(canvas, values, ink, [height, width], limit, { scale: PIXEL, edge });
    say(low, `\u2212${figures(limit, 1)}`);
    say(high, `+${figures(limit, 1)}`);
    const [most, least] = [Math.max(...values), Math.min(...values)];
    const at = (value) =>
      `pixel (${Math.floor(values.indexOf(value) / width)}, ${values.indexOf(value) % width})`;
    const said = Number.isFinite(most - least)
      ? `${words} for ${label}: most for it ${figures(most)} at ${at(most)}, ` +
        `most against ${figures(least)} at ${at(least)}`
      : `${words} for ${label}: its numbers are not finite`;
    if (canvas.getAttribute("aria-label") !== said) canvas.setAttribute("aria-label", said);
  }

  return { name, element, draw };
}

/** 1, 2 or 5 times a power of ten, not below the number: a scale that keeps still while the numbers move. */
function roundUp(most) {
  if (!(most > 0) || !Number.isFinite(most)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * [1, 2, 5, 10].find((step) => step * power >= most * 0.999);
}
return { evidenceView };
})();

// ── web/drawasking.js
const $drawasking = (() => {
const GAP_MS = 25; // between two questions: fewer than the server allows a second
const TOO_MANY = /at most .* commands/;
const PATIENCE_MS = 1000; // after the server found that it was asked too often

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Ask the server, one question at a time; of those that come meanwhile the newest is asked next.
 * ask(make, done, failed): make() gives [command, arrays] when its turn comes, so that it says what is then.
 */
function makeAsking(store) {
  let [busy, last] = [false, -Infinity];
  let next = null;

  async function turn() {
    const wait = last + GAP_MS - performance.now();
    if (wait > 0) await pause(wait);
    const question = next;
    next = null;
    last = performance.now();
    let reply = null;
    try {
      const [command, arrays] = question.make();
      reply = await store.send(command, arrays, { quiet: true });
    } catch (error) {
      if (TOO_MANY.test(error.message)) {
        await pause(PATIENCE_MS);
        next ??= question;
      } else question.failed(error);
      return;
    }
    question.done(reply);
  }

  async function go() {
    if (busy) return;
    busy = true;
    try {
      while (next) await turn();
    } finally {
      busy = false;
    }
  }

  return (make, done, failed = () => {}) => {
    next = { make, done, failed };
    go();
  };
}
return { makeAsking };
})();

// ── web/drawreader.js
const $drawreader = (() => {
const { h, say, uniqueId } = $dom;
const BUILT_IN = "Made for drawings, comes with glassnet; it may refuse.";
const IN_TRAINING = "The one in the picture; the drawing flows through it, live.";
const WATCHED = "The one in the picture, as it now stands.";
const CANNOT = "None is in training that can read drawings: its inputs would be 28 × 28 grey pixels.";

/** Who reads the drawing. {element, value(), refresh()}; `changed` when another is chosen. */
function readerChoice(store, changed) {
  const group = uniqueId("reader");
  const choice = (value, words) => {
    const input = h("input", { type: "radio", name: group, value, onchange: pick });
    return { input, label: h("label", {}, input, h("span", {}, words)) };
  };
  const ours = choice("drawing", "built in");
  const theirs = choice("network", "in training");
  const about = h("p", { class: "quiet small" });
  const element = h(
    "div",
    { class: "draw-reader" },
    h(
      "div",
      { class: "draw-readers", role: "radiogroup", "aria-label": "Which network reads the drawing" },
      h("span", { class: "quiet", "aria-hidden": "true" }, "read by the network"),
      ours.label,
      theirs.label,
    ),
    about,
  );
  ours.input.checked = true;
  let value = "drawing";

  function pick() {
    value = theirs.input.checked ? "network" : "drawing";
    refresh();
    changed();
  }

  function refresh() {
    const can = Boolean(store.session?.reads);
    theirs.input.disabled = !can;
    theirs.label.classList.toggle("disabled", !can);
    theirs.label.dataset.tip = can ? "The network in the middle of the page" : CANNOT;
    if (!can && value === "network") {
      ours.input.checked = true;
      pick();
      return;
    }
    const network = store.hello?.role === "watch" ? WATCHED : IN_TRAINING;
    say(about, value === "network" ? network : BUILT_IN);
  }

  /** Know a network by what it is made of, too. */
  function name({ reader: who, network }) {
    if (who === "drawing") ours.label.dataset.tip = `Comes with glassnet: ${network}`;
  }

  return { element, refresh, name, value: () => value };
}
return { readerChoice };
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

// ── web/drawreadings.js
const $drawreadings = (() => {
const { makeAsking } = $drawasking;
const { SIDE } = $padsheet;
const GONE = "The server has gone; what you drew stays here.";
const NAME = 100; // characters of a file's name that are told

/**
 * What is to be read, and the readings of it: of the pad as it is now, or of a photo. `told(reading)` gets
 * {…reply, drawn: is it of the pad, anew: did the user ask, or has the network only learnt since,
 * name: the photo's, photo: its shape}; `failed(text, stale)` one plain line, and whether what is shown is
 * of something else.
 */
function makeReadings(store, { pad, reader, told, failed }) {
  const ask = makeAsking(store);
  let wanted = "pad"; // what the user did last
  let photo = null; // {name, bytes, shape, at: the digit that is looked at}
  let fresh = false; // the user did something that was not asked yet

  function fail(error, stale) {
    if (store.open()) failed(error.message, stale);
    else failed(GONE, wanted === "pad" && pad.empty());
  }

  function readPad() {
    wanted = "pad";
    fresh = true;
    askPad();
  }

  function askPad() {
    let anew = false;
    const make = () => {
      [anew, fresh] = [anew || fresh, false];
      const picture = { data: pad.picture(), shape: [SIDE, SIDE] };
      return [{ kind: "draw", reader: reader(), several: false }, { picture }];
    };
    const done = (reply) => wanted === "pad" && told({ ...reply, drawn: true, anew });
    ask(make, done, (error) => wanted === "pad" && fail(error, true));
  }

  /** Read a photo; until it is read, what was there stays. */
  async function readPhoto(file) {
    const now = { name: (file.name || "pasted picture").slice(-NAME), bytes: null, shape: null, at: 0 };
    wanted = now;
    try {
      now.bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      return wanted === now && giveUp(new Error(`${now.name}: this file cannot be read`));
    }
    return askPhoto(now);
  }

  function askPhoto(now, anew = true) {
    if (wanted !== now) return;
    const make = () => [{ kind: "photo", reader: reader(), name: now.name }, { file: now.bytes }];
    const done = (reply) => {
      if (wanted !== now) return;
      photo = now;
      now.shape = reply.shape.photo ?? now.shape;
      if (now.at > 0 && now.at < reply.digits.length) part(now.at, anew);
      else tell(reply, anew);
    };
    ask(make, done, (error) => wanted === now && giveUp(error));
  }

  const tell = (reply, anew) => told({ ...reply, drawn: false, anew, name: photo.name, photo: photo.shape });

  /** As it was before the photo that cannot be read. */
  function giveUp(error) {
    const stale = wanted === photo; // it could be, by another reader
    wanted = photo ?? "pad";
    fail(error, stale);
  }

  /** Look at another digit of the photo. */
  function part(k, anew = true) {
    const now = photo;
    now.at = k;
    ask(
      () => [{ kind: "part", digit: k }],
      (reply) => wanted === now && tell(reply, anew),
      (error) => wanted === now && fail(error, false),
    );
  }

  /** The same again: another reader, another state of the network, another connection. */
  function again() {
    if (wanted === "pad") readPad();
    else if (wanted.bytes) askPhoto(wanted);
  }

  /** The same by a network that has learnt since; a photo, which is larger, when it `stands`. */
  function learnt(stands) {
    if (wanted === "pad") pad.empty() || askPad();
    else if (stands && wanted.bytes) askPhoto(wanted, false);
  }

  /** Back to the pad. */
  function drop() {
    photo = null;
    readPad();
  }

  return { readPad, readPhoto, part, again, learnt, drop, ofPad: () => wanted === "pad" };
}
return { GONE, makeReadings };
})();

// ── web/drawsend.js
const $drawsend = (() => {
const { atMost } = $calm;
const { h, say } = $dom;
const LIVE_MS = 120; // between two drawings sent while the pen moves: each makes a new picture of the network
const CANNOT = "The network's inputs are not 28 × 28 grey pixels: a drawing cannot flow through it.";

/**
 * Have the drawing flow through the network in the picture, as its sample: with a button, and live while that
 * network reads it. {element, read(reading, live, anew), refresh()}
 */
function sending(store, failed) {
  const words = h("span", {});
  const button = h("button", { type: "button", class: "button outlined", onclick: () => send() }, words);
  let [busy, again, live, there] = [false, false, false, false];

  async function send() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      try {
        await store.send({ kind: "take" }, null, { quiet: true });
      } catch (error) {
        failed(error.message);
      }
    } while (again);
    busy = false;
  }

  const sendLive = atMost(LIVE_MS, () => live && there && may() && send());
  const may = () => store.open() && store.hello?.role !== "watch" && Boolean(store.session?.reads);

  /** Know of a reading; `anew`: it is another drawing, not only read again. */
  function read(reading, isLive, anew) {
    [live, there] = [isLive, reading !== null && reading.digits[reading.shown].why !== "blank"];
    if (anew) sendLive();
    refresh();
  }

  function refresh() {
    button.hidden = store.hello?.role === "watch";
    const flows = live && there && store.session?.sample?.drawing;
    button.disabled = !may() || !there || flows;
    button.dataset.tip = store.session?.reads
      ? "It becomes the sample that flows through the picture"
      : CANNOT;
    say(words, flows ? "Flows through the network, live" : "Send it through the network");
  }

  return { element: button, read, refresh };
}
return { sending };
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

// ── web/drop.js
const $drop = (() => {
const MOST = 20e6; // bytes of a photo
const bringsFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/**
 * Photos that are dropped on the studio, or pasted while `isOpen()`. `take(file)` gets the file,
 * `failed(text)` what is wrong; `hover(on)` while one is held over it. Returns what ends it.
 */
function listenToPhotos(studio, page, { take, failed, hover, isOpen }) {
  let over = 0; // elements entered and not left

  const give = ([file]) => (file ? take(file) : failed("expected a picture file"));

  function count(by) {
    over = Math.max(over + by, 0);
    hover(over > 0);
  }

  const handlers = {
    dragenter: () => count(1),
    dragleave: () => count(-1),
    dragover: (event) => {
      event.dataTransfer.dropEffect = "copy";
    },
    drop: (event) => {
      count(-over);
      give(event.dataTransfer.files);
    },
  };
  const calls = Object.entries(handlers).map(([kind, call]) => [
    kind,
    (event) => {
      if (!bringsFile(event)) return;
      event.preventDefault(); // else the browser leaves the page and shows the file
      call(event);
    },
  ]);
  for (const [kind, call] of calls) studio.addEventListener(kind, call);

  const target = page ? document : studio;
  const paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!isOpen() || !files.length) return;
    event.preventDefault();
    give(files);
  };
  target.addEventListener("paste", paste);
  return () => {
    for (const [kind, call] of calls) studio.removeEventListener(kind, call);
    target.removeEventListener("paste", paste);
  };
}

/** What is wrong with a file before it is sent, in one line; else null. */
function problemOf(file) {
  const size = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  if (file.size > MOST) return `${file.name}: expected at most ${size(MOST)}, got ${size(file.size)}`;
  return file.size ? null : `${file.name}: expected a picture, got an empty file`;
}
return { listenToPhotos, problemOf };
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

// ── web/draw.js
const $draw = (() => {
const { atMost } = $calm;
const { h, say, showFromTop } = $dom;
const { answerView, spoken } = $drawanswer;
const { evidenceView } = $drawevidence;
const { makeAsking } = $drawasking;
const { readerChoice } = $drawreader;
const { GONE, makeReadings } = $drawreadings;
const { sending } = $drawsend;
const { stagesView } = $drawstages;
const { padTools } = $drawtools;
const { listenToPhotos, problemOf } = $drop;
const { photoView } = $dropphoto;
const { icon } = $icons;
const { makePad } = $pad;
const SAID_MS = 1000; // between two sentences for a screen reader
const EVIDENCE_MS = 250; // between two questions for evidence, each of many passes through the network
const FRAMES_MS = 400; // between two readings of the same drawing by a network that learns
const NONE_NAMED = "No digit is named. Choose a class among the bars to see what speaks for and against it.";

/** The panel: {element, open(from), toggle(from), listen(page)}; `studio` wears .drawing while it is open. */
function drawPanel(store, studio) {
  const pad = makePad(() => {
    tools.refresh(true);
    readings.readPad();
  });
  const reader = readerChoice(store, () => readings.again());
  const note = h("p", { class: "draw-note", role: "alert" });
  const status = h("div", { class: "hidden-text", role: "status" });
  const readings = makeReadings(store, { pad, reader: reader.value, told: show, failed: fail });
  const photo = photoView((k) => readings.part(k));
  const tools = padTools(pad, { take, back: readings.drop });
  const answer = answerView(choose);
  const evidence = evidenceView();
  const stages = stagesView();
  const send = sending(store, fail);
  const why = h(
    "button",
    { type: "button", class: "button outlined", "aria-pressed": "false", onclick: () => explain(!explained) },
    "For and against",
  );
  why.dataset.tip = "Which pixels spoke for and against the answer";
  const element = layOut();
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const askEvidence = makeAsking(store);
  let reading = null; // what is shown
  let explained = false; // whether evidence is shown
  let asked = false; // whether it was just asked for, so that it is brought into sight
  let chosen = null; // the class that it is shown for; null: the answer
  let opener = null;

  function layOut() {
    const close = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Close drawing", onclick: () => toggle() },
      icon("close"),
    );
    const surface = h(
      "div",
      { class: "draw-surface" },
      pad.element,
      photo.element,
      h("p", { class: "draw-drop", "aria-hidden": "true" }, "Drop the photo"),
    );
    return h(
      "section",
      { class: "panel draw", "aria-label": "Draw" },
      h("header", { class: "draw-header" }, h("h2", {}, "Draw"), close),
      reader.element,
      h("div", { class: "draw-desk" }, surface, tools.element, note),
      answer.element,
      h("div", { class: "draw-actions" }, send.element, why),
      evidence.element,
      stages.element,
      status,
    );
  }

  // ---- readings

  function show(now) {
    const { digits, shown, drawn, anew } = now;
    if (anew) remark("");
    if (anew || digits[shown].name !== reading?.digits[reading.shown].name) speak(spoken(now));
    reading = now;
    element.classList.toggle("of-photo", !drawn);
    tools.refresh(drawn);
    if (!drawn) photo.show(reading, reading.photo);
    answer.show(reading);
    stages.show(reading);
    reader.name(reading);
    send.read(reading, reader.value() === "network" && store.hello?.role !== "watch", anew);
    why.disabled = isBlank();
    explainSoon();
  }

  function remark(text, busy = false) {
    say(note, text);
    note.classList.toggle("busy", busy);
  }

  /** Say what went wrong. What is shown stays, unless it is `stale`: of something else. */
  function fail(text, stale = false) {
    remark(text);
    if (reading && !stale) return;
    reading = null;
    why.disabled = true;
    answer.quiet("");
    stages.hide();
    send.read(null, false, false);
    explainSoon();
  }

  function take(file) {
    if (store.hello?.draws === false) return undefined;
    open();
    const problem = problemOf(file);
    if (problem) return fail(problem);
    remark(`Reading ${file.name || "the picture"} …`, true);
    return readings.readPhoto(file);
  }

  // ---- evidence

  function choose(k) {
    chosen = k;
    answer.mark(k);
    explain(true);
  }

  function explain(on) {
    explained = asked = on;
    why.setAttribute("aria-pressed", on);
    evidence.element.hidden = !on;
    if (!on) {
      chosen = null;
      answer.mark(null);
    }
    explainSoon();
  }

  function showEvidence(reply) {
    evidence.show(reply);
    if (asked) evidence.element.scrollIntoView({ block: "nearest" });
    asked = false;
  }

  /** Whether it is evidence for what is shown now; of what was there before it may still be under way. */
  function isOfThis(reply) {
    const named = reading?.digits[reading.shown].name ?? null;
    return explained && !isBlank() && (chosen === null ? reply.name === named : reply.class === chosen);
  }

  const isBlank = () => reading?.digits[reading.shown].why === "blank";

  const explainSoon = atMost(EVIDENCE_MS, () => {
    if (!explained || !isOpen()) return;
    if (!reading || isBlank()) evidence.tell(reading ? "Nothing is drawn." : "");
    else if (chosen === null && reading.digits[reading.shown].name === null) evidence.tell(NONE_NAMED);
    else {
      askEvidence(
        () => [{ kind: "evidence", of: "drawing", class: chosen }],
        (reply) => isOfThis(reply) && showEvidence(reply),
        (error) => evidence.tell(store.open() ? error.message : ""),
      );
    }
  });

  // ---- open and closed

  const isOpen = () => studio.classList.contains("drawing");

  /** Tell those who share the page's room. */
  function announce(on) {
    studio.classList.toggle("drawing", on);
    element.dispatchEvent(new CustomEvent("drawing", { bubbles: true, detail: on }));
  }

  function open(from = null) {
    const already = isOpen();
    announce(true); // already open it may lie behind look inside
    pad.focus();
    if (already) return;
    opener = from;
    if (studio.classList.contains("narrow")) showFromTop(element.parentElement);
    readings.again();
  }

  function toggle(from = null) {
    if (!isOpen()) {
      open(from);
      return;
    }
    const focused = element.contains(element.getRootNode().activeElement);
    announce(false);
    if (focused) opener?.focus();
  }

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      toggle();
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      if (!readings.ofPad()) return;
      event.preventDefault();
      pad.undo();
    }
  });

  // ---- what the server says

  const learnt = atMost(FRAMES_MS, () => isOpen() && readings.learnt(store.session?.status !== "running"));
  let known = null; // of the network: which, at which step, and whether it goes on
  store.on(["frame", "session"], () => {
    const now = `${store.frame?.run} ${store.frame?.step} ${store.session?.status}`;
    if (now !== known && reader.value() === "network") learnt();
    known = now;
  });
  let connected = null;
  store.on(["session", "hello", "connection"], () => {
    reader.refresh();
    send.refresh();
    element.classList.toggle("gone", !store.open());
    if (!store.open()) fail(GONE);
    else if (connected === false) {
      remark("");
      if (isOpen()) readings.again();
    }
    connected = store.open();
  });

  answer.quiet("");
  tools.refresh(true);
  explain(false);
  const hover = (on) => element.classList.toggle("over", on && isOpen());
  const listen = (page) => listenToPhotos(studio, page, { take, failed: fail, hover, isOpen });
  return { element, open, toggle, listen };
}
return { drawPanel };
})();

// ── web/numberfield.js
const $numberfield = (() => {
const { h } = $dom;
const { brief } = $format;
const NOTCHES = 20; // of a logarithmic slider, in each decade
const SMALLEST = 1e-6; // share of the most that a logarithmic slider reaches when zero is allowed, too
const OFF = ["", "off", "none"];

/** What a text says: {value}, or {wrong: one line}. An optional number may be left out. */
function readNumber(control, text) {
  const plain = text.trim().toLowerCase();
  if (control.optional && OFF.includes(plain)) return { value: null };
  if (control.type === "batch" && ["full", "all"].includes(plain)) return { value: "full" };
  const value = Number(
    plain
      .replace(/[\s,_](?=\d{3}\b)/g, "")
      .replace(",", ".")
      .replace("−", "-"),
  );
  const whole = control.type !== "number";
  const { least, most } = control;
  const good = plain !== "" && Number.isFinite(value) && !(whole && !Number.isInteger(value));
  if (good && !(value < (least ?? -Infinity)) && !(value > (most ?? Infinity))) return { value };
  const kind = whole ? "a whole number" : "a number";
  const range =
    least !== null && most !== null
      ? ` from ${brief(least)} to ${brief(most)}`
      : least !== null
        ? ` of at least ${brief(least)}`
        : "";
  const other = control.type === "batch" ? " or full" : control.optional ? ", or nothing for off" : "";
  return { wrong: `expected ${kind}${range}${other}, got ${text.trim() || "nothing"}` };
}

/** As a field shows it: no grouping, so that it can be edited. */
function written(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? String(Number(value.toPrecision(7))) : String(value);
}

/** A text field for a number; arrows up and down go to `next(value, direction)`. */
function numberInput(control, names, commit, next) {
  const input = h("input", {
    ...names,
    type: "text",
    inputMode: control.type === "number" ? "decimal" : "numeric",
    class: "number",
    autocomplete: "off",
    spellcheck: false,
    placeholder: control.optional ? "off" : "",
  });
  let settled = null; // the text that was read last: Enter and leaving the field may both say so
  const settle = () => {
    if (input.value === settled) return;
    settled = input.value;
    const { value, wrong } = readNumber(control, input.value);
    if (wrong) commit.wrong(wrong);
    else commit(value);
  };
  input.addEventListener("change", settle);
  input.addEventListener("input", () => {
    settled = null;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && settled === null) settle();
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    step(direction);
  });
  function step(direction) {
    const { value, wrong } = readNumber(control, input.value);
    const to = wrong ? control.least : within(control, next(value, direction));
    settled = input.value = written(to);
    commit.soon(to);
  }
  const show = (value) => {
    settled = input.value = written(value);
  };
  return { input, step, show };
}

function within({ least, most }, value) {
  if (typeof value !== "number") return value;
  return Math.min(Math.max(value, least ?? -Infinity), most ?? Infinity);
}

/** A field for a whole number. */
function whole(control, names, commit) {
  const next = (value, direction) => (value === null ? (control.least ?? 0) : value + direction);
  return plainField(numberInput(control, names, commit, next));
}

function plainField({ input, show }) {
  return {
    element: input,
    input,
    show,
    enable: (on) => {
      input.disabled = !on;
    },
  };
}

/** The next of … 0.1, 0.2, 0.5, 1, 2, 5 … */
function nextRound(value, direction) {
  const decade = Math.floor(Math.log10(value) + 1e-9);
  const near = [-1, 0, 1].flatMap((up) => [1, 2, 5].map((digit) => Number(`${digit}e${decade + up}`)));
  if (direction > 0) return near.find((one) => one > value * 1.0001);
  return near.reverse().find((one) => one < value * 0.9999);
}

/** A field for a number, with a slider below it where its ends are known. */
function number(control, names, commit) {
  const scale = scaleOf(control);
  const step = (value, direction) => {
    if (control.scale !== "log") return Number((value + 0.05 * direction).toFixed(4));
    if (!value) return direction > 0 ? scale.value(1) : value;
    const to = nextRound(value, direction);
    return to < scale.value(1) && scale.off !== undefined ? scale.off : to;
  };
  const field = plainField(numberInput(control, names, commit, step));
  const { input } = field;
  if (typeof control.least !== "number" || typeof control.most !== "number") return field;

  const slider = h("input", {
    type: "range",
    min: 0,
    max: scale.notches,
    step: 1,
    "aria-label": control.label,
  });
  const showWords = (value) => slider.setAttribute("aria-valuetext", value === null ? "off" : brief(value));
  slider.addEventListener("input", () => {
    const value = scale.value(Number(slider.value));
    field.show(value);
    showWords(value);
    commit.soon(value);
  });
  slider.addEventListener("change", () => commit(scale.value(Number(slider.value))));
  return {
    ...field,
    below: slider,
    show: (value) => {
      field.show(value);
      slider.value = scale.notch(value);
      showWords(value);
    },
    enable: (on) => {
      input.disabled = slider.disabled = !on;
    },
  };
}

/** From a slider's notches to values and back; a logarithmic one that may be off, or 0, is so at its left end. */
function scaleOf(control) {
  const { least, most } = control;
  if (control.scale !== "log") {
    const notches = 20;
    const value = (notch) => Number((least + ((most - least) * notch) / notches).toPrecision(3));
    return {
      notches,
      value,
      notch: (given) => Math.round((((given ?? least) - least) / (most - least)) * notches),
    };
  }
  const off = control.optional ? null : least > 0 ? undefined : 0;
  const low = Math.log10(least > 0 ? least : most * SMALLEST);
  const extra = off === undefined ? 0 : 1;
  const notches = Math.round((Math.log10(most) - low) * NOTCHES) + extra;
  const value = (notch) => {
    if (notch < extra) return off;
    return within(control, Number((10 ** (low + (notch - extra) / NOTCHES)).toPrecision(2)));
  };
  const notch = (given) =>
    given > 0 ? Math.max(extra, Math.round((Math.log10(given) - low) * NOTCHES) + extra) : 0;
  return { notches, value, notch, off };
}
return { numberInput, whole, number };
})();

// ── web/fields.js
const $fields = (() => {
const { h } = $dom;
const { icon } = $icons;
const { number, numberInput, whole } = $numberfield;
/**
 * A field for one of the server's controls: {element, input, below, show(value), enable(on)}. commit(value) is
 * called with each value the user settles on, commit.soon(value) with those on the way, and commit.wrong(line)
 * where there is no value in what was typed.
 */
function makeField(control, id, describedBy, commit) {
  const make = { choice, number, whole, switch: onOff, batch }[control.type] ?? number;
  return make(control, { id, "aria-describedby": describedBy }, commit);
}

// ---- choices

function choice(control, names, commit) {
  const input = h("select", { ...names, onchange: () => commit(parsedOption(control, input.value)) });
  input.append(...control.options.map(option));
  return {
    element: input,
    input,
    show: (value) => {
      const known = [...input.options].some((one) => one.value === String(value));
      if (!known) input.append(option({ value, label: String(value) })); // one that a recipe or a link has
      input.value = String(value);
    },
    enable: (on) => {
      input.disabled = !on;
    },
  };
}

/** A choice that cannot be made now says why, beside its name. */
function option({ value, label, disabled }) {
  const why = typeof disabled === "string" ? ` (${disabled})` : "";
  return h("option", { value: String(value), disabled: Boolean(disabled) }, label + why);
}

function parsedOption(control, text) {
  return control.options.find(({ value }) => String(value) === text)?.value ?? text;
}

function onOff(control, names, commit) {
  const input = h("input", { ...names, type: "checkbox", class: "switch", role: "switch" });
  input.addEventListener("change", () => commit(input.checked));
  return {
    element: input,
    input,
    show: (value) => {
      input.checked = Boolean(value);
    },
    enable: (on) => {
      input.disabled = !on;
    },
  };
}

// ---- the size of a batch: a number, or the full set

function batch(control, names, commit) {
  const double = (value, direction) => {
    if (value === "full") return direction > 0 ? "full" : control.most;
    return 2 ** (direction > 0 ? Math.floor(Math.log2(value)) + 1 : Math.ceil(Math.log2(value)) - 1);
  };
  const { input, step, show } = numberInput(control, names, commit, double);
  const less = h(
    "button",
    { type: "button", "aria-label": "Half the batch", onclick: () => step(-1) },
    icon("minus"),
  );
  const more = h(
    "button",
    { type: "button", "aria-label": "Twice the batch", onclick: () => step(1) },
    icon("plus"),
  );
  const full = h("button", { type: "button", class: "word", "aria-pressed": "false" }, "full");
  let last = 32;
  full.addEventListener("click", () => commit(full.getAttribute("aria-pressed") === "true" ? last : "full"));
  return {
    element: h("div", { class: "stepper" }, less, input, more, full),
    input,
    show: (value) => {
      if (typeof value === "number") last = value;
      show(value);
      full.setAttribute("aria-pressed", String(value === "full"));
    },
    enable: (on) =>
      [less, input, more, full].forEach((part) => {
        part.disabled = !on;
      }),
  };
}
return { makeField, option };
})();

// ── web/emptystate.js
const $emptystate = (() => {
const { fill, h } = $dom;
const { option } = $fields;
const { sentenceCase } = $format;
/** What stands in the middle until there is a network; where the data cannot be read, others to choose. */
function emptyState(store) {
  const [words, why] = [h("p"), h("p", { class: "quiet" })];
  const other = h("div", { class: "other" });
  const box = h("div", { class: "empty", role: "status" }, drawing(), words, why, other);
  store.on(["hello", "session", "connection"], () => {
    const { session, hello } = store;
    const failed = session?.status === "failed";
    const gone = !store.open();
    box.classList.toggle("still", failed || gone);
    const said = gone ? "" : (session?.message ?? "");
    const waiting = said ? `${sentenceCase(said)} …` : "Opening …";
    fill(words, gone ? "" : failed ? "There is nothing to train on yet." : waiting); // a strip says that it is gone
    fill(why, failed ? said : "");
    fill(other, failed && !gone && hello && hello.role !== "watch" ? otherData(store) : null);
  });
  return box;
}

const NODES = [
  [10, 12, "a"],
  [10, 36, "a"],
  [10, 60, "a"],
  [60, 24, "b"],
  [60, 48, "b"],
  [110, 36, "c"],
];

/** A small network, lit from left to right, as the page shows it while it opens. */
function drawing() {
  const edges = NODES.flatMap(([x1, y1]) =>
    NODES.filter(([x2]) => x2 - x1 === 50).map(
      ([x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`,
    ),
  );
  const dots = NODES.map(([x, y, layer]) => `<circle class="${layer}" cx="${x}" cy="${y}" r="6"/>`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 120 72");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = [...edges, ...dots].join("");
  return svg;
}

function otherData(store) {
  const data = store.hello.controls.find(({ name }) => name === "data");
  const menu = h("select", {}, h("option", { value: "" }, "choose …"), data?.options.map(option));
  menu.addEventListener(
    "change",
    () =>
      menu.value &&
      store
        .send({ kind: "setup", settings: { data: menu.value } })
        .catch((error) => store.onerror(error, { kind: "data" })),
  );
  return h("label", {}, "Other data ", menu);
}
return { emptyState };
})();

// ── web/geometry.js
const $geometry = (() => {
const ACTIVATION_KINDS = ["ReLU", "LeakyReLU", "Sigmoid", "Tanh", "GELU", "Softmax"];
const HEAD = 1.7; // heights of a small line: the heading over each layer
const ROW = 2.4; // heights of a small line: a row of a table at most
const LARGEST_CELL = 20; // CSS pixels, of a unit that is a square
const LARGEST_TILE = 150;
const UPRIGHT_BELOW = 500; // CSS pixels: narrower, the network flows from top to bottom

/** The network as stages: each weight matrix with the layers up to the next one. */
function stagesOf(session) {
  const stages = [];
  for (const layer of session.network.layers) {
    if (layer.matrix) {
      const { name, inputs, units } = layer.matrix;
      const number = stages.length + 1;
      stages.push({ number, place: layer.place, last: layer.place, name, inputs, units, activation: null });
    } else if (stages.length) {
      const stage = stages[stages.length - 1];
      stage.last = layer.place;
      if (ACTIVATION_KINDS.includes(layer.kind)) stage.activation = layer.label;
    }
  }
  return stages;
}

/** The inputs as an image: {h, w, channels, input(y, x, channel) → which input}; null if they are none. */
function imageOf(session, data) {
  if (session.data.kind !== "images" || !data?.shape.images) return null;
  const [, h, w, channels = 1] = data.shape.images;
  const first = session.data.shape.length === 3 && session.data.shape[0] === channels;
  const [down, across, between] = first ? [w, 1, h * w] : [w * channels, channels, 1];
  return {
    h,
    w,
    channels,
    down,
    across,
    between,
    input: (y, x, c = 0) => y * down + x * across + c * between,
  };
}

/** How many side by side are largest in a box: `count` of them, each `aspect` times as wide as tall. */
function packed(count, aspect, width, height, most = Infinity) {
  let best = { columns: 1, rows: count, size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / aspect, height / rows, most);
    if (size > best.size + 1e-6) best = { columns, rows, size };
  }
  return best;
}

/** Where unit j of a box of units is drawn: {x, y, w, h}. */
function unitAt(box, j) {
  const { columns, pitchX, pitchY, w, h } = box.grid;
  return { x: box.x + (j % columns) * pitchX, y: box.y + Math.floor(j / columns) * pitchY, w, h };
}

/** Which unit of a box is at a point, or −1. */
function unitUnder(box, x, y) {
  const { columns, rows, pitchX, pitchY, count } = box.grid;
  const [column, row] = [Math.floor((x - box.x) / pitchX), Math.floor((y - box.y) / pitchY)];
  if (column < 0 || column >= columns || row < 0 || row >= rows) return -1;
  const j = row * columns + column;
  return j < count ? j : -1;
}

function boxOf(x, y, { columns, rows, size }, aspect, count, share) {
  const [pitchX, pitchY] = [size * aspect, size];
  const grid = { columns, rows, count, pitchX, pitchY, w: pitchX * share, h: pitchY * share };
  return { x, y, width: columns * pitchX, height: rows * pitchY, grid };
}

/**
 * Boxes in CSS pixels for the input, the units of each stage but the last, and the answers.
 * `view`: {kind, width, height, aspect (of a tile), small (a line's height), rows (of a table), answers (how
 * many), longest (name among them)}. Returns {upright, height, input, table, units (a box a stage), answers}.
 */
function layout(stages, view) {
  return view.width < UPRIGHT_BELOW ? upright(stages, view) : across(stages, view);
}

function across(stages, view) {
  const { width, height, small } = view;
  const top = Math.round(HEAD * small);
  const tall = height - top - 2;
  const deep = stages.slice(1, -1);
  const gap = Math.min(Math.max((width * 0.26) / (deep.length + 2), 12), 0.065 * width);
  const least = (view.kind === "points" ? 9.3 : 9.5) + 0.6 * Math.min(view.longest, 12);
  const answers = { width: Math.min(Math.max(0.17 * width, least * small), 18 * small), height: tall };
  const shares = { images: 0.16, points: alone(stages) ? 0.6 : 0.5, table: 0.24 };
  const widest = { images: Math.min(0.45 * tall, 16 * small), points: tall - 1.6 * small, table: 16 * small };
  const inputWide = Math.min(Math.max(shares[view.kind] * width, 64), widest[view.kind]);
  const free = width - answers.width - inputWide - gap * (deep.length + 2);
  const most = Math.max((free * Math.min(0.2 + 0.1 * deep.length, 0.7)) / Math.max(deep.length, 1), 5);
  const cells = deep.map((stage) => packed(stage.units, 1, most, tall, LARGEST_CELL));
  const used = cells.reduce((sum, cell) => sum + cell.columns * cell.size, 0);
  const wide = Math.max(free - used, 40);
  const rows = view.kind === "table" ? Math.min(tall, view.rows * ROW * small) : tall;
  const input = { x: 0, y: top + (tall - rows) / 2, width: inputWide, height: rows };
  const units = [];
  let x = inputWide + gap;
  let table = null;
  if (view.kind === "table") {
    const close = Math.min(gap, 12);
    const column = packed(stages[0].units, 1, Math.max(wide * 0.2, 14), tall, LARGEST_CELL);
    const own = alone(stages) ? 0 : column.columns * column.size + close;
    x = inputWide + close;
    const most = Math.max(wide + (alone(stages) ? 2 : 1) * (gap - close) - own, 30);
    table = { x, y: input.y, width: Math.min(most, stages[0].units * 34), height: rows };
    x += table.width + close;
    units.push(alone(stages) ? null : boxOf(x, top, column, 1, stages[0].units, 0.84));
    x += alone(stages) ? 0 : own - close + gap;
  } else {
    const tile = packed(stages[0].units, view.aspect, wide, tall, LARGEST_TILE);
    units.push(boxOf(x, top, tile, view.aspect, stages[0].units, 1));
    x += units[0].width + gap;
  }
  deep.forEach((stage, k) => {
    const box = boxOf(x, top, cells[k], 1, stage.units, cells[k].size > 6 ? 0.84 : 0.9);
    units.push(box);
    x += box.width + gap;
  });
  answers.x = x;
  answers.y = top;
  answers.width = Math.min(width - x, 24 * small);
  const spare = width - (x + answers.width);
  if (spare > 0) spread([table, ...units, answers], spare);
  middle([...units, answers], top, tall);
  return { upright: false, height, input, table, units, answers, gap, small };
}

const alone = (stages) => stages.length === 1;

/** What is left of the width goes between the boxes. */
function spread(boxes, spare) {
  const there = boxes.filter(Boolean);
  there.forEach((box, k) => {
    box.x += (spare * (k + 1)) / there.length;
  });
}

/** Boxes of units stand in the middle of the height. */
function middle(boxes, top, tall) {
  for (const box of boxes) if (box?.grid) box.y = top + Math.max((tall - box.height) / 2, 0);
}

function upright(stages, view) {
  const { width, small } = view;
  const head = Math.round(HEAD * small);
  const gap = 2.6 * small;
  const units = [];
  let y = head;
  const sides = { images: Math.min(0.34 * width, 130), points: width, table: width };
  const rows = view.kind === "table" ? Math.min(Math.max(view.rows * 1.5 * small, 60), 460) : 0;
  const input = { x: 0, y, width: sides[view.kind], height: rows || sides[view.kind] };
  let table = null;
  if (rows) {
    input.width = Math.min(0.45 * width, 13 * small);
    table = { x: input.width + 8, y, width: width - input.width - 8, height: rows };
  }
  y += input.height + gap + (view.kind === "points" ? 1.6 * small : 0);
  const down = (box) => {
    box.x = (width - box.width) / 2;
    units.push(box);
    y += box.height + gap;
  };
  if (rows && alone(stages)) units.push(null);
  else if (rows)
    down(boxOf(0, y, packed(stages[0].units, 1, width, 40, LARGEST_CELL), 1, stages[0].units, 0.84));
  else {
    const tile = packed(stages[0].units, view.aspect, width, 1.1 * width, view.kind === "points" ? 50 : 72);
    down(boxOf(0, y, tile, view.aspect, stages[0].units, 1));
  }
  const margin = Math.round(2.2 * small); // for headings and the lines to the answers
  for (const stage of stages.slice(1, -1)) {
    const wide = width - 2 * margin;
    const one = { columns: stage.units, rows: 1, size: Math.min(wide / stage.units, 16) };
    down(boxOf(0, y, one.size >= 7 ? one : packed(stage.units, 1, wide, 64, 12), 1, stage.units, 0.84));
  }
  const answers = {
    x: margin,
    y,
    width: width - margin,
    height: Math.max(Math.min(view.answers * 1.55 * small, 420), 1.5 * small),
  };
  return { upright: true, height: y + answers.height + 4, input, table, units, answers, gap, small };
}
return { stagesOf, imageOf, unitAt, unitUnder, layout };
})();

// ── web/flow.js
const $flow = (() => {
const { cssColour, diverging, ground, onTheme } = $colours;
const { unitAt } = $geometry;
const LEVELS = 24; // of light on either side of zero
const MOST_ROUND = 128; // units whose squares have round corners; more are quicker without
const VEILED = 0.22; // of a line's strength where it passes over tiles
const DECAY = 0.97; // a frame: full light follows a layer's largest activation down slowly: no flicker

let shades = null; // CSS colours by level, of the present theme
onTheme(() => {
  shades = null;
});

function shadesNow() {
  if (shades) return shades;
  shades = Array.from({ length: 2 * LEVELS + 1 }, (_, k) => cssColour(diverging((k - LEVELS) / LEVELS)));
  return shades;
}

/** The |activation| in full light of each stage: 1 where it is bounded, else what was seen, steadied. */
function lights() {
  const full = new Map();
  return {
    of(key, values, bounded) {
      if (bounded) return 1;
      let most = 0;
      for (const value of values)
        if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
      const light = Math.max(most, DECAY * (full.get(key) || 0), 1e-9);
      full.set(key, light);
      return light;
    },
    forget: () => full.clear(),
  };
}

/**
 * The k largest contributions a[i]·w[i, j] of a layer's inputs to its units: [{i, j, size}], largest first.
 * `q` are the weights' bytes (inputs, units).
 */
function strongest(a, q, inputs, units, k) {
  const top = [];
  let least = 0;
  for (let i = 0; i < inputs; i += 1) {
    const value = a[i];
    if (!value || !Number.isFinite(value)) continue;
    const size = Math.abs(value);
    if (size * 127 <= least) continue;
    for (let j = 0, at = i * units; j < units; j += 1, at += 1) {
      const weight = q[at] - 128;
      if (size * (weight < 0 ? -weight : weight) <= least) continue;
      insert(top, { i, j, size: value * weight }, k);
      if (top.length === k) least = Math.abs(top[k - 1].size);
    }
  }
  return top;
}

function insert(top, link, k) {
  let at = top.length;
  while (at > 0 && Math.abs(top[at - 1].size) < Math.abs(link.size)) at -= 1;
  top.splice(at, 0, link);
  if (top.length > k) top.pop();
}

/**
 * Curves from `from(i)` to `to(j)`, as wide and as deep in colour as the contribution; the largest on top.
 * Over tiles, up to `veil.start` and from `veil.end` on along the flow, they are faint: weights stay seen.
 */
function drawLinks(pen, links, from, to, { upright, widest = 2.2, strength = 0.9, veil = {} }) {
  if (!links.length) return;
  const most = Math.abs(links[0].size);
  pen.lineCap = "round";
  for (let n = links.length - 1; n >= 0; n -= 1) {
    const { i, j, size } = links[n];
    const share = Math.abs(size) / most;
    const [a, b] = [from(i), to(j)];
    pen.strokeStyle = strokeFor(
      pen,
      a,
      b,
      diverging(Math.sign(size) * (0.5 + 0.5 * share)),
      strength * (0.35 + 0.65 * share),
      upright,
      veil,
    );
    pen.lineWidth = 0.6 + widest * share * share;
    pen.beginPath();
    pen.moveTo(a.x, a.y);
    curve(pen, a, b, upright);
    pen.stroke();
  }
}

/** Whether a link, drawn from a to b, is within `near` CSS pixels of a point. */
function isOnLink(pen, a, b, upright, x, y, near) {
  const ratio = pen.getTransform().a;
  pen.lineWidth = 2 * near;
  pen.beginPath();
  pen.moveTo(a.x, a.y);
  curve(pen, a, b, upright);
  return pen.isPointInStroke(x * ratio, y * ratio);
}

/** From a, straight to the edge of its picture if it lies inside of one, and on to b. */
function curve(pen, a, b, upright) {
  if (upright) {
    const start = a.edge ?? a.y;
    if (a.edge) pen.lineTo(a.x, start);
    const bend = (b.y - start) * 0.55;
    if (b.sideways)
      pen.bezierCurveTo(a.x, start + Math.min(bend, 40), b.x - 22, b.y - Math.min(bend, 30), b.x, b.y);
    else pen.bezierCurveTo(a.x, start + bend, b.x, b.y - bend, b.x, b.y);
    return;
  }
  const start = a.edge ?? a.x;
  if (a.edge) pen.lineTo(start, a.y);
  const bend = Math.max((b.x - start) * 0.5, 6);
  pen.bezierCurveTo(start + bend, a.y, b.x - bend, b.y, b.x, b.y);
}

function strokeFor(pen, a, b, colour, alpha, upright, { start, end }) {
  const full = cssColour(colour, alpha);
  const [p, q] = upright ? [a.y, b.y] : [a.x, b.x];
  const length = q - p;
  if ((start === undefined && end === undefined) || length < 1) return full;
  const faint = cssColour(colour, VEILED * alpha);
  const gradient = upright ? pen.createLinearGradient(0, p, 0, q) : pen.createLinearGradient(p, 0, q, 0);
  const at = (x) => Math.min(Math.max((x - p) / length, 0), 1);
  if (start !== undefined) {
    gradient.addColorStop(0, start > p + 1 ? faint : full);
    gradient.addColorStop(at(start), full);
    gradient.addColorStop(1, full);
  } else {
    gradient.addColorStop(0, full);
    gradient.addColorStop(at(end), full);
    gradient.addColorStop(1, end < q - 1 ? faint : full);
  }
  return gradient;
}

/** Units by how they are lit: lists of unit numbers by level, −LEVELS…LEVELS. */
function byLevel(values, light, count) {
  const levels = Array.from({ length: 2 * LEVELS + 1 }, () => []);
  for (let j = 0; j < count; j += 1) {
    const t = Number.isFinite(values?.[j]) ? values[j] / light : 0;
    levels[LEVELS + Math.round(Math.max(-1, Math.min(t, 1)) * LEVELS)].push(j);
  }
  return levels;
}

/** A frame around each tile, lit by its unit's activation. Rectangles one by one: quicker than as a path. */
function drawFrames(pen, box, values, light, rule) {
  const colours = shadesNow();
  const { w, pitchX } = box.grid;
  const line = Math.max(Math.min((pitchX - w) * 0.75, 3), 0.75);
  byLevel(values, light, box.grid.count).forEach((units, level) => {
    if (!units.length) return;
    const away = Math.abs(level - LEVELS) / LEVELS;
    pen.strokeStyle = level === LEVELS ? rule : colours[level];
    pen.lineWidth = level === LEVELS ? Math.min(line, 0.8) : line * (0.55 + 0.45 * away);
    const out = pen.lineWidth / 2;
    for (const j of units) {
      const { x, y, w: wide, h } = unitAt(box, j);
      pen.strokeRect(x - out, y - out, wide + 2 * out, h + 2 * out);
    }
  });
}

/** Units as small squares, filled by activation. */
function drawCells(pen, box, values, light, rule) {
  const colours = shadesNow();
  const { w, count } = box.grid;
  const round = w >= 7 && count <= MOST_ROUND ? Math.min(w * 0.22, 4) : 0;
  pen.strokeStyle = rule;
  pen.lineWidth = 0.75;
  byLevel(values, light, count).forEach((units, level) => {
    pen.fillStyle = colours[level];
    for (const j of units) drawCell(pen, unitAt(box, j), round);
  });
}

function drawCell(pen, { x, y, w, h }, round) {
  if (!round) {
    pen.fillRect(x, y, w, h);
    if (w >= 5) pen.strokeRect(x, y, w, h);
    return;
  }
  pen.beginPath();
  pen.roundRect(x, y, w, h, round);
  pen.fill();
  pen.stroke();
}

/** A ring around a rectangle that stands out on anything: ink with a rim of the background. */
function drawRing(pen, { x, y, w, h }, wide = 2) {
  const { paper, ink } = ground();
  for (const [colour, line] of [
    [paper, wide + 2],
    [ink, wide],
  ]) {
    pen.strokeStyle = cssColour(colour);
    pen.lineWidth = line;
    pen.strokeRect(x - wide, y - wide, w + 2 * wide, h + 2 * wide);
  }
}

/** The name of its class in the corner of each tile that is large enough for it. */
function drawNames(pen, box, names, small) {
  if (box.grid.w < 3 * small) return;
  const { paper, ink } = ground();
  pen.font = `600 ${small}px ${getComputedStyle(pen.canvas).fontFamily}`;
  pen.textBaseline = "top";
  Object.assign(pen, {
    strokeStyle: cssColour(paper),
    fillStyle: cssColour(ink),
    lineWidth: 3,
    lineJoin: "round",
  });
  for (let j = 0; j < Math.min(box.grid.count, names.length); j += 1) {
    const { x, y, w } = unitAt(box, j);
    pen.strokeText(names[j], x + 4, y + 4, w - 8);
    pen.fillText(names[j], x + 4, y + 4, w - 8);
  }
}
return { lights, strongest, drawLinks, isOnLink, drawFrames, drawCells, drawRing, drawNames };
})();

// ── web/gridkeys.js
const $gridkeys = (() => {
const { figures } = $numbers;
/** Arrow keys move between the units, at the edges from layer to layer; Enter chooses, Escape leaves. */
function gridKeys(stage, view, hooks) {
  const shown = () => view.stages.map((_, k) => k).filter((k) => stage.has(k));

  /** The unit after a key: {stage, unit}. */
  function moved({ stage: k, unit }, key) {
    const columns = stage.columns(k);
    const count = view.stages[k].units;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key];
    if (by) {
      const column = unit % columns;
      if (key === "ArrowRight" && (column === columns - 1 || unit === count - 1))
        return layer(k, 1, unit) ?? { stage: k, unit };
      if (key === "ArrowLeft" && column === 0) return layer(k, -1, unit) ?? { stage: k, unit };
      const to = unit + by;
      return { stage: k, unit: to >= 0 && to < count ? to : unit };
    }
    if (key === "Home") return { stage: k, unit: 0 };
    if (key === "End") return { stage: k, unit: count - 1 };
    return layer(k, key === "PageDown" ? 1 : -1, unit);
  }

  /** The next layer's unit at about the same height. */
  function layer(k, by, unit) {
    const list = shown();
    const to = list[list.indexOf(k) + by];
    if (to === undefined) return null;
    const [rows, there] = [k, to].map((n) => Math.ceil(view.stages[n].units / stage.columns(n)));
    const row = Math.min(Math.round((Math.floor(unit / stage.columns(k)) / rows) * there), there - 1);
    const column = by > 0 ? 0 : stage.columns(to) - 1;
    return { stage: to, unit: Math.min(row * stage.columns(to) + column, view.stages[to].units - 1) };
  }

  function words({ stage: k, unit }) {
    const given = view.activation(k)?.[unit];
    const matrix = view.matrix(k);
    if (!matrix) return view.names.unit(k, unit);
    const { inputs, units } = view.stages[k];
    let best = 0;
    for (let i = 0; i < inputs; i += 1) {
      if (Math.abs(matrix.q[i * units + unit] - 128) > Math.abs(matrix.q[best * units + unit] - 128))
        best = i;
    }
    const weight = ((matrix.q[best * units + unit] - 128) / 127) * matrix.limit;
    const where = `${view.names.unit(k, unit)} of ${units} in ${view.names.layer(k)}`;
    const largest = `largest weight ${figures(weight, 2)}, from ${view.names.source(k, best)}`;
    return `${where}: activation ${figures(given)}; ${largest}`;
  }

  function go(to) {
    if (!to) return;
    view.cursor = to;
    hooks.say(words(to));
    hooks.again();
  }

  const KEYS = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "PageDown", "PageUp"];

  stage.element.addEventListener("keydown", (event) => {
    if (
      event.target !== stage.element ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      !view.stages.length
    )
      return;
    const here = view.cursor ?? view.chosen ?? { stage: shown()[0] ?? 0, unit: 0 };
    if (KEYS.includes(event.key)) go(view.cursor ? moved(here, event.key) : here);
    else if (event.key === "Enter") {
      hooks.choose(here.stage, here.unit);
      hooks.into(); // its weights, for the arrow keys
    } else if (event.key === "Escape" && view.chosen) hooks.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  stage.element.addEventListener("focus", () => {
    if (!stage.element.matches(":focus-visible") || !view.stages.length) return;
    go(view.cursor ?? view.chosen ?? { stage: shown()[0] ?? 0, unit: 0 });
  });
  stage.element.addEventListener("blur", () => {
    view.cursor = null;
    hooks.again();
  });
}
return { gridKeys };
})();

// ── web/insideasking.js
const $insideasking = (() => {
const EVERY_MS = 350; // while the run goes on
const CALM_MS = 1000; // for those who want little motion

/**
 * Ask for the explanation of what is `want`ed, {layer, unit, input}, again whenever what is shown has
 * changed: one question at a time. `told(explanation)`, `failed(message)`.
 */
function asking(store, told, failed) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let wanted = null;
  let stale = false; // there is something newer than what was asked for last
  let out = false; // a question is on its way
  let last = -Infinity;
  let timer = 0;

  function want(next) {
    if (JSON.stringify(next) === JSON.stringify(wanted)) return;
    wanted = next;
    stale = Boolean(next);
    last = -Infinity; // at once
    ask();
  }

  function ask() {
    clearTimeout(timer);
    if (!wanted || !stale || out || !store.frame || !store.open()) return;
    const every = still.matches ? CALM_MS : EVERY_MS;
    const wait = store.session?.status === "running" ? last + every - performance.now() : 0;
    if (wait > 0) timer = setTimeout(ask, wait);
    else send(wanted);
  }

  async function send(question) {
    [stale, out, last] = [false, true, performance.now()];
    try {
      const { explanation } = await store.send({ kind: "explain", ...question }, undefined, { quiet: true });
      if (question === wanted) told(explanation);
    } catch (error) {
      if (question === wanted) failed(error.message);
    }
    out = false;
    ask();
  }

  store.on(["frame", "session", "connection"], () => {
    stale = Boolean(wanted);
    ask();
  });
  return { want };
}
return { asking };
})();

// ── web/insidemath.js
const $insidemath = (() => {
const { h } = $dom;
const LOW = "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ";
const PLAIN = "0123456789+-aehijklmnoprstuvx";
const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾";
const RAISED = "0123456789+−()";
const LETTER = `(?:(?![${LOW}])\\p{L}\\p{M}*)`; // what stands below counts as letters too
const PIECES = new RegExp(
  [
    `[${LOW}]+(?:,\\s?[${LOW}]+)*`,
    "\\^(?:\\([^)]*\\)|[^\\s)]+)",
    "⁽[^⁾]*⁾",
    `[${HIGH}]+`,
    `∂?${LETTER}+`,
    `[^${LOW}${HIGH}\\p{L}∂^]+`,
    "[∂^]",
  ].join("|"),
  "gu",
);

/** A formula as text with true subscripts and powers, single letters in italics: "x₁₃₀ W₁₃₀,₇", "e^z₁". */
function math(text) {
  return (text.match(PIECES) ?? []).map((piece) => {
    if (LOW.includes(piece[0])) return h("sub", {}, plain(piece, LOW, PLAIN));
    if (piece[0] === "^") return h("sup", {}, ...math(piece.slice(1).replace(/^\((.*)\)$/, "$1")));
    if (HIGH.includes(piece[0])) return h("sup", {}, plain(piece, HIGH + LOW, RAISED + PLAIN));
    return isVariable(piece) ? h("i", {}, piece) : piece;
  });
}

/** One letter, perhaps with ∂, a hat or a bar: not "max" nor "exp". */
function isVariable(piece) {
  return piece !== "Σ" && /^[∂Δ]?\p{L}\p{M}*$/u.test(piece);
}

function plain(piece, from, to) {
  return [...piece].map((sign) => to[from.indexOf(sign)] ?? sign).join("");
}

/** Show a formula in an element, unless it stands there already. */
function setMath(element, text) {
  if (element.dataset.math === text) return;
  element.dataset.math = text;
  element.replaceChildren(...math(text));
}
return { math, setMath };
})();

// ── web/insidenumbers.js
const $insidenumbers = (() => {
const { h } = $dom;
const DIGITS = 5; // that are shown; all of them stand in the title and are what is copied
const LEAST = 2; // of a number's own digits are left beside a much larger one; else it is written for itself
const MOST_DIGITS = 9; // that tell two numbers of float32 apart
const MINUS = "\u2212";
const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * How to write numbers that stand below one another: with as many decimals each, so that they can be added
 * by hand, and `digits` for the largest. Very small and very large ones share a power of ten.
 */
function alike(values, digits = DIGITS, least = LEAST) {
  if (values.every((value) => !Number.isFinite(value) || isSmallWhole(value))) return whole;
  const most = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  const power = most ? Math.floor(Math.log10(most) + 1e-12) : 0;
  const shared = power < -4 || power >= 6;
  const after = shared ? digits - 1 : Math.min(Math.max(digits - 1 - power, 0), 12);
  const unit = shared ? 10 ** power : 1;
  return (value) => {
    if (!Number.isFinite(value)) return "–";
    if (value === 0) return "0";
    if (Math.abs(value / unit) < 10 ** (least - 1 - after)) return numeral(value);
    const text = (value / unit).toFixed(after).replace("-", MINUS);
    return shared ? `${text}·10${raised(power)}` : text;
  };
}

/** One number by itself. */
function numeral(value) {
  return alike([value])(value);
}

const isSmallWhole = (value) => Number.isInteger(value) && Math.abs(value) < 1e5;
const whole = (value) => (Number.isFinite(value) ? String(value).replace("-", MINUS) : "–");

/** Two numbers with enough digits to see that they differ. */
function apart(before, after) {
  for (let digits = DIGITS; digits <= MOST_DIGITS; digits += 1) {
    const text = alike([before, after], digits);
    const size = Math.max(Math.abs(before), Math.abs(after));
    const last = 10 ** (Math.floor(Math.log10(size || 1)) + 1 - digits);
    if (Math.abs(before - after) >= 5 * last || digits === MOST_DIGITS || before === after)
      return [text(before), text(after)];
  }
  return null;
}

function raised(power) {
  return String(power).replace(/\d/g, (digit) => HIGH[digit]).replace("-", "⁻");
}

/**
 * A number in the page: `show(text, value)`. It flashes when its value changes; the title has all of its
 * digits, and so has what is copied (see `copyInFull`).
 */
function figure(kind = "") {
  const element = h("data", { class: `num ${kind}`.trim() });
  let last;

  function show(text, value) {
    if (element.textContent !== text) element.textContent = text;
    if (value === last) return;
    const moved = last !== undefined && value !== null;
    last = value;
    const full = Number.isFinite(value) ? String(value) : "no finite number";
    element.value = full;
    element.title = full;
    if (!moved) return;
    element.dataset.moved = element.dataset.moved === "a" ? "b" : "a"; // another name: it flashes anew
  }

  return { element, show };
}

/** What is copied out of `element` has all digits of its numbers. */
function copyInFull(element) {
  element.addEventListener("copy", (event) => {
    const range = selectedIn(element.getRootNode());
    if (!range || range.collapsed || !event.clipboardData) return;
    const within = range.commonAncestorContainer.parentElement?.closest?.("data.num");
    const copy = within ? [within.cloneNode(true)] : [...range.cloneContents().childNodes];
    event.clipboardData.setData("text/plain", copy.map(textOf).join("").trim());
    event.preventDefault();
  });
}

/** The selected range, or null. Safari tells what is selected in a shadow root as a composed range alone. */
function selectedIn(root) {
  const selection = document.getSelection();
  const shadowRoots = root instanceof ShadowRoot ? [root] : [];
  const [found] = composedRanges(selection, shadowRoots);
  const older = root.getSelection?.() ?? selection;
  if (!found) return older?.rangeCount ? older.getRangeAt(0) : null;
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range;
}

/** Where it is selected; Safari took the roots one by one before it took them by name, and others take none. */
function composedRanges(selection, shadowRoots) {
  if (!selection?.getComposedRanges) return [];
  try {
    return selection.getComposedRanges({ shadowRoots });
  } catch {
    return selection.getComposedRanges(...shadowRoots);
  }
}

/** The text of a copied part, with numbers in full and a space between what stands side by side. */
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[hidden], .hidden-text, canvas")) return "";
  if (node.matches("data.num")) return `${node.value || node.textContent} `;
  const inside = [...node.childNodes].map(textOf).join("");
  if (node.matches("i, sub, sup")) return inside;
  return node.matches("p, div, h3, h4, li, header") ? `${inside.trimEnd()}\n` : `${inside} `;
}
return { alike, numeral, apart, figure, copyInFull };
})();

// ── web/insidesaid.js
const $insidesaid = (() => {
const { fill, h } = $dom;
const { setMath } = $insidemath;
const { apart, figure, numeral } = $insidenumbers;
/** All lines of an explanation by key. Keys that come again keep the first. */
function linesOf(explanation) {
  const lines = new Map();
  for (const section of explanation.sections)
    for (const line of section.lines) if (!lines.has(line.key)) lines.set(line.key, line);
  return lines;
}

/** What a weight is before the step and after it: {before, after, symbol}, or null. */
function changeOf(explanation) {
  const update = explanation.sections.find(({ name }) => name === "update");
  const after = update?.lines.find(({ key }) => key === "w_new");
  const before = update?.lines.find(({ key }) => key === "w");
  if (!after || !before) return null;
  return { before: before.value, after: after.value, symbol: before.symbol };
}

/** The whole in one sentence, large: from what to what the weight goes, and why. */
function sentence() {
  const element = h("p", { class: "inside-said" });
  const parts = { symbol: h("span", { class: "sym" }), before: figure(), after: figure(), why: figure() };
  const gradient = h("span", { class: "sym" });
  let form = "";

  /** Words and numbers in turn; they are laid out anew only where the words differ. */
  function lay(words) {
    const next = words.map((word) => (typeof word === "string" ? word : "#")).join("");
    if (next === form) return;
    form = next;
    fill(element, words);
  }

  function weight(explanation, change) {
    const slope = linesOf(explanation).get("dW");
    const g = slope?.batch ?? slope?.value ?? 0;
    const [from, to] = apart(change.before, change.after);
    setMath(parts.symbol, change.symbol);
    setMath(gradient, slope?.symbol ?? "∂L/∂W");
    parts.before.show(from, change.before);
    parts.after.show(to, change.after);
    parts.why.show(numeral(g), g);
    const over = (slope?.batch ?? null) === null ? "" : " on average over the batch";
    const by = [gradient, " is ", parts.why.element, over];
    const goes = [parts.symbol, " goes from ", parts.before.element, " to ", parts.after.element];
    const up = change.after - change.before;
    if (!up) lay([parts.symbol, " stays at ", parts.before.element, ": ", ...by, "."]);
    else if (up * g < 0) {
      const small = g < 0 ? "larger" : "smaller";
      lay([...goes, ` because a ${small} one makes the loss smaller: `, ...by, "."]);
    } else lay([...goes, ", carried there by earlier steps or a penalty: ", ...by, "."]);
  }

  function slopeOf(explanation) {
    const lines = linesOf(explanation);
    const line = lines.get(explanation.weight ? "dW" : "dz");
    if (!line) return lay([explanation.title]);
    setMath(gradient, line.symbol);
    parts.why.show(numeral(line.value), line.value);
    const grows = explanation.weight ? "the weight" : "its sum";
    const means = `: so much the loss changes for each 1 that ${grows} grows, for this sample.`;
    lay([gradient, " is ", parts.why.element, means]);
  }

  function update(explanation) {
    const change = explanation.weight && changeOf(explanation);
    if (change) weight(explanation, change);
    else slopeOf(explanation);
  }
  return { element, update };
}

/** Keeps what was told before a step, and says when it came true. */
function promise() {
  const value = figure();
  const element = h(
    "p",
    { class: "inside-told", hidden: true },
    h("span", {}, "told before the step: "),
    value.element,
    h("b", {}, " ✓ it came true"),
  );
  let kept = null; // {of, step, after, text}

  /** `of`: what run, branch and weight it is about. */
  function update(explanation, of) {
    const change = explanation.weight && changeOf(explanation);
    const past = kept?.of === of && kept;
    if (!past || past.step !== explanation.step) {
      const next = past && change && explanation.step === past.step + 1;
      const came = Boolean(next && past.after === change.before);
      element.hidden = !came;
      if (came) value.show(past.text, change.before);
    }
    if (!change) kept = null;
    else {
      const [, text] = apart(change.before, change.after);
      kept = { of, step: explanation.step, after: change.after, text };
    }
  }
  return { element, update };
}
return { linesOf, changeOf, sentence, promise };
})();

// ── web/derivation.js
const $derivation = (() => {
const NAMES = { relu: "ReLU", leaky_relu: "LeakyReLU", gelu: "GELU" };

/** Where a line's equation is derived: {href, words}; `doc` is {page, equation, anchor}. */
function derivation({ page, equation, anchor }) {
  const part = equation ? `eq-${equation}` : anchor;
  const words = equation ? `equation ${equation} of ${titleOf(page)}` : titleOf(page);
  return { href: `math/${page}.html${part ? `#${part}` : ""}`, words };
}

/** "batch_norm" → "Batch norm". */
function titleOf(page) {
  const words = page.replaceAll("_", " ");
  return NAMES[page] ?? words.slice(0, 1).toUpperCase() + words.slice(1);
}
return { derivation };
})();

// ── web/insideterms.js
const $insideterms = (() => {
const { cssColour, diverging, onTheme } = $colours;
const { h, say } = $dom;
const { grouped } = $format;
const { setMath } = $insidemath;
const { alike, figure } = $insidenumbers;
const SHOWN = 5; // terms of a long sum before one asks for more
const DRAGGED = 4; // CSS pixels beyond which a press is no click

/**
 * The terms of a sum below one another, largest first, each with its factors' numbers, a bar and its value.
 * `hooks`: light(term or null) under the pointer or the focus, open(unit), named(unit) → its name, and
 * isOwn(unit): it belongs to the weight that was chosen, and is shown however small it is.
 */
function termsView(hooks) {
  const element = h("div", { class: "terms", role: "group", ariaLabel: "Terms, largest first" });
  const more = h("button", { class: "terms-more", type: "button", onclick: toggle });
  const rest = h("span", {});
  const sum = figure();
  const last = h("div", { class: "term rest" }, h("span", {}, rest, more), sum.element, h("span", {}));
  let rows = [];
  let all = false; // whether all terms that were told are shown
  let now = null;

  function toggle() {
    all = !all;
    draw();
  }

  function update(line, decimals) {
    now = { line, decimals };
    if (rows.length !== line.terms.length) build(line.terms.length);
    draw();
  }

  function build(count) {
    rows = Array.from({ length: count }, (_, k) => termRow(hooks, () => rows, k));
    element.replaceChildren(...rows.map((row) => row.element), last);
  }

  function draw() {
    const { line, decimals } = now;
    const many = line.terms.length > SHOWN + 1 || Boolean(line.rest && line.terms.length > SHOWN);
    const shown = line.terms.map((term, k) => all || !many || k < SHOWN || hooks.isOwn(term.unit));
    const factors = columnsOf(line.terms);
    const most = Math.max(...line.terms.map(({ value }) => Math.abs(value ?? 0)), 0) || 1;
    rows.forEach((row, k) => {
      row.element.hidden = !shown[k];
      row.update(line.terms[k], line, { factors, decimals, most });
    });
    const left = line.terms.filter((_, k) => !shown[k]);
    const summed = left.length + (line.rest?.count ?? 0);
    last.hidden = !summed && !many;
    more.hidden = !all && !left.length;
    say(more, all ? "show fewer" : `show ${left.length}`);
    say(rest, summed ? `and ${grouped(summed)} more ` : "");
    const value = left.reduce((total, term) => total + term.value, line.rest?.value ?? 0);
    sum.element.hidden = !summed;
    sum.show(signed(decimals(value), value), value);
  }

  /** Mark the terms whose unit `is` the one that is pointed at; null marks none. */
  const mark = (is) => rows.forEach((row) => row.mark(is));
  onTheme(() => now && draw());
  return { element, update, mark };
}

function termRow(hooks, rows, k) {
  const [symbol, name] = ["sym", "term-name"].map((kind) => h("span", { class: kind }));
  const numbers = factorsView();
  const bar = h("b", {});
  const value = figure();
  const what = h("span", { class: "term-what" }, symbol, name, numbers.element);
  const element = h("div", { class: "term" }, what, value.element, h("i", { class: "term-bar" }, bar));
  let [term, line] = [null, null];
  let pressed = [0, 0]; // where the pointer went down

  function update(next, of, { factors, decimals, most }) {
    [term, line] = [next, of];
    const from = hooks.named(term.unit);
    setMath(symbol, term.symbol);
    say(name, from ?? "");
    numbers.update(term.factors, factors);
    value.show(signed(decimals(term.value), term.value), term.value);
    const share = (term.value ?? 0) / most;
    bar.style.transform = `scaleX(${share})`;
    bar.style.background = cssColour(diverging(Math.sign(share) * Math.max(Math.abs(share), 0.4)));
    element.classList.toggle("from", Boolean(term.unit));
    element.classList.toggle("own", hooks.isOwn(term.unit));
    if (term.unit && !element.hasAttribute("tabindex")) {
      element.tabIndex = k ? -1 : 0;
      element.setAttribute("role", "button");
    }
    if (element.matches(":hover, :focus-visible")) hooks.light(term, line);
  }

  const light = () => term?.unit && hooks.light(term, line);
  const dark = () => hooks.light(null);
  element.addEventListener("pointerenter", light);
  element.addEventListener("pointerleave", dark);
  element.addEventListener("focus", light);
  element.addEventListener("blur", dark);
  element.addEventListener("pointerdown", ({ clientX, clientY }) => {
    pressed = [clientX, clientY];
  });
  element.addEventListener("click", ({ clientX, clientY, detail }) => {
    const far = Math.hypot(clientX - pressed[0], clientY - pressed[1]) > DRAGGED; // to select text
    if (term?.unit && !(far && detail)) hooks.open(term.unit); // without detail: a screen reader's press
  });
  element.addEventListener("keydown", (event) => {
    const seen = rows().filter((row) => !row.element.hidden);
    const here = seen.findIndex((row) => row.element === element);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const to = by ? here + by : { Home: 0, End: seen.length - 1 }[event.key];
    if (seen[to]) seen[to].element.focus();
    else if (event.key === "Enter" && term?.unit) hooks.open(term.unit);
    else if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
  });

  const mark = (is) => element.classList.toggle("marked", Boolean(is && term?.unit && is(term.unit)));
  return { element, update, mark };
}

/** "0.9922 · 0.2135": the numbers of a product, each with a column of its own. */
function factorsView() {
  const element = h("span", { class: "factors" });
  let parts = [];

  function update(factors, columns) {
    if (parts.length !== factors.length) {
      parts = factors.map(() => figure());
      const dot = (k) => (k ? [h("span", { class: "dot" }, "·")] : []);
      element.replaceChildren(...parts.flatMap((part, k) => [...dot(k), part.element]));
    }
    factors.forEach(({ symbol, value }, k) => {
      const text = columns[k](value);
      parts[k].show(value < 0 && k ? `(${text})` : text, value);
      parts[k].element.style.minWidth = `${columns[k].width}ch`;
      parts[k].element.dataset.of = symbol;
    });
  }
  return { element, update };
}

/** How to write the k-th factors of all terms, and how wide that is. */
function columnsOf(terms) {
  const count = Math.max(...terms.map(({ factors }) => factors.length), 0);
  return Array.from({ length: count }, (_, k) => {
    const values = terms.map(({ factors }) => factors[k]?.value).filter((value) => value !== undefined);
    const text = alike(values, 5, 4);
    const wide = values.map((value) => text(value).length + (value < 0 && k ? 2 : 0));
    return Object.assign(text, { width: Math.max(...wide, 0) });
  });
}

const signed = (text, value) => (value > 0 ? `+${text}` : text);
return { termsView, factorsView, columnsOf };
})();

// ── web/insideline.js
const $insideline = (() => {
const { derivation } = $derivation;
const { h, say } = $dom;
const { setMath } = $insidemath;
const { alike, figure, numeral } = $insidenumbers;
const { columnsOf, factorsView, termsView } = $insideterms;
/**
 * One line of a derivation: what it is in words, its formula, the terms with their numbers, and what comes
 * out, for the sample and as the mean over the batch. `hooks` as in termsView, inNames(words), and
 * linked: whether the pages with the derivations are served.
 */
function lineView(hooks) {
  const words = h("span", { class: "line-words" });
  const link = h("a", { class: "line-doc", target: "_blank", rel: "noopener" });
  const formula = h("span", { class: "formula" });
  const symbol = h("span", { class: "sym" });
  const product = factorsView();
  const [value, batch] = [figure("value"), figure("batch")];
  const terms = termsView(hooks);
  const short = h("span", { class: "formula" });
  const equals = h("span", { class: "line-equals" }, short, symbol, product.element);
  const total = h("div", { class: "line-total" }, equals, value.element, batch.element);
  const element = h(
    "div",
    { class: "line" },
    h("header", {}, words, link),
    h("p", { class: "line-formula" }, formula),
    terms.element,
    total,
  );
  let line = null;

  function update(next) {
    line = next;
    element.dataset.key = line.key;
    say(words, hooks.inNames(line.words));
    drawLink();
    const single = line.terms.length === 1 && !line.rest ? line.terms[0] : null;
    const isSum = Boolean(line.terms.length) && !single;
    drawFormula(isSum);
    terms.element.hidden = !isSum;
    product.element.hidden = !single;
    if (single) product.update(single.factors, columnsOf(line.terms));
    const decimals = alike([...line.terms.map((term) => term.value), line.value]);
    if (isSum) terms.update(line, decimals);
    value.show(isSum ? decimals(line.value) : numeral(line.value), line.value);
    const has = line.batch !== null && line.batch !== undefined;
    batch.element.classList.toggle("none", !has);
    batch.show(has ? numeral(line.batch) : "", has ? line.batch : null);
  }

  /** Over the terms of a sum, which ends in its symbol; else in the line of its numbers. */
  function drawFormula(isSum) {
    const own = line.formula && line.formula !== line.symbol;
    const whole = own ? `${line.symbol} = ${line.formula}` : line.symbol;
    element.classList.toggle("sum", isSum);
    formula.parentElement.hidden = symbol.hidden = !isSum;
    short.hidden = isSum;
    setMath(isSum ? formula : short, whole);
    setMath(symbol, line.symbol);
  }

  function drawLink() {
    link.hidden = !line.doc;
    if (!line.doc) return;
    const { href, words: said } = derivation(line.doc);
    if (hooks.linked && link.getAttribute("href") !== href) link.setAttribute("href", href);
    say(link, said);
  }

  /** A product's own factors light up what they come from. */
  const light = () => {
    const single = line?.terms.length === 1 ? line.terms[0] : null;
    if (single?.unit) hooks.light(single, line);
  };
  total.addEventListener("pointerenter", light);
  total.addEventListener("pointerleave", () => hooks.light(null));

  function mark(is) {
    terms.mark(is);
    const own = line?.terms.length === 1 && line.terms[0].unit;
    total.classList.toggle("marked", Boolean(is && own && is(own)));
  }
  return { element, update, mark };
}

/** What a derivation consists of, without its numbers: where that is the same, only numbers are changed. */
function shapeOf(section) {
  return JSON.stringify([section.name, section.lines.map((line) => line.key)]);
}
return { lineView, shapeOf };
})();

// ── web/insidechain.js
const $insidechain = (() => {
const { h } = $dom;
const { linesOf } = $insidesaid;
const { lineView } = $insideline;
const { setMath } = $insidemath;
const { figure, numeral } = $insidenumbers;
/**
 * The chain rule of what was chosen as factors side by side, large: ∂L/∂W = x · ∂L/∂z. Each factor that
 * another line tells of opens that line below; one that comes from another unit leads there.
 */
function chainView(hooks) {
  const whole = { number: figure(), symbol: h("span", { class: "sym" }) };
  const row = h("div", { class: "chain", role: "group", ariaLabel: "The chain rule for this sample" });
  const origin = lineView(hooks);
  const box = h("div", { class: "chain-origin", hidden: true }, origin.element);
  const element = h("div", { class: "chain-box", hidden: true }, row, box);
  let parts = [];
  let open = null; // the symbol of the factor whose line is open
  let lines = new Map();

  function update(explanation) {
    const known = linesOf(explanation);
    lines = new Map([...known.values()].map((line) => [line.symbol, line]));
    const line = known.get(explanation.weight ? "dW" : "dz");
    const shown = line && partsOf(line);
    element.hidden = !shown;
    if (!shown) return;
    whole.number.show(numeral(line.value), line.value);
    setMath(whole.symbol, line.symbol);
    const form = `${shown.sign}${shown.parts.length}`;
    if (row.dataset.form !== form) build(shown, form);
    shown.parts.forEach(({ factor, unit }, k) => parts[k].update(factor, unit));
    drawOrigin();
  }

  function build(shown, form) {
    row.dataset.form = form;
    parts = shown.parts.map(partView);
    const sign = (k) => h("span", { class: "dot" }, k ? shown.sign : "=");
    const between = parts.flatMap((part, k) => [sign(k), part.element]);
    const own = h("span", { class: "chain-part whole" }, whole.number.element, whole.symbol);
    row.replaceChildren(own, ...between);
  }

  function partView() {
    const number = figure();
    const [symbol, name] = ["sym", "chain-name"].map((kind) => h("span", { class: kind }));
    const element = h("button", { class: "chain-part", type: "button" }, number.element, symbol, name);
    let now = null;
    element.addEventListener("click", () => {
      if (lines.has(now.factor.symbol)) {
        open = open === now.factor.symbol ? null : now.factor.symbol;
        for (const part of parts) part.draw();
        drawOrigin();
      } else if (now.unit) hooks.open(now.unit);
    });

    function draw() {
      const { factor, unit } = now;
      const told = lines.has(factor.symbol);
      element.disabled = !told && !unit;
      if (told) element.setAttribute("aria-expanded", open === factor.symbol);
      else element.removeAttribute("aria-expanded");
    }

    /** The factor that no line here tells of is what comes out of `unit`. */
    function update(factor, unit) {
      const told = lines.has(factor.symbol);
      now = { factor, unit: told || !unit?.layer ? null : unit };
      number.show(numeral(factor.value), factor.value);
      setMath(symbol, factor.symbol);
      const from = told ? "" : (hooks.named(unit) ?? "");
      if (name.textContent !== from) name.textContent = from;
      draw();
    }
    return { element, update, draw };
  }

  function drawOrigin() {
    const line = open && lines.get(open);
    box.hidden = !line;
    if (line) origin.update(line);
  }
  return { element, update };
}

/** What a line is made of, where that is a product of a few numbers or a sum of a few: {sign, parts}. */
function partsOf({ terms, rest }) {
  if (rest || !terms.length) return null;
  if (terms.length === 1) {
    const [{ factors, unit }] = terms;
    return { sign: "·", parts: factors.map((factor) => ({ factor, unit })) };
  }
  if (terms.length > 3 || terms.some(({ factors }) => factors.length > 1)) return null;
  return { sign: "+", parts: terms.map(({ factors, unit }) => ({ factor: factors[0], unit })) };
}
return { chainView };
})();

// ── web/insidepictures.js
const $insidepictures = (() => {
const { divergingTable, greyTable } = $colours;
const { fill, h, say } = $dom;
const { sentenceCase } = $format;
const { numeral } = $insidenumbers;
const { figures } = $numbers;
const FAINT = 0.35; // of a pixel's ink under the colours

/** Pictures of an image network: the image that a unit likes best, and which pixels spoke for an answer. */
function picturesView(store) {
  const best = toggle("its favourite image", () => show("favourite"));
  const spoke = toggle("what spoke for it", () => show("evidence"));
  const buttons = h("div", { class: "inside-asks", role: "group", ariaLabel: "Pictures" }, best, spoke);
  const place = h("div", { class: "inside-pictures" });
  const element = h("div", { class: "inside-images", hidden: true }, buttons, place);
  let view = null;
  let chosen = null;
  let shown = null; // "favourite" or "evidence"
  let drawn = null; // what for: the step, the unit
  let drawnOf = null; // and the sample, as the session has it: two drawings are told apart by nothing else
  let out = false;
  let redraw = () => {};

  function show(kind) {
    shown = shown === kind ? null : kind;
    drawn = null;
    draw();
  }

  function choose(next, at) {
    [view, chosen] = [next, at];
    drawn = null;
    const { classes, kind } = view.session.data;
    element.hidden = kind !== "images" || !view.image;
    spoke.hidden = !classes;
    draw();
  }

  /** The class whose evidence is shown: the chosen answer, else the one that the network names. */
  function classOf() {
    const last = view.stages.length - 1;
    const given = view.answer() ?? [];
    if (chosen.stage === last && given.length === view.stages[last].units) return chosen.unit;
    return given.indexOf(Math.max(...given));
  }

  const keyOf = () =>
    JSON.stringify([
      shown,
      chosen,
      view.frame.run,
      shown === "favourite" && view.session.status === "running" ? null : view.frame.step,
      shown === "evidence" && classOf(),
    ]);

  const sampleNow = () => (shown === "evidence" ? view.session.sample : null);

  function draw() {
    if (!chosen || element.hidden) return;
    best.setAttribute("aria-pressed", shown === "favourite");
    spoke.setAttribute("aria-pressed", shown === "evidence");
    const k = classOf();
    const name = view.session.data.classes?.[k] ?? k;
    say(spoke, k < 0 ? "what spoke for the answer" : `what spoke for “${name}”`);
    if (!shown) {
      place.replaceChildren();
      return;
    }
    if (drawn !== keyOf() || drawnOf !== sampleNow()) ask();
  }

  async function ask() {
    if (out) return;
    const [key, sample, kind, asked] = [keyOf(), sampleNow(), shown, chosen];
    const { place: layer } = view.stages[asked.stage];
    const name = view.names.unit(asked.stage, asked.unit);
    const isFavourite = kind === "favourite";
    const k = classOf();
    const more = isFavourite ? { layer, unit: asked.unit } : { of: "sample", class: k < 0 ? null : k };
    out = true;
    try {
      const reply = await store.send({ kind, ...more }, undefined, { quiet: true });
      redraw = () => fill(place, isFavourite ? favourite(reply, name) : evidence(reply));
    } catch (error) {
      redraw = () => fill(place, h("p", { class: "inside-note" }, sentenceCase(error.message)));
    }
    if (kind === shown && asked === chosen) redraw(); // another may be looked at by now
    [out, drawn, drawnOf] = [false, key, sample];
    setTimeout(draw, 400); // something newer may have come meanwhile
  }

  function close() {
    [shown, drawn, chosen] = [null, null, null];
    place.replaceChildren();
  }
  return { element, choose, draw, close, recolour: () => shown && redraw() };
}

const toggle = (text, onclick) =>
  h("button", { class: "button outlined small", type: "button", "aria-pressed": "false", onclick }, text);

function favourite({ value, array, shape }, name) {
  const [height, width, channels = 1] = shapeOf(shape.image);
  const picture = paint(width, height, (k) => {
    if (channels === 3) return [0, 1, 2].map((c) => array.image[3 * k + c]);
    const at = 4 * Math.round(Math.min(Math.max(array.image[k], 0), 255));
    return greyTable().subarray(at, at + 3);
  });
  const found = "for this image, found by gradient ascent from grey";
  const words = `${name}: ${numeral(value)} ${found}`;
  return figureOf(picture, words, `Favourite image, ${words}`);
}

function evidence({ name: of, value, probability, array, shape }) {
  const sure = Number.isFinite(probability) ? `, ${(100 * probability).toFixed(1)} %` : "";
  const kinds = [
    ["gradient", "gradient × input", "to first order, what each pixel adds to"],
    ["occlusion", "occlusion", "what hiding the pixel's patch takes from"],
  ];
  const pictures = kinds.map(([kind, title, does]) => {
    const range = rangeOf(array[kind]);
    const picture = paintEvidence(array[kind], shape[kind], array.image);
    const legend = h(
      "span",
      { class: "inside-range" },
      h("span", { class: "against" }, `against −${figures(range, 2)}`),
      h("span", { class: "for" }, `for +${figures(range, 2)}`),
    );
    const words = `${title}: ${does} the logit of “${of}”`;
    return figureOf(picture, words, `${words}; full colour at ±${figures(range, 2)}`, legend);
  });
  return [...pictures, h("p", { class: "inside-note" }, `“${of}”: logit ${numeral(value)}${sure}`)];
}

const shapeOf = (shape) => (shape.length === 3 && shape[0] <= 3 ? [shape[1], shape[2], shape[0]] : shape);

function rangeOf(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/** Blue against and orange for, over the sample in faint ink. */
function paintEvidence(values, [height, width], image) {
  const range = rangeOf(values) || 1;
  const lut = divergingTable();
  const ink = greyTable();
  const channels = image ? image.length / (height * width) : 1;
  return paint(width, height, (k) => {
    const at = 4 * (128 + Math.round((127 * values[k]) / range));
    const share = Math.sqrt(Math.abs(values[k]) / range);
    const under = 4 * Math.round(FAINT * (image?.[k * channels] ?? 0));
    return [0, 1, 2].map((c) => Math.round((1 - share) * ink[under + c] + share * lut[at + c]));
  });
}

function paint(width, height, colour) {
  const canvas = h("canvas", { width, height, role: "img" });
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  for (let k = 0; k < width * height; k += 1) picture.data.set([...colour(k), 255], 4 * k);
  pen.putImageData(picture, 0, 0);
  return canvas;
}

function figureOf(canvas, words, label, legend = null) {
  canvas.setAttribute("aria-label", label);
  return h("figure", {}, canvas, legend, h("figcaption", {}, words));
}
return { picturesView };
})();

// ── web/insidesections.js
const $insidesections = (() => {
const { h, say } = $dom;
const { grouped } = $format;
const { lineView, shapeOf } = $insideline;
const TITLES = { forward: "Forward", backward: "Backward", update: "Update" };

/** Forward, backward, update: each a list of lines, with the sample's numbers beside the batch's. */
function sectionsView(hooks) {
  const without = h("p", { class: "inside-note", hidden: true });
  const element = h("div", { class: "inside-sections" });
  let views = [];
  let built = "";

  /** `why`: what to say where there is no update. */
  function update(explanation, why) {
    const { sections, batch } = explanation;
    without.hidden = sections.some(({ name }) => name === "update");
    say(without, why);
    const shape = JSON.stringify(sections.map(shapeOf));
    if (shape !== built) build(sections, shape);
    sections.forEach((section, k) => views[k].update(section, batch));
  }

  function build(sections, shape) {
    built = shape;
    views = sections.map((section, k) => sectionView(section, k + 1, hooks));
    element.replaceChildren(...views.map((view) => view.element), without);
  }

  const mark = (is) => views.forEach((view) => view.mark(is));
  const clear = () => {
    without.hidden = true;
    build([], "");
  };
  return { element, update, mark, clear };
}

const stepOf = (batch) => (batch ? `step ${grouped(batch.step)}` : "");

function sectionView(section, number, hooks) {
  const [value, batch] = [h("span", {}), h("span", {})];
  const title = TITLES[section.name] ?? section.title;
  const note = h("p", { class: "inside-note" });
  const lines = section.lines.map(() => lineView(hooks));
  const element = h(
    "section",
    { class: `inside-section ${section.name}`, ariaLabel: title },
    h("header", {}, h("h4", {}, h("b", {}, number), title), value, batch),
    note,
    ...lines.map((line) => line.element),
  );

  function update(next, of) {
    const run = next.name === "update";
    say(value, !next.lines.length ? "" : run ? stepOf(of) : "this sample");
    const means = next.lines.some((line) => line.batch !== null && line.batch !== undefined);
    say(batch, means && of ? `mean of ${of.size}` : "");
    note.hidden = !next.note;
    say(note, next.note ?? "");
    next.lines.forEach((line, k) => lines[k].update(line));
  }
  const mark = (is) => lines.forEach((line) => line.mark(is));
  return { element, update, mark };
}
return { sectionsView };
})();

// ── web/insidewords.js
const $insidewords = (() => {
const { grouped } = $format;
/** Which sample an explanation is of. */
function sampleWords(explanation, { session }) {
  const { sample, data } = session;
  if (!sample) return "";
  if (sample.drawing) {
    const { assumed, predicted_name: name, predicted } = explanation?.sample ?? {};
    return assumed ? `your drawing, taken for a right ${name ?? predicted}` : "your drawing";
  }
  const name = data.classes ? (data.classes[sample.label] ?? sample.label) : null;
  return `${data.part} sample ${sample.index}${name === null ? "" : `, true ${name}`}`;
}

/** Between which steps it is. */
function stepWords(explanation, { frame }) {
  const step = explanation?.step ?? null;
  if (step === null) return "";
  const done = `after ${grouped(step)} step${step === 1 ? "" : "s"}`;
  if (frame?.scrub) return `the past: ${done}`;
  return explanation.batch ? `${done}, before step ${grouped(explanation.batch.step)}` : done;
}

/** Why an explanation tells of no update. */
function whyNoUpdate({ batch, kind }, { frame, session }) {
  if (batch) return `No update: ${kind} has no parameters, and neither has what feeds it.`;
  return frame?.scrub || session.mode === "replay"
    ? "No update: of this point the weights were recorded, but not what the optimizer remembers."
    : "No update: the step that would follow has no finite loss.";
}
return { sampleWords, stepWords, whyNoUpdate };
})();

// ── web/names.js
const $names = (() => {
const { figures } = $numbers;
const LOW = "₀₁₂₃₄₅₆₇₈₉";
const COLOURS = ["red", "green", "blue"];

/** 12 → "₁₂". */
function subscript(number) {
  return [...String(number)].map((digit) => LOW[digit] ?? digit).join("");
}

/** The weight that a byte stands for, with the digits that a byte can tell; beyond the limit, that it is. */
function weightText(byte, limit) {
  const value = ((byte - 128) / 127) * limit;
  if (byte === 1 || byte === 255) return `${value < 0 ? "≤" : "≥"} ${figures(value, 3)}`;
  const digits = Math.min(Math.max(Math.ceil(-Math.log10(limit / 127)), 0), 8);
  return (digits === 8 ? figures(value, 3) : value.toFixed(digits)).replace("-", "−");
}

/** What things are called: inputs, units, weights. */
function namesOf(session, stages, image) {
  const { classes, inputs, target, kind } = session.data;
  const last = stages.length - 1;

  function input(i) {
    if (image) {
      const channel = Math.floor(i / image.between) % image.channels;
      const [y, x] = [Math.floor(i / image.down) % image.h, Math.floor(i / image.across) % image.w];
      return `pixel (${y}, ${x})${image.channels === 3 ? ` ${COLOURS[channel]}` : ""}`;
    }
    return inputs?.[i] ?? (kind === "points" ? `x${subscript(i + 1)}` : `input ${i}`);
  }

  /** Of the unit's own layer: "unit 17", a class, or the target. */
  function unit(stage, j) {
    if (stage !== last) return `unit ${j}`;
    if (!classes) return stages[last].units === 1 ? (target ?? "y") : `${target ?? "y"} ${j}`;
    const name = `${classes[stages[last].units === 1 ? 1 : j] ?? j}`;
    return /^class/i.test(name) ? name : `class ${name}`;
  }

  const source = (stage, i) => (stage === 0 ? input(i) : unit(stage - 1, i));
  const matrix = (stage) => `W${subscript(stages[stage].number)}`;
  const is = (text) => (/^[≤≥]/.test(text) ? text : `= ${text}`);
  const weight = (stage, i, j, text) =>
    `${matrix(stage)}[${i}, ${j}] ${is(text)}: from ${source(stage, i)} to ${unit(stage, j)}`;
  const layer = (stage) => (stage === last ? "the last layer" : `hidden layer ${stages[stage].number}`);
  return { input, unit, source, matrix, weight, layer };
}
return { weightText, namesOf };
})();

// ── web/unit.js
const $unit = (() => {
const { cssColour, diverging } = $colours;
const { canvas, fill, h, say } = $dom;
const { scaleStrip } = $legend;
const { weightText } = $names;
const { figures } = $numbers;
const { tileAtlas } = $tiles;
/**
 * A chosen unit at large: its incoming weights as an image or side by side. A click looks inside a weight;
 * so do arrow keys and Enter. `hooks`: tip(event, text), open(stage, unit, input), light(input or null).
 */
function unitAtLarge(hooks) {
  const atlas = tileAtlas();
  const bars = canvas((pen, width, height) => drawBars(pen, width, height), { class: "net-bars" });
  const mark = h("i", { class: "net-weight-mark", hidden: true });
  const cursor = h("i", { class: "net-weight-mark cursor", hidden: true });
  const picture = h("div", { class: "net-unit-picture", tabIndex: 0, role: "group" });
  const spoken = h("span", { class: "hidden-text", role: "status" });
  const range = [h("span", {}), h("span", {})];
  const strip = scaleStrip();
  const scale = h("p", { class: "net-unit-scale" }, range[0], strip.element, range[1]);
  const element = h("figure", { class: "net-in" }, picture, scale, spoken);
  let shown = null; // {view, stage, unit, input}
  let at = null; // the input that the keys are at

  const image = () => (shown.stage === 0 ? shown.view.image : null);

  function choose(view, chosen) {
    const same = shown && chosen && shown.stage === chosen.stage && shown.unit === chosen.unit;
    shown = chosen && { view, ...chosen };
    if (!same) at = null;
    if (!chosen) return;
    const { inputs } = view.stages[chosen.stage];
    const size = image();
    strip.draw(Boolean(size && size.channels === 3));
    fill(picture, size ? atlas.element : bars.element, mark, cursor);
    picture.classList.toggle("image", Boolean(size));
    if (size) {
      atlas.lay({ count: 1, columns: 1, width: size.w, height: size.h, gap: 0, shrink: 1 });
      atlas.element.classList.add("crisp");
      atlas.element.style.aspectRatio = `${size.w} / ${size.h}`;
    }
    const name = `${inputs} weights into ${view.names.unit(chosen.stage, chosen.unit)}`;
    picture.setAttribute("aria-label", `${name}; arrow keys move, Enter looks inside`);
    draw();
  }

  function draw() {
    const matrix = shown?.view.matrix(shown.stage);
    if (!matrix) return;
    const { view, unit, input } = shown;
    const text = figures(matrix.limit, matrix.limit < 1 ? 1 : 2);
    say(range[0], `−${text}`);
    say(range[1], `+${text}`);
    put(mark, input ?? null);
    put(cursor, at);
    const size = image();
    if (!size) return bars.redraw();
    const { units } = view.stages[0];
    const column = new Uint8Array(matrix.q.length / units);
    for (let i = 0, from = unit; i < column.length; i += 1, from += units) column[i] = matrix.q[from];
    atlas.paint(column, 1, size, view.auto);
    const name = view.names.unit(shown.stage, unit);
    atlas.element.setAttribute("aria-label", `The ${column.length} weights into ${name} as an image`);
  }

  /** Put a frame around input i's weight. */
  function put(frame, i) {
    frame.hidden = i === null;
    if (i === null) return;
    const { w, h: tall } = gridOf();
    const [x, y] = placeOf(i);
    Object.assign(frame.style, {
      left: `${(100 * x) / w}%`,
      top: `${(100 * y) / tall}%`,
      width: `${100 / w}%`,
      height: `${100 / tall}%`,
    });
  }

  /** How many weights across and down. */
  const gridOf = () => image() ?? { w: shown.view.stages[shown.stage].inputs, h: 1, channels: 1 };

  function placeOf(i) {
    const size = image();
    if (!size) return [i, 0];
    return [Math.floor(i / size.across) % size.w, Math.floor(i / size.down) % size.h];
  }

  /** Which input a place stands for; of a colour image the channel that is chosen there, or red. */
  function inputAt(x, y, channel = 0) {
    const size = image();
    return size ? size.input(y, x, channel) : x;
  }

  const channelOf = (i) => (image() ? Math.floor(i / image().between) % image().channels : 0);

  /** All incoming weights side by side, up above zero and down below. */
  function drawBars(pen, width, height) {
    const matrix = shown && shown.view.matrix(shown.stage);
    if (!matrix) return;
    const { inputs, units } = shown.view.stages[shown.stage];
    const wide = width / inputs;
    for (let i = 0; i < inputs; i += 1) {
      const t = (matrix.q[i * units + shown.unit] - 128) / 127;
      pen.fillStyle = cssColour(diverging(Math.sign(t) * Math.max(Math.abs(t), 0.25)));
      pen.fillRect(i * wide, height / 2, Math.max(wide - (wide > 3 ? 1 : 0), 0.5), (-t * height) / 2);
    }
    bars.element.setAttribute("aria-label", `${inputs} incoming weights as bars, in the order of the inputs`);
  }

  function words(i) {
    const { view, stage, unit } = shown;
    const matrix = view.matrix(stage);
    if (!matrix) return "";
    const text = weightText(matrix.q[i * view.stages[stage].units + unit], matrix.limit);
    return view.names.weight(stage, i, unit, text);
  }

  function under(event) {
    if (!shown) return null;
    const box = picture.getBoundingClientRect();
    const { w, h: tall } = gridOf();
    const x = Math.floor(((event.clientX - box.left) / box.width) * w);
    const y = Math.floor(((event.clientY - box.top) / box.height) * tall);
    return x < 0 || y < 0 || x >= w || y >= tall ? null : inputAt(x, y);
  }

  function click(event) {
    let i = under(event);
    if (i === null) return;
    const size = image();
    if (size?.channels > 1 && shown.input !== undefined && `${placeOf(i)}` === `${placeOf(shown.input)}`)
      i += ((channelOf(shown.input) + 1) % size.channels) * size.between; // again: the next colour
    at = i;
    hooks.tip(event, null);
    hooks.open(shown.stage, shown.unit, i);
  }

  /** Where a key leads to from input i. */
  function moved(key, i) {
    const { w, h: tall, channels } = gridOf();
    const [x, y] = placeOf(i);
    const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
    if (by) return inputAt(within(x + by[0], w), within(y + by[1], tall), channelOf(i));
    if (key === "Home") return inputAt(0, y, channelOf(i));
    if (key === "End") return inputAt(w - 1, y, channelOf(i));
    if (key === "PageDown" || key === "PageUp")
      return inputAt(x, y, within(channelOf(i) + (key === "PageDown" ? 1 : -1), channels));
    return undefined;
  }

  function key(event) {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && at !== null) hooks.open(shown.stage, shown.unit, at);
    else {
      const to = moved(event.key, at ?? shown.input ?? middle());
      if (to === undefined) return;
      go(at === null && shown.input === undefined ? middle() : to);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function go(i) {
    at = i;
    put(cursor, at);
    hooks.light(i);
    say(spoken, i === null ? "" : words(i));
  }

  const middle = () => {
    const { w, h: tall } = gridOf();
    return inputAt(Math.floor(w / 2), Math.floor(tall / 2));
  };

  picture.addEventListener("pointermove", (event) => {
    const i = under(event);
    hooks.tip(event, i === null ? null : words(i));
    hooks.light(i);
  });
  picture.addEventListener("pointerleave", (event) => {
    hooks.tip(event, null);
    hooks.light(null);
  });
  picture.addEventListener("click", click);
  picture.addEventListener("keydown", key);
  picture.addEventListener("focus", () => {
    if (shown && picture.matches(":focus-visible")) go(at ?? shown.input ?? middle());
  });
  picture.addEventListener("blur", () => {
    hooks.light(null);
    at = null;
    cursor.hidden = true;
  });

  return { element, choose, draw, focus: () => picture.focus({ preventScroll: true }) };
}
return { unitAtLarge };
})();

// ── web/inside.js
const $inside = (() => {
const { atMost } = $calm;
const { onTheme } = $colours;
const { h, say } = $dom;
const { sentenceCase } = $format;
const { icon } = $icons;
const { asking } = $insideasking;
const { chainView } = $insidechain;
const { copyInFull } = $insidenumbers;
const { picturesView } = $insidepictures;
const { promise, sentence } = $insidesaid;
const { sectionsView } = $insidesections;
const { sampleWords, stepWords, whyNoUpdate } = $insidewords;
const { unitAtLarge } = $unit;
const CAN_STEP = ["ready", "running", "paused"];
const SAID_MS = 1500; // between two sentences for a screen reader

/**
 * Look inside: a chosen unit or weight at large, and the chain rule with the numbers that are in the network.
 * `hooks`: tip(event, text), open(stage, unit, input), close(), light(ends or null).
 */
function insidePanel(store, view, hooks) {
  const title = h("h3", {});
  const where = h("p", { class: "inside-where" });
  const back = h("button", { class: "button small", type: "button", hidden: true, onclick: goBack });
  const step = h(
    "button",
    { class: "button outlined", type: "button", "data-tip": "One batch, one update (→)", onclick: makeStep },
    icon("step"),
    h("span", {}, "step"),
  );
  const close = h(
    "button",
    {
      class: "icon-button",
      type: "button",
      ariaLabel: "Close",
      "data-tip": "Close (esc)",
      onclick: () => hooks.close(),
    },
    icon("close"),
  );
  const failure = h("p", { class: "inside-note warn", role: "status", hidden: true });
  const spoken = h("div", { class: "hidden-text", role: "status" });
  const lines = { light, open: openUnit, named, inNames, isOwn, linked: store.page };
  const unit = unitAtLarge({ tip: hooks.tip, open: hooks.open, light: lightInput });
  const [said, told, chain, sections] = [sentence(), promise(), chainView(lines), sectionsView(lines)];
  const pictures = picturesView(store);
  const summary = h("div", { class: "inside-summary" }, said.element, told.element, chain.element);
  const element = h(
    "section",
    { class: "inside", hidden: true, ariaLabel: "Look inside" },
    h("header", { class: "inside-bar" }, h("h2", {}, "Look inside"), back, step, close),
    h("div", { class: "inside-title" }, title, where),
    h("div", { class: "inside-head" }, unit.element, summary),
    pictures.element,
    failure,
    sections.element,
    spoken,
  );
  let chosen = null; // {stage, unit, input}
  let newest = null; // the explanation that is shown
  let trail = []; // what was looked at before

  const questions = asking(store, tell, fail);

  // ---- what is looked at

  /** Look at a unit or one of its weights, or at nothing. */
  function choose(next) {
    const before = chosen;
    if (before && next && !same(before, next)) trail = [...trail.slice(-20), before];
    if (!next) trail = [];
    chosen = next;
    element.hidden = !next;
    unit.choose(view, next);
    hooks.light(null);
    if (!next) {
      newest = null;
      pictures.close();
      return questions.want(null);
    }
    const { place } = view.stages[next.stage]; // another one where dropout came in
    questions.want({ layer: place, unit: next.unit, input: next.input ?? null });
    pictures.choose(view, next);
    drawHead();
    return undefined;
  }

  function goBack() {
    const to = trail.at(-1);
    if (!to) return;
    const rest = trail.slice(0, -1);
    hooks.open(to.stage, to.unit, to.input);
    trail = rest;
    drawHead();
  }

  function openUnit({ layer, unit: number }) {
    const stage = stageOf(layer);
    if (stage >= 0) hooks.open(stage, number);
    else if (chosen.stage === 0) hooks.open(0, chosen.unit, number); // an input: its weight into this unit
  }

  /** The stage that a layer's place belongs to; −1: the input. */
  function stageOf(place) {
    return view.stages.findLastIndex((stage) => stage.place <= place);
  }

  function named(at) {
    if (!at) return null;
    const stage = stageOf(at.layer);
    return stage < 0 ? view.names.input(at.unit) : view.names.unit(stage, at.unit);
  }

  /** A layer as the page calls it, and its place, which its symbols have: "the last layer (3)" of z⁽³⁾. */
  function inNames(words) {
    const name = (place) => `${view.names.layer(stageOf(Number(place)))} (${place})`;
    return words.replace(/layer (\d+) \(Dense\)/g, (_, place) => name(place));
  }

  /** Whether a term is that of the chosen weight. */
  function isOwn(at) {
    const { stage, input } = chosen;
    return Boolean(at) && input !== undefined && stageOf(at.layer) === stage - 1 && at.unit === input;
  }

  function makeStep() {
    store.send({ kind: "step" }).catch(() => {});
  }

  // ---- what was answered

  function tell(explanation) {
    newest = explanation;
    failure.hidden = true;
    sections.element.classList.remove("old");
    const { run, branch } = store.frame ?? {};
    const { layer, unit: number, weight } = explanation;
    told.update(explanation, JSON.stringify([run, branch, layer, number, weight]));
    said.update(explanation);
    chain.update(explanation);
    sections.update(explanation, whyNoUpdate(explanation, view));
    summary.hidden = false;
    drawHead();
    speak();
  }

  /** There is no answer: the last one stays if it is of the same thing, with why it is old. */
  function fail(message) {
    failure.hidden = false;
    say(failure, sentenceCase(message));
    const stays = newest && isOf(newest);
    summary.hidden = !stays;
    if (stays) sections.element.classList.add("old");
    else sections.clear();
  }

  function isOf({ layer, unit: number, weight }) {
    const input = weight ? weight[0] : undefined;
    return layer === view.stages[chosen.stage].place && number === chosen.unit && input === chosen.input;
  }

  const speak = atMost(SAID_MS, () => {
    if (!chosen || store.session?.status === "running") return;
    say(spoken, said.element.textContent + (told.element.hidden ? "" : ` ${told.element.textContent}`));
  });

  // ---- drawing

  function draw() {
    if (!chosen) return;
    unit.draw();
    pictures.draw();
    drawHead();
  }

  function drawHead() {
    if (!chosen) return;
    const { names } = view;
    const { stage, unit: number, input } = chosen;
    const own = `${names.unit(stage, number)} of ${names.layer(stage)}`;
    const whole = input === undefined ? sentenceCase(own) : `Weight from ${names.source(stage, input)} to ${own}`;
    say(title, whole);
    say(where, [sampleWords(newest, view), stepWords(newest, view)].filter(Boolean).join(" · "));
    const watching = store.hello?.role === "watch";
    step.hidden = watching;
    step.disabled = !CAN_STEP.includes(store.session?.status) || !store.open();
    back.hidden = !trail.length;
    say(back, trail.length ? `← ${shortName(trail.at(-1))}` : "");
  }

  function shortName({ stage, unit: number, input }) {
    const { names } = view;
    return input === undefined ? names.unit(stage, number) : `${names.matrix(stage)}[${input}, ${number}]`;
  }

  // ---- lights

  /** Light up in the picture what a term comes from, and the line to the unit that it goes into. */
  function light(term, line) {
    if (!term?.unit) return hooks.light(null);
    const ends = [term.unit, { layer: line.layer, unit: line.unit ?? chosen.unit }];
    const [from, to] = ends.map((end) => ({ stage: stageOf(end.layer), unit: end.unit }));
    const size = term.value;
    return hooks.light(from.stage <= to.stage ? { from, to, size } : { from: to, to: from, size });
  }

  function lightInput(i) {
    if (i === null || !chosen) return hooks.light(null);
    const from = { stage: chosen.stage - 1, unit: i };
    return hooks.light({ from, to: { stage: chosen.stage, unit: chosen.unit }, size: 1 });
  }

  /** Mark the terms of what is under the pointer in the picture: {stage, unit}, stage −1 for an input. */
  function mark(at) {
    if (!chosen) return;
    sections.mark(at && ((unit) => stageOf(unit.layer) === at.stage && unit.unit === at.unit));
  }

  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    hooks.close();
  });
  copyInFull(element);
  onTheme(pictures.recolour);
  store.on(["hello", "connection", "session"], drawHead);

  return { element, choose, draw, mark, focus: unit.focus };
}

const same = (a, b) => a.stage === b.stage && a.unit === b.unit && a.input === b.input;
return { insidePanel };
})();

// ── web/matrix.js
const $matrix = (() => {
const { divergingTable } = $colours;
const { h, say } = $dom;
const { figures } = $numbers;
const { weightText } = $names;
const { paintBlock, shrinkFor, words } = $tiles;
const SMALL_PX = 12; // the small font on a page of usual width

/**
 * A weight matrix as a heat-map. `rowsAreUnits`: a row a unit, a column an input of it; else, as it is
 * written, a row an input. CSS brings the canvas to its size.
 */
function heatMap(rowsAreUnits) {
  const element = h("canvas", { class: "net-heat", role: "img" });
  const pen = element.getContext("2d");
  let painted = null;
  let picture = null;

  function paint(q, inputs, units, shown) {
    const [nx, ny] = rowsAreUnits ? [inputs, units] : [units, inputs];
    const [across, down] = rowsAreUnits ? [units, 1] : [1, units];
    const ratio = window.devicePixelRatio || 1;
    const shrink = Math.min(shrinkFor(nx, shown.width * ratio), shrinkFor(ny, shown.height * ratio));
    const [width, height] = [Math.ceil(nx / shrink), Math.ceil(ny / shrink)];
    if (!picture || element.width !== width || element.height !== height) {
      [element.width, element.height] = [width, height];
      picture = pen.createImageData(width, height);
    }
    const block = { start: 0, across, down, nx, ny, shrink, lut: words(divergingTable()) };
    paintBlock(new Uint32Array(picture.data.buffer), 0, width, q, block);
    pen.putImageData(picture, 0, 0);
    element.classList.toggle("crisp", (shown.width * ratio) / nx >= 1.5);
  }

  return {
    element,
    /** Paint the bytes unless these very bytes are there already. */
    draw(q, inputs, units, room) {
      if (painted === q) return;
      const shown = room ?? element.getBoundingClientRect();
      if (!shown.width) return;
      painted = q;
      paint(q, inputs, units, shown);
    },
    forget() {
      painted = null;
    },
    /** Which weight is under the pointer: {i, j}, or null. */
    at(event, inputs, units) {
      const box = element.getBoundingClientRect();
      const [u, v] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      if (u < 0 || u >= 1 || v < 0 || v >= 1) return null;
      const [a, b] = rowsAreUnits ? [u, v] : [v, u];
      return { i: Math.floor(a * inputs), j: Math.floor(b * units) };
    },
  };
}

/** The matrices between deeper layers, one figure each, under the flow. `hooks`: tip(event, text), choose. */
function deeperMatrices(hooks) {
  const element = h("div", { class: "net-matrices" });
  let figuresNow = [];

  function build(view) {
    figuresNow = view.stages.slice(1).map((stage, k) => figureOf(view, stage, k + 1));
    element.replaceChildren(...figuresNow.map((figure) => figure.element));
    element.hidden = !figuresNow.length;
  }

  function figureOf(view, stage, place) {
    const map = heatMap(true);
    const caption = h("figcaption", {}, view.names.matrix(place)); // so that its line has its height
    const mark = h("i", { class: "net-mark", hidden: true }); // the chosen unit's row
    const cell = h("i", { class: "net-weight-mark", hidden: true }); // the chosen weight
    const classes =
      place === view.stages.length - 1 && stage.units > 1 && stage.units <= 26 && view.session.data.classes;
    const rows = classes
      ? h(
          "ol",
          { class: "net-rows", "aria-hidden": "true" },
          classes.map((name) => h("li", {}, name)),
        )
      : null;
    const body = h(
      "div",
      { class: "net-heat-box" },
      rows,
      h("div", { class: "net-heat-area" }, map.element, mark, cell),
    );
    const figure = h("figure", { class: "net-matrix" }, caption, body);
    const tall = heightOf(stage, view.stages.length);
    const wide = Math.min(Math.max((tall * stage.inputs) / stage.units, 72), 2.5 * tall);
    figure.style.setProperty("--rows", classes ? stage.units : 0);
    figure.style.setProperty("--tall", `calc(${tall / SMALL_PX} * var(--small))`); // with the text it grows
    figure.style.setProperty("--wide", `calc(${wide / SMALL_PX} * var(--small))`);
    figure.style.setProperty("--most", `${40 * stage.inputs}px`);
    figure.classList.toggle("last", place === view.stages.length - 1);
    figure.classList.toggle("named", Boolean(classes));
    const under = (event) => map.at(event, stage.inputs, stage.units);
    map.element.addEventListener("pointermove", (event) => {
      const found = under(event);
      const matrix = view.matrix(place);
      if (!found || !matrix) return hooks.tip(event, null);
      const text = weightText(matrix.q[found.i * stage.units + found.j], matrix.limit);
      hooks.tip(event, view.names.weight(place, found.i, found.j, text));
    });
    map.element.addEventListener("pointerleave", (event) => hooks.tip(event, null));
    map.element.addEventListener("click", (event) => {
      const found = under(event);
      if (found) hooks.choose(place, found.j, found.i);
    });
    return { element: figure, map, caption, mark, cell, stage, place };
  }

  function draw(view) {
    for (const { map, caption, mark, cell, stage, place } of figuresNow) {
      const matrix = view.matrix(place);
      if (!matrix) continue;
      map.draw(matrix.q, stage.inputs, stage.units);
      const size = `${view.names.matrix(place)} ${stage.units} × ${stage.inputs}`;
      const range = `±${figures(matrix.limit, matrix.limit < 1 ? 1 : 2)}`;
      say(caption, view.stages.length > 4 ? `${view.names.matrix(place)} ${range}` : `${size} · ${range}`);
      map.element.setAttribute(
        "aria-label",
        `${size} weights: a row a unit, a column an input; full colour at ${figures(matrix.limit)}`,
      );
      const chosen = view.chosen?.stage === place ? view.chosen.unit : null;
      mark.hidden = cell.hidden = chosen === null;
      if (chosen === null) continue;
      mark.style.top = `${(100 * chosen) / stage.units}%`;
      mark.style.height = `${100 / stage.units}%`;
      cell.hidden = view.chosen.input === undefined;
      if (cell.hidden) continue;
      const [left, width] = [view.chosen.input, 1].map((n) => `${(100 * n) / stage.inputs}%`);
      Object.assign(cell.style, { top: mark.style.top, height: mark.style.height, left, width });
    }
  }

  return { element, build, draw, forget: () => figuresNow.forEach(({ map }) => map.forget()) };
}

/** CSS pixels: a few matrices large, the many of a deep network small, none so flat that rows are lost. */
function heightOf({ units }, stages) {
  return Math.min(Math.max(units * 12, 14), stages > 5 ? 76 : 132);
}
return { heatMap, deeperMatrices };
})();

// ── web/sample.js
const $sample = (() => {
const { divergingTable, greyTable } = $colours;
const { h, say } = $dom;
const { figures } = $numbers;
const { words } = $tiles;
/** Paint an image of bytes (h, w[, 3]) into a canvas: grey ones as ink on paper. */
function paintImage(canvas, bytes, [height, width, channels = 1]) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  const out = new Uint32Array(picture.data.buffer);
  const ink = words(greyTable());
  for (let k = 0; k < out.length; k += 1) {
    out[k] =
      channels === 1
        ? ink[bytes[k]]
        : (255 << 24) | (bytes[3 * k + 2] << 16) | (bytes[3 * k + 1] << 8) | bytes[3 * k];
  }
  pen.putImageData(picture, 0, 0);
}

/** Paint the input as the network sees it: scaled numbers, as ink on paper; with negative ones, diverging. */
function paintInput(canvas, a0, { h: height, w: width, channels, input }) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  const out = new Uint32Array(picture.data.buffer);
  const [low, high] = rangeOf(a0);
  const [ink, signed] = [words(greyTable()), words(divergingTable())];
  const byte = (value) => Math.round(255 * Math.min(Math.max(value / high, 0), 1) || 0);
  for (let y = 0, k = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, k += 1) {
      const value = a0[input(y, x)];
      if (channels === 3) {
        const shade = (c) => byte(low < 0 ? (a0[input(y, x, c)] - low) / 2 : a0[input(y, x, c)]);
        out[k] = (255 << 24) | (shade(2) << 16) | (shade(1) << 8) | shade(0);
      } else if (low < 0) out[k] = signed[128 + Math.round((127 * value) / high)];
      else out[k] = ink[byte(value)];
    }
  }
  pen.putImageData(picture, 0, 0);
}

/** Least and most that the inputs may be: 1 or 255 where they fit, so that a dim image stays dim. */
function rangeOf(values) {
  let [low, most] = [0, 0];
  for (const value of values) {
    if (value < low) low = value;
    if (Math.abs(value) > most) most = Math.abs(value);
  }
  return [low, most <= 1.001 ? 1 : most <= 255 && most > 20 && low >= 0 ? 255 : most];
}

/** The strip to choose a sample from: thumbnails, or rows of a table; next and random. */
function sampleChooser(store) {
  const list = h("div", { class: "net-samples", role: "listbox", ariaLabel: "Samples to choose from" });
  const said = h("p", { class: "net-sample-said" });
  const next = h(
    "button",
    { class: "button outlined small", type: "button", onclick: () => choose(following(1)) },
    "next",
  );
  const random = h(
    "button",
    {
      class: "button outlined small",
      type: "button",
      onclick: () => ask({ random: true }),
    },
    "random",
  );
  const own = h(
    "button",
    {
      class: "button outlined small net-own",
      type: "button",
      hidden: true,
      ariaLabel: "draw your own",
      dataset: { tip: "Draw a digit of your own, and send it through the network (d)" },
      onclick: openPad,
    },
    "draw",
  );
  const element = h(
    "div",
    { class: "net-chooser" },
    h("div", { class: "net-chooser-head" }, said, next, random, own),
    list,
  );
  let known = null;
  let options = [];
  let indices = [];

  function ask(wish) {
    if (store.hello?.role !== "watch") store.send({ kind: "sample", ...wish }).catch(() => {});
  }

  function openPad() {
    own.dispatchEvent(new CustomEvent("draw", { bubbles: true }));
  }

  const choose = (at) => indices[at] !== undefined && ask({ index: indices[at] });
  const here = () => indices.indexOf(store.session?.sample?.index);
  const following = (by) => (here() + by + indices.length) % Math.max(indices.length, 1);

  function build(data) {
    known = data;
    const thumbs = data.samples === "images";
    element.dataset.kind = data.samples;
    if (thumbs) [options, indices] = [thumbnails(data), Array.from(data.array.index)];
    else if (data.samples === "table")
      [options, indices] = [tableRows(data), data.rows.map((row) => row.index)];
    else [options, indices] = [[], placesOf(data).filter((place) => place >= 0)];
    list.replaceChildren(...(data.samples === "table" ? [columnsOf(data)] : []), ...options);
    list.hidden = !options.length;
  }

  const option = (at, label, ...inside) =>
    h(
      "button",
      { type: "button", role: "option", tabIndex: -1, ariaLabel: label, onclick: () => choose(at) },
      ...inside,
    );

  function labelOf(value) {
    const classes = store.session?.data.classes;
    return classes ? (classes[value] ?? value) : value;
  }

  function thumbnails(data) {
    const [, ...shape] = data.shape.images;
    const size = shape.reduce((a, b) => a * b, 1);
    return Array.from(data.array.index, (index, at) => {
      const canvas = h("canvas", { "aria-hidden": "true" });
      paintImage(canvas, data.array.images.subarray(at * size, (at + 1) * size), shape);
      const answer = data.array.labels ? labelOf(data.array.labels[at]) : data.array.values?.[at];
      return option(at, `sample ${index}: ${answer}`, canvas);
    });
  }

  function columnsOf(data) {
    const names = data.columns.map((name) => h("span", { title: name }, name));
    return h(
      "div",
      { class: "net-columns", "aria-hidden": "true" },
      h("i", {}, "no."),
      h("b", {}, "true"),
      ...names,
    );
  }

  function tableRows(data) {
    return data.rows.map((row, at) => {
      const texts = row.text.map((text, k) => h("span", { title: `${data.columns[k]}: ${text}` }, text));
      const words = row.text.map((text, k) => `${data.columns[k]} ${text}`).join(", ");
      const label = h("b", {}, `${labelOf(row.label)}`);
      return option(
        at,
        `row ${row.index}, ${labelOf(row.label)}: ${words}`,
        h("i", {}, `${row.index}`),
        label,
        ...texts,
      );
    });
  }

  function draw() {
    const { session, data, hello } = store;
    if (!session || !data) return;
    if (known !== data) build(data);
    const at = here();
    options.forEach((button, k) => {
      const chosen = k === at;
      if (
        (button.getAttribute("aria-selected") === "true") !== chosen ||
        !button.hasAttribute("aria-selected")
      ) {
        button.setAttribute("aria-selected", chosen);
        if (chosen) reveal(button);
      }
      button.tabIndex = k === Math.max(at, 0) ? 0 : -1;
      button.disabled = hello?.role === "watch";
    });
    next.disabled = !indices.length || hello?.role === "watch";
    random.disabled = hello?.role === "watch";
    own.hidden = !session.reads || !hello?.draws;
    own.classList.toggle("chosen", Boolean(session.sample?.drawing));
    said.hidden = data.samples === "images"; // there, it stands under the image
    say(said, spoken(session));
  }

  /** Bring a thumbnail into the strip without scrolling the page. */
  function reveal(button) {
    const [from, to] = [button.offsetLeft - list.offsetLeft, button.offsetTop - list.offsetTop];
    if (from < list.scrollLeft || from + button.offsetWidth > list.scrollLeft + list.clientWidth) {
      list.scrollLeft = from - list.clientWidth / 2;
    }
    if (to < list.scrollTop || to + button.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = to - list.clientHeight / 2;
    }
  }

  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = { Home: 0, End: options.length - 1 }[event.key];
    if (by === undefined && to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const focused = options.indexOf(list.getRootNode().activeElement);
    const at = to ?? Math.min(Math.max((focused < 0 ? here() : focused) + by, 0), options.length - 1);
    options[at]?.focus({ preventScroll: true });
    if (options[at]) reveal(options[at]);
    choose(at);
  });

  const repaint = () => {
    known = null;
    draw();
  };
  return { element, draw, repaint };
}

function spoken({ data, sample }) {
  if (!sample) return "";
  if (sample.drawing) return "your drawing";
  const truth = data.classes ? (data.classes[sample.label] ?? sample.label) : figures(sample.label);
  return `${data.part} sample ${sample.index} · true ${truth}`;
}

/** The place of each point in the judged part, −1 for the others; where the message is silent, in order. */
function placesOf({ array }) {
  let next = 0;
  return Array.from(array.index ?? Array.from(array.held, (is) => (is ? next++ : -1)));
}
return { paintInput, sampleChooser, placesOf };
})();

// ── web/answers.js
const $answers = (() => {
const { categorical } = $colours;
const { h, say } = $dom;
const { percent } = $format;
const { figures } = $numbers;
const NARROWEST_TEXT = 9; // CSS pixels of a row: lower, only bars are shown

/** What the network says for the sample: probabilities by class as bars, or values as numbers. */
function answers(hooks) {
  const element = h("ol", { class: "net-answers" });
  let rows = [];
  let box = null;
  let pitch = 0;
  let single = false; // one output stands for two classes: the probability of the second

  function build(view) {
    const { classes, kind, target } = view.session.data;
    const names = classes ?? valueNames(view, target);
    single = Boolean(classes) && view.stages.at(-1).units === 1;
    rows = names.map((name, k) => rowOf(view, name, k, Boolean(classes), kind === "points"));
    element.replaceChildren(...rows.map((row) => row.element));
    element.classList.toggle("values", !classes);
    const longest = Math.max(...names.map((name) => `${name}`.length), 1) + (kind === "points" ? 2 : 0);
    element.style.setProperty("--name", `${Math.min(Math.max(longest, 1.6), 12)}ch`);
  }

  function rowOf(view, name, k, isClass, swatch) {
    const bar = h("i", {});
    const value = h("b", {});
    const mark = h("span", { class: "net-true" });
    const dot =
      swatch && isClass ? h("i", { class: "net-swatch", style: { background: categorical(k) } }) : null;
    const label = h("span", { class: "net-name", title: name }, dot, name);
    const element = h("li", {}, label, isClass ? h("span", { class: "net-bar" }, bar) : null, value, mark);
    const unit = single ? 0 : k;
    const stage = view.stages.length - 1;
    element.addEventListener("click", () => hooks.choose(stage, unit));
    element.addEventListener("pointerenter", () => hooks.hover({ stage, unit }));
    element.addEventListener("pointerleave", () => hooks.hover(null));
    return { element, bar, value, mark, dot, name };
  }

  function lay(place) {
    box = place;
    const n = Math.max(rows.length, 1);
    pitch = Math.min(box.height / n, n > 3 ? 34 : 46);
    element.style.left = `${box.x}px`;
    element.style.width = `${box.width}px`;
    element.style.top = `${top()}px`;
    element.style.setProperty("--pitch", `${pitch}px`);
    element.classList.toggle("tiny", pitch < NARROWEST_TEXT);
    element.classList.toggle("dense", pitch < 17);
  }

  const top = () => box.y + Math.max((box.height - pitch * rows.length) / 2, 0);

  /** Draw what the last layer gives; returns what there is to say in words. */
  function draw(view) {
    const last = view.stages.length - 1;
    const is = (mark, k) => mark?.stage === last && mark.unit === (single ? 0 : k);
    rows.forEach(({ element: row }, k) => {
      row.classList.toggle("cursor", is(view.cursor, k));
      row.classList.toggle("chosen", is(view.chosen, k));
      row.classList.toggle("lit", is(view.lit?.from, k) || is(view.lit?.to, k));
    });
    const given = view.answer();
    if (!given) return "";
    return view.session.data.classes ? drawClasses(view, given) : drawValues(view, given);
  }

  function drawClasses(view, p) {
    const truth = view.session.sample?.label;
    const best = p.every(Number.isFinite) ? p.indexOf(Math.max(...p)) : -1; // diverged: none
    rows.forEach(({ element: row, bar, value, mark }, k) => {
      bar.style.transform = `scaleX(${Number.isFinite(p[k]) ? p[k].toFixed(4) : 0})`;
      say(value, best < 0 ? "–" : p[k] < 0.005 ? "" : p[k].toFixed(2));
      row.classList.toggle("predicted", k === best);
      row.classList.toggle("truth", k === truth);
      say(mark, k === truth ? (k === best ? "✓" : "true") : "");
    });
    if (best < 0) return "no answer: its numbers are not finite";
    const named = (k) => view.session.data.classes[k] ?? k;
    const sure = percent(p[best], 0);
    return `predicted ${named(best)} with ${sure}, ${best === truth ? "right" : `true is ${named(truth)}`}`;
  }

  function drawValues(view, given) {
    const truth = view.session.sample?.label;
    rows.forEach(({ value, mark }, k) => {
      say(value, figures(given[k]));
      say(mark, k === 0 && truth !== undefined && truth !== null ? `true ${figures(truth)}` : "");
    });
    return `predicted ${figures(given[0])}, true ${figures(truth)}`;
  }

  /** Where a line to unit j of the last layer ends. */
  function anchor(j, upright) {
    const row = Math.min(single ? 1 : j, rows.length - 1);
    const y = top() + (row + 0.5) * pitch;
    return { x: box.x - 4, y, sideways: upright };
  }

  const recolour = () => rows.forEach(({ dot }, k) => dot && (dot.style.background = categorical(k)));
  return { element, build, lay, draw, anchor, recolour };
}

function valueNames(view, target) {
  const count = view.stages.at(-1).units;
  const name = target ?? "y";
  return count === 1 ? [name] : Array.from({ length: count }, (_, k) => `${name} ${k + 1}`);
}
return { answers };
})();

// ── web/planes.js
const $planes = (() => {
/** The plane of a point's inputs: what of it is shown, and what each first-layer unit makes of it. */

const PLANE_TILE = 20; // values across of a unit's picture of the plane
const ROOM = 0.06; // of the height above and below the points

/** What the picture spans: the network's own grid or line, else the points themselves. */
function rangeOf(frame, data) {
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
function heightOf({ array, shape }) {
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
function halfPlanes({ frame, data, session, stages }, matrix) {
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
return { PLANE_TILE, rangeOf, heightOf, halfPlanes };
})();

// ── web/boundary.js
const $boundary = (() => {
const { categorical, cssColour, ground } = $colours;
const { h, say } = $dom;
const { figures } = $numbers;
const { heightOf, rangeOf } = $planes;
const { placesOf } = $sample;
const FAINTEST = 0.1; // of a class's colour where the network only guesses
const DEEPEST = 0.72; // where it is sure; points must still stand out
const PICKS_WITHIN = 14; // CSS pixels

/** What the network says over the plane, or along its one input, under the points; a click chooses one. */
function plane(hooks) {
  const area = h("canvas", { class: "net-area", role: "img" });
  const dots = h("canvas", { class: "net-dots", "aria-hidden": "true" });
  const line = h("canvas", { class: "net-dots", "aria-hidden": "true" });
  const corner = (name) => h("span", { class: `net-${name}` });
  const ends = { low: corner("low"), high: corner("high"), up: corner("up") };
  const key = h("p", { class: "net-key" });
  const under = Object.values(ends); // a point in a corner is not hidden by what stands there
  const element = h("div", { class: "net-plane" }, area, ...under, dots, line, key);
  const pen = area.getContext("2d");
  let box = null;
  let range = null; // {x: [low, high], y: [low, high]} of what is shown
  let painted = null;
  let dotted = "";

  function lay(place) {
    box = place;
    Object.assign(element.style, {
      left: `${box.x}px`,
      top: `${box.y}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    });
    forget();
  }

  function forget() {
    [painted, dotted] = [null, ""];
  }

  function draw(view) {
    const { frame, data } = view;
    if (!box || !data?.array.points) return;
    const seen = rangeOf(frame, data);
    if (!seen) return;
    if (JSON.stringify(seen) !== JSON.stringify(range)) [range, dotted] = [seen, ""];
    element.classList.toggle("line", Boolean(frame.array.line));
    if (frame.array.grid && painted !== frame.array.grid) drawGrid(frame, view.session.data.classes.length);
    if (frame.array.line && painted !== frame.array.line) drawLine(frame);
    drawDots(view);
  }

  function drawGrid(frame, classes) {
    painted = frame.array.grid;
    const side = frame.grid.side;
    if (area.width !== side) [area.width, area.height] = [side, side];
    const picture = pen.createImageData(side, side);
    const out = new Uint32Array(picture.data.buffer);
    const shades = Array.from({ length: classes }, (_, k) => shadesOf(k, classes));
    for (let row = 0, at = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1, at += 2) {
        out[(side - 1 - row) * side + column] = shades[painted[at]]?.[painted[at + 1]] ?? 0;
      }
    }
    pen.putImageData(picture, 0, 0);
  }

  function drawLine(frame) {
    painted = frame.array.line;
    const { context, width, height } = sized(line, box);
    const x = (k) => (k / (painted.length - 1)) * width;
    const y = (value) => height - ((value - range.y[0]) / (range.y[1] - range.y[0])) * height;
    context.beginPath();
    painted.forEach((value, k) => context.lineTo(x(k), Math.min(Math.max(y(value), -9), height + 9)));
    const { paper } = ground();
    for (const [colour, wide] of [
      [cssColour(paper), 5],
      [accentOf(element), 2.5],
    ]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: wide, lineJoin: "round" });
      context.stroke();
    }
  }

  /** Points change with the data, the size, the theme and the sample only. */
  function drawDots({ data, session }) {
    const here = session.sample?.index ?? -1;
    const now = `${here} ${box.width} ${box.height} ${ground().dark}`;
    if (dotted === now) return;
    dotted = now;
    const { context, width, height } = sized(dots, box);
    const spots = spotsOf(data, range, width, height);
    const size = Math.min(Math.max(Math.sqrt((width * height) / spots.length) / 8, 1.6), 4.5);
    const { paper, ink } = ground();
    for (const { x, y, k, held } of spots) {
      const colour = k === null ? cssColour(ink, 0.55) : categorical(k);
      context.beginPath();
      context.arc(x, y, held ? size + 0.6 : size, 0, 7);
      context.fillStyle = held ? cssColour(paper) : colour;
      context.strokeStyle = held ? colour : cssColour(paper, 0.85);
      context.lineWidth = held ? 1.6 : 0.9;
      context.fill();
      context.stroke();
    }
    const chosen = spots.find(({ index }) => index === here);
    if (chosen) {
      for (const [colour, wide] of [
        [paper, 5],
        [ink, 2.5],
      ]) {
        context.beginPath();
        context.arc(chosen.x, chosen.y, size + 4, 0, 7);
        Object.assign(context, { strokeStyle: cssColour(colour), lineWidth: wide });
        context.stroke();
      }
    }
    say(ends.low, figures(range.x[0], 2));
    say(ends.high, `${session.data.inputs?.[0] ?? "x₁"} ${figures(range.x[1], 2)}`);
    const upward =
      data.shape.points[1] === 2 ? (session.data.inputs?.[1] ?? "x₂") : (session.data.target ?? "y");
    say(ends.up, `${upward} ${figures(range.y[1], 2)}`);
    const held = spots.filter((spot) => spot.held).length;
    say(key, `● ${spots.length - held} training${held ? `  ○ ${held} validation: click one` : ""}`);
  }

  element.addEventListener("click", (event) => {
    const spot = nearest(event);
    if (spot) hooks.sample(spot.index);
  });

  element.addEventListener("pointermove", (event) => {
    element.classList.toggle("can", Boolean(nearest(event)));
    hooks.tip(event, hooks.describe(event, at(event)));
  });
  element.addEventListener("pointerleave", (event) => hooks.tip(event, null));

  function at(event) {
    const place = element.getBoundingClientRect();
    const [u, v] = [
      (event.clientX - place.left) / place.width,
      1 - (event.clientY - place.top) / place.height,
    ];
    const on = ([low, high], share) => low + share * (high - low);
    return range && { x: on(range.x, u), y: on(range.y, v), u, v };
  }

  /** The point of the judged part nearest to the pointer. */
  function nearest(event) {
    const data = hooks.data();
    if (!range || !data?.array.points) return null;
    const place = element.getBoundingClientRect();
    const [px, py] = [event.clientX - place.left, event.clientY - place.top];
    let [best, least] = [null, PICKS_WITHIN];
    for (const spot of spotsOf(data, range, place.width, place.height)) {
      const far = Math.hypot(spot.x - px, spot.y - py);
      if (spot.index >= 0 && far < least) [best, least] = [spot, far];
    }
    return best;
  }

  return { element, lay, draw, forget, label: (words) => area.setAttribute("aria-label", words) };
}

/** Points as they lie in a picture of this size: class (null for values), held out, place to choose. */
function spotsOf(data, range, width, height) {
  const { points, labels, held } = data.array;
  const D = data.shape.points[1];
  const index = placesOf(data);
  const high = heightOf(data);
  const spot = (n) => ({
    x: ((points[n * D] - range.x[0]) / (range.x[1] - range.x[0])) * width,
    y: height - ((high(n) - range.y[0]) / (range.y[1] - range.y[0])) * height,
    k: labels ? labels[n] : null,
    held: held[n] === 1,
    index: index[n],
  });
  return Array.from(held, (_, n) => spot(n));
}

/** The 256 colours of a class by confidence: a mere tint at a guess, deep where the network is sure. */
function shadesOf(k, classes) {
  const { paper } = ground();
  const colour = rgbOf(categorical(k));
  return Uint32Array.from({ length: 256 }, (_, c) => {
    const sure = Math.max(0, (c / 255 - 1 / classes) / (1 - 1 / classes));
    const share = FAINTEST + (DEEPEST - FAINTEST) * sure;
    const [r, g, b] = colour.map((value, i) => Math.round(share * value + (1 - share) * paper[i]));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

function rgbOf(css) {
  if (css.startsWith("#")) return [1, 3, 5].map((i) => parseInt(css.slice(i, i + 2), 16));
  return css.match(/\d+/g).slice(0, 3).map(Number);
}

const accentOf = (element) => getComputedStyle(element).getPropertyValue("--accent").trim() || "#0a7566";

/** A cleared pen on a canvas that fills the box. */
function sized(canvas, { width, height }) {
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return { context, width, height };
}
return { plane };
})();

// ── web/links.js
const $links = (() => {
const { drawCells, drawFrames, drawLinks, drawNames, drawRing, isOnLink, strongest } = $flow;
const { unitAt } = $geometry;
const LINKS = 150; // lines in all between layers
const [FEWEST, MOST] = [12, 40]; // between two of them
const NEAR = 3; // CSS pixels: so close to a link, it is meant

/**
 * Draw the sample's way: units lit by what they give, the strongest contributions as lines, and rings around
 * the chosen unit, the one with the cursor, the hovered one. `anchor(j)`: where lines to answers end.
 * Returns what `linkUnder` needs: for each stage the contributions `found`, `from` and `to`.
 */
function drawLayers(pen, view, plan, anchor, rule) {
  const { stages } = view;
  const tiled = view.session.data.kind !== "table";
  const most = Math.round(Math.min(Math.max(LINKS / stages.length, FEWEST), MOST));
  const lit = stages.map((stage, k) => litOf(view, k));
  const links = stages.map((stage, k) =>
    linksInto(view, k, k ? lit[k - 1].values : view.frame.array.a0, most),
  );
  const [from, to] = ends(view, plan, anchor);
  links.forEach((found, k) => {
    if (k === 0 && !plan.picture) return;
    drawLinks(pen, found, from(k), to(k), { ...styleOf(plan, k), veil: tiled ? veilOf(plan, k) : {} });
  });
  plan.units.forEach((box, k) => {
    if (box) (k === 0 && tiled ? drawFrames : drawCells)(pen, box, lit[k].values, lit[k].light, rule);
  });
  if (stages.length === 1 && tiled) {
    drawOwn(pen, plan, lit[0], from(1), anchor);
    drawNames(pen, plan.units[0], view.session.data.classes ?? [], plan.small);
  }
  drawMarks(pen, view, plan);
  const shown = view.lit ?? endsOf(view.hover);
  if (shown) drawLit(pen, view, plan, shown, { from, to });
  const { upright } = plan;
  return links.map((found, k) => {
    const drawn = k > 0 || Boolean(plan.picture);
    return { found, drawn, from: drawn ? from(k) : null, to: drawn ? to(k) : null, upright };
  });
}

/** The link drawn at a point, as the weight it stands for: {stage, unit, input}, or null. */
function linkUnder(pen, links, x, y) {
  for (const [stage, { found, drawn, from, to, upright }] of links.entries()) {
    if (!drawn) continue;
    const hit = found.find(({ i, j }) => isOnLink(pen, from(i), to(j), upright, x, y, NEAR));
    if (hit) return { stage, unit: hit.j, input: hit.i };
  }
  return null;
}

/** What the pointer or the keys are at in the derivation: both ends in rings, and the link between them. */
function drawLit(pen, view, plan, lit, { from, to }) {
  const k = lit.to.stage;
  if (lit.from.stage === k - 1 && (k > 0 || plan.picture)) {
    const link = [{ i: lit.from.unit, j: lit.to.unit, size: lit.size || 1e-9 }];
    drawLinks(pen, link, from(k), to(k), { upright: plan.upright, widest: 3 });
  }
  for (const { stage, unit } of [lit.from, lit.to]) {
    if (stage < 0) drawPixel(pen, plan, view.image, unit);
    else if (plan.units[stage]) drawRing(pen, unitAt(plan.units[stage], unit), 2.5);
  }
}

/** The ends of the link under the pointer, if there is one. */
function endsOf(hover) {
  if (hover?.link === undefined) return null;
  const { stage, unit, link } = hover;
  return { from: { stage: stage - 1, unit: link }, to: { stage, unit }, size: 1 };
}

/** A ring around input i's pixel in the picture of the sample. */
function drawPixel(pen, { picture }, image, i) {
  if (!picture || !image) return;
  const [w, h] = [picture.width / image.w, picture.height / image.h];
  const [x, y] = [Math.floor(i / image.across) % image.w, Math.floor(i / image.down) % image.h];
  const grown = Math.max(0, 3 - w / 2);
  const corner = { x: picture.x + x * w - grown, y: picture.y + y * h - grown };
  drawRing(pen, { ...corner, w: w + 2 * grown, h: h + 2 * grown }, 2);
}

/** A stage's activations and what is full light among them. Of the last stage, what goes into the answer. */
function litOf(view, k) {
  const { activation, place } = view.stages[k];
  const last = k === view.stages.length - 1;
  const values = last ? view.frame.array[`a${place}`] : view.activation(k);
  return { values, light: view.lights.of(k, values ?? [], !last && /Tanh|Sigmoid/.test(activation ?? "")) };
}

/** The strongest contributions of `a` to stage k; a point's two inputs are seen in the tiles themselves. */
function linksInto(view, k, a, most) {
  const matrix = view.matrix(k);
  if (!matrix || !a || (k === 0 && view.session.data.kind === "points")) return [];
  const { inputs, units } = view.stages[k];
  return strongest(a, matrix.q, inputs, units, most);
}

/** No hidden layer: each class's image and its answer belong together. */
function drawOwn(pen, plan, { values, light }, from, to) {
  const links = Array.from(values ?? [], (value, j) => ({ i: j, j, size: value / light }));
  const drawn = links.filter(({ size }) => Number.isFinite(size) && size);
  drawn.sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
  drawLinks(pen, drawn, from, to, { upright: plan.upright, veil: veilOf(plan, 1) });
}

function drawMarks(pen, view, plan) {
  const marks = [
    [view.chosen, 2],
    [view.cursor, 1.5],
    [view.hover, 1.25],
  ];
  const { stage, input } = view.chosen ?? {};
  if (stage === 0 && input !== undefined) drawPixel(pen, plan, view.image, input);
  for (const [mark, wide] of marks) {
    const box = mark && plan.units[mark.stage];
    if (box) drawRing(pen, unitAt(box, mark.unit), wide);
  }
}

/** Lines from pixels are fine ones; between layers that stand close, finer than between distant ones. */
function styleOf({ upright, gap }, k) {
  if (k === 0) return { upright, widest: 0.8, strength: 0.6 };
  return { upright, widest: Math.min(Math.max(gap / 18, 0.9), 2.2) };
}

/** Where lines into (k = 0) or out of the tiles pass over other tiles. */
function veilOf({ units: [box], upright }, k) {
  if (!box || k > 1) return {};
  if (k === 0) return { end: upright ? box.y : box.x };
  return { start: upright ? box.y + box.height : box.x + box.width };
}

/** Where lines into stage k begin and end: functions of k that give one of a unit's number. */
function ends(view, plan, anchor) {
  const last = view.stages.length - 1;
  const side = (box, j, forward) => {
    const { x, y, w, h } = unitAt(box, j);
    return plan.upright ? { x: x + w / 2, y: y + forward * h } : { x: x + forward * w, y: y + h / 2 };
  };
  const from = (k) => (k ? (i) => side(plan.units[k - 1], i, 1) : pixel(plan, view.image));
  const to = (k) => (k === last && (k > 0 || !plan.units[k]) ? anchor : (j) => side(plan.units[k], j, 0));
  return [from, to];
}

/** Where pixel i is, and the edge of the picture that its line leaves by. */
function pixel({ picture, upright }, { w, h, across, down }) {
  const { x, y, width, height } = picture;
  const edge = upright ? y + height : x + width;
  const middle = (place, count) => ((place % count) + 0.5) / count;
  return (i) => ({
    edge,
    x: x + middle(Math.floor(i / across), w) * width,
    y: y + middle(Math.floor(i / down), h) * height,
  });
}
return { drawLayers, linkUnder };
})();

// ── web/placing.js
const $placing = (() => {
const { h } = $dom;
const { PLANE_TILE } = $planes;
const { shrinkFor } = $tiles;
const CRISP = 1.75; // device pixels a weight: from here its square is seen, below it is smoothed

/** Put a part at a place given in CSS pixels; without a height, it is as high as it is. */
function put(part, { x, y, width, height }) {
  const tall = height === undefined ? "" : `${height}px`;
  Object.assign(part.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: tall });
}

/** What a first-layer unit's tile holds: values across and down, and the gap after it. */
function tileShape(image) {
  const { w: width, h: height } = image ?? { w: PLANE_TILE, h: PLANE_TILE };
  const gap = Math.max(2, Math.round(width * 0.11));
  return { width, height, gap, aspect: (width + gap) / (height + gap) };
}

/** Lay the atlas out in the first box of the plan, with no more values than there are pixels to show them. */
function placeTiles(atlas, box, { width, height, gap }) {
  const ratio = window.devicePixelRatio || 1;
  const { grid } = box;
  const shrink = shrinkFor(width, ((grid.pitchX * width) / (width + gap)) * ratio);
  const between = Math.max(Math.round(gap / shrink), 1);
  const [across, down] = [Math.ceil(width / shrink), Math.ceil(height / shrink)];
  atlas.lay({ count: grid.count, columns: grid.columns, width, height, gap: between, shrink });
  grid.w = (grid.pitchX * across) / (across + between);
  grid.h = (grid.pitchY * down) / (down + between);
  put(atlas.element, { ...box, height: grid.rows * grid.pitchY });
  atlas.element.classList.toggle("crisp", (grid.w * ratio) / across >= CRISP);
}

/** Where the input image is: at the top of its column, or on the left. */
function pictureIn({ input, upright }, image) {
  const height = Math.min((input.width * image.h) / image.w, upright ? input.height : input.height / 2);
  return { x: input.x, y: input.y, width: (height * image.w) / image.h, height };
}

/** Where the plane of points is: a square in the middle of its column, with a line under it. */
function squareIn({ input, upright, small }) {
  const side = Math.min(input.width, input.height);
  const above = upright ? 0 : Math.max((input.height - side - 1.6 * small) / 2, 0);
  return { x: input.x, y: input.y + above, width: side, height: side };
}

/** The caption and what else there is to choose: under the image, or beside it. */
function placeChooser(caption, chooser, { input, picture, upright, gap, small }, wide) {
  const { x, y, width, height } = picture;
  const line = small * 1.6;
  if (upright) {
    const beside = { x: x + width + 12, width: wide - width - 12 };
    put(caption, { ...beside, y: y - 3 });
    put(chooser, { ...beside, y: y + line, height: height - line });
    return;
  }
  const top = y + height + 3;
  put(caption, { x, y: top, width: width + gap });
  const rest = input.height - height - line - 3;
  put(chooser, { x, y: top + line, width: Math.max(width, 6.6 * small), height: rest });
}

/** The headings over the layers: how many units, and what they do; as much of it as there is room for. */
function headings(view, plan) {
  const { input, table, units, small, upright } = plan;
  const list = [];
  const head = (x, width, y, text, title = text) => {
    const span = h("span", { title }, text);
    const maxWidth = `${Math.max(width, 2.4 * small)}px`;
    Object.assign(span.style, { left: `${x}px`, top: `${y - 1.55 * small}px`, maxWidth });
    list.push(span);
  };
  if (view.session.data.kind !== "points") head(input.x, input.width, input.y, inputWords(view));
  if (table) head(table.x, table.width, table.y, `${view.names.matrix(0)}: features × units`);
  units.forEach((box, k) => {
    if (!box) return;
    const words = unitsWords(view, k);
    const beside = upright && k > 0; // a row of units has its number on the left
    if (beside) return head(0, 2 * small, box.y + box.height / 2 + 0.85 * small, words[2], words[0]);
    const room = box.width + 0.85 * plan.gap;
    const text = words.find((some) => 0.58 * small * some.length < room) ?? words[2];
    head(box.x, room, box.y, text, words[0]);
  });
  return list;
}

function inputWords({ image, stages }) {
  if (!image) return `${stages[0].inputs} inputs`;
  return `input ${image.h} × ${image.w}${image.channels === 3 ? " × 3" : ""}`;
}

/** In full, short, and the number alone. */
function unitsWords({ stages, session }, k) {
  const { units, activation } = stages[k];
  if (k === stages.length - 1) {
    return [
      `${units} units, one a ${session.data.classes ? "class" : "value"}`,
      `${units} units`,
      `${units}`,
    ];
  }
  const does = activation ?? "linear";
  return [`${units} ${does} units`, `${units} ${does}`, `${units}`];
}
return { put, tileShape, placeTiles, pictureIn, squareIn, placeChooser, headings };
})();

// ── web/pointing.js
const $pointing = (() => {
const { unitAt, unitUnder } = $geometry;
const { weightText } = $names;
const { figures } = $numbers;
const PICKED_FROM = 5; // CSS pixels of a weight in a tile: smaller ones are chosen in the unit at large

/**
 * Hover and click on the stage: the weight, unit, pixel or link under the pointer in words; a click looks
 * inside. `isOther(target)`: parts that answer the pointer themselves; `planNow()`: where everything is;
 * `linkAt(x, y)`: the link drawn there as {stage, unit, input}, or null.
 */
function listenToPointer(element, view, hooks, planNow, linkAt, isOther) {
  const at = (event) => {
    const place = element.getBoundingClientRect();
    return [event.clientX - place.left, event.clientY - place.top];
  };

  /** {stage, unit, input} under the pointer, or null; `input` where a tile shows single weights. */
  function under(event) {
    const [x, y] = at(event);
    for (const [stage, box] of (planNow()?.units ?? []).entries()) {
      const unit = box ? unitUnder(box, x, y) : -1;
      if (unit < 0) continue;
      const { x: left, y: top, w: width, h: height } = unitAt(box, unit);
      const isImage = stage === 0 && view.session.data.kind === "images";
      const input = isImage ? inputUnder({ x: left, y: top, width, height }, x, y) : undefined;
      const beside = x > left + width + 1 || y > top + height + 1; // between two, where links are seen
      const large = isImage && width >= PICKED_FROM * (view.image?.w ?? Infinity);
      return { stage, unit, input, beside, large };
    }
    return null;
  }

  /** Which input a point of a picture of the inputs stands for. */
  function inputUnder(picture, x, y) {
    const [u, v] = [(x - picture.x) / picture.width, (y - picture.y) / picture.height];
    if (!view.image || u < 0 || u >= 1 || v < 0 || v >= 1) return undefined;
    return view.image.input(Math.floor(v * view.image.h), Math.floor(u * view.image.w));
  }

  const pixelUnder = (event) => {
    const picture = planNow()?.picture;
    return picture && view.image ? inputUnder(picture, ...at(event)) : undefined;
  };

  function unitWords({ stage, unit, input: i }) {
    const active = `${view.names.unit(stage, unit)}: activation ${figures(view.activation(stage)?.[unit])}`;
    return i === undefined ? active : `${weightWords({ stage, unit, input: i })}\n${active}`;
  }

  function weightWords({ stage, unit, input: i }) {
    const matrix = view.matrix(stage);
    if (!matrix) return view.names.unit(stage, unit);
    const text = weightText(matrix.q[i * view.stages[stage].units + unit], matrix.limit);
    return view.names.weight(stage, i, unit, text);
  }

  function pixelWords(i) {
    if (i === undefined || !view.frame) return null;
    return `x[${i}] = ${figures(view.frame.array.a0?.[i])}: ${view.names.input(i)}, as the network sees it`;
  }

  let pointed = null; // {found, link}: a click's place is rounded, a move's is not

  const same = (a, b) => a?.stage === b?.stage && a?.unit === b?.unit && a?.link === b?.link;

  function look(event) {
    const near = under(event);
    const link = near && !near.beside ? null : linkAt(...at(event));
    const found = link ? null : near;
    const pixel = found || link ? undefined : pixelUnder(event);
    pointed = { found, link };
    const hover = found ?? (link && { ...link, link: link.input });
    const moved = !same(hover, view.hover);
    view.hover = hover;
    element.classList.toggle("on-link", Boolean(link));
    if (moved) hooks.again();
    hooks.hover(found ?? (pixel === undefined ? null : { stage: -1, unit: pixel }));
    hooks.tip(event, found ? unitWords(found) : link ? weightWords(link) : pixelWords(pixel));
  }

  function leave(event) {
    [view.hover, pointed] = [null, null];
    hooks.tip(event, null);
    hooks.hover(null);
    hooks.again();
  }

  element.addEventListener("pointermove", (event) => {
    if (!isOther(event.target)) look(event);
    else if (view.hover) leave(event);
  });
  element.addEventListener("pointerleave", leave);
  element.addEventListener("click", (event) => {
    if (isOther(event.target)) return;
    if (!pointed) look(event);
    const { found, link } = pointed;
    if (found) hooks.choose(found.stage, found.unit, found.large ? found.input : undefined);
    else if (link) hooks.choose(link.stage, link.unit, link.input);
  });
}
return { listenToPointer };
})();

// ── web/rows.js
const $rows = (() => {
const { cssColour, diverging } = $colours;
const { h, say } = $dom;
const { weightText } = $names;
const { figures } = $numbers;
const { heatMap } = $matrix;
const LEAST_NAMED = 11; // CSS pixels of a row with text
const OUTLINED = 10; // contributions that are marked in the matrix

/** A table's inputs as named rows, and beside them the first matrix as it is written: features × units. */
function tableRows(hooks) {
  const list = h("ol", { class: "net-features" });
  const map = heatMap(false);
  const marks = h("div", { class: "net-marks", "aria-hidden": "true" });
  const matrix = h("div", { class: "net-table" }, map.element, marks);
  const lit = Array.from({ length: OUTLINED }, () => h("i", { hidden: true }));
  marks.append(...lit);
  let rows = [];
  let area = null;

  function build(view) {
    const text = view.session.data.inputs ?? [];
    const { inputs } = view.stages[0];
    rows = Array.from({ length: inputs }, (_, i) => {
      const [value, cell] = [h("b", {}), h("i", {})];
      const name = text[i] ?? `input ${i}`;
      const element = h("li", {}, h("span", { title: name }, name), value, cell);
      element.addEventListener("pointerenter", () => hooks.hover({ stage: -1, unit: i }));
      element.addEventListener("pointerleave", () => hooks.hover(null));
      return { element, value, cell };
    });
    list.replaceChildren(...rows.map((row) => row.element));
    map.forget();
  }

  function lay(input, table) {
    area = table;
    const pitch = table.height / Math.max(rows.length, 1);
    const top = input.y + Math.max((input.height - pitch * rows.length) / 2, 0);
    const put = (element, x, width) =>
      Object.assign(element.style, {
        left: `${x}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${pitch * rows.length}px`,
      });
    put(list, input.x, input.width);
    put(matrix, table.x, table.width);
    list.style.setProperty("--pitch", `${pitch}px`);
    list.classList.toggle("tiny", pitch < LEAST_NAMED);
    area = { ...table, y: top, height: pitch * rows.length };
    map.forget();
  }

  function draw(view, links) {
    const { inputs, units } = view.stages[0];
    const a0 = view.frame.array.a0;
    const matrixNow = view.matrix(0);
    const text = view.session.sample?.text;
    rows.forEach(({ element: row, value, cell }, i) => {
      row.classList.toggle("lit", view.lit?.from.stage === -1 && view.lit.from.unit === i);
      say(value, valueOf(text, view.session.data.inputs?.[i], i) ?? figures(a0?.[i], 2));
      cell.style.background = cssColour(diverging(Math.max(-1, Math.min((a0?.[i] ?? 0) / 2.5, 1))));
    });
    if (matrixNow && area) map.draw(matrixNow.q, inputs, units, area);
    const limit = matrixNow ? figures(matrixNow.limit) : "";
    map.element.setAttribute(
      "aria-label",
      `${view.names.matrix(0)}: ${inputs} features by ${units} units, full colour at ${limit}`,
    );
    lit.forEach((mark, k) => {
      mark.hidden = !links[k];
      if (!links[k]) return;
      const { i, j } = links[k];
      Object.assign(mark.style, {
        left: `${(100 * j) / units}%`,
        top: `${(100 * i) / inputs}%`,
        width: `${100 / units}%`,
        height: `${100 / inputs}%`,
      });
    });
  }

  map.element.addEventListener("pointermove", (event) => {
    const view = hooks.view();
    const { inputs, units } = view.stages[0];
    const found = map.at(event, inputs, units);
    const now = view.matrix(0);
    if (!found || !now) return hooks.tip(event, null);
    hooks.tip(
      event,
      view.names.weight(0, found.i, found.j, weightText(now.q[found.i * units + found.j], now.limit)),
    );
  });
  map.element.addEventListener("pointerleave", (event) => hooks.tip(event, null));
  map.element.addEventListener("click", (event) => {
    const { inputs, units } = hooks.view().stages[0];
    const found = map.at(event, inputs, units);
    if (found) hooks.choose(0, found.j, found.i);
  });

  return { elements: [list, matrix], build, lay, draw, forget: () => map.forget() };
}

/** What stood in the table for this input, if the sample says it under that name. */
function valueOf(text, name, i) {
  if (!text) return null;
  if (Array.isArray(text)) return text[i] ?? null;
  return name in text ? text[name] : null;
}
return { tableRows };
})();

// ── web/stage.js
const $stage = (() => {
const { answers } = $answers;
const { plane } = $boundary;
const { h, say } = $dom;
const { layout } = $geometry;
const { drawLayers, linkUnder } = $links;
const { figures } = $numbers;
const { headings, pictureIn, placeChooser, placeTiles, put, squareIn, tileShape } = $placing;
const { halfPlanes } = $planes;
const { listenToPointer } = $pointing;
const { tableRows } = $rows;
const { paintInput } = $sample;
const { tileAtlas } = $tiles;
/** The sample's way through the network, drawn live. `hooks`: tip, choose, sample, again. */
function flowStage(view, hooks, chooser) {
  const atlas = tileAtlas();
  const overlay = h("canvas", { class: "net-overlay", "aria-hidden": "true" });
  const input = h("canvas", { class: "net-input", role: "img", "aria-label": "The input" });
  const caption = h("p", { class: "net-input-said" });
  const heads = h("div", { class: "net-heads", "aria-hidden": "true" });
  const out = answers(hooks);
  const points = plane({
    ...hooks,
    data: () => view.data,
    describe: (event, place) =>
      place && `x₁ ${figures(place.x)}, ${view.session.data.classes ? "x₂" : "y"} ${figures(place.y)}`,
  });
  const table = tableRows({ ...hooks, view: () => view });
  const element = h(
    "div",
    { class: "net-stage", tabIndex: 0, role: "group" },
    atlas.element,
    input,
    caption,
    points.element,
    ...table.elements,
    overlay,
    heads,
    out.element,
  );
  const pen = overlay.getContext("2d");
  const answerThemselves = [points.element, ...table.elements, out.element];
  let plan = null; // where everything is, in CSS pixels
  let painted = null; // the bytes and the scale that the tiles show
  let links = []; // between the stages, as they are drawn
  let rule = "#ddd";

  // ---- layout

  function build() {
    out.build(view);
    if (view.session.data.kind === "table") table.build(view);
    lay();
  }

  function lay() {
    if (!view.stages.length || !element.clientWidth) return;
    const style = getComputedStyle(element);
    rule = style.getPropertyValue("--rule").trim() || rule;
    const tile = tileShape(view.image);
    plan = layout(view.stages, sizes(parseFloat(style.getPropertyValue("--small")) || 12, tile.aspect));
    element.classList.toggle("upright", plan.upright);
    element.style.setProperty("--flow", plan.upright ? `${plan.height}px` : "auto");
    const { kind } = view.session.data;
    atlas.element.hidden = !plan.units[0] || kind === "table";
    if (!atlas.element.hidden) placeTiles(atlas, plan.units[0], tile);
    layInput(kind);
    heads.replaceChildren(...headings(view, plan));
    out.lay(plan.answers);
    layOverlay();
    painted = null;
  }

  /** What the layout depends on. */
  function sizes(small, aspect) {
    const { kind, classes } = view.session.data;
    const names = classes ?? ["value"];
    return {
      kind,
      small,
      aspect,
      width: element.clientWidth,
      height: Math.max(element.clientHeight, 240),
      rows: view.stages[0].inputs,
      answers: classes?.length ?? view.stages.at(-1).units,
      longest: Math.max(...names.map((name) => `${name}`.length)),
    };
  }

  /** An image, the plane of points, or the rows of a table. */
  function layInput(kind) {
    const isImage = Boolean(view.image);
    input.hidden = caption.hidden = !isImage;
    points.element.hidden = kind !== "points";
    for (const part of table.elements) part.hidden = kind !== "table";
    if (isImage && chooser.element.parentNode !== element) element.append(chooser.element);
    if (!isImage && chooser.element.nextSibling !== element) element.before(chooser.element);
    chooser.element.removeAttribute("style");
    if (kind === "table") table.lay(plan.input, plan.table);
    if (kind === "points") points.lay(squareIn(plan));
    if (!isImage) return;
    plan.picture = pictureIn(plan, view.image);
    put(input, plan.picture);
    placeChooser(caption, chooser.element, plan, element.clientWidth);
  }

  function layOverlay() {
    const ratio = window.devicePixelRatio || 1;
    const width = element.clientWidth;
    const height = Math.max(element.clientHeight, plan.upright ? plan.height : 0);
    [overlay.width, overlay.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    put(overlay, { x: 0, y: 0, width, height });
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  // ---- drawing

  function draw() {
    if (!plan || !view.frame) return;
    const { kind } = view.session.data;
    const { a0 } = view.frame.array;
    drawTiles(kind);
    if (view.image && a0) paintInput(input, a0, view.image);
    if (kind === "points") points.draw(view);
    pen.clearRect(0, 0, overlay.width, overlay.height);
    links = drawLayers(pen, view, plan, (j) => out.anchor(j, plan.upright), rule);
    if (kind === "table") table.draw(view, links[0].found);
    view.said = out.draw(view);
    say(caption, captionOf());
  }

  function captionOf() {
    const { sample, data } = view.session;
    if (!sample) return "";
    if (sample.drawing) return "your drawing";
    const truth = data.classes ? (data.classes[sample.label] ?? sample.label) : figures(sample.label);
    return `no. ${sample.index} · true ${truth}`;
  }

  function drawTiles(kind) {
    const matrix = view.matrix(0);
    if (atlas.element.hidden || !matrix) return;
    if (kind === "points") {
      const fill = halfPlanes(view, matrix);
      if (fill) atlas.draw(fill);
      return;
    }
    if (painted?.q === matrix.q && painted.auto === view.auto) return;
    painted = { q: matrix.q, auto: view.auto };
    if (view.image) atlas.paint(matrix.q, view.stages[0].units, view.image, view.auto);
  }

  listenToPointer(
    element,
    view,
    hooks,
    () => plan,
    (x, y) => linkUnder(pen, links, x, y),
    (target) => answerThemselves.some((part) => part.contains(target)),
  );

  function forget() {
    painted = null;
    points.forget();
    table.forget();
    out.recolour();
  }

  return {
    element,
    build,
    lay,
    draw,
    forget,
    has: (stage) => stage === view.stages.length - 1 || Boolean(plan?.units[stage]),
    columns: (stage) => plan?.units[stage]?.grid.columns ?? 1,
    picture: (words) => {
      atlas.element.setAttribute("aria-label", words.tiles);
      input.setAttribute("aria-label", words.input);
      points.label(words.plane);
    },
  };
}
return { flowStage };
})();

// ── web/network.js
const $network = (() => {
const { onTheme, watchTheme } = $colours;
const { h, say, showFromTop } = $dom;
const { grouped } = $format;
const { lights } = $flow;
const { imageOf, stagesOf } = $geometry;
const { gridKeys } = $gridkeys;
const { insidePanel } = $inside;
const { legend } = $legend;
const { deeperMatrices } = $matrix;
const { namesOf } = $names;
const { figures } = $numbers;
const { sampleChooser } = $sample;
const { flowStage } = $stage;
const SAID_MS = 1000; // between two descriptions for a screen reader

/** The network: the chosen sample on its way through, all first-layer weights, the matrices, one unit. */
function networkPanel(store) {
  const view = makeView();
  const tip = h("div", { class: "net-tip", hidden: true, "aria-hidden": "true" });
  const spoken = h("div", { class: "hidden-text", role: "status", "aria-live": "polite" });
  const past = h("p", { class: "net-past", hidden: true });
  const empty = h("p", { class: "net-empty" }, "Waiting for the network …");
  const hooks = {
    tip: showTip,
    choose,
    again,
    hover: (at) => inside.mark(at),
    sample: (index) => store.send({ kind: "sample", index }).catch(() => {}),
  };
  const chooser = sampleChooser(store);
  const stage = flowStage(view, hooks, chooser);
  const matrices = deeperMatrices(hooks);
  const inside = insidePanel(store, view, { tip: showTip, open: choose, close, light });
  const scale = legend((on) => {
    view.auto = on;
    draw();
  });
  const body = h("div", { class: "net-body", hidden: true }, stage.element, matrices.element);
  const header = h("header", { class: "net-header" }, h("h2", {}, "The network"), past, scale.element);
  const element = h(
    "section",
    { class: "panel network", ariaLabel: "The network" },
    h("div", { class: "net-main" }, header, empty, body),
    inside.element,
    spoken,
    tip,
  );
  let built = ""; // which network and data the picture is made for
  let saidAt = 0;
  let later = 0;
  let follow = null;

  // ---- drawing

  function draw() {
    const { session, frame, data } = store;
    const together =
      session && frame && data && frame.run === session.run && data.samples === session.data.kind;
    if (!together && built) return; // the last picture stays until the next is whole
    empty.hidden = Boolean(together);
    body.hidden = !together;
    const loading = session?.status === "loading" ? "Loading the data …" : "Waiting for the network …";
    say(empty, session?.message ?? loading);
    if (!together) return;
    Object.assign(view, { session, frame, data });
    chooser.draw();
    if (built !== keyOf(session, data)) build();
    stage.draw();
    matrices.draw(view);
    inside.draw();
    drawHeader();
    describe();
  }

  /** A new network or other data: everything is laid out anew. */
  function build() {
    const { session, data } = view;
    built = keyOf(session, data);
    const before = view.stages.map(({ units }) => units).join();
    view.stages = stagesOf(session);
    view.image = imageOf(session, data);
    view.names = namesOf(session, view.stages, view.image);
    const same = before === view.stages.map(({ units }) => units).join(); // begun again, or dropout came in
    if (!same) [view.chosen, view.cursor] = [null, null];
    [view.hover, view.lit] = [null, null];
    view.lights.forget();
    element.dataset.kind = session.data.kind;
    matrices.build(view);
    stage.build();
    show();
  }

  function drawHeader() {
    const { frame, image } = view;
    const first = view.matrix(0);
    if (first) scale.draw(view.names.matrix(0), first.limit, image?.channels === 3);
    const isPast = frame.scrub !== null && frame.scrub !== undefined;
    element.classList.toggle("past", isPast);
    past.hidden = !isPast;
    say(past, isPast ? `the past: step ${grouped(frame.step)}` : "");
  }

  /** Pictures in words and numbers, now and then. */
  function describe() {
    clearTimeout(later);
    if (!store.frame) return;
    const now = performance.now();
    if (now - saidAt < SAID_MS) {
      later = setTimeout(describe, SAID_MS - (now - saidAt)); // the last picture too, when none follows
      return;
    }
    saidAt = now;
    const { stages, session, frame, names } = view;
    const given = view.activation(0);
    const top = Array.from(given ?? [], (value, j) => [value, j])
      .sort((a, b) => b[0] - a[0])
      .slice(0, 3);
    const most = top.map(([value, j]) => `${names.unit(0, j)} (${figures(value)})`).join(", ");
    const { index = null } = session.sample ?? {};
    const sample = index === null ? "the sample" : `sample ${index}`;
    stage.element.setAttribute(
      "aria-label",
      `Step ${frame.step}: ${sample} through ${stages.length} layers with weights, ${view.said}. ` +
        "Arrow keys move between units, Enter chooses one.",
    );
    const limit = figures(view.matrix(0)?.limit);
    stage.picture({
      tiles: `Weights into each of ${stages[0].units} units, full colour at ${limit}; most active: ${most}`,
      input: `The input as the network sees it: ${sample}`,
      plane: `What the network says over the inputs, under the points; ${view.said}`,
    });
  }

  function again() {
    if (!body.hidden) stage.draw();
  }

  // ---- the pointer, choosing

  function showTip(event, text) {
    tip.hidden = !text;
    if (!text) return;
    say(tip, text);
    const place = element.getBoundingClientRect();
    const [x, y] = [event.clientX - place.left, event.clientY - place.top];
    tip.style.left = `${Math.max(0, Math.min(x + 14, place.width - tip.offsetWidth))}px`;
    tip.style.top = `${y + 18}px`;
  }

  /** Look inside a unit, or inside the weight of one of its inputs; at nothing without a stage. */
  function choose(stageNumber, unitNumber, input) {
    const is = stageNumber !== null && stageNumber !== undefined;
    view.chosen = is ? { stage: stageNumber, unit: unitNumber, input } : null;
    const opened = is && inside.element.hidden;
    tip.hidden = true; // what is under the pointer may be another thing now
    show();
    if (opened) showFromTop(inside.element);
    stage.draw();
    matrices.draw(view);
  }

  function show() {
    inside.choose(view.chosen);
    element.closest(".studio")?.classList.toggle("looking", Boolean(view.chosen));
  }

  /** Back to the picture; the keys are where they were. */
  function close() {
    const last = view.chosen;
    choose(null);
    view.cursor = last;
    stage.element.focus({ preventScroll: true });
    if (stage.element.matches(":focus-visible")) return;
    view.cursor = null;
    again();
  }

  /** Light up what a number comes from: {from, to, size}, both ends {stage, unit}; stage −1 is the input. */
  function light(ends) {
    if (!ends && !view.lit) return;
    view.lit = ends;
    again();
  }

  gridKeys(stage, view, { ...hooks, close, say: (text) => say(spoken, text), into: inside.focus });

  // ---- its place in the page

  function meetPage() {
    follow = watchTheme(element);
    const studio = element.closest(".studio");
    studio?.addEventListener("drawing", ({ detail }) => {
      if (!view.chosen || studio.classList.contains("narrow")) return;
      choose(null); // the pad and look inside share one place; the last that was asked for has it
      if (!detail) studio.dispatchEvent(new CustomEvent("draw"));
    });
  }

  const resized = new ResizeObserver(() => {
    if (!follow && element.isConnected) meetPage();
    if (body.hidden || !built) return;
    stage.lay();
    matrices.forget();
    draw();
  });
  resized.observe(stage.element);
  resized.observe(element);
  onTheme(() => {
    stage.forget();
    matrices.forget();
    chooser.repaint();
    if (!body.hidden) {
      stage.lay();
      draw();
    }
  });
  store.on(["frame", "session", "data"], draw);
  return element;
}

/** What there is to draw, and how its parts are asked for. */
function makeView() {
  const view = {
    session: null,
    frame: null,
    data: null,
    stages: [],
    image: null,
    names: null,
    auto: false,
    said: "",
    chosen: null,
    cursor: null,
    hover: null,
    lit: null,
    lights: lights(),
    /** The bytes and the limit of stage k's matrix, null if no frame has brought them yet. */
    matrix(k) {
      const found = view.frame.matrices.find((matrix) => matrix.name === view.stages[k].name);
      const q = found && view.frame.array[found.array];
      return q ? { q, limit: found.limit } : null;
    },
    /** What the units of stage k give for the sample. */
    activation: (k) => view.frame.array[`a${view.stages[k].last}`],
    /** Probabilities of the classes, or values. */
    answer() {
      const given = view.frame.array.answer ?? view.activation(view.stages.length - 1);
      const two = given?.length === 1 && view.session.data.classes?.length === 2;
      return two ? [1 - given[0], given[0]] : given && Array.from(given);
    },
  };
  return view;
}

function keyOf(session, data) {
  const widths = session.network.layers.map((layer) => `${layer.kind}${layer.units}`);
  const { name, kind, shape } = session.data;
  return `${session.run} ${name} ${kind} ${shape} ${widths} ${data.shape.images ?? data.samples}`;
}
return { networkPanel };
})();

// ── web/axes.js
const $axes = (() => {
const COARSE = [1, 2, 5, 10];
const FINE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const GLIDE = 0.3; // share of the way to new limits that a picture goes
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** The least of 1, 2, 5, 10, 20 … (or of a finer row) that is not below a positive value. */
function niceAbove(value, row = COARSE) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * row.find((front) => front * power >= value * (1 - 1e-9));
}

/** The greatest of 1, 2, 5, 10, 20 … that is not above a positive value. */
function niceBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * COARSE.findLast((front) => front * power <= value * (1 + 1e-9));
}

/** The top of an axis that starts at zero. */
function topFor(value) {
  return niceAbove(Math.max(value, 1e-12), FINE);
}

/** Round numbers from low to high, about as many as are asked for. */
function ticksOf({ low, high, log }, most) {
  if (log) return logTicks(low, high, most);
  const by = niceAbove((high - low) / Math.max(most, 1) || 1);
  const first = Math.ceil(low / by - 1e-6);
  const last = Math.floor(high / by + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * by);
}

function logTicks(low, high, most) {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-6), Math.ceil(Math.log10(high) - 1e-6)];
  const every = Math.ceil((last - first) / Math.max(most, 1));
  const span = Math.log10(high / low);
  const fronts = span < 1.2 ? [1, 2, 5] : span < 0.65 * most ? [1, 3] : [1];
  const found = [];
  for (let power = first; power <= last; power += Math.max(every, 1)) {
    for (const front of fronts) found.push(front * 10 ** power);
  }
  return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/**
 * An axis whose limits change in steps; what is drawn glides from the old limits to the new ones.
 * `place(value, from, to)` gives the pixel; `glide()` is called before each picture, true while there is way
 * to go.
 */
function makeAxis() {
  const axis = { low: 0, high: 1, log: false };
  let shown = null;
  const bend = (value) => (axis.log ? Math.log10(Math.max(value, 1e-45)) : value);

  axis.set = (low, high, log = false) => {
    if (log !== axis.log) shown = null; // a bent axis is a new one
    Object.assign(axis, { low, high, log });
  };
  axis.forget = () => {
    shown = null;
    Object.assign(axis, { low: 0, high: 1, log: false });
  };
  axis.glide = () => {
    const aim = [bend(axis.low), bend(axis.high)];
    if (!shown || still.matches) shown = aim;
    shown = shown.map((value, i) => value + GLIDE * (aim[i] - value));
    const far = Math.abs(shown[0] - aim[0]) + Math.abs(shown[1] - aim[1]) > 0.002 * (aim[1] - aim[0]);
    if (!far) shown = aim;
    return far;
  };
  axis.place = (value, from, to) => {
    const [low, high] = shown ?? [bend(axis.low), bend(axis.high)];
    return from + ((bend(value) - low) / (high - low || 1)) * (to - from);
  };
  axis.value = (pixel, from, to) => {
    const [low, high] = shown ?? [bend(axis.low), bend(axis.high)];
    const bent = low + ((pixel - from) / (to - from || 1)) * (high - low);
    return axis.log ? 10 ** bent : bent;
  };
  return axis;
}

/**
 * The last step that an axis shows: 1, 2, 5, 10 … epochs (or tenths of one), and never past the planned end.
 */
function lastStepFor(step, session) {
  const epoch = Math.max(session?.steps_an_epoch || 1, 1);
  const planned = Math.max(session?.total_steps || 0, step, 1);
  const high = niceAbove(Math.max(step / epoch, 0.1)) * epoch;
  return Math.min(Math.max(high, 20), planned);
}
return { niceAbove, niceBelow, topFor, ticksOf, makeAxis, lastStepFor };
})();

// ── web/thumbs.js
const $thumbs = (() => {
const { greyTable, onTheme } = $colours;
const { fill, h, say } = $dom;
/**
 * Paint picture i of `bytes`, shape (m, H, W) or (m, H, W, 3), on a canvas of as many pixels: ink on paper,
 * or RGB.
 */
function paint(element, bytes, [, height, width, channels], i) {
  if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
  const context = element.getContext("2d");
  const image = context.createImageData(width, height);
  const [many, pixels] = [channels ?? 1, width * height];
  const table = greyTable();
  for (let p = 0, at = i * pixels * many; p < pixels; p += 1, at += many) {
    if (many === 3) image.data.set([bytes[at], bytes[at + 1], bytes[at + 2], 255], 4 * p);
    else image.data.set(table.subarray(4 * bytes[at], 4 * bytes[at] + 4), 4 * p);
  }
  context.putImageData(image, 0, 0);
}

/**
 * Examples in a row, each a button with its picture (or words) and a caption; pressing one chooses that
 * sample. `show({ images, shape, texts, items: [{ index, caption, label }] })`.
 */
function strip(store, title) {
  const element = h("ul", { class: "strip-list", "aria-label": title });
  let shown = null;

  function cell() {
    const picture = h("canvas", { role: "presentation" });
    const [words, caption] = [h("span", { class: "words" }), h("small", { "aria-hidden": "true" })];
    const label = h("span", { class: "hidden-text" });
    const button = h(
      "button",
      { type: "button", onclick: () => choose(one.index) },
      picture,
      words,
      caption,
      label,
    );
    const one = { element: h("li", {}, button), button, picture, words, caption, label, index: null };
    return one;
  }

  function choose(index) {
    if (store.hello?.role !== "watch") store.send({ kind: "sample", index }).catch(() => {});
  }

  const cells = [];
  function show(content) {
    shown = content;
    const { images, shape, texts, items } = content;
    while (cells.length < items.length) cells.push(cell());
    items.forEach((item, i) => {
      const one = cells[i];
      one.index = item.index;
      if (images) paint(one.picture, images, shape, item.at ?? i);
      one.picture.hidden = !images;
      one.words.hidden = !texts || Boolean(images);
      say(one.words, images ? "" : (texts?.[item.at ?? i] ?? ""));
      say(one.caption, item.caption);
      say(one.label, item.label);
      one.button.setAttribute("aria-pressed", String(store.session?.sample?.index === item.index));
    });
    element.classList.toggle("text", !images && Boolean(texts));
    element.classList.toggle("bare", !images && !texts);
    const there = cells.slice(0, items.length).map((one) => one.element);
    if (element.children.length !== there.length) fill(element, there);
  }

  const again = () => shown && show(shown);
  store.on(["session"], again);
  onTheme(again);
  return { element, show };
}
return { strip };
})();

// ── web/examples.js
const $examples = (() => {
const { h, say } = $dom;
const { grouped } = $format;
const { shareOf } = $numbers;
const { strip } = $thumbs;
/** "4 taken for 9", "4 recognised". */
function takenFor(actual, predicted) {
  return actual === predicted ? `${actual} recognised` : `${actual} taken for ${predicted}`;
}

/** The examples of one cell; they follow the run while they are open. */
function cellExamples(store) {
  const title = h("h3");
  const row = strip(store, "Examples of this cell");
  const none = h("p", { class: "quiet" }, "No example.");
  const element = h(
    "div",
    { class: "cell-examples", hidden: true },
    h(
      "div",
      { class: "title" },
      title,
      h("button", { class: "button", type: "button", onclick: () => close() }, "close"),
    ),
    none,
    row.element,
  );
  let chosen = null;
  let asking = false;
  element.addEventListener("keydown", (event) => event.key === "Escape" && close());

  function close() {
    chosen = null;
    element.hidden = true;
  }

  async function ask() {
    if (!chosen || asking) return;
    asking = true;
    const asked = chosen;
    try {
      const reply = await store.send({ kind: "cell", actual: asked[0], predicted: asked[1] });
      if (asked === chosen) show(reply);
    } catch {
      close(); // the shell has said why
    } finally {
      asking = false;
    }
    if (chosen && chosen !== asked) ask();
  }

  function show(reply) {
    const names = store.session.data.classes;
    const [actual, predicted] = [names[reply.actual], names[reply.predicted]];
    const { index, confidence, images } = reply.array;
    const shown = index.length < reply.n ? `, ${index.length} shown` : "";
    const words = takenFor(actual, predicted);
    say(title, `${words}: ${grouped(reply.n)}${shown}`);
    const items = Array.from(index, (place, i) => {
      const sure = shareOf(confidence[i], 100);
      return { index: place, caption: sure, label: `${words}, ${sure} sure` };
    });
    none.hidden = items.length > 0;
    row.element.hidden = !items.length;
    row.show({ images, shape: reply.shape.images, texts: reply.texts, items });
    element.hidden = false;
  }

  return {
    element,
    close,
    refresh: () => row.element.matches(":hover, :has(:focus-visible)") || ask(), // what one points at stays
    open: (actual, predicted) => {
      const same = chosen && chosen[0] === actual && chosen[1] === predicted;
      if (same) return close();
      chosen = [actual, predicted];
      ask();
    },
  };
}
return { takenFor, cellExamples };
})();

// ── web/matrixtable.js
const $matrixtable = (() => {
const { cssColour } = $colours;
const { h, say } = $dom;
/** A confusion matrix of few classes as a table: each count is text, arrow keys move, Enter opens. */
function matrixTable(state, tools) {
  const { names, count } = state;
  const long = names.some((name) => name.length > 2) && (count > 4 ? "long" : "few");
  const head = h(
    "tr",
    {},
    h("td", { class: "corner", "aria-hidden": "true" }, "is"),
    ...names.map((name) => h("th", { scope: "col" }, h("span", {}, name))),
  );
  const cells = [];
  const rows = names.map((name, actual) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      ...names.map((_, predicted) => {
        const cell = h("td", {
          role: "gridcell",
          tabindex: -1,
          class: actual === predicted ? "right" : "wrong",
        });
        cells.push(cell);
        return cell;
      }),
    ),
  );
  const element = h(
    "table",
    {
      class: `cells ${long || ""}`,
      role: "grid",
      "aria-label": "Confusion matrix: rows are the classes, columns what they were taken for",
    },
    h(
      "thead",
      {},
      h("tr", { class: "axis", "aria-hidden": "true" }, h("td"), h("td", { colSpan: count }, "taken for")),
      head,
    ),
    h("tbody", {}, ...rows),
  );
  element.style.setProperty("--classes", count);
  cells[0].tabIndex = 0;

  const placeOf = (event) => {
    const at = cells.indexOf(event.target.closest("td"));
    return at < 0 ? null : [Math.floor(at / count), at % count];
  };

  function focus(actual, predicted) {
    for (const cell of cells) if (cell.tabIndex === 0) cell.tabIndex = -1;
    const cell = cells[actual * count + predicted];
    cell.tabIndex = 0;
    cell.focus();
  }

  function key(event) {
    const place = placeOf(event);
    if (!place) return;
    const to = moved(event, place, count);
    if (to) focus(...to);
    else if (event.key === "Enter" || event.key === " ") tools.open(...place);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  element.addEventListener("keydown", key);
  element.addEventListener("pointerover", (event) => tools.point(placeOf(event)));
  element.addEventListener("pointerleave", () => tools.point(null));
  element.addEventListener("focusin", (event) => tools.point(placeOf(event)));
  element.addEventListener("focusout", () => tools.point(null));
  element.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (!place) return;
    focus(...place);
    tools.open(...place);
  });

  function update() {
    cells.forEach((cell, i) => {
      const [actual, predicted] = [Math.floor(i / count), i % count];
      const value = state.table[i];
      say(cell, value ? (value > 9999 ? `${Math.round(value / 1000)}k` : String(value)) : "");
      cell.setAttribute("aria-label", tools.words(actual, predicted));
      if (actual === predicted) cell.style.setProperty("--share", value / (state.sums[actual] || 1));
      else colour(cell, tools.shade(value));
    });
  }
  return { element, update };
}

function colour(cell, rgb) {
  cell.style.background = rgb ? cssColour(rgb) : "";
  if (!rgb) return;
  const [r, g, b] = rgb.map((part) => (part / 255) ** 2.2);
  cell.style.color = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

/** Where a key leads to from a cell, or null. */
function moved(event, [row, column], count) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const clamp = (value) => Math.min(Math.max(value, 0), count - 1);
  return (
    {
      ArrowUp: [clamp(row - 1), column],
      ArrowDown: [clamp(row + 1), column],
      ArrowLeft: [row, clamp(column - 1)],
      ArrowRight: [row, clamp(column + 1)],
      Home: [row, 0],
      End: [row, count - 1],
    }[event.key] ?? null
  );
}
return { matrixTable, moved };
})();

// ── web/palette.js
const $palette = (() => {
const { onTheme } = $colours;
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
function palette(element) {
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
return { palette };
})();

// ── web/matriximage.js
const $matriximage = (() => {
const { describing } = $calm;
const { cssColour } = $colours;
const { canvas, h } = $dom;
const { moved } = $matrixtable;
const { palette } = $palette;
const LETTERS = 6; // of a class's name

/** A confusion matrix of many classes as one picture; arrow keys move a frame over it, Enter opens a cell. */
function matrixImage(state, tools) {
  const { names, count } = state;
  const spoken = h("div", { class: "hidden-text", role: "status" });
  let at = null; // the cell under the pointer or the keys

  const { element: picture, redraw } = canvas((context, width, height) => {
    const colours = palette(picture);
    const { origin, each } = layout(colours);
    context.font = colours.font;
    if (each >= colours.size * 0.8) labels(context, colours, origin, each);
    for (let i = 0; i < state.table.length; i += 1) square(context, colours, origin, each, i);
    context.strokeStyle = colours.rule;
    context.strokeRect(origin - 0.5, origin - 0.5, each * count + 1, each * count + 1);
    if (!at) return;
    Object.assign(context, { strokeStyle: colours.ink, lineWidth: 2 });
    context.strokeRect(origin + at[1] * each - 1, origin + at[0] * each - 1, each + 2, each + 2);
  });
  picture.classList.add("many");

  function layout(colours) {
    const shown = picture.clientWidth / count >= colours.size * 0.9;
    const origin = shown
      ? Math.min(Math.max(...names.map((name) => name.length)), LETTERS) * 0.62 * colours.size + 4
      : 1;
    return { origin, each: (picture.clientWidth - origin - 1) / count };
  }

  function labels(context, colours, origin, each) {
    const widest = Math.max(...names.map((name) => context.measureText(name.slice(0, LETTERS)).width));
    const every = Math.ceil((widest + 3) / each); // of the columns; each row has its name
    context.fillStyle = colours.quiet;
    names.forEach((name, k) => {
      const middle = origin + (k + 0.5) * each;
      Object.assign(context, { textAlign: "right", textBaseline: "middle" });
      context.fillText(name.slice(0, LETTERS), origin - 4, middle);
      Object.assign(context, { textAlign: "center", textBaseline: "bottom" });
      if (k % every === 0) context.fillText(name.slice(0, LETTERS), middle, origin - 2);
    });
  }

  function square(context, colours, origin, each, i) {
    const [row, column] = [Math.floor(i / count), i % count];
    const value = state.table[i];
    if (row === column) {
      context.globalAlpha = 0.1 + 0.4 * (value / (state.sums[row] || 1));
      context.fillStyle = colours.quiet;
    } else if (!value) return;
    else context.fillStyle = cssColour(tools.shade(value));
    context.fillRect(
      origin + column * each,
      origin + row * each,
      Math.max(each - (each > 6 ? 1 : 0), 1),
      Math.max(each - (each > 6 ? 1 : 0), 1),
    );
    context.globalAlpha = 1;
  }

  const element = h(
    "div",
    {
      tabindex: 0,
      role: "application",
      "aria-label": "Confusion matrix; arrow keys move, Enter shows the examples",
    },
    picture,
    spoken,
  );
  const describe = describing(picture);

  function go(place, speak = false) {
    at = place;
    tools.point(place);
    if (place && speak) spoken.textContent = tools.words(...place);
    redraw();
  }

  function under(event) {
    const box = picture.getBoundingClientRect();
    const { origin, each } = layout(palette(picture));
    const [row, column] = [event.clientY - box.top, event.clientX - box.left].map((v) =>
      Math.floor((v - origin) / each),
    );
    return row >= 0 && column >= 0 && row < count && column < count ? [row, column] : null;
  }

  picture.addEventListener("pointermove", (event) => go(under(event)));
  picture.addEventListener("pointerleave", () => go(null));
  picture.addEventListener("click", (event) => under(event) && tools.open(...under(event)));
  element.addEventListener("focus", () => at || go([0, 0], true));
  element.addEventListener("blur", () => go(null));
  element.addEventListener("keydown", (event) => {
    const to = moved(event, at ?? [0, 0], count);
    if (to) go(to, true);
    else if ((event.key === "Enter" || event.key === " ") && at) tools.open(...at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function update() {
    redraw();
    describe(`Confusion matrix of ${count} classes, most mistakes in a cell: ${worst(state, tools)}`);
  }
  return { element, update };
}

function worst({ table, count }, tools) {
  let most = 1;
  for (let i = 0; i < table.length; i += 1)
    if (i % (count + 1) && (table[i] > table[most] || most % (count + 1) === 0)) most = i;
  return tools.words(Math.floor(most / count), most % count);
}
return { matrixImage };
})();

// ── web/confusion.js
const $confusion = (() => {
const { niceAbove } = $axes;
const { cssColour, onTheme, sequential } = $colours;
const { fill, h, say } = $dom;
const { cellExamples, takenFor } = $examples;
const { grouped } = $format;
const { matrixImage } = $matriximage;
const { matrixTable } = $matrixtable;
const { shareOf } = $numbers;
const READABLE = 12; // classes up to which each count is written
const STOPS = [0, 0.25, 0.5, 0.75, 1];

/** What was taken for what on the judged data; a chosen cell shows its examples. */
function confusion(store) {
  const words = h("p", { class: "cell-words" });
  const legend = h("span", { class: "legend" });
  const holder = h("div", { class: "matrix" });
  const opened = cellExamples(store);
  const element = h(
    "section",
    { class: "confusion", hidden: true },
    h("div", { class: "title" }, h("h3", {}, "Confusion matrix"), legend),
    holder,
    words,
    opened.element,
  );
  const state = { top: 0, table: null, count: 0, names: [], sums: [], pointed: null };
  let matrix = null;
  let run = null;

  const wordsFor = (actual, predicted) => cellWords(state, actual, predicted);
  const tools = {
    words: wordsFor,
    shade: (count) => (count ? shadeOf(count / state.top) : null),
    point: (cell) => {
      state.pointed = cell;
      tell();
    },
    open: (actual, predicted) => opened.open(actual, predicted),
  };

  function tell() {
    say(words, state.pointed ? wordsFor(...state.pointed) : summary(state, store.validation));
  }

  function drawLegend() {
    const colours = STOPS.map((t) => cssColour(shadeOf(t)));
    fill(
      legend,
      "mistakes 1",
      h("i", { class: "ramp", style: { background: `linear-gradient(90deg, ${colours.join(", ")})` } }),
      grouped(state.top),
    );
  }

  function update() {
    const { validation, session } = store;
    const table = validation?.array.table;
    element.hidden = !session?.data?.classes || !table;
    if (element.hidden) return;
    const count = validation.shape.table[0];
    if (run !== session.run || state.count !== count) {
      Object.assign(state, { top: 0, count, names: namesOf(session, count), pointed: null });
      run = session.run;
      opened.close();
      matrix = (count <= READABLE ? matrixTable : matrixImage)(state, tools);
      fill(holder, matrix.element);
    }
    state.table = table;
    state.sums = sumsOf(table, count);
    const most = greatestMistake(table, count);
    if (!state.top || most > state.top || most < state.top / 3) state.top = niceAbove(Math.max(most, 4));
    drawLegend();
    matrix.update();
    tell();
    opened.refresh();
  }

  store.on(["validation", "session"], update);
  onTheme(() => {
    if (!element.hidden) update();
  });
  return element;
}

/** A mistake's colour: one alone can be seen, and more are more. */
function shadeOf(share) {
  return sequential(0.08 + 0.92 * Math.min(share, 1) ** 0.7);
}

function namesOf(session, count) {
  return Array.from({ length: count }, (_, k) => String(session.data.classes[k] ?? k));
}

function sumsOf(table, count) {
  return Array.from({ length: count }, (_, i) =>
    table.subarray(i * count, (i + 1) * count).reduce((a, b) => a + b, 0),
  );
}

function greatestMistake(table, count) {
  let most = 0;
  for (let i = 0; i < table.length; i += 1) if (i % (count + 1) && table[i] > most) most = table[i];
  return most;
}

/** "4 taken for 9: 12 of 587, 2.0 %". */
function cellWords({ table, count, names, sums }, actual, predicted) {
  const cell = table[actual * count + predicted];
  const what = takenFor(names[actual], names[predicted]);
  const share = sums[actual] ? `, ${shareOf(cell / sums[actual], 1000)}` : "";
  return `${what}: ${grouped(cell)} of ${grouped(sums[actual])}${share}`;
}

function summary({ table, count }, validation) {
  const total = table.reduce((a, b) => a + b, 0);
  let right = 0;
  for (let k = 0; k < count; k += 1) right += table[k * (count + 1)];
  return `${grouped(total - right)} of ${grouped(total)} wrong on ${validation.part}`;
}
return { confusion };
})();

// ── web/branches.js
const $branches = (() => {
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/**
 * Which of the four colours and dashes a branch wears: its letter's, so that it keeps them while it lives.
 */
function slotOf({ name }) {
  return Math.max("ABCD".indexOf(name), 0);
}

/** The dashes of a slot, so that colour is not all that tells branches apart. */
function dashOf(slot) {
  return DASHES[slot] ?? [];
}

/**
 * The branches from the root to this one: {id, until}, where `until` is the step at which the next one
 * leaves.
 */
function lineage(branches, id) {
  const by = new Map(branches.map((branch) => [branch.id, branch]));
  const line = [];
  let until = Infinity;
  for (let at = id; at !== null && at !== undefined && line.length <= by.size; at = by.get(at)?.parent) {
    line.unshift({ id: at, until }); // a parent that was dropped is still where its children come from
    until = Math.min(until, by.get(at)?.from_step ?? 0);
  }
  return line;
}

/** The step up to which two branches are the same run. */
function sharedUntil(branches, one, other) {
  const [first, second] = [lineage(branches, one), lineage(branches, other)];
  let shared = 0;
  for (let i = 0; i < first.length && i < second.length && first[i].id === second[i].id; i += 1) {
    shared = Math.min(first[i].until, second[i].until);
  }
  return shared;
}

/**
 * Branches to draw, each from where it leaves those before it, so that a shared part is drawn once: {branch,
 * from}.
 */
function drawnOnce(branches) {
  const ordered = [...branches].sort((a, b) => a.id - b.id);
  return ordered.map((branch, i) => {
    const shared = ordered.slice(0, i).map((other) => sharedUntil(branches, branch.id, other.id));
    return { branch, from: Math.max(0, ...shared) };
  });
}

/** Snapshots on the way from the root to the end of a branch, by step. */
function pathOf(timeline, id) {
  const until = new Map(lineage(timeline.branches, id).map((part) => [part.id, part.until]));
  return timeline.snapshots
    .filter((one) => one.step <= (until.get(one.branch) ?? -1))
    .sort((a, b) => a.step - b.step);
}

/** The branch to walk along: the current one if the snapshot lies on its way, else the snapshot's own. */
function lineFor(timeline, one) {
  const onWay = !one || pathOf(timeline, timeline.current).some((other) => other.id === one.id);
  return onWay ? timeline.current : one.branch;
}
return { slotOf, dashOf, drawnOnce, pathOf, lineFor };
})();

// ── web/series.js
const $series = (() => {
const { drawnOnce, pathOf, slotOf } = $branches;
const NONE = new Float32Array(0);
const CURVE = 4; // numbers in a row: step, loss, accuracy, learning rate
const JUDGED = 3; // step, validation loss, validation accuracy
const EPOCHS = 5; // step, loss, accuracy, validation loss, validation accuracy

/** The step of the last row. */
function endOf(rows, width) {
  return rows.length ? rows[rows.length - width] : -1;
}

/** What has been seen of each branch: a look back at an earlier point does not shorten what is known. */
function makeMemory() {
  const known = new Map();
  const ready = new Map(); // judgements of each branch, made when there are new ones
  let run = null;

  function keep(id, rows, back) {
    const old = known.get(id);
    if (old && back && endOf(old.curve, CURVE) >= endOf(rows.curve, CURVE)) return;
    known.set(id, { ...old, ...rows });
  }

  function judgedOf(id, timeline) {
    const { judged, epochs = NONE } = known.get(id);
    const key = [judged.length && judged.at(-JUDGED), epochs.length, timeline];
    const old = ready.get(id);
    if (old?.key.every((part, i) => part === key[i])) return old.rows;
    const rows = allJudged(judged, epochs, timeline ? pathOf(timeline, id) : []);
    ready.set(id, { key, rows });
    return rows;
  }

  return {
    /** Take in the newest messages. */
    take(store) {
      const { frame, branches } = store;
      if (store.session?.run !== run) {
        known.clear();
        ready.clear();
        run = store.session?.run ?? null;
      }
      for (const name of Object.keys(branches?.run === run ? branches.array : {})) {
        const [kind, id] = name.split("_");
        if (kind !== "curve") continue;
        const judged = branches.array[`judged_${id}`] ?? NONE;
        keep(Number(id), { curve: branches.array[name], judged }, true);
      }
      if (frame?.run !== run || !frame.array.curve) return;
      const { curve, judged = NONE, epochs = NONE } = frame.array;
      keep(frame.branch, { curve, judged, epochs }, frame.scrub !== null);
    },
    /**
     * The lines to draw, the current branch first: {id, name, slot, current, from, curve, judged, epochs}.
     */
    lines(store) {
      const { frame, timeline } = store;
      if (!frame) return [];
      const current = timeline?.current ?? frame.branch;
      const branches = timeline?.branches ?? [{ id: frame.branch, name: "A", parent: null, from_step: 0 }];
      return drawnOnce(branches)
        .filter(({ branch }) => known.has(branch.id))
        .map(({ branch, from }) => {
          const { id, name } = branch;
          const { curve, epochs = NONE } = known.get(id);
          return {
            id,
            name,
            from,
            slot: slotOf(branch),
            current: id === current,
            curve,
            judged: judgedOf(id, timeline),
            epochs,
          };
        })
        .sort((one, other) => other.current - one.current);
    },
  };
}

/**
 * All judgements of a branch, by step: those made on the way, at the ends of epochs, and of its snapshots.
 */
function allJudged(judged, epochs, snapshots) {
  const found = new Map();
  for (const { step, loss, accuracy } of snapshots)
    if (loss !== null) found.set(step, [step, loss, accuracy ?? NaN]);
  for (let i = 0; i < epochs.length; i += EPOCHS) {
    if (!Number.isNaN(epochs[i + 3])) found.set(epochs[i], [epochs[i], epochs[i + 3], epochs[i + 4]]);
  }
  for (let i = 0; i < judged.length; i += JUDGED) found.set(judged[i], judged.subarray(i, i + JUDGED));
  const rows = [...found.values()].sort((one, other) => one[0] - other[0]);
  const flat = new Float32Array(rows.length * JUDGED);
  rows.forEach((row, i) => flat.set(row, i * JUDGED));
  return flat;
}

/** The place of the last row whose step is not after this one; −1 if there is none. */
function rowAt(rows, width, step) {
  let [low, high] = [0, rows.length / width];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle * width] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The row nearest to a step, as {step, value} of a column, or null where there is no number within `reach`
 * steps.
 */
function nearest(rows, width, column, step, reach = Infinity) {
  const count = rows.length / width;
  if (!count) return null;
  let at = Math.max(rowAt(rows, width, step), 0);
  if (at + 1 < count && rows[(at + 1) * width] - step < step - rows[at * width]) at += 1;
  const value = rows[at * width + column];
  return Number.isNaN(value) || Math.abs(rows[at * width] - step) > reach
    ? null
    : { step: rows[at * width], value };
}

/**
 * Least and greatest number of a column from a step on, [Infinity, -Infinity] if there is none; only above
 * `floor`.
 */
function rangeOf(rows, width, column, from = 0, floor = -Infinity) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = Math.max(rowAt(rows, width, from), 0) * width; i < rows.length; i += width) {
    const value = rows[i + column];
    if (!(value > floor) || value === Infinity) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Means over pieces of the step axis as wide as `piece`: rows of step and mean, flat; what is no number ends
 * a line.
 */
function means(rows, width, column, from, piece) {
  const found = [];
  let [sum, steps, count, bin] = [0, 0, 0, null];
  const close = () => {
    if (count) found.push(steps / count, sum / count);
    [sum, steps, count] = [0, 0, 0];
  };
  for (let i = Math.max(rowAt(rows, width, from), 0) * width; i < rows.length; i += width) {
    const value = rows[i + column];
    const here = Math.floor(rows[i] / piece);
    if (here !== bin) close();
    bin = here;
    if (!Number.isFinite(value)) {
      close();
      found.push(rows[i], NaN);
      continue;
    }
    [sum, steps, count] = [sum + value, steps + rows[i], count + 1];
  }
  const begun = rows.length ? rows[rows.length - width] - bin * piece : 0;
  if (begun >= piece / 2 || !found.length) close(); // a piece just begun is too few steps to tell
  return found;
}
return { CURVE, JUDGED, EPOCHS, makeMemory, rowAt, nearest, rangeOf, means };
})();

// ── web/lines.js
const $lines = (() => {
const { ticksOf } = $axes;
const { grouped } = $format;
const { CURVE, EPOCHS, JUDGED, means, rowAt } = $series;
const PIECES = 140; // means along the step axis: one every two pixels or so
const MOST_POINTS = 300; // of a line
const FEW = 20; // judgements up to which each has a dot
const LEAP = 0.1; // of all steps: from the untrained network no line is drawn so far
const DOTTED = 60; // epochs up to which each end has a dot

/** The last number of a column that is one, or null. */
function lastOf(rows, width, column) {
  for (let i = (rows?.length ?? 0) - width; i >= 0; i -= width) {
    if (!Number.isNaN(rows[i + column])) return rows[i + column];
  }
  return null;
}

/** The training line as it is drawn: means over small pieces of the step axis. */
function meansOf(curve, column, from, view) {
  return means(curve, CURVE, column, from, Math.max(view.furthest / PIECES, 1));
}

/** Training faint, validation of each branch in its colour and dashes, dots at the ends of epochs. */
function drawLines(pen, view, column) {
  for (const line of [...view.lines].reverse()) {
    const { curve, judged, epochs, from, slot, current } = line;
    const colour = pen.colours.branch[slot];
    if (current || judged.length < 2 * JUDGED) {
      const mean = meansOf(curve, column, current ? 0 : from, view);
      pen.line(mean, { colour: pen.colours.quiet, width: 1.25, alpha: 0.6 });
    }
    const seen = pairs(judged, JUDGED, column, from);
    if (judged.length <= FEW * JUDGED) pen.line(seen, { colour, width: 2, dots: true });
    pen.line(withoutLeap(seen, view.furthest), { colour, slot, width: current ? 2.25 : 1.5 });
    if (current && epochs.length <= DOTTED * EPOCHS) {
      pen.line(pairs(epochs, EPOCHS, column + 2, from), { colour, width: 2.75, dots: true });
    }
  }
}

/** Points without that of step 0 if the next is far: a line between them would tell what was not seen. */
function withoutLeap(points, furthest) {
  return points[0] === 0 && points[2] > LEAP * furthest ? points.slice(2) : points;
}

/** The learning rate of each branch. */
function drawRate(pen, view) {
  for (const { curve, from, slot, current } of [...view.lines].reverse()) {
    const colour = current ? pen.colours.ink : pen.colours.branch[slot];
    pen.line(pairs(curve, CURVE, 3, from), { colour, slot, width: current ? 1.5 : 1.25 });
  }
}

/** Step and value of a column from a step on, where there is one, thinned to about a point a pixel. */
function pairs(rows, width, column, from) {
  const found = [];
  const put = (i) => Number.isNaN(rows[i + column]) || found.push(rows[i], rows[i + column]);
  const by = width * Math.ceil(rows.length / width / MOST_POINTS);
  let i = Math.max(rowAt(rows, width, from), 0) * width;
  for (; i < rows.length; i += by) put(i);
  if (rows.length && i - by !== rows.length - width) put(rows.length - width);
  return found;
}

/** What is over all plots: the ends of epochs, the point looked back at, the point read. */
function drawMarks({ context, box, colours }, axis, view) {
  const at = (step) => Math.round(axis.place(step, box.left, box.right)) + 0.5;
  const upright = (x, from, to, colour, width) => {
    Object.assign(context, { strokeStyle: colour, lineWidth: (width * colours.size) / 12 });
    context.beginPath();
    context.moveTo(x, from);
    context.lineTo(x, to);
    context.stroke();
  };
  for (const { step } of view.marks) upright(at(step), box.bottom - 4, box.bottom, colours.quiet, 1);
  if (view.marker !== null) {
    const x = at(view.marker);
    Object.assign(context, { fillStyle: colours.bg, globalAlpha: 0.6 });
    context.fillRect(x, box.top - 3, box.right - x + 3, box.bottom - box.top + 6);
    context.globalAlpha = 1;
    upright(x, box.top - 4, box.bottom, colours.accent, 2);
  }
  if (view.hover !== null) upright(at(view.hover), box.top - 4, box.bottom, colours.ink, 1);
}

/**
 * A dozen round ends of epochs: {step, epoch}; those that were, and those to come at the present batch size.
 */
function epochMarks(ends, each, high) {
  const was = ends.length / EPOCHS;
  const since = was ? ends[(was - 1) * EPOCHS] : 0;
  const all = was + Math.max(Math.floor((high - since) / each + 1e-6), 0);
  const every = Math.max(1, ticksOf({ low: 0, high: all }, 10)[1] ?? 1);
  const found = [];
  for (let epoch = every; epoch <= all; epoch += every) {
    const step = epoch <= was ? ends[(epoch - 1) * EPOCHS] : since + (epoch - was) * each;
    found.push({ step, epoch });
  }
  return found;
}

/** Two rows of numbers under the lowest plot: steps, and epochs under them. */
function drawNumbers({ context, box, colours }, axis, view) {
  const { size } = colours;
  const edge = box.right + 1.6 * size;
  Object.assign(context, { fillStyle: colours.quiet, textBaseline: "top" });
  const height = (row) => box.bottom + (0.45 + 1.3 * row) * size;
  const put = (step, row, text) => {
    const x = axis.place(step, box.left, box.right);
    if (x < box.right + size) context.fillText(text, x, height(row));
  };
  context.textAlign = "left";
  context.fillText("step", edge, height(0));
  if (view.marks.length) context.fillText("epoch", edge, height(1));
  context.textAlign = "center";
  const most = Math.floor((box.right - box.left) / (5.5 * size));
  for (const step of ticksOf({ low: 0, high: axis.high }, most)) put(step, 0, grouped(step));
  let free = -Infinity; // from here on there is room
  for (const { step, epoch } of view.marks) {
    const text = grouped(epoch);
    const x = axis.place(step, box.left, box.right);
    const half = context.measureText(text).width / 2;
    if (x - half < free) continue;
    free = x + half + 0.7 * size;
    put(step, 1, text);
  }
}
return { lastOf, meansOf, drawLines, drawRate, drawMarks, epochMarks, drawNumbers };
})();

// ── web/limits.js
const $limits = (() => {
const { lastStepFor, niceBelow, topFor } = $axes;
const { lastOf, meansOf } = $lines;
const { CURVE, JUDGED, means, rangeOf, rowAt } = $series;
const LOG_FROM = 12; // greatest loss : least loss from which the axis is logarithmic,
const LOG_UNTIL = 4; // and under which it is linear again
const MOST_ABOVE_START = 1000; // times the first loss: what diverges leaves the picture
const FLOORS = [0.9, 0.8, 0.5, 0]; // where an axis of accuracy may start
const ROOM = 0.12; // of such an axis that stays free under the lines

/** Set the limits of all axes to what is drawn: {x, loss, score, rate}. They stay as long as they fit. */
function setLimits(axes, view, store, values) {
  for (const { curve } of view.lines) view.furthest = Math.max(view.furthest, lastOf(curve, CURVE, 0) ?? 0);
  axes.x.set(0, lastStepFor(Math.max(view.furthest, store.frame?.step ?? 0), store.session));
  setLoss(axes.loss, view);
  if (view.marker === null) view.floor = floorFor(view, values);
  axes.score.set(view.floor, 1);
  const rates = view.lines.map(({ curve }) => rangeOf(curve, CURVE, 3)[1]);
  axes.rate.set(0, topFor(Math.max(0, ...rates) || store.frame?.learning_rate || 1));
}

function setLoss(axis, view) {
  const found = [[Infinity, 0]];
  for (const { curve, judged } of view.lines) {
    found.push(rangeOf(meansOf(curve, 1, 0, view), 2, 1, 0, 0), rangeOf(judged, JUDGED, 1, 0, 0));
  }
  const start = Math.max(1e-9, ...view.lines.map(({ judged, curve }) => judged[1] || curve[1] || 0));
  const high = Math.min(Math.max(...found.map((range) => range[1])), MOST_ABOVE_START * start);
  const low = Math.max(Math.min(...found.map((range) => range[0])), high * 1e-9);
  if (!high) return axis.set(0, 1);
  const log = view.log ?? high / low > (axis.log ? LOG_UNTIL : LOG_FROM);
  const fits = axis.log === log && high <= axis.high && high > (log ? 0.25 : 0.5) * axis.high;
  const top = fits ? axis.high : topFor(high);
  if (!log) return axis.set(0, top);
  const deep = axis.log && low >= axis.low && low < 8 * axis.low;
  return axis.set(deep ? axis.low : niceBelow(low), top, true);
}

/** Where the axis of accuracy starts: as high as leaves the later three quarters of all lines well inside. */
function floorFor(view, values) {
  const from = view.furthest / 4;
  const seen = view.lines.filter(({ judged }) => judged.length >= 3 * JUDGED);
  if (!seen.length) return 0;
  const least = Math.min(
    ...seen.flatMap(({ judged, curve }) => [
      rangeOf(judged.subarray((rowAt(judged, JUDGED, from) + 1) * JUDGED), JUDGED, 2)[0],
      rangeOf(means(curve, CURVE, 2, from, view.furthest / 20), 2, 1)[0],
    ]),
  );
  if (values && least < 0) return -1;
  const wanted = FLOORS.find((floor) => least >= floor + ROOM * (1 - floor)) ?? 0;
  if (wanted > view.floor) return wanted;
  return least < view.floor ? wanted : view.floor;
}
return { setLimits };
})();

// ── web/plot.js
const $plot = (() => {
const { ticksOf } = $axes;
const { dashOf } = $branches;
const { whileSeen } = $calm;
const { canvas, h, say } = $dom;
const { tick } = $numbers;
const { palette } = $palette;
const LEFT = 3.4; // gutters in widths of the small font: numbers of the axis, numbers at the lines' ends
const RIGHT = 5;
const SIZE = 12; // CSS pixels of the small font for which widths of lines are given

/** The part of a canvas that the lines have, in CSS pixels. */
function boxOf(size, width, height, foot = 0) {
  return {
    left: LEFT * size,
    right: width - RIGHT * size,
    top: 0.6 * size,
    bottom: height - 0.4 * size - foot * size,
  };
}

/**
 * One quantity against steps. `axes` {x, y}; `draw(pen, colours)` draws the lines with pen.line(rows, style),
 * where rows are flat (step, value); `foot`: rows of text under the plot; `ticks(axis)` which numbers stand
 * at the axis; `unit` makes a number's text.
 */
function makePlot({
  axes,
  draw,
  foot = 0,
  ticks = (axis) => ticksOf(axis, 4),
  unit = tick,
  underneath = null,
}) {
  const ends = h("div", { class: "ends", "aria-hidden": "true" });
  const { element, redraw } = canvas((context, width, height) => {
    const colours = palette(element);
    const box = boxOf(colours.size, width, height, foot);
    const place = (step, value) => [
      axes.x.place(step, box.left, box.right),
      axes.y.place(value, box.bottom, box.top),
    ];
    const pen = { context, box, colours, place, line: (rows, style) => line(pen, rows, style) };
    context.font = colours.font;
    grid(pen, axes.y, ticks(axes.y), unit);
    underneath?.(pen);
    draw(pen);
  });
  const plot = {
    element: h("div", { class: "plot" }, element, ends),
    canvas: element,
    redraw: whileSeen(element, redraw),
  };
  /** Numbers at the lines' ends: [{value, text, slot (or null: faint)}]; they keep apart from each other. */
  plot.ends = (numbers) => putEnds(ends, element, axes.y, foot, numbers);
  return plot;
}

function grid({ context, box, colours }, axis, ticks, unit) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  for (const value of ticks) {
    const y = Math.round(axis.place(value, box.bottom, box.top)) + 0.5;
    if (y < box.top - 1 || y > box.bottom + 1) continue;
    context.strokeStyle = colours.rule;
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(box.right, y);
    context.stroke();
    context.fillStyle = colours.quiet;
    context.fillText(unit(value), box.left - 0.5 * colours.size, y);
  }
}

function line({ context, box, place, colours }, rows, { colour, width, slot = 0, alpha = 1, dots = false }) {
  const scale = colours.size / SIZE; // on a projector everything is larger
  context.save();
  context.beginPath();
  context.rect(box.left - 3, box.top - 3, box.right - box.left + 6, box.bottom - box.top + 6);
  context.clip();
  Object.assign(context, {
    strokeStyle: colour,
    fillStyle: colour,
    lineWidth: width * scale,
    lineJoin: "round",
    lineCap: "butt",
  });
  context.globalAlpha = alpha;
  context.setLineDash(dashOf(slot).map((part) => part * scale));
  context.beginPath();
  if (dots) spots(context, place, rows, width * scale);
  else path(context, place, rows, box);
  if (dots) context.fill();
  else context.stroke();
  context.restore();
}

function path(context, place, rows, box) {
  let pen = false;
  for (let i = 0; i < rows.length; i += 2) {
    const value = rows[i + 1];
    if (Number.isNaN(value)) {
      pen = false;
      continue;
    }
    const [x, y] = place(rows[i], value);
    const high = Math.max(Math.min(y, box.bottom + 500), box.top - 500);
    if (pen) context.lineTo(x, high);
    else context.moveTo(x, high);
    pen = true;
  }
}

function spots(context, place, rows, radius) {
  for (let i = 0; i < rows.length; i += 2) {
    if (Number.isNaN(rows[i + 1])) continue;
    const [x, y] = place(rows[i], rows[i + 1]);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

function putEnds(holder, element, axis, foot, numbers) {
  const size = palette(element).size;
  const box = boxOf(size, element.clientWidth, element.clientHeight, foot);
  const room = 1.15 * size;
  while (holder.children.length > numbers.length) holder.lastChild.remove();
  while (holder.children.length < numbers.length) holder.append(h("span"));
  const wanted = numbers
    .map((number, i) => ({
      span: holder.children[i],
      ...number,
      y: axis.place(number.value, box.bottom, box.top),
    }))
    .map((one) => ({ ...one, y: Math.min(Math.max(one.y, box.top), box.bottom) }))
    .sort((a, b) => a.y - b.y);
  apart(wanted, room, box.bottom + (foot ? -0.3 : 0.4) * size);
  for (const { span, text, slot, y } of wanted) {
    say(span, text);
    span.className = slot === null ? "faint" : `slot-${slot}`;
    span.style.transform = `translateY(${y.toFixed(1)}px) translateY(-50%)`;
  }
}

/** Move numbers, sorted by height, so that none covers another and none leaves the plot. */
function apart(numbers, room, bottom) {
  for (let i = 1; i < numbers.length; i += 1) numbers[i].y = Math.max(numbers[i].y, numbers[i - 1].y + room);
  let most = bottom;
  for (let i = numbers.length - 1; i >= 0; i -= 1) {
    numbers[i].y = Math.min(numbers[i].y, most);
    most = numbers[i].y - room;
  }
}
return { boxOf, makePlot };
})();

// ── web/reading.js
const $reading = (() => {
const { fill, h } = $dom;
const { grouped } = $format;
const { figures } = $numbers;
const { palette } = $palette;
const { boxOf } = $plot;
const { CURVE, EPOCHS, JUDGED, nearest, rowAt } = $series;
const NEAR = 0.04; // of all steps: a judgement farther from the step than that is not told

/**
 * Exact values at a step, under a pointer over the curves or by arrow keys: sets view.hover and fills a small
 * table.
 */
function reading({ element, canvas, axis, view, store, score, redraw }) {
  const box = h("div", { class: "reading", hidden: true });
  const spoken = h("div", { class: "hidden-text", role: "status" });
  element.append(box, spoken);
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Curves; left and right arrow read the values at a step");

  const edges = () => boxOf(palette(canvas).size, canvas.clientWidth, canvas.clientHeight);

  function show(step, keys = false) {
    if (!view.lines.length) return;
    view.hover = Math.min(Math.max(Math.round(step), 0), Math.max(view.furthest, 0));
    const { left, right } = edges();
    const x = axis.place(view.hover, left, right);
    box.hidden = false;
    box.classList.toggle("left", x > (left + right) / 2);
    fill(box, h("p", {}, titleOf(view, store)), tableOf(view, score));
    if (keys) spoken.textContent = `${titleOf(view, store)}: ${wordsOf(view, score)}`;
    redraw();
  }

  function hide() {
    if (view.hover === null) return;
    view.hover = null;
    box.hidden = true;
    redraw();
  }

  function move(event) {
    if (event.target.closest("button, .reading")) return hide();
    const { left, right } = edges();
    const x = event.clientX - canvas.getBoundingClientRect().left;
    if (x < left - 8 || x > right + 8) return hide();
    show(axis.value(x, left, right));
  }

  function key(event) {
    if (event.target !== element) return;
    const by = Math.max(1, Math.round(view.furthest / 50));
    const from = view.hover ?? view.marker ?? view.furthest;
    const to = { ArrowLeft: from - by, ArrowRight: from + by, Home: 0, End: view.furthest }[event.key];
    if (event.key === "Escape") hide();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    show(to, true);
  }

  element.addEventListener("pointermove", move);
  element.addEventListener("pointerdown", move);
  element.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hide());
  element.addEventListener("keydown", key);
  element.addEventListener("blur", hide);
  store.on(["frame"], () => {
    if (view.hover !== null) fill(box, h("p", {}, titleOf(view, store)), tableOf(view, score));
  });
}

function titleOf(view, store) {
  const ends = view.lines[0].epochs;
  const done = rowAt(ends, EPOCHS, view.hover - 0.5) + 1;
  const before = done ? ends[(done - 1) * EPOCHS] : 0;
  const more = Math.floor(Math.max(view.hover - before - 1, 0) / (store.session?.steps_an_epoch || 1));
  return `step ${grouped(view.hover)}, epoch ${grouped(done + more + 1)}`;
}

function valuesOf(line, { hover: step, furthest }) {
  if (step < line.from) return null;
  const beyond = line.curve.length && step > line.curve[line.curve.length - CURVE] + 1;
  if (beyond) return null;
  const reach = Math.max(furthest * NEAR, 1);
  const at = (rows, width, column) => nearest(rows, width, column, step, reach);
  return {
    loss: [at(line.curve, CURVE, 1), at(line.judged, JUDGED, 1)],
    score: [at(line.curve, CURVE, 2), at(line.judged, JUDGED, 2)],
    rate: at(line.curve, CURVE, 3),
  };
}

/** The rows of the small table: {name, cells}, a cell for each branch that has come to this step. */
function rowsOf(view, score) {
  const lines = view.lines
    .map((line) => ({ line, values: valuesOf(line, view) }))
    .filter((one) => one.values);
  const loss = (one) => (one ? figures(one.value, 4) : "–");
  const share = (one) => (one ? score(one.value, 5000) : "–");
  const row = (name, text) => ({ name, cells: lines.map(({ values }) => text(values)) });
  const rows = [
    row("training loss", ({ loss: [training] }) => loss(training)),
    row(`${view.judged} loss`, ({ loss: [, judged] }) => loss(judged)),
    row(`training ${view.scoreName}`, ({ score: [training] }) => share(training)),
    row(`${view.judged} ${view.scoreName}`, ({ score: [, judged] }) => share(judged)),
    row("learning rate", ({ rate }) => loss(rate)),
  ];
  return {
    lines: lines.map(({ line }) => line),
    rows: rows.filter(({ cells }) => cells.some((cell) => cell !== "–")),
  };
}

function tableOf(view, score) {
  const { lines, rows } = rowsOf(view, score);
  const head = lines.map((line) => h("th", { scope: "col", class: `slot-${line.slot}` }, line.name));
  return h(
    "table",
    {},
    view.lines.length > 1 ? h("thead", {}, h("tr", {}, h("td"), ...head)) : null,
    h(
      "tbody",
      {},
      ...rows.map(({ name, cells }) =>
        h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", {}, text))),
      ),
    ),
  );
}

function wordsOf(view, score) {
  const { lines, rows } = rowsOf(view, score);
  const name = (i) => (view.lines.length > 1 ? `${lines[i].name} ` : "");
  return rows.map((row) => `${row.name} ${row.cells.map((cell, i) => name(i) + cell).join(", ")}`).join("; ");
}
return { reading };
})();

// ── web/curves.js
const $curves = (() => {
const { makeAxis } = $axes;
const { lineFor } = $branches;
const { atMost, describing } = $calm;
const { onTheme } = $colours;
const { h, say } = $dom;
const { grouped, judgedName } = $format;
const { setLimits } = $limits;
const { drawLines, drawMarks, drawNumbers, drawRate, epochMarks, lastOf } = $lines;
const { figures, shareOf, tick } = $numbers;
const { makePlot } = $plot;
const { reading } = $reading;
const { CURVE, JUDGED, makeMemory, means, nearest, rowAt } = $series;
const NUMBERS_MS = 250;
const NOTHING = {
  lines: [],
  marks: [],
  log: null,
  hover: null,
  marker: null,
  marked: null,
  furthest: 0,
  floor: 0,
};
const LOG_TIP = "Equal steps up the axis: equal factors (logarithmic), or equal differences (linear).";

/** Loss, accuracy (or R²) and learning rate against steps, with all branches; the exact values on hover. */
function curves(store) {
  const memory = makeMemory();
  const axes = { x: makeAxis(), loss: makeAxis(), score: makeAxis(), rate: makeAxis() };
  const view = { ...NOTHING, run: null };
  const values = () => Boolean(store.session?.data && !store.session.data.classes);
  const score = (value, n) => (values() ? figures(value, 3) : shareOf(value, n));
  const plots = makePlots(axes, view, values);
  const { loss, rate } = plots;

  const judgedKey = h("span", {}, "validation");
  const name = h("h3", {}, "Accuracy");
  const unit = h("span", { class: "quiet" }, "%");
  const switchLog = () => {
    view.log = !axes.loss.log;
    update();
  };
  const log = h(
    "button",
    { class: "scale-button", type: "button", onclick: switchLog, dataset: { tip: LOG_TIP } },
    "log",
  );
  const element = h(
    "div",
    { class: "curves" },
    h("figure", {}, h("figcaption", {}, h("h3", {}, "Loss"), log, legend(judgedKey)), loss.element),
    h("figure", { class: "score" }, h("figcaption", {}, name, unit), plots.score.element),
    h("figure", { class: "rate" }, h("figcaption", {}, h("h3", {}, "Learning rate")), rate.element),
  );
  reading({ element, canvas: loss.canvas, axis: axes.x, view, store, score, redraw: () => draw() });

  const describe = Object.fromEntries(
    Object.entries(plots).map(([key, plot]) => [key, describing(plot.canvas)]),
  );
  const numbers = atMost(NUMBERS_MS, putNumbers);
  let moving = false;

  function draw() {
    const far = Object.values(axes)
      .map((axis) => axis.glide())
      .some(Boolean);
    for (const plot of Object.values(plots)) plot.redraw();
    numbers();
    if (!far || moving) return;
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      draw();
    });
  }

  function update() {
    const { frame, session } = store;
    if (session && session.run !== view.run) {
      Object.assign(view, NOTHING, { run: session.run });
      for (const axis of Object.values(axes)) axis.forget();
    }
    memory.take(store);
    view.lines = memory.lines(store);
    view.scoreName = values() ? "R²" : "accuracy";
    view.judged = judgedName(session?.data);
    say(judgedKey, view.judged);
    view.marker = frame && frame.scrub !== null ? frame.step : null;
    view.marked = view.marker === null ? null : lineLookedAt(store);
    setLimits(axes, view, store, values());
    view.marks = epochMarks(view.lines[0]?.epochs ?? [], session?.steps_an_epoch || 1, axes.x.high);
    log.setAttribute("aria-pressed", String(axes.loss.log));
    draw();
  }

  function putNumbers() {
    const n = store.validation?.n ?? store.session?.data?.validation;
    loss.ends(endNumbers(view, 1, (value, seen) => figures(value, seen ? 3 : 2)));
    plots.score.ends(endNumbers(view, 2, (value, seen) => score(value, seen ? n : 100)));
    const back = view.marker !== null;
    const now = back ? (store.frame?.learning_rate ?? null) : lastOf(view.lines[0]?.curve, CURVE, 3);
    rate.ends(now === null ? [] : [{ value: now, text: figures(now, 2), slot: null }]);
    const drawn = view.lines.some((line) => lastOf(line.judged, JUDGED, 2) !== null);
    plots.score.element.hidden = values() && !drawn;
    say(name, values() ? "R²" : "Accuracy");
    say(unit, values() ? (drawn ? "" : `${figures(store.validation?.r2)} on ${view.judged}`) : "%");
    if (view.lines.length) describeAll(view.lines[0]);
  }

  function describeAll({ curve, judged }) {
    const step = grouped(lastOf(curve, CURVE, 0) ?? 0);
    const both = (column, text) =>
      `training ${text(lastOf(curve, CURVE, column))}, ` +
      `${view.judged} ${text(lastOf(judged, JUDGED, column))} at step ${step}`;
    const scale = axes.loss.log ? "logarithmic" : "linear";
    describe.loss(`Loss by step, ${scale}: ${both(1, (value) => figures(value, 3))}`);
    describe.score(`${values() ? "R²" : "Accuracy"} by step: ${both(2, (value) => score(value))}`);
    describe.rate(`Learning rate by step: ${figures(lastOf(curve, CURVE, 3), 3)} at step ${step}`);
  }

  store.on(["frame", "session", "branches", "timeline"], update);
  store.on(["validation"], numbers);
  onTheme(draw);
  return element;
}

/** The three plots, one below the other, on one step axis. */
function makePlots({ x, loss, score, rate }, view, values) {
  const lines = (column) => (pen) => {
    drawLines(pen, view, column);
    drawMarks(pen, x, view);
  };
  const rates = (pen) => {
    drawRate(pen, view);
    drawNumbers(pen, x, view);
    drawMarks(pen, x, view);
  };
  return {
    loss: makePlot({ axes: { x, y: loss }, draw: lines(1) }),
    score: makePlot({
      axes: { x, y: score },
      draw: lines(2),
      unit: (value) => tick(values() ? value : 100 * value),
    }),
    rate: makePlot({ axes: { x, y: rate }, draw: rates, foot: 2.6, ticks: ({ high }) => [0, high] }),
  };
}

function legend(judged) {
  return h(
    "span",
    { class: "legend" },
    h("span", {}, h("i", { class: "key training" }), "training"),
    h("span", {}, h("i", { class: "key validation" }), judged),
  );
}

/**
 * The branch along which one looks back: the current one if the point lies on its way, else the point's own.
 */
function lineLookedAt({ frame, timeline }) {
  const one = timeline?.snapshots.find((snapshot) => snapshot.id === frame.scrub);
  return one ? lineFor(timeline, one) : frame.branch;
}

/**
 * The numbers at the lines' ends, or where one looks back: validation of each branch, training of the current
 * one.
 */
function endNumbers(view, column, text) {
  const found = [];
  for (const line of view.lines) {
    const back = line.id === view.marked;
    const seen = back
      ? (nearest(line.judged, JUDGED, column, view.marker)?.value ?? null)
      : latestJudged(line, column);
    const name = view.lines.length > 1 ? `${line.name} ` : "";
    if (seen !== null) found.push({ value: seen, text: name + text(seen, true), slot: line.slot });
    const tail = line.current
      ? tailOf(back ? upTo(line.curve, view.marker) : line.curve, column, view)
      : null;
    if (tail !== null) found.push({ value: tail, text: text(tail, false), slot: null });
  }
  return found;
}

/** The newest judgement; that of the untrained network says nothing of one that has been trained. */
function latestJudged({ curve, judged }, column) {
  const untrained = lastOf(judged, JUDGED, 0) === 0;
  return untrained && lastOf(curve, CURVE, 0) > 0 ? null : lastOf(judged, JUDGED, column);
}

/** The rows of a curve up to a step. */
function upTo(curve, step) {
  return curve.subarray(0, (rowAt(curve, CURVE, step) + 1) * CURVE);
}

/** The mean of a column over the last few steps, null where the last is no number. */
function tailOf(curve, column, { furthest }) {
  const end = lastOf(curve, CURVE, 0);
  if (end === null || Number.isNaN(curve[curve.length - CURVE + column])) return null;
  return means(curve, CURVE, column, end - Math.max(furthest / 50, 20), Infinity).at(-1);
}
return { curves };
})();

// ── web/findings.js
const $findings = (() => {
const { fill, h, say } = $dom;
const HOLD_MS = 2500; // a finding that comes and goes stays this long, so that the line can be read
const TEXT_MS = 1000;

/** The layers that a finding is about: "layers 2, 4 and 6: …" is about three. */
function placesOf({ place, text }) {
  const named = /^layers? ([\d, and]+)/.exec(text);
  return named ? (named[1].match(/\d+/g)?.map(Number) ?? [place]) : [place];
}

/** What looks wrong, in plain words; `show(place)` is called with the layer of a finding that is pressed. */
function findings(store, show) {
  const list = h("ul", { class: "findings-list" });
  const calm = h("p", { class: "calm quiet" });
  const spoken = h("div", { class: "hidden-text", role: "status" });
  const element = h("section", { class: "findings", "aria-label": "What looks wrong" }, list, calm, spoken);
  const held = new Map(); // by name and place: {item, text, seen, written}
  const told = new Set();
  let run = null;

  function forget() {
    held.clear();
    told.clear();
    fill(list);
    say(spoken, "");
  }

  function itemOf({ place }) {
    const words = h("span");
    const sign = h("span", { class: "sign", "aria-hidden": "true" }, "\u26a0\ufe0e");
    const button = h(
      "button",
      { type: "button", disabled: place === null, onclick: () => show(place) },
      sign,
      words,
    );
    return { element: h("li", {}, button), words };
  }

  function take(finding, now) {
    const key = `${finding.name} ${finding.place}`;
    const known = held.get(key) ?? { item: itemOf(finding), written: -Infinity };
    if (!held.has(key)) list.append(known.item.element);
    if (now - known.written > TEXT_MS) {
      say(known.item.words, finding.text);
      known.written = now;
    }
    held.set(key, { ...known, seen: now });
    if (told.has(key)) return;
    told.add(key);
    say(spoken, finding.text);
  }

  function update() {
    const { frame, session } = store;
    if (session && session.run !== run) {
      run = session.run;
      forget();
    }
    const now = performance.now();
    for (const finding of frame?.findings ?? []) take(finding, now);
    const hold = session?.status === "running" ? HOLD_MS : 0;
    for (const [key, { item, seen }] of held) {
      if (now - seen <= hold) continue;
      item.element.remove();
      held.delete(key);
    }
    calm.hidden = held.size > 0;
    say(calm, frame?.step ? "Nothing looks wrong." : "");
  }

  store.on(["frame", "session"], update);
  return element;
}
return { placesOf, findings };
})();

// ── web/mistakes.js
const $mistakes = (() => {
const { h, say } = $dom;
const { shareOf } = $numbers;
const { strip } = $thumbs;
/** The mistakes that the network is surest of, each with what it is and what it was taken for. */
function mistakes(store) {
  const row = strip(store, "Worst mistakes; press one to see it flow through the network");
  const title = h("h3", {}, "Worst mistakes");
  const none = h("p", { class: "quiet" });
  const element = h("section", { class: "mistakes" }, title, none, row.element);

  function update() {
    const { validation, session } = store;
    const classes = session?.data?.classes;
    element.hidden = !classes;
    if (!classes) return;
    const count = validation?.array.index?.length ?? 0;
    say(none, !validation ? "None known yet." : count ? "" : "No mistake.");
    none.hidden = count > 0;
    row.element.hidden = !count;
    if (!count || row.element.matches(":hover, :has(:focus-visible)")) return; // what one points at stays
    const { images, index, labels, predicted, confidence } = validation.array;
    const items = Array.from(index, (place, i) => {
      const [is, taken, sure] = [classes[labels[i]], classes[predicted[i]], shareOf(confidence[i], 100)];
      return {
        index: place,
        caption: `${is} → ${taken}, ${sure}`,
        label: `${is} taken for ${taken}, ${sure} sure`,
      };
    });
    row.show({ images, shape: validation.shape.images, texts: validation.texts, items });
  }

  row.element.addEventListener("pointerleave", update);
  store.on(["validation", "session"], update);
  return element;
}
return { mistakes };
})();

// ── web/scatter.js
const $scatter = (() => {
const { makeAxis, niceAbove, ticksOf } = $axes;
const { describing } = $calm;
const { onTheme } = $colours;
const { canvas, h, say } = $dom;
const { figures, tick } = $numbers;
const { palette } = $palette;
/** Predicted against actual values, with R²: the line through the corners is where all would be right. */
function scatter(store) {
  const axis = makeAxis();
  const title = h("h3", {}, "Predicted against actual");
  const fact = h("span", { class: "quiet" });
  const { element: picture, redraw } = canvas(draw);
  const element = h(
    "section",
    { class: "scatter", hidden: true },
    h("div", { class: "title" }, title, fact),
    picture,
  );
  const describe = describing(picture);
  let run = null;

  function draw(context, width, height) {
    const { actual, predicted } = store.validation?.array ?? {};
    if (!actual) return;
    const colours = palette(picture);
    const { size } = colours;
    const box = { left: 3.2 * size, right: width - 0.5 * size, top: 0.5 * size, bottom: height - 3 * size };
    const at = (value, other) => [
      axis.place(value, box.left, box.right),
      axis.place(other, box.bottom, box.top),
    ];
    grid(context, box, axis, colours, at);
    context.beginPath();
    context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.clip();
    Object.assign(context, { fillStyle: colours.accent, globalAlpha: 0.55 });
    context.beginPath();
    for (let i = 0; i < actual.length; i += 1) {
      const [x, y] = at(actual[i], predicted[i]);
      context.moveTo(x + 2.25, y);
      context.arc(x, y, 2.25, 0, 2 * Math.PI);
    }
    context.fill();
  }

  function update() {
    const { validation, session } = store;
    element.hidden = !validation?.array.actual;
    if (element.hidden) return;
    if (run !== session?.run) axis.forget();
    const [low, high] = limitsOf(validation.array, run === session?.run ? axis : null);
    run = session?.run;
    axis.set(low, high);
    axis.glide();
    redraw();
    const text = `R² ${figures(validation.r2, 3)} on ${validation.part}`;
    say(fact, text);
    const what = session?.data?.target ?? "the target";
    describe(`Predicted against actual values of ${what}, ${tick(low)} to ${tick(high)}: ${text}`);
  }

  store.on(["validation", "session"], update);
  onTheme(redraw);
  return element;
}

/** Round limits around the actual values and most predictions; wider ones than before, never narrower. */
function limitsOf({ actual, predicted }, before) {
  const sorted = [...actual].filter(Number.isFinite).sort((a, b) => a - b);
  const guessed = [...predicted].filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return [0, 1];
  const [first, last] = [sorted[0], sorted.at(-1)];
  const spread = last - first || Math.abs(first) || 1;
  const near = (value) => Math.min(Math.max(value ?? first, first - spread / 2), last + spread / 2);
  const low = Math.min(first, near(guessed[0]), before?.low ?? Infinity);
  const high = Math.max(last, near(guessed.at(-1)), before?.high ?? -Infinity);
  const by = niceAbove((high - low) / 6 || 1);
  return [Math.floor(low / by + 1e-6) * by, Math.ceil(high / by - 1e-6) * by];
}

function grid(context, box, axis, colours, at) {
  const { size } = colours;
  Object.assign(context, {
    font: colours.font,
    strokeStyle: colours.rule,
    fillStyle: colours.quiet,
    lineWidth: 1,
  });
  for (const value of ticksOf(axis, 4)) {
    const [x, y] = at(value, value);
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(box.right, y);
    context.moveTo(x, box.top);
    context.lineTo(x, box.bottom);
    context.stroke();
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    context.fillText(tick(value), box.left - 0.5 * size, y);
    Object.assign(context, { textAlign: "center", textBaseline: "top" });
    context.fillText(tick(value), x, box.bottom + 0.4 * size);
  }
  context.fillText("actual", (box.left + box.right) / 2, box.bottom + 1.7 * size);
  context.textAlign = "left";
  context.fillText("predicted", box.left + 0.5 * size, box.top);
  context.strokeStyle = colours.quiet;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(box.left, box.bottom);
  context.lineTo(box.right, box.top);
  context.stroke();
  context.setLineDash([]);
}
return { scatter };
})();

// ── web/histograms.js
const $histograms = (() => {
const { niceAbove } = $axes;
const { canvas } = $dom;
const { palette } = $palette;
const BINS = 40;
const GAP = 0.9; // between two histograms, in widths of the small font
const FULL = 65535; // a row's largest bin

/** The three that each layer has, from left to right. */
const KINDS = ["weights", "activations", "gradients"];

/**
 * Three small histograms on one canvas. `take(counts, layers)` has, for each, the vitals it is of (or none);
 * `state` then says what is shown: parts ({low, high} or null), tops (the axes' ends) and signed (zero is in
 * the middle). Heights are square roots, so that tails are seen beside a peak.
 */
function histograms() {
  const state = { counts: null, parts: [null, null, null], tops: [0, 0, 0], signed: [true, true, true] };
  const { element, redraw } = canvas((context, width, height) =>
    paint(context, width, height, state, element),
  );
  const take = (counts, layers) => {
    state.counts = counts;
    state.parts = layers.map(
      (layer, i) => layer?.[KINDS[i]] && { ...layer[KINDS[i]], row: 3 * layer.row + i },
    );
    state.parts.forEach((part, i) => part && settle(state, part, i));
  };
  return { element, redraw, state, take };
}

/** Limits with zero in the middle, or at the left where nothing is below it; they change in steps. */
function settle(state, { low, high }, i) {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  if (low < 0) state.signed[i] = true;
  else if (KINDS[i] === "activations") state.signed[i] = false;
  const top = state.tops[i];
  if (reach > top || reach < 0.12 * top) state.tops[i] = reach > 0 ? niceAbove(reach) : 1;
}

function paint(context, width, height, state, element) {
  const colours = palette(element);
  const gap = GAP * colours.size;
  const each = (width - 2 * gap) / 3;
  state.parts.forEach((part, i) => {
    const left = i * (each + gap);
    const room = state.signed[i] ? each / 2 : each;
    const zero = left + each - room;
    context.fillStyle = colours.rule;
    context.fillRect(left, height - 1, each, 1);
    if (!part) return;
    const counts = state.counts.subarray(part.row * BINS, (part.row + 1) * BINS);
    const scale = room / state.tops[i];
    bars(context, counts, part, { zero, scale, height: height - 1, colours });
    context.fillStyle = colours.ink;
    context.fillRect(Math.round(zero), 0, 1, height);
  });
}

/** Bars below zero in one colour, those from zero on in the other. */
function bars(context, counts, { low, high }, { zero, scale, height, colours }) {
  const wide = (high - low) / BINS;
  const thick = Math.max(wide * scale, 1.5);
  const middle = (bin) => low + (bin + 0.5) * wide;
  for (const below of [true, false]) {
    context.fillStyle = below ? colours.below : colours.above;
    context.beginPath();
    for (let bin = 0; bin < BINS; bin += 1) {
      if (!counts[bin] || middle(bin) < 0 !== below) continue;
      const tall = Math.max(Math.sqrt(counts[bin] / FULL) * height, 1);
      context.rect(zero + middle(bin) * scale - thick / 2, height - tall, thick, tall);
    }
    context.fill();
  }
}
return { KINDS, histograms };
})();

// ── web/vitalwords.js
const $vitalwords = (() => {
const { KINDS } = $histograms;
const { figures, scientific, shareOf } = $numbers;
const [SMALL, LARGE] = [1e-4, 3e-2]; // of ‖ΔW‖ / ‖W‖: what lies between them is usual
const ADVICE = {
  none: "The weights do not move.",
  small: "Below about 1e−4 a layer learns slowly; at the end of a schedule it should.",
  usual: "About 1e−3 is usual.",
  large: "Above about 3e−2 a step changes much at once; usual in the first steps only.",
};
const SIGNS = { none: "–", small: "↓", usual: "✓", large: "↑" };

/** What update : weight is. */
const USUAL_TEXT =
  "How far the last step moved a layer's weights, as a share of them: ‖ΔW‖ / ‖W‖. About 1e−3 is usual (✓).";

/** What the histograms show. */
const HEIGHTS_TEXT =
  "How many values lie where: blue below zero, orange above. Heights are square roots of the counts, " +
  "so that the few far out are seen beside the many.";

function verdict(ratio) {
  if (ratio === 0) return "none";
  if (ratio < SMALL) return "small";
  return ratio > LARGE ? "large" : "usual";
}

function number(ratio) {
  return ratio < 0.01 ? scientific(ratio) : figures(ratio, 2);
}

/** "1.2e−3 ✓", "3e−6 ↓ small"; nothing where no update was seen. */
function ratioText(ratio) {
  if (ratio === null) return "";
  const word = verdict(ratio);
  return `${number(ratio)} ${SIGNS[word]}${word === "usual" ? "" : ` ${word}`}`;
}

/** The exact ratio, and what to think of it. */
function ratioAdvice(ratio) {
  if (ratio === null) return ADVICE.usual;
  return `‖ΔW‖ / ‖W‖ = ${scientific(ratio, 4)}. ${ADVICE[verdict(ratio)]}`;
}

/** "12 % dead", "80 % saturated", both, or nothing. */
function idleText({ dead, saturated }) {
  const said = [];
  if (dead !== null) said.push(`${shareOf(dead, 100)} dead`);
  if (saturated !== null) said.push(`${shareOf(saturated, 100)} saturated`);
  return said.join(", ");
}

/** A layer's row in words and numbers, for who does not see it. */
function rowText(place, parts, facts) {
  const spreads = parts.map((part, i) => part && `${KINDS[i]} ${figures(part.low)} to ${figures(part.high)}`);
  const { ratio } = facts;
  const moved = ratio === null ? null : `update ${number(ratio)} of the weights, ${verdict(ratio)}`;
  const said = [...spreads, moved, idleText(facts)].filter(Boolean);
  return `Layer ${place}: ${said.join("; ") || "nothing yet"}`;
}
return { USUAL_TEXT, HEIGHTS_TEXT, ratioText, ratioAdvice, idleText, rowText };
})();

// ── web/vitals.js
const $vitals = (() => {
const { atMost, describing, whileSeen } = $calm;
const { onTheme } = $colours;
const { fill, h, say } = $dom;
const { placesOf } = $findings;
const { histograms, KINDS } = $histograms;
const { tick } = $numbers;
const { HEIGHTS_TEXT, idleText, ratioAdvice, ratioText, rowText, USUAL_TEXT } = $vitalwords;
const SILENT = ["Dropout", "Flatten"]; // layers that are told of by the others of their row
const NUMBERS_MS = 300;

/**
 * For each layer with weights: how weights, activations and gradients are spread, and how far an update goes.
 */
function vitals(store) {
  const list = h("ol", { class: "vitals-list", tabindex: 0, "aria-label": "Layers" });
  const none = h("p", { class: "quiet" }, "After the next step.");
  const element = h(
    "section",
    { class: "vitals" },
    h(
      "div",
      { class: "title" },
      h("h3", {}, "Layers"),
      h("span", { class: "legend", dataset: { tip: USUAL_TEXT } }, "update : weight"),
    ),
    h(
      "p",
      { class: "vitals-head quiet", "aria-hidden": "true", dataset: { tip: HEIGHTS_TEXT } },
      ...KINDS.map((kind) => h("span", {}, kind)),
    ),
    list,
    none,
  );
  let rows = [];
  let run = null;

  function build(session) {
    run = session.run;
    rows = groupsOf(session.network.layers).map(layerRow);
    fill(
      list,
      rows.map((row) => row.element),
    );
  }

  function update() {
    const { frame, session } = store;
    if (!session?.network) return;
    if (session.run !== run) build(session);
    none.hidden = !frame || frame.vitals.length > 0;
    if (!frame) return;
    const by = new Map(frame.vitals.map((one) => [one.place, one]));
    const past = frame.scrub !== null || !frame.vitals.length;
    const warned = new Set(frame.findings.flatMap(placesOf));
    for (const row of rows) row.update(by, frame.array.histograms, warned, past);
  }

  store.on(["frame", "session"], update);
  onTheme(update);
  /** Bring the row of a layer into view. */
  const show = (place) => {
    const row = rows.find((one) => one.places.includes(place));
    row?.element.scrollIntoView({ block: "nearest" });
    row?.element.animate?.([{ background: "var(--tint)" }, {}], { duration: 900 });
  };
  return { element, show };
}

/** Layers with weights, each with the layers that follow it up to the next one with weights. */
function groupsOf(layers) {
  const groups = [];
  for (const layer of layers) {
    if (layer.matrix || layer.parameters || !groups.length) groups.push([layer]);
    else groups.at(-1).push(layer);
  }
  return groups;
}

/** A row of the list: {element, places, update}. */
function layerRow(group) {
  const places = group.map((layer) => layer.place);
  const names = group.filter((layer, i) => i === 0 || !SILENT.includes(layer.kind)).map(nameOf);
  const [dead, ratio] = [h("span"), h("span", { class: "has-tip" })];
  const ends = KINDS.map(() => [h("span"), h("span")]);
  const { element: picture, redraw, state, take } = histograms();
  const element = h(
    "li",
    {},
    h("p", { class: "layer-name" }, ...names),
    h("p", { class: "layer-facts" }, dead, ratio),
    picture,
    h("p", { class: "limits quiet", "aria-hidden": "true" }, ...ends.map((pair) => h("span", {}, ...pair))),
  );
  const facts = { ratio: null, dead: null, saturated: null };
  ratio.tip = () => [h("b", {}, "update : weight"), h("p", {}, ratioAdvice(facts.ratio))];

  const paint = whileSeen(picture, redraw);
  const describe = describing(picture);
  const write = atMost(NUMBERS_MS, () => {
    say(ratio, ratioText(facts.ratio));
    say(dead, idleText(facts));
    ends.forEach(([low, high], i) => {
      const top = state.tops[i];
      say(low, state.parts[i] ? tick(state.signed[i] ? -top : 0) : "");
      say(high, state.parts[i] ? tick(top) : "");
    });
    describe(rowText(places[0], state.parts, facts));
  });

  function update(by, counts, warned, past) {
    const mine = places.map((place) => by.get(place)).filter(Boolean);
    const first = (name) => mine.map((one) => one[name]).find((value) => value !== null) ?? null;
    const active = mine.filter((one) => one.activations && one.kind !== "Dropout").at(-1);
    take(counts, [mine.find((one) => one.weights), active, mine.find((one) => one.gradients)]);
    // A pause is no update: the last one stays.
    if (past || first("ratio") !== null) facts.ratio = first("ratio");
    Object.assign(facts, { dead: first("dead"), saturated: first("saturated") });
    for (const name of names) name.classList.toggle("warned", warned.has(Number(name.dataset.place)));
    element.classList.toggle(
      "warned",
      names.some((name) => name.matches(".warned")),
    );
    paint();
    write();
  }

  return { element, places, update };
}

/** "1 Dense 128", or of a layer that follows "2 ReLU". */
function nameOf({ place, label, units }, i) {
  return h("span", { dataset: { place } }, h("b", {}, String(place)), i ? ` ${label}` : ` ${label} ${units}`);
}
return { vitals };
})();

// ── web/progress.js
const $progress = (() => {
const { confusion } = $confusion;
const { curves } = $curves;
const { h } = $dom;
const { findings } = $findings;
const { mistakes } = $mistakes;
const { scatter } = $scatter;
const { vitals } = $vitals;
/** How it goes: curves, what looks wrong, each layer's numbers, and what the network still gets wrong. */
function progressPanel(store) {
  const layers = vitals(store);
  return h(
    "section",
    { class: "panel progress", "aria-label": "How it goes" },
    h("h2", {}, "How it goes"),
    curves(store),
    findings(store, layers.show),
    layers.element,
    confusion(store),
    scatter(store),
    mistakes(store),
  );
}
return { progressPanel };
})();

// ── web/layers.js
const $layers = (() => {
const { fill, h } = $dom;
const { option } = $fields;
const { icon } = $icons;
const FIRST = { units: 64, activation: "relu" };

/**
 * The hidden layers: a row for each with its width and activation, one more, one less. Shows
 * {hidden: [128], activation: ["relu"]} and commits the same.
 */
function layersField(control, describedBy, limits, commit) {
  const list = h("ol", { class: "layers", "aria-label": control.label, "aria-describedby": describedBy });
  const most = limits?.layers ?? 12;
  const [least, widest] = [control.least ?? 1, control.most ?? 4096];
  const add = h(
    "button",
    {
      type: "button",
      class: "add",
      onclick: () => replace([...layers, { ...(layers.at(-1) ?? FIRST) }], layers.length),
    },
    icon("plus"),
    "layer",
  );
  let layers = [];
  let ends = { input: "", output: "" };
  let on = true;
  let drawn = "";

  const tell = (how) =>
    how({ hidden: layers.map((one) => one.units), activation: layers.map((one) => one.activation) });

  /** More or fewer layers: drawn anew, with the focus at that place. */
  function replace(next, focus) {
    layers = next;
    draw();
    const inputs = list.querySelectorAll("input");
    (inputs[Math.min(focus, inputs.length - 1)] ?? add).focus();
    tell(commit);
  }

  /** One layer changes: what the user sees of it is right already, and the focus is left where it goes. */
  function change(place, what, how = commit) {
    layers = layers.map((layer, i) => (i === place ? { ...layer, ...what } : layer));
    drawn = key();
    tell(how);
  }

  function changeUnits(place, text) {
    const units = Number(text);
    if (units === layers[place].units && text) return;
    if (Number.isInteger(units) && units >= least && units <= widest) return change(place, { units });
    commit.wrong(
      `layer ${place + 1}: expected ${least} to ${widest} units, a whole number, got ${text || "nothing"}`,
    );
  }

  function widthField(units, place) {
    const settle = () => changeUnits(place, input.value.trim());
    const input = h("input", {
      type: "text",
      inputMode: "numeric",
      class: "number",
      value: units,
      autocomplete: "off",
      disabled: !on,
      "aria-label": `Units of layer ${place + 1}`,
      onchange: settle,
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") settle();
      if (event.key === "Escape") input.value = layers[place].units;
      const factor = { ArrowUp: 2, ArrowDown: 0.5 }[event.key];
      if (!factor) return;
      event.preventDefault();
      const wish = Math.round((Number(input.value) || units) * factor);
      input.value = Math.min(Math.max(wish, least), widest);
      change(place, { units: Number(input.value) }, commit.soon);
    });
    return input;
  }

  function row({ units, activation }, place) {
    const name = `layer ${place + 1}`;
    const kind = h("select", { "aria-label": `Activation of ${name}`, disabled: !on });
    kind.append(...control.options.map(option));
    kind.value = activation;
    kind.addEventListener("change", () => change(place, { activation: kind.value }));
    const remove = h(
      "button",
      {
        type: "button",
        class: "remove",
        "aria-label": `Remove ${name}`,
        "data-tip": `Remove ${name}`,
        disabled: !on,
        onclick: () =>
          replace(
            layers.filter((_, i) => i !== place),
            place,
          ),
      },
      icon("close"),
    );
    return h("li", {}, widthField(units, place), kind, remove);
  }

  function draw() {
    drawn = key();
    add.disabled = !on || layers.length >= most;
    add.dataset.tip =
      layers.length >= most ? `At most ${most} hidden layers` : "One more hidden layer, like the last";
    const end = (text, cls) => h("li", { class: `end ${cls}` }, text);
    fill(
      list,
      end(ends.input, "first"),
      layers.map(row),
      h("li", { class: "one-more" }, add),
      end(ends.output, "last"),
    );
  }

  const key = () => JSON.stringify([layers, ends, on]);

  return {
    element: list,
    input: null,
    show({ hidden, activation }, network) {
      layers = hidden.map((units, i) => ({
        units,
        activation: activation[i] ?? activation[0] ?? FIRST.activation,
      }));
      ends = network;
      if (key() !== drawn && !list.contains(list.getRootNode().activeElement)) draw();
      else if (key() !== drawn) redrawKeepingFocus();
    },
    enable(yes) {
      on = yes;
      if (key() !== drawn) draw();
    },
  };

  /** The same element stays in focus over a new drawing. */
  function redrawKeepingFocus() {
    const parts = () => [...list.querySelectorAll("input, select, button")];
    const place = parts().indexOf(list.getRootNode().activeElement);
    draw();
    (parts()[place] ?? add).focus();
  }
}
return { layersField };
})();

// ── web/setting.js
const $setting = (() => {
const { h, say, uniqueId } = $dom;
const { makeField } = $fields;
const { layersField } = $layers;
const SOON_MS = 120; // between two values on the way, while a slider is drawn

/**
 * One setting: {element, label, refresh(), value()}. What the user settles on is sent, and what the server says
 * to that stands below; until then the control shows what was asked for.
 */
function settingRow(store, control) {
  const [id, helpId] = [uniqueId(control.name), uniqueId("help")];
  const error = h("p", { class: "error", role: "alert" });
  const report = (text) => {
    say(error, text);
    refresh();
  };
  const commit = makeSender(store, control, report);
  const field = isLayers(control)
    ? layersField(control, helpId, store.hello.limits, commit)
    : makeField(control, id, helpId, commit);
  const mark = h("span", { class: "mark" });
  const element = h(
    "div",
    { class: `row has-tip ${control.type}`, dataset: { side: "right", name: control.name } },
    h(field.input ? "label" : "span", { htmlFor: id, class: "label" }, control.label, mark),
    h("div", { class: "control" }, field.element),
    field.below,
    error,
    h("span", { class: "hidden-text", id: helpId }, control.help),
  );
  const value = () => pick(control, now(store));
  let run = null;

  function refresh() {
    const { session, hello } = store;
    if (session.run !== run) say(error, ""); // it was about another network
    run = session.run;
    const waits = isStaged(control, session);
    element.classList.toggle("staged", waits);
    element.classList.toggle("wrong", Boolean(error.textContent));
    field.input?.setAttribute("aria-invalid", String(Boolean(error.textContent)));
    say(mark, waits ? "new run" : "");
    const mayDrive = hello.role !== "watch" && store.open();
    field.enable(mayDrive && session.status !== "loading" && !control.disabled);
    if (!commit.busy() && !isEdited(element, error)) field.show(value(), ends(session));
  }

  element.tip = () => explain(control, value(), isStaged(control, store.session));
  watchEdits(
    element,
    () => store.session?.settings && element.isConnected && refresh(),
    () => {
      say(error, "");
      field.show(value(), ends(store.session));
    },
  );
  return { element, label: control.label, refresh, value };
}

/** Sends a control's values: commit(value), or commit.soon(value) for those on the way, of which some go. */
function makeSender(store, control, report) {
  let pending; // what was sent, or will be, and not answered yet
  let timer = 0;

  function commit(value) {
    clearTimeout(timer);
    timer = 0;
    pending = value;
    const settle = (refused) => {
      if (pending === value) pending = undefined;
      report(refused?.message ?? "");
    };
    const settings = isLayers(control) ? value : { [control.name]: value };
    store
      .send({ kind: underWay(store) && control.live ? "change" : "setup", settings })
      .then(() => settle(), settle);
  }

  commit.soon = (value) => {
    pending = value;
    timer ||= setTimeout(() => commit(pending), underWay(store) ? SOON_MS : 4 * SOON_MS);
  };
  commit.wrong = report;
  commit.busy = () => pending !== undefined;
  return commit;
}

/** Call `left` when a field is left, and `undo` on Escape; meanwhile its element is marked as touched. */
function watchEdits(element, left, undo) {
  element.addEventListener("input", ({ target }) => {
    target.dataset.touched = "yes";
  });
  element.addEventListener("focusout", ({ target }) => {
    delete target.dataset.touched;
    setTimeout(left);
  });
  element.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    delete target.dataset.touched;
    undo();
  });
}

/** Whether somebody is at it just now: then it is not overwritten. */
function isEdited(element, error) {
  const focus = element.getRootNode().activeElement;
  if (!element.contains(focus)) return false;
  return Boolean(error.textContent) || (focus.type === "text" && "touched" in focus.dataset);
}

const isLayers = (control) => control.type === "layers";
const underWay = ({ session }) => ["running", "paused", "ended"].includes(session?.status);

function pick(control, { hidden, activation, ...others }) {
  return isLayers(control) ? { hidden, activation } : others[control.name];
}

/** Whether a change of the setting waits for a new run. */
function isStaged(control, { staged, settings }) {
  const names = isLayers(control) ? ["hidden", "activation"] : [control.name];
  return names.some((name) => name in (staged ?? {}) && `${staged[name]}` !== `${settings[name]}`);
}

/** The settings as they are shown: those that wait for a new run come first. */
function now({ session }) {
  return { ...session.settings, ...session.staged };
}

/** What stands before and after the hidden layers. */
function ends({ data, network }) {
  if (!data || !network) return { input: "input", output: "output" };
  const shape = data.shape.length > 1 ? data.shape.join(" × ") : `${data.shape[0]}`;
  const last = network.layers.filter((layer) => layer.matrix).at(-1);
  const kind = data.classes ? `${data.classes.length} classes` : "value";
  return { input: `input ${shape}`, output: `output ${last ? last.matrix.units : ""} (${kind})` };
}

/** What a tip says of the setting, and of each of its choices. */
function explain(control, value, staged) {
  const text = h("div", {}, h("b", {}, control.label), ": ", control.help);
  const when = staged
    ? h("div", { class: "chosen" }, "Takes effect with a new run.")
    : control.live
      ? h("div", { class: "quiet" }, "Can be changed while it trains.")
      : null;
  const why = control.disabled ? h("div", { class: "why" }, control.disabled) : null;
  if (!control.options?.length) return [text, why ?? when];
  const chosen = [].concat(control.type === "layers" ? value.activation : value).map(String);
  const list = control.options.flatMap((one) => [
    h(
      "dt",
      { class: one.disabled ? "closed" : chosen.includes(String(one.value)) ? "chosen" : "" },
      one.label,
    ),
    h("dd", {}, one.disabled || one.help || ""),
  ]);
  return [text, why ?? when, h("dl", {}, list)];
}
return { settingRow };
})();

// ── web/gallery.js
const $gallery = (() => {
const { fill, h } = $dom;
const { makeDialog } = $dialog;
const { icon } = $icons;
/** The button that opens the gallery: networks that are broken on purpose, to see what that looks like. */
function galleryButton(store) {
  const list = h("ul", { class: "gallery" });
  const dialog = makeDialog(
    "Eight broken networks",
    h(
      "p",
      { class: "quiet" },
      "Each cannot learn well, on purpose. Choose one, press start, and find out why. It begins a new run.",
    ),
    list,
  );
  const button = h(
    "button",
    { type: "button", class: "button outlined wide", "aria-haspopup": "dialog" },
    icon("broken"),
    "Broken nets …",
  );
  button.addEventListener("click", () => {
    fill(list, store.hello.gallery.map(item));
    dialog.open(button);
  });

  function item({ name, title, about, looks_for: sign }) {
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", onclick: () => choose(name) },
        h("b", {}, title),
        h("span", {}, about),
        h("small", {}, `look for: ${sign.replaceAll("-", " ")}`),
      ),
    );
  }

  function choose(name) {
    dialog.close();
    store.send({ kind: "broken", name }).catch(() => {}); // the shell says why
  }

  return h("div", { class: "gallery-start" }, button, dialog.element);
}
return { galleryButton };
})();

// ── web/starts.js
const $starts = (() => {
const { h, uniqueId } = $dom;
const { galleryButton } = $gallery;
/** Where one may begin: a recipe, or a network that is broken on purpose. */
function starts(store) {
  const box = h("fieldset", { class: "starts" }, recipeRow(store), galleryButton(store));
  return {
    element: box,
    refresh: () => {
      box.disabled = !store.open();
    },
  };
}

/** The recipes. While nothing has been trained one is used at once, else only when a button says so, too. */
function recipeRow(store) {
  const { recipes = [] } = store.hello;
  const id = uniqueId("recipe");
  const menu = h(
    "select",
    { id },
    h("option", { value: "" }, "choose …"),
    recipes.map(({ name }) => h("option", {}, name)),
  );
  const go = h(
    "button",
    { type: "button", class: "button outlined wide", hidden: true, onclick: begin },
    "Begin a new run",
  );
  menu.addEventListener("change", () => {
    go.hidden = !menu.value || store.session?.status === "ready";
    if (menu.value && go.hidden) begin();
  });

  function begin() {
    store.send({ kind: "recipe", name: menu.value }).catch(() => {}); // the shell says why
    menu.value = "";
    go.hidden = true;
    menu.focus();
  }

  const row = h(
    "div",
    { class: "row has-tip", dataset: { side: "right" } },
    h("label", { htmlFor: id }, "recipe"),
    h("div", { class: "control" }, menu),
    go,
  );
  row.tip = () => [
    h("div", {}, h("b", {}, "recipe"), ": settings that go together; each can be changed after."),
    h(
      "dl",
      {},
      recipes.flatMap(({ name, about }) => [h("dt", {}, name), h("dd", {}, about)]),
    ),
  ];
  return row;
}
return { starts };
})();

// ── web/setup.js
const $setup = (() => {
const { fill, h, say } = $dom;
const { settingRow } = $setting;
const { starts } = $starts;
const GROUPS = { data: "Data", network: "Network", training: "Training", regularization: "Regularization" };

/** SET-UP: a control for each setting that the server told of. */
function setupPanel(store) {
  const form = h("form", { class: "settings", onsubmit: (event) => event.preventDefault() });
  const brief = h("span", { class: "quiet" });
  const fold = h("details", { class: "fold" }, h("summary", {}, h("h2", {}, "Set-up"), brief), form);
  const bar = stagedBar(store);
  const panel = h("section", { class: "panel setup", "aria-label": "Set-up" }, fold, bar);
  let rows = [];
  let known = "";

  store.on(["hello"], () => {
    const { controls, recipes, role, begins } = store.hello;
    const key = JSON.stringify([controls, recipes, role]);
    if (key === known) return; // the same server again
    known = key;
    const back = keepPlace(form);
    rows = [];
    const start = role === "watch" || begins === false ? null : starts(store);
    fill(form, start?.element, groups(store, rows));
    if (start) rows.push(start);
    back();
  });
  store.on(["hello", "session", "connection"], () => {
    if (!store.session?.settings) return;
    rows.forEach((row) => row.refresh());
    say(brief, summary(store.session));
  });
  return { panel, fold };
}

/** What is open, and where the focus lies, stays so over a new drawing. Returns what puts it back. */
function keepPlace(form) {
  const parts = () => [...form.querySelectorAll("input, select, button, summary")];
  const wasOpen = Boolean(form.querySelector(".group[open]"));
  const focused = form.getRootNode().activeElement;
  const row = focused?.closest?.("[data-name]")?.dataset.name;
  const place = parts().indexOf(focused);
  return () => {
    if (wasOpen) form.querySelector(".group").open = true;
    if (place < 0) return;
    const same = row && form.querySelector(`[data-name="${row}"]`)?.querySelector("input, select");
    (same || parts()[place])?.focus({ preventScroll: true });
  };
}

function summary({ settings }) {
  return `${settings.optimizer} · learning rate ${settings.learning_rate} · batch ${settings.batch_size}`;
}

function groups(store, rows) {
  return Object.entries(GROUPS).map(([group, title]) => {
    const controls = store.hello.controls.filter((control) => control.group === group);
    if (!controls.length) return null;
    const made = controls.map((control) => settingRow(store, control));
    rows.push(...made);
    if (group === "regularization") {
      const folded = foldedGroup(store, title, made);
      rows.push(folded);
      return folded.element;
    }
    return h(
      "fieldset",
      {},
      h("legend", {}, title),
      made.map((row) => row.element),
    );
  });
}

/** Regularization is out of the way as long as there is none. */
function foldedGroup(store, title, made) {
  const count = h("span", { class: "quiet" });
  const fold = h(
    "details",
    { class: "group" },
    h("summary", {}, title, count),
    made.map((row) => row.element),
  );
  let known = null;
  const refresh = () => {
    const on = made.filter((row) => row.value()).map((row) => row.label);
    say(count, on.length ? on.join(", ") : "off");
    if (on.length && store.session.run !== known) fold.open = true;
    known = store.session.run;
  };
  return { element: fold, refresh };
}

// ---- what waits for a new run

function stagedBar(store) {
  const send = (kind, next) => () => {
    store.send({ kind }).catch(() => {}); // the shell says why
    bar.closest(".studio").querySelector(next).focus(); // for this bar goes
  };
  const bar = h(
    "div",
    { class: "staged-bar", role: "group", "aria-label": "Changes that wait", hidden: true },
    h("p", {}, "Takes effect with a new run:"),
    h(
      "div",
      {},
      h(
        "button",
        { type: "button", class: "button primary", onclick: send("apply", ".bar .primary") },
        "Apply",
      ),
      h(
        "button",
        { type: "button", class: "button", onclick: send("discard", ".fold > summary") },
        "Discard",
      ),
    ),
  );
  store.on(["session", "hello"], () => {
    const { session, hello } = store;
    bar.hidden = !Object.keys(session?.staged ?? {}).length || hello?.role === "watch";
  });
  return bar;
}
return { setupPanel };
})();

// ── web/strips.js
const $strips = (() => {
const { fill, h } = $dom;
const { sentenceCase } = $format;
/** The strips under the command bar, for what is not as usual: {element, ask(use, keep)}. */
function strips(store, commands) {
  const box = h("div", { class: "strips" });
  let question = null;
  let notice = null;
  let told = {};
  let shown = "";

  function draw() {
    const list = [connection(store), outcome(store, commands), question, notice].filter(Boolean);
    const key = JSON.stringify(list.map(({ tone, title, text }) => [tone, title, text]));
    if (key === shown) return;
    shown = key;
    fill(box, list.map(strip));
  }

  /** The newest notice stays until it is read; it comes again with each connection, and is not told again. */
  function take() {
    const { text } = store.notice;
    const again = text === told.text && store.hello !== told.hello;
    told = { text, hello: store.hello };
    if (again) return;
    const dismiss = () => {
      notice = null;
      draw();
    };
    const actions = [["Dismiss", dismiss]];
    notice = text ? { tone: "note", title: "", text: sentenceCase(text), actions } : null;
    draw();
  }

  store.on(["session", "hello", "connection"], draw);
  store.on(["notice"], take);
  return {
    element: box,
    /** Ask whether the address's set-up shall be used. */
    ask(use, keep) {
      const answer = (act) => () => {
        question = null;
        draw();
        act();
      };
      question = {
        tone: "good",
        title: "This link describes another set-up.",
        text: "A run is under way here.",
        actions: [
          ["Use it (a new run)", answer(use)],
          ["Keep the run", answer(keep)],
        ],
      };
      draw();
    },
  };
}

function strip({ tone, title, text, actions = [] }) {
  const buttons = actions.map(([words, act]) =>
    h("button", { type: "button", class: "button outlined", onclick: act }, words),
  );
  return h(
    "div",
    { class: `strip ${tone}`, role: tone === "warn" ? "alert" : "status" },
    h("p", {}, h("b", {}, title), " ", text),
    buttons.length ? h("div", { class: "actions" }, buttons) : null,
  );
}

function connection({ connection: known, session }) {
  if (known?.state === "refused") {
    return {
      tone: "warn",
      title: "The server refused this page.",
      text: known.message ?? "Open the address that glassnet printed when it started.",
    };
  }
  if (known?.state === "open" && known.message) return { tone: "note", title: "", text: known.message };
  if (known?.state !== "lost") return null;
  if (known.message) return { tone: "warn", title: known.title, text: known.message };
  const text = session
    ? "The last state stays here; the page looks for the server again every few seconds."
    : "Looking for it again every few seconds.";
  return { tone: "warn", title: "The server has gone.", text };
}

/** What became of the run, where it did not go on as one might expect. */
function outcome({ session, hello }, commands) {
  if (!session?.network) return null;
  const { status } = session;
  const message = sentenceCase(session.message ?? "");
  const again = hello?.role === "watch" ? [] : [["Back to the start", commands.reset]];
  if (status === "diverged")
    return { tone: "warn", title: "The loss diverged.", text: message, actions: again };
  if (status === "failed") return { tone: "warn", title: "The run stopped.", text: message, actions: again };
  if (status === "ended" && message) return { tone: "good", title: "Finished.", text: message };
  if (message && ["ready", "paused", "running"].includes(status))
    return { tone: "good", title: "", text: message };
  return null;
}
return { strips };
})();

// ── web/branching.js
const $branching = (() => {
const { dashOf, slotOf } = $branches;
const { fill, h } = $dom;
const { brief } = $format;
const { icon } = $icons;
const FIELDS = ["learning_rate", "batch_size", "dropout", "l2", "epochs"];

/** A small form for what the new branch does otherwise. `open(snapshot, words)`. */
function branchForm(store) {
  const title = h("p", { class: "branch-title" });
  const fields = h("div", { class: "branch-fields" });
  const form = h(
    "form",
    { class: "branch-form", hidden: true, onsubmit: submit, "aria-label": "New branch" },
    title,
    fields,
    h(
      "div",
      { class: "branch-actions" },
      h("button", { class: "button primary", type: "submit" }, "Branch"),
      h("button", { class: "button", type: "button", onclick: () => close() }, "Cancel"),
    ),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  let from = null;
  let inputs = [];
  let opener = null;

  function open(snapshot, words) {
    from = snapshot;
    opener = form.getRootNode().activeElement;
    const settings = store.session.settings;
    const controls = FIELDS.map((name) =>
      store.hello.controls.find((control) => control.name === name),
    ).filter(Boolean);
    inputs = controls.map((control) => field(control, settings[control.name]));
    fill(title, h("b", {}, `New branch from ${words}`), " with");
    fill(
      fields,
      inputs.map((one) => one.element),
    );
    form.hidden = false;
    inputs[0]?.input.focus();
    inputs[0]?.input.select();
  }

  function close() {
    if (form.hidden) return;
    form.hidden = true;
    opener?.focus?.();
  }

  async function submit(event) {
    event.preventDefault();
    const settings = {};
    for (const { name, read, before } of inputs) {
      const value = read();
      if (value !== before) settings[name] = value;
    }
    try {
      await store.send({ kind: "branch", snapshot: from, settings });
      close();
    } catch {
      // the shell has said why; what was typed stays
    }
  }

  return { element: form, open, close };
}

/** A labelled field for a live control: {name, element, input, read, before}. */
function field(control, before) {
  const { name, label, help, type, least, most, optional } = control;
  const isBatch = type === "batch";
  const value = before === null || before === undefined ? "" : String(before);
  const input = h(
    "input",
    isBatch
      ? {
          type: "text",
          value,
          inputMode: "numeric",
          pattern: "[0-9]+|full",
          required: true,
          title: "a number, or full",
        }
      : {
          type: "number",
          value,
          step: type === "whole" ? 1 : "any",
          min: least ?? "",
          max: most ?? "",
          required: !optional,
        },
  );
  input.autocomplete = "off";
  input.setAttribute("aria-description", help);
  const read = () => {
    const text = input.value.trim();
    if (text === "") return null;
    return isBatch && text === "full" ? text : Number(text);
  };
  const element = h("label", {}, h("span", { dataset: { tip: help } }, label), input);
  return { name, element, input, read, before: before ?? null };
}

/** The branches as buttons: which is which, what is otherwise in it; one press makes it the current one. */
function branchChips(store) {
  const element = h("ul", { class: "branches", "aria-label": "Branches", hidden: true });
  let drawn = "";

  function update() {
    const { timeline, hello } = store;
    element.hidden = (timeline?.branches.length ?? 0) < 2;
    const key = JSON.stringify([
      timeline?.branches.map(({ id, name, changes, ended }) => [id, name, changes, ended]),
      timeline?.current,
      hello?.role,
    ]);
    if (key === drawn || element.hidden) return;
    drawn = key;
    const focused = element.contains(element.getRootNode().activeElement);
    fill(
      element,
      timeline.branches.map((branch) => chip(store, branch, timeline.current)),
    );
    if (focused) element.querySelector("[aria-pressed=true]")?.focus();
  }

  store.on(["timeline", "hello", "session"], update);
  return element;
}

function chip(store, branch, current) {
  const watch = store.hello?.role === "watch";
  const isCurrent = branch.id === current;
  const words =
    changesOf(store, branch) + (branch.ended && branch.ended !== "finished" ? `, ${branch.ended}` : "");
  const slot = slotOf(branch);
  const go = () => isCurrent || store.send({ kind: "switch", branch: branch.id }).catch(() => {});
  const drop = () => store.send({ kind: "drop", branch: branch.id }).catch(() => {});
  return h(
    "li",
    { class: isCurrent ? `chip slot-${slot} current` : `chip slot-${slot}` },
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(isCurrent),
        disabled: watch,
        onclick: go,
        dataset: { tip: isCurrent ? "The branch that goes on" : "Go on with this branch" },
      },
      sample(slot),
      h("b", {}, branch.name),
      ` ${words}`,
    ),
    watch || isCurrent
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": `Drop branch ${branch.name}`,
            onclick: drop,
            dataset: { tip: "Drop this branch" },
          },
          icon("close"),
        ),
  );
}

function sample(slot) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 28 8");
  svg.setAttribute("class", "dash");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", "M0 4H28");
  path.setAttribute("stroke-dasharray", dashOf(slot).join(" "));
  svg.append(path);
  return svg;
}

/** "learning rate 0.1 → 0.01", or "as it was". */
function changesOf(store, { changes, parent }) {
  const label = (name) =>
    store.hello?.controls.find((control) => control.name === name)?.label ?? name.replaceAll("_", " ");
  const text = (value) =>
    typeof value === "number" ? brief(value) : value === null ? "none" : String(value);
  const words = Object.entries(changes ?? {}).map(
    ([name, [before, after]]) =>
      `${label(name)} ${before === null || before === undefined ? "" : `${text(before)} → `}${text(after)}`,
  );
  return words.join(", ") || (parent === null ? "from the start" : "nothing changed");
}
return { branchForm, branchChips };
})();

// ── web/player.js
const $player = (() => {
const SHORTEST = 60; // milliseconds on one snapshot
const LONGEST = 500;
const WHOLE_MS = 12_000; // to walk through all of them
const STILL_MS = 300; // on one, for those who want little motion
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Walks through a track's snapshots, from the first if the present is shown. */
function makePlayer(store, line, changed) {
  let timer = null;

  function pace() {
    const each = WHOLE_MS / Math.max(store.timeline?.snapshots.length ?? 1, 1);
    return Math.max(Math.min(Math.max(each, SHORTEST), LONGEST), still.matches ? STILL_MS : 0);
  }

  function next() {
    timer = setTimeout(() => (line.walk(1) ? next() : stop()), pace());
  }

  function stop() {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    changed();
  }

  function toggle() {
    if (timer !== null) return stop();
    if (!line.shown()) line.walk(-Infinity);
    next();
    changed();
  }

  return { toggle, stop, playing: () => timer !== null };
}
return { makePlayer };
})();

// ── web/scrubber.js
const $scrubber = (() => {
/**
 * Looking back while dragging: one `scrub` command under way at most, then the newest wish. `at()` is the
 * snapshot that is wished for or shown (null: now); `changed()` is called when that changes here.
 */
function makeScrubber(store, changed) {
  let wish; // undefined: none waits
  let held; // what is shown ahead of the server's answer; undefined: what the server says
  let busy = false;

  async function work() {
    busy = true;
    while (wish !== undefined) {
      const asked = wish;
      wish = undefined;
      try {
        await store.send({ kind: "scrub", snapshot: asked });
      } catch {
        if (wish !== undefined) continue;
        held = undefined; // the shell has said why
        changed();
      }
    }
    busy = false;
    settle();
  }

  function settle() {
    if (busy || held === undefined) return;
    if (held !== (store.frame?.scrub ?? null) && store.session?.status !== "running") return;
    held = undefined;
    changed();
  }

  store.on(["frame", "session"], settle);

  return {
    at: () => (held !== undefined ? held : (store.timeline?.scrub ?? store.frame?.scrub ?? null)),
    go(snapshot) {
      if (store.hello?.role === "watch") return;
      [wish, held] = [snapshot, snapshot];
      changed();
      if (!busy) work();
    },
  };
}
return { makeScrubber };
})();

// ── web/trackpaint.js
const $trackpaint = (() => {
const { ticksOf } = $axes;
const { dashOf, slotOf } = $branches;
const { grouped } = $format;
// Lengths are in widths of the small font.
const DOT = 0.27; // radius of a snapshot
const DENSE = 0.67; // between two snapshots; nearer than that, they are strokes
const BEND = 0.4; // how far a branch goes on while it leaves its parent

/**
 * Paint the time line. `look`: {context, colours, right, height, x(step), lane(branch's number)}; `scene`:
 * {branches, snapshots, current, newest(branch), at: {step, branch} where the handle is, pointed, high: last
 * step, each: steps an epoch}.
 */
function paintTrack(look, scene) {
  const { branches, snapshots, current, newest, at, pointed } = scene;
  epochs(look, scene);
  for (const branch of branches) line(look, branch, newest(branch), branch.id === current);
  for (const branch of branches)
    dots(
      look,
      snapshots.filter((one) => one.branch === branch.id),
      branch,
    );
  const now = branches.find((branch) => branch.id === current);
  if (now) bar(look, newest(now), look.lane(current));
  if (at) handle(look, at.step, look.lane(at.branch));
  if (pointed && pointed !== at) ring(look, pointed.step, look.lane(pointed.branch));
}

function epochs({ context, colours, x, right, height }, { high, each }) {
  const { size } = colours;
  const y = height - 1.15 * size;
  Object.assign(context, { fillStyle: colours.quiet, strokeStyle: colours.rule, textBaseline: "top" });
  context.textAlign = "center";
  context.lineWidth = 1;
  const most = Math.max(2, Math.floor(right / (5 * size)));
  const ends = ticksOf({ low: 0, high: high / each }, most).filter(
    (epoch) => epoch > 0 && Number.isInteger(epoch),
  );
  for (const epoch of ends) {
    const at = Math.round(x(epoch * each)) + 0.5;
    stroke(context, [
      [at, 0],
      [at, y - 2],
    ]);
    context.fillText(grouped(epoch), at, y);
  }
  context.textAlign = "left";
  if (ends.length) context.fillText("epoch", 0, y);
  else context.fillText(`${grouped(high)} steps`, Math.max(right - 6 * size, 0), y);
}

function line({ context, colours, x, lane, right }, branch, last, current) {
  const { size } = colours;
  const colour = colours.branch[slotOf(branch)];
  const [from, y] = [x(branch.from_step), lane(branch.id)];
  const root = branch.parent === null;
  const end = Math.max(x(last), root ? from : from + BEND * size);
  Object.assign(context, { strokeStyle: colours.rule, lineWidth: size / 6, lineJoin: "round" });
  if (current)
    stroke(context, [
      [x(last), y],
      [right, y],
    ]);
  Object.assign(context, { strokeStyle: colour, lineWidth: size * (current ? 0.25 : 0.17) });
  context.setLineDash(dashOf(slotOf(branch)).map((part) => (part * size) / 12));
  stroke(
    context,
    root
      ? [
          [from, y],
          [end, y],
        ]
      : [
          [from, lane(branch.parent)],
          [from + BEND * size, y],
          [end, y],
        ],
  );
  context.setLineDash([]);
  Object.assign(context, { fillStyle: colour, textAlign: "left", textBaseline: "middle" });
  context.fillText(branch.name, end + 0.9 * size, y);
}

function stroke(context, points) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

/** A branch's snapshots: dots, or strokes where they are close to one another. */
function dots({ context, colours, x, lane }, snapshots, branch) {
  const y = lane(branch.id);
  const places = snapshots.map((one) => x(one.step));
  const { size } = colours;
  const dot = DOT * size;
  const close = (i) => places[i] - (places[i - 1] ?? -Infinity) < DENSE * size;
  Object.assign(context, {
    strokeStyle: colours.branch[slotOf(branch)],
    fillStyle: colours.bg,
    lineWidth: size / 8,
  });
  context.beginPath();
  places.forEach((at, i) => close(i) && context.rect(at - 0.25, y - dot, 0.5, 2 * dot));
  context.stroke();
  context.beginPath();
  places.forEach((at, i) => {
    if (close(i)) return;
    context.moveTo(at + dot, y);
    context.arc(at, y, dot, 0, 2 * Math.PI);
  });
  context.fill();
  context.stroke();
}

function bar({ context, colours, x }, step, y) {
  context.fillStyle = colours.accent;
  context.fillRect(x(step) - colours.size / 6, y - 0.65 * colours.size, colours.size / 3, 1.3 * colours.size);
}

function handle({ context, colours, x }, step, y) {
  Object.assign(context, { fillStyle: colours.accent, strokeStyle: colours.bg, lineWidth: colours.size / 6 });
  context.beginPath();
  context.arc(x(step), y, 0.58 * colours.size, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function ring({ context, colours, x }, step, y) {
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: colours.size / 8 });
  context.beginPath();
  context.arc(x(step), y, 0.5 * colours.size, 0, 2 * Math.PI);
  context.stroke();
}
return { paintTrack };
})();

// ── web/track.js
const $track = (() => {
const { lastStepFor, makeAxis } = $axes;
const { lineFor, pathOf } = $branches;
const { onTheme } = $colours;
const { canvas, h, say } = $dom;
const { grouped, judgedName } = $format;
const { figures, shareOf } = $numbers;
const { palette } = $palette;
const { paintTrack } = $trackpaint;
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const ENDS = { Home: -Infinity, End: Infinity };

/** The run's branches as lines with their snapshots, and a handle to look back with. */
function track(store, scrubber) {
  const axis = makeAxis();
  const label = h("div", { class: "track-label", hidden: true, "aria-hidden": "true" });
  const { element: picture, redraw } = canvas(draw, { "aria-hidden": "true", role: "presentation" });
  const element = h(
    "div",
    { class: "track", role: "slider", tabindex: 0, "aria-label": "Time", "aria-valuemin": 0 },
    picture,
    label,
  );
  let dragging = null; // the branch along which the handle is drawn
  let pointed = null; // a snapshot under the pointer
  let moving = false;

  const timeline = () => store.timeline;
  const branchOf = (id) => timeline().branches.find((branch) => branch.id === id);
  const shown = () => timeline()?.snapshots.find((one) => one.id === scrubber.at()) ?? null;
  const ends = (size) => ({ left: 0.75 * size, right: picture.clientWidth - 2 * size });

  function newest(branch) {
    const { frame } = store;
    const live = frame && frame.scrub === null && frame.branch === branch.id ? frame.step : 0;
    return Math.max(branch.step, live);
  }

  function laneOf(id) {
    const size = palette(picture).size;
    const lane = timeline().branches.findIndex((branch) => branch.id === id);
    return (1.1 + 1.3 * Math.max(lane, 0)) * size;
  }

  // ---- drawing

  function draw(context, width, height) {
    if (!timeline()) return;
    const colours = palette(picture);
    const { left, right } = ends(colours.size);
    const { branches, snapshots, current } = timeline();
    const x = (step) => axis.place(step, left, right);
    const now = branchOf(current);
    const at = shown() ?? (now && { step: newest(now), branch: current });
    context.font = colours.font;
    paintTrack(
      { context, colours, right, height, x, lane: laneOf },
      {
        branches,
        snapshots,
        current,
        newest,
        at,
        pointed,
        high: axis.high,
        each: store.session?.steps_an_epoch || 1,
      },
    );
  }

  function update() {
    const known = timeline();
    element.style.setProperty("--lanes", Math.max(known?.branches.length ?? 1, 1));
    if (known) {
      const last = Math.max(...known.branches.map(newest), 1);
      axis.set(0, lastStepFor(last, store.session));
      describe(last);
    }
    element.setAttribute("aria-disabled", String(!known || store.hello?.role === "watch"));
    glide();
  }

  function glide() {
    const far = axis.glide();
    redraw();
    if (!far || moving) return;
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      glide();
    });
  }

  function describe(last) {
    const one = shown();
    const step = one ? one.step : (store.frame?.step ?? 0);
    const values = {
      "aria-valuemax": last,
      "aria-valuenow": Math.min(step, last),
      "aria-valuetext": one ? snapshotWords(one, store) : `now, step ${grouped(step)}`,
    };
    for (const [name, value] of Object.entries(values)) {
      if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
    }
  }

  // ---- pointing

  /** The snapshot under a pointer along a branch's way; null is now. */
  function nearestTo(event, branch) {
    const x = event.clientX - picture.getBoundingClientRect().left;
    const { left, right } = ends(palette(picture).size);
    const far = (step) => Math.abs(axis.place(step, left, right) - x);
    const path = pathOf(timeline(), branch);
    const best = path.reduce((one, other) => (one && far(one.step) <= far(other.step) ? one : other), null);
    if (branch !== timeline().current) return best;
    const now = newest(branchOf(branch));
    return best && far(best.step) < far(now) && axis.place(now, left, right) > x + 5 ? best : null;
  }

  function branchAt(event) {
    const y = event.clientY - picture.getBoundingClientRect().top;
    const { branches, current } = timeline();
    const far = (branch) => Math.abs(laneOf(branch.id) - y) - (branch.id === current ? 1 : 0);
    return branches.reduce((best, branch) => (far(branch) < far(best) ? branch : best)).id;
  }

  function follow(event) {
    const one = nearestTo(event, dragging);
    point(one);
    if ((one?.id ?? null) !== scrubber.at()) scrubber.go(one?.id ?? null);
  }

  function point(one) {
    pointed = one;
    label.hidden = !one || dragging !== null; // while dragging, the line above says it
    if (!label.hidden) {
      say(label, snapshotWords(one, store));
      const { left, right } = ends(palette(picture).size);
      const half = label.offsetWidth / 2;
      const x = Math.min(
        Math.max(axis.place(one.step, left, right), half),
        Math.max(picture.clientWidth - half, half),
      );
      label.style.transform = `translateX(${x.toFixed(1)}px) translateX(-50%)`;
    }
    redraw();
  }

  function down(event) {
    if (!timeline()?.branches.length || event.button > 0 || store.hello?.role === "watch") return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    dragging = branchAt(event);
    element.classList.add("dragging");
    follow(event);
  }

  function move(event) {
    if (dragging !== null && branchOf(dragging)) return follow(event);
    if (event.pointerType !== "touch" && timeline()?.branches.length)
      point(nearestTo(event, branchAt(event)));
  }

  function up() {
    dragging = null;
    element.classList.remove("dragging");
    point(null);
  }

  // ---- keys

  function key(event) {
    if (!timeline() || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = KEYS[event.key] ?? ENDS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    walk(by);
  }

  /** Go some snapshots on along the line of what is shown; past the last one is now. False at the end. */
  function walk(by) {
    const one = shown();
    const path = pathOf(timeline(), lineFor(timeline(), one));
    const end = branchOf(timeline().current);
    if (path.length && end && path.at(-1).step === newest(end) && path.at(-1).branch === end.id) path.pop();
    const from = one ? path.findIndex((other) => other.id === one.id) : path.length;
    const to = Math.max((from < 0 ? path.length : from) + by, 0);
    scrubber.go(path[to]?.id ?? null);
    return to < path.length;
  }

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => dragging === null && point(null));
  element.addEventListener("keydown", key);
  onTheme(redraw);
  return { element, update, walk, shown };
}

/** "step 1,204, epoch 2, validation accuracy 96.3 %". */
function snapshotWords({ step, epoch, loss, accuracy }, store) {
  const data = store.session?.data;
  const judged = judgedName(data);
  const where = `step ${grouped(step)}, epoch ${grouped(Math.max(epoch, 1))}`;
  if (accuracy !== null && data?.classes)
    return `${where}, ${judged} accuracy ${shareOf(accuracy, data.validation)}`;
  if (accuracy !== null) return `${where}, ${judged} R² ${figures(accuracy)}`;
  return loss === null ? where : `${where}, ${judged} loss ${figures(loss)}`;
}
return { track, snapshotWords };
})();

// ── web/timeline.js
const $timeline = (() => {
const { branchChips, branchForm } = $branching;
const { download } = $commands;
const { fill, h, say } = $dom;
const { grouped } = $format;
const { icon } = $icons;
const { megabytes } = $numbers;
const { makePlayer } = $player;
const { makeScrubber } = $scrubber;
const { snapshotWords, track } = $track;
const MOST_BRANCHES = 4;
const TIPS = {
  now: "Return to the newest state",
  branch: "Go on from this exact state with other settings, and compare",
  full: "Four branches at most: drop one first",
  nowhere: "Pause, or choose a point of the past first",
  weightsOnly: "The recording has only the weights of this point, not all that going on would take",
  save: "Keep the network as it is here: a model file",
  play: "Walk through the snapshots",
};

/** The run over time: look back, go on from there, keep what is there. */
function timelinePanel(store) {
  const scrubber = makeScrubber(store, () => update());
  const line = track(store, scrubber);
  const form = branchForm(store);
  const player = makePlayer(store, line, () => update());
  const readout = h("p", { class: "time-words" });
  const memory = h("p", { class: "memory quiet" });
  const buttons = {
    now: button("now", "Back to now", () => scrubber.go(null)),
    play: button("play", "Replay", player.toggle, "start"),
    branch: button("branch", "Branch from here", openForm),
    save: button("save", "Save this point", () => saveAs(store, scrubber.at()), "save"),
  };
  const { now, play, branch, save } = buttons;
  const tools = h("div", { class: "time-tools" }, play, branch, save, memory);
  const element = h("section", { class: "panel time", "aria-label": "Time" });
  const more = foldButton(element, form);
  element.append(
    h("h2", {}, "Time"),
    readout,
    now,
    more,
    tools,
    line.element,
    branchChips(store),
    form.element,
  );

  function openForm() {
    const one = snapshotHere(store, line);
    if (!one) return;
    player.stop();
    form.open(one.id, `step ${grouped(one.step)}`);
  }

  function update() {
    line.update();
    const { timeline, frame, session } = store;
    const running = session?.status === "running";
    if (running) player.stop();
    const shown = line.shown();
    const words = shown ? snapshotWords(shown, store) : frame ? `now, step ${grouped(frame.step)}` : "";
    say(readout, element.closest(".narrow") ? words.replace(/validation (accuracy )?/, "") : words);
    say(memory, memoryWords(timeline));
    element.classList.toggle("scrubbed", scrubber.at() !== null);
    for (const one of Object.values(buttons)) one.hidden = store.hello?.role === "watch";
    now.disabled = scrubber.at() === null;
    save.disabled = !frame;
    play.disabled = running || (timeline?.snapshots.length ?? 0) < 2;
    showPlay(play, player.playing(), session?.mode);
    showBranch(branch, snapshotHere(store, line), timeline);
  }

  store.on(["timeline", "frame", "session", "hello"], update);
  line.element.addEventListener("pointerdown", player.stop);
  line.element.addEventListener("keydown", player.stop);
  return element;
}

function button(name, text, onclick, drawing = null) {
  const about = { class: "button outlined", type: "button", onclick, dataset: { tip: TIPS[name] } };
  return h("button", about, drawing && icon(drawing), text);
}

/** On a narrow screen, what is not needed all the time is folded away. */
function foldButton(element, form) {
  const more = h("button", { class: "button time-more", type: "button", "aria-expanded": "false" }, "More");
  more.addEventListener("click", () => {
    const open = element.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    if (!open) form.close();
  });
  return more;
}

/** The snapshot that one could branch from: the one shown, or the present one while the run stands still. */
function snapshotHere({ timeline, frame, session }, line) {
  const shown = line.shown();
  if (shown || !timeline || !frame || session?.status === "running") return shown;
  const { snapshots, current } = timeline;
  return snapshots.findLast((one) => one.branch === current && one.step === frame.step) ?? null;
}

function showPlay(play, playing, mode) {
  const text = playing ? "Stop" : mode === "replay" ? "Play" : "Replay";
  if (play.textContent !== text) fill(play, icon(playing ? "pause" : "start"), text);
}

function showBranch(branch, here, timeline) {
  const full = (timeline?.branches.length ?? 0) >= MOST_BRANCHES;
  const partly = here?.exact === false;
  branch.disabled = full || !here || partly;
  branch.dataset.tip = TIPS[full ? "full" : !here ? "nowhere" : partly ? "weightsOnly" : "branch"];
}

function memoryWords(timeline) {
  if (!timeline?.budget) return "";
  const { snapshots, used, budget } = timeline;
  const points = `${grouped(snapshots.length)} ${snapshots.length === 1 ? "point" : "points"}`;
  return `${points}, ${megabytes(used)} of ${megabytes(budget)} MB`;
}

/** Ask for a model file of a snapshot (null: now) and hand it to the browser. */
async function saveAs(store, snapshot) {
  try {
    const { name, array } = await store.send({ kind: "save", snapshot });
    download(name, array.bytes);
  } catch {
    // the shell has said why
  }
}
return { timelinePanel };
})();

// ── web/tips.js
const $tips = (() => {
const { fill, h } = $dom;
const HOVER_MS = 600; // so that nothing flickers under a pointer that only passes
const EDGE = 8; // CSS pixels between a tip and what it is about, and the window's edge

/**
 * One tip for the whole page. An element with data-tip (text), or of class has-tip with a property `tip` that makes
 * nodes, shows it on hover and on focus by keyboard or touch. Nothing in it can be clicked; what it says, screen
 * readers are told by aria-describedby.
 */
function tips(studio) {
  const box = h("div", { class: "tip", popover: "manual", role: "presentation", "aria-hidden": "true" });
  studio.append(box);
  let owner = null;
  let timer = 0;
  let used = null; // what was clicked: what it says next is not of interest before the pointer comes again

  const ownerOf = (event) => event.target.closest?.("[data-tip], .has-tip") ?? null;

  function show(element) {
    if (!element.isConnected || !(element.tip || element.dataset.tip)) return;
    owner = element;
    fill(box, element.tip ? element.tip() : element.dataset.tip);
    (element.closest("dialog") ?? studio).append(box); // above a dialog only inside of it
    box.showPopover?.();
    place(box, element);
  }

  function hide() {
    clearTimeout(timer);
    if (!owner) return;
    owner = null;
    if (box.isConnected) box.hidePopover?.();
  }

  function enter(event) {
    const element = ownerOf(event);
    if (!element || element === owner || element === used || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(element), owner ? 60 : HOVER_MS);
  }

  function leave(event) {
    const element = ownerOf(event);
    if (!element || element.contains(event.relatedTarget)) return;
    clearTimeout(timer);
    used = null;
    if (owner === element && !element.matches(":focus-within:has(:focus-visible)")) hide();
  }

  function focus(event) {
    const element = ownerOf(event);
    if (!element) return hide();
    if (event.target.matches(":focus-visible") || event.target.matches("input, select")) show(element);
  }

  function click(event) {
    if (!event.target.closest?.("button")) return;
    used = ownerOf(event);
    hide(); // what was done says the rest
  }

  const handlers = {
    pointerover: enter,
    pointerout: leave,
    focusin: focus,
    focusout: hide,
    scroll: hide,
    change: hide,
    pointerdown: (event) => owner && !owner.contains(event.target) && hide(),
    click,
    keydown: (event) => event.key === "Escape" && hide(),
  };
  for (const [kind, call] of Object.entries(handlers))
    studio.addEventListener(kind, call, { capture: kind === "scroll" });
  return hide;
}

/** Beside a row of the set-up, else under or over the element; always in the window. */
function place(box, element) {
  const at = element.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const [wide, tall] = [document.documentElement.clientWidth, window.innerHeight];
  const clamp = (x, most) => Math.max(EDGE, Math.min(x, most - EDGE));
  let left = at.left;
  let top = at.bottom + EDGE;
  if (element.dataset.side === "right" && at.right + EDGE + width < wide)
    [left, top] = [at.right + EDGE, at.top - EDGE];
  else if (top + height > tall - EDGE) top = at.top - height - EDGE;
  box.style.left = `${clamp(left, wide - width)}px`;
  box.style.top = `${clamp(top, tall - height)}px`;
}
return { tips };
})();

// ── web/toasts.js
const $toasts = (() => {
const { h } = $dom;
const { icon } = $icons;
const STAYS_MS = 6000;
const MOST = 3; // of them at a time

/** A corner for one-line messages that come and go. Returns `toast(text, kind)`, kind "note" or "error". */
function toasts(studio) {
  const list = h("div", { class: "toasts", popover: "manual" });
  const spoken = {
    note: h("div", { class: "hidden-text", role: "status" }),
    error: h("div", { class: "hidden-text", role: "alert" }),
  };
  studio.append(list, spoken.note, spoken.error);

  function drop(item) {
    item.remove();
    if (!list.childElementCount && list.isConnected) list.hidePopover?.();
  }

  return (text, kind = "note") => {
    const same = [...list.children].find((item) => item.textContent === text);
    if (same) drop(same);
    const close = h(
      "button",
      { class: "icon-button", type: "button", "aria-label": "Dismiss" },
      icon("close"),
    );
    const item = h("div", { class: `toast ${kind}` }, h("p", {}, text), close);
    close.addEventListener("click", () => drop(item));
    while (list.childElementCount >= MOST) list.firstElementChild.remove();
    list.append(item);
    list.hidePopover?.(); // shown anew it lies above a dialog that was opened since
    list.showPopover?.();
    spoken[kind].textContent = "";
    spoken[kind].textContent = text;
    setTimeout(() => drop(item), STAYS_MS + 40 * text.length);
  };
}
return { toasts };
})();

// ── web/shell.js
const $shell = (() => {
const { announcer } = $announcer;
const { commandBar, drawButton, header } = $bar;
const { makeCommands } = $commands;
const { h } = $dom;
const { drawPanel } = $draw;
const { emptyState } = $emptystate;
const { keysDialog, listenForKeys } = $keys;
const { followLink } = $link;
const { networkPanel } = $network;
const { progressPanel } = $progress;
const { setupPanel } = $setup;
const { strips } = $strips;
const { timelinePanel } = $timeline;
const { themeNow, whenTheme } = $theme;
const { tips } = $tips;
const { toasts } = $toasts;
// CSS pixels, as in 10-shell.css: from here down set-up lies folded on top; all stand one below the other.
const COMPACT = 1200;
const NARROW = 900;

/** Lay the page out in `studio`. Returns what takes it down. */
function shell(studio, store, page) {
  const tell = toasts(studio);
  const commands = makeCommands(store, tell);
  const keys = keysDialog();
  const openKeys = () => keys.open();
  const state = strips(store, commands);
  const { panel, fold } = setupPanel(store);
  const pad = drawPanel(store, studio);
  const draw = drawButton(store, () => pad.toggle(draw));

  const region = (name, child) => h("div", { class: `region region-${name}` }, child);
  const regions = h(
    "main",
    { class: "regions" },
    region("draw", pad.element),
    region("setup", panel),
    region("network", networkPanel(store)),
    region("progress", progressPanel(store)),
  );
  const time = region("time", timelinePanel(store));
  studio.append(
    header(store, page, tell, openKeys),
    commandBar(store, commands, draw),
    state.element,
    regions,
    time,
    announcer(store),
    keys.element,
  );

  const empty = emptyState(store);
  store.on(["session", "connection", "hello"], () => {
    const there = Boolean(store.session?.network);
    studio.classList.toggle("waiting", !there);
    if (there) empty.remove();
    else if (!empty.isConnected) regions.prepend(empty);
    studio.dataset.connection = store.connection?.state ?? "open";
    studio.dataset.role = store.hello?.role ?? "drive";
    studio.dataset.status = store.session?.status ?? "loading";
  });
  studio.classList.add("waiting");
  regions.prepend(empty);

  studio.addEventListener("drawing", ({ detail }) => draw.setAttribute("aria-expanded", detail));
  studio.addEventListener("draw", () => draw.hidden || pad.open(draw)); // of the samples

  const shownAtControl = ["setup", "change"]; // where a refusal stands beside what was refused
  store.onerror = (error, command) => shownAtControl.includes(command.kind) || tell(error.message, "error");
  if (page) followLink(store, state.ask);

  const ends = [
    tips(studio),
    listenForKeys(studio, page, commands, openKeys, () => draw.hidden || pad.toggle(draw)),
    pad.listen(page),
    watchWidth(studio, fold, time, page),
  ];
  if (page) ends.push(colourPage());
  else studio.tabIndex = -1; // so that a click in it brings the keys here
  return () => ends.forEach((end) => end());
}

/** What shows of the page around the studio, when it is pulled beyond its end, goes with it. */
function colourPage() {
  const colour = () => {
    document.documentElement.dataset.theme = themeNow();
  };
  colour();
  return whenTheme(colour);
}

/** Set-up begins folded where there is little room, as in a notebook; what floats stays clear of the time line. */
function watchWidth(studio, fold, time, page) {
  let compact = null;
  const observer = new ResizeObserver(() => {
    const now = studio.clientWidth <= COMPACT;
    if (now !== compact) fold.open = page && !now;
    compact = now;
    studio.classList.toggle("compact", now);
    studio.classList.toggle("narrow", studio.clientWidth <= NARROW);
    studio.style.setProperty("--time-height", `${time.offsetHeight}px`);
  });
  observer.observe(studio);
  observer.observe(time);
  fold.addEventListener("toggle", () => studio.classList.toggle("folded", !fold.open));
  return () => observer.disconnect();
}
return { shell };
})();

// ── web/wire.js
const $wire = (() => {
const TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
};

const NAMES = new Map(Object.entries(TYPES).map(([name, Type]) => [Type, name]));

/**
 * Arrays to send, by their names: typed arrays, or {data, shape} where they have more than one axis. Returns
 * what a header tells of them, and their buffers in that order, as a model's `send` takes them.
 */
function pack(arrays) {
  const told = [];
  const buffers = [];
  for (const [name, given] of Object.entries(arrays)) {
    const { data, shape } = ArrayBuffer.isView(given) ? { data: given, shape: [given.length] } : given;
    // The canvas has a Uint8ClampedArray; its bytes are the same.
    const dtype = data instanceof Uint8ClampedArray ? "uint8" : NAMES.get(data.constructor);
    if (!dtype) throw new Error(`${name}: expected an array of ${[...NAMES.values()].join(", ")}`);
    told.push({ name, dtype, shape });
    buffers.push(new DataView(data.buffer, data.byteOffset, data.byteLength));
  }
  return { told, buffers };
}

/** A message of the model (header, buffers) with its arrays by name: message.array.w1, message.shape.w1. */
function unpack(header, buffers) {
  const message = { ...header, array: {}, shape: {} };
  (header.arrays || []).forEach(({ name, dtype, shape }, i) => {
    const { buffer, byteOffset, byteLength } = buffers[i];
    const Type = TYPES[dtype];
    const aligned = byteOffset % Type.BYTES_PER_ELEMENT === 0;
    message.array[name] = aligned
      ? new Type(buffer, byteOffset, byteLength / Type.BYTES_PER_ELEMENT)
      : new Type(buffer.slice(byteOffset, byteOffset + byteLength));
    message.shape[name] = shape;
  });
  return message;
}
return { pack, unpack };
})();

// ── web/store.js
const $store = (() => {
const { pack, unpack } = $wire;
const STATES = [
  "hello",
  "session",
  "data",
  "frame",
  "validation",
  "timeline",
  "branches",
  "notice",
  "connection",
];
const SLOW_MS = 400; // without an answer: time to say that something is being done
const REDUCED_MS = 250; // between two pictures for those who want little motion

/** The newest message of each kind, who wants to know of them, and the way back to the run. */
function makeStore(model) {
  const store = { hello: null, session: null };
  const listeners = [];
  const waiting = new Map(); // replies by the number of their command
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let changed = new Set();
  let due = false;
  let last = 0;
  let number = 0;
  let slow = 0; // commands that wait long
  let run = null; // the number of the newest network that the session told of

  function flush() {
    const now = performance.now();
    if (still.matches && now - last < REDUCED_MS) {
      setTimeout(() => requestAnimationFrame(flush), REDUCED_MS - (now - last));
      return;
    }
    [due, last] = [false, now];
    const kinds = changed;
    changed = new Set();
    for (const listener of [...listeners]) {
      if (!listener.fresh && !listener.wanted.some((kind) => kinds.has(kind))) continue;
      listener.fresh = false;
      try {
        listener.call(kinds);
      } catch (error) {
        console.error(error); // one panel's mistake leaves the others alive
      }
    }
  }

  function soon() {
    if (due) return;
    due = true;
    requestAnimationFrame(flush);
  }

  function receive(header, buffers) {
    const message = unpack(header, buffers || []);
    if (STATES.includes(message.kind)) {
      if (message.kind === "hello") run = null; // perhaps another server, which counts from the start again
      if (message.kind === "session") meet(message.run);
      else if (run !== null && message.run < run) return; // of a network that is gone
      if (message.kind === "frame") keepMatrices(message);
      if (message.kind === "connection" && message.state !== "open") giveUp();
      store[message.kind] = message;
      changed.add(message.kind);
      soon();
      return;
    }
    const reply = waiting.get(message.id);
    if (!reply) return;
    waiting.delete(message.id);
    if (message.kind === "error") reply.reject(new Error(message.message));
    else reply.resolve(message);
  }

  /** A new network: what is known of the old one is gone. (Word of the new one may have come before.) */
  function meet(number) {
    if (number === run) return;
    run = number;
    for (const kind of ["frame", "validation", "timeline", "branches"]) {
      if (!store[kind] || store[kind].run === run) continue;
      store[kind] = null;
      changed.add(kind);
    }
  }

  /** Nobody will answer what was asked before. */
  function giveUp() {
    const asked = [...waiting.values()];
    waiting.clear();
    for (const { reject } of asked) reject(new Error("the server has gone; nothing was changed"));
  }

  /** Matrices that were not due in this frame stay as they were. */
  function keepMatrices(message) {
    const before = store.frame;
    if (!before || before.run !== message.run) return;
    const there = new Set(message.matrices.map((matrix) => matrix.name));
    for (const matrix of before.matrices) {
      if (there.has(matrix.name)) continue;
      message.matrices.push(matrix);
      message.array[matrix.array] = before.array[matrix.array];
      message.shape[matrix.array] = before.shape[matrix.array];
    }
  }

  /** Let the page know while an answer is long in coming: store.slow.waiting. */
  function watch(reply) {
    let late = 0;
    const count = (change) => {
      late += change;
      slow += change;
      store.slow = { waiting: slow > 0 };
      changed.add("slow");
      soon();
    };
    const timer = setTimeout(count, SLOW_MS, 1);
    const end = () => {
      clearTimeout(timer);
      if (late) count(-1);
    };
    reply.then(end, end);
  }

  /** Call once an animation frame at most, after a message of one of these kinds. Returns what ends it. */
  store.on = (wanted, call) => {
    const listener = { wanted, call, fresh: wanted.some((kind) => store[kind]) };
    listeners.push(listener);
    if (listener.fresh) soon();
    return () => {
      const place = listeners.indexOf(listener);
      if (place >= 0) listeners.splice(place, 1);
    };
  };

  /** Whether there is a server to ask. (A notebook does not say; there always is.) */
  store.open = () => (store.connection?.state ?? "open") === "open";

  /**
   * Send a command, with arrays by their names if it has any (typed arrays, or {data, shape}); the promise
   * holds the reply, or fails with the server's one line. Of a `quiet` one the page says nothing then.
   */
  store.send = (command, arrays = null, { quiet = false } = {}) => {
    const packed = arrays && pack(arrays);
    number += 1;
    const id = number;
    const reply = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    reply.catch((error) => quiet || store.onerror?.(error, command));
    watch(reply);
    if (!store.open()) {
      waiting.get(id).reject(new Error("the server has gone; nothing was changed"));
      waiting.delete(id);
    } else if (packed) {
      model.send({ ...command, id, arrays: packed.told }, undefined, packed.buffers); // as anywidget's does
    } else model.send({ ...command, id });
    return reply;
  };

  model.on("msg:custom", receive);
  store.close = () => model.off?.("msg:custom", receive);
  return store;
}
return { makeStore };
})();

// ── web/main.js
const $main = (() => {
const { h } = $dom;
const { keepKeys } = $keys;
const { lineTo } = $lineto;
const { shell } = $shell;
const { makeStore } = $store;
const { followHost, wearTheme } = $theme;
/** The studio, for all hosts: a page of its own, a notebook's cell, a demo. Returns what takes it down. */
function render({ model, el }) {
  const host = h("div", { class: "glassnet-studio" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(model.get("css"));
  root.adoptedStyleSheets = [sheet];

  const page = Boolean(model.get("address")); // the page is ours alone, its address too
  const line = page ? null : lineTo(model);
  const store = makeStore(line ?? model);
  store.page = page;
  const studio = h("div", { class: page ? "studio page" : "studio" });
  const ends = [wearTheme(studio)];
  root.append(studio);
  el.append(host);
  ends.push(shell(studio, store, page));
  if (line) {
    ends.push(followHost(host), keepKeys(host), line.close);
    line.open();
  }
  return () => {
    ends.forEach((end) => end());
    store.close();
    host.remove();
  };
}

return { render };
})();

export default $main;
