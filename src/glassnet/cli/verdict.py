"""How good a network is, in one line: what `train` ends with and `evaluate` begins with."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet.nn.network import Network
from glassnet.plots.numbers import readable
from glassnet.training.metrics import interval, r_squared

Array = NDArray[Any]

_Z = 1.959963984540054  # standard errors either side hold 95 %


def answers(network: Network, split: Split) -> Array:
    """Return the probabilities (N, classes), or the values (N, K) in the targets' units, for a part of a set.

    They may be infinite or NaN, without a warning, where a run diverged.
    """
    with np.errstate(all="ignore"):
        if network.classifies:
            return network.predict_proba(split.images)
        return network.predict(split.images).reshape(len(split), -1)


def verdict(data: Dataset, given: Array) -> list[str]:
    """Return the lines that judge `given`, the finite answers for the part that `data.judged` names.

    For classes that is the accuracy with its 95 % interval; for values R², which takes two examples at least,
    and the mean absolute error.
    """
    part, split = data.judged
    note = "the best epoch was chosen on it" if part == "validation" else ""
    name = part.capitalize()
    if data.classes is not None:
        right = int((given.argmax(axis=1) == split.labels).sum())
        low, high = interval(right, len(split))
        told = "; ".join([f"95 % interval {low:.4f}-{high:.4f}", *filter(None, [note])])
        return [f"{name} accuracy {right / len(split):.4f} ({told})"]
    actual = _values(split)
    told = "; ".join([f"on {len(split):,} example{'s' * (len(split) != 1)}", *filter(None, [note])])
    return [f"{name} {_fit(actual, given)} ({told})"]


def details(data: Dataset, given: Array) -> list[str]:
    """Return more lines about values: the error's 95 % interval, the root of its mean square, each target's.

    The interval is the normal one, mean ± 1.96 standard errors, and is left out below 30 examples, where it
    would promise too much.
    """
    _, split = data.judged
    actual = _values(split)
    errors = given - actual
    lines = []
    if len(split) >= 30:
        sizes = np.abs(errors).mean(axis=1)
        mean, spread = sizes.mean(), _Z * sizes.std(ddof=1) / np.sqrt(len(sizes))
        low, high = readable(max(mean - spread, 0)), readable(mean + spread)
        lines.append(f"Mean absolute error, 95 % interval {low} to {high}")
    lines.append(f"Root mean squared error {readable(np.sqrt((errors**2).mean()))}")
    for k in range(actual.shape[1] if actual.shape[1] > 1 else 0):
        lines.append(f"Target {k + 1}: {_fit(actual[:, [k]], given[:, [k]])}")
    return lines


def _values(split: Split) -> Array:
    return split.labels.reshape(len(split), -1).astype(np.float64)


def _fit(actual: Array, given: Array) -> str:
    """R² and the mean absolute error in words; of one example the error alone, there being no spread."""
    words = f"mean absolute error {readable(np.abs(given - actual).mean())}"
    if len(actual) < 2:
        return words
    squares = ((given - actual) ** 2).sum(axis=0)
    r2 = r_squared(squares, ((actual - actual.mean(axis=0)) ** 2).sum(axis=0))
    return f"R² {r2:.4f}, {words}"
