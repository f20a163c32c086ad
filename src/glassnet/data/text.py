"""A CSV file as text: its bytes in blocks of whole lines, its records, its delimiter, and its header."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from math import isnan
from pathlib import Path
from typing import IO, cast

from glassnet.data.idx import GZIP_MAGIC
from glassnet.data.numerals import number

BLOCK = 1 << 20  # bytes read at a time: what is made of them stays in the processor's cache
LONGEST_LINE = 16 << 20  # bytes
DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 100_000
FEWEST_COUNTED = 4  # columns whose names may be 0, 1, 2, … with no text among them
LOOKED_AT = 20  # lines that tell how a table is written

_EXCELS_HINT = re.compile('"?sep=(.)"?', re.IGNORECASE)
_SAVE = "; save it as UTF-8 (in Excel: “CSV UTF-8”)"
_FOREIGN = {
    b"\xff\xfe": f"text in UTF-8, got UTF-16{_SAVE}",
    b"\xfe\xff": f"text in UTF-8, got UTF-16{_SAVE}",
    b"PK\x03\x04": "a table as text, got a ZIP archive or an Excel workbook; unpack it, or save it as CSV",
}


@dataclass(frozen=True)
class Layout:
    """How a table is written: the delimiter, the columns' names, and how many lines stand above its rows.

    Columns are called "1", "2", … unless the table is `headed`. `first` is the first row.
    """

    delimiter: str
    names: tuple[str, ...]
    above: int
    first: tuple[str, ...]
    headed: bool

    @property
    def comma(self) -> bool:
        """Whether numbers may be written with a decimal comma: where commas delimit nothing."""
        return self.delimiter != ","


def blocks(path: Path) -> Iterator[bytes]:
    r"""Read the file, plain or gzip (its first bytes decide), in blocks of whole lines in UTF-8.

    Every line ends with `\n`, the last one too, and a byte order mark is left out. Memory stays bounded
    whatever is in the file. Raises ValueError for bytes that are no UTF-8, a line longer than LONGEST_LINE,
    and a damaged archive, OSError if the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(max(map(len, _FOREIGN)))
        for magic, instead in _FOREIGN.items():
            if start.startswith(magic):
                raise ValueError(f"{path}: expected {instead}")
        file.seek(0)
        packed = start.startswith(GZIP_MAGIC)
        try:
            content = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
            yield from _checked(path, _whole_lines(path, content))
        except EOFError:
            raise ValueError(f"{path}: expected a whole gzip archive: the file is cut off") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(
                f"{path}: expected a sound gzip archive: the file is damaged ({error})"
            ) from None


def _whole_lines(path: Path, content: IO[bytes]) -> Iterator[bytes]:
    rest, line, old_mac = b"", 1, None
    while chunk := content.read(BLOCK):
        if old_mac is None:
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
            old_mac = b"\n" not in chunk and b"\r" in chunk[:-1]
        if old_mac:
            chunk = chunk.replace(b"\r", b"\n")
        whole, newline, after = chunk.rpartition(b"\n")
        if newline:
            lines = rest + whole + newline
            rest = after
            yield lines.replace(b"\r\n", b"\n") if b"\r" in lines else lines
            line += lines.count(b"\n")
        else:
            rest += after
        if len(rest) > LONGEST_LINE:
            raise ValueError(
                f"{path}: line {line}: expected a line of at most {LONGEST_LINE >> 20} MB, got a longer one;"
                " is this a table?"
            )
    if rest:
        yield rest.removesuffix(b"\r") + b"\n"


def _checked(path: Path, parts: Iterable[bytes]) -> Iterator[bytes]:
    line = 1
    for part in parts:
        problem = None
        if b"\0" in part:
            place, problem = part.index(b"\0"), f"got a NUL byte: UTF-16, or no text at all{_SAVE}"
        elif not part.isascii():
            try:
                part.decode("utf-8")
            except UnicodeDecodeError as error:
                place = error.start
                problem = f"got the byte {part[place]:02x}: Latin-1 or Windows-1252?{_SAVE}"
        if problem is not None:
            line += part.count(b"\n", 0, place)
            raise ValueError(f"{path}: line {line}: expected UTF-8, {problem}")
        yield part
        line += part.count(b"\n")


def records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Read the records, each with the number of its first line; not blank lines, nor Excel's `sep=;`.

    Raises what `blocks` does, and ValueError for quotation marks that do not go together.
    """
    lines = (line + "\n" for block in blocks(path) for line in block.decode("utf-8")[:-1].split("\n"))
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    line, before = 1, True
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(
                f"{path}: line {line}: expected fields that are closed by the quotation mark that opens them,"
                f" got another record ({error})"
            ) from None
        if record and (len(record) > 1 or record[0].strip()):
            if not (before and _EXCELS_HINT.fullmatch(delimiter.join(record))):
                yield line, record
            before = False
        line = reader.line_num + 1


def layout(path: Path) -> Layout:
    """Find out how the table is written, from its first lines.

    The header is the first record if none of its fields is a number, or a field is text where the second
    record has a number, or its numbers count up and look like names (`_counts_columns`). Raises what
    `records` does, and ValueError for an empty file, a header without rows, a header of another delimiter,
    and names that occur twice.
    """
    lines = _first_lines(path)
    hint = _EXCELS_HINT.fullmatch(lines[0]) if lines else None
    if hint:
        del lines[0]
    if not lines:
        raise ValueError(f"{path}: expected a table, got an empty file")
    delimiter = hint[1] if hint else _delimiter(path, lines)
    if delimiter not in DELIMITERS:
        known = ", ".join(map(repr, DELIMITERS))
        raise ValueError(f"{path}: line 1: expected one of {known} as the delimiter, got {delimiter!r}")
    start = records(path, delimiter)
    line, first = next(start, (0, None))
    after, second = next(start, (0, None))
    if first is None:
        raise ValueError(f"{path}: expected a table, got nothing but quotation marks")
    if len(first) > MOST_COLUMNS:
        raise ValueError(f"{path}: expected at most {MOST_COLUMNS:,} columns, got {len(first):,}")
    names = [" ".join(name.split()) for name in first]
    below = [second, *(record for _, record in islice(start, LOOKED_AT))] if second else []
    if not _is_header(names, below, comma=delimiter != ","):
        counted = tuple(str(k + 1) for k in range(len(first)))
        return Layout(delimiter, counted, line - 1, tuple(first), headed=False)
    if second is None:
        raise ValueError(f"{path}: expected rows below the header, got none")
    names = [name or f"column {k + 1}" for k, name in enumerate(names)]
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if seen.setdefault(name, place) < place:
            raise ValueError(
                f"{path}: expected columns of different names, got {name!r} in columns {seen[name]}"
                f" and {place} (the first line is taken as the header)"
            )
    return Layout(delimiter, tuple(names), after - 1, tuple(second), headed=True)


def _first_lines(path: Path) -> list[str]:
    """The first lines that are not blank; of very long ones two."""
    found: list[str] = []
    size = 0
    for block in blocks(path):
        for line in block.split(b"\n"):
            if line.strip():
                found.append(line.decode("utf-8"))
                size += len(line)
            if len(found) == LOOKED_AT or (len(found) > 1 and size > BLOCK):
                return found
    return found


def _delimiter(path: Path, lines: list[str]) -> str:
    """The delimiter that cuts the most records into as many fields as the first one has.

    Of several such a comma comes last, since it may stand in the numbers or in the names.
    """
    fields = {d: _counts(lines, d) for d in DELIMITERS}
    alike = {d: sum(n == counts[0] for n in counts) for d, counts in fields.items() if counts[0] > 1}
    likely = [d for d in alike if len(fields[d]) == alike[d] or alike[d] > 1]
    if likely:
        return max(
            likely,
            key=lambda d: (alike[d] == len(fields[d]), alike[d] / len(fields[d]), d != ",", fields[d][0]),
        )
    best = [max(DELIMITERS, key=lambda d: (fields[d] + [1])[k]) for k in (0, 1)]
    if best[0] != best[1] and all((fields[d] + [1])[k] > 1 for k, d in enumerate(best)):
        raise ValueError(
            f"{path}: expected one delimiter, got {best[0]!r} in the first line and {best[1]!r} in the next"
        )
    return best[0]


def _counts(lines: list[str], delimiter: str) -> list[int]:
    """How many fields each record has, as far as the quotation marks go together."""
    counts: list[int] = []
    with suppress(csv.Error):
        for record in csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True):
            counts.append(len(record))
    return counts or [1]


def _is_header(names: list[str], below: list[list[str]], *, comma: bool) -> bool:
    if _counts_columns(names, below) or not any(_is_number(name, comma) for name in names):
        return True
    return bool(below) and any(
        name and number(name, comma=comma) is None and _is_number(cell, comma)
        for name, cell in zip(names, below[0])
    )


def _counts_columns(names: list[str], below: list[list[str]]) -> bool:
    """Tell whether names such as `0,1,2,3,species` or `country,2019,2020` count up and the next row does not.

    A text among them must not stand in the rows below as well. Without any text there have to be four
    numbers; from 0 or 1, as where pandas writes its index, whatever is below.
    """
    places = [k for k, name in enumerate(names) if name.isascii() and name.isdecimal()]
    if len(places) < 2 or any(_is_number(names[k]) for k in set(range(len(names))) - set(places)):
        return False
    if not _counts_up([names[k] for k in places]):
        return False
    texts = [(k, name) for k, name in enumerate(names) if name and k not in places]
    if not texts and len(places) >= FEWEST_COUNTED and names[places[0]] in ("0", "1"):
        return True
    if not below or _counts_up([row[k] for row in below[:1] for k in places if k < len(row)]):
        return False
    if len(texts) + (not names[0]) == 0:
        return len(places) >= FEWEST_COUNTED
    return not any(len(row) > k and row[k].strip() == name for k, name in texts for row in below)


def _counts_up(cells: list[str]) -> bool:
    start = cells[0].strip() if cells else ""
    whole = start.isascii() and start.isdecimal() and len(start) < 10
    return whole and [cell.strip() for cell in cells] == [str(int(start) + k) for k in range(len(cells))]


def _is_number(cell: str, comma: bool = False) -> bool:
    value = number(cell, comma=comma)
    return value is not None and not isnan(value)
