import { h } from "./dom.js";

const DIGITS = 5; // that are shown; all of them stand in the title and are what is copied
const LEAST = 2; // of a number's own digits are left beside a much larger one; else it is written for itself
const MOST_DIGITS = 9; // that tell two numbers of float32 apart
const MINUS = "\u2212";
const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * How to write numbers that stand below one another: with as many decimals each, so that they can be added
 * by hand, and `digits` for the largest. Very small and very large ones share a power of ten.
 */
export function alike(values, digits = DIGITS, least = LEAST) {
  if (values.every((value) => !Number.isFinite(value) || isSmallWhole(value))) return whole;
  const most = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  const power = most ? Math.floor(Math.log10(most) + 1e-12) : 0;
  const shared = power < -4 || power >= 6;
  const after = shared ? digits - 1 : Math.min(Math.max(digits - 1 - power, 0), 12);
  const unit = shared ? 10 ** power : 1;
  return (value) => {
    if (!Number.isFinite(value)) return "–";
    if (value === 0) return "0";
    if (Math.abs(value / unit) < 10 ** (least - 1 - after)) return numeral(value);
    const text = (value / unit).toFixed(after).replace("-", MINUS);
    return shared ? `${text}·10${raised(power)}` : text;
  };
}

/** One number by itself. */
export function numeral(value) {
  return alike([value])(value);
}

const isSmallWhole = (value) => Number.isInteger(value) && Math.abs(value) < 1e5;
const whole = (value) => (Number.isFinite(value) ? String(value).replace("-", MINUS) : "–");

/** Two numbers with enough digits to see that they differ. */
export function apart(before, after) {
  for (let digits = DIGITS; digits <= MOST_DIGITS; digits += 1) {
    const text = alike([before, after], digits);
    const size = Math.max(Math.abs(before), Math.abs(after));
    const last = 10 ** (Math.floor(Math.log10(size || 1)) + 1 - digits);
    if (Math.abs(before - after) >= 5 * last || digits === MOST_DIGITS || before === after)
      return [text(before), text(after)];
  }
  return null;
}

function raised(power) {
  return String(power).replace(/\d/g, (digit) => HIGH[digit]).replace("-", "⁻");
}

/**
 * A number in the page: `show(text, value)`. It flashes when its value changes; the title has all of its
 * digits, and so has what is copied (see `copyInFull`).
 */
export function figure(kind = "") {
  const element = h("data", { class: `num ${kind}`.trim() });
  let last;

  function show(text, value) {
    if (element.textContent !== text) element.textContent = text;
    if (value === last) return;
    const moved = last !== undefined && value !== null;
    last = value;
    const full = Number.isFinite(value) ? String(value) : "no finite number";
    element.value = full;
    element.title = full;
    if (!moved) return;
    element.dataset.moved = element.dataset.moved === "a" ? "b" : "a"; // another name: it flashes anew
  }

  return { element, show };
}

/** What is copied out of `element` has all digits of its numbers. */
export function copyInFull(element) {
  element.addEventListener("copy", (event) => {
    const range = selectedIn(element.getRootNode());
    if (!range || range.collapsed || !event.clipboardData) return;
    const within = range.commonAncestorContainer.parentElement?.closest?.("data.num");
    const copy = within ? [within.cloneNode(true)] : [...range.cloneContents().childNodes];
    event.clipboardData.setData("text/plain", copy.map(textOf).join("").trim());
    event.preventDefault();
  });
}

/** The selected range, or null. Safari tells what is selected in a shadow root as a composed range alone. */
function selectedIn(root) {
  const selection = document.getSelection();
  const shadowRoots = root instanceof ShadowRoot ? [root] : [];
  const [found] = composedRanges(selection, shadowRoots);
  const older = root.getSelection?.() ?? selection;
  if (!found) return older?.rangeCount ? older.getRangeAt(0) : null;
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range;
}

/** Where it is selected; Safari took the roots one by one before it took them by name, and others take none. */
function composedRanges(selection, shadowRoots) {
  if (!selection?.getComposedRanges) return [];
  try {
    return selection.getComposedRanges({ shadowRoots });
  } catch {
    return selection.getComposedRanges(...shadowRoots);
  }
}

/** The text of a copied part, with numbers in full and a space between what stands side by side. */
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[hidden], .hidden-text, canvas")) return "";
  if (node.matches("data.num")) return `${node.value || node.textContent} `;
  const inside = [...node.childNodes].map(textOf).join("");
  if (node.matches("i, sub, sup")) return inside;
  return node.matches("p, div, h3, h4, li, header") ? `${inside.trimEnd()}\n` : `${inside} `;
}
