import { atMost } from "./calm.js";
import { h, say } from "./dom.js";

const LIVE_MS = 120; // between two drawings sent while the pen moves: each makes a new picture of the network
const CANNOT = "The network's inputs are not 28 × 28 grey pixels: a drawing cannot flow through it.";

/**
 * Have the drawing flow through the network in the picture, as its sample: with a button, and live while that
 * network reads it. {element, read(reading, live, anew), refresh()}
 */
export function sending(store, failed) {
  const words = h("span", {});
  const button = h("button", { type: "button", class: "button outlined", onclick: () => send() }, words);
  let [busy, again, live, there] = [false, false, false, false];

  async function send() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      try {
        await store.send({ kind: "take" }, null, { quiet: true });
      } catch (error) {
        failed(error.message);
      }
    } while (again);
    busy = false;
  }

  const sendLive = atMost(LIVE_MS, () => live && there && may() && send());
  const may = () => store.open() && store.hello?.role !== "watch" && Boolean(store.session?.reads);

  /** Know of a reading; `anew`: it is another drawing, not only read again. */
  function read(reading, isLive, anew) {
    [live, there] = [isLive, reading !== null && reading.digits[reading.shown].why !== "blank"];
    if (anew) sendLive();
    refresh();
  }

  function refresh() {
    button.hidden = store.hello?.role === "watch";
    const flows = live && there && store.session?.sample?.drawing;
    button.disabled = !may() || !there || flows;
    button.dataset.tip = store.session?.reads
      ? "It becomes the sample that flows through the picture"
      : CANNOT;
    say(words, flows ? "Flows through the network, live" : "Send it through the network");
  }

  return { element: button, read, refresh };
}
