import { diverging, grey, onTheme } from "./colours.js";
import { h } from "./dom.js";

export const PIXELS = 28; // a side

/** 0…255 → the colour of a pixel, from paper to ink. */
export const asInk = (value) => grey(value / 255);

/** The colours of numbers up to ±limit: blue below zero, orange above. */
export const asSigned = (limit) => (value) => diverging(value / (limit || 1));

/** A picture of 28 × 28 pixels: {element, show(values, colour)}; it keeps its numbers in another theme. */
export function pixelPicture(properties = {}) {
  const element = h("canvas", { width: PIXELS, height: PIXELS, role: "img", class: "pixels", ...properties });
  const pen = element.getContext("2d");
  let last = null;

  function show(values, colour) {
    last = [values, colour];
    pen.putImageData(imageOf(values, colour), 0, 0);
  }

  onTheme(() => last && show(...last));
  return { element, show };
}

/** So many values as an image, row by row. */
export function imageOf(values, colour, width = PIXELS) {
  const image = new ImageData(width, values.length / width);
  for (let i = 0; i < values.length; i += 1) {
    image.data.set(colour(values[i]), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** A legend: blue −limit to orange +limit. */
export function scaleLegend() {
  const band = h("canvas", { width: 65, height: 1, class: "scale-band", "aria-hidden": "true" });
  const [low, high] = [h("span"), h("span")];
  const evenly = Array.from({ length: 65 }, (_, i) => i / 32 - 1);
  const paint = () => band.getContext("2d").putImageData(imageOf(evenly, diverging, 65), 0, 0);
  onTheme(paint);
  return {
    element: h("span", { class: "scale" }, low, band, high),
    show(text) {
      paint();
      [low.textContent, high.textContent] = [`−${text}`, `+${text}`];
    },
  };
}
