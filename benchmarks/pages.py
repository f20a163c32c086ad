"""Pages for benchmarks/studio.py, in a process of their own: each takes all frames that the studio sends.

    python benchmarks/pages.py URL [--pages 8] [--asks 3] [--chromium]

Prints "ready" when all are connected; at the end of its input, how many frames came, in what time, and how
many seconds of a processor that took. A page here is a WebSocket that reads, and that asks so many times a
second for the chain rule of a unit; with --chromium it is the real page, which also draws what it reads.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
UNITS = 128  # of the first layer
KIND = 13  # where the word of `{"kind":"frame"` begins, after the length: wire.py
Seen = tuple[int, float, float]  # frames, seconds, and seconds of a processor
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


def processor() -> float:
    """Return the seconds of a processor that this process and all that it started have taken."""
    parent, taken = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        pid = int(path.parent.name)
        parent[pid], taken[pid] = (
            int(fields[1]),
            (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        )

    def is_ours(pid: int) -> bool:
        return pid == os.getpid() or (pid in parent and is_ours(parent[pid]))

    return sum(seconds for pid, seconds in taken.items() if is_ours(pid))


async def until_told(count: Callable[[], Awaitable[int]]) -> Seen:
    """Say that all is ready, wait for the end of the input, and return what was counted in between."""
    print("ready", flush=True)
    frames, started, spent = await count(), perf_counter(), processor()
    await asyncio.to_thread(sys.stdin.read)
    took, worked = perf_counter() - started, processor() - spent
    return await count() - frames, took, worked


async def sockets(url: str, pages: int, asks: float = 0) -> Seen:
    """Read with so many connections; each asks so many times a second."""
    from websockets.asyncio.client import ClientConnection, connect
    from websockets.exceptions import ConnectionClosed

    parts = urlsplit(url)
    frames = 0

    async def read(connection: ClientConnection) -> None:
        nonlocal frames
        async for message in connection:
            frames += message[KIND : KIND + 5] == b"frame"

    async def ask(connection: ClientConnection, number: int) -> None:
        while asks:
            unit = {"kind": "explain", "layer": 1, "unit": number % UNITS, "id": number}  # each in turn
            with suppress(ConnectionClosed):
                await connection.send(json.dumps(unit))
            number += 1
            await asyncio.sleep(1 / asks)

    async def count() -> int:
        return frames

    origin = f"{parts.scheme}://{parts.netloc}"
    connections = [
        await connect(socket_of(url), origin=origin, max_size=None, compression=None) for _ in range(pages)
    ]
    readers = [asyncio.create_task(read(connection)) for connection in connections]
    asking = [asyncio.create_task(ask(connection, 7 * page)) for page, connection in enumerate(connections)]
    seen = await until_told(count)
    for task in asking:
        task.cancel()
    for reader, connection in zip(readers, connections):
        await connection.close()
        await reader
    return seen


async def real_pages(url: str, pages: int) -> Seen:
    """Open so many tabs of Chromium."""
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

        async def count() -> int:
            return sum([await tab.evaluate("frames_") for tab in tabs])

        seen = await until_told(count)
        await browser.close()
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--pages", type=int, default=1)
    parser.add_argument("--asks", type=float, default=0, help="a second and page")
    parser.add_argument("--chromium", action="store_true")
    options = parser.parse_args()
    url, pages = options.url, options.pages
    reading = real_pages(url, pages) if options.chromium else sockets(url, pages, options.asks)
    frames, seconds, worked = asyncio.run(reading)
    print(json.dumps({"frames": frames, "seconds": seconds, "processor": worked}))


if __name__ == "__main__":
    main()
