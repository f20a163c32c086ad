import { lastStepFor, niceBelow, topFor } from "./axes.js";
import { lastOf, meansOf } from "./lines.js";
import { CURVE, JUDGED, means, rangeOf, rowAt } from "./series.js";

const LOG_FROM = 12; // greatest loss : least loss from which the axis is logarithmic,
const LOG_UNTIL = 4; // and under which it is linear again
const MOST_ABOVE_START = 1000; // times the first loss: what diverges leaves the picture
const FLOORS = [0.9, 0.8, 0.5, 0]; // where an axis of accuracy may start
const ROOM = 0.12; // of such an axis that stays free under the lines

/** Set the limits of all axes to what is drawn: {x, loss, score, rate}. They stay as long as they fit. */
export function setLimits(axes, view, store, values) {
  for (const { curve } of view.lines) view.furthest = Math.max(view.furthest, lastOf(curve, CURVE, 0) ?? 0);
  axes.x.set(0, lastStepFor(Math.max(view.furthest, store.frame?.step ?? 0), store.session));
  setLoss(axes.loss, view);
  if (view.marker === null) view.floor = floorFor(view, values);
  axes.score.set(view.floor, 1);
  const rates = view.lines.map(({ curve }) => rangeOf(curve, CURVE, 3)[1]);
  axes.rate.set(0, topFor(Math.max(0, ...rates) || store.frame?.learning_rate || 1));
}

function setLoss(axis, view) {
  const found = [[Infinity, 0]];
  for (const { curve, judged } of view.lines) {
    found.push(rangeOf(meansOf(curve, 1, 0, view), 2, 1, 0, 0), rangeOf(judged, JUDGED, 1, 0, 0));
  }
  const start = Math.max(1e-9, ...view.lines.map(({ judged, curve }) => judged[1] || curve[1] || 0));
  const high = Math.min(Math.max(...found.map((range) => range[1])), MOST_ABOVE_START * start);
  const low = Math.max(Math.min(...found.map((range) => range[0])), high * 1e-9);
  if (!high) return axis.set(0, 1);
  const log = view.log ?? high / low > (axis.log ? LOG_UNTIL : LOG_FROM);
  const fits = axis.log === log && high <= axis.high && high > (log ? 0.25 : 0.5) * axis.high;
  const top = fits ? axis.high : topFor(high);
  if (!log) return axis.set(0, top);
  const deep = axis.log && low >= axis.low && low < 8 * axis.low;
  return axis.set(deep ? axis.low : niceBelow(low), top, true);
}

/** Where the axis of accuracy starts: as high as leaves the later three quarters of all lines well inside. */
function floorFor(view, values) {
  const from = view.furthest / 4;
  const seen = view.lines.filter(({ judged }) => judged.length >= 3 * JUDGED);
  if (!seen.length) return 0;
  const least = Math.min(
    ...seen.flatMap(({ judged, curve }) => [
      rangeOf(judged.subarray((rowAt(judged, JUDGED, from) + 1) * JUDGED), JUDGED, 2)[0],
      rangeOf(means(curve, CURVE, 2, from, view.furthest / 20), 2, 1)[0],
    ]),
  );
  if (values && least < 0) return -1;
  const wanted = FLOORS.find((floor) => least >= floor + ROOM * (1 - floor)) ?? 0;
  if (wanted > view.floor) return wanted;
  return least < view.floor ? wanted : view.floor;
}
