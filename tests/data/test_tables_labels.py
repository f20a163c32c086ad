"""The column to predict: named, told by its looks, or asked for."""

from pathlib import Path

import numpy as np
import pytest

from data.table_files import write, write_flowers
from glassnet.data.tables import load_table


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("label", ["species", "4", "-1", 4, -1])
def test_a_label_is_a_name_or_a_number(label: str | int) -> None:
    data = load_table(write_flowers("flowers.csv"), label=label)
    assert data.encoding is not None
    assert data.encoding.label == "species"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {},
            r"expected --label COLUMN, got none; perhaps --label species; columns: width, .*, species$",
        ),
        ({"label": "speces"}, r"flowers.csv: unknown label 'speces'; did you mean 'species'\?"),
        ({"label": "5"}, r"unknown label '5'"),
        ({"label": "0"}, r"unknown label '0'"),
        ({"label": "species", "drop": ["colour"]}, r"unknown column to drop 'colour'; did you mean 'color'"),
        ({"label": "species", "drop": ["species"]}, r"unknown label 'species'"),
        ({"label": "species", "drop": ["width", "length", "color"]}, r"got the label alone"),
        ({"label": "species", "fill": "medean"}, r"fill: unknown way .* did you mean 'median'"),
        (
            {"label": "species", "task": "values"},
            r"line 2: column 'species': expected a number, got 'setosa'",
        ),
        ({"label": "species", "validation": 0.9}, r"validation: expected a share of 0 to 0.5"),
        ({"label": "width", "task": "classes"}, r"line 2: column 'width': expected a class, a whole number"),
    ],
)
def test_options_that_do_not_fit_are_named(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_table(write_flowers("flowers.csv"), **options)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["a", "b"] * 20, ("a", "b")),
        ([0, 1] * 20, ("0", "1")),
        ([1.0, 2.0] * 20, ("1", "2")),
        ([10, 9, -1, 3] * 10, ("-1", "3", "9", "10")),
        (["True", "False"] * 20, ("False", "True")),
        (["yes", 1] * 20, ("1", "yes")),
        ([0.5, 1.5] * 20, None),
        (list(range(200)), None),
        ([5, 1e3] * 20, ("5", "1000")),
    ],
)
def test_what_a_label_holds_is_told_by_its_looks(labels: list, expected: tuple[str, ...] | None) -> None:
    path = write("t.csv", "x,y", *(f"{k % 7}.5,{label}" for k, label in enumerate(labels)))
    data = load_table(path, label="y", validation=0)
    assert data.classes == expected
    if expected is None:
        assert np.array_equal(data.train.labels, np.array(labels, float))
    else:
        assert [data.classes[k] for k in data.train.labels] == [
            str(int(v)) if isinstance(v, float) else str(v) for v in labels
        ]


@pytest.mark.parametrize("labels", [list(range(30)) * 3, list(range(12))])
def test_whole_numbers_that_may_be_either_need_a_task(labels: list[int]) -> None:
    path = write("t.csv", "x,y", *(f"{k % 7}.5,{label}" for k, label in enumerate(labels)))
    with pytest.raises(ValueError, match=r"column 'y': expected --task classes or --task values, since"):
        load_table(path, label="y")
    assert load_table(path, label="y", task="values").classes is None
    if len(labels) > 12:
        assert load_table(path, label="y", task="classes").classes == tuple(map(str, range(30)))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 9, "column 'y': expected at least two classes, got 'a' alone"),
        (["a", "", "b", "NA", "a"], "line 3: column 'y': expected a label in every row, got none in 2 of 5"),
        ([0.5, "nan", 1.5], "line 3: column 'y': expected a label in every row, got none in 1 of 3"),
        ([0.5, "inf", 1.5], "line 3: column 'y': expected a finite number, got inf"),
        ([0.5] * 9, "column 'y': expected values that differ, got 0.5 alone"),
        (
            [f"text {k}" for k in range(90)],
            "column 'y': expected classes, got 90 different labels in 90 rows",
        ),
    ],
)
def test_labels_that_cannot_be_learned_are_named(labels: list, message: str) -> None:
    path = write("t.csv", "x,y", *(f"{k % 3}.5,{label}" for k, label in enumerate(labels)))
    with pytest.raises(ValueError, match=message):
        load_table(path, label="y", validation=0)


@pytest.mark.parametrize(
    ("header", "likely"),
    [("a,b,c,color,kind", "kind"), ("a,y,c,color,kind", "y"), ("class,b,c,color,kind", "class")],
)
def test_a_label_that_is_likely_is_told(header: str, likely: str) -> None:
    path = write("t.csv", header, *(f"{k}.5,{k % 2},2,red,{'uv'[k % 2]}" for k in range(9)))
    with pytest.raises(
        ValueError, match=rf"got none; perhaps --label {likely}; columns: {header.replace(',', ', ')}$"
    ):
        load_table(path)


def test_a_label_of_numbers_with_a_mistake_among_them_is_named() -> None:
    lines = [f"{k % 7},{k}" for k in range(150)]
    lines[70] = "1,7o"
    with pytest.raises(
        ValueError, match=r"line 72: column 'y': expected a number, as in most rows, got '7o'"
    ):
        load_table(write("t.csv", "x,y", *lines), label="y")


def test_classes_of_true_and_false_are_two() -> None:
    path = write("t.csv", "x,y", *(f"{k % 7},{('True', 'false', 'TRUE')[k % 3]}" for k in range(30)))
    data = load_table(path, label="y", validation=0)
    assert data.classes == ("TRUE", "false")
    assert data.train.labels.tolist() == [0, 1, 0] * 10
    new = write("new.csv", "x,y", "1,true", "2,FALSE")
    known = load_table(new, classes=data.classes, encoding=data.encoding, validation=0)
    assert known.train.labels.tolist() == [0, 1]


def test_values_with_decimal_commas_are_values() -> None:
    path = write("t.csv", "x;y", *(f"{k},5;{k % 4},{k}" for k in range(30)))
    data = load_table(path, label="y", validation=0)
    assert data.classes is None
    assert data.train.labels[5] == 1.5
    assert data.train.images[5] == 5.5


def test_values_that_are_all_the_same_may_be_judged_by_a_model() -> None:
    own = load_table(write("t.csv", "x,y", *(f"{k}.5,{k}.25" for k in range(30))), label="y")
    path = write("new.csv", "x,y", *(f"{k}.5,3.25" for k in range(9)))
    data = load_table(path, encoding=own.encoding, validation=0)
    assert data.target_scaling is None
    assert data.train.labels.tolist() == [3.25] * 9
