import { dashOf, slotOf } from "./branches.js";
import { fill, h } from "./dom.js";
import { brief } from "./format.js";
import { icon } from "./icons.js";

const FIELDS = ["learning_rate", "batch_size", "dropout", "l2", "epochs"];

/** A small form for what the new branch does otherwise. `open(snapshot, words)`. */
export function branchForm(store) {
  const title = h("p", { class: "branch-title" });
  const fields = h("div", { class: "branch-fields" });
  const form = h(
    "form",
    { class: "branch-form", hidden: true, onsubmit: submit, "aria-label": "New branch" },
    title,
    fields,
    h(
      "div",
      { class: "branch-actions" },
      h("button", { class: "button primary", type: "submit" }, "Branch"),
      h("button", { class: "button", type: "button", onclick: () => close() }, "Cancel"),
    ),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  let from = null;
  let inputs = [];
  let opener = null;

  function open(snapshot, words) {
    from = snapshot;
    opener = form.getRootNode().activeElement;
    const settings = store.session.settings;
    const controls = FIELDS.map((name) =>
      store.hello.controls.find((control) => control.name === name),
    ).filter(Boolean);
    inputs = controls.map((control) => field(control, settings[control.name]));
    fill(title, h("b", {}, `New branch from ${words}`), " with");
    fill(
      fields,
      inputs.map((one) => one.element),
    );
    form.hidden = false;
    inputs[0]?.input.focus();
    inputs[0]?.input.select();
  }

  function close() {
    if (form.hidden) return;
    form.hidden = true;
    opener?.focus?.();
  }

  async function submit(event) {
    event.preventDefault();
    const settings = {};
    for (const { name, read, before } of inputs) {
      const value = read();
      if (value !== before) settings[name] = value;
    }
    try {
      await store.send({ kind: "branch", snapshot: from, settings });
      close();
    } catch {
      // the shell has said why; what was typed stays
    }
  }

  return { element: form, open, close };
}

/** A labelled field for a live control: {name, element, input, read, before}. */
function field(control, before) {
  const { name, label, help, type, least, most, optional } = control;
  const isBatch = type === "batch";
  const value = before === null || before === undefined ? "" : String(before);
  const input = h(
    "input",
    isBatch
      ? {
          type: "text",
          value,
          inputMode: "numeric",
          pattern: "[0-9]+|full",
          required: true,
          title: "a number, or full",
        }
      : {
          type: "number",
          value,
          step: type === "whole" ? 1 : "any",
          min: least ?? "",
          max: most ?? "",
          required: !optional,
        },
  );
  input.autocomplete = "off";
  input.setAttribute("aria-description", help);
  const read = () => {
    const text = input.value.trim();
    if (text === "") return null;
    return isBatch && text === "full" ? text : Number(text);
  };
  const element = h("label", {}, h("span", { dataset: { tip: help } }, label), input);
  return { name, element, input, read, before: before ?? null };
}

/** The branches as buttons: which is which, what is otherwise in it; one press makes it the current one. */
export function branchChips(store) {
  const element = h("ul", { class: "branches", "aria-label": "Branches", hidden: true });
  let drawn = "";

  function update() {
    const { timeline, hello } = store;
    element.hidden = (timeline?.branches.length ?? 0) < 2;
    const key = JSON.stringify([
      timeline?.branches.map(({ id, name, changes, ended }) => [id, name, changes, ended]),
      timeline?.current,
      hello?.role,
    ]);
    if (key === drawn || element.hidden) return;
    drawn = key;
    const focused = element.contains(element.getRootNode().activeElement);
    fill(
      element,
      timeline.branches.map((branch) => chip(store, branch, timeline.current)),
    );
    if (focused) element.querySelector("[aria-pressed=true]")?.focus();
  }

  store.on(["timeline", "hello", "session"], update);
  return element;
}

function chip(store, branch, current) {
  const watch = store.hello?.role === "watch";
  const isCurrent = branch.id === current;
  const words =
    changesOf(store, branch) + (branch.ended && branch.ended !== "finished" ? `, ${branch.ended}` : "");
  const slot = slotOf(branch);
  const go = () => isCurrent || store.send({ kind: "switch", branch: branch.id }).catch(() => {});
  const drop = () => store.send({ kind: "drop", branch: branch.id }).catch(() => {});
  return h(
    "li",
    { class: isCurrent ? `chip slot-${slot} current` : `chip slot-${slot}` },
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(isCurrent),
        disabled: watch,
        onclick: go,
        dataset: { tip: isCurrent ? "The branch that goes on" : "Go on with this branch" },
      },
      sample(slot),
      h("b", {}, branch.name),
      ` ${words}`,
    ),
    watch || isCurrent
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": `Drop branch ${branch.name}`,
            onclick: drop,
            dataset: { tip: "Drop this branch" },
          },
          icon("close"),
        ),
  );
}

function sample(slot) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 28 8");
  svg.setAttribute("class", "dash");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", "M0 4H28");
  path.setAttribute("stroke-dasharray", dashOf(slot).join(" "));
  svg.append(path);
  return svg;
}

/** "learning rate 0.1 → 0.01", or "as it was". */
function changesOf(store, { changes, parent }) {
  const label = (name) =>
    store.hello?.controls.find((control) => control.name === name)?.label ?? name.replaceAll("_", " ");
  const text = (value) =>
    typeof value === "number" ? brief(value) : value === null ? "none" : String(value);
  const words = Object.entries(changes ?? {}).map(
    ([name, [before, after]]) =>
      `${label(name)} ${before === null || before === undefined ? "" : `${text(before)} → `}${text(after)}`,
  );
  return words.join(", ") || (parent === null ? "from the start" : "nothing changed");
}
