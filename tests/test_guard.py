"""The guard of the time of a step: it fails when a step is made slower, and passes otherwise."""

import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from glassnet import blas
from glassnet.nn import Dense

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "guard.py"


@pytest.fixture
def guard(tmp_path: Path) -> ModuleType:
    """The script, with bounds of its own."""
    spec = importlib.util.spec_from_file_location("guard", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["BOUNDS"] = tmp_path / "guard.json"
    return module


@pytest.fixture
def ratios(guard: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterator[float]], None]:
    """Let the guard measure these ratios, one after the other."""

    def measured(those: Iterator[float]) -> None:
        monkeypatch.setattr(guard, "measure", lambda case: next(those))

    return measured


def test_what_is_recorded_passes(guard: ModuleType, ratios: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ratios(iter(np.arange(1.0, 13.0)))
    assert guard.main(["--record"]) == 0
    recorded = json.loads(guard.BOUNDS.read_text(encoding="utf-8"))["ratios"][blas.info().kernel]
    assert recorded == {str(case): 3.0 * i + 2 for i, case in enumerate(guard.CASES)}  # medians of three
    ratios(iter([2.0, 5.0, 8.0, 11.0]))
    assert guard.main([]) == 0
    assert capsys.readouterr().err == ""


def recorded(guard: ModuleType, ratio: float = 2.0, kernel: str | None = None) -> None:
    guard.record(kernel or blas.info().kernel, {str(case): ratio for case in guard.CASES})


def test_what_is_above_the_bound_each_time_fails_in_one_line(
    guard: ModuleType, ratios: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(guard)
    ratios(iter([2.0, 3.2, 3.3, 3.1, 2.0, 2.0]))
    assert guard.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"guard: {guard.CASES[1]}: a step takes 3.10 times as long as its matrix products")
    assert "expected at most 3.00" in line
    assert "glassnet train --profile" in line
    assert "--record" in line


def test_one_attempt_of_three_is_enough(guard: ModuleType, ratios: Any) -> None:
    recorded(guard)
    ratios(iter([9.0, 9.0, 3.0, 9.0, 2.0, 2.0, 2.0]))
    assert guard.main([]) == 0


def test_a_kernel_that_was_not_recorded_has_the_widest_bound(guard: ModuleType) -> None:
    case = guard.CASES[0]
    recorded(guard, 2.0, "Haswell")
    recorded(guard, 4.0, "SkylakeX")
    assert guard.bound("Haswell", case) == 2.0 * guard.MARGIN
    assert guard.bound("neoversev1", case) == 4.0 * guard.MARGIN
    recorded(guard, 1.0, "SkylakeX")  # recording anew replaces its own and leaves the other
    assert guard.bound("SkylakeX", case) == 1.0 * guard.MARGIN
    assert guard.bound("Haswell", case) == 2.0 * guard.MARGIN


def test_the_bounds_in_the_repository_are_of_the_cases_there_are(guard: ModuleType) -> None:
    ratios = json.loads(SCRIPT.with_name("guard.json").read_text(encoding="utf-8"))["ratios"]
    assert {"Haswell", "SkylakeX"} <= set(ratios)  # of CI, and of a user's newer processor
    for found in ratios.values():
        assert set(found) == {str(case) for case in guard.CASES}
        assert all(1 < ratio < 10 for ratio in found.values())


def test_the_products_are_those_of_a_step(guard: ModuleType) -> None:
    network = guard.gn.Network([Dense(6), guard.gn.ReLU(), Dense(5), Dense(3)], 4)
    works = guard.multiplications(network, 2)
    shapes = [(*work.args[0].shape, work.args[1].shape[1]) for work in works]
    forward = [(2, 4, 6), (2, 6, 5), (2, 5, 3)]
    backward = [(5, 2, 3), (2, 3, 5), (6, 2, 5), (2, 5, 6), (4, 2, 6)]  # dW and dx, of the first layer dW
    assert shapes == forward + backward
    for work in works:
        assert all(array.flags.c_contiguous for array in work.args)
        assert work.keywords["out"].dtype == np.float32


@pytest.mark.slow
def test_a_layer_that_multiplies_three_times_is_caught(
    guard: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case, data, measure = guard.Case((512,), 128, "sgd"), guard.pixels(512), guard.measure
    monkeypatch.setattr(guard, "CASES", (case,))
    monkeypatch.setattr(guard, "measure", lambda case: measure(case, data, repeats=2, turns=7))
    assert guard.main(["--record"]) == 0
    assert guard.main([]) == 0
    forward = Dense.forward

    def thrice(layer: Dense, x: Any, y: Any, memory: Any) -> None:
        for _ in range(3):
            forward(layer, x, y, memory)

    monkeypatch.setattr(Dense, "forward", thrice)
    assert guard.main([]) == 1
    assert re.match(rf"guard: {case}: a step takes ", capsys.readouterr().err)
