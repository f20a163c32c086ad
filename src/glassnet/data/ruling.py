"""Ruled and squared paper: the printed lines taken away from the ink."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.background import widest
from glassnet.data.components import components, runs

Array = NDArray[Any]

PIECES = 24  # into which a line is cut, each straight enough
FILLED = 0.7  # of a piece that is ink, in a line
ACROSS = 0.9  # of the picture that a line crosses
FLAT = 0.12  # of the picture's height that a line may rise over its length
LEAST = 2  # lines: a single one is something drawn


def without_lines(ink: Array, edge: int) -> Array:
    """Return ink (H, W) uint8 without parallel lines from one side to the other; ink is what is >= `edge`.

    What crosses a line stays: only runs across it that are no longer than it is thick are taken.
    """
    erased = ink * ~_lines(ink >= edge)
    upright = erased.T
    return erased * ~_lines(upright >= edge).T


def _lines(mask: Array) -> Array:
    """The pixels (H, W) bool of lines from left to right."""
    none = np.zeros(mask.shape, bool)
    height, width = mask.shape
    piece = width // PIECES
    if piece < 4:
        return none
    used = mask[:, : piece * PIECES].astype(np.uint8)
    thick = widest(np.ascontiguousarray(used), 1)  # a slanted line stays a line
    full = thick.reshape(height, PIECES, piece).mean(axis=2) >= FILLED
    parts = components(full)
    spans = parts.boxes[:, 2:] - parts.boxes[:, :2]
    across = (spans[:, 0] >= ACROSS * PIECES) & (spans[:, 1] <= max(FLAT * height, 8))
    if np.count_nonzero(across) < LEAST:
        return none
    near = np.zeros(mask.shape, bool)
    on_line = np.repeat(np.append(False, across)[parts.labels], piece, axis=1)
    near[:, : on_line.shape[1]] = on_line
    near[:, on_line.shape[1] :] = on_line[:, -1:]
    _, start, end = runs((mask & near).T)
    usual = np.median(end - start)
    _, start, end = runs(mask.T)  # the whole of what crosses a line
    thin = end - start <= 1.6 * usual + 1
    line = none.T.copy()
    line[mask.T] = np.repeat(thin, end - start)
    touched: Array = line.T & near
    return touched
