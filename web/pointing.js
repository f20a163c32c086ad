import { unitAt, unitUnder } from "./geometry.js";
import { weightText } from "./names.js";
import { figures } from "./numbers.js";

/**
 * Hover and click on the stage: the weight, unit or pixel under the pointer in words; a click chooses.
 * `isOther(target)`: parts that answer the pointer themselves; `planNow()`: where everything is.
 */
export function listenToPointer(element, view, hooks, planNow, isOther) {
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
      return {
        stage,
        unit,
        input: isImage ? inputUnder({ x: left, y: top, width, height }, x, y) : undefined,
      };
    }
    return null;
  }

  /** Which input a point of a picture of the inputs stands for. */
  function inputUnder(picture, x, y) {
    const [u, v] = [(x - picture.x) / picture.width, (y - picture.y) / picture.height];
    if (!view.image || u < 0 || u >= 1 || v < 0 || v >= 1) return undefined;
    return view.image.input(Math.floor(v * view.image.h), Math.floor(u * view.image.w));
  }

  function unitWords({ stage, unit, input: i }) {
    const matrix = view.matrix(stage);
    const active = `${view.names.unit(stage, unit)}: activation ${figures(view.activation(stage)?.[unit])}`;
    if (i === undefined || !matrix) return active;
    const text = weightText(matrix.q[i * view.stages[stage].units + unit], matrix.limit);
    return `${view.names.weight(stage, i, unit, text)}\n${active}`;
  }

  function pixelWords(event) {
    const picture = planNow()?.picture;
    const i = picture && view.image ? inputUnder(picture, ...at(event)) : undefined;
    if (i === undefined || !view.frame) return null;
    return `x[${i}] = ${figures(view.frame.array.a0?.[i])}: ${view.names.input(i)}, as the network sees it`;
  }

  element.addEventListener("pointermove", (event) => {
    if (isOther(event.target)) return;
    const found = under(event);
    const moved = found?.stage !== view.hover?.stage || found?.unit !== view.hover?.unit;
    view.hover = found;
    if (moved) hooks.again();
    hooks.tip(event, found ? unitWords(found) : pixelWords(event));
  });
  element.addEventListener("pointerleave", (event) => {
    view.hover = null;
    hooks.tip(event, null);
    hooks.again();
  });
  element.addEventListener("click", (event) => {
    if (isOther(event.target)) return;
    const found = view.hover ?? under(event); // a click's place is rounded, a move's is not
    if (found) hooks.choose(found.stage, found.unit, found.input);
  });
}
