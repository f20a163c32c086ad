import { h } from "./dom.js";
import { asInk, PIXELS, pixelPicture } from "./pagepictures.js";

/** Images with known labels to choose from: {element, release}; `pressed(image, label)` when one is. */
export function exampleGallery(bytes, { labels, about }, pressed) {
  const size = PIXELS * PIXELS;
  const buttons = [...labels].map((label, k) => {
    const image = bytes.subarray(k * size, (k + 1) * size);
    const picture = pixelPicture({ role: null, "aria-hidden": "true" });
    picture.show(image, asInk);
    const press = () => {
      release();
      button.setAttribute("aria-pressed", "true");
      pressed(image, label);
    };
    const button = h("button", { type: "button", "aria-pressed": "false", onclick: press }, picture.element);
    button.setAttribute("aria-label", `Example ${k + 1}, labelled ${label}`);
    return button;
  });

  function release() {
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
  }

  const element = h(
    "section",
    { class: "examples", "aria-label": "Examples" },
    h("h2", {}, "Or choose one"),
    h("div", { class: "gallery" }, ...buttons),
    h("p", { class: "quiet small" }, about),
  );
  return { element, release };
}
