import { onTheme, watchTheme } from "./colours.js";
import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { lights } from "./flow.js";
import { imageOf, stagesOf } from "./geometry.js";
import { gridKeys } from "./gridkeys.js";
import { legend } from "./legend.js";
import { deeperMatrices } from "./matrix.js";
import { namesOf } from "./names.js";
import { figures } from "./numbers.js";
import { sampleChooser } from "./sample.js";
import { flowStage } from "./stage.js";
import { unitView } from "./unit.js";

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
    sample: (index) => store.send({ kind: "sample", index }).catch(() => {}),
    close: () => {
      choose(null);
      stage.element.focus({ preventScroll: true });
    },
  };
  const chooser = sampleChooser(store);
  const stage = flowStage(view, hooks, chooser);
  const matrices = deeperMatrices(hooks);
  const unit = unitView(hooks);
  const scale = legend((on) => {
    view.auto = on;
    draw();
  });
  const body = h("div", { class: "net-body", hidden: true }, stage.element, unit.element, matrices.element);
  const element = h(
    "section",
    { class: "panel network", ariaLabel: "The network" },
    h("header", { class: "net-header" }, h("h2", {}, "The network"), past, scale.element),
    empty,
    body,
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
    unit.draw();
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
    view.hover = null;
    view.lights.forget();
    element.dataset.kind = session.data.kind;
    matrices.build(view);
    stage.build();
    unit.choose(view, view.chosen);
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
    const sample = session.sample ? `sample ${session.sample.index}` : "the sample";
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

  /** Look at a unit; `input`: the weight clicked. Others may listen: "select" with {layer, unit, weight}. */
  function choose(stageNumber, unitNumber, input) {
    view.chosen = stageNumber === null ? null : { stage: stageNumber, unit: unitNumber };
    if (view.chosen) view.cursor = view.chosen;
    const opened = view.chosen && unit.element.hidden;
    unit.choose(view, view.chosen);
    if (opened) unit.element.scrollIntoView({ block: "nearest" });
    stage.draw();
    matrices.draw(view);
    if (!view.chosen) return;
    const detail = { layer: view.stages[stageNumber].place, unit: unitNumber };
    if (input !== undefined) detail.weight = [input, unitNumber];
    element.dispatchEvent(new CustomEvent("select", { detail, bubbles: true }));
  }

  gridKeys(stage, view, { ...hooks, say: (text) => say(spoken, text) });

  // ---- its place in the page

  const resized = new ResizeObserver(() => {
    if (!follow && element.isConnected) follow = watchTheme(element);
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
