"""Accuracy and its interval, the confusion table and its reading, against published and hand-made numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data import Dataset
from glassnet.nn import BatchNorm, Dense, Dropout
from glassnet.training import evaluate
from glassnet.training.metrics import confusion, interval, report
from training.small import cross_entropy, network


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [  # the first four: Newcombe 1998, Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (9806, 10000, 0.9777, 0.9831),
    ],
)
def test_wilsons_interval(correct: int, n: int, low: float, high: float) -> None:
    assert interval(correct, n) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    correct, n = counts
    low, high = interval(correct, n)
    assert 0 <= low <= correct / n + 1e-12
    assert correct / n - 1e-12 <= high <= 1
    mirrored = interval(n - correct, n)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-9)


def test_the_confusion_table_has_actual_in_rows() -> None:
    actual, predicted = np.array([0, 0, 1, 2, 2, 2], np.uint8), np.array([0, 1, 1, 2, 0, 2])
    assert confusion(actual, predicted, 4).tolist() == [
        [1, 1, 0, 0],
        [0, 1, 0, 0],
        [1, 0, 2, 0],
        [0, 0, 0, 0],
    ]


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), min_size=1, max_size=300))
def test_the_confusion_table_counts_each_pair(pairs: list[tuple[int, int]]) -> None:
    actual, predicted = np.array(pairs).T
    table = confusion(actual, predicted, 20)
    assert table.sum() == len(pairs)
    for pair in pairs:
        assert table[pair] == pairs.count(pair)


def test_the_report_by_hand() -> None:
    first, second, never_named, absent = report(
        np.array([[6, 2, 0, 0], [3, 9, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    )
    assert first == pytest.approx((6 / 10, 6 / 8, 2 * 0.6 * 0.75 / 1.35, 8))
    assert second == pytest.approx((9 / 12, 9 / 12, 0.75, 12))
    assert math.isnan(never_named.precision)
    assert (never_named.recall, never_named.f1, never_named.examples) == (0, 0, 2)
    assert all(math.isnan(share) for share in absent[:3])
    assert absent.examples == 0


@pytest.mark.parametrize("n", [1, 255, 256, 257, 600])
def test_evaluate_by_hand_whatever_the_number_of_chunks(n: int) -> None:
    generator = np.random.default_rng(n)
    points, labels = generator.normal(size=(n, 4)), generator.integers(0, 3, n)
    part = Dataset.from_arrays(points, labels, classes="abc").train
    net = network(Dense(6), BatchNorm(), Dropout(0.5), loss="cross_entropy", dtype="float64")
    net.state.vector[...] = generator.uniform(0.5, 1.5, net.state.vector.size)
    before = net.state.vector.copy()
    logits = net.outputs(points)
    loss, accuracy, r2, mae = evaluate(net, part)
    assert r2 is mae is None
    assert loss == pytest.approx(cross_entropy(logits, labels), rel=1e-12)
    assert accuracy == (logits.argmax(axis=1) == labels).mean()
    assert np.array_equal(net.state.vector, before)
