import { fill, h } from "./dom.js";
import { option } from "./fields.js";
import { sentenceCase } from "./format.js";

/** What stands in the middle until there is a network; where the data cannot be read, others to choose. */
export function emptyState(store) {
  const [words, why] = [h("p"), h("p", { class: "quiet" })];
  const other = h("div", { class: "other" });
  const box = h("div", { class: "empty", role: "status" }, drawing(), words, why, other);
  store.on(["hello", "session", "connection"], () => {
    const { session, hello } = store;
    const failed = session?.status === "failed";
    const gone = !store.open();
    box.classList.toggle("still", failed || gone);
    const said = gone ? "" : (session?.message ?? "");
    const waiting = said ? `${sentenceCase(said)} …` : "Opening …";
    fill(words, gone ? "" : failed ? "There is nothing to train on yet." : waiting); // a strip says that it is gone
    fill(why, failed ? said : "");
    fill(other, failed && !gone && hello && hello.role !== "watch" ? otherData(store) : null);
  });
  return box;
}

const NODES = [
  [10, 12, "a"],
  [10, 36, "a"],
  [10, 60, "a"],
  [60, 24, "b"],
  [60, 48, "b"],
  [110, 36, "c"],
];

/** A small network, lit from left to right, as the page shows it while it opens. */
function drawing() {
  const edges = NODES.flatMap(([x1, y1]) =>
    NODES.filter(([x2]) => x2 - x1 === 50).map(
      ([x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`,
    ),
  );
  const dots = NODES.map(([x, y, layer]) => `<circle class="${layer}" cx="${x}" cy="${y}" r="6"/>`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 120 72");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = [...edges, ...dots].join("");
  return svg;
}

function otherData(store) {
  const data = store.hello.controls.find(({ name }) => name === "data");
  const menu = h("select", {}, h("option", { value: "" }, "choose …"), data?.options.map(option));
  menu.addEventListener(
    "change",
    () =>
      menu.value &&
      store
        .send({ kind: "setup", settings: { data: menu.value } })
        .catch((error) => store.onerror(error, { kind: "data" })),
  );
  return h("label", {}, "Other data ", menu);
}
