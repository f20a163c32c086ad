import { fill, h, say } from "./dom.js";
import { settingRow } from "./setting.js";
import { starts } from "./starts.js";

const GROUPS = { data: "Data", network: "Network", training: "Training", regularization: "Regularization" };

/** SET-UP: a control for each setting that the server told of. */
export function setupPanel(store) {
  const form = h("form", { class: "settings", onsubmit: (event) => event.preventDefault() });
  const brief = h("span", { class: "quiet" });
  const fold = h("details", { class: "fold" }, h("summary", {}, h("h2", {}, "Set-up"), brief), form);
  const bar = stagedBar(store);
  const panel = h("section", { class: "panel setup", "aria-label": "Set-up" }, fold, bar);
  let rows = [];
  let known = "";

  store.on(["hello"], () => {
    const { controls, recipes, role, begins } = store.hello;
    const key = JSON.stringify([controls, recipes, role]);
    if (key === known) return; // the same server again
    known = key;
    const back = keepPlace(form);
    rows = [];
    const start = role === "watch" || begins === false ? null : starts(store);
    fill(form, start?.element, groups(store, rows));
    if (start) rows.push(start);
    back();
  });
  store.on(["hello", "session", "connection"], () => {
    if (!store.session?.settings) return;
    rows.forEach((row) => row.refresh());
    say(brief, summary(store.session));
  });
  return { panel, fold };
}

/** What is open, and where the focus lies, stays so over a new drawing. Returns what puts it back. */
function keepPlace(form) {
  const parts = () => [...form.querySelectorAll("input, select, button, summary")];
  const wasOpen = Boolean(form.querySelector(".group[open]"));
  const focused = form.getRootNode().activeElement;
  const row = focused?.closest?.("[data-name]")?.dataset.name;
  const place = parts().indexOf(focused);
  return () => {
    if (wasOpen) form.querySelector(".group").open = true;
    if (place < 0) return;
    const same = row && form.querySelector(`[data-name="${row}"]`)?.querySelector("input, select");
    (same || parts()[place])?.focus({ preventScroll: true });
  };
}

function summary({ settings }) {
  return `${settings.optimizer} · learning rate ${settings.learning_rate} · batch ${settings.batch_size}`;
}

function groups(store, rows) {
  return Object.entries(GROUPS).map(([group, title]) => {
    const controls = store.hello.controls.filter((control) => control.group === group);
    if (!controls.length) return null;
    const made = controls.map((control) => settingRow(store, control));
    rows.push(...made);
    if (group === "regularization") {
      const folded = foldedGroup(store, title, made);
      rows.push(folded);
      return folded.element;
    }
    return h(
      "fieldset",
      {},
      h("legend", {}, title),
      made.map((row) => row.element),
    );
  });
}

/** Regularization is out of the way as long as there is none. */
function foldedGroup(store, title, made) {
  const count = h("span", { class: "quiet" });
  const fold = h(
    "details",
    { class: "group" },
    h("summary", {}, title, count),
    made.map((row) => row.element),
  );
  let known = null;
  const refresh = () => {
    const on = made.filter((row) => row.value()).map((row) => row.label);
    say(count, on.length ? on.join(", ") : "off");
    if (on.length && store.session.run !== known) fold.open = true;
    known = store.session.run;
  };
  return { element: fold, refresh };
}

// ---- what waits for a new run

function stagedBar(store) {
  const send = (kind, next) => () => {
    store.send({ kind }).catch(() => {}); // the shell says why
    bar.closest(".studio").querySelector(next).focus(); // for this bar goes
  };
  const bar = h(
    "div",
    { class: "staged-bar", role: "group", "aria-label": "Changes that wait", hidden: true },
    h("p", {}, "Takes effect with a new run:"),
    h(
      "div",
      {},
      h(
        "button",
        { type: "button", class: "button primary", onclick: send("apply", ".bar .primary") },
        "Apply",
      ),
      h(
        "button",
        { type: "button", class: "button", onclick: send("discard", ".fold > summary") },
        "Discard",
      ),
    ),
  );
  store.on(["session", "hello"], () => {
    const { session, hello } = store;
    bar.hidden = !Object.keys(session?.staged ?? {}).length || hello?.role === "watch";
  });
  return bar;
}
