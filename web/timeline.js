import { branchChips, branchForm } from "./branching.js";
import { download } from "./commands.js";
import { fill, h, say } from "./dom.js";
import { grouped } from "./format.js";
import { icon } from "./icons.js";
import { megabytes } from "./numbers.js";
import { makePlayer } from "./player.js";
import { makeScrubber } from "./scrubber.js";
import { snapshotWords, track } from "./track.js";

const MOST_BRANCHES = 4;
const TIPS = {
  now: "Return to the newest state",
  branch: "Go on from this exact state with other settings, and compare",
  full: "Four branches at most: drop one first",
  nowhere: "Pause, or choose a point of the past first",
  weightsOnly: "The recording has only the weights of this point, not all that going on would take",
  save: "Keep the network as it is here: a model file",
  play: "Walk through the snapshots",
};

/** The run over time: look back, go on from there, keep what is there. */
export function timelinePanel(store) {
  const scrubber = makeScrubber(store, () => update());
  const line = track(store, scrubber);
  const form = branchForm(store);
  const player = makePlayer(store, line, () => update());
  const readout = h("p", { class: "time-words" });
  const memory = h("p", { class: "memory quiet" });
  const buttons = {
    now: button("now", "Back to now", () => scrubber.go(null)),
    play: button("play", "Replay", player.toggle, "start"),
    branch: button("branch", "Branch from here", openForm),
    save: button("save", "Save this point", () => saveAs(store, scrubber.at()), "save"),
  };
  const { now, play, branch, save } = buttons;
  const tools = h("div", { class: "time-tools" }, play, branch, save, memory);
  const element = h("section", { class: "panel time", "aria-label": "Time" });
  const more = foldButton(element, form);
  element.append(
    h("h2", {}, "Time"),
    readout,
    now,
    more,
    tools,
    line.element,
    branchChips(store),
    form.element,
  );

  function openForm() {
    const one = snapshotHere(store, line);
    if (!one) return;
    player.stop();
    form.open(one.id, `step ${grouped(one.step)}`);
  }

  function update() {
    line.update();
    const { timeline, frame, session } = store;
    const running = session?.status === "running";
    if (running) player.stop();
    const shown = line.shown();
    const words = shown ? snapshotWords(shown, store) : frame ? `now, step ${grouped(frame.step)}` : "";
    say(readout, element.closest(".narrow") ? words.replace(/validation (accuracy )?/, "") : words);
    say(memory, memoryWords(timeline));
    element.classList.toggle("scrubbed", scrubber.at() !== null);
    for (const one of Object.values(buttons)) one.hidden = store.hello?.role === "watch";
    now.disabled = scrubber.at() === null;
    save.disabled = !frame;
    play.disabled = running || (timeline?.snapshots.length ?? 0) < 2;
    showPlay(play, player.playing(), session?.mode);
    showBranch(branch, snapshotHere(store, line), timeline);
  }

  store.on(["timeline", "frame", "session", "hello"], update);
  line.element.addEventListener("pointerdown", player.stop);
  line.element.addEventListener("keydown", player.stop);
  return element;
}

function button(name, text, onclick, drawing = null) {
  const about = { class: "button outlined", type: "button", onclick, dataset: { tip: TIPS[name] } };
  return h("button", about, drawing && icon(drawing), text);
}

/** On a narrow screen, what is not needed all the time is folded away. */
function foldButton(element, form) {
  const more = h("button", { class: "button time-more", type: "button", "aria-expanded": "false" }, "More");
  more.addEventListener("click", () => {
    const open = element.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    if (!open) form.close();
  });
  return more;
}

/** The snapshot that one could branch from: the one shown, or the present one while the run stands still. */
function snapshotHere({ timeline, frame, session }, line) {
  const shown = line.shown();
  if (shown || !timeline || !frame || session?.status === "running") return shown;
  const { snapshots, current } = timeline;
  return snapshots.findLast((one) => one.branch === current && one.step === frame.step) ?? null;
}

function showPlay(play, playing, mode) {
  const text = playing ? "Stop" : mode === "replay" ? "Play" : "Replay";
  if (play.textContent !== text) fill(play, icon(playing ? "pause" : "start"), text);
}

function showBranch(branch, here, timeline) {
  const full = (timeline?.branches.length ?? 0) >= MOST_BRANCHES;
  const partly = here?.exact === false;
  branch.disabled = full || !here || partly;
  branch.dataset.tip = TIPS[full ? "full" : !here ? "nowhere" : partly ? "weightsOnly" : "branch"];
}

function memoryWords(timeline) {
  if (!timeline?.budget) return "";
  const { snapshots, used, budget } = timeline;
  const points = `${grouped(snapshots.length)} ${snapshots.length === 1 ? "point" : "points"}`;
  return `${points}, ${megabytes(used)} of ${megabytes(budget)} MB`;
}

/** Ask for a model file of a snapshot (null: now) and hand it to the browser. */
async function saveAs(store, snapshot) {
  try {
    const { name, array } = await store.send({ kind: "save", snapshot });
    download(name, array.bytes);
  } catch {
    // the shell has said why
  }
}
