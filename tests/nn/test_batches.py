"""What layers promise about batches: who divides, what is borrowed, a batch of one and one of none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.nn import BatchNorm, Dense, Network
from glassnet.nn.gradcheck import check_layer
from glassnet.nn.losses import LOSSES
from nn.table import (
    SETUPS,
    TABLE,
    Bench,
    Row,
    Setup,
    assert_same,
    every_layer,
    every_layer_and_setup,
    refused,
)

RTOL = {"float32": 2e-5, "float64": 1e-12}


@every_layer_and_setup
def test_gradients_are_right_on_any_shape(row: Row, setup: Setup) -> None:
    report = check_layer(
        row.make(), row.fit(setup.shape), batch_size=setup.n, training=setup.training, directions=1,
        seed=setup.seed,
    )  # fmt: skip
    assert report.ok, report


@every_layer_and_setup
def test_layers_sum_over_the_batch_and_leave_the_mean_to_the_loss(row: Row, setup: Setup) -> None:
    """A gradient of the batch is the sum of its examples': nobody below the loss divides by their number."""
    setup = setup._replace(training=False)  # in training, BatchNorm mixes examples
    bench = Bench(row, setup)
    together = bench.run()
    total = {name: np.zeros_like(array) for name, array in bench.network.gradients.items()}
    for i in range(setup.n):
        alone = Bench(row, setup._replace(n=1))
        alone.x, alone.dy = bench.x[i : i + 1], bench.dy[i : i + 1]
        alone.run()
        for name, array in alone.network.gradients.items():
            total[name] += array
    expected = {f"d{name}": together[f"d{name}"] for name in total}
    assert_same(expected, {f"d{name}": array for name, array in total.items()}, rtol=RTOL[setup.dtype])


@every_layer_and_setup
def test_backward_is_linear_in_the_cotangent(row: Row, setup: Setup) -> None:
    """Half of dy gives half of every gradient, and the gradients of a sum are the sums."""
    bench = Bench(row, setup)
    first = bench.run()
    other = np.random.default_rng(setup.seed + 100).normal(size=bench.dy.shape)
    names = [name for name in first if name.startswith("d")]

    def back(dy: np.ndarray) -> dict[str, np.ndarray]:
        bench.arrays.output_gradient[...] = dy
        bench.arrays.backward()
        found = bench.outcome()
        return {name: found[name] for name in names}

    second, both = back(other), back(0.5 * bench.dy + 3.0 * other)
    expected = {name: (0.5 * first[name] + 3.0 * second[name]).astype(setup.dtype) for name in names}
    assert_same(expected, both, rtol=10 * RTOL[setup.dtype])


@every_layer_and_setup
def test_what_a_forward_returns_is_borrowed_until_the_next(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)
    first = bench.arrays.forward()
    bench.arrays.activations[0][...] = bench.x
    second = bench.arrays.forward()
    assert second is first
    smaller = bench.arrays.resize(1)
    smaller[...] = bench.x[:1]
    assert np.shares_memory(bench.arrays.forward(), first)
    answers = [bench.network.outputs(bench.x) for _ in range(2)]
    assert not np.shares_memory(*answers)  # what a user is handed is theirs
    np.testing.assert_array_equal(*answers)


@every_layer_and_setup
def test_a_network_has_one_dtype(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)
    bench.run()
    arrays = [*bench.arrays.activations, *bench.arrays.gradients, *bench.memory.values()]
    network = bench.network
    for views in (network.parameters, network.gradients, network.state):
        arrays += views.values()
    assert {array.dtype for array in arrays} == {np.dtype(setup.dtype)}
    assert network.forward(bench.x.astype("float64")).dtype == setup.dtype
    assert network.outputs(bench.x.astype("float16")).dtype == setup.dtype


@every_layer
@given(setup=SETUPS)
def test_float32_agrees_with_float64(row: Row, setup: Setup) -> None:
    # Two or three numbers may be so near one another that their variance is mostly rounding.
    setup = setup._replace(dtype="float64", training=False)
    exact, network = Bench(row, setup), Bench(row, setup._replace(dtype="float32"))
    expected = {name: array.astype("float32") for name, array in exact.run().items()}
    assert_same(expected, network.run(), rtol=1e-3)


# ---- a batch of none, and examples of no width


@every_layer_and_setup
def test_no_examples_go_through_and_teach_nothing(row: Row, setup: Setup) -> None:
    network = Network([row.make()], row.fit(setup.shape), dtype=setup.dtype)
    network.gradients.vector.fill(np.nan)
    state = network.state.vector.copy()
    y = network.forward(np.empty((0, *network.input_shape)))
    assert y.shape == (0, *network.output_shape)
    assert network.backward(np.empty_like(y)).shape == (0, *network.input_shape)
    np.testing.assert_array_equal(network.gradients.vector, 0)
    np.testing.assert_array_equal(network.state.vector, state)
    assert network.outputs(np.empty((0, *network.input_shape))).shape == (0, *network.output_shape)


def test_no_examples_are_nothing_to_train_on() -> None:
    network = Network([Dense(3), BatchNorm()], 4)
    with refused("Network: expected at least one example to train on, got none"):
        network.forward(np.empty((0, 4)), training=True)


@given(
    row=st.sampled_from(TABLE),
    shape=st.lists(st.integers(0, 3), max_size=3).map(tuple).filter(lambda s: math.prod(s) == 0 or not s),
)
def test_examples_of_no_width_are_refused_by_the_network(row: Row, shape: tuple[int, ...]) -> None:
    with refused(f"Network: expected an input shape of positive whole numbers, got {shape}"):
        Network([row.make()], shape)


@every_layer_and_setup
def test_inputs_of_no_width_are_refused_by_a_network_that_expects_some(row: Row, setup: Setup) -> None:
    network = Network([row.make()], row.fit(setup.shape))
    for x in (np.empty((setup.n, 0)), np.empty((0, 0)), np.empty(0)):
        with refused("Network: expected input (N, "):
            network.forward(x)


@pytest.mark.parametrize("name", LOSSES)
@given(n=st.integers(1, 6), outputs=st.integers(2, 5), seed=st.integers(0, 9))
def test_a_loss_is_the_mean_of_its_examples_losses(name: str, n: int, outputs: int, seed: int) -> None:
    generator, loss = np.random.default_rng(seed), LOSSES[name]()
    z, labels = generator.normal(size=(n, outputs)), generator.integers(0, outputs, n)
    targets = loss.encode(labels, outputs, "float64")
    dz = np.empty_like(z)
    whole = loss(z, targets, dz)
    alone, gradients = [], []
    for i in range(n):
        gradients.append(np.empty((1, outputs)))
        alone.append(loss(z[i : i + 1], targets[i : i + 1], gradients[-1]))
    assert whole == pytest.approx(np.mean(alone), rel=1e-12)
    np.testing.assert_allclose(dz, np.concatenate(gradients) / n, rtol=1e-12, atol=1e-15)
