"""A large table is parsed once; whatever is wrong with what was kept, it is parsed again."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data.table_files import write
from glassnet.data import cache, columns, text


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cache, "SMALLEST", 100)
    return tmp_path / "cache" / "tables"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    count = 0
    layout = text.layout

    def counted(path: Path) -> text.Layout:
        nonlocal count
        count += 1
        return layout(path)

    monkeypatch.setattr(text, "layout", counted)
    return lambda: count


def table(path: str = "t.csv", first: str = "1.5") -> Path:
    return write(
        path, "x,color,y", f"{first},red,1", *[f"{k},{('red', 'blue', '')[k % 3]},3" for k in range(99)]
    )


def same(a: columns.Table, b: columns.Table) -> bool:
    texts = all(
        a.texts[n].distinct == b.texts[n].distinct and np.array_equal(a.texts[n].codes, b.texts[n].codes)
        for n in a.texts
    )
    return (
        (a.path, a.names, a.headed, set(a.texts)) == (b.path, b.names, b.headed, set(b.texts))
        and np.array_equal(a.numbers, b.numbers)
        and a.numbers.dtype == b.numbers.dtype
        and np.array_equal(a.lines, b.lines)
        and texts
    )


def test_a_second_load_parses_nothing(parses: Callable[[], int], home: Path) -> None:
    path = table()
    first = columns.read(path)
    second = columns.read(path)
    assert parses() == 1
    assert same(first, second)
    assert list(second.texts) == ["color"]
    assert len(list(home.iterdir())) == 1


def test_the_same_file_by_another_path_is_the_same_file(parses: Callable[[], int], tmp_path: Path) -> None:
    columns.read(table())
    assert columns.read(tmp_path / "t.csv").path == str(tmp_path / "t.csv")
    assert parses() == 1


def test_a_changed_file_is_read_again(parses: Callable[[], int], home: Path) -> None:
    path = table()
    columns.read(path)
    before = path.stat()
    table(first="2.5")  # as many bytes
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    assert columns.read(path)["x"][0] == 2.5
    assert parses() == 2
    assert len(list(home.iterdir())) == 1  # what was kept of the older file is gone


def test_another_version_of_the_reader_reads_again(
    parses: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table()
    columns.read(path)
    monkeypatch.setattr(columns, "READER", columns.READER + 1)
    columns.read(path)
    assert parses() == 2


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    parses: Callable[[], int], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table()
    blocks = text.blocks

    def changing(where: Path):
        yield from blocks(where)
        os.utime(where, ns=(0, where.stat().st_mtime_ns + 1_000_000))

    monkeypatch.setattr(text, "blocks", changing)
    columns.read(path)
    assert not home.exists()


def test_small_files_are_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SMALLEST", 1 << 20)
    columns.read(table())
    assert not home.exists()


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "garbage", "other", "folder"])
def test_a_damaged_entry_is_no_error(damage: str, parses: Callable[[], int], home: Path) -> None:
    path = table()
    first = columns.read(path)
    (kept,) = home.iterdir()
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 0xFF
    if damage == "folder":
        kept.unlink()
        kept.mkdir()
    elif damage == "other":
        with kept.open("wb") as file:
            np.savez(file, about=np.zeros(3), numbers=np.zeros(3))
    else:
        kept.write_bytes(
            {"cut": content[:-30], "flipped": content, "empty": b"", "garbage": b"PK\x03\x04garbage"}[damage]
        )
    assert same(columns.read(path), first)
    assert parses() == 2
    assert same(columns.read(path), first)
    assert parses() == (3 if damage == "folder" else 2)


def test_a_cache_that_cannot_be_written_is_no_error(parses: Callable[[], int], home: Path) -> None:
    home.parent.mkdir()
    home.write_bytes(b"a file where the folder should be")
    columns.read(table())
    columns.read(table())
    assert parses() == 2


def test_what_was_used_longest_ago_goes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {}
    for k, name in enumerate("abc"):
        columns.read(table(f"{name}.csv"))
        (names[name],) = set(home.iterdir()) - set(names.values())
        os.utime(names[name], (k, k))
    columns.read("a.csv")  # now the last one used
    size = names["a"].stat().st_size
    monkeypatch.setattr(cache, "LARGEST", 3 * size)
    columns.read(table("d.csv"))
    left = set(home.iterdir())
    assert names["a"] in left
    assert names["b"] not in left
    assert sum(file.stat().st_size for file in left) <= 3 * size


def test_a_table_too_large_for_the_cache_is_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST", 1000)
    assert len(columns.read(table())) == 100
    assert not home.exists()


def test_two_files_of_one_size_and_time_that_change_places_are_read_again(parses: Callable[[], int]) -> None:
    a, b = table("a.csv"), table("b.csv", "2.5")
    for path in (a, b):
        os.utime(path, ns=(1, 1_700_000_000_000_000_000))
        columns.read(path)
    a.rename("c.csv")
    b.rename("a.csv")
    Path("c.csv").rename("b.csv")
    assert columns.read("a.csv")["x"][0] == 2.5
    assert columns.read("b.csv")["x"][0] == 1.5


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_what_is_kept_is_for_its_owner_alone(home: Path) -> None:
    columns.read(table())
    assert home.stat().st_mode & 0o777 == 0o700


def test_what_was_kept_as_numbers_is_not_taken_for_texts(parses: Callable[[], int]) -> None:
    path = table()
    assert "x" not in columns.read(path).texts
    for _ in range(2):
        assert columns.read(path, lambda names, headed: ["x"]).texts["x"].distinct[:2] == ("0", "1")
    assert "x" not in columns.read(path).texts
