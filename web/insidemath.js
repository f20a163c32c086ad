import { h } from "./dom.js";

const LOW = "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ";
const PLAIN = "0123456789+-aehijklmnoprstuvx";
const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾";
const RAISED = "0123456789+−()";
const LETTER = `(?:(?![${LOW}])\\p{L}\\p{M}*)`; // what stands below counts as letters too
const PIECES = new RegExp(
  [
    `[${LOW}]+(?:,\\s?[${LOW}]+)*`,
    "\\^(?:\\([^)]*\\)|[^\\s)]+)",
    "⁽[^⁾]*⁾",
    `[${HIGH}]+`,
    `∂?${LETTER}+`,
    `[^${LOW}${HIGH}\\p{L}∂^]+`,
    "[∂^]",
  ].join("|"),
  "gu",
);

/** A formula as text with true subscripts and powers, single letters in italics: "x₁₃₀ W₁₃₀,₇", "e^z₁". */
export function math(text) {
  return (text.match(PIECES) ?? []).map((piece) => {
    if (LOW.includes(piece[0])) return h("sub", {}, plain(piece, LOW, PLAIN));
    if (piece[0] === "^") return h("sup", {}, ...math(piece.slice(1).replace(/^\((.*)\)$/, "$1")));
    if (HIGH.includes(piece[0])) return h("sup", {}, plain(piece, HIGH + LOW, RAISED + PLAIN));
    return isVariable(piece) ? h("i", {}, piece) : piece;
  });
}

/** One letter, perhaps with ∂, a hat or a bar: not "max" nor "exp". */
function isVariable(piece) {
  return piece !== "Σ" && /^[∂Δ]?\p{L}\p{M}*$/u.test(piece);
}

function plain(piece, from, to) {
  return [...piece].map((sign) => to[from.indexOf(sign)] ?? sign).join("");
}

/** Show a formula in an element, unless it stands there already. */
export function setMath(element, text) {
  if (element.dataset.math === text) return;
  element.dataset.math = text;
  element.replaceChildren(...math(text));
}
