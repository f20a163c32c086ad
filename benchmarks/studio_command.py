"""The command `glassnet studio`, for benchmarks/studio.py: start, first paint, memory, and going back."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np
from pages import CHROMIUM, chromium, socket_of
from PIL import Image, ImageDraw

from glassnet.view.wire import decode, encode

SCRUBS = DRAWINGS = 60
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@contextmanager
def studio(data: str) -> Iterator[tuple[str, float, subprocess.Popen[str]]]:
    """A `glassnet studio` process: its address, and the seconds until it listened."""
    command = [sys.executable, "-m", "glassnet", "studio", "--no-browser", "--port", "0", "--data", data]
    started = perf_counter()
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    printed = ""
    while not (found := re.search(r"http://\S+", printed)):
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"glassnet studio ended: {process.stderr.read()}")
        printed += line
    try:
        yield found[0], perf_counter() - started, process
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def starting(data: str, turns: int, real: bool) -> dict[str, object]:
    """Time from the process's start to its listening, and from asking for the page to its first paint."""
    up, paints = [], []
    for _ in range(max(turns, 3)):
        with studio(data) as (url, seconds, _):
            up.append(seconds)
            if real:
                paints += first_paints(url, 3)
    return {"listening_s": median(up)} | ({"first_paint_ms": median(paints)} if paints else {})


def first_paints(url: str, count: int) -> list[float]:
    """Milliseconds until the first paint with content, in new profiles of a Chromium that is up."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        for _ in range(count + 1):
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(url)
            while not (paint := page.evaluate(PAINT)):
                page.wait_for_timeout(20)
            found.append(paint)
            page.context.close()
        browser.close()
    return found[1:]  # the first one also starts a renderer


def over_time(data: str, settings: Mapping[str, object], minutes: float) -> dict[str, object]:
    """Memory of the process over a run with a page open, and the time that going back to a snapshot takes."""
    from websockets.sync.client import connect

    with studio(data) as (url, _, process):
        origin = url.rstrip("/")
        with connect(socket_of(url), origin=origin, max_size=None, compression=None) as page:
            state = Page(page)
            state.until(lambda seen: seen["session"]["status"] == "ready")
            told = {name: value for name, value in settings.items() if name != "threads"}
            state.ask({"kind": "setup", "settings": told})
            state.ask({"kind": "start"})
            state.draw()  # which reads the network from its file
            drawing = [1e3 * state.draw() for _ in range(DRAWINGS)]
            memory = []
            for _ in range(6):
                state.read(60 * minutes / 6)
                memory.append(resident(process.pid))
            state.ask({"kind": "pause"})
            state.until(lambda seen: seen["session"]["status"] == "paused")
            steps = state.seen["frame"]["step"]
            snapshots = [one["id"] for one in state.seen["timeline"]["snapshots"]]
            chosen = np.random.default_rng(0).choice(snapshots, SCRUBS)
            times = [1e3 * state.scrub(int(snapshot)) for snapshot in chosen]
            standing = [1e3 * state.draw() for _ in range(DRAWINGS)]
            return {
                "steps": steps,
                "minutes": minutes,
                "memory_mb": memory,
                "snapshots": len(snapshots),
                "snapshots_mb": state.seen["timeline"]["used"] / 2**20,
                "scrub_ms": spread(times),
                "draw_ms": spread(standing),
                "draw_running_ms": spread(drawing),
            }


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return the median of some times, and what 95 % of them are within."""
    return {"median": median(times), "p95": quantiles(times, n=20)[-1]}


def seven() -> np.ndarray:
    """Return a drawing of 280×280, white ink on black."""
    image = Image.new("L", (280, 280), 0)
    ImageDraw.Draw(image).line([(70, 60), (210, 60), (120, 230)], fill=255, width=18, joint="curve")
    return np.asarray(image)


class Page:
    """A page without a picture: it asks, and remembers the newest message of each kind."""

    def __init__(self, connection: object) -> None:
        self.connection = connection
        self.seen: dict[str, dict[str, object]] = {"session": {"status": ""}, "frame": {"scrub": None}}
        self.number = 0

    def take(self, timeout: float | None = None) -> str:
        fields, _ = decode(self.connection.recv(timeout))
        self.seen[fields["kind"]] = fields
        return fields["kind"]

    def until(self, holds: Callable[[dict[str, dict[str, object]]], bool]) -> None:
        while not holds(self.seen):
            self.take(60)

    def read(self, seconds: float) -> None:
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            try:
                self.take(left)
            except TimeoutError:
                return

    def ask(self, command: dict[str, object]) -> None:
        self.number += 1
        self.connection.send(json.dumps({**command, "id": self.number}))
        while (kind := self.take(60)) not in ("done", "error") or self.seen[kind]["id"] != self.number:
            pass
        if kind == "error":
            raise SystemExit(f"{command}: {self.seen['error']['message']}")

    def scrub(self, snapshot: int) -> float:
        """Go back to a snapshot; return the seconds until its picture is there."""
        started = perf_counter()
        self.number += 1
        self.connection.send(json.dumps({"kind": "scrub", "snapshot": snapshot, "id": self.number}))
        while self.take(60) != "frame" or self.seen["frame"]["scrub"] != snapshot:
            pass
        took = perf_counter() - started
        self.until(lambda seen: seen.get("done", {}).get("id") == self.number)
        return took

    def draw(self) -> float:
        """Draw; return the seconds until it is read."""
        started = perf_counter()
        self.number += 1
        command = {"id": self.number, "reader": "drawing"}
        self.connection.send(encode("draw", command, {"picture": seven()}))
        while (kind := self.take(60)) not in ("reading", "error") or self.seen[kind]["id"] != self.number:
            pass
        return perf_counter() - started


def resident(pid: int) -> float:
    """Return the megabytes of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
