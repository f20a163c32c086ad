"""The matrix products of a step, and how fast this machine does them when it does nothing else."""

from collections.abc import Callable
from functools import partial
from itertools import product
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.nn.dense import Dense
from glassnet.nn.layer import Layer

MOST_ROWS = 2048  # what is larger is measured at this size: the rate no longer depends on it
TRIAL_SECONDS = 0.02  # about what measuring one product takes, unless a few turns take longer
FEWEST_TURNS, MOST_TURNS = 3, 100


class Product(NamedTuple):
    """A product of matrices, (m, k) times (k, n)."""

    m: int
    k: int
    n: int

    @property
    def operations(self) -> int:
        """2mkn: a multiplication and an addition for each term."""
        return 2 * self.m * self.k * self.n


def forward(layer: Layer, n: int) -> list[Product]:
    """Return the products of a layer's forward for a batch of n: x W. Layers but Dense have none."""
    if not isinstance(layer, Dense):
        return []
    inputs, units = layer.W.shape
    return [Product(n, inputs, units)]


def backward(layer: Layer, n: int, input_gradient: bool) -> list[Product]:
    """Return the products of a layer's backward: xᵀ dy and, for the gradient of its input, dy Wᵀ."""
    if not isinstance(layer, Dense):
        return []
    inputs, units = layer.W.shape
    return [Product(inputs, n, units), *([Product(n, units, inputs)] if input_gradient else [])]


def least_seconds(whole: Product, dtype: Any) -> float:
    """Measure how long a product takes this machine when it does nothing else, as its threads are set now.

    It is repeated with its operands stored by rows and by columns, and the best median of the four ways
    counts. So the operands are where the processor has them at hand, which in a step they need not be.
    """
    measured = Product(*(min(size, MOST_ROWS) for size in whole))
    m, k, n = measured
    out: NDArray[Any] = np.empty((m, n), dtype)
    left = np.ones((m, k), dtype), np.ones((k, m), dtype).T
    right = np.ones((k, n), dtype), np.ones((n, k), dtype).T
    works: list[Callable[[], Any]] = [partial(np.matmul, a, b, out=out) for a, b in product(left, right)]
    turns: list[list[float]] = [[_seconds(work) for work in works]]  # the first one warms up
    while len(turns) <= FEWEST_TURNS or (len(turns) < MOST_TURNS and sum(map(sum, turns)) < TRIAL_SECONDS):
        turns.append([_seconds(work) for work in works])
    best: float = min(map(median, zip(*turns[1:])))
    return best * whole.operations / measured.operations


def _seconds(work: Callable[[], Any]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
