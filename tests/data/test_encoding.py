"""What a model knows of a table: plain, kept whole, and held against every other table."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.table_files import write
from glassnet.data import columns
from glassnet.data.encoding import Encoding, Feature, standardization
from glassnet.nn.scaling import Scaling


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def fitted(path: Path, **options) -> tuple[Encoding, columns.Table]:
    table = columns.read(path)
    return Encoding.fit(table, np.arange(len(table)), **options), table


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=8)
FEATURES = st.builds(
    Feature,
    NAMES,
    st.none() | st.lists(NAMES, min_size=1, max_size=4, unique=True).map(tuple),
    st.none() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
)


@given(st.builds(Encoding, st.lists(FEATURES).map(tuple), st.none() | NAMES, st.lists(NAMES).map(tuple)))
def test_an_encoding_survives_json(encoding: Encoding) -> None:
    assert Encoding.from_config(json.loads(json.dumps(encoding.config()))) == encoding


@pytest.mark.parametrize(
    "config", [{}, {"features": [{}], "label": None, "dropped": []}, {"features": 3}, []]
)
def test_a_description_of_something_else_is_refused(config) -> None:
    with pytest.raises(ValueError, match="encoding: expected features, label and dropped"):
        Encoding.from_config(config)


@given(st.permutations(["a", "b", "c", "d"]), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(order: list[str], random) -> None:
    cells = {
        "a": [f"{random.uniform(-9, 9):.3f}" for _ in range(12)],
        "b": [random.choice(["red", "blue"]) for _ in range(12)],
        "c": [str(random.randrange(300)) for _ in range(12)],
        "d": [random.choice(["x", "y", ""]) for _ in range(12)],
    }
    lines = {tuple(o): [",".join(cells[n][k] for n in o) for k in range(12)] for o in ("abcd", tuple(order))}
    encoding, table = fitted(write("one.csv", "a,b,c,d", *lines[tuple("abcd")]), fill="median")
    other = columns.read(write("two.csv", ",".join(order), *lines[tuple(order)]))
    assert np.array_equal(encoding.encode(table), encoding.encode(other))


def test_texts_become_one_input_for_each_category() -> None:
    encoding, table = fitted(write("t.csv", "size,color", "1.5,red", "2.5,blue", "3.5,red"))
    assert encoding.inputs == ("size", "color=blue", "color=red")
    assert encoding.encode(table).tolist() == [[1.5, 0, 1], [2.5, 1, 0], [3.5, 0, 1]]
    scaling = encoding.scaling(encoding.encode(table), np.arange(3))
    assert scaling == Scaling([2.5, 0, 0], [1 / np.std([1.5, 2.5, 3.5]), 1, 1])


def test_categories_that_look_like_numbers_are_matched_as_texts() -> None:
    encoding, _ = fitted(write("t.csv", "deck,x", "1,0.5", "2,1.5", "B,2.5"))
    numbers = columns.read(write("new.csv", "x,deck", "0.5,2", "0.5,1"))
    assert encoding.encode(numbers).tolist() == [[0, 1, 0, 0.5], [1, 0, 0, 0.5]]


@pytest.fixture
def model() -> Encoding:
    path = write("t.csv", "age,color,size", "30,red,1.5", "40,blue,2.5", "50,red,3.5")
    return fitted(path, label="y", dropped=["name"])[0]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["age,color", "1,red"], "expected the columns that the model knows, got a table without 'size'"),
        (["age,color,size,depth", "1,red,2,3"], "got a table with 'depth'"),
        (["Age,color,size", "1,red,2"], "got a table without 'age' and with 'Age'"),
        (["1,red,2.5"], "without 'age', 'color', 'size' and with '1', '2', '3'"),
        (["age,color,size", "1,red,2", "x,red,2"], "line 3: column 'age': expected a number, got 'x'"),
        (["age,color,size", "1,red,2", "1,green,2"], "line 3: column 'color': expected one of 'blue', 'red'"),
        (["age,color,size", "1,red,2", "1,7,2"], "line 3: column 'color': .* got '7'"),
        (
            ["age,color,size", "1,red,2", ",red,2", ",red,"],
            "line 3: column 'age': expected a value.*2 missing; a model",
        ),
        (["age,color,size", "1,red,2", "1,,2"], "line 3: column 'color': expected a value, as in training"),
        (
            ["age,color,size", "1,red,2", "inf,red,2"],
            "line 3: column 'age': expected a finite number, got inf",
        ),
        (["age,color,size", "1,4,2"], "line 2: column 'color': expected one of 'blue', 'red', as in"),
    ],
)
def test_a_table_that_the_model_does_not_know(model: Encoding, lines: list[str], message: str) -> None:
    table = columns.read(write("new.csv", *lines))
    with pytest.raises(ValueError, match=message):
        model.encode(table)


def test_label_and_dropped_columns_may_be_there_or_not(model: Encoding) -> None:
    table = columns.read(write("new.csv", "y,size,name,color,age", "no,2,Ann,red,1"))
    assert model.encode(table).tolist() == [[1, 0, 1, 2]]


def test_without_headers_columns_are_matched_by_their_order() -> None:
    encoding, _ = fitted(write("t.csv", "5,1.5,red", "6,2.5,blue"), label="1")
    assert [feature.name for feature in encoding.features] == ["1", "2", "3"]
    moved = Encoding(tuple(Feature(str(k + 2), f.categories) for k, f in enumerate(encoding.features)), "1")
    table = columns.read(write("new.csv", "5,1.5,red", "6,2.5,blue"))
    assert np.array_equal(moved.encode(table), encoding.encode(table))


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=20))
def test_standardized_values_have_mean_0_and_variance_1_or_are_0(values: list[float]) -> None:
    array = np.array(values)[:, None]
    shift, scale = standardization(array)
    assert np.isfinite([shift, scale]).all()
    scaled = (array - shift) * scale
    if scale[0] == 0:
        assert np.ptp(array) < 1e-25 or np.ptp(array) < 1e-12 * np.abs(array).max()
    elif np.ptp(array) > 1e-6 * np.abs(array).max():
        assert abs(scaled.mean()) < 1e-6
        assert abs(scaled.std() - 1) < 1e-6


def test_the_most_frequent_text_is_that_of_the_rows_to_train() -> None:
    table = columns.read(write("t.csv", "c,x", "red,1.5", "blue,1", "blue,2", "red,3", "red,4", ",5"))
    assert Encoding.fit(table, np.arange(3), fill="median").features[0].fill == "blue"
    assert Encoding.fit(table, np.arange(6), fill="median").features[0].fill == "red"


def test_a_column_without_values_in_training_cannot_be_filled() -> None:
    table = columns.read(write("t.csv", "x,z", "1.5,", "2.5,", "3.5,4"))
    with pytest.raises(ValueError, match="column 'z': expected values to train on, got none; --drop z"):
        Encoding.fit(table, np.arange(2), fill="mean")


def test_an_older_description_has_no_identifier_but_may_have_dropped_one() -> None:
    config = {"features": [], "label": "y", "dropped": ["name", "PassengerId"]}
    assert Encoding.from_config(config).id == "PassengerId"
    assert Encoding.from_config({**config, "id": None}).id is None
    assert Encoding.from_config({**config, "dropped": ["name"]}).id is None


def test_true_and_false_are_the_same_in_any_case_of_letters() -> None:
    encoding, table = fitted(write("t.csv", "ok,x", "True,0.5", "TRUE,1", "false,1", "true,2"))
    assert encoding.features[0].categories == ("TRUE", "false")
    assert encoding.encode(table)[:, :2].tolist() == [[1, 0], [1, 0], [0, 1], [1, 0]]
    new = columns.read(write("new.csv", "ok,x", "FALSE,1", "tRue,1"))
    assert encoding.encode(new)[:, :2].tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["01", "02"], [0, 1]), (["1", "2"], [0, 1]), (["02", "1.0"], [1, 0]), (["-", "01"], [2, 0])],
)
@pytest.mark.parametrize("headed", [True, False])
def test_categories_with_zeros_before_them_are_known_again(cells: list, expected: list, headed: bool) -> None:
    names = ["deck,x"] if headed else []
    encoding, _ = fitted(write("t.csv", *names, "01,0.5", "02,1.5", "-,1.5", "B,1", "C,1", "D,2"))
    new = columns.read(write("new.csv", *names, *(f"{cell},0.5" for cell in cells)), encoding.texts)
    order = ["01", "02", "-"]
    categories = encoding.features[0].categories
    assert categories is not None
    assert encoding.encode(new)[:, :-1].argmax(axis=1).tolist() == [
        categories.index(order[k]) for k in expected
    ]


def test_a_number_among_numbers_that_is_none_is_named() -> None:
    lines = [f"{20 + k % 50},{k}.5" for k in range(300)]
    lines[150] = "3o,1.5"
    with pytest.raises(
        ValueError, match=r"line 152: column 'age': expected a number, as in most rows, got '3o'$"
    ):
        fitted(write("titanic.csv", "age,x", *lines))
    assert fitted(write("t.csv", "deck,x", "1,1.5", "2,2.5", "B,3.5"))[0].features[0].categories == (
        "1",
        "2",
        "B",
    )


@pytest.mark.parametrize("cells", [["1,234", "950"], ["1,5", "2,25"], ["1,234,567.5", "1"]])
def test_commas_within_numbers_are_named(cells: list[str]) -> None:
    path = write("t.csv", "z,x", "1,1", *(f'1,"{cell}"' for cell in cells))
    with pytest.raises(
        ValueError, match=rf"line 3: column 'x': expected numbers with a .* got '{cells[0]}' with"
    ):
        fitted(path)


def test_columns_to_drop_are_named_as_a_shell_takes_them() -> None:
    table = columns.read(write("t.csv", '"a, b",column 2,y', *(f"{'' if k else 2},,{k}.5" for k in range(9))))
    with pytest.raises(
        ValueError, match=r"""got 17 missing values .*; --drop "1,column 2" or --fill median"""
    ):
        Encoding.fit(table.without(["y"]), np.arange(9))
    with pytest.raises(ValueError, match=r'expected values to train on, got none; --drop "column 2"'):
        Encoding.fit(table.without(["y"]), np.arange(9), fill="mean")
