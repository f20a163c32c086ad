"""Formulas in the learner's own layout: examples in rows or columns, W stored this way or that."""

from typing import NamedTuple

import numpy as np

from glassnet.doctor.model import Model
from glassnet.doctor.steps import Dense, Run
from glassnet.nn.layer import Array

D_WEIGHT = {(0, False): "xᵀ dz", (0, True): "dzᵀ x", (1, True): "dz xᵀ", (1, False): "x dzᵀ"}
D_INPUT = {(0, False): "dz Wᵀ", (0, True): "dz W", (1, True): "Wᵀ dz", (1, False): "W dz"}


class Layout(NamedTuple):
    """Examples along `batch_axis` of x; W is (outputs, inputs) if `transposed`, else (inputs, outputs)."""

    batch_axis: int
    transposed: bool

    @property
    def dW(self) -> str:
        """The weight's gradient."""
        return f"dW = {D_WEIGHT[self]}"

    @property
    def dx(self) -> str:
        """What goes back to the layer below."""
        return f"dx = {D_INPUT[self]}"

    def db(self, b: Array) -> str:
        """The bias's gradient, in the shape of b."""
        keep = ", keepdims=True" if b.ndim == 2 else ""
        return f"db = Σₙ dzₙ, the sum over the examples alone: dz.sum(axis={self.batch_axis}{keep})"


def layout(model: Model | None, batch_axis: int | None = None, W: str | None = None) -> Layout:
    """The layout of W, or of the first weight; the usual one for `batch_axis` if there is no model."""
    if model is None:
        return Layout(batch_axis or 0, batch_axis == 1)
    dense = [step for step in model.steps if isinstance(step, Dense)]
    own = next((step for step in dense if step.W == W), dense[0] if dense else None)
    return Layout(model.batch_axis, model.batch_axis == 1 if own is None else own.transposed)


def at_output(run: Run) -> str:
    """The derivative that the usual losses have at the output, c (p − y), with the loss's own factor."""
    n, outputs = run.values[-1].shape
    c = (run.head.scale + run.head.smoothing) * (2 if run.head.kind == "squared error" else 1)
    for times, factor in (("", 1), ("2 ", 2)):
        for divided, by in (("", 1), (" / N", n), (" / (N K)", n * outputs)):
            if np.isclose(c, factor / by, rtol=1e-4):
                return f"dz = {times}(p − y){divided}"
    return f"dz = {c:.4g} (p − y)"
