"""How people write the ten digits: plans of arcs and lines, each a little different every time."""

import numpy as np

from drawings.second_hand import Hand, Plan, arc, path
from drawings.strokes import Array


class Draft:
    """Numbers that differ from drawing to drawing, for one hand."""

    def __init__(self, hand: Hand, generator: np.random.Generator):
        self.hand, self.generator = hand, generator

    def __call__(self, mean: float, sd: float = 0.02) -> float:
        return mean + 1.3 * self.hand.spread * sd * float(
            np.clip(self.generator.standard_normal(), -2.2, 2.2)
        )

    def at(self, x: float, y: float, sd: float = 0.02) -> tuple[float, float]:
        return self(x, sd), self(y, sd)

    def arc(self, cx, cy, rx, ry, start, stop, grow=1.0) -> Array:
        rx, ry = rx * np.exp(self(0, 0.06)), ry * np.exp(self(0, 0.04))
        return arc(self(cx, 0.01), self(cy, 0.01), rx, ry, start, stop, self.hand.square, grow)


def zero(d: Draft) -> Plan:
    start, sweep = d(-75, 18), d(361, 7)
    return [d.arc(0, 0, 0.34, 0.5, start, start - sweep, grow=d(0.98, 0.04))]


def zero_clockwise(d: Draft) -> Plan:
    start, sweep = d(-110, 15), d(363, 7)
    return [d.arc(0, 0, 0.34, 0.5, start, start + sweep, grow=d(0.98, 0.04))]


def zero_curl(d: Draft) -> Plan:
    """Overlapping at the top: the end runs on inside."""
    start = d(-60, 10)
    return [d.arc(0, 0, 0.35, 0.5, start, start - d(400, 12), grow=d(0.84, 0.03))]


def one(d: Draft) -> Plan:
    bow = d(0, 0.012)
    return [path(d.at(0, -0.5), (bow, 0), d.at(0, 0.5))]


def one_flag(d: Draft) -> Plan:
    return [path(d.at(-0.17, -0.3, 0.03), d.at(0.02, -0.5), d.at(0, 0.5))]


def one_european(d: Draft) -> Plan:
    return [path(d.at(-0.3, -0.1, 0.04), d.at(0.05, -0.5), d.at(0.05, 0.5))]


def one_serif(d: Draft) -> Plan:
    return [*one_flag(d), path(d.at(-0.2, 0.5), d.at(0.2, 0.5))]


def two(d: Draft) -> Plan:
    top = d.arc(0, -0.22, 0.28, 0.28, d(-165, 10), d(38, 8))
    return [path(top, d.at(-0.3, 0.49), d.at(0.3, 0.49, 0.025))]


def two_loop(d: Draft) -> Plan:
    top = d.arc(0, -0.22, 0.27, 0.28, d(-160, 12), d(40, 8))
    return [path(top, d.arc(-0.21, 0.38, 0.1, 0.1, 50, 320), d.at(0.34, 0.5))]


def two_swan(d: Draft) -> Plan:
    top = d.arc(0, -0.2, 0.27, 0.3, d(-175, 10), d(30, 8))
    base = path(d.at(-0.3, 0.47), d.at(-0.08, 0.41, 0.01), d.at(0.12, 0.47, 0.01), d.at(0.32, 0.42))
    return [path(top, base)]


def three(d: Draft) -> Plan:
    upper = d.arc(-0.03, -0.26, 0.25, 0.24, d(-160, 12), d(80, 6))
    lower = d.arc(-0.03, 0.23, 0.29, 0.27, d(-75, 6), d(155, 10))
    return [path(upper, d.at(-0.1, -0.02), lower)]


def three_flat(d: Draft) -> Plan:
    lower = d.arc(-0.05, 0.2, 0.3, 0.3, d(-75, 6), d(150, 12))
    return [path(d.at(-0.26, -0.5), d.at(0.22, -0.5), d.at(-0.05, -0.1), lower)]


def four_open(d: Draft) -> Plan:
    y = d(0.1, 0.04)
    hook = path(d.at(-0.2, -0.47, 0.03), (d(-0.28), y), (d(0.32, 0.03), y + d(0, 0.015)))
    return [hook, path(d.at(0.14, -0.45, 0.03), d.at(0.12, 0.5))]


def four_closed(d: Draft) -> Plan:
    y, x = d(0.17, 0.03), d(0.1)
    return [
        path((x, -0.5), (d(-0.33), y), (d(0.32), y + d(0, 0.01))),
        path((x, d(-0.48, 0.015)), d.at(0.1, 0.5)),
    ]


def four_lightning(d: Draft) -> Plan:
    """As in Europe: one sloping line, a bar, and a short stroke through the bar."""
    y = d(0.15, 0.03)
    return [
        path(d.at(0, -0.5, 0.03), (d(-0.32), y), (d(0.34), y)),
        path(d.at(0.14, -0.14, 0.03), d.at(0.09, 0.5)),
    ]


def _bowl_of_five(d: Draft) -> Array:
    return d.arc(-0.04, 0.2, 0.3, 0.3, d(-125, 8), d(150, 12))


def five_hat(d: Draft) -> Plan:
    x = d(-0.2)
    body = path((x, -0.5), (x - d(0.03, 0.01), d(-0.04)), _bowl_of_five(d))
    return [body, path((x, -0.5), d.at(0.24, -0.5))]


def five(d: Draft) -> Plan:
    return [path(d.at(0.24, -0.5), d.at(-0.18, -0.5), (d(-0.23), d(-0.04)), _bowl_of_five(d))]


def five_leaning(d: Draft) -> Plan:
    """In one sweep: the back runs straight into the bowl."""
    bowl = d.arc(-0.06, 0.2, 0.28, 0.3, d(-95, 8), d(145, 12))
    return [path(d.at(0.26, -0.52), d.at(-0.12, -0.48), (d(-0.2), d(-0.09)), bowl)]


def six(d: Draft) -> Plan:
    stem = d.arc(0.14, 0.2, 0.41, 0.7, d(-82, 6), -180)
    return [path(stem, d.arc(0, 0.22, 0.27, 0.28, 180, d(-178, 14), grow=d(0.93, 0.03)))]


def six_straight(d: Draft) -> Plan:
    bowl = d.arc(0, 0.2, 0.28, 0.3, 195, d(-165, 14), grow=d(0.95, 0.03))
    return [path(d.at(0.12, -0.5, 0.03), d.at(-0.16, -0.07), bowl)]


def seven(d: Draft) -> Plan:
    return [path(d.at(-0.28, -0.49), d.at(0.27, -0.49), d.at(-0.09, 0.5, 0.03))]


def seven_curved(d: Draft) -> Plan:
    """The stem bends as it falls."""
    return [path(d.at(-0.34, -0.47), d.at(0.24, -0.5), d.arc(0.3, 0.5, 0.38, 0.95, -100, -178))]


def seven_hooked(d: Draft) -> Plan:
    return [path(d.at(-0.28, -0.33), d.at(-0.27, -0.49), d.at(0.27, -0.49), d.at(-0.04, 0.5, 0.04))]


def seven_barred(d: Draft) -> Plan:
    y = d(0.03, 0.03)
    return [*seven(d), path((d(-0.12), y), (d(0.24), y - d(0.03, 0.02)))]


def eight(d: Draft) -> Plan:
    """In one stroke that crosses itself in the middle, begun at the top right."""
    t = np.linspace(0, 2 * np.pi, 60) + np.radians(d(25, 8))
    t = t[0] + (t - t[0]) * d(1.0, 0.015)
    lower = 0.5 - 0.5 * np.cos(t)
    x = np.sin(2 * t) * (d(0.25) * (1 - lower) + d(0.31) * lower)
    return [np.column_stack((x, -0.5 * np.cos(t)))]


def eight_bowls(d: Draft) -> Plan:
    """As an S, and back up."""
    down = d.arc(0, -0.26, 0.23, 0.24, d(-50, 12), -265)
    low = d.arc(0, 0.24, 0.28, 0.26, -85, 265)
    return [path(down, low, d.arc(0, -0.26, 0.23, 0.24, 85, d(-45, 10)))]


def eight_snowman(d: Draft) -> Plan:
    up, down = d(-70, 20), d(-90, 20)
    upper = d.arc(0, -0.26, 0.22, 0.24, up, up - d(362, 7))
    return [upper, d.arc(0, 0.24, 0.28, 0.26, down, down - d(362, 7))]


def nine(d: Draft) -> Plan:
    loop = d.arc(0, -0.24, 0.26, 0.26, d(-25, 10), d(-358, 5))
    return [path(loop, d.at(0.24, -0.3, 0.01), d.at(0.2, 0.5, 0.03))]


def nine_curved(d: Draft) -> Plan:
    loop = d.arc(0, -0.22, 0.27, 0.28, d(-15, 10), -360)
    return [path(loop, d.arc(-0.12, -0.2, 0.39, 0.7, 0, d(85, 6)))]


def nine_hooked(d: Draft) -> Plan:
    loop = d.arc(-0.02, -0.24, 0.27, 0.26, d(-20, 10), d(-355, 5))
    return [
        path(loop, d.at(0.25, -0.3, 0.01), d.at(0.24, 0.2), d.arc(-0.02, 0.22, 0.26, 0.28, 0, d(130, 12)))
    ]


def nine_two_strokes(d: Draft) -> Plan:
    loop = d.arc(-0.02, -0.24, 0.25, 0.26, d(-20, 10), d(-372, 8))
    return [loop, path(d.at(0.22, -0.42, 0.01), d.at(0.2, 0.5, 0.03))]
