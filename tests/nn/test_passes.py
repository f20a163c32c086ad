"""A pass: which gradients it computes, its two lists of arrays, and cutting it to smaller batches."""

import numpy as np
import pytest

from glassnet.nn import BatchNorm, Dense, Dropout, Flatten, LayerNorm, Network, ReLU
from glassnet.nn.passes import Pass
from nn.table import randomized, refused


def make(n_below: int = 2) -> Network:
    below = [Flatten(), Dropout(0.5)][:n_below]
    return randomized(Network([*below, Dense(5), BatchNorm(), ReLU(), Dense(3)], 4, dtype="float64"))


def run(network: Network, arrays: Pass, n: int) -> np.ndarray:
    """Forward and back on random numbers that are the same for the same n; the parameters' gradient."""
    generator = np.random.default_rng(n)
    arrays.resize(n)[...] = generator.normal(size=(n, 4))
    for memory in arrays.memories:
        memory.generator = np.random.default_rng(7)
    arrays.forward()
    arrays.output_gradient[...] = generator.normal(size=(n, 3))
    arrays.backward()
    return network.gradients.vector.copy()


@pytest.mark.parametrize("n_below", [0, 1, 2])
def test_nothing_is_computed_below_the_lowest_parameters(n_below: int) -> None:
    network = make(n_below)
    lean = network.new_pass(6, training=True)
    full = network.new_pass(6, training=True, input_gradient=True)
    np.testing.assert_array_equal(run(network, lean, 6), run(network, full, 6))
    assert [g is None for g in lean.gradients] == [True] * (n_below + 1) + [False] * 4
    assert all(g is not None for g in full.gradients)


def test_the_flow_is_two_lists() -> None:
    network = make()
    arrays = network.new_pass(6, training=True, input_gradient=True)
    run(network, arrays, 6)
    assert len(arrays.activations) == len(arrays.gradients) == len(network.layers) + 1
    for activation, gradient in zip(arrays.activations, arrays.gradients):
        assert activation.shape == gradient.shape
    assert arrays.output is arrays.activations[-1]
    dense = network.layers[-1]
    np.testing.assert_allclose(arrays.activations[-2] @ dense.W + dense.b, arrays.output)
    np.testing.assert_allclose(arrays.gradients[-1] @ dense.W.T, arrays.gradients[-2])


def test_batches_of_changing_sizes() -> None:
    network = make()
    one = network.new_pass(30, training=True, input_gradient=True)
    for n in [30, *range(1, 30), 3, 30, 7]:  # more sizes than are remembered
        exact = network.new_pass(n, training=True, input_gradient=True)
        expected = run(network, exact, n)
        np.testing.assert_allclose(run(network, one, n), expected, rtol=1e-12, atol=1e-14)
        assert len(one.output) == n


def test_arrays_are_made_once() -> None:
    network = make()
    arrays = network.new_pass(8, training=True)
    memory = arrays.resize(8)
    for n in (3, 8, 3, 5):
        assert np.shares_memory(arrays.resize(n), memory)
        assert arrays.resize(n) is arrays.resize(n)


def test_predicting_needs_no_gradients() -> None:
    arrays = make().new_pass(4)
    assert set(arrays.gradients) == {None}
    with refused("this pass only predicts: make it with training=True or input_gradient=True"):
        _ = arrays.output_gradient


def test_the_input_gradient_of_a_predicting_network() -> None:
    """For explaining an answer: nothing is dropped, and running statistics are used."""
    network = make()
    x, dy = np.random.default_rng(0).normal(size=(2, 4)), np.ones((2, 3))
    arrays = network.new_pass(2, input_gradient=True)
    arrays.activations[0][...] = x
    arrays.forward()
    arrays.output_gradient[...] = dy
    arrays.backward()
    network.forward(x)
    np.testing.assert_array_equal(network.backward(dy), arrays.gradients[0])


def test_remembered_arrays_follow_the_batch_or_do_not() -> None:
    network = Network([BatchNorm(), LayerNorm()], 4)
    arrays = network.new_pass(8)
    arrays.resize(3)
    batch, layer = arrays.memories
    assert batch.normalized.shape == (3, 4)
    assert batch.inverse_deviation.shape == (4,)
    assert layer.inverse_deviation.shape == (3, 1)
    assert batch.training is False
