import { fill, h } from "./dom.js";
import { option } from "./fields.js";
import { icon } from "./icons.js";

const FIRST = { units: 64, activation: "relu" };

/**
 * The hidden layers: a row for each with its width and activation, one more, one less. Shows
 * {hidden: [128], activation: ["relu"]} and commits the same.
 */
export function layersField(control, describedBy, limits, commit) {
  const list = h("ol", { class: "layers", "aria-label": control.label, "aria-describedby": describedBy });
  const most = limits?.layers ?? 12;
  const [least, widest] = [control.least ?? 1, control.most ?? 4096];
  const add = h(
    "button",
    {
      type: "button",
      class: "add",
      onclick: () => replace([...layers, { ...(layers.at(-1) ?? FIRST) }], layers.length),
    },
    icon("plus"),
    "layer",
  );
  let layers = [];
  let ends = { input: "", output: "" };
  let on = true;
  let drawn = "";

  const tell = (how) =>
    how({ hidden: layers.map((one) => one.units), activation: layers.map((one) => one.activation) });

  /** More or fewer layers: drawn anew, with the focus at that place. */
  function replace(next, focus) {
    layers = next;
    draw();
    const inputs = list.querySelectorAll("input");
    (inputs[Math.min(focus, inputs.length - 1)] ?? add).focus();
    tell(commit);
  }

  /** One layer changes: what the user sees of it is right already, and the focus is left where it goes. */
  function change(place, what, how = commit) {
    layers = layers.map((layer, i) => (i === place ? { ...layer, ...what } : layer));
    drawn = key();
    tell(how);
  }

  function changeUnits(place, text) {
    const units = Number(text);
    if (units === layers[place].units && text) return;
    if (Number.isInteger(units) && units >= least && units <= widest) return change(place, { units });
    commit.wrong(
      `layer ${place + 1}: expected ${least} to ${widest} units, a whole number, got ${text || "nothing"}`,
    );
  }

  function widthField(units, place) {
    const settle = () => changeUnits(place, input.value.trim());
    const input = h("input", {
      type: "text",
      inputMode: "numeric",
      class: "number",
      value: units,
      autocomplete: "off",
      disabled: !on,
      "aria-label": `Units of layer ${place + 1}`,
      onchange: settle,
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") settle();
      if (event.key === "Escape") input.value = layers[place].units;
      const factor = { ArrowUp: 2, ArrowDown: 0.5 }[event.key];
      if (!factor) return;
      event.preventDefault();
      const wish = Math.round((Number(input.value) || units) * factor);
      input.value = Math.min(Math.max(wish, least), widest);
      change(place, { units: Number(input.value) }, commit.soon);
    });
    return input;
  }

  function row({ units, activation }, place) {
    const name = `layer ${place + 1}`;
    const kind = h("select", { "aria-label": `Activation of ${name}`, disabled: !on });
    kind.append(...control.options.map(option));
    kind.value = activation;
    kind.addEventListener("change", () => change(place, { activation: kind.value }));
    const remove = h(
      "button",
      {
        type: "button",
        class: "remove",
        "aria-label": `Remove ${name}`,
        "data-tip": `Remove ${name}`,
        disabled: !on,
        onclick: () =>
          replace(
            layers.filter((_, i) => i !== place),
            place,
          ),
      },
      icon("close"),
    );
    return h("li", {}, widthField(units, place), kind, remove);
  }

  function draw() {
    drawn = key();
    add.disabled = !on || layers.length >= most;
    add.dataset.tip =
      layers.length >= most ? `At most ${most} hidden layers` : "One more hidden layer, like the last";
    const end = (text, cls) => h("li", { class: `end ${cls}` }, text);
    fill(
      list,
      end(ends.input, "first"),
      layers.map(row),
      h("li", { class: "one-more" }, add),
      end(ends.output, "last"),
    );
  }

  const key = () => JSON.stringify([layers, ends, on]);

  return {
    element: list,
    input: null,
    show({ hidden, activation }, network) {
      layers = hidden.map((units, i) => ({
        units,
        activation: activation[i] ?? activation[0] ?? FIRST.activation,
      }));
      ends = network;
      if (key() !== drawn && !list.contains(list.getRootNode().activeElement)) draw();
      else if (key() !== drawn) redrawKeepingFocus();
    },
    enable(yes) {
      on = yes;
      if (key() !== drawn) draw();
    },
  };

  /** The same element stays in focus over a new drawing. */
  function redrawKeepingFocus() {
    const parts = () => [...list.querySelectorAll("input, select, button")];
    const place = parts().indexOf(list.getRootNode().activeElement);
    draw();
    (parts()[place] ?? add).focus();
  }
}
