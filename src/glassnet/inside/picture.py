"""Inputs as pictures: where the rows and columns of an example are."""

import math

from glassnet.nn.layer import Shape


def picture_shape(shape: Shape) -> tuple[int, int, int]:
    """Return rows, columns and colours of an input of that shape, which lie in this order or colours first.

    A vector of a square number of inputs is a square picture, any other a single row.
    """
    if len(shape) == 2:
        return (*shape, 1)
    if len(shape) == 3 and shape[0] in (1, 3):
        return shape[1], shape[2], shape[0]
    if len(shape) == 3:
        return shape[0], shape[1], shape[2]
    size = math.prod(shape)
    side = math.isqrt(size)
    return (side, side, 1) if side * side == size and side > 3 else (1, size, 1)


def colours_first(shape: Shape) -> bool:
    """Tell whether the colours are the first axis of an input of that shape."""
    return len(shape) == 3 and shape[0] in (1, 3)
