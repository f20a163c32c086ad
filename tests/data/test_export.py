"""Sets as CSV: what is written reads back as what it was, in the columns that Kaggle's files have."""

from pathlib import Path

import numpy as np
import pytest

from glassnet.data import Dataset, toys
from glassnet.data.export import export_csv

RNG = np.random.default_rng(0)


def digits(
    train: int = 2500, test: int = 1200, shape: tuple[int, ...] = (3, 2), classes: int = 10
) -> Dataset:
    parts = [
        (RNG.integers(0, 256, (n, *shape)).astype(np.uint8), np.arange(n) % classes) for n in (train, test)
    ]
    return Dataset.from_arrays(*parts[0], parts[1], name="digits").split(0.1)


def table(path: Path) -> np.ndarray:
    return np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)


def header(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def test_images_read_back(tmp_path: Path) -> None:
    data, path = digits(), tmp_path / "train.csv"
    assert export_csv(data, path) == 2500  # those set aside for validation are among them, in their place
    assert header(path) == "label,pixel0,pixel1,pixel2,pixel3,pixel4,pixel5"
    read = table(path)
    assert np.array_equal(read[:, 0], data.train.targets)
    assert np.array_equal(read[:, 1:], data.train.inputs.reshape(2500, -1))


def test_every_value_of_a_pixel_and_of_a_label(tmp_path: Path) -> None:
    values = np.arange(256, dtype=np.uint8)
    data = Dataset.from_arrays(np.stack([values, values[::-1]], axis=1), np.arange(256))
    export_csv(data, tmp_path / "all.csv")
    lines = (tmp_path / "all.csv").read_bytes().split(b"\n")
    assert lines[1:] == [f"{i},{i},{255 - i}".encode() for i in range(256)] + [b""]


@pytest.mark.parametrize(("part", "rows"), [("train", 2500), ("test", 1200), ("all", 3700)])
def test_the_parts(tmp_path: Path, part: str, rows: int) -> None:
    data, path = digits(), tmp_path / "part.csv"
    assert export_csv(data, path, part=part) == rows
    images = np.concatenate([data.train.inputs, data.test.inputs]).reshape(3700, -1)
    expected = {"train": images[:2500], "test": images[2500:], "all": images}[part]
    assert np.array_equal(table(path)[:, 1:], expected)


@pytest.mark.parametrize("count", [1, 999, 1000, 1001, 2500, 2501, 3700, 9999])
def test_the_first_of_them(tmp_path: Path, count: int) -> None:
    data, path = digits(), tmp_path / "first.csv"
    assert export_csv(data, path, part="all", count=count) == min(count, 3700)
    whole = tmp_path / "whole.csv"
    export_csv(data, whole, part="all")
    assert np.array_equal(table(path), table(whole)[:count])


def test_without_labels(tmp_path: Path) -> None:
    data, path = digits(), tmp_path / "test.csv"
    export_csv(data, path, part="test", labelled=False)
    assert header(path) == "pixel0,pixel1,pixel2,pixel3,pixel4,pixel5"
    assert np.array_equal(table(path), data.test.inputs.reshape(1200, -1))


def test_images_of_three_colours_keep_their_order(tmp_path: Path) -> None:
    data, path = digits(7, 3, (3, 2, 2)), tmp_path / "colours.csv"
    export_csv(data, path)
    assert np.array_equal(table(path)[:, 1:].reshape(7, 3, 2, 2), data.train.inputs)


def test_points_read_back_exactly(tmp_path: Path) -> None:
    data, path = toys.make("spirals"), tmp_path / "spirals.csv"
    assert export_csv(data, path, part="all") == 1500
    assert header(path) == "x1,x2,label"
    read = table(path)
    assert np.array_equal(read[:1000, :2].astype(np.float32), data.train.inputs)
    assert np.array_equal(read[1000:, 2], data.test.targets)


def test_values_read_back_exactly(tmp_path: Path) -> None:
    data, path = toys.make("sine"), tmp_path / "sine.csv"
    export_csv(data, path)
    assert header(path) == "x,y"
    read = table(path).astype(np.float32)
    assert np.array_equal(read[:, :1], data.train.inputs)
    assert np.array_equal(read[:, 1:], data.train.targets)
    export_csv(data, path, labelled=False)
    assert header(path) == "x"
    assert table(path).shape == (1000, 1)


def test_bytes_that_are_no_images(tmp_path: Path) -> None:
    """With values to predict, or more classes than a byte can count."""
    inputs = RNG.integers(0, 256, (300, 2)).astype(np.uint8)
    for targets in (np.linspace(0, 1, 300), np.arange(300)):
        data = Dataset.from_arrays(inputs, targets)
        export_csv(data, tmp_path / "bytes.csv")
        read = table(tmp_path / "bytes.csv")
        assert np.array_equal(read[:, :2], inputs)
        assert np.array_equal(read[:, 2], targets)


def test_several_values(tmp_path: Path) -> None:
    data = Dataset.from_arrays(np.ones((3, 2)), np.arange(6).reshape(3, 2) / 7)
    export_csv(data, tmp_path / "several.csv")
    assert header(tmp_path / "several.csv") == "x1,x2,y1,y2"
    assert np.array_equal(table(tmp_path / "several.csv")[:, 2:], data.train.targets)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"part": "tests"}, "part: expected train, test, all, got 'tests'"),
        ({"part": "test"}, "part: expected one of xor with examples, got test, which has none"),
        ({"count": 0}, "count: expected 1 row or more, got 0"),
    ],
)
def test_what_cannot_be_written_leaves_the_file_as_it_is(tmp_path: Path, options: dict, message: str) -> None:
    path = tmp_path / "xor.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="expected") as caught:
        export_csv(toys.make("xor"), path, **options)
    assert message in str(caught.value)
    assert path.read_text(encoding="utf-8") == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["xor.csv"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        export_csv(toys.make("xor"), tmp_path / "none" / "xor.csv")
    assert caught.value.filename == str(tmp_path / "none" / "xor.csv")
