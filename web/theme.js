import { h } from "./dom.js";
import { icon } from "./icons.js";

const THEME_KEY = "glassnet-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const themeListeners = new Set();
let wished = remembered(); // "light", "dark", or null: as the system says

function remembered() {
  try {
    const found = localStorage.getItem(THEME_KEY);
    return found === "light" || found === "dark" ? found : null;
  } catch {
    return null; // storage may be closed to this page
  }
}

let around = null; // how the notebook looks that the studio stands in
const usual = () => around ?? (system.matches ? "dark" : "light");

/** "light" or "dark": what is worn now. */
export function themeNow() {
  return wished ?? usual();
}

/** Call after each change of theme (and not at the start). Returns a function that ends it. */
export function whenTheme(call) {
  themeListeners.add(call);
  return () => themeListeners.delete(call);
}

function tellTheme() {
  themeListeners.forEach((call) => call(themeNow()));
}

function toggleTheme() {
  const next = themeNow() === "dark" ? "light" : "dark";
  wished = next === usual() ? null : next; // back in step with what is around
  try {
    if (wished) localStorage.setItem(THEME_KEY, wished);
    else localStorage.removeItem(THEME_KEY);
  } catch {
    // it lasts as long as the page, then
  }
  tellTheme();
}

system.addEventListener("change", () => wished || tellTheme());

const RESTYLED_MS = 400; // style sheets of the host may come after its word that the theme is another

/** Where the studio is not the whole page: dark where the text around `host` is light. Returns what ends it. */
export function followHost(host) {
  const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = pixel.getContext("2d", { willReadFrequently: true });

  function look() {
    if (!host.offsetWidth) return; // hidden, as while JupyterLab changes its theme: pictures could not be drawn
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(host.parentElement).color;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    const found = 0.3 * red + 0.59 * green + 0.11 * blue > 128 ? "dark" : "light";
    if (found === around) return;
    around = found;
    if (!wished) tellTheme();
  }

  let timer = 0;
  const soon = () => {
    look();
    clearTimeout(timer);
    timer = setTimeout(look, RESTYLED_MS);
  };
  const restyled = new MutationObserver(soon);
  const attributeFilter = ["class", "style", "theme", "data-theme", "data-jp-theme-name"];
  for (const root of [document.documentElement, document.body])
    restyled.observe(root, { attributes: true, attributeFilter });
  const shown = new ResizeObserver(look);
  shown.observe(host);
  return () => {
    clearTimeout(timer);
    restyled.disconnect();
    shown.disconnect();
  };
}

/** Keep data-theme of a root element right. It comes before other listeners, who then read new colours. */
export function wearTheme(root) {
  const wear = () => root.setAttribute("data-theme", themeNow());
  wear();
  return whenTheme(wear);
}

/** The button that changes between light and dark. */
export function themeButton() {
  const button = h("button", { class: "icon-button", type: "button", onclick: toggleTheme });
  const show = () => {
    const dark = themeNow() === "dark";
    button.replaceChildren(icon(dark ? "sun" : "moon"));
    button.setAttribute("aria-label", dark ? "Light theme" : "Dark theme");
    button.dataset.tip = dark ? "Light theme" : "Dark theme";
  };
  show();
  const end = whenTheme(() => (button.isConnected ? show() : end()));
  return button;
}
