"""What the estimators minimize: weights and repetitions, derivatives, and the losses they are sums of."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassnet.estimators.objectives import Classes, Labels, Objective, Values
from glassnet.nn import BinaryCrossEntropy, CrossEntropy, Dense, MeanSquaredError, Network

KINDS = [Classes, Labels, Values]


def batch(kind: type[Objective], n: int, outputs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Outputs (n, outputs) and targets as this objective takes them."""
    random = np.random.default_rng(seed)
    z = 3 * random.normal(size=(n, outputs))
    if kind is Classes:
        return z, random.integers(0, outputs, n)
    targets = random.normal(size=z.shape) if kind is Values else random.integers(0, 2, z.shape)
    return z, targets.astype(np.float64)


def objective(kind: type[Objective], weights: Any = None, alpha: float = 0.0) -> Objective:
    made = kind(Network([Dense(2)], 3, dtype="float64"), alpha, weights)
    made.rows = lambda: slice(None)
    return made


@pytest.mark.parametrize("kind", KINDS)
@given(n=st.integers(1, 12), outputs=st.integers(1, 5), seed=st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_a_weight_is_a_number_of_repetitions(kind: type[Objective], n: int, outputs: int, seed: int) -> None:
    z, targets = batch(kind, n, outputs, seed)
    counts = np.random.default_rng(seed).integers(0, 4, n)
    counts[0] += 1
    repeated = np.repeat(np.arange(n), counts)
    d, of_copies = np.empty_like(z), np.empty_like(z[repeated])
    weighted = objective(kind, counts.astype(np.float64))(z, targets, d)
    whole = objective(kind)(z[repeated], targets[repeated], of_copies)
    summed = np.zeros_like(z)
    np.add.at(summed, repeated, of_copies)
    np.testing.assert_allclose(weighted, whole, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(d, summed, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_derivative_is_that_of_the_loss(kind: type[Objective], weighted: bool) -> None:
    random = np.random.default_rng(5)
    z, targets = batch(kind, 6, 3, 5)
    weights = random.uniform(0, 2, 6) if weighted else None
    loss, d, step = objective(kind, weights), np.empty_like(z), 1e-5 * random.normal(size=z.shape)
    loss(z, targets, d)
    numeric = loss(z + step, targets, np.empty_like(z)) - loss(z - step, targets, np.empty_like(z))
    np.testing.assert_allclose(numeric, 2 * np.sum(d * step), rtol=1e-7)


@pytest.mark.parametrize("outputs", [1, 4])
@pytest.mark.parametrize(
    ("kind", "loss", "factor"),
    [
        (Classes, CrossEntropy(), lambda outputs: 1),
        (Labels, BinaryCrossEntropy(), lambda outputs: outputs),
        (Values, MeanSquaredError(), lambda outputs: outputs / 2),
    ],
)
def test_it_is_a_multiple_of_the_librarys_loss(
    kind: type[Objective], loss: Any, factor: Any, outputs: int
) -> None:
    z, targets = batch(kind, 7, outputs, 3)
    ours, theirs = np.empty_like(z), np.empty_like(z)
    np.testing.assert_allclose(
        objective(kind)(z, targets, ours), factor(outputs) * loss(z, targets, theirs), rtol=1e-13
    )
    np.testing.assert_allclose(ours, factor(outputs) * theirs, rtol=1e-12, atol=1e-16)


def test_the_l2_term_is_divided_by_the_weight_of_the_batch() -> None:
    z, targets = batch(Values, 4, 2, 1)
    plain = objective(Values, np.array([1.0, 2.0, 0.0, 5.0]))
    penalized = objective(Values, plain.weights, alpha=0.6)
    w = penalized._penalized
    term = penalized(z, targets, np.empty_like(z)) - plain(z, targets, np.empty_like(z))
    np.testing.assert_allclose(term, 0.3 * np.sum(w * w) / 8, rtol=1e-12)
    assert penalized.penalty_share == 1 / 8


def test_a_batch_that_weighs_nothing_teaches_nothing() -> None:
    z, targets = batch(Labels, 3, 1, 0)
    d = np.empty_like(z)
    assert objective(Labels, np.zeros(3))(z, targets, d) == 0
    assert not d.any()


@pytest.mark.parametrize("kind", KINDS)
def test_far_outputs_do_not_overflow(kind: type[Objective]) -> None:
    z, targets = batch(kind, 4, 3, 2)
    d = np.empty_like(z)
    loss = objective(kind)(1e4 * z, targets, d)
    assert np.isfinite(loss)
    assert np.isfinite(d).all()
