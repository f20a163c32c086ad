"""`glassnet predict` for pictures: the digit first, then how sure it is, or why it is none."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassnet.nn import Network
    from glassnet.reading import Reader, Reading

FEW = 3  # probabilities shown of each of several digits
BAR = 24  # letters long for certainty


def all_pictures(files: Sequence[str]) -> bool:
    """Tell whether the files are pictures. ValueError if some are and others not."""
    from glassnet.data.pictures import is_one

    are = [is_one(file) for file in files]
    if any(are) and not all(are):
        picture, other = files[are.index(True)], files[are.index(False)]
        raise ValueError(
            f"expected pictures, or files of many examples, got both, {picture} and {other}; ask for each in"
            " a call of its own"
        )
    return all(are)


def reader(model: str, network: "Network", notes: Mapping[str, Any]) -> "Reader":
    """Return what reads drawings with the network; ValueError, with the model's name, if it cannot."""
    from glassnet.reading import Reader

    try:
        return Reader(network, notes)
    except ValueError as error:
        raise ValueError(f"{model}: {error}") from None


def predict(
    reader: "Reader",
    files: Sequence[str],
    table: tuple[str, str | None] | None,
    *,
    proba: bool,
    stages: Path | None,
    overwrite: bool,
) -> None:
    """Read the pictures in `files` and say what they show.

    As text on the screen or, with `table`, its format and file, as a table with one row for each digit. The
    folder `stages` gets what each digit was on its way. Nothing is said unless all of them can be read.
    """
    from glassnet.cli import rows

    if stages is not None:
        _check_folder(stages, files, overwrite)
    read = ((file, _read(reader, file, stages)) for file in files)  # one after the other, and then forgotten
    if table is not None:
        form, out = table
        names = ["file", "digit", "x0", "y0", "x1", "y1", "label", "why"]
        answers = [row for file, readings in read for row in _rows(reader.classes, file, readings, proba)]
        rows.write(form, out, [*names, *(reader.classes if proba else [])], iter(answers))
        return
    several = len(files) > 1
    lines = [
        line
        for file, readings in read
        for line in _told(reader.classes, readings, file if several else None, proba)
    ]
    print("\n".join(lines))


def _read(reader: "Reader", file: str, stages: Path | None) -> "Sequence[Reading]":
    from glassnet.data import pictures

    picture = pictures.read(file)
    try:
        readings = reader.read(picture)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    if stages is not None:
        _write_stages(stages, file, readings)
    return readings


def _rows(
    classes: Sequence[str], file: str, readings: "Sequence[Reading]", proba: bool
) -> Iterator[list[Any]]:
    from glassnet.cli.rows import numerals, plain

    labels = dict(zip(classes, numerals(classes)))
    for number, one in enumerate(readings, 1):
        shares = [values[0] for values in plain(one.probabilities[None])] if proba else []
        yield [file, number, *one.box, labels.get(one.name or ""), one.why, *shares]


def _told(
    classes: Sequence[str], readings: "Sequence[Reading]", file: str | None, proba: bool
) -> Iterator[str]:
    """The lines about a picture: what it shows, all digits in a row, and then each."""
    between = "" if all(len(name) == 1 for name in classes) else " "
    alone = readings[0] if len(readings) == 1 else None
    shown = between.join(one.name or "?" for one in readings) if alone is None else alone.name or alone.said
    yield shown if file is None else f"{file}: {shown}"
    if alone is not None:
        if alone.name is not None or proba:
            yield from (f"  {line}" for line in _bars(classes, alone))
        return
    for number, one in enumerate(readings, 1):
        x0, y0, x1, y1 = one.box
        where = f"  {number}. at x {x0} to {x1}, y {y0} to {y1}: "
        yield where + (one.said if one.name is None else _first(classes, one))
        if proba:
            yield from (f"     {line}" for line in _bars(classes, one))


def _bars(classes: Sequence[str], one: "Reading") -> Iterator[str]:
    """All classes, the most probable first, as numbers and bars."""
    longest = max(map(len, classes))
    for k in (-one.probabilities).argsort(kind="stable"):
        share = float(one.probabilities[k])
        yield f"{classes[k]:<{longest}} {_percent(share):>7} {'█' * round(BAR * share)}".rstrip()


def _first(classes: Sequence[str], one: "Reading") -> str:
    best = (-one.probabilities).argsort(kind="stable")[:FEW]
    shares = [f"{classes[k]} {_percent(float(one.probabilities[k]))}" for k in best]
    return f"{shares[0]}, then {' and '.join(shares[1:])}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


# ---- the stages


def _check_folder(folder: Path, files: Sequence[str], overwrite: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"--stages: expected a folder, got the file {folder}")
    names = [Path(file).name for file in files]
    if len(set(names)) < len(names):
        raise ValueError("--stages: expected pictures of different names, got two of the same")
    if not overwrite and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder}: expected a new or empty folder, got one with files; see --overwrite"
        )


def _write_stages(folder: Path, file: str, readings: "Sequence[Reading]") -> None:
    from dataclasses import fields

    from PIL import Image

    from glassnet.atomic import atomic

    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(readings, 1):
        for order, field in enumerate(fields(one.stages), 1):
            name = f"{Path(file).name}-{number}-{order}-{field.name}.png"
            with atomic(folder / name) as stream:
                Image.fromarray(getattr(one.stages, field.name)).save(stream, "PNG")
