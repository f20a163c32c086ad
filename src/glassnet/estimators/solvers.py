"""The optimizers behind an estimator's `solver`, with scikit-learn's meaning of its parameters."""

import math
from typing import Any

import numpy as np

from glassnet.nn import optimizers
from glassnet.nn.layer import Array
from glassnet.nn.optimizers import SGD, AdamW, Momentum, Nesterov, Optimizer, RMSProp


class Adam(optimizers.Adam):
    """Adam as scikit-learn has it: ε is added to √v before the correction of v's bias, not after it.

    w ← w − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).  Kingma and Ba 2015, arXiv:1412.6980, end of section 2.
    """

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """Update with ε as it is: the parent's, which it multiplies by √(1 − β₂ᵗ), divided by that first."""
        given = self.epsilon
        self.epsilon = given / math.sqrt(1 - self.beta2**self.steps)
        super().update(w, g, learning_rate, s)
        self.epsilon = given


def optimizer(estimator: Any) -> Optimizer:
    """Return the optimizer that an estimator's parameters describe."""
    solver, epsilon = estimator.solver, float(estimator.epsilon)
    if solver == "sgd":
        momentum = float(estimator.momentum)
        if not momentum:
            return SGD()
        return (Nesterov if estimator.nesterovs_momentum else Momentum)(momentum)
    if solver == "rmsprop":
        return RMSProp(epsilon=epsilon)
    kind = Adam if solver == "adam" else AdamW
    return kind(float(estimator.beta_1), float(estimator.beta_2), epsilon)


def resume(optimizer: Optimizer, before: Optimizer) -> None:
    """Let a started optimizer go on where another stood; one of another kind starts anew."""
    if type(optimizer) is not type(before):
        return
    for name, slot in before.slots.items():
        np.copyto(optimizer.slots[name], slot)
    optimizer.steps = before.steps
