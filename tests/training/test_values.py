"""Regression: R² and mean absolute error, in the targets' units, against scikit-learn and by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data import Dataset
from glassnet.nn import Dense, Network, Scaling, Tanh
from glassnet.training import Training, evaluate
from glassnet.training.batches import Batches
from glassnet.training.metrics import Tally, r_squared
from training.small import blobs, epochs, network, steps, training


def by_hand(actual: np.ndarray, predicted: np.ndarray) -> tuple[float, float]:
    """R² averaged over outputs, and mean absolute error, in float64."""
    actual, predicted = np.asarray(actual, np.float64), np.asarray(predicted, np.float64)
    squares = ((actual - predicted) ** 2).sum(axis=0)
    spread = ((actual - actual.mean(axis=0)) ** 2).sum(axis=0)
    return float((1 - squares / spread).mean()), float(np.abs(actual - predicted).mean())


def measured(actual: np.ndarray, predicted: np.ndarray) -> tuple[float | None, float | None]:
    """What a network that answers `predicted` is measured as: the inputs are the answers."""
    outputs = actual.shape[1]
    net = Network([Dense(outputs, bias=False)], outputs, dtype="float64", loss="mse")
    net.parameters["1.W"][...] = np.eye(outputs)
    _, accuracy, r2, mae = evaluate(net, Dataset.from_arrays(predicted, actual).train)
    assert accuracy is None
    return r2, mae


@pytest.mark.parametrize("n", [2, 255, 256, 257, 600])
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_evaluating_values_by_hand(offset: float, outputs: int, n: int) -> None:
    generator = np.random.default_rng(n)
    actual = offset + generator.normal(size=(n, outputs)) * [1, 10, 100][:outputs]
    predicted = actual + generator.normal(size=(n, outputs))
    assert measured(actual, predicted) == pytest.approx(by_hand(actual, predicted), rel=1e-9)


@pytest.mark.oracle
@given(st.integers(0, 1000), st.integers(2, 40), st.integers(1, 4))
def test_r_squared_is_that_of_scikit_learn(seed: int, n: int, outputs: int) -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    generator = np.random.default_rng(seed)
    actual = generator.integers(-2, 3, (n, outputs)).astype(float)  # now and then all equal
    predicted = np.where(generator.random((n, outputs)) < 0.7, actual, generator.normal(size=(n, outputs)))
    r2, mae = measured(actual, predicted)
    assert r2 == pytest.approx(sklearn.r2_score(actual, predicted), abs=1e-12)
    assert mae == pytest.approx(sklearn.mean_absolute_error(actual, predicted), abs=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1e9 + 0.1])
def test_targets_that_are_all_equal(value: float) -> None:
    """1 for exact answers and 0 for others, however the mean of equal numbers is rounded."""
    same = np.full((70, 1), value)
    assert measured(same, same) == (1.0, 0.0)
    assert measured(same, same + 1.0)[0] == 0.0
    two = np.column_stack([same, np.arange(70.0)])
    assert measured(two, two + np.array([1.0, 0.0]))[0] == 0.5
    assert measured(same[:1], same[:1] + 1)[0] == 0.0


def test_one_minus_the_share_that_is_left() -> None:
    assert r_squared(np.array([1.0]), np.array([4.0])) == 0.75
    assert r_squared(np.array([8.0, 0.0]), np.array([4.0, 2.0])) == 0.0


def regression(target_scaling: Scaling | None = None, **options: Any) -> tuple[Training, Dataset]:
    x = np.random.default_rng(0).normal(size=(120, 4))
    y = np.column_stack([300 + 50 * x[:, 0] * x[:, 1], 5 - x[:, 2]])
    data = replace(Dataset.from_arrays(x, y).split(0.25), target_scaling=target_scaling)
    net = network(Dense(16), Tanh(), outputs=2, dtype="float64")
    told = {"optimizer": "adam", "learning_rate": 0.02, "epochs": 8, **options}
    return training(net, data, **told), data


STANDARD = Scaling(shift=[300, 5], scale=[1 / 50, 1])


@pytest.mark.parametrize("scaling", [None, STANDARD, Scaling(shift=300, scale=-0.1)], ids=str)
@pytest.mark.parametrize("full_pass", [False, True])
def test_an_epochs_numbers_are_in_the_targets_units(full_pass: bool, scaling: Any) -> None:
    run, data = regression(scaling, full_pass=full_pass)
    for event in run:
        if event.kind == "epoch":
            part = data.validation
            r2, mae = by_hand(part.labels, run.network.copy().predict(part.images))
            assert (event.validation_r2, event.validation_mae) == pytest.approx((r2, mae), rel=1e-9)
            assert event.validation_accuracy is event.accuracy is None
            if full_pass:
                r2, mae = by_hand(data.train.labels, run.network.copy().predict(data.train.images))
                assert (event.r2, event.mae) == pytest.approx((r2, mae), rel=1e-9)


def test_running_numbers_are_those_of_the_weights_of_each_moment() -> None:
    run, data = regression(STANDARD, batch_size="full", epochs=3)
    next(run)
    for _ in range(3):
        r2, mae = by_hand(data.train.labels, run.network.copy().predict(data.train.images))
        step, epoch = next(run), next(run)
        assert step.kind == "step"
        assert step.accuracy is None
        assert epoch.kind == "epoch"
        assert (epoch.r2, epoch.mae) == pytest.approx((r2, mae), rel=1e-9)


def test_with_standardized_targets_r_squared_is_one_minus_the_loss() -> None:
    x = np.random.default_rng(0).normal(size=(64, 4))
    y = x[:, 0] ** 2
    scaling = Scaling(shift=y.mean(), scale=1 / y.std())
    data = replace(Dataset.from_arrays(x, y), target_scaling=scaling)
    for epoch in epochs(list(training(network(outputs=1, dtype="float64"), data, epochs=3))):
        assert epoch.r2 == pytest.approx(1 - epoch.loss, rel=1e-12)


def test_classes_have_neither() -> None:
    heard = list(training())
    for epoch in epochs(heard):
        assert epoch.r2 is epoch.mae is epoch.validation_r2 is epoch.validation_mae is None
        assert epoch.accuracy is not None
    assert all(step.accuracy is not None for step in steps(heard))


def test_classes_under_mse_have_an_accuracy_all_the_same() -> None:
    epoch = epochs(list(training(loss="mse")))[-1]
    assert epoch.r2 is None
    assert epoch.accuracy is not None


def test_a_copied_tally_goes_its_own_way() -> None:
    data = Dataset.from_arrays(np.zeros((4, 4)), np.linspace(0, 1, 4))
    net = network(outputs=1)
    net.pair("mse")
    batches, tally, z = Batches(net, data.train, 4), Tally(), np.zeros((4, 1))
    answers = batches.load(np.arange(4), net.new_pass(4))
    tally.add(0.5, z, answers, lambda z: z)
    copied, before = replace(tally), tally.measure(batches)
    tally.add(0.5, z + 1, answers, lambda z: z)
    assert copied.measure(batches) == before
    assert before.mae == pytest.approx(0.5)


# ---- batches of everything


def test_a_full_batch_is_laid_once_and_in_the_sets_own_order(monkeypatch: pytest.MonkeyPatch) -> None:
    data = blobs()
    run = training(data=data, batch_size="full", epochs=5)
    loads = []
    load = type(run.network).load
    monkeypatch.setattr(
        type(run.network), "load", lambda self, x, into: loads.append(len(x)) or load(self, x, into)
    )
    next(run)
    for event in run:
        if event.kind == "step":
            laid = run.flow.activations[0]
            assert np.array_equal(laid, data.train.images)
    assert loads.count(40) == 1


def test_after_a_smaller_batch_everything_is_laid_again() -> None:
    data = blobs()
    net = network()
    net.pair("cross_entropy")
    batches, arrays, other = Batches(net, data.train, 40), net.new_pass(40), net.new_pass(40)
    order = np.random.default_rng(0).permutation(40)
    _, labels = batches.load(order, arrays)
    assert np.array_equal(arrays.activations[0], data.train.images)
    assert labels is not None
    assert np.array_equal(labels, data.train.labels)
    _, few = batches.load(order[:7], arrays)
    assert np.array_equal(arrays.activations[0], data.train.images[order[:7]])
    assert few is not None
    assert np.array_equal(few, data.train.labels[order[:7]])
    other.activations[0][...] = 7.0
    for into in (arrays, other, arrays):
        batches.load(order, into)
        assert np.array_equal(into.activations[0], data.train.images)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_changing_to_a_full_batch_amid_an_epoch_leaves_no_example_out(at: int) -> None:
    """The rest of the epoch comes in the order it had; from the next one on there is one batch of all."""
    data = blobs()
    run = training(data=data, epochs=3, batch_size=16)
    sizes, seen = [], []
    for event in run:
        if event.kind == "step":
            laid = run.flow.activations[0]
            sizes.append(len(laid))
            seen += laid[:, 0].tolist()
            if event.step == at:
                run.change(batch_size="full")
    rest = 40 - sum([16, 16, 8][:at])
    assert sizes == [*[16, 16, 8][:at], *([rest] if rest else []), 40, 40]
    everything = sorted(data.train.images[:, 0].tolist())
    assert [sorted(seen[i : i + 40]) for i in (0, 40, 80)] == [everything] * 3
