"""Tables of images: pixels and their label found, whatever the columns are called."""

import os
from pathlib import Path

import numpy as np
import pytest

from data.table_files import PIXELS as NAMES
from data.table_files import digits, rows, write, write_digits
from glassnet.data.tables import load_table
from glassnet.nn.scaling import PIXELS


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("label", ["first", "last"])
@pytest.mark.parametrize("header", [True, False])
def test_784_columns_of_pixels_and_a_label_are_images(label: str, header: bool) -> None:
    path = write_digits("train.csv", header=header, label=label)
    data = load_table(path, validation=0)
    images, labels = digits()
    assert (data.name, data.shape, data.train.inputs.dtype) == ("train", (28, 28), np.uint8)
    assert np.array_equal(data.train.images, images.reshape(-1, 28, 28))
    assert np.array_equal(data.train.labels, labels)
    assert (data.scaling, data.classes, data.encoding) == (PIXELS, tuple("0123456789"), None)


def test_the_label_of_images_may_be_any_column_that_is_named() -> None:
    images, labels = digits()
    middle = np.column_stack([images[:, :300], labels, images[:, 300:]])
    names = [f"p{k}" for k in range(785)]
    path = write("middle.csv", ",".join(names), *rows(middle))
    data = load_table(path, label="p300", validation=0)
    assert np.array_equal(data.train.images, images.reshape(-1, 28, 28))
    assert np.array_equal(data.train.labels, labels)
    assert np.array_equal(load_table(path, label=301, validation=0).train.labels, labels)


def test_a_label_that_may_be_at_either_end_has_to_be_named() -> None:
    images, labels = digits()
    images[:, -1] = labels  # as small as a label
    path = write("both.csv", *rows(np.column_stack([labels, images])))
    with pytest.raises(ValueError, match=r"both.csv: expected --label 1 or --label 785, since"):
        load_table(path)
    assert load_table(path, label="-785", validation=0).shape == (28, 28)


def test_pixels_written_by_pandas_with_columns_counted_are_images_under_a_header() -> None:
    images, labels = digits()
    path = write("counted.csv", ",".join([*map(str, range(784)), "label"]), *rows(np.c_[images, labels]))
    assert len(load_table(path, validation=0).train) == 40


def test_images_of_letters_have_the_labels_that_occur() -> None:
    images, labels = digits()
    path = write("signs.csv", *rows(np.c_[labels + 5, images]))
    assert load_table(path).classes == tuple(map(str, range(5, 15)))


def test_images_may_have_texts_as_labels() -> None:
    images, _ = digits()
    path = write("cats.csv", *(f"{('cat', 'dog')[k % 2]},{row}" for k, row in enumerate(rows(images))))
    data = load_table(path, validation=0)
    assert (data.shape, data.classes) == ((28, 28), ("cat", "dog"))
    assert np.array_equal(data.train.images, images.reshape(-1, 28, 28))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("abc", r"line 4: column 'pixel100': expected a pixel, a whole number from 0 to 255, got 'abc'"),
        ("256", r"line 4: column 'pixel100': .* got 256"),
        ("-1", r"line 4: column 'pixel100': .* got -1"),
        ("0.5", r"line 4: column 'pixel100': .* got 0.5"),
        ("", r"line 4: column 'pixel100': .* got nothing"),
        ("nan", r"line 4: column 'pixel100': .* got nothing"),
        ("inf", r"line 4: column 'pixel100': .* got inf"),
    ],
)
def test_a_cell_that_is_no_pixel_is_named(cell: str, message: str) -> None:
    path = write_digits("train.csv")
    lines = path.read_text().splitlines()
    cells = lines[3].split(",")
    cells[101] = cell
    lines[3] = ",".join(cells)
    write("train.csv", *lines)
    with pytest.raises(ValueError, match=message):
        load_table(path)


def test_images_without_labels_cannot_be_learned_from() -> None:
    path = write_digits("test.csv", label=None)
    with pytest.raises(ValueError, match=r"expected a column of labels beside 784 pixels, got none"):
        load_table(path)


@pytest.mark.parametrize("name", ["label", "Class", "target", "digit", "y"])
def test_a_label_with_a_labels_name_may_stand_anywhere(name: str) -> None:
    images, labels = digits()
    names = [*NAMES[:300], name, *NAMES[300:]]
    path = write("t.csv", ",".join(names), *rows(np.c_[images[:, :300], labels, images[:, 300:]]))
    data = load_table(path, validation=0)
    assert np.array_equal(data.train.images, images.reshape(-1, 28, 28))
    assert np.array_equal(data.train.labels, labels)


@pytest.mark.parametrize("options", [{}, {"drop": ["ImageId"]}, {"drop": [1]}, {"label": "label"}])
def test_what_numbers_the_images_is_left_out(options: dict) -> None:
    images, labels = digits()
    path = write("t.csv", ",".join(["ImageId", "label", *NAMES]), *rows(np.c_[np.arange(40), labels, images]))
    data = load_table(path, validation=0, **options)
    assert (data.shape, data.encoding) == ((28, 28), None)
    assert np.array_equal(data.train.labels, labels)


@pytest.mark.slow
@pytest.mark.skipif("GLASSNET_DATA" not in os.environ, reason="needs MNIST's files")
def test_mnist_as_a_table_is_mnist() -> None:
    from glassnet.data import load

    mnist = load("mnist", validation=0)
    images, labels = mnist.train.inputs[:1000], mnist.train.targets[:1000]
    path = write("train.csv", *rows(np.c_[labels, images.reshape(-1, 784)]))
    data = load_table(path, validation=0)
    assert np.array_equal(data.train.images, images)
    assert (data.classes, data.scaling) == (mnist.classes, mnist.scaling)
