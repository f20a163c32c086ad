import { answers } from "./answers.js";
import { halfPlanes, plane, PLANE_TILE } from "./boundary.js";
import { h, say } from "./dom.js";
import { drawCells, drawFrames, drawLinks, drawNames, drawRing, strongest } from "./flow.js";
import { layout, unitAt, unitUnder } from "./geometry.js";
import { weightText } from "./names.js";
import { figures } from "./numbers.js";
import { tableRows } from "./rows.js";
import { paintInput } from "./sample.js";
import { shrinkFor, tileAtlas } from "./tiles.js";

const LINKS = 150; // lines in all between layers
const CRISP = 1.75; // device pixels a weight: from here its square is seen, below it is smoothed

/** The sample's way through the network, drawn live. `hooks`: tip, choose, sample. `view` is what there is to draw. */
export function flowStage(view, hooks, chooser) {
  const atlas = tileAtlas();
  const overlay = h("canvas", { class: "net-overlay", "aria-hidden": "true" });
  const input = h("canvas", { class: "net-input", role: "img" });
  const caption = h("p", { class: "net-input-said" });
  const heads = h("div", { class: "net-heads", "aria-hidden": "true" });
  const out = answers(hooks);
  const points = plane({
    ...hooks,
    data: () => view.data,
    describe: (event, place) =>
      place && `x₁ ${figures(place.x)}, ${view.session.data.classes ? "x₂" : "y"} ${figures(place.y)}`,
  });
  const table = tableRows({ ...hooks, view: () => view });
  const element = h(
    "div",
    { class: "net-stage", tabIndex: 0, role: "group" },
    atlas.element,
    input,
    caption,
    points.element,
    ...table.elements,
    overlay,
    heads,
    out.element,
  );
  const pen = overlay.getContext("2d");
  let plan = null; // where everything is, in CSS pixels
  let painted = null; // the bytes and the scale that the tiles show
  let rule = "#ddd";

  // ---- layout

  function build() {
    out.build(view);
    if (view.session.data.kind === "table") table.build(view);
    heads.replaceChildren();
    lay();
  }

  function lay() {
    if (!view.stages.length || !element.clientWidth) return;
    const style = getComputedStyle(element);
    const small = parseFloat(style.getPropertyValue("--small")) || 12;
    rule = style.getPropertyValue("--rule").trim() || rule;
    const kind = view.session.data.kind;
    const first = tileShape(kind);
    plan = layout(view.stages, {
      kind,
      small,
      width: element.clientWidth,
      height: Math.max(element.clientHeight, 240),
      aspect: first.aspect,
      share: first.share,
      rows: view.stages[0].inputs,
      answers: view.session.data.classes?.length ?? view.stages.at(-1).units,
      longest: Math.max(...(view.session.data.classes ?? ["value"]).map((name) => `${name}`.length)),
    });
    element.classList.toggle("upright", plan.upright);
    element.style.setProperty("--flow", plan.upright ? `${plan.height}px` : "auto");
    placeTiles(first);
    placeInput(kind);
    placeHeads(small);
    out.lay(plan.answers, view);
    for (const part of table.elements) part.hidden = kind !== "table";
    if (kind === "table") table.lay(plan.input, plan.table);
    points.element.hidden = kind !== "points";
    if (kind === "points") points.lay(squareIn(plan.input));
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [
      element.clientWidth,
      Math.max(element.clientHeight, plan.upright ? plan.height : 0),
    ];
    [overlay.width, overlay.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    Object.assign(overlay.style, { width: `${width}px`, height: `${height}px` });
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    painted = null;
  }

  /** What a first-layer unit's tile holds: values across and down, and the gap after it. */
  function tileShape(kind) {
    const width = kind === "images" && view.image ? view.image.w : PLANE_TILE;
    const height = kind === "images" && view.image ? view.image.h : PLANE_TILE;
    const gap = Math.max(2, Math.round(width * 0.11));
    return { width, height, gap, aspect: (width + gap) / (height + gap), share: 1 };
  }

  function placeTiles({ width, height, gap }) {
    const box = plan.units[0];
    atlas.element.hidden = !box || view.session.data.kind === "table";
    if (atlas.element.hidden) return;
    const ratio = window.devicePixelRatio || 1;
    const { grid } = box;
    const shown = (grid.pitchX * width) / (width + gap);
    const shrink = shrinkFor(width, shown * ratio);
    const [w, tall, between] = [
      Math.ceil(width / shrink),
      Math.ceil(height / shrink),
      Math.max(Math.round(gap / shrink), 1),
    ];
    const shape = { count: grid.count, columns: grid.columns, width, height, gap: between, shrink };
    atlas.lay(shape);
    [grid.w, grid.h] = [(grid.pitchX * w) / (w + between), (grid.pitchY * tall) / (tall + between)];
    Object.assign(atlas.element.style, {
      left: `${box.x}px`,
      top: `${box.y}px`,
      width: `${box.width}px`,
      height: `${grid.rows * grid.pitchY}px`,
    });
    atlas.element.classList.toggle("crisp", (grid.w * ratio) / w >= CRISP);
  }

  /** The image at the top of its column (upright: on the left), what else there is to choose under (beside) it. */
  function placeInput(kind) {
    const isImage = kind === "images" && Boolean(view.image);
    input.hidden = caption.hidden = !isImage;
    if (isImage && chooser.element.parentNode !== element) element.append(chooser.element);
    if (!isImage && chooser.element.nextSibling !== element) element.before(chooser.element);
    chooser.element.removeAttribute("style");
    if (!isImage) return;
    const { x, y, width, height } = plan.input;
    const tall = Math.min((width * view.image.h) / view.image.w, plan.upright ? height : height / 2);
    const wide = (tall * view.image.w) / view.image.h;
    plan.picture = { x, y, width: wide, height: tall };
    const put = (part, left, top, w, rest) =>
      Object.assign(part.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${w}px`,
        height: rest ? `${rest}px` : "",
      });
    put(input, x, y, wide, tall);
    const line = plan.small * 1.6;
    if (plan.upright) {
      put(caption, x + wide + 12, y - 3, element.clientWidth - wide - 12);
      put(chooser.element, x + wide + 12, y + line, element.clientWidth - wide - 12, tall - line);
    } else {
      put(caption, x, y + tall + 3, wide + plan.gap);
      put(
        chooser.element,
        x,
        y + tall + line + 3,
        Math.max(wide, 6.6 * plan.small),
        height - tall - line - 3,
      );
    }
  }

  /** A heading over each layer: how many units, and what they do. */
  function placeHeads(small) {
    const list = [];
    const head = (x, width, y, text, title) => {
      const span = h("span", { title: title ?? text }, text);
      Object.assign(span.style, {
        left: `${x}px`,
        top: `${y - 1.55 * small}px`,
        maxWidth: `${Math.max(width, 2.4 * small)}px`,
      });
      list.push(span);
    };
    const { data } = view.session;
    const size = view.image
      ? `${view.image.h} × ${view.image.w}${view.image.channels === 3 ? " × 3" : ""}`
      : "";
    const inputY = plan.picture && data.kind === "images" ? plan.picture.y : plan.input.y;
    if (data.kind !== "points")
      head(
        plan.input.x,
        plan.input.width,
        inputY,
        size ? `input ${size}` : `${view.stages[0].inputs} inputs`,
      );
    plan.units.forEach((box, k) => {
      if (!box) return;
      const { units, activation } = view.stages[k];
      const last = k === view.stages.length - 1;
      const full = last
        ? `${units} units, one a ${data.classes ? "class" : "value"}`
        : `${units} ${activation ?? "linear"} units`;
      const short = last ? `${units} units` : `${units} ${activation ?? "linear"}`;
      const room = box.width + 0.85 * plan.gap;
      if (plan.upright && k && !last)
        return head(0, 2 * small, box.y + box.height / 2 + 0.85 * small, `${units}`, full);
      const text = [full, short].find((words) => 0.58 * small * words.length < room) ?? `${units}`;
      head(box.x, room, box.y, text, full);
    });
    if (plan.table)
      head(plan.table.x, plan.table.width, plan.table.y, `${view.names.matrix(0)}: features × units`);
    heads.replaceChildren(...list);
  }

  function squareIn(box) {
    const side = Math.min(box.width, box.height);
    const below = 1.6 * plan.small; // the key to the points
    const square = {
      x: box.x,
      y: box.y + (plan.upright ? 0 : Math.max((box.height - side - below) / 2, 0)),
      width: side,
      height: side,
    };
    plan.picture = square;
    return square;
  }

  // ---- drawing

  function draw() {
    if (!plan || !view.frame) return;
    const kind = view.session.data.kind;
    drawTiles(kind);
    if (kind === "images" && view.image && view.frame.array.a0)
      paintInput(input, view.frame.array.a0, view.image);
    if (kind === "points") points.draw(view);
    drawFlow(kind);
    view.said = out.draw(view);
    say(caption, captionOf());
  }

  function captionOf() {
    const { sample, data } = view.session;
    if (!sample) return "";
    return `no. ${sample.index} · true ${data.classes ? (data.classes[sample.label] ?? sample.label) : figures(sample.label)}`;
  }

  function drawTiles(kind) {
    const matrix = view.matrix(0);
    if (atlas.element.hidden || !matrix) return;
    if (kind === "points") {
      const fill = halfPlanes(view, matrix);
      if (fill) atlas.draw(fill);
      return;
    }
    if (painted?.q === matrix.q && painted.auto === view.auto) return;
    painted = { q: matrix.q, auto: view.auto };
    if (view.image) atlas.paint(matrix.q, view.stages[0].units, view.image, view.auto);
  }

  function drawFlow(kind) {
    pen.clearRect(0, 0, overlay.width, overlay.height);
    const gaps = view.stages.length;
    const most = Math.round(Math.min(Math.max(LINKS / gaps, 12), 40));
    const lit = view.stages.map((stage, k) => litOf(k));
    const links = view.stages.map((stage, k) => linksInto(k, lit, most, kind));
    if (kind === "table") table.draw(view, links[0]);
    links.forEach((found, k) => {
      if (k === 0 && kind !== "images") return;
      drawLinks(pen, found, from(k), to(k), { ...styleOf(k), upright: plan.upright, veil: veilOf(k, kind) });
    });
    plan.units.forEach((box, k) => {
      if (!box) return;
      const draw = k === 0 && kind !== "table" ? drawFrames : drawCells;
      draw(pen, box, lit[k].values, lit[k].light, rule);
    });
    if (view.stages.length === 1 && kind !== "table" && plan.units[0]) {
      drawOwn(lit[0]);
      drawNames(pen, plan.units[0], view.session.data.classes ?? [], plan.small);
    }
    for (const [mark, wide] of [
      [view.chosen, 2],
      [view.cursor, 1.5],
      [view.hover, 1.25],
    ]) {
      const box = mark && plan.units[mark.stage];
      if (box) drawRing(pen, unitAt(box, mark.unit), wide);
    }
  }

  /** Each stage's activations and what is full light among them. Of the last stage, what goes into the answer. */
  function litOf(k) {
    const { activation, place } = view.stages[k];
    const last = k === view.stages.length - 1;
    const values = last ? view.frame.array[`a${place}`] : view.activation(k);
    return { values, light: view.lights.of(k, values ?? [], !last && /Tanh|Sigmoid/.test(activation ?? "")) };
  }

  function linksInto(k, lit, most, kind) {
    const matrix = view.matrix(k);
    const a = k ? lit[k - 1].values : view.frame.array.a0;
    if (!matrix || !a || (k === 0 && kind === "points")) return [];
    const { inputs, units } = view.stages[k];
    return strongest(a, matrix.q, inputs, units, most);
  }

  /** No hidden layer: each class's image and its answer belong together. */
  function drawOwn({ values, light }) {
    if (!values) return;
    const links = Array.from(values, (value, j) => ({ i: j, j, size: value / light })).filter(
      ({ size }) => Number.isFinite(size) && size,
    );
    links.sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
    drawLinks(pen, links, from(1), (j) => out.anchor(j, plan.upright), {
      upright: plan.upright,
      veil: veilOf(1),
    });
  }

  /** Lines from pixels are fine ones; between layers that stand close, finer than between distant ones. */
  function styleOf(k) {
    return k ? { widest: Math.min(Math.max(plan.gap / 18, 0.9), 2.2) } : { widest: 0.8, strength: 0.6 };
  }

  /** Where lines out of, or into, the tiles pass over other tiles. */
  function veilOf(k, kind) {
    const box = plan.units[0];
    if (kind === "table" || !box || k > 1) return {};
    if (k === 0) return { end: plan.upright ? box.y : box.x };
    return { start: plan.upright ? box.y + box.height : box.x + box.width };
  }

  const middleOf = ({ x, y, w, h: tall }) => ({ x: x + w / 2, y: y + tall / 2, w, tall });

  /** Where lines out of the stage before k begin. */
  function from(k) {
    if (k === 0) {
      const { x, y, width, height } = plan.picture;
      const { w, h: tall, down, across } = view.image;
      const edge = plan.upright ? y + height : x + width;
      return (i) => ({
        edge,
        x: x + (((Math.floor(i / across) % w) + 0.5) / w) * width,
        y: y + (((Math.floor(i / down) % tall) + 0.5) / tall) * height,
      });
    }
    const box = plan.units[k - 1];
    return (i) => {
      const m = middleOf(unitAt(box, i));
      return plan.upright ? { x: m.x, y: m.y + m.tall / 2 } : { x: m.x + m.w / 2, y: m.y };
    };
  }

  /** Where lines into stage k end. */
  function to(k) {
    const box = plan.units[k];
    if (k === view.stages.length - 1 && (k > 0 || !box)) return (j) => out.anchor(j, plan.upright);
    return (j) => {
      const m = middleOf(unitAt(box, j));
      return plan.upright ? { x: m.x, y: m.y - m.tall / 2 } : { x: m.x - m.w / 2, y: m.y };
    };
  }

  // ---- what is under the pointer

  /** {stage, unit, input} at a point of the stage, or null; `input` where a tile shows single weights. */
  function under(event) {
    if (!plan) return null;
    const place = element.getBoundingClientRect();
    const [x, y] = [event.clientX - place.left, event.clientY - place.top];
    for (let k = 0; k < plan.units.length; k += 1) {
      const box = plan.units[k];
      const unit = box ? unitUnder(box, x, y) : -1;
      if (unit >= 0)
        return { stage: k, unit, input: k === 0 ? weightUnder(unitAt(box, unit), x, y) : undefined };
    }
    return null;
  }

  /** Parts that answer the pointer themselves. */
  const isOther = (target) =>
    [points.element, ...table.elements, out.element].some((part) => part.contains(target));

  function weightUnder(tile, x, y) {
    if (!view.image || view.session.data.kind !== "images") return undefined;
    const [u, v] = [(x - tile.x) / tile.w, (y - tile.y) / tile.h];
    if (u < 0 || u >= 1 || v < 0 || v >= 1) return undefined;
    return view.image.input(Math.floor(v * view.image.h), Math.floor(u * view.image.w));
  }

  element.addEventListener("pointermove", (event) => {
    if (isOther(event.target)) return;
    const found = under(event);
    const moved = found?.stage !== view.hover?.stage || found?.unit !== view.hover?.unit;
    view.hover = found;
    if (moved) hooks.again();
    hooks.tip(event, found ? wordsFor(found) : pixelWords(event));
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

  function wordsFor({ stage, unit, input: i }) {
    const matrix = view.matrix(stage);
    const { units } = view.stages[stage];
    const given = view.activation(stage)?.[unit];
    const active = `${view.names.unit(stage, unit)}: activation ${figures(given)}`;
    if (i === undefined || !matrix) return active;
    return `${view.names.weight(stage, i, unit, weightText(matrix.q[i * units + unit], matrix.limit))}\n${active}`;
  }

  function pixelWords(event) {
    if (!plan.picture || !view.image || !view.frame) return null;
    const place = element.getBoundingClientRect();
    const { x, y, width, height } = plan.picture;
    const [u, v] = [(event.clientX - place.left - x) / width, (event.clientY - place.top - y) / height];
    if (u < 0 || u >= 1 || v < 0 || v >= 1) return null;
    const i = view.image.input(Math.floor(v * view.image.h), Math.floor(u * view.image.w));
    return `x[${i}] = ${figures(view.frame.array.a0?.[i])}: ${view.names.input(i)}, as the network sees it`;
  }

  function forget() {
    painted = null;
    points.forget();
    table.forget();
    out.recolour();
  }

  return {
    element,
    build,
    lay,
    draw,
    forget,
    has: (stage) => Boolean(plan?.units[stage]),
    columns: (stage) => plan?.units[stage]?.grid.columns ?? 1,
    picture: (words) => {
      atlas.element.setAttribute("aria-label", words.tiles);
      input.setAttribute("aria-label", words.input);
      points.label(words.plane);
    },
  };
}
