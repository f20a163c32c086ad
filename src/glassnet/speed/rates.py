"""The float32 matrix products that NumPy's BLAS does in a second."""

from typing import NamedTuple

import numpy as np

from glassnet import blas

STEP = (128, 784, 512)  # (m, k) times (k, n): the largest product of a step of 784-512-10 at batch 128
LARGE = (1024, 1024, 1024)
TURNS, SECONDS = 3, 0.02  # the best turn counts: what the machine can do, not what it did in a bad moment
TOO_SLOW = 0.3  # seconds: a product that would take longer is not tried

Size = tuple[int, int, int]


class Rates(NamedTuple):
    """For each number of threads the GFLOP/s, and how much of their cores' time the most threads got."""

    gflops: dict[int, float]
    share: float

    @property
    def best(self) -> float:
        """The highest of the GFLOP/s."""
        return max(self.gflops.values())


def measure(size: Size, counts: list[int]) -> Rates:
    """Multiply matrices of that size with each number of threads."""
    m, k, n = size
    a, b, out = np.ones((m, k), np.float32), np.ones((k, n), np.float32), np.empty((m, n), np.float32)
    gflops, share = {}, 1.0
    for count in counts:
        blas.run(lambda: np.matmul(a, b, out=out), count, 0.0)
        trials = [blas.run(lambda: np.matmul(a, b, out=out), count, SECONDS) for _ in range(TURNS)]
        gflops[count] = 2e-9 * m * k * n * max(trial.steps / trial.seconds for trial in trials)
        share = sum(trial.cpu for trial in trials) / sum(trial.seconds for trial in trials) / count
    return Rates(gflops, share)


def both(counts: list[int]) -> dict[Size, Rates]:
    """Measure both sizes, or where the smaller shows that the larger would take too long, that one alone."""
    rates = {STEP: measure(STEP, counts)}
    m, k, n = LARGE
    if 2e-9 * m * k * n / min(rates[STEP].gflops.values()) < TOO_SLOW:
        rates[LARGE] = measure(LARGE, counts)
    return rates
