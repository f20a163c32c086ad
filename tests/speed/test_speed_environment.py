"""What is set that holds the BLAS back, told by a process without it; and the line for the shell."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from glassnet.speed import environment
from glassnet.speed.environment import Held, held_back, unset
from glassnet.speed.rates import LARGE, STEP, Rates, Size

HERE = Rates({1: 45.0, 2: 80.0}, 1.0)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing set."""
    for name in (*environment.CODE, *environment.THREADS):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def plant(monkeypatch: pytest.MonkeyPatch, free: Rates | None, again: Rates = HERE) -> list[list[str]]:
    """Make believe that without them it is that fast, and again with them; return what was taken out."""
    taken = []

    def without(names: Iterable[str], size: Size) -> Rates | None:
        taken.append(list(names))
        return free

    monkeypatch.setattr(environment, "without", without)
    monkeypatch.setattr(environment.rates, "measure", lambda size, counts: again)
    return taken


def test_nothing_set_is_nothing_measured(clean: pytest.MonkeyPatch) -> None:
    taken = plant(clean, HERE)
    clean.setenv("OPENBLAS_CORETYPE", "")
    assert held_back("OpenBLAS", STEP, HERE) == []
    assert taken == []


def test_another_processors_code_is_compared_with_one_thread(clean: pytest.MonkeyPatch) -> None:
    plant(clean, Rates({1: 89.0, 2: 60.0}, 1.0))
    clean.setenv("OPENBLAS_CORETYPE", "Haswell")
    (held,) = held_back("OpenBLAS", STEP, HERE)
    assert held == Held({"OPENBLAS_CORETYPE": "Haswell"}, "code", 45.0, 89.0)
    assert held.matters


def test_a_moment_in_which_others_were_in_the_way_is_not_laid_to_the_environment(
    clean: pytest.MonkeyPatch,
) -> None:
    plant(clean, Rates({1: 89.0}, 1.0), again=Rates({1: 88.0}, 1.0))
    clean.setenv("OPENBLAS_CORETYPE", "Haswell")
    (held,) = held_back("OpenBLAS", STEP, HERE)
    assert held == Held({"OPENBLAS_CORETYPE": "Haswell"}, "code", 88.0, 89.0)
    assert not held.matters
    plant(clean, Rates({1: 89.0}, 1.0), again=Rates({1: 20.0}, 1.0))
    assert held_back("OpenBLAS", STEP, HERE)[0].with_them == 45.0


def test_a_number_of_threads_is_compared_at_the_best(clean: pytest.MonkeyPatch) -> None:
    plant(clean, Rates({1: 45.0, 2: 80.0, 4: 150.0}, 1.0))
    clean.setenv("OMP_NUM_THREADS", "2")
    (held,) = held_back("OpenBLAS", STEP, HERE)
    assert held == Held({"OMP_NUM_THREADS": "2"}, "threads", 80.0, 150.0)


def test_what_is_set_twice_is_taken_out_together(clean: pytest.MonkeyPatch) -> None:
    """Of two variables that both say one thread, neither alone would make a difference."""
    taken = plant(clean, HERE)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        clean.setenv(name, "1")
    assert [held.matters for held in held_back("OpenBLAS", STEP, HERE)] == [False, False]
    assert taken == [
        ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"],
        ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"],
    ]


def test_what_another_library_reads_is_passed_over(clean: pytest.MonkeyPatch) -> None:
    plant(clean, HERE)
    clean.setenv("MKL_NUM_THREADS", "1")
    clean.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert [held.settings for held in held_back("MKL", STEP, HERE)] == [{"MKL_NUM_THREADS": "1"}]
    assert [list(held.settings) for held in held_back("OpenBLAS", STEP, HERE)] == [["OPENBLAS_CORETYPE"]]
    assert held_back("BLAS", STEP, HERE) == []


@pytest.mark.parametrize(
    ("free", "matters"), [(None, False), (45.0, False), (49.0, False), (50.0, True), (20.0, False)]
)
def test_it_matters_from_a_tenth_on(free: float | None, matters: bool) -> None:
    assert Held({"OPENBLAS_CORETYPE": "Haswell"}, "code", 45.0, free).matters is matters


# ---- the process without them


def test_the_process_has_the_rest_of_the_environment(clean: pytest.MonkeyPatch) -> None:
    seen = {}

    def run(command: list[str], **options: Any) -> Any:
        seen.update(options["env"])
        return SimpleNamespace(stdout=json.dumps([{"1": 89.0, "2": 170.0}, 0.99]))

    clean.setattr(subprocess, "run", run)
    clean.setenv("OPENBLAS_CORETYPE", "Haswell")
    clean.setenv("OMP_NUM_THREADS", "1")
    assert environment.without(["OPENBLAS_CORETYPE"], LARGE) == Rates({1: 89.0, 2: 170.0}, 0.99)
    assert "OPENBLAS_CORETYPE" not in seen
    assert seen["OMP_NUM_THREADS"] == "1"
    assert seen["PATH"] == os.environ["PATH"]
    assert os.environ["OPENBLAS_CORETYPE"] == "Haswell"


@pytest.mark.parametrize(
    "code", ["raise SystemExit(3)", "print('no JSON')", "print('[1, 2]')", "print('{}')", "while True: pass"]
)
def test_a_process_that_fails_is_no_figure(code: str, clean: pytest.MonkeyPatch) -> None:
    clean.setattr(environment, "CHILD", code.replace("{", "{{").replace("}", "}}"))
    clean.setattr(environment, "TIME_LIMIT", 0.5)
    assert environment.without(["OPENBLAS_CORETYPE"], STEP) is None


def test_a_python_that_is_not_there_is_no_figure(clean: pytest.MonkeyPatch) -> None:
    clean.setattr(sys, "executable", "/nowhere/python")
    assert environment.without([], STEP) is None


def test_the_process_measures() -> None:
    measured = environment.without(["OPENBLAS_CORETYPE"], (8, 8, 8))
    assert measured is not None
    assert measured.gflops[1] > 0


# ---- the line


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("/bin/bash", "unset A B"),
        ("/usr/bin/zsh", "unset A B"),
        ("", "unset A B"),
        ("/opt/fish", "set -e A B"),
        ("/bin/tcsh", "unsetenv A; unsetenv B"),
        ("/usr/bin/nu", "hide-env A B"),
        ("C:/Program Files/Git/usr/bin/bash.exe", "unset A B"),
    ],
)
def test_each_shell_has_its_line(shell: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert unset(["A", "B"], {"SHELL": shell}) == line


def test_on_windows_it_is_powershells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert unset(["A", "B"], {}) == "Remove-Item Env:A, Env:B"
    assert unset(["A"], {"SHELL": "/usr/bin/bash"}) == "unset A"
