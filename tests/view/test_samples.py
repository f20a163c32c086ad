"""The examples of a set as the page shows them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from glassnet.data.dataset import Dataset
from glassnet.data.judged import judged_part
from glassnet.data.toys import make
from glassnet.view import samples
from glassnet.view.wire import decode, encode
from view.cases import CASES, Case, flowers, images, prices

KINDS = {
    "softmax": "images", "colour": "images", "colour last": "images", "floats": "images",
    "flat digits": "images", "binary": "points", "binary by mse": "points", "spirals": "points",
    "sine": "points", "table": "table", "value": "table", "values": "table",
}  # fmt: skip


def told(case: Case) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return decode(encode("data", *samples.message(case.data, judged_part(case.data)[1])))


@pytest.mark.parametrize("name", KINDS)
def test_every_set_has_a_kind_and_a_message_that_travels(name: str) -> None:
    case = CASES[name]()
    header, arrays = told(case)
    assert header["samples"] == case.kind == KINDS[name]
    assert samples.about(case.data, "validation")["kind"] == KINDS[name]
    n = {"images": "images", "points": "points"}.get(case.kind)
    assert len(arrays[n]) > 0 if n else len(header["rows"]) > 0


def test_two_inputs_and_a_value_are_a_table_for_nothing_could_be_drawn() -> None:
    random = np.random.default_rng(0)
    assert samples.kind(Dataset.from_arrays(random.normal(size=(9, 2)), random.normal(size=9))) == "table"
    assert samples.kind(Dataset.from_arrays(random.normal(size=(9, 1)), np.arange(9) % 3)) == "table"
    assert samples.kind(replace(flowers(), name="pixels")) == "table"


def test_samples_are_some_of_each_class_early_and_always_the_same() -> None:
    data = images((8, 8), n=1000)
    part = data.validation
    (_, first), (_, second) = (samples.message(data, part) for _ in range(2))
    assert first["images"].shape == (100, 8, 8)
    assert (first["index"] == second["index"]).all()
    assert len(set(first["index"].tolist())) == 100
    assert set(first["labels"][:10].tolist()) == set(range(10))
    assert first["labels"][:10].tolist() != sorted(first["labels"][:10].tolist())
    assert (first["labels"] == part.labels[first["index"]]).all()
    assert (first["images"] == part.images[first["index"]]).all()


def test_a_rare_class_is_among_the_first() -> None:
    labels = np.zeros(500, np.intp)
    labels[[3, 77]] = 1
    labels[400] = 2
    data = Dataset.from_arrays(np.zeros((500, 4, 4), np.uint8), labels)
    _, arrays = samples.message(data, data.train)
    assert sorted(arrays["labels"][:3].tolist()) == [0, 1, 2]
    assert arrays["labels"].sum() == 4


def test_few_examples_are_all_shown() -> None:
    data = images((8, 8), n=50)
    assert sorted(samples.message(data, data.validation)[1]["index"].tolist()) == list(range(10))


def test_images_with_values_have_values() -> None:
    random = np.random.default_rng(0)
    data = Dataset.from_arrays(
        random.integers(0, 256, (30, 5, 5)).astype(np.uint8), random.normal(size=(30, 2))
    )
    _, arrays = samples.message(data, data.train)
    assert "labels" not in arrays
    assert np.allclose(arrays["values"], data.train.targets[arrays["index"], 0])


# ---- pixels


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.array([0, 1, 254, 255], np.uint8), [0, 1, 254, 255]),
        (np.array([0, 0.25, 0.5, 1.0], np.float32), [0, 64, 128, 255]),
        (np.array([-1.0, 0.0, 0.5, 1.0]), [0, 128, 191, 255]),
        (np.array([0.0, 12.4, 200.0, 255.0]), [0, 12, 200, 255]),
        (np.array([0.0, 4.0, 8.0, 16.0]), [0, 64, 128, 255]),
        (np.array([0, 4, 8, 16], np.uint8), [0, 64, 128, 255]),
        (np.array([0, 1, 1, 0], np.uint8), [0, 255, 255, 0]),
        (np.array([-2.0, 0.0, 1.0, 3.0]), [0, 102, 153, 255]),
        (np.array([0, 30000, 60000, 60000], np.uint16), [0, 128, 255, 255]),
        (np.array([-5.0, -5.0, -5.0, -5.0]), [0, 0, 0, 0]),
        (np.array([0.0, 0.0, 0.0, 0.0]), [0, 0, 0, 0]),
    ],
)  # fmt: skip
def test_pixels_become_bytes(pixels: np.ndarray, expected: list[int]) -> None:
    data = Dataset.from_arrays(np.tile(pixels.reshape(1, 2, 2), (3, 1, 1)), np.arange(3) % 2)
    found = samples.images(data, data.train, np.array([2]))
    assert (found.dtype, found.shape) == (np.uint8, (1, 2, 2))
    assert np.abs(found.ravel().astype(int) - expected).max() <= 1


def test_colours_come_last_and_one_channel_is_grey() -> None:
    data = images((3, 6, 4))
    found = samples.images(data, data.validation, np.arange(5))
    assert (found == np.moveaxis(data.validation.images[:5], 1, -1)).all()
    assert found.flags.c_contiguous
    grey = images((1, 6, 4))
    assert samples.images(grey, grey.validation, np.arange(5)).shape == (5, 6, 4)


def test_flat_digits_are_images() -> None:
    data = images((784,), n=40)
    found = samples.images(data, data.validation, np.arange(3))
    assert (found == data.validation.images[:3].reshape(3, 28, 28)).all()


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(ValueError, match="flowers: expected images, got examples of shape"):
        samples.images(flowers(), flowers().train, np.arange(3))


# ---- points


def test_points_are_those_of_both_parts() -> None:
    data = make("spirals", points=200).split(0.2)
    _, arrays = samples.message(data, data.validation)
    held = arrays["held"] == 1
    assert (len(held), held.sum()) == (200, 40)
    assert (arrays["index"][~held] == -1).all()
    assert arrays["index"][held].tolist() == list(range(40))
    assert (arrays["points"][held] == data.validation.images).all()
    assert (arrays["labels"][held] == data.validation.labels).all()
    assert (arrays["points"][~held] == data.train.images).all()


def test_of_many_points_the_same_share_of_both_parts_is_shown() -> None:
    data = make("sine", points=5000).split(0.1)
    _, arrays = samples.message(data, data.validation)
    assert len(arrays["points"]) == 1000
    assert arrays["held"].sum() == 100
    held = arrays["held"] == 1
    assert np.allclose(arrays["values"][held], data.validation.labels[arrays["index"][held], 0])


def test_where_nothing_is_held_out_all_points_can_be_chosen() -> None:
    data = make("xor")
    _, arrays = samples.message(data, judged_part(data)[1])
    assert not arrays["held"].any()
    assert arrays["index"].tolist() == [0, 1, 2, 3]


# ---- tables


def test_rows_of_a_table_are_texts_with_categories_by_name() -> None:
    data = flowers()
    part = data.validation
    header, arrays = decode(encode("data", *samples.message(data, part)))
    assert arrays == {}
    assert header["columns"] == ["petal length (cm)", "petal width (cm)", "color"]
    assert len(header["rows"]) == len(part)
    assert {row["text"][2] for row in header["rows"]} == {"blue", "red", "–"}
    for row in header["rows"]:
        x = part.images[row["index"]]
        assert row["text"][:2] == [f"{x[0]:.6g}", f"{x[1]:.6g}"]
        assert (row["text"][2] == "blue") == (x[2] == 1)
        assert row["label"] == part.labels[row["index"]]


def test_numbers_are_written_as_they_are_read() -> None:
    inputs = np.array([[1990.0, 0.1, -0.0, 123456789.0], [1e20, 1 / 3, -4.0, 1e-9]])
    data = Dataset.from_arrays(np.column_stack([inputs, [0, 0]]), np.array([0, 1]))
    assert samples.rows(data, data.train, np.arange(2)) == [
        ["1990", "0.1", "0", "123456789", "0"],
        ["1e+20", "0.333333", "-4", "1e-09", "0"],
    ]
    assert samples.columns(data) == ["x1", "x2", "x3", "x4", "x5"]


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (images((8, 8)), int, False),
        (make("moons", points=50).split(0.2), int, False),
        (make("sine", points=50).split(0.2), float, False),
        (flowers(), int, True),
        (prices(2), float, True),
    ],
    ids=["images", "points", "line", "table", "values"],
)
def test_a_sample_has_its_label_and_a_table_its_text(data: Dataset, label: type, text: bool) -> None:
    sample = samples.example(data, data.validation, 4)
    found, words = sample.label, sample.text
    np.testing.assert_array_equal(sample.x, data.validation.images[4])
    assert sample.fields() == {"index": 4, "drawing": False, "label": found, "text": words}
    assert type(found) is label
    assert found == data.validation.labels[4].ravel()[0]
    assert (words is not None) == text
    if words is not None:
        assert list(words) == samples.columns(data)
        assert list(words.values()) == samples.rows(data, data.validation, np.array([4]))[0]


@pytest.mark.parametrize("index", [-1, 60, 10**9])
def test_an_example_that_is_not_there_is_refused(index: int) -> None:
    data = images((8, 8))
    with pytest.raises(ValueError, match=f"expected the number of an example, 0 to 59, got {index}"):
        samples.example(data, data.validation, index)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((784,), np.uint8), ((28, 28), np.uint8), ((1, 28, 28), np.uint8), ((28, 28, 1), np.int64)],
)
def test_a_drawing_becomes_an_example_of_digits(shape: tuple[int, ...], dtype: Any) -> None:
    data = images(shape, n=60, dtype=dtype)
    drawn = np.arange(784, dtype=np.uint32).reshape(28, 28).astype(np.uint8)
    assert samples.takes_drawings(data)
    sample = samples.drawing(data, drawn)
    assert (sample.x.shape, sample.x.dtype) == (shape, dtype)
    np.testing.assert_array_equal(sample.x.ravel(), drawn.ravel())
    np.testing.assert_array_equal(samples.pixels(data, sample.x), drawn)
    assert sample.fields() == {"index": None, "drawing": True, "label": None, "text": None}


@pytest.mark.parametrize(
    "data",
    [images((8, 8)), images((3, 28, 28), n=60), images((28, 28), n=60, dtype=np.float32), flowers(),
     make("moons", points=50).split(0.2)],
    ids=["small", "colour", "scaled already", "table", "points"],
)  # fmt: skip
def test_a_drawing_is_no_example_of_other_sets(data: Dataset) -> None:
    assert not samples.takes_drawings(data)
    with pytest.raises(ValueError, match="expected grey images of 28×28 pixels"):
        samples.drawing(data, np.zeros((28, 28), np.uint8))


def test_what_the_page_is_told_of_a_set() -> None:
    told = samples.about(flowers(), "validation")
    assert told["inputs"] == ["petal length (cm)", "petal width (cm)", "color=blue", "color=red"]
    assert (told["target"], told["classes"]) == ("species", ["setosa", "versicolor", "virginica"])
    assert (told["train"], told["validation"], told["test"], told["part"]) == (96, 24, 0, "validation")
    assert samples.about(prices(), "validation")["inputs"] == ["x1", "x2", "x3"]
    assert samples.about(images((3, 6, 6)), "validation")["inputs"] is None
    assert samples.about(images((3, 6, 6)), "training")["shape"] == [3, 6, 6]
