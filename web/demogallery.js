import { onTheme } from "./colours.js";
import { opened } from "./demodata.js";
import { h, say } from "./dom.js";
import { paintBytes } from "./drawpictures.js";

const SIDE = 28;
const MARKS = { right: "✓", wrong: "✗" };

/**
 * A hundred test images with their labels. `choose({seed, number}, event)`: "input" one, "submit" others;
 * `without(whether)` tells whether there are none to choose.
 */
export function galleryPart(choose, without) {
  const said = h("p", { class: "gallery-said quiet" });
  const note = h("p", { class: "gallery-note" });
  const score = h("p", { class: "gallery-score", role: "status" });
  const grid = h("div", { class: "gallery-grid", role: "listbox", "aria-label": "Test images" });
  const reveal = button("Ask about all", () => markAll());
  const other = button("Another hundred", () => choose({ seed: (told.seed + 1) % 2 ** 31, number: null }, "submit"));
  const element = h(
    "section",
    { class: "gallery-box", "aria-label": "Test images" },
    h("div", { class: "gallery-bar" }, reveal, other, score),
    grid,
    said,
    note,
  );
  let told = null;
  let tiles = [];
  let chosen = null; // {seed, number}

  function show(now) {
    told = now ?? told;
    if (!told) return;
    const fine = !told.problem;
    say(said, fine ? `${told.said}. Under each stands its true label.` : "");
    say(note, told.problem ?? told.note);
    note.classList.toggle("problem", !fine);
    say(score, "");
    for (const one of [reveal, other, grid]) one.hidden = !fine;
    without(!fine);
    if (!fine) return;
    const here = chosen?.seed === told.seed ? chosen.number : null;
    tiles = told.labels.map(tileOf);
    grid.replaceChildren(...tiles.map((tile) => tile.element));
    grid.classList.toggle("worded", told.labels.some((label) => label.length > 2));
    paint();
    select(here);
    if (here !== null) mark(here);
  }

  function tileOf(label, k) {
    const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    const sign = h("i", { "aria-hidden": "true" });
    const tile = h(
      "button",
      { type: "button", role: "option", onclick: () => pick(k), "aria-label": `image ${k + 1}: ${label}`, title: label },
      canvas,
      h("span", {}, label),
      sign,
    );
    return { element: tile, canvas, sign };
  }

  function paint() {
    if (!told || told.problem) return;
    const { array } = opened(told.arrays);
    tiles.forEach(({ canvas }, k) => {
      paintBytes(canvas, array.images.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE), [SIDE, SIDE]);
    });
  }

  function pick(k) {
    chosen = { seed: told.seed, number: k };
    select(k);
    mark(k);
    choose(chosen, "input");
  }

  function select(k) {
    tiles.forEach(({ element: tile }, i) => {
      tile.setAttribute("aria-selected", i === k);
      tile.tabIndex = i === (k ?? 0) ? 0 : -1;
    });
  }

  const isRight = (k) => told.predicted[k] === told.labels[k];

  /** Say on a tile, by a sign and its place, whether the network is right about it. */
  function mark(k) {
    const { element: tile, sign } = tiles[k];
    const kind = isRight(k) ? "right" : "wrong";
    say(sign, MARKS[kind]);
    tile.classList.remove("right", "wrong");
    tile.classList.add(kind);
    const answer = told.predicted[k] ?? "no answer";
    tile.setAttribute("aria-label", `image ${k + 1}: ${told.labels[k]}; predicted ${answer}, ${kind}`);
  }

  function markAll() {
    tiles.forEach((_, k) => mark(k));
    const right = tiles.filter((_, k) => isRight(k)).length;
    say(score, `${right} of ${tiles.length} right`);
  }

  grid.addEventListener("keydown", (event) => {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const end = { Home: 0, End: tiles.length - 1 }[event.key];
    if (by === undefined && end === undefined) return;
    event.preventDefault();
    const at = tiles.findIndex(({ element: tile }) => tile === grid.getRootNode().activeElement);
    const to = end ?? (tiles[at + by] ? at + by : at);
    if (to === at || !tiles[to]) return;
    pick(to);
    tiles[to].element.focus();
  });
  onTheme(paint);
  return { element, show };
}

function button(words, press) {
  return h("button", { type: "button", class: "button outlined", onclick: press }, words);
}
