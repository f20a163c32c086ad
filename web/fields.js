import { h } from "./dom.js";
import { icon } from "./icons.js";
import { number, numberInput, whole } from "./numberfield.js";

/**
 * A field for one of the server's controls: {element, input, below, show(value), enable(on)}. commit(value) is
 * called with each value the user settles on, commit.soon(value) with those on the way, and commit.wrong(line)
 * where there is no value in what was typed.
 */
export function makeField(control, id, describedBy, commit) {
  const make = { choice, number, whole, switch: onOff, batch }[control.type] ?? number;
  return make(control, { id, "aria-describedby": describedBy }, commit);
}

// ---- choices

function choice(control, names, commit) {
  const input = h("select", { ...names, onchange: () => commit(parsedOption(control, input.value)) });
  input.append(...control.options.map(option));
  return {
    element: input,
    input,
    show: (value) => {
      const known = [...input.options].some((one) => one.value === String(value));
      if (!known) input.append(option({ value, label: String(value) })); // one that a recipe or a link has
      input.value = String(value);
    },
    enable: (on) => {
      input.disabled = !on;
    },
  };
}

/** A choice that cannot be made now says why, beside its name. */
export function option({ value, label, disabled }) {
  const why = typeof disabled === "string" ? ` (${disabled})` : "";
  return h("option", { value: String(value), disabled: Boolean(disabled) }, label + why);
}

function parsedOption(control, text) {
  return control.options.find(({ value }) => String(value) === text)?.value ?? text;
}

function onOff(control, names, commit) {
  const input = h("input", { ...names, type: "checkbox", class: "switch", role: "switch" });
  input.addEventListener("change", () => commit(input.checked));
  return {
    element: input,
    input,
    show: (value) => {
      input.checked = Boolean(value);
    },
    enable: (on) => {
      input.disabled = !on;
    },
  };
}

// ---- the size of a batch: a number, or the full set

function batch(control, names, commit) {
  const double = (value, direction) => {
    if (value === "full") return direction > 0 ? "full" : control.most;
    return 2 ** (direction > 0 ? Math.floor(Math.log2(value)) + 1 : Math.ceil(Math.log2(value)) - 1);
  };
  const { input, step, show } = numberInput(control, names, commit, double);
  const less = h(
    "button",
    { type: "button", "aria-label": "Half the batch", onclick: () => step(-1) },
    icon("minus"),
  );
  const more = h(
    "button",
    { type: "button", "aria-label": "Twice the batch", onclick: () => step(1) },
    icon("plus"),
  );
  const full = h("button", { type: "button", class: "word", "aria-pressed": "false" }, "full");
  let last = 32;
  full.addEventListener("click", () => commit(full.getAttribute("aria-pressed") === "true" ? last : "full"));
  return {
    element: h("div", { class: "stepper" }, less, input, more, full),
    input,
    show: (value) => {
      if (typeof value === "number") last = value;
      show(value);
      full.setAttribute("aria-pressed", String(value === "full"));
    },
    enable: (on) =>
      [less, input, more, full].forEach((part) => {
        part.disabled = !on;
      }),
  };
}
