import { atMost } from "./calm.js";
import { onTheme } from "./colours.js";
import { opened } from "./demodata.js";
import { verdictView } from "./demoverdict.js";
import { h, say } from "./dom.js";
import { answerView, spoken } from "./drawanswer.js";
import { photoView } from "./dropphoto.js";
import { stagesView } from "./drawstages.js";

const SAID_MS = 1000; // between two sentences for a screen reader
const OF_OTHERS = "This network has learnt other things than digits: what it says of a drawing means little.";

/** What the network answers: the photo, the answer or what is right, the bars, the stages. `before`: words. */
export function answerPart(before) {
  const photo = photoView((k) => show({ ...told, shown: k }));
  const verdict = verdictView();
  const answer = answerView();
  const stages = stagesView();
  const problem = h("p", { class: "problem", role: "alert" });
  const note = h("p", { class: "quiet" });
  const status = h("div", { class: "hidden-text", role: "status" });
  const speak = atMost(SAID_MS, (text) => say(status, text));
  const element = h(
    "section",
    { class: "answer", "aria-label": "What the network says" },
    photo.element,
    h("div", { class: "answer-said" }, problem, verdict.element, answer.element, note),
    stages.element,
    status,
  );
  let told = null;

  function show(now) {
    told = now;
    say(problem, now?.problem ?? "");
    say(note, now?.digital === false && now.kind !== "pick" ? OF_OTHERS : "");
    for (const kind of ["pick", "draw", "photo"]) element.classList.toggle(`of-${kind}`, now?.kind === kind);
    element.classList.toggle("of-problem", Boolean(now?.problem));
    if (!now || now.problem) return rest(now ? "" : before);
    const one = now.digits[now.shown];
    const { array, shape } = opened({ ...now.arrays, ...one.arrays });
    const reading = { ...now, array, shape };
    answer.element.style.setProperty("--names", `${Math.max(...now.classes.map((name) => name.length))}ch`);
    answer.show(reading);
    if (now.kind === "pick") {
      verdict.show(reading);
      stages.hide();
      return speak(verdict.said());
    }
    const { image, ...arrays } = array;
    const { image: size, ...sizes } = shape;
    stages.show({ ...reading, shown: 0, array: { ...arrays, images: image }, shape: { ...sizes, images: [1, ...size] } });
    if (one.why === "blank") stages.hide(); // five empty boxes
    if (now.kind === "photo") showPhoto(now);
    return speak(spoken(reading));
  }

  function showPhoto(now) {
    const { array, shape } = opened({ photo: now.photo });
    photo.show({ ...now, array, shape }, shape.photo);
  }

  function rest(words) {
    answer.quiet(words);
    stages.hide();
    speak(words);
  }

  onTheme(() => told && show(told));
  return { element, show };
}
