"""What an estimator minimizes: scikit-learn's losses, with a weight for each example and its L2 term.

    L = Σₙ wₙ ℓ(zₙ, tₙ) / Σₙ wₙ + α/2 ‖W‖² / Σₙ wₙ        over the examples n of a batch; wₙ = 1 without

Unlike the losses of `glassnet.nn` they are a sum over several outputs, not their mean.
"""

from collections.abc import Callable

import numpy as np

from glassnet.nn.activations import sigmoid
from glassnet.nn.layer import Array
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError, Scalar
from glassnet.nn.network import Network
from glassnet.nn.penalties import penalty


class Objective(Loss):
    """A loss that weighs examples; with `dz`, as training asks for it, the L2 term is part of it.

    `weights` (M,) are those of all examples of a set, None for all alike; `rows` tells which of them lie in
    the batch at hand. The gradient of the L2 term is the optimizer's business: its share of it, 1 / Σ wₙ of
    the batch, is left in `penalty_share`.
    """

    def __init__(self, network: Network, alpha: float, weights: Array | None = None) -> None:
        super().__init__()
        self._penalized = network.parameters.vector[network.weights]
        self._alpha = alpha
        self.weights = weights
        self.rows: Callable[[], Array | slice] | None = None

    def __call__(
        self, z: Array, targets: Array, dz: Array | None = None, divisor: float | None = None
    ) -> Scalar:
        """Return L; the weights of a batch all of whose examples weigh nothing are divided by 1."""
        assert self.rows is not None
        weights = None if self.weights is None else self.weights[self.rows()]
        loss, share = self.weighted(z, targets, weights, dz)
        self.penalty_share = share
        return loss + share * penalty(self._penalized, 0.0, self._alpha)

    def weighted(
        self, z: Array, targets: Array, weights: Array | None, dz: Array | None = None
    ) -> tuple[Scalar, float]:
        """Return Σ wₙ ℓₙ / Σ wₙ, no L2 term in it, and 1 / Σ wₙ; write ∂L/∂z into `dz` unless it is None."""
        d = np.empty_like(z) if dz is None else dz
        terms = self.terms(z, targets, d)
        if weights is None:
            share = 1 / len(z)
        else:
            share = 1 / (float(weights.sum()) or 1.0)
            np.multiply(terms, weights, out=terms)
            np.multiply(d, weights[:, None], out=d)
        np.multiply(d, share, out=d)
        return np.add.reduce(terms) * share, share

    def terms(self, z: Array, targets: Array, d: Array) -> Array:
        """Return ℓ of each example (N,), and write ∂ℓ/∂z (N, K) into `d`."""
        raise NotImplementedError


class Classes(Objective, CrossEntropy):
    """ℓ = −log softmax(z)ₜ of class numbers t (N,)."""

    def terms(self, z: Array, targets: Array, d: Array) -> Array:
        """ℓ = log Σₖ eᶻₖ − zₜ,   ∂ℓ/∂z = softmax(z) − one-hot(t), the row's maximum taken out first."""
        named = np.arange(len(z)), targets
        np.subtract(z, z.max(axis=1, keepdims=True), out=d)
        at_target = d[named]
        np.exp(d, out=d)
        total = np.add.reduce(d, axis=1, keepdims=True)
        np.divide(d, total, out=d)
        d[named] -= 1
        terms: Array = np.log(total[:, 0]) - at_target
        return terms


class Labels(Objective, BinaryCrossEntropy):
    """ℓ = Σₖ −tₖ log σ(zₖ) − (1 − tₖ) log(1 − σ(zₖ)): two classes, or any number of labels at once."""

    def terms(self, z: Array, targets: Array, d: Array) -> Array:
        """ℓ = Σₖ max(zₖ, 0) − zₖ tₖ + log(1 + e^−|zₖ|),   ∂ℓ/∂z = σ(z) − t."""
        sigmoid(z, d)
        np.subtract(d, targets, out=d)
        losses = np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z)))
        terms: Array = np.add.reduce(losses, axis=1)
        return terms


class Values(Objective, MeanSquaredError):
    """ℓ = ½ Σₖ (zₖ − tₖ)²."""

    def terms(self, z: Array, targets: Array, d: Array) -> Array:
        """∂ℓ/∂z = z − t."""
        np.subtract(z, targets, out=d)
        terms: Array = np.einsum("nk,nk->n", d, d) / 2
        return terms
