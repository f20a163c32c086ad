"""Examples for a network that is trained: rows of a table, images in an IDX file, arrays in an archive."""

import math
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import arrays, categories, columns, idx, labels, pixels, suitability
from glassnet.data.columns import Table, as_texts
from glassnet.data.encoding import Encoding
from glassnet.nn.scaling import PIXELS, Scaling

Array = NDArray[Any]

_START = 1 << 16  # bytes of an archive that hold the first few of its content
_TABLES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Examples:
    """Inputs as a network takes them, raw (N, …), and what is known about them.

    `targets` are class numbers (N,) or values (N,) or (N, K), None if the file has none. `ids` is what tells
    the examples apart in a table of answers: the name of that column and its N texts, as they are written. Of
    images in a table it is a column called so, or without labels ("ImageId", "1", "2", …), as Kaggle wants
    it; of other tables `Encoding.id`; else None. `label` is what the column of answers is called.
    """

    inputs: Array
    targets: Array | None = None
    ids: tuple[str, Sequence[str]] | None = None
    label: str = "label"

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.inputs)


def read_examples(
    path: str | PathLike[str],
    *,
    shape: Sequence[int],
    encoding: Encoding | None = None,
    classes: Sequence[str] | None = None,
    label: str | int | None = None,
    drop: Sequence[str | int] = (),
    scaling: Scaling | None = None,
) -> Examples:
    """Return the examples in a file for a network of examples of `shape`.

    A table is read by the model's `encoding`, its columns matched by their names; without one it needs as
    many columns of numbers as an example has, and may have the label as the column `label` or, beside
    pixels, as the first or the last one. Columns called as in `drop`, what was left out in training, may be
    there or not. An IDX file, plain or gzip, holds images; an archive (.npz) arrays named as
    `arrays.load_arrays` says, of which the test part is taken. `classes` and `scaling` are the model's.
    Targets some of which are missing are None.

    Raises ValueError for a file that cannot be read or does not fit the model, for pixels from 0 to 1 where
    the model scales those from 0 to 255, and for labels that are none of `classes`; OSError if it cannot be
    read.
    """
    path = Path(path)
    columns.check_file(path)
    if path.name.lower().endswith(".npz"):
        inputs, targets = arrays.part_of(path)
        inputs = _shaped(path, inputs, shape)
        found = Examples(inputs, None if targets is None else _targets(path, targets, classes))
    elif _is_idx(path):
        found = Examples(_shaped(path, idx.read(path), shape))
    elif encoding is not None:
        found = _encoded(columns.read(path, encoding.texts), encoding, classes, label)
    else:
        found = _numbers(path, tuple(shape), classes, label, drop)
    if scaling == PIXELS and 0 < (largest := found.inputs.max(initial=0)) <= 1:
        raise ValueError(
            f"{path}: expected pixels from 0 to 255, as in training, got numbers up to {largest:g}"
        )
    return found


def _encoded(
    table: Table, encoding: Encoding, classes: Sequence[str] | None, label: str | int | None
) -> Examples:
    own = encoding.label or "label"
    known: frozenset[str] = frozenset()
    if not encoding.by_order(table.names, table.headed):  # else a number is not the column it was in training
        known = table.known
    name = table.find(label, "label") if label is not None else own if own in known else None
    inputs = encoding.encode(table if name in (None, own) else table.without([str(name)]))
    ids = (encoding.id, _texts(table, encoding.id)) if encoding.id in known and encoding.id else None
    targets = None if name is None else _column(table, name, classes)
    return Examples(inputs, targets, ids, own)


def _numbers(
    path: Path,
    shape: tuple[int, ...],
    classes: Sequence[str] | None,
    label: str | int | None,
    drop: Sequence[str | int],
) -> Examples:
    """Examples of as many columns as they have numbers: pixels, most often."""
    size = math.prod(shape)
    are_images = size == pixels.PIXELS_OF_DIGIT

    def aside(names: tuple[str, ...], _headed: bool) -> list[str]:
        dropped = [name for name in names if name in drop and name != label]
        rest = [name for name in names if name not in dropped]
        return dropped + (pixels.ids_of(rest) if are_images else [])

    table = columns.read(path, aside)
    left_out = aside(table.names, table.headed)
    identity = next((name for name in left_out if pixels.is_id(name)), None)
    ids = None if identity is None else (identity, _texts(table, identity))
    table = table.without(left_out)
    name = None if label is None else table.find(label, "label")
    if are_images and (found := pixels.split_off(table, name)) is not None:
        inputs, name = found
    else:
        rest = table if name is None else table.without([name])
        if len(rest.names) != size:
            raise ValueError(
                f"{table.path}: expected {size:,} columns, one for each input of the model, and perhaps its"
                f" label (--label), got {len(table.names):,}: {suitability.listed(table.names)}"
            )
        inputs = _without_gaps(rest)
    inputs = inputs.reshape(len(table), *shape)
    if name is not None:
        return Examples(inputs, _column(table, name, classes), ids, name)
    if not are_images:
        return Examples(inputs, ids=ids)
    return Examples(inputs, None, ids or ("ImageId", [str(k + 1) for k in range(len(table))]), "Label")


def _without_gaps(table: Table) -> Array:
    values = suitability.numbers(table, table.names)
    if (gaps := np.isnan(values)).any():
        column = int(gaps.any(axis=0).argmax())
        raise ValueError(f"{table.where(table.names[column], gaps[:, column])}: expected a number, got none")
    return values


def _column(table: Table, name: str, classes: Sequence[str] | None) -> Array | None:
    """The targets in a column of the table, None if it is there but not in every row."""
    if columns.missing(table[name]).any():
        return None
    if classes is None:
        return labels.values(table, name)
    return labels.class_numbers(table, name, classes)[0]


def _targets(path: Path, targets: Array, classes: Sequence[str] | None) -> Array:
    """The targets in an archive: labels, or one-hot rows, as numbers of the model's classes."""
    if classes is None:
        return targets
    if targets.ndim == 2 and targets.shape[1] == len(classes) > 1:
        places_of_ones: Array = targets.argmax(axis=1)
        return places_of_ones
    texts = arrays.texts_of(targets)
    if texts is None:
        raise ValueError(
            f"{path}: expected labels of the model's classes, got {targets.dtype} {targets.shape}"
        )
    distinct, numbers = np.unique(texts, return_inverse=True)
    places, strange = categories.places(distinct.tolist(), classes)
    if strange is not None:
        known, got = ", ".join(columns.shortened(classes)), str(distinct[strange])
        raise ValueError(f"{path}: expected labels among the model's classes {known}, got {got!r}")
    return places[numbers]


def _shaped(path: Path, inputs: Array, shape: Sequence[int]) -> Array:
    if inputs.ndim < 2 or math.prod(inputs.shape[1:]) != math.prod(shape):
        expected, got = ", ".join(["N", *map(str, shape)]), inputs.shape
        raise ValueError(f"{path}: expected examples ({expected}), as the model takes them, got {got}")
    if inputs.dtype.kind == "f" and not np.isfinite(inputs).all():
        raise ValueError(f"{path}: expected finite numbers, got NaN or infinity")
    shaped: Array = inputs.reshape(len(inputs), *shape)
    return shaped


def _texts(table: Table, column: str) -> list[str]:
    codes, distinct = as_texts(table[column])
    names = (*distinct, "")  # the last for a missing one
    return [names[code] for code in codes]


def _is_idx(path: Path) -> bool:
    """Whether it starts as an IDX file does, plain or gzip, or is a damaged one by its name."""
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(idx.GZIP_MAGIC):
        with suppress(EOFError, zlib.error):
            start = idx.gunzip(start, 4)
    if start[:2] == b"\0\0" and start[2:3] and start[2] in idx.TYPES:
        return True
    name = path.name.lower()
    return "idx" in name and not name.removesuffix(".gz").endswith(_TABLES)
