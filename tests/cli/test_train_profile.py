"""`glassnet train --profile`: the table at the end, of a run that is otherwise the same."""

import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from e2e import command
from e2e.command import environment
from glassnet.cli import app
from glassnet.nn import Dense
from glassnet.training import Step, Training
from glassnet.training.profiling import table as tables
from training.small import bits

TRAIN = ["train", "--data", "mnist-sample", "--hidden", "16", "--no-pictures", "--threads", "1"]
Glassnet = Callable[..., Result]


@pytest.fixture
def glassnet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Glassnet:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, [*TRAIN, *arguments])


def table(output: str) -> list[str]:
    """The lines of the table, from its head to its sums."""
    return output[output.index("A step's time: ") :].splitlines()


def test_the_table_comes_last_and_fits_the_window(glassnet: Glassnet) -> None:
    outcome = glassnet("--epochs", "1", "--profile")
    assert outcome.exit_code == 0, outcome.output
    lines = table(outcome.output)
    assert max(map(len, lines)) <= 80
    assert lines[0] == "A step's time: the mean of 112 steps of 32 examples and 1 of other sizes"
    for part in ("data", "1 Dense 16", "2 ReLU", "3 Dense 10", "loss cross_entropy", "optimizer", "events"):
        assert any(line.startswith(part) for line in lines), part
    shares = [
        float(share) for share in re.findall(r"(\d+\.\d) %", "\n".join(lines).partition("\n\nGFLOP/s are")[0])
    ]
    assert shares[-1] == 100
    assert round(sum(shares[:-1]), 1) == 100
    assert re.match(r"113 steps +\d", lines[-5])
    assert re.match(r"1 end of epochs +\d[^ ]* ms  measuring .*, copying .*, events ", lines[-4])
    assert lines[-2].startswith("before the run ")
    assert lines[-1].startswith("after the run ")


def test_without_the_flag_there_is_no_table_and_the_network_is_the_same(
    glassnet: Glassnet, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks: list[bytes] = []
    fit = Training.fit

    def kept(run: Training, *arguments: Any, **named: Any) -> Any:
        try:
            return fit(run, *arguments, **named)
        finally:
            networks.append(bits(run.network))

    monkeypatch.setattr(Training, "fit", kept)
    with_it = glassnet("--epochs", "1", "--optimizer", "adam", "--profile").output
    without = glassnet("--epochs", "1", "--optimizer", "adam").output
    assert networks[0] == networks[1]
    assert "A step's time" in with_it
    assert "A step's time" not in without
    said = re.search(r"^Test accuracy .*$", without, re.MULTILINE)
    assert said is not None
    assert said[0] in with_it


def test_a_run_that_is_resumed_can_be_profiled(glassnet: Glassnet) -> None:
    glassnet("--epochs", "1", "--out", "run")
    outcome = CliRunner().invoke(
        app, ["train", "--resume", "run", "--epochs", "2", "--batch-size", "64", "--no-pictures", "--profile"]
    )
    assert outcome.exit_code == 0, outcome.output
    assert table(outcome.output)[0].startswith("A step's time: the mean of 56 steps of 64 examples and 1 of")


def test_ctrl_c_leaves_a_table_of_the_steps_until_then(
    glassnet: Glassnet, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Training._work

    def pressed(run: Training) -> Any:
        event = work(run)
        if isinstance(event, Step) and event.step == 50:
            signal.raise_signal(signal.SIGINT)
        return event

    monkeypatch.setattr(Training, "_work", pressed)
    outcome = glassnet("--epochs", "5", "--profile")
    assert outcome.exit_code == 130
    lines = table(outcome.output)
    assert lines[0] == "A step's time: the mean of 50 steps of 32 examples"
    assert any(line.endswith("GFLOP/s  limit") for line in lines)


def test_a_second_ctrl_c_leaves_one_too_at_once(glassnet: Glassnet, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Training._work

    def pressed(run: Training) -> Any:
        event = work(run)
        if isinstance(event, Step) and event.step in (50, 51):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        return event

    monkeypatch.setattr(Training, "_work", pressed)
    monkeypatch.setattr(tables, "MUCH", -1.0)  # as on a machine that has other work
    outcome = glassnet("--epochs", "5", "--profile")
    assert outcome.exit_code != 0
    assert "the machine had other work" in " ".join(outcome.output.split())
    assert table(outcome.output)[0] == "A step's time: the mean of 49 steps of 32 examples"
    assert "limit" not in outcome.output


def test_a_run_that_diverges_says_so_and_shows_what_there_is(glassnet: Glassnet) -> None:
    outcome = glassnet("--epochs", "1", "--learning-rate", "1e30", "--profile")
    assert outcome.exit_code == 1
    assert "A step's time: the mean of" in outcome.output
    assert "the loss is not finite" in outcome.output


def test_a_run_that_fails_before_its_first_step_says_why_and_nothing_else(
    glassnet: Glassnet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise OSError("mine")

    monkeypatch.setattr(Dense, "forward", fail)
    outcome = glassnet("--epochs", "1", "--profile")
    assert "A step's time" not in outcome.output
    assert isinstance(outcome.exception, OSError)


def test_the_table_where_the_output_knows_no_letters_but_the_plainest(tmp_path: Path) -> None:
    env = environment(tmp_path, PYTHONIOENCODING="ascii")
    outcome = command.glassnet([*TRAIN, "--epochs", "1", "--profile"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    text = outcome.out[outcome.out.index("A step's time: ") :]
    assert text.isascii()
    assert "us a step" in text
    assert "?" not in text
