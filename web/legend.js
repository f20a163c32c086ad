import { divergingTable, onTheme } from "./colours.js";
import { h, say } from "./dom.js";
import { figures } from "./numbers.js";
import { paintBlock, words } from "./tiles.js";

const BYTES = Uint8Array.from({ length: 255 }, (_, q) => q + 1);

/** A strip of the colours of weights, full blue to full orange; of colour images', from dark to bright. */
export function scaleStrip() {
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
export function legend(toggled) {
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
