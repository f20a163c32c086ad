import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { shareOf } from "./numbers.js";
import { strip } from "./thumbs.js";

/** "4 taken for 9", "4 recognised". */
export function takenFor(actual, predicted) {
  return actual === predicted ? `${actual} recognised` : `${actual} taken for ${predicted}`;
}

/** The examples of one cell; they follow the run while they are open. */
export function cellExamples(store) {
  const title = h("h3");
  const row = strip(store, "Examples of this cell");
  const none = h("p", { class: "quiet" }, "No example.");
  const element = h(
    "div",
    { class: "cell-examples", hidden: true },
    h(
      "div",
      { class: "title" },
      title,
      h("button", { class: "button", type: "button", onclick: () => close() }, "close"),
    ),
    none,
    row.element,
  );
  let chosen = null;
  let asking = false;
  element.addEventListener("keydown", (event) => event.key === "Escape" && close());

  function close() {
    chosen = null;
    element.hidden = true;
  }

  async function ask() {
    if (!chosen || asking) return;
    asking = true;
    const asked = chosen;
    try {
      const reply = await store.send({ kind: "cell", actual: asked[0], predicted: asked[1] });
      if (asked === chosen) show(reply);
    } catch {
      close(); // the shell has said why
    } finally {
      asking = false;
    }
    if (chosen && chosen !== asked) ask();
  }

  function show(reply) {
    const names = store.session.data.classes;
    const [actual, predicted] = [names[reply.actual], names[reply.predicted]];
    const { index, confidence, images } = reply.array;
    const shown = index.length < reply.n ? `, ${index.length} shown` : "";
    const words = takenFor(actual, predicted);
    say(title, `${words}: ${grouped(reply.n)}${shown}`);
    const items = Array.from(index, (place, i) => {
      const sure = shareOf(confidence[i], 100);
      return { index: place, caption: sure, label: `${words}, ${sure} sure` };
    });
    none.hidden = items.length > 0;
    row.element.hidden = !items.length;
    row.show({ images, shape: reply.shape.images, texts: reply.texts, items });
    element.hidden = false;
  }

  return {
    element,
    close,
    refresh: () => row.element.matches(":hover, :has(:focus-visible)") || ask(), // what one points at stays
    open: (actual, predicted) => {
      const same = chosen && chosen[0] === actual && chosen[1] === predicted;
      if (same) return close();
      chosen = [actual, predicted];
      ask();
    },
  };
}
