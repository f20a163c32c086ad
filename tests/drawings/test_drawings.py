"""The generators of drawings and the kinds of picture made of them."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from drawings import first, second
from drawings.effects import KINDS, picture
from drawings.first_ways import WAYS
from drawings.measure import WRITERS
from drawings.strokes import Array, Strokes, render, strokes

BOTH = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
EVERY_DIGIT = pytest.mark.parametrize("k", range(10))


def generator(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_ink_of_a_dot_and_of_a_line_has_the_area_of_the_pen() -> None:
    dot = render(strokes(np.array([0.5, 0.5]), width=0.2), 200)
    assert dot.sum() == pytest.approx(np.pi * 20**2, rel=0.01)
    line = render(strokes(np.array([[0.2, 0.5], [0.8, 0.5]]), width=0.1), 200)
    assert line.sum() == pytest.approx(120 * 20 + np.pi * 10**2, rel=0.01)
    assert line[100, 100] == 1
    assert line[80, 100] == 0


def test_ink_beyond_the_edge_is_cut_off_and_a_blank_has_none() -> None:
    half = render(strokes(np.array([0.0, 0.5]), width=0.2), 200)
    assert half.sum() == pytest.approx(np.pi * 20**2 / 2, rel=0.01)
    assert not render(strokes(np.array([3.0, 3.0])), 50).any()
    assert not render(Strokes((), ()), 50).any()


@BOTH
@EVERY_DIGIT
def test_the_same_seed_writes_the_same_digit(write: Any, k: int) -> None:
    one, other = write(k, generator(7, k)), write(k, generator(7, k))
    assert len(one.lines) == len(other.lines)
    assert all(np.array_equal(a, b) for a, b in zip(one.lines, other.lines, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(one.widths, other.widths, strict=True))


@BOTH
@EVERY_DIGIT
def test_no_two_drawings_of_a_digit_are_alike(write: Any, k: int) -> None:
    drawn = [render(write(k, generator(3, k, i)), 64) for i in range(10)]
    apart = [np.abs(a - b).sum() / max(a.sum(), b.sum()) for a, b in combinations(drawn, 2)]
    assert min(apart) > 0.05  # of the ink
    assert np.median(apart) > 0.5


@BOTH
@EVERY_DIGIT
def test_a_digit_fills_most_of_the_square_and_stays_in_it(write: Any, k: int) -> None:
    for i in range(8):
        low, high = write(k, generator(4, k, i)).box
        assert min(low) >= 0
        assert max(high) <= 1
        assert 0.6 <= max(high - low) <= 1


@pytest.mark.parametrize(("k", "way"), [(k, way) for k, ways in WAYS.items() for way in ways])
def test_each_way_to_write_passes_near_the_points_it_names(k: int, way: str) -> None:
    assert len(WAYS[k]) == len(set(WAYS[k])) >= 5
    drawn = first.written(way, generator(k))
    assert len(drawn.lines) == len(way.split("/"))
    assert all(np.isfinite(line).all() and len(line) > 20 for line in drawn.lines)
    assert all((w > 0.01).all() and (w < 0.2).all() for w in drawn.widths)


@BOTH
@pytest.mark.parametrize("kind", KINDS)
def test_every_digit_in_every_kind_of_picture_lies_inside_it(kind: str, write: Any) -> None:
    for k in range(10):
        made = picture(kind, write(k, generator(5, k)), generator(6, k))
        assert made.dtype == np.uint8
        assert made.ndim == 2 or made.shape[2] == 3
        assert min(made.shape[:2]) >= 280
        if kind != "photographed":  # of those no two pixels are alike
            paper, ink = made[0, 0], (made != made[0, 0]).reshape(*made.shape[:2], -1).any(axis=-1)
            assert (made[ink] != paper).any()
            assert not np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]]).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_picture(kind: str) -> None:
    one, other, another = (picture(kind, first.digit(5, generator(1)), generator(2, i)) for i in (1, 1, 2))
    assert np.array_equal(one, other)
    assert not np.array_equal(one, another)


@BOTH
def test_kinds_of_picture_are_what_they_are_called(write: Any) -> None:
    def ink(kind: str) -> Array:
        made = [picture(kind, write(k, generator(8, k)), generator(9, k)) for k in range(10)]
        return np.array([(one != one[0, 0]).mean() for one in made])

    plain = ink("plain").mean()
    assert ink("thin").mean() < 0.7 * plain
    assert ink("thick").mean() > 1.3 * plain
    assert ink("tiny").mean() < 0.2 * plain
    assert picture("inverted", write(3, generator(1)), generator(1))[0, 0] == 0
    assert np.ptp(picture("grey", write(3, generator(1)), generator(1)).astype(int)) <= 110
    assert picture("coloured", write(3, generator(1)), generator(1)).shape == (280, 280, 3)


def test_letters_that_are_digits_are_not_among_the_letters() -> None:
    letters = set(second.LETTERS)
    assert not letters & set("OIlSZBbgqosz")
    assert letters | set("OIlSZBbgqosz") == set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
