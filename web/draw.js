import { atMost } from "./calm.js";
import { h, say, showFromTop } from "./dom.js";
import { answerView, spoken } from "./drawanswer.js";
import { evidenceView } from "./drawevidence.js";
import { makeAsking } from "./drawasking.js";
import { readerChoice } from "./drawreader.js";
import { GONE, makeReadings } from "./drawreadings.js";
import { sending } from "./drawsend.js";
import { stagesView } from "./drawstages.js";
import { padTools } from "./drawtools.js";
import { listenToPhotos, problemOf } from "./drop.js";
import { photoView } from "./dropphoto.js";
import { icon } from "./icons.js";
import { makePad } from "./pad.js";

const SAID_MS = 1000; // between two sentences for a screen reader
const EVIDENCE_MS = 250; // between two questions for evidence, each of many passes through the network
const FRAMES_MS = 400; // between two readings of the same drawing by a network that learns
const NONE_NAMED = "No digit is named. Choose a class among the bars to see what speaks for and against it.";

/** The panel: {element, open(from), toggle(from), listen(page)}; `studio` wears .drawing while it is open. */
export function drawPanel(store, studio) {
  const pad = makePad(() => {
    tools.refresh(true);
    readings.readPad();
  });
  const reader = readerChoice(store, () => readings.again());
  const note = h("p", { class: "draw-note", role: "alert" });
  const status = h("div", { class: "hidden-text", role: "status" });
  const readings = makeReadings(store, { pad, reader: reader.value, told: show, failed: fail });
  const photo = photoView((k) => readings.part(k));
  const tools = padTools(pad, { take, back: readings.drop });
  const answer = answerView(choose);
  const evidence = evidenceView();
  const stages = stagesView();
  const send = sending(store, fail);
  const why = h(
    "button",
    { type: "button", class: "button outlined", "aria-pressed": "false", onclick: () => explain(!explained) },
    "For and against",
  );
  why.dataset.tip = "Which pixels spoke for and against the answer";
  const element = layOut();
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const askEvidence = makeAsking(store);
  let reading = null; // what is shown
  let explained = false; // whether evidence is shown
  let asked = false; // whether it was just asked for, so that it is brought into sight
  let chosen = null; // the class that it is shown for; null: the answer
  let opener = null;

  function layOut() {
    const close = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Close drawing", onclick: () => toggle() },
      icon("close"),
    );
    const surface = h(
      "div",
      { class: "draw-surface" },
      pad.element,
      photo.element,
      h("p", { class: "draw-drop", "aria-hidden": "true" }, "Drop the photo"),
    );
    return h(
      "section",
      { class: "panel draw", "aria-label": "Draw" },
      h("header", { class: "draw-header" }, h("h2", {}, "Draw"), close),
      reader.element,
      h("div", { class: "draw-desk" }, surface, tools.element, note),
      answer.element,
      h("div", { class: "draw-actions" }, send.element, why),
      evidence.element,
      stages.element,
      status,
    );
  }

  // ---- readings

  function show(now) {
    const { digits, shown, drawn, anew } = now;
    if (anew) remark("");
    if (anew || digits[shown].name !== reading?.digits[reading.shown].name) speak(spoken(now));
    reading = now;
    element.classList.toggle("of-photo", !drawn);
    tools.refresh(drawn);
    if (!drawn) photo.show(reading, reading.photo);
    answer.show(reading);
    stages.show(reading);
    reader.name(reading);
    send.read(reading, reader.value() === "network" && store.hello?.role !== "watch", anew);
    why.disabled = isBlank();
    explainSoon();
  }

  function remark(text, busy = false) {
    say(note, text);
    note.classList.toggle("busy", busy);
  }

  /** Say what went wrong. What is shown stays, unless it is `stale`: of something else. */
  function fail(text, stale = false) {
    remark(text);
    if (reading && !stale) return;
    reading = null;
    why.disabled = true;
    answer.quiet("");
    stages.hide();
    send.read(null, false, false);
    explainSoon();
  }

  function take(file) {
    if (store.hello?.draws === false) return undefined;
    open();
    const problem = problemOf(file);
    if (problem) return fail(problem);
    remark(`Reading ${file.name || "the picture"} …`, true);
    return readings.readPhoto(file);
  }

  // ---- evidence

  function choose(k) {
    chosen = k;
    answer.mark(k);
    explain(true);
  }

  function explain(on) {
    explained = asked = on;
    why.setAttribute("aria-pressed", on);
    evidence.element.hidden = !on;
    if (!on) {
      chosen = null;
      answer.mark(null);
    }
    explainSoon();
  }

  function showEvidence(reply) {
    evidence.show(reply);
    if (asked) evidence.element.scrollIntoView({ block: "nearest" });
    asked = false;
  }

  /** Whether it is evidence for what is shown now; of what was there before it may still be under way. */
  function isOfThis(reply) {
    const named = reading?.digits[reading.shown].name ?? null;
    return explained && !isBlank() && (chosen === null ? reply.name === named : reply.class === chosen);
  }

  const isBlank = () => reading?.digits[reading.shown].why === "blank";

  const explainSoon = atMost(EVIDENCE_MS, () => {
    if (!explained || !isOpen()) return;
    if (!reading || isBlank()) evidence.tell(reading ? "Nothing is drawn." : "");
    else if (chosen === null && reading.digits[reading.shown].name === null) evidence.tell(NONE_NAMED);
    else {
      askEvidence(
        () => [{ kind: "evidence", of: "drawing", class: chosen }],
        (reply) => isOfThis(reply) && showEvidence(reply),
        (error) => evidence.tell(store.open() ? error.message : ""),
      );
    }
  });

  // ---- open and closed

  const isOpen = () => studio.classList.contains("drawing");

  /** Tell those who share the page's room. */
  function announce(on) {
    studio.classList.toggle("drawing", on);
    element.dispatchEvent(new CustomEvent("drawing", { bubbles: true, detail: on }));
  }

  function open(from = null) {
    const already = isOpen();
    announce(true); // already open it may lie behind look inside
    pad.focus();
    if (already) return;
    opener = from;
    if (studio.classList.contains("narrow")) showFromTop(element.parentElement);
    readings.again();
  }

  function toggle(from = null) {
    if (!isOpen()) {
      open(from);
      return;
    }
    const focused = element.contains(element.getRootNode().activeElement);
    announce(false);
    if (focused) opener?.focus();
  }

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      toggle();
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      if (!readings.ofPad()) return;
      event.preventDefault();
      pad.undo();
    }
  });

  // ---- what the server says

  const learnt = atMost(FRAMES_MS, () => isOpen() && readings.learnt(store.session?.status !== "running"));
  let known = null; // of the network: which, at which step, and whether it goes on
  store.on(["frame", "session"], () => {
    const now = `${store.frame?.run} ${store.frame?.step} ${store.session?.status}`;
    if (now !== known && reader.value() === "network") learnt();
    known = now;
  });
  let connected = null;
  store.on(["session", "hello", "connection"], () => {
    reader.refresh();
    send.refresh();
    element.classList.toggle("gone", !store.open());
    if (!store.open()) fail(GONE);
    else if (connected === false) {
      remark("");
      if (isOpen()) readings.again();
    }
    connected = store.open();
  });

  answer.quiet("");
  tools.refresh(true);
  explain(false);
  const hover = (on) => element.classList.toggle("over", on && isOpen());
  const listen = (page) => listenToPhotos(studio, page, { take, failed: fail, hover, isOpen });
  return { element, open, toggle, listen };
}
