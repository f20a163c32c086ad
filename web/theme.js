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

/** "light" or "dark": what is worn now. */
export function themeNow() {
  return wished ?? (system.matches ? "dark" : "light");
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
  wished = next === (system.matches ? "dark" : "light") ? null : next; // back in step with the system
  try {
    if (wished) localStorage.setItem(THEME_KEY, wished);
    else localStorage.removeItem(THEME_KEY);
  } catch {
    // it lasts as long as the page, then
  }
  tellTheme();
}

system.addEventListener("change", () => wished || tellTheme());

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
