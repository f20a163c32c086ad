import { makeAxis, niceAbove, ticksOf } from "./axes.js";
import { describing } from "./calm.js";
import { onTheme } from "./colours.js";
import { canvas, h, say } from "./dom.js";
import { figures, tick } from "./numbers.js";
import { palette } from "./palette.js";

/** Predicted against actual values, with R²: the line through the corners is where all would be right. */
export function scatter(store) {
  const axis = makeAxis();
  const title = h("h3", {}, "Predicted against actual");
  const fact = h("span", { class: "quiet" });
  const { element: picture, redraw } = canvas(draw);
  const element = h(
    "section",
    { class: "scatter", hidden: true },
    h("div", { class: "title" }, title, fact),
    picture,
  );
  const describe = describing(picture);
  let run = null;

  function draw(context, width, height) {
    const { actual, predicted } = store.validation?.array ?? {};
    if (!actual) return;
    const colours = palette(picture);
    const { size } = colours;
    const box = { left: 3.2 * size, right: width - 0.5 * size, top: 0.5 * size, bottom: height - 3 * size };
    const at = (value, other) => [
      axis.place(value, box.left, box.right),
      axis.place(other, box.bottom, box.top),
    ];
    grid(context, box, axis, colours, at);
    context.beginPath();
    context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.clip();
    Object.assign(context, { fillStyle: colours.accent, globalAlpha: 0.55 });
    context.beginPath();
    for (let i = 0; i < actual.length; i += 1) {
      const [x, y] = at(actual[i], predicted[i]);
      context.moveTo(x + 2.25, y);
      context.arc(x, y, 2.25, 0, 2 * Math.PI);
    }
    context.fill();
  }

  function update() {
    const { validation, session } = store;
    element.hidden = !validation?.array.actual;
    if (element.hidden) return;
    if (run !== session?.run) axis.forget();
    const [low, high] = limitsOf(validation.array, run === session?.run ? axis : null);
    run = session?.run;
    axis.set(low, high);
    axis.glide();
    redraw();
    const text = `R² ${figures(validation.r2, 3)} on ${validation.part}`;
    say(fact, text);
    const what = session?.data?.target ?? "the target";
    describe(`Predicted against actual values of ${what}, ${tick(low)} to ${tick(high)}: ${text}`);
  }

  store.on(["validation", "session"], update);
  onTheme(redraw);
  return element;
}

/** Round limits around the actual values and most predictions; wider ones than before, never narrower. */
function limitsOf({ actual, predicted }, before) {
  const sorted = [...actual].filter(Number.isFinite).sort((a, b) => a - b);
  const guessed = [...predicted].filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return [0, 1];
  const [first, last] = [sorted[0], sorted.at(-1)];
  const spread = last - first || Math.abs(first) || 1;
  const near = (value) => Math.min(Math.max(value ?? first, first - spread / 2), last + spread / 2);
  const low = Math.min(first, near(guessed[0]), before?.low ?? Infinity);
  const high = Math.max(last, near(guessed.at(-1)), before?.high ?? -Infinity);
  const by = niceAbove((high - low) / 6 || 1);
  return [Math.floor(low / by + 1e-6) * by, Math.ceil(high / by - 1e-6) * by];
}

function grid(context, box, axis, colours, at) {
  const { size } = colours;
  Object.assign(context, {
    font: colours.font,
    strokeStyle: colours.rule,
    fillStyle: colours.quiet,
    lineWidth: 1,
  });
  for (const value of ticksOf(axis, 4)) {
    const [x, y] = at(value, value);
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(box.right, y);
    context.moveTo(x, box.top);
    context.lineTo(x, box.bottom);
    context.stroke();
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    context.fillText(tick(value), box.left - 0.5 * size, y);
    Object.assign(context, { textAlign: "center", textBaseline: "top" });
    context.fillText(tick(value), x, box.bottom + 0.4 * size);
  }
  context.fillText("actual", (box.left + box.right) / 2, box.bottom + 1.7 * size);
  context.textAlign = "left";
  context.fillText("predicted", box.left + 0.5 * size, box.top);
  context.strokeStyle = colours.quiet;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(box.left, box.bottom);
  context.lineTo(box.right, box.top);
  context.stroke();
  context.setLineDash([]);
}
