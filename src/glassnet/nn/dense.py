"""The fully connected layer."""

from typing import ClassVar

import numpy as np

from glassnet.nn import initializers
from glassnet.nn.layer import Array, Layer, Memory, Parameter, Shape


class Dense(Layer):
    """y = x W + b        x (N, I)   W (I, O)   b (O,)   y (N, O).

    `units` is O; `initializer` names the first values of W (see `glassnet.nn.initializers`); b starts at 0.
    Raises ValueError if `units` is not a positive whole number. Derivation: docs/math/dense.md.
    """

    options: ClassVar[tuple[str, ...]] = ("units", "bias", "initializer")
    W: Array
    b: Array
    dW: Array
    db: Array

    def __init__(self, units: int, bias: bool = True, initializer: str = "he_normal") -> None:
        if isinstance(units, bool) or not isinstance(units, int | np.integer) or units < 1:
            raise ValueError(f"Dense: expected a whole number of units, at least 1, got {units!r}")
        initializers.parse(initializer)
        self.units = int(units)
        self.bias = bias
        self.initializer = initializer

    def build(self, input_shape: Shape) -> Shape:
        """Take vectors only: an image must be flattened first."""
        if len(input_shape) != 1:
            raise ValueError(
                f"expected vectors, got examples of shape {input_shape}; put a Flatten before it"
            )
        return (self.units,)

    def parameters(self) -> dict[str, Parameter]:
        """Declare W (I, O) and, unless `bias` is off, b (O,)."""
        inputs, units = self.input_shape[0], self.units
        parameters = {"W": Parameter((inputs, units), self.initializer, inputs, units, penalized=True)}
        if self.bias:
            parameters["b"] = Parameter((units,), "zeros")
        return parameters

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = x W + b."""
        np.matmul(x, self.W, out=y)
        if self.bias:
            np.add(y, self.b, out=y)

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂W = xᵀ ∂L/∂y,   ∂L/∂b = Σₙ ∂L/∂yₙ,   ∂L/∂x = ∂L/∂y Wᵀ."""
        np.matmul(x.T, dy, out=self.dW)
        if self.bias:
            np.add.reduce(dy, axis=0, out=self.db)
        if dx is not None:
            np.matmul(dy, self.W.T, out=dx)
