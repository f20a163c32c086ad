export const SIDE = 280; // pad pixels a side: the unit of all that is drawn, and the picture that is sent

const MANY = 200; // points of a stroke that are painted anew each time

const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A canvas on which strokes are painted as they grow: what is settled is painted once, the tip anew. */
export function makeSheet(canvas, forReading = false) {
  const settled = document.createElement("canvas");
  const [pen, under] = [canvas, settled].map((one) =>
    one.getContext("2d", { willReadFrequently: forReading }),
  );
  let painted = []; // by stroke: its points, the next of them to settle, and whether it is whole
  let [colour, ground] = ["#000", null];

  /** Make it so many pixels a side; ink of that colour on `paper`, or on nothing. */
  function lay(pixels, ink, paper = null) {
    [colour, ground] = [ink, paper];
    for (const [one, sheet] of [
      [canvas, pen],
      [settled, under],
    ]) {
      [one.width, one.height] = [pixels, pixels];
      sheet.setTransform(pixels / SIDE, 0, 0, pixels / SIDE, 0, 0);
      Object.assign(sheet, { strokeStyle: ink, fillStyle: ink, lineCap: "round", lineJoin: "round" });
    }
    wipe();
  }

  function wipe() {
    painted = [];
    under.clearRect(0, 0, SIDE, SIDE);
    if (!ground) return;
    under.fillStyle = ground;
    under.fillRect(0, 0, SIDE, SIDE);
    under.fillStyle = colour;
  }

  function draw(strokes) {
    const goesOn = painted.every(({ points }, i) => points === strokes[i]?.points);
    if (!goesOn) wipe();
    strokes.forEach((stroke, i) => settle(stroke, (painted[i] ??= { points: stroke.points, next: 1 })));
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.drawImage(settled, 0, 0, SIDE, SIDE);
    const last = strokes.at(-1);
    if (last && !last.ended) line(pen, last.points, painted.at(-1).next);
  }

  /** Keep what will not change: a stroke that has ended, and of a long one all but its newest points. */
  function settle({ points, ended }, known) {
    if (known.whole || (!ended && points.length - known.next < MANY)) return;
    line(under, points, known.next, !ended);
    known.next = points.length;
    known.whole = ended;
  }

  /** The grey values, one byte a pixel. */
  function bytes() {
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Uint8Array(data.length / 4);
    for (let k = 0; k < grey.length; k += 1) grey[k] = data[4 * k];
    return grey;
  }

  return { lay, draw, bytes };
}

/**
 * A line through points, from the curve of point `next` on: each curve runs between the middles on both sides
 * of a point, and where the width stays it is one path, so that its edge is smooth. `open`: without its tip.
 */
function line(pen, points, next, open = false) {
  const last = points.at(-1);
  pen.beginPath();
  if (points.length === 1) {
    pen.arc(last.x, last.y, last.width / 2, 0, 2 * Math.PI);
    pen.fill();
    return;
  }
  let from = next === 1 ? points[0] : middle(points[next - 2], points[next - 1]);
  pen.moveTo(from.x, from.y);
  pen.lineWidth = points[next - 1].width;
  for (let i = next; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const width = (a.width + b.width) / 2;
    if (width !== pen.lineWidth) {
      pen.stroke();
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineWidth = width;
    }
    from = middle(a, b);
    pen.quadraticCurveTo(a.x, a.y, from.x, from.y);
  }
  if (!open) pen.lineTo(last.x, last.y);
  pen.stroke();
}
