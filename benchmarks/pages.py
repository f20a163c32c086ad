"""Pages for benchmarks/studio.py, in a process of their own: each takes all frames that the studio sends.

    python benchmarks/pages.py URL [--pages 8] [--chromium]

Prints "ready" when all are connected; at the end of its input, how many frames came and in what time. A page
here is a WebSocket that reads; with --chromium it is the real page, which also draws what it reads.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
from time import perf_counter
from urllib.parse import urlsplit

CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
KIND = 13  # where the word of `{"kind":"frame"` begins, after the length: wire.py
COUNT = """window.frames_ = 0; window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      frames_ += new TextDecoder().decode(new Uint8Array(data, 13, 5)) === "frame";
    });
  }
};"""


def chromium() -> str | None:
    """Return the path of Chromium."""
    return os.environ.get("GLASSNET_CHROMIUM") or shutil.which("chromium")


def socket_of(url: str) -> str:
    """Return the address of the WebSocket beside a page."""
    parts = urlsplit(url)
    return f"ws://{parts.netloc}{parts.path.rstrip('/')}/socket"


async def until_told() -> None:
    """Wait for the end of the input."""
    await asyncio.to_thread(sys.stdin.read)


async def sockets(url: str, pages: int) -> tuple[int, int, float]:
    """Read with so many connections; return frames, bytes and seconds."""
    from websockets.asyncio.client import connect

    parts = urlsplit(url)
    seen = [0, 0]

    async def read(connection: object) -> None:
        async for message in connection:  # type: ignore[attr-defined]
            seen[0] += message[KIND : KIND + 5] == b"frame"
            seen[1] += len(message)

    origin = f"{parts.scheme}://{parts.netloc}"
    options = {"origin": origin, "max_size": None, "compression": None, "max_queue": None}
    connections = [await connect(socket_of(url), **options) for _ in range(pages)]
    readers = [asyncio.create_task(read(connection)) for connection in connections]
    print("ready", flush=True)
    started = perf_counter()
    seen[:] = 0, 0
    await until_told()
    took = perf_counter() - started
    for reader, connection in zip(readers, connections):
        await connection.close()
        reader.cancel()
    return seen[0], seen[1], took


async def real_pages(url: str, pages: int) -> tuple[int, int, float]:
    """Open so many tabs of Chromium; return frames, no bytes, and seconds."""
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_init_script(COUNT)
        tabs = [await context.new_page() for _ in range(pages)]
        for tab in tabs:
            await tab.goto(url)
            while not await tab.evaluate("frames_"):  # the page forbids eval, and with it wait_for_function
                await asyncio.sleep(0.05)
        print("ready", flush=True)
        started = perf_counter()
        before = [await tab.evaluate("frames_") for tab in tabs]
        await until_told()
        after = [await tab.evaluate("frames_") for tab in tabs]
        took = perf_counter() - started
        await browser.close()
    return sum(after) - sum(before), 0, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--pages", type=int, default=1)
    parser.add_argument("--chromium", action="store_true")
    options = parser.parse_args()
    reading = real_pages if options.chromium else sockets
    frames, size, seconds = asyncio.run(reading(options.url, options.pages))
    print(json.dumps({"frames": frames, "bytes": size, "seconds": seconds}))


if __name__ == "__main__":
    main()
