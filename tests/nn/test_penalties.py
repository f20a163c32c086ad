"""Penalties and limits on weights and gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassnet.nn.gradcheck import slope
from glassnet.nn.penalties import add_penalty_gradient, clip_norm, limit_norms, penalty

VECTORS = hnp.arrays("float64", st.integers(1, 8), elements=st.floats(-1e3, 1e3))


def test_penalty_by_hand() -> None:
    w = np.array([1.0, -2.0, 0.0])
    assert penalty(w, 0, 0) == 0
    assert penalty(w, 0.1, 0) == pytest.approx(0.3)
    assert penalty(w, 0, 0.1) == pytest.approx(0.25)
    assert penalty(w, 0.1, 0.1) == pytest.approx(0.55)
    assert penalty(np.empty(0), 0.1, 0.1) == 0


@pytest.mark.parametrize("l1", [0, 0.3])
@pytest.mark.parametrize("l2", [0, 0.7])
def test_the_gradient_is_the_penaltys_and_is_added(l1: float, l2: float) -> None:
    w, g = np.random.default_rng(0).normal(size=(2, 9))
    slopes = [slope(lambda t, e=e: penalty(w + t * e, l1, l2)).value for e in np.eye(9)]
    expected = g + slopes
    weights = w.copy()
    add_penalty_gradient(g, w, l1, l2, np.full(9, np.nan))
    np.testing.assert_allclose(g, expected, atol=1e-9)
    np.testing.assert_array_equal(w, weights)


def test_a_weight_of_zero_stays_where_it_is() -> None:
    g = np.zeros(2)
    add_penalty_gradient(g, np.zeros(2), 1.0, 1.0, np.empty(2))
    np.testing.assert_array_equal(g, 0)


@given(g=VECTORS, limit=st.floats(0.01, 1e4))
def test_clipping_shortens_and_keeps_the_direction(g: np.ndarray, limit: float) -> None:
    before = g.copy()
    norm = clip_norm(g, limit)
    assert norm == pytest.approx(np.linalg.norm(before))
    if norm <= limit:
        np.testing.assert_array_equal(g, before)
    else:
        assert np.linalg.norm(g) == pytest.approx(limit)
        np.testing.assert_allclose(g * norm, before * limit, rtol=1e-12, atol=1e-12)


@given(
    w=hnp.arrays("float64", hnp.array_shapes(min_dims=2, max_dims=2), elements=st.floats(-9, 9)),
    limit=st.floats(0.1, 10),
)
def test_each_units_incoming_weights_are_limited(w: np.ndarray, limit: float) -> None:
    before = w.copy()
    limit_norms(w, limit)
    for unit, (column, old) in enumerate(zip(w.T, before.T)):
        norm = np.linalg.norm(old)
        if norm <= limit:
            np.testing.assert_allclose(column, old, rtol=1e-12, err_msg=f"unit {unit}")
        else:
            assert np.linalg.norm(column) == pytest.approx(limit)
            np.testing.assert_allclose(column * norm, old * limit, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("dtype", "large"), [("float32", 1e20), ("float32", 3e38), ("float64", 1e200)])
def test_squares_that_overflow_leave_the_direction(dtype: str, large: float) -> None:
    g = np.array([large, -large, large, large], dtype)
    assert clip_norm(g, 1.0) == pytest.approx(2 * large)
    np.testing.assert_allclose(g, [0.5, -0.5, 0.5, 0.5], rtol=1e-5)

    g = np.full(4, large, dtype)
    assert clip_norm(g, 3 * large) == pytest.approx(2 * large)
    np.testing.assert_array_equal(g, np.full(4, large, dtype))

    w = np.array([[large, 3.0, 0.1], [-large, 4.0, 0.2]], dtype)
    limit_norms(w, 1.0)
    np.testing.assert_allclose(w, [[0.5**0.5, 0.6, 0.1], [-(0.5**0.5), 0.8, 0.2]], rtol=1e-5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_to_be_seen(bad: float) -> None:
    g = np.array([3.0, bad, 1e300])
    before = g.copy()
    assert not np.isfinite(clip_norm(g, 1.0))
    np.testing.assert_array_equal(g, before)
    w = np.array([[bad, 3.0, 0.1], [5.0, 4.0, 0.2]])
    limit_norms(w, 1.0)
    np.testing.assert_allclose(w, [[bad, 0.6, 0.1], [5.0, 0.8, 0.2]])


def test_weights_within_the_limit_are_left_to_the_bit() -> None:
    w = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    before = w.copy()
    limit_norms(w, 100.0)
    np.testing.assert_array_equal(w, before)
    w.flags.writeable = False
    limit_norms(w, 100.0)
