import { ticksOf } from "./axes.js";
import { dashOf, slotOf } from "./branches.js";
import { grouped } from "./format.js";

// Lengths are in widths of the small font.
const DOT = 0.27; // radius of a snapshot
const DENSE = 0.67; // between two snapshots; nearer than that, they are strokes
const BEND = 0.4; // how far a branch goes on while it leaves its parent

/**
 * Paint the time line. `look`: {context, colours, right, height, x(step), lane(branch's number)}; `scene`:
 * {branches, snapshots, current, newest(branch), at: {step, branch} where the handle is, pointed, high: last
 * step, each: steps an epoch}.
 */
export function paintTrack(look, scene) {
  const { branches, snapshots, current, newest, at, pointed } = scene;
  epochs(look, scene);
  for (const branch of branches) line(look, branch, newest(branch), branch.id === current);
  for (const branch of branches)
    dots(
      look,
      snapshots.filter((one) => one.branch === branch.id),
      branch,
    );
  const now = branches.find((branch) => branch.id === current);
  if (now) bar(look, newest(now), look.lane(current));
  if (at) handle(look, at.step, look.lane(at.branch));
  if (pointed && pointed !== at) ring(look, pointed.step, look.lane(pointed.branch));
}

function epochs({ context, colours, x, right, height }, { high, each }) {
  const { size } = colours;
  const y = height - 1.15 * size;
  Object.assign(context, { fillStyle: colours.quiet, strokeStyle: colours.rule, textBaseline: "top" });
  context.textAlign = "center";
  context.lineWidth = 1;
  const most = Math.max(2, Math.floor(right / (5 * size)));
  const ends = ticksOf({ low: 0, high: high / each }, most).filter(
    (epoch) => epoch > 0 && Number.isInteger(epoch),
  );
  for (const epoch of ends) {
    const at = Math.round(x(epoch * each)) + 0.5;
    stroke(context, [
      [at, 0],
      [at, y - 2],
    ]);
    context.fillText(grouped(epoch), at, y);
  }
  context.textAlign = "left";
  if (ends.length) context.fillText("epoch", 0, y);
  else context.fillText(`${grouped(high)} steps`, Math.max(right - 6 * size, 0), y);
}

function line({ context, colours, x, lane, right }, branch, last, current) {
  const { size } = colours;
  const colour = colours.branch[slotOf(branch)];
  const [from, y] = [x(branch.from_step), lane(branch.id)];
  const root = branch.parent === null;
  const end = Math.max(x(last), root ? from : from + BEND * size);
  Object.assign(context, { strokeStyle: colours.rule, lineWidth: size / 6, lineJoin: "round" });
  if (current)
    stroke(context, [
      [x(last), y],
      [right, y],
    ]);
  Object.assign(context, { strokeStyle: colour, lineWidth: size * (current ? 0.25 : 0.17) });
  context.setLineDash(dashOf(slotOf(branch)).map((part) => (part * size) / 12));
  stroke(
    context,
    root
      ? [
          [from, y],
          [end, y],
        ]
      : [
          [from, lane(branch.parent)],
          [from + BEND * size, y],
          [end, y],
        ],
  );
  context.setLineDash([]);
  Object.assign(context, { fillStyle: colour, textAlign: "left", textBaseline: "middle" });
  context.fillText(branch.name, end + 0.9 * size, y);
}

function stroke(context, points) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

/** A branch's snapshots: dots, or strokes where they are close to one another. */
function dots({ context, colours, x, lane }, snapshots, branch) {
  const y = lane(branch.id);
  const places = snapshots.map((one) => x(one.step));
  const { size } = colours;
  const dot = DOT * size;
  const close = (i) => places[i] - (places[i - 1] ?? -Infinity) < DENSE * size;
  Object.assign(context, {
    strokeStyle: colours.branch[slotOf(branch)],
    fillStyle: colours.bg,
    lineWidth: size / 8,
  });
  context.beginPath();
  places.forEach((at, i) => close(i) && context.rect(at - 0.25, y - dot, 0.5, 2 * dot));
  context.stroke();
  context.beginPath();
  places.forEach((at, i) => {
    if (close(i)) return;
    context.moveTo(at + dot, y);
    context.arc(at, y, dot, 0, 2 * Math.PI);
  });
  context.fill();
  context.stroke();
}

function bar({ context, colours, x }, step, y) {
  context.fillStyle = colours.accent;
  context.fillRect(x(step) - colours.size / 6, y - 0.65 * colours.size, colours.size / 3, 1.3 * colours.size);
}

function handle({ context, colours, x }, step, y) {
  Object.assign(context, { fillStyle: colours.accent, strokeStyle: colours.bg, lineWidth: colours.size / 6 });
  context.beginPath();
  context.arc(x(step), y, 0.58 * colours.size, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function ring({ context, colours, x }, step, y) {
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: colours.size / 8 });
  context.beginPath();
  context.arc(x(step), y, 0.5 * colours.size, 0, 2 * Math.PI);
  context.stroke();
}
