import { announcer } from "./announcer.js";
import { commandBar, drawButton, header } from "./bar.js";
import { makeCommands } from "./commands.js";
import { h } from "./dom.js";
import { drawPanel } from "./draw.js";
import { emptyState } from "./emptystate.js";
import { keysDialog, listenForKeys } from "./keys.js";
import { followLink } from "./link.js";
import { networkPanel } from "./network.js";
import { progressPanel } from "./progress.js";
import { setupPanel } from "./setup.js";
import { strips } from "./strips.js";
import { timelinePanel } from "./timeline.js";
import { themeNow, whenTheme } from "./theme.js";
import { tips } from "./tips.js";
import { toasts } from "./toasts.js";

// CSS pixels, as in 10-shell.css: from here down set-up lies folded on top; all stand one below the other.
const COMPACT = 1200;
const NARROW = 900;

/** Lay the page out in `studio`. Returns what takes it down. */
export function shell(studio, store, page) {
  const tell = toasts(studio);
  const commands = makeCommands(store, tell);
  const keys = keysDialog();
  const openKeys = () => keys.open();
  const state = strips(store, commands);
  const { panel, fold } = setupPanel(store);
  const pad = drawPanel(store, studio);
  const draw = drawButton(store, () => pad.toggle(draw));

  const region = (name, child) => h("div", { class: `region region-${name}` }, child);
  const regions = h(
    "main",
    { class: "regions" },
    region("draw", pad.element),
    region("setup", panel),
    region("network", networkPanel(store)),
    region("progress", progressPanel(store)),
  );
  const time = region("time", timelinePanel(store));
  studio.append(
    header(store, page, tell, openKeys),
    commandBar(store, commands, draw),
    state.element,
    regions,
    time,
    announcer(store),
    keys.element,
  );

  const empty = emptyState(store);
  store.on(["session", "connection", "hello"], () => {
    const there = Boolean(store.session?.network);
    studio.classList.toggle("waiting", !there);
    if (there) empty.remove();
    else if (!empty.isConnected) regions.prepend(empty);
    studio.dataset.connection = store.connection?.state ?? "open";
    studio.dataset.role = store.hello?.role ?? "drive";
    studio.dataset.status = store.session?.status ?? "loading";
  });
  studio.classList.add("waiting");
  regions.prepend(empty);

  studio.addEventListener("drawing", ({ detail }) => draw.setAttribute("aria-expanded", detail));
  studio.addEventListener("draw", () => draw.hidden || pad.open(draw)); // of the samples

  const shownAtControl = ["setup", "change"]; // where a refusal stands beside what was refused
  store.onerror = (error, command) => shownAtControl.includes(command.kind) || tell(error.message, "error");
  if (page) followLink(store, state.ask);

  const ends = [
    tips(studio),
    listenForKeys(studio, page, commands, openKeys, () => draw.hidden || pad.toggle(draw)),
    pad.listen(page),
    watchWidth(studio, fold, time, page),
  ];
  if (page) ends.push(colourPage());
  else studio.tabIndex = -1; // so that a click in it brings the keys here
  return () => ends.forEach((end) => end());
}

/** What shows of the page around the studio, when it is pulled beyond its end, goes with it. */
function colourPage() {
  const colour = () => {
    document.documentElement.dataset.theme = themeNow();
  };
  colour();
  return whenTheme(colour);
}

/** Set-up begins folded where there is little room, as in a notebook; what floats stays clear of the time line. */
function watchWidth(studio, fold, time, page) {
  let compact = null;
  const observer = new ResizeObserver(() => {
    const now = studio.clientWidth <= COMPACT;
    if (now !== compact) fold.open = page && !now;
    compact = now;
    studio.classList.toggle("compact", now);
    studio.classList.toggle("narrow", studio.clientWidth <= NARROW);
    studio.style.setProperty("--time-height", `${time.offsetHeight}px`);
  });
  observer.observe(studio);
  observer.observe(time);
  fold.addEventListener("toggle", () => studio.classList.toggle("folded", !fold.open));
  return () => observer.disconnect();
}
