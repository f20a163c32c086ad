/**
 * A function that calls at most once in `ms`: at once where it may, else later and with the newest arguments.
 */
export function atMost(ms, call) {
  let newest = [];
  let due = null;
  let last = -Infinity;
  const go = () => {
    [due, last] = [null, performance.now()];
    call(...newest);
  };
  return (...given) => {
    newest = given;
    if (due !== null) return;
    const wait = last + ms - performance.now();
    if (wait <= 0) go();
    else due = setTimeout(go, wait);
  };
}

/** Name a canvas for a screen reader, at most once a second. */
export function describing(element) {
  return atMost(1000, (text) => {
    if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
  });
}

/**
 * A function that draws while an element is on the screen, and once when it comes back if it was called in
 * between.
 */
export function whileSeen(element, draw) {
  let [seen, stale] = [true, false];
  new IntersectionObserver(
    (changes) => {
      seen = changes.at(-1).isIntersecting;
      if (!seen || !stale) return;
      stale = false;
      draw();
    },
    { rootMargin: "80px" },
  ).observe(element);
  return () => {
    if (seen) draw();
    else stale = true;
  };
}
