"""What a side does in its own process: pieces of work, as many as it is asked for, timed by the worker."""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any


class Job:
    """Some work, made ready outside the clock.

    `facts` is what this side has to say about how it does it: which form of the optimizer it chose, say.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}

    def ready(self, pieces: int) -> None:
        """Do what a turn of so many pieces needs beforehand and nobody pays for in earnest."""

    def run(self, pieces: int) -> float:
        """Do so many pieces, to the end, and return what is compared between sides: the mean loss."""
        raise NotImplementedError


def fastest(forms: Mapping[str, Callable[[], Any]], seconds: float = 0.1) -> str:
    """Return the name of the form that takes least time, tried in turns, for about so long each."""
    least = dict.fromkeys(forms, float("inf"))
    started, tries = perf_counter(), 0
    while perf_counter() - started < seconds * len(forms) or tries < 3:
        tries += 1
        for name, do in forms.items():
            begun = perf_counter()
            do()
            least[name] = min(least[name], perf_counter() - begun)
    return min(least, key=least.__getitem__)


def make(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make a side's job, in the process that is to do it."""
    return _maker(side.partition("-")[0])(side, threads, spec)


def _maker(library: str) -> Callable[[str, int, dict[str, Any]], Job]:
    """Import the library's module, and with it the library; return its `job`."""
    match library:
        case "glassnet":
            from glassnet.bench.sides import ours

            return ours.job
        case "products":
            from glassnet.bench.sides import products

            return products.job
        case "torch":
            from glassnet.bench.sides import with_torch

            return with_torch.job
        case "jax":
            from glassnet.bench.sides import with_jax

            return with_jax.job
        case "sklearn":
            from glassnet.bench.sides import with_sklearn

            return with_sklearn.job
        case "onnxruntime":
            from glassnet.bench.sides import with_onnx

            return with_onnx.job
    raise ValueError(f"side: expected one of the name of a library, got {library!r}")
