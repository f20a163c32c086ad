"""A CSV file as columns: numbers, or texts of which each distinct one is kept once."""

import json
import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from os import PathLike
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.data import cache, text
from glassnet.data.numerals import MISSING, number, parse
from glassnet.data.text import Layout
from glassnet.nn.names import unknown

Array = NDArray[Any]

READER = 2  # the version of what is read out of a file: a cached table of another is read anew
_CELLS = 300_000  # held as texts at a time
_SHOWN = 8  # names in a message
_AT_ONCE = 2  # blocks of a file parsed at a time
_PLAIN = frozenset("0123456789+-.eE")


class Texts(NamedTuple):
    """A column of texts: the distinct ones in order, and for each row which of them, -1 if it is missing."""

    codes: NDArray[np.int32]
    distinct: tuple[str, ...]


Column = Array | Texts
Parsed = tuple[Array, list[list[str]]]


@dataclass(frozen=True)
class Table:
    """A table: `names` are its columns in the order of the file, each either numbers or texts.

    `numbers` (N, P), uint8 or float64, NaN where missing, are the columns that are not in `texts`, in order.
    `lines` (N,) says on which line of the file each row begins, `headed` whether the names were in the file,
    `of_file` what all of its columns are called.
    """

    path: str
    names: tuple[str, ...]
    numbers: Array
    texts: dict[str, Texts]
    lines: NDArray[np.int64]
    headed: bool
    of_file: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lines)

    def __getitem__(self, name: str) -> Column:
        """Return a column: its numbers (N,), a view, or its texts."""
        if name in self.texts:
            return self.texts[name]
        numbers: Array = self.numbers[:, self.places[name]]
        return numbers

    @cached_property
    def known(self) -> frozenset[str]:
        """The names, to look one up in."""
        return frozenset(self.names)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where in `numbers` each column of numbers stands."""
        numeric = (name for name in self.names if name not in self.texts)
        return {name: place for place, name in enumerate(numeric)}

    def find(self, column: str | int, what: str = "column") -> str:
        """Return the name of the column so called, or else with this number, 1 the first and -1 the last.

        Raises ValueError with the nearest name if there is none.
        """
        name = str(column)
        if name in self.known:
            return name
        place = int(name) if re.fullmatch(r"-?\d{1,9}", name, re.ASCII) else 0
        if 1 <= abs(place) <= len(self.names):
            return self.names[place - 1 if place > 0 else place]
        in_first = (t.distinct[t.codes[0]] for t in self.texts.values() if len(t.codes) and t.codes[0] >= 0)
        if not self.headed and name in in_first:
            raise ValueError(
                f"{self.path}: unknown {what} {name!r}: the first line, which has it, was taken as a row,"
                " since there are numbers in it; give the columns other names, or say the column's number"
            )
        near = unknown(what, name, self.names).partition(" known: ")[0]
        raise ValueError(f"{self.path}: {near} known: {', '.join(shortened(self.names))}")

    def without(self, names: Collection[str]) -> "Table":
        """Return the table without some of its columns."""
        if not names:
            return self
        left_out = frozenset(names)
        kept = tuple(name for name in self.names if name not in left_out)
        texts = {name: column for name, column in self.texts.items() if name not in left_out}
        return replace(self, names=kept, numbers=self.among_numbers(kept), texts=texts)

    def among_numbers(self, names: Collection[str]) -> Array:
        """Return these of the columns, as far as they are numbers, (N, …); a view if they stand in a row."""
        places = [self.places[name] for name in names if name in self.places]
        in_a_row = places and places == list(range(places[0], places[-1] + 1))
        found: Array = self.numbers[:, slice(places[0], places[-1] + 1) if in_a_row else places]
        return found

    def renamed(self, names: Sequence[str]) -> "Table":
        """Return the table with other names for its columns, in the same order."""
        new = dict(zip(self.names, names))
        texts = {new[name]: column for name, column in self.texts.items()}
        return replace(self, names=tuple(names), texts=texts)

    def where(self, name: str, rows: Array) -> str:
        """Return in words where the first of these rows, a mask (N,), has this column."""
        return f"{self.path}: line {self.lines[np.flatnonzero(rows)[0]]}: column {name!r}"


def shortened(names: Sequence[str]) -> Sequence[str]:
    """Return the names, or of very many the first few, the last, and how many there are."""
    if len(names) <= _SHOWN + 1:
        return names
    return (*names[: _SHOWN - 2], "…", f"{names[-1]} ({len(names):,} in all)")


def missing(column: Column) -> NDArray[np.bool_]:
    """Tell for each row whether its value is missing."""
    if isinstance(column, Texts):
        return column.codes < 0
    return np.isnan(column) if column.dtype.kind == "f" else np.zeros(len(column), bool)


def as_texts(column: Column) -> Texts:
    """Return the column as texts, numbers in their order: whole ones without a point."""
    if isinstance(column, Texts):
        return column
    known = ~missing(column)
    distinct, places = np.unique(column[known], return_inverse=True)
    codes = np.full(len(column), -1, np.int32)
    codes[known] = places
    return Texts(codes, tuple(str(int(v)) if v == np.rint(v) else str(float(v)) for v in distinct))


def read(
    path: str | PathLike[str], as_written: Callable[[tuple[str, ...], bool], Collection[str]] | None = None
) -> Table:
    """Read a table, out of the cache if this very file has been read before.

    `as_written` says, given the names and whether they were in the file, which columns are texts even if they
    hold numbers alone. Raises ValueError, with the line, for what is no table: see `text.blocks` and
    `text.layout`, and lines of another number of fields; OSError if the file cannot be read.
    """
    path = Path(path)
    check_file(path)
    layout = None if as_written is None else text.layout(path)
    own = set() if as_written is None or layout is None else set(as_written(layout.names, layout.headed))
    version = (READER, *sorted(own))
    entry = cache.entry(path, version)
    table = cache.recall(entry, lambda arrays: _unpacked(path, arrays))
    if table is None:
        layout = layout or text.layout(path)
        texts = {place for place, name in enumerate(layout.names) if name in own}
        table = _plain(path, layout, texts) or _any_columns(path, layout, texts)
        if entry == cache.entry(path, version):  # the file is still the one that was looked at
            cache.keep(entry, _packed(table))
    return table


def check_file(path: Path) -> None:
    """Raise ValueError for what cannot be read twice, such as /dev/stdin, OSError for what is not there."""
    if not S_ISREG(path.stat().st_mode):
        got = "a folder" if path.is_dir() else "a pipe or a device; save what it gives"
        raise ValueError(f"{path}: expected a file, got {got}")


def _packed(table: Table) -> dict[str, Array]:
    distinct = {name: column.distinct for name, column in table.texts.items()}
    about = json.dumps({"names": table.names, "headed": table.headed, "texts": distinct})
    codes = [column.codes for column in table.texts.values()]
    return {
        "about": np.frombuffer(about.encode("utf-8"), np.uint8),
        "numbers": table.numbers,
        "codes": np.array(codes, np.int32).reshape(len(codes), len(table)),
        "lines": table.lines,
    }


def _unpacked(path: Path, arrays: Mapping[str, Array]) -> Table:
    about = json.loads(arrays["about"].tobytes())
    texts = {
        name: Texts(codes, tuple(distinct))
        for (name, distinct), codes in zip(about["texts"].items(), arrays["codes"])
    }
    names = tuple(about["names"])
    return Table(str(path), names, arrays["numbers"], texts, arrays["lines"], about["headed"], names)


def _plain(path: Path, layout: Layout, own: Collection[int] = ()) -> Table | None:
    """The table, if its texts are `own` and where the first row has some, and nothing is unusual."""
    texts = [
        place
        for place, field in enumerate(layout.first)
        if place in own or number(field, comma=layout.comma) is None
    ]
    numberings: list[dict[str, int]] = [{} for _ in texts]
    parts: list[Array] = []
    codes: list[list[Array]] = [[] for _ in texts]
    for part in _parsed(path, layout, texts):
        if part is None:
            return None
        parts.append(_narrow(part[0]) if texts else part[0])
        for found, cells, numbering in zip(codes, part[1], numberings):
            found.append(_codes(cells, numbering))
    numbers = np.concatenate(parts)
    columns = {
        layout.names[place]: _in_order(np.concatenate(found), numbering)
        for place, found, numbering in zip(texts, codes, numberings)
    }
    lines_of_rows = layout.above + 1 + np.arange(len(numbers))
    return Table(str(path), layout.names, numbers, columns, lines_of_rows, layout.headed, layout.names)


def _parsed(path: Path, layout: Layout, texts: Sequence[int]) -> Iterator[Parsed | None]:
    """Parse the blocks of a file, two at a time: NumPy does most of it without holding up other threads."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        ahead: deque[Future[Parsed | None]] = deque()
        for lines in _blocks_of_rows(path, layout):
            ahead.append(pool.submit(parse, lines, layout.delimiter, len(layout.names), texts))
            if len(ahead) > _AT_ONCE:
                yield ahead.popleft().result()
        for part in ahead:
            yield part.result()


def _blocks_of_rows(path: Path, layout: Layout) -> Iterator[bytes]:
    left = layout.above
    for block in text.blocks(path):
        *above, lines = block.split(b"\n", left)
        left -= len(above)
        if lines.endswith(b"\n\n"):  # blank lines, most often at the end of the file
            lines = lines.rstrip(b"\n") + b"\n"
        if len(lines) > 1:
            yield lines


def _any_columns(path: Path, layout: Layout, own: Collection[int] = ()) -> Table:
    """The table, whatever its fields are. If a column turns out late to be text, the file is read again."""
    texts = set(own)
    while (table := _read_through(path, layout, texts)) is None:
        pass
    return table


def _read_through(path: Path, layout: Layout, texts: set[int]) -> Table | None:
    """Read all records, and add to `texts` which columns are text; None if some were taken for numbers."""
    parts: list[list[Array]] = [[] for _ in layout.names]
    numberings: list[dict[str, int]] = [{} for _ in layout.names]
    lines: list[int] = []
    late: set[int] = set()
    for batch in _batches(path, layout):
        for place, cells in enumerate(zip(*(record for _, record in batch))):
            values = None if place in texts else _values(cells, comma=layout.comma)
            if values is None and lines and place not in texts:
                late.add(place)
            elif values is None:
                texts.add(place)
                values = _codes(cells, numberings[place])
            if values is not None and not late:
                parts[place].append(values)
        lines += [line for line, _ in batch]
    texts |= late
    if late:
        return None
    whole = [np.concatenate(part) for part in parts]
    numbers = [column for place, column in enumerate(whole) if place not in texts]
    return Table(
        str(path),
        layout.names,
        np.column_stack(numbers) if numbers else np.empty((len(lines), 0)),
        {layout.names[place]: _in_order(whole[place], numberings[place]) for place in sorted(texts)},
        np.array(lines, np.int64),
        layout.headed,
        layout.names,
    )


def _batches(path: Path, layout: Layout) -> Iterator[list[tuple[int, list[str]]]]:
    """Records with their lines, as many at a time as keeps the number of cells bounded."""
    width = len(layout.names)
    rows = text.records(path, layout.delimiter)
    if layout.headed:
        next(rows)
    while batch := list(islice(rows, 1 + _CELLS // width)):
        for line, record in batch:
            if len(record) != width:
                raise ValueError(f"{path}: line {line}: expected {width} fields, got {len(record)}")
        yield batch


def _values(cells: Sequence[str], *, comma: bool) -> Array | None:
    """The numbers in some cells of one column, None if one of them holds something else."""
    if all(cells) and _PLAIN.issuperset("".join(cells)):
        with suppress(ValueError):  # a dash, say
            return _narrow(np.array(list(map(float, cells))))
    found = [number(cell, comma=comma) for cell in cells]
    return None if None in found else _narrow(np.array(found, np.float64))


def _narrow(values: Array) -> Array:
    """The values as uint8 if that holds them all; not if any is missing."""
    fits = values.size and values.min() >= 0 and values.max() <= 255 and (values == np.rint(values)).all()
    return values.astype(np.uint8) if fits else values


def _codes(cells: Sequence[str], numbering: dict[str, int]) -> Array:
    """Number the texts in the order they turn up in, -1 for a missing one."""
    return np.array(
        [
            -1 if cell.lower() in MISSING else numbering.setdefault(cell, len(numbering))
            for cell in map(str.strip, cells)
        ],
        np.int32,
    )


def _in_order(codes: Array, numbering: dict[str, int]) -> Texts:
    distinct = tuple(sorted(numbering))
    places = np.full(len(distinct) + 1, -1, np.int32)  # the last for -1
    for place, name in enumerate(distinct):
        places[numbering[name]] = place
    return Texts(places[codes], distinct)
