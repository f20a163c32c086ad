import { cssColour, diverging } from "./colours.js";
import { canvas, fill, h, say } from "./dom.js";
import { scaleStrip } from "./legend.js";
import { weightText } from "./names.js";
import { figures } from "./numbers.js";
import { tileAtlas } from "./tiles.js";

/**
 * A chosen unit at large: its incoming weights as an image or side by side. A click looks inside a weight;
 * so do arrow keys and Enter. `hooks`: tip(event, text), open(stage, unit, input), light(input or null).
 */
export function unitAtLarge(hooks) {
  const atlas = tileAtlas();
  const bars = canvas((pen, width, height) => drawBars(pen, width, height), { class: "net-bars" });
  const mark = h("i", { class: "net-weight-mark", hidden: true });
  const cursor = h("i", { class: "net-weight-mark cursor", hidden: true });
  const picture = h("div", { class: "net-unit-picture", tabIndex: 0, role: "group" });
  const spoken = h("span", { class: "hidden-text", role: "status" });
  const range = [h("span", {}), h("span", {})];
  const strip = scaleStrip();
  const scale = h("p", { class: "net-unit-scale" }, range[0], strip.element, range[1]);
  const element = h("figure", { class: "net-in" }, picture, scale, spoken);
  let shown = null; // {view, stage, unit, input}
  let at = null; // the input that the keys are at

  const image = () => (shown.stage === 0 ? shown.view.image : null);

  function choose(view, chosen) {
    const same = shown && chosen && shown.stage === chosen.stage && shown.unit === chosen.unit;
    shown = chosen && { view, ...chosen };
    if (!same) at = null;
    if (!chosen) return;
    const { inputs } = view.stages[chosen.stage];
    const size = image();
    strip.draw(Boolean(size && size.channels === 3));
    fill(picture, size ? atlas.element : bars.element, mark, cursor);
    picture.classList.toggle("image", Boolean(size));
    if (size) {
      atlas.lay({ count: 1, columns: 1, width: size.w, height: size.h, gap: 0, shrink: 1 });
      atlas.element.classList.add("crisp");
      atlas.element.style.aspectRatio = `${size.w} / ${size.h}`;
    }
    const name = `${inputs} weights into ${view.names.unit(chosen.stage, chosen.unit)}`;
    picture.setAttribute("aria-label", `${name}; arrow keys move, Enter looks inside`);
    draw();
  }

  function draw() {
    const matrix = shown?.view.matrix(shown.stage);
    if (!matrix) return;
    const { view, unit, input } = shown;
    const text = figures(matrix.limit, matrix.limit < 1 ? 1 : 2);
    say(range[0], `−${text}`);
    say(range[1], `+${text}`);
    put(mark, input ?? null);
    put(cursor, at);
    const size = image();
    if (!size) return bars.redraw();
    const { units } = view.stages[0];
    const column = new Uint8Array(matrix.q.length / units);
    for (let i = 0, from = unit; i < column.length; i += 1, from += units) column[i] = matrix.q[from];
    atlas.paint(column, 1, size, view.auto);
    const name = view.names.unit(shown.stage, unit);
    atlas.element.setAttribute("aria-label", `The ${column.length} weights into ${name} as an image`);
  }

  /** Put a frame around input i's weight. */
  function put(frame, i) {
    frame.hidden = i === null;
    if (i === null) return;
    const { w, h: tall } = gridOf();
    const [x, y] = placeOf(i);
    Object.assign(frame.style, {
      left: `${(100 * x) / w}%`,
      top: `${(100 * y) / tall}%`,
      width: `${100 / w}%`,
      height: `${100 / tall}%`,
    });
  }

  /** How many weights across and down. */
  const gridOf = () => image() ?? { w: shown.view.stages[shown.stage].inputs, h: 1, channels: 1 };

  function placeOf(i) {
    const size = image();
    if (!size) return [i, 0];
    return [Math.floor(i / size.across) % size.w, Math.floor(i / size.down) % size.h];
  }

  /** Which input a place stands for; of a colour image the channel that is chosen there, or red. */
  function inputAt(x, y, channel = 0) {
    const size = image();
    return size ? size.input(y, x, channel) : x;
  }

  const channelOf = (i) => (image() ? Math.floor(i / image().between) % image().channels : 0);

  /** All incoming weights side by side, up above zero and down below. */
  function drawBars(pen, width, height) {
    const matrix = shown && shown.view.matrix(shown.stage);
    if (!matrix) return;
    const { inputs, units } = shown.view.stages[shown.stage];
    const wide = width / inputs;
    for (let i = 0; i < inputs; i += 1) {
      const t = (matrix.q[i * units + shown.unit] - 128) / 127;
      pen.fillStyle = cssColour(diverging(Math.sign(t) * Math.max(Math.abs(t), 0.25)));
      pen.fillRect(i * wide, height / 2, Math.max(wide - (wide > 3 ? 1 : 0), 0.5), (-t * height) / 2);
    }
    bars.element.setAttribute("aria-label", `${inputs} incoming weights as bars, in the order of the inputs`);
  }

  function words(i) {
    const { view, stage, unit } = shown;
    const matrix = view.matrix(stage);
    if (!matrix) return "";
    const text = weightText(matrix.q[i * view.stages[stage].units + unit], matrix.limit);
    return view.names.weight(stage, i, unit, text);
  }

  function under(event) {
    if (!shown) return null;
    const box = picture.getBoundingClientRect();
    const { w, h: tall } = gridOf();
    const x = Math.floor(((event.clientX - box.left) / box.width) * w);
    const y = Math.floor(((event.clientY - box.top) / box.height) * tall);
    return x < 0 || y < 0 || x >= w || y >= tall ? null : inputAt(x, y);
  }

  function click(event) {
    let i = under(event);
    if (i === null) return;
    const size = image();
    if (size?.channels > 1 && shown.input !== undefined && `${placeOf(i)}` === `${placeOf(shown.input)}`)
      i += ((channelOf(shown.input) + 1) % size.channels) * size.between; // again: the next colour
    at = i;
    hooks.tip(event, null);
    hooks.open(shown.stage, shown.unit, i);
  }

  /** Where a key leads to from input i. */
  function moved(key, i) {
    const { w, h: tall, channels } = gridOf();
    const [x, y] = placeOf(i);
    const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
    if (by) return inputAt(within(x + by[0], w), within(y + by[1], tall), channelOf(i));
    if (key === "Home") return inputAt(0, y, channelOf(i));
    if (key === "End") return inputAt(w - 1, y, channelOf(i));
    if (key === "PageDown" || key === "PageUp")
      return inputAt(x, y, within(channelOf(i) + (key === "PageDown" ? 1 : -1), channels));
    return undefined;
  }

  function key(event) {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && at !== null) hooks.open(shown.stage, shown.unit, at);
    else {
      const to = moved(event.key, at ?? shown.input ?? middle());
      if (to === undefined) return;
      go(at === null && shown.input === undefined ? middle() : to);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function go(i) {
    at = i;
    put(cursor, at);
    hooks.light(i);
    say(spoken, i === null ? "" : words(i));
  }

  const middle = () => {
    const { w, h: tall } = gridOf();
    return inputAt(Math.floor(w / 2), Math.floor(tall / 2));
  };

  picture.addEventListener("pointermove", (event) => {
    const i = under(event);
    hooks.tip(event, i === null ? null : words(i));
    hooks.light(i);
  });
  picture.addEventListener("pointerleave", (event) => {
    hooks.tip(event, null);
    hooks.light(null);
  });
  picture.addEventListener("click", click);
  picture.addEventListener("keydown", key);
  picture.addEventListener("focus", () => {
    if (shown && picture.matches(":focus-visible")) go(at ?? shown.input ?? middle());
  });
  picture.addEventListener("blur", () => {
    hooks.light(null);
    at = null;
    cursor.hidden = true;
  });

  return { element, choose, draw, focus: () => picture.focus({ preventScroll: true }) };
}
