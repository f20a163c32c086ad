"""Numbers out of text, many at a time: what Python's own `float` makes of them one by one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data.numerals import number, parse


def parsed(lines: str, columns: int, delimiter: str = ",") -> np.ndarray | None:
    found = parse(lines.encode(), delimiter, columns)
    return None if found is None else found[0]


def test_bytes_are_bytes() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (50, 20))
    found = parsed("".join(",".join(map(str, row)) + "\n" for row in pixels.tolist()), 20)
    assert found is not None
    assert found.dtype == np.uint8
    assert np.array_equal(found, pixels)


def test_every_number_of_up_to_three_digits() -> None:
    found = parsed("".join(f"{k},{k:03},{k:02}\n" for k in range(1000)), 3)
    assert found is not None
    assert found.dtype == np.float64
    assert np.array_equal(found, np.arange(1000)[:, None].repeat(3, axis=1))


@pytest.mark.parametrize("digits", range(1, 20))
def test_all_lengths_with_the_point_at_all_places(digits: int) -> None:
    whole = "9876543210123456789"[:digits]
    cells = [f"{sign}{whole[:k]}.{whole[k:]}" for k in range(digits + 1) for sign in ("", "-")]
    found = parsed("\n".join(cells) + "\n", 1)
    assert found is not None
    expected = np.array([float(cell) for cell in cells])
    if digits <= 15:
        assert np.array_equal(found[:, 0], expected)
    else:
        assert (np.abs(found[:, 0] - expected) <= np.spacing(np.abs(expected))).all()


FLOATS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-1e9, 1e9).map(lambda v: f"{v:.5f}"),
    st.decimals(-(10**6), 10**6, places=4).map(str),
    st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(["-0", "0.0", ".5", "5.", "+3", "-.25", "1e-7", "1E5", " 4 ", "00012"]),
)


@given(st.lists(st.tuples(FLOATS, FLOATS, FLOATS), min_size=1, max_size=30), st.sampled_from(",;\t|"))
def test_floats_are_what_python_reads(rows: list[tuple[str, ...]], delimiter: str) -> None:
    found = parsed("".join(delimiter.join(row) + "\n" for row in rows), 3, delimiter)
    assert found is not None
    for value, cell in zip(found.ravel().tolist(), [cell for row in rows for cell in row]):
        assert math.isclose(value, float(cell), rel_tol=3e-16, abs_tol=0)
        assert math.copysign(1, value) == math.copysign(1, float(cell))


@pytest.mark.parametrize("digits", [4, 5, 9, 16, 17, 20, 24, 25, 40])
def test_whole_numbers_alone_of_any_length(digits: int) -> None:
    cells = ["7" * digits, "9" * digits, "1" + "0" * (digits - 1)]
    found = parsed(",".join(cells) + "\n", 3)
    assert found is not None
    assert np.allclose(found, [list(map(float, cells))], rtol=3e-16, atol=0)


@pytest.mark.parametrize(
    "cell",
    [
        "0.9999999999999999999999", "0.1234567890123456789012", "0." + "9" * 30, "12.3456789012345678901",
        "0.0000000000000000000001", "1e00000005", "1e22", "1e23", "1.5E-22", "1.5e-23", "1e-400", "9e+099",
        "1.234567890123456789e+00", "-1.234567890123456789E-04", ".5e1", "5.e1", "99999999999999999999.5e-3",
    ],
)  # fmt: skip
def test_long_numbers_and_exponents(cell: str) -> None:
    found = parsed(f"1.5,{cell}\n-2.5e0,3\n", 2)
    assert found is not None
    assert math.isclose(found[0, 1], float(cell), rel_tol=3e-16, abs_tol=0)
    assert found.ravel().tolist()[2:] == [-2.5, 3]


def test_gaps_are_nan() -> None:
    found = parsed("1,,3\n,NA,?\nnan,null,-2.5\n", 3)
    assert np.array_equal(
        np.asarray(found), [[1, np.nan, 3], [np.nan] * 3, [np.nan, np.nan, -2.5]], equal_nan=True
    )


@pytest.mark.parametrize(
    "lines",
    [
        "1,2,3\n4,5\n", "1,2,3\n4,5\n6\n", "1,2\n3,4,5,6\n", "1,2,abc\n", '1,2,"3"\n', "1,2,1_0\n",
        "1,2,0x1f\n", "1,2,1-2\n", "1,2,--1\n", "1,2,1.2.3\n", "1,2,+\n", "1,2,.\n", "1,2,5-\n", "1,2,1 2\n",
        "1,2,٣\n", "\n1,2,3\n", "1,2,e5\n", "1,2,-.\n", "1,2,True\n", "1,2,1e5-3\n",
        "1,2,1e\n", "1,2,1e+\n", "1,2,1e+-3\n",
        "1,2,e\n", "1,2,-e5\n", "1,2,1ee5\n", "1,2,1e5e\n", "1,2,1e.5\n",
    ],
)  # fmt: skip
def test_anything_unusual_is_left_to_others(lines: str) -> None:
    assert parsed(lines, 3) is None


def test_texts_are_handed_out_beside_the_numbers() -> None:
    found = parse("a,1.5,größe,2\n7,,1e5,-3\n, 4 ,,5\n".encode(), ",", 4, [0, 2])
    assert found is not None
    numbers, cells = found
    assert np.array_equal(numbers, [[1.5, 2], [np.nan, -3], [4, 5]], equal_nan=True)
    assert cells == [["a", "7", ""], ["größe", "1e5", ""]]
    assert parse(b"a,1.5\nb,c\n", ",", 2, [0]) is None
    assert parse(b'"a",1.5\n', ",", 2, [0]) is None
    digits = parse(b"1,2\n3,4\n", ",", 2, [0])
    assert digits is not None
    assert (digits[0].tolist(), digits[1]) == ([[2], [4]], [["1", "3"]])
    assert parse(b'"a,b",1.5\n', ",", 2, [0]) is None


def test_a_blank_line_is_no_gap() -> None:
    assert parsed("1\n\n2\n", 1) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1", 1.0), (" -2.5e3 ", -2500.0), ("inf", math.inf), ("-Infinity", -math.inf), ("1e999", math.inf)],
)
def test_a_cell_that_is_a_number(cell: str, expected: float) -> None:
    assert number(cell) == expected


@pytest.mark.parametrize(
    "cell",
    ["", " ", "NA", "n/a", "NaN", "null", "NULL", "?", "None", "<NA>", "#N/A", "#NA", "NaT", "-", "--"],
)
def test_a_cell_without_a_value(cell: str) -> None:
    assert math.isnan(number(cell) or 0)


@pytest.mark.parametrize("cell", ["a", "1_000", "٣", "1,5", "0x1", "+", "1 2", "---", "-nan", "1e"])
def test_a_cell_that_is_something_else(cell: str) -> None:
    assert number(cell) is None


def test_decimal_commas_where_commas_delimit_nothing() -> None:
    found = parse(b"10,3;x, y;-1,25e2\n10;z;,5\n", ";", 3, [1])
    assert found is not None
    assert found[0].tolist() == [[10.3, -125], [10, 0.5]]
    assert found[1] == [["x, y", "z"]]
    assert number("10,3", comma=True) == 10.3
    assert number("1,234,567", comma=True) is None
    assert parse(b"1.234,5;1\n", ";", 2) is None
