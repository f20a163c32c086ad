"""A pen: figures made of straight pieces, drawn with smooth edges, many pictures at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Figure = list[Array]  # strokes, each the points (m, 2) of a line, x to the right and y down

SIDE, BOX = 28, 20  # pixels of a picture, and of the box its figure fits in
FEW = 32  # figures drawn at a time: arrays so small stay in the cache, and malloc keeps them at hand


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Array:
    """Points of an ellipse's arc about (x, y), between angles in degrees, clockwise from the right."""
    angle = np.deg2rad(np.linspace(start, end, max(4, int(abs(end - start) / 24) + 1)))
    return np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], axis=1)


def placed(figure: Figure, radius: float) -> Array:
    """The pieces (m, 4) of a figure, from point to point, as MNIST lays its digits into a picture.

    With a pen of that radius, in pixels, the figure fits a box of 20 × 20 pixels in its own shape, and its
    ink's centre of mass is the middle of the picture.
    """
    pieces = np.concatenate([np.hstack([stroke[:-1], stroke[1:]]) for stroke in figure])
    ends = pieces.reshape(-1, 2)
    size = max(float(np.ptp(ends, axis=0).max()), 1e-9)
    pieces *= (BOX - 2 * radius) / size
    length = np.hypot(*(pieces[:, 2:] - pieces[:, :2]).T) + 1e-9
    middle = (length @ (pieces[:, :2] + pieces[:, 2:])) / (2 * length.sum())
    pieces += np.tile(SIDE / 2 - middle, 2)
    return pieces


def draw(figures: Sequence[Figure], radii: Array) -> Array:
    """Draw each figure with a pen of its radius, in pixels: (n, 28, 28) uint8."""
    lines = [placed(figure, radius) for figure, radius in zip(figures, radii)]
    out = np.empty((len(lines), SIDE, SIDE), np.uint8)
    order = np.argsort([len(pieces) for pieces in lines])  # those of as many pieces together
    for start in range(0, len(order), FEW):
        some = order[start : start + FEW]
        most = max(len(lines[k]) for k in some)
        pieces = np.stack([np.resize(lines[k], (most, 4)) for k in some]).astype(np.float32)
        distance = np.sqrt(_squares(pieces))
        ink = radii[some].astype(np.float32)[:, None] + np.float32(0.5) - distance
        out[some] = (np.clip(ink, 0, 1) * 255).astype(np.uint8).reshape(-1, SIDE, SIDE)
    return out


def _squares(pieces: Array) -> Array:
    """The square (n, 784) of each pixel's distance to the nearest of the pieces (n, m, 4)."""
    y, x = (np.indices((SIDE, SIDE)).reshape(2, 1, -1) + 0.5).astype(np.float32)
    nearest = np.full((len(pieces), SIDE * SIDE), 1e6, np.float32)
    for piece in range(pieces.shape[1]):
        x0, y0, x1, y1 = pieces[:, piece].T[:, :, None]
        along_x, along_y = x1 - x0, y1 - y0
        length = along_x**2 + along_y**2 + np.float32(1e-6)
        dx, dy = x - x0, y - y0
        t = (dx * along_x + dy * along_y) / length
        np.clip(t, 0, 1, out=t)
        dx -= t * along_x
        dy -= t * along_y
        dx *= dx
        dy *= dy
        dx += dy
        np.minimum(nearest, dx, out=nearest)
    return nearest
