const ONLY_ATTRIBUTES = ["list", "form", "role"]; // as properties they cannot be set, or not everywhere

/** Make an element: h("button", { class: "big", onclick: go, ariaLabel: "start" }, "Start", icon). */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style" || name === "dataset") Object.assign(element[name], value);
    else if (name in element && !ONLY_ATTRIBUTES.includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replace all that an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set an element's text only if it differs, so that a screen reader and a selection are left in peace. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Scroll so that an element begins at the top: of the page if that is ours, else of what scrolls in the studio. */
export function showFromTop(element) {
  const studio = element.closest(".studio");
  if (studio.classList.contains("page")) return element.scrollIntoView({ block: "start" });
  const scrolls = (box) => box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY === "auto";
  for (let box = element.parentElement; box && box !== studio; box = box.parentElement) {
    if (!scrolls(box)) continue;
    box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    return;
  }
}

/** A canvas that keeps as many pixels as the screen shows; `draw(context, width, height)` in CSS pixels. */
export function canvas(draw, properties = {}) {
  const element = h("canvas", { role: "img", ...properties });
  const context = element.getContext("2d");
  const redraw = () => {
    const { clientWidth: width, clientHeight: height } = element;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w || element.height !== tall) [element.width, element.height] = [w, tall];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  };
  new ResizeObserver(redraw).observe(element);
  return { element, redraw };
}

let names = 0;

/** A name no other element has, for what refers to elements by name (labels, descriptions). */
export function uniqueId(stem) {
  names += 1;
  return `${stem}-${names}`;
}
