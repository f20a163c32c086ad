"""Flatten: each example becomes one vector."""

import math

import numpy as np

from glassnet.nn.layer import Array, Layer, Memory, Shape


class Flatten(Layer):
    """y = x in another shape: (N, A, B, …) to (N, A · B · …). Derivation: docs/math/flatten.md."""

    def build(self, input_shape: Shape) -> Shape:
        """Take any shape."""
        return (math.prod(input_shape),)

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """Copy, since a layer fills the array it is handed."""
        np.copyto(y, x.reshape(y.shape))

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y in the shape of x."""
        if dx is not None:
            np.copyto(dx, dy.reshape(dx.shape))
