"""The whole benchmark: the chosen works, one after the other, and a report of them."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from glassnet.bench import machine, work
from glassnet.bench.bench import Bench, quiet
from glassnet.bench.choice import Choice, sizes
from glassnet.bench.results import Report, Result
from glassnet.bench.shared import dataset
from glassnet.bench.sides import PEERS
from glassnet.nn.names import unknown


def run(choice: Choice, say: Callable[[str], None] = quiet) -> Report:
    """Measure what was chosen; Ctrl-C ends it with what there is by then.

    Raises ValueError for a work, peer or optimizer that is not known, networks and batches that do not fit
    the data, and KeyboardInterrupt if there is nothing yet.
    """
    works = _checked(choice)
    results: list[Result] = []
    started, interrupted = perf_counter(), False
    with Bench(choice, say) as bench:
        _check_sizes(choice, bench.data)
        todo = [(each, case) for each in works for case in each.cases(choice)]
        try:
            for place, (each, case) in enumerate(todo):
                if place and todo[place - 1][0] is not each:
                    bench.rest()
                say(f"{place + 1}/{len(todo)} {each.NAME}: {case.name}{_left(started, place, len(todo))}")
                results.append(each.measure(case, bench))
        except KeyboardInterrupt:
            if not results:
                raise
            interrupted = True
        say("")
        return Report(
            _described(bench), tuple(results), dict(bench.missing), perf_counter() - started, interrupted
        )


def _checked(choice: Choice) -> list[work.Work]:
    works = {each.NAME: each for each in work.WORKS}
    for what, chosen, known in (
        ("work", choice.works, tuple(works)),
        ("peer", choice.peers, PEERS),
        ("optimizer", choice.optimizers, work.step.OPTIMIZERS),
    ):
        for name in chosen:
            if name not in known:
                raise ValueError(unknown(what, name, known))
    return [works[name] for name in choice.works or works]


def _check_sizes(choice: Choice, name: str) -> None:
    data = dataset(name)
    if data.classes is None:
        raise ValueError(f"--data: expected a set of classes, got {name}, a set of values")
    ends = data.train.inputs[0].size, len(data.classes)
    for network in choice.networks or (work.step.NETWORKS[0],):
        if (network[0], network[-1]) != ends:
            expected = f"networks of {ends[0]} inputs and {ends[1]} outputs for {name}"
            raise ValueError(f"--only: expected {expected}, got {sizes(network)}")
    for batch in choice.batches:
        if batch > len(data.train):
            raise ValueError(f"--batch: expected at most the {len(data.train):,} of {name}, got {batch}")


def _described(bench: Bench) -> dict[str, Any]:
    count = len(dataset(bench.data).train)
    return {**machine.describe(), "data": bench.data, "examples": count, "threads": list(bench.threads)}


def _left(started: float, done: int, of: int) -> str:
    """Say how long it may still take, as long as what was done so far is any guide."""
    if done < 3:
        return ""
    minutes = (perf_counter() - started) / done * (of - done) / 60
    return f" (about {minutes:.0f} min left)" if minutes >= 1 else ""
