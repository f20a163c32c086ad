"""`glassnet evaluate` on a run's folder, and on a model file far from it."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import glassnet as gn
from data.digit_files import write_digits
from e2e.command import glassnet, tree
from e2e.conftest import Trained

SHARE = r" +([01]\.\d{4})"


def test_a_run_is_judged(trained: Trained, env: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(trained.folder, folder)
    before = tree(folder)
    outcome = glassnet(["evaluate", "copy"], tmp_path, env)
    assert outcome.code == 0, outcome.err
    assert outcome.err == ""
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", outcome.out)

    test = gn.data.load("mnist-sample").test
    network = gn.load(folder / "model.npz")
    named = network.predict(test.images)
    of_training = re.search(r"^Test accuracy .*$", trained.outcome.out, re.MULTILINE)
    assert of_training is not None
    assert f"\n{of_training[0]}\n" in outcome.out
    assert f"\nTest loss {gn.evaluate(network, test).loss:.4f}\n" in outcome.out

    rows = re.findall(rf"^ +(\d){SHARE * 3} +100$", outcome.out, re.MULTILINE)
    assert [int(row[0]) for row in rows] == list(range(10))
    for k, *numbers in rows:
        right = int(((named == int(k)) & (test.labels == int(k))).sum())
        precision, recall = right / int((named == int(k)).sum()), right / 100
        expected = precision, recall, 2 * precision * recall / (precision + recall)
        assert numbers == [f"{n:.4f}" for n in expected]

    table = outcome.out.split("actual \\ predicted")[1].splitlines()[1:11]
    counts = np.array([row.replace("·", "0").split() for row in table], int)
    assert counts[:, 0].tolist() == list(range(10))
    expected_counts = np.zeros((10, 10), int)
    np.add.at(expected_counts, (test.labels, named), 1)
    assert np.array_equal(counts[:, 1:], expected_counts)

    assert (folder / "mistakes.png").read_bytes().startswith(b"\x89PNG")
    assert outcome.out.endswith(f"The most confident mistakes: {Path('copy') / 'mistakes.png'}\n")
    after = tree(folder)
    del after["mistakes.png"]
    assert after == before


def test_a_model_file_far_from_its_run_is_judged_the_same(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    shutil.copy(trained.folder / "model.npz", tmp_path / "found.npz")
    outcome = glassnet(["evaluate", "found.npz", "--data", "mnist-sample"], tmp_path, env)
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("found.npz on mnist-sample, 1,000 test examples")
    accuracy = re.search(r"^Test accuracy .*$", trained.outcome.out, re.MULTILINE)
    assert accuracy is not None
    assert accuracy[0] in outcome.out
    assert {path.name for path in tmp_path.iterdir()} == {"found.npz", "found-mistakes.png"}


def test_the_picture_goes_where_it_is_wanted_and_is_no_condition(
    trained: Trained, env: dict[str, str], tmp_path: Path
) -> None:
    """The numbers come also where it cannot be written."""
    shutil.copytree(trained.folder, tmp_path / "run")
    (tmp_path / "run" / "mistakes.png").mkdir()  # in the way of everyone, root too
    outcome = glassnet(["evaluate", "run"], tmp_path, env)
    assert outcome.code == 0
    assert re.fullmatch(r"glassnet: run.mistakes.png: not drawn \(.+\); see --out\n", outcome.err)
    assert "Test accuracy" in outcome.out
    assert "The most confident mistakes" not in outcome.out
    outcome = glassnet(["evaluate", "run", "--out", "new/folder"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    picture = Path("new", "folder", "mistakes.png")
    assert outcome.out.endswith(f"The most confident mistakes: {picture}\n")
    assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_network_that_was_trained_on_them_is_told_so(env: dict[str, str], tmp_path: Path) -> None:
    network = gn.Network([gn.Dense(10)], 784, loss="cross_entropy", classes="0123456789")
    for trained_on, lines in (("mnist", 1), ("mnist-sample", 0), ("mine", 0)):
        gn.files.save(network, tmp_path / "m.npz", {"data": trained_on})
        outcome = glassnet(["evaluate", "m.npz", "--data", "mnist-sample"], tmp_path, env)
        assert outcome.code == 0
        assert outcome.err.count("\n") == outcome.err.count("among MNIST's training images") == lines


@pytest.mark.slow
def test_other_data_than_it_was_trained_on(env: dict[str, str], tmp_path: Path) -> None:
    """Also where the network makes no mistake at all, or never names a class."""
    folder = write_digits(tmp_path / "digits", shape=(28, 28))
    network = gn.Network([gn.Dense(10)], 784, loss="mse", classes="0123456789")
    for column in range(5):
        network.parameters["1.W"].reshape(28, 28, 10)[:, column, column] = 1e-4
    network.save(tmp_path / "m.npz")
    test = gn.data.load(folder).test
    outcome = glassnet(["evaluate", "m.npz", "--data", "digits"], tmp_path, env)
    assert outcome.code == 0, outcome.err
    right = (network.predict(test.images) == test.labels).mean()
    assert f"Test accuracy {right:.4f}" in outcome.out
    assert (tmp_path / "m-mistakes.png").exists()
    assert re.search(r"^ +9 +– +0\.0000 +0\.0000 +2$", outcome.out, re.MULTILINE)  # which it never says
    assert "nan" not in outcome.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "picture", "says"),
    [
        ("moons", "boundary.png", r"Test accuracy 0\.\d{4} .*"),
        ("sine", "predicted.png", r"Test R² \S+, mean .*"),
    ],
)
def test_it_says_what_train_said_and_draws_the_same_pictures(
    env: dict[str, str], tmp_path: Path, data: str, picture: str, says: str
) -> None:
    trained = glassnet(["train", "--data", data, "--epochs", "3", "--out", "run"], tmp_path, env)
    assert trained.code == 0, trained.err
    before = tree(tmp_path / "run")
    outcome = glassnet(["evaluate", "run"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    said = re.search(rf"^{says}$", trained.out, re.MULTILINE)
    assert said is not None
    assert f"\n{said[0]}\n" in outcome.out
    assert str(Path("run", picture)) in outcome.out
    assert tree(tmp_path / "run") == before  # the pictures are the same to the last bit


@pytest.mark.slow
def test_a_table_that_changed_after_the_training_is_not_judged_in_silence(
    env: dict[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "flowers.csv"
    random = np.random.default_rng(0)
    rows = [f"{random.normal(k % 2):.3f},{random.normal():.3f},{'ab'[k % 2]}" for k in range(100)]
    table.write_text("\n".join(["x,y,kind", *rows, ""]), encoding="utf-8")
    told = ["--data", "flowers.csv", "--label", "kind", "--test", "0.2", "--epochs", "2", "--out", "run"]
    assert glassnet(["train", *told], tmp_path, env).code == 0
    first = glassnet(["evaluate", "run"], tmp_path, env)
    assert (first.code, first.err) == (0, "")
    assert " 20 test examples " in first.out
    table.write_text("\n".join(["x,y,kind", *rows[::-1], ""]), encoding="utf-8")
    outcome = glassnet(["evaluate", "run"], tmp_path, env)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(r"glassnet: .*flowers\.csv: expected data as in training, .*\n", outcome.err)
    outcome = glassnet(["evaluate", "run", "--data", "flowers.csv"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert " 100 test examples " in outcome.out
