"""Connected components of a picture of yes and no: which pixels hang together, over corners too."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Components(NamedTuple):
    """The n components: `labels` (H, W) int32 from 1, 0 for none; `boxes` (n, 4); `areas` (n,) in pixels.

    A box is x0, y0, x1, y1, the last two beyond its last pixel.
    """

    labels: Array
    boxes: Array
    areas: Array


def components(mask: Array) -> Components:
    """Return the components of the true pixels of `mask` (H, W) bool, by their first pixel in reading order.

    Rows are cut into runs of true pixels; runs that touch in neighbouring rows are united. The work is that
    of the runs, not of the pixels.
    """
    height, width = mask.shape
    row, start, end = runs(mask)
    root = _united(len(row), *_touching(row * (width + 2) + start, row * (width + 2) + end, width + 2))
    _, number = np.unique(root, return_inverse=True)  # the root is the first run of its component
    n = int(number.max(initial=-1)) + 1
    boxes = np.empty((n, 4), np.intp)
    boxes[:, :2], boxes[:, 2:] = max(height, width), 0
    np.minimum.at(boxes[:, 0], number, start)
    np.minimum.at(boxes[:, 1], number, row)
    np.maximum.at(boxes[:, 2], number, end)
    np.maximum.at(boxes[:, 3], number, row + 1)
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat(number + 1, end - start)
    return Components(labels, boxes, np.bincount(number, end - start, n).astype(np.intp))


def runs(mask: Array) -> tuple[Array, Array, Array]:
    """Return the row, first column and column beyond the last of each run of true pixels, as one reads."""
    edged = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    edged[:, 1:-1] = mask
    step = np.diff(edged, axis=1)
    row, start = np.nonzero(step == 1)
    end = np.nonzero(step == -1)[1]
    return row, start, end


def _touching(first: Array, last: Array, stride: int) -> tuple[Array, Array]:
    """Pairs of runs that touch from a row to the next; a corner suffices. Runs are numbered as they come."""
    low = np.searchsorted(last, first + stride, side="left")
    high = np.searchsorted(first, last + stride, side="right")
    count = np.maximum(high - low, 0)
    above = np.repeat(np.arange(len(first)), count)
    below = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - low, count)
    return above, below


def _united(n: int, a: Array, b: Array) -> Array:
    """The smallest member of each one's component (n,), where a[i] and b[i] belong together.

    Hook each root to the smallest it touches, let all point to their roots, until nothing is left to do.
    """
    parent = np.arange(n)
    while len(a):
        low, high = np.minimum(parent[a], parent[b]), np.maximum(parent[a], parent[b])
        apart = low != high
        a, b = a[apart], b[apart]
        np.minimum.at(parent, high[apart], low[apart])
        while not np.array_equal(up := parent[parent], parent):
            parent = up
    return parent
