"""The mathematics runs on arrays that are not NumPy's: every layer, loss and optimizer on a device array.

Each gives the same numbers, to the bit, as on NumPy arrays; no intermediate result has another dtype; and
nothing is brought back from the device on the way, which would make it wait.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from glassnet.nn import BinaryCrossEntropy, CrossEntropy, MeanSquaredError, losses, optimizers, penalties
from glassnet.nn.losses import Loss
from glassnet.nn.passes import Pass
from nn.device import DeviceArray, DeviceGenerator, fetched, given
from nn.table import Bench, Row, Setup, assert_same, every_layer

DTYPES = ("float32", "float64")
float32_or_64 = pytest.mark.parametrize("dtype", DTYPES)


@pytest.fixture(autouse=True)
def watch(request: pytest.FixtureRequest) -> Iterator[None]:
    DeviceArray.dtypes, DeviceArray.reads = set(), 0
    yield
    if "dtype" in request.fixturenames:
        assert {dtype.name for dtype in DeviceArray.dtypes} == {request.node.callspec.params["dtype"]}


def sent(array: Any) -> DeviceArray:
    return DeviceArray(np.array(array))


def test_the_array_of_these_tests_refuses_to_come_back() -> None:
    with pytest.raises(TypeError, match="implicit conversion"):
        np.asarray(sent([1.0]))
    with pytest.raises(TypeError, match="met a device array"):
        np.add(sent([1.0]), np.ones(1))
    with pytest.raises(NotImplementedError):
        np.maximum.reduce(sent([1.0]))


@every_layer
@float32_or_64
@pytest.mark.parametrize("training", [True, False], ids=["training", "predicting"])
def test_layer(row: Row, dtype: str, training: bool) -> None:
    setup = Setup((4, 5), 3, dtype, training, seed=2)
    expected, bench = Bench(row, setup).run(), Bench(row, setup)
    layer, network, there = bench.layer, bench.network, {}
    for prefix, views in (("", network.parameters), ("d", network.gradients), ("", network.state)):
        for name, view in views.items():
            there[prefix + name] = sent(view)
            setattr(layer, prefix + name.partition(".")[2], there[prefix + name])
    arrays = Pass(
        [layer],
        setup.n,
        sent(network.parameters.vector),
        training=training,
        generator=DeviceGenerator(2),
        input_gradient=True,
    )
    arrays.activations[0][...] = sent(bench.x)
    y = arrays.forward()
    arrays.output_gradient[...] = sent(bench.dy)
    arrays.backward()
    found = {"y": y, "dx": arrays.gradients[0], **there}
    assert_same(expected, {name: fetched(found[name]) for name in expected})
    assert DeviceArray.reads == 0


LOSSES = [
    CrossEntropy(), CrossEntropy(label_smoothing=0.1), CrossEntropy(class_weights=[1.0, 0.0, 2.0]),
    CrossEntropy(0.2, [0.5, 3.0, 1.0]), BinaryCrossEntropy(), MeanSquaredError(),
]  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("one_hot", [False, True], ids=["classes", "one-hot"])
@float32_or_64
def test_loss(loss: Loss, one_hot: bool, dtype: str) -> None:
    generator = np.random.default_rng(0)
    z = generator.normal(size=(4, 3)).astype(dtype)
    labels = np.array([2, 0, 0, 1])
    targets = loss.encode(losses.one_hot(labels, 3, dtype) if one_hot else labels, 3, dtype)
    z_there, targets_there = sent(z), sent(targets)
    if not one_hot:
        np.testing.assert_array_equal(fetched(loss.encode(sent(labels), 3, dtype)), targets)

    for divisor in (None, 7.0):
        dz, dz_there = np.empty_like(z), given(np.empty_like(z))
        expected = loss(z, targets, dz, divisor)
        DeviceArray.reads = 0
        found = loss(z_there, targets_there, dz_there, divisor)
        if targets.ndim == 2 or loss.config() == CrossEntropy().config():
            assert DeviceArray.reads == 0  # the loss is read when an event needs it, and not before
        without_gradient = loss(z_there, targets_there, None, divisor)
        np.testing.assert_array_equal(fetched(dz_there), dz)
        assert fetched(found) == fetched(without_gradient) == expected
    for answer in (loss.classify, loss.probabilities):
        np.testing.assert_array_equal(fetched(answer(z_there)), answer(z))


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
@pytest.mark.parametrize("options", [{}, {"weight_decay": 0.1}, {"weight_decay": 0.1, "decay_all": True}])
@float32_or_64
def test_optimizer(name: str, options: dict[str, Any], dtype: str) -> None:
    generator = np.random.default_rng(0)
    w, *gradients = generator.normal(size=(4, 10)).astype(dtype)
    w_there = sent(w)
    here, there = (optimizers.OPTIMIZERS[name](**options) for _ in range(2))
    here.start(w, slice(0, 6))
    there.start(w_there, slice(0, 6))
    for g in gradients:
        here.step(w, g, 0.1)
        there.step(w_there, sent(g), 0.1)
    np.testing.assert_array_equal(fetched(w_there), w)
    assert DeviceArray.reads == 0


@float32_or_64
def test_penalties_and_limits(dtype: str) -> None:
    generator = np.random.default_rng(0)
    w, g = generator.normal(size=(2, 12)).astype(dtype)
    w_there, g_there, scratch = sent(w), sent(g), np.empty_like(w)
    assert penalties.penalty(w_there, 0.1, 0.2) == penalties.penalty(w, 0.1, 0.2)
    penalties.add_penalty_gradient(g, w, 0.1, 0.2, scratch)
    penalties.add_penalty_gradient(g_there, w_there, 0.1, 0.2, sent(scratch))
    assert penalties.clip_norm(g_there, 1.0) == penalties.clip_norm(g, 1.0)
    penalties.limit_norms(w.reshape(4, 3), 0.5)
    penalties.limit_norms(w_there.reshape(4, 3), 0.5)
    assert_same({"w": w, "g": g}, {"w": fetched(w_there), "g": fetched(g_there)})
