import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * What stands under the pad: undo, clear, width, a photo unless there is no `take` for one; under a photo:
 * back to the pad.
 */
export function padTools(pad, { take, back } = {}) {
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
