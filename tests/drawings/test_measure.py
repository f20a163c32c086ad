"""How drawings are measured, the table that is made of it, and what the shipped model reaches."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from drawings import measure, sheet, table
from drawings.effects import KINDS
from drawings.measure import NONDIGITS, OSZ, WRITERS, Answer, Drawing
from glassnet import files
from glassnet.reading import Reader
from glassnet.runs import find_model


def test_each_digit_and_writer_is_measured_equally_often_in_every_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measure, "picture", lambda kind, drawn, generator: kind)  # rendering takes seconds
    drawn = list(measure.digits(10, seed=2))
    seen = {(d.kind, d.by, d.digit) for d in drawn}
    assert len(drawn) == len(seen) == len(KINDS) * 2 * 10
    with pytest.raises(ValueError, match="multiple of 10"):
        next(measure.digits(15, seed=2))


def test_every_kind_of_nondigit_is_drawn_and_repeats_with_its_seed() -> None:
    one, other, another = (list(measure.nondigits(2, seed)) for seed in (1, 1, 2))
    assert [d.kind for d in one] == [kind for kind in NONDIGITS for _ in range(2)]
    assert set(table.REFUSED) <= set(NONDIGITS)
    assert all(d.digit is None and d.picture.dtype == np.uint8 for d in one)
    assert all(np.array_equal(a.picture, b.picture) for a, b in zip(one, other, strict=True))
    assert sum(not np.array_equal(a.picture, b.picture) for a, b in zip(one, another, strict=True)) >= 10


def reader_of(*names: str | None) -> Any:
    """A stand-in that finds a thing for each name in any picture, and holds 3 most probable of each."""
    one = np.eye(10)[3]
    found = [SimpleNamespace(name=name, probabilities=one, said=name or "refused") for name in names]
    return SimpleNamespace(read=lambda picture, several: found, classes=[str(k) for k in range(10)])


def asked(digit: int | None, *names: str | None) -> Answer:
    drawing = Drawing("plain", "first", digit, np.zeros((30, 30), np.uint8))
    (answer,) = measure.answers(reader_of(*names), [drawing])
    return answer


def test_an_answer_is_right_refused_or_wrong() -> None:
    right, refused, wrong = asked(3, "3"), asked(3, None), asked(4, "3")
    assert (right.named, right.right, right.refused, right.wrong) == (True, True, False, False)
    assert (refused.named, refused.right, refused.refused, refused.wrong) == (True, False, True, False)
    assert (wrong.named, wrong.right, wrong.refused, wrong.wrong) == (False, False, False, True)


def test_a_digit_taken_for_two_things_is_never_right() -> None:
    assert asked(3, "3", None).wrong
    assert asked(3, "3", "3").wrong
    assert asked(3, None, None).refused


def test_a_nondigit_is_refused_only_if_nothing_in_it_is_named() -> None:
    assert asked(None, None, None).refused
    assert asked(None, None, "3").wrong
    assert not asked(None, "3").right


def measured() -> list[Answer]:
    """Of 8 digits 6 are right, 1 refused, 1 wrong; of 4 blanks 3 refused; of 4 of MNIST 3 right."""
    blank = np.zeros((30, 30), np.uint8)
    said = [("plain", by, 3, given) for by in WRITERS for given in ("3", "3", "3")]
    said += [("plain", "first", 3, None), ("plain", "second", 3, "8")]
    said += [("blank", "second", None, given) for given in (None, None, None, "3")]
    said += [(table.MNIST, "people", 3, given) for given in ("3", "3", "3", None)]
    return [Answer(Drawing(kind, by, k, blank), given or "3", given, "said") for kind, by, k, given in said]


def test_rows_count_each_kind_and_writer_and_all_of_them() -> None:
    rows = {(row.kind, row.by): row for row in table.rows(measured())}
    assert rows["plain", "first"][2:] == (4, 4, 3, 1, 0)
    assert rows["plain", "second"][2:] == (4, 3, 3, 0, 1)
    assert rows[table.ALL, "both"][2:] == (8, 7, 6, 1, 1)
    assert rows["blank", table.NONE][2:] == (4, 0, 0, 3, 1)
    assert rows[table.MNIST, "people"][2:] == (4, 4, 3, 1, 0)
    assert len(rows) == 7


def test_targets_are_told_with_what_was_reached() -> None:
    told = [str(target) for target in table.targets(table.rows(measured()))]
    assert told == [
        "all digits drawn, named and not refused: 75.0%, expected at least 93%: DOES NOT HOLD",
        "blank, refused: 75.0%, expected at least 100%: DOES NOT HOLD",
        "MNIST's test digits, refused: 25.0%, expected at most 2%: DOES NOT HOLD",
    ]


def test_the_table_is_the_same_in_each_format() -> None:
    rows = table.rows(measured())
    plain, marked, told = (write(rows) for write in table.FORMATS.values())
    cells = [" ".join(line.split()) for line in plain.splitlines()]
    assert "plain second 4 75.0% 75.0% 0.0% 25.0% 30.1% to 95.4% right" in cells
    assert "| plain | second | 4 | 75.0% | 75.0% | 0.0% | 25.0% | 30.1% to 95.4% right |" in marked
    assert {"kind": "plain", "by": "second", "right": 3}.items() <= json.loads(told)["rows"][1].items()
    assert [target["holds"] for target in json.loads(told)["targets"]] == [False, False, False]


def test_contact_sheets_show_every_drawing_and_again_what_was_not_right(tmp_path: Path) -> None:
    written = sheet.sheets(measured(), tmp_path / "sheets")
    names = [path.name for path in written]
    assert names == ["digits-not-right.png", "plain-first.png", "plain-second.png", "blank-second.png"]
    with Image.open(written[1]) as picture_:
        assert picture_.size == (sheet.COLUMNS * sheet.CELL, sheet.CELL + sheet.CAPTION)
        colours = [picture_.getpixel((i * sheet.CELL + 1, 1)) for i in range(5)]
    assert len(set(colours[:3])) == 1
    assert len(set(colours)) == 3  # green, yellow, and empty


@pytest.fixture(scope="module")
def shipped() -> list[table.Row]:
    """The table as `python -m drawings` makes it."""
    reader = Reader(*files.read(find_model("drawing")))
    drawings = [measure.digits(30, 0), measure.nondigits(300, 0), measure.mnist(10_000)]
    return table.rows(answer for part in drawings for answer in measure.answers(reader, part))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", [table.ALL, *table.REFUSED, table.MNIST])
def test_the_shipped_model_reads_drawings_as_promised(kind: str, shipped: list[table.Row]) -> None:
    (target,) = [target for target in table.targets(shipped) if target.row.kind == kind]
    assert target.row.n >= {table.ALL: 500, table.MNIST: 10_000}.get(kind, 300)
    assert target.holds, str(target)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_is_only_printed_is_there_too(shipped: list[table.Row]) -> None:
    assert {OSZ, "two digits"} <= {row.kind for row in shipped}
    halves = [row.n for row in shipped if row.kind == table.ALL and row.by != "both"]
    assert halves == [300, 300]
