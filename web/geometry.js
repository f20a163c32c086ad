const ACTIVATION_KINDS = ["ReLU", "LeakyReLU", "Sigmoid", "Tanh", "GELU", "Softmax"];
const HEAD = 1.7; // heights of a small line: the heading over each layer
const ROW = 2.4; // heights of a small line: a row of a table at most
const LARGEST_CELL = 20; // CSS pixels, of a unit that is a square
const LARGEST_TILE = 150;
const UPRIGHT_BELOW = 500; // CSS pixels: narrower, the network flows from top to bottom

/** The network as stages: each weight matrix with the layers up to the next one. */
export function stagesOf(session) {
  const stages = [];
  for (const layer of session.network.layers) {
    if (layer.matrix) {
      const { name, inputs, units } = layer.matrix;
      const number = stages.length + 1;
      stages.push({ number, place: layer.place, last: layer.place, name, inputs, units, activation: null });
    } else if (stages.length) {
      const stage = stages[stages.length - 1];
      stage.last = layer.place;
      if (ACTIVATION_KINDS.includes(layer.kind)) stage.activation = layer.label;
    }
  }
  return stages;
}

/** The inputs as an image: {h, w, channels, input(y, x, channel) → which input}; null if they are none. */
export function imageOf(session, data) {
  if (session.data.kind !== "images" || !data?.shape.images) return null;
  const [, h, w, channels = 1] = data.shape.images;
  const first = session.data.shape.length === 3 && session.data.shape[0] === channels;
  const [down, across, between] = first ? [w, 1, h * w] : [w * channels, channels, 1];
  return {
    h,
    w,
    channels,
    down,
    across,
    between,
    input: (y, x, c = 0) => y * down + x * across + c * between,
  };
}

/** How many side by side are largest in a box: `count` of them, each `aspect` times as wide as tall. */
function packed(count, aspect, width, height, most = Infinity) {
  let best = { columns: 1, rows: count, size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / aspect, height / rows, most);
    if (size > best.size + 1e-6) best = { columns, rows, size };
  }
  return best;
}

/** Where unit j of a box of units is drawn: {x, y, w, h}. */
export function unitAt(box, j) {
  const { columns, pitchX, pitchY, w, h } = box.grid;
  return { x: box.x + (j % columns) * pitchX, y: box.y + Math.floor(j / columns) * pitchY, w, h };
}

/** Which unit of a box is at a point, or −1. */
export function unitUnder(box, x, y) {
  const { columns, rows, pitchX, pitchY, count } = box.grid;
  const [column, row] = [Math.floor((x - box.x) / pitchX), Math.floor((y - box.y) / pitchY)];
  if (column < 0 || column >= columns || row < 0 || row >= rows) return -1;
  const j = row * columns + column;
  return j < count ? j : -1;
}

function boxOf(x, y, { columns, rows, size }, aspect, count, share) {
  const [pitchX, pitchY] = [size * aspect, size];
  const grid = { columns, rows, count, pitchX, pitchY, w: pitchX * share, h: pitchY * share };
  return { x, y, width: columns * pitchX, height: rows * pitchY, grid };
}

/**
 * Boxes in CSS pixels for the input, the units of each stage but the last, and the answers.
 * `view`: {kind, width, height, aspect (of a tile), small (a line's height), rows (of a table), answers (how
 * many), longest (name among them)}. Returns {upright, height, input, table, units (a box a stage), answers}.
 */
export function layout(stages, view) {
  return view.width < UPRIGHT_BELOW ? upright(stages, view) : across(stages, view);
}

function across(stages, view) {
  const { width, height, small } = view;
  const top = Math.round(HEAD * small);
  const tall = height - top - 2;
  const deep = stages.slice(1, -1);
  const gap = Math.min(Math.max((width * 0.26) / (deep.length + 2), 12), 0.065 * width);
  const least = (view.kind === "points" ? 9.3 : 9.5) + 0.6 * Math.min(view.longest, 12);
  const answers = { width: Math.min(Math.max(0.17 * width, least * small), 18 * small), height: tall };
  const shares = { images: 0.16, points: alone(stages) ? 0.6 : 0.5, table: 0.24 };
  const widest = { images: Math.min(0.45 * tall, 16 * small), points: tall - 1.6 * small, table: 16 * small };
  const inputWide = Math.min(Math.max(shares[view.kind] * width, 64), widest[view.kind]);
  const free = width - answers.width - inputWide - gap * (deep.length + 2);
  const most = Math.max((free * Math.min(0.2 + 0.1 * deep.length, 0.7)) / Math.max(deep.length, 1), 5);
  const cells = deep.map((stage) => packed(stage.units, 1, most, tall, LARGEST_CELL));
  const used = cells.reduce((sum, cell) => sum + cell.columns * cell.size, 0);
  const wide = Math.max(free - used, 40);
  const rows = view.kind === "table" ? Math.min(tall, view.rows * ROW * small) : tall;
  const input = { x: 0, y: top + (tall - rows) / 2, width: inputWide, height: rows };
  const units = [];
  let x = inputWide + gap;
  let table = null;
  if (view.kind === "table") {
    const close = Math.min(gap, 12);
    const column = packed(stages[0].units, 1, Math.max(wide * 0.2, 14), tall, LARGEST_CELL);
    const own = alone(stages) ? 0 : column.columns * column.size + close;
    x = inputWide + close;
    const most = Math.max(wide + (alone(stages) ? 2 : 1) * (gap - close) - own, 30);
    table = { x, y: input.y, width: Math.min(most, stages[0].units * 34), height: rows };
    x += table.width + close;
    units.push(alone(stages) ? null : boxOf(x, top, column, 1, stages[0].units, 0.84));
    x += alone(stages) ? 0 : own - close + gap;
  } else {
    const tile = packed(stages[0].units, view.aspect, wide, tall, LARGEST_TILE);
    units.push(boxOf(x, top, tile, view.aspect, stages[0].units, 1));
    x += units[0].width + gap;
  }
  deep.forEach((stage, k) => {
    const box = boxOf(x, top, cells[k], 1, stage.units, cells[k].size > 6 ? 0.84 : 0.9);
    units.push(box);
    x += box.width + gap;
  });
  answers.x = x;
  answers.y = top;
  answers.width = Math.min(width - x, 24 * small);
  const spare = width - (x + answers.width);
  if (spare > 0) spread([table, ...units, answers], spare);
  middle([...units, answers], top, tall);
  return { upright: false, height, input, table, units, answers, gap, small };
}

const alone = (stages) => stages.length === 1;

/** What is left of the width goes between the boxes. */
function spread(boxes, spare) {
  const there = boxes.filter(Boolean);
  there.forEach((box, k) => {
    box.x += (spare * (k + 1)) / there.length;
  });
}

/** Boxes of units stand in the middle of the height. */
function middle(boxes, top, tall) {
  for (const box of boxes) if (box?.grid) box.y = top + Math.max((tall - box.height) / 2, 0);
}

function upright(stages, view) {
  const { width, small } = view;
  const head = Math.round(HEAD * small);
  const gap = 2.6 * small;
  const units = [];
  let y = head;
  const sides = { images: Math.min(0.34 * width, 130), points: width, table: width };
  const rows = view.kind === "table" ? Math.min(Math.max(view.rows * 1.5 * small, 60), 460) : 0;
  const input = { x: 0, y, width: sides[view.kind], height: rows || sides[view.kind] };
  let table = null;
  if (rows) {
    input.width = Math.min(0.45 * width, 13 * small);
    table = { x: input.width + 8, y, width: width - input.width - 8, height: rows };
  }
  y += input.height + gap + (view.kind === "points" ? 1.6 * small : 0);
  const down = (box) => {
    box.x = (width - box.width) / 2;
    units.push(box);
    y += box.height + gap;
  };
  if (rows && alone(stages)) units.push(null);
  else if (rows)
    down(boxOf(0, y, packed(stages[0].units, 1, width, 40, LARGEST_CELL), 1, stages[0].units, 0.84));
  else {
    const tile = packed(stages[0].units, view.aspect, width, 1.1 * width, view.kind === "points" ? 50 : 72);
    down(boxOf(0, y, tile, view.aspect, stages[0].units, 1));
  }
  const margin = Math.round(2.2 * small); // for headings and the lines to the answers
  for (const stage of stages.slice(1, -1)) {
    const wide = width - 2 * margin;
    const one = { columns: stage.units, rows: 1, size: Math.min(wide / stage.units, 16) };
    down(boxOf(0, y, one.size >= 7 ? one : packed(stage.units, 1, wide, 64, 12), 1, stage.units, 0.84));
  }
  const answers = {
    x: margin,
    y,
    width: width - margin,
    height: Math.max(Math.min(view.answers * 1.55 * small, 420), 1.5 * small),
  };
  return { upright: true, height: y + answers.height + 4, input, table, units, answers, gap, small };
}
