import { onTheme, watchTheme } from "./colours.js";
import { h, say, showFromTop } from "./dom.js";
import { grouped } from "./format.js";
import { lights } from "./flow.js";
import { imageOf, stagesOf } from "./geometry.js";
import { gridKeys } from "./gridkeys.js";
import { insidePanel } from "./inside.js";
import { legend } from "./legend.js";
import { deeperMatrices } from "./matrix.js";
import { namesOf } from "./names.js";
import { figures } from "./numbers.js";
import { sampleChooser } from "./sample.js";
import { flowStage } from "./stage.js";

const SAID_MS = 1000; // between two descriptions for a screen reader

/** The network: the chosen sample on its way through, all first-layer weights, the matrices, one unit. */
export function networkPanel(store) {
  const view = makeView();
  const tip = h("div", { class: "net-tip", hidden: true, "aria-hidden": "true" });
  const spoken = h("div", { class: "hidden-text", role: "status", "aria-live": "polite" });
  const past = h("p", { class: "net-past", hidden: true });
  const empty = h("p", { class: "net-empty" }, "Waiting for the network …");
  const hooks = {
    tip: showTip,
    choose,
    again,
    hover: (at) => inside.mark(at),
    sample: (index) => store.send({ kind: "sample", index }).catch(() => {}),
  };
  const chooser = sampleChooser(store);
  const stage = flowStage(view, hooks, chooser);
  const matrices = deeperMatrices(hooks);
  const inside = insidePanel(store, view, { tip: showTip, open: choose, close, light });
  const scale = legend((on) => {
    view.auto = on;
    draw();
  });
  const body = h("div", { class: "net-body", hidden: true }, stage.element, matrices.element);
  const header = h("header", { class: "net-header" }, h("h2", {}, "The network"), past, scale.element);
  const element = h(
    "section",
    { class: "panel network", ariaLabel: "The network" },
    h("div", { class: "net-main" }, header, empty, body),
    inside.element,
    spoken,
    tip,
  );
  let built = ""; // which network and data the picture is made for
  let saidAt = 0;
  let later = 0;
  let follow = null;

  // ---- drawing

  function draw() {
    const { session, frame, data } = store;
    const together =
      session && frame && data && frame.run === session.run && data.samples === session.data.kind;
    if (!together && built) return; // the last picture stays until the next is whole
    empty.hidden = Boolean(together);
    body.hidden = !together;
    const loading = session?.status === "loading" ? "Loading the data …" : "Waiting for the network …";
    say(empty, session?.message ?? loading);
    if (!together) return;
    Object.assign(view, { session, frame, data });
    chooser.draw();
    if (built !== keyOf(session, data)) build();
    stage.draw();
    matrices.draw(view);
    inside.draw();
    drawHeader();
    describe();
  }

  /** A new network or other data: everything is laid out anew. */
  function build() {
    const { session, data } = view;
    built = keyOf(session, data);
    const before = view.stages.map(({ units }) => units).join();
    view.stages = stagesOf(session);
    view.image = imageOf(session, data);
    view.names = namesOf(session, view.stages, view.image);
    const same = before === view.stages.map(({ units }) => units).join(); // begun again, or dropout came in
    if (!same) [view.chosen, view.cursor] = [null, null];
    [view.hover, view.lit] = [null, null];
    view.lights.forget();
    element.dataset.kind = session.data.kind;
    matrices.build(view);
    stage.build();
    show();
  }

  function drawHeader() {
    const { frame, image } = view;
    const first = view.matrix(0);
    if (first) scale.draw(view.names.matrix(0), first.limit, image?.channels === 3);
    const isPast = frame.scrub !== null && frame.scrub !== undefined;
    element.classList.toggle("past", isPast);
    past.hidden = !isPast;
    say(past, isPast ? `the past: step ${grouped(frame.step)}` : "");
  }

  /** Pictures in words and numbers, now and then. */
  function describe() {
    clearTimeout(later);
    if (!store.frame) return;
    const now = performance.now();
    if (now - saidAt < SAID_MS) {
      later = setTimeout(describe, SAID_MS - (now - saidAt)); // the last picture too, when none follows
      return;
    }
    saidAt = now;
    const { stages, session, frame, names } = view;
    const given = view.activation(0);
    const top = Array.from(given ?? [], (value, j) => [value, j])
      .sort((a, b) => b[0] - a[0])
      .slice(0, 3);
    const most = top.map(([value, j]) => `${names.unit(0, j)} (${figures(value)})`).join(", ");
    const { index = null } = session.sample ?? {};
    const sample = index === null ? "the sample" : `sample ${index}`;
    stage.element.setAttribute(
      "aria-label",
      `Step ${frame.step}: ${sample} through ${stages.length} layers with weights, ${view.said}. ` +
        "Arrow keys move between units, Enter chooses one.",
    );
    const limit = figures(view.matrix(0)?.limit);
    stage.picture({
      tiles: `Weights into each of ${stages[0].units} units, full colour at ${limit}; most active: ${most}`,
      input: `The input as the network sees it: ${sample}`,
      plane: `What the network says over the inputs, under the points; ${view.said}`,
    });
  }

  function again() {
    if (!body.hidden) stage.draw();
  }

  // ---- the pointer, choosing

  function showTip(event, text) {
    tip.hidden = !text;
    if (!text) return;
    say(tip, text);
    const place = element.getBoundingClientRect();
    const [x, y] = [event.clientX - place.left, event.clientY - place.top];
    tip.style.left = `${Math.max(0, Math.min(x + 14, place.width - tip.offsetWidth))}px`;
    tip.style.top = `${y + 18}px`;
  }

  /** Look inside a unit, or inside the weight of one of its inputs; at nothing without a stage. */
  function choose(stageNumber, unitNumber, input) {
    const is = stageNumber !== null && stageNumber !== undefined;
    view.chosen = is ? { stage: stageNumber, unit: unitNumber, input } : null;
    const opened = is && inside.element.hidden;
    tip.hidden = true; // what is under the pointer may be another thing now
    show();
    if (opened) showFromTop(inside.element);
    stage.draw();
    matrices.draw(view);
  }

  function show() {
    inside.choose(view.chosen);
    element.closest(".studio")?.classList.toggle("looking", Boolean(view.chosen));
  }

  /** Back to the picture; the keys are where they were. */
  function close() {
    const last = view.chosen;
    choose(null);
    view.cursor = last;
    stage.element.focus({ preventScroll: true });
    if (stage.element.matches(":focus-visible")) return;
    view.cursor = null;
    again();
  }

  /** Light up what a number comes from: {from, to, size}, both ends {stage, unit}; stage −1 is the input. */
  function light(ends) {
    if (!ends && !view.lit) return;
    view.lit = ends;
    again();
  }

  gridKeys(stage, view, { ...hooks, close, say: (text) => say(spoken, text), into: inside.focus });

  // ---- its place in the page

  function meetPage() {
    follow = watchTheme(element);
    const studio = element.closest(".studio");
    studio?.addEventListener("drawing", ({ detail }) => {
      if (!view.chosen || studio.classList.contains("narrow")) return;
      choose(null); // the pad and look inside share one place; the last that was asked for has it
      if (!detail) studio.dispatchEvent(new CustomEvent("draw"));
    });
  }

  const resized = new ResizeObserver(() => {
    if (!follow && element.isConnected) meetPage();
    if (body.hidden || !built) return;
    stage.lay();
    matrices.forget();
    draw();
  });
  resized.observe(stage.element);
  resized.observe(element);
  onTheme(() => {
    stage.forget();
    matrices.forget();
    chooser.repaint();
    if (!body.hidden) {
      stage.lay();
      draw();
    }
  });
  store.on(["frame", "session", "data"], draw);
  return element;
}

/** What there is to draw, and how its parts are asked for. */
function makeView() {
  const view = {
    session: null,
    frame: null,
    data: null,
    stages: [],
    image: null,
    names: null,
    auto: false,
    said: "",
    chosen: null,
    cursor: null,
    hover: null,
    lit: null,
    lights: lights(),
    /** The bytes and the limit of stage k's matrix, null if no frame has brought them yet. */
    matrix(k) {
      const found = view.frame.matrices.find((matrix) => matrix.name === view.stages[k].name);
      const q = found && view.frame.array[found.array];
      return q ? { q, limit: found.limit } : null;
    },
    /** What the units of stage k give for the sample. */
    activation: (k) => view.frame.array[`a${view.stages[k].last}`],
    /** Probabilities of the classes, or values. */
    answer() {
      const given = view.frame.array.answer ?? view.activation(view.stages.length - 1);
      const two = given?.length === 1 && view.session.data.classes?.length === 2;
      return two ? [1 - given[0], given[0]] : given && Array.from(given);
    },
  };
  return view;
}

function keyOf(session, data) {
  const widths = session.network.layers.map((layer) => `${layer.kind}${layer.units}`);
  const { name, kind, shape } = session.data;
  return `${session.run} ${name} ${kind} ${shape} ${widths} ${data.shape.images ?? data.samples}`;
}
