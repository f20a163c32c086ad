const LEAST = 0.7; // pad pixels between two points worth keeping

/**
 * What is drawn: strokes of points {x, y, width} in pad pixels, and the way back. A stroke is
 * {points, ended}; it grows at its end only, so that what is painted of it can stay.
 */
export function makeStrokes() {
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
