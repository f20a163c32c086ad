import { fill, h } from "./dom.js";
import { option } from "./fields.js";
import { grouped, percent } from "./format.js";

const SPOKEN_MS = 5000; // between two sentences for a screen reader while it trains

/** The strips under the command bar, for what is not as usual: {element, ask(use, keep)}. */
export function strips(store, commands) {
  const box = h("div", { class: "strips" });
  let question = null;
  let notice = null;
  let told = {};
  let shown = "";

  function draw() {
    const list = [connection(store), outcome(store, commands), question, notice].filter(Boolean);
    const key = JSON.stringify(list.map(({ tone, title, text }) => [tone, title, text]));
    if (key === shown) return;
    shown = key;
    fill(box, list.map(strip));
  }

  /** The newest notice stays until it is read; it comes again with each connection, and is not told again. */
  function take() {
    const { text } = store.notice;
    const again = text === told.text && store.hello !== told.hello;
    told = { text, hello: store.hello };
    if (again) return;
    const dismiss = () => {
      notice = null;
      draw();
    };
    notice = text ? { tone: "note", title: "", text: sentenceCase(text), actions: [["Dismiss", dismiss]] } : null;
    draw();
  }

  store.on(["session", "hello", "connection"], draw);
  store.on(["notice"], take);
  return {
    element: box,
    /** Ask whether the address's set-up shall be used. */
    ask(use, keep) {
      const answer = (act) => () => {
        question = null;
        draw();
        act();
      };
      question = {
        tone: "good",
        title: "This link describes another set-up.",
        text: "A run is under way here.",
        actions: [
          ["Use it (a new run)", answer(use)],
          ["Keep the run", answer(keep)],
        ],
      };
      draw();
    },
  };
}

function strip({ tone, title, text, actions = [] }) {
  const buttons = actions.map(([words, act]) =>
    h("button", { type: "button", class: "button outlined", onclick: act }, words),
  );
  return h(
    "div",
    { class: `strip ${tone}`, role: tone === "warn" ? "alert" : "status" },
    h("p", {}, h("b", {}, title), " ", text),
    buttons.length ? h("div", { class: "actions" }, buttons) : null,
  );
}

function connection({ connection: known, session }) {
  if (known?.state === "refused") {
    return {
      tone: "warn",
      title: "The server refused this page.",
      text: known.message ?? "Open the address that glassnet printed when it started.",
    };
  }
  if (known?.state !== "lost") return null;
  const text = session
    ? "The last state stays here; the page looks for the server again every few seconds."
    : "Looking for it again every few seconds.";
  return { tone: "warn", title: "The server has gone.", text };
}

const sentenceCase = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What became of the run, where it did not go on as one might expect. */
function outcome({ session, hello }, commands) {
  if (!session?.network) return null;
  const { status } = session;
  const message = sentenceCase(session.message ?? "");
  const again = hello?.role === "watch" ? [] : [["Back to the start", commands.reset]];
  if (status === "diverged")
    return { tone: "warn", title: "The loss diverged.", text: message, actions: again };
  if (status === "failed") return { tone: "warn", title: "The run stopped.", text: message, actions: again };
  if (status === "ended" && message) return { tone: "good", title: "Finished.", text: message };
  if (message && ["ready", "paused", "running"].includes(status))
    return { tone: "good", title: "", text: message };
  return null;
}

/** What stands in the middle until there is a network; where the data cannot be read, others to choose. */
export function emptyState(store) {
  const [words, why] = [h("p"), h("p", { class: "quiet" })];
  const other = h("div", { class: "other" });
  const box = h("div", { class: "empty", role: "status" }, drawing(), words, why, other);
  store.on(["hello", "session", "connection"], () => {
    const { session, hello } = store;
    const failed = session?.status === "failed";
    const gone = !store.open();
    box.classList.toggle("still", failed || gone);
    const said = gone ? "" : (session?.message ?? "");
    fill(
      words,
      gone || failed ? "There is nothing to train on yet." : said ? `${sentenceCase(said)} …` : "Opening …",
    );
    fill(why, failed ? said : "");
    fill(other, failed && !gone && hello && hello.role !== "watch" ? otherData(store) : null);
  });
  return box;
}

const NODES = [
  [10, 12, "a"],
  [10, 36, "a"],
  [10, 60, "a"],
  [60, 24, "b"],
  [60, 48, "b"],
  [110, 36, "c"],
];

/** A small network, lit from left to right, as the page shows it while it opens. */
function drawing() {
  const edges = NODES.flatMap(([x1, y1]) =>
    NODES.filter(([x2]) => x2 - x1 === 50).map(
      ([x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`,
    ),
  );
  const dots = NODES.map(([x, y, layer]) => `<circle class="${layer}" cx="${x}" cy="${y}" r="6"/>`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 120 72");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = [...edges, ...dots].join("");
  return svg;
}

function otherData(store) {
  const data = store.hello.controls.find(({ name }) => name === "data");
  const menu = h("select", {}, h("option", { value: "" }, "choose …"), data?.options.map(option));
  menu.addEventListener(
    "change",
    () =>
      menu.value &&
      store
        .send({ kind: "setup", settings: { data: menu.value } })
        .catch((error) => store.onerror(error, { kind: "data" })),
  );
  return h("label", {}, "Other data ", menu);
}

/** Says to a screen reader what happens: a change of state at once, progress every few seconds. */
export function announcer(store) {
  const box = h("div", { class: "hidden-text", role: "status", "aria-live": "polite" });
  let status = null;
  let run = null;
  let step = null;
  let last = 0;
  store.on(["frame", "session", "validation"], () => {
    const { session, frame, validation } = store;
    if (!session || !frame) return;
    const running = session.status === "running";
    const stepped = !running && frame.scrub === null && frame.step !== step; // one step is over too soon to be seen
    const changed = status !== null && (session.status !== status || session.run !== run || stepped);
    const due = running && performance.now() - last > SPOKEN_MS;
    [status, run, step] = [session.status, session.run, frame.step];
    if (!changed && !due) return;
    last = performance.now();
    box.textContent = sentence(session, frame, validation);
  });
  return box;
}

function sentence({ status, message }, frame, validation) {
  const words = {
    ready: "Ready at the start",
    running: "Training",
    paused: "Paused",
    ended: "Finished",
    diverged: "The loss diverged",
    failed: "The run stopped",
    loading: "Loading",
  };
  const parts = [words[status] ?? status];
  if (message) parts.push(message);
  if (status !== "ready" && status !== "loading")
    parts.push(`epoch ${frame.epoch}, step ${grouped(frame.step)}`);
  if (validation?.accuracy !== null && validation?.accuracy !== undefined)
    parts.push(`${validation.part} accuracy ${percent(validation.accuracy)}`);
  else if (validation && validation.loss !== null)
    parts.push(`${validation.part} loss ${validation.loss.toPrecision(3)}`);
  return parts.join(", ");
}
