"""Dropout: random silence while training."""

from typing import ClassVar

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.layer import Array, Layer, Memory


class Dropout(Layer):
    """y = x ∘ mask, where the mask is 1 / (1 − rate) with probability 1 − rate, else 0.

    Only while training; otherwise y = x. Dividing by 1 − rate keeps the expected value (Srivastava et al.
    2014, JMLR 15, section 10, "inverted" form). 0 ≤ rate < 1; ValueError otherwise. The rate may be changed
    between two steps. Derivation: docs/math/dropout.md.
    """

    options: ClassVar[tuple[str, ...]] = ("rate",)

    def __init__(self, rate: float = 0.5) -> None:
        if not (is_number(rate) and 0 <= rate < 1):
            raise ValueError(f"Dropout: expected a rate of at least 0 and below 1, got {rate!r}")
        self.rate = rate

    def label(self) -> str:
        """Name the rate."""
        return f"Dropout {self.rate:g}"

    def remembers(self) -> dict[str, tuple[int | None, ...]]:
        """Keep the mask: backward must silence what forward silenced."""
        return {"mask": (None, *self.input_shape)}

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """y = x ∘ mask."""
        mask = memory.mask
        if memory.training and self.rate > 0:
            memory.generator.random(mask.shape, mask.dtype, mask)
            np.greater_equal(mask, self.rate, out=mask)
            np.multiply(mask, 1 / (1 - self.rate), out=mask)
            np.multiply(x, mask, out=y)
        else:
            mask.fill(1)
            np.copyto(y, x)  # x ∘ 1, for less: a rate of 0 that may become another costs next to nothing

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """∂L/∂x = ∂L/∂y ∘ mask."""
        if dx is None:
            return
        if memory.training and self.rate > 0:
            np.multiply(dy, memory.mask, out=dx)
        else:
            np.copyto(dx, dy)
