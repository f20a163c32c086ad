import { h, say } from "./dom.js";
import { shareOf } from "./numbers.js";
import { strip } from "./thumbs.js";

/** The mistakes that the network is surest of, each with what it is and what it was taken for. */
export function mistakes(store) {
  const row = strip(store, "Worst mistakes; press one to see it flow through the network");
  const title = h("h3", {}, "Worst mistakes");
  const none = h("p", { class: "quiet" });
  const element = h("section", { class: "mistakes" }, title, none, row.element);

  function update() {
    const { validation, session } = store;
    const classes = session?.data?.classes;
    element.hidden = !classes;
    if (!classes) return;
    const count = validation?.array.index?.length ?? 0;
    say(none, !validation ? "None known yet." : count ? "" : "No mistake.");
    none.hidden = count > 0;
    row.element.hidden = !count;
    if (!count || row.element.matches(":hover, :has(:focus-visible)")) return; // what one points at stays
    const { images, index, labels, predicted, confidence } = validation.array;
    const items = Array.from(index, (place, i) => {
      const [is, taken, sure] = [classes[labels[i]], classes[predicted[i]], shareOf(confidence[i], 100)];
      return {
        index: place,
        caption: `${is} → ${taken}, ${sure}`,
        label: `${is} taken for ${taken}, ${sure} sure`,
      };
    });
    row.show({ images, shape: validation.shape.images, texts: validation.texts, items });
  }

  row.element.addEventListener("pointerleave", update);
  store.on(["validation", "session"], update);
  return element;
}
