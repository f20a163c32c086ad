"""Distorted images: what stays, what changes, and by whose random numbers."""

from itertools import pairwise

import numpy as np
import pytest

from glassnet.data import load, strokes
from glassnet.data.augment import Augment

STILL = Augment(**{name: 4.0 if name == "smoothness" else 0.0 for name in Augment().config()})


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return np.asarray(load("mnist-sample", validation=0).train.images)[:300]


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def only(**amounts: float) -> Augment:
    return Augment(**{**STILL.config(), **amounts})


def test_augment_keeps_shape_and_dtype_and_leaves_the_originals(digits: np.ndarray) -> None:
    before = digits.copy()
    distorted = Augment()(digits, generator())
    assert distorted.shape == digits.shape
    assert distorted.dtype == np.uint8
    assert not np.shares_memory(distorted, digits)
    assert (digits == before).all()


def test_augment_is_decided_by_the_generator_alone(digits: np.ndarray) -> None:
    one, same, other = (Augment()(digits, generator(seed)) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any(axis=(1, 2)).mean() > 0.99


def test_no_amounts_change_not_one_bit(digits: np.ndarray) -> None:
    assert (STILL(digits, generator()) == digits).all()


def test_plain_leaves_so_many_as_they_are(digits: np.ndarray) -> None:
    assert (Augment(plain=1.0)(digits, generator()) == digits).all()
    half = (Augment(plain=0.5)(digits, generator()) == digits).all(axis=(1, 2)).mean()
    assert half == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    "shape", [(0, 28, 28), (1, 28, 28), (37, 28, 28), (5, 32, 20), (3, 7, 9), (2, 60, 60)]
)
def test_augment_takes_any_number_and_size(shape: tuple[int, ...]) -> None:
    images = generator().integers(0, 256, shape).astype(np.uint8)
    assert Augment()(images, generator()).shape == shape
    assert (STILL(images, generator()) == images).all()


def test_images_are_distorted_one_by_one_whatever_is_beside_them(digits: np.ndarray) -> None:
    turned = only(rotation=20.0)
    both = turned(digits[:40], generator(3))
    with_others = turned(np.concatenate([digits[:40]]), generator(3))
    assert (both == with_others).all()


@pytest.mark.parametrize("amounts", [{"rotation": 25.0}, {"shear": 0.3}, {"elastic": 1.0}, {"shift": 2.0}])
def test_moves_keep_the_ink(amounts: dict[str, float], digits: np.ndarray) -> None:
    moved = only(**amounts)(digits, generator())
    ratio = moved.sum(axis=(1, 2), dtype=float) / digits.sum(axis=(1, 2), dtype=float)
    assert abs(ratio.mean() - 1) < 0.03
    assert ratio.min() > 0.6
    assert (moved != digits).any(axis=(1, 2)).all()


def test_scale_changes_the_ink_by_its_square(digits: np.ndarray) -> None:
    scaled = only(scale=0.2)(digits, generator())
    ratio = scaled.sum(axis=(1, 2), dtype=float) / digits.sum(axis=(1, 2), dtype=float)
    assert 0.8**2 - 0.05 < ratio.min() < 0.75
    assert 1.3 < ratio.max() < 1.2**2 + 0.05


def test_a_quarter_pixel_is_sampled_to_the_nearest_grey() -> None:
    images = np.zeros((1, 6, 6), np.uint8)
    images[0, 2, 3] = 200
    y, x = np.indices((6, 6)).reshape(2, 1, -1).astype(np.float32)
    from glassnet.data.augment import SUB, sample

    places = (y + 0.25 + strokes.FRAME) * SUB, (x + 0.5 + strokes.FRAME) * SUB
    read = sample(strokes.framed(images), *places).reshape(6, 6)
    expected = np.zeros((6, 6))
    expected[2, 2:4], expected[1, 2:4] = 200 * 0.75 * 0.5, 200 * 0.25 * 0.5
    assert (read == np.rint(expected)).all()


def test_thicker_adds_and_thinner_takes_ink(digits: np.ndarray) -> None:
    n = len(digits)
    framed = strokes.framed(digits)
    masses = [
        strokes.redraw(framed, np.full(n, amount), np.ones(n), np.zeros(n)).sum(axis=(1, 2), dtype=float)
        for amount in (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
    ]
    assert all((less <= more).all() for less, more in pairwise(masses))
    assert (masses[0] > 0.25 * masses[2]).all()  # hairlines, but none vanishes


def test_dilation_and_erosion_are_the_extremes_of_five_pixels() -> None:
    images = strokes.framed(generator().integers(0, 256, (3, 9, 8)).astype(np.uint8))
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    five = [
        padded[:, 1:-1, 1:-1],
        padded[:, :-2, 1:-1],
        padded[:, 2:, 1:-1],
        padded[:, 1:-1, :-2],
        padded[:, 1:-1, 2:],
    ]
    inner = np.s_[:, 1:-1, 1:-1]
    assert (strokes.dilate(images)[inner] == np.max(five, axis=0)[inner]).all()
    assert (strokes.erode(images)[inner] == np.min(five, axis=0)[inner]).all()


def test_faint_ink_is_a_factor(digits: np.ndarray) -> None:
    n = len(digits)
    faint = strokes.redraw(strokes.framed(digits), np.zeros(n), np.full(n, 0.5), np.zeros(n))
    assert np.abs(faint.astype(int) - strokes.framed(digits) // 2).max() <= 1


def test_the_softened_ink_is_about_as_much(digits: np.ndarray) -> None:
    n = len(digits)
    soft = strokes.redraw(strokes.framed(digits), np.zeros(n), np.ones(n), np.ones(n))
    ratio = soft.sum(dtype=float) / digits.sum(dtype=float)
    assert abs(ratio - 1) < 0.01


def test_the_elastic_field_is_as_large_as_told() -> None:
    rows = np.zeros((400, 28, 28), np.uint8)
    moves = only(elastic=0.8)._moves(np.ones(len(rows), bool), 28, 28, generator())
    from glassnet.data.augment import SUB, _basis

    still = STILL._moves(np.ones(len(rows), bool), 28, 28, generator())
    field = (moves - still) @ _basis(28, 28, 4.0) / SUB
    assert abs(np.sqrt(np.square(field).mean()) / 0.8 - 1) < 0.1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shift", -1),
        ("thicker", 2.5),
        ("faint", 1.1),
        ("rotation", float("nan")),
        ("elastic", "much"),
        ("blur", True),
    ],
)
def test_amounts_out_of_range_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"augment {name}: expected a number"):
        Augment(**{name: value})  # type: ignore[arg-type]


def test_augment_refuses_other_arrays() -> None:
    with pytest.raises(ValueError, match=r"expected images \(n, H, W\) of uint8, got \(2, 784\) of float64"):
        Augment()(np.zeros((2, 784)), generator())


def test_config_makes_the_same_augment() -> None:
    assert Augment(**Augment(shift=3.0).config()) == Augment(shift=3.0)
