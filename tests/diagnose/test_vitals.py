"""Vital signs against the same numbers worked out plainly, and on numbers that are hard to look at."""

import math
from copy import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from glassnet.diagnose import BINS, Histogram, Vitals, vitals
from glassnet.diagnose.vitals import MOST, MOST_OF_BATCH, _highest, _histogram, thinned
from glassnet.nn import (
    GELU,
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from glassnet.nn.passes import Pass


def stepped(*layers: Layer, inputs: int | tuple[int, ...] = 6, n: int = 20) -> tuple[Network, Pass]:
    """A network, and a pass of it that went forward and back over random examples."""
    network = Network([copy(layer) for layer in layers], inputs)
    random = np.random.default_rng(0)
    flow = network.new_pass(n, training=True, generator=random)
    flow.activations[0][...] = random.normal(size=flow.activations[0].shape)
    z = flow.forward()
    flow.output_gradient[...] = random.normal(size=z.shape)
    flow.backward()
    return network, flow


def plainly(numbers: np.ndarray) -> Histogram:
    low, high = float(numbers.min()), float(numbers.max())
    counts, _ = np.histogram(numbers.astype(np.float64), bins=BINS, range=(low, high))
    return Histogram(low, high, counts)


def same(found: Histogram | None, expected: Histogram) -> bool:
    return (
        found is not None
        and (found.low, found.high) == (expected.low, expected.high)
        and np.array_equal(found.counts, expected.counts)
    )


# ---- against NumPy


def test_each_layer_of_the_body_has_its_signs() -> None:
    network, flow = stepped(Dense(8), ReLU(), Dropout(0.3), Dense(5), Tanh(), Dense(3), Softmax())
    found = vitals(network, flow, None)
    assert [(v.place, v.kind) for v in found] == [
        (1, "Dense"), (2, "ReLU"), (3, "Dropout"), (4, "Dense"), (5, "Tanh"), (6, "Dense"),
    ]  # fmt: skip
    assert found[2].label == "Dropout 0.3"
    for v in found:
        matrix = f"{v.place}.W" if v.kind == "Dense" else None
        assert same(v.activations, plainly(flow.activations[v.place]))
        if matrix:
            assert same(v.weights, plainly(network.parameters[matrix]))
            assert same(v.gradients, plainly(network.gradients[matrix]))
        else:
            gradient = flow.gradients[v.place]
            assert gradient is not None
            assert v.weights is None
            assert same(v.gradients, plainly(gradient))
    assert [v.dead is not None for v in found] == [v.kind == "ReLU" for v in found]
    assert [v.saturated is not None for v in found] == [v.kind == "Tanh" for v in found]


def test_the_ratio_is_of_the_lengths_of_each_weight_matrix() -> None:
    network, flow = stepped(Dense(8), BatchNorm(), ReLU(), Dense(5, bias=False), Dense(3))
    before = network.parameters.vector.copy()
    network.parameters.vector[...] += np.random.default_rng(1).normal(size=before.size) * 0.01
    moved = network.parameters.vector - before
    found = {v.place: v.ratio for v in vitals(network, flow, moved)}
    twin = network.copy()
    twin.parameters.vector[...] = moved
    for place in (1, 4, 5):
        name = f"{place}.W"
        expected = np.linalg.norm(twin.parameters[name]) / np.linalg.norm(network.parameters[name])
        assert found[place] == pytest.approx(expected, rel=1e-6)
    assert (found[2], found[3]) == (None, None)
    assert {v.ratio for v in vitals(network, flow, None)} == {None}


def test_a_unit_is_dead_that_answers_no_example() -> None:
    network, flow = stepped(Dense(8), ReLU(), Dense(2))
    network.parameters["1.b"][:] = [-100, 0, 0, -100, 0, 0, -100, 0]
    flow.activations[0][:, 0] = np.arange(20)  # unit 1 answers one of them alone
    network.parameters["1.W"][:, 1] = 0
    network.parameters["1.W"][0, 1] = 1
    network.parameters["1.b"][1] = -18.5
    flow.forward()
    expected = (flow.activations[2] <= 0).all(axis=0).mean()
    assert 3 / 8 <= expected < 1
    assert vitals(network, flow, None)[1].dead == expected
    assert (flow.activations[2][:, 1] > 0).sum() == 1


@pytest.mark.parametrize(
    ("layer", "offset", "dead"),
    [
        (ReLU(), 0.0, 1.0), (ReLU(), 0.1, 0.0),
        (GELU(), -3.9, 0.0), (GELU(), -4.1, 1.0),
        (LeakyReLU(0.0), -0.1, 1.0), (LeakyReLU(0.0), 0.1, 0.0), (LeakyReLU(0.01), -0.1, None),
        (Tanh(), -9.0, None), (Sigmoid(), -9.0, None),
    ],
)  # fmt: skip
def test_where_each_rectifier_is_dead(layer: Layer, offset: float, dead: float | None) -> None:
    network, flow = stepped(Dense(4), layer, Dense(2))
    network.parameters["1.W"][...] = 0
    network.parameters["1.b"][...] = offset
    flow.forward()
    assert vitals(network, flow, None)[1].dead == dead


@pytest.mark.parametrize("layer", [Tanh(), Sigmoid()])
def test_saturated_is_where_the_slope_is_a_twentieth_of_the_steepest(layer: Layer) -> None:
    network, flow = stepped(Dense(30), layer, Dense(2), n=50)
    network.parameters["1.W"][...] *= 3
    flow.forward()
    x, step = flow.activations[1].astype(float), 1e-6
    bent = [np.tanh(x + d) if isinstance(layer, Tanh) else 1 / (1 + np.exp(-x - d)) for d in (-step, step)]
    slope = (bent[1] - bent[0]) / (2 * step)
    steepest = 1.0 if isinstance(layer, Tanh) else 0.25
    share = float((slope < steepest / 20).mean())
    assert 0.05 < share < 0.95
    assert vitals(network, flow, None)[1].saturated == pytest.approx(share, abs=1e-3)


def test_images_and_a_layer_without_gradient_below_it() -> None:
    network, flow = stepped(Flatten(), Dense(4), ReLU(), Dense(2), inputs=(3, 5))
    first, *_ = found = vitals(network, flow, None)
    assert same(first.activations, plainly(flow.activations[1]))
    assert first.gradients is None  # nothing below the first weights is computed
    assert found[1].gradients is not None


def test_looking_changes_nothing() -> None:
    network, flow = stepped(Dense(8), ReLU(), Dropout(0.0), Dense(3))
    kept = [network.parameters.vector, network.gradients.vector, *flow.activations]
    kept += [g for g in flow.gradients if g is not None]
    before = [array.copy() for array in kept]
    moved = np.ones_like(network.parameters.vector)
    vitals(network, flow, moved)
    assert all(np.array_equal(a, b) for a, b in zip(kept, before))
    assert (moved == 1).all()


def test_before_the_first_step_only_the_weights_are_there() -> None:
    network = Network([Dense(4), ReLU(), Dense(2)], 3)
    for v in vitals(network, None, None):
        assert (v.activations, v.gradients, v.ratio, v.dead, v.saturated) == (None,) * 5
        assert (v.weights is None) == (v.kind == "ReLU")


@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_dropout_that_is_idle_is_told_as_what_it_hands_on(rate: float) -> None:
    network, flow = stepped(Dense(8), ReLU(), Dropout(rate), Dense(3))
    _, relu, dropout, _ = vitals(network, flow, None)
    assert same(dropout.activations, plainly(flow.activations[3]))
    gradient = flow.gradients[3]
    assert gradient is not None
    assert same(dropout.gradients, plainly(gradient))
    assert (dropout.place, dropout.kind, dropout.label) == (3, "Dropout", f"Dropout {rate:g}")
    assert (dropout.weights, dropout.ratio, dropout.dead) == (None, None, None)
    assert (dropout.activations is relu.activations) == (rate == 0)


# ---- many numbers


@pytest.mark.parametrize("shape", [(784, 512), (784, 128), (4096, 2), (60_000, 1), (64, 64, 64), (9000,)])
def test_of_many_numbers_some_thousand_are_taken_from_all_rows_and_columns(shape: tuple[int, ...]) -> None:
    total, width = math.prod(shape), shape[-1]
    places = np.arange(total, dtype=np.float64).reshape(shape)
    taken = thinned(places)
    assert MOST / 2 < len(taken) <= MOST
    assert np.array_equal(taken, thinned(places))
    assert len(set(np.diff(taken))) == 1
    columns = np.bincount((taken % width).astype(int), minlength=width)
    assert columns.max() - columns.min() <= 1
    assert taken.max() >= total - total / MOST * 2


def test_few_numbers_are_all_taken() -> None:
    for size in (0, 1, 7, MOST):
        assert np.array_equal(thinned(np.arange(size, dtype=np.float32)), np.arange(size))


def test_signs_of_a_large_layer_are_near_those_of_all_its_numbers() -> None:
    network, flow = stepped(Dense(300), ReLU(), Dense(3), inputs=784, n=100)
    moved = np.random.default_rng(2).normal(size=network.size).astype(np.float32) * 0.001
    first, relu, _ = vitals(network, flow, moved)
    matrix = network.parameters["1.W"]
    ratio = np.linalg.norm(moved[: matrix.size]) / np.linalg.norm(matrix)
    assert first.ratio == pytest.approx(float(ratio), rel=0.05)
    assert first.weights is not None
    assert first.weights.counts.sum() <= MOST
    assert first.weights.high == pytest.approx(matrix.max(), rel=0.45)
    assert relu.dead == (flow.activations[2] <= 0).all(axis=0).mean()


def test_a_dead_unit_is_looked_for_in_every_example_of_any_usual_batch() -> None:
    batch = np.zeros((512, 512), np.float32)
    batch[311, 17] = 1
    assert _highest(batch).sum() == 1
    huge = np.zeros((2 * MOST_OF_BATCH, 1), np.float32)
    assert _highest(huge).shape == (1,)


# ---- numbers that are hard to look at


def test_numbers_that_are_all_alike_are_in_the_middle() -> None:
    for value in (0.0, 1.0, -3e5, 1e300, 5e-324):
        found = _histogram(np.full(9, value))
        assert found is not None
        assert found.low < value < found.high
        assert found.counts[BINS // 2 - 1 : BINS // 2 + 1].sum() == 9 == found.counts.sum()


def test_the_largest_numbers_there_are() -> None:
    found = _histogram(np.array([-1.7e308, 0.0, 1.7e308]))
    assert found is not None
    assert (found.low, found.high) == (-1.7e308, 1.7e308)
    assert found.counts[[0, BINS // 2, BINS - 1]].tolist() == [1, 1, 1]


@pytest.mark.parametrize("spoilt", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("layer", [ReLU(), GELU(), Tanh(), Sigmoid()])
def test_a_network_that_is_not_finite_is_looked_at_like_any_other(layer: Layer, spoilt: float) -> None:
    network, flow = stepped(Dense(8), layer, Dense(3))
    network.parameters["1.W"][0, :4] = spoilt
    with np.errstate(all="ignore"):
        flow.forward()
        flow.backward()
    moved = np.full_like(network.parameters.vector, spoilt)
    first, activation, last = vitals(network, flow, moved)
    assert first.weights is not None
    assert first.weights.counts.sum() == 6 * 8 - 4
    assert first.ratio is None
    for v in (first, activation, last):
        for histogram in (v.weights, v.activations, v.gradients):
            assert histogram is None or np.isfinite([histogram.low, histogram.high]).all()
        assert v.dead is None or 0 <= v.dead <= 0.5
        assert v.saturated is None or 0 <= v.saturated <= 1


def test_nothing_but_nan_has_no_histogram() -> None:
    network, flow = stepped(Dense(8), ReLU(), Dense(3))
    for array in (network.parameters.vector, network.gradients.vector, *flow.activations):
        array[...] = np.nan
    for v in vitals(network, flow, network.parameters.vector):
        assert (v.weights, v.activations, v.ratio) == (None, None, None)
        assert v.dead in (None, 0)


def test_weights_that_are_all_0_have_no_ratio() -> None:
    network, flow = stepped(Dense(8, initializer="zeros"), ReLU(), Dense(3, initializer="zeros"))
    assert {v.ratio for v in vitals(network, flow, np.ones(network.size, np.float32))} == {None}


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.integers(1, 200),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    )
)
def test_a_histogram_counts_each_finite_number_where_it_belongs(numbers: np.ndarray) -> None:
    found = _histogram(numbers.astype(np.float64))
    finite = numbers[np.isfinite(numbers)].astype(np.float64)
    if not finite.size:
        assert found is None
        return
    assert found is not None
    assert found.counts.shape == (BINS,)
    assert found.counts.sum() == finite.size
    assert found.low <= finite.min()
    assert finite.max() <= found.high
    edges = np.linspace(found.low, found.high, BINS + 1)
    slack = (found.high - found.low) * 1e-9
    for part in np.flatnonzero(found.counts):
        inside = (edges[part] - slack <= finite) & (finite <= edges[part + 1] + slack)
        assert inside.sum() >= found.counts[part]


def test_signs_are_plain_tuples() -> None:
    network, flow = stepped(Dense(4), ReLU(), Dense(2))
    (first, *_) = vitals(network, flow, None)
    assert isinstance(first, Vitals)
    assert first._fields[:3] == ("place", "kind", "label")
