"""A hand that carries out a plan: stroke by stroke, with momentum, stops, tremor and a pen.

A plan is a list of polylines in a frame of height 1 (x to the right, y down, the middle at 0). The hand moves
along each with the speed profile of a minimum-jerk movement between corners, the pen follows as a damped
mass does (so that corners round and ends overshoot), and the muscles add drift and tremor.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from drawings.strokes import Array, Strokes

Plan = list[Array]
STEP = 0.02  # of time; a stroke one height long takes about one unit


class Hand(NamedTuple):
    """How somebody moves. Lengths are in heights of what is drawn, the pen's width in sides of the pad."""

    slant: float = 0.0  # how far the top leans right
    aspect: float = 1.0  # how wide, beside the plan
    square: float = 1.0  # exponent of the superellipse: below 1 boxy, above 1 pointed
    stops: float = 0.5  # 0: never slows down, 1: stops at each corner
    momentum: float = 0.03  # time constant of the mass
    ringing: float = 0.3  # its frequency × time constant: above 1 it overshoots visibly
    tremor: float = 0.003
    drift: float = 0.012
    loose: float = 0.02  # how far strokes miss where they should meet
    spread: float = 1.0  # how much one drawing differs from the next
    leap: float = 0.0  # distance between the mouse's points; 0: smooth
    contrast: float = 0.0  # of a broad nib; negative: thinner where fast
    width: float = 0.06

    def today(self, generator: np.random.Generator) -> "Hand":
        """The same person, another moment."""
        normal = generator.standard_normal
        return self._replace(
            slant=self.slant + 0.06 * self.spread * normal(),
            aspect=self.aspect * np.exp(0.09 * self.spread * normal()),
            square=self.square * np.exp(0.06 * self.spread * normal()),
            momentum=self.momentum * np.exp(0.25 * normal()),
            tremor=self.tremor * np.exp(0.3 * normal()),
            drift=self.drift * np.exp(0.3 * normal()),
            width=float(np.clip(self.width * np.exp(0.22 * normal()), 0.022, 0.095)),
        )


def arc(cx: float, cy: float, rx: float, ry: float, start: float, stop: float, square=1.0, grow=1.0) -> Array:
    """An elliptic arc, angles in degrees from the right over the bottom; `grow` is how its radii change."""
    angle = np.radians(np.linspace(start, stop, max(3, round(abs(stop - start) / 7))))
    radius = np.linspace(1, grow, len(angle))
    c, s = np.cos(angle), np.sin(angle)
    x = cx + rx * radius * np.sign(c) * np.abs(c) ** square
    y = cy + ry * radius * np.sign(s) * np.abs(s) ** square
    return np.column_stack((x, y))


def path(*pieces: object) -> Array:
    """Points and arcs joined by straight lines."""
    return np.concatenate([np.asarray(piece, float).reshape(-1, 2) for piece in pieces])


def draw(plan: Plan, hand: Hand, generator: np.random.Generator) -> Strokes:
    """Carry out the plan, and make it fill most of the unit square."""
    shaped = [_shaped(line + _miss(hand, generator), hand) for line in plan]
    warp = _warp(hand, generator)
    lines = [warp(_moved(line, hand, generator)) for line in shaped]
    lines = _filling(lines, hand.width, generator)
    return Strokes(tuple(lines), tuple(_widths(line, hand) for line in lines))


def _miss(hand: Hand, generator: np.random.Generator) -> Array:
    return np.clip(generator.normal(0, hand.loose, 2), -2 * hand.loose, 2 * hand.loose)


def _shaped(line: Array, hand: Hand) -> Array:
    return np.column_stack((line[:, 0] * hand.aspect - hand.slant * line[:, 1], line[:, 1]))


def _moved(line: Array, hand: Hand, generator: np.random.Generator) -> Array:
    if len(line) == 1:
        return line
    aimed = _timed(line, hand.stops)
    time = np.arange(0, 7 * hand.momentum + STEP, STEP)
    response = np.exp(-time / hand.momentum) * time * np.sinc(hand.ringing * time / (np.pi * hand.momentum))
    response = response / response.sum() if response.sum() > 0 else np.ones(1)
    lag = len(response)
    padded = np.concatenate((np.repeat(aimed[:1], lag, 0), aimed, np.repeat(aimed[-1:], lag, 0)))
    moved = _apart(np.column_stack([np.convolve(padded[:, i], response)[lag : len(padded)] for i in (0, 1)]))
    moved = (
        moved
        + hand.tremor * _noise(len(moved), 4, generator)
        + hand.drift * _noise(len(moved), 30, generator)
    )
    return _leaping(moved, hand.leap, generator) if hand.leap else moved


def _timed(line: Array, stops: float) -> Array:
    """Where the hand aims at equal steps of time: between corners it accelerates and slows down."""
    steps = np.diff(line, axis=0)
    lengths = np.hypot(*steps.T)
    keep = lengths > 1e-6
    line, steps, lengths = np.concatenate((line[:1], line[1:][keep])), steps[keep], lengths[keep]
    if not len(lengths):
        return line[:1]
    along = np.concatenate(([0], np.cumsum(lengths)))
    heading = np.arctan2(steps[:, 1], steps[:, 0])
    turn = np.abs((np.diff(heading) + np.pi) % (2 * np.pi) - np.pi)
    ends = np.concatenate(([0], along[1:-1][turn > 0.6], along[-1:]))
    aimed = [np.zeros(1)]
    for a, b in pairwise(ends):
        n = max(2, round(max((b - a) ** 0.7, 0.8 * (b - a)) / STEP))  # short strokes are slower
        t = np.arange(1, n + 1) / n
        aimed.append(a + (b - a) * ((1 - stops) * t + stops * t**3 * (10 - 15 * t + 6 * t**2)))
    at = np.concatenate(aimed)
    return np.column_stack([np.interp(at, along, line[:, i]) for i in (0, 1)])


def _apart(line: Array, least: float = 0.013) -> Array:
    """Without the points where the pen hardly moves: a resting hand rests, it makes no knot."""
    along = np.concatenate(([0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    _, first = np.unique((along / least).astype(int), return_index=True)
    return line[first]


def _noise(n: int, length: int, generator: np.random.Generator) -> Array:
    """Noise (n, 2) of standard deviation 1 whose waves are no shorter than about `length` steps."""
    window = np.hanning(length + 2)[1:-1]
    white = generator.standard_normal((2, n + length - 1))
    return np.column_stack([np.convolve(w, window / np.sqrt((window**2).sum()), "valid") for w in white])


def _leaping(line: Array, leap: float, generator: np.random.Generator) -> Array:
    """Only the points a slow mouse reports: about `leap` apart, the first and the last always."""
    along = np.concatenate(([0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    n = max(1, round(along[-1] / leap))
    inner = (np.arange(1, n) + generator.uniform(-0.3, 0.3, n - 1)) * along[-1] / n
    at = np.concatenate(([0], inner, along[-1:]))
    return np.column_stack([np.interp(at, along, line[:, i]) for i in (0, 1)])


def _warp(hand: Hand, generator: np.random.Generator):
    """A slow bend of the whole plane: nobody's page is a grid."""
    waves = generator.normal(0, 0.014 * hand.spread, (2, 3))
    phase = generator.uniform(0, 2 * np.pi, (2, 3))
    turn = generator.normal(0, 0.035 * hand.spread)

    def bent(line: Array) -> Array:
        x, y = line.T
        x, y = x - turn * y, y + turn * x
        u = np.stack((y, x)) * 4.0  # the bend of x depends on y, and the other way round
        moved = sum(waves[:, i, None] * np.sin((i + 1) * u / 1.5 + phase[:, i, None]) for i in range(3))
        return np.column_stack((x, y)) + moved.T

    return bent


def _filling(lines: Plan, width: float, generator: np.random.Generator) -> Plan:
    points = np.concatenate(lines)
    low, high = points.min(0), points.max(0)
    longest = generator.uniform(0.7, 0.9)
    scale = (longest - width) / max(float((high - low).max()), 1e-6)
    slack = np.maximum(0.96 - width - (high - low) * scale, 0) / 2
    middle = 0.5 + np.clip(generator.normal(0, 0.03, 2), -slack, slack)
    return [(line - (low + high) / 2) * scale + middle for line in lines]


def _widths(line: Array, hand: Hand) -> Array:
    """A broad nib held at 40° is thin along its edge; a soft pen is thin where it is fast."""
    if not hand.contrast or len(line) < 3:
        return np.full(len(line), hand.width)
    steps = np.gradient(line, axis=0)
    if hand.contrast > 0:
        across = np.abs(np.sin(np.arctan2(steps[:, 1], steps[:, 0]) + np.radians(40)))
        raw = 1 - hand.contrast * (1 - across)
    else:
        speed = np.hypot(*steps.T)
        raw = 1 + hand.contrast * (speed / max(float(speed.max()), 1e-9) - 0.5)
    smooth = np.convolve(np.pad(raw, 3, mode="edge"), np.ones(7) / 7, "valid")
    return hand.width * smooth
