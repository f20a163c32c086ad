"""How long it takes from the pointer to the bars: a 7 drawn on the studio's or the demo's pad in Chromium.

    python benchmarks/pointer.py [--data mnist]
    python benchmarks/pointer.py --demo

Each time is from a pointer event to the next change of the answer in the page; of the studio first with the
run standing still, then while it trains.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

import numpy as np
from playwright.sync_api import Page, sync_playwright

DRAW = """async (box) => {
  const roots = [...document.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean);
  const seen = (what) =>
    roots.flatMap((root) => [...root.querySelectorAll(what)]).find((element) => element.checkVisibility());
  const [canvas, answer] = [".pad canvas", ".draw-answer"].map(seen);
  const times = [];
  let since = null;
  new MutationObserver(() => {
    if (since !== null) times.push(performance.now() - since);
    since = null;
  }).observe(answer, { subtree: true, attributes: true, characterData: true, childList: true });
  const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    bubbles: true, composed: true, pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0,
    buttons: type === "pointerup" ? 0 : 1, clientX: box.x + x * box.width,
    clientY: box.y + y * box.height }));
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  send("pointerdown", 0.25, 0.2);
  for (let t = 0; t < 1; t += 1 / 120) {
    since ??= performance.now();
    if (t < 0.4) send("pointermove", 0.25 + 1.25 * t, 0.2);
    else send("pointermove", 0.75 - 0.58 * (t - 0.4), 0.2 + 1.08 * (t - 0.4));
    await wait(16);
  }
  send("pointerup", 0.4, 0.85);
  await wait(300);
  return times;
}"""


def tell(page: Page, when: str) -> None:
    """Draw, and print how long the bars took."""
    times = np.array(page.evaluate(DRAW, page.locator(".pad canvas").first.bounding_box()))
    middle, most = np.median(times), np.quantile(times, 0.95)
    print(
        f"{when:>16}  median {middle:.0f} ms, 95 % within {most:.0f}, most {times.max():.0f} ({len(times)})"
    )
    page.keyboard.press("Delete")


def of_studio(page: Page) -> None:
    """Measure beside a run that stands still, and beside one that trains."""
    page.get_by_role("button", name="Start").wait_for()
    page.wait_for_timeout(1500)
    page.keyboard.press("d")
    page.wait_for_timeout(700)
    tell(page, "standing still")
    page.get_by_role("button", name="Start").click()
    page.wait_for_timeout(300)
    tell(page, "while it trains")


def of_demo(page: Page) -> None:
    """Measure three times: the first digit finds everything cold."""
    page.locator(".gallery-grid button").first.wait_for()
    page.get_by_role("tab", name="Draw").click()
    page.wait_for_timeout(700)
    for when in ("at first", "again", "and again"):
        tell(page, when)
        page.wait_for_timeout(500)


def main() -> None:
    """Measure the one that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--demo", action="store_true")
    told = parser.parse_args()
    of_which = ["demo", "--no-open"] if told.demo else ["studio", "--no-browser", "--data", told.data]
    command = [sys.executable, "-m", "glassnet", *of_which, "--port", "0"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    chromium = os.environ.get("GLASSNET_CHROMIUM") or shutil.which("chromium")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            with sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(address)
                (of_demo if told.demo else of_studio)(page)
                browser.close()
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
