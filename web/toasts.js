import { h } from "./dom.js";
import { icon } from "./icons.js";

const STAYS_MS = 6000;
const MOST = 3; // of them at a time

/** A corner for one-line messages that come and go. Returns `toast(text, kind)`, kind "note" or "error". */
export function toasts(studio) {
  const list = h("div", { class: "toasts", popover: "manual" });
  const spoken = {
    note: h("div", { class: "hidden-text", role: "status" }),
    error: h("div", { class: "hidden-text", role: "alert" }),
  };
  studio.append(list, spoken.note, spoken.error);

  function drop(item) {
    item.remove();
    if (!list.childElementCount && list.isConnected) list.hidePopover?.();
  }

  return (text, kind = "note") => {
    const same = [...list.children].find((item) => item.textContent === text);
    if (same) drop(same);
    const close = h(
      "button",
      { class: "icon-button", type: "button", "aria-label": "Dismiss" },
      icon("close"),
    );
    const item = h("div", { class: `toast ${kind}` }, h("p", {}, text), close);
    close.addEventListener("click", () => drop(item));
    while (list.childElementCount >= MOST) list.firstElementChild.remove();
    list.append(item);
    list.hidePopover?.(); // shown anew it lies above a dialog that was opened since
    list.showPopover?.();
    spoken[kind].textContent = "";
    spoken[kind].textContent = text;
    setTimeout(() => drop(item), STAYS_MS + 40 * text.length);
  };
}
