"""Letters as people print them by hand: plans in a small notation, carried out by the writers' hands.

In hundredths of a letter's height, x from the middle and y down: `x,y` is a point, `@cx,cy,rx,ry,from,to` an
elliptic arc (degrees, from the right over the bottom), `|` lifts the pen, and `/` parts a letter's variants.
"""

import numpy as np

from drawings.second_digits import WRITERS
from drawings.second_hand import Hand, Plan, arc, draw, path
from drawings.strokes import Array, Strokes

SHAPES = {
    "A": "-30,50 0,-50 30,50 | -18,15 18,15 / 0,-50 -32,50 | 0,-50 32,50 | -20,12 20,12",
    "B": "-25,-50 -25,50 | -25,-50 @-5,-25,25,25,-90,90 -25,0 @-5,25,30,25,-90,90 -25,50",
    "C": "@5,0,35,50,-42,-318 / @8,0,38,50,-60,-300",
    "D": "-25,-50 -25,50 | -27,-50 @-15,0,45,50,-90,90 -27,50",
    "E": "25,-50 -25,-50 -25,50 25,50 | -25,0 16,0 / "
    "-25,-50 -25,50 | -25,-50 24,-50 | -25,0 16,0 | -25,50 26,50",
    "F": "-22,50 -22,-50 26,-50 | -22,-3 15,-3 / -22,-50 -22,50 | -22,-50 28,-50 | -22,0 18,0",
    "G": "@3,0,36,50,-42,-335 36,8 5,8 / @3,0,36,50,-42,-330 | 2,8 38,8 38,50",
    "H": "-27,-50 -27,50 | 27,-50 27,50 | -27,0 27,0",
    "I": "0,-50 0,50 | -18,-50 18,-50 | -18,50 18,50",
    "J": "16,-50 16,22 @-6,22,22,28,0,150 | -14,-50 40,-50 / 16,-50 16,22 @-8,22,24,28,0,165",
    "K": "-25,-50 -25,50 | 25,-50 -25,5 28,50 / -25,-50 -25,50 | 27,-50 -23,8 | -12,-2 28,50",
    "L": "-22,-50 -22,50 27,50",
    "M": "-36,50 -32,-50 0,20 32,-50 36,50 / -36,-50 -36,50 | -36,-50 0,10 36,-50 36,50",
    "N": "-28,50 -28,-50 28,50 28,-50 / -28,-50 -28,50 | -28,-50 28,50 | 28,50 28,-50",
    "O": "@0,0,40,50,-90,-450",
    "P": "-22,50 -22,-50 @-2,-24,28,26,-90,90 -22,2 / -22,-50 -22,50 | -24,-50 @0,-24,28,26,-90,90 -24,2",
    "Q": "@0,-3,40,47,-80,-440 | 8,18 40,56",
    "R": "-22,50 -22,-50 @-2,-24,28,26,-90,90 -18,2 28,50 / "
    "-22,-50 -22,50 | -24,-50 @0,-24,28,26,-90,90 -22,2 28,50",
    "S": "@0,-25,25,25,-35,-265 @0,25,28,25,-85,150",
    "T": "-34,-50 34,-50 | 0,-50 0,50",
    "U": "-28,-50 -28,15 @0,15,28,35,180,0 28,-50 / -28,-50 -28,15 @0,15,28,35,180,0 28,-50 | 28,-50 28,50",
    "V": "-30,-50 0,50 30,-50",
    "W": "-45,-50 -22,50 0,-20 22,50 45,-50 / -45,-50 @-22,15,20,35,170,10 0,-20 @22,15,20,35,170,10 45,-50",
    "X": "-32,-50 32,50 | 32,-50 -32,50",
    "Y": "-32,-50 0,0 | 32,-50 0,0 0,50 / -32,-50 0,0 32,-50 | 0,0 0,50",
    "Z": "-30,-50 30,-50 -30,50 30,50",
    "a": "@0,5,24,25,-35,-385 | 24,-20 24,30 / @0,5,24,25,-35,-345 24,-18 24,20 @32,20,8,10,180,60",
    "b": "-20,-60 -20,30 | -20,5 @2,5,22,25,-160,160",
    "c": "@3,5,26,26,-42,-318 / @5,5,28,26,-60,-305",
    "d": "@-2,5,23,25,-30,-330 | 22,-65 22,30 / @-2,5,23,25,-35,-345 22,-65 22,20 @30,20,8,10,180,60",
    "e": "-22,6 22,6 @0,5,23,26,0,-312 / -20,14 22,-2 @1,5,23,26,-10,-310",
    "f": "24,-50 @8,-42,14,18,-30,-180 -6,40 | -24,-12 18,-12",
    "g": "@-2,2,22,24,-30,-330 | 20,-20 20,45 @0,45,20,20,0,150",
    "h": "-20,-65 -20,30 | -20,5 @0,2,20,22,-180,0 20,30 / -20,-65 -20,30 -20,5 @0,2,20,22,-180,0 20,30",
    "i": "0,-18 0,32 | 0,-46 / 0,-18 0,24 @8,24,8,9,180,60 | 1,-44",
    "j": "5,-20 5,45 @-12,45,17,16,0,140 | 5,-46",
    "k": "-18,-62 -18,30 | 20,-20 -18,8 22,30",
    "l": "0,-60 0,30",
    "m": "-38,-20 -38,30 | -38,0 @-19,-2,18,18,-180,0 -1,30 | -1,0 @18,-2,18,18,-180,0 36,30",
    "n": "-20,-20 -20,30 | -20,5 @0,2,20,22,-180,0 20,30 / -20,-20 -20,30 -20,5 @0,2,20,22,-180,0 20,30",
    "o": "@0,5,25,25,-90,-450",
    "p": "-20,-20 -20,68 | -20,5 @2,5,23,25,-160,165",
    "q": "@-2,5,22,25,-30,-330 | 20,-20 20,65",
    "r": "-14,-20 -14,32 | -14,6 @8,2,22,22,-180,-45 / -14,-20 -14,32 -14,6 @8,2,22,22,-180,-45",
    "s": "@0,-8,17,13,-35,-265 @0,17,18,13,-85,150",
    "t": "0,-52 0,16 @13,16,13,14,180,50 | -22,-18 22,-18 / 0,-52 0,34 | -22,-20 22,-20",
    "u": "-20,-20 -20,8 @0,8,20,22,180,0 20,-20 | 20,-20 20,32 / -20,-20 -20,8 @0,8,20,22,180,0 20,-20 20,32",
    "v": "-22,-20 0,30 22,-20",
    "w": "-38,-20 -18,30 0,-12 18,30 38,-20 / "
    "-38,-20 -34,10 @-18,12,17,18,170,10 0,-12 @18,12,17,18,170,10 38,-20",
    "x": "-22,-20 22,30 | 22,-20 -22,30",
    "y": "-30,-20 2,24 | 29,-20 -14,66",
    "z": "-22,-20 22,-20 -22,30 22,30",
}
SAME_AS_A_DIGIT = frozenset("OIlSZBbgq")  # O is 0, I and l are 1, ...
LIKE_A_DIGIT = frozenset("osz")  # the same, but small: left out too unless asked for by name
LETTERS = tuple(c for c in SHAPES if c not in SAME_AS_A_DIGIT | LIKE_A_DIGIT)


def letter(name: str, generator: np.random.Generator) -> Strokes:
    """One drawing of this letter, A–Z or a–z, by any of the writers."""
    if name not in SHAPES:
        raise ValueError(f"a letter is one of A–Z and a–z, not {name!r}")
    variants = SHAPES[name].split("/")
    hand = WRITERS[int(generator.integers(len(WRITERS)))].hand.today(generator)
    plan = _plan(variants[int(generator.integers(len(variants)))], hand, generator)
    size = float(np.ptp(np.concatenate(plan), axis=0).max())
    return draw([line / size for line in plan], hand, generator)


def _plan(shape: str, hand: Hand, generator: np.random.Generator) -> Plan:
    return [path(*(_piece(p, hand, generator) for p in line.split())) for line in shape.split("|")]


def _piece(piece: str, hand: Hand, generator: np.random.Generator) -> Array:
    """A point, or an arc: its middle is left in place, since others should meet it."""
    numbers = np.array([float(n) for n in piece.lstrip("@").split(",")])
    if piece[0] != "@":
        return numbers / 100 + generator.normal(0, 0.016 * hand.spread, 2)
    cx, cy, rx, ry = numbers[:4] / 100
    rx, ry = np.array([rx, ry]) * np.exp(generator.normal(0, 0.05 * hand.spread, 2))
    start, stop = numbers[4:] + generator.normal(0, 5 * hand.spread, 2)
    return arc(cx, cy, rx, ry, start, stop, hand.square)
