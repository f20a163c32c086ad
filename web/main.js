import { h } from "./dom.js";
import { shell } from "./shell.js";
import { makeStore } from "./store.js";
import { wearTheme } from "./theme.js";

/** The studio, for all hosts: a page of its own, a notebook's cell, a demo. Returns what takes it down. */
function render({ model, el }) {
  const host = h("div", { class: "glassnet-studio" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(model.get("css"));
  root.adoptedStyleSheets = [sheet];

  const store = makeStore(model);
  const page = Boolean(model.get("address")); // the page is ours alone, its address too
  const studio = h("div", { class: page ? "studio page" : "studio" });
  const ends = [wearTheme(studio)];
  root.append(studio);
  el.append(host);
  ends.push(shell(studio, store, page));
  return () => {
    ends.forEach((end) => end());
    store.close();
    host.remove();
  };
}

export default { render };
