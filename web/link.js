import { h } from "./dom.js";
import { icon } from "./icons.js";

/** The names of settings in a query. */
function namesOf({ controls }) {
  return new Set([...controls.map((control) => control.name), "activation", "recipe"]);
}

/** The address of this page with another set-up; what else stands in its query stays. */
function addressWith(link, names) {
  const rest = new URLSearchParams(location.search);
  for (const name of [...rest.keys()]) if (names.has(name)) rest.delete(name);
  const query = [link, rest.toString()].filter(Boolean).join("&");
  return location.pathname + (query ? `?${query}` : "") + location.hash;
}

/** The settings of a query in an order that does not matter, so that two can be compared. */
function sorted(query, names) {
  return JSON.stringify([...new URLSearchParams(query)].filter(([name]) => names.has(name)).sort());
}

/**
 * Keep the address of the page in step with the set-up. A page that was opened with another set-up in its
 * address asks for that: at once while nothing has been trained, else `ask(use, keep)` asks the user.
 */
export function followLink(store, ask) {
  const opened = location.search.slice(1);
  let settled = null; // not looked at yet, then false while the link waits to be used, then true

  function compare({ hello, session }) {
    const names = namesOf(hello);
    const wanted = sorted(opened, names);
    settled = hello.role === "watch" || wanted === "[]" || wanted === sorted(session.link, names);
    if (settled) return;
    if (session.status === "ready") use(false);
    else ask(() => use(true), settle);
  }

  async function use(anew) {
    try {
      await store.send({ kind: "link", query: opened });
      if (anew) await store.send({ kind: "apply" });
    } catch {
      // the shell says why
    }
    settle();
  }

  function settle() {
    settled = true;
    show();
  }

  function show() {
    const address = addressWith(store.session.link, namesOf(store.hello));
    if (address !== location.pathname + location.search + location.hash)
      history.replaceState(history.state, "", address);
  }

  store.on(["session", "hello"], () => {
    const { hello, session } = store;
    if (!hello || typeof session?.link !== "string") return;
    if (settled === null) compare(store);
    if (settled) show();
  });
}

/** The button that copies the address of this set-up. */
export function copyLinkButton(store, tell) {
  const copy = async () => {
    if (!store.session) return;
    const address = `${location.origin}${location.pathname}?${store.session.link}`;
    try {
      await navigator.clipboard.writeText(address);
      tell("Link copied: it opens this set-up");
    } catch {
      tell(`Copy this address: ${address}`);
    }
  };
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Copy a link to this set-up",
      "data-tip": "Copy a link to this set-up",
      onclick: copy,
    },
    icon("link"),
  );
}
