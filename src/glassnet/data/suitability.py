"""Which columns of a table a network can learn from, and what to do about the others."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.columns import Table, Texts, as_texts, missing
from glassnet.data.numerals import number

Array = NDArray[Any]

MOST_CATEGORIES = 50
FEW_ROWS = 10  # too few to tell an identifier by its values
LARGEST = 1e30  # what a standardized float32 bears
SMALLEST_SPREAD = 1e-30
SHOWN = 8  # names in a message

_NAMED_ID = re.compile(r"(^|[\s_.-])(id|uuid|guid)$", re.IGNORECASE)
_CAMEL_ID = re.compile(r"[a-z0-9](Id|ID)$")
_COMMA = re.compile(r"[+-]?\d+(,\d+)+(\.\d*)?", re.ASCII)
_MOST = 0.8  # a share of numbers among the cells above which the others are mistakes


def check(table: Table, fill: str | None = None) -> None:
    """Raise ValueError, naming all at once, for columns that identify rows, and for gaps without `fill`.

    So it does for a column that was meant to be numbers (`check_cells`). An identifier is a column with an
    identifier's name and mostly distinct values, a first column that counts the rows from 0 or 1, or one with
    too many different texts. Distinct numbers alone are no sign of one, and a table's only column is none.
    """
    if not table.names:
        raise ValueError(f"{table.path}: expected columns to learn from, got the label alone")
    for name in table.texts:
        check_cells(table, name)
    found = {name: reason for name in table.names if (reason := identifier(table, name))}
    if found and len(table.names) > 1:
        reasons = shortened_list([f"{name!r} ({reason})" for name, reason in found.items()])
        raise ValueError(
            f"{table.path}: expected columns that say something about new rows, got {reasons};"
            f" leave out with --drop {shell(found, table)}"
        )
    gaps = {name: count for name in table.names if (count := np.count_nonzero(missing(table[name])))}
    if gaps and fill is None:
        counts = shortened_list([f"{name!r} ({count:,})" for name, count in gaps.items()])
        plural = "s" if sum(gaps.values()) > 1 else ""
        raise ValueError(
            f"{table.path}: expected no missing values, got {sum(gaps.values()):,} missing value{plural} in"
            f" {counts}; --drop {shell(gaps, table)} or --fill median"
        )


def identifier(table: Table, name: str) -> str | None:
    """Return in words what makes this column one that identifies rows, None if nothing does."""
    column, rows = table[name], len(table)
    most = MOST_CATEGORIES if rows <= FEW_ROWS else min(MOST_CATEGORIES, max(FEW_ROWS, rows // 2))
    if isinstance(column, Texts) and len(column.distinct) > most:
        return f"{len(column.distinct):,} different texts"
    if named_id(name):
        distinct = len(as_texts(column).distinct)
        whole = isinstance(column, Texts) or bool((column == np.rint(column)).all())
        return "an identifier" if whole and distinct > rows / 2 and distinct > 2 else None
    if not isinstance(column, Texts) and name == table.names[0] and rows > FEW_ROWS:
        first = column.min()
        if first in (0, 1) and np.array_equal(np.sort(column), np.arange(first, first + rows)):
            return "row numbers"
    return None


def named_id(name: str) -> bool:
    """Tell whether a column is called as one that identifies rows: `id`, `user_id`, `PassengerId`."""
    return bool(_NAMED_ID.search(name) or _CAMEL_ID.search(name))


def identity(table: Table, names: Sequence[str]) -> str | None:
    """Return which of these columns tells the rows apart, one named as an identifier first; None without."""
    found = [name for name in names if identifier(table, name)]
    return next(iter([*filter(named_id, found), *found]), None)


def check_cells(table: Table, name: str) -> None:
    """Raise ValueError for a column of texts most of which are numbers, with the line of one that is none.

    And for one of numbers alone some of which have commas, decimal ones or between thousands.
    """
    column = table[name]
    if not isinstance(column, Texts) or not (column.codes >= 0).any():
        return
    with_comma = np.array([bool(_COMMA.fullmatch(text)) for text in column.distinct])
    strange = ~with_comma & np.array([number(text) is None for text in column.distinct])
    cells = np.bincount(column.codes[column.codes >= 0], minlength=len(strange))
    if strange.any():
        if cells[strange].sum() > (1 - _MOST) * cells.sum():
            return
    elif not with_comma.any():
        return
    rows = (strange if strange.any() else with_comma)[column.codes] & (column.codes >= 0)
    got = column.distinct[column.codes[rows.argmax()]]
    if strange.any():
        raise ValueError(f"{table.where(name, rows)}: expected a number, as in most rows, got {got!r}")
    raise ValueError(
        f"{table.where(name, rows)}: expected numbers with a decimal point and nothing between thousands,"
        f" got {got!r} with a comma; save the table so"
    )


def numbers(table: Table, names: Sequence[str]) -> NDArray[np.float64]:
    """Return columns of numbers (N, names), a copy, NaN where one is missing.

    Raises ValueError, with the line, for text, infinity, and numbers beyond LARGEST.
    """
    for name in names:
        if name in table.texts:
            codes, distinct = table.texts[name]
            strange = [code for code, text in enumerate(distinct) if number(text) is None]
            rows = np.isin(codes, strange)
            raise ValueError(
                f"{table.where(name, rows)}: expected a number, got {distinct[codes[rows.argmax()]]!r}"
            )
    values = table.among_numbers(names).astype(np.float64)
    large = (values > LARGEST) | (values < -LARGEST)
    if large.any():
        column = int(large.any(axis=0).argmax())
        got = values[large[:, column], column][0]
        expected = "a finite number" if np.isinf(got) else f"a number of at most {LARGEST:g}"
        raise ValueError(f"{table.where(names[column], large[:, column])}: expected {expected}, got {got:g}")
    return values


def listed(names: Iterable[str]) -> str:
    """Return the names with commas between them, of very many the first."""
    return shortened_list(list(map(repr, names)))


def shortened_list(items: Sequence[str]) -> str:
    """Return the items with commas between them, of very many the first."""
    return ", ".join(items[:SHOWN]) + (f", … ({len(items):,} in all)" if len(items) > SHOWN else "")


def shell(names: Iterable[str], table: Table | None = None) -> str:
    """Return the names as they are written behind a flag; of one with a comma the column's number."""
    places = {} if table is None else {name: str(place) for place, name in enumerate(table.of_file, 1)}
    text = ",".join(places.get(name, name) if "," in name else name for name in names)
    return f'"{text}"' if re.search(r"[^\w,.=+-]", text) else text
