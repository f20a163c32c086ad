"""Numbers about a network's answers: loss, accuracy and its interval, R², and the confusion table."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.nn.network import CHUNK, Network
from glassnet.training.batches import Answers, Batches

Array = NDArray[Any]


class Measure(NamedTuple):
    """Some examples' mean loss; of classes the share named right; of values R² and the mean absolute error.

    `r2` is averaged over the outputs, and so is `mae`, in the units of the targets. The loss is in the units
    of training: where a network has a `target_scaling`, in those of its standardized targets.
    """

    loss: float
    accuracy: float | None
    r2: float | None = None
    mae: float | None = None


@dataclass
class Tally:
    """Sums over the examples measured so far, from which their `Measure` follows.

    `squares` and `sizes`, Σ e² and Σ |e| (K,) over the errors e of values, are in the units of training.
    They are replaced, never written to, so that a shallow copy of a tally is a copy. `strangers` are examples
    of no class, which count in the loss alone.
    """

    n: int = 0
    loss: float = 0.0
    right: int = 0
    squares: Array | None = None
    sizes: Array | None = None
    strangers: int = 0

    def add(
        self, loss: float, z: Array, answers: Answers, classify: Callable[[Array], Array]
    ) -> float | None:
        """Count in the outputs `z` (n, K) of a batch and its mean loss; return, of classes, its accuracy."""
        n = len(z)
        self.n += n
        self.loss += loss * n
        targets, labels = answers
        if labels is not None:
            right = int(np.count_nonzero(classify(z) == labels))
            if targets.ndim > 1:  # then some may be of no class: there is no right answer to them
                strangers = int(np.count_nonzero(labels < 0))
                self.strangers += strangers
                n -= strangers
            self.right += right
            return right / n if n else 0.0
        error = np.subtract(z, targets, dtype=np.float64)
        squares, sizes = np.square(error).sum(axis=0), np.abs(error).sum(axis=0)
        self.squares = squares if self.squares is None else self.squares + squares
        self.sizes = sizes if self.sizes is None else self.sizes + sizes
        return None

    def measure(self, batches: Batches) -> Measure:
        """Return the means over what was counted in: all examples of `batches`."""
        loss = self.loss / self.n
        if self.squares is None or self.sizes is None:
            return Measure(loss, self.right / max(1, self.n - self.strangers))
        mae = float(np.mean(self.sizes * batches.unit)) / self.n
        return Measure(loss, None, r_squared(self.squares, batches.spread), mae)


def r_squared(squares: Array, spread: Array) -> float:
    """Return the mean over outputs of 1 − Σ e² / Σ (t − t̄)², given both sums (K,).

    An output whose targets are all equal has no spread to explain: it counts 1 if each answer is exact, else
    0. So do scikit-learn's r2_score and its average "uniform_average".
    """
    some = spread > 0
    explained = 1 - squares / np.where(some, spread, 1.0)
    return float(np.where(some, explained, squares == 0).mean())


def evaluate(network: Network, split: Split) -> Measure:
    """Measure the network on a part of a set.

    Raises ValueError for a network without a loss, and for a part that is empty or is no part.
    """
    if network.loss is None:
        raise ValueError(
            "evaluate: expected a network with a loss, got one that was never trained; see Network.pair"
        )
    if not isinstance(split, Split) or not len(split):
        raise ValueError(
            f"evaluate: expected a part with examples, such as data.test, got {type(split).__name__}"
        )
    return measure(network, Batches(network, split, CHUNK))


def measure(network: Network, batches: Batches) -> Measure:
    """Measure on batches that are already encoded for the network; penalties are not part of the loss.

    With class weights each chunk's mean counts by its number of examples.
    """
    loss = network.loss
    assert loss is not None
    arrays, tally, n = network.new_pass(CHUNK), Tally(), len(batches)
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, n, CHUNK):
            answers = batches.load(np.arange(start, min(start + CHUNK, n)), arrays)
            z = arrays.forward()
            tally.add(float(loss(z, answers[0])), z, answers, loss.classify)
        return tally.measure(batches)


def interval(correct: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share measured as `correct` of `n`: Wilson's, which stays within 0 to 1.

    Wilson 1927, J. Am. Stat. Assoc. 22, page 209.
    """
    z, p = 1.959963984540054, correct / n
    centre = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - spread) / (1 + z * z / n)), min(1.0, (centre + spread) / (1 + z * z / n))


def confusion(actual: NDArray[Any], predicted: NDArray[Any], classes: int) -> NDArray[np.int64]:
    """Return the table (classes, classes) of counts: rows actual, columns predicted."""
    cells = np.asarray(actual, np.int64) * classes + np.asarray(predicted, np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


class ClassReport(NamedTuple):
    """Of a class: the share right of those named so, of those that are so, and their harmonic mean."""

    precision: float
    recall: float
    f1: float
    examples: int


def report(table: NDArray[np.int64]) -> list[ClassReport]:
    """Return precision, recall, F1 and count of each class; a quotient 0 / 0 is NaN."""
    right, named, actual = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    return [
        ClassReport(_share(r, p), _share(r, a), _share(2 * r, p + a), int(a))
        for r, p, a in zip(right, named, actual)
    ]


def _share(part: Any, whole: Any) -> float:
    return float(part / whole) if whole else math.nan
