import { atMost } from "./calm.js";
import { h, say } from "./dom.js";
import { answerView, spoken } from "./drawanswer.js";
import { evidenceView } from "./drawevidence.js";
import { makeAsking } from "./drawasking.js";
import { readerChoice } from "./drawreader.js";
import { makeReadings } from "./drawreadings.js";
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
    reading = now;
    remark("");
    const { digits, shown, drawn } = reading;
    element.classList.toggle("of-photo", !drawn);
    tools.refresh(drawn);
    if (!drawn) photo.show(reading, reading.photo);
    answer.show(reading);
    element.classList.toggle("blank", digits[shown].why === "blank");
    stages.show(reading);
    reader.name(reading);
    send.read(reading, reader.value() === "network" && store.hello?.role !== "watch");
    why.disabled = digits[shown].why === "blank";
    speak(spoken(reading));
    explainSoon();
  }

  function remark(text, busy = false) {
    say(note, text);
    note.classList.toggle("busy", busy);
  }

  function fail(text) {
    remark(text);
    if (reading) return;
    answer.quiet("");
    stages.hide();
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

  const explainSoon = atMost(EVIDENCE_MS, () => {
    if (!explained || !reading || !isOpen()) return;
    const digit = reading.digits[reading.shown];
    if (digit.why === "blank") evidence.tell("Nothing is drawn.");
    else if (chosen === null && digit.name === null) evidence.tell(NONE_NAMED);
    else {
      askEvidence(
        () => [{ kind: "evidence", of: "drawing", class: chosen }],
        (reply) => explained && showEvidence(reply),
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
    if (studio.classList.contains("narrow")) element.parentElement.scrollIntoView({ block: "start" });
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
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      if (!readings.ofPad()) return;
      event.preventDefault();
      pad.undo();
    }
  });

  // ---- what the server says

  const learnt = atMost(FRAMES_MS, () => isOpen() && readings.ofPad() && !pad.empty() && readings.readPad());
  let step = null;
  store.on(["frame"], () => {
    const now = `${store.frame?.run} ${store.frame?.step}`;
    if (now !== step && reader.value() === "network") learnt();
    step = now;
  });
  let connected = null;
  store.on(["session", "hello", "connection"], () => {
    reader.refresh();
    send.refresh();
    element.classList.toggle("gone", !store.open());
    if (!store.open()) fail("The server has gone; what you drew stays here.");
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
