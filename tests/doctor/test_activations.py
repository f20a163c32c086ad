"""The doctor's activations: derivatives against differences, and mistakes that are mistakes."""

import numpy as np
import pytest

from glassnet.doctor.activations import IDENTITY, KNOWN, RELU, SIGMOID, TANH, sigmoid, softmax
from glassnet.nn.gradcheck import slope

Z = np.array([-3.1, -1.2, -0.4, 0.3, 0.9, 2.5])
EACH = pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.name)


@EACH
def test_the_derivative_is_the_slope(one):
    found = [
        slope(lambda t, z=z: float(one.f(np.array([z + t]))[0]), step=1e-3, precision=2.3e-16)[0] for z in Z
    ]
    np.testing.assert_allclose(one.derivative(Z), found, rtol=1e-7, atol=1e-9)


@EACH
def test_the_derivative_by_the_output_is_the_same_number(one):
    by_output = one.by_output or (lambda y: one.derivative(Z))
    np.testing.assert_allclose(by_output(one.f(Z)), one.derivative(Z), rtol=1e-12)


@EACH
def test_parts_of_a_derivative_are_not_the_whole(one):
    whole = one.derivative(Z)
    assert not [part for part, slope in one.parts if np.allclose(slope(Z, one.f(Z)), whole)]


def test_names_are_unique():
    assert len({one.name for one in KNOWN}) == len(KNOWN)


def test_arguments_mixed_up_give_the_formula_of_the_other_array():
    y = SIGMOID.f(Z)
    (_, by_z), (_, by_y) = SIGMOID.misused()
    np.testing.assert_allclose(by_z(Z, y), sigmoid(y) * (1 - sigmoid(y)))
    np.testing.assert_allclose(by_y(Z, y), Z * (1 - Z))


def test_terms_of_gelu_add_up():
    for one in KNOWN:
        if one.name.startswith("GELU"):
            first, second = (slope(Z, one.f(Z)) for _, slope in one.parts[:2])
            np.testing.assert_allclose(first + second, one.derivative(Z), rtol=1e-12)


def test_a_mask_of_relu_is_the_same_of_z_and_of_y():
    """Nothing to find there: the doctor must not call it a mistake."""
    assert all(np.array_equal(slope(Z, RELU.f(Z)), RELU.derivative(Z)) for _, slope in RELU.misused())


def test_large_numbers_do_not_overflow():
    far = np.array([-800.0, 800.0])
    np.testing.assert_array_equal(sigmoid(far), [0, 1])
    np.testing.assert_array_equal(TANH.derivative(far), [0, 0])
    np.testing.assert_allclose(softmax(far[None] + 1e4), [[0, 1]])
    np.testing.assert_array_equal(IDENTITY.f(far), far)
