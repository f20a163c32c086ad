import { answers } from "./answers.js";
import { plane } from "./boundary.js";
import { h, say } from "./dom.js";
import { layout } from "./geometry.js";
import { drawLayers, linkUnder } from "./links.js";
import { figures } from "./numbers.js";
import { headings, pictureIn, placeChooser, placeTiles, put, squareIn, tileShape } from "./placing.js";
import { halfPlanes } from "./planes.js";
import { listenToPointer } from "./pointing.js";
import { tableRows } from "./rows.js";
import { paintInput } from "./sample.js";
import { tileAtlas } from "./tiles.js";

/** The sample's way through the network, drawn live. `hooks`: tip, choose, sample, again. */
export function flowStage(view, hooks, chooser) {
  const atlas = tileAtlas();
  const overlay = h("canvas", { class: "net-overlay", "aria-hidden": "true" });
  const input = h("canvas", { class: "net-input", role: "img", "aria-label": "The input" });
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
  const answerThemselves = [points.element, ...table.elements, out.element];
  let plan = null; // where everything is, in CSS pixels
  let painted = null; // the bytes and the scale that the tiles show
  let links = []; // between the stages, as they are drawn
  let rule = "#ddd";

  // ---- layout

  function build() {
    out.build(view);
    if (view.session.data.kind === "table") table.build(view);
    lay();
  }

  function lay() {
    if (!view.stages.length || !element.clientWidth) return;
    const style = getComputedStyle(element);
    rule = style.getPropertyValue("--rule").trim() || rule;
    const tile = tileShape(view.image);
    plan = layout(view.stages, sizes(parseFloat(style.getPropertyValue("--small")) || 12, tile.aspect));
    element.classList.toggle("upright", plan.upright);
    element.style.setProperty("--flow", plan.upright ? `${plan.height}px` : "auto");
    const { kind } = view.session.data;
    atlas.element.hidden = !plan.units[0] || kind === "table";
    if (!atlas.element.hidden) placeTiles(atlas, plan.units[0], tile);
    layInput(kind);
    heads.replaceChildren(...headings(view, plan));
    out.lay(plan.answers);
    layOverlay();
    painted = null;
  }

  /** What the layout depends on. */
  function sizes(small, aspect) {
    const { kind, classes } = view.session.data;
    const names = classes ?? ["value"];
    return {
      kind,
      small,
      aspect,
      width: element.clientWidth,
      height: Math.max(element.clientHeight, 240),
      rows: view.stages[0].inputs,
      answers: classes?.length ?? view.stages.at(-1).units,
      longest: Math.max(...names.map((name) => `${name}`.length)),
    };
  }

  /** An image, the plane of points, or the rows of a table. */
  function layInput(kind) {
    const isImage = Boolean(view.image);
    input.hidden = caption.hidden = !isImage;
    points.element.hidden = kind !== "points";
    for (const part of table.elements) part.hidden = kind !== "table";
    if (isImage && chooser.element.parentNode !== element) element.append(chooser.element);
    if (!isImage && chooser.element.nextSibling !== element) element.before(chooser.element);
    chooser.element.removeAttribute("style");
    if (kind === "table") table.lay(plan.input, plan.table);
    if (kind === "points") points.lay(squareIn(plan));
    if (!isImage) return;
    plan.picture = pictureIn(plan, view.image);
    put(input, plan.picture);
    placeChooser(caption, chooser.element, plan, element.clientWidth);
  }

  function layOverlay() {
    const ratio = window.devicePixelRatio || 1;
    const width = element.clientWidth;
    const height = Math.max(element.clientHeight, plan.upright ? plan.height : 0);
    [overlay.width, overlay.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    put(overlay, { x: 0, y: 0, width, height });
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  // ---- drawing

  function draw() {
    if (!plan || !view.frame) return;
    const { kind } = view.session.data;
    const { a0 } = view.frame.array;
    drawTiles(kind);
    if (view.image && a0) paintInput(input, a0, view.image);
    if (kind === "points") points.draw(view);
    pen.clearRect(0, 0, overlay.width, overlay.height);
    links = drawLayers(pen, view, plan, (j) => out.anchor(j, plan.upright), rule);
    if (kind === "table") table.draw(view, links[0].found);
    view.said = out.draw(view);
    say(caption, captionOf());
  }

  function captionOf() {
    const { sample, data } = view.session;
    if (!sample) return "";
    if (sample.drawing) return "your drawing";
    const truth = data.classes ? (data.classes[sample.label] ?? sample.label) : figures(sample.label);
    return `no. ${sample.index} · true ${truth}`;
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

  listenToPointer(
    element,
    view,
    hooks,
    () => plan,
    (x, y) => linkUnder(pen, links, x, y),
    (target) => answerThemselves.some((part) => part.contains(target)),
  );

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
    has: (stage) => stage === view.stages.length - 1 || Boolean(plan?.units[stage]),
    columns: (stage) => plan?.units[stage]?.grid.columns ?? 1,
    picture: (words) => {
      atlas.element.setAttribute("aria-label", words.tiles);
      input.setAttribute("aria-label", words.input);
      points.label(words.plane);
    },
  };
}
