import { figures } from "./numbers.js";

/** Arrow keys move between the units, at the edges from layer to layer; Enter chooses, Escape leaves. */
export function gridKeys(stage, view, hooks) {
  const shown = () => view.stages.map((_, k) => k).filter((k) => stage.has(k));

  /** The unit after a key: {stage, unit}. */
  function moved({ stage: k, unit }, key) {
    const columns = stage.columns(k);
    const count = view.stages[k].units;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key];
    if (by) {
      const column = unit % columns;
      if (key === "ArrowRight" && (column === columns - 1 || unit === count - 1))
        return layer(k, 1, unit) ?? { stage: k, unit };
      if (key === "ArrowLeft" && column === 0) return layer(k, -1, unit) ?? { stage: k, unit };
      const to = unit + by;
      return { stage: k, unit: to >= 0 && to < count ? to : unit };
    }
    if (key === "Home") return { stage: k, unit: 0 };
    if (key === "End") return { stage: k, unit: count - 1 };
    return layer(k, key === "PageDown" ? 1 : -1, unit);
  }

  /** The next layer's unit at about the same height. */
  function layer(k, by, unit) {
    const list = shown();
    const to = list[list.indexOf(k) + by];
    if (to === undefined) return null;
    const [rows, there] = [k, to].map((n) => Math.ceil(view.stages[n].units / stage.columns(n)));
    const row = Math.min(Math.round((Math.floor(unit / stage.columns(k)) / rows) * there), there - 1);
    const column = by > 0 ? 0 : stage.columns(to) - 1;
    return { stage: to, unit: Math.min(row * stage.columns(to) + column, view.stages[to].units - 1) };
  }

  function words({ stage: k, unit }) {
    const given = view.activation(k)?.[unit];
    const matrix = view.matrix(k);
    if (!matrix) return view.names.unit(k, unit);
    const { inputs, units } = view.stages[k];
    let best = 0;
    for (let i = 0; i < inputs; i += 1) {
      if (Math.abs(matrix.q[i * units + unit] - 128) > Math.abs(matrix.q[best * units + unit] - 128))
        best = i;
    }
    const weight = ((matrix.q[best * units + unit] - 128) / 127) * matrix.limit;
    const where = `${view.names.unit(k, unit)} of ${units} in ${view.names.layer(k)}`;
    const largest = `largest weight ${figures(weight, 2)}, from ${view.names.source(k, best)}`;
    return `${where}: activation ${figures(given)}; ${largest}`;
  }

  function go(to) {
    if (!to) return;
    view.cursor = to;
    hooks.say(words(to));
    hooks.again();
  }

  const KEYS = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "PageDown", "PageUp"];

  stage.element.addEventListener("keydown", (event) => {
    if (
      event.target !== stage.element ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      !view.stages.length
    )
      return;
    const here = view.cursor ?? view.chosen ?? { stage: shown()[0] ?? 0, unit: 0 };
    if (KEYS.includes(event.key)) go(view.cursor ? moved(here, event.key) : here);
    else if (event.key === "Enter") {
      hooks.choose(here.stage, here.unit);
      hooks.into(); // its weights, for the arrow keys
    } else if (event.key === "Escape" && view.chosen) hooks.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  stage.element.addEventListener("focus", () => {
    if (!stage.element.matches(":focus-visible") || !view.stages.length) return;
    go(view.cursor ?? view.chosen ?? { stage: shown()[0] ?? 0, unit: 0 });
  });
  stage.element.addEventListener("blur", () => {
    view.cursor = null;
    hooks.again();
  });
}
