"""The studio: what it costs to look on, how soon it is there, its memory, and how fast it goes back in time.

784-128-10 at batch 32 on one BLAS thread. Speed: the session trains before 0, 1 and 8 pages in turns; after
each turn a plain `for event in Training` makes the same steps, and loss and parameters must be the same
bits. A page here is a WebSocket in another process that takes every frame, and in some turns asks three
times a second for the chain rule of a unit; --chromium adds turns with the real page, which draws them too.
All of it runs on this machine: on few cores pages take time from the training, more than pages on other
machines would.

    python benchmarks/studio.py [--data mnist-sample] [--turns 7] [--seconds 3] [--minutes 2] [--chromium]
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from studio_command import over_time, starting

from glassnet import recipes
from glassnet.studio import server
from glassnet.studio.access import Access
from glassnet.studio.hub import Hub
from glassnet.studio.session import Session
from glassnet.studio.setups import Opening
from glassnet.training import Step, Training

PAGES = Path(__file__).with_name("pages.py")
SETTINGS = {"hidden": (128,), "optimizer": "sgd", "learning_rate": 0.05, "schedule": "constant",
            "batch_size": 32, "epochs": 10_000, "threads": 1}  # fmt: skip
ASKS = 3  # times a second that a page asks for the chain rule of a unit
SETTLE = 0.5  # seconds of training before its speed is measured


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
    result |= over_time(options.data, SETTINGS, options.minutes)
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
    sides = {"0 pages": (0, False, 0), "1 page": (1, False, 0), "8 pages": (8, False, 0)}
    sides |= {"1 page that looks inside": (1, False, ASKS), "8 pages that do": (8, False, ASKS)}
    if real:
        sides["1 page in Chromium"] = (1, True, 0)
    ratios: dict[str, list[float]] = {side: [] for side in sides}
    frames: dict[str, list[float]] = {side: [] for side in sides}
    processor: dict[str, list[float]] = {side: [] for side in sides}
    steps: list[float] = []
    for turn in range(turns):
        for side in [*sides][turn % len(sides) :] + [*sides][: turn % len(sides)]:
            number, drawn, asks = sides[side]
            with pages(f"http://127.0.0.1:{port}/", number, drawn, asks) as seen:
                ours = trained(session, seconds)
            wait(lambda: at_rest(session))
            alone = caught_up(plain, session)
            steps.append(alone)
            ratios[side].append(ours / alone)
            if number:
                frames[side].append(seen["frames"] / seen["seconds"] / number)
                processor[side].append(seen["processor"] / seen["seconds"])
    session.close()
    return {
        "plain_steps_a_second": median(steps),
        "ratio": {side: [min(found), median(found), max(found)] for side, found in ratios.items()},
        "frames_a_second": {side: median(found) for side, found in frames.items() if found},
        "processors_of_pages": {side: median(found) for side, found in processor.items() if found},
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


def at_rest(session: Session) -> bool:
    """Whether all of the past is judged: until then the session would take time from the other side."""
    work = session.work
    judged = all(snapshot.judgement is not None for snapshot in work.timeline.snapshots)
    return judged and work.eyes.judged_at == work.run.step


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
def pages(url: str, number: int, real: bool, asks: float) -> Iterator[dict[str, float]]:
    """Have so many pages open in another process, which ask so often; what they saw is there afterwards."""
    seen: dict[str, float] = {}
    if not number:
        yield seen
        return
    command = [sys.executable, str(PAGES), url, "--pages", str(number), "--asks", str(asks)]
    command += ["--chromium"] if real else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the pages could not be opened")
        yield seen
        process.stdin.close()
        seen |= json.loads(process.stdout.read())


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
        print(f"{name:>24}  {said}")

    print(f"784-128-10, batch 32, SGD, 1 thread, {result['data']}; {result['cores']} cores for all of it")
    line("without the studio", f"{result['plain_steps_a_second']:,.0f} steps a second")
    for side, (low, middle, high) in result["ratio"].items():
        said = f"{middle:.3f} of that speed (min {low:.3f}, max {high:.3f})"
        if rate := result["frames_a_second"].get(side):
            share = 100 * result["processors_of_pages"][side]
            said += f", {rate:.1f} frames a second each; the pages took {share:.0f} % of a processor"
        line(side, said)
    line("the same bits", f"loss and parameters, over {result['steps_compared']:,} steps")
    line("listening", f"{result['listening_s']:.2f} s after the start of the process")
    if "first_paint_ms" in result:
        line("first paint", f"{result['first_paint_ms']:.0f} ms")
    memory = ", ".join(f"{value:.0f}" for value in result["memory_mb"])
    line("memory", f"{memory} MB in {result['minutes']:g} minutes, {result['steps']:,} steps")
    line("snapshots", f"{result['snapshots']} in {result['snapshots_mb']:.0f} MB")
    times = {"scrub_ms": "scrubbing", "draw_ms": "a drawing is read", "draw_running_ms": "while it trains"}
    for name, what in times.items():
        told = result[name]
        line(what, f"median {told['median']:.1f} ms, 95 % within {told['p95']:.1f} ms")


if __name__ == "__main__":
    main()
