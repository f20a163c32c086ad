"""A training step, and beside it the matrix products of that step alone."""

from itertools import product
from typing import Any

from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice, sizes
from glassnet.bench.race import Runner, race
from glassnet.bench.results import Result
from glassnet.bench.work.case import Case

NAME = "step"
ABOUT = "a training step"
NETWORKS = ((784, 10, 10), (784, 128, 10), (784, 512, 10), (784, 512, 512, 10), (784, 1024, 1024, 10))
BATCHES = (32, 128, 512)
OPTIMIZERS = ("sgd", "momentum", "adam")
PEERS = ("torch", "torch-compile", "jax", "jax-scan", "sklearn")
SHORT = (((784, 128, 10), 32, "sgd"), ((784, 512, 512, 10), 128, "adam"))


def cases(choice: Choice) -> list[Case]:
    """Return every network at every batch size with every optimizer; a few if it is to be short."""
    chosen: list[tuple[Any, ...]] = list(
        product(choice.networks or NETWORKS, choice.batches or BATCHES, choice.optimizers or OPTIMIZERS)
    )
    if choice.short and not (choice.networks or choice.batches or choice.optimizers):
        chosen = list(SHORT)
    return [Case(NAME, title(*each), facts(*each)) for each in chosen]


def title(network: tuple[int, ...], batch: int, optimizer: str) -> str:
    """Return what a training is called in the tables."""
    return f"{sizes(network)}, {batch}, {optimizer}"


def facts(network: tuple[int, ...], batch: int, optimizer: str) -> dict[str, Any]:
    """Return what a training is, as plain data."""
    return {"network": list(network), "batch": batch, "optimizer": optimizer}


def measure(case: Case, bench: Bench) -> Result:
    """Let all sides train, with each number of threads, and the products be done in between."""
    spec = {"kind": "train", "data": bench.data, "cut": case.facts["batch"], **case.facts}
    limit = {"kind": "products", "network": case.facts["network"], "batch": case.facts["batch"]}
    runners = [Runner(side, threads, spec) for side in bench.sides(PEERS) for threads in bench.threads]
    runners += [Runner("products", threads, limit) for threads in bench.threads]
    pieces, series = race(bench, runners)
    result = Result(NAME, case.name, series, case.facts, pieces=pieces)
    remember(bench, result)
    return result


def remember(bench: Bench, result: Result) -> None:
    """Note with how many threads each side did best."""
    for side in {s.side for s in result.series}:
        best = result.best(side)
        if best is not None and best.threads is not None:
            bench.best[(side, result.name)] = best.threads
