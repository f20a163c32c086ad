"""Digits made into none: mirrored, turned, cut, put together wrongly, with strokes too many.

What is done to a digit depends on which it is: a 6 turned is a 9, the lower half of an 8 a 0.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import pen, strokes
from glassnet.data.augment import SUB, sample

Array = NDArray[Any]
Change = Callable[[Array], Array]

HALF = 14  # rows and columns


def _upper(x: Array) -> Array:
    return x[:, :HALF]


def _lower(x: Array) -> Array:
    return x[:, HALF:]


def _left(x: Array) -> Array:
    return x[:, :, :HALF]


def _right(x: Array) -> Array:
    return x[:, :, HALF:]


def _padded(half: Change, x: Array) -> Array:
    whole = np.zeros_like(x)
    half(whole)[...] = half(x)
    return whole


# A change, and the digits of which it hardly ever leaves one.
TURNS: list[tuple[Change, str]] = [
    (lambda x: x[:, :, ::-1], "34679"),
    (lambda x: x[:, ::-1], "4679"),
    (lambda x: x[:, ::-1, ::-1], "347"),
    (lambda x: x.transpose(0, 2, 1), "3579"),
    (lambda x: x.transpose(0, 2, 1)[:, ::-1], "2345678"),
    (lambda x: x.transpose(0, 2, 1)[:, :, ::-1], "234789"),
]
HALVES: list[tuple[Change, str]] = [
    (partial(_padded, _upper), "045"),
    (partial(_padded, _lower), "0235"),
    (partial(_padded, _left), "023"),
]
SWAPS: list[tuple[Change, str]] = [
    (lambda x: np.concatenate([_lower(x), _upper(x)], axis=1), "02457"),
    (lambda x: np.concatenate([_right(x), _left(x)], axis=2), "02345679"),
    (lambda x: np.concatenate([_upper(x)[:, :, ::-1], _lower(x)], axis=1), "26"),
    (lambda x: np.concatenate([_left(x), _right(x)[:, ::-1]], axis=2), "567"),
]


def changed(
    changes: list[tuple[Change, str]], n: int, digits: Array, labels: Array, generator: np.random.Generator
) -> Array:
    """Return `n` pictures, each one of the digits after one of the changes that leave no digit of it."""
    out = np.empty((n, *digits.shape[1:]), np.uint8)
    which = generator.integers(len(changes), size=n)
    for k, (change, names) in enumerate(changes):
        rows = np.flatnonzero(which == k)
        made = change(digits[np.isin(labels, [int(name) for name in names])])
        tall, wide = extent(made)
        full = np.flatnonzero(
            np.minimum(tall, wide) > 0.45 * np.maximum(tall, wide)
        )  # what is left is no line
        out[rows] = made[generator.choice(full, len(rows))]
    return boxed(out)


def slid(n: int, digits: Array, labels: Array, generator: np.random.Generator) -> Array:
    """Digits cut in two, and the parts slid along the cut, far."""
    chosen = digits[generator.choice(np.flatnonzero(np.isin(labels, [0, 4, 6, 9])), n)]
    out = np.zeros_like(chosen, shape=(n, 56, 56))
    cut = generator.integers(12, 16, size=n)
    step = generator.integers(9, 14, size=n) * generator.choice([-1, 1], n)
    for k, picture in enumerate(chosen):
        turned = picture.T if k % 3 == 0 else picture
        out[k, 14 : 14 + cut[k], 14:42] = turned[: cut[k]]
        out[k, 14 + cut[k] : 42, 14 + step[k] : 42 + step[k]] = turned[cut[k] :]
        if k % 3 == 0:
            out[k] = out[k].T
    return boxed(out)


def scrambled(n: int, digits: Array, labels: Array, generator: np.random.Generator) -> Array:
    """Digits cut in four quarters, each of which goes to another corner."""
    chosen = digits[generator.choice(np.flatnonzero(labels != 1), n)]
    quarters = chosen.reshape(n, 2, HALF, 2, HALF).swapaxes(2, 3).reshape(n, 4, HALF, HALF)
    orders = np.array([[1, 2, 3, 0], [3, 0, 1, 2], [3, 2, 0, 1], [2, 3, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]])
    order = orders[generator.integers(len(orders), size=n)]
    mixed = np.take_along_axis(quarters, order[:, :, None, None], axis=1)
    return boxed(mixed.reshape(n, 2, 2, HALF, HALF).swapaxes(2, 3).reshape(n, 28, 28))


def crossed(n: int, digits: Array, labels: Array, generator: np.random.Generator) -> Array:
    """Digits with two or three long strokes through them, straight or bent."""
    chosen = digits[generator.choice(np.flatnonzero(~np.isin(labels, [1, 7])), n)]
    figures = []
    for _ in range(n):
        figure = []
        for _ in range(generator.integers(2, 4)):
            angle = generator.uniform(0, np.pi)
            along = np.array([np.cos(angle), np.sin(angle)])
            t, bend = np.linspace(-1, 1, 7)[:, None], generator.normal(0, 0.25)
            figure.append(
                14
                + along * t * 12
                + along[::-1] * [-1, 1] * (bend * (1 - t**2) * 12 + generator.normal(0, 2))
            )
        figures.append(figure)
    return boxed(np.maximum(chosen, pen.draw(figures, generator.uniform(0.7, 1.6, n))))


def extent(images: Array) -> tuple[Array, Array]:
    """Height and width (n,) of the ink in images (n, H, W)."""
    ink = images > 60
    rows, columns = np.asarray(ink.any(axis=2)), np.asarray(ink.any(axis=1))
    tall: Array = rows.shape[1] - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)
    wide: Array = columns.shape[1] - columns[:, ::-1].argmax(axis=1) - columns.argmax(axis=1)
    return tall, wide


def boxed(images: Array) -> Array:
    """Scale what is drawn into 20 × 20 pixels, in its shape, centred by mass in 28 × 28."""
    n, height, width = images.shape
    scale = np.maximum(*extent(images)) / pen.BOX
    mass = np.maximum(images.sum(axis=(1, 2), dtype=np.float64), 1)
    y = images.sum(axis=2, dtype=np.float64) @ np.arange(height) / mass
    x = images.sum(axis=1, dtype=np.float64) @ np.arange(width) / mass
    from_middle = np.indices((pen.SIDE, pen.SIDE)).reshape(2, 1, -1) - (pen.SIDE - 1) / 2
    places = np.stack([y, x])[:, :, None] + scale[:, None] * from_middle + strokes.FRAME
    places = (places * SUB).astype(np.float32)
    return sample(strokes.framed(images), *places).reshape(n, pen.SIDE, pen.SIDE)
