"""Numbers about classes as aligned text, the same in a terminal and in a pipe."""

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.training.metrics import ClassReport

_MOST_LISTED = 50  # classes with a row each; of more of them the weakest have one
_WEAKEST = 20
_MOST_CROSSED = 20  # classes in a confusion table; of more of them the worst confusions are listed
_CONFUSIONS = 15
_NAME = 24  # columns of the screen
_WIDE = 100  # a wider confusion table has numbers for the names in its head


def class_table(reports: Sequence[ClassReport], classes: Sequence[str]) -> str:
    """Return precision, recall, F1 and count of each class, a dash for what has no examples to divide by.

    Of more than 50 classes the 20 with the lowest F1 have a row.
    """
    chosen, note = list(range(len(reports))), ""
    if len(reports) > _MOST_LISTED:
        present = [k for k, r in enumerate(reports) if not math.isnan(r.f1)]
        chosen = sorted(present, key=lambda k: reports[k].f1)[:_WEAKEST]
        note = f"\n(the {len(chosen)} of {len(reports)} classes with the lowest F1)"
    rows = [["class", "precision", "recall", "F1", "examples"]]
    for k in chosen:
        r = reports[k]
        shares = ("–" if math.isnan(share) else f"{share:.4f}" for share in r[:3])
        rows.append([_short(classes[k]), *shares, f"{r.examples:,}"])
    return _aligned(rows) + note


def confusion_table(table: NDArray[Any], classes: Sequence[str]) -> str:
    """Return the confusion table: rows actual, columns predicted, a dot for none.

    Where the names make it too wide, the rows number the classes and the columns are numbers. Of more than
    20 classes the most frequent confusions are listed instead.
    """
    if len(classes) > _MOST_CROSSED:
        return _confusions(table, classes)
    names = [_short(name) for name in classes]
    counts = [[f"{count:,}" if count else "·" for count in row] for row in table]
    head = ["actual \\ predicted", *names]
    if _width(_aligned([head, *([n, *row] for n, row in zip(names, counts))]).partition("\n")[0]) > _WIDE:
        head = ["actual \\ predicted", *map(str, range(1, len(names) + 1))]
        names = [f"{name} {number:>2}" for number, name in enumerate(names, 1)]
    return _aligned([head, *([name, *row] for name, row in zip(names, counts))])


def _confusions(table: NDArray[Any], classes: Sequence[str]) -> str:
    wrong = np.array(table)
    np.fill_diagonal(wrong, 0)
    worst = np.argsort(-wrong, axis=None, kind="stable")[:_CONFUSIONS]
    rows = [["actual", "taken for", "times", "of"]]
    for actual, predicted in zip(*np.unravel_index(worst, wrong.shape)):
        if wrong[actual, predicted]:
            names = (_short(classes[k]) for k in (actual, predicted))
            rows.append([*names, f"{wrong[actual, predicted]:,}", f"{table[actual].sum():,}"])
    if len(rows) == 1:
        return "No class is taken for another"
    return f"The most frequent of {wrong.sum():,} confusions\n{_aligned(rows)}"


def shown(name: str) -> str:
    """Return the name without what a terminal would not show as a letter."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _short(name: str) -> str:
    """A class's name as it stands in a table."""
    name = shown(name)
    if _width(name) <= _NAME:
        return name
    while _width(name) > _NAME - 1:
        name = name[:-1]
    return name.rstrip() + "…"


def _width(text: str) -> int:
    """How many columns a terminal gives to the text: two for a wide letter, none for a mark on another."""
    columns = (2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return sum(n for n, letter in zip(columns, text) if not unicodedata.combining(letter))


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(map(_width, column)) for column in zip(*rows)]
    lines = [
        "  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(row, widths)) for row in rows
    ]
    return "\n".join(lines)
