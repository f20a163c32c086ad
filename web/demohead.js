import { h, say } from "./dom.js";
import { grouped } from "./format.js";
import { themeButton, themeNow, whenTheme } from "./theme.js";

/** The page's name, what the network is, and light or dark, which Gradio's own parts then wear, too. */
export function headPart() {
  const about = h("p", { class: "quiet" });
  const element = h(
    "header",
    {},
    h("div", {}, h("h1", {}, "glassnet demo"), about),
    themeButton(),
  );
  const wear = () => document.body.classList.toggle("dark", themeNow() === "dark");
  wear();
  whenTheme(wear);

  function show(told) {
    if (!told) return;
    const learnt = told.data ? `, trained on ${told.data}` : "";
    say(about, told.problem ?? `${told.network}: ${grouped(told.parameters)} parameters${learnt}`);
    about.classList.toggle("problem", Boolean(told.problem));
  }

  return { element, show };
}
