import { h } from "./dom.js";
import { PLANE_TILE } from "./planes.js";
import { shrinkFor } from "./tiles.js";

const CRISP = 1.75; // device pixels a weight: from here its square is seen, below it is smoothed

/** Put a part at a place given in CSS pixels; without a height, it is as high as it is. */
export function put(part, { x, y, width, height }) {
  const tall = height === undefined ? "" : `${height}px`;
  Object.assign(part.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: tall });
}

/** What a first-layer unit's tile holds: values across and down, and the gap after it. */
export function tileShape(image) {
  const { w: width, h: height } = image ?? { w: PLANE_TILE, h: PLANE_TILE };
  const gap = Math.max(2, Math.round(width * 0.11));
  return { width, height, gap, aspect: (width + gap) / (height + gap) };
}

/** Lay the atlas out in the first box of the plan, with no more values than there are pixels to show them. */
export function placeTiles(atlas, box, { width, height, gap }) {
  const ratio = window.devicePixelRatio || 1;
  const { grid } = box;
  const shrink = shrinkFor(width, ((grid.pitchX * width) / (width + gap)) * ratio);
  const between = Math.max(Math.round(gap / shrink), 1);
  const [across, down] = [Math.ceil(width / shrink), Math.ceil(height / shrink)];
  atlas.lay({ count: grid.count, columns: grid.columns, width, height, gap: between, shrink });
  grid.w = (grid.pitchX * across) / (across + between);
  grid.h = (grid.pitchY * down) / (down + between);
  put(atlas.element, { ...box, height: grid.rows * grid.pitchY });
  atlas.element.classList.toggle("crisp", (grid.w * ratio) / across >= CRISP);
}

/** Where the input image is: at the top of its column, or on the left. */
export function pictureIn({ input, upright }, image) {
  const height = Math.min((input.width * image.h) / image.w, upright ? input.height : input.height / 2);
  return { x: input.x, y: input.y, width: (height * image.w) / image.h, height };
}

/** Where the plane of points is: a square in the middle of its column, with a line under it. */
export function squareIn({ input, upright, small }) {
  const side = Math.min(input.width, input.height);
  const above = upright ? 0 : Math.max((input.height - side - 1.6 * small) / 2, 0);
  return { x: input.x, y: input.y + above, width: side, height: side };
}

/** The caption and what else there is to choose: under the image, or beside it. */
export function placeChooser(caption, chooser, { input, picture, upright, gap, small }, wide) {
  const { x, y, width, height } = picture;
  const line = small * 1.6;
  if (upright) {
    const beside = { x: x + width + 12, width: wide - width - 12 };
    put(caption, { ...beside, y: y - 3 });
    put(chooser, { ...beside, y: y + line, height: height - line });
    return;
  }
  const top = y + height + 3;
  put(caption, { x, y: top, width: width + gap });
  const rest = input.height - height - line - 3;
  put(chooser, { x, y: top + line, width: Math.max(width, 6.6 * small), height: rest });
}

/** The headings over the layers: how many units, and what they do; as much of it as there is room for. */
export function headings(view, plan) {
  const { input, table, units, small, upright } = plan;
  const list = [];
  const head = (x, width, y, text, title = text) => {
    const span = h("span", { title }, text);
    const maxWidth = `${Math.max(width, 2.4 * small)}px`;
    Object.assign(span.style, { left: `${x}px`, top: `${y - 1.55 * small}px`, maxWidth });
    list.push(span);
  };
  if (view.session.data.kind !== "points") head(input.x, input.width, input.y, inputWords(view));
  if (table) head(table.x, table.width, table.y, `${view.names.matrix(0)}: features × units`);
  units.forEach((box, k) => {
    if (!box) return;
    const words = unitsWords(view, k);
    const beside = upright && k > 0; // a row of units has its number on the left
    if (beside) return head(0, 2 * small, box.y + box.height / 2 + 0.85 * small, words[2], words[0]);
    const room = box.width + 0.85 * plan.gap;
    const text = words.find((some) => 0.58 * small * some.length < room) ?? words[2];
    head(box.x, room, box.y, text, words[0]);
  });
  return list;
}

function inputWords({ image, stages }) {
  if (!image) return `${stages[0].inputs} inputs`;
  return `input ${image.h} × ${image.w}${image.channels === 3 ? " × 3" : ""}`;
}

/** In full, short, and the number alone. */
function unitsWords({ stages, session }, k) {
  const { units, activation } = stages[k];
  if (k === stages.length - 1) {
    return [
      `${units} units, one a ${session.data.classes ? "class" : "value"}`,
      `${units} units`,
      `${units}`,
    ];
  }
  const does = activation ?? "linear";
  return [`${units} ${does} units`, `${units} ${does}`, `${units}`];
}
