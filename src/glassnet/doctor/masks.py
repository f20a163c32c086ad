"""A dropout mask that a learner's code draws for itself, found by reading out what goes into the last layer.

With the last layer's weights W at 0 its output is the bias alone, whatever goes in. The slope of the loss
along an entry of W is then Σₙ hₙⱼ ∂ℓₙ/∂zₖ with a known ∂ℓ/∂z; let one example's target differ, and what
that changes in the slope is the one example's hₙⱼ. Divided by what the layers below give, it is the mask.
"""

from typing import Any

import numpy as np

from glassnet.doctor.activations import sigmoid, softmax
from glassnet.doctor.steps import Dense
from glassnet.doctor.subject import Subject
from glassnet.nn.gradcheck import slope
from glassnet.nn.layer import Array

LARGEST = 512  # numbers to read out: each takes several calls of the learner's code
AGREES = 1e-5  # how far an entry may be from 0 or from the mask's one other number, as a share of it


def read_inputs(subject: Subject, last: Dense, axis: int) -> Array | None:
    """Return what goes into the last dense layer, (N, H), up to a factor; None if it cannot be read.

    The factor is that of the loss, and 1 for a softmax or sigmoid's cross-entropy summed over the examples.
    """
    n = np.shape(subject.x)[axis]
    W = subject.parameters[last.W]
    inputs, outputs = last.weight(subject.parameters).shape
    zero = {**subject.parameters, last.W: np.zeros_like(W)}
    bias = np.zeros(outputs) if last.b is None else np.ravel(subject.parameters[last.b])
    targets = _targets(subject.y, n, outputs, axis)
    if targets is None or n * inputs > LARGEST or subject.precision != "float64":
        return None
    # Between the two targets ∂ℓ/∂z differs by one-hot(0) − one-hot(1), or for a single output by 0 − 1.
    change = np.eye(outputs)[0] - np.eye(outputs)[1] if outputs > 1 else np.array([-1.0])
    h = np.zeros((n, inputs))
    for j in range(inputs):
        direction = last.stored(np.outer(np.eye(inputs)[j], change))

        def along(y: Any, direction: Array = direction) -> float:
            return slope(
                lambda t: subject.loss({**zero, last.W: t * direction}, subject.x, y), step=1e-3
            ).value

        same = along(targets[0])
        h[:, j] = [along(y) - same for y in targets[1:]]
    # How much one example's other target changes the loss is the loss's factor, times a known number.
    change_of_loss = subject.loss(zero, subject.x, targets[1]) - subject.loss(zero, subject.x, targets[0])
    p = softmax(bias) if outputs > 1 else sigmoid(bias)
    known = float(np.log(p[0] / p[1])) if outputs > 1 else float(np.log((1 - p[0]) / p[0]))
    factor = change_of_loss / known if known else 0.0
    if not np.isfinite(h).all() or not factor:
        return None
    read: Array = h / (factor * float(change @ change))
    return read


def _targets(y: Any, n: int, outputs: int, axis: int) -> list[Any] | None:
    """The learner's targets with all examples alike, then with each one in turn different."""
    y = np.asarray(y)
    if y.dtype.kind not in "buif":
        return None
    one_each = np.vstack([np.zeros(n, int), np.eye(n, dtype=int)])
    if y.size == n:
        return [labels.reshape(y.shape).astype(y.dtype) for labels in one_each]
    if y.shape != ((n, outputs) if axis == 0 else (outputs, n)):
        return None
    rows = [np.eye(outputs)[labels].astype(y.dtype) for labels in one_each]
    return rows if axis == 0 else [row.T for row in rows]


def mask_between(below: Array, read: Array, tolerance: float = AGREES) -> Array | None:
    """Return the mask with which `below` (N, H) is what was read; None if it is not 0s and one number."""
    if below.shape != read.shape:
        return None
    live = np.abs(below) > 1e-6 * np.abs(below).max(initial=0)
    ratios = read[live] / below[live]
    kept = ratios[np.abs(ratios) > tolerance * np.abs(ratios).max(initial=0)]
    if not len(kept) or len(kept) == len(ratios):
        return None
    size = float(np.median(kept))
    if np.abs(kept - size).max() > tolerance * abs(size):
        return None
    mask = np.where(live, 0.0, size)
    mask[live] = np.where(np.abs(ratios) > tolerance * abs(size), size, 0.0)
    return mask
