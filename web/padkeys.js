import { SIDE } from "./padsheet.js";

const STEP = 10; // pad pixels a press
const FINE = 2; // with shift
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Draw by keys: arrows move a cursor (two at once: slantwise), space held down draws, Enter puts the pen down
 * or lifts it. `pen`: brush, begin, extend, end, down, undo, clear; `told(text)` for a screen reader.
 */
export function listenToKeys(element, cursor, pen, told) {
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
