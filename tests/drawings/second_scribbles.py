"""What people scribble to try a recognizer out: plans for a hand, none of them by accident a digit."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from drawings.second_hand import Plan
from drawings.strokes import Array

Generator = np.random.Generator


def _zigzag(generator: Generator) -> Plan:
    """At least five strokes to and fro, across the pad or down it."""
    down = generator.random() < 0.35
    n = (
        int(generator.integers(9, 15)) if down else int(generator.integers(6, 13))
    )  # few down the pad may be a 3
    x = np.linspace(-0.5, 0.5, n) + generator.normal(0, 0.2 / n, n)
    y = np.where(np.arange(n) % 2, 1, -1) * generator.uniform(0.15, 0.4) * generator.uniform(0.75, 1.2, n)
    return [np.column_stack((1.3 * y, x) if down else (x, y))]


def _coil(generator: Generator) -> Plan:
    """Loops that travel, like a spring or eeee."""
    turns = generator.integers(4, 8)
    t = np.linspace(0, 2 * np.pi * turns, 30 * turns)
    size = generator.uniform(0.13, 0.28) * (1 + 0.15 * np.sin(t * generator.uniform(0.1, 0.4)))
    x = t / t[-1] * generator.uniform(0.8, 1.2) + size * np.cos(t) * generator.uniform(0.5, 0.9)
    return [np.column_stack((x, generator.choice([-1, 1]) * size * np.sin(t)))]


def _round_and_round(generator: Generator) -> Plan:
    """Ellipses on ellipses that wander and turn."""
    turns = generator.uniform(4, 9)
    t = np.linspace(0, 2 * np.pi * turns, int(35 * turns))
    a, b = (
        0.35 * (1 + 0.45 * np.sin(t * generator.uniform(0.1, 0.35) + p)) for p in generator.uniform(0, 6, 2)
    )
    turn = 0.5 * t * generator.uniform(0.05, 0.3)
    x, y = a * np.cos(t), b * np.sin(t) * generator.uniform(0.5, 0.9)
    wander = np.column_stack([0.15 * np.sin(t * f) for f in generator.uniform(0.1, 0.3, 2)])
    return [
        np.column_stack((x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn))) + wander
    ]


def _hatching(generator: Generator) -> Plan:
    """A patch filled to and fro without lifting the pen."""
    n = int(generator.integers(14, 30))
    along = np.linspace(-0.45, 0.45, n)
    reach = np.sqrt(1 - (along / 0.5) ** 2) if generator.random() < 0.5 else np.ones(n)
    across = np.where(np.arange(n) % 2, 1, -1) * reach * generator.uniform(0.25, 0.5) + generator.normal(
        0, 0.04, n
    )
    angle = generator.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [np.column_stack((across, along)) @ turn]


def _tangle(generator: Generator) -> Plan:
    """The pen wanders, its heading turns slowly at random, and it crosses itself at least five times."""
    while True:
        n, step = int(generator.integers(220, 420)), 0.03
        white = generator.normal(0, 1, n + 24)
        turning = np.convolve(white, np.hanning(25) / 3.06, "valid") * generator.uniform(0.12, 0.2)
        turning += generator.choice([-1, 1]) * generator.uniform(0.0, 0.06)
        points, x, y, heading = [], 0.0, 0.0, generator.uniform(0, 2 * np.pi)
        for bend in turning:
            away = math.hypot(x, y)  # far from the middle it turns back
            heading += bend + 0.5 * max(0.0, away - 0.4) * math.sin(math.atan2(-y, -x) - heading)
            x, y = x + step * math.cos(heading), y + step * math.sin(heading)
            points.append((x, y))
        if _crossings(np.array(points)[::4]) >= 5:
            return [np.array(points)]


def _crossings(line: Array) -> int:
    """How often a polyline crosses itself."""
    a, b = line[:-1], line[1:]

    def side(p: Array, q: Array, r: Array) -> Array:
        (dx, dy), (ex, ey) = (q - p).T, np.moveaxis(r - p[:, None], -1, 0)
        return dx[:, None] * ey - dy[:, None] * ex > 0

    apart = (side(a, b, a[None]) != side(a, b, b[None])) & (side(a, b, a[None]) != side(a, b, b[None])).T
    i, j = np.nonzero(apart)
    return int((j > i + 1).sum())


def _waves(generator: Generator) -> Plan:
    """One to three lines of waves."""
    lines = int(generator.integers(1, 4))
    periods, height = generator.uniform(2.5, 5), generator.uniform(0.06, 0.18)
    x = np.linspace(-0.5, 0.5, 80)
    return [
        np.column_stack((x, height * np.sin(2 * np.pi * periods * x + generator.uniform(0, 6)) + 0.3 * i))
        for i in range(lines)
    ]


def _cloud(generator: Generator) -> Plan:
    """Bumps round an oval."""
    n = int(generator.integers(6, 10))
    at = (np.arange(n + 1) + generator.uniform(-0.2, 0.2, n + 1)) * 2 * np.pi / n + generator.uniform(0, 6)
    at[-1] = at[0] + 2 * np.pi
    corners = np.column_stack((0.4 * np.cos(at), generator.uniform(0.2, 0.28) * np.sin(at)))
    bumps = []
    for a, b in pairwise(corners):
        half, out = (b - a) / 2, np.array([b[1] - a[1], a[0] - b[0]]) * generator.uniform(0.65, 0.95)
        s = np.linspace(np.pi, 0, 12)[:, None]
        bumps.append((a + b) / 2 + half * np.cos(s) + out * np.sin(s))
    return [np.concatenate(bumps)]


# Spirals, stars, hearts, faces, houses and flowers are among what the training knows, and so are not here.
SCRIBBLES: tuple[Callable[[Generator], Plan], ...] = (
    _zigzag,
    _coil,
    _round_and_round,
    _hatching,
    _tangle,
    _waves,
    _cloud,
)
