"""Where drawings are read: threads beside the one that trains and the one that serves.

Of what a page asks again before its turn has come only the newest is done; the others get a line at once.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from glassnet.studio import limits
from glassnet.studio.answers import Answer, refusal, reply

OVERTAKEN = "overtaken by a newer one"


class Job(NamedTuple):
    """A command of a page; `size` is how many bytes it brought."""

    number: Any
    work: Callable[[], Answer]
    tell: Callable[[bytes], None]
    size: int


class Lane:
    """One job after the other, in a thread that is there as long as there are any.

    Pages take turns: a newer job of the same `key` stands where the older one stood.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, Job] = {}
        self._size = 0
        self._busy = False

    def submit(self, key: Hashable, job: Job) -> None:
        """Have a job done when it is its turn. One that brings too much is refused at once."""
        with self._lock:
            before = self._waiting.get(key)
            size = self._size + job.size - (before.size if before else 0)
            full = size > limits.UPLOADS
            if not full:
                self._waiting[key], self._size = job, size
            idle, self._busy = not (self._busy or full), self._busy or not full
        if full:
            job.tell(refusal(job.number, "expected fewer photos at a time, got too many: try again soon"))
        elif before is not None:
            before.tell(refusal(before.number, OVERTAKEN))
        if idle:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def forget(self, page: Hashable) -> None:
        """A page has gone: what it asked need not be done. Keys are (page, …)."""
        with self._lock:
            for key in [key for key in self._waiting if isinstance(key, tuple) and key[0] is page]:
                self._size -= self._waiting.pop(key).size

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.tell(reply(job.number, job.work))
            del job  # with what it brought

    def _next(self) -> Job | None:
        with self._lock:
            if not self._waiting:
                self._busy = False
                return None
            job = self._waiting.pop(next(iter(self._waiting)))
            self._size -= job.size
            return job


class Desk:
    """Two lanes, so that nobody's stroke waits for another's photo."""

    QUICK = ("draw", "part")

    def __init__(self) -> None:
        self._quick, self._slow = Lane("drawings"), Lane("photos")

    def submit(self, page: object, kind: str, job: Job) -> None:
        """Have a command of a page done."""
        (self._quick if kind in self.QUICK else self._slow).submit((page, kind), job)

    def forget(self, page: object) -> None:
        """A page has gone."""
        self._quick.forget(page)
        self._slow.forget(page)
