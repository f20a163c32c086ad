"""Help, versions, and outputs that are closed, narrow or of another alphabet."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import glassnet as gn
from e2e.command import COMMAND, glassnet
from e2e.conftest import Trained
from glassnet import recipes
from glassnet.recipes import Recipe

FLAGS = [
    "--data", "--data-dir", "--validation", "--hidden", "--activation", "--initializer", "--loss", "--dtype",
    "--optimizer", "--learning-rate", "--schedule", "--batch-size", "--epochs", "--seed", "--threads", "--l1",
    "--l2", "--weight-decay", "--dropout", "--max-norm", "--clip", "--patience", "--recipe", "--resume",
    "--checkpoint-every", "--out", "--overwrite", "--label", "--task", "--drop", "--fill", "--test",
    "--full-pass", "--pictures", "--scale", "--augment", "--outliers",
]  # fmt: skip


def test_the_script_beside_the_interpreter_is_the_same_command(env: dict[str, str], tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("glassnet.exe" if sys.platform == "win32" else "glassnet")
    done = subprocess.run([script, "--version"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"glassnet {gn.__version__}\n", "")
    assert glassnet(["--version"], tmp_path, env) == (0, done.stdout, "")


def test_the_help_of_train_names_and_explains_every_flag(env: dict[str, str], tmp_path: Path) -> None:
    outcome = glassnet(["train", "--help"], tmp_path, {**env, "COLUMNS": "100"})
    assert (outcome.code, outcome.err) == (0, "")
    for flag in FLAGS:
        assert re.search(rf"^\W*{flag} .*\w+", outcome.out, re.MULTILINE), flag
    for panel in (
        "What to learn from",
        "The network",
        "Training",
        "Regularization",
        "Where to write, and how",
    ):
        assert panel in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 100
    assert list(tmp_path.iterdir()) == []


def test_the_help_of_train_tells_the_defaults(env: dict[str, str], tmp_path: Path) -> None:
    text = " ".join(glassnet(["train", "--help"], tmp_path, {**env, "COLUMNS": "300"}).out.split())
    quick = recipes.read("quick")
    sample = quick.pop("on")["mnist-sample"]
    defaults = Recipe().changed(quick)
    told = {}
    for flag in FLAGS:
        about = text.partition(f"│ {flag} ")[2].partition("│")[0]
        if found := re.search(r" Default: ([^ ]+)(?: \(mnist-sample: (.+)\))?\. $", about):
            told[flag[2:].replace("-", "_")] = found.groups()
    assert told.pop("checkpoint_every") == ("10", None)
    assert set(quick) | set(sample) <= set(told)
    for name, (value, of_sample) in told.items():
        expected = getattr(defaults, name)
        assert value == ",".join(map(str, expected if isinstance(expected, tuple) else (expected,))), name
        assert of_sample == (str(sample[name]) if name in sample else None), name
    off = {f.name for f in fields(Recipe) if not getattr(defaults, f.name)} - {"seed"}
    about_the_command = {"recipe", "resume", "checkpoint_every", "out", "overwrite", "pictures"}
    on = {"scale"}  # a switch, whose help says what is usual
    assert {flag[2:].replace("-", "_") for flag in FLAGS} - set(told) == off | on | about_the_command
    assert "bool" not in text.partition("--overwrite")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["train", "evaluate", "Usage: glassnet"]),
        (["-h"], ["train", "evaluate", "--version"]),
        (["evaluate", "--help"], ["RUN|MODEL", "--data", "Usage: glassnet evaluate"]),
    ],
)
def test_other_help(arguments: list[str], words: list[str], env: dict[str, str], tmp_path: Path) -> None:
    outcome = glassnet(arguments, tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    for word in words:
        assert word in outcome.out


@pytest.mark.parametrize(
    "arguments",
    ["train --help", "--version", pytest.param("evaluate run --data mnist-sample", marks=pytest.mark.slow)],
)
def test_a_reader_that_has_gone_is_no_trouble(
    arguments: str, trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    """As with `| head -1`, only surer: nobody has ever listened."""
    shutil.copytree(trained.folder, tmp_path / "run")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as nobody:
        done = subprocess.run(
            [*COMMAND, *arguments.split()],
            cwd=tmp_path,
            env=env,
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.stderr == ""
    assert done.returncode == (1 if "--help" in arguments else 141)  # rich writes the help, and exits so


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_head_and_closed_outputs(env: dict[str, str], tmp_path: Path) -> None:
    train = "glassnet train --data mnist-sample --hidden 8 --epochs 3"
    path = {**env, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"}
    first = "Data: mnist-sample, 5,000 MNIST digits inside the package\n"
    for command, out in (
        (f"{train} 2>&- | head -1", first),
        (f"{train} >&-", ""),
        (f"{train} --learning-rate 1e30 >&- 2>&-", ""),
        ("glassnet trian 2>&-", ""),
        (
            f"({train}; echo $? > code) 2>&1 | head -1",
            "Data: mnist-sample, 5,000 MNIST digits inside the package\n",
        ),
        ("cat code", "141\n"),
    ):
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=path, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (out, "")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_old_alphabet_gets_question_marks(encoding: str, env: dict[str, str], tmp_path: Path) -> None:
    """As in a pipe on Windows, whose code page has no λ."""
    old = {**env, "PYTHONIOENCODING": encoding}
    done = subprocess.run([*COMMAND, "train", "--help"], cwd=tmp_path, env=old, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Adds ? ?|w| to the loss." in done.stdout


@pytest.mark.slow
def test_an_old_alphabet_does_not_stop_a_run(env: dict[str, str], tmp_path: Path) -> None:
    arguments = ["train", "--data", "mnist-sample", "--hidden", "8", "--epochs", "1", "--out", "run"]
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=tmp_path, env={**env, "PYTHONIOENCODING": "ascii"}, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"28 ? 28, 10 classes" in done.stdout
