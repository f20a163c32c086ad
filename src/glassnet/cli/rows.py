"""A table of answers: its numbers as they are written, and the file or the screen it goes to."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

FORMATS = ("csv", "json")


def format_of(form: str | None, out: str | None) -> str:
    """Return "csv" or "json": as asked for, else as `out` ends, else csv."""
    from glassnet.nn.names import unknown

    if form is None:
        return "json" if out is not None and Path(out).suffix.lower() == ".json" else "csv"
    if form not in FORMATS:
        raise ValueError(f"--format: {unknown('format', form, FORMATS)}")
    return form


def check_free(out: Path, taken: Sequence[Path], overwrite: bool) -> None:
    """Refuse to write a file that is there, if it is not asked for, or that is read."""
    if out.is_dir():
        raise IsADirectoryError(f"--out: expected a file, got the folder {out}")
    if out.exists() and not overwrite:
        raise FileExistsError(f"{out}: expected a new file, got one that exists; see --overwrite")
    if out.resolve() in [path.resolve() for path in taken]:
        raise ValueError(f"--out: expected another file than those that are read, got {out}")


def write(form: str, out: str | None, names: Sequence[str], rows: Iterator[list[Any]]) -> None:
    """Write a table with these columns to the file `out`, or to the screen, as "csv" or "json"."""
    with _opened(out) as stream:
        (_write_csv if form == "csv" else _write_json)(stream, names, rows)


def numerals(texts: Sequence[str]) -> list[Any]:
    """Return names as numbers, if all of them are whole numbers as one writes them."""
    whole = all(text.isdecimal() and len(text) < 16 and text == str(int(text)) for text in texts)
    return [int(text) for text in texts] if whole else list(texts)


def plain(values: "np.ndarray[Any, Any]") -> list[Any]:
    """Return the columns of values (N, K) as Python's numbers, with their precision's digits, 12 at most."""
    import numpy as np

    columns = values.reshape(len(values), -1).T
    digits = columns.astype(str) if columns.dtype == np.float32 else np.char.mod("%.12g", columns)
    numbers: list[Any] = digits.astype(np.float64).tolist()
    return numbers


@contextmanager
def _opened(out: str | None) -> Iterator[IO[str]]:
    """The file `out`, which appears whole or not at all, or the screen."""
    from glassnet.atomic import atomic

    if out is None:
        yield sys.stdout
        return
    with atomic(out) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        yield text
        text.detach()  # which writes what is left; the file is closed by who opened it


def _write_csv(stream: IO[str], names: Sequence[str], rows: Iterator[list[Any]]) -> None:
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(names)
    table.writerows(rows)


def _write_json(stream: IO[str], names: Sequence[str], rows: Iterator[list[Any]]) -> None:
    between = "[\n"
    for row in rows:
        stream.write(between + json.dumps(dict(zip(names, row)), ensure_ascii=False))
        between = ",\n"
    stream.write("[]\n" if between == "[\n" else "\n]\n")
