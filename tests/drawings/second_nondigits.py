"""What is no digit: an empty pad, a click, straight lines, scribbles, letters, digits on digits."""

from collections.abc import Callable

import numpy as np

from drawings.second_digits import WRITERS, digit
from drawings.second_hand import Hand, Plan, draw
from drawings.second_letters import LETTERS, letter
from drawings.second_scribbles import SCRIBBLES
from drawings.strokes import Array, Strokes, strokes

Generator = np.random.Generator


def nondigit(kind: str, generator: Generator) -> Strokes:
    """One drawing of this kind, one of KINDS."""
    if kind not in KINDS:
        raise ValueError(f"a kind is one of {', '.join(KINDS)}, not {kind!r}")
    return KINDS[kind](generator)


def _blank(generator: Generator) -> Strokes:
    """Nothing at all, or up to four specks of dirt of one to three pixels of a pad of 280."""
    specks = int(generator.integers(1, 5)) if generator.random() < 0.6 else 0
    spots = [generator.uniform(0.03, 0.97, (1, 2)) for _ in range(specks)]
    return Strokes(tuple(spots), tuple(generator.uniform(1, 3, 1) / 280 for _ in spots))


def _dot(generator: Generator) -> Strokes:
    """One click, a click that slipped a little, or a point filled by going round and round."""
    middle = generator.uniform(0.22, 0.78, (1, 2))
    width = generator.uniform(0.025, 0.1)
    how = generator.random()
    if how < 0.4:
        return strokes(middle, width=width)
    if how < 0.65:
        slip = np.cumsum(generator.normal(0, width / 12, (4, 2)), axis=0)
        return strokes(middle + slip, width=width)
    radius = generator.uniform(0.5, 1.6) * width
    turns = np.arange(0, max(2.0, 2.5 * radius / width), 0.06) * 2 * np.pi
    reach = np.linspace(0, radius, len(turns)) * (1 + 0.1 * np.sin(turns * generator.uniform(0.3, 0.7)))
    round_ = np.column_stack((np.cos(turns), np.sin(turns) * generator.uniform(0.85, 1.15)))
    return strokes(
        middle + reach[:, None] * round_ + generator.normal(0, 0.03 * radius, round_.shape), width=width
    )


def _lines(generator: Generator) -> Strokes:
    hand = _anyone(generator)._replace(slant=0.0, aspect=1.0)
    # Grids, asterisks, triangles and arrows are among what the training knows, and so are not here.
    forms = (
        _single,
        _single,
        _parallels,
        _parallels,
        _plus,
        _cross,
        _chevron,
    )
    plan = forms[int(generator.integers(len(forms)))](generator)
    return draw(plan, hand._replace(drift=min(hand.drift, 0.015)), generator)


def _stroke(angle: float, generator: Generator, middle=(0.0, 0.0), length: float = 1.0) -> Array:
    """A straight stroke at this angle in degrees from the horizontal, drawn from either end."""
    half = (
        length
        * generator.uniform(0.42, 0.55)
        * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    )
    ends = np.array([-half, half]) + np.asarray(middle)
    return ends if generator.random() < 0.8 else ends[::-1]


def _tilt(generator: Generator) -> float:
    """Horizontal, or sloping by 20 to 32°: far from upright, so that no 1 leans as much."""
    if generator.random() < 0.5:
        return generator.normal(0, 5)
    return generator.choice([-1, 1]) * generator.uniform(20, 32)


def _single(generator: Generator) -> Plan:
    return [_stroke(_tilt(generator), generator)]


def _parallels(generator: Generator) -> Plan:
    """Two to four, horizontal or sloping; upright ones would be 11 or 111."""
    n, angle, gap = int(generator.integers(2, 5)), _tilt(generator), generator.uniform(0.22, 0.4)
    across = np.array([-np.sin(np.radians(angle)), np.cos(np.radians(angle))])
    offsets = (np.arange(n) - (n - 1) / 2) * gap
    return [_stroke(angle + generator.normal(0, 3), generator, across * o) for o in offsets]


def _plus(generator: Generator) -> Plan:
    tilt, middle = generator.normal(0, 5, 2), generator.normal(0, 0.04, 2)
    return [_stroke(tilt[0], generator), _stroke(90 + tilt[1], generator, middle)]


def _cross(generator: Generator) -> Plan:
    a, b = generator.uniform(35, 58, 2)
    return [_stroke(a, generator), _stroke(180 - b, generator, generator.normal(0, 0.04, 2))]


def _chevron(generator: Generator) -> Plan:
    """<, v or ^ with a wide opening; > is close to a 7."""
    a, b = generator.uniform(0.42, 0.6, 2)
    corner = np.array([[-a, -0.35], [0, 0.35], [b, -0.35]])
    facing = int(generator.integers(3))
    return [
        corner
        if facing == 0
        else corner * [1, -1]
        if facing == 1
        else np.array([[0.35, -a], [-0.35, 0], [0.35, b]])
    ]


def _scribble(generator: Generator) -> Strokes:
    hand = _anyone(generator)._replace(aspect=1.0)
    form = SCRIBBLES[int(generator.integers(len(SCRIBBLES)))]
    fast = hand._replace(stops=hand.stops * 0.4, slant=0.5 * hand.slant, leap=0.6 * hand.leap)
    return draw(form(generator), fast, generator)


def _letter(generator: Generator) -> Strokes:
    return letter(LETTERS[int(generator.integers(len(LETTERS)))], generator)


# Of any other pair one digit can pass for a slip in the other; 0 with 1 or 7 for the zero with a slash.
PAIRS = ("02", "03", "04", "05", "08", "24", "34", "45", "46", "48", "59", "67")


def _two_digits(generator: Generator) -> Strokes:
    """Two digits on top of each other, by one pen, of which much can be seen beside the other."""
    while True:
        pair = generator.permutation([int(k) for k in PAIRS[int(generator.integers(len(PAIRS)))]])
        below, above = (digit(int(k), generator) for k in pair)
        low, high = above.box
        shift = np.clip(generator.normal(0, 0.04, 2), np.minimum(0.03 - low, 0), np.maximum(0.97 - high, 0))
        above = above.moved(lambda line, shift=shift: line + shift)
        if _alone(below, above) > 0.45 and _alone(above, below) > 0.45:
            above = above.thickened(_width(below) / _width(above))
            return Strokes(below.lines + above.lines, below.widths + above.widths)


def _width(drawn: Strokes) -> float:
    return float(np.concatenate(drawn.widths).mean())


def _alone(one: Strokes, other: Strokes) -> float:
    """Which share of one drawing's points is more than 0.09 away from the other."""
    a, b = np.concatenate(one.lines)[::2], np.concatenate(other.lines)
    distance = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1).min(1))
    return float((distance > 0.09).mean())


def _anyone(generator: Generator) -> Hand:
    return WRITERS[int(generator.integers(len(WRITERS)))].hand.today(generator)


KINDS: dict[str, Callable[[Generator], Strokes]] = {
    "blank": _blank,
    "dot": _dot,
    "lines": _lines,
    "scribbles": _scribble,
    "letters": _letter,
    "two digits": _two_digits,
}
