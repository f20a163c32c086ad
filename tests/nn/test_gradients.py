"""Every derivative against central differences in float64: layers, losses and whole networks.

Cotangents are random: with a constant one, softmax's gradient is zero whatever the code does.
"""

from collections.abc import Callable, Sequence

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
    Sigmoid,
    Softmax,
    Tanh,
)
from glassnet.nn.losses import LOSSES, Loss, one_hot
from nn.numeric import assert_gradient
from nn.table import Row, Shape, every_layer, randomized

KINKED = (ReLU, LeakyReLU)
modes = pytest.mark.parametrize("training", [True, False], ids=["training", "predicting"])


def smooth_inputs(network: Network, shape: Shape, forward: Callable[[np.ndarray], object]) -> np.ndarray:
    """Random inputs with which nothing that enters a ReLU is near its kink."""
    for seed in range(100):
        x = np.random.default_rng(seed).normal(size=shape)
        forward(x)
        assert network.flow is not None
        entering = [
            a for layer, a in zip(network.layers, network.flow.activations) if isinstance(layer, KINKED)
        ]
        if all(np.abs(a).min() > 1e-3 for a in entering):
            return x
    raise AssertionError("no inputs away from the kinks found")


def check_layers(layers: Sequence[Layer], input_shape: Shape, n: int, training: bool) -> None:
    """Compare all parameters' gradients and the inputs' for the output's product with a random cotangent."""
    network = randomized(Network(layers, input_shape, dtype="float64"), seed=1)
    cotangent = np.random.default_rng(2).normal(size=(n, *network.output_shape))

    def forward(x: np.ndarray) -> np.ndarray:
        # The same seed each time, so that dropout draws the same mask.
        return network.forward(x, training=training, generator=np.random.default_rng(3))

    def product() -> float:
        return float((forward(x) * cotangent).sum())

    x = smooth_inputs(network, (n, *network.input_shape), forward)
    forward(x)
    dx = network.backward(cotangent).copy()
    gradients = {name: array.copy() for name, array in network.gradients.items()}
    assert_gradient(dx, product, x, "dx")
    for name, parameter in network.parameters.items():
        assert_gradient(gradients[name], product, parameter, name)


@every_layer
@modes
@pytest.mark.parametrize("n", [1, 2, 5])
def test_layer_above_a_dense_layer(row: Row, training: bool, n: int) -> None:
    check_layers([Dense(4), row.make()], (3,), n, training)


@every_layer
@modes
@pytest.mark.parametrize("shape", [(1,), (2, 3), (2, 1, 3)], ids=str)
def test_layer_on_examples_of_any_shape(row: Row, training: bool, shape: Shape) -> None:
    check_layers([row.make()], row.fit(shape), 3, training)


@modes
def test_all_layers_in_a_row(training: bool) -> None:
    body = [Dense(6), BatchNorm(), LeakyReLU(0.1), Dropout(0.3), Dense(5), LayerNorm(), GELU(), Dense(4)]
    check_layers([Tanh(), Flatten(), *body, Sigmoid(), Dense(4), ReLU(), Softmax()], (2, 3), 5, training)


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
    z = np.random.default_rng(4).normal(scale=2, size=(4, 3))
    dz = np.full_like(z, np.nan)
    value = loss(z, targets, dz, divisor)
    assert value == loss(z, targets, None, divisor)
    assert_gradient(dz, lambda: float(loss(z, targets, None, divisor)), z)


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
    network = randomized(Network(layers, 4, loss=loss, dtype="float64"))
    targets = loss.encode(labels, 3, network.dtype)
    arrays = network.new_pass(4, training=True, input_gradient=True)
    x = arrays.resize(4)
    x[...] = np.random.default_rng(0).normal(size=x.shape)

    def value() -> float:
        for memory in arrays.memories:
            memory.generator = np.random.default_rng(8)
        return float(loss(arrays.forward(), targets))

    value()
    loss(arrays.output, targets, arrays.output_gradient)
    arrays.backward()
    dx, gradient = arrays.gradients[0].copy(), network.gradients.vector.copy()
    assert_gradient(dx, value, x, "input")
    assert_gradient(gradient, value, network.parameters.vector, "parameters")
