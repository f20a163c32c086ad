"""Optimizers: their first steps by hand, what they may touch, and weight decay."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from glassnet.nn import SGD, Adam, AdamW, Momentum, Nesterov, RMSProp, optimizers
from glassnet.nn.optimizers import OPTIMIZERS, Optimizer
from nn.table import refused

KINDS = [SGD, Momentum, Nesterov, RMSProp, Adam, AdamW]
every_optimizer = pytest.mark.parametrize("kind", KINDS)
ALL = slice(None)


def run(optimizer: Optimizer, w: Any, gradients: Any, rate: float = 0.1, weights: slice = ALL) -> np.ndarray:
    w = np.array(w, "float64")
    optimizer.start(w, weights)
    for g in gradients:
        optimizer.step(w, np.array(g, "float64"), rate)
    return w


def test_every_optimizer_is_tested() -> None:
    assert set(KINDS) == set(OPTIMIZERS.values())


# Two steps of rate 0.1 from w = 1 with the gradients 2 and −1, by the formulas of the docstrings.
BY_HAND: list[tuple[Optimizer, Callable[[], float]]] = [
    (SGD(), lambda: 1 - 0.2 + 0.1),
    (Momentum(0.5), lambda: 1 - 0.1 * 2 - 0.1 * (0.5 * 2 - 1)),
    (Nesterov(0.5), lambda: 1 - 0.1 * (2 + 0.5 * 2) - 0.1 * (-1 + 0.5 * 0)),
    (RMSProp(0.75, 0.5), lambda: 1 - 0.1 * 2 / (1 + 0.5) + 0.1 * 1 / (math.sqrt(0.75 * 1 + 0.25) + 0.5)),
    (Adam(0.5, 0.75, 0.5), lambda: 1 - 0.1 * 2 / (2 + 0.5) - 0.1 * 0 / 1),
    (AdamW(0.5, 0.75, 0.5, 0.1), lambda: 0.99 * (0.99 * 1 - 0.1 * 2 / (2 + 0.5))),
]


@pytest.mark.parametrize(("optimizer", "expected"), BY_HAND, ids=lambda value: getattr(value, "name", ""))
def test_two_steps_by_hand(optimizer: Optimizer, expected: Callable[[], float]) -> None:
    assert run(optimizer, [1.0], [[2.0], [-1.0]])[0] == pytest.approx(expected(), rel=1e-14)
    assert optimizer.steps == 2


@every_optimizer
def test_a_bowl_is_descended(kind: type[Optimizer]) -> None:
    optimizer, scales = kind(), np.array([1.0, 3.0])
    w = np.array([3.0, -2.0])
    optimizer.start(w, ALL)
    for step in range(400):
        optimizer.step(w, scales * w, 0.1 * 0.99**step)
    assert np.abs(w).max() < 0.05


@every_optimizer
def test_the_gradient_is_only_read(kind: type[Optimizer]) -> None:
    g = np.array([1.0, -2.0])
    g.flags.writeable = False
    w = np.ones(2)
    optimizer = kind(weight_decay=0.1)
    optimizer.start(w, ALL)
    optimizer.step(w, g, 0.1)  # an error if it wrote to `g`
    assert g.tolist() == [1.0, -2.0]
    assert (w != 1).all()


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nothing_changes_dtype_or_place(kind: type[Optimizer], dtype: str) -> None:
    optimizer, w, g = kind(), np.ones(3, dtype), np.full(3, 0.5, dtype)
    optimizer.start(w, ALL)
    slots = dict(optimizer.slots)
    assert set(slots) == set(kind.slot_names)
    optimizer.step(w, g, 0.1)
    assert w.dtype == dtype
    for name, slot in optimizer.slots.items():
        assert slot is slots[name]
        assert slot.dtype == dtype
        assert slot.any()


@every_optimizer
def test_a_new_start_forgets(kind: type[Optimizer]) -> None:
    optimizer = kind()
    gradients = [[1.0, 2.0], [-3.0, 0.5], [0.1, 0.2]]
    once = run(optimizer, [1, 1], gradients)
    np.testing.assert_array_equal(run(optimizer, [1, 1], gradients), once)
    np.testing.assert_array_equal(run(kind(), [1, 1], gradients), once)


@every_optimizer
def test_slots_and_the_count_of_steps_are_the_whole_memory(kind: type[Optimizer]) -> None:
    """What a checkpoint keeps: with it, another optimizer goes on to the bit as this one would have."""
    gradients = np.random.default_rng(0).normal(size=(6, 4))
    straight = run(kind(), [1, 2, 3, 4], gradients)
    first = kind()
    w = run(first, [1, 2, 3, 4], gradients[:3])
    second = kind()
    second.start(w, ALL)
    for name, slot in first.slots.items():
        second.slots[name][...] = slot
    second.steps = first.steps
    for g in gradients[3:]:
        second.step(w, g, 0.1)
    np.testing.assert_array_equal(w, straight)


@every_optimizer
def test_decay_is_decoupled_and_reaches_the_weights(kind: type[Optimizer]) -> None:
    """Each step multiplies by 1 − ηλ first; the gradient, and so all slots, know nothing of it."""
    gradients, rate, decay = np.random.default_rng(0).normal(size=(3, 4)), 0.1, 0.5
    plain, decaying = kind(weight_decay=0), kind(weight_decay=decay)
    steps = np.diff([run(plain, [0, 0, 0, 0], gradients[:n], rate) for n in range(4)], axis=0)
    w = np.array([1.0, 2, 3, 4])
    found = run(decaying, w, gradients, rate, weights=slice(0, 2))
    for step in steps:
        w[:2] *= 1 - rate * decay
        w += step
    np.testing.assert_allclose(found, w, rtol=1e-12)
    for name, slot in plain.slots.items():
        np.testing.assert_allclose(decaying.slots[name], slot, rtol=1e-12)


@every_optimizer
def test_decay_reaches_everything_if_asked(kind: type[Optimizer]) -> None:
    w = run(kind(weight_decay=0.5, decay_all=True), [1, 2, 3], np.zeros((1, 3)), weights=slice(0, 1))
    np.testing.assert_allclose(w, [0.95, 1.9, 2.85])


def test_only_adamw_decays_by_itself() -> None:
    assert {kind.name: kind().weight_decay for kind in KINDS if kind().weight_decay} == {"adamw": 0.01}


# ---- as data


@every_optimizer
def test_an_optimizer_comes_back_from_its_configuration_and_its_representation(kind: type[Optimizer]) -> None:
    changed = {name: value / 2 for name, value in kind().config().items() if isinstance(value, float)}
    optimizer = kind(**changed | {"weight_decay": 0.25, "decay_all": True})
    config = optimizer.config()
    again = OPTIMIZERS[config.pop("name")](**config)
    for other in (again, eval(repr(optimizer), {kind.__name__: kind})):
        assert type(other) is kind
        assert other.config() == optimizer.config()
    assert optimizers.get(optimizer) is optimizer
    assert type(optimizers.get(kind.name.upper())) is kind


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optimizers.get("adamm"), "unknown optimizer 'adamm'; did you mean 'adam'"),
        (lambda: SGD(weight_decay=-1), "sgd: expected a weight_decay of at least 0, got -1"),
        (lambda: SGD(weight_decay=math.nan), "sgd: expected a weight_decay of at least 0, got nan"),
        (lambda: AdamW(weight_decay=math.inf), "adamw: expected a weight_decay of at least 0, got inf"),
        (lambda: Momentum(1.0), "momentum: expected 0 ≤ momentum < 1, got 1.0"),
        (lambda: Momentum("0.9"), "momentum: expected 0 ≤ momentum < 1, got '0.9'"),
        (lambda: SGD(weight_decay="a"), "sgd: expected a weight_decay of at least 0, got 'a'"),
        (lambda: Nesterov(-0.1), "nesterov: expected 0 ≤ momentum < 1, got -0.1"),
        (lambda: RMSProp(alpha=1), "rmsprop: expected 0 ≤ alpha < 1, got 1"),
        (lambda: RMSProp(epsilon=-1e-8), "rmsprop: expected 0 ≤ epsilon < inf, got -1e-08"),
        (lambda: Adam(beta1=1), "adam: expected 0 ≤ beta1 < 1, got 1"),
        (lambda: Adam(beta2=math.nan), "adam: expected 0 ≤ beta2 < 1, got nan"),
        (lambda: AdamW(epsilon=math.inf), "adamw: expected 0 ≤ epsilon < inf, got inf"),
    ],
)
def test_settings_out_of_range(make: Callable[[], Optimizer], message: str) -> None:
    with refused(message):
        make()


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_long_vectors_are_updated_part_by_part_to_the_same_bits(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(0)
    start = generator.normal(size=100).astype(np.float32)
    gradients = generator.normal(size=(4, 100)).astype(np.float32)
    after = []
    for chunk in (100, 33):
        monkeypatch.setattr(optimizers, "CHUNK", chunk)
        optimizer, w = optimizers.OPTIMIZERS[name](weight_decay=0.01), start.copy()
        optimizer.start(w, slice(0, 60))
        for g in gradients:
            optimizer.step(w, g, 0.01)
        after.append([w, *optimizer.slots.values()])
    for whole, parts in zip(*after):
        np.testing.assert_array_equal(parts, whole)
    assert (after[0][0] != start).all()
