"""The steps of a network as the doctor understands it, each with its derivative.

The doctor explains a learner's gradient by computing what a wrong step would give. So the steps here are
plain functions of arrays, batch first and in float64, whatever the learner's own convention is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from glassnet.doctor.activations import Activation, softmax
from glassnet.doctor.heads import Head
from glassnet.nn.layer import Array

Arrays = Mapping[str, Array]
Gradients = dict[str, Array]


class Run(NamedTuple):
    """One trip forward: what went into step k is `values[k]`, what came out is `values[k + 1]`."""

    parameters: Arrays
    values: list[Array]
    targets: Array  # (N, K), or the cotangent of a class
    head: Head  # with the coefficients that hold for this batch

    @property
    def n(self) -> int:
        """The number of examples."""
        return len(self.values[0])


SHORTCUT = " shortcut"  # no parameter's name
Backward = Callable[[Run, int, Array], tuple[Array, Gradients]]  # (run, k, ∂L/∂y) -> ∂L/∂x, own gradients
# Own gradients are those of the step's parameters, by the learner's names and in the learner's layout.


@dataclass(frozen=True)
class Dense:
    """y = h W + b, where the learner may store W as (inputs, outputs) or (outputs, inputs)."""

    W: str
    b: str | None
    transposed: bool

    def weight(self, parameters: Arrays) -> Array:
        """W as (inputs, outputs)."""
        return parameters[self.W].T if self.transposed else parameters[self.W]

    def stored(self, dW: Array) -> Array:
        """A gradient (inputs, outputs) laid out as the learner stores W."""
        return dW.T if self.transposed else dW

    def forward(self, h: Array, parameters: Arrays) -> Array:
        y: Array = h @ self.weight(parameters)
        return y if self.b is None else y + parameters[self.b].reshape(-1)

    def own(self, run: Run, h: Array, d: Array) -> Gradients:
        """dW = hᵀ d and db = Σₙ d."""
        found = {self.W: self.stored(h.T @ d)}
        if self.b is not None:
            found[self.b] = d.sum(axis=0).reshape(run.parameters[self.b].shape)
        return found

    def backward(self, run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        return d @ self.weight(run.parameters).T, self.own(run, run.values[k], d)

    def __str__(self) -> str:
        return f"dense {self.W}"


@dataclass(frozen=True)
class Elementwise:
    """y = f(z), number by number."""

    activation: Activation

    def forward(self, h: Array, parameters: Arrays) -> Array:
        return self.activation.f(h)

    def backward(self, run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        return d * self.activation.derivative(run.values[k]), {}

    def __str__(self) -> str:
        return self.activation.name


@dataclass(frozen=True)
class Softmax:
    """y = softmax(z), row by row."""

    def forward(self, h: Array, parameters: Arrays) -> Array:
        return softmax(h)

    def backward(self, run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        p = run.values[k + 1]
        return p * (d - (d * p).sum(axis=-1, keepdims=True)), {}

    def __str__(self) -> str:
        return "softmax"


@dataclass(frozen=True)
class Normalization:
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), over the batch (axis 0) or the features (axis −1)."""

    axis: int
    gamma: str | None
    beta: str | None
    epsilon: float

    def statistics(self, h: Array) -> tuple[Array, Array]:
        """x̂ and 1 / √(σ² + ε)."""
        centred = h - h.mean(axis=self.axis, keepdims=True)
        inverse: Array = 1 / np.sqrt((centred**2).mean(axis=self.axis, keepdims=True) + self.epsilon)
        return centred * inverse, inverse

    def gain(self, parameters: Arrays) -> Any:
        """γ as a row."""
        return 1.0 if self.gamma is None else parameters[self.gamma].reshape(-1)

    def forward(self, h: Array, parameters: Arrays) -> Array:
        shift = 0.0 if self.beta is None else parameters[self.beta].reshape(-1)
        y: Array = self.statistics(h)[0] * self.gain(parameters) + shift
        return y

    def own(self, run: Run, normalized: Array, d: Array) -> Gradients:
        """dγ = Σₙ d x̂ and dβ = Σₙ d."""
        found = {}
        if self.gamma is not None:
            found[self.gamma] = (d * normalized).sum(axis=0).reshape(run.parameters[self.gamma].shape)
        if self.beta is not None:
            found[self.beta] = d.sum(axis=0).reshape(run.parameters[self.beta].shape)
        return found

    def backward(self, run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        normalized, inverse = self.statistics(run.values[k])
        g = d * self.gain(run.parameters)
        mean = g.mean(axis=self.axis, keepdims=True)
        along = (g * normalized).mean(axis=self.axis, keepdims=True)
        return inverse * (g - mean - normalized * along), self.own(run, normalized, d)

    def __str__(self) -> str:
        return "batch normalization" if self.axis == 0 else "layer normalization"


@dataclass(frozen=True)
class Skip:
    """y = h + (what went into step `source`): a residual connection."""

    source: int

    def backward(self, run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        """The error goes both ways; the shortcut's share is handed over under the name `SHORTCUT`."""
        return d, {SHORTCUT: d}

    def __str__(self) -> str:
        return "plus shortcut"


@dataclass(frozen=True, eq=False)
class Mask:
    """y = h ∘ mask, dropout with the mask (N, H) that the code draws for this batch."""

    mask: Array

    def forward(self, h: Array, parameters: Arrays) -> Array:
        """Return h ∘ mask."""
        return h * self.mask

    def backward(self, run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        """∂L/∂h = d ∘ mask."""
        return d * self.mask, {}

    def __str__(self) -> str:
        return "dropout"


Step = Dense | Elementwise | Softmax | Normalization | Skip | Mask
