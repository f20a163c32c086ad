"""Examples for a trained network, out of tables, IDX files and archives."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from data.digit_files import packed
from data.table_files import PIXELS as NAMES
from data.table_files import digits, rows, write, write_digits, write_flowers
from glassnet.data.examples import read_examples
from glassnet.data.tables import load_table
from glassnet.nn.scaling import PIXELS

TEN = tuple("0123456789")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def test_an_unlabelled_table_of_images_is_what_kaggle_asks_about() -> None:
    path = write_digits("test.csv", label=None)
    found = read_examples(path, shape=(28, 28), classes=TEN)
    assert np.array_equal(found.inputs, digits()[0].reshape(-1, 28, 28))
    assert (found.inputs.dtype, found.targets, found.label) == (np.uint8, None, "Label")
    assert found.ids == ("ImageId", [str(k) for k in range(1, 41)])
    assert read_examples(path, shape=(784,), classes=TEN).inputs.shape == (40, 784)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("label", ["first", "last"])
def test_a_labelled_table_of_images_has_targets(header: bool, label: str) -> None:
    found = read_examples(write_digits("t.csv", header=header, label=label), shape=(28, 28), classes=TEN)
    assert found.targets is not None
    assert np.array_equal(found.targets, digits()[1])
    assert found.ids is None
    assert len(found) == 40


def test_one_row_is_enough() -> None:
    images, _ = digits(1)
    found = read_examples(write("one.csv", *rows(np.c_[[7], images])), shape=(28, 28), classes=TEN)
    assert found.targets is not None
    assert found.targets.tolist() == [7]


def test_labels_outside_the_models_classes_are_named() -> None:
    path = write_digits("t.csv")
    with pytest.raises(
        ValueError, match=r"line 5: column 'label': expected one of the classes 0, 1, 2, got '3'"
    ):
        read_examples(path, shape=(28, 28), classes=("0", "1", "2"))


def test_rows_of_a_table_are_encoded_as_in_training() -> None:
    data = load_table(write_flowers("flowers.csv"), label="species", validation=0)
    labelled = read_examples("flowers.csv", shape=(4,), encoding=data.encoding, classes=data.classes)
    assert np.array_equal(labelled.inputs, data.train.images)
    assert np.array_equal(np.asarray(labelled.targets), data.train.labels)
    assert labelled.label == "species"
    new = write("new.csv", "color,length,width", "red,5.0,1.5", "blue,4.0,2.5")
    found = read_examples(new, shape=(4,), encoding=data.encoding, classes=data.classes)
    assert found.inputs.tolist() == [[1.5, 5.0, 0, 1], [2.5, 4.0, 1, 0]]
    assert (found.targets, found.ids, found.label) == (None, None, "species")


def test_an_identifier_left_out_in_training_is_handed_on() -> None:
    lines = [f"{k + 100},{k % 5}.5,{'ab'[k % 2]}" for k in range(30)]
    data = load_table(write("t.csv", "PassengerId,x,y", *lines), label="y", drop=["PassengerId"])
    new = write("new.csv", "PassengerId,x", "900,1.5", "901,2.5", "903,2.5")
    found = read_examples(new, shape=(1,), encoding=data.encoding, classes=data.classes)
    assert (found.ids, found.label) == (("PassengerId", ["900", "901", "903"]), "y")


def test_what_was_left_out_but_identifies_nothing_is_not_handed_on() -> None:
    lines = [f"{k % 3},{k % 5}.5,{'ab'[k % 2]}" for k in range(30)]
    data = load_table(write("t.csv", "floor,x,y", *lines), label="y", drop=["floor"])
    assert read_examples("t.csv", shape=(1,), encoding=data.encoding, classes=data.classes).ids is None


def test_values_are_targets_where_the_model_has_no_classes() -> None:
    lines = [f"{k % 7},{k}.25" for k in range(30)]
    data = load_table(write("t.csv", "x,y", *lines), label="y")
    found = read_examples("t.csv", shape=(1,), encoding=data.encoding)
    assert found.targets is not None
    assert found.targets.tolist() == [k + 0.25 for k in range(30)]


@pytest.mark.parametrize("other", ["", "setosa", "rosa"])
def test_labels_some_of_which_are_missing_are_none(other: str) -> None:
    data = load_table(write_flowers("flowers.csv"), label="species")
    new = write("new.csv", "width,length,color,species", "1,2,red,", f"1,2,red,{other}")
    found = read_examples(new, shape=(4,), encoding=data.encoding, classes=data.classes)
    assert (len(found), found.targets) == (2, None)


def test_another_label_may_be_named() -> None:
    data = load_table(write_flowers("flowers.csv"), label="species")
    new = write("new.csv", "width,length,color,truth", "1,2,red,setosa")
    found = read_examples(new, shape=(4,), encoding=data.encoding, classes=data.classes, label="truth")
    assert found.targets is not None
    assert found.targets.tolist() == [0]


def test_a_table_of_numbers_for_a_model_without_an_encoding() -> None:
    path = write("points.csv", "x,y,side", "0.5,1.5,a", "2.5,3.5,b")
    found = read_examples(path, shape=(2,), classes=("a", "b"), label="side")
    assert found.inputs.tolist() == [[0.5, 1.5], [2.5, 3.5]]
    assert found.targets is not None
    assert found.targets.tolist() == [0, 1]
    with pytest.raises(
        ValueError, match=r"expected 2 columns, one for each input of the model.* got 3: 'x', 'y'"
    ):
        read_examples(path, shape=(2,), classes=("a", "b"))
    with pytest.raises(ValueError, match=r"line 2: column 'side': expected a number, got 'a'"):
        read_examples(path, shape=(3,))
    with pytest.raises(ValueError, match=r"line 1: column '2': expected a number, got none"):
        read_examples(write("gap.csv", "1.5,", "2.5,4"), shape=(2,))


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
def test_images_in_an_idx_file(squeeze) -> None:
    images = digits(5)[0].reshape(-1, 28, 28)
    path = Path("t10k-images-idx3-ubyte")
    path.write_bytes(squeeze(packed(images)))
    found = read_examples(path, shape=(784,), classes=TEN)
    assert np.array_equal(found.inputs, images.reshape(5, 784))
    assert found.targets is None
    with pytest.raises(
        ValueError, match=r"expected examples \(N, 6, 5\), as the model takes them, got \(5, 28, 28\)"
    ):
        read_examples(path, shape=(6, 5))


def test_an_archive_gives_its_test_part_or_all() -> None:
    images, labels = digits(6)
    np.savez("both.npz", x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    np.savez("all.npz", images=images.reshape(-1, 28, 28))
    found = read_examples("both.npz", shape=(28, 28), classes=TEN)
    assert found.inputs.shape == (2, 28, 28)
    assert found.targets is not None
    assert found.targets.tolist() == [0, 1]
    found = read_examples("all.npz", shape=(28, 28), classes=TEN)
    assert (found.inputs.shape, found.targets) == ((6, 28, 28), None)


@pytest.mark.parametrize(
    ("targets", "classes", "expected"),
    [
        (np.array(["b", "a"]), ("a", "b"), [1, 0]),
        (np.array([7, 5]), ("5", "7"), [1, 0]),
        (np.eye(3)[[2, 1]], ("a", "b", "c"), [2, 1]),
        (np.array([0.5, 1.5]), None, [0.5, 1.5]),
    ],
)
def test_targets_of_an_archive(targets: np.ndarray, classes: tuple[str, ...] | None, expected: list) -> None:
    np.savez("t.npz", x=np.ones((2, 4)), y=targets)
    found = read_examples("t.npz", shape=(4,), classes=classes)
    assert found.targets is not None
    assert found.targets.tolist() == expected


def test_targets_of_an_archive_that_the_model_does_not_know() -> None:
    np.savez("t.npz", x=np.ones((2, 4)), y=np.array(["b", "z"]))
    with pytest.raises(ValueError, match="expected labels among the model's classes a, b, got 'z'"):
        read_examples("t.npz", shape=(4,), classes=("a", "b"))
    np.savez("t.npz", x=np.ones((2, 4)), y=np.array([0.5, 1]))
    with pytest.raises(ValueError, match="expected labels of the model's classes, got float64"):
        read_examples("t.npz", shape=(4,), classes=("a", "b"))
    np.savez("t.npz", x=np.full((2, 4), np.nan))
    with pytest.raises(ValueError, match="expected finite numbers, got NaN"):
        read_examples("t.npz", shape=(4,))


@pytest.mark.parametrize("label", [1, 2, 3])
def test_rows_without_a_header_and_without_the_label_are_matched_by_their_order(label: int) -> None:
    cells = [[f"{k}.5", f"{(k * 7) % 5}.25", f"{k * k}.75"] for k in range(30)]
    data = load_table(write("t.csv", *map(",".join, cells)), label=label, validation=0)
    for row in cells:
        del row[label - 1]
    found = read_examples(write("new.csv", *map(",".join, cells)), shape=(2,), encoding=data.encoding)
    assert np.array_equal(found.inputs, data.train.images)
    assert (found.targets, found.ids) == (None, None)
    whole = read_examples("t.csv", shape=(2,), encoding=data.encoding)
    assert np.array_equal(whole.inputs, data.train.images)
    assert np.array_equal(np.asarray(whole.targets), data.train.labels)


@pytest.mark.parametrize(
    "ids", [["000000"], ["0", "0", "0"], ["12345678901234567890", "12345678901234567891"]]
)
def test_identifiers_are_handed_on_as_they_are_written(ids: list[str]) -> None:
    lines = [f"name {k},{k:06},{k % 5}.5,{'ab'[k % 2]}" for k in range(30)]
    data = load_table(write("t.csv", "Name,CustomerId,x,y", *lines), label="y", drop=["Name", "CustomerId"])
    new = write("new.csv", "CustomerId,x", *(f"{own},1.5" for own in ids))
    found = read_examples(new, shape=(1,), encoding=data.encoding, classes=data.classes)
    assert found.ids == ("CustomerId", ids)


@pytest.mark.parametrize("name", ["ImageId", "id", "index"])
@pytest.mark.parametrize("labelled", [False, True])
def test_what_numbers_images_is_set_aside_and_handed_on(name: str, labelled: bool) -> None:
    images, labels = digits()
    own = [f"{k + 100:05}" for k in range(40)]
    lines = rows(np.c_[labels, images] if labelled else images)
    names = [name, *(["label"] if labelled else []), *NAMES]
    path = write("test.csv", ",".join(names), *(f"{a},{b}" for a, b in zip(own, lines)))
    found = read_examples(path, shape=(28, 28), classes=TEN)
    assert np.array_equal(found.inputs, images.reshape(-1, 28, 28))
    assert found.ids == (name, own)
    assert (found.targets is not None) == labelled


def test_what_was_dropped_from_images_in_training_may_be_there() -> None:
    images, _ = digits()
    path = write("test.csv", ",".join(["fold", *NAMES]), *rows(np.c_[np.arange(40) % 3, images]))
    found = read_examples(path, shape=(28, 28), classes=TEN, drop=["fold", "other"])
    assert np.array_equal(found.inputs, images.reshape(-1, 28, 28))
    assert (found.targets, found.ids, found.label) == (
        None,
        ("ImageId", [str(k) for k in range(1, 41)]),
        "Label",
    )


def test_pixels_up_to_1_are_none_for_a_model_of_pixels_up_to_255() -> None:
    images = digits(6)[0] / 255
    np.savez("t.npz", x=images)
    assert len(read_examples("t.npz", shape=(28, 28), classes=TEN)) == 6
    with pytest.raises(
        ValueError, match=r"expected pixels from 0 to 255, as in training, got numbers up to 1$"
    ):
        read_examples("t.npz", shape=(28, 28), classes=TEN, scaling=PIXELS)
    np.savez("t.npz", x=images * 0)
    assert len(read_examples("t.npz", shape=(28, 28), classes=TEN, scaling=PIXELS)) == 6


def test_a_table_called_idx_is_a_table() -> None:
    for name in ("idx_data.csv", "idx.csv.gz", "my-idx.txt"):
        path = write_digits(name, label=None)
        if name.endswith("gz"):
            path.write_bytes(gzip.compress(path.read_bytes()))
        assert len(read_examples(path, shape=(28, 28), classes=TEN)) == 40


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
@pytest.mark.parametrize("name", ["images", "images.gz", "images.csv"])
def test_an_idx_file_is_known_by_its_first_bytes(name: str, squeeze) -> None:
    path = Path(name)
    path.write_bytes(squeeze(packed(digits(5)[0].reshape(-1, 28, 28))))
    assert len(read_examples(path, shape=(784,), classes=TEN)) == 5


def test_the_shape_of_an_archive_is_checked_before_its_labels() -> None:
    np.savez("t.npz", x=np.ones((2, 5)), y=np.array(["b", "z"]))
    with pytest.raises(ValueError, match=r"expected examples \(N, 4\)"):
        read_examples("t.npz", shape=(4,), classes=("a", "b"))


def test_whole_numbers_in_floats_are_labels() -> None:
    np.savez("t.npz", x=np.ones((2, 4)), y=np.array([[2.0], [1.0]]))
    found = read_examples("t.npz", shape=(4,), classes=("1", "2"))
    assert found.targets is not None
    assert found.targets.tolist() == [1, 0]
