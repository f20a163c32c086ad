import { fill, h, say } from "./dom.js";

const HOLD_MS = 2500; // a finding that comes and goes stays this long, so that the line can be read
const TEXT_MS = 1000;

/** The layers that a finding is about: "layers 2, 4 and 6: …" is about three. */
export function placesOf({ place, text }) {
  const named = /^layers? ([\d, and]+)/.exec(text);
  return named ? (named[1].match(/\d+/g)?.map(Number) ?? [place]) : [place];
}

/** What looks wrong, in plain words; `show(place)` is called with the layer of a finding that is pressed. */
export function findings(store, show) {
  const list = h("ul", { class: "findings-list" });
  const calm = h("p", { class: "calm quiet" });
  const spoken = h("div", { class: "hidden-text", role: "status" });
  const element = h("section", { class: "findings", "aria-label": "What looks wrong" }, list, calm, spoken);
  const held = new Map(); // by name and place: {item, text, seen, written}
  const told = new Set();
  let run = null;

  function forget() {
    held.clear();
    told.clear();
    fill(list);
    say(spoken, "");
  }

  function itemOf({ place }) {
    const words = h("span");
    const sign = h("span", { class: "sign", "aria-hidden": "true" }, "\u26a0\ufe0e");
    const button = h(
      "button",
      { type: "button", disabled: place === null, onclick: () => show(place) },
      sign,
      words,
    );
    return { element: h("li", {}, button), words };
  }

  function take(finding, now) {
    const key = `${finding.name} ${finding.place}`;
    const known = held.get(key) ?? { item: itemOf(finding), written: -Infinity };
    if (!held.has(key)) list.append(known.item.element);
    if (now - known.written > TEXT_MS) {
      say(known.item.words, finding.text);
      known.written = now;
    }
    held.set(key, { ...known, seen: now });
    if (told.has(key)) return;
    told.add(key);
    say(spoken, finding.text);
  }

  function update() {
    const { frame, session } = store;
    if (session && session.run !== run) {
      run = session.run;
      forget();
    }
    const now = performance.now();
    for (const finding of frame?.findings ?? []) take(finding, now);
    const hold = session?.status === "running" ? HOLD_MS : 0;
    for (const [key, { item, seen }] of held) {
      if (now - seen <= hold) continue;
      item.element.remove();
      held.delete(key);
    }
    calm.hidden = held.size > 0;
    say(calm, frame?.step ? "Nothing looks wrong." : "");
  }

  store.on(["frame", "session"], update);
  return element;
}
