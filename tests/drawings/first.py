"""Generator one: digits written as people do, by a hand that differs from digit to digit.

Of each digit it knows several ways to write it (`first_ways`). One of them is chosen and its points moved a
little, then joined by smooth curves; the whole is bent, slanted and made wider or narrower; the hand wobbles
and rounds its corners, and the pen draws a thinner line where it is fast. Nothing here is used in training.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from drawings.first_ways import WAYS
from drawings.strokes import Array, Strokes

HEIGHT = 0.8  # of the digit's ink in the unit square
SPACING = 0.008  # between the points of a line, in heights of the digit


def digit(k: int, generator: np.random.Generator) -> Strokes:
    """Write the digit `k` in one of its ways, in the middle of the unit square."""
    ways = WAYS[k]
    return written(ways[generator.integers(len(ways))], generator)


def written(way: str, generator: np.random.Generator) -> Strokes:
    """Write one way once, with all that a hand leaves to chance."""
    strokes = [_jittered(stroke, generator) for stroke in way.split("/")]
    if generator.random() < 0.2:
        strokes.reverse()
    bend, frame = _bend(generator), _frame(generator)
    roundness = generator.uniform(1, 4)
    lines = [_smooth(_evenly(bend(_curve(pieces)) @ frame), roundness) for pieces in strokes]
    lines = [line + _wobble(len(line), generator) for line in lines]
    lines = [line[::-1] if generator.random() < 0.15 else line for line in lines]
    pen, care = _pen(generator), generator.uniform(0, 0.4)
    low, high = (reach([reach(line, axis=0) for line in lines], axis=0) for reach in (np.min, np.max))
    lines = [0.5 + (line - (low + high) / 2) * ((HEIGHT - pen) / max(high - low)) for line in lines]
    return Strokes(tuple(lines), tuple(pen * _pressure(line, care) for line in lines))


def _jittered(stroke: str, generator: np.random.Generator) -> list[Array]:
    """The points of a stroke in 0..1, none quite where it should be, in pieces between sharp turns."""
    words = stroke.split()
    points = np.array([[float(x) for x in word.rstrip("!").split(",")] for word in words]) / 100
    points += generator.normal(0, 0.03, points.shape)
    ends = points[-1] - points[-2]
    points[-1] += ends * generator.normal(0, 0.08)  # stops short or runs on
    turns = [0, *(i for i, word in enumerate(words) if word.endswith("!")), len(words) - 1]
    return [points[a : b + 1] for a, b in pairwise(turns)]


def _curve(pieces: list[Array]) -> Array:
    """Join the points of each piece by a centripetal Catmull-Rom spline (Yuksel et al. 2011: no loops)."""
    curves = []
    for points in pieces:
        p = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
        knots = np.concatenate([[0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
        for i in range(len(points) - 1):
            t = np.linspace(knots[i + 1], knots[i + 2], 24)[:, None]
            curves.append(_spline(p[i : i + 4], knots[i : i + 4], t))
    return np.concatenate(curves)


def _spline(p: Array, knots: Array, t: Array) -> Array:
    """The curve at `t` (n, 1) between the middle two of four points, by Barry and Goldman's recursion."""

    def mix(left: Array, a: float, right: Array, b: float) -> Array:
        return ((b - t) * left + (t - a) * right) / (b - a)

    first = [mix(p[i], knots[i], p[i + 1], knots[i + 1]) for i in range(3)]
    second = [mix(first[i], knots[i], first[i + 1], knots[i + 2]) for i in range(2)]
    return mix(second[0], knots[1], second[1], knots[2])


def _evenly(line: Array) -> Array:
    """The same line with its points SPACING apart."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    way = np.concatenate([[0], np.cumsum(steps)])
    at = np.linspace(0, way[-1], max(2, round(way[-1] / SPACING)))
    return np.stack([np.interp(at, way, line[:, axis]) for axis in (0, 1)], axis=1)


def _smooth(line: Array, sigma: float) -> Array:
    """Round the corners: a Gaussian over the neighbours, `sigma` points wide, that keeps both ends."""
    reach = int(3 * sigma) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    before, after = 2 * line[0] - line[reach:0:-1], 2 * line[-1] - line[-2 : -2 - reach : -1]
    if len(line) <= reach + 1:
        return line
    padded = np.concatenate([before, line, after])
    return np.stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)], axis=1)


def _bend(generator: np.random.Generator) -> Callable[[Array], Array]:
    """A slight warp of the whole square, alike for neighbouring points: two slow waves along each axis."""
    size = generator.normal(0, 0.03, (2, 2, 1))
    waves = generator.normal(0, 3.0, (2, 2, 2))
    phases = generator.uniform(0, 2 * np.pi, (2, 2, 1))

    def bend(points: Array) -> Array:
        moves = [(size[axis] * np.sin(waves[axis] @ points.T + phases[axis])).sum(axis=0) for axis in (0, 1)]
        return points + np.stack(moves, axis=1)

    return bend


def _frame(generator: np.random.Generator) -> Array:
    """The matrix of a hand: how wide it writes, how far it slants to the right, how it holds the paper."""
    wide = np.clip(0.66 * np.exp(generator.normal(0, 0.2)), 0.48, 0.95)
    slant = np.clip(generator.normal(0.08, 0.13), -0.25, 0.4)
    turn = np.deg2rad(np.clip(generator.normal(0, 4), -7, 7))
    c, s = np.cos(turn), np.sin(turn)
    return np.array([[wide, 0], [-slant, 1]]) @ np.array([[c, s], [-s, c]])


def _wobble(n: int, generator: np.random.Generator) -> Array:
    """The tremor of a hand along `n` points: noise smoothed over a tenth of the digit's height."""
    noise = _smooth(generator.normal(0, 1, (n, 2)), 0.1 / SPACING / 3)
    return noise * generator.uniform(0, 0.02)


def _pen(generator: np.random.Generator) -> float:
    return float(np.clip(0.06 * np.exp(generator.normal(0, 0.2)), 0.042, 0.085))


def _pressure(line: Array, care: float) -> Array:
    """The pen's width along a line, 1 on average: less where the hand is fast, by up to `care`.

    A hand's speed goes with the curvature κ to the power of −1/3 (Lacquaniti, Terzuolo and Viviani 1983).
    """
    along = np.gradient(line, axis=0)
    speed, turning = np.hypot(*along.T), np.gradient(np.unwrap(np.arctan2(along[:, 1], along[:, 0])))
    curvature = np.abs(turning) / np.maximum(speed, 1e-9)
    fast = np.clip((curvature + 1) ** (-1 / 3), 0, 1)
    fast = _smooth(np.stack([fast, fast], axis=1), 6)[:, 0]
    width = 1 - care * fast
    return width / width.mean()
