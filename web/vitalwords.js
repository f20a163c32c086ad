import { KINDS } from "./histograms.js";
import { figures, scientific, shareOf } from "./numbers.js";

const [SMALL, LARGE] = [1e-4, 3e-2]; // of ‖ΔW‖ / ‖W‖: what lies between them is usual
const ADVICE = {
  none: "The weights do not move.",
  small: "Below about 1e−4 a layer learns slowly; at the end of a schedule it should.",
  usual: "About 1e−3 is usual.",
  large: "Above about 3e−2 a step changes much at once; usual in the first steps only.",
};
const SIGNS = { none: "–", small: "↓", usual: "✓", large: "↑" };

/** What update : weight is. */
export const USUAL_TEXT =
  "How far the last step moved a layer's weights, as a share of them: ‖ΔW‖ / ‖W‖. About 1e−3 is usual (✓).";

/** What the histograms show. */
export const HEIGHTS_TEXT =
  "How many values lie where: blue below zero, orange above. Heights are square roots of the counts, " +
  "so that the few far out are seen beside the many.";

function verdict(ratio) {
  if (ratio === 0) return "none";
  if (ratio < SMALL) return "small";
  return ratio > LARGE ? "large" : "usual";
}

function number(ratio) {
  return ratio < 0.01 ? scientific(ratio) : figures(ratio, 2);
}

/** "1.2e−3 ✓", "3e−6 ↓ small"; nothing where no update was seen. */
export function ratioText(ratio) {
  if (ratio === null) return "";
  const word = verdict(ratio);
  return `${number(ratio)} ${SIGNS[word]}${word === "usual" ? "" : ` ${word}`}`;
}

/** The exact ratio, and what to think of it. */
export function ratioAdvice(ratio) {
  if (ratio === null) return ADVICE.usual;
  return `‖ΔW‖ / ‖W‖ = ${scientific(ratio, 4)}. ${ADVICE[verdict(ratio)]}`;
}

/** "12 % dead", "80 % saturated", both, or nothing. */
export function idleText({ dead, saturated }) {
  const said = [];
  if (dead !== null) said.push(`${shareOf(dead, 100)} dead`);
  if (saturated !== null) said.push(`${shareOf(saturated, 100)} saturated`);
  return said.join(", ");
}

/** A layer's row in words and numbers, for who does not see it. */
export function rowText(place, parts, facts) {
  const spreads = parts.map((part, i) => part && `${KINDS[i]} ${figures(part.low)} to ${figures(part.high)}`);
  const { ratio } = facts;
  const moved = ratio === null ? null : `update ${number(ratio)} of the weights, ${verdict(ratio)}`;
  const said = [...spreads, moved, idleText(facts)].filter(Boolean);
  return `Layer ${place}: ${said.join("; ") || "nothing yet"}`;
}
