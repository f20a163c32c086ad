"""What all sides have in common: data, first weights, order of batches, the optimizers' constants.

Every side does the same arithmetic from the same start, so that its losses can be compared with the others'.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import DataUnavailable, load
from glassnet.data.dataset import Dataset
from glassnet.nn.activations import ReLU
from glassnet.nn.dense import Dense
from glassnet.nn.network import Network
from glassnet.nn.scaling import Scaling

Array = NDArray[Any]

SAMPLE = "mnist-sample"
LEARNING_RATES = {"sgd": 0.05, "momentum": 0.01, "adam": 0.001}
CHUNKS = (250, 1_000, 10_000)  # of images predicted at once, where a peer may choose
LOOKED_AT = 1_000  # parameters whose mean size is compared
MOMENTUM, BETA1, BETA2, EPSILON = 0.9, 0.9, 0.999, 1e-8


def data_name(chosen: str | None) -> str:
    """Return the set to measure on: the one chosen, else MNIST if it is at hand, else the sample of it."""
    if chosen is not None:
        return chosen
    try:
        load("mnist", validation=0, download=False)
    except DataUnavailable:
        return SAMPLE
    return "mnist"


@cache
def dataset(name: str) -> Dataset:
    """Return the set, all of it to train on but its test part."""
    return load(name, validation=0)


def network(sizes: Sequence[int], scaling: Scaling | None = None) -> Network:
    """Return glassnet's network of that many inputs, hidden units with ReLU, and logits, untrained."""
    inputs, *hidden, outputs = sizes
    layers = [layer for units in hidden for layer in (Dense(units), ReLU())]
    return Network([*layers, Dense(outputs)], input_shape=inputs, loss="cross_entropy", scaling=scaling)


def weights(sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """Return the first W (I, O) and b (O,) of each layer, as glassnet draws them, in copies."""
    parameters = network(sizes).parameters
    return [
        (parameters[f"{place}.W"].copy(), parameters[f"{place}.b"].copy())
        for place in range(1, 2 * len(sizes) - 2, 2)
    ]


@dataclass(frozen=True)
class Training:
    """A network to be trained in batches; of the examples, only as many as fill whole batches of `cut`."""

    network: Sequence[int]
    batch: int
    optimizer: str
    data: str
    cut: int = 1

    @property
    def examples(self) -> int:
        """How many examples an epoch has."""
        n = len(dataset(self.data).train)
        return n - n % self.cut

    @property
    def steps(self) -> int:
        """How many steps an epoch has."""
        return ceil(self.examples / self.batch)

    @property
    def learning_rate(self) -> float:
        """The constant learning rate."""
        return LEARNING_RATES[self.optimizer]

    def order(self, epoch: int) -> NDArray[np.int64]:
        """Return the order of all examples in an epoch, the one that glassnet shuffles into."""
        return np.random.default_rng([0, 0, epoch]).permutation(self.examples)

    def batches(self) -> Iterator[NDArray[np.int64]]:
        """Yield the rows of one batch after the other, epoch after epoch, without end."""
        epoch = 0
        while True:
            order = self.order(epoch)
            for start in range(0, self.examples, self.batch):
                yield order[start : start + self.batch]
            epoch += 1

    def own(self) -> Dataset:
        """Return the set to train on, as glassnet takes it: pixels as they are stored."""
        whole = dataset(self.data)
        images, labels = whole.train.images[: self.examples], whole.train.labels[: self.examples]
        return Dataset.from_arrays(images, labels, classes=whole.classes, scaling=whole.scaling)

    def scaled(self) -> tuple[Array, Array]:
        """Return inputs (N, I) as float32, scaled once and for all, and class numbers (N,), as peers do."""
        x, y = _scaled(self.data)
        return x[: self.examples], y[: self.examples]


@cache
def _scaled(name: str) -> tuple[Array, Array]:
    data = dataset(name)
    return inputs(data, data.train.images.reshape(len(data.train), -1)), data.train.labels.astype(np.int64)


def inputs(data: Dataset, raw: Array) -> Array:
    """Return examples (N, I) scaled as the set says, in float32."""
    x = np.empty(raw.shape, np.float32)
    if data.scaling is None:
        x[...] = raw
    else:
        data.scaling(raw, x)
    return x


@dataclass(frozen=True)
class Predicting:
    """An untrained network that is asked for the classes of so many images: one a call, or all at once."""

    network: Sequence[int]
    images: int
    data: str

    def scaled(self) -> Array:
        """Return as many images (N, I) as asked for, or 1,000 to take one after the other, scaled float32."""
        test = dataset(self.data).test.images
        raw = test[np.arange(1_000 if self.images == 1 else self.images) % len(test)]
        return inputs(dataset(self.data), raw.reshape(len(raw), -1))


@dataclass(frozen=True)
class Optimizing:
    """An optimizer's updates of all parameters of a network, by a gradient that stays the same."""

    network: Sequence[int]
    optimizer: str

    def parameters(self) -> list[Array]:
        """Return the parameters, layer after layer, as peers keep them: one array each."""
        return [array for layer in weights(self.network) for array in layer]

    def gradients(self) -> list[Array]:
        """Return a gradient of each of `parameters`."""
        generator = np.random.default_rng(0)
        return [generator.normal(0, 1e-3, w.shape).astype(np.float32) for w in self.parameters()]
