"""Measuring an estimator's network on examples that were set aside, epoch after epoch."""

from collections.abc import Callable

import numpy as np

from glassnet.estimators.objectives import Objective
from glassnet.nn.layer import Array
from glassnet.nn.network import CHUNK, Network
from glassnet.nn.passes import Pass
from glassnet.training import metrics

Score = Callable[[Array, Array, Array | None], float]


class HeldOut:
    """Examples (N, features), their encoded targets, and weights (N,) if they have any.

    Weights that are all 0 count as none. `score` is called with the network's outputs, the targets and the
    weights; `score_name` is what an `Epoch` event calls it.
    """

    def __init__(
        self,
        inputs: Array,
        targets: Array,
        weights: Array | None,
        objective: Objective,
        score: Score,
        score_name: str,
    ) -> None:
        self._inputs, self._targets = inputs, targets
        self._weights = None if weights is None or not weights.any() else weights
        self._objective, self._score = objective, score
        self.score_name = score_name
        self._pass: Pass | None = None
        self._encoded: Array | None = None

    def measure(self, network: Network) -> tuple[float, float]:
        """Return the loss, without its L2 term, and the score; the score of outputs not finite is NaN."""
        if self._pass is None:
            self._pass = network.new_pass(min(CHUNK, len(self._inputs)))
            self._encoded = self._objective.encode(self._targets, network.output_shape[0], network.dtype)
            self._z = np.empty((len(self._inputs), *network.output_shape), network.dtype)
        z, targets = self._z, self._encoded
        assert targets is not None
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(z), CHUNK):
                network.load(self._inputs[start : start + CHUNK], self._pass)
                z[start : start + CHUNK] = self._pass.forward()
            loss = float(self._objective.weighted(z, targets, self._weights)[0])
        if not np.isfinite(z).all():
            return loss, float("nan")
        return loss, self._score(z, targets, self._weights)


def accuracy(z: Array, targets: Array, weights: Array | None) -> float:
    """Return the share named right of class numbers (N,), of two classes (N, 1), or of label sets (N, K)."""
    right = z.argmax(axis=1) == targets if targets.ndim == 1 else ((z > 0) == targets).all(axis=1)
    return float(np.average(right, weights=weights))


def r_squared(z: Array, targets: Array, weights: Array | None) -> float:
    """Return 1 − Σ w e² / Σ w (t − t̄)², averaged over the outputs; scikit-learn's r2_score."""
    t = targets.astype(np.float64)
    w = np.ones(len(t)) if weights is None else weights
    spread = w @ (t - np.average(t, axis=0, weights=weights)) ** 2
    return metrics.r_squared(w @ (z - t) ** 2, spread)
