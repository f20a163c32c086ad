import { describing } from "./calm.js";
import { cssColour } from "./colours.js";
import { canvas, h } from "./dom.js";
import { moved } from "./matrixtable.js";
import { palette } from "./palette.js";

const LETTERS = 6; // of a class's name

/** A confusion matrix of many classes as one picture; arrow keys move a frame over it, Enter opens a cell. */
export function matrixImage(state, tools) {
  const { names, count } = state;
  const spoken = h("div", { class: "hidden-text", role: "status" });
  let at = null; // the cell under the pointer or the keys

  const { element: picture, redraw } = canvas((context, width, height) => {
    const colours = palette(picture);
    const { origin, each } = layout(colours);
    context.font = colours.font;
    if (each >= colours.size * 0.8) labels(context, colours, origin, each);
    for (let i = 0; i < state.table.length; i += 1) square(context, colours, origin, each, i);
    context.strokeStyle = colours.rule;
    context.strokeRect(origin - 0.5, origin - 0.5, each * count + 1, each * count + 1);
    if (!at) return;
    Object.assign(context, { strokeStyle: colours.ink, lineWidth: 2 });
    context.strokeRect(origin + at[1] * each - 1, origin + at[0] * each - 1, each + 2, each + 2);
  });
  picture.classList.add("many");

  function layout(colours) {
    const shown = picture.clientWidth / count >= colours.size * 0.9;
    const origin = shown
      ? Math.min(Math.max(...names.map((name) => name.length)), LETTERS) * 0.62 * colours.size + 4
      : 1;
    return { origin, each: (picture.clientWidth - origin - 1) / count };
  }

  function labels(context, colours, origin, each) {
    const widest = Math.max(...names.map((name) => context.measureText(name.slice(0, LETTERS)).width));
    const every = Math.ceil((widest + 3) / each); // of the columns; each row has its name
    context.fillStyle = colours.quiet;
    names.forEach((name, k) => {
      const middle = origin + (k + 0.5) * each;
      Object.assign(context, { textAlign: "right", textBaseline: "middle" });
      context.fillText(name.slice(0, LETTERS), origin - 4, middle);
      Object.assign(context, { textAlign: "center", textBaseline: "bottom" });
      if (k % every === 0) context.fillText(name.slice(0, LETTERS), middle, origin - 2);
    });
  }

  function square(context, colours, origin, each, i) {
    const [row, column] = [Math.floor(i / count), i % count];
    const value = state.table[i];
    if (row === column) {
      context.globalAlpha = 0.1 + 0.4 * (value / (state.sums[row] || 1));
      context.fillStyle = colours.quiet;
    } else if (!value) return;
    else context.fillStyle = cssColour(tools.shade(value));
    context.fillRect(
      origin + column * each,
      origin + row * each,
      Math.max(each - (each > 6 ? 1 : 0), 1),
      Math.max(each - (each > 6 ? 1 : 0), 1),
    );
    context.globalAlpha = 1;
  }

  const element = h(
    "div",
    {
      tabindex: 0,
      role: "application",
      "aria-label": "Confusion matrix; arrow keys move, Enter shows the examples",
    },
    picture,
    spoken,
  );
  const describe = describing(picture);

  function go(place, speak = false) {
    at = place;
    tools.point(place);
    if (place && speak) spoken.textContent = tools.words(...place);
    redraw();
  }

  function under(event) {
    const box = picture.getBoundingClientRect();
    const { origin, each } = layout(palette(picture));
    const [row, column] = [event.clientY - box.top, event.clientX - box.left].map((v) =>
      Math.floor((v - origin) / each),
    );
    return row >= 0 && column >= 0 && row < count && column < count ? [row, column] : null;
  }

  picture.addEventListener("pointermove", (event) => go(under(event)));
  picture.addEventListener("pointerleave", () => go(null));
  picture.addEventListener("click", (event) => under(event) && tools.open(...under(event)));
  element.addEventListener("focus", () => at || go([0, 0], true));
  element.addEventListener("blur", () => go(null));
  element.addEventListener("keydown", (event) => {
    const to = moved(event, at ?? [0, 0], count);
    if (to) go(to, true);
    else if ((event.key === "Enter" || event.key === " ") && at) tools.open(...at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function update() {
    redraw();
    describe(`Confusion matrix of ${count} classes, most mistakes in a cell: ${worst(state, tools)}`);
  }
  return { element, update };
}

function worst({ table, count }, tools) {
  let most = 1;
  for (let i = 0; i < table.length; i += 1)
    if (i % (count + 1) && (table[i] > table[most] || most % (count + 1) === 0)) most = i;
  return tools.words(Math.floor(most / count), most % count);
}
