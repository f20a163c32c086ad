"""What both generators give: strokes of a pen as polylines, and how they become ink on a pad.

A generator draws in the unit square, x to the right and y down; what it draws should fill most of it.
Widths are in the same unit: 0.06 is a usual pen, about 17 pixels on a pad of 280.
"""

from collections.abc import Callable
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Strokes(NamedTuple):
    """Some strokes: `lines` are (n, 2) with n ≥ 1 points each, `widths` (n,): the pen's width at each point.

    One point alone is a dot, no lines are a blank.
    """

    lines: tuple[Array, ...]
    widths: tuple[Array, ...]

    @property
    def box(self) -> tuple[Array, Array]:
        """The smallest and the largest x and y of the ink; of a blank the middle of the square."""
        if not self.lines:
            return np.full(2, 0.5), np.full(2, 0.5)
        low = [(line - w[:, None] / 2).min(axis=0) for line, w in zip(self.lines, self.widths, strict=True)]
        high = [(line + w[:, None] / 2).max(axis=0) for line, w in zip(self.lines, self.widths, strict=True)]
        return np.min(low, axis=0), np.max(high, axis=0)

    def moved(self, move: Callable[[Array], Array]) -> "Strokes":
        """The same strokes with their points moved; the pen stays as it is."""
        return Strokes(tuple(np.asarray(move(line)) for line in self.lines), self.widths)

    def thickened(self, factor: float) -> "Strokes":
        """The same strokes by a pen `factor` times as wide."""
        return Strokes(self.lines, tuple(w * factor for w in self.widths))


def strokes(*lines: Array, width: float | Array = 0.06) -> Strokes:
    """Strokes of one width, without having to repeat it for every point."""
    lines = tuple(np.asarray(line, float).reshape(-1, 2) for line in lines)
    return Strokes(lines, tuple(np.broadcast_to(np.asarray(width, float), len(line)) for line in lines))


def render(drawn: Strokes, size: int = 280) -> Array:
    """Ink (size, size) in 0..1, antialiased: what lies within half a width of a line. The rest is cut off."""
    ink = np.zeros((size, size))
    for line, widths in zip(drawn.lines, drawn.widths, strict=True):
        points, radii = line * size - 0.5, widths * size / 2  # pixel 0's middle lies at half a pixel
        if len(points) == 1:
            points, radii = np.repeat(points, 2, axis=0), np.repeat(radii, 2)
        for a, b, ra, rb in zip(points[:-1], points[1:], radii[:-1], radii[1:]):
            _segment(ink, a, b, ra, rb)
    return ink


def _segment(ink: Array, a: Array, b: Array, ra: float, rb: float) -> None:
    """Lay the ink of one piece with round ends, whose half width runs from `ra` to `rb`."""
    size, reach = len(ink), max(ra, rb) + 1
    (x0, y0), (x1, y1) = np.minimum(a, b) - reach, np.maximum(a, b) + reach
    left, right = max(0, floor(x0)), min(size, ceil(x1) + 1)
    top, bottom = max(0, floor(y0)), min(size, ceil(y1) + 1)
    if left >= right or top >= bottom:
        return
    x, y = np.arange(left, right) - a[0], np.arange(top, bottom)[:, None] - a[1]
    dx, dy = float(b[0] - a[0]), float(b[1] - a[1])
    t = (x * dx + y * dy) / max(dx * dx + dy * dy, 1e-12)
    t = np.minimum(np.maximum(t, 0), 1)  # of a small array np.clip takes much longer
    distance = np.hypot(x - t * dx, y - t * dy)
    coverage = np.minimum(ra + t * (rb - ra) - distance + 0.5, 1)
    window = ink[top:bottom, left:right]
    np.maximum(window, coverage, out=window)  # which is 0 at least
