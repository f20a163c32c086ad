import { h } from "./dom.js";
import { keepKeys } from "./keys.js";
import { lineTo } from "./lineto.js";
import { shell } from "./shell.js";
import { makeStore } from "./store.js";
import { followHost, wearTheme } from "./theme.js";

/** The studio, for all hosts: a page of its own, a notebook's cell, a demo. Returns what takes it down. */
function render({ model, el }) {
  const host = h("div", { class: "glassnet-studio" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(model.get("css"));
  root.adoptedStyleSheets = [sheet];

  const page = Boolean(model.get("address")); // the page is ours alone, its address too
  const line = page ? null : lineTo(model);
  const store = makeStore(line ?? model);
  store.page = page;
  const studio = h("div", { class: page ? "studio page" : "studio" });
  const ends = [wearTheme(studio)];
  root.append(studio);
  el.append(host);
  ends.push(shell(studio, store, page));
  if (line) {
    ends.push(followHost(host), keepKeys(host), line.close);
    line.open();
  }
  return () => {
    ends.forEach((end) => end());
    store.close();
    host.remove();
  };
}

export default { render };
