"""Activations: functions applied to each number alone, and softmax, applied to each row."""

import math
from typing import ClassVar

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.layer import Array, Layer, Memory


class ReLU(Layer):
    """y = max(x, 0). The derivative at the kink x = 0 is taken as 0. Derivation: docs/math/relu.md."""

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = max(x, 0)."""
        np.maximum(x, 0, out=y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y where y > 0, else 0."""
        if dx is not None:
            np.multiply(dy, y > 0, out=dx)


class LeakyReLU(Layer):
    """y = x where x > 0, else slope · x, with 0 ≤ slope < 1. Derivation: docs/math/leaky_relu.md."""

    options: ClassVar[tuple[str, ...]] = ("slope",)

    def __init__(self, slope: float = 0.01) -> None:
        if not (is_number(slope) and 0 <= slope < 1):
            raise ValueError(f"LeakyReLU: expected a slope of at least 0 and below 1, got {slope!r}")
        self.slope = slope

    def label(self) -> str:
        """Name the slope."""
        return f"LeakyReLU {self.slope:g}"

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = max(x, slope · x): slope · x is the smaller of the two where x > 0, the larger elsewhere."""
        np.multiply(x, self.slope, out=y)
        np.maximum(x, y, out=y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y · max([x > 0], slope)."""
        if dx is not None:
            np.greater(x, 0, out=dx)
            np.maximum(dx, self.slope, out=dx)
            np.multiply(dy, dx, out=dx)


class Sigmoid(Layer):
    """y = σ(x) = 1 / (1 + e⁻ˣ). Derivation: docs/math/sigmoid.md."""

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """σ(x) = max(e, [x ≥ 0]) / (1 + e) with e = e^−|x|, which is never above 1: nothing overflows."""
        sigmoid(x, y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y · y (1 − y)."""
        if dx is not None:
            np.subtract(1, y, out=dx)
            np.multiply(dx, y, out=dx)
            np.multiply(dx, dy, out=dx)


class Tanh(Layer):
    """y = tanh(x). Derivation: docs/math/tanh.md."""

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = tanh(x)."""
        np.tanh(x, out=y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y · (1 − y²)."""
        if dx is not None:
            np.multiply(y, y, out=dx)
            np.subtract(1, dx, out=dx)
            np.multiply(dx, dy, out=dx)


class GELU(Layer):
    """y = ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³).

    This is the tanh form of Hendrycks and Gimpel 2016 (arXiv:1606.08415, section 2), PyTorch's
    `approximate="tanh"`; it differs from x Φ(x) by less than 0.0005. Derivation: docs/math/gelu.md.
    """

    SCALE: ClassVar[float] = math.sqrt(2 / math.pi)
    CUBIC: ClassVar[float] = 0.044715

    def remembers(self) -> dict[str, tuple[int | None, ...]]:
        """Keep t = tanh u, by far the dearest part."""
        return {"t": (None, *self.input_shape)}

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = ½ x (1 + t),   t = tanh u."""
        t = memory.t
        np.multiply(x, x, out=t)
        np.multiply(t, self.SCALE * self.CUBIC, out=t)
        np.add(t, self.SCALE, out=t)
        np.multiply(t, x, out=t)  # u
        np.tanh(t, out=t)
        np.add(t, 1, out=y)
        np.multiply(y, x, out=y)
        np.multiply(y, 0.5, out=y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y · ½ (1 + t + x (1 − t²) u′),   u′ = √(2/π) (1 + 3 · 0.044715 x²)."""
        if dx is not None:
            t = memory.t
            np.multiply(x, x, out=dx)
            np.multiply(dx, 3 * self.SCALE * self.CUBIC, out=dx)
            np.add(dx, self.SCALE, out=dx)  # u′
            np.multiply(dx, 1 - t * t, out=dx)
            np.multiply(dx, x, out=dx)
            np.add(dx, 1 + t, out=dx)
            np.multiply(dx, 0.5, out=dx)
            np.multiply(dx, dy, out=dx)


class Softmax(Layer):
    """y = eˣ / Σ eˣ over the last axis. Derivation: docs/math/softmax.md."""

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """Subtract the row's maximum first: the quotient stays the same and no exponential overflows."""
        softmax(x, y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = y ∘ (∂L/∂y − Σₖ ∂L/∂yₖ yₖ), the product with the Jacobian diag(y) − y yᵀ."""
        if dx is not None:
            np.multiply(dy, y, out=dx)
            inner = np.add.reduce(dx, axis=-1, keepdims=True)
            np.subtract(dy, inner, out=dx)
            np.multiply(dx, y, out=dx)


def sigmoid(x: Array, y: Array) -> None:
    """Write σ(x) into `y`, which must not be `x`; exact to rounding in both tails."""
    np.abs(x, out=y)
    np.negative(y, out=y)
    np.exp(y, out=y)
    above = np.maximum(y, x >= 0)
    np.add(y, 1, out=y)
    np.divide(above, y, out=y)


def softmax(x: Array, y: Array) -> None:
    """Write softmax over the last axis of `x` into `y`, which may be `x`."""
    np.subtract(x, x.max(axis=-1, keepdims=True), out=y)
    np.exp(y, out=y)
    np.divide(y, np.add.reduce(y, axis=-1, keepdims=True), out=y)
