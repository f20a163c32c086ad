import { lastStepFor, makeAxis } from "./axes.js";
import { lineFor, pathOf } from "./branches.js";
import { onTheme } from "./colours.js";
import { canvas, h, say } from "./dom.js";
import { grouped, judgedName } from "./format.js";
import { figures, shareOf } from "./numbers.js";
import { palette } from "./palette.js";
import { paintTrack } from "./trackpaint.js";

const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const ENDS = { Home: -Infinity, End: Infinity };

/** The run's branches as lines with their snapshots, and a handle to look back with. */
export function track(store, scrubber) {
  const axis = makeAxis();
  const label = h("div", { class: "track-label", hidden: true, "aria-hidden": "true" });
  const { element: picture, redraw } = canvas(draw, { "aria-hidden": "true", role: "presentation" });
  const element = h(
    "div",
    { class: "track", role: "slider", tabindex: 0, "aria-label": "Time", "aria-valuemin": 0 },
    picture,
    label,
  );
  let dragging = null; // the branch along which the handle is drawn
  let pointed = null; // a snapshot under the pointer
  let moving = false;

  const timeline = () => store.timeline;
  const branchOf = (id) => timeline().branches.find((branch) => branch.id === id);
  const shown = () => timeline()?.snapshots.find((one) => one.id === scrubber.at()) ?? null;
  const ends = (size) => ({ left: 0.75 * size, right: picture.clientWidth - 2 * size });

  function newest(branch) {
    const { frame } = store;
    const live = frame && frame.scrub === null && frame.branch === branch.id ? frame.step : 0;
    return Math.max(branch.step, live);
  }

  function laneOf(id) {
    const size = palette(picture).size;
    const lane = timeline().branches.findIndex((branch) => branch.id === id);
    return (1.1 + 1.3 * Math.max(lane, 0)) * size;
  }

  // ---- drawing

  function draw(context, width, height) {
    if (!timeline()) return;
    const colours = palette(picture);
    const { left, right } = ends(colours.size);
    const { branches, snapshots, current } = timeline();
    const x = (step) => axis.place(step, left, right);
    const now = branchOf(current);
    const at = shown() ?? (now && { step: newest(now), branch: current });
    context.font = colours.font;
    paintTrack(
      { context, colours, right, height, x, lane: laneOf },
      {
        branches,
        snapshots,
        current,
        newest,
        at,
        pointed,
        high: axis.high,
        each: store.session?.steps_an_epoch || 1,
      },
    );
  }

  function update() {
    const known = timeline();
    element.style.setProperty("--lanes", Math.max(known?.branches.length ?? 1, 1));
    if (known) {
      const last = Math.max(...known.branches.map(newest), 1);
      axis.set(0, lastStepFor(last, store.session));
      describe(last);
    }
    element.setAttribute("aria-disabled", String(!known || store.hello?.role === "watch"));
    glide();
  }

  function glide() {
    const far = axis.glide();
    redraw();
    if (!far || moving) return;
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      glide();
    });
  }

  function describe(last) {
    const one = shown();
    const step = one ? one.step : (store.frame?.step ?? 0);
    const values = {
      "aria-valuemax": last,
      "aria-valuenow": Math.min(step, last),
      "aria-valuetext": one ? snapshotWords(one, store) : `now, step ${grouped(step)}`,
    };
    for (const [name, value] of Object.entries(values)) {
      if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
    }
  }

  // ---- pointing

  /** The snapshot under a pointer along a branch's way; null is now. */
  function nearestTo(event, branch) {
    const x = event.clientX - picture.getBoundingClientRect().left;
    const { left, right } = ends(palette(picture).size);
    const far = (step) => Math.abs(axis.place(step, left, right) - x);
    const path = pathOf(timeline(), branch);
    const best = path.reduce((one, other) => (one && far(one.step) <= far(other.step) ? one : other), null);
    if (branch !== timeline().current) return best;
    const now = newest(branchOf(branch));
    return best && far(best.step) < far(now) && axis.place(now, left, right) > x + 5 ? best : null;
  }

  function branchAt(event) {
    const y = event.clientY - picture.getBoundingClientRect().top;
    const { branches, current } = timeline();
    const far = (branch) => Math.abs(laneOf(branch.id) - y) - (branch.id === current ? 1 : 0);
    return branches.reduce((best, branch) => (far(branch) < far(best) ? branch : best)).id;
  }

  function follow(event) {
    const one = nearestTo(event, dragging);
    point(one);
    if ((one?.id ?? null) !== scrubber.at()) scrubber.go(one?.id ?? null);
  }

  function point(one) {
    pointed = one;
    label.hidden = !one || dragging !== null; // while dragging, the line above says it
    if (!label.hidden) {
      say(label, snapshotWords(one, store));
      const { left, right } = ends(palette(picture).size);
      const half = label.offsetWidth / 2;
      const x = Math.min(
        Math.max(axis.place(one.step, left, right), half),
        Math.max(picture.clientWidth - half, half),
      );
      label.style.transform = `translateX(${x.toFixed(1)}px) translateX(-50%)`;
    }
    redraw();
  }

  function down(event) {
    if (!timeline()?.branches.length || event.button > 0 || store.hello?.role === "watch") return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    dragging = branchAt(event);
    element.classList.add("dragging");
    follow(event);
  }

  function move(event) {
    if (dragging !== null && branchOf(dragging)) return follow(event);
    if (event.pointerType !== "touch" && timeline()?.branches.length)
      point(nearestTo(event, branchAt(event)));
  }

  function up() {
    dragging = null;
    element.classList.remove("dragging");
    point(null);
  }

  // ---- keys

  function key(event) {
    if (!timeline() || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = KEYS[event.key] ?? ENDS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    walk(by);
  }

  /** Go some snapshots on along the line of what is shown; past the last one is now. False at the end. */
  function walk(by) {
    const one = shown();
    const path = pathOf(timeline(), lineFor(timeline(), one));
    const end = branchOf(timeline().current);
    if (path.length && end && path.at(-1).step === newest(end) && path.at(-1).branch === end.id) path.pop();
    const from = one ? path.findIndex((other) => other.id === one.id) : path.length;
    const to = Math.max((from < 0 ? path.length : from) + by, 0);
    scrubber.go(path[to]?.id ?? null);
    return to < path.length;
  }

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => dragging === null && point(null));
  element.addEventListener("keydown", key);
  onTheme(redraw);
  return { element, update, walk, shown };
}

/** "step 1,204, epoch 2, validation accuracy 96.3 %". */
export function snapshotWords({ step, epoch, loss, accuracy }, store) {
  const data = store.session?.data;
  const judged = judgedName(data);
  const where = `step ${grouped(step)}, epoch ${grouped(Math.max(epoch, 1))}`;
  if (accuracy !== null && data?.classes)
    return `${where}, ${judged} accuracy ${shareOf(accuracy, data.validation)}`;
  if (accuracy !== null) return `${where}, ${judged} R² ${figures(accuracy)}`;
  return loss === null ? where : `${where}, ${judged} loss ${figures(loss)}`;
}
