"""Digits by ten people: each has a hand and the forms of the ten digits that they learned at school."""

from typing import NamedTuple

import numpy as np

from drawings.second_forms import (
    Draft,
    eight,
    eight_bowls,
    eight_snowman,
    five,
    five_hat,
    five_leaning,
    four_closed,
    four_lightning,
    four_open,
    nine,
    nine_curved,
    nine_hooked,
    nine_two_strokes,
    one,
    one_european,
    one_flag,
    one_serif,
    seven,
    seven_barred,
    seven_curved,
    seven_hooked,
    six,
    six_straight,
    three,
    three_flat,
    two,
    two_loop,
    two_swan,
    zero,
    zero_clockwise,
    zero_curl,
)
from drawings.second_hand import Hand, draw
from drawings.strokes import Strokes


class Writer(NamedTuple):
    """A person: a hand, and for each digit the forms they use, all as often."""

    name: str
    hand: Hand
    forms: tuple[tuple, ...]


WRITERS = (
    Writer(
        "child",
        Hand(0.0, 1.05, 1.0, 0.6, 0.035, 0.8, 0.007, 0.024, 0.025, 1.25, width=0.065),
        ((zero, zero_clockwise), (one, one_flag), (two,), (three,), (four_open,), (five_hat,), (six,),
         (seven,), (eight_snowman, eight), (nine, nine_two_strokes)),
    ),
    Writer(
        "engineer",
        Hand(0.1, 0.9, 0.88, 0.95, 0.015, 0.0, 0.002, 0.006, 0.012, 0.6, width=0.04),
        ((zero,), (one, one_serif), (two,), (three, three_flat), (four_closed, four_open), (five_hat,),
         (six_straight, six), (seven, seven_barred), (eight_snowman, eight_bowls), (nine,)),
    ),
    Writer(
        "doctor",
        Hand(0.25, 0.95, 1.05, 0.1, 0.055, 0.8, 0.003, 0.022, 0.03, 1.2, contrast=-0.5, width=0.042),
        ((zero, zero_curl), (one,), (two_loop, two_swan), (three,), (four_open,), (five_leaning, five),
         (six, six_straight), (seven, seven_curved), (eight,), (nine, nine_curved)),
    ),
    Writer(
        "european",
        Hand(0.08, 1.0, 1.0, 0.5, 0.03, 0.4, 0.003, 0.012, 0.02, 1.0, contrast=-0.3, width=0.048),
        ((zero, zero_curl), (one_european,), (two, two_swan), (three,), (four_lightning, four_open),
         (five_hat,), (six,), (seven_barred,), (eight, eight_bowls), (nine_curved, nine_hooked)),
    ),
    Writer(
        "american",
        Hand(0.12, 1.0, 1.02, 0.35, 0.035, 0.6, 0.003, 0.014, 0.02, 1.0, width=0.055),
        ((zero,), (one,), (two_loop, two), (three,), (four_open,), (five_hat, five), (six, six_straight),
         (seven,), (eight,), (nine,)),
    ),
    Writer(
        "shaky mouse",
        Hand(0.0, 1.05, 0.97, 0.4, 0.03, 1.0, 0.0105, 0.024, 0.025, 1.2, width=0.065),
        ((zero, zero_clockwise), (one, one_flag), (two,), (three,), (four_open,), (five,),
         (six,), (seven,), (eight, eight_bowls), (nine,)),
    ),
    Writer(
        "polygonal mouse",
        Hand(0.02, 1.0, 0.95, 0.3, 0.02, 0.5, 0.004, 0.015, 0.02, 1.0, leap=0.2, width=0.06),
        ((zero,), (one, one_flag), (two,), (three, three_flat), (four_open,), (five, five_hat),
         (six_straight, six), (seven,), (eight, eight_bowls), (nine, nine_curved)),
    ),
    Writer(
        "calligrapher",
        Hand(0.2, 0.95, 1.02, 0.3, 0.035, 0.3, 0.001, 0.008, 0.01, 0.8, contrast=0.65, width=0.075),
        ((zero,), (one_flag, one_serif), (two_swan, two_loop), (three_flat, three), (four_closed, four_open),
         (five_hat, five_leaning), (six,), (seven_curved, seven_hooked), (eight_bowls, eight),
         (nine_curved,)),
    ),
    Writer(
        "narrow",
        Hand(0.15, 0.62, 1.0, 0.4, 0.025, 0.4, 0.003, 0.012, 0.015, 0.9, width=0.045),
        ((zero,), (one, one_flag), (two, two_loop), (three,), (four_open, four_closed), (five_hat, five),
         (six, six_straight), (seven, seven_barred), (eight,), (nine, nine_curved)),
    ),
    Writer(
        "wide finger",
        Hand(-0.03, 1.4, 0.95, 0.35, 0.035, 0.6, 0.004, 0.02, 0.025, 1.1, width=0.08),
        ((zero, zero_clockwise), (one, one_flag, one_serif), (two,), (three, three_flat), (four_open,),
         (five, five_hat), (six,), (seven, seven_hooked), (eight_bowls, eight_snowman), (nine, nine_hooked)),
    ),
)  # fmt: skip


def digit(k: int, generator: np.random.Generator, writer: int | None = None) -> Strokes:
    """One drawing of the digit k by the writer of this index in WRITERS, or by any of them."""
    person = WRITERS[int(generator.integers(len(WRITERS))) if writer is None else writer]
    hand = person.hand.today(generator)
    forms = person.forms[k]
    form = forms[int(generator.integers(len(forms)))]
    if k in (1, 4, 7):  # quick straight strokes hardly drift
        hand = hand._replace(drift=0.6 * hand.drift)
    if k == 1:  # nobody widens a 1, and few lean it back; nor a 7
        hand = hand._replace(slant=float(np.clip(hand.slant, -0.12, 0.4)), aspect=min(hand.aspect, 1.05))
    if k == 7:
        hand = hand._replace(slant=max(hand.slant, -0.02))
    return draw(form(Draft(hand, generator)), hand, generator)
