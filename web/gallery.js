import { fill, h } from "./dom.js";
import { makeDialog } from "./dialog.js";
import { icon } from "./icons.js";

/** The button that opens the gallery: networks that are broken on purpose, to see what that looks like. */
export function galleryButton(store) {
  const list = h("ul", { class: "gallery" });
  const dialog = makeDialog(
    "Eight broken networks",
    h(
      "p",
      { class: "quiet" },
      "Each cannot learn well, on purpose. Choose one, press start, and find out why. It begins a new run.",
    ),
    list,
  );
  const button = h(
    "button",
    { type: "button", class: "button outlined wide", "aria-haspopup": "dialog" },
    icon("broken"),
    "Broken nets …",
  );
  button.addEventListener("click", () => {
    fill(list, store.hello.gallery.map(item));
    dialog.open(button);
  });

  function item({ name, title, about, looks_for: sign }) {
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", onclick: () => choose(name) },
        h("b", {}, title),
        h("span", {}, about),
        h("small", {}, `look for: ${sign.replaceAll("-", " ")}`),
      ),
    );
  }

  function choose(name) {
    dialog.close();
    store.send({ kind: "broken", name }).catch(() => {}); // the shell says why
  }

  return h("div", { class: "gallery-start" }, button, dialog.element);
}
