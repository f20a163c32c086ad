"""Copies of somebody's object, with all of its arrays in float64, and the random generators in it."""

import copy
from types import ModuleType
from typing import Any

import numpy as np

from glassnet.doctor.attributes import everything, is_data_set
from glassnet.doctor.surroundings import GENERATORS


def copied(thing: Any) -> Any:
    """Return a deep copy in which arrays of lesser floats are float64; ValueError if there can be none."""
    inside = everything(thing)
    twins: dict[int, Any] = {id(v): v for v in inside if isinstance(v, ModuleType) or is_data_set(v)}
    for value in inside:
        narrow = isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.dtype != float
        if narrow and not is_data_set(value):
            twins[id(value)] = value.astype(float)
    try:
        return copy.deepcopy(thing, twins)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        kind = type(thing).__name__
        raise ValueError(f"{kind}: expected an object that can be copied, got {reason}") from error


class Generators:
    """The random generators inside an object, and their states when this was made."""

    def __init__(self, thing: Any) -> None:
        self._generators = [value for value in everything(thing) if isinstance(value, GENERATORS)]
        self._states = [copy.deepcopy(_state(generator)) for generator in self._generators]

    @property
    def drawn(self) -> bool:
        """Whether one of them has been drawn from since."""
        return any(str(_state(g)) != str(state) for g, state in zip(self._generators, self._states))

    def rewind(self) -> None:
        """Put them back."""
        for generator, state in zip(self._generators, self._states):
            if isinstance(generator, np.random.Generator):
                generator.bit_generator.state = state
            elif isinstance(generator, np.random.RandomState):
                generator.set_state(state)
            else:
                generator.setstate(state)


def _state(generator: Any) -> Any:
    if isinstance(generator, np.random.Generator):
        return generator.bit_generator.state
    return generator.get_state() if isinstance(generator, np.random.RandomState) else generator.getstate()
