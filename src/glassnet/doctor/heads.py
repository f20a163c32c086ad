"""What is computed from a network's output: the losses that the doctor knows, with their derivatives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from glassnet.nn.layer import Array


@dataclass(frozen=True)
class Head:
    """What is computed from the last step's output: a loss of it, or a class's product with its cotangent.

    `scale` multiplies the sum over all examples and outputs; `smoothing` is what the same sum towards the
    uniform distribution is multiplied by; `l2`, `l1` and `bias_l2` multiply Σ W², Σ |W| and Σ b².
    """

    kind: str
    scale: float = 1.0
    smoothing: float = 0.0
    l2: float = 0.0
    l1: float = 0.0
    bias_l2: float = 0.0

    def derivative(self, p: Array, t: Array) -> Array:
        """∂L/∂p."""
        d: Array = self.scale * SLOPES[self.kind](p, t)
        if self.smoothing:
            d = d + self.smoothing * SLOPES[self.kind](p, np.full_like(p, 1 / p.shape[-1]))
        return d


def _total(terms: Array) -> Any:
    """Add up the examples and outputs, the last two axes."""
    return terms.sum(axis=(-2, -1))


def _log(p: Array) -> Array:
    result: Array = np.log(np.maximum(p, 1e-300))
    return result


LOSSES: dict[str, Callable[[Array, Array], Any]] = {  # summed over the examples and outputs
    "product": lambda p, t: _total(p * t),
    "cross-entropy": lambda p, t: -_total(t * _log(p)),
    "binary cross-entropy": lambda p, t: -_total(t * _log(p) + (1 - t) * _log(1 - p)),
    "squared error": lambda p, t: _total((p - t) ** 2),
    "absolute error": lambda p, t: _total(np.abs(p - t)),
    "hinge": lambda p, t: _total(np.maximum(0, p - (p * t).sum(-1, keepdims=True) + 1) * (1 - t)),
}


def _hinge_slope(p: Array, t: Array) -> Array:
    over = (p - (p * t).sum(-1, keepdims=True) + 1 > 0) * (1 - t)
    slope: Array = over - t * over.sum(-1, keepdims=True)
    return slope


SLOPES: dict[str, Callable[[Array, Array], Array]] = {
    "product": lambda p, t: t,
    "cross-entropy": lambda p, t: -t / np.maximum(p, 1e-300),
    "binary cross-entropy": lambda p, t: (p - t) / np.maximum(p * (1 - p), 1e-300),
    "squared error": lambda p, t: 2 * (p - t),
    "absolute error": lambda p, t: np.sign(p - t),
    "hinge": _hinge_slope,
}
