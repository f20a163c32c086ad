import { h, say, uniqueId } from "./dom.js";
import { makeField } from "./fields.js";
import { layersField } from "./layers.js";

const SOON_MS = 120; // between two values on the way, while a slider is drawn

/**
 * One setting: {element, label, refresh(), value()}. What the user settles on is sent, and what the server says
 * to that stands below; until then the control shows what was asked for.
 */
export function settingRow(store, control) {
  const [id, helpId] = [uniqueId(control.name), uniqueId("help")];
  const error = h("p", { class: "error", role: "alert" });
  const report = (text) => {
    say(error, text);
    refresh();
  };
  const commit = makeSender(store, control, report);
  const field = isLayers(control)
    ? layersField(control, helpId, store.hello.limits, commit)
    : makeField(control, id, helpId, commit);
  const mark = h("span", { class: "mark" });
  const element = h(
    "div",
    { class: `row has-tip ${control.type}`, dataset: { side: "right", name: control.name } },
    h(field.input ? "label" : "span", { htmlFor: id, class: "label" }, control.label, mark),
    h("div", { class: "control" }, field.element),
    field.below,
    error,
    h("span", { class: "hidden-text", id: helpId }, control.help),
  );
  const value = () => pick(control, now(store));
  let run = null;

  function refresh() {
    const { session, hello } = store;
    if (session.run !== run) say(error, ""); // it was about another network
    run = session.run;
    const waits = isStaged(control, session);
    element.classList.toggle("staged", waits);
    element.classList.toggle("wrong", Boolean(error.textContent));
    field.input?.setAttribute("aria-invalid", String(Boolean(error.textContent)));
    say(mark, waits ? "new run" : "");
    const mayDrive = hello.role !== "watch" && store.open();
    field.enable(mayDrive && session.status !== "loading" && !control.disabled);
    if (!commit.busy() && !isEdited(element, error)) field.show(value(), ends(session));
  }

  element.tip = () => explain(control, value(), isStaged(control, store.session));
  watchEdits(
    element,
    () => store.session?.settings && element.isConnected && refresh(),
    () => {
      say(error, "");
      field.show(value(), ends(store.session));
    },
  );
  return { element, label: control.label, refresh, value };
}

/** Sends a control's values: commit(value), or commit.soon(value) for those on the way, of which some go. */
function makeSender(store, control, report) {
  let pending; // what was sent, or will be, and not answered yet
  let timer = 0;

  function commit(value) {
    clearTimeout(timer);
    timer = 0;
    pending = value;
    const settle = (refused) => {
      if (pending === value) pending = undefined;
      report(refused?.message ?? "");
    };
    const settings = isLayers(control) ? value : { [control.name]: value };
    store
      .send({ kind: underWay(store) && control.live ? "change" : "setup", settings })
      .then(() => settle(), settle);
  }

  commit.soon = (value) => {
    pending = value;
    timer ||= setTimeout(() => commit(pending), underWay(store) ? SOON_MS : 4 * SOON_MS);
  };
  commit.wrong = report;
  commit.busy = () => pending !== undefined;
  return commit;
}

/** Call `left` when a field is left, and `undo` on Escape; meanwhile its element is marked as touched. */
function watchEdits(element, left, undo) {
  element.addEventListener("input", ({ target }) => {
    target.dataset.touched = "yes";
  });
  element.addEventListener("focusout", ({ target }) => {
    delete target.dataset.touched;
    setTimeout(left);
  });
  element.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    delete target.dataset.touched;
    undo();
  });
}

/** Whether somebody is at it just now: then it is not overwritten. */
function isEdited(element, error) {
  const focus = element.getRootNode().activeElement;
  if (!element.contains(focus)) return false;
  return Boolean(error.textContent) || (focus.type === "text" && "touched" in focus.dataset);
}

const isLayers = (control) => control.type === "layers";
const underWay = ({ session }) => ["running", "paused", "ended"].includes(session?.status);

function pick(control, { hidden, activation, ...others }) {
  return isLayers(control) ? { hidden, activation } : others[control.name];
}

/** Whether a change of the setting waits for a new run. */
function isStaged(control, { staged, settings }) {
  const names = isLayers(control) ? ["hidden", "activation"] : [control.name];
  return names.some((name) => name in (staged ?? {}) && `${staged[name]}` !== `${settings[name]}`);
}

/** The settings as they are shown: those that wait for a new run come first. */
function now({ session }) {
  return { ...session.settings, ...session.staged };
}

/** What stands before and after the hidden layers. */
function ends({ data, network }) {
  if (!data || !network) return { input: "input", output: "output" };
  const shape = data.shape.length > 1 ? data.shape.join(" × ") : `${data.shape[0]}`;
  const last = network.layers.filter((layer) => layer.matrix).at(-1);
  const kind = data.classes ? `${data.classes.length} classes` : "value";
  return { input: `input ${shape}`, output: `output ${last ? last.matrix.units : ""} (${kind})` };
}

/** What a tip says of the setting, and of each of its choices. */
function explain(control, value, staged) {
  const text = h("div", {}, h("b", {}, control.label), ": ", control.help);
  const when = staged
    ? h("div", { class: "chosen" }, "Takes effect with a new run.")
    : control.live
      ? h("div", { class: "quiet" }, "Can be changed while it trains.")
      : null;
  const why = control.disabled ? h("div", { class: "why" }, control.disabled) : null;
  if (!control.options?.length) return [text, why ?? when];
  const chosen = [].concat(control.type === "layers" ? value.activation : value).map(String);
  const list = control.options.flatMap((one) => [
    h(
      "dt",
      { class: one.disabled ? "closed" : chosen.includes(String(one.value)) ? "chosen" : "" },
      one.label,
    ),
    h("dd", {}, one.disabled || one.help || ""),
  ]);
  return [text, why ?? when, h("dl", {}, list)];
}
