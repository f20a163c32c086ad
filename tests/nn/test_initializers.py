"""First values: their variance, their bounds, and the names that stand for them."""

import math

import numpy as np
import pytest

from glassnet.nn import Dense, Network, initializers
from nn.table import refused

FAN_IN, FAN_OUT = 300, 200
# The variance and, for uniform values, the bound that the papers give for these fans.
EXPECTED = {
    "he_normal": (2 / 300, None),
    "he_uniform": (2 / 300, math.sqrt(6 / 300)),
    "glorot_normal": (2 / 500, None),
    "glorot_uniform": (2 / 500, math.sqrt(6 / 500)),
    "lecun_normal": (1 / 300, None),
    "lecun_uniform": (1 / 300, math.sqrt(3 / 300)),
    "uniform": (1 / 12, 0.5),
}
FIXED = {"zeros": 0.0, "ones": 1.0, "constant(0.25)": 0.25, " constant ( -3e-1 ) ": -0.3}


def draw(spec: str, seed: int = 0) -> np.ndarray:
    return initializers.draw(spec, np.random.default_rng(seed), (FAN_IN, FAN_OUT), FAN_IN, FAN_OUT)


def test_every_initializer_is_tested() -> None:
    assert {*EXPECTED, "zeros", "ones", "constant"} == set(initializers.NAMES)


@pytest.mark.parametrize("spec", EXPECTED)
def test_mean_variance_and_bounds(spec: str) -> None:
    values, (variance, bound) = draw(spec), EXPECTED[spec]
    deviation = math.sqrt(variance)
    assert abs(values.mean()) < 4 * deviation / math.sqrt(values.size)
    assert values.var() == pytest.approx(variance, rel=0.03)
    if bound is None:
        assert np.abs(values).max() > 3.5 * deviation  # normal values have tails
    else:
        assert 0.999 * bound < np.abs(values).max() <= bound


def test_uniform_between_two_numbers() -> None:
    values = draw("uniform(-0.25, 0.75)")
    assert -0.25 <= values.min() < -0.249
    assert 0.749 < values.max() < 0.75
    np.testing.assert_array_equal(draw("uniform(-0.5, 0.5)"), draw("uniform"))


@pytest.mark.parametrize("spec", FIXED)
def test_fixed_values_draw_nothing(spec: str) -> None:
    generator = np.random.default_rng(0)
    values = initializers.draw(spec, generator, (2, 3), 2, 3)
    np.testing.assert_array_equal(values, np.full((2, 3), FIXED[spec]))
    assert generator.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("spec", EXPECTED)
def test_a_network_draws_by_its_seed_the_same_in_both_dtypes(spec: str) -> None:
    def weights(dtype: str, seed: int) -> np.ndarray:
        layers = [Dense(7, initializer=spec), Dense(3, initializer=spec)]
        return Network(layers, 5, seed=seed, dtype=dtype).parameters.vector

    single, double = weights("float32", 1), weights("float64", 1)
    np.testing.assert_array_equal(single, double.astype("float32"))
    np.testing.assert_array_equal(double, weights("float64", 1))
    assert (double != weights("float64", 2)).any()
    assert len(np.unique(double)) == 5 * 7 + 7 * 3 + 1  # no value drawn twice; all biases are 0


def test_a_dense_layer_takes_its_own_fans() -> None:
    network = Network([Dense(400), Dense(10)], 100)
    assert network.parameters["1.W"].std() == pytest.approx(math.sqrt(2 / 100), rel=0.03)
    assert network.parameters["2.W"].std() == pytest.approx(math.sqrt(2 / 400), rel=0.03)
    network = Network([Dense(400, initializer="glorot_uniform")], 100)
    assert network.parameters["1.W"].std() == pytest.approx(math.sqrt(2 / 500), rel=0.03)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("he_norml", "unknown initializer 'he_norml'; did you mean 'he_normal'"),
        ("", "unknown initializer ''"),
        ("uniform(1, 2", "unknown initializer 'uniform(1, 2'"),
        ("uniform(1)", "initializer uniform: expected 2 numbers in brackets, got 1"),
        ("uniform(1, 0)", "expected finite numbers, the lower before the upper"),
        ("uniform(0, inf)", "expected finite numbers"),
        ("uniform(0, x)", "expected numbers in the brackets, got '0, x'"),
        ("constant", "initializer constant: expected 1 numbers in brackets, got 0"),
        ("constant(nan)", "expected finite numbers"),
        ("zeros(1)", "initializer zeros: expected 0 numbers in brackets, got 1"),
        ("he_normal(2)", "initializer he_normal: expected 0 numbers in brackets, got 1"),
    ],
)
def test_names_that_mean_nothing(spec: str, message: str) -> None:
    for use in (initializers.parse, lambda spec: Dense(3, initializer=spec)):
        with refused(message):
            use(spec)
