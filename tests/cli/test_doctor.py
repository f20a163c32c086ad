"""`glassnet doctor`: one clear page, in words and as JSON, of planted machines; and as a process."""

import json
import sys
from dataclasses import replace
from io import BytesIO, TextIOWrapper
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
    system="Linux-6.1",
    glassnet="1.0",
    python="3.12.1",
    numpy="2.4.6",
    blas=Blas("OpenBLAS", "0.3.31", "Haswell", 8),
    library="OpenBLAS 0.3.31, Haswell kernel",
    instructions="AVX2",
    rates={STEP: Rates({1: 45.2, 2: 80.1, 4: 1150.0}, 1.0), LARGE: Rates({1: 3.14, 2: 90.0, 4: 160.0}, 1.0)},
    held=[],
    auto=[
        Choice("784-128-10", 32, 1, True),
        Choice("784-512-10", 128, 1, False),
        Choice("784-1024-1024-10", 128, 4, False),
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
System     Linux-6.1
Python     3.12.1, NumPy 2.4.6, glassnet 1.0
BLAS       OpenBLAS 0.3.31, Haswell kernel (AVX2), 8 threads

Speed of matrix products in GFLOP/s: billions of float32 multiplications and additions a second
                                1 thread   2 threads   4 threads
128 × 784 by 784 × 512                45          80       1,150
1024 × 1024 by 1024 × 1024           3.1          90         160

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
    findings = said(report, monkeypatch, capsys).splitlines()[16:]
    assert findings == [
        "OPENBLAS_CORETYPE=Haswell holds it back: 45 GFLOP/s with one thread, 89 without it.",
        "OMP_NUM_THREADS=1, OPENBLAS_NUM_THREADS=1: no slower than without them.",
        "To be rid of it, in your shell, and in the file that sets it:",
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
        instructions="",
        cores=Cores(8, 8, None, None),
        memory=None,
        rates={STEP: Rates({1: 900.0}, 1.0)},
    )
    lines = said(mac, monkeypatch, capsys).splitlines()
    assert lines[:10] == [
        "Processor  Fast CPU: 8 processors",
        "System     Linux-6.1",
        "Python     3.12.1, NumPy 2.4.6, glassnet 1.0",
        "BLAS       accelerate, as many threads as it likes",
        "",
        "Speed of matrix products in GFLOP/s: billions of float32 multiplications and additions a second",
        "                                measured",
        "128 × 784 by 784 × 512               900",
        "",
        "This BLAS decides about its threads itself: --threads changes nothing",
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
    assert plain["auto"][2] == {"network": "784-1024-1024-10", "batch": 128, "threads": 4, "small": False}
    assert (plain["system"], plain["glassnet"], plain["instructions"]) == ("Linux-6.1", "1.0", "AVX2")
    assert plain["advice"] == "unset OPENBLAS_CORETYPE"


def test_a_screen_of_plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    out = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(speed, "examine", lambda: LAPTOP)
    doctor()
    out.seek(0)
    assert "\n128 x 784 by 784 x 512 " in out.read()


def test_one_core_is_not_said_to_have_been_slower_with_more(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """A library that would start 8 threads where one can work: no more were tried."""
    report = replace(LAPTOP, cores=Cores(8, 1, 1, None), rates={STEP: Rates({1: 45.2}, 1.0)})
    out = said(report, monkeypatch, capsys)
    assert "784-512-10, batch 128         1 thread\n" in out
    assert "a fifth faster" not in out


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
