import { divergingTable, greyTable } from "./colours.js";
import { h, say } from "./dom.js";
import { figures } from "./numbers.js";
import { words } from "./tiles.js";

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
export function paintInput(canvas, a0, { h: height, w: width, channels, input }) {
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
export function sampleChooser(store) {
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
export function placesOf({ array }) {
  let next = 0;
  return Array.from(array.index ?? Array.from(array.held, (is) => (is ? next++ : -1)));
}
