"""What is measured. A work is a module of this folder, listed in `WORKS`, with

    NAME    the word typed after `glassnet bench`
    ABOUT   one line: what it measures, the heading of its table
    def cases(choice: Choice) -> list[Case]
            the pieces of work chosen, in the order to do them; nothing is started or read yet. Without a
            choice of its own it lists what stands in the table of the whole benchmark
    def measure(case: Case, bench: Bench) -> Result
            does one. A peer that fails is a Series with `failed`, a line; what else goes wrong may raise
            ValueError or OSError and ends the benchmark

What `targets` looks for: in "process" a result with facts {"what": "import"}, seconds of the sides "glassnet"
and "numpy", and one with {"what": "trained"}, of "glassnet" and "torch"; in "memory" results in bytes with
facts {"allowed": bytes}. Before another work begins the processes of the one before are ended.

`Case.facts` goes into `Result.facts`: what `targets` and `tables` look for. The tables of all works are made
alike from results: our best median, its spread, and the ratio to each peer's best.
"""

from typing import Protocol

from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice
from glassnet.bench.results import Result
from glassnet.bench.work import epoch, inference, memory, optimizer, process, step
from glassnet.bench.work.case import Case

__all__ = ["Case", "epoch", "inference", "memory", "optimizer", "process", "step"]


class Work(Protocol):
    """What a module of this folder has."""

    NAME: str
    ABOUT: str

    def cases(self, choice: Choice) -> list[Case]:
        """List the pieces of work chosen."""
        ...

    def measure(self, case: Case, bench: Bench) -> Result:
        """Do one of them."""
        ...


WORKS: tuple[Work, ...] = (step, epoch, inference, optimizer, process, memory)
