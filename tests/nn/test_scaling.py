"""Scaling: raw inputs of any dtype to what the first layer wants."""

import json

import numpy as np
import pytest

from glassnet.nn import Dense, Network, Scaling
from glassnet.nn.scaling import PIXELS
from nn.table import refused


@pytest.mark.parametrize("raw", ["bool", "uint8", "int16", "int64", "float16", "float32", "float64"])
@pytest.mark.parametrize("out", ["float32", "float64"])
@pytest.mark.parametrize("shift", [0.0, 0.5, [0.0, 2.0, 3.0]])
@pytest.mark.parametrize("scale", [1.0, 1 / 255, [1.0, 0.5, 0.25]])
def test_the_formula_for_every_dtype(raw: str, out: str, shift: float, scale: float) -> None:
    x = np.array([[0, 1, 100], [255, 7, 3]], "uint8").astype(raw)
    found = np.full((2, 3), np.nan, out)
    Scaling(shift, scale)(x, found)
    expected = (x.astype(out) - np.asarray(shift)) * np.asarray(scale)
    np.testing.assert_allclose(found, expected, rtol=1e-6 if out == "float32" else 1e-15)


def test_a_network_scales_whatever_it_is_given() -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 4), dtype=np.uint8)
    plain, scaled = (Network([Dense(3)], 4, scaling=scaling) for scaling in (None, PIXELS))
    np.testing.assert_array_equal(scaled.outputs(images), plain.outputs(images * np.float32(1 / 255)))
    np.testing.assert_array_equal(scaled.forward(images), scaled.outputs(images))
    assert "x / 255" in scaled.summary()


@pytest.mark.parametrize("scaling", [PIXELS, Scaling(3.0), Scaling([1.0, 0.1], [2.0, 3.0])])
def test_as_data(scaling: Scaling) -> None:
    again = Scaling(**json.loads(json.dumps(scaling.config())))
    assert again == scaling
    assert again != Scaling(7.0)


@pytest.mark.parametrize(
    ("scaling", "words"),
    [
        (Scaling(), "x · 1"),
        (PIXELS, "x / 255"),
        (Scaling(127.5, 1 / 127.5), "(x − 127.5) / 127.5"),
        (Scaling(0.5, 2), "(x − 0.5) · 2"),
        (Scaling([0, 1], 1), "each feature shifted and scaled"),
    ],
)
def test_in_words(scaling: Scaling, words: str) -> None:
    assert repr(scaling) == words


def test_a_scaling_must_fit_the_inputs() -> None:
    for scaling in (Scaling([0, 1, 2]), Scaling(scale=[[1, 2]])):
        with refused("Network: expected a scaling of one number or"):
            Network([Dense(2)], 2, scaling=scaling)


@pytest.mark.parametrize("shift", [np.nan, np.inf, [0, np.nan]])
def test_numbers_must_be_finite(shift: float) -> None:
    for arguments in ((shift, 1.0), (0.0, shift)):
        with refused("scaling: expected a finite shift and scale, got NaN or infinity"):
            Scaling(*arguments)
