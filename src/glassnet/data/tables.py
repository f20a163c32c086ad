"""CSV tables as data sets: images, or features of any kind, and a class or a value to predict."""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import columns, labels, pixels, suitability
from glassnet.data.columns import Table, shortened
from glassnet.data.dataset import Dataset
from glassnet.data.encoding import Encoding, standardization
from glassnet.nn.scaling import PIXELS, Scaling

Array = NDArray[Any]

LABEL_NAMES = (
    "species",
    "outcome",
    "diagnosis",
    "survived",
    "quality",
    "price",
)  # of other tables than images


def load_table(
    path: str | PathLike[str],
    *,
    label: str | int | None = None,
    task: str = "auto",
    drop: Sequence[str | int] = (),
    fill: str | None = None,
    validation: float = 0.1,
    test: float = 0.0,
    seed: int = 0,
    classes: Sequence[str] | None = None,
    encoding: Encoding | None = None,
) -> Dataset:
    """Return the data set in a table: CSV, plain or gzip, with commas, semicolons, tabs or bars.

    `label` is the column to predict, by its name or its number (1 the first, -1 the last); `task` says
    whether it holds "classes" or "values" where that is not obvious (`labels.is_classes`); `drop` names
    columns to leave out, and `fill` what takes the place of missing values ("median", "mean", "zero").

    Besides the label, 784 columns of whole numbers from 0 to 255 are images (N, 28, 28) uint8; their label is
    found if it is called so, or is the first or the last column, and an `ImageId` is left out. Any other
    table becomes inputs (N, F) float64, see `Encoding`. Shares `test` and `validation` of the rows are set
    aside first; what is scaled and filled is measured on the others alone. A model's `classes` and `encoding`
    take the place of what would be found.

    Raises ValueError, with line and column, for what cannot be read or learned from; OSError if the file
    cannot be read.
    """
    known = encoding is not None
    table = columns.read(path, None if encoding is None else encoding.texts)
    if encoding is None:
        dropped = tuple(table.find(column, "column to drop") for column in drop)
        identity = suitability.identity(table, dropped)
        table = table.without(dropped)
        table = table.without([column for column in pixels.ids_of(table.names) if column != label])
    elif label is None:
        label = encoding.label
    name = None if label is None else table.find(label, "label")
    images = None
    if encoding is None and (found := pixels.split_off(table, name)) is not None:
        images, name = found
    if name is None:
        what = "--label COLUMN" if images is None else f"a column of labels beside {images.shape[1]} pixels"
        likely = _likely_label(table) if images is None else None
        perhaps = "" if likely is None else f" perhaps --label {suitability.shell([likely], table)};"
        raise ValueError(
            f"{table.path}: expected {what}, got none;{perhaps} columns: {', '.join(shortened(table.names))}"
        )
    whole = _whole(table, name, images, task, classes, known=known or classes is not None)
    data = whole.set_aside(test, seed).split(validation, seed)
    if images is None:
        features, rows = table.without([name]), _rows_to_train(data)
        if encoding is None:
            encoding = Encoding.fit(features, rows, fill=fill, label=name, dropped=dropped, id=identity)
        data = _with_inputs(data, features, rows, encoding)
    return data if known or data.classes is not None else _with_target_scaling(data, name)


def _likely_label(table: Table) -> str | None:
    """The column that is called as a label, else the last one of texts, if they look like classes."""
    called = [name for name in table.names if name.lower() in (*pixels.LABEL_NAMES, *LABEL_NAMES)]
    texts = [name for name in table.texts if not suitability.identifier(table, name)]
    return next(iter([*called[::-1], *texts[::-1]]), None)


def _whole(
    table: Table, label: str, images: Array | None, task: str, classes: Sequence[str] | None, *, known: bool
) -> Dataset:
    """The set before it is split: its targets, and its images if it has any. A `known` task is a model's."""
    if known:
        of_classes = classes is not None
    else:
        of_classes = (images is not None and task == "auto") or labels.is_classes(table, label, task)
    targets: Array
    if of_classes:
        targets, classes = labels.class_numbers(table, label, classes, digits=images is not None)
    else:
        targets = labels.values(table, label)
    return Dataset.from_arrays(
        np.zeros((len(table), 1), np.uint8) if images is None else images.reshape(-1, *pixels.SHAPE),
        targets,
        classes=classes,
        scaling=None if images is None else PIXELS,
        name=Path(table.path).name.removesuffix(".gz").rpartition(".")[0] or table.path,
        origin=f"read from {table.path}",
    )


def _with_inputs(data: Dataset, table: Table, rows: Array, encoding: Encoding) -> Dataset:
    inputs = encoding.encode(table)
    parts = {part: replace(getattr(data, part), inputs=inputs) for part in ("train", "validation", "test")}
    return replace(data, **parts, scaling=encoding.scaling(inputs, rows), encoding=encoding)


def _with_target_scaling(data: Dataset, label: str) -> Dataset:
    shift, scale = standardization(data.train.targets[_rows_to_train(data)])
    if scale == 0:
        raise ValueError(f"{data.name}: column {label!r}: expected values that differ, got {shift:g} alone")
    return replace(data, target_scaling=Scaling(shift, scale))


def _rows_to_train(data: Dataset) -> NDArray[np.intp]:
    return data.train.places(np.arange(len(data.train)))
