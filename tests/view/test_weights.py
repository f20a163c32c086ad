"""Weights as bytes, and the scale of their colours."""

import numpy as np
import pytest

from glassnet.view.weights import Scale, quantise

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(3, 2), (784, 128), (300, 401)])
def test_bytes_are_the_weights_to_half_a_step(shape: tuple[int, int], dtype: str) -> None:
    W = np.random.default_rng(0).uniform(-0.5, 0.5, shape).astype(dtype)
    q, limit = quantise(W, 0.5)
    assert (q.dtype, q.shape, limit) == (np.uint8, shape, 0.5)
    assert np.abs((q.astype(float) - 128) / 127 * limit - W).max() <= 0.5 / 127 * limit * 1.001


def test_zero_is_128_and_what_is_beyond_the_limit_has_full_colour() -> None:
    W = np.array([[0.0, -0.0, 1.0, -1.0, 5.0, -5.0, 1e30, -1e30]], np.float32)
    assert quantise(W, 1.0)[0].tolist() == [[128, 128, 255, 1, 255, 1, 255, 1]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_not_finite_is_drawn_as_nothing(dtype: str) -> None:
    W = np.array([[NAN, INF, -INF, 0.25, -0.5]], dtype)
    q, limit = quantise(W)
    assert limit == 0.5
    assert q.tolist() == [[128, 128, 128, 192, 1]]
    assert quantise(np.full((2, 2), NAN, np.float32))[0].tolist() == [[128, 128], [128, 128]]


def test_bytes_are_written_where_one_asks_for_them() -> None:
    out = np.empty((20, 30), np.uint8)
    W = np.random.default_rng(1).normal(size=(20, 30)).astype(np.float32)
    q, _ = quantise(W, 2.0, out)
    assert q is out
    assert (out == quantise(W, 2.0)[0]).all()


@pytest.mark.parametrize("size", [1e-45, 1e-30, 1e-3, 1.0, 3e38])
def test_any_size_of_weights_has_a_scale(size: float) -> None:
    W = np.array([[size, -size, 0.0, 0.5 * size]], np.float32)
    q, limit = quantise(W)
    assert np.isfinite(limit)
    assert limit > 0
    assert q[0, 2] == 128


def test_a_limit_is_round_and_at_most_two_in_a_hundred_weights_are_beyond() -> None:
    random = np.random.default_rng(2)
    for spread in (0.003, 0.05, 0.11, 1.0, 7.7, 5000.0):
        W = random.normal(0, spread, (784, 128)).astype(np.float32)
        limit = Scale().fit(W)
        digits = float(f"{limit:e}".partition("e")[0])
        assert digits in (1, 1.5, 2, 3, 5, 7)
        assert (np.abs(W) > limit).mean() <= 0.025
        assert limit <= 2 * np.quantile(np.abs(W), 0.98)


def test_every_unit_counts_for_the_limit() -> None:
    """Looking at each 24th weight of 128 columns would meet a few of them only."""
    W = np.full((784, 128), 0.01, np.float32)
    W[:, 1] = 3.0
    assert Scale().fit(W) == 0.01  # one unit in 128 is less than two in a hundred
    W[:, 1:5] = 3.0
    assert Scale().fit(W) == 3.0


def test_a_scale_stays_while_weights_tremble_and_grows_in_steps() -> None:
    random = np.random.default_rng(3)
    W, scale = random.normal(0, 0.05, (784, 64)).astype(np.float32), Scale()
    trembling = {scale.fit(W * random.uniform(0.95, 1.05)) for _ in range(200)}
    assert len(trembling) == 1
    limits = [scale.fit(W * growth) for growth in np.linspace(1, 6, 300)]
    assert limits == sorted(limits)
    assert len(set(limits)) <= 6


def test_the_past_is_drawn_on_the_scale_of_the_present() -> None:
    W, scale = np.random.default_rng(4).normal(size=(100, 100)), Scale()
    now = scale.fit(W)
    assert scale.fit(W / 4) == now
    assert scale.fit(W / 50) < now / 10  # after a run that exploded, say
    assert scale.fit(W) == now


def test_zeros_have_a_scale_and_leave_the_one_there_was() -> None:
    zeros, scale = np.zeros((4, 3), np.float32), Scale()
    assert scale.fit(zeros) == 1.0
    assert scale.fit(zeros + np.float32(0.004)) == 0.005
    assert scale.fit(zeros) == 0.005
    assert scale.fit(np.full((4, 3), NAN)) == 0.005
