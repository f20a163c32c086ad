"""Sides that are not there, in processes that are: what a job does is in its spec, {"does": {side: …}}."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glassnet.bench import child, worker
from glassnet.bench.job import Job

START = (
    "import sys; sys.path.append({!r}); sys.path.insert(0, " + repr(str(Path(__file__).parent)) + ")\n"
    "import fakes; fakes.main()"
)


@pytest.fixture
def fake_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started do what `Fake` does."""
    monkeypatch.setattr(child, "START", START)


class Fake(Job):
    """A millisecond a piece, by a clock of its own, and a loss that falls with the pieces; or worse."""

    clock = 0.0  # seconds

    def __init__(self, does: str) -> None:
        super().__init__()
        self.does, self.done = does, 0
        self.facts = {"does": does}

    def run(self, pieces: int) -> float:
        """Do so many pieces."""
        Fake.clock += 0.001 * pieces
        self.done += pieces
        match self.does:
            case "dies":
                print("a library's last words", file=sys.stderr, flush=True)
                os._exit(3)
            case "hangs":
                time.sleep(1000)
            case "prints":
                print("a library's chatter")
                os.write(1, b'{"seconds": 1e9}\n')
            case "errs":
                raise ValueError("two\nlines")
            case "errs later" if self.done > 20:
                raise ValueError("late")
        return (2.0 if self.does == "learns nothing" else 1.0) / self.done


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make what the spec says of that side; what it says nothing of works."""
    del threads
    return Fake(spec.get("does", {}).get(side, "works"))


def main() -> None:
    """Be a worker with such jobs, or with rubbish for an answer."""
    patched: Callable[..., Job] = job
    worker.make = patched
    worker.perf_counter = lambda: Fake.clock
    if sys.argv[1] == "rubbish":
        print("no JSON", flush=True)
    worker.main()
