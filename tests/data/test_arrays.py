"""NumPy archives as data sets: the names people give, and what is scaled."""

from pathlib import Path

import numpy as np
import pytest

from glassnet.data.arrays import load_arrays
from glassnet.nn.scaling import PIXELS, Scaling

GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.integers(0, 256, (40, 28, 28)).astype(np.uint8)
LABELS = (np.arange(40) % 10).astype(np.uint8)
FLOATS = GENERATOR.normal(7, 3, (40, 3))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def saved(**arrays: np.ndarray) -> Path:
    np.savez("set.npz", **arrays)
    return Path("set.npz")


def test_keras_mnist() -> None:
    path = saved(x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:7] ^ 1, y_test=LABELS[:7])
    data = load_arrays(path, validation=0.25)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [30, 10, 7]
    assert (data.name, data.shape, data.scaling, data.classes) == (
        "set",
        (28, 28),
        PIXELS,
        tuple("0123456789"),
    )
    assert np.array_equal(data.test.images, IMAGES[:7] ^ 1)
    assert data.train.inputs.dtype == np.uint8


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("x", "y"),
        ("X", "y"),
        ("images", "labels"),
        ("data", "target"),
        ("inputs", "targets"),
        ("X_train", "y_train"),
    ],
)
def test_names_people_give(x: str, y: str) -> None:
    data = load_arrays(saved(**{x: FLOATS, y: LABELS % 3}), validation=0.1, test=0.2)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [29, 3, 8]
    assert data.classes == ("0", "1", "2")


def test_numbers_are_standardized_by_the_rows_to_train() -> None:
    data = load_arrays(saved(x=FLOATS, y=LABELS % 2), validation=0.5)
    rows = data.train.rows
    assert data.scaling is not None
    assert np.allclose(data.scaling.shift, FLOATS[rows].mean(axis=0))
    assert np.allclose(data.scaling.scale, 1 / FLOATS[rows].std(axis=0))
    assert not np.allclose(data.scaling.shift, FLOATS.mean(axis=0))


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (IMAGES, PIXELS),
        (IMAGES.reshape(40, 784), PIXELS),
        (IMAGES.astype(np.float32), PIXELS),
        (IMAGES / 255, None),
        (IMAGES / 127.5 - 1, None),
        (IMAGES * 100.0, Scaling((IMAGES * 100.0).mean(), 1 / (IMAGES * 100.0).std())),
    ],
)
def test_images_have_one_scaling_for_all_pixels(images: np.ndarray, expected: Scaling | None) -> None:
    data = load_arrays(saved(images=images, labels=LABELS), validation=0)
    assert data.scaling == expected
    assert np.array_equal(data.train.images, images.reshape(40, 28, 28))


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        (LABELS % 3 + np.uint8(5), ("5", "6", "7")),
        (np.array(["b", "a"] * 20), ("a", "b")),
        (np.array([b"b", b"a"] * 20), ("a", "b")),
        (np.eye(4, dtype=int)[LABELS % 4], ("0", "1", "2", "3")),
        ((LABELS % 2 == 0)[:, None], ("0", "1")),
        (LABELS.astype(int) - 3, tuple(map(str, range(-3, 7)))),
        (LABELS.astype(float), tuple(map(str, range(10)))),
        (LABELS.astype(np.float32)[:, None] - 1, tuple(map(str, range(-1, 9)))),
    ],
)
def test_labels_become_classes(targets: np.ndarray, classes: tuple[str, ...]) -> None:
    data = load_arrays(saved(x=FLOATS, y=targets), validation=0)
    assert data.classes == classes
    if targets.ndim == 1 and targets.dtype.kind == "U":
        assert [classes[k] for k in data.train.labels] == targets.tolist()


@pytest.mark.parametrize("shape", [(40,), (40, 1), (40, 2)])
def test_values_have_a_scaling_of_their_own(shape: tuple[int, ...]) -> None:
    values = GENERATOR.normal(100, 20, shape)
    data = load_arrays(saved(x=FLOATS, y=values), validation=0)
    assert data.classes is None
    assert data.target_scaling is not None
    scaled = (data.train.labels - data.target_scaling.shift) * data.target_scaling.scale
    assert np.allclose(scaled.mean(axis=0), 0)
    assert np.allclose(scaled.std(axis=0), 1)


def test_a_models_classes_number_the_labels() -> None:
    path = saved(x=FLOATS, y=np.array(["b", "c"] * 20))
    data = load_arrays(path, classes=("a", "b", "c"), validation=0)
    assert data.train.labels.tolist() == [1, 2] * 20
    with pytest.raises(ValueError, match="expected classes among the model's"):
        load_arrays(path, classes=("a", "b"), validation=0)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": FLOATS}, "expected arrays x and y, images and labels, .*, got a$"),
        ({}, "got none$"),
        ({"x": FLOATS}, "expected targets beside the inputs, got only x"),
        ({"x": FLOATS, "y": LABELS[:7]}, "expected 40 targets y, one for each of x, got"),
        (
            {"x": FLOATS[:, 0], "y": LABELS},
            r"expected x \(N, …\) of numbers, at least one, got float64 \(40,\)",
        ),
        ({"x": FLOATS.astype(str), "y": LABELS}, r"expected x \(N, …\) of numbers"),
        ({"x": FLOATS * np.nan, "y": LABELS}, "expected finite inputs"),
        ({"x": FLOATS, "y": LABELS * np.nan}, "expected finite targets"),
        ({"x": FLOATS, "y": LABELS * 0}, "expected 2 to 1,000 classes, got 1, '0'"),
        ({"x": FLOATS, "y": LABELS * 0.0 + 0.5}, "expected targets that differ"),
        (
            {"x": FLOATS, "y": np.arange(40) * 1.0},
            "targets: expected --task classes or --task values, since 40",
        ),
        ({"x": FLOATS, "y": LABELS, "x_val": FLOATS}, "expected targets beside the inputs"),
        ({"x": FLOATS, "y": LABELS, "y_val": LABELS}, "expected arrays"),
        (
            {"x": FLOATS, "y": LABELS, "x_val": FLOATS[:, :2], "y_val": LABELS},
            r"expected examples and targets for validation like the others, got \(40, 2\) and \(40,\)",
        ),
        ({"x": FLOATS[:0], "y": LABELS[:0]}, "at least one"),
        ({"x": np.array([{}] * 3, object), "y": LABELS}, "got pickled objects, which are not read"),
        (
            {"x_train": FLOATS, "y_train": LABELS, "x_test": FLOATS[:, :2], "y_test": LABELS},
            "expected test examples of shape",
        ),
        ({"x_train": FLOATS, "y_train": LABELS, "x_test": FLOATS}, "expected targets beside the inputs"),
    ],
)
def test_archives_that_are_no_set(arrays: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_arrays(saved(**arrays), validation=0)


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "single", "empty"])
def test_a_damaged_archive_is_one_line(damage: str) -> None:
    path = saved(x=FLOATS, y=LABELS)
    content = bytearray(path.read_bytes())
    content[300] ^= 0xFF
    if damage == "single":
        with path.open("wb") as file:
            np.save(file, FLOATS)
    else:
        path.write_bytes({"cut": content[:-40], "flipped": content, "text": b"hello", "empty": b""}[damage])
    with pytest.raises(
        ValueError, match=r"^set.npz: expected a NumPy archive of plain arrays, got .+"
    ) as caught:
        load_arrays(path)
    assert "\n" not in str(caught.value)


def test_an_archive_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        load_arrays("nowhere.npz")


@pytest.mark.parametrize(("task", "classes"), [("values", None), ("classes", tuple("0123456789"))])
def test_a_task_decides_what_whole_numbers_are(task: str, classes: tuple[str, ...] | None) -> None:
    for labels in (LABELS, LABELS.astype(float)):
        assert load_arrays(saved(x=FLOATS, y=labels), task=task).classes == classes


@pytest.mark.parametrize(
    ("targets", "task", "message"),
    [
        (LABELS + 0.5, "classes", "expected targets that are classes, got others"),
        (np.eye(4)[LABELS % 4], "values", "expected targets that are values, got others"),
        (np.array(["b", "a"] * 20), "values", "expected targets that are numbers, got texts"),
    ],
)
def test_a_task_that_does_not_fit(targets: np.ndarray, task: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_arrays(saved(x=FLOATS, y=targets), task=task)


@pytest.mark.parametrize("ending", ["_val", "_valid", "_validation"])
@pytest.mark.parametrize("test", [0.0, 0.25])
def test_a_validation_part_is_the_one_to_validate(ending: str, test: float) -> None:
    held = {f"X{ending}": FLOATS[:6] + 1000, f"y{ending}": LABELS[:6] % 2}
    data = load_arrays(saved(X_train=FLOATS, y_train=LABELS % 2, **held), validation=0.3, test=test)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [40 - 40 * test, 6, 40 * test]
    assert np.array_equal(data.validation.images, FLOATS[:6] + 1000)
    assert np.array_equal(data.validation.labels, LABELS[:6] % 2)
    assert data.scaling is not None
    assert np.allclose(data.scaling.shift, data.train.images.mean(axis=0))
    assert max(data.train.images.max(), *data.test.images.ravel(), 0) < 100


def test_text_called_an_archive() -> None:
    Path("set.npz").write_text("x,y\n1,2\n" * 9)
    with pytest.raises(ValueError, match=r"got a file of another kind$"):
        load_arrays("set.npz")
