"""`glassnet predict`: what a network says of new examples, as a table."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    import numpy as np

    from glassnet.data.examples import Examples
    from glassnet.nn import Network

READ = "tables (.csv, .tsv, .txt), IDX images and arrays (.npz), or pictures (.jpg, .png, …)"
ROWS = 10_000  # written at a time


class Answered(NamedTuple):
    """A file and the answers: `named` (N,) class numbers or (N, K) values, `shares` (N, classes) or None."""

    path: str
    examples: "Examples"
    named: "np.ndarray[Any, Any]"
    shares: "np.ndarray[Any, Any] | None"


def predict(
    model: Annotated[
        str,
        typer.Argument(metavar="RUN|MODEL", help="A run's folder, a model file, or drawing: glassnet's own."),
    ],
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
        bool,
        typer.Option("--overwrite", metavar="", help="Replace the file in --out, and pictures in --stages."),
    ] = False,
    stages: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Put there what each picture becomes on its way to the network."),
    ] = None,
) -> None:
    """Say what a network makes of new examples: a table with one row for each; of pictures, what it reads.

    In a picture (a photo, a scan, a drawing) each digit is found and read; nothing else can be in the same
    call. In tables images get the columns ImageId and Label; other rows are numbered from 1.
    Where a file holds the right answers too, the accuracy is told on stderr.
    """
    from glassnet import runs
    from glassnet.cli import predict_pictures, rows
    from glassnet.files import read

    are_pictures = predict_pictures.all_pictures(files)
    for option, given, wanted in (("--label", label, False), ("--stages", stages, True)):
        if given is not None and are_pictures is not wanted:
            raise ValueError(f"{option}: expected {'pictures' if wanted else 'tables'}, got {files[0]}")
    table = None if form is None and out is None else (rows.format_of(form, out), out)
    path = runs.find_model(model)
    if out is not None:
        rows.check_free(Path(out), [path, *map(Path, files)], overwrite)
    network, notes = read(path)
    if are_pictures:
        reader = predict_pictures.reader(model, network, notes)
        folder = None if stages is None else Path(stages)
        predict_pictures.predict(reader, files, table, proba=proba, stages=folder, overwrite=overwrite)
        return
    if proba and not network.classifies:
        raise ValueError(f"--proba: expected a model of classes, got {path}, which answers with values")
    answered = [_answer(path, network, notes, file, label, proba) for file in files]
    for one in answered:
        _judge(network, one)
    names, lines = _columns(network, notes, answered, proba), _rows(network, answered)
    rows.write(*(table or ("csv", None)), names, lines)


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
    from glassnet.cli.rows import numerals, plain

    classes = numerals(_classes(network))
    for one in answered:
        n = len(one.named)
        ids = range(1, n + 1) if one.examples.ids is None else numerals(one.examples.ids[1])
        for start in range(0, n, ROWS):
            part = slice(start, start + ROWS)
            named = one.named[part]
            columns: list[Sequence[Any]] = [[one.path] * len(named)] if len(answered) > 1 else []
            columns.append(ids[part])
            columns += [[classes[k] for k in named]] if network.classifies else plain(named)
            if one.shares is not None:
                columns += plain(one.shares[part])
            yield from map(list, zip(*columns))
