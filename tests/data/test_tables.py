"""Tables as data sets: features read, gaps filled, and nothing learned from rows set aside."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from data.table_files import write, write_digits, write_flowers
from glassnet.data.tables import load_table


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def test_another_table_has_features_and_the_classes_its_label_says() -> None:
    data = load_table(write_flowers("flowers.csv"), label="species", validation=0.2, test=0.1)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [43, 11, 6]
    assert (data.shape, data.classes) == ((4,), ("setosa", "versicolor", "virginica"))
    assert data.encoding is not None
    assert data.encoding.inputs == ("width", "length", "color=blue", "color=red")
    assert data.target_scaling is None


def test_scaling_is_measured_on_the_rows_to_train_alone() -> None:
    generator = np.random.default_rng(0)
    x, y = generator.normal(50, 9, 200), generator.normal(-7, 3, 200)
    path = write("t.csv", "x,same,y", *(f"{a},3.25,{b}" for a, b in zip(x, y)))
    data = load_table(path, label="y", validation=0.3, test=0.2, seed=3)
    kept = data.train.rows
    assert kept is not None
    assert len(kept) == 112
    assert data.scaling is not None
    assert data.target_scaling is not None
    assert np.allclose(data.scaling.shift, [x[kept].mean(), 3.25], rtol=1e-12)
    assert np.allclose(data.scaling.scale, [1 / x[kept].std(), 0.0], rtol=1e-12)
    assert abs(x[kept].mean() - x.mean()) > 1e-3  # or the test says nothing
    assert np.isclose(data.target_scaling.shift, y[kept].mean(), rtol=1e-12)
    assert np.isclose(data.target_scaling.scale, 1 / y[kept].std(), rtol=1e-12)
    scaled = np.empty((112, 2), np.float32)
    data.scaling(data.train.images, scaled)
    assert np.isfinite(scaled).all()
    assert np.allclose(scaled[:, 0].std(), 1, atol=1e-5)
    assert not scaled[:, 1].any()


def test_rows_set_aside_change_nothing_that_is_learned() -> None:
    path = write_flowers("flowers.csv")
    usual = load_table(path, label="species", validation=0.2, test=0.2, fill="mean")
    lines = path.read_text().splitlines()
    trained = set(np.asarray(usual.train.rows).tolist())
    for k in set(range(60)) - trained:
        _, *others = lines[k + 1].split(",")
        lines[k + 1] = ",".join(["1e9", *others])
    other = load_table(write("flowers.csv", *lines), label="species", validation=0.2, test=0.2, fill="mean")
    assert np.array_equal(usual.train.rows, other.train.rows)
    assert (usual.scaling, usual.encoding) == (other.scaling, other.encoding)
    assert other.validation.images[:, 0].min() == 1e9


@pytest.mark.parametrize(("fill", "expected"), [("median", 2.0), ("mean", 4.0), ("zero", 0.0)])
def test_gaps_are_filled_by_what_the_rows_to_train_say(fill: str, expected: float) -> None:
    values = ["1", "2", "9", "", "?", "NA", "null", "NaN", "n/a"]
    path = write("t.csv", "x,z,y", *(f"{v},{k}.5,{'ab'[k % 2]}" for k, v in enumerate(values)))
    with pytest.raises(ValueError, match=r"got 6 missing values in 'x' \(6\); --drop x or --fill median"):
        load_table(path, label="y")
    data = load_table(path, label="y", fill=fill, validation=0)
    assert data.train.images[:, 0].tolist() == [1, 2, 9, *[expected] * 6]


@pytest.mark.parametrize(("fill", "expected"), [("median", [0, 1]), ("zero", [0, 0])])
def test_gaps_among_texts_become_the_most_frequent_or_none(fill: str, expected: list[int]) -> None:
    path = write("t.csv", "c,y", *(f"{c},{'ab'[k % 2]}" for k, c in enumerate(["red", "red", "", "blue"])))
    data = load_table(path, label="y", fill=fill, validation=0)
    assert data.train.images.tolist() == [[0, 1], [0, 1], expected, [1, 0]]


def test_identifiers_are_refused_all_at_once() -> None:
    lines = [f"{k + 1},{k * 7 % 60 + 100},name {k},{k % 5}.5,{'ab'[k % 2]}" for k in range(60)]
    path = write("t.csv", "row,CustomerId,full name,x,y", *lines)
    with pytest.raises(ValueError, match=r'--drop "row,CustomerId,full name"$') as caught:
        load_table(path, label="y")
    assert "'row' (row numbers), 'CustomerId' (an identifier), 'full name' (60 different texts)" in str(
        caught.value
    )
    data = load_table(path, label="y", drop=["row", "CustomerId", "full name"])
    assert data.encoding is not None
    assert (data.encoding.inputs, data.encoding.dropped) == (("x",), ("row", "CustomerId", "full name"))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", [f"{k}.25" for k in range(60)]),  # distinct numbers are what features are
        ("year", range(1960, 2020)),
        ("paid", range(60, 0, -1)),  # not first, not an identifier's name
        ("station_id", [k % 4 for k in range(60)]),  # a few places, many rows each
        ("valid", [f"{k}" for k in range(60)]),
        ("GRID", [f"{k}" for k in range(60)]),
        ("color", ["red", "green", "blue"] * 20),
    ],
)
def test_no_false_alarm_about_identifiers(name: str, values: list) -> None:
    path = write("t.csv", f"first,{name},y", *(f"{k % 7},{v},{'ab'[k % 2]}" for k, v in enumerate(values)))
    assert len(load_table(path, label="y", validation=0).train) == 60


def test_the_only_column_is_no_identifier() -> None:
    path = write("line.csv", "x,y", *(f"{k},{k * 0.5 + 0.25}" for k in range(100)))
    assert load_table(path, label="y").shape == (1,)


def test_the_order_of_columns_and_windows_line_ends_change_nothing() -> None:
    plain = load_table(write_flowers("flowers.csv"), label="species")
    lines = Path("flowers.csv").read_text().splitlines()
    excel = write(
        "excel.csv", *(line.replace(",", ";") for line in lines), newline="\r\n", encoding="utf-8-sig"
    )
    squeezed = Path("flowers.csv.gz")
    squeezed.write_bytes(gzip.compress(Path("flowers.csv").read_bytes()))
    for path in (excel, squeezed):
        other = load_table(path, label="species")
        assert np.array_equal(plain.train.images, other.train.images)
        assert np.array_equal(plain.validation.labels, other.validation.labels)
        assert (plain.encoding, plain.scaling) == (other.encoding, other.scaling)
    assert load_table(squeezed, label="species").name == "flowers"


def test_large_numbers_keep_their_differences() -> None:
    seconds = 1_700_000_000 + np.arange(50) * 0.5
    path = write("t.csv", "x,when,y", *(f"{k % 3},{s},{'ab'[k % 2]}" for k, s in enumerate(seconds)))
    data = load_table(path, label="y", validation=0)
    assert np.array_equal(data.train.images[:, 1], seconds)


def test_numbers_beyond_what_a_network_bears_are_refused() -> None:
    path = write("t.csv", "x,y", "1.5,a", "1e300,b", "2.5,a")
    with pytest.raises(
        ValueError, match=r"line 3: column 'x': expected a number of at most 1e\+30, got 1e\+300"
    ):
        load_table(path, label="y", validation=0)


def test_infinity_is_an_error_where_it_is_used() -> None:
    path = write("t.csv", "x,z,y", "1.5,1,a", "2,-inf,b", "2.5,3,a")
    with pytest.raises(ValueError, match=r"line 3: column 'z': expected a finite number, got -inf"):
        load_table(path, label="y", validation=0)
    assert load_table(path, label="y", drop=["z"], validation=0).shape == (1,)


def test_a_models_classes_and_encoding_take_the_place_of_what_would_be_found() -> None:
    own = load_table(write_flowers("flowers.csv"), label="species", validation=0)
    lines = Path("flowers.csv").read_text().splitlines()
    few = write("few.csv", lines[0], *(line for line in lines[1:] if "setosa" in line))
    other = load_table(few, classes=own.classes, encoding=own.encoding, validation=0)
    assert (other.classes, other.encoding) == (own.classes, own.encoding)
    assert other.train.inputs.shape == (20, 4)
    digits_ = write_digits("train.csv", 5)
    assert load_table(digits_, classes=tuple("0123456789"), validation=0).shape == (28, 28)
    strange = write("strange.csv", lines[0], lines[1].replace("setosa", "rosa"))
    with pytest.raises(
        ValueError,
        match=r"line 2: column 'species': expected one of the classes setosa, .*, virginica, got 'rosa'",
    ):
        load_table(strange, classes=own.classes, encoding=own.encoding, validation=0)
