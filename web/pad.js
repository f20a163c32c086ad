import { atMost } from "./calm.js";
import { onTheme } from "./colours.js";
import { h, uniqueId } from "./dom.js";
import { listenToDrawing } from "./padpointer.js";
import { listenToKeys } from "./padkeys.js";
import { makeSheet, SIDE } from "./padsheet.js";
import { makeStrokes } from "./padstrokes.js";

const KEYS =
  "Arrow keys move the pen, with shift in small steps; hold space to draw, or press Enter to put the pen " +
  "down and to lift it. Backspace takes back the last stroke, Delete clears.";

/** The pad: {element, focus, picture, empty, undo, clear, canUndo, brush}. `changed` after every change. */
export function makePad(changed) {
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
