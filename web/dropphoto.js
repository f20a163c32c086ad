import { h, say } from "./dom.js";
import { paintBytes } from "./drawpictures.js";
import { percent } from "./format.js";

/** A photo with a box around each digit and its reading over it. {element, show(reading)}; `choose(k)`. */
export function photoView(choose) {
  const canvas = h("canvas", { role: "img" });
  const boxes = h("div", {
    class: "photo-boxes",
    role: "listbox",
    "aria-label": "Digits found in the photo",
  });
  const element = h("div", { class: "photo" }, h("div", { class: "photo-sheet" }, canvas, boxes));
  let buttons = [];

  function show({ array, shape, digits, shown, name }, photo) {
    if (array.photo) paintBytes(canvas, array.photo, shape.photo, "plain");
    const [height, width] = photo;
    element.style.setProperty("--wide", width / height);
    if (buttons.length !== digits.length) build(digits.length);
    digits.forEach((digit, k) => place(buttons[k], digit, k, [height, width], k === shown, digits.length));
    boxes.hidden = !digits.some((digit) => digit.box);
    const read = digits.map((digit) => digit.name ?? "?").join(" ");
    const said = `The photo ${name}, ${width} by ${height} pixels; reads ${read}`;
    if (canvas.getAttribute("aria-label") !== said) canvas.setAttribute("aria-label", said);
  }

  function build(count) {
    buttons = Array.from({ length: count }, (_, k) => {
      const label = h("b", {});
      const button = h("button", { type: "button", role: "option", onclick: () => choose(k) }, label);
      return { button, label };
    });
    boxes.replaceChildren(...buttons.map(({ button }) => button));
  }

  function place({ button, label }, digit, k, [height, width], chosen, count) {
    const sure = percent(Math.max(...digit.probabilities), 0);
    say(label, digit.name ?? "?");
    button.setAttribute("aria-selected", chosen);
    button.tabIndex = chosen ? 0 : -1;
    button.hidden = !digit.box || digit.why === "blank";
    button.classList.toggle("refused", digit.name === null);
    const [x0, y0, x1, y1] = digit.box ?? [0, 0, width, height];
    button.classList.toggle("low", y0 < 0.16 * height); // no room above it
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(button.style, {
      left: share(x0, width),
      top: share(y0, height),
      width: share(x1 - x0, width),
      height: share(y1 - y0, height),
    });
    const words = digit.name === null ? digit.said : `${digit.name}, ${sure}`;
    button.setAttribute("aria-label", `digit ${k + 1} of ${count}: ${words}`);
  }

  boxes.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = { Home: 0, End: buttons.length - 1 }[event.key];
    if (by === undefined && to === undefined) return;
    event.preventDefault();
    const focused = buttons.findIndex(({ button }) => button === boxes.getRootNode().activeElement);
    const at = to ?? Math.min(Math.max(focused + by, 0), buttons.length - 1);
    buttons[at].button.focus({ preventScroll: true });
    choose(at);
  });

  return { element, show };
}
