"""Texts that stand for categories: which are the same one, and where each stands among those known."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.numerals import number

BOOLEANS = ("false", "true")


def distinct(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts without `TRUE` and `true` where `True` came before: one category, one spelling."""
    found: dict[str, str] = {}
    for text in texts:
        lower = text.lower()
        found.setdefault(lower if lower in BOOLEANS else text, text)
    return tuple(found.values())


def places(texts: Sequence[str], known: Sequence[str]) -> tuple[NDArray[np.intp], int | None]:
    """Return where each text stands among those known, -1 if nowhere; and which is the first of those.

    What is written alike is the same; else what means the same: 1 and 01, True and TRUE.
    """
    written = {text: place for place, text in enumerate(known)}
    found = np.array([written.get(text, -1) for text in texts], np.intp)
    if (found < 0).any():
        meant: dict[Any, int] = {}
        for place, text in enumerate(known):
            meant.setdefault(_meaning(text), place)
        found[found < 0] = [meant.get(_meaning(texts[k]), -1) for k in np.flatnonzero(found < 0).tolist()]
    return found, int((found < 0).argmax()) if (found < 0).any() else None


def _meaning(text: str) -> float | str:
    value = number(text)
    if value is not None and value == value:  # not a missing one
        return value
    return text.lower() if text.lower() in BOOLEANS else text
