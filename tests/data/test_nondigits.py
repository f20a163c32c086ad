"""Pictures that are no digits: what every kind of them must be."""

import numpy as np
import pytest

from glassnet.data import broken, figures, load, pen
from glassnet.data.nondigits import KINDS, NonDigits, pictures

FAST = ("turned", "texture")


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return np.asarray(load("mnist-sample", validation=0).train.images)


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_gives_varied_pictures_none_a_digit(kind: str, digits: np.ndarray) -> None:
    made = pictures(kind, 40)
    assert made.shape == (40, 28, 28)
    assert made.dtype == np.uint8
    assert len({picture.tobytes() for picture in made}) > 30
    assert made.max(axis=(1, 2)).min() > 100  # none is blank
    assert not {picture.tobytes() for picture in made} & {digit.tobytes() for digit in digits}
    assert (made == pictures(kind, 40)).all()
    assert (made != pictures(kind, 40, seed=1)).any()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "texture"])
def test_signs_lie_as_mnist_lays_digits(kind: str) -> None:
    made = pictures(kind, 30).astype(float)
    middle = np.arange(28) @ made.sum(axis=2).T / made.sum(axis=(1, 2))
    assert np.abs(middle - 13.5).max() < 2.0
    tall, wide = broken.extent(made.astype(np.uint8))
    assert np.maximum(tall, wide).max() <= 24
    assert np.median(np.maximum(tall, wide)) >= 17


def test_no_kind_is_one_that_the_drawings_are_tested_with() -> None:
    tested = {
        "blank",
        "dot",
        "dots",
        "line",
        "lines",
        "scribble",
        "scribbles",
        "letter",
        "letters",
        "overlaid",
    }
    assert not tested & set(KINDS)


def test_a_digit_is_only_changed_where_it_becomes_none() -> None:
    for changes in (broken.TURNS, broken.HALVES, broken.SWAPS):
        for _, names in changes:
            assert set(names) <= set("0123456789")
            assert "1" not in names
    upside_down = broken.TURNS[2][1]
    assert not set("0689") & set(upside_down)


def test_nondigits_are_decided_by_the_generator_alone() -> None:
    maker, images = NonDigits(FAST), np.zeros((25, 28, 28), np.uint8)
    one, same, other = (maker(images, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.shape == (25, 28, 28)
    assert one.dtype == np.uint8
    assert (one == same).all()
    assert (one != other).any()
    assert maker(images[:0], np.random.default_rng(0)).shape == (0, 28, 28)


def test_what_is_done_to_the_pictures_does_not_reach_the_bank() -> None:
    maker, images = NonDigits(FAST), np.zeros((25, 28, 28), np.uint8)
    maker(images, np.random.default_rng(1))[...] = 0
    assert maker(images, np.random.default_rng(1)).any()


def test_nondigits_refuse_unknown_kinds_and_other_sizes() -> None:
    with pytest.raises(ValueError, match=r"expected kinds among turned.*got 'letters'"):
        NonDigits(("letters",))
    with pytest.raises(ValueError, match="expected at least one kind, got none"):
        NonDigits(())
    with pytest.raises(ValueError, match=r"expected images \(n, 28, 28\), got \(3, 32, 32\)"):
        NonDigits(FAST)(np.zeros((3, 32, 32), np.uint8), np.random.default_rng(0))


def test_config_makes_the_same_nondigits() -> None:
    assert NonDigits(**NonDigits(FAST).config()) == NonDigits(FAST)


def test_the_pen_draws_a_bar_of_its_width() -> None:
    bar = pen.draw([[np.array([[0.0, 0.0], [0.0, 1.0]])]], np.array([1.5]))[0]
    assert bar[14].sum() / 255 == pytest.approx(3, abs=0.1)
    assert abs(bar.sum() / 255 - (17 * 3 + np.pi * 1.5**2)) < 3


def test_every_sign_can_be_drawn() -> None:
    for table in (figures.SHAPES, figures.THINGS, figures.MARKS, figures.WRITING, figures.CHARACTERS):
        drawn = pen.draw(list(table.values()), np.ones(len(table)))
        assert (drawn.max(axis=(1, 2)) > 200).all()
        assert len(np.unique(drawn.reshape(len(drawn), -1), axis=0)) == len(table)
