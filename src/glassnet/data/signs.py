"""Figures that are no digits: known signs by an unsteady hand, and invented ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.pen import Figure, arc

Array = NDArray[Any]


def known(figures: dict[str, Figure], n: int, generator: np.random.Generator) -> list[Figure]:
    """Draw `n` of the figures by an unsteady hand."""
    names = list(figures)
    return [unsteady(figures[names[k]], generator) for k in generator.integers(len(names), size=n)]


def unsteady(figure: Figure, generator: np.random.Generator) -> Figure:
    """The figure (in percent) with its points displaced, slanted, turned and stretched."""
    angle, slant = generator.normal(0, 0.12), generator.normal(0, 0.12)
    stretch = np.exp(generator.normal(0, 0.2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    form = turn @ np.array([[stretch, slant], [0, 1]])
    drawn = []
    for stroke in figure:
        whole, few = generator.normal(0, 2.5, 2), generator.normal(0, 2.0, (len(stroke), 2))
        if len(stroke) > 6:  # a curve: its points move together
            few = np.outer(np.linspace(-1, 1, len(stroke)), generator.normal(0, 3.0, 2))
        drawn.append((stroke + whole + few) @ form.T)
    return drawn


def invented(n: int, generator: np.random.Generator) -> list[Figure]:
    """Make up `n` signs of three to five straight or bent strokes between nine places, most joined."""
    figures = []
    grid = np.indices((3, 3)).reshape(2, -1).T * 45.0
    for _ in range(n):
        places = grid + generator.normal(0, 6, (9, 2))
        here, figure = int(generator.integers(9)), []
        for _ in range(generator.integers(3, 6)):
            there = int(here + generator.integers(1, 9)) % 9
            figure.append(_bent(places[here], places[there], generator))
            here = there if generator.random() < 0.55 else int(generator.integers(9))
        figures.append(figure)
    return figures


def _bent(start: Array, end: Array, generator: np.random.Generator) -> Array:
    """A stroke from one point to another: straight, or a quadratic Bézier curve."""
    if generator.random() < 0.5:
        return np.stack([start, end])
    across = (end - start)[::-1] * [1, -1]
    middle = (start + end) / 2 + across * generator.uniform(0.3, 1.0) * (1 - 2 * generator.integers(2))
    curve: Array = _BEZIER @ np.stack([start, middle, end])
    return curve


_T = np.linspace(0, 1, 7)
_BEZIER = np.stack([(1 - _T) ** 2, 2 * _T * (1 - _T), _T**2], axis=1)


def joined(n: int, generator: np.random.Generator) -> list[Figure]:
    """Make up `n` signs of two to four parts, lines and arcs turned anyhow, each begun on the one before."""
    figures = []
    for _ in range(n):
        figure: Figure = []
        at = np.zeros(2)
        for _ in range(generator.integers(2, 5)):
            angle = generator.uniform(0, 2 * np.pi)
            cos, sin = np.cos(angle), np.sin(angle)
            part = _PARTS[generator.integers(len(_PARTS))] * generator.uniform([20, 20], [50, 50])
            part = part @ np.array([[cos, sin], [-sin, cos]])
            part += at - part[generator.choice([0, len(part) // 2], p=[0.7, 0.3])]
            figure.append(part)
            at = part[generator.choice([0, len(part) // 2, len(part) - 1])]
        figures.append(figure)
    return figures


_PARTS = (
    np.array([[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]]),
    np.array([[0.0, 0.0], [0.8, 0.0], [1.6, 0.0]]),
    np.array([[0.0, 0.0], [0.8, 0.0], [0.8, 0.8]]),
    arc(0, 0, 0.7, 0.7, 0, 180),
    arc(0, 0, 0.7, 0.7, 0, 270),
    arc(0, 0, 0.9, 0.9, 0, 100),
    arc(0, 0, 0.5, 0.5, 0, 360),
    np.concatenate([arc(-0.5, 0, 0.5, 0.5, 180, 360), arc(0.5, 0, 0.5, 0.5, 180, 0)]),
)


def looped(n: int, generator: np.random.Generator) -> list[Figure]:
    """Make up `n` signs of one or two rings with strokes that touch them where those of 6 and 9 do not."""
    figures = []
    for _ in range(n):
        rx, ry = generator.uniform(15, 28, 2)
        ring = arc(50, 50, rx, ry, 0, 360)
        figure = [ring]
        for angle in generator.choice(_ANGLES, generator.integers(1, 4), replace=False):
            direction = np.array([np.cos(angle), np.sin(angle)])
            foot = 50 + direction * [rx, ry] * generator.choice([0.0, 1.0], p=[0.3, 0.7])
            tip = 50 + direction * generator.uniform(45, 80)
            figure.append(_bent(foot, tip, generator) if generator.random() < 0.4 else np.stack([foot, tip]))
        if generator.random() < 0.3:
            figure.append(arc(50 + 2 * rx, 50, rx, ry, 0, 360))
        figures.append(figure)
    return figures


_ANGLES = np.deg2rad(
    [0, 20, 135, 160, 180, 200, 315, 340]
)  # not up to the right, nor down to the left or right


def spirals(n: int, generator: np.random.Generator) -> list[Figure]:
    """Spirals of two to four turns, either way."""
    figures = []
    for _ in range(n):
        turns, phase, way = (
            generator.uniform(2, 4),
            generator.uniform(0, 2 * np.pi),
            generator.choice([-1, 1]),
        )
        angle = np.linspace(0, 2 * np.pi * turns, int(14 * turns))
        radius = angle ** generator.uniform(0.7, 1.1)
        figures.append(
            [np.stack([radius * np.cos(way * angle + phase), radius * np.sin(way * angle + phase)], 1)]
        )
    return figures


def several(n: int, generator: np.random.Generator) -> list[Figure]:
    """Three to six small closed figures, strewn."""
    figures = []
    for _ in range(n):
        figure = []
        for _ in range(generator.integers(3, 7)):
            corners = generator.choice([3, 4, 12])
            x, y, r = *generator.uniform(0, 100, 2), generator.uniform(6, 14)
            angle = np.linspace(0, 2 * np.pi, corners + 1) + generator.uniform(0, 6)
            figure.append(np.stack([x + r * np.cos(angle), y + r * np.sin(angle)], axis=1))
        figures.append(figure)
    return figures
