import { makeAsking } from "./drawasking.js";
import { SIDE } from "./padsheet.js";

export const GONE = "The server has gone; what you drew stays here.";
const NAME = 100; // characters of a file's name that are told

/**
 * What is to be read, and the readings of it: of the pad as it is now, or of a photo. `told(reading)` gets
 * {…reply, drawn: is it of the pad, anew: did the user ask, or has the network only learnt since,
 * name: the photo's, photo: its shape}; `failed(text, stale)` one plain line, and whether what is shown is
 * of something else.
 */
export function makeReadings(store, { pad, reader, told, failed }) {
  const ask = makeAsking(store);
  let wanted = "pad"; // what the user did last
  let photo = null; // {name, bytes, shape, at: the digit that is looked at}
  let fresh = false; // the user did something that was not asked yet

  function fail(error, stale) {
    if (store.open()) failed(error.message, stale);
    else failed(GONE, wanted === "pad" && pad.empty());
  }

  function readPad() {
    wanted = "pad";
    fresh = true;
    askPad();
  }

  function askPad() {
    let anew = false;
    const make = () => {
      [anew, fresh] = [anew || fresh, false];
      const picture = { data: pad.picture(), shape: [SIDE, SIDE] };
      return [{ kind: "draw", reader: reader(), several: false }, { picture }];
    };
    const done = (reply) => wanted === "pad" && told({ ...reply, drawn: true, anew });
    ask(make, done, (error) => wanted === "pad" && fail(error, true));
  }

  /** Read a photo; until it is read, what was there stays. */
  async function readPhoto(file) {
    const now = { name: (file.name || "pasted picture").slice(-NAME), bytes: null, shape: null, at: 0 };
    wanted = now;
    try {
      now.bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      return wanted === now && giveUp(new Error(`${now.name}: this file cannot be read`));
    }
    return askPhoto(now);
  }

  function askPhoto(now, anew = true) {
    if (wanted !== now) return;
    const make = () => [{ kind: "photo", reader: reader(), name: now.name }, { file: now.bytes }];
    const done = (reply) => {
      if (wanted !== now) return;
      photo = now;
      now.shape = reply.shape.photo ?? now.shape;
      if (now.at > 0 && now.at < reply.digits.length) part(now.at, anew);
      else tell(reply, anew);
    };
    ask(make, done, (error) => wanted === now && giveUp(error));
  }

  const tell = (reply, anew) => told({ ...reply, drawn: false, anew, name: photo.name, photo: photo.shape });

  /** As it was before the photo that cannot be read. */
  function giveUp(error) {
    const stale = wanted === photo; // it could be, by another reader
    wanted = photo ?? "pad";
    fail(error, stale);
  }

  /** Look at another digit of the photo. */
  function part(k, anew = true) {
    const now = photo;
    now.at = k;
    ask(
      () => [{ kind: "part", digit: k }],
      (reply) => wanted === now && tell(reply, anew),
      (error) => wanted === now && fail(error, false),
    );
  }

  /** The same again: another reader, another state of the network, another connection. */
  function again() {
    if (wanted === "pad") readPad();
    else if (wanted.bytes) askPhoto(wanted);
  }

  /** The same by a network that has learnt since; a photo, which is larger, when it `stands`. */
  function learnt(stands) {
    if (wanted === "pad") pad.empty() || askPad();
    else if (stands && wanted.bytes) askPhoto(wanted, false);
  }

  /** Back to the pad. */
  function drop() {
    photo = null;
    readPad();
  }

  return { readPad, readPhoto, part, again, learnt, drop, ofPad: () => wanted === "pad" };
}
