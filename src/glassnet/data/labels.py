"""The column to predict: its classes or its values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import categories
from glassnet.data.columns import Table, Texts, as_texts, missing, shortened
from glassnet.data.suitability import check_cells, numbers

Array = NDArray[Any]

DIGITS = tuple(map(str, range(10)))
FEW, MANY = 20, 100  # distinct whole numbers: so few are classes, more than so many are values
MOST_CLASSES = 1000


def is_classes(table: Table, label: str, task: str = "auto") -> bool:
    """Tell whether the label is a class ("classes") or a value ("values"), "auto" if that is obvious.

    Texts are classes; of numbers see `are_classes`. Raises ValueError, asking for --task, for whole numbers
    that may be either, and for texts that are numbers but for a few, of more than 20 different ones.
    """
    column = table[label]
    if task != "auto":
        return task == "classes"
    if isinstance(column, Texts):
        if len(column.distinct) > FEW:
            check_cells(table, label)
        return True
    return are_classes(column[~missing(column)], f"{table.path}: column {label!r}")


def are_classes(known: Array, where: str) -> bool:
    """Tell whether numbers (N,) are those of classes: not if one has a fraction.

    Whole numbers are classes if there are up to 20 different ones and each occurs twice on average, values if
    there are more than 100. Two different whole numbers are always classes. Raises ValueError, asking for
    --task, for what lies between; `where` are its first words.
    """
    if (known != np.rint(known)).any():
        return False
    different = len(np.unique(known))
    if different <= max(2, min(FEW, len(known) // 2)):
        return True
    if different > MANY:
        return False
    raise ValueError(
        f"{where}: expected --task classes or --task values, since {different}"
        f" different whole numbers in {len(known):,} rows may be either"
    )


def class_numbers(
    table: Table, label: str, classes: Sequence[str] | None = None, *, digits: bool = False
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return the class of each row (N,) and the names of the classes: numbers by size, texts by alphabet.

    `classes` are those of a model. With `digits` labels from 0 to 9 have the ten digits as their classes,
    whether all of them occur or not. Raises ValueError for missing labels, labels outside `classes`,
    fractions, and without `classes` for fewer than two or more than 1,000 different labels.
    """
    column = table[label]
    _check_gaps(table, label)
    if not isinstance(column, Texts):
        numbers(table, [label])
        if (odd := column != np.rint(column)).any():
            got = column[odd][0]
            raise ValueError(
                f"{table.where(label, odd)}: expected a class, a whole number or text, got {got};"
                " for values: --task values"
            )
    codes, distinct = as_texts(column)
    if classes is None:
        if len(distinct) < 2:
            raise ValueError(
                f"{table.path}: column {label!r}: expected at least two classes, got {distinct[0]!r} alone"
            )
        if len(distinct) > MOST_CLASSES or (
            isinstance(column, Texts) and len(distinct) > max(FEW, len(table) // 2)
        ):
            raise ValueError(
                f"{table.path}: column {label!r}: expected classes, got {len(distinct):,} different labels"
                f" in {len(table):,} rows"
            )
        classes = DIGITS if digits and set(distinct) <= set(DIGITS) else categories.distinct(distinct)
    places, strange = categories.places(distinct, classes)
    if strange is not None:
        raise ValueError(
            f"{table.where(label, codes == strange)}: expected one of the classes"
            f" {', '.join(shortened(classes))}, got {distinct[strange]!r}"
        )
    return places[codes], tuple(classes)


def values(table: Table, label: str) -> NDArray[np.float64]:
    """Return the value of each row (N,). ValueError, with the line, for text, infinity and missing values."""
    _check_gaps(table, label)
    return numbers(table, [label])[:, 0]


def _check_gaps(table: Table, label: str) -> None:
    if (gaps := missing(table[label])).any():
        count = np.count_nonzero(gaps)
        raise ValueError(
            f"{table.where(label, gaps)}: expected a label in every row, got none in {count:,} of"
            f" {len(table):,}; remove these rows"
        )
