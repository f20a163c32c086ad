import { makeAsking } from "./drawasking.js";
import { SIDE } from "./padsheet.js";

/**
 * What is to be read, and the readings of it: of the pad as it is now, or of a photo. `told(reading)` gets
 * {…reply, drawn: is it of the pad, name: the photo's, photo: its shape}; `failed(text)` one plain line.
 */
export function makeReadings(store, { pad, reader, told, failed }) {
  const ask = makeAsking(store);
  let wanted = "pad"; // what the user did last
  let photo = null; // {name, bytes, shape}

  const fail = (error) =>
    failed(store.open() ? error.message : "The server has gone; what you drew stays here.");

  function readPad() {
    wanted = "pad";
    const make = () => [
      { kind: "draw", reader: reader(), several: false },
      { picture: { data: pad.picture(), shape: [SIDE, SIDE] } },
    ];
    const done = (reply) => wanted === "pad" && told({ ...reply, drawn: true });
    ask(make, done, (error) => wanted === "pad" && fail(error));
  }

  /** Read a photo; until it is read, what was there stays. */
  async function readPhoto(file) {
    const now = { name: file.name || "pasted picture", bytes: null, shape: null };
    wanted = now;
    try {
      now.bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      return failed(`${now.name}: this file cannot be read`);
    }
    return askPhoto(now);
  }

  function askPhoto(now) {
    if (wanted !== now) return;
    const make = () => [{ kind: "photo", reader: reader(), name: now.name }, { file: now.bytes }];
    const done = (reply) => {
      if (wanted !== now) return;
      photo = now;
      now.shape = reply.shape.photo ?? now.shape;
      told({ ...reply, drawn: false, name: now.name, photo: now.shape });
    };
    ask(make, done, (error) => {
      if (wanted !== now) return;
      wanted = photo ?? "pad"; // as before
      fail(error);
    });
  }

  /** Look at another digit of the photo. */
  function part(k) {
    const now = photo;
    ask(
      () => [{ kind: "part", digit: k }],
      (reply) => wanted === now && told({ ...reply, drawn: false, name: now.name, photo: now.shape }),
      fail,
    );
  }

  /** The same again: another reader, another state of the network, another connection. */
  function again() {
    if (wanted === "pad") readPad();
    else if (wanted.bytes) askPhoto(wanted);
  }

  /** Back to the pad. */
  function drop() {
    photo = null;
    readPad();
  }

  return { readPad, readPhoto, part, again, drop, ofPad: () => wanted === "pad" };
}
