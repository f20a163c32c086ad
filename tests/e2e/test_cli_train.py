"""`glassnet train` from the command to the run folder."""

import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from e2e.command import COMMAND, glassnet, tree
from e2e.conftest import Trained
from glassnet import files, recipes, runs
from glassnet.training import End, Start, events
from glassnet.training.metrics import interval
from training.screen import TERMINAL, pseudo_terminal
from training.small import epochs, steps

ACCURACY = r"Test accuracy ([01]\.\d{4}) \(95 % interval ([01]\.\d{4})-([01]\.\d{4})\)"
EPOCH = (
    r"Epoch (\d+) - loss (\d\.\d{4}), accuracy ([01]\.\d{4})"
    r" - validation loss (\d\.\d{4}), accuracy ([01]\.\d{4}) - \d+\.\d\d s"
)
SAMPLE = ["train", "--data", "mnist-sample"]
QUICK = recipes.read("quick")
QUICK |= QUICK.pop("on")["mnist-sample"]
FILES = {
    "model.npz", "config.toml", "history.jsonl", "checkpoint.npz", "checkpoint-before.npz",
    "curves.png", "confusion.png", "predictions.png", "weights.png", "frames",
}  # fmt: skip


# ---- what is printed


def test_all_is_well(trained: Trained) -> None:
    assert trained.outcome.code == 0, trained.outcome.err
    assert trained.outcome.err == ""
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", trained.outcome.out)
    assert trained.outcome.out.endswith("\n")


def test_it_says_in_one_line_which_data_and_why(trained: Trained) -> None:
    first, second = trained.outcome.out.splitlines()[:2]
    assert re.fullmatch(
        r"Data: mnist-sample, 5,000 MNIST digits inside the package, because mnist is not at hand and cannot"
        r" be fetched: 127\.0\.0\.1:9/mnist: .+; 127\.0\.0\.1:9: .+",
        first,
    )
    assert second == "3,600 to train, 400 to validate, 1,000 to test; 28 × 28, 10 classes"


def test_it_shows_the_network_the_settings_and_the_blas(trained: Trained) -> None:
    _, network, settings, *_ = trained.outcome.out.split("\n\n")
    data = files.read(trained.folder / "model.npz")[0]
    assert network == data.summary()
    first = settings.splitlines()[0]
    for word in (
        QUICK["optimizer"],
        f"{QUICK['learning_rate']}",
        f"batch {QUICK['batch_size']}",
        "2 epochs",
        "seed 0",
    ):
        assert word in first.lower()
    assert re.search(r"^(OpenBLAS .* kernel|.*BLAS.*), 1 thread$", settings, re.MULTILINE)


def test_it_prints_a_line_an_epoch_with_the_recorded_numbers(trained: Trained) -> None:
    lines = re.findall(rf"^{EPOCH}$", trained.outcome.out, re.MULTILINE)
    recorded = epochs(events.read(trained.folder / "history.jsonl"))
    assert len(lines) == len(recorded) == 2
    for (number, *printed), epoch in zip(lines, recorded):
        numbers = epoch.loss, epoch.accuracy, epoch.validation_loss, epoch.validation_accuracy
        assert int(number) == epoch.epoch
        assert printed == [f"{n:.4f}" for n in numbers]


def test_the_test_accuracy_is_that_of_the_model(trained: Trained) -> None:
    found = re.findall(rf"^{ACCURACY}$", trained.outcome.out, re.MULTILINE)
    assert len(found) == 1
    test = gn.data.load("mnist-sample").test
    right = int((gn.load(trained.folder / "model.npz").predict(test.images) == test.labels).sum())
    assert right > 800
    assert list(found[0]) == [f"{n:.4f}" for n in (right / 1000, *interval(right, 1000))]


def test_it_says_where_everything_is(trained: Trained) -> None:
    last = trained.outcome.out.splitlines()[-1]
    where, what = re.fullmatch(r"In (.*): (.*)", last).groups()  # type: ignore[union-attr]
    assert Path(where) == Path("runs/mnist-sample-1")
    assert set(what.split(", ")) == {name for name in FILES if "checkpoint" not in name}


# ---- what is left


def test_the_run_folder_is_complete(trained: Trained) -> None:
    assert {path.name for path in trained.folder.iterdir()} == FILES
    for name in FILES:
        if name.endswith(".png"):
            assert (trained.folder / name).read_bytes().startswith(b"\x89PNG\r\n")
    assert {path.name for path in trained.cwd.iterdir()} == {"runs"}


def test_the_config_is_resolved(trained: Trained) -> None:
    config = tomllib.loads((trained.folder / "config.toml").read_text(encoding="utf-8"))
    assert config["made_by"]["glassnet"] == gn.__version__
    assert config["made_by"]["numpy"] == np.__version__
    assert (config["data"], config["epochs"], config["threads"], config["seed"]) == ("mnist-sample", 2, 1, 0)
    for name in set(QUICK) - {"epochs"}:
        assert config[name] == QUICK[name]


def test_the_history_is_the_run(trained: Trained) -> None:
    lines = (trained.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    of_epoch = [*["step"] * math.ceil(3600 / QUICK["batch_size"]), "epoch"]
    assert [json.loads(line)["kind"] for line in lines] == ["start", *of_epoch, *of_epoch, "end"]
    start, *_, end = events.read(trained.folder / "history.jsonl")
    assert isinstance(start, Start)
    assert isinstance(end, End)
    assert start.glassnet == gn.__version__
    assert (start.settings["threads"], start.settings["epochs"], start.settings["seed"]) == (1, 2, 0)
    assert (end.reason, end.epoch, end.step) == ("finished", 2, len(lines) - 4)


def test_the_model_is_the_best_epochs(trained: Trained) -> None:
    network, notes = files.read(trained.folder / "model.npz")
    split = {"validation": 0.1, "test": 0.0, "seed": 0}
    assert notes.pop("trained_on").startswith("3,600 examples (28, 28) of checksum ")
    assert notes == {"data": "mnist-sample", "shape": [28, 28], **split}
    recorded = epochs(events.read(trained.folder / "history.jsonl"))
    data = gn.data.load("mnist-sample")
    best = max(recorded, key=lambda e: (e.validation_accuracy, -(e.validation_loss or 0)))
    assert gn.evaluate(network, data.validation).accuracy == best.validation_accuracy


def test_the_config_does_the_run_again_bit_for_bit(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    """In another folder, where a run of that name has been; the number goes up by one."""
    (tmp_path / "runs/mnist-sample-1").mkdir(parents=True)
    config = str(trained.folder / "config.toml")
    again = glassnet(["train", "--recipe", config], tmp_path, env)
    assert again.code == 0, again.err
    folder = tmp_path / "runs/mnist-sample-2"
    one, other = gn.load(trained.folder / "model.npz"), gn.load(folder / "model.npz")
    assert one.parameters.vector.tobytes() == other.parameters.vector.tobytes()
    assert (folder / "config.toml").read_bytes() == (trained.folder / "config.toml").read_bytes()
    whats = [
        [(e.loss, e.accuracy) for e in steps(events.read(f / "history.jsonl"))]
        for f in (folder, trained.folder)
    ]
    assert whats[0] == whats[1]


@pytest.mark.slow
def test_on_a_terminal_a_bar_comes_and_goes(trained: Trained, env: dict[str, str], tmp_path: Path) -> None:
    arguments = ["train", "--recipe", str(trained.folder / "config.toml"), "--hidden", "2000", "--out", "run"]
    with pseudo_terminal() as (end, screen):
        outcome = glassnet(arguments, tmp_path, {**env, **TERMINAL}, stdout=end)
    assert (outcome.code, outcome.err) == (0, "")
    assert re.search(r"Epoch 1.*━.*\d+/\d+.*loss \d\.\d{4}", screen.raw)
    assert screen.cursor_is_shown
    assert [line[:7] for line in screen.lines if "Epoch" in line and "loss" in line] == ["Epoch 1", "Epoch 2"]
    assert not [line for line in screen.lines if "━" in line]


# ---- Ctrl-C, and other ends

# Between opening a file and the start of its block Python itself leaves a gap for an interrupt; the file is
# closed all the same, with a warning that only strict settings show.
UNCLOSED = {"PYTHONWARNINGS": "error,ignore::ResourceWarning"}


def interrupted(arguments: list[str], cwd: Path, env: dict[str, str], times: int = 1) -> tuple[int, str, str]:
    """Start a run without an end, and press Ctrl-C after its first epoch."""
    command = [*COMMAND, "train", "--data", "mnist-sample", "--epochs", "100000", *arguments]
    env = {**env, **UNCLOSED}
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        seen = ""
        while "Epoch 1 " not in seen:
            line = process.stdout.readline()
            assert line, seen
            seen += line
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    return process.returncode, seen + out, err


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process alone is POSIX's")
def test_ctrl_c_ends_the_run_and_keeps_what_there_is(env: dict[str, str], tmp_path: Path) -> None:
    code, out, err = interrupted(["--out", "run"], tmp_path, env)
    assert (code, err) == (130, "glassnet: stopping after this step; Ctrl-C again stops at once\n")
    assert re.search(
        r"^Interrupted in epoch \d+, after step [\d,]+: what there is, is kept$", out, re.MULTILINE
    )
    assert re.search(rf"^{ACCURACY}$", out, re.MULTILINE)
    folder = tmp_path / "run"
    assert {path.name for path in folder.iterdir()} == FILES
    assert gn.load(folder / "model.npz").predict(np.zeros((1, 784))).shape == (1,)
    end = events.read(folder / "history.jsonl")[-1]
    assert isinstance(end, End)
    assert end.reason == "interrupted"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process alone is POSIX's")
def test_ctrl_c_again_and_again_leaves_no_traceback_and_no_half_file(
    env: dict[str, str], tmp_path: Path
) -> None:
    code, _, err = interrupted(["--out", "run"], tmp_path, env, times=20)
    assert code == 130
    assert re.fullmatch(r"(glassnet: stopping .*\n?)?(glassnet: interrupted; kept in run: .*\n)?", err)
    assert not [path for path in (tmp_path / "run").iterdir() if path.name.endswith(".part")]
    assert events.read(tmp_path / "run" / "history.jsonl")
    gn.load(tmp_path / "run" / "model.npz")


@contextmanager
def started(epochs: str, cwd: Path, env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A small run of so many epochs, the first of which is over."""
    command = [*COMMAND, *SAMPLE, "--epochs", epochs, "--hidden", "8", "--out", "run"]
    with subprocess.Popen(
        command, cwd=cwd, env={**env, **UNCLOSED}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        while "Epoch 1 " not in process.stdout.readline():
            pass
        yield process


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process alone is POSIX's")
def test_a_second_ctrl_c_ends_at_once_and_says_what_is_kept(env: dict[str, str], tmp_path: Path) -> None:
    with started("100000", tmp_path, env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline().startswith("glassnet: stopping after this step")
        while process.poll() is None:  # a press that comes while C code clears an error is lost to Python
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.5)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.fullmatch(
        r"glassnet: interrupted; kept in run: model\.npz, config\.toml, history\.jsonl.*\n", err
    )
    assert gn.load(tmp_path / "run" / "model.npz").size == 6370


def test_a_run_that_diverges_says_why_and_fails(env: dict[str, str], tmp_path: Path) -> None:
    outcome = glassnet([*SAMPLE, "--learning-rate", "1e30", "--hidden", "8", "--out", "run"], tmp_path, env)
    assert outcome.code == 1
    assert re.fullmatch(r"glassnet: the loss is not finite at step 2 \(epoch 1\): Dense 3: .*\n", outcome.err)
    end = events.read(tmp_path / "run" / "history.jsonl")[-1]
    assert isinstance(end, End)
    assert end.reason == "diverged"
    assert end.message in outcome.err
    assert np.isfinite(gn.load(tmp_path / "run" / "model.npz").parameters.vector).all()


def test_a_run_that_diverges_at_once_ends_in_one_line(env: dict[str, str], tmp_path: Path) -> None:
    arguments = ["--initializer", "constant(1e30)", "--epochs", "1", "--hidden", "300", "--out", "run"]
    outcome = glassnet([*SAMPLE, *arguments], tmp_path, env)
    assert outcome.code == 1
    assert re.fullmatch(r"glassnet: the loss is not finite at step 1 \(epoch 1\): .*\n", outcome.err)
    assert "Test accuracy" not in outcome.out
    not_drawn, there = outcome.out.splitlines()[-2:]
    assert not_drawn == "Not drawn: curves.png, confusion.png, predictions.png, for want of finite numbers"
    assert there == f"In run: {', '.join(runs.left(tmp_path / 'run'))}"
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {"checkpoint.npz", *runs.left(tmp_path / "run")}


def test_whatever_happens_the_best_model_is_there(env: dict[str, str], tmp_path: Path) -> None:
    """Here the reader of the output leaves after the first epoch, as `head` does."""
    with started("30", tmp_path, env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=60) == 141
    there = ", ".join(runs.left(tmp_path / "run"))
    assert said == f"glassnet: stopped, as nobody reads its output; kept in run: {there}\n"
    recorded = epochs(events.read(tmp_path / "run" / "history.jsonl"))
    best = max(recorded, key=lambda e: (e.validation_accuracy, -(e.validation_loss or 0)))
    measured = gn.evaluate(gn.load(tmp_path / "run" / "model.npz"), gn.data.load("mnist-sample").validation)
    assert measured.accuracy == best.validation_accuracy
    assert not [path for path in (tmp_path / "run").iterdir() if path.name.endswith(".part")]


# ---- what it is told


def test_one_of_something_is_singular(env: dict[str, str], tmp_path: Path) -> None:
    arguments = ["--epochs", "1", "--batch-size", "full", "--hidden", "none", "--out", "run"]
    outcome = glassnet([*SAMPLE, *arguments], tmp_path, env)
    assert "batch full, 1 epoch, seed 0\n" in outcome.out
    assert "\n1 step in " in outcome.out


@pytest.mark.slow
def test_a_recipe_is_a_runs_folder_and_flags_switch_its_limits_off(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    """And the line about the settings says which limits are on."""
    limits = "--l1 1e-5 --l2 1e-4 --weight-decay 0.01 --dropout 0.1 --max-norm 3 --clip 1"
    one = ["--epochs", "1", "--hidden", "8", *limits.split(), "--out", "one"]
    first = glassnet(["train", "--recipe", str(trained.folder), *one], tmp_path, env)
    assert first.code == 0, first.err
    assert "; l1 1e-05, l2 0.0001, weight decay 0.01, dropout 0.1, max-norm 3, clip 1\n" in first.out, (
        first.out
    )
    off = "--weight-decay none --max-norm none --clip none"
    other = glassnet(["train", "--recipe", "one", *off.split(), "--out", "other"], tmp_path, env)
    assert other.code == 0, other.err
    assert "; l1 1e-05, l2 0.0001, dropout 0.1\n" in other.out
    config = tomllib.loads((tmp_path / "other" / "config.toml").read_text(encoding="utf-8"))
    assert not {"max_norm", "clip"} & set(config)
    assert (config["weight_decay"], config["epochs"]) == (0, 1)


# ---- where a run goes


def test_overwriting_replaces_the_run_and_nothing_else(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(trained.folder, tmp_path / "run")
    (tmp_path / "run" / "notes.txt").write_text("mine")
    (tmp_path / "run" / "mistakes.png").write_text("of the old run")
    arguments = [*SAMPLE, "--epochs", "1", "--validation", "0", "--hidden", "none", "--out", "run"]
    refused = glassnet(arguments, tmp_path, env)
    assert refused.code == 2
    assert "see --overwrite" in refused.err
    done = glassnet([*arguments, "--overwrite"], tmp_path, env)
    assert done.code == 0, done.err
    assert {path.name for path in (tmp_path / "run").iterdir()} == FILES | {"notes.txt"}
    assert (tmp_path / "run" / "notes.txt").read_text() == "mine"
    assert gn.load(tmp_path / "run" / "model.npz").size == 7850
    assert len(epochs(events.read(tmp_path / "run" / "history.jsonl"))) == 1
    assert re.search(
        r"^Epoch 1 - loss \d\.\d{4}, accuracy [01]\.\d{4} - \d+\.\d\d s$", done.out, re.MULTILINE
    )


# ---- without pictures


def test_without_pictures_the_rest_is_the_same_and_comes_sooner(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    arguments = [*SAMPLE, "--epochs", "2", "--seed", "0", "--no-pictures", "--out", "run"]
    importing = {**env, "PYTHONPROFILEIMPORTTIME": "1"}
    done = glassnet(arguments, tmp_path, importing)
    assert done.code == 0, done.err
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        name for name in FILES if not name.endswith(".png")
    }
    assert (tmp_path / "run" / "model.npz").read_bytes() == (trained.folder / "model.npz").read_bytes()
    assert done.out.endswith(f"\nIn {Path('run')}: model.npz, config.toml, history.jsonl, frames\n")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.err.splitlines()}
    assert {"numpy", "typer", "glassnet"} <= loaded
    assert loaded.isdisjoint({"matplotlib", "PIL", "rich", "pooch", "requests", "safetensors", "sklearn"})


def test_going_on_without_pictures_leaves_none_of_the_network_as_it_was(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(trained.folder, tmp_path / "run")
    (tmp_path / "run" / "mine.png").write_text("mine")
    done = glassnet(["train", "--resume", "run", "--epochs", "3", "--no-pictures"], tmp_path, env)
    assert done.code == 0, done.err
    assert [path.name for path in (tmp_path / "run").glob("*.png")] == ["mine.png"]


# ---- the same bits elsewhere; slower


@pytest.mark.slow
@pytest.mark.parametrize("threads", ["1", "2"])
def test_two_processes_train_the_same_bits(threads: str, env: dict[str, str], tmp_path: Path) -> None:
    arguments = (
        "train --data mnist-sample --epochs 2 --dropout 0.2 --optimizer adamw --activation gelu"
        f" --hidden 64,32 --l1 1e-5 --clip 1 --max-norm 3 --schedule cosine --threads {threads} --seed 7"
    ).split()
    environments = env, {**env, "PYTHONHASHSEED": "5", "LANG": "C"}
    for name, own in zip("ab", environments):
        assert glassnet([*arguments, "--out", name], tmp_path, own).code == 0
    one, other = (gn.load(tmp_path / name / runs.MODEL) for name in "ab")
    assert one.parameters.vector.tobytes() == other.parameters.vector.tobytes()
    different = glassnet([*arguments, "--out", "c", "--seed", "8"], tmp_path, env)
    assert different.code == 0
    assert gn.load(tmp_path / "c" / runs.MODEL).parameters.vector.tobytes() != one.parameters.vector.tobytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        "--hidden none --batch-size full --epochs 2",
        "--hidden 32,16 --activation tanh --loss mse --optimizer nesterov",
        "--hidden 16 --activation sigmoid --loss binary_cross_entropy --optimizer rmsprop --schedule step",
        "--hidden 16 --activation leaky-relu --optimizer adam --schedule warmup --l2 1e-4 --dtype float64",
        "--hidden 16 --activation gelu --optimizer sgd --schedule exponential --weight-decay 0.01 --clip 9",
        "--hidden 32 --augment --outliers 0.2",
        "--hidden 16 --initializer uniform(-0.5,0.5) --learning-rate 0.01 --max-norm 2 --validation 0.5",
    ],
)
def test_every_flag_does_something_that_works(arguments: str, env: dict[str, str], tmp_path: Path) -> None:
    start = ["train", "--data", "mnist-sample", "--epochs", "3", "--out", "run"]
    outcome = glassnet([*start, *arguments.split()], tmp_path, env)
    assert outcome.code == 0, outcome.err
    assert outcome.err == ""
    assert {path.name for path in (tmp_path / "run").iterdir()} == FILES
    losses = [epoch.loss for epoch in epochs(events.read(tmp_path / "run" / "history.jsonl"))]
    assert losses[-1] < losses[0]


ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("GLASSNET_DATA", ROOT.parent / "shared" / "data"))


@pytest.mark.slow
@pytest.mark.skipif(not (REAL / "mnist").is_dir(), reason="needs MNIST: set GLASSNET_DATA")
def test_mnist_itself_is_found_and_learned(env: dict[str, str], tmp_path: Path) -> None:
    outcome = glassnet(["train", "--epochs", "1"], tmp_path, {**env, "GLASSNET_DATA": str(REAL)})
    assert outcome.code == 0, outcome.err
    assert re.match(
        r"Data: mnist, found in .* \(\$GLASSNET_DATA\)\n54,000 to train, 6,000 to validate", outcome.out
    )
    accuracy: Any = re.search(ACCURACY, outcome.out)
    assert float(accuracy[1]) > 0.95
    assert (tmp_path / "runs/mnist-1/model.npz").exists()


@pytest.mark.slow
def test_data_in_a_folder_named_as_a_set_is_that_folders(env: dict[str, str], tmp_path: Path) -> None:
    """What a run was trained on is found again by `evaluate` and by its config, from anywhere."""
    from data.digit_files import write_digits

    write_digits(tmp_path / "mine" / "mnist")
    write_digits(tmp_path / "other" / "digits")
    for cwd, flags in (
        (tmp_path, ["--data", "mine/mnist"]),
        (tmp_path / "mine", ["--data", "./mnist"]),
        (tmp_path, ["--data", "mnist", "--data-dir", "mine"]),
        (tmp_path / "other", ["--data", "digits"]),
    ):
        out = tmp_path / f"run-{len(tree(tmp_path))}"
        outcome = glassnet(["train", *flags, "--epochs", "1", "--out", str(out)], cwd, env)
        assert outcome.code == 0, outcome.err
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        judged = glassnet(["evaluate", str(out)], elsewhere, env)
        assert judged.code == 0, judged.err
        assert "20 test examples" in judged.out
        again = glassnet(
            ["train", "--recipe", str(out / "config.toml"), "--out", f"{out}-again"], elsewhere, env
        )
        assert again.code == 0, again.err
