import { greyTable, onTheme } from "./colours.js";
import { fill, h, say } from "./dom.js";

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
export function strip(store, title) {
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
