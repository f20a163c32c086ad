import { fill, h } from "./dom.js";

const HOVER_MS = 600; // so that nothing flickers under a pointer that only passes
const EDGE = 8; // CSS pixels between a tip and what it is about, and the window's edge

/**
 * One tip for the whole page. An element with data-tip (text), or of class has-tip with a property `tip` that makes
 * nodes, shows it on hover and on focus by keyboard or touch. Nothing in it can be clicked; what it says, screen
 * readers are told by aria-describedby.
 */
export function tips(studio) {
  const box = h("div", { class: "tip", popover: "manual", role: "presentation", "aria-hidden": "true" });
  studio.append(box);
  let owner = null;
  let timer = 0;
  let used = null; // what was clicked: what it says next is not of interest before the pointer comes again

  const ownerOf = (event) => event.target.closest?.("[data-tip], .has-tip") ?? null;

  function show(element) {
    if (!element.isConnected || !(element.tip || element.dataset.tip)) return;
    owner = element;
    fill(box, element.tip ? element.tip() : element.dataset.tip);
    (element.closest("dialog") ?? studio).append(box); // above a dialog only inside of it
    box.showPopover?.();
    place(box, element);
  }

  function hide() {
    clearTimeout(timer);
    if (!owner) return;
    owner = null;
    if (box.isConnected) box.hidePopover?.();
  }

  function enter(event) {
    const element = ownerOf(event);
    if (!element || element === owner || element === used || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(element), owner ? 60 : HOVER_MS);
  }

  function leave(event) {
    const element = ownerOf(event);
    if (!element || element.contains(event.relatedTarget)) return;
    clearTimeout(timer);
    used = null;
    if (owner === element && !element.matches(":focus-within:has(:focus-visible)")) hide();
  }

  function focus(event) {
    const element = ownerOf(event);
    if (!element) return hide();
    if (event.target.matches(":focus-visible") || event.target.matches("input, select")) show(element);
  }

  function click(event) {
    if (!event.target.closest?.("button")) return;
    used = ownerOf(event);
    hide(); // what was done says the rest
  }

  const handlers = {
    pointerover: enter,
    pointerout: leave,
    focusin: focus,
    focusout: hide,
    scroll: hide,
    change: hide,
    pointerdown: (event) => owner && !owner.contains(event.target) && hide(),
    click,
    keydown: (event) => event.key === "Escape" && hide(),
  };
  for (const [kind, call] of Object.entries(handlers))
    studio.addEventListener(kind, call, { capture: kind === "scroll" });
  return hide;
}

/** Beside a row of the set-up, else under or over the element; always in the window. */
function place(box, element) {
  const at = element.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const [wide, tall] = [document.documentElement.clientWidth, window.innerHeight];
  const clamp = (x, most) => Math.max(EDGE, Math.min(x, most - EDGE));
  let left = at.left;
  let top = at.bottom + EDGE;
  if (element.dataset.side === "right" && at.right + EDGE + width < wide)
    [left, top] = [at.right + EDGE, at.top - EDGE];
  else if (top + height > tall - EDGE) top = at.top - height - EDGE;
  box.style.left = `${clamp(left, wide - width)}px`;
  box.style.top = `${clamp(top, tall - height)}px`;
}
