"""The studio: what it costs to look on, how soon it is there, its memory, and how fast it goes back in time.

784-128-10 at batch 32 on one BLAS thread. Speed: the session trains before 0, 1 and 8 pages in turns; after
each turn a plain `for event in Training` makes the same steps, and loss and parameters must be the same
bits. A page here is a WebSocket in another process that takes every frame; --chromium adds turns with the
real page, which draws them too. All of it runs on this machine: on few cores pages take time from the
training, more than pages on other machines would.

    python benchmarks/studio.py [--data mnist-sample] [--turns 7] [--seconds 3] [--minutes 2] [--chromium]
"""

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np
from pages import CHROMIUM, chromium, socket_of

from glassnet import recipes
from glassnet.studio import server
from glassnet.studio.access import Access
from glassnet.studio.hub import Hub
from glassnet.studio.session import Session
from glassnet.studio.setups import Opening
from glassnet.training import Step, Training
from glassnet.view.wire import decode

PAGES = Path(__file__).with_name("pages.py")
SETTINGS = {"hidden": (128,), "optimizer": "sgd", "learning_rate": 0.05, "schedule": "constant",
            "batch_size": 32, "epochs": 10_000, "threads": 1}  # fmt: skip
SETTLE = 0.5  # seconds of training before its speed is measured
SCRUBS = 60
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0, help="of training, a turn")
    parser.add_argument("--minutes", type=float, default=2.0, help="of training while memory is watched")
    parser.add_argument("--chromium", action="store_true", help="the real page too: speed, first paint")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = {"cores": os.cpu_count(), "data": options.data}
    result |= speed(options.data, options.turns, options.seconds, options.chromium)
    result |= starting(options.data, options.turns, options.chromium)
    result |= over_time(options.data, options.minutes)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)


# ---- speed


def speed(data: str, turns: int, seconds: float, real: bool) -> dict[str, object]:
    """Train before so many pages and without the studio, in turns; the same work, compared."""
    hub = Hub()
    opening = Opening({"data": data, **SETTINGS})
    session = Session(opening, hub.publish, lambda: hub.viewers)
    place = server.listen(None, 0)
    port = place.getsockname()[1]
    application = server.app(session, hub, Access(port), opening)
    threading.Thread(target=server.serve, args=(application, place, lambda: None), daemon=True).start()
    session.start()
    wait(lambda: session.work is not None and session.work.status == "ready", 120)
    work = session.work
    recipe, same_data = work.set_up.recipe, work.run.data
    plain = recipes.training(recipe, recipes.network(recipe, same_data), same_data)
    sides = {"0 pages": (0, False), "1 page": (1, False), "8 pages": (8, False)}
    if real:
        sides["1 page in Chromium"] = (1, True)
    ratios: dict[str, list[float]] = {side: [] for side in sides}
    frames: dict[str, list[float]] = {side: [] for side in sides}
    steps: list[float] = []
    for turn in range(turns):
        for side in [*sides][turn % len(sides) :] + [*sides][: turn % len(sides)]:
            number, drawn = sides[side]
            with pages(f"http://127.0.0.1:{port}/", number, drawn) as seen:
                ours = trained(session, seconds)
            alone = caught_up(plain, session)
            steps.append(alone)
            ratios[side].append(ours / alone)
            frames[side].append(seen["frames"] / seen["seconds"] / number if number else 0.0)
    session.close()
    return {
        "plain_steps_a_second": median(steps),
        "ratio": {side: [min(found), median(found), max(found)] for side, found in ratios.items()},
        "frames_a_second": {side: median(found) for side, found in frames.items() if sides[side][0]},
        "steps_compared": work.run.step,
    }


def trained(session: Session, seconds: float) -> float:
    """Let the session train for a while; return its steps a second."""
    run = session.work.run
    session.submit({"kind": "start"}, lambda reply: None)
    time.sleep(SETTLE)
    started, first = perf_counter(), run.step
    time.sleep(seconds)
    ended, last = perf_counter(), run.step
    session.submit({"kind": "pause"}, lambda reply: None)
    wait(lambda: session.work.status == "paused")
    return (last - first) / (ended - started)


def caught_up(plain: Training, session: Session) -> float:
    """Train without the studio to where the session stands; return steps a second.

    Raises SystemExit if the two sides have not done the same work.
    """
    ours, last = session.work.run, session.work.last
    started, first = perf_counter(), plain.step
    for event in plain:
        if event.__class__ is Step and event.step == ours.step:
            break
    took = perf_counter() - started
    if event.loss != last.loss:
        raise SystemExit(f"step {ours.step}: expected the loss {event.loss}, got {last.loss} in the studio")
    if not np.array_equal(ours.network.parameters.vector, plain.network.parameters.vector):
        raise SystemExit(f"step {ours.step}: expected the same parameters in the studio, got others")
    return (ours.step - first) / took


@contextmanager
def pages(url: str, number: int, real: bool) -> Iterator[dict[str, float]]:
    """Have so many pages open in another process; what they saw is there afterwards."""
    seen: dict[str, float] = {}
    if not number:
        yield seen
        return
    command = [sys.executable, str(PAGES), url, "--pages", str(number), *(["--chromium"] if real else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the pages could not be opened")
        yield seen
        process.stdin.close()
        seen |= json.loads(process.stdout.read())


# ---- the command


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


def over_time(data: str, minutes: float) -> dict[str, object]:
    """Memory of the process over a run with a page open, and the time that going back to a snapshot takes."""
    from websockets.sync.client import connect

    with studio(data) as (url, _, process):
        origin = url.rstrip("/")
        with connect(socket_of(url), origin=origin, max_size=None, compression=None) as page:
            state = Page(page)
            state.until(lambda seen: seen["session"]["status"] == "ready")
            settings = {name: value for name, value in SETTINGS.items() if name != "threads"}
            state.ask({"kind": "setup", "settings": {**settings, "hidden": [128]}})
            state.ask({"kind": "start"})
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
            return {
                "steps": steps,
                "minutes": minutes,
                "memory_mb": memory,
                "snapshots": len(snapshots),
                "snapshots_mb": state.seen["timeline"]["used"] / 2**20,
                "scrub_ms": {"median": median(times), "p95": quantiles(times, n=20)[-1]},
            }


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


def resident(pid: int) -> float:
    """Return the megabytes of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def wait(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something holds. Raises SystemExit if it never does."""
    end = perf_counter() + seconds
    while not holds():
        if perf_counter() > end:
            raise SystemExit(f"waited {seconds:g} s in vain")
        time.sleep(0.005)


def show(result: dict[str, object]) -> None:
    """Print the numbers, a line each."""

    def line(name: str, said: str) -> None:
        print(f"{name:>20}  {said}")

    print(f"784-128-10, batch 32, SGD, 1 thread, {result['data']}; {result['cores']} cores for all of it")
    line("without the studio", f"{result['plain_steps_a_second']:,.0f} steps a second")
    for side, (low, middle, high) in result["ratio"].items():
        rate = result["frames_a_second"].get(side)
        shown = f", {rate:.1f} frames a second each" if rate else ""
        line(side, f"{middle:.3f} of that speed (min {low:.3f}, max {high:.3f}){shown}")
    line("the same bits", f"loss and parameters, over {result['steps_compared']:,} steps")
    line("listening", f"{result['listening_s']:.2f} s after the start of the process")
    if "first_paint_ms" in result:
        line("first paint", f"{result['first_paint_ms']:.0f} ms")
    memory = ", ".join(f"{value:.0f}" for value in result["memory_mb"])
    line("memory", f"{memory} MB in {result['minutes']:g} minutes, {result['steps']:,} steps")
    line("snapshots", f"{result['snapshots']} in {result['snapshots_mb']:.0f} MB")
    scrub = result["scrub_ms"]
    line("scrubbing", f"median {scrub['median']:.1f} ms, 95 % within {scrub['p95']:.1f} ms")


if __name__ == "__main__":
    main()
