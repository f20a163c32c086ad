"""The table of layers: one row for each layer and way of using it. Every contract test runs every row."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.nn import (
    GELU,
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LayerNorm,
    LeakyReLU,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)

Shape = tuple[int, ...]


class Row(NamedTuple):
    """A layer class, its options, and the numbers of axes that its examples may have."""

    kind: type[Layer]
    options: Mapping[str, Any] = MappingProxyType({})
    ranks: tuple[int, ...] = (1, 2, 3)

    def make(self) -> Layer:
        return self.kind(**self.options)

    def fit(self, shape: Shape) -> Shape:
        """The shape with as many of its axes as the layer takes."""
        return shape if len(shape) in self.ranks else shape[-max(self.ranks) :]

    def __str__(self) -> str:
        return repr(self.make())


TABLE = [
    Row(Dense, {"units": 3}, ranks=(1,)),
    Row(Dense, {"units": 4, "bias": False, "initializer": "glorot_uniform"}, ranks=(1,)),
    Row(ReLU),
    Row(LeakyReLU, {"slope": 0.2}),
    Row(LeakyReLU, {"slope": 0}),
    Row(Sigmoid),
    Row(Tanh),
    Row(GELU),
    Row(Softmax),
    Row(Dropout, {"rate": 0.4}),
    Row(Dropout, {"rate": 0}),
    Row(BatchNorm, {"momentum": 0.3, "epsilon": 1e-3}, ranks=(1,)),
    Row(LayerNorm, {"epsilon": 1e-3}),
    Row(Flatten),
]


class Setup(NamedTuple):
    """Under which circumstances a layer is tried."""

    shape: Shape = (4,)
    n: int = 3
    dtype: str = "float64"
    training: bool = True
    seed: int = 0


SETUPS = st.builds(
    Setup,
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
    n=st.integers(1, 6),
    dtype=st.sampled_from(["float32", "float64"]),
    training=st.booleans(),
    seed=st.integers(0, 9),
)

every_layer = pytest.mark.parametrize("row", TABLE, ids=str)


def every_layer_and_setup(test: Callable[..., None]) -> Any:
    """Run a test(row, setup) for every row of the table, in circumstances that hypothesis picks."""
    return every_layer(given(setup=SETUPS)(test))


class Bench:
    """One layer in a network of its own and a pass around it, with random inputs, cotangents and parameters.

    All arrays that the layer is to fill hold NaN at first. `capacity` makes the pass larger than the batch
    that it is then cut to.
    """

    def __init__(self, row: Row, setup: Setup, capacity: int = 0) -> None:
        self.setup = setup
        self.layer = row.make()
        self.network = randomized(Network([self.layer], row.fit(setup.shape), dtype=setup.dtype), setup.seed)
        self.x = self.random("x", self.layer.input_shape)
        self.dy = self.random("dy", self.layer.output_shape)
        self.arrays = self.network.new_pass(
            max(capacity, setup.n),
            training=setup.training,
            generator=np.random.default_rng(setup.seed),
            input_gradient=True,
        )
        for array in (*self.arrays.activations, *self.arrays.gradients, *self.memory.values()):
            array.fill(np.nan)
        self.network.gradients.vector.fill(np.nan)
        self.arrays.resize(setup.n)

    def random(self, what: str, shape: Shape) -> np.ndarray:
        generator = np.random.default_rng([self.setup.seed, *what.encode()])
        return generator.normal(size=(self.setup.n, *shape)).astype(self.setup.dtype)

    def run(self) -> dict[str, np.ndarray]:
        """Go forward and back once and return copies of all that came out."""
        self.arrays.activations[0][...] = self.x
        self.arrays.forward()
        self.arrays.output_gradient[...] = self.dy
        self.arrays.backward()
        return self.outcome()

    def outcome(self) -> dict[str, np.ndarray]:
        gradients = {f"d{name}": array for name, array in self.network.gradients.items()}
        state = dict(self.network.state.items())
        found = {"y": self.arrays.output, "dx": self.arrays.gradients[0], **gradients, **state}
        return {name: array.copy() for name, array in found.items()}

    @property
    def memory(self) -> dict[str, np.ndarray]:
        """The arrays that the layer remembers."""
        return {name: getattr(self.arrays.memories[0], name) for name in self.layer.remembers()}


def randomized(network: Network, seed: int = 0) -> Network:
    """Put the network where training might have brought it: no bias is 0, no gain 1, no state fresh."""
    generator = np.random.default_rng([seed, 77])
    network.parameters.vector[...] = generator.normal(size=network.size)
    network.state.vector[...] = generator.uniform(0.5, 2.0, network.state.vector.size)
    return network


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], rtol: float = 0.0) -> None:
    """Compare arrays by name: bit for bit, or to within `rtol` of an array's largest number or of 1."""
    assert list(one) == list(other)
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        atol = rtol * np.abs(array).max(initial=1.0)
        np.testing.assert_allclose(other[name], array, rtol=0, atol=atol, err_msg=name)


@contextmanager
def refused(message: str) -> Iterator[None]:
    """Expect a ValueError of one line in which `message` stands."""
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        yield
    assert "\n" not in str(caught.value)
