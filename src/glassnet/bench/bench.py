"""What a work is handed to measure with: what was chosen, who is there, and their processes."""

import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib.util import find_spec
from types import TracebackType

from glassnet import hardware
from glassnet.bench import shared
from glassnet.bench.child import Child, Failure
from glassnet.bench.choice import Choice
from glassnet.bench.results import OURS
from glassnet.bench.sides import PEERS, SIDES

DEATHS = 2  # after so many, a side is left alone


def quiet(line: str) -> None:
    """Say nothing."""
    del line


class Bench:
    """The processes of all sides, started when they are first needed and ended at the end of the block.

    `say` shows a line of progress. `data` is the name of the set measured on, `threads` the numbers tried.
    """

    def __init__(self, choice: Choice, say: Callable[[str], None] = quiet) -> None:
        self.choice, self.say = choice, say
        self.data = shared.data_name(choice.data)
        self.threads = choice.threads or tuple(sorted({1, min(2, hardware.cores().usable)}))
        self.missing: dict[str, str] = {}
        self.best: dict[tuple[str, str], int] = {}  # (side, name of a training): threads
        self._children: dict[tuple[str, int], Child] = {}
        self._deaths: dict[tuple[str, int], list[str]] = {}

    def peers(self, names: Iterable[str] = PEERS) -> list[str]:
        """Return those of these peers that were chosen and are installed; note those that are not."""
        there = []
        for name in names:
            if self.choice.peers and (SIDES[name].of or name) not in self.choice.peers:
                continue
            absent = [package for package in SIDES[name].packages if not installed(package)]
            if absent:
                self.missing[name] = f"{' and '.join(absent)} not installed"
            else:
                there.append(name)
        return there

    def sides(self, names: Iterable[str] = PEERS) -> list[str]:
        """Return glassnet and those peers."""
        return [OURS, *self.peers(names)]

    def child(self, side: str, threads: int) -> Child:
        """Return the side's process. Raises Failure if it died before, too often."""
        key = side, threads
        died = self._deaths.get(key, [])
        if len(died) >= DEATHS:
            raise Failure(died[-1])
        if key not in self._children:
            self._children[key] = Child(side, threads)
        return self._children[key]

    def bury(self, side: str, threads: int, why: str) -> None:
        """End a side's process, which failed; the next piece of work starts another."""
        child = self._children.pop((side, threads), None)
        if child is not None:
            child.close()
            self._deaths.setdefault((side, threads), []).append(why)

    def rest(self) -> None:
        """End all processes, whose memory is wanted."""
        with ExitStack() as stack:
            for child in self._children.values():
                stack.callback(child.close)
        self._children.clear()

    def __enter__(self) -> "Bench":
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """End all processes."""
        self.rest()


def installed(package: str) -> bool:
    """Whether a package can be imported, without importing it."""
    try:
        return package in sys.modules or find_spec(package) is not None
    except (ImportError, ValueError):
        return False
