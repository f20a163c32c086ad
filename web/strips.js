import { fill, h } from "./dom.js";
import { sentenceCase } from "./format.js";

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
    const actions = [["Dismiss", dismiss]];
    notice = text ? { tone: "note", title: "", text: sentenceCase(text), actions } : null;
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
  if (known?.state === "open" && known.message) return { tone: "note", title: "", text: known.message };
  if (known?.state !== "lost") return null;
  if (known.message) return { tone: "warn", title: known.title, text: known.message };
  const text = session
    ? "The last state stays here; the page looks for the server again every few seconds."
    : "Looking for it again every few seconds.";
  return { tone: "warn", title: "The server has gone.", text };
}

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
