"""Every kind of set and of loss that a page can show, small: one table for the tests of what feeds it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from glassnet.data.dataset import Dataset
from glassnet.data.encoding import Encoding, Feature
from glassnet.data.toys import make
from glassnet.nn import BatchNorm, Dense, Dropout, Layer, LayerNorm, Network, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.scaling import PIXELS, Scaling
from glassnet.training import Training
from glassnet.training.pairing import pair
from glassnet.view.samples import kind


class Case(NamedTuple):
    """A set, a network that was paired with it, and what its examples are to the page."""

    data: Dataset
    network: Network
    kind: str


def images(shape: tuple[int, ...], n: int = 300, dtype: Any = np.uint8, classes: int = 10) -> Dataset:
    """Images whose class can be told from their brightness, a fifth of them for validation."""
    random = np.random.default_rng(4)
    labels = np.arange(n) % classes
    pixels = random.integers(0, 256, (n, *shape)) * (labels + 1).reshape(-1, *[1] * len(shape)) // classes
    pixels[0] = 255  # the brightest there is
    scaled = pixels.astype(dtype) if np.dtype(dtype).kind in "ui" else (pixels / 255).astype(dtype)
    scaling = PIXELS if np.dtype(dtype).kind in "ui" else None
    return Dataset.from_arrays(scaled, labels, scaling=scaling, name="images").split(0.2)


def flowers(n: int = 120) -> Dataset:
    """A table of two numbers and a color, which is neither blue nor red for some."""
    random = np.random.default_rng(5)
    labels = np.arange(n) % 3
    color = random.integers(0, 3, n)
    inputs = np.column_stack([random.normal(labels, 0.5), random.normal(size=n), color == 0, color == 1])
    features = (
        Feature("petal length (cm)"),
        Feature("petal width (cm)"),
        Feature("color", ("blue", "red"), ""),
    )
    data = Dataset.from_arrays(inputs, labels, classes=("setosa", "versicolor", "virginica"), name="flowers")
    encoding = Encoding(features, "species")
    return replace(data.split(0.2), encoding=encoding, scaling=encoding.scaling(inputs, np.arange(n)))


def prices(outputs: int = 1, n: int = 150) -> Dataset:
    """A table of three unnamed numbers, and values far from zero."""
    random = np.random.default_rng(6)
    inputs = random.normal(size=(n, 3))
    targets = 1e6 + 1e4 * (inputs[:, :outputs] - inputs[:, [2]] + 0.1 * random.normal(size=(n, outputs)))
    scaling = Scaling(targets.mean(axis=0), 1 / targets.std(axis=0))
    return Dataset.from_arrays(inputs, targets, target_scaling=scaling, name="prices").split(0.2)


def network(
    data: Dataset,
    *last: Layer,
    hidden: tuple[Layer, ...] = (),
    loss: str | None = None,
    dtype: str = "float32",
) -> Case:
    """A network for a set, paired with it as a run would."""
    layers = [*(hidden or (Dense(12), Tanh())), *last]
    made = Network(layers, int(np.prod(data.shape)), loss=loss, seed=1, dtype=dtype)
    return Case(pair(made, data, loss)[1], made, kind(data))


CASES: dict[str, Callable[[], Case]] = {
    "softmax": lambda: network(images((8, 8)), Dense(10), Softmax()),
    "logits": lambda: network(images((8, 8)), Dense(10), loss="cross_entropy"),
    "sigmoids": lambda: network(images((8, 8)), Dense(10), Sigmoid()),
    "mse on classes": lambda: network(images((8, 8)), Dense(10), Sigmoid(), loss="mse"),
    "colour": lambda: network(images((3, 6, 6)), Dense(10), Softmax()),
    "colour last": lambda: network(images((6, 5, 3)), Dense(10), Softmax()),
    "floats": lambda: network(images((8, 8), dtype=np.float32), Dense(10), Softmax()),
    "flat digits": lambda: network(images((784,), n=120), Dense(10), Softmax()),
    "binary": lambda: network(make("moons", points=200).split(0.2), Dense(1), Sigmoid()),
    "binary by mse": lambda: network(make("xor"), Dense(1), Sigmoid(), loss="mse"),
    "spirals": lambda: network(make("spirals", points=200).split(0.1), Dense(3), Softmax()),
    "sine": lambda: network(make("sine", points=200).split(0.1), Dense(1), loss="mse"),
    "table": lambda: network(flowers(), Dense(3), Softmax()),
    "value": lambda: network(prices(), Dense(1), loss="mse"),
    "values": lambda: network(prices(2), Dense(2), loss="mse"),
    "float64": lambda: network(make("sine", points=200).split(0.1), Dense(1), loss="mse", dtype="float64"),
    "normalized": lambda: network(
        images((8, 8)),
        Dense(10),
        Softmax(),
        hidden=(Dense(16), BatchNorm(), ReLU(), Dropout(0.3), Dense(8), LayerNorm(), ReLU()),
    ),
}  # fmt: skip


def training(case: Case) -> Training:
    """A run of the case's network, one that makes no sound and takes milliseconds."""
    return Training(case.network, case.data, optimizer="adam", learning_rate=0.01, batch_size=16, epochs=3)
