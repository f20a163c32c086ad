"""What a run can be told: every number in its range, every error in one line."""

import math
from typing import Any

import numpy as np
import pytest

from glassnet.nn import Momentum
from glassnet.nn.schedules import Constant, Cosine, OneCycle, StepDecay, Warmup
from glassnet.training import Settings
from training.small import bits, training


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs: expected a whole number of at least 1, got 0"),
        ({"epochs": 1.5}, "epochs: expected"),
        ({"epochs": True}, "epochs: expected"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
        ({"batch_size": 0}, "batch_size: expected a whole number of at least 1 or 'full', got 0"),
        ({"batch_size": "half"}, "batch_size: expected"),
        *(({name: value}, f"{name}: expected a number of at least 0")
          for value in (-1, math.nan, math.inf, "x") for name in ("l1", "l2", "weight_decay", "dropout")),
        ({"dropout": 1}, "dropout: expected a number of at least 0 and below 1, got 1"),
        *(({name: value}, f"{name}: expected a number above 0, or None for no limit")
          for value in (0, -1, math.nan, math.inf, "x") for name in ("max_norm", "clip")),
        ({"schedule": None}, "learning_rate: expected a number or a schedule, got None"),
        ({"schedule": 0.1}, "learning_rate: expected a number or a schedule, got 0.1"),
    ],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Settings(**settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": np.int64(3), "batch_size": np.uint8(7), "seed": np.int32(2)},
        {"l1": np.float32(0.1), "clip": np.float64(2), "dropout": 0},
        {"batch_size": "full", "max_norm": 3, "weight_decay": 0},
    ],
)
def test_numbers_of_any_kind_are_taken(settings: dict[str, Any]) -> None:
    assert Settings(**settings).changed(epochs=5).epochs == 5


@pytest.mark.parametrize(
    ("batch_size", "n", "examples"), [(32, 100, 32), (32, 10, 10), ("full", 10, 10), (10, 10, 10)]
)
def test_examples_a_step(batch_size: Any, n: int, examples: int) -> None:
    assert Settings(batch_size=batch_size).examples(n) == examples


@pytest.mark.parametrize(
    "kind", [Constant, Cosine, OneCycle, StepDecay, lambda rate: Warmup(Cosine(rate), 7)]
)
def test_a_new_learning_rate_scales_the_schedule(kind: Any) -> None:
    before = Settings(kind(0.1))
    after = before.changed(learning_rate=0.3)
    assert after.learning_rate == 0.3
    for step in range(20):
        assert after.schedule(step, 20) == pytest.approx(3 * before.schedule(step, 20), rel=1e-12)
    assert before.learning_rate == 0.1


def test_what_cannot_change_is_said_with_the_nearest_name() -> None:
    with pytest.raises(
        ValueError, match="unknown setting to change 'learning_rat'; did you mean 'learning_rate'"
    ):
        Settings().changed(learning_rat=0.1)
    with pytest.raises(ValueError, match="unknown setting to change 'full_pass'"):
        Settings().changed(full_pass=True)


def test_a_schedule_that_changes_its_shape_is_recorded() -> None:
    run = training()
    assert run.change(learning_rate=Cosine(0.05)).settings == {
        "schedule": ["Constant(learning_rate=0.05)", "Cosine(learning_rate=0.05, end=0.0)"]
    }
    assert run.change(learning_rate=0.2).settings == {"learning_rate": [0.05, 0.2]}


class Mine:
    """A schedule of one's own."""

    learning_rate = 0.1

    def __call__(self, step: int, total: int) -> float:
        return self.learning_rate / (step + 1)


def test_a_schedule_of_ones_own() -> None:
    run = training(learning_rate=Mine())
    assert [event.learning_rate for event in run if event.kind == "step"][:3] == [0.1, 0.05, 0.1 / 3]
    with pytest.raises(ValueError, match="learning_rate: expected a schedule to take the place of"):
        training(learning_rate=Mine()).change(learning_rate=0.2)
    with pytest.raises(ValueError, match="learning_rate: expected a number or a schedule"):
        training(learning_rate=lambda step, total: 0.1)


def test_runs_do_not_share_an_optimizer() -> None:
    """One object given to two runs: each has its own slots, and the object stays as it was made."""
    alone = bits_after(Momentum(0.9))
    shared = Momentum(0.9)
    first, second = training(optimizer=shared, weight_decay=0.1), training(optimizer=shared)
    for _ in zip(first, second):
        pass
    assert bits(second.network) == alone
    assert (shared.weight_decay, shared.slots, shared.steps) == (0.0, {}, 0)


def bits_after(optimizer: Momentum) -> bytes:
    run = training(optimizer=optimizer)
    run.fit(progress=False)
    return bits(run.network)
