"""Layers that users write: a network with one can be copied, pickled and described like any other."""

import copy
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

from glassnet.nn import Dense, Layer, Network, layers
from glassnet.nn.layer import Parameter
from glassnet.nn.names import unknown
from nn.table import randomized, refused


class Gain(Layer):
    """y = factor · g ∘ x: a layer with an option and a trained parameter."""

    options: ClassVar[tuple[str, ...]] = ("factor",)

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor

    def parameters(self) -> dict[str, Parameter]:
        return {"g": Parameter(self.input_shape, "ones")}

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, self.factor * self.g, out=y)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.add.reduce(self.factor * x * dy, axis=0, out=self.dg)
        if dx is not None:
            np.multiply(dy, self.factor * self.g, out=dx)


@pytest.mark.parametrize(
    "duplicate",
    [
        Network.copy,
        copy.copy,
        copy.deepcopy,
        lambda net: pickle.loads(pickle.dumps(net)),
        lambda net: net.snapshot(),
    ],
    ids=["copy", "copy.copy", "deepcopy", "pickle", "snapshot"],
)
def test_a_network_with_one_can_be_copied(duplicate: Callable[[Network], Network]) -> None:
    network = randomized(Network([Dense(4), Gain(3.0), Dense(2)], 3))
    twin, x = duplicate(network), np.ones((5, 3))
    np.testing.assert_array_equal(twin.outputs(x), network.outputs(x))
    assert type(twin.layers[1]) is Gain
    assert twin.layers[1].config() == {"kind": "Gain", "factor": 3.0}
    assert twin.layers[1].g is twin.parameters["2.g"]


def test_a_class_written_again_takes_the_place_of_the_first() -> None:
    def write(answer: int) -> type[Layer]:
        class Again(Layer):
            number = answer

        return Again

    write(1)
    second = write(2)
    assert type(layers.from_config({"kind": "Again"})) is second


def test_our_names_are_taken() -> None:
    with refused("Layer: expected a name that is not glassnet's, got a class Dense"):
        type("Dense", (Layer,), {})
    assert layers.from_config({"kind": "Dense", "units": 2}).config() == Dense(2).config()


def test_a_layer_that_is_not_defined_here() -> None:
    for message in ("unknown layer 'Elsewhere'", "; a layer of your own must be defined or imported first"):
        with refused(message):
            layers.from_config({"kind": "Elsewhere"})
    assert "Elsewhere" not in layers.KINDS


def test_a_name_among_very_many_is_answered_in_one_short_line() -> None:
    message = unknown("layer", "Dens", ["Dense", *(f"Own{i}" for i in range(500))])
    assert message.startswith("unknown layer 'Dens'; did you mean 'Dense'? known: Dense, Own0, ")
    assert message.endswith(", Own10 and 489 more")
