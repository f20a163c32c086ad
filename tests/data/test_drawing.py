"""Drawings that are clean: found, told apart, and made as MNIST would have."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.photographed import written
from glassnet.data import drawing

Array = np.ndarray[Any, Any]


def pad(*digits: tuple[int, float, float, float], thick: float = 14, lean: float = 0) -> Array:
    """A pad of 280×280, black on white."""
    return np.uint8(255) - np.rint(255 * written((280, 280), digits, thick, lean)).astype(np.uint8)


def numbers(drawn: list[drawing.Drawn]) -> list[tuple[int, ...]]:
    return [one.box for one in drawn]


def test_each_stage_is_kept() -> None:
    picture = pad((7, 90, 60, 150))
    (one,) = drawing.find(picture)
    stages = one.stages
    np.testing.assert_array_equal(stages.grey, picture)
    assert np.abs(stages.ink.astype(int) - (255 - picture)).max() <= 3
    x0, y0, x1, y1 = one.box
    assert (x0, y0, x1, y1) == pytest.approx((87, 53, 183, 217), abs=4)
    assert stages.cropped.shape == (y1 - y0, x1 - x0)
    assert max(stages.scaled.shape) == 20
    assert stages.scaled.shape[1] == round(20 * (x1 - x0) / (y1 - y0))
    assert stages.image.shape == (28, 28)
    assert one.image is stages.image
    assert {array.dtype for array in vars(stages).values()} == {np.dtype(np.uint8)}


@pytest.mark.parametrize("digit", [1, 2, 4, 5, 7, 8])
def test_the_middle_of_mass_is_the_middle_of_the_image(digit: int) -> None:
    image = drawing.find(pad((digit, 20, 90, 120)))[0].image.astype(float)
    rows, columns = image.sum(axis=1), image.sum(axis=0)
    middle = rows @ np.arange(28) / rows.sum(), columns @ np.arange(28) / columns.sum()
    assert middle == pytest.approx((14, 14), abs=0.51)  # as in MNIST


def test_where_it_is_how_large_and_how_dark_does_not_matter() -> None:
    wanted = drawing.find(pad((2, 90, 60, 150)))[0].image.astype(int)
    faint = np.uint8(255) - (255 - pad((2, 20, 10, 150))) // 2
    for other in (pad((2, 20, 100, 75), thick=7), faint, 255 - pad((2, 90, 110, 150))):
        assert np.abs(drawing.find(other)[0].image - wanted).mean() < 5


@pytest.mark.parametrize("colours", [((255, 255, 0), (230, 30, 30)), ((200, 80, 70), (60, 130, 60))])
def test_coloured_ink_on_coloured_paper(colours: Any) -> None:
    ink = written((280, 280), [(5, 90, 60, 150)], 14)[..., None]
    paper, pen = (np.asarray(colour, np.float32) for colour in colours)
    picture = np.rint(paper + (pen - paper) * ink).astype(np.uint8)
    wanted = drawing.find(pad((5, 90, 60, 150)))[0].image.astype(int)
    assert np.abs(drawing.find(picture)[0].image - wanted).mean() < 3


def test_a_hairline_is_drawn_over_as_broad_as_the_finest_of_mnist() -> None:
    image = drawing.find(pad((7, 20, 20, 240), thick=2))[0].image
    assert image.max() > 200
    assert 1.2 < (image > 100).sum(axis=1)[8:20].mean() < 3.5


def test_digits_in_a_row_come_from_left_to_right() -> None:
    found = drawing.find(pad((4, 20, 90, 100), (2, 190, 80, 100), (1, 100, 70, 110)))
    lefts = [one.box[0] for one in found]
    assert len(found) == 3
    assert lefts == sorted(lefts)
    assert len(drawing.find(pad((4, 20, 90, 100), (2, 190, 80, 100)), several=False)) == 1


def test_lines_of_digits_come_one_after_the_other() -> None:
    found = drawing.find(pad((7, 30, 20, 90), (2, 160, 30, 90), (1, 60, 160, 90), (4, 180, 150, 90)))
    assert [(one.box[0] > 120, one.box[1] > 130) for one in found] == [
        (False, False), (True, False), (False, True), (True, True)
    ]  # fmt: skip


def test_slanted_neighbours_stay_apart() -> None:
    found = drawing.find(pad((1, 10, 90, 120), (1, 45, 95, 120), (7, 90, 90, 120), lean=0.5, thick=10))
    assert len(found) == 3


def test_the_strokes_of_a_digit_stay_together() -> None:
    five = pad((5, 90, 60, 150))
    _, y0, _, y1 = drawing.find(five)[0].box
    bar_apart = five.copy()
    bar_apart[y0 + 16 : y0 + 24] = 255
    broken = five.copy()
    broken[150:158] = 255
    aside = np.roll(five[: y0 + 16], 30, axis=1)
    for picture in (bar_apart, broken, np.concatenate([aside, bar_apart[y0 + 16 :]])):
        (one,) = drawing.find(picture)
        assert one.box[1::2] == (y0, y1)


def test_specks_are_no_digits() -> None:
    picture = pad((4, 90, 60, 150))
    picture[20:25, 30:35] = picture[250, 100:110] = picture[100, 240] = 0
    assert numbers(drawing.find(picture)) == numbers(drawing.find(pad((4, 90, 60, 150))))
    only = np.full((280, 280), 255, np.uint8)
    only[20:25, 30:35] = 0
    assert numbers(drawing.find(only)) == [(30, 20, 35, 25)]


def test_a_digit_may_run_into_the_edge() -> None:
    for picture in (pad((7, 90, -4, 150)), pad((1, 90, 200, 150)), pad((4, -5, 60, 150))):
        (one,) = drawing.find(picture)
        assert 0 in one.box[:2] or 280 in one.box[2:]


def test_nothing_drawn_is_nothing_found() -> None:
    for level in (0, 128, 255):
        assert drawing.find(np.full((50, 70), level, np.uint8)) == []
    slope = np.linspace(90, 250, 300)[:, None] * np.linspace(0.6, 1, 400)
    assert drawing.find(slope.astype(np.uint8)) == []


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([2, 3]), st.integers(0, 1000))
def test_any_picture_gives_images_or_nothing(height: int, width: int, axes: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    shape = (height, width) if axes == 2 else (height, width, 3)
    most = int(generator.integers(1, 256))
    for picture in (generator.integers(0, most, shape), generator.integers(0, 2, shape) * most):
        for one in drawing.find(picture.astype(np.uint8)):
            assert one.image.shape == (28, 28)
            assert one.image.any()
            x0, y0, x1, y1 = one.box
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height


def test_long_and_narrow_pictures() -> None:
    strip = np.full((30, 5000), 255, np.uint8)
    strip[5:25, 2000:2008] = 0
    for picture in (strip, strip.T):
        (one,) = drawing.find(np.ascontiguousarray(picture))
        assert one.image.any()


@pytest.mark.parametrize(
    "picture",
    [np.zeros((5, 5)), np.zeros((5, 5, 4), np.uint8), np.zeros(5, np.uint8), np.zeros((0, 5), np.uint8)],
)
def test_arrays_that_are_no_pictures_are_refused(picture: Array) -> None:
    with pytest.raises(ValueError, match="expected a picture"):
        drawing.find(picture)


def test_normalize_alone() -> None:
    assert not drawing.normalize(np.zeros((40, 30), np.uint8)).any()
    square = np.zeros((90, 90), np.uint8)
    square[10:50, 20:60] = 255
    expected = np.zeros((28, 28), np.uint8)
    expected[4:24, 4:24] = 255
    np.testing.assert_array_equal(drawing.normalize(square), expected)
