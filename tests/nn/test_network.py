"""The network: building, its answers, several threads, copies, and what it says of what does not fit."""

import copy
import json
import math
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.nn import (
    GELU,
    BatchNorm,
    CrossEntropy,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LayerNorm,
    Network,
    ReLU,
    Scaling,
    Sigmoid,
    Softmax,
    Tanh,
)
from glassnet.nn.network import CHUNK
from nn.table import Shape, randomized, refused


def make(dtype: str = "float32", **options: Any) -> Network:
    layers = [
        Flatten(),
        Dense(16),
        BatchNorm(),
        GELU(),
        Dropout(0.3),
        Dense(8),
        LayerNorm(),
        ReLU(),
        Dense(4),
    ]
    return randomized(Network(layers, (3, 2), dtype=dtype, **options))


def inputs(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 3, 2)).astype("float32")


# ---- building


def test_shapes_are_inferred() -> None:
    network = make()
    assert [layer.input_shape for layer in network.layers[:3]] == [(3, 2), (6,), (16,)]
    assert [layer.output_shape for layer in network.layers[:3]] == [(6,), (16,), (16,)]
    assert network.input_shape == (3, 2)
    assert network.output_shape == (4,)
    assert Network([Dense(2)], np.int64(3)).input_shape == Network([Dense(2)], [3]).input_shape == (3,)


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        ([], 3, "Network: expected at least one layer, got none"),
        (
            [Dense],
            3,
            "Network: expected a Layer at place 1, got <class 'glassnet.nn.dense.Dense'>; write Dense(…)",
        ),
        (["relu"], 3, "Network: expected a Layer at place 1, got 'relu'"),
        (
            [Dense(2)],
            (3, 4),
            "Dense 1: expected vectors, got examples of shape (3, 4); put a Flatten before it",
        ),
        ([ReLU(), BatchNorm()], (3, 4), "BatchNorm 2: expected vectors, got examples of shape (3, 4)"),
        (
            Dense(2),
            3,
            "Network: expected a list of layers, got Dense(units=2, bias=True, initializer='he_normal');"
            " write [Dense(units=2, bias=True, initializer='he_normal')]",
        ),
        (None, 3, "Network: expected a list of layers, got None"),
        ([Dense(2)], 3.0, "Network: expected an input shape of positive whole numbers, got 3.0"),
        ([Dense(2)], None, "Network: expected an input shape of positive whole numbers, got None"),
        ([Dense(2)], 0, "Network: expected an input shape of positive whole numbers, got 0"),
        ([Dense(2)], (), "Network: expected an input shape of positive whole numbers, got ()"),
        ([Dense(2)], (3, -1), "Network: expected an input shape of positive whole numbers, got (3, -1)"),
        ([Dense(2)], (2.0,), "Network: expected an input shape of positive whole numbers, got (2.0,)"),
    ],
)
def test_layers_that_do_not_fit(layers: list[Any], shape: Shape, message: str) -> None:
    with refused(message):
        Network(layers, shape)


def test_layers_that_did_not_fit_may_be_tried_again() -> None:
    layers = [ReLU(), Dense(2)]
    with refused("Dense 2: expected vectors"):
        Network(layers, (3, 4))
    assert Network(layers, 12).output_shape == (2,)


@pytest.mark.parametrize(
    ("dtype", "message"),
    [
        ("float23", "unknown dtype 'float23'; did you mean 'float32'"),
        ("float16", "unknown dtype 'float16'"),
        (int, "unknown dtype 'int64'"),
        (np.complex64, "unknown dtype 'complex64'"),
    ],
)
def test_dtypes_that_a_network_cannot_have(dtype: Any, message: str) -> None:
    with refused(message):
        Network([Dense(2)], 3, dtype=dtype)
    network = Network([Dense(2)], 3)
    with refused(message):
        network.copy(dtype)
    assert network.dtype == np.float32


@pytest.mark.parametrize("seed", ["x", -1, 0.5])
def test_a_seed_that_is_none(seed: Any) -> None:
    with refused(f"Network: expected a seed of None or a whole number, at least 0, got {seed!r}"):
        Network([Dense(2)], 3, seed=seed)


def test_a_scaling_that_is_none() -> None:
    with refused("Network: expected a Scaling, got 255"):
        Network([Dense(2)], 3, scaling=255)


@pytest.mark.parametrize("dtype", ["float32", np.float32, np.dtype("float32")])
def test_a_dtype_may_be_written_in_several_ways(dtype: Any) -> None:
    assert Network([Dense(2)], 3, dtype=dtype).dtype == np.float32


@pytest.mark.parametrize(
    ("outputs", "loss", "names", "message"),
    [
        (3, "cross_entropy", "ab", "Network: expected 3 class names, got 2"),
        (1, "binary_cross_entropy", "a", "Network: expected 2 class names, got 1"),
        (2, "cross_entropy", "abc", "Network: expected 2 class names, got 3"),
    ],
)
def test_as_many_class_names_as_outputs(outputs: int, loss: str, names: str, message: str) -> None:
    with refused(message):
        Network([Dense(outputs)], 3, loss=loss, classes=names)
    Network([Dense(outputs)], 3, loss=loss, classes="abc"[: max(outputs, 2)])


def test_an_unknown_loss() -> None:
    with refused("unknown loss 'cros_entropy'; did you mean 'cross_entropy'"):
        Network([Dense(2)], 3, loss="cros_entropy")
    known = Network([Dense(2)], 3, loss="cross-entropy").loss
    assert isinstance(known, CrossEntropy)


def test_summary() -> None:
    layers = [Flatten(), Dense(128), ReLU(), Dropout(0.25), Dense(10), Softmax()]
    network = Network(layers, (28, 28), scaling=Scaling(scale=1 / 255))
    assert [" ".join(line.split()) for line in network.summary().splitlines()] == [
        "input, x / 255 28 × 28",
        "1 Flatten 784",
        "2 Dense 128 100,480",
        "3 ReLU 128",
        "4 Dropout 0.25 128",
        "5 Dense 10 1,290",
        "6 Softmax 10",
        "101,770 parameters, float32, cross_entropy paired with Softmax",
    ]


@pytest.mark.parametrize(
    ("network", "line"),
    [
        (
            lambda: Network([Dense(128), ReLU(), Dense(10)], 784),
            "Network 784-128-10 (Dense, ReLU, Dense), 101,770 parameters, float32",
        ),
        (
            lambda: Network([Flatten(), Dense(6), BatchNorm(), Dense(6), Sigmoid()], (3, 2), dtype="float64"),
            "Network 3 × 2-6-6-6 (Flatten, Dense, BatchNorm, Dense, Sigmoid), 96 parameters, float64",
        ),
        (lambda: Network([ReLU()], 5), "Network 5 (ReLU), 0 parameters, float32"),
    ],
)
def test_a_network_prints_in_one_line(network: Callable[[], Network], line: str) -> None:
    assert repr(network()) == str(network()) == line


# ---- forward and backward


def test_forward_gives_the_last_layers_output_and_keeps_the_flow() -> None:
    network, x = make("float64", loss="mse"), inputs(5)
    y = network.forward(x)
    np.testing.assert_array_equal(y, network.outputs(x))
    assert network.flow is not None
    assert network.flow.output is y
    np.testing.assert_array_equal(network.flow.activations[0], x)


def test_backward_needs_a_forward_and_its_shape() -> None:
    network = make()
    with refused("backward: expected a forward before it, got none"):
        network.backward(np.ones((5, 4)))
    network.forward(inputs(5))
    with refused("backward: expected dy (5, 4), got (4, 5)"):
        network.backward(np.ones((4, 5)))


def test_evaluating_between_forward_and_backward_does_no_harm() -> None:
    network, x = make(), inputs(5)
    dy = np.random.default_rng(0).normal(size=(5, 4))
    results = []
    for disturb in (False, True):
        network.forward(x, training=True, generator=np.random.default_rng(0))
        if disturb:
            network.predict(inputs(300, seed=1))
        results.append((network.backward(dy).copy(), network.gradients.vector.copy()))
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])


def test_training_draws_from_the_generator_that_is_handed_over() -> None:
    network, x = make(), inputs(50)
    one, same, other = (
        network.forward(x, training=True, generator=np.random.default_rng(seed)).copy() for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    assert (network.forward(x, training=True) != one).any()


# ---- answers


@given(n=st.sampled_from([0, 1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5]))
def test_chunks_are_put_together(n: int) -> None:
    network, x = make("float64"), inputs(n)
    found = network.outputs(x)
    assert found.shape == (n, 4)
    assert found.dtype == np.float64
    if n:
        # BLAS may choose another kernel for another number of rows, so they agree to rounding.
        np.testing.assert_allclose(found, network.forward(x), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(network.predict(x), found.argmax(axis=1))
    rows = network.predict_proba(x)
    np.testing.assert_allclose(rows, np.exp(found) / np.exp(found).sum(axis=1, keepdims=True), rtol=1e-10)


@pytest.mark.parametrize("shape", [(0, 784), (0, 28, 28)])
@pytest.mark.parametrize(
    ("loss", "outputs"), [("cross_entropy", 10), ("binary_cross_entropy", 1), ("mse", 2)]
)
def test_no_examples_have_no_answers(shape: Shape, loss: str, outputs: int) -> None:
    network = Network([Dense(outputs)], 784, loss=loss, scaling=Scaling(scale=1 / 255))
    assert network.predict(np.zeros(shape, np.uint8)).shape == ((0, 2) if loss == "mse" else (0,))
    assert network.forward(np.zeros(shape)).shape == (0, outputs)
    if loss != "mse":
        assert network.predict_proba(np.zeros(shape)).shape == (0, max(outputs, 2))


def test_answers_are_the_users_own() -> None:
    network = make()
    first = network.outputs(inputs(5))
    kept = first.copy()
    network.outputs(inputs(5, seed=1))
    np.testing.assert_array_equal(first, kept)


def test_inputs_are_not_written_to() -> None:
    network, x = make(scaling=Scaling(1.0, 2.0)), inputs(5)
    x.flags.writeable = False  # whoever writes to it gets an error
    before = x.tolist()
    network.predict(x)
    network.forward(x, training=True)
    assert x.tolist() == before


@pytest.mark.parametrize(
    "kind", [list, lambda x: x.astype("float64"), lambda x: x[:, ::1][::1], np.asfortranarray]
)
def test_inputs_of_many_kinds(kind: Callable[[np.ndarray], Any]) -> None:
    network, x = make(), inputs(5)
    np.testing.assert_array_equal(network.outputs(kind(x)), network.outputs(x))
    np.testing.assert_array_equal(network.outputs(x.reshape(5, 6)), network.outputs(x))
    assert network.outputs(kind(x)).dtype == np.float32


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((3, 2)), "expected input (N, 3, 2), got (3, 2) (one example? add a batch axis: x[None])"),
        (np.zeros((5, 7)), "expected input (N, 3, 2), got (5, 7)"),
        (np.zeros(6), "expected input (N, 3, 2), got (6,)"),
        (np.float64(1), "expected input (N, 3, 2), got ()"),
        (np.zeros((5, 3, 2), complex), "expected numbers, got an array of complex128"),
        (np.full((5, 3, 2), "1"), "expected numbers, got an array of <U1"),
        (np.full((5, 3, 2), None), "expected numbers, got an array of object"),
    ],
)
def test_inputs_that_do_not_fit(x: Any, message: str) -> None:
    network = make()
    for use in (network.predict, network.predict_proba, network.outputs, network.forward):
        with refused(f"Network: {message}"):
            use(x)


def test_a_network_of_values_answers_values() -> None:
    network, x = make(loss="mse"), inputs(5)
    assert not network.classifies
    np.testing.assert_array_equal(network.predict(x), network.outputs(x))
    with refused("predict_proba: expected a network of classes, got one trained on values"):
        network.predict_proba(x)
    named = make(loss="mse", classes="abcd")
    np.testing.assert_array_equal(named.predict(x), named.outputs(x).argmax(axis=1))
    np.testing.assert_allclose(named.predict_proba(x).sum(axis=1), 1, rtol=1e-6)


def test_a_network_that_has_diverged_answers_without_noise() -> None:
    network = make()
    network.parameters.vector.fill(np.inf)
    assert np.isnan(network.outputs(inputs(5))).all()
    assert network.predict(inputs(5)).shape == (5,)


# ---- several threads


def in_threads(work: Callable[[int], Any], n: int = 8) -> list[Any]:
    """What `work(i)` gives, all started at the same moment."""
    barrier = threading.Barrier(n)

    def start(i: int) -> Any:
        barrier.wait()
        return work(i)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(start, range(n)))


@pytest.mark.parametrize("training_now", [False, True])
def test_eight_threads_get_the_answers_of_one(training_now: bool) -> None:
    network = make()
    network.training_now = training_now
    batches = [inputs(50 + 100 * i, seed=i) for i in range(8)]
    expected = [(network.predict(x), network.predict_proba(x)) for x in batches]
    found = in_threads(
        lambda i: [(network.predict(batches[i]), network.predict_proba(batches[i])) for _ in range(9)]
    )
    for (classes, rows), answers in zip(expected, found):
        for answer in answers:
            np.testing.assert_array_equal(answer[0], classes)
            np.testing.assert_array_equal(answer[1], rows)


def test_answers_during_training_come_from_one_moments_weights() -> None:
    """All parameters are k after update k, which takes its time; then the answer to ones is 4k · 4k + k."""
    layers = [Dense(4, initializer="ones"), Dense(1, initializer="ones")]
    network = Network(layers, 3, loss="mse", dtype="float64")
    network.training_now = True
    vector, done, moments = network.parameters.vector, threading.Event(), set()

    def train() -> None:
        k = 0
        while not done.is_set():
            k += 1
            with network.lock:
                for i in range(vector.size):
                    vector[i] = k

    vector.fill(1)
    trainer = threading.Thread(target=train)
    trainer.start()
    try:
        while len(moments) < 30:
            (answer,) = np.unique(network.predict(np.ones((2 * CHUNK, 3))))
            k = round(math.sqrt(answer) / 4 - 1 / 32)
            assert answer == 16 * k * k + k
            moments.add(k)
    finally:
        done.set()
        trainer.join()


def test_a_snapshot_is_independent_and_knows_layers_that_others_wrote() -> None:
    class Double(Layer):
        def forward(self, x: Any, y: Any, memory: Any) -> None:
            np.multiply(x, 2, out=y)

    network = randomized(Network([Dense(3), Double(), BatchNorm()], 3))
    network.training_now = True
    x = np.ones((2, 3), "float32")
    before, snapshot = network.outputs(x), network.snapshot()
    network.parameters.vector.fill(0)
    network.state.vector.fill(1)
    np.testing.assert_array_equal(snapshot.outputs(x), before)
    assert (network.outputs(x) != before).any()
    assert snapshot.layers[0].W is snapshot.parameters["1.W"]
    assert network.layers[0].W is network.parameters["1.W"]


# ---- copies


def through_json(network: Network) -> Network:
    twin = Network.from_config(json.loads(json.dumps(network.config())))
    twin.parameters.vector[...] = network.parameters.vector
    twin.state.vector[...] = network.state.vector
    return twin


COPIES = [Network.copy, copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net)), through_json]


@pytest.mark.parametrize("duplicate", COPIES, ids=["copy", "copy.copy", "deepcopy", "pickle", "config"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_copy_answers_the_same_and_is_independent(
    duplicate: Callable[[Network], Network], dtype: str
) -> None:
    loss = CrossEntropy(label_smoothing=0.1, class_weights=[1, 2, 3, 4])
    network = make(dtype, loss=loss, scaling=Scaling(0.5, [[1, 2], [3, 4], [5, 6]]), classes="abcd")
    x = inputs(20)
    expected = network.outputs(x)
    network.predict(x)
    twin = duplicate(network)
    assert twin.config() == network.config()
    assert twin.summary() == network.summary()
    np.testing.assert_array_equal(twin.outputs(x), expected)
    np.testing.assert_array_equal(twin.parameters.vector, network.parameters.vector)
    np.testing.assert_array_equal(twin.state.vector, network.state.vector)
    for views in (twin.parameters, twin.state):
        for name, view in views.items():
            place, _, attribute = name.partition(".")
            assert getattr(twin.layers[int(place) - 1], attribute) is view
            assert np.shares_memory(view, views.vector)

    dy = np.ones((20, 4))
    twin.forward(x, training=True, generator=np.random.default_rng(0))
    twin.backward(dy)
    assert not network.gradients.vector.any()
    twin.parameters.vector.fill(0)
    np.testing.assert_array_equal(network.outputs(x), expected)


@pytest.mark.parametrize(
    ("final", "loss"), [(Softmax, None), (Sigmoid, None), (Softmax, "mse"), (Tanh, "cross_entropy")]
)
def test_a_copy_is_paired_as_the_original(final: type[Layer], loss: str | None) -> None:
    network = Network([Dense(3), final()], 2, loss=loss)
    assert len(network.copy().body) == len(network.snapshot().body) == len(network.body)


def test_a_copy_in_another_dtype() -> None:
    network, x = make(), inputs(20)
    double = network.copy("float64")
    assert double.dtype == double.parameters.vector.dtype == double.state.vector.dtype == np.float64
    assert double.outputs(x).dtype == np.float64
    np.testing.assert_array_equal(double.parameters.vector, network.parameters.vector)
    np.testing.assert_allclose(double.outputs(x), network.outputs(x), rtol=1e-3, atol=1e-3)
    assert double.copy("float32").outputs(x).tobytes() == network.outputs(x).tobytes()


def test_the_first_weights_follow_the_seed() -> None:
    def weights(seed: int | None) -> bytes:
        return Network([Dense(4)], 3, seed=seed).parameters.vector.tobytes()

    assert weights(0) == weights(0) == Network([Dense(4)], 3).parameters.vector.tobytes()
    assert len({weights(0), weights(1), weights(None), weights(None)}) == 4
