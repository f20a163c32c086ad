"""Nothing is said to be wrong, at any moment from before the first step on, with runs that go well."""

import os
from pathlib import Path
from typing import Any

import pytest

from diagnose.watching import Look, data_of, recipe_for, started, watched, write_table
from glassnet.training import Epoch, Training

TOYS = ("circles", "moons", "spirals", "blobs", "sine", "xor")
VARIATIONS: dict[str, dict[str, Any]] = {
    "quick": {},
    "adam": {"optimizer": "adam"},
    "sgd": {"optimizer": "sgd"},
    "rmsprop": {"optimizer": "rmsprop"},
    "gelu": {"activation": "gelu"},
    "tanh": {"activation": "tanh"},
    "sigmoid": {"activation": "sigmoid"},
    "leaky": {"activation": "leaky_relu"},
    "two hidden layers": {"hidden": (128, 64)},
    "three hidden layers": {"hidden": (128, 64, 32)},
    "relu, then tanh": {"hidden": (64, 64), "activation": ("relu", "tanh")},
    "no hidden layer": {"hidden": ()},
    "no hidden layer, from 0": {"hidden": (), "initializer": "zeros"},
    "dropout": {"dropout": 0.2},
    "l2": {"l2": 1e-3},
    "l1": {"l1": 1e-4},
    "mse": {"loss": "mse"},
    "binary": {"loss": "binary_cross_entropy"},
    "constant": {"schedule": "constant", "learning_rate": 0.05},
    "warm-up": {"schedule": "warmup"},
    "batch 1": {"batch_size": 1, "learning_rate": 0.003, "epochs": 1},
    "batch 8": {"batch_size": 8, "learning_rate": 0.03, "epochs": 3},
    "full batch": {"batch_size": "full", "epochs": 60},
    "narrow": {"hidden": (8,)},
}
SOME = ("quick", "adam", "gelu", "tanh", "dropout", "two hidden layers")  # looked at by default, and on MNIST
needs_mnist = pytest.mark.skipif(not os.environ.get("GLASSNET_DATA"), reason="needs MNIST in $GLASSNET_DATA")


def alarms(looks: list[Look]) -> list[tuple[int, str]]:
    return [(one.step, found.text) for one in looks for found in one.findings]


def alarms_of(run: Training, every: int = 5, steps: int = 10**9) -> list[tuple[int, str]]:
    looks = watched(run, every=every, steps=steps)
    assert len(looks) >= 12
    return alarms(looks)


def learnt(run: Training) -> float:
    """The last accuracy, of validation or training data."""
    last = [event for event in run.history if isinstance(event, Epoch)][-1]
    accuracy = last.accuracy if last.validation_accuracy is None else last.validation_accuracy
    assert accuracy is not None
    return accuracy


@pytest.mark.parametrize("name", SOME)
def test_no_false_alarm_on_the_sample(name: str) -> None:
    assert (
        alarms_of(started(recipe_for("quick", "mnist-sample", **VARIATIONS[name])), every=5, steps=300) == []
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIATIONS)
def test_no_false_alarm_on_the_sample_to_the_end(name: str) -> None:
    for seed in (0, 1, 2) if name == "quick" else (0,):
        run = started(recipe_for("quick", "mnist-sample", seed=seed, **VARIATIONS[name]))
        assert alarms_of(run, every=7) == []
        assert learnt(run) > 0.8


@pytest.mark.slow
@needs_mnist
@pytest.mark.parametrize("name", SOME)
def test_no_false_alarm_on_mnist(name: str) -> None:
    run = started(recipe_for("quick", "mnist", **VARIATIONS[name]))
    assert alarms_of(run, every=7) == []
    assert learnt(run) > 0.95


@pytest.mark.slow
@needs_mnist
@pytest.mark.parametrize("seed", [1, 2])
def test_no_false_alarm_of_quick_on_mnist_with_other_seeds(seed: int) -> None:
    assert alarms_of(started(recipe_for("quick", "mnist", seed=seed))) == []


@pytest.mark.slow
@needs_mnist
@pytest.mark.parametrize(("batch", "rate", "steps"), [(32, 0.1, 1500), ("full", 0.35, 15)])
def test_no_false_alarm_on_mnist_with_other_batches(batch: int | str, rate: float, steps: int) -> None:
    recipe = recipe_for("quick", "mnist", batch_size=batch, learning_rate=rate, epochs=15)
    assert alarms_of(started(recipe), steps=steps) == []


@pytest.mark.parametrize("name", TOYS)
def test_no_false_alarm_on_points(name: str) -> None:
    assert alarms_of(started(recipe_for("points", name)), every=11, steps=700) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", TOYS)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_no_false_alarm_on_points_to_the_end(name: str, activation: str) -> None:
    for seed in (0, 1, 2):
        assert alarms_of(started(recipe_for("points", name, seed=seed, activation=activation)), every=9) == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_false_alarm_on_xor(seed: int) -> None:
    run = started(recipe_for("xor", "xor", seed=seed))
    assert alarms_of(run) == []
    assert learnt(run) == 1.0


@pytest.mark.parametrize("rows", [60, 400])
@pytest.mark.parametrize("kind", ["classes", "values", "outliers"])
def test_no_false_alarm_on_tables(kind: str, rows: int, tmp_path: Path) -> None:
    for seed in (0, 1, 2):
        table = write_table(tmp_path / f"{seed}.csv", kind, rows, seed)
        assert alarms_of(started(recipe_for("table", str(table), label="y", seed=seed)), every=3) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["classes", "values", "outliers"])
@pytest.mark.parametrize("settings", [{}, {"optimizer": "momentum", "learning_rate": 0.01}])
def test_no_false_alarm_on_a_larger_table(kind: str, settings: dict[str, Any], tmp_path: Path) -> None:
    for seed in (0, 1, 2):
        table = write_table(tmp_path / f"{seed}.csv", kind, 2000, seed)
        assert (
            alarms_of(started(recipe_for("table", str(table), label="y", seed=seed, **settings)), every=3)
            == []
        )


@pytest.mark.parametrize(("name", "settings"), [("batch-32", {"epochs": 3}), ("tiny", {"epochs": 60})])
def test_no_false_alarm_of_other_recipes(name: str, settings: dict[str, Any]) -> None:
    assert alarms_of(started(recipe_for(name, "mnist-sample", **settings))) == []


@pytest.mark.slow
@needs_mnist
@pytest.mark.parametrize(("name", "settings"), [("batch-32", {"epochs": 2}), ("tiny", {"epochs": 40})])
@pytest.mark.parametrize("seed", [0, 3])
def test_no_false_alarm_of_other_recipes_on_mnist(name: str, settings: dict[str, Any], seed: int) -> None:
    assert alarms_of(started(recipe_for(name, "mnist", seed=seed, **settings)), every=7) == []


def test_data_are_loaded_once() -> None:
    recipe = recipe_for("points", "moons")
    assert data_of(recipe) is data_of(recipe)
