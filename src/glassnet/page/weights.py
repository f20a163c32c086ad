"""Arrays as text in a page: each number exactly, in as few bytes as that takes."""

from base64 import b64encode
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

WIDE = 120  # letters a line


class Packed(NamedTuple):
    """Numbers of a type that JavaScript has arrays of; with a `step` they are whole multiples of it."""

    numbers: Array
    step: float | None


def packed(array: Array) -> Packed:
    """Return an array's values exactly: float32 or float64 as they are, but rounded ones as small integers.

    Rounded are those that are multiples of a power of two, at most 127 or 32,767 of them.
    """
    largest = float(np.abs(array).max(initial=0))
    for kind in (np.int8, np.int16):
        step = 2.0 ** np.ceil(np.log2(max(largest, 2.0**-100) / np.iinfo(kind).max))
        numbers = np.rint(array / step)
        if np.array_equal(numbers * step, array):
            return Packed(numbers.astype(kind), float(step))
    return Packed(array.astype(array.dtype.newbyteorder("<")), None)


def in_base64(array: Array) -> str:
    """Return an array's bytes, row by row, as lines of letters."""
    text = b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return "\n".join(text[start : start + WIDE] for start in range(0, len(text), WIDE))
