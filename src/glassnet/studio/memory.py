"""How much memory records take that share arrays: each array counts once, however many hold it."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

BESIDES = 4096  # bytes that a holder takes besides its arrays

Array = NDArray[Any]


class Memory:
    """The bytes `used` by those who hold arrays. What was held must be released with the same arrays."""

    def __init__(self) -> None:
        self.used = 0
        self._holders: dict[int, int] = {}  # of each array, by its id: how many there are

    def hold(self, records: Iterable[Any]) -> None:
        """Count in one who holds these records."""
        self.used += BESIDES
        for key, array in arrays(records).items():
            holders = self._holders.get(key, 0)
            self._holders[key] = holders + 1
            self.used += 0 if holders else array.nbytes

    def release(self, records: Iterable[Any]) -> None:
        """Count out one who held these records."""
        self.used -= BESIDES
        for key, array in arrays(records).items():
            holders = self._holders.pop(key) - 1
            if holders:
                self._holders[key] = holders
            else:
                self.used -= array.nbytes


def arrays(records: Iterable[Any]) -> dict[int, Array]:
    """Return the arrays in records (tuples, dicts, dataclasses; None for none), each once, by its id."""
    return {
        id(value): value for record in records for value in _values(record) if isinstance(value, np.ndarray)
    }


def _values(record: Any) -> Iterator[Any]:
    if isinstance(record, dict):
        yield from record.values()
    elif isinstance(record, tuple):
        yield from record
    else:
        yield from getattr(record, "__dict__", {}).values()
