"""What glassnet set out to reach, and what of it was reached: the worst case counts unless a line says else.

Lines are about a training step unless they say else. PyTorch is its best: the faster of eager and compiled,
with the best number of threads. What memory may be is the data, 6 times the parameters and 4 times the
activations of a batch.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from glassnet.bench.results import LIMIT, OURS, Report, Result

TORCH = ("torch", "torch-compile")


@dataclass(frozen=True)
class Target:
    """One line: what was asked, what came of it, over how many pieces of work.

    `must` and `stretch` are None where nothing is asked; `more` says that more is better; `unit` is "" for a
    ratio, "%" for a share, "s" for seconds.
    """

    name: str
    got: float
    of: int
    must: float | None = None
    stretch: float | None = None
    more: bool = False
    unit: str = ""

    @property
    def verdict(self) -> str:
        """Return "stretch", "met", "missed", or "" where nothing has to be met."""
        if self._reaches(self.stretch):
            return "stretch"
        if self.must is None:
            return ""
        return "met" if self._reaches(self.must) else "missed"

    def _reaches(self, asked: float | None) -> bool:
        return asked is not None and (self.got >= asked if self.more else self.got <= asked)


def targets(report: Report) -> list[Target]:
    """Return the lines for which something was measured."""
    lines = [*_steps(report), *_scans(report), *_limit(report), *_predictions(report), *_processes(report)]
    return [line for line in lines if line is not None]


Lines = Iterable[Target | None]


def _steps(report: Report) -> Lines:
    sgd, adam, every = _trainings(report, "sgd"), _trainings(report, "adam"), report.of("step")
    usual = 32, 128  # batch sizes
    yield _worst("SGD to 512 wide, batch 32, 128 / PyTorch", _narrow(sgd, 512, usual), TORCH, 0.6, 0.5)
    yield _worst("Adam to 128 wide, batch 32, 128 / PyTorch", _narrow(adam, 128, usual), TORCH, 0.75, 0.6)
    yield _worst("Adam to 512 wide, batch 32, 128 / PyTorch", _narrow(adam, 512, usual), TORCH, 0.9, 0.6)
    yield _worst("any optimizer / scikit-learn", every, ("sklearn",), 0.5, 0.4)
    yield _mean("SGD / JAX a step a call, geometric mean", sgd, ("jax",), 1.0, 0.9)
    yield _worst("SGD / JAX a step a call, worst", sgd, ("jax",), 1.15, 1.0)
    wide = [r for r in [*sgd, *adam] if max(r.facts["network"][1:-1], default=0) >= 1024]
    yield _worst("SGD, Adam, 1024 wide / PyTorch", wide, TORCH, None, 0.75)


def _scans(report: Report) -> Lines:
    epochs = [r for r in report.of("epoch") if r.facts["optimizer"] == "sgd"]
    yield _mean("epoch / JAX in one scan, geometric mean", epochs, ("jax-scan",), None, 1.0)
    yield _worst("epoch / JAX in one scan, worst", epochs, ("jax-scan",), None, 1.0)


def _limit(report: Report) -> Lines:
    these = [
        r
        for r in _trainings(report, "sgd")
        if r.facts["network"] == [784, 512, 512, 10] and r.facts["batch"] == 128
    ]
    yield _line("share of sgemm, 784-512-512-10, 128, SGD", these, share, min, 0.8, 0.9, more=True)


def _predictions(report: Report) -> Lines:
    single = [r for r in report.of("inference") if r.facts["images"] == 1]
    yield _worst("one-sample prediction / PyTorch", single, TORCH, 0.5, 0.3)
    yield _worst("one-sample prediction / ONNX Runtime", single, ("onnxruntime",), 1.5, 1.0)


def _processes(report: Report) -> Lines:
    done = {r.facts["what"]: r for r in report.of("process")}
    if "trained" in done:
        name = "98 % saved / PyTorch's import and an epoch"
        yield _worst(name, [done["trained"]], ("torch",), 1.3, 1.0)
    if "import" in done:
        yield _line("import glassnet beyond NumPy", [done["import"]], beyond, max, 0.015, 0.008, unit="s")
    peaks = report.of("memory")
    yield _line("peak memory / what it may be", peaks, of_allowed, max, 1.0, None)


# ---- what the lines are made of


def share(result: Result) -> float | None:
    """Return the share of the limit: the time of the products alone, with our best's threads, over ours."""
    ours = result.best(OURS)
    limit = [s for s in result.series if ours and s.side == LIMIT and s.counts and s.threads == ours.threads]
    return limit[0].ratio(ours) if ours and limit else None


def beyond(result: Result) -> float | None:
    """Return what the import takes more than NumPy's, in seconds."""
    ours, numpy = result.best(OURS), result.best("numpy")
    return median(a - b for a, b in zip(ours.values, numpy.values)) if ours and numpy else None


def of_allowed(result: Result) -> float | None:
    """Return a peak of memory over what it may be."""
    ours = result.best(OURS)
    return ours.median / result.facts["allowed"] if ours and "allowed" in result.facts else None


def _trainings(report: Report, optimizer: str) -> list[Result]:
    return [r for r in report.of("step") if r.facts["optimizer"] == optimizer]


def _narrow(results: list[Result], width: int, batches: tuple[int, ...]) -> list[Result]:
    """Those of networks up to that wide, at these batch sizes."""
    return [
        r
        for r in results
        if max(r.facts["network"][1:-1], default=0) <= width and r.facts["batch"] in batches
    ]


def _worst(
    name: str, results: list[Result], peers: tuple[str, ...], must: float | None, stretch: float | None
) -> Target | None:
    return _line(name, results, lambda r: r.ratio(*peers), max, must, stretch)


def _mean(
    name: str, results: list[Result], peers: tuple[str, ...], must: float | None, stretch: float | None
) -> Target | None:
    return _line(name, results, lambda r: r.ratio(*peers), geometric_mean, must, stretch)


def geometric_mean(values: list[float]) -> float:
    """Return (Πx)^(1/n) of positive numbers."""
    return math.exp(sum(map(math.log, values)) / len(values))


def _line(
    name: str,
    results: list[Result],
    number: Callable[[Result], float | None],
    over: Callable[[list[float]], float],
    must: float | None,
    stretch: float | None,
    **how: Any,
) -> Target | None:
    """A line about a number of each result, put together by `over`; None if there is none."""
    numbers = [value for value in map(number, results) if value is not None]
    return Target(name, over(numbers), len(numbers), must, stretch, **how) if numbers else None
