import { divergingTable } from "./colours.js";
import { h, say } from "./dom.js";
import { figures } from "./numbers.js";
import { weightText } from "./names.js";
import { paintBlock, shrinkFor, words } from "./tiles.js";

const SMALL_PX = 12; // the small font on a page of usual width

/**
 * A weight matrix as a heat-map. `rowsAreUnits`: a row a unit, a column an input of it; else, as it is
 * written, a row an input. CSS brings the canvas to its size.
 */
export function heatMap(rowsAreUnits) {
  const element = h("canvas", { class: "net-heat", role: "img" });
  const pen = element.getContext("2d");
  let painted = null;
  let picture = null;

  function paint(q, inputs, units, shown) {
    const [nx, ny] = rowsAreUnits ? [inputs, units] : [units, inputs];
    const [across, down] = rowsAreUnits ? [units, 1] : [1, units];
    const ratio = window.devicePixelRatio || 1;
    const shrink = Math.min(shrinkFor(nx, shown.width * ratio), shrinkFor(ny, shown.height * ratio));
    const [width, height] = [Math.ceil(nx / shrink), Math.ceil(ny / shrink)];
    if (!picture || element.width !== width || element.height !== height) {
      [element.width, element.height] = [width, height];
      picture = pen.createImageData(width, height);
    }
    const block = { start: 0, across, down, nx, ny, shrink, lut: words(divergingTable()) };
    paintBlock(new Uint32Array(picture.data.buffer), 0, width, q, block);
    pen.putImageData(picture, 0, 0);
    element.classList.toggle("crisp", (shown.width * ratio) / nx >= 1.5);
  }

  return {
    element,
    /** Paint the bytes unless these very bytes are there already. */
    draw(q, inputs, units, room) {
      if (painted === q) return;
      const shown = room ?? element.getBoundingClientRect();
      if (!shown.width) return;
      painted = q;
      paint(q, inputs, units, shown);
    },
    forget() {
      painted = null;
    },
    /** Which weight is under the pointer: {i, j}, or null. */
    at(event, inputs, units) {
      const box = element.getBoundingClientRect();
      const [u, v] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      if (u < 0 || u >= 1 || v < 0 || v >= 1) return null;
      const [a, b] = rowsAreUnits ? [u, v] : [v, u];
      return { i: Math.floor(a * inputs), j: Math.floor(b * units) };
    },
  };
}

/** The matrices between deeper layers, one figure each, under the flow. `hooks`: tip(event, text), choose. */
export function deeperMatrices(hooks) {
  const element = h("div", { class: "net-matrices" });
  let figuresNow = [];

  function build(view) {
    figuresNow = view.stages.slice(1).map((stage, k) => figureOf(view, stage, k + 1));
    element.replaceChildren(...figuresNow.map((figure) => figure.element));
    element.hidden = !figuresNow.length;
  }

  function figureOf(view, stage, place) {
    const map = heatMap(true);
    const caption = h("figcaption", {}, view.names.matrix(place)); // so that its line has its height
    const mark = h("i", { class: "net-mark", hidden: true }); // the chosen unit's row
    const cell = h("i", { class: "net-weight-mark", hidden: true }); // the chosen weight
    const classes =
      place === view.stages.length - 1 && stage.units > 1 && stage.units <= 26 && view.session.data.classes;
    const rows = classes
      ? h(
          "ol",
          { class: "net-rows", "aria-hidden": "true" },
          classes.map((name) => h("li", {}, name)),
        )
      : null;
    const body = h(
      "div",
      { class: "net-heat-box" },
      rows,
      h("div", { class: "net-heat-area" }, map.element, mark, cell),
    );
    const figure = h("figure", { class: "net-matrix" }, caption, body);
    const tall = heightOf(stage, view.stages.length);
    const wide = Math.min(Math.max((tall * stage.inputs) / stage.units, 72), 2.5 * tall);
    figure.style.setProperty("--rows", classes ? stage.units : 0);
    figure.style.setProperty("--tall", `calc(${tall / SMALL_PX} * var(--small))`); // with the text it grows
    figure.style.setProperty("--wide", `calc(${wide / SMALL_PX} * var(--small))`);
    figure.style.setProperty("--most", `${40 * stage.inputs}px`);
    figure.classList.toggle("last", place === view.stages.length - 1);
    figure.classList.toggle("named", Boolean(classes));
    const under = (event) => map.at(event, stage.inputs, stage.units);
    map.element.addEventListener("pointermove", (event) => {
      const found = under(event);
      const matrix = view.matrix(place);
      if (!found || !matrix) return hooks.tip(event, null);
      const text = weightText(matrix.q[found.i * stage.units + found.j], matrix.limit);
      hooks.tip(event, view.names.weight(place, found.i, found.j, text));
    });
    map.element.addEventListener("pointerleave", (event) => hooks.tip(event, null));
    map.element.addEventListener("click", (event) => {
      const found = under(event);
      if (found) hooks.choose(place, found.j, found.i);
    });
    return { element: figure, map, caption, mark, cell, stage, place };
  }

  function draw(view) {
    for (const { map, caption, mark, cell, stage, place } of figuresNow) {
      const matrix = view.matrix(place);
      if (!matrix) continue;
      map.draw(matrix.q, stage.inputs, stage.units);
      const size = `${view.names.matrix(place)} ${stage.units} × ${stage.inputs}`;
      const range = `±${figures(matrix.limit, matrix.limit < 1 ? 1 : 2)}`;
      say(caption, view.stages.length > 4 ? `${view.names.matrix(place)} ${range}` : `${size} · ${range}`);
      map.element.setAttribute(
        "aria-label",
        `${size} weights: a row a unit, a column an input; full colour at ${figures(matrix.limit)}`,
      );
      const chosen = view.chosen?.stage === place ? view.chosen.unit : null;
      mark.hidden = cell.hidden = chosen === null;
      if (chosen === null) continue;
      mark.style.top = `${(100 * chosen) / stage.units}%`;
      mark.style.height = `${100 / stage.units}%`;
      cell.hidden = view.chosen.input === undefined;
      if (cell.hidden) continue;
      const [left, width] = [view.chosen.input, 1].map((n) => `${(100 * n) / stage.inputs}%`);
      Object.assign(cell.style, { top: mark.style.top, height: mark.style.height, left, width });
    }
  }

  return { element, build, draw, forget: () => figuresNow.forEach(({ map }) => map.forget()) };
}

/** CSS pixels: a few matrices large, the many of a deep network small, none so flat that rows are lost. */
function heightOf({ units }, stages) {
  return Math.min(Math.max(units * 12, 14), stages > 5 ? 76 : 132);
}
