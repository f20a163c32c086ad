const GROUPS = new Intl.NumberFormat("en-GB"); // made once: it is asked many times a frame

/** 101770 → "101,770". */
export function grouped(number) {
  return GROUPS.format(Math.round(number));
}

/** A number with as many digits as mean something: 0.081, 1.2e−5, 61,000. */
export function brief(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e")
      .replace(/-/g, "\u2212");
  if (size >= 1000) return grouped(value);
  return String(Number(value.toPrecision(digits)));
}

/** 0.97123 → "97.1 %". */
export function percent(share, digits = 1) {
  return share === null || share === undefined || Number.isNaN(share)
    ? "–"
    : `${(100 * share).toFixed(digits)} %`;
}

/** "the loss …" → "The loss …"; a message that begins with a file's name leaves it as it is. */
export function sentenceCase(text) {
  const isName = /[/\\._-]/.test(text.split(" ", 1)[0]);
  return isName ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What the run is judged on: its validation part; data without one, on all that it trains on. */
export function judgedName(data) {
  return data?.part === "training" ? "whole training set" : "validation";
}

/** "784-128-10": the width of the input and of each layer with weights. */
export function widths(session) {
  const layers = session.network.layers.filter((layer) => layer.matrix);
  if (!layers.length) return "";
  return [layers[0].matrix.inputs, ...layers.map((layer) => layer.matrix.units)].join("-");
}
