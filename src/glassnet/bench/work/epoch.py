"""A whole epoch, short last batch and all, each side with the threads that were best for its steps."""

from dataclasses import replace
from itertools import product
from math import ceil
from typing import Any

from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice
from glassnet.bench.race import Runner, race
from glassnet.bench.results import Result, Series
from glassnet.bench.shared import dataset
from glassnet.bench.work import step
from glassnet.bench.work.case import Case

NAME = "epoch"
ABOUT = "an epoch"
TURNS, TRIAL_TURNS = 3, 3
# The steps say the rest; each of these takes up to a minute.
USUAL = [
    *product(step.NETWORKS[:4], (128,), ("sgd",)),
    ((784, 128, 10), 32, "sgd"),
    ((784, 128, 10), 128, "adam"),
    ((784, 512, 512, 10), 128, "adam"),
]
SHORT = ((784, 128, 10), 32, "sgd")


def cases(choice: Choice) -> list[Case]:
    """Return some trainings or, where any are chosen, exactly those; of short ones, one if asked for."""
    chosen: list[tuple[Any, ...]] = list(USUAL)
    if choice.short:
        chosen = [SHORT] if NAME in choice.works else []
    if choice.networks or choice.batches or choice.optimizers:
        networks, batches = choice.networks or step.NETWORKS, choice.batches or step.BATCHES
        chosen = list(product(networks, batches, choice.optimizers or step.OPTIMIZERS))
    return [Case(NAME, step.title(*each), step.facts(*each)) for each in chosen]


def measure(case: Case, bench: Bench) -> Result:
    """Let all sides go through the training part once a turn."""
    spec = {"kind": "train", "data": bench.data, **case.facts}
    sides = bench.sides(step.PEERS)
    unknown = [side for side in sides if (side, case.name) not in bench.best]
    if unknown and len(bench.threads) > 1:
        whole = {**spec, "cut": case.facts["batch"]}  # JAX and torch.compile compile for each size of batch
        tried = [Runner(side, threads, whole) for side in unknown for threads in bench.threads]
        _, series = race(bench, tried, turns=TRIAL_TURNS)
        step.remember(bench, Result(NAME, case.name, series))
    runners = [Runner(side, bench.best.get((side, case.name), bench.threads[0]), spec) for side in sides]
    steps = ceil(len(dataset(bench.data).train) / case.facts["batch"])
    _, series = race(bench, runners, pieces=steps, turns=TURNS)
    return Result(NAME, case.name, tuple(_whole(s, steps) for s in series), case.facts)


def _whole(s: Series, steps: int) -> Series:
    """Return the times of epochs, given those of their steps."""
    return replace(s, values=tuple(value * steps for value in s.values))
