"""Normalization: over the batch for each feature, or over the features of each example."""

from typing import ClassVar

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.layer import Array, Layer, Memory, Parameter, Shape


class BatchNorm(Layer):
    """y = γ x̂ + β,   x̂ = (x − μ) / √(σ² + ε)        x, y (N, F)   γ, β, μ, σ² (F,).

    While training, μ and σ² are the batch's mean and (biased) variance, and the running ones follow them by
    `momentum`; otherwise they are the running ones. As in PyTorch the running variance takes the batch's
    unbiased one. A batch of one has no spread: x̂ is zero, and no running value is touched.
    Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1. Derivation: docs/math/batch_norm.md.
    """

    options: ClassVar[tuple[str, ...]] = ("momentum", "epsilon")
    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    running_mean: Array
    running_variance: Array

    def __init__(self, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        if not (is_number(momentum) and 0 < momentum <= 1):
            raise ValueError(f"BatchNorm: expected a momentum above 0, at most 1, got {momentum!r}")
        _check_epsilon("BatchNorm", epsilon)
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape: Shape) -> Shape:
        """Take vectors only."""
        if len(input_shape) != 1:
            raise ValueError(
                f"expected vectors, got examples of shape {input_shape}; put a Flatten before it"
            )
        return input_shape

    def parameters(self) -> dict[str, Parameter]:
        """Declare the gain γ and the shift β."""
        return {"gamma": Parameter(self.input_shape, "ones"), "beta": Parameter(self.input_shape, "zeros")}

    def state(self) -> dict[str, Parameter]:
        """Declare the running mean and variance."""
        return {
            "running_mean": Parameter(self.input_shape, "zeros"),
            "running_variance": Parameter(self.input_shape, "ones"),
        }

    def remembers(self) -> dict[str, tuple[int | None, ...]]:
        """Keep x̂ (N, F) and 1 / √(σ² + ε) (F,)."""
        return {"normalized": (None, *self.input_shape), "inverse_deviation": self.input_shape}

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = γ (x − μ) / √(σ² + ε) + β."""
        if memory.training:
            mean, variance = x.mean(axis=0), x.var(axis=0)
            self._follow(len(x), mean, variance)
        else:
            mean, variance = self.running_mean, self.running_variance
        np.divide(1, np.sqrt(variance + self.epsilon), out=memory.inverse_deviation)
        np.subtract(x, mean, out=memory.normalized)
        np.multiply(memory.normalized, memory.inverse_deviation, out=memory.normalized)
        np.multiply(memory.normalized, self.gamma, out=y)
        np.add(y, self.beta, out=y)

    def _follow(self, n: int, mean: Array, variance: Array) -> None:
        if n > 1:
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_variance += self.momentum * (variance * (n / (n - 1)) - self.running_variance)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂γ = Σ dy x̂,   ∂L/∂β = Σ dy,   ∂L/∂x = γ / √(σ² + ε) · (dy − ∂L/∂β / N − x̂ ∂L/∂γ / N).

        With running statistics μ and σ² do not depend on x, and the two subtracted terms fall away.
        """
        n, normalized = len(x), memory.normalized
        np.add.reduce(dy * normalized, axis=0, out=self.dgamma)
        np.add.reduce(dy, axis=0, out=self.dbeta)
        if dx is not None:
            if memory.training:
                np.multiply(normalized, self.dgamma / n, out=dx)
                np.subtract(dy, dx, out=dx)
                np.subtract(dx, self.dbeta / n, out=dx)
            else:
                np.copyto(dx, dy)
            np.multiply(dx, self.gamma * memory.inverse_deviation, out=dx)


class LayerNorm(Layer):
    """y = γ x̂ + β,   x̂ = (x − μ) / √(σ² + ε)        x, y (…, F)   γ, β (F,)   μ, σ² (…, 1).

    μ and σ² are the mean and (biased) variance of each example's last axis: examples share nothing,
    and training and predicting are the same. Ba, Kiros, Hinton 2016, arXiv:1607.06450, equation 4.
    Derivation: docs/math/layer_norm.md.
    """

    options: ClassVar[tuple[str, ...]] = ("epsilon",)
    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array

    def __init__(self, epsilon: float = 1e-5) -> None:
        _check_epsilon("LayerNorm", epsilon)
        self.epsilon = epsilon

    def parameters(self) -> dict[str, Parameter]:
        """Declare the gain γ and the shift β."""
        features = self.input_shape[-1:]
        return {"gamma": Parameter(features, "ones"), "beta": Parameter(features, "zeros")}

    def remembers(self) -> dict[str, tuple[int | None, ...]]:
        """Keep x̂ (…, F) and 1 / √(σ² + ε) (…, 1)."""
        return {
            "normalized": (None, *self.input_shape),
            "inverse_deviation": (None, *self.input_shape[:-1], 1),
        }

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = γ (x − μ) / √(σ² + ε) + β."""
        normalized = memory.normalized
        np.subtract(x, x.mean(axis=-1, keepdims=True), out=normalized)
        np.multiply(normalized, normalized, out=y)
        variance = y.mean(axis=-1, keepdims=True)
        np.divide(1, np.sqrt(variance + self.epsilon), out=memory.inverse_deviation)
        np.multiply(normalized, memory.inverse_deviation, out=normalized)
        np.multiply(normalized, self.gamma, out=y)
        np.add(y, self.beta, out=y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂γ = Σ dy x̂,   ∂L/∂β = Σ dy,   ∂L/∂x = (g − mean(g) − x̂ mean(g x̂)) / √(σ² + ε),   g = γ dy."""
        normalized = memory.normalized
        examples = tuple(range(dy.ndim - 1))
        np.add.reduce(dy * normalized, axis=examples, out=self.dgamma)
        np.add.reduce(dy, axis=examples, out=self.dbeta)
        if dx is not None:
            g = dy * self.gamma
            np.multiply(normalized, (g * normalized).mean(axis=-1, keepdims=True), out=dx)
            np.subtract(g, dx, out=dx)
            np.subtract(dx, g.mean(axis=-1, keepdims=True), out=dx)
            np.multiply(dx, memory.inverse_deviation, out=dx)


def _check_epsilon(layer: str, epsilon: float) -> None:
    if not (is_number(epsilon) and epsilon > 0):
        raise ValueError(f"{layer}: expected an epsilon above 0, got {epsilon!r}")
