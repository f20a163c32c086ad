"""Numbers to run a learner's code on: its own example, and others beside it."""

from typing import Any, NamedTuple

import numpy as np

from glassnet.doctor.subject import Subject
from glassnet.nn.layer import Array


class Point(NamedTuple):
    """Parameters, input, and targets (a class's cotangent)."""

    parameters: dict[str, Array]
    x: Array
    y: Any


def jittered(subject: Subject, generator: np.random.Generator, size: float = 0.5) -> Point:
    """The subject's numbers with noise of `size` times each parameter's spread."""
    parameters = {}
    for name, value in subject.parameters.items():
        spread = size * max(float(np.std(value)), 0.1, 0.2 * float(np.abs(value).max(initial=0)))
        parameters[name] = (value + generator.normal(0, spread, value.shape)).astype(value.dtype)
    return Point(parameters, subject.x, subject.y)
