"""What must not matter of any figure: where it is, its polarity, its size, and a second passing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from glassnet.data import drawing

Array = np.ndarray[Any, Any]
LARGE = 4  # times: drawn large and reduced, so that edges are soft

PLACES = st.tuples(st.integers(15, 125), st.integers(15, 125))
FIGURES = st.lists(PLACES, min_size=2, max_size=5, unique=True).filter(
    lambda points: np.ptp(np.array(points), axis=0).max() >= 40
)


def inked(points: list[tuple[int, int]], pen: int) -> Array:
    """A line through points, (140, 140), 255 is full ink."""
    image = Image.new("L", (140 * LARGE, 140 * LARGE))
    large = [(LARGE * x, LARGE * y) for x, y in points]
    ImageDraw.Draw(image).line(large, fill=255, width=LARGE * pen, joint="curve")
    return np.asarray(image.resize((140, 140), Image.Resampling.BOX))


def away(one: Array, other: Array) -> float:
    """The mean difference, of 255, where there is ink in one of them; of the best of shifts by a pixel."""
    shifted = [np.roll(other, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    ink = max(1, np.count_nonzero(one))
    return min(float(np.abs(one.astype(int) - image).sum()) for image in shifted) / ink


@given(FIGURES, st.integers(6, 14), st.integers(0, 60), st.integers(0, 60))
def test_normalize_does_not_see_where_a_figure_is(points: Any, pen: int, down: int, right: int) -> None:
    ink = inked(points, pen)
    moved = np.zeros((200, 200), np.uint8)
    moved[down : down + 140, right : right + 140] = ink
    np.testing.assert_array_equal(drawing.normalize(moved), drawing.normalize(ink))


@given(FIGURES, st.integers(6, 14))
def test_normalize_keeps_what_it_made(points: Any, pen: int) -> None:
    once = drawing.normalize(inked(points, pen))
    assert away(once, drawing.normalize(once)) < 40


@given(FIGURES, st.integers(10, 14), st.integers(2, 5))
def test_normalize_does_not_see_how_large_a_figure_is(points: Any, pen: int, times: int) -> None:
    ink = inked(points, pen)
    larger = np.kron(ink, np.ones((times, times), np.uint8))
    assert away(drawing.normalize(ink), drawing.normalize(larger)) < 25


@given(FIGURES.filter(lambda points: np.ptp(np.array(points), axis=0).min() >= 20), st.integers(6, 9))
def test_normalize_broadens_hairlines_by_whole_pixels_of_any_size(points: Any, pen: int) -> None:
    ink = inked(points, pen)
    larger = np.kron(ink, np.ones((3, 3), np.uint8))
    assert away(drawing.normalize(ink), drawing.normalize(larger)) < 128


@given(FIGURES, st.integers(6, 14))
def test_find_does_not_see_which_of_two_is_the_ink(points: Any, pen: int) -> None:
    ink = inked(points, pen)
    (dark,), (light,) = drawing.find(255 - ink), drawing.find(ink)
    assert dark.box == pytest.approx(light.box, abs=1)
    assert away(dark.image, light.image) < 25


def test_a_texture_of_thousands_of_marks_is_refused_and_soon() -> None:
    picture = np.full((1000, 1000), 255, np.uint8)
    for y in range(4, 12):
        for x in range(4, 12):
            picture[y::16, x::16] = 0
    with pytest.raises(ValueError, match="expected at most 400 digits in a picture, got 3,844 marks"):
        drawing.find(picture)
    few = np.full((1000, 1000), 255, np.uint8)
    for y in range(20, 60):
        few[y::80, 30::80] = few[y::80, 31::80] = few[y::80, 32::80] = 0
    assert len(drawing.find(few)) == 13 * 13
    assert len(drawing.find(picture, several=False)) == 1
