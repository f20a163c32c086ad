"""Every derivative against central differences in float64: layers, losses and whole networks."""

import numpy as np
import pytest

from glassnet.nn import (
    GELU,
    BatchNorm,
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LayerNorm,
    LeakyReLU,
    MeanSquaredError,
    Network,
    ReLU,
    Scaling,
    Sigmoid,
    Softmax,
    Tanh,
)
from glassnet.nn.gradcheck import check_layer, check_loss, check_network
from glassnet.nn.losses import LOSSES, Loss, one_hot
from nn.table import Row, Shape, every_layer, randomized

modes = pytest.mark.parametrize("training", [True, False], ids=["training", "predicting"])


@every_layer
@modes
@pytest.mark.parametrize("n", [1, 2, 5])
def test_layer_above_a_dense_layer(row: Row, training: bool, n: int) -> None:
    report = check_layer(row.make(), 3, batch_size=n, training=training, entries=True)
    assert report.ok, report
    assert report.skipped == 0, report


@every_layer
@modes
@pytest.mark.parametrize("shape", [(1,), (2, 3), (2, 1, 3)], ids=str)
def test_layer_on_examples_of_any_shape(row: Row, training: bool, shape: Shape) -> None:
    report = check_layer(row.make(), row.fit(shape), batch_size=3, training=training, entries=True)
    assert report.ok, report
    assert report.skipped == 0, report


@modes
@pytest.mark.parametrize("entries", [True, False], ids=["entries", "directions"])
def test_all_layers_in_a_row(training: bool, entries: bool) -> None:
    body = [Dense(6), BatchNorm(), LeakyReLU(0.1), Dropout(0.3), Dense(5), LayerNorm(), GELU(), Dense(4)]
    layers = [Tanh(), Flatten(), *body, Sigmoid(), Dense(4), ReLU(), Softmax()]
    network = randomized(Network(layers, (2, 3)), seed=1)
    x = np.random.default_rng(0).normal(size=(5, 2, 3))
    report = check_network(network, x, training=training, entries=entries)
    assert report.ok, report
    assert [row.array for row in report.rows] == [*network.parameters, "x"]


# ---- losses

CLASSES = np.array([2, 0, 1, 0])
SOFT = np.random.default_rng(5).dirichlet([1, 1, 1], 4)
INDEPENDENT = np.random.default_rng(6).uniform(0, 1, (4, 3))
TARGETS = {
    "cross_entropy": {"classes": CLASSES, "one-hot": one_hot(CLASSES, 3, "float64"), "soft": SOFT},
    "binary_cross_entropy": {"one-hot": one_hot(CLASSES, 3, "float64"), "independent": INDEPENDENT},
    "mse": {"values": INDEPENDENT * 10 - 5},
}
OPTIONS = {
    "cross_entropy": [
        CrossEntropy(),
        CrossEntropy(label_smoothing=0.2),
        CrossEntropy(class_weights=[0.5, 0, 3]),
        CrossEntropy(0.2, [0.5, 1.5, 3]),
    ],
    "binary_cross_entropy": [BinaryCrossEntropy()],
    "mse": [MeanSquaredError()],
}
CASES = [
    pytest.param(loss, targets, id=f"{loss}-{kind}")
    for name, variants in OPTIONS.items()
    for loss in variants
    for kind, targets in TARGETS[name].items()
]


def test_every_loss_is_checked() -> None:
    assert set(OPTIONS) == set(TARGETS) == set(LOSSES)


@pytest.mark.parametrize(("loss", "targets"), CASES)
@pytest.mark.parametrize("divisor", [None, 9.0])
def test_loss(loss: Loss, targets: np.ndarray, divisor: float | None) -> None:
    report = check_loss(loss, targets, divisor=divisor, entries=True)
    assert report.ok, report
    assert report.skipped == 0, report


# ---- networks with their losses, paired and not


@pytest.mark.parametrize(
    ("final", "loss", "labels"),
    [
        (None, CrossEntropy(), CLASSES),
        (Softmax, CrossEntropy(), CLASSES),
        (Softmax, CrossEntropy(0.1, [1, 2, 3]), CLASSES),
        (None, BinaryCrossEntropy(), CLASSES),
        (Sigmoid, BinaryCrossEntropy(), INDEPENDENT),
        (None, MeanSquaredError(), INDEPENDENT),
        (Softmax, MeanSquaredError(), CLASSES),
        (Sigmoid, MeanSquaredError(), CLASSES),
    ],
    ids=lambda value: "" if isinstance(value, np.ndarray) else getattr(value, "__name__", str(value)),
)
def test_network_with_its_loss(final: type[Layer] | None, loss: Loss, labels: np.ndarray) -> None:
    layers = [Dense(5), BatchNorm(), Tanh(), Dropout(0.25), Dense(3), *([final()] if final else [])]
    network = randomized(Network(layers, 4, loss=loss, scaling=Scaling(0.5, 2.0)))
    report = check_network(network, np.random.default_rng(0).normal(size=(4, 4)), labels, entries=True)
    assert report.ok, report
    assert report.skipped == 0, report
