"""Sides in turns: A B C, A B C, …, each in its own process, each doing the same pieces of work.

Before a turn all are let be for a moment, so that the workers of the side before, which spin while they wait
for more to do, have gone to sleep.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from glassnet.bench.bench import Bench
from glassnet.bench.child import Failure
from glassnet.bench.results import LIMIT, OURS, Series

TURNS, SHORT_TURNS = 9, 3
SECONDS = 0.1  # a turn, for the side in the middle
LEAST = 0.03  # a turn, for the fastest
REST = 0.06  # seconds before each turn: OpenBLAS spins for 25 ms, and PyTorch beside it is twice as slow
PROBE = 5  # pieces of the first turns, which tell how long one takes
# How far losses may lie apart: over the first pieces, the first epoch, and after thousands of pieces.
EARLY, WHOLE, LATER = 1e-3, 0.01, 0.05
SMALL = 0.005  # a difference of losses that says nothing once they are nearly zero


@dataclass
class Runner:
    """One side in a race: what it is to do, and what came of it so far."""

    side: str
    threads: int
    spec: Mapping[str, Any]
    early: float = float("nan")  # its loss over the first pieces
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    failed: str | None = None


def race(
    bench: Bench,
    runners: list[Runner],
    *,
    pieces: int | None = None,
    turns: int | None = None,
    seconds: float = SECONDS,
) -> tuple[int, tuple[Series, ...]]:
    """Let them take turns; return how many pieces a turn had, and the seconds that each took for one.

    `turns` is how many there are unless somebody chose. Without `pieces` a turn has as many as take the side
    in the middle `seconds`. The first turn of that size warms up and does not count.
    """
    for runner in runners:
        _ask(bench, runner, prepare=dict(runner.spec))
    allowed = EARLY if pieces is None else WHOLE
    if pieces is None:
        for _ in range(2):
            first = _turn(bench, runners, PROBE)
        pieces = _pieces(sorted(first), seconds)
    _turn(bench, runners, pieces)
    for runner in runners:
        runner.early = runner.losses[0] if runner.losses else float("nan")
        for values in (runner.seconds, runner.cpu, runner.losses):
            values.clear()
    for _ in range(bench.choice.turns or turns or (SHORT_TURNS if bench.choice.short else TURNS)):
        _turn(bench, runners, pieces)
    return pieces, tuple(_series(runner, runners, pieces, allowed) for runner in runners)


def _turn(bench: Bench, runners: list[Runner], pieces: int) -> list[float]:
    """Let each do so many pieces; return what a piece took those that did them."""
    took = []
    for runner in runners:
        if runner.failed is not None:
            continue
        time.sleep(REST)
        answer = _ask(bench, runner, turn=pieces)
        if answer is not None:
            runner.seconds.append(answer["seconds"])
            runner.cpu.append(answer["cpu"])
            runner.losses.append(answer["loss"])
            took.append(answer["seconds"] / pieces)
    return took


def _ask(bench: Bench, runner: Runner, **request: Any) -> dict[str, Any] | None:
    """Ask a runner's process; what goes wrong is noted, and the runner is out of the race."""
    if runner.failed is not None:
        return None
    try:
        answer = bench.child(runner.side, runner.threads).ask(**request)
    except Failure as failure:
        runner.failed = str(failure)
        bench.say(f"{runner.side}, {runner.threads} threads: {failure}")
        bench.bury(runner.side, runner.threads, runner.failed)
        return None
    runner.facts |= answer.get("facts", {})
    return answer


def _pieces(took: list[float], seconds: float) -> int:
    if not took:
        return 1
    return max(1, round(max(seconds / took[len(took) // 2], LEAST / took[0])))


def _series(runner: Runner, runners: list[Runner], pieces: int, allowed: float) -> Series:
    ours = next((r for r in runners if r.side == OURS and r.failed is None), None)
    return Series(
        runner.side,
        runner.threads,
        tuple(s / pieces for s in runner.seconds),
        tuple(runner.losses),
        tuple(c / s if s else 0.0 for c, s in zip(runner.cpu, runner.seconds)),
        runner.failed,
        None if ours is None else other_work(runner, ours, allowed),
        runner.facts,
    )


def other_work(runner: Runner, ours: Runner, early: float = EARLY) -> str | None:
    """Say it if a side's losses are not those of the same work; None if they are, or it has none.

    The first of them may differ by the share `early`.
    """
    pairs = [(runner.early, ours.early, early), *((a, b, LATER) for a, b in zip(runner.losses, ours.losses))]
    for place, (theirs, mine, allowed) in enumerate(pairs):
        if theirs != theirs and runner.side == LIMIT:
            return None
        largest = max(abs(theirs), abs(mine))
        if not (largest < math.inf and abs(theirs - mine) <= allowed * largest + (SMALL if place else 0)):
            when = f"turn {place}" if place else "the first steps"
            return f"loss {theirs:.6g} over {when}, where glassnet has {mine:.6g}"
    return None
