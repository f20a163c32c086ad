"""`glassnet predict` on pictures: the digit first, then the rest; as a table where one is asked for."""

import csv
import io
import json
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from data.photographed import photographed, written
from glassnet import Dense, Network, files, runs
from glassnet.cli.evaluate import evaluate
from glassnet.cli.predict import predict
from glassnet.reading import Reader

Predicted = Callable[..., str]


@pytest.fixture
def predicted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Predicted:
    """The command, called here in a folder of pictures: what it prints."""
    monkeypatch.chdir(tmp_path)
    ink = {
        "seven.jpg": written((400, 300), [(7, 80, 100, 180)], 16),
        "row.png": written((300, 600), [(4, 50, 80, 120), (2, 230, 80, 120), (7, 420, 80, 120)], 12),
        "blank.jpg": np.zeros((300, 300)),
    }
    for name, mask in ink.items():
        Image.fromarray(photographed(mask)).save(name, quality=90)
    y, x = np.mgrid[0:300, 0:300]
    dot = np.where(np.hypot(y - 140, x - 140) < 14, 0, 255).astype(np.uint8)
    Image.fromarray(dot).save("dot.png")

    def run(*pictures: str, model: str = "drawing", **options: Any) -> str:
        given = {"proba": False, "form": None, "label": None, "out": None, "overwrite": False, "stages": None}
        predict(model, list(pictures), **{**given, **options})
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    return run


def test_the_digit_comes_first_and_then_all_probabilities(predicted: Predicted) -> None:
    lines = predicted("seven.jpg").splitlines()
    assert lines[0] == "7"
    assert lines[1].split()[0] == "7"
    assert sorted(line.split()[0] for line in lines[1:]) == list("0123456789")
    shares = [float(line.split()[1]) for line in lines[1:]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.6)


def test_digits_in_a_row_are_read_as_one_number_and_each(predicted: Predicted) -> None:
    lines = predicted("row.png").splitlines()
    assert lines[0] == "427"
    assert [line.split(": ")[1].split()[0] for line in lines[1:]] == ["4", "2", "7"]
    assert lines[1].startswith("  1. at x ")
    assert len(predicted("row.png", proba=True).splitlines()) == 1 + 3 * 11


def test_what_is_no_digit_is_not_named(predicted: Predicted) -> None:
    assert predicted("blank.jpg") == "not a digit: nothing is drawn\n"
    assert predicted("dot.png") == "not a digit: a dot\n"


def test_several_pictures_are_told_apart(predicted: Predicted) -> None:
    lines = predicted("seven.jpg", "blank.jpg").splitlines()
    assert lines[0] == "seven.jpg: 7"
    assert lines[-1] == "blank.jpg: not a digit: nothing is drawn"


def test_a_table_of_pictures_as_csv_and_as_json(predicted: Predicted, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(predicted("row.png", "dot.png", form="csv", proba=True))))
    assert [(row["file"], row["digit"], row["label"], row["why"]) for row in rows] == [
        ("row.png", "1", "4", ""), ("row.png", "2", "2", ""), ("row.png", "3", "7", ""),
        ("dot.png", "1", "", "dot"),
    ]  # fmt: skip
    for row in rows:
        assert float(row["x0"]) < float(row["x1"])
        assert sum(float(row[str(k)]) for k in range(10)) == pytest.approx(1, abs=1e-5)
    assert predicted("row.png", "dot.png", out="answers.json") == ""
    plain = json.loads((tmp_path / "answers.json").read_text())
    assert [(row["label"], row["why"]) for row in plain] == [(4, None), (2, None), (7, None), (None, "dot")]
    assert list(plain[0]) == ["file", "digit", "x0", "y0", "x1", "y1", "label", "why"]


def test_the_stages_are_written_as_pictures(predicted: Predicted, tmp_path: Path) -> None:
    predicted("row.png", "blank.jpg", stages="on the way")
    names = sorted(path.name for path in (tmp_path / "on the way").iterdir())
    stages = ["1-grey", "2-ink", "3-cropped", "4-scaled", "5-image"]
    wanted = [f"row.png-{k}-{stage}.png" for k in (1, 2, 3) for stage in stages]
    assert names == sorted([*wanted, *(f"blank.jpg-1-{stage}.png" for stage in stages)])
    with Image.open(tmp_path / "on the way" / "row.png-2-5-image.png") as image:
        assert image.size == (28, 28)
    with pytest.raises(FileExistsError, match="see --overwrite"):
        predicted("row.png", stages="on the way")
    predicted("row.png", stages="on the way", overwrite=True)


def test_a_photo_without_an_ending_is_told_by_its_content(predicted: Predicted, tmp_path: Path) -> None:
    (tmp_path / "seven.jpg").rename(tmp_path / "seven")
    assert predicted("seven").splitlines()[0] == "7"


def test_nothing_is_said_unless_all_can_be_read(
    predicted: Predicted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weave = np.full((1000, 1000), 255, np.uint8)
    for y in range(4, 12):
        for x in range(4, 12):
            weave[y::16, x::16] = 0
    Image.fromarray(weave).save("weave.png")
    for options in ({}, {"form": "json"}, {"out": "answers.csv"}):
        with pytest.raises(ValueError, match=r"weave\.png: expected at most 400 digits in a picture, got "):
            predicted("seven.jpg", "weave.png", **options)
        assert capsys.readouterr().out == ""
    assert not (tmp_path / "answers.csv").exists()


def test_pictures_are_forgotten_once_they_are_read(predicted: Predicted, monkeypatch: Any) -> None:
    held: list[Any] = []
    read = Reader.read

    def watched(self: Reader, picture: Any, **options: Any) -> Any:
        assert sum(one() is not None for one in held) <= 1
        readings = read(self, picture, **options)
        held.append(weakref.ref(readings[0]))
        return readings

    monkeypatch.setattr(Reader, "read", watched)
    for options in ({}, {"form": "csv"}, {"stages": "way"}):
        held.clear()
        predicted("seven.jpg", "row.png", "blank.jpg", "dot.png", **options)
        assert len(held) == 4


REFUSED: dict[str, tuple[tuple[str, ...], dict[str, Any], str]] = {
    "mixed": (("row.png", "table.csv"), {}, "expected pictures, or files of many examples, got both"),
    "label": (("row.png",), {"label": "digit"}, "--label: expected tables, got row.png"),
    "stages": (("table.csv",), {"stages": "x"}, "--stages: expected pictures, got table.csv"),
    "text": (("text.jpg",), {}, "text.jpg: expected a picture"),
    "taken": (("row.png",), {"out": "row.png", "overwrite": True}, "expected another file"),
    "names": (("row.png", "./row.png"), {"stages": "x"}, "of different names"),
    "table": (("row.png",), {"model": "table.npz"}, r"table.npz: .* reads images of 28×28, got inputs"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_wrong_uses_are_refused_in_one_line(predicted: Predicted, kind: str, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "table.csv").write_text("1,2,3\n")
    network = Network([Dense(2)], 3, seed=0, loss="cross_entropy")
    files.save(network, tmp_path / "table.npz")
    pictures, options, expected = REFUSED[kind]
    with pytest.raises(ValueError, match=expected):
        predicted(*pictures, **options)
    assert not (tmp_path / "x").exists()


def test_folders_and_missing_pictures(predicted: Predicted, tmp_path: Path) -> None:
    (tmp_path / "photos.png").mkdir()
    with pytest.raises(IsADirectoryError, match="got a folder"):
        predicted("photos.png")
    with pytest.raises(FileNotFoundError, match=r"gone\.png: expected a picture, found none"):
        predicted("gone.png")


def test_drawing_is_a_name_and_a_file_of_that_name_is_a_path(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    model = files.shipped("drawing")
    assert model is not None
    assert runs.find_model("drawing") == model
    assert files.shipped("drawings") is files.shipped("./drawing") is files.shipped(Path("drawing")) is None
    assert files.load("drawing").input_shape == files.load(model).input_shape
    with pytest.raises(FileNotFoundError):
        runs.find_model("./drawing")
    files.save(Network([Dense(2)], 3, seed=0), tmp_path / "drawing.npz")
    (tmp_path / "drawing.npz").rename(tmp_path / "drawing")
    assert runs.find_model("./drawing") == Path("drawing")
    assert files.load(Path("drawing")).input_shape == (3,)


def test_drawing_is_evaluated_and_its_pictures_are_put_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = files.shipped("drawing")
    assert model is not None
    beside = sorted(model.parent.iterdir())
    monkeypatch.chdir(tmp_path)
    evaluate("drawing", "mnist-sample", None, None)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("drawing on mnist-sample, ")
    assert sorted(model.parent.iterdir()) == beside
    assert [path.name for path in tmp_path.iterdir()] == ["drawing-mistakes.png"]
