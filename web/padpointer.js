import { SIDE } from "./padsheet.js";

const PALM = 70; // CSS pixels across: a touch as broad as that is no fingertip
const EASE = 0.4; // of a new pressure that reaches the width at once

/** Draw with mouse, pen and finger: one of them at a time. `pen`: brush(), begin, extend, end, drop. */
export function listenToDrawing(element, pen) {
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
