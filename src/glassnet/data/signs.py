"""Figures that are no digits: signs that people draw, of which none is a Latin letter, and invented ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.pen import Figure, arc

Array = NDArray[Any]

# Each stroke is a line through points x y, in percent, or after @ an arc: its middle, radii and angles.
_SHAPES = """
triangle 50 10 90 85 10 85 50 10 | triangle_down 10 15 90 15 50 90 10 15 | square 15 15 85 15 85 85 15 85 15 15
diamond 50 5 85 50 50 95 15 50 50 5 | star 50 5 79 95 2 38 98 38 21 95 50 5
star6 50 5 90 75 10 75 50 5 / 50 97 90 27 10 27 50 97 | box_cross 10 10 90 10 90 90 10 90 10 10 / 10 10 90 90 / 90 10 10 90
box_plus 10 10 90 10 90 90 10 90 10 10 / 50 10 50 90 / 10 50 90 50 | wheel @50 50 45 45 0 360 / 5 50 95 50 / 50 5 50 95
target @50 50 45 45 0 360 / @50 50 18 18 0 360 | forbidden @50 50 45 45 0 360 / 18 18 82 82
hourglass 15 10 85 10 15 90 85 90 15 10 | pause 20 10 40 10 40 90 20 90 20 10 / 60 10 80 10 80 90 60 90 60 10
grid 33 5 33 95 / 67 5 67 95 / 5 33 95 33 / 5 67 95 67 | ladder 30 5 30 95 / 70 5 70 95 / 30 25 70 25 / 30 50 70 50 / 30 75 70 75
steps 5 95 5 70 35 70 35 40 65 40 65 10 95 10 | cube 5 35 60 35 60 95 5 95 5 35 30 10 90 10 60 35 / 90 10 90 70 60 95
envelope 5 20 95 20 95 80 5 80 5 20 50 55 95 20 | bow 10 20 10 80 90 20 90 80 10 20 | half_moon @50 50 40 40 0 180 / 10 50 90 50
"""
_THINGS = """
arrow 5 50 95 50 / 65 20 95 50 65 80 | arrow_up 50 95 50 5 / 20 35 50 5 80 35 | arrow_left 95 50 5 50 / 35 20 5 50 35 80
arrow_both 5 50 95 50 / 70 25 95 50 70 75 / 30 25 5 50 30 75 | arrow_bent 20 90 20 40 80 40 / 60 20 80 40 60 60
house 15 95 15 45 50 10 85 45 85 95 15 95 / 42 95 42 65 58 65 58 95 | tree 50 5 80 45 20 45 50 5 / 50 30 90 75 10 75 50 30 / 50 75 50 97
fish @40 50 35 22 0 360 / 75 50 97 28 97 72 75 50 | flag 20 97 20 5 85 20 20 40 | key @25 50 20 20 0 360 / 45 50 97 50 97 70 / 80 50 80 66
cup 15 20 20 90 70 90 75 20 15 20 / @78 50 18 18 -90 100 | umbrella @50 50 45 40 180 360 / 5 50 95 50 / 50 50 50 90 / @42 90 8 8 0 180
heart @30 30 22 22 150 360 / @72 30 20 22 180 390 / 10 40 50 95 90 40 | moon @50 50 45 45 60 300 / @70 50 30 38 120 240
sun @50 50 20 20 0 360 / 50 5 50 20 / 50 80 50 95 / 5 50 20 50 / 80 50 95 50 / 18 18 28 28 / 82 18 72 28 / 18 82 28 72 / 82 82 72 72
man @50 18 13 13 0 360 / 50 31 50 65 20 95 / 50 65 80 95 / 20 45 80 45 | face @50 50 45 45 0 360 / @50 55 22 20 20 160 / 35 30 35 42 / 65 30 65 42
tick 10 55 40 90 95 10 | bolt 60 5 25 55 55 55 35 97 85 40 52 40 75 5 60 5 | note @30 82 18 13 0 360 / 48 82 48 10 85 30
notes @22 85 16 12 0 360 / @78 78 16 12 0 360 / 38 85 38 20 94 12 94 78 | glasses @25 55 20 20 0 360 / @75 55 20 20 0 360 / 45 50 55 50
anchor @50 15 10 10 0 360 / 50 25 50 95 / 30 38 70 38 / @50 60 38 35 10 170 | flower @50 30 16 16 0 360 / @30 52 16 16 0 360 / @70 52 16 16 0 360 / 50 50 50 97
bell @50 45 30 38 180 360 / 20 45 10 80 90 80 80 45 / @50 80 10 12 0 180 | boat 5 60 95 60 75 90 25 90 5 60 / 50 60 50 5 85 50 50 50
"""
_MARKS = """
hash 35 5 25 95 / 75 5 65 95 / 5 35 95 35 / 5 68 95 68 | percent @25 25 17 20 0 360 / @75 75 17 20 0 360 / 90 8 10 92
at @50 50 18 20 0 360 / 68 32 68 62 / @50 50 43 43 50 -290 | star8 50 5 50 95 / 8 28 92 72 / 92 28 8 72
bracket 70 5 35 5 35 95 70 95 | bracket_right 30 5 65 5 65 95 30 95 | brace 65 3 45 8 45 40 25 50 45 60 45 92 65 97
brace_right 35 3 55 8 55 40 75 50 55 60 55 92 35 97 | root 3 60 18 50 35 95 55 8 97 8 | not_equal 10 38 90 38 / 10 64 90 64 / 75 8 25 95
plus_minus 50 5 50 65 / 15 35 85 35 / 15 92 85 92 | infinity @27 50 23 22 0 360 / @73 50 23 22 0 360 | empty_set @50 50 38 40 0 360 / 92 5 8 95
sigma 88 10 12 10 55 50 12 90 88 90 | pi_small 5 22 95 22 / 30 22 25 92 / 70 22 72 90 85 90 | omega 5 92 35 92 / @50 48 38 42 120 420 / 65 92 95 92
psi 50 5 50 95 / @50 15 38 45 0 180 | theta @50 50 35 45 0 360 / 25 50 75 50 | xi 10 10 90 10 / 25 50 75 50 / 10 90 90 90
phi @50 50 42 27 0 360 / 50 3 50 97 | euro @60 50 38 42 60 300 / 3 42 65 42 / 3 58 60 58 | pound 85 92 12 92 30 75 32 45 / @55 32 23 25 180 340 / 10 55 65 55
paragraph @35 28 25 23 90 270 / 35 5 80 5 / 50 5 50 95 / 70 5 70 95 | female @50 30 27 27 0 360 / 50 57 50 97 / 28 78 72 78 | male @38 62 30 30 0 360 / 60 41 93 8 / 65 8 93 8 93 36
angle_both 45 10 10 50 45 90 / 90 10 55 50 90 90 | therefore @50 18 10 10 0 360 / @18 80 10 10 0 360 / @82 80 10 10 0 360
"""
_WRITING = """
dai 5 35 95 35 / 50 5 48 40 8 95 / 50 40 92 95 | hito 52 5 45 45 8 95 / 48 45 92 95 | yama 50 5 50 90 / 10 35 10 90 90 90 90 35
hi 20 5 80 5 80 95 20 95 20 5 / 20 50 80 50 | ta 10 10 90 10 90 90 10 90 10 10 / 50 10 50 90 / 10 50 90 50 | naka 10 25 90 25 90 60 10 60 10 25 / 50 3 50 97
ki 5 30 95 30 / 50 3 50 97 / 50 32 8 80 / 50 32 92 80 | ou 10 10 90 10 / 15 50 85 50 / 5 90 95 90 / 50 10 50 90 | ten 12 12 88 12 / 5 45 95 45 / 50 12 45 55 8 95 / 50 45 92 95
kawa 18 8 15 70 5 92 / 50 12 50 85 / 85 5 85 97 | chi 5 30 95 30 / 50 30 50 97 / 25 5 75 5 | ko 15 10 85 10 50 35 50 85 35 95 / 5 50 95 50
a_kana 5 15 90 15 60 45 / 50 35 48 65 20 95 | ka_kana 5 30 85 30 80 85 60 92 / 45 5 40 50 8 92 | ke_kana 25 5 5 50 / 20 30 95 30 / 60 30 55 70 30 95
sa_kana 5 30 95 30 / 28 5 28 60 / 72 5 72 50 40 95 | su_kana 10 12 80 12 60 50 8 92 / 52 55 92 92 | se_kana 30 5 30 88 85 88 / 5 45 85 30 70 60
tsu_kana 12 15 20 45 / 42 10 50 40 / 88 10 75 60 30 95 | na_kana 5 35 95 35 / 52 3 50 55 20 95 | nu_kana 10 12 80 12 60 60 10 95 / 25 40 85 88
ho_kana 5 28 95 28 / 50 3 50 92 38 85 / 25 45 8 80 / 75 45 92 80 | mu_kana 45 5 15 80 85 75 / 65 50 92 92 | mo_kana 15 12 85 12 / 5 45 95 45 / 45 12 45 90 85 90
yo_kana 10 10 85 10 85 92 / 15 50 85 50 / 10 92 85 92 | ru_kana 28 15 28 55 5 92 / 55 8 55 92 92 60 | wa_kana 15 45 15 10 85 10 80 55 35 95
zhe 50 5 50 95 / 5 8 50 50 5 95 / 95 8 50 50 95 95 | sha 8 5 8 92 92 92 92 5 / 50 5 50 92 | tse 10 5 10 80 80 80 80 5 / 80 80 95 80 95 97 | yu 10 5 10 95 / 10 50 40 50 / @66 50 26 44 0 360
ya 82 95 82 5 45 5 30 15 30 38 45 48 82 48 / 50 48 20 95 | de 25 8 75 8 75 75 / 25 8 18 75 / 5 97 5 75 95 75 95 97 | el 8 92 30 85 35 8 80 8 80 95 | i_short 12 5 12 95 88 5 88 95
aleph 12 8 88 92 / 85 8 80 35 55 50 / 15 92 15 65 40 40 | shin 10 10 15 85 90 85 92 10 / 50 15 48 50 15 75| mem 10 95 25 15 / 20 40 45 15 80 25 85 92 45 92
hieut 35 5 65 5 / 5 25 95 25 / @50 65 28 26 0 360 | pieup 15 8 15 90 85 90 85 8 / 15 48 85 48 | jieut 10 12 90 12 / 52 12 45 45 8 92 / 48 45 92 92 | ga 5 12 45 12 40 55 8 92 / 70 3 70 97 / 70 45 95 45
mu 22 5 78 5 78 40 22 40 22 5 / 3 62 97 62 / 50 62 50 97 | so 50 5 20 50 / 50 15 80 50 / 50 55 50 85 / 3 85 97 85
| day 10 5 10 95 90 5 90 95 10 5 | home 10 95 50 50 85 25 50 3 15 25 50 50 90 95| 
"""
_CHARACTERS = """
ko_kana 12 15 85 15 85 88 12 88 | hi_kana 18 5 18 90 85 90 / 18 45 75 32 | to_kana 35 3 35 97 / 35 38 85 62 | te_kana 22 8 78 8 / 5 38 95 38 / 52 38 48 70 20 97
shi_kana 15 12 35 25 / 8 40 28 52 / 12 92 50 80 90 25 | ta_kana 40 3 28 30 5 52 / 32 22 85 22 65 65 15 97 / 30 45 68 65 | ha_kana 35 20 25 60 5 92 / 62 15 75 50 95 90
yu_kana 18 25 75 25 70 85 / 5 85 95 85 | wo_kana 10 10 85 10 75 55 25 97 / 12 38 78 38 | o_kana 5 30 95 30 / 65 3 65 95 52 85 / 62 35 35 65 5 85
ue 50 5 50 90 / 50 42 82 42 / 5 92 95 92 | shita 5 8 95 8 / 48 8 48 97 / 50 38 80 58 | ishi 5 10 95 10 / 50 10 35 45 5 75 / 30 52 82 52 82 92 30 92 30 52
migi 5 25 95 25 / 50 3 35 45 5 80 / 35 55 80 55 80 95 35 95 35 55 | fire 50 5 48 45 10 95 / 50 45 92 95 / 15 30 25 50 / 88 28 72 50 | water 50 3 50 95 40 88 / 10 35 38 35 8 80 / 85 22 55 45 92 88
bun 50 3 50 20 / 5 25 95 25 / 72 25 50 65 8 95 / 28 25 50 65 92 95 | woman 45 5 25 55 75 90 / 70 30 55 70 15 95 / 5 38 95 38 | hand 75 5 25 18 / 15 35 85 35 / 5 58 95 58 / 50 12 50 95 35 85
tooth 22 25 22 90 / 50 5 50 90 / 50 45 85 45 / 5 90 95 90 | ox 30 5 15 40 / 25 28 85 28 / 5 58 95 58 / 55 3 55 97 | straight 8 10 92 10 / 50 10 50 90 / 50 48 82 48 / 22 45 22 90 / 5 90 95 90
eight 40 15 30 60 5 92 / 58 10 70 55 95 92 | enter 38 8 55 12 60 45 95 92 / 55 35 40 65 5 92 | sword 12 15 85 15 80 70 68 92 60 85 / 48 15 40 60 8 95 | gate 8 5 8 95 / 8 10 40 10 40 40 8 40 / 60 10 92 10 92 95 / 60 10 60 40 92 40
no_hira 55 12 50 45 25 78 10 62 20 35 50 18 80 28 90 55 75 82 55 95 | yo_hira 50 5 50 75 30 92 15 80 30 68 55 72 80 90 / 50 30 80 28 | me_hira 22 18 35 55 48 78 / 65 10 50 55 22 88 8 70 25 42 55 28 85 40 88 70 62 95
i_hira 12 15 15 60 28 80 35 65 / 70 20 85 40 90 65 | ni_hira 12 8 10 55 15 95 22 75 / 45 25 88 22 / 45 70 60 85 90 85 | ke_hira 12 8 8 55 15 95 22 75 / 40 30 95 30 / 70 5 72 60 55 97
ri_hira 22 8 18 45 25 60 38 45 / 70 5 78 50 70 75 45 97 | ka_hira 8 32 55 28 60 45 52 88 38 82 / 38 5 28 50 8 92 / 75 18 92 50 | se_hira 5 38 95 32 / 68 8 68 62 58 58 / 28 15 28 80 45 92 80 90
beh 5 35 10 60 40 70 75 65 95 40 / @50 90 4 4 0 360 | seen 5 45 15 65 30 65 35 45 40 65 55 65 60 40 / 60 40 65 80 45 95 20 85 | kaf 85 5 35 30 80 50 85 75 20 80 8 65 | heh @50 50 40 42 0 360 / 12 50 50 30 60 65 88 50
alef_hamza 50 35 50 97 / 62 5 42 10 48 20 65 22 35 30 | tav 12 8 80 8 80 95 / 25 8 25 90 8 95 | samekh 8 10 92 10 / @50 55 38 42 -80 260 | tsadi 15 10 78 60 78 92 10 92 / 82 8 60 42 | lambda 12 5 30 5 88 95 / 52 42 10 95
giyeok_i 10 15 55 15 45 90 / 82 3 82 97 | nieun_a 12 15 12 85 60 85 / 80 3 80 97 / 80 48 97 48 | mieum_o 20 8 80 8 80 45 20 45 20 8 / 50 60 50 88 / 5 90 95 90 | chieut 40 5 60 5 / 10 22 90 22 / 50 22 40 55 8 92 / 48 55 92 92
half_moon_up @50 75 45 60 180 360 / 5 75 95 75 | half_moon_left @75 50 60 45 90 270 / 75 5 75 95 | door 20 95 20 30 / @50 30 30 25 180 360 / 80 30 80 95 20 95
stool 10 20 90 20 / 25 20 15 95 / 75 20 85 95 / 20 60 80 60 | antenna 50 95 50 40 / 10 5 50 40 90 5 / 50 40 50 5 | rake 50 97 50 45 / 15 45 85 45 / 15 45 15 10 / 85 45 85 10 / 50 45 50 10
pot @50 60 40 32 0 180 / 5 60 95 60 / 20 60 20 35 80 35 80 60 | lollipop_pair @28 25 20 20 0 360 / @72 25 20 20 0 360 / 28 45 50 95 72 45 | eye 5 50 30 25 70 25 95 50 70 75 30 75 5 50 / @50 50 14 16 0 360 | pin @50 30 25 25 0 360 / 50 55 50 97 / 30 97 70 97
"""


def _figure(text: str) -> Figure:
    strokes = []
    for stroke in text.split("/"):
        numbers = [float(word) for word in stroke.replace("@", "").split()]
        strokes.append(arc(*numbers) if "@" in stroke else np.reshape(numbers, (-1, 2)))
    return strokes


def _figures(table: str) -> dict[str, Figure]:
    parts = [part.strip().split(maxsplit=1) for part in table.replace("\n", "|").split("|") if part.strip()]
    return {name: _figure(text) for name, text in parts}


SHAPES, THINGS, MARKS, WRITING, CHARACTERS = map(
    _figures, (_SHAPES, _THINGS, _MARKS, _WRITING, _CHARACTERS)
)


def known(figures: dict[str, Figure], n: int, generator: np.random.Generator) -> list[Figure]:
    """Draw `n` of the figures by an unsteady hand: points displaced, the whole slanted, turned and stretched."""
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
    """Make up `n` signs of three to five straight or bent strokes between nine places, most of them joined."""
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
    return _BEZIER @ np.stack([start, middle, end])


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


_ANGLES = np.deg2rad([0, 20, 135, 160, 180, 200, 315, 340])  # not up to the right, nor down to the left or right


def spirals(n: int, generator: np.random.Generator) -> list[Figure]:
    """Spirals of two to four turns, either way."""
    figures = []
    for _ in range(n):
        turns, phase, way = generator.uniform(2, 4), generator.uniform(0, 2 * np.pi), generator.choice([-1, 1])
        angle = np.linspace(0, 2 * np.pi * turns, int(14 * turns))
        radius = angle ** generator.uniform(0.7, 1.1)
        figures.append([np.stack([radius * np.cos(way * angle + phase), radius * np.sin(way * angle + phase)], 1)])
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
