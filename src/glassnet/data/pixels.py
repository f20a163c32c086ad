"""Tables whose rows are images: a column for each pixel, and perhaps one for the label."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.columns import Table, Texts, missing
from glassnet.data.suitability import named_id, shell

Array = NDArray[Any]

SHAPE = (28, 28)
PIXELS_OF_DIGIT = 28 * 28
LABEL_NAMES = ("label", "labels", "class", "target", "y", "digit", "letter", "character")
LARGEST_LABEL = 61  # of digits and letters, large and small: EMNIST's 62 classes
MOST_SPOILED = 0.1  # a share of columns up to which a table is one of images with mistakes in it


def split_off(
    table: Table, label: str | None, pixels: int = PIXELS_OF_DIGIT
) -> tuple[Array, str | None] | None:
    """Return the images (N, `pixels`) uint8 of a table and the name of its label's column, None without one.

    None if the table is none of images: it has another number of columns, or others than whole numbers from
    0 to 255. Raises ValueError for a few cells that are not so among columns that are, for a label that is
    not there, and for one that could be the first or the last column.
    """
    if len(table.names) not in (pixels, pixels + 1):
        return None
    if label is None and len(table.names) == pixels + 1:
        places = [table.names[0], table.names[-1], *_named(table)]
        if not any(_are_pixels(table.without([name])) for name in places):
            return None
        label = label_of(table)
    elif label is not None:
        label = table.find(label, "label")
    rest = table if label is None else table.without([label])
    if len(rest.names) != pixels or not _are_pixels(rest):
        return None
    _check(rest)
    return rest.numbers.astype(np.uint8, copy=False), label


def is_id(name: str) -> bool:
    """Tell whether a column beside pixels is called as one that numbers the images."""
    return named_id(name) or name.lower() == "index"


def ids_of(names: Sequence[str], pixels: int = PIXELS_OF_DIGIT) -> list[str]:
    """Return which columns number images, as `ImageId` does; none unless pixels (and a label) are left."""
    found = [name for name in names if is_id(name)]
    return found if len(names) - len(found) in (pixels, pixels + 1) else []


def label_of(table: Table) -> str:
    """Return which column is the label beside pixels: by its name, else the first or the last by its values.

    Text is a label. So are whole numbers up to 61 that are not all 0, as at the edge of an image, if the
    column at the other end is not so. Raises ValueError if that does not decide.
    """
    ends, named = [table.names[0], table.names[-1]], _named(table)
    likely = named if len(named) == 1 else [name for name in ends if _may_be_label(table, name)]
    if len(likely) != 1:
        raise ValueError(
            f"{table.path}: expected --label {shell(ends[:1])} or --label {shell(ends[1:])}, since the label"
            " may be either the first or the last column"
        )
    return likely[0]


def _named(table: Table) -> list[str]:
    return [name for name in table.names if name.lower() in LABEL_NAMES]


def _may_be_label(table: Table, name: str) -> bool:
    column = table[name]
    if isinstance(column, Texts):
        return True
    return bool(
        (column >= 0).all() and 0 < column.max() <= LARGEST_LABEL and (column == np.rint(column)).all()
    )


def _are_pixels(table: Table) -> bool:
    """Whether all columns are pixels, but for a few that seem to have mistakes in them."""
    return bool(_wrong(table).mean() <= MOST_SPOILED)


def _wrong(table: Table) -> NDArray[np.bool_]:
    """Tell for each column whether it has anything but whole numbers from 0 to 255."""
    numbers = table.numbers
    if numbers.dtype == np.uint8:
        spoiled = np.zeros(numbers.shape[1], bool)
    else:
        with np.errstate(invalid="ignore"):
            spoiled = ~((numbers >= 0) & (numbers <= 255) & (numbers == np.rint(numbers))).all(axis=0)
    wrong = iter(spoiled)
    return np.array([name in table.texts or bool(next(wrong)) for name in table.names])


def _check(table: Table) -> None:
    if not (wrong := _wrong(table)).any():
        return
    name = table.names[int(wrong.argmax())]
    column = table[name]
    if isinstance(column, Texts):
        strange = np.array([not (t.isascii() and t.isdecimal() and int(t) <= 255) for t in column.distinct])
        rows = missing(column) | strange[column.codes]
        shown = (
            "nothing"
            if missing(column)[rows.argmax()]
            else repr(column.distinct[column.codes[rows.argmax()]])
        )
    else:
        rows = ~((column >= 0) & (column <= 255) & (column == np.rint(column)))
        shown = "nothing" if np.isnan(column[rows.argmax()]) else f"{column[rows.argmax()]:g}"
    raise ValueError(
        f"{table.where(name, rows)}: expected a pixel, a whole number from 0 to 255, got {shown}"
    )
