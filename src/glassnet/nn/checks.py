"""What is asked of arguments before they are used, so that a mistake is named where it was made."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from glassnet.nn.layer import Layer, Shape
from glassnet.nn.names import unknown
from glassnet.nn.scaling import Scaling

DTYPES = ("float32", "float64")


def is_number(value: object) -> bool:
    """Tell whether `value` is a number, Python's or NumPy's, and not a truth value."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def layer_list(layers: Iterable[Layer]) -> list[Layer]:
    """Return the layers as a list; ValueError, naming the place, for what cannot be layers in a row."""
    if not isinstance(layers, Iterable):
        hint = f"; write [{layers!r}]" if isinstance(layers, Layer) else ""
        raise ValueError(f"Network: expected a list of layers, got {layers!r}{hint}")
    found = list(layers)
    if not found:
        raise ValueError("Network: expected at least one layer, got none")
    for place, layer in enumerate(found, 1):
        if not isinstance(layer, Layer):
            hint = f"; write {layer.__name__}(…)" if isinstance(layer, type) else ""
            raise ValueError(f"Network: expected a Layer at place {place}, got {layer!r}{hint}")
        if hasattr(layer, "input_shape"):
            raise ValueError(f"{layer.kind} {place}: already belongs to a network; make a new one")
    if len(set(map(id, found))) < len(found):
        raise ValueError("Network: expected each layer once, got one twice; make a second one")
    return found


def shape(given: int | Sequence[int]) -> Shape:
    """Return the shape of one example as a tuple; a number stands for a vector."""
    sizes = tuple(given) if isinstance(given, Iterable) else (given,)
    if not sizes or not all(isinstance(n, int | np.integer) and n > 0 for n in sizes):
        raise ValueError(f"Network: expected an input shape of positive whole numbers, got {given!r}")
    return tuple(int(n) for n in sizes)


def dtype(given: str | type | np.dtype[Any]) -> np.dtype[Any]:
    """Return one of `DTYPES`, however it was written."""
    name = given if isinstance(given, str) else np.dtype(given).name
    if name not in DTYPES:
        raise ValueError(unknown("dtype", name, DTYPES))
    return np.dtype(name)


def seed(given: int | None) -> int | None:
    """Return the seed if it is one: a whole number from 0, or None for another network each time."""
    if given is not None and not (isinstance(given, int | np.integer) and given >= 0):
        raise ValueError(f"Network: expected a seed of None or a whole number, at least 0, got {given!r}")
    return given


def scaling(given: Scaling | None, example: Shape) -> Scaling | None:
    """Return the scaling if it fits examples of this shape."""
    if given is None:
        return None
    if not isinstance(given, Scaling):
        raise ValueError(f"Network: expected a Scaling, got {given!r}")
    for numbers in (given.shift, given.scale):
        try:
            fits = np.broadcast_shapes(numbers.shape, example) == example
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(f"Network: expected a scaling of one number or {example}, got {numbers.shape}")
    return given
