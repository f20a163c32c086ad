"""A network as the doctor understands it: steps in a row and a head, each with a replaceable way back."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glassnet.doctor.heads import Head
from glassnet.doctor.steps import SHORTCUT, Arrays, Backward, Dense, Gradients, Run, Skip, Step
from glassnet.nn.layer import Array


@dataclass(frozen=True)
class Model:
    """Steps in a row and a head, with the learner's convention: examples along `batch_axis` of x and y."""

    steps: tuple[Step, ...]
    head: Head
    batch_axis: int

    def inside(self, x: Array) -> Array:
        """The learner's array as (N, features)."""
        x = np.asarray(x, float)
        return x.T if self.batch_axis == 1 else x.reshape(len(x), -1)

    def outside(self, array: Array, like: Array) -> Array:
        """An array (N, features) as the learner lays it out."""
        return array.T if self.batch_axis == 1 else array.reshape(like.shape)

    def run(self, parameters: Arrays, x: Array, targets: Array) -> Run:
        """Go forward; `targets` (N, K) are already inside."""
        parameters = {name: np.asarray(value, float) for name, value in parameters.items()}
        values = [self.inside(x)]
        for step in self.steps:
            if isinstance(step, Skip):
                values.append(values[-1] + values[step.source])
            else:
                values.append(step.forward(values[-1], parameters))
        return Run(parameters, values, targets, self.head)

    def gradients(self, run: Run, replaced: Mapping[int, Backward] | None = None) -> tuple[Gradients, Array]:
        """All parameters' gradients and the input's; the steps in `replaced` are gone back through otherwise.

        The step after the last is the head: what replaces it is given zeros for ∂L/∂y.
        """
        replaced = replaced or {}
        last = len(self.steps)
        output = run.values[-1]
        if last in replaced:
            d, found = replaced[last](run, last, np.zeros_like(output))
        else:
            d, found = self.head.derivative(output, run.targets), {}
        waiting: dict[int, Array] = {}  # what shortcuts bring to values further down
        for k in range(last - 1, -1, -1):
            d, own = replaced.get(k, self.steps[k].backward)(run, k, d)
            if SHORTCUT in own and isinstance(step := self.steps[k], Skip):
                waiting[step.source] = waiting.get(step.source, 0) + own.pop(SHORTCUT)
            if k in waiting:
                d = d + waiting.pop(k)
            found |= own
        return self._penalized(run, found), d

    def _penalized(self, run: Run, found: Gradients) -> Gradients:
        if self.head.l2 or self.head.l1 or self.head.bias_l2:
            for step in self.steps:
                if isinstance(step, Dense):
                    W = run.parameters[step.W]
                    found[step.W] = found[step.W] + 2 * self.head.l2 * W + self.head.l1 * np.sign(W)
                    if step.b is not None:
                        found[step.b] = found[step.b] + 2 * self.head.bias_l2 * run.parameters[step.b]
        return found

    def __str__(self) -> str:
        """Name the steps and the head."""
        row = " → ".join(str(step) for step in self.steps)
        return row if self.head.kind == "product" else f"{row} → {self.head.kind}"
