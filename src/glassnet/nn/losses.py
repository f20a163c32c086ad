"""Losses: one number for how wrong a batch is, and its derivative by the network's output.

A loss is called as `loss(z, targets, dz, divisor)`: it returns the loss and, unless `dz` is None, writes
∂L/∂z into it. The mean over the batch is taken here and nowhere else; `divisor` replaces the number of
examples where a batch is one shard of a larger one.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from glassnet.nn.activations import Sigmoid, Softmax, sigmoid, softmax
from glassnet.nn.checks import is_number
from glassnet.nn.layer import Array, Layer
from glassnet.nn.names import unknown

Scalar = np.floating[Any]


class Loss:
    """What the losses have in common: `pairs_with` is the final layer whose derivative the loss absorbs.

    A network that ends in that layer is trained on what goes into it (the logits), because the two
    derivatives together are simple and stable where each alone is not.
    """

    name: ClassVar[str]
    options: ClassVar[tuple[str, ...]] = ()
    pairs_with: ClassVar[type[Layer] | None] = None
    of_classes: ClassVar[bool] = True  # whether targets are always classes
    threshold: ClassVar[float] = 0.5  # above it a single output says class 1
    penalty_share: float = 1.0  # of a run's L1 and L2: one that divides them as it does its terms says so

    def __call__(
        self, z: Array, targets: Array, dz: Array | None = None, divisor: float | None = None
    ) -> Scalar:
        """Return the loss of outputs `z` (N, K); write ∂L/∂z into `dz` (N, K) unless it is None.

        Raises ValueError if there is no example to take the mean over.
        """
        raise NotImplementedError

    def _check_mean(self, z: Array, divisor: float | None) -> None:
        """Refuse the mean over no example. With a divisor it is a sum, which may have no terms."""
        if divisor is None and not len(z):
            raise ValueError(f"{self.name}: expected outputs (N, K) of at least one example, got {z.shape}")

    def encode(self, labels: Array, outputs: int, dtype: Any) -> Array:
        """Turn class numbers (N,) or values into targets for that many outputs; ValueError if impossible."""
        if labels.ndim > 1:
            if labels.shape[1:] != (outputs,):
                raise ValueError(f"{self.name}: expected targets (N, {outputs}), got {labels.shape}")
            return labels.astype(dtype, copy=False)
        if outputs == 1:
            if self.of_classes:
                _check_classes(labels, 2)
            return labels.astype(dtype)[:, None]
        return one_hot(labels, outputs, dtype)

    def classify(self, z: Array) -> Array:
        """Return the predicted class numbers (N,) for outputs (N, K)."""
        if z.shape[-1] == 1:
            return (z[..., 0] > self.threshold).astype(np.intp)
        classes: Array = z.argmax(axis=-1)
        return classes

    def probabilities(self, z: Array) -> Array:
        """Return class probabilities (N, classes), rows summing to 1, for outputs `z` (N, K)."""
        raise NotImplementedError

    def config(self) -> dict[str, Any]:
        """Describe the loss as plain data, from which `from_config` makes it again."""
        return {"name": self.name, **{name: getattr(self, name) for name in self.options}}

    def __repr__(self) -> str:
        """Show the call that makes this loss."""
        return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.options)})"


class CrossEntropy(Loss):
    """L = Σₙ −wᵧ log softmax(zₙ)ᵧ / Σₙ wᵧ        z (N, K)   y (N,) or one-hot (N, K).

    Softmax and cross-entropy in one, on logits: computed as logsumexp(z) − zᵧ with the row's maximum taken
    out, so that it neither overflows nor takes the logarithm of zero. With `label_smoothing` ε the target is
    (1 − ε) one-hot + ε / K (Szegedy et al. 2016, arXiv:1512.00567, section 7); `class_weights` (K,) weigh
    each class's term, and the divisor is the sum of the examples' own weights, as in PyTorch.
    Derivation: docs/math/cross_entropy.md.
    """

    name = "cross_entropy"
    options = ("label_smoothing", "class_weights")
    pairs_with = Softmax

    def __init__(self, label_smoothing: float = 0.0, class_weights: Sequence[float] | None = None) -> None:
        if not (is_number(label_smoothing) and 0 <= label_smoothing < 1):
            raise ValueError(f"cross_entropy: expected 0 ≤ label_smoothing < 1, got {label_smoothing!r}")
        if class_weights is not None:
            class_weights = [float(w) for w in class_weights]
            if not all(0 <= w < np.inf for w in class_weights) or not any(class_weights):
                raise ValueError(f"cross_entropy: expected class weights ≥ 0, not all 0, got {class_weights}")
        self.label_smoothing = label_smoothing
        self.class_weights = class_weights

    def __call__(
        self, z: Array, targets: Array, dz: Array | None = None, divisor: float | None = None
    ) -> Scalar:
        """Targets are class numbers (N,) or one-hot, or any distribution, (N, K)."""
        self._check_mean(z, divisor)
        e = np.empty_like(z) if dz is None else dz
        peak = z.max(axis=-1, keepdims=True)
        np.subtract(z, peak, out=e)
        np.exp(e, out=e)
        total = np.add.reduce(e, axis=-1, keepdims=True)
        log_total = np.log(total)  # log Σₖ e^(zₖ − peak)
        if targets.ndim == z.ndim or self.label_smoothing or self.class_weights is not None:
            return self._weighted(z - peak, targets, dz, divisor, total, log_total)
        every = np.arange(len(z), like=z), targets
        if divisor is None:
            divisor = len(z)
        loss: Scalar = (np.add.reduce(log_total, axis=None) - np.add.reduce(z[every] - peak[:, 0])) / divisor
        if dz is not None:  # ∂L/∂z = (softmax(z) − one-hot(y)) / N
            np.divide(dz, total * divisor, out=dz)
            dz[every] -= 1 / divisor
        return loss

    def _weighted(
        self,
        z: Array,
        targets: Array,
        dz: Array | None,
        divisor: float | None,
        total: Array,
        log_total: Array,
    ) -> Scalar:
        classes = z.shape[-1]
        q = targets if targets.ndim == z.ndim else one_hot(targets, classes, z.dtype)
        weights = np.ones_like(z, shape=(classes,))
        if self.class_weights is not None:
            if len(self.class_weights) != classes:
                raise ValueError(
                    f"cross_entropy: expected {classes} class weights, got {len(self.class_weights)}"
                )
            weights = np.asarray(self.class_weights, z.dtype, like=z)
        weight = (q * weights).sum()
        weight = np.where(weight > 0, weight, 1)  # a batch of classes that all weigh 0 has the loss 0
        over = weight if divisor is None else divisor
        if self.label_smoothing:
            q = (1 - self.label_smoothing) * q + self.label_smoothing / classes
        wq = weights * q
        loss: Scalar = (wq * (log_total - z)).sum() / over
        if dz is not None:  # ∂L/∂z = (softmax(z) Σₖ wₖ qₖ − w q) / divisor
            np.divide(dz, total, out=dz)
            np.multiply(dz, wq.sum(axis=-1, keepdims=True), out=dz)
            np.subtract(dz, wq, out=dz)
            np.divide(dz, over, out=dz)
        return loss

    def encode(self, labels: Array, outputs: int, dtype: Any) -> Array:
        """Keep class numbers as they are: they pick, instead of multiplying by zeros."""
        if labels.ndim > 1:
            return super().encode(labels, outputs, dtype)
        if outputs < 2:
            raise ValueError(
                "cross_entropy: expected one output for each class, got 1 output; use binary_cross_entropy"
            )
        _check_classes(labels, outputs)
        return labels.astype(np.intp, copy=False)

    def probabilities(self, z: Array) -> Array:
        """softmax(z)."""
        p = np.empty_like(z)
        softmax(z, p)
        return p


class BinaryCrossEntropy(Loss):
    """L = mean over N and K of max(z, 0) − z t + log(1 + e^−|z|)        z, t (N, K)   0 ≤ t ≤ 1.

    The cross-entropy of each output alone, on logits: −t log σ(z) − (1 − t) log(1 − σ(z)), rearranged so that
    nothing overflows. Derivation: docs/math/binary_cross_entropy.md.
    """

    name = "binary_cross_entropy"
    pairs_with = Sigmoid
    threshold = 0.0

    def __call__(
        self, z: Array, targets: Array, dz: Array | None = None, divisor: float | None = None
    ) -> Scalar:
        """Targets (N, K) between 0 and 1."""
        self._check_mean(z, divisor)
        count = (len(z) if divisor is None else divisor) * z.shape[-1]
        losses = np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z)))
        if dz is not None:  # ∂L/∂z = (σ(z) − t) / (N K)
            sigmoid(z, dz)
            np.subtract(dz, targets, out=dz)
            np.divide(dz, count, out=dz)
        loss: Scalar = losses.sum() / count
        return loss

    def probabilities(self, z: Array) -> Array:
        """σ(z): one output gives the pair (1 − p, p); several are brought to the sum 1."""
        p = np.empty_like(z)
        if z.shape[-1] == 1:
            sigmoid(z, p)
            return _as_distribution(p)
        softmax(-np.logaddexp(0, -z), p)  # of log σ(z), which does not vanish where all σ do
        return p


class MeanSquaredError(Loss):
    """L = mean over N and K of (z − t)²        z, t (N, K). Derivation: docs/math/mean_squared_error.md."""

    name = "mse"
    of_classes = False

    def __call__(
        self, z: Array, targets: Array, dz: Array | None = None, divisor: float | None = None
    ) -> Scalar:
        """Targets (N, K)."""
        self._check_mean(z, divisor)
        count = (len(z) if divisor is None else divisor) * z.shape[-1]
        error = np.subtract(z, targets, out=dz)
        loss: Scalar = (error * error).sum() / count
        if dz is not None:  # ∂L/∂z = 2 (z − t) / (N K)
            np.multiply(dz, 2 / count, out=dz)
        return loss

    def probabilities(self, z: Array) -> Array:
        """Outputs trained towards 0 and 1, cut to that range and brought to the sum 1."""
        return _as_distribution(np.clip(z, 0, 1))


def one_hot(labels: Array, classes: int, dtype: Any) -> Array:
    """Return (N, classes), 1 where the class is the label, else 0. ValueError for labels out of range."""
    _check_classes(labels, classes)
    rows = np.zeros_like(labels, dtype, shape=(len(labels), classes))
    rows[np.arange(len(labels), like=labels), labels.astype(np.intp)] = 1
    return rows


def _check_classes(labels: Array, classes: int) -> None:
    if len(labels) and not (labels.min() >= 0 and labels.max() < classes):
        raise ValueError(f"labels: expected classes 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    if labels.dtype.kind == "f" and (labels != np.floor(labels)).any():
        raise ValueError("labels: expected whole numbers, got fractions")


def _as_distribution(p: Array) -> Array:
    if p.shape[-1] == 1:
        return np.concatenate([1 - p, p], axis=-1)
    total = p.sum(axis=-1, keepdims=True)
    uniform = 1 / p.shape[-1]
    return np.where(total > 0, p / np.where(total > 0, total, 1), uniform).astype(p.dtype)


LOSSES: dict[str, type[Loss]] = {
    loss.name: loss for loss in (CrossEntropy, BinaryCrossEntropy, MeanSquaredError)
}


def get(loss: "str | Loss") -> Loss:
    """Return the loss of that name, or the loss itself. ValueError for an unknown name."""
    if isinstance(loss, Loss):
        return loss
    name = str(loss).replace("-", "_").lower()
    if name not in LOSSES:
        raise ValueError(unknown("loss", loss, LOSSES))
    return LOSSES[name]()


def from_config(config: dict[str, Any]) -> Loss:
    """Make a loss from what its `config()` gave."""
    options = {name: value for name, value in config.items() if name != "name"}
    loss = type(get(str(config.get("name"))))
    for name in options:
        if name not in loss.options:
            raise ValueError(unknown(f"option of {loss.name}", name, loss.options))
    return loss(**options)
