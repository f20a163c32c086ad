"""`glassnet train --resume`: a run that was cut off goes on to the bits of one that was not."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import glassnet as gn
from e2e.command import glassnet, tree
from glassnet.training import Change, End, Epoch, Event, checkpoint, events

# Dropout, a schedule, early stopping and an optimizer with two memories: all that must not be lost.
ARGUMENTS = [
    "train", "--data", "mnist-sample", "--epochs", "8", "--hidden", "48,16", "--dropout", "0.2",
    "--optimizer", "adam", "--schedule", "cosine", "--patience", "20", "--threads", "1",
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Path:
    """The run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    outcome = glassnet([*ARGUMENTS, "--out", "run"], folder, env)
    assert outcome.code == 0, outcome.err
    return folder / "run"


# The command, which sends itself a signal right after a step: no clock decides where a run is cut off.
CUT = """
import os, signal, sys
from glassnet.cli import main
from glassnet.training import Checkpoints, Step

hear = Checkpoints.__call__

def cut(self, event, run):
    hear(self, event, run)
    if isinstance(event, Step) and event.step == int(os.environ["CUT_AT"]):
        os.kill(os.getpid(), getattr(signal, os.environ["CUT_BY"]))

Checkpoints.__call__ = cut
main()
"""


def cut_off(cwd: Path, env: dict[str, str], by: str, step: int, *more: str) -> Path:
    """The same run, which gets a signal after a step."""
    done = subprocess.run(
        [sys.executable, "-c", CUT, *ARGUMENTS, "--out", "run", *more], cwd=cwd, encoding="utf-8",
        env={**env, "CUT_AT": str(step), "CUT_BY": by}, capture_output=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == {"SIGINT": 130, "SIGKILL": -9}[by], done.stderr
    return cwd / "run"


def without_seconds(folder: Path) -> list[Event]:
    return [
        replace(event, seconds=0.0, **({"validation_seconds": 0.0} if isinstance(event, Epoch) else {}))
        if isinstance(event, Epoch | End)
        else event
        for event in events.read(folder / "history.jsonl")
    ]


def assert_same(one: Path, other: Path) -> None:
    assert (
        gn.load(one / "model.npz").parameters.vector.tobytes()
        == gn.load(other / "model.npz").parameters.vector.tobytes()
    )
    last, expected = (checkpoint.load(folder / "checkpoint.npz") for folder in (one, other))
    assert last.parameters.tobytes() == expected.parameters.tobytes()
    assert without_seconds(one) == without_seconds(other)
    assert (one / "config.toml").read_bytes() == (other / "config.toml").read_bytes()
    assert tree(one / "frames") == tree(other / "frames")


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process alone is POSIX's")
def test_an_interrupted_run_goes_on_to_the_same_bits(
    whole: Path, env: dict[str, str], tmp_path: Path
) -> None:
    run = cut_off(tmp_path, env, "SIGINT", 250)
    (end,) = [event for event in events.read(run / "history.jsonl") if isinstance(event, End)]
    assert end.reason == "interrupted"
    outcome = glassnet(["train", "--resume", "run"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert "Going on with run after step 250, in epoch 3\n" in outcome.out
    assert "Epoch 1 " not in outcome.out
    assert "Epoch 8 - " in outcome.out
    assert_same(run, whole)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process alone is POSIX's")
@pytest.mark.parametrize("step", [1, 113, 300, 677])
def test_a_killed_run_goes_on_to_the_same_bits(
    step: int, whole: Path, env: dict[str, str], tmp_path: Path
) -> None:
    run = cut_off(tmp_path, env, "SIGKILL", step, "--checkpoint-every", "0")
    assert not [event for event in events.read(run / "history.jsonl") if isinstance(event, End)]
    assert (run / "model.npz").exists() == (step > 113)
    outcome = glassnet(["train", "--resume", "run"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert_same(run, whole)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process alone is POSIX's")
def test_a_damaged_checkpoint_falls_back_to_the_one_before(
    whole: Path, env: dict[str, str], tmp_path: Path
) -> None:
    run = cut_off(tmp_path, env, "SIGKILL", 400, "--checkpoint-every", "0")
    newest = run / "checkpoint.npz"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    newest.write_bytes(content)
    outcome = glassnet(["train", "--resume", "run"], tmp_path, env)
    assert outcome.code == 0, outcome.err
    assert re.fullmatch(
        r"glassnet: run.checkpoint\.npz: expected a checkpoint: got a file that is cut off or damaged .*;"
        r" going on from checkpoint-before\.npz, step [\d,]+\n",
        outcome.err,
    )
    assert_same(run, whole)


@pytest.mark.slow
def test_a_finished_run_can_be_given_more_epochs(whole: Path, env: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "run")
    outcome = glassnet(
        ["train", "--resume", "run", "--epochs", "10", "--learning-rate", "1e-4"], tmp_path, env
    )
    assert outcome.code == 0, outcome.err
    recorded = events.read(tmp_path / "run" / "history.jsonl")
    assert [event.epoch for event in recorded if isinstance(event, Epoch)] == list(range(1, 11))
    (change,) = [event for event in recorded if isinstance(event, Change)]
    assert change.settings == {"epochs": [8, 10], "learning_rate": [0.001, 0.0001]}
    (end,) = [event for event in recorded if isinstance(event, End)]
    assert end.epoch == 10


@pytest.mark.slow
def test_what_cannot_be_resumed_says_why_and_loses_nothing(
    whole: Path, env: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(whole, tmp_path / "run")
    (tmp_path / "empty").mkdir()
    shutil.copytree(whole, tmp_path / "lost", ignore=shutil.ignore_patterns("checkpoint*"))
    shutil.copytree(whole, tmp_path / "spoilt")
    for name in ("checkpoint.npz", "checkpoint-before.npz"):
        (tmp_path / "spoilt" / name).write_bytes(b"PK\x03\x04 no more")
    before = tree(tmp_path)
    for arguments, message in {
        "nowhere": "nowhere: expected a run's folder with a config.toml, found none",
        "empty": "empty: expected a run's folder with a config.toml, found none",
        "lost": "lost: expected a run with a checkpoint, found none in it",
        "spoilt": r"spoilt.checkpoint\.npz: expected a checkpoint: got a file that is cut off or damaged .*",
        "run": r"run: expected a run with epochs left, got one that has finished its 8; --epochs gives .*",
        "run --epochs 8": "run: expected a run with epochs left, got one that has finished its 8.*",
        "run --hidden 64": "--hidden: expected with a new run alone; --resume takes --learning-rate, .*",
        "run --data mnist": "--data: expected with a new run alone.*",
        "run --out other": "--out: expected without --resume, which goes on in run",
        "run --recipe quick": "--recipe: expected without --resume, which goes on in run",
        "run --overwrite": "--overwrite: expected without --resume, which goes on in run",
        "run --epochs many": "--epochs: expected a whole number, got 'many'",
        "run --epochs 9 --dropout 1": "--dropout: expected a number of at least 0 and below 1, got 1.0",
        "run --learning-rate -1": "--learning-rate: expected a number above 0, got -1.0",
        "run --checkpoint-every -1": "--checkpoint-every: expected a number of at least 0, got -1.0",
    }.items():
        outcome = glassnet(["train", "--resume", *arguments.split()], tmp_path, env)
        assert (outcome.code, outcome.out) == (2, ""), arguments
        assert re.fullmatch(f"glassnet: {message}\n", outcome.err), outcome.err
        assert tree(tmp_path) == before


def test_other_data_than_the_runs_are_refused(whole: Path, env: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "run")
    config = tmp_path / "run" / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("seed = 0", "seed = 1"), encoding="utf-8")
    before = tree(tmp_path)
    outcome = glassnet(["train", "--resume", "run", "--epochs", "9"], tmp_path, env)
    assert outcome.code == 2
    assert tree(tmp_path) == before
    assert re.fullmatch("glassnet: restore: expected training data .* as the state's, got .*\n", outcome.err)


@pytest.mark.slow
def test_a_run_is_resumed_by_its_own_settings_whatever_its_folder_is_called(
    env: dict[str, str], tmp_path: Path
) -> None:
    begun = glassnet(["train", "--data", "moons", "--epochs", "2", "--out", "tiny"], tmp_path, env)
    assert begun.code == 0, begun.err
    more = glassnet(["train", "--resume", "tiny", "--epochs", "3"], tmp_path, env)
    assert (more.code, more.err) == (0, "")
    assert "Epoch 3 - " in more.out
    refused = glassnet(["train", "--resume", "tiny", "--epochs", "4", "--dropout", "0.5"], tmp_path, env)
    assert (refused.code, refused.err) == (
        2,
        "glassnet: --dropout: expected a network with Dropout layers, got one without\n",
    )
    assert [e.reason for e in events.read(tmp_path / "tiny" / "history.jsonl") if isinstance(e, End)] == [
        "finished"
    ]


@pytest.mark.slow
def test_a_run_that_ended_early_goes_on_if_it_is_told_what_to_change(
    env: dict[str, str], tmp_path: Path
) -> None:
    arguments = ["train", "--data", "moons", "--patience", "1", "--epochs", "50", "--out", "run"]
    begun = glassnet(arguments, tmp_path, env)
    assert "Stopped after 1 epoch without a better one" in begun.out
    before = tree(tmp_path)
    refused = glassnet(["train", "--resume", "run"], tmp_path, env)
    assert refused.code == 2
    assert re.fullmatch(
        "glassnet: run: expected a run that can go on, got one that ended early .*\n", refused.err
    )
    assert tree(tmp_path) == before
    last = max(event.epoch for event in events.read(tmp_path / "run" / "history.jsonl"))
    more = glassnet(["train", "--resume", "run", "--learning-rate", "0.001"], tmp_path, env)
    assert (more.code, more.err) == (0, "")
    assert max(event.epoch for event in events.read(tmp_path / "run" / "history.jsonl")) > last
