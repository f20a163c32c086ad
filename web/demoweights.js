import { onTheme } from "./colours.js";
import { opened } from "./demodata.js";
import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { scaleStrip } from "./legend.js";
import { figures } from "./numbers.js";
import { tileAtlas } from "./tiles.js";

const GAP = 2; // of a tile's pixels
const WIDE = 46; // CSS pixels that a tile takes at least

/** The weights into each unit of the first layer as images, and the one pointed at larger. */
export function weightsPart() {
  const atlas = tileAtlas();
  const large = tileAtlas();
  const strip = scaleStrip();
  const [low, high] = [h("span", {}), h("span", {})];
  const name = h("b", {});
  const said = h("p", { class: "quiet" });
  const problem = h("p", { class: "problem", role: "alert" });
  const place = h("div", { class: "weights-all", tabIndex: 0, role: "group", "aria-label": "Units, by arrow keys" }, atlas.element);
  const scale = h("p", { class: "weights-scale" }, low, strip.element, high);
  const one = h("figure", { class: "weights-one" }, large.element, h("figcaption", { role: "status" }, name), scale);
  const body = h("div", { class: "weights-body" }, place, one);
  const element = h("section", { "aria-label": "Weights" }, said, problem, body);
  let told = null;
  let q = null;
  let columns = 1;
  let at = 0;

  function show(now) {
    told = now ?? told;
    body.hidden = !told || Boolean(told.problem);
    say(problem, told?.problem ?? "");
    if (!told || told.problem) return say(said, "");
    q = opened(told.arrays).array.weights;
    at = 0;
    const { units, shown } = told;
    const count = shown.length < units ? `The ${shown.length} of ${grouped(units)} units with the largest weights` : `The ${units} units`;
    say(
      said,
      `${count} of the first layer of ${told.network}: what each one looks for in the 28 × 28 pixels. ` +
        "Orange: ink there speaks for it; blue: against it.",
    );
    const limit = figures(told.limit, told.limit < 1 ? 1 : 2);
    say(low, `−${limit}`);
    say(high, `+${limit}`);
    strip.draw(false);
    return lay();
  }

  function lay() {
    if (!told || told.problem || !place.clientWidth) return;
    const count = told.shown.length;
    columns = Math.max(1, Math.min(count, Math.floor(place.clientWidth / WIDE), 32));
    const size = { width: told.side, height: told.side, shrink: 1 };
    atlas.lay({ count, columns, gap: GAP, ...size });
    large.lay({ count: 1, columns: 1, gap: 0, ...size });
    atlas.paint(q, count, { across: 1, down: told.side, channels: 1 }, false);
    point(at);
  }

  /** Show one unit larger. */
  function point(k) {
    const count = told.shown.length;
    at = Math.min(Math.max(k, 0), count - 1);
    const pixels = told.side * told.side;
    const own = Uint8Array.from({ length: pixels }, (_, i) => q[i * count + at]);
    large.paint(own, 1, { across: 1, down: told.side, channels: 1 }, false);
    say(name, `unit ${told.shown[at]}`);
    large.element.setAttribute("aria-label", `Weights into unit ${told.shown[at]}`);
  }

  function pointed({ clientX, clientY }) {
    const box = atlas.element.getBoundingClientRect();
    const rows = Math.ceil(told.shown.length / columns);
    const column = Math.floor(((clientX - box.left) / box.width) * columns);
    const row = Math.floor(((clientY - box.top) / box.height) * rows);
    const k = row * columns + column;
    if (column >= 0 && column < columns && told.shown[k] !== undefined && k !== at) point(k);
  }

  place.addEventListener("pointermove", pointed);
  place.addEventListener("pointerdown", pointed); // a finger that taps does not move
  place.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    if (told.shown[at + by] !== undefined) point(at + by);
  });
  new ResizeObserver(lay).observe(place);
  onTheme(lay);
  return { element, show };
}
