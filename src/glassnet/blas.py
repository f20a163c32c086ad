"""Which library multiplies matrices for NumPy, with which kernel and how many threads.

One and two threads round differently, so the number of threads is part of what makes a run repeatable: it
is chosen once, at the start, and recorded.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from threading import Lock
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

from glassnet import hardware

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

    from glassnet.nn.network import Network

# A step whose forward products have fewer multiplications is left to one thread, always, so that a seed gives
# the same bits on each run. 784-128-10 at batch 64 has 6.5 million, and a second thread would gain an eighth.
WORTH_TRYING = 10_000_000
FASTER = 0.8  # of the time with fewer threads is what more of them may take to be chosen
SHARE = 0.85  # of a core is what each thread must have got: less, and something else is using it
TRIAL_SECONDS = 0.03  # for each number of threads that is tried
TRIAL_ROWS = 2048  # a larger batch takes as many times longer with any number of threads


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
    """What can be limited, looked for once: each look reads the whole list of loaded libraries.

    SciPy and others bring libraries of their own. Where NumPy has brought one, no other is meant.
    """
    import numpy as np  # noqa: F401  the library is only seen once it is loaded
    from threadpoolctl import ThreadpoolController

    found = ThreadpoolController()
    own = [pool["filepath"] for pool in found.info() if _is_numpys(pool["filepath"])]
    return found.select(filepath=own) if own else found


def _is_numpys(path: str) -> bool:
    """Whether a library lies where NumPy's packages put theirs: numpy.libs, on a Mac numpy/.dylibs."""
    parts = PurePath(path).parts
    return parts[-2:-1] == ("numpy.libs",) or parts[-3:-1] == ("numpy", ".dylibs")


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


def choose(threads: int | str, network: "Network", batch: int) -> int:
    """Return how many threads to train with: as asked, or for "auto" what is faster here and now.

    Of a number that is more than the BLAS can have, it is what the BLAS can have.

    A small step (see WORTH_TRYING) is not worth waking a second thread. For a larger one 1, 2, 4, … threads
    are tried, up to the cores there are, as long as the next are a fifth faster and nothing else is using the
    cores: threads that wait for each other on a busy machine can be thirty times slower than one.
    Raises ValueError for anything but "auto" and whole numbers of at least 1.
    """
    if threads == "auto":
        return _fastest(network, batch) if is_worth_trying(network, batch) else 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"threads: expected 'auto' or a whole number of at least 1, got {threads!r}")
    if threads <= (there := info()).threads or not there.version:
        return threads
    with limit(threads):
        return info().threads


def is_worth_trying(network: "Network", batch: int) -> bool:
    """Whether a step is large enough for "auto" to try more threads than one."""
    return batch * sum(matrix.size for matrix in network.matrices) >= WORTH_TRYING


def counts() -> list[int]:
    """Return the numbers of threads there are to choose from: 1, 2, 4, … and as many as can work at once."""
    most = info().threads
    if most > 1:
        most = min(most, hardware.cores().usable)
    return sorted({most, *(2**i for i in range(most.bit_length()))})


def _fastest(network: "Network", batch: int) -> int:
    fewer, *more = counts()
    for count in more:
        if slowdown(count, fewer, network, batch) > FASTER:
            break
        fewer = count
    return fewer


# ---- trying


class Trial(NamedTuple):
    """So many `steps` took so many `seconds`, and so many `cpu` seconds of all threads together."""

    steps: int
    seconds: float
    cpu: float


def slowdown(many: int, few: int, network: "Network", batch: int) -> float:
    """Return how long a step takes with `many` threads, as a multiple of what it takes with `few`.

    Infinite if something else is using the cores: threads that wait for others keep their cores busy
    meanwhile, so they get less time than has passed only if somebody else got it. How much they are slowed
    down differs too much from one moment to the next to be measured in a moment.
    """
    step = _step(network, min(batch, TRIAL_ROWS))
    run(step, many, 0.0)  # wakes the threads, touches the arrays
    those = run(step, many, TRIAL_SECONDS)
    if sys.platform != "win32" and those.cpu < SHARE * many * those.seconds:  # Windows counts in 16 ms
        return float("inf")
    fewer = run(step, few, TRIAL_SECONDS / 2)
    return those.seconds / those.steps * fewer.steps / fewer.seconds


def _step(network: "Network", batch: int) -> Callable[[], None]:
    """Return what a step does, but for its data, loss and optimizer's memory, on a copy of the network."""
    import numpy as np

    twin = network.snapshot()
    arrays = twin.new_pass(batch, training=True, generator=np.random.default_rng(0))
    w, g = twin.parameters.vector, twin.gradients.vector
    arrays.activations[0].fill(0.5)
    arrays.output_gradient.fill(1e-3)

    def step() -> None:
        with np.errstate(all="ignore"):
            arrays.forward()
            arrays.backward()
            np.multiply(g, 0.0, out=g)
            np.subtract(w, g, out=w)

    return step


def run(work: Callable[[], object], threads: int, seconds: float) -> Trial:
    """Do the work with so many threads, again and again until so much time has passed."""
    with _libraries().limit(limits=threads, user_api="blas"):
        steps, started, cpu = 0, perf_counter(), process_time()
        while not steps or perf_counter() - started < seconds:
            work()
            steps += 1
        return Trial(steps, perf_counter() - started, process_time() - cpu)


# ---- limiting


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
