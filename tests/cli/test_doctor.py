"""`glassnet doctor`: one clear page, in words and as JSON, of planted machines; and as a process."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from e2e.command import environment, glassnet
from glassnet import speed
from glassnet.blas import Blas
from glassnet.cli.doctor import doctor
from glassnet.hardware import Cores
from glassnet.speed import Report
from glassnet.speed.environment import Held
from glassnet.speed.rates import LARGE, STEP, Rates
from glassnet.speed.report import Choice

LAPTOP = Report(
    processor="Fast CPU",
    cores=Cores(8, 8, 4, None),
    memory=16 * 2**30,
    python="3.12.1",
    numpy="2.4.6",
    blas=Blas("OpenBLAS", "0.3.31", "Haswell", 8),
    library="OpenBLAS 0.3.31, Haswell kernel",
    rates={STEP: Rates({1: 45.2, 2: 80.1, 4: 1150.0}, 1.0), LARGE: Rates({1: 3.14, 2: 90.0, 4: 160.0}, 1.0)},
    held=[],
    auto=[
        Choice("784-128-10", 32, 1, False),
        Choice("784-512-10", 128, 1, True),
        Choice("784-1024-1024-10", 128, 4, True),
    ],
    notes=[],
)
FORCED = Held({"OPENBLAS_CORETYPE": "Haswell"}, "code", 45.2, 89.0)
LIMITED = Held({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, "threads", 45.2, 45.3)


@pytest.fixture(autouse=True)
def bash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("SHELL", "/bin/bash")


def said(report: Report, monkeypatch: pytest.MonkeyPatch, capsys: Any, as_json: bool = False) -> str:
    monkeypatch.setattr(speed, "examine", lambda: report)
    doctor(as_json=as_json)
    printed = capsys.readouterr()
    assert printed.err == ""
    return str(printed.out)


def test_a_machine_that_nothing_holds_back(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert said(LAPTOP, monkeypatch, capsys) == (
        """\
Processor  Fast CPU: 8 processors, 4 cores, 4 threads can work at once
Memory     16.0 GiB
Python     3.12.1, NumPy 2.4.6
BLAS       OpenBLAS 0.3.31, Haswell kernel, 8 threads

GFLOP/s, float32            1 thread   2 threads   4 threads
128 × 784 × 512                   45          80       1,150
1024 × 1024 × 1024               3.1          90         160

What --threads auto would choose now; a small step always gets one thread
784-128-10, batch 32          1 thread  (small)
784-512-10, batch 128         1 thread  (more are not a fifth faster now)
784-1024-1024-10, batch 128   4 threads

Nothing in the environment holds it back.
"""
    )


def test_what_holds_it_back_how_much_and_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    report = replace(
        LAPTOP, held=[FORCED, LIMITED], notes=["Its container may take the time of 2 processors."]
    )
    findings = said(report, monkeypatch, capsys).splitlines()[14:]
    assert findings == [
        "OPENBLAS_CORETYPE=Haswell: 45 GFLOP/s with one thread; 89 without it.",
        "OMP_NUM_THREADS=1, OPENBLAS_NUM_THREADS=1: no slower than without them.",
        "In your shell, and out of the file that sets it there:",
        "    unset OPENBLAS_CORETYPE",
        "",
        "Its container may take the time of 2 processors.",
    ]


def test_what_could_not_be_measured_is_said(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    report = replace(LAPTOP, held=[replace(FORCED, without_them=None)])
    last = said(report, monkeypatch, capsys).splitlines()[-1]
    assert last == (
        "OPENBLAS_CORETYPE=Haswell: 45 GFLOP/s with one thread; without it it could not be measured."
    )


def test_lines_are_no_wider_than_a_screen(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    odd = Held({"OPENBLAS_CORETYPE": "\x1b[31m" + "x" * 80, "OPENBLAS_L2_SIZE": "1"}, "code", 45.2, 89.0)
    out = said(replace(LAPTOP, held=[odd], notes=["word " * 60]), monkeypatch, capsys)
    assert max(map(len, out.splitlines())) <= 130
    assert "\x1b" not in out


def test_a_library_that_nobody_can_look_into(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    mac = replace(
        LAPTOP,
        blas=Blas("BLAS", "", "", 1),
        library="accelerate",
        cores=Cores(8, 8, None, None),
        memory=None,
        rates={STEP: Rates({1: 900.0}, 1.0)},
    )
    lines = said(mac, monkeypatch, capsys).splitlines()
    assert lines[:6] == [
        "Processor  Fast CPU: 8 processors",
        "Python     3.12.1, NumPy 2.4.6",
        "BLAS       accelerate, as many threads as it likes",
        "",
        "GFLOP/s, float32            measured",
        "128 × 784 × 512                  900",
    ]


def test_json_says_the_same(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    plain = json.loads(said(replace(LAPTOP, held=[FORCED]), monkeypatch, capsys, as_json=True))
    assert plain["processor"] == "Fast CPU"
    assert plain["cores"] == {"logical": 8, "allowed": 8, "physical": 4, "quota": None, "usable": 4}
    assert plain["memory_bytes"] == 16 * 2**30
    assert plain["blas"]["kernel"] == "Haswell"
    assert plain["rates"][0] == {
        "product": [128, 784, 512], "gflops": {"1": 45.2, "2": 80.1, "4": 1150.0}, "share_of_cores": 1.0,
    }  # fmt: skip
    assert plain["held"] == [
        {
            "settings": {"OPENBLAS_CORETYPE": "Haswell"}, "about": "code", "with_them": 45.2,
            "without_them": 89.0, "matters": True,
        }
    ]  # fmt: skip
    assert plain["auto"][2] == {"network": "784-1024-1024-10", "batch": 128, "threads": 4, "tried": True}
    assert plain["advice"] == "unset OPENBLAS_CORETYPE"


@pytest.mark.slow
def test_the_command_as_a_process(tmp_path: Path) -> None:
    """One thread by the environment; what it would be without depends on the machine."""
    env = environment(tmp_path)
    shown = glassnet(["doctor"], tmp_path, env)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("Processor  ")
    assert "OPENBLAS_NUM_THREADS=1" in shown.out or "OpenBLAS" not in shown.out
    outcome = glassnet(["doctor", "--json"], tmp_path, env)
    plain = json.loads(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert all(rate > 0 for rates in plain["rates"] for rate in rates["gflops"].values())
    assert {choice["threads"] for choice in plain["auto"]} == {1}
    assert list(tmp_path.iterdir()) == []
