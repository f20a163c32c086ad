"""`glassnet bench` as a command."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.planted import report, result
from e2e.command import COMMAND, environment, glassnet
from glassnet.bench.choice import Choice
from glassnet.bench.results import Report
from glassnet.cli import app
from glassnet.cli.bench import _progress


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "784x128"], "--only: expected a network such as 784-128-10, got '784x128'"),
        (["--only", "784"], "--only: expected a network"),
        (["--batch", "0"], "--batch: expected whole numbers of at least 1, got '0'"),
        (["--threads", "two"], "--threads: expected whole numbers"),
    ],
)
def test_odd_choices_are_told(arguments: list[str], message: str) -> None:
    outcome = CliRunner().invoke(app, ["bench", *arguments])
    assert isinstance(outcome.exception, ValueError)
    assert str(outcome.exception).startswith(message)


def test_the_choice_is_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Choice] = []

    def run(choice: Choice, say: object) -> Report:
        chosen.append(choice)
        return report(result("step", (784, 128, 10), 32, "sgd", glassnet=1.0, torch=2.0))

    monkeypatch.setattr("glassnet.bench.run.run", run)
    typed = "bench step epoch --only 784-128-10,784-10 --batch 32,64 --batch 128 --optimizer sgd --peer torch"
    outcome = CliRunner().invoke(app, [*typed.split(), "--threads", "1,2", "--turns", "3", "--short"])
    assert outcome.exit_code == 0
    assert "0.50" in outcome.stdout
    assert chosen == [
        Choice(
            ("step", "epoch"),
            ((784, 128, 10), (784, 10)),
            (32, 64, 128),
            ("sgd",),
            ("torch",),
            (1, 2),
            3,
            True,
        )
    ]


def test_help_names_the_extra_that_brings_the_peers() -> None:
    said = CliRunner().invoke(app, ["bench", "--help"]).stdout
    assert "pip install 'glassnet[bench]'" in said


def test_progress_keeps_to_one_line_of_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "xterm")
    say = _progress()
    say("1/9 step: " + "x" * 100)
    assert capsys.readouterr().err == "\r\033[K1/9 step: " + "x" * 19
    monkeypatch.setenv("TERM", "dumb")  # which knows no way back
    say("2/9 step")
    assert capsys.readouterr().err == "2/9 step\n"


def test_json_has_every_turn_and_no_nan(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = report(result("step", (784, 128, 10), 32, "sgd", glassnet=1.0, products=float("nan")))
    monkeypatch.setattr("glassnet.bench.run.run", lambda choice, say: planted)
    outcome = CliRunner().invoke(app, ["bench", "--json"])
    ours, products = json.loads(outcome.stdout)["results"][0]["series"]
    assert ours["values"] == [0.9, 1.0, 1.2]
    assert products["values"] == [None] * 3


def test_glassnet_failing_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = report(result("step", (784, 128, 10), 32, "sgd", glassnet=1.0, spoilt=("glassnet",)))
    monkeypatch.setattr("glassnet.bench.run.run", lambda choice, say: planted)
    assert CliRunner().invoke(app, ["bench"]).exit_code == 1


@pytest.mark.slow
def test_a_short_benchmark_runs_as_a_command(tmp_path: Path) -> None:
    asked = "bench step inference optimizer --short --only 784-12-10 --batch 32 --optimizer adam --turns 2"
    asked += " --threads 1 --data mnist-sample --peer jax --json"
    hidden = tmp_path / "hidden"  # a JAX that cannot be imported
    (hidden / "jax").mkdir(parents=True)
    (hidden / "jax" / "__init__.py").write_text("raise ImportError('it is broken')", encoding="utf-8")
    env = environment(tmp_path, PYTHONPATH=str(hidden))
    outcome = glassnet(asked.split(), tmp_path, env)
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert [r["work"] for r in found["results"]] == ["step", "inference", "optimizer"]
    for r in found["results"]:
        ours, jax = r["series"][0], r["series"][1]
        assert ours["side"] == "glassnet"
        assert len(ours["values"]) == 2
        assert jax["failed"] == "ImportError: it is broken"
    assert "1/3 step: 784-12-10, 32, adam" in outcome.err


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs signals")
def test_ctrl_c_prints_what_there_is_and_leaves_no_process(tmp_path: Path) -> None:
    asked = (
        "bench step --only 784-12-10 --batch 32,64 --optimizer sgd --threads 1 --data mnist-sample --peer jax"
    )
    process = subprocess.Popen(
        [*COMMAND, *asked.split(), "--turns", "2"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("2/2"):
            break
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "12, 32" in out
    assert "glassnet: interrupted; this is what was measured by then" in err
    assert running_at(tmp_path) == []


def running_at(home: Path) -> list[str]:
    """The processes whose environment has that home, where /proc tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"HOME={home}\0" in path.read_text(encoding="utf-8", errors="replace"):
                found.append(path.parent.name)
        except OSError:  # it has just ended, or is somebody else's
            continue
    return found
