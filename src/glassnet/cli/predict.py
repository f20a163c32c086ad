"""`glassnet predict`: what a network says of new examples, as a table."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    import numpy as np

    from glassnet.data.examples import Examples
    from glassnet.nn import Network

READ = "tables (.csv, .tsv, .txt), IDX images and arrays (.npz)"
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic")
FORMATS = ("csv", "json")
ROWS = 10_000  # written at a time


class Answered(NamedTuple):
    """A file and the answers: `named` (N,) class numbers or (N, K) values, `shares` (N, classes) or None."""

    path: str
    examples: "Examples"
    named: "np.ndarray[Any, Any]"
    shares: "np.ndarray[Any, Any] | None"


def predict(
    model: Annotated[str, typer.Argument(metavar="RUN|MODEL", help="A run's folder, or a model file.")],
    files: Annotated[list[str], typer.Argument(metavar="FILE", help=f"What to answer about: {READ}.")],
    proba: Annotated[
        bool,
        typer.Option(
            "--proba", metavar="", help="Add the probability of each class, in a column of its own."
        ),
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="csv|json", help="How to write; without it as --out ends, else csv."
        ),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The right answers in a table, if not called as in training."),
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Where to write; without it on the screen.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", metavar="", help="Replace the file in --out.")
    ] = False,
) -> None:
    """Say what a network makes of new examples: a table with one row for each.

    Images get the columns ImageId and Label; other rows are numbered from 1.
    Where a file holds the right answers too, the accuracy is told on stderr.
    """
    from glassnet import runs
    from glassnet.files import read

    form = _format(form, out)
    path = runs.find_model(model)
    if out is not None:
        _check_free(Path(out), [path, *map(Path, files)], overwrite)
    network, notes = read(path)
    if proba and not network.classifies:
        raise ValueError(f"--proba: expected a model of classes, got {path}, which answers with values")
    answered = [_answer(path, network, notes, file, label, proba) for file in files]
    for one in answered:
        _judge(network, one)
    with _opened(out) as stream:
        write = _write_csv if form == "csv" else _write_json
        write(stream, _columns(network, notes, answered, proba), _rows(network, answered))


# ---- before anything is read


def _format(form: str | None, out: str | None) -> str:
    from glassnet.nn.names import unknown

    if form is None:
        return "json" if out is not None and Path(out).suffix.lower() == ".json" else "csv"
    if form not in FORMATS:
        raise ValueError(f"--format: {unknown('format', form, FORMATS)}")
    return form


def _check_free(out: Path, taken: Sequence[Path], overwrite: bool) -> None:
    if out.is_dir():
        raise IsADirectoryError(f"--out: expected a file, got the folder {out}")
    if out.exists() and not overwrite:
        raise FileExistsError(f"{out}: expected a new file, got one that exists; see --overwrite")
    if out.resolve() in [path.resolve() for path in taken]:
        raise ValueError(f"--out: expected another file than those that are read, got {out}")


# ---- the answers


def _answer(
    path: Path, network: "Network", notes: Mapping[str, Any], file: str, label: str | None, proba: bool
) -> Answered:
    import numpy as np

    examples = _read(network, notes, file, label)
    with np.errstate(all="ignore"):
        shares = network.predict_proba(examples.inputs) if network.classifies else None
        named = network.predict(examples.inputs) if shares is None else shares.argmax(axis=1)
    if not np.isfinite(named if shares is None else shares).all():
        raise ValueError(
            f"{path}: expected a network whose answers are finite, got NaN or infinity for {file}"
        )
    return Answered(file, examples, named, shares if proba else None)


def _read(network: "Network", notes: Mapping[str, Any], file: str, label: str | None) -> "Examples":
    from glassnet.data.encoding import Encoding
    from glassnet.data.examples import read_examples

    path = Path(file)
    if path.is_dir():
        raise IsADirectoryError(f"{file}: expected a file, got a folder; name the files in it")
    if not path.exists():
        raise FileNotFoundError(f"{file}: expected a file with examples, found none")
    if path.suffix.lower() in PICTURES:
        raise ValueError(f"{file}: expected a file of many examples, got a picture; read are {READ}")
    table = notes.get("table")
    return read_examples(
        path,
        shape=tuple(notes.get("shape", network.input_shape)),
        encoding=None if table is None else Encoding.from_config(table),
        classes=network.classes,
        label=label,
        drop=notes.get("drop", ()),
        scaling=network.scaling,
    )


def _judge(network: "Network", answered: Answered) -> None:
    """Say on stderr how right the answers are, if the file holds the right ones."""
    import numpy as np

    from glassnet.plots.numbers import readable
    from glassnet.training.metrics import interval, r_squared

    actual, named = answered.examples.targets, answered.named
    if actual is None or not len(named):
        return
    if network.classifies:
        right, n = int((named == actual).sum()), len(named)
        low, high = interval(right, n)
        told = f"accuracy {right / n:.4f} (95 % interval {low:.4f}-{high:.4f}), {right:,} of {n:,} right"
    else:
        actual = actual.reshape(len(named), -1).astype(np.float64)
        errors = named.reshape(len(named), -1) - actual
        spread = np.square(actual - actual.mean(axis=0)).sum(axis=0)
        r2, mae = r_squared(np.square(errors).sum(axis=0), spread), np.abs(errors).mean()
        told = f"mean absolute error {readable(mae)}, {len(named):,} row{'s' * (len(named) != 1)}"
        if len(named) > 1:
            told = f"R² {r2:.4f}, {told}"
    print(f"{answered.path}: {told}", file=sys.stderr)


# ---- the table


def _columns(
    network: "Network", notes: Mapping[str, Any], answered: Sequence[Answered], proba: bool
) -> list[str]:
    """The names of the columns; one that is taken already gets an underscore."""
    row, label = _names(network, notes, answered)
    names = ["file", row] if len(answered) > 1 else [row]
    if network.classifies:
        names += [label, *(_classes(network) if proba else [])]
    else:
        outputs = network.output_shape[-1]
        names += [label] if outputs == 1 else [f"{label}_{k}" for k in range(1, outputs + 1)]
    distinct: list[str] = []
    for name in names:
        while name in distinct:
            name += "_"
        distinct.append(name)
    return distinct


def _names(network: "Network", notes: Mapping[str, Any], answered: Sequence[Answered]) -> tuple[str, str]:
    """What the column that tells the rows apart is called, and that of the answers."""
    from glassnet.nn.scaling import PIXELS

    if "table" not in notes and (network.scaling == PIXELS or len(notes.get("shape", ())) > 1):
        return "ImageId", "Label" if network.classifies else "Value"  # as Kaggle's digits want it
    first = answered[0].examples
    rows = {"row" if one.examples.ids is None else one.examples.ids[0] for one in answered}
    label = first.label if "table" in notes or network.classifies else "value"
    return rows.pop() if len(rows) == 1 else "row", label


def _classes(network: "Network") -> list[str]:
    """The classes' names; numbers where they have none."""
    return list(network.classes or map(str, range(max(network.output_shape[-1], 2))))


def _rows(network: "Network", answered: Sequence[Answered]) -> Iterator[list[Any]]:
    """The rows of all files, of plain numbers and texts."""
    classes = _numerals(_classes(network))
    for one in answered:
        n = len(one.named)
        ids = range(1, n + 1) if one.examples.ids is None else _numerals(one.examples.ids[1])
        for start in range(0, n, ROWS):
            part = slice(start, start + ROWS)
            named = one.named[part]
            columns: list[Sequence[Any]] = [[one.path] * len(named)] if len(answered) > 1 else []
            columns.append(ids[part])
            columns += [[classes[k] for k in named]] if network.classifies else _plain(named)
            if one.shares is not None:
                columns += _plain(one.shares[part])
            yield from map(list, zip(*columns))


def _numerals(texts: Sequence[str]) -> list[Any]:
    """Names as numbers, if all of them are whole numbers as one writes them."""
    whole = all(text.isdecimal() and len(text) < 16 and text == str(int(text)) for text in texts)
    return [int(text) for text in texts] if whole else list(texts)


def _plain(values: "np.ndarray[Any, Any]") -> list[Any]:
    """The columns of values (N, K) as Python's numbers, with the digits of their precision, 12 at most."""
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
