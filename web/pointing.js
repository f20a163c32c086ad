import { unitAt, unitUnder } from "./geometry.js";
import { weightText } from "./names.js";
import { figures } from "./numbers.js";

const PICKED_FROM = 5; // CSS pixels of a weight in a tile: smaller ones are chosen in the unit at large

/**
 * Hover and click on the stage: the weight, unit, pixel or link under the pointer in words; a click looks
 * inside. `isOther(target)`: parts that answer the pointer themselves; `planNow()`: where everything is;
 * `linkAt(x, y)`: the link drawn there as {stage, unit, input}, or null.
 */
export function listenToPointer(element, view, hooks, planNow, linkAt, isOther) {
  const at = (event) => {
    const place = element.getBoundingClientRect();
    return [event.clientX - place.left, event.clientY - place.top];
  };

  /** {stage, unit, input} under the pointer, or null; `input` where a tile shows single weights. */
  function under(event) {
    const [x, y] = at(event);
    for (const [stage, box] of (planNow()?.units ?? []).entries()) {
      const unit = box ? unitUnder(box, x, y) : -1;
      if (unit < 0) continue;
      const { x: left, y: top, w: width, h: height } = unitAt(box, unit);
      const isImage = stage === 0 && view.session.data.kind === "images";
      const input = isImage ? inputUnder({ x: left, y: top, width, height }, x, y) : undefined;
      const beside = x > left + width + 1 || y > top + height + 1; // between two, where links are seen
      const large = isImage && width >= PICKED_FROM * (view.image?.w ?? Infinity);
      return { stage, unit, input, beside, large };
    }
    return null;
  }

  /** Which input a point of a picture of the inputs stands for. */
  function inputUnder(picture, x, y) {
    const [u, v] = [(x - picture.x) / picture.width, (y - picture.y) / picture.height];
    if (!view.image || u < 0 || u >= 1 || v < 0 || v >= 1) return undefined;
    return view.image.input(Math.floor(v * view.image.h), Math.floor(u * view.image.w));
  }

  const pixelUnder = (event) => {
    const picture = planNow()?.picture;
    return picture && view.image ? inputUnder(picture, ...at(event)) : undefined;
  };

  function unitWords({ stage, unit, input: i }) {
    const active = `${view.names.unit(stage, unit)}: activation ${figures(view.activation(stage)?.[unit])}`;
    return i === undefined ? active : `${weightWords({ stage, unit, input: i })}\n${active}`;
  }

  function weightWords({ stage, unit, input: i }) {
    const matrix = view.matrix(stage);
    if (!matrix) return view.names.unit(stage, unit);
    const text = weightText(matrix.q[i * view.stages[stage].units + unit], matrix.limit);
    return view.names.weight(stage, i, unit, text);
  }

  function pixelWords(i) {
    if (i === undefined || !view.frame) return null;
    return `x[${i}] = ${figures(view.frame.array.a0?.[i])}: ${view.names.input(i)}, as the network sees it`;
  }

  let pointed = null; // {found, link}: a click's place is rounded, a move's is not

  const same = (a, b) => a?.stage === b?.stage && a?.unit === b?.unit && a?.link === b?.link;

  function look(event) {
    const near = under(event);
    const link = near && !near.beside ? null : linkAt(...at(event));
    const found = link ? null : near;
    const pixel = found || link ? undefined : pixelUnder(event);
    pointed = { found, link };
    const hover = found ?? (link && { ...link, link: link.input });
    const moved = !same(hover, view.hover);
    view.hover = hover;
    element.classList.toggle("on-link", Boolean(link));
    if (moved) hooks.again();
    hooks.hover(found ?? (pixel === undefined ? null : { stage: -1, unit: pixel }));
    hooks.tip(event, found ? unitWords(found) : link ? weightWords(link) : pixelWords(pixel));
  }

  function leave(event) {
    [view.hover, pointed] = [null, null];
    hooks.tip(event, null);
    hooks.hover(null);
    hooks.again();
  }

  element.addEventListener("pointermove", (event) => {
    if (!isOther(event.target)) look(event);
    else if (view.hover) leave(event);
  });
  element.addEventListener("pointerleave", leave);
  element.addEventListener("click", (event) => {
    if (isOther(event.target)) return;
    if (!pointed) look(event);
    const { found, link } = pointed;
    if (found) hooks.choose(found.stage, found.unit, found.large ? found.input : undefined);
    else if (link) hooks.choose(link.stage, link.unit, link.input);
  });
}
