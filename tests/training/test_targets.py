"""Every pairing of targets, outputs and loss that makes sense learns; those that do not are refused."""

from typing import Any

import numpy as np
import pytest

from glassnet.data import Dataset
from glassnet.nn import (
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Layer,
    LayerNorm,
    MeanSquaredError,
    Network,
    ReLU,
    Scaling,
    Sigmoid,
    Softmax,
    Tanh,
)  # fmt: skip
from glassnet.training import Training, evaluate
from training.small import blobs, epochs, network, training


@pytest.mark.parametrize(
    ("classes", "outputs", "last", "loss"),
    [
        (3, 3, None, None),
        (3, 3, Softmax, None),
        (3, 3, Sigmoid, None),
        (3, 3, None, "cross_entropy"),
        (3, 3, None, CrossEntropy(label_smoothing=0.1)),
        (3, 3, Softmax, CrossEntropy(class_weights=[1, 2, 0.5])),
        (3, 3, None, "binary_cross_entropy"),
        (3, 3, None, "mse"),
        (3, 3, Sigmoid, "mse"),
        (3, 3, Softmax, "mse"),
        (2, 2, Softmax, None),
        (2, 1, None, None),
        (2, 1, Sigmoid, None),
        (2, 1, Sigmoid, "mse"),
        (2, 1, None, BinaryCrossEntropy()),
        (2, 1, None, MeanSquaredError()),
    ],
    ids=str,
)
def test_classes_are_learned(classes: int, outputs: int, last: type[Layer] | None, loss: Any) -> None:
    data = blobs(200, classes)
    net = Network([Dense(16), ReLU(), Dense(outputs), *([last()] if last else [])], 4, dtype="float32")
    run = training(net, data, loss=loss, optimizer="adam", learning_rate=0.02, epochs=15)
    first, *_, final = epochs(list(run))
    assert final.loss < first.loss
    assert final.validation_loss is not None
    assert first.validation_loss is not None
    assert final.validation_loss < first.validation_loss
    assert final.accuracy is not None
    assert final.accuracy > 0.85
    assert (net.predict(data.test.images) == data.test.labels).mean() > 0.8
    p = net.predict_proba(data.test.images)
    assert p.shape == (12, classes)
    assert np.allclose(p.sum(axis=1), 1, atol=1e-6)
    assert evaluate(net, data.test).accuracy == (net.predict(data.test.images) == data.test.labels).mean()


@pytest.mark.parametrize("width", [None, 1, 2])
def test_values_are_learned_and_have_no_accuracy(width: int | None) -> None:
    x = np.random.default_rng(0).normal(size=(200, 4))
    y = x[:, 0] * x[:, 1] if width is None else x[:, :width] + 1
    data = Dataset.from_arrays(x, y, (x[:5], y[:5])).split(0.2)
    net = network(Dense(16), Tanh(), LayerNorm(), outputs=width or 1)
    run = training(net, data, optimizer="adam", learning_rate=0.02, epochs=20)
    heard = list(run)
    assert {event.accuracy for event in heard if event.kind in ("step", "epoch")} == {None}
    first, *_, final = epochs(heard)
    assert final.loss < first.loss / 2
    assert final.validation_accuracy is None
    assert evaluate(net, data.test).accuracy is None
    error = net.predict(data.validation.images) - data.validation.labels.reshape(40, -1)
    assert final.validation_loss == pytest.approx((error**2).mean(), rel=1e-5)


def test_a_pair_of_arrays_is_enough() -> None:
    data = blobs(100)
    run = Training(network(), (data.train.images, data.train.labels), epochs=5, threads=1)
    first, *_, final = epochs(list(run))
    assert final.loss < first.loss


def test_the_network_takes_over_scaling_and_class_names() -> None:
    x, y = np.random.default_rng(0).integers(0, 255, (40, 4), np.uint8), np.arange(40) % 3
    data = Dataset.from_arrays(x, y, classes=["ant", "bee", "cat"], scaling=Scaling(scale=1 / 255))
    net = network()
    training(net, data)
    assert net.classes == ("ant", "bee", "cat")
    assert net.scaling == Scaling(scale=1 / 255)
    own = network(scaling=Scaling(scale=0.5), classes="xyz")
    training(own, data)
    assert own.classes == ("x", "y", "z")
    assert own.scaling == Scaling(scale=0.5)


def test_scaling_is_part_of_the_training() -> None:
    """Scaling the data beforehand or in the network comes to the same."""
    data = blobs()
    raw = Dataset(
        data.name, data.train, data.validation, data.test, data.classes, Scaling(shift=1.0, scale=0.5)
    )
    scaled = Dataset.from_arrays((data.train.inputs - 1) * 0.5, data.train.targets).split(0.2)
    one, other = training(network(dtype="float64"), raw), training(network(dtype="float64"), scaled)
    list(one), list(other)
    assert np.allclose(one.network.parameters.vector, other.network.parameters.vector, atol=1e-6)


X, CLASSES, VALUES = np.zeros((6, 4)), np.arange(6) % 3, np.linspace(0, 1, 6)


@pytest.mark.parametrize(
    ("net", "data", "settings", "message"),
    [
        (network(outputs=4), (X, CLASSES), {}, "expected a network of 3 outputs, one a class, got 4"),
        (network(outputs=1), (X, CLASSES), {}, "expected a network of 3 outputs, one a class, got 1"),
        (network(outputs=2), (X, CLASSES), {}, "expected a network of 3 outputs, one a class, got 2"),
        (network(), (X[:, :3], CLASSES), {}, r"expected input \(N, 4\), got \(6, 3\)"),
        (
            network(),
            (X, VALUES),
            {"loss": "cross_entropy"},
            r"expected class numbers for cross_entropy, as whole numbers \(y.astype\(int\)\), got float64",
        ),
        (network(), (X, VALUES[:, None]), {}, r"mse: expected targets \(N, 3\), got \(6, 1\)"),
        (network(outputs=1), (X, CLASSES % 2), {"loss": "cross_entropy"}, "use binary_cross_entropy"),
        (network(), (X, CLASSES), {"loss": "crossentropy"}, "did you mean 'cross_entropy'"),
        (network(), (X, CLASSES), {"optimizer": "adm"}, "unknown optimizer 'adm'; did you mean 'adam'"),
        (network(), (X, CLASSES), {"learning_rate": "fast"}, "unknown schedule 'fast'"),
        (
            network(),
            (X, CLASSES),
            {"threads": 0},
            "threads: expected 'auto' or a whole number of at least 1, got 0",
        ),
        (network(), (X, CLASSES), {"batch_size": -1}, "batch_size: expected"),
        (network(classes="ab", outputs=2), (X, CLASSES), {}, "expected a network of 3 outputs"),
        (
            Network([Dense(3), Softmax()], 4),
            (X, CLASSES),
            {"loss": "binary_cross_entropy"},
            "expected logits or a final Sigmoid, got a final Softmax",
        ),
    ],
)
def test_what_does_not_fit_is_refused(net: Network, data: Any, settings: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Training(net, data, **settings)
    assert "\n" not in str(caught.value)


def test_one_hot_targets_are_classes() -> None:
    """Whole numbers or floats, also where the last class does not occur: the same run as with numbers."""
    data = blobs(validation=0)
    x, y = data.train.images, data.train.labels
    whole = Training(network(seed=1), (x, y), threads=1, epochs=2)
    numbers = whole.fit(progress=False)
    for targets in (np.eye(3, dtype=int)[y], np.eye(3)[y], np.eye(3, dtype=bool)[y]):
        net = network(Dense(8), ReLU(), seed=1)
        history = Training(net, (x, targets), threads=1, epochs=2).fit(progress=False)
        assert [e.loss for e in epochs(history)] == [e.loss for e in epochs(numbers)]
        assert net.parameters.vector.tolist() == whole.network.parameters.vector.tolist()
    assert Dataset.from_arrays(x, np.eye(5)[y]).classes == ("0", "1", "2", "3", "4")


def test_distributions_are_targets_of_cross_entropy() -> None:
    data = blobs(200, validation=0)
    x, y = data.train.images, data.train.labels
    net = network()
    soft = 0.8 * np.eye(3)[y] + 0.2 / 3
    history = Training(net, (x, soft), loss="cross_entropy", threads=1, learning_rate=0.05).fit(
        progress=False
    )
    assert epochs(history)[-1].accuracy > 0.85
    assert (net.predict(x) == y).mean() > 0.85


def test_whole_numbers_of_one_output_under_mse_are_values() -> None:
    x = np.random.default_rng(0).normal(size=(100, 4))
    y = np.round(3 * x[:, 0]).astype(int) + 10
    net = network(outputs=1)
    run = Training(net, (x, y), loss="mse", optimizer="adam", learning_rate=0.05, epochs=60, threads=1)
    first, *_, last = epochs(run.fit(progress=False))
    assert last.loss < 0.1 * first.loss
    assert last.accuracy is None
    assert net.predict(x).shape == (100, 1)


@pytest.mark.parametrize("loss", [None, "cross_entropy", "binary_cross_entropy"])
def test_class_numbers_as_floats_are_no_values_by_mistake(loss: str | None) -> None:
    data = blobs()
    with pytest.raises(ValueError, match=r"y\.astype\(int\)"):
        Training(network(), (data.train.images, data.train.labels.astype(float)), loss=loss)


@pytest.mark.parametrize("data", [np.ones((5, 4)), (np.ones((5, 4)),), None])
def test_data_must_be_a_set_or_two_arrays(data: Any) -> None:
    with pytest.raises(ValueError, match="Training: expected a Dataset or"):
        Training(network(), data)


def test_evaluating_needs_a_loss_and_examples() -> None:
    data = blobs(validation=0)
    with pytest.raises(ValueError, match="expected a network with a loss"):
        evaluate(network(), data.test)
    net = network(Dense(3), Softmax(), loss=None)
    net.pair("mse")
    for part in (data.validation, data, None):
        with pytest.raises(ValueError, match="expected a part with examples"):
            evaluate(net, part)
