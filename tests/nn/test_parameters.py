"""The flat vectors: views of one memory, weights first, and what stands in the penalized slice."""

import numpy as np
import pytest

from glassnet.nn import BatchNorm, Dense, LayerNorm, Network, ReLU


@pytest.fixture
def network() -> Network:
    return Network([Dense(4), BatchNorm(), ReLU(), Dense(3, bias=False), LayerNorm(), Dense(2)], 5)


WEIGHTS = {"1.W": (5, 4), "4.W": (4, 3), "6.W": (3, 2)}
OTHERS = {"1.b": (4,), "2.gamma": (4,), "2.beta": (4,), "5.gamma": (3,), "5.beta": (3,), "6.b": (2,)}
STATE = {"2.running_mean": (4,), "2.running_variance": (4,)}


def test_names_and_shapes_weights_first(network: Network) -> None:
    expected = {**WEIGHTS, **OTHERS}
    for views in (network.parameters, network.gradients):
        assert {name: view.shape for name, view in views.items()} == expected
        assert list(views) == list(expected)
        assert len(views) == len(expected)
    assert {name: view.shape for name, view in network.state.items()} == STATE
    assert network.size == 5 * 4 + 4 * 3 + 3 * 2 + 4 + 4 + 4 + 3 + 3 + 2


def test_the_vector_is_the_views_in_their_order(network: Network) -> None:
    for views in (network.parameters, network.gradients, network.state):
        views.vector[...] = np.arange(views.vector.size)
        joined = np.concatenate([view.ravel() for view in views.values()])
        np.testing.assert_array_equal(joined, views.vector)
        for view in views.values():
            view[...] = -1
        assert (views.vector == -1).all()


def test_the_three_vectors_are_three(network: Network) -> None:
    vectors = [network.parameters.vector, network.gradients.vector, network.state.vector]
    for vector, value in zip(vectors, (1, 2, 3)):
        vector.fill(value)
    assert [set(vector) for vector in vectors] == [{1}, {2}, {3}]


def test_the_penalized_slice_holds_the_weight_matrices_and_nothing_else(network: Network) -> None:
    network.parameters.vector.fill(0)
    network.parameters.vector[network.weights] = 1
    for name, view in network.parameters.items():
        assert view.all() if name in WEIGHTS else not view.any(), name


def test_matrices_are_the_weights_in_the_order_of_the_layers(network: Network) -> None:
    for net in (network, network.snapshot(), network.copy()):
        assert len(net.matrices) == len(WEIGHTS)
        for matrix, name in zip(net.matrices, WEIGHTS):
            assert matrix is net.parameters[name]
    assert Network([ReLU()], 3).matrices == []


def test_layers_have_the_views_as_attributes(network: Network) -> None:
    for name, view in network.parameters.items():
        place, _, attribute = name.partition(".")
        layer = network.layers[int(place) - 1]
        assert getattr(layer, attribute) is view
        assert getattr(layer, f"d{attribute}") is network.gradients[name]
    assert network.layers[1].running_mean is network.state["2.running_mean"]
    assert not hasattr(network.layers[3], "b")


def test_first_values(network: Network) -> None:
    values = {name: set(view.ravel()) for name, view in {**network.parameters, **network.state}.items()}
    assert {name for name, value in values.items() if value == {0}} == {
        "1.b", "6.b", "2.beta", "5.beta", "2.running_mean",
    }  # fmt: skip
    assert {name for name, value in values.items() if value == {1}} == {
        "2.gamma", "5.gamma", "2.running_variance",
    }  # fmt: skip


def test_first_weights_are_drawn_layer_after_layer() -> None:
    """Neither a layer above nor one without weights changes what a layer begins with."""
    one = Network([Dense(4), Dense(3)], 5).parameters
    other = Network([Dense(4), LayerNorm(), Dense(3), ReLU(), Dense(2)], 5).parameters
    np.testing.assert_array_equal(one["1.W"], other["1.W"])
    np.testing.assert_array_equal(one["2.W"], other["3.W"])


def test_an_unknown_name_gets_the_nearest_one(network: Network) -> None:
    with pytest.raises(KeyError, match=r"unknown parameter '1\.w'; did you mean '1\.W'"):
        network.parameters["1.w"]
    assert "1.w" not in network.parameters
    assert "1.W" in network.parameters


def test_a_network_without_parameters() -> None:
    network = Network([ReLU()], 3)
    assert network.size == 0
    assert network.weights == slice(0, 0)
    np.testing.assert_array_equal(network.forward([[-1, 0, 2]]), [[0, 0, 2]])
