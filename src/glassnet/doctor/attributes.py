"""Finding the parameters of somebody's object, each with its gradient beside it, by the usual names."""

import functools
import random
import re
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from glassnet.nn.layer import Array

DEEP = 8  # layers within layers
MANY, LARGE = 1000, 2**22  # members of a list, entries of an array: those with more are data sets
SAME = (  # other words for the same thing, in names without underscores and capitals
    (r"^weights?", "w"),
    (r"^bias(es)?", "b"),
    (r"^param(eter)?s?$", "params"),
)
GRADIENT = (  # what the name of a gradient is made of: dW, dL_dW, grad_W, W_grad, nabla_w …
    r"(?:dl|dj|dc|dloss|dcost)?d(.+)",
    r"(?:gradients?|grads?|nabla|delta)(?:of|wrt)?(.+)",
    r"(.+?)(?:gradients?|grads?|delta)",
)


OPAQUE = (
    type, ModuleType, FunctionType, MethodType, BuiltinFunctionType, functools.partial, np.ndarray,
    np.generic, np.random.Generator, np.random.RandomState, random.Random,
)  # fmt: skip


class Step(NamedTuple):
    """One step into an object: an attribute's name, or with `item` a key or a place in a list."""

    key: Any
    item: bool


Path = tuple[Step, ...]


class Pair(NamedTuple):
    """A parameter and its gradient, by the way that leads to each from the object."""

    name: str
    parameter: Path
    gradient: Path


def members(thing: Any) -> dict[Step, Any]:
    """Return what is directly inside a dict, a list or an object; nothing for functions, classes, arrays."""
    if isinstance(thing, dict):
        return {Step(key, True): value for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return {Step(place, True): value for place, value in enumerate(thing)}
    if isinstance(thing, OPAQUE):
        return {}
    slots = [n for kind in type(thing).__mro__ for n in _listed(vars(kind).get("__slots__", ()))]
    values = {name: getattr(thing, name) for name in slots if hasattr(thing, name)}
    return {Step(name, False): v for name, v in {**values, **getattr(thing, "__dict__", {})}.items()}


def _listed(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def is_data_set(value: Any) -> bool:
    """Tell whether a value is so large that it must be data, which is shared: each call would copy it."""
    if isinstance(value, np.ndarray):
        return value.size > LARGE
    return isinstance(value, list | tuple | dict | set) and len(value) > MANY


def everything(*things: Any) -> list[Any]:
    """Return the things and all that is inside them, once each, but not what is inside data sets."""
    found: dict[int, Any] = {}
    todo = list(things)
    while todo:
        value = todo.pop()
        if id(value) not in found:
            found[id(value)] = value
            if not is_data_set(value):
                todo += members(value).values()
    return list(found.values())


def read(thing: Any, path: Path) -> Any:
    """Follow a path; None where it leads nowhere."""
    for step in path:
        thing = members(thing).get(step)
    return thing


def write(thing: Any, path: Path, value: Array) -> None:
    """Give the parameter at the end of a path a value: in place, so that whoever shares the array sees it."""
    there = read(thing, path)
    own = isinstance(there, np.ndarray) and there.flags.writeable and not is_data_set(there)
    if own and there.shape == value.shape:
        there[...] = value
        return
    holder, (key, item) = read(thing, path[:-1]), path[-1]
    new = value.copy() if isinstance(there, np.ndarray) else float(value)
    if item:
        holder[key] = new
    else:
        setattr(holder, key, new)


def pairs(thing: Any) -> list[Pair]:
    """Return the arrays, and numbers, of an object that have a gradient beside them, the nearest first."""
    found: list[Pair] = []
    seen = {id(thing)}
    level: list[tuple[Path, Any]] = [((), thing)]
    for _ in range(DEEP):
        below: list[tuple[Path, Any]] = []
        for path, holder in level:
            inside = members(holder)
            partners = _partners(inside)
            for step, value in inside.items():
                if step in partners:
                    gradient = (*path, partners[step])
                    found += _paired(value, inside[partners[step]], (*path, step), gradient)
                elif step not in partners.values() and id(value) not in seen and members(value):
                    seen.add(id(value))
                    below.append(((*path, step), value))
        level = below
    return found


def alone(thing: Any, paired: list[Pair]) -> dict[str, Path]:
    """Return, by name, the arrays of floats in an object that are of none of the pairs."""
    seen = {id(read(thing, path)) for pair in paired for path in (pair.parameter, pair.gradient)}
    found: dict[str, Path] = {}
    level: list[tuple[Path, Any]] = [((), thing)]
    for _ in range(DEEP):
        inside = [((*path, step), value) for path, holder in level for step, value in members(holder).items()]
        level = []
        for path, value in inside:
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                found[_name(path)] = path
            else:
                level.append((path, value))
    return found


def _partners(inside: dict[Step, Any]) -> dict[Step, Step]:
    """Which member is which one's gradient, by their names."""
    named = {step: value for step, value in inside.items() if isinstance(step.key, str) and _may_pair(value)}
    partners: dict[Step, Step] = {}
    for step in named:
        fitting = [other for other in named if other != step and _plain(step.key) in _stems(other.key)]
        if fitting:
            partners[step] = min(fitting, key=lambda other: _distance(step.key, other.key))
    # A gradient is no parameter, even if it has what looks like a gradient of its own.
    return {step: other for step, other in partners.items() if step not in partners.values()}


def _distance(name: str, gradient: str) -> int:
    """How unusual a gradient's name is: W and w may both be there, and dW may have a delta_W beside it."""
    usual = (f"d{name}", f"grad_{name}", f"{name}_grad")
    return usual.index(gradient) if gradient in usual else 3 + (name not in gradient) + ("delta" in gradient)


def _paired(value: Any, gradient: Any, path: Path, to_gradient: Path) -> Iterator[Pair]:
    if not isinstance(value, dict | list | tuple):
        yield Pair(_name(path), path, to_gradient)
        return
    inside, gradients = members(value), members(gradient)
    for step, array in inside.items():
        fitting = [other for other in gradients if other == step or is_gradient(other.key, step.key)]
        if _is_numeric(array) and fitting:
            yield Pair(_name((*path, step)), (*path, step), (*to_gradient, fitting[0]))


def is_gradient(name: Any, of: Any) -> bool:
    """Tell whether a gradient of this name is, by the usual names, that of a parameter of the other."""
    return isinstance(name, str) and isinstance(of, str) and _plain(of) in _stems(name)


def _name(path: Path) -> str:
    words = [str(step.key) for step in path]
    kept = [w for w in words[:-1] if _plain(w) != "params"]
    bare = not kept and words[-1].isdecimal() and len(words) > 1  # params.0 is better than 0
    return ".".join(words if bare else [*kept, words[-1]])


def _plain(name: str) -> str:
    """A name without underscores and capitals, weights as w and biases as b."""
    plain = name.replace("_", "").lower()
    for pattern, word in SAME:
        plain = re.sub(pattern, word, plain)
    return plain


def _stems(name: str) -> set[str]:
    """Whose gradient an attribute of this name may be."""
    low = name.replace("_", "").lower()
    if re.fullmatch(r"gradients?|grads?", low):
        return {"params"}
    found = (re.fullmatch(pattern, low) for pattern in GRADIENT)
    return {_plain(match[1]) for match in found if match}


def _is_numeric(value: Any) -> bool:
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind == "f"
    return isinstance(value, float)


def _may_pair(value: Any) -> bool:
    """Arrays and numbers, None where one may come yet, and dicts and lists of them."""
    single = np.ndarray | np.generic | int | float | None
    if isinstance(value, dict | list | tuple):
        return all(isinstance(inside, single) for inside in members(value).values())
    return isinstance(value, single)
