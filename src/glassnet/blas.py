"""Which library multiplies matrices for NumPy, with which kernel and how many threads.

One and two threads round differently, so the number of threads is part of what makes a run repeatable: it
is chosen once, at the start, and recorded.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from statistics import median
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

# A product of fewer multiplications than this is left to one thread. On two cores of an AMD EPYC a second
# makes 784-128-10 a fifth faster at batch 64, a quarter at batch 128 (13 million); but while anything else is
# busy it makes it many times slower, and which of the two a run got would depend on what else was going on.
WORTH_TRYING = 5e7
TRIAL_SECONDS = 0.05  # no longer than this, which matters where two threads are in each other's way


@dataclass(frozen=True)
class Blas:
    """What threadpoolctl sees: `kernel` is the processor family whose code runs, `threads` how many may."""

    name: str
    version: str
    kernel: str
    threads: int

    def __str__(self) -> str:
        """Say it in a few words."""
        return f"{self.name} {self.version}".strip() + (f", {self.kernel} kernel" if self.kernel else "")


@cache
def _libraries() -> "ThreadpoolController":
    """What can be limited, looked for once: each look reads the whole list of loaded libraries."""
    import numpy as np  # noqa: F401  the library is only seen once it is loaded
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def info() -> Blas:
    """Ask which BLAS NumPy uses; one it cannot look into (Accelerate, say) is called "BLAS" with 1 thread."""
    for pool in _libraries().info():
        if pool.get("user_api") == "blas":
            library = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS"}.get(
                pool["internal_api"], pool["internal_api"]
            )
            version, kernel = pool.get("version") or "", pool.get("architecture") or ""
            return Blas(library, version, kernel, pool["num_threads"])
    return Blas("BLAS", "", "", 1)


def choose(threads: int | str, product: tuple[int, int, int]) -> int:
    """Return how many threads to use: as asked, or for "auto" one or all, whichever is faster here and now.

    `product` is the largest matrix product of a step, (m, k) times (k, n). A small one is not worth waking
    a second thread; a larger one is tried with both, since two threads on a busy machine can be many times
    slower than one. Raises ValueError for anything but "auto" and whole numbers of at least 1.
    """
    if threads == "auto":
        most = info().threads
        return most if most > 1 and math.prod(product) >= WORTH_TRYING and _gains(most, product) else 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"threads: expected 'auto' or a whole number of at least 1, got {threads!r}")
    return threads


def _gains(threads: int, product: tuple[int, int, int]) -> bool:
    """Whether so many threads do the product at least a tenth faster than one, in turns."""
    import numpy as np

    m, k, n = product
    a, b, out = np.ones((m, k), np.float32), np.ones((k, n), np.float32), np.empty((m, n), np.float32)

    def seconds(count: int) -> float:
        with _libraries().limit(limits=count, user_api="blas"):
            started = perf_counter()
            np.matmul(a, b, out=out)
            return perf_counter() - started

    seconds(threads)  # wakes the threads
    turns: list[tuple[float, float]] = []
    while len(turns) < 7 and sum(map(sum, turns)) < TRIAL_SECONDS:
        turns.append((seconds(1), seconds(threads)))
    return median(many for _, many in turns) < 0.9 * median(one for one, _ in turns)


_limits: list[tuple[object, int]] = []  # those in force, oldest first; the first of all is what there was
_lock = Lock()


@contextmanager
def limit(threads: int | None) -> Iterator[None]:
    """Let the whole process's BLAS use so many threads until the context is left; None changes nothing.

    Contexts may be left in any order: the youngest that is still entered holds.
    """
    if threads is None:
        yield
        return
    key = object()
    with _lock:
        if not _limits:
            _limits.append((None, info().threads))
        _limits.append((key, threads))
        _set(threads)
    try:
        yield
    finally:
        with _lock:
            _limits[:] = [entry for entry in _limits if entry[0] is not key]
            _set(_limits[-1][1])
            if len(_limits) == 1:
                _limits.clear()


def _set(threads: int) -> None:
    _libraries().limit(limits=threads, user_api="blas")
