"""What code can keep from one call to the next, put back so that each call starts afresh."""

import copy
import dis
import functools
import pickle
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from glassnet.doctor.attributes import MANY, everything, is_data_set
from glassnet.doctor.calls import is_theirs

GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
DATA = (bool, int, float, list, dict, set, np.ndarray, *GENERATORS)  # of a class's attributes
_NOTHING = object()
_CODE = (FunctionType, BuiltinFunctionType, MethodType, ModuleType, type, functools.partial)


class Place(NamedTuple):
    """A variable that outlives a call: of a module, an object's `__dict__`, a closure, a class, a default."""

    holder: Any
    name: str

    def read(self) -> Any:
        """Return what is there, or `_NOTHING`."""
        if isinstance(self.holder, dict):
            return self.holder.get(self.name, _NOTHING)
        try:
            return getattr(self.holder, self.name, _NOTHING)
        except ValueError:  # a closure's variable that has no value yet
            return _NOTHING

    def write(self, value: Any) -> None:
        """Put `value` there; `_NOTHING` takes away what is there."""
        if isinstance(self.holder, dict):
            if value is _NOTHING:
                self.holder.pop(self.name, None)
            else:
                self.holder[self.name] = value
        elif value is not _NOTHING:
            setattr(self.holder, self.name, value)
        elif self.read() is not _NOTHING:
            delattr(self.holder, self.name)


class Surroundings:
    """The variables that some code can reach, as they were when this was made."""

    def __init__(self, *code: Any) -> None:
        places = [place for place in _places(code) if not isinstance(place.read(), _CODE)]
        values = [place.read() for place in places]
        self._shared = {id(value): value for value in everything(values) if is_data_set(value)}
        try:
            self._values = self._copies(values)
            self._places = places
        except Exception:  # something that cannot be copied, such as an open file, is left alone
            self._places = [place for place, value in zip(places, values) if self._can_be_copied(value)]
            self._values = self._copies([place.read() for place in self._places])

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Run code that finds everything as it was at first; what is there now comes back afterwards."""
        kept = [place.read() for place in self._places]
        try:
            self._lay(self._values)
            yield
        finally:
            for place, value in zip(self._places, kept):
                place.write(value)

    @property
    def drawn(self) -> bool:
        """Whether one of the random generators among them is no longer in its first state."""
        return any(
            pickle.dumps(place.read()) != pickle.dumps(value)
            for place, value in zip(self._places, self._values)
            if isinstance(value, GENERATORS)
        )

    def rewind_generators(self) -> None:
        """Put the random generators among them, and nothing else, back to their first state."""
        for place, value in zip(self._places, self._values):
            if isinstance(value, GENERATORS):
                place.write(copy.deepcopy(value))

    def _lay(self, values: list[Any]) -> None:
        for place, value in zip(self._places, self._copies(values)):
            place.write(value)

    def _copies(self, values: list[Any]) -> list[Any]:
        return copy.deepcopy(values, {id(_NOTHING): _NOTHING, **self._shared})

    def _can_be_copied(self, value: Any) -> bool:
        try:
            self._copies([value])
        except Exception:
            return False
        return True


def _places(code: Iterable[Any]) -> list[Place]:
    """Follow functions, classes and objects of the learner's to every variable that they can reach."""
    found: dict[tuple[int, str], Place] = {}
    seen: dict[int, Any] = {}
    todo = list(code)
    while todo:
        thing = todo.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        places, more = _reached(thing)
        todo += more
        for place in places:
            found[id(place.holder), place.name] = place
            value = place.read()
            if value is not _NOTHING:
                todo.append(value)
    return list(found.values())


def _reached(thing: Any) -> tuple[list[Place], list[Any]]:
    """The variables that one function, class or object reaches, and the further code it leads to."""
    if isinstance(thing, MethodType):
        inside = getattr(thing.__self__, "__dict__", {})
        return [Place(inside, name) for name in inside], [thing.__func__, type(thing.__self__)]
    if isinstance(thing, functools.partial):
        return [], [thing.func]
    if isinstance(thing, staticmethod | classmethod):
        return [], [thing.__func__]
    if isinstance(thing, property):
        return [], [f for f in (thing.fget, thing.fset) if f]
    if isinstance(thing, FunctionType):
        return _of_function(thing) if is_theirs(thing.__code__.co_filename) else ([], [])
    if isinstance(thing, type):
        return _of_class(thing)
    if isinstance(thing, dict):
        return [], list(thing.values())
    if isinstance(thing, list | tuple):
        return [], list(thing[:MANY])
    if hasattr(thing, "__dict__") and not isinstance(thing, ModuleType):
        return [], [type(thing), *vars(thing).values()]
    return [], []


def _of_function(function: FunctionType) -> tuple[list[Place], list[Any]]:
    places = [Place(function.__globals__, name) for name in sorted(_globals(function.__code__))]
    cells: tuple[CellType, ...] = function.__closure__ or ()
    places += [Place(cell, "cell_contents") for cell in cells]
    places += [Place(vars(function), name) for name in vars(function)]
    if function.__defaults__:
        places.append(Place(function, "__defaults__"))
    if function.__kwdefaults__:
        places.append(Place(function, "__kwdefaults__"))
    return places, []


def _of_class(kind: type) -> tuple[list[Place], list[Any]]:
    methods = [value for value in vars(kind).values() if isinstance(value, FunctionType)]
    if not any(is_theirs(method.__code__.co_filename) for method in methods):
        return [], []
    inside = list(vars(kind).items())
    data = [Place(kind, name) for name, value in inside if type(value) in DATA and not name.startswith("__")]
    functions = [v for _, v in inside if isinstance(v, FunctionType | staticmethod | classmethod | property)]
    return data, [*kind.__bases__, *functions]


def _globals(code: CodeType) -> set[str]:
    """The names of the module's variables that code reads or writes, its inner functions included."""
    names = {
        i.argval
        for i in dis.get_instructions(code)
        if i.opname in ("LOAD_GLOBAL", "STORE_GLOBAL", "LOAD_NAME")
    }
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _globals(constant)
    return names
