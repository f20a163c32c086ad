"""Bad input to the command line: one line on stderr, exit code 2, and not a file or folder left behind.

Each row is tried by calling the command's own `main` here, which is quick, and (slow) as a process.
"""

import gzip
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.digit_files import packed, write_digits
from e2e.command import Outcome, environment, glassnet, tree
from glassnet import cli, files
from glassnet.nn import Dense, Network, Sigmoid
from glassnet.recipes import Recipe
from glassnet.runs import create, write_config

DIGITS = "0123456789"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that can be wrong."""
    folder = tmp_path_factory.mktemp("template") / "work"
    good = write_digits(folder / "digits")
    for name in ("cut", "text", "mismatched", "wrong-labels", "missing", "sizes", "not-gzip"):
        shutil.copytree(good, folder / name)
    images, labels = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
    (folder / "cut" / images).write_bytes((good / images).read_bytes()[:500])
    (folder / "text" / images).write_text("this is a text\n" * 9)
    (folder / "mismatched" / labels).write_bytes(gzip.compress(packed(np.arange(59) % 10)))
    signed = packed(np.arange(60) - 1).replace(b"\x08", b"\x09", 1)
    (folder / "wrong-labels" / labels).write_bytes(gzip.compress(signed))
    (folder / "missing" / labels).unlink()
    (folder / "sizes" / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(packed(np.zeros((20, 5, 6)))))
    (folder / "not-gzip" / images).write_bytes(b"\x1f\x8b" + bytes(range(200)))
    write_digits(folder / "digits28", shape=(28, 28))
    (folder / "file").write_text("a file")
    (folder / "empty").mkdir()
    (folder / "photos").mkdir()
    (folder / "photos" / "curves.png").write_text("mine")
    write_config(create(str(folder / "run"), "digits"), Recipe(data="digits"))

    model = Network([Dense(10)], 30, loss="cross_entropy", classes=DIGITS)
    files.save(model, folder / "model.npz", {"data": "digits"})
    files.save(model, folder / "without-notes.npz")
    files.save(model, folder / "lost.npz", {"data": "gone/away"})
    whole = (folder / "model.npz").read_bytes()
    (folder / "cut.npz").write_bytes(whole[: len(whole) // 2])
    (folder / "text.npz").write_text("not a model")
    np.savez(folder / "arrays.npz", a=np.ones(3))
    model.parameters["1.W"][...] = 3e38
    files.save(model, folder / "infinite.npz", {"data": "digits"})
    files.save(Network([Dense(1)], 30, loss="mse"), folder / "values.npz", {"data": "digits"})
    files.save(Network([Dense(10)], 30, classes=DIGITS), folder / "lossless.npz", {"data": "digits"})
    files.save(
        Network([Dense(10), Sigmoid()], 30, classes="abcdefghij"), folder / "letters.npz", {"data": "digits"}
    )
    files.save(Network([Dense(3)], 30, loss="mse", classes="abc"), folder / "three.npz", {"data": "digits"})

    (folder / "broken.toml").write_text("epochs = = 3")
    (folder / "unknown.toml").write_text("epoch = 3")
    (folder / "typed.toml").write_text("hidden = 64")
    (folder / "words.toml").write_text('epochs = "many"')
    (folder / "on.toml").write_text("[on.mnist-sample]\nclip = -1")
    (folder / "named.toml").write_text('optimizer = "adm"')
    return folder


BAD = {
    # data
    "train --data mnits": r"--data: unknown data set 'mnits'; did you mean 'mnist'\?",
    "train --data no/such/folder": "no.such.folder: expected a file or folder with data, found none",
    "train --data file": "file: expected a table .*, arrays .*, got a file that ends in nothing of the kind",
    "train --data empty": "empty: expected MNIST's four IDX files or CIFAR-10's batches in it, got neither",
    "train --data missing": "missing: expected the file train-labels-idx1-ubyte.gz, got none",
    "train --data cut": "train-images-idx3-ubyte.gz: expected .*cut off",
    "train --data text": r"train-images-idx3-ubyte.gz: expected an IDX file \(first bytes 00 00\), got",
    "train --data not-gzip": "train-images-idx3-ubyte.gz: expected a sound gzip archive: the file is damaged",
    "train --data mismatched": "train-labels-idx1-ubyte.gz: expected 60 labels, one for each .*, got 59",
    "train --data wrong-labels": "train-labels-idx1-ubyte.gz: expected labels from 0 to 255, got -1",
    "train --data sizes": r"sizes: expected test images \(6, 5\) like the training images, got \(5, 6\)",
    "train --data mnist": "mnist is not at hand and cannot be fetched: 127.0.0.1:9/mnist: .*",
    "train --data-dir gone": "gone: no such folder",
    "train --data-dir empty": "empty: expected train-images-.* in it or in its folder mnist, got none",
    "train --data ''": "--data: expected text, got ''",
    "train --data ./nope": r"\./nope: expected a file or folder with data, found none",
    "train --data mnist-sample --data-dir digits": "--data-dir: expected with mnist, .* alone, got",
    "train --data digits --data-dir digits": "--data-dir: expected with mnist, .* alone, got it with digits",
    "train --data mnist --data-dir cut": r"cut: expected mnist, got files .* not known .*differs.*",
    "train --validation 0.6": "--validation: expected a share of 0 to 0.5, got 0.6",
    "train --validation -0.1": "--validation: expected a share of 0 to 0.5, got -0.1",
    "train --validation nan": "--validation: expected a share of 0 to 0.5, got nan",
    "train --validation 0.00001": "--validation: expected a share that leaves examples on both sides, got",
    "train --validation half": "--validation: expected a number, got 'half'",
    # the network
    "train --hidden 0": r"--hidden: expected whole numbers of units, each at least 1, got \(0,\)",
    "train --hidden 128,-64": r"--hidden: expected whole numbers of units, each at least 1, got \(128, -64\)",
    "train --hidden 128,x": "--hidden: expected whole numbers with commas between, as in 128,64, got 'x'",
    "train --hidden 1.5": "--hidden: expected whole numbers with commas between, .* got '1.5'",
    "train --hidden 100000000000000": ".*(memory|too big|too large|array).*",
    "train --activation rleu": r"--activation: unknown activation 'rleu'; did you mean 'relu'\?",
    "train --initializer hee_normal": r"--initializer: unknown initializer 'hee_normal'; did you mean 'he_n",
    "train --initializer uniform(1,-1)": "--initializer: .*: expected finite numbers, the lower before",
    "train --loss crossentropy": r"--loss: unknown loss 'crossentropy'; did you mean 'cross_entropy'\?",
    "train --dtype float16": r"--dtype: unknown dtype 'float16'; did you mean 'float",
    "train --dropout 1": ".*(dropout|Dropout): expected a .*at least 0 and below 1, got 1.0",
    "train --dropout 0.5 --hidden none": "--dropout: expected hidden units to silence, got none",
    "train --dropout -0.5 --hidden none": "--dropout: expected a number of at least 0 and below 1, got -0.5",
    # training
    "train --optimizer adm": r"--optimizer: unknown optimizer 'adm'; did you mean 'adam'\?",
    "train --schedule cosin": r"--schedule: unknown schedule 'cosin'; did you mean 'cosine'\?",
    "train --learning-rate 0": "--learning-rate: expected a number above 0, got 0.0",
    "train --learning-rate -1": "--learning-rate: expected a number above 0, got -1.0",
    "train --learning-rate nan": "--learning-rate: expected a number above 0, got nan",
    "train --learning-rate fast": "--learning-rate: expected a number, got 'fast'",
    "train --batch-size 0": "--batch-size: expected a whole number of at least 1 or 'full', got 0",
    "train --batch-size -32": "--batch-size: expected a whole number of at least 1 or 'full', got -32",
    "train --batch-size all": "--batch-size: expected a whole number or 'full', got 'all'",
    "train --epochs 0": "--epochs: expected a whole number of at least 1, got 0",
    "train --epochs 2.5": "--epochs: expected a whole number, got '2.5'",
    "train --seed -1": "--seed: expected a whole number of at least 0, got -1",
    "train --threads 0": "--threads: expected 'auto' or a whole number of at least 1, got 0",
    "train --threads 100000": "--threads: expected 'auto' or at most the .* processors here, got 100000",
    "train --threads two": "--threads: expected a whole number or 'auto', got 'two'",
    "train --l1 -1": "--l1: expected a number of at least 0, got -1.0",
    "train --l2 nan": "--l2: expected a number of at least 0, got nan",
    "train --weight-decay -1": "--weight-decay: expected a number of at least 0, got -1.0",
    "train --max-norm 0": "--max-norm: expected a number above 0, or None for no limit, got 0.0",
    "train --clip -1": "--clip: expected a number above 0, or None for no limit, got -1.0",
    # recipes
    "train --recipe quik": r"unknown recipe 'quik'; did you mean 'quick'\?",
    "train --recipe broken.toml": "broken.toml: expected a recipe in TOML: .*",
    "train --recipe unknown.toml": r"unknown.toml: unknown setting 'epoch'; did you mean 'epochs'\?",
    "train --recipe typed.toml": "typed.toml: hidden: expected whole numbers of units, .* got 64",
    "train --recipe words.toml": "words.toml: epochs: expected a whole number of at least 1, got 'many'",
    "train --recipe words.toml --epochs 0": "--epochs: expected a whole number of at least 1, got 0",
    "train --recipe on.toml --data mnist-sample": "on.toml: clip: expected a number above 0",
    "train --recipe named.toml": r"named.toml: optimizer: unknown optimizer 'adm'; did you mean 'adam'\?",
    "train --recipe nodir/x.toml": "nodir.x.toml: expected a recipe, found no such file",
    "train --recipe empty": "empty.config.toml: expected a recipe, found no such file",
    "train --recipe model.npz": "model.npz: expected a recipe in TOML: .*",
    # where to write
    "train --data digits --out run": "run: expected a new or empty folder, got one with files; see --over",
    "train --data digits --out photos": "photos: expected a new or empty folder, got one with files",
    "train --data digits --out photos --overwrite": "photos: expected a run to overwrite, got a folder",
    "train --data digits --out file": "file: expected a folder to write the run into, got a file",
    "train --data digits --out file/sub": ".*file.*: expected a folder",
    "train --data digits --out " + "x" * 300: "x{300}: .*",
    # the command itself
    "train --epoch 3": "No such option: --epoch .*--epochs.*",
    "train --epochs": "Option '--epochs' requires an argument.",
    "train mnist": r"Got unexpected extra argument.* \(mnist\)",
    "trian": "No such command 'trian'.*train.*",
    "evaluate": r"Missing argument 'RUN\|MODEL'.",
    "evaluate model.npz --data ''": "--data: expected the name of a set, a file or a folder, got ''",
    "evaluate model.npz --data-dir digits": "--data-dir: expected with mnist, .* alone, got it with digits",
    "evaluate model.npz --out file": "file: File exists",
    "evaluate infinite.npz": "infinite.npz: expected a network whose outputs are finite, got NaN or infinity",
    "evaluate model.npz digits": r"Got unexpected extra argument.* \(digits\)",
    # models
    "evaluate gone": "gone: expected a run folder or a model file, found nothing there",
    "evaluate empty": "empty: expected a run folder with model.npz, found none in it",
    "evaluate text.npz": r"text.npz: expected a glassnet model \(.npz or .safetensors\), got another",
    "evaluate file": r"file: expected a glassnet model \(.npz or .safetensors\), got another kind of file",
    "evaluate cut.npz": "cut.npz: expected a glassnet model, got a file that is cut off or damaged",
    "evaluate arrays.npz": "arrays.npz: expected a glassnet model, got a NumPy file without glassnet.json",
    "evaluate model.npz --data mnits": r"--data: unknown data set 'mnits'; did you mean 'mnist'\?",
    "evaluate model.npz --data cut": "train-images-idx3-ubyte.gz: expected .*cut off",
    "evaluate model.npz --data mnist": "mnist is not at hand and cannot be fetched: .*",
    "evaluate model.npz --data digits28": r".*expected input \(N, 30\), got \(20, 28, 28\)",
    "evaluate model.npz --data mnist-sample": r".*expected input \(N, 30\), got \(1000, 28, 28\)",
    "evaluate without-notes.npz": "without-notes.npz: expected --data, since the model does not say what",
    "evaluate lost.npz": "gone.away: expected a file or folder with data, found none",
    "evaluate values.npz": "values.npz: expected data with values as targets, got digits with 0, 1, 2",
    "evaluate lossless.npz": "lossless.npz: expected a network that was trained on named classes",
    "evaluate letters.npz": "digits: expected classes among the model's a, b, .*, got 0, 1, 2",
    "evaluate three.npz": "digits: expected classes among the model's a, b, c, got 0, 1, 2",
}


@pytest.fixture
def here(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[list[str], Path], Outcome]:
    """The command's own `main`, called in this process."""
    for name, value in environment(tmp_path / "home").items():
        if os.environ.get(name) != value and name != "PYTHONWARNINGS":
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("GLASSNET_DATA", raising=False)

    def run(arguments: list[str], cwd: Path) -> Outcome:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["glassnet", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code: Any = ended.value.code
        return Outcome(code, *capfd.readouterr())

    return run


def check(outcome: Outcome, message: str) -> None:
    assert re.fullmatch(rf"glassnet: (.*[/\\])?{message}.*\n", outcome.err), outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert outcome.code == 2


@pytest.mark.parametrize(("command", "message"), BAD.items(), ids=BAD)
def test_bad_input_is_one_line(
    command: str, message: str, here: Callable[[list[str], Path], Outcome], template: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    shutil.copytree(template, work)
    before = tree(work)
    check(here(shlex.split(command), work), message)
    assert tree(work) == before


@pytest.mark.slow
@pytest.mark.parametrize(("command", "message"), BAD.items(), ids=BAD)
def test_bad_input_is_one_line_from_a_process(
    command: str, message: str, env: dict[str, str], template: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    shutil.copytree(template, work)
    before = tree(work)
    check(glassnet(shlex.split(command), work, env), message)
    assert tree(work) == before


def test_one_of_them_from_a_process(env: dict[str, str], template: Path) -> None:
    outcome = glassnet(["train", "--optimizer", "adm"], template, env)
    assert outcome.code == 2
    check(outcome, r"--optimizer: unknown optimizer 'adm'; did you mean 'adam'\?")


def test_what_is_our_fault_is_said_so_and_debugged(
    here: Callable[[list[str], Path], Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: Any) -> Any:
        raise IndexError("a slip")

    monkeypatch.setattr("glassnet.recipes.choose", broken)
    outcome = here(["train"], tmp_path)
    assert outcome.code == 1
    assert outcome.err == (
        "glassnet: this is a mistake in glassnet: IndexError: a slip; GLASSNET_DEBUG=1 shows where\n"
    )
    monkeypatch.setenv("GLASSNET_DEBUG", "1")
    with pytest.raises(IndexError, match="a slip"):
        cli.main()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(
    here: Callable[[list[str], Path], Outcome], template: Path, tmp_path: Path
) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    for out in ("locked", "locked/run"):
        outcome = here(["train", "--data", str(template / "digits"), "--out", out], tmp_path)
        check(outcome, r"locked.*: expected a folder that can be written to \(Permission denied\)")
    assert list((tmp_path / "locked").iterdir()) == []


@pytest.mark.slow
def test_a_mirror_that_never_answers_is_given_up_after_seconds(env: dict[str, str], tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = {**env, "GLASSNET_MIRROR": f"http://127.0.0.1:{server.getsockname()[1]}/"}
        outcome = glassnet(["train", "--data", "mnist"], tmp_path, silent)
    check(outcome, "mnist is not at hand and cannot be fetched: .*no answer")
    assert list(tmp_path.iterdir()) == []
