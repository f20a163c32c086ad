"""A subject's gradients beside central differences of its own loss."""

from typing import Any

import numpy as np


def slopes(examined: Any, name: str) -> np.ndarray:
    """Central differences of the subject's own loss, by a parameter or by x."""
    array = examined.x if name == "x" else examined.parameters[name]
    found = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = array.copy()
            moved[index] += step
            changed = {} if name == "x" else {name: moved}
            ends.append(examined.loss({**examined.parameters, **changed}, moved if name == "x" else None))
        found[index] = (ends[0] - ends[1]) / 2e-5
    return found


def gradients_off(examined: Any) -> list[str]:
    """The arrays whose gradient is not what differences say."""
    evaluation = examined.evaluate()
    found = dict(evaluation.gradients)
    if evaluation.input_gradient is not None:
        found["x"] = evaluation.input_gradient
    return [name for name, g in found.items() if not np.allclose(g, slopes(examined, name), atol=1e-6)]
