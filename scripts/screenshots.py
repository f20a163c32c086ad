"""Take the pictures of the studio for the documentation: docs/images/studio-*.png.

    python scripts/screenshots.py [--data mnist] [NAME …]

Needs `pip install -e '.[browser]'` and Chromium ($GLASSNET_CHROMIUM or `chromium`). The network is trained as
the page would train it; pictures are reduced to 256 colours, so that they stay small.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
LAPTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MOST = 250_000  # bytes of a picture


@contextmanager
def studio(data: str) -> Iterator[str]:
    """Have a studio run; yield its address."""
    command = [sys.executable, "-m", "glassnet", "studio", "--no-browser", "--port", "0", "--data", data]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        try:
            yield re.search(r"http://\S+", process.stdout.readline())[0]
        finally:
            process.terminate()


def state(page: Page, *words: str) -> None:
    """Wait until the page says one of these states."""
    expect(page.locator(".readouts .state")).to_have_text(re.compile("|".join(words)), timeout=120_000)


def train(page: Page) -> None:
    """Train to the end."""
    page.get_by_role("button", name="Start").click()
    state(page, "finished")


def branched(page: Page) -> None:
    """Train, go back a third of the way, and go on from there with a smaller learning rate."""
    train(page)
    line = page.get_by_role("slider", name="Time", exact=True)
    box = line.bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 14)
    state(page, "in the past")
    page.get_by_role("button", name="Branch from here").click()
    form = page.get_by_role("form", name="New branch")
    form.get_by_label("learning rate").fill("0.02")
    form.get_by_role("button", name="Branch", exact=True).click()
    state(page, "paused")
    page.get_by_role("button", name="Go on").click()
    state(page, "finished")


def broken(page: Page) -> None:
    """Train the network of the gallery whose ReLUs die."""
    state(page, "ready")
    page.get_by_role("button", name="Broken nets").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Dead ReLUs")).click()
    state(page, "ready")
    page.get_by_role("button", name="Start").click()
    state(page, "finished")


def inside(page: Page) -> None:
    """Train a little, and look inside a weight of a unit that the sample makes active."""
    state(page, "ready")
    page.get_by_role("button", name="Start").click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause").click()
    state(page, "paused")
    stage = page.locator(".net-stage").bounding_box()
    page.mouse.click(stage["x"] + 0.45 * stage["width"], stage["y"] + 0.35 * stage["height"])
    weights = page.locator(".net-unit-picture")
    weights.wait_for()
    page.wait_for_timeout(1500)
    box = weights.bounding_box()
    page.mouse.click(box["x"] + 0.52 * box["width"], box["y"] + 0.48 * box["height"])


def drawn(page: Page) -> None:
    """Draw a 5 on the pad, and ask what spoke for it."""
    state(page, "ready")
    page.keyboard.press("d")
    page.wait_for_timeout(500)
    box = page.locator(".pad canvas").first.bounding_box()
    for stroke in FIVE:
        (x, y), *others = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in stroke]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in others:
            page.mouse.move(x, y, steps=4)
        page.mouse.up()
    page.get_by_role("button", name="For and against").click()


FIVE = (
    ((0.37, 0.22), (0.36, 0.32), (0.35, 0.44), (0.43, 0.4), (0.53, 0.4), (0.62, 0.46), (0.66, 0.57),
     (0.63, 0.7), (0.54, 0.78), (0.44, 0.79), (0.34, 0.73)),
    ((0.37, 0.22), (0.5, 0.22), (0.66, 0.2)),
)  # fmt: skip
PICTURES: dict[str, tuple[str, dict[str, object], str, Callable[[Page], None]]] = {
    "light": ("", {"viewport": LAPTOP}, "?hidden=128&epochs=6", branched),
    "dark": ("", {"viewport": LAPTOP, "color_scheme": "dark"}, "", broken),
    "spirals": ("spirals", {"viewport": LAPTOP}, "", train),
    "inside": ("", {"viewport": LAPTOP}, "", inside),
    "draw": ("", {"viewport": LAPTOP}, "", drawn),
    "narrow": ("", {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True}, "?hidden=128", train),
}


def take(browser: Browser, name: str, data: str) -> Path:
    """Take one picture."""
    own, look, query, act = PICTURES[name]
    with studio(own or data) as url:
        page = browser.new_context(**look).new_page()
        page.goto(url + query)
        act(page)
        page.mouse.move(0, 0)
        page.wait_for_timeout(3000)  # axes come to rest, messages go
        shot = page.screenshot()
        page.context.close()
    path = IMAGES / f"studio-{name}.png"
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.quantize(256, kmeans=4).save(path, optimize=True)
    if path.stat().st_size > MOST:
        raise SystemExit(f"{path.name}: expected at most {MOST:,} bytes, got {path.stat().st_size:,}")
    return path


def main() -> None:
    """Take the pictures asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PICTURES))
    parser.add_argument("--data", default="mnist")
    options = parser.parse_args()
    path = os.environ.get("GLASSNET_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name in options.names or PICTURES:
            taken = take(browser, name, options.data)
            print(f"{taken.relative_to(IMAGES.parents[1])}: {taken.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
