import { h } from "./dom.js";
import { makeDialog } from "./dialog.js";

const KEYS = [
  ["space", "start or pause"],
  ["→", "one step"],
  ["shift →", "to the end of the epoch"],
  ["r", "back to the start, same seed"],
  ["d", "draw a digit; once more: close"],
  ["?", "this list"],
  ["esc", "close; in a field: as it was before"],
];
const TYPING = "input, select, textarea, [contenteditable]";
const OWN_ARROWS =
  "[role=slider], [role=grid], [role=gridcell], [role=listbox], [role=option], [role=tab], [role=radio]";

/** The list of keys, as a dialog. */
export function keysDialog() {
  const rows = KEYS.flatMap(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)]);
  const dialog = makeDialog("Keys", h("dl", { class: "keys" }, rows));
  dialog.element.classList.add("narrow");
  return dialog;
}

/**
 * Where the studio stands in a notebook: a key that is pressed in it is not also the notebook's, whose "d d"
 * deletes the cell. With ctrl, alt or cmd it is the notebook's. Returns what ends it.
 */
export function keepKeys(host) {
  const theirs = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;
  const before = (event) => host.toggleAttribute("data-lm-suppress-shortcuts", !theirs(event)); // JupyterLab's
  const after = (event) => theirs(event) || event.stopPropagation();
  window.addEventListener("keydown", before, true);
  for (const kind of ["keydown", "keyup", "keypress"]) host.addEventListener(kind, after);
  return () => window.removeEventListener("keydown", before, true);
}

/** Listen for keys: on the whole page if it is ours alone, else in the studio only. Returns what ends it. */
export function listenForKeys(studio, page, commands, openKeys, draw) {
  const target = page ? document : studio;
  let pointed = false; // the focus lies where one clicked: there, space is the page's key, not the button's

  function onKey(event) {
    const focus = event.composedPath()[0];
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Tab", "Enter"].includes(event.key)) pointed = false;
    if (!(focus instanceof Element) || focus.closest(TYPING) || focus.closest("dialog")) return;
    const act = actionFor(event, focus);
    if (!act) return;
    event.preventDefault();
    if (event.type === "keydown") act();
  }

  function actionFor({ key, shiftKey, repeat }, focus) {
    const button = focus.closest("button, summary, a[href], [role=button], [tabindex]");
    if (key === " ") return (button && !pointed) || repeat ? null : commands.toggle;
    if (key === "ArrowRight" && !focus.closest(OWN_ARROWS)) return shiftKey ? commands.epoch : commands.step;
    if (key === "r" && !repeat) return commands.reset;
    if (key === "d" && !repeat) return draw;
    return key === "?" ? openKeys : null;
  }

  const onUp = (event) =>
    event.key === " " && pointed && !event.composedPath()[0].closest?.(TYPING) && event.preventDefault();
  const onPointer = () => {
    pointed = true;
  };
  target.addEventListener("keydown", onKey);
  target.addEventListener("keyup", onUp);
  target.addEventListener("pointerdown", onPointer, true);
  return () => {
    target.removeEventListener("keydown", onKey);
    target.removeEventListener("keyup", onUp);
    target.removeEventListener("pointerdown", onPointer, true);
  };
}
