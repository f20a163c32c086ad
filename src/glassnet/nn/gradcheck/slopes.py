"""The slope of a function of one number by central differences, how far it may be off, and whether it bends.

Nothing is known of the function but its values. Derivation: docs/math/gradient_checking.md.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

Function = Callable[[float], float]

HALVINGS = 10  # the shortest step tried is step / 1024
CLEAR = 1e-4  # a step is short enough if halving it changes the slope by no more than this share,
SURE = 1e-7  # and the extrapolated slope by no more than this


class Slope(NamedTuple):
    """A derivative found without deriving anything.

    `value` is the derivative and `uncertainty` how far it may be off, by truncation and rounding. `kink`
    tells that the function bends (ReLU, max) or jumps at the point, or in reach of the shortest difference.
    """

    value: float
    uncertainty: float
    kink: bool


class _Level(NamedTuple):
    """What ±h tell: the mean of the slopes to the right and to the left, and by how much the two differ."""

    h: float
    central: float
    bend: float
    largest: float  # |f|


def slope(f: Function, step: float = 1e-4, precision: float = 2.2e-16, noise: float = 0.0) -> Slope:
    """Return f′(0) by central differences at a step and its halves, extrapolated (Richardson).

    f(t) is the loss at point + t · direction. `precision` is the relative rounding error of f (6e-8 for
    float32 code, which then needs a `step` of about 1e-2), `noise` an absolute one where that is known to be
    larger. A step that reaches a kink, or is too long for the function, is halved up to ten times. Where f is
    not finite at 0, or nowhere beside it, the value is NaN and the uncertainty infinite.

    Raises ValueError for a step or a precision that is not above 0.
    """
    for name, number in (("step", step), ("precision", precision)):
        if not 0 < number < math.inf:
            raise ValueError(f"slope: expected a {name} above 0, got {number!r}")
    base = float(f(0.0))
    if not math.isfinite(base):
        return Slope(math.nan, math.inf, False)
    levels = [_level(f, base, step / 2**i) for i in range(3)]
    known, measured = Slope(math.nan, math.inf, False), False
    while True:
        found, settled = _judge(levels, precision, noise)
        if found.kink and not measured:  # or f is only noisier than we were told
            noise, measured = max(noise, _noise(f, step)), True
            found, settled = _judge(levels, precision, noise)
        if math.isfinite(found.value):
            known = found
        if settled or len(levels) > HALVINGS or (found.kink and _drowned(levels, precision, noise)):
            return known
        levels.append(_level(f, base, levels[-1].h / 2))


def _level(f: Function, base: float, h: float) -> _Level:
    above, below = float(f(h)), float(f(-h))
    right, left = (above - base) / h, (base - below) / h
    return _Level(h, (right + left) / 2, right - left, max(abs(base), abs(above), abs(below)))


def _judge(levels: list[_Level], precision: float, noise: float) -> tuple[Slope, bool]:
    """Return the slope by the three shortest steps, and whether a shorter one would tell nothing more.

    Where f is smooth, halving h divides what is left of `central` (h² f‴ / 8) by four and what is left of
    `bend` (h³ f⁗ / 16) by eight; a kink within reach does not become less.
    """
    far, near, nearest = levels[-3:]
    rounding = _rounding(nearest, precision, noise)
    before, now = far.central - near.central, near.central - nearest.central
    bent_before, bent = far.bend - 2 * near.bend, near.bend - 2 * nearest.bend
    value = nearest.central - now / 3
    if not math.isfinite(value + far.central):
        return Slope(math.nan, math.inf, False), False
    declines = abs(now) <= abs(before) / 2.5 + 2 * rounding
    straightens = abs(bent) <= abs(bent_before) / 4 + 12 * rounding
    if not (declines and straightens):
        return Slope(
            nearest.central, max(abs(nearest.bend), abs(bent)) + abs(now) + 2 * rounding, True
        ), False
    unclear = abs(before - 4 * now) / 3 + 2 * abs(bent)  # by how much the extrapolation has changed
    steepest = abs(nearest.central) + abs(nearest.bend)
    clear = abs(now) + abs(bent) <= CLEAR * steepest + 12 * rounding
    sure = unclear <= SURE * steepest + 12 * rounding
    if not clear:  # then the extrapolation is not to be trusted
        unclear += abs(now)
    return Slope(value, unclear + 2 * rounding, False), clear and sure


def _rounding(level: _Level, precision: float, noise: float) -> float:
    """How far rounding alone may put a one-sided slope off."""
    return max(noise, 4 * precision * level.largest) / level.h


def _drowned(levels: list[_Level], precision: float, noise: float) -> bool:
    """Whether at the next step rounding would hide the kink that is seen at this one."""
    near, nearest = levels[-2:]
    seen = abs(near.central - nearest.central) + abs(near.bend - 2 * nearest.bend)
    return 24 * _rounding(nearest, precision, noise) >= seen


def _noise(f: Function, step: float) -> float:
    """Measure how much f trembles, by fourth differences of neighbouring points.

    In them a smooth function vanishes, and independent errors of size σ leave √70 σ (Hamming 1962, "Numerical
    methods for scientists and engineers", chapter 6). A kink may lie on one side of 0 but hardly on both.
    """
    spacing = step / 4096
    found = []
    for start in (-0.75 * step, 0.75 * step):
        row = [float(f(start + i * spacing)) for i in range(16)]
        for _ in range(4):
            row = [b - a for a, b in pairwise(row)]
        found.append(math.sqrt(sum(d * d for d in row) / len(row) / 70))
    sigma = 4 * min(found)
    return sigma if math.isfinite(sigma) else 0.0
