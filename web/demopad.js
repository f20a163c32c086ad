import { closed } from "./demodata.js";
import { h } from "./dom.js";
import { padTools } from "./drawtools.js";
import { makePad } from "./pad.js";
import { SIDE } from "./padsheet.js";

/** The studio's pad; what is on it is given with each change, painted at most once a frame. */
export function padPart(give) {
  let due = false;
  const pad = makePad(() => {
    tools.refresh(true);
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      give(closed(pad.picture(), [SIDE, SIDE]));
    });
  });
  const tools = padTools(pad);
  tools.refresh(true);
  const element = h("section", { class: "draw-desk", "aria-label": "Pad" }, pad.element, tools.element);
  element.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    pad.undo();
  });
  return { element, show() {} };
}
