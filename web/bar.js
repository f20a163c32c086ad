import { fill, h, say } from "./dom.js";
import { brief, grouped, percent, widths } from "./format.js";
import { icon } from "./icons.js";
import { copyLinkButton } from "./link.js";
import { themeButton } from "./theme.js";

const WORDS = {
  loading: "loading …",
  ready: "ready",
  running: "running",
  paused: "paused",
  ended: "finished",
  diverged: "diverged",
  failed: "stopped",
};

/** The header: what is trained, how fast, and what the view itself costs. */
export function header(store, page, tell, openKeys) {
  const what = h("span", { class: "what" });
  const [rate, cost] = [h("span"), h("span")];
  const speed = h("div", { class: "speed" }, rate, " ", cost);
  const keys = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Keys",
      "data-tip": "Keys (?)",
      "aria-haspopup": "dialog",
      onclick: openKeys,
    },
    icon("help"),
  );
  store.on(["session"], () => say(what, described(store.session)));
  if (page) store.on(["session", "frame"], () => entitle(store));
  store.on(["frame", "session", "connection"], () => {
    const running = store.open() && store.session?.status === "running" && store.frame?.rate;
    say(rate, running ? `${grouped(Number(store.frame.rate.toPrecision(2)))} samples/s` : "");
    say(cost, running && typeof store.frame.cost === "number" ? `view ${percent(store.frame.cost, 0)}` : "");
  });
  return h(
    "header",
    { class: "header" },
    h("h1", {}, h("span", { class: "name" }, h("span", {}, "glass"), "net"), what),
    speed,
    h("div", { class: "tools" }, page ? copyLinkButton(store, tell) : null, themeButton(), keys),
  );
}

function described(session) {
  if (!session?.network || !session.data) return "";
  const parts = [session.data.name, widths(session), `${grouped(session.network.parameters)} parameters`];
  return parts.filter(Boolean).join(" · ");
}

/** The window's title says how far it is, for those who look at something else meanwhile. */
function entitle({ session, frame }) {
  const name = session?.data?.name;
  const far =
    frame && session?.status === "running"
      ? `epoch ${frame.epoch} of ${session.epochs}`
      : WORDS[session?.status];
  const title = [name && frame?.step ? far : "", name, "glassnet"].filter(Boolean).join(" · ");
  if (document.title !== title) document.title = title;
}

/** The command bar: what one can do with the run, and where it stands. */
export function commandBar(store, commands, draw) {
  const line = h("i");
  const drive = buttons(store, commands);
  const first = h("div", { class: "first" }, drive);
  store.on(["hello"], () => {
    const watching = store.hello?.role === "watch";
    if (watching !== !drive.isConnected) fill(first, watching ? watcher() : drive);
  });
  store.on(["frame", "session"], () => {
    const { frame } = store;
    const share = frame?.total_steps ? Math.min(frame.step / frame.total_steps, 1) : 0;
    line.style.transform = `scaleX(${share})`;
  });
  return h(
    "section",
    { class: "bar", "aria-label": "Run" },
    first,
    draw,
    standing(store),
    h("div", { class: "way", "aria-hidden": "true" }, line),
  );
}

/** The button that opens the pad, for those who watch too. */
export function drawButton(store, act) {
  const button = h(
    "button",
    {
      type: "button",
      class: "button outlined draw-button",
      "data-tip": "Draw a digit, or drop a photo, and see it read (d)",
      "aria-expanded": "false",
      onclick: act,
    },
    icon("pen"),
    h("span", {}, "Draw"),
  );
  store.on(["hello"], () => {
    button.hidden = store.hello?.draws === false;
  });
  return button;
}

function watcher() {
  return h("p", { class: "watching" }, "You are watching: the run is driven from another page.");
}

function buttons(store, commands) {
  const primary = h("button", { type: "button", class: "button primary", onclick: commands.toggle });
  const plain = (name, sign, words, tip) =>
    h(
      "button",
      {
        type: "button",
        class: `button ${name}`,
        "data-tip": tip,
        "aria-label": words,
        onclick: commands[name],
      },
      icon(sign),
      h("span", {}, words),
    );
  const others = {
    step: plain("step", "step", "step", "One step: one batch, one update; then it rests (→)"),
    epoch: plain("epoch", "epoch", "epoch", "To the end of this epoch; then it rests (shift →)"),
    reset: plain("reset", "again", "same seed", "Back to the start with the same first weights (r)"),
    newSeed: plain("newSeed", "dice", "new seed", "Back to the start with other first weights"),
    save: plain("save", "save", "save", "Save the network as it is shown, as a model file"),
  };
  const more = moreEpochs(commands);
  const show = () => {
    const status = store.session?.status;
    const ended = status === "ended";
    const held = store.hello?.begins === false; // somebody's run, which stays the one that is shown
    others.newSeed.hidden = held;
    if (held) renameReset(others.reset);
    showPrimary(primary, status, commands.can("toggle"));
    for (const [name, button] of Object.entries(others)) button.disabled = !commands.can(name);
    const hadFocus = [others.step, others.epoch].some((button) => button.matches(":focus"));
    for (const button of [others.step, others.epoch]) button.hidden = ended; // their place is taken by `more`
    more.hidden = !ended;
    if (ended && hadFocus) primary.focus();
  };
  store.on(["session", "connection", "hello"], show);
  show();
  return h(
    "div",
    { class: "commands", role: "group", "aria-label": "Commands" },
    primary,
    more,
    Object.values(others),
  );
}

function renameReset(button) {
  const words = "Back to where this view found the run";
  say(button.querySelector("span"), "back");
  button.dataset.tip = `${words} (r)`;
  button.setAttribute("aria-label", words);
}

function showPrimary(button, status, can) {
  const running = status === "running";
  const words = running ? "Pause" : status === "paused" || status === "ended" ? "Go on" : "Start";
  button.disabled = !can;
  if (button.textContent === words) return;
  fill(button, icon(running ? "pause" : "start"), h("span", {}, words));
  button.dataset.tip = running ? "Pause (space)" : "Train until paused or finished (space)";
}

/** At the end: how many epochs more, beside the button that goes on. */
function moreEpochs(commands) {
  const input = h("input", {
    type: "number",
    min: 1,
    max: 1000,
    value: commands.more.epochs,
    "aria-label": "More epochs",
  });
  input.addEventListener("input", () => {
    const epochs = Number(input.value);
    if (Number.isInteger(epochs) && epochs > 0) commands.more.epochs = epochs;
  });
  input.addEventListener("change", () => {
    input.value = commands.more.epochs; // what was no number of epochs is not left standing
  });
  return h("label", { class: "more" }, "for", input, h("span", {}, "epochs"));
}

function stateWord({ open, frame, session, slow }) {
  if (!session) return "";
  if (!open()) return "disconnected";
  if (slow?.waiting) return "working …";
  return session.scrub !== null && frame?.scrub ? "in the past" : (WORDS[session.status] ?? session.status);
}

/** Epoch, step and learning rate. */
function standing(store) {
  const state = h("dd", { class: "state" });
  const [epoch, epochs, step, steps, rate] = [h("span"), h("span"), h("span"), h("span"), h("span")];
  for (const whole of [epochs, steps]) whole.className = "of";
  store.on(["frame", "session", "slow", "connection"], () => {
    const { frame, session } = store;
    say(state, stateWord(store));
    state.dataset.status = !store.open() ? "failed" : store.slow?.waiting ? "slow" : (session?.status ?? "");
    if (!session?.network) return;
    const total = session.epochs * session.steps_an_epoch;
    const now = frame ?? { epoch: 1, step: 0, total_steps: total }; // a new run, no picture of it yet
    say(epoch, grouped(now.epoch));
    say(epochs, ` of ${grouped(session.epochs)}`);
    say(step, grouped(now.step));
    say(steps, ` of ${grouped(now.total_steps)}`);
    say(rate, brief(now.learning_rate));
  });
  const pair = (term, ...values) => h("div", {}, h("dt", {}, term), h("dd", {}, values));
  return h(
    "dl",
    { class: "readouts" },
    h("div", {}, h("dt", { class: "hidden-text" }, "state"), state),
    pair("epoch", epoch, epochs),
    pair("step", step, steps),
    pair("learning rate", rate),
  );
}
