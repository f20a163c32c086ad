"""Which networks the demo has to choose among, and what is said of those that it leaves out."""

import os
from pathlib import Path

import pytest

from demo.models import network, saved
from glassnet import Dense, Network
from glassnet.demo.models import Models

REFUSED = "expected a network of classes that reads images of 28×28, got inputs (2,)"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_name_there_are_the_shipped_one_and_the_runs_newest_first() -> None:
    for age, name in enumerate(("runs/new", "runs/old")):
        path = Path(saved(Path(name))) / "model.npz"
        os.utime(path, (1e9 - age, 1e9 - age))
    models = Models()
    assert models.names() == ["drawing", "runs/new", "runs/old"]
    assert models.get("drawing").told == "drawing 784-800-400-10"
    assert models.get("runs/old").told == "runs/old 784-12-10"


def test_a_run_that_cannot_read_images_is_left_out_with_a_line_why() -> None:
    saved(Path("runs/points"), network(("a", "b"), 2))
    saved(Path("runs/values"), Network([Dense(1)], 784, loss="mse"))
    cut = Path(saved(Path("runs/cut"))) / "model.npz"
    cut.write_bytes(cut.read_bytes()[:1000])
    models = Models()
    assert models.names() == ["drawing"]
    cut_off, points, values = sorted(models.left_out)
    assert points == f"left out runs/points: {REFUSED}"
    assert values == f"left out runs/values: {REFUSED[: -len('inputs (2,)')]}one that answers with values"
    assert cut_off.startswith(
        "left out runs/cut/model.npz: expected a glassnet model, got a file that is cut off or damaged"
    )


def test_those_that_are_named_are_all_there_are_and_must_fit() -> None:
    saved(Path("runs/other"))
    mine = saved(Path("mine"))
    assert Models([mine, "drawing", mine]).names() == ["mine", "drawing"]
    with pytest.raises(FileNotFoundError, match="nowhere: expected a run folder or a model file"):
        Models([mine, "nowhere"])
    with pytest.raises(ValueError, match=r"points: expected a network .*, got inputs \(2,\)"):
        Models([saved(Path("points"), network(("a", "b"), 2))])


def test_a_run_that_ends_later_is_found_and_one_written_anew_is_read_anew() -> None:
    models = Models()
    assert models.names() == ["drawing"]
    saved(Path("runs/one"))
    assert models.names() == ["drawing", "runs/one"]
    before = models.get("runs/one")
    assert models.get("runs/one") is before
    saved(Path("runs/one"), network(tuple("01234")))
    assert models.get("runs/one").reader.classes == list("01234")


@pytest.mark.parametrize("name", ["runs/none", "../outside", "", None, 7])
def test_a_model_that_is_not_among_them_is_refused(name: object) -> None:
    saved(Path("outside"))
    with pytest.raises(ValueError, match="expected a model among drawing, got "):
        Models().get(name)  # type: ignore[arg-type]
