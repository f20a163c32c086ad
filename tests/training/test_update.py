"""One update against the same by hand, in float64: penalties, limits, decay, the gradient left in peace."""

from typing import Any

import numpy as np
import pytest

from glassnet.nn import Dense, Network, ReLU
from glassnet.training import Training
from training.small import blobs, network, training


def gradient_by_hand(net: Network) -> np.ndarray:
    """The derivative of the data loss alone, on all training examples, from a network of its own."""
    twin, data = net.copy(), blobs()
    assert twin.loss is not None
    z = twin.forward(data.train.images)
    dz = np.empty_like(z)
    twin.loss(z, data.train.labels, dz)
    twin.backward(dz)
    return twin.gradients.vector.copy()


def one_update(**settings: Any) -> tuple[Training, np.ndarray, np.ndarray]:
    """The run after its first step on all examples, the parameters before it, and the gradient there."""
    net = network(dtype="float64", seed=4)
    run = training(net, optimizer="sgd", learning_rate=0.1, batch_size="full", **settings)
    next(run)
    before, gradient = net.parameters.vector.copy(), gradient_by_hand(net)
    next(run)
    return run, before, gradient


LIMITS: list[dict[str, float]] = [
    {}, {"l1": 0.01}, {"l2": 0.1}, {"clip": 0.05}, {"weight_decay": 0.3}, {"max_norm": 0.5},
    {"l1": 0.01, "l2": 0.1, "clip": 0.05, "weight_decay": 0.3, "max_norm": 0.5},
]  # fmt: skip


@pytest.mark.parametrize("settings", LIMITS, ids=str)
def test_an_update_is_what_its_formula_says(settings: dict[str, float]) -> None:
    run, w, g = one_update(**settings)
    weights = np.concatenate([np.ones(4 * 8 + 8 * 3), np.zeros(8 + 3)])  # biases are not penalized
    g = g + weights * (settings.get("l1", 0) * np.sign(w) + settings.get("l2", 0) * w)
    g *= min(1, settings.get("clip", np.inf) / np.linalg.norm(g))
    expected = w * (1 - 0.1 * settings.get("weight_decay", 0) * weights) - 0.1 * g
    for matrix in (expected[:32].reshape(4, 8), expected[32:56].reshape(8, 3)):
        matrix *= np.minimum(1, settings.get("max_norm", np.inf) / np.linalg.norm(matrix, axis=0))
    assert np.allclose(run.network.parameters.vector, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("settings", LIMITS, ids=str)
def test_the_gradient_stays_as_backward_left_it(settings: dict[str, float]) -> None:
    run, _, gradient = one_update(**settings)
    assert np.allclose(run.network.gradients.vector, gradient, rtol=1e-10, atol=1e-14)


def test_penalties_are_no_part_of_the_reported_loss() -> None:
    def first_loss(**settings: float) -> float:
        run = training(batch_size="full", **settings)
        next(run)
        return next(run).loss  # type: ignore[union-attr]

    assert first_loss() == first_loss(l1=1.0, l2=1.0)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_max_norm_holds_after_each_step(optimizer: str) -> None:
    net = network(Dense(8), ReLU(), Dense(8), ReLU())
    run = training(net, optimizer=optimizer, learning_rate=0.1, max_norm=0.7, epochs=5)
    longest = []
    for event in run:
        if event.kind == "step":
            norms = [np.linalg.norm(m, axis=0).max() for name, m in net.parameters.items() if name[-1] == "W"]
            longest.append(max(norms))
    assert max(longest) <= 0.7 * (1 + 1e-6)
    assert max(longest) > 0.6  # it was reached


def test_clipping_bounds_the_length_of_a_step() -> None:
    net = network()
    run = training(net, optimizer="sgd", learning_rate=0.1, clip=0.01)
    next(run)
    for _ in range(3):
        before = net.parameters.vector.copy()
        next(run)
        assert np.linalg.norm(net.parameters.vector - before) <= 0.1 * 0.01 * 1.001
