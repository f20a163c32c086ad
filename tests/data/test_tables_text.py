"""From bytes to columns: delimiters, headers, quotation marks, line ends, and one clear line for the rest."""

import csv
import gzip
import io
import os
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.table_files import write
from glassnet.data import columns, text
from glassnet.data.columns import Table, Texts
from glassnet.data.encoding import Encoding, Feature
from glassnet.data.numerals import MISSING


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def shown(table: Table) -> dict[str, list]:
    return {
        name: [None if code < 0 else column.distinct[code] for code in column.codes]
        if isinstance(column := table[name], Texts)
        else [None if np.isnan(v) else v for v in column.astype(float).tolist()]
        for name in table.names
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_delimiters_line_ends_and_byte_order_marks(newline: str, delimiter: str, encoding: str) -> None:
    lines = [delimiter.join(row) for row in (["a", "größe", "c"], ["1", "2.5", "x"], ["-3", "1e3", "y"])]
    path = write("t.csv", *lines, newline=newline, encoding=encoding)
    expected = {"a": [1.0, -3.0], "größe": [2.5, 1000.0], "c": ["x", "y"]}
    assert shown(columns.read(path)) == expected
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert shown(columns.read(path)) == expected


def test_numbers_alone_are_read_alike_with_any_line_end() -> None:
    lines = ["a,b", "1,2.5", "-3,1e3", "+4,.5", "5.,", "", ""]
    for newline in ("\n", "\r\n", "\r"):
        table = columns.read(write("t.csv", *lines, newline=newline))
        assert shown(table) == {"a": [1, -3, 4, 5], "b": [2.5, 1000, 0.5, None]}
        assert table.lines.tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize("quote", ["", '"'])
def test_numbers_beside_texts_are_bytes_only_if_they_fit(quote: str) -> None:
    for smallest, largest, dtype in ((0, 255, "uint8"), (-1, 255, "float64"), (0, 256, "float64")):
        path = write("t.csv", "c,x,y", f"{quote}a{quote},{smallest},1", f"b,{largest},2")
        table = columns.read(path)
        assert table["x"].tolist() == [smallest, largest]
        assert table.numbers.dtype == dtype
        assert table.texts["c"].distinct == ("a", "b")


def test_quotation_marks_hold_delimiters_newlines_and_themselves() -> None:
    path = write("t.csv", 'name, "x, y",n ', '"Doe, J", 1,"5"', '"two', 'lines",2,6', "", '"say ""hi""",3,7')
    table = columns.read(path)
    assert shown(table) == {
        "name": ["Doe, J", "two\nlines", 'say "hi"'],
        "x, y": [1, 2, 3],
        "n": [5, 6, 7],
    }
    assert table.lines.tolist() == [2, 3, 6]


@pytest.mark.parametrize(
    ("lines", "names", "rows"),
    [
        (["a,b", "1,2"], ("a", "b"), 1),
        (["1,2", "3,4"], ("1", "2"), 2),
        (["5.1,3.5,setosa", "4.9,3,setosa"], ("1", "2", "3"), 2),
        (["year,2019,2020", "3,1.5,2.5"], ("year", "2019", "2020"), 1),
        (["0,1,2,3", "7,8,9,10"], ("0", "1", "2", "3"), 1),
        ([",0,1,2,3", "0,7,8,9,10"], ("column 1", "0", "1", "2", "3"), 1),
        (["0,1,1", "1,0,1"], ("1", "2", "3"), 2),
        (["a,,c", "1,2,3"], ("a", "column 2", "c"), 1),
        (["", "", "a,b", "", "1,2"], ("a", "b"), 1),
        (["x", "1", "2"], ("x",), 2),
        (["1", "2"], ("1",), 2),
        (["p,q", "x,y"], ("p", "q"), 1),
        (["0,1,2,3,species", "5.1,3.5,1.4,0.2,setosa"], ("0", "1", "2", "3", "species"), 1),
        ([",0,1,2,3,species", "0,5.1,3.5,1.4,0.2,a"], ("column 1", "0", "1", "2", "3", "species"), 1),
        (["country,2019,2020,2021", "Chad,1,5,2"], ("country", "2019", "2020", "2021"), 1),
        (["country,2019,2020", "Chad,1.5,2.5"], ("country", "2019", "2020"), 1),
        (["2019,2020,2021,2022", "3,1,5,2"], ("2019", "2020", "2021", "2022"), 1),
        (["1,2,red", "4,3,blue", "5,9,red"], ("1", "2", "3"), 3),  # the text is one of the rows' texts
        (["1,2,red", "4,5,blue"], ("1", "2", "3"), 2),  # both rows count up
        (["1,2", "2,4", "3,6"], ("1", "2"), 3),
        (["1,2,0.5,a", "4,3,1.5,b"], ("1", "2", "3", "4"), 2),
        (["1,2,02,a", "4,3,1,b"], ("1", "2", "3", "4"), 2),
    ],
)
def test_a_header_is_told_from_a_row(lines: list[str], names: tuple[str, ...], rows: int) -> None:
    table = columns.read(write("t.csv", *lines))
    assert (table.names, len(table)) == (names, rows)
    assert table.headed == (names != tuple(map(str, range(1, len(names) + 1))))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected a table, got an empty file"),
        (b"\n\n \n", "expected a table, got an empty file"),
        (b"\xef\xbb\xbf", "expected a table, got an empty file"),
        (b"a,b,c\n", "expected rows below the header, got none"),
        (b"a;b;c\n1,2,3\n4,5,6\n", "expected one delimiter, got ';' in the first line and ',' in the next"),
        (b"a,b,c\n1,2,3\n4,5\n", "line 3: expected 3 fields, got 2"),
        (b"a,b,c\n1,2,3\n\n4,5,6,7\n", "line 4: expected 3 fields, got 4"),
        (b"a,b\nx,2\n\ny\n", "line 4: expected 2 fields, got 1"),
        (b"a,b,a\n1,2,3\n", "expected columns of different names, got 'a' in columns 1 and 3"),
        (b"\xff\xfea\x00,\x00", "expected text in UTF-8, got UTF-16; save it as UTF-8"),
        (b"a\x00,\x00b\x00\n\x00", "line 1: expected UTF-8, got a NUL byte"),
        ("a,b\n1,2\n3,größe\n".encode("latin-1"), "line 3: expected UTF-8, got the byte f6: Latin-1 or"),
        (b'""\n""\n', "expected a table, got nothing but quotation marks"),
        (b"sep=:\na:b\n1:2\n", "line 1: expected one of ',', ';', '\\t', '|' as the delimiter, got ':'"),
        (b"sep=;\n", "expected a table, got an empty file"),
        (b"," * 200_000 + b"\n", "expected at most 100,000 columns, got 200,001"),
        (b'"a\nb",a b\n1,2\n', "expected columns of different names, got 'a b' in columns 1 and 2"),
        (b"PK\x03\x04....", "got a ZIP archive or an Excel workbook"),
        (b'a,b\n1,"x\n2,y\n', "line 2: expected fields that are closed by the quotation mark"),
        (b'a,b\n1,"x"y\n', "line 2: expected fields that are closed by the quotation mark"),
        (gzip.compress(b"a,b\n1,2\n" * 9)[:-9], "expected a whole gzip archive: the file is cut off"),
        (gzip.compress(b"a,b\n1,2\n" * 9)[:-8] + b"12345678", "expected a sound gzip archive"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff", "gzip archive"),
    ],
)
def test_what_is_no_table_is_one_clear_line(content: bytes, message: str) -> None:
    path = Path("t.csv")
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"^t\.csv: ") as caught:
        columns.read(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        columns.read("nowhere.csv")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("before", [b"", b"a,b\n1,2\n"])
def test_a_vast_line_is_refused_without_reading_on(packed: bool, before: bytes) -> None:
    path = Path("vast.csv")
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        file.write(before)
        for _ in range(60):
            file.write(b"7" * (1 << 20))
    tracemalloc.start()
    with pytest.raises(ValueError, match=rf"line {1 + before.count(10)}: expected a line of at most 16 MB"):
        columns.read(path)
    assert tracemalloc.get_traced_memory()[1] < 45 << 20
    tracemalloc.stop()


def test_memory_stays_within_a_few_times_the_arrays() -> None:
    path = write("t.csv", "a,b,c", *(["1.25,22.5,-3.125"] * 60_000))
    tracemalloc.start()
    table = columns.read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.numbers.nbytes == 60_000 * 3 * 8
    assert peak < 3 * table.numbers.nbytes + 60 * text.BLOCK


def test_a_column_that_turns_out_to_be_text_late_is_text_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(columns, "_CELLS", 10)
    lines = [f"{k},{k}.50,c" for k in range(40)]
    lines[20] = "20,A7,c"
    lines[30] = "thirty,30,c"
    table = columns.read(write("t.csv", "x,y,z", *lines))
    assert list(table.texts) == ["x", "y", "z"]
    found = shown(table)
    assert found["x"][:2] == ["0", "1"]
    assert found["y"][19:22] == ["19.50", "A7", "21.50"]


@pytest.mark.parametrize("size", [7, 16, 64])
def test_blocks_of_any_size_give_the_same_table(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.random.default_rng(0).normal(size=(50, 3)).round(4)
    content = "a,b,c\r\n" + "".join(f"{x},{y},{z}\r\n" for x, y, z in numbers.tolist())
    Path("t.csv").write_bytes(content.encode())
    Path("u.csv").write_bytes(content.replace("a,b,c", "a,b,ü").replace("\r\n", ",é\r\n").encode())
    monkeypatch.setattr(text, "BLOCK", size)
    assert np.array_equal(columns.read("t.csv").numbers, numbers)
    assert np.array_equal(columns.read("u.csv").numbers, numbers)


def test_a_byte_that_is_no_text_is_found_in_any_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "BLOCK", 16)
    Path("t.csv").write_bytes(b"a,b\n" + b"1,2\n" * 50 + b"3,\xe4\n")
    with pytest.raises(ValueError, match=r"line 52: expected UTF-8, got the byte e4"):
        columns.read("t.csv")


PLAIN = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(-1e6, 1e6).map(repr),
    st.sampled_from(["", "NA", "7", "255", "red", "größe", "1e5", " x ", "A7", "-", "Ee", "1-2"]),
)


@example([["0", "0"], ["0", "-"]])
@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(PLAIN, min_size=n, max_size=n), min_size=2)))
def test_the_fast_way_and_the_careful_way_agree(cells: list[list[str]]) -> None:
    names = [f"name {k}" for k in range(len(cells[0]))]
    cells = [row for row in cells if any(map(str.strip, row))]
    path = write("t.csv", *(",".join(row) for row in [names, *cells, [f"{k}.5" for k in range(len(names))]]))
    layout = text.layout(path)
    fast, careful = columns._plain(path, layout), columns._any_columns(path, layout)
    if fast is not None:
        found, expected = shown(fast), shown(careful)
        assert list(fast.texts) == list(careful.texts)
        for name in names:
            for a, b in zip(found[name], expected[name], strict=True):
                assert a == (pytest.approx(b, rel=3e-16, abs=0) if isinstance(b, float) else b)
        assert fast.lines.tolist() == careful.lines.tolist()


CELLS = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.floats(-1e6, 1e6).map(lambda v: f"{v:.6g}"),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6),
    st.sampled_from(["", "NA", "?", "true", 'a "b"', "x,y", "1_000", "٣", "inf", "1e5", " 7 "]),
)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1)))
def test_what_csv_writes_is_read_back(cells: list[list[str]]) -> None:
    names = [f"name {k}" for k in range(len(cells[0]))]
    content = io.StringIO()
    csv.writer(content, quoting=csv.QUOTE_ALL).writerows([names, *cells])
    Path("t.csv").write_bytes(content.getvalue().encode())
    found = shown(columns.read("t.csv"))
    assert list(found) == names
    for name, column in zip(names, zip(*cells)):
        for cell, value in zip(column, found[name]):
            cell = cell.replace("\r\n", "\n").strip()
            if cell.lower() in MISSING:
                assert value is None
            elif isinstance(value, float):
                assert value == float(cell)
            else:
                assert value == cell


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["1,25;0,33;-1,20;1", "2;0,5;3,25;0"],
            {"1": [1.25, 2], "2": [0.33, 0.5], "3": [-1.2, 3.25], "4": [1, 0]},
        ),
        (["Länge, cm;Breite, cm;Art", "1,5;2,5;a"], {"Länge, cm": [1.5], "Breite, cm": [2.5], "Art": ["a"]}),
        (["a,b;c", "1,5;2", "2;3"], {"a,b": [1.5, 2], "c": [2, 3]}),
        (["name\tx", "Doe, J\t1,5", "Roe, K\t2"], {"name": ["Doe, J", "Roe, K"], "x": [1.5, 2]}),
        (['x;"n"', '10,3;"a;b"', "10;c"], {"x": [10.3, 10], "n": ["a;b", "c"]}),
        (["sep=;", "a;b", "1,5;2"], {"a": [1.5], "b": [2]}),
        (["sep=;", "a;b", '"1,5";x'], {"a": [1.5], "b": ["x"]}),
        (['"sep=;"', "a;b", "1,5;2"], {"a": [1.5], "b": [2]}),
        (["sep=|", "1|2", "3|x"], {"1": [1, 3], "2": ["2", "x"]}),
        (["a,b", "1|2,3", "4|5,6"], {"a": ["1|2", "4|5"], "b": [3, 6]}),
    ],
)
def test_commas_may_be_decimal_commas_or_stand_in_texts(lines: list[str], expected: dict) -> None:
    path = write("t.csv", *lines)
    table = columns.read(path)
    assert shown(table) == expected
    layout = text.layout(path)
    assert shown(columns._any_columns(path, layout)) == expected
    first = lines.index(next(line for line in lines if "sep=" not in line)) + 1
    assert table.lines[0] == first + table.headed


def test_a_text_of_the_first_line_is_no_name_unless_that_is_the_header() -> None:
    table = columns.read(write("t.csv", "1.5,2,species", "2.5,7,a"))
    with pytest.raises(
        ValueError, match="unknown label 'species': the first line, which has it, was taken as a"
    ):
        table.find("species", "label")


def test_columns_may_be_taken_as_they_are_written() -> None:
    path = write("t.csv", "id,deck,x", "000000,01,01", "9999999999999999999,2,02")
    table = columns.read(path, lambda names, headed: ["id", "deck", "other"])
    assert shown(table) == {"id": ["000000", "9999999999999999999"], "deck": ["01", "2"], "x": [1, 2]}


def test_a_folder_is_no_table() -> None:
    with pytest.raises(ValueError, match="expected a file, got a folder"):
        columns.read(".")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
def test_a_pipe_is_no_table() -> None:
    os.mkfifo("pipe.csv")
    with pytest.raises(ValueError, match="expected a file, got a pipe or a device"):
        columns.read("pipe.csv")


def test_of_many_columns_a_message_shows_a_few() -> None:
    names = [f"n{k}" for k in range(40)]
    table = columns.read(write("t.csv", ",".join(names), ",".join("1" * 40)))
    with pytest.raises(
        ValueError, match=r"did you mean 'n33'\? known: n0, n1, n2, n3, n4, n5, …, n39 \(40 in all\)$"
    ):
        table.find("nn33")


def test_a_wide_table_is_no_square_of_work() -> None:
    table = columns.read(write("t.csv", ",".join(f"name {k}" for k in range(20_000)), ",".join("1" * 20_000)))
    encoding = Encoding(tuple(map(Feature, table.names)))
    compared = 0

    class Name(str):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    wide = replace(table, names=tuple(map(Name, table.names)))
    assert encoding.encode(wide).shape == (1, 20_000)
    assert compared < 1_000_000
