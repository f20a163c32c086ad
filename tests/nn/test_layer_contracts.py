"""What every layer promises, tried on every layer of the table in circumstances that hypothesis picks."""

import json
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glassnet.nn
from glassnet.nn import Dense, Layer, Network, layers
from glassnet.nn.layer import Memory
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


def all_layers(kind: type[Layer] = Layer) -> set[type[Layer]]:
    return {kind}.union(*map(all_layers, kind.__subclasses__()))


def test_the_table_has_a_row_for_every_layer() -> None:
    ours = {layer for layer in all_layers() if layer.__module__.startswith("glassnet.nn")} - {Layer}
    assert ours == set(layers.LAYERS.values())
    assert {row.kind for row in TABLE} == ours
    assert all(getattr(glassnet.nn, name) is layer for name, layer in layers.LAYERS.items())
    assert set(layers.ACTIVATIONS.values()) <= ours


# ---- what is written, and what is not


@every_layer_and_setup
def test_only_what_is_handed_over_to_be_filled_is_written(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)
    x, y, dy, dx = bench.x, bench.arrays.output, bench.dy, bench.arrays.gradients[0]
    memory = bench.arrays.memories[0]
    parameters = list(bench.network.parameters.values())
    before = [array.copy() for array in (x, *parameters)]
    for array in (x, *parameters):
        array.flags.writeable = False  # whoever writes to it gets an error
    bench.layer.forward(x, y, memory)
    for array in (y, dy, *bench.network.state.values(), *bench.memory.values()):
        array.flags.writeable = False
    bench.layer.backward(x, y, memory, dy, dx)
    for array, was in zip((x, *parameters), before):
        np.testing.assert_array_equal(array, was)


@every_layer_and_setup
def test_everything_that_is_handed_over_is_filled(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)  # begins with NaN everywhere
    for array in (*bench.run().values(), *bench.memory.values()):
        assert not np.isnan(array).any()


@every_layer_and_setup
def test_gradients_are_overwritten(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)
    once = bench.run()
    bench.network.gradients.vector.fill(123.0)
    bench.arrays.gradients[0].fill(456.0)
    bench.arrays.backward()
    assert_same(once, bench.outcome())


@every_layer_and_setup
def test_parameters_learn_the_same_without_an_input_gradient(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)
    with_dx = bench.run()
    bench.network.gradients.vector.fill(np.nan)
    bench.layer.backward(bench.x, bench.arrays.output, bench.arrays.memories[0], bench.dy, None)
    assert_same(with_dx, bench.outcome())


@every_layer_and_setup
def test_views_stay_views(row: Row, setup: Setup) -> None:
    """A layer that rebinds its `dW` instead of filling it trains nothing."""
    bench = Bench(row, setup)
    bench.run()
    network = bench.network
    for views, prefix in ((network.parameters, ""), (network.gradients, "d"), (network.state, "")):
        for name, view in views.items():
            assert getattr(bench.layer, prefix + name.partition(".")[2]) is view
            assert np.shares_memory(view, views.vector)


# ---- what the result depends on


@every_layer_and_setup
def test_a_larger_pass_gives_the_same_answer(row: Row, setup: Setup) -> None:
    exact, larger = Bench(row, setup), Bench(row, setup, capacity=setup.n + 3)
    # BLAS may choose another kernel for arrays that lie differently in memory, so products agree to rounding.
    assert_same(exact.run(), larger.run(), rtol=1e-6 if row.kind is Dense else 0.0)


@every_layer_and_setup
def test_the_same_seed_gives_the_same_numbers(row: Row, setup: Setup) -> None:
    assert_same(Bench(row, setup).run(), Bench(row, setup).run())


@every_layer_and_setup
def test_nobody_elses_random_numbers_are_drawn(row: Row, setup: Setup) -> None:
    numpys, pythons = np.random.get_state(), random.getstate()  # noqa: NPY002
    Bench(row, setup).run()
    assert random.getstate() == pythons
    for before, after in zip(numpys, np.random.get_state()):  # noqa: NPY002
        np.testing.assert_array_equal(before, after)


@every_layer_and_setup
def test_predicting_changes_nothing(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup._replace(training=False))
    vectors = bench.network.parameters.vector, bench.network.state.vector
    before = [vector.copy() for vector in vectors]
    bench.arrays.activations[0][...] = bench.x
    first = bench.arrays.forward().copy()
    for vector, kept in zip(vectors, before):
        np.testing.assert_array_equal(vector, kept)
    np.testing.assert_array_equal(bench.arrays.forward(), first)


@every_layer_and_setup
def test_examples_do_not_mix_in_predicting(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup._replace(training=False))
    together = bench.run()
    for i in range(setup.n):
        alone = Bench(row, setup._replace(training=False, n=1))
        alone.x, alone.dy = bench.x[i : i + 1], bench.dy[i : i + 1]
        found = alone.run()
        tolerance = 1e-5 if setup.dtype == "float32" else 1e-12
        for name in ("y", "dx"):
            np.testing.assert_allclose(found[name][0], together[name][i], rtol=tolerance, atol=tolerance)


@every_layer_and_setup
def test_two_passes_do_not_disturb_each_other(row: Row, setup: Setup) -> None:
    """What belongs to one batch belongs to its pass: another forward in between must not matter."""
    expected = Bench(row, setup).run()
    bench = Bench(row, setup)
    bench.arrays.activations[0][...] = bench.x
    bench.arrays.forward()
    other = bench.network.new_pass(setup.n + 1)
    other.activations[0][...] = 3.0
    other.forward()
    bench.arrays.output_gradient[...] = bench.dy
    bench.arrays.backward()
    assert_same(expected, bench.outcome())


# ---- what a layer is, as data


@every_layer
def test_a_layer_comes_back_from_its_configuration(row: Row) -> None:
    layer = row.make()
    config = layer.config()
    again = layers.from_config(json.loads(json.dumps(config)))
    assert type(again) is row.kind
    assert again.config() == config
    assert {**config, **row.options} == config
    assert all(getattr(again, name) == value for name, value in row.options.items())


@every_layer
def test_the_representation_makes_the_layer(row: Row) -> None:
    layer = row.make()
    again = eval(repr(layer), dict(layers.LAYERS))
    assert type(again) is row.kind
    assert again.config() == layer.config()


@every_layer
def test_a_layer_belongs_to_one_network(row: Row) -> None:
    layer = row.make()
    with refused("expected each layer once"):
        Network([layer, layer], row.fit((4,)))
    Network([layer], row.fit((4,)))
    with refused(f"{row.kind.__name__} 1: already belongs to a network"):
        Network([layer], row.fit((4,)))


@every_layer
@given(setup=SETUPS)
def test_declared_shapes_are_what_comes_out(row: Row, setup: Setup) -> None:
    bench = Bench(row, setup)
    bench.run()
    if row.kind is Dense:
        assert bench.layer.output_shape == (row.options["units"],)
    elif row.kind is layers.Flatten:
        assert bench.layer.output_shape == (int(np.prod(bench.layer.input_shape)),)
    else:
        assert bench.layer.output_shape == bench.layer.input_shape


WRONG = [
    ({"kind": "dens"}, "unknown layer 'dens'; did you mean 'Dense'"),
    ({"kind": "gelu"}, "unknown layer 'gelu'; did you mean 'GELU'"),
    ({"kind": None}, "unknown layer None"),
    ({}, "unknown layer None"),
    ({"kind": "Dense", "units": 3, "unit": 3}, "unknown option of Dense 'unit'; did you mean 'units'"),
    ({"kind": "Dense", "units": 0}, "Dense: expected a whole number of units, at least 1, got 0"),
    ({"kind": "Dense", "units": 2.0}, "whole number of units, at least 1, got 2.0"),
    ({"kind": "Dense", "units": True}, "whole number of units, at least 1, got True"),
    ({"kind": "Dense", "units": 2, "initializer": "he_norm"}, "did you mean 'he_normal'"),
    ({"kind": "Dropout", "rate": 1}, "Dropout: expected a rate of at least 0 and below 1, got 1"),
    ({"kind": "Dropout", "rate": -0.1}, "got -0.1"),
    ({"kind": "Dropout", "rate": float("nan")}, "got nan"),
    ({"kind": "LeakyReLU", "slope": 1}, "LeakyReLU: expected a slope of at least 0 and below 1, got 1"),
    ({"kind": "BatchNorm", "momentum": 0}, "BatchNorm: expected a momentum above 0, at most 1, got 0"),
    ({"kind": "BatchNorm", "epsilon": 0}, "BatchNorm: expected an epsilon above 0, got 0"),
    ({"kind": "Dense", "units": 2, "initializer": 0}, "unknown initializer 0; known: he_normal"),
    ({"kind": "Dropout", "rate": "a"}, "Dropout: expected a rate of at least 0 and below 1, got 'a'"),
    ({"kind": "LeakyReLU", "slope": "a"}, "LeakyReLU: expected a slope of at least 0 and below 1, got 'a'"),
    ({"kind": "BatchNorm", "momentum": "a"}, "BatchNorm: expected a momentum above 0, at most 1, got 'a'"),
    ({"kind": "BatchNorm", "epsilon": None}, "BatchNorm: expected an epsilon above 0, got None"),
    ({"kind": "LayerNorm", "epsilon": -1e-5}, "LayerNorm: expected an epsilon above 0, got -1e-05"),
]


@pytest.mark.parametrize(("config", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_description_is_answered_in_one_line(config: dict, message: str) -> None:
    before = dict(config)
    with refused(message):
        layers.from_config(config)
    assert config == before


# ---- what a layer alone does

POINTS = [-3.0, -0.5, 0.0, 0.5, 3.0]
BY_HAND = {
    layers.ReLU: lambda x: max(x, 0.0),
    layers.LeakyReLU: lambda x: x if x > 0 else 0.01 * x,
    layers.Sigmoid: lambda x: 1 / (1 + math.exp(-x)),
    layers.Tanh: math.tanh,
    layers.GELU: lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    layers.Softmax: lambda x: math.exp(x) / sum(map(math.exp, POINTS)),
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_activation_by_hand(kind: type[Layer]) -> None:
    y = Network([kind()], len(POINTS), dtype="float64").forward([POINTS])
    np.testing.assert_allclose(y, [[BY_HAND[kind](x) for x in POINTS]], rtol=1e-14)


def test_normalization_by_hand() -> None:
    x = [[1.0, 2.0], [3.0, 8.0]]
    network = Network([layers.BatchNorm(momentum=0.25, epsilon=3.0)], 2, dtype="float64")
    network.parameters["1.gamma"][...] = 2, 1
    network.parameters["1.beta"][...] = 10, 20
    y = network.forward(x, training=True)
    np.testing.assert_allclose(y, [[9, 20 - 3 / 12**0.5], [11, 20 + 3 / 12**0.5]])
    np.testing.assert_allclose(network.state["1.running_mean"], [0.25 * 2, 0.25 * 5])
    np.testing.assert_allclose(network.state["1.running_variance"], [0.75 + 0.25 * 2, 0.75 + 0.25 * 18])
    y = Network([layers.LayerNorm(epsilon=0.75)], 2, dtype="float64").forward(x)
    np.testing.assert_allclose(y, [[-0.5, 0.5], [-2.5 / 7**0.5, 2.5 / 7**0.5]])


@given(rate=st.sampled_from([0.1, 0.5, 0.9]), dtype=st.sampled_from(["float32", "float64"]))
def test_dropout_keeps_the_share_and_the_expected_value(rate: float, dtype: str) -> None:
    layer = layers.LAYERS["Dropout"](rate)
    x = np.ones((200, 500), dtype)
    y, mask = np.empty_like(x), np.empty_like(x)
    layer.forward(x, y, Memory(training=True, generator=np.random.default_rng(0), mask=mask))
    assert np.unique(y) == pytest.approx([0, 1 / (1 - rate)])
    deviation = np.sqrt(rate / (1 - rate) / x.size)  # of the mean of 100,000 independent entries
    assert abs(y.mean(dtype=np.float64) - 1) < 5 * deviation
    for axis in (0, 1):  # every feature and every example has its own luck
        assert len(np.unique((y > 0).sum(axis=axis))) > 10


def test_batch_norm_follows_the_batches() -> None:
    network = Network([layers.BatchNorm(momentum=0.1)], 2, dtype="float64")
    generator = np.random.default_rng(0)
    for _ in range(300):
        network.forward(generator.normal([3, -5], [2, 0.5], (64, 2)), training=True, generator=generator)
    np.testing.assert_allclose(network.state["1.running_mean"], [3, -5], rtol=0.05)
    np.testing.assert_allclose(network.state["1.running_variance"], [4, 0.25], rtol=0.2)
    y = network.forward(generator.normal([3, -5], [2, 0.5], (5000, 2)))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose(y.std(axis=0), 1, atol=0.1)


def test_batch_norm_of_a_single_example_touches_no_running_value() -> None:
    network = Network([layers.BatchNorm()], 2, dtype="float64")
    y = network.forward([[3.0, 4.0]], training=True)
    np.testing.assert_array_equal(y, [[0, 0]])
    np.testing.assert_array_equal(network.state.vector, [0, 0, 1, 1])
