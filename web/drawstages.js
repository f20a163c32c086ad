import { h, say } from "./dom.js";
import { onTheme } from "./colours.js";
import { inkOf, paintBytes } from "./drawpictures.js";

const SCALE = 9; // canvas pixels for one of the last picture's
const STAGES = [
  ["grey", "grey", "The picture in grey, as it comes"],
  ["ink", "ink", "Which of dark and light is the ink was found, the background and uneven light taken off"],
  ["cropped", "cropped", "Cut off around the ink"],
  ["scaled", "scaled", "Scaled to fit 20 × 20, its shape kept"],
  ["image", "centred", "Put into 28 × 28 with its centre of mass in the middle: what the network is given"],
];

/** What the program made of a drawing, stage by stage, as MNIST was made. {element, show(reading), hide()} */
export function stagesView() {
  const cells = Object.fromEntries(STAGES.map((stage) => [stage[0], cell(...stage)]));
  const list = h(
    "ol",
    { class: "draw-stages" },
    STAGES.map(([name]) => cells[name].element),
  );
  const element = h(
    "section",
    { class: "draw-made", "aria-label": "What the program made of it", hidden: true },
    h("h3", {}, "What the program made of it"),
    list,
  );
  let shown = null;

  function show(reading) {
    shown = reading;
    element.hidden = !reading.array.image && !reading.array.grey;
    if (element.hidden) return;
    const { array, shape } = reading;
    paint("grey", "plain", sizeOf(shape.grey));
    paint("ink", "ink", array.ink ? polarity(array) : "");
    paint("cropped", "ink", sizeOf(shape.cropped));
    paint("scaled", "ink", sizeOf(shape.scaled));
    paintLast();
  }

  function paint(name, way, said) {
    const { array, shape } = shown;
    const one = cells[name];
    const there = array[name]?.length > 1; // of a blank picture nothing is left
    one.element.classList.toggle("none", !there);
    say(one.said, there ? said : "–");
    if (there) paintBytes(one.canvas, array[name], shape[name], way);
    else Object.assign(one.canvas, { width: 1, height: 1 });
    describe(one, there ? said : "nothing");
  }

  function paintLast() {
    const { image, size } = lastOf(shown);
    const { canvas, said, element: cellElement } = cells.image;
    cellElement.classList.toggle("none", !image);
    const ink = image && inkOf(image, size);
    const where = ink ? `mass at ${(ink.x - 0.5).toFixed(1)}, ${(ink.y - 0.5).toFixed(1)}` : "nothing";
    say(said, ink ? where : "–");
    describe(cells.image, where);
    if (image) paintCentred(canvas, image, size, ink);
  }

  onTheme(() => shown && show(shown));
  return {
    element,
    show,
    hide: () => {
      [shown, element.hidden] = [null, true];
    },
  };
}

/** The image of the digit shown, and its size. */
function lastOf({ array, shape, shown }) {
  const [, height, width] = shape.images ?? [];
  const pixels = height * width;
  const image = array.images?.subarray(shown * pixels, (shown + 1) * pixels);
  return { image: image?.length ? image : null, size: [height, width] };
}

function cell(name, title, about) {
  const canvas = h("canvas", { role: "img" });
  const said = h("small", { class: "quiet" });
  const frame = h("div", { class: "draw-picture", dataset: { tip: about } }, canvas);
  const element = h("li", { class: `stage-${name}` }, frame, h("b", {}, title), said);
  return { element, canvas, said, title, about };
}

function describe({ canvas, about }, said) {
  const label = `${about}: ${said}`;
  if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
}

const sizeOf = (shape) => (shape ? `${shape[1]} × ${shape[0]}` : "");

/** Whether the ink is darker than the paper, from where it was found. */
function polarity({ grey, ink }) {
  if (grey?.length !== ink.length) return "";
  let [there, at, all] = [0, 0, 0];
  for (let k = 0; k < ink.length; k += 1) {
    there += ink[k];
    at += ink[k] * grey[k];
    all += grey[k];
  }
  if (!there) return "none found";
  return at / there < all / ink.length ? "dark on light" : "light on dark";
}

/** The picture with the box around its ink and a cross at its centre of mass. */
function paintCentred(canvas, image, [height, width], ink) {
  const small = document.createElement("canvas");
  paintBytes(small, image, [height, width]);
  Object.assign(canvas, { width: width * SCALE, height: height * SCALE });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  if (!ink) return;
  const style = getComputedStyle(canvas);
  const [x0, y0, x1, y1] = ink.box.map((one) => one * SCALE);
  pen.lineWidth = 3;
  pen.strokeStyle = style.getPropertyValue("--below");
  pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  pen.lineWidth = 4;
  pen.strokeStyle = style.getPropertyValue("--above");
  const [x, y, arm] = [ink.x * SCALE, ink.y * SCALE, 2.5 * SCALE];
  pen.beginPath();
  pen.moveTo(x - arm, y);
  pen.lineTo(x + arm, y);
  pen.moveTo(x, y - arm);
  pen.lineTo(x, y + arm);
  pen.stroke();
}
