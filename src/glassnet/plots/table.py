"""Which classes are taken for which: the confusion table with its margins."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.plots import style
from glassnet.plots.style import INK, QUIET, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Counts = NDArray[np.integer[Any]]

_NUMBERS_UP_TO = 30  # classes; with more of them the numbers would be too small to read
_DIAGONAL = (233, 239, 246)


def confusion(
    path: str | os.PathLike[str], table: ArrayLike, classes: Sequence[str], title: str | None = None
) -> Path:
    """Draw a confusion table (K, K) of counts, rows actual and columns predicted; return the path.

    The mistakes are shaded on a scale of their own. Recall stands right of each row, precision below each
    column. Raises ValueError if the table does not fit `classes`, is not of counts, or counts nothing.
    """
    counts = _counts(table, classes)
    with style.drawing():
        return style.save(_confusion_figure(counts, classes, title), path)


def _counts(table: ArrayLike, classes: Sequence[str]) -> Counts:
    counts = np.asarray(table)
    K = len(classes)
    if counts.shape != (K, K):
        raise ValueError(f"confusion: expected a ({K}, {K}) table for {K} classes, got shape {counts.shape}")
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise ValueError("confusion: expected a table of counts: whole numbers, none negative")
    if not counts.any():
        raise ValueError("confusion: expected at least one counted example, got a table of zeros")
    return counts.astype(np.int64)


def _confusion_figure(counts: Counts, classes: Sequence[str], title: str | None) -> "Figure":
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize, PowerNorm

    K = len(classes)
    numbers = K <= _NUMBERS_UP_TO
    cell = float(np.clip(5.6 / K, 0.3, 0.95)) if numbers else 8.7 / K  # inches
    every = int(np.ceil(0.1 / cell))  # so many classes share one name where there is no room for all
    size = min(style.SMALL, 0.8 * 72 * cell * every)
    names = [style.fit(name, 1.8, size) for name in classes]
    widest = max(style.text_width(name, size) for name in names)
    upright = widest > cell - 0.08

    side = K * cell
    left = 0.45 + max(widest, style.text_width("precision %"))
    top = 1.15 + (widest if upright else 0.15)
    figure, page = style.page(left + side + 1.0, top + side + 0.5, *_headline(counts, classes, title))
    page.text(left, 0.98, "predicted →", color=QUIET)
    page.text(left - 0.08, top - 0.07, "actual ↓", color=QUIET, ha="right")

    axes = style.panel(figure, left, top, side, side)
    most = max(_mistakes(counts).max(), 1)
    # Without numbers in the cells the rare mistakes must be seen by their shade alone.
    scale = Normalize(0, most) if numbers else PowerNorm(0.5, 0, most)
    mistakes = ScalarMappable(scale, style.sequential())
    shades = mistakes.to_rgba(counts, bytes=True)[..., :3]
    shades[np.diag_indices(K)] = _DIAGONAL
    axes.imshow(shades, aspect="auto", interpolation="nearest")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=size, labelcolor=INK)
    axes.xaxis.tick_top()
    axes.set_xticks(range(0, K, every), names[::every], rotation=90 if upright else 0)
    axes.set_yticks(range(0, K, every), names[::every])
    if numbers:
        _write_counts(axes, counts, shades, cell)
        _write_margins(axes, counts, cell)
    else:
        bar = figure.colorbar(mistakes, style.panel(figure, left + side + 0.15, top, 0.12, 1.5))
        bar.outline.set_visible(False)
        bar.set_label("mistakes")
    return figure


def _mistakes(counts: Counts) -> Counts:
    return counts - np.diag(counts.diagonal())


def _headline(counts: Counts, classes: Sequence[str], title: str | None) -> tuple[str, str]:
    """The accuracy, and in words the most frequent mistake."""
    total, right = counts.sum(), counts.trace()
    first = f"accuracy {100 * right / total:.2f} %"
    second = f"{right:,} of {total:,} right"
    wrong = _mistakes(counts)
    if wrong.any():
        actual, predicted = np.unravel_index(wrong.argmax(), wrong.shape)
        a, b = (style.fit(classes[int(k)], 1.8) for k in (actual, predicted))
        second += f"; most frequent mistake: {a} taken for {b} ({wrong.max():,} ×)"
    return f"{title}: {first}" if title else first.capitalize(), second


def _write_counts(axes: "Axes", counts: Counts, shades: NDArray[np.uint8], cell: float) -> None:
    """The count in every cell, white on dark, and rules between the cells."""
    size = min(0.42 * 72 * cell, 0.85 * 72 * cell / (0.64 * len(str(counts.max()))), 11)
    dark = shades.mean(axis=2) < 140
    for (actual, predicted), count in np.ndenumerate(counts):
        colour = "white" if dark[actual, predicted] else INK if count else RULE
        axes.text(predicted, actual, f"{count}", color=colour, size=size, ha="center", va="center")
    edges = np.arange(len(counts) + 1) - 0.5
    axes.hlines(edges, -0.5, len(counts) - 0.5, color=RULE, linewidth=0.4, clip_on=False)
    axes.vlines(edges, -0.5, len(counts) - 0.5, color=RULE, linewidth=0.4, clip_on=False)


def _write_margins(axes: "Axes", counts: Counts, cell: float) -> None:
    """Recall right of each row, precision below each column; a dash where there is nothing to divide by."""
    size = min(style.SMALL, 0.85 * 72 * cell / (0.64 * 4))
    edge = len(counts) - 0.5

    def share(right: int, of: int) -> str:
        return f"{100 * right / of:.1f}" if of else "–"

    for k, right in enumerate(counts.diagonal()):
        axes.text(
            edge + 0.55 / cell,
            k,
            share(right, counts[k].sum()),
            color=QUIET,
            size=style.SMALL,
            ha="right",
            va="center",
        )
        axes.text(
            k,
            edge + 0.14 / cell,
            share(right, counts[:, k].sum()),
            color=QUIET,
            size=size,
            ha="center",
            va="center",
        )
    axes.text(edge + 0.1 / cell, -0.5 - 0.08 / cell, "recall %", color=QUIET)
    axes.text(-0.5 - 0.08 / cell, edge + 0.14 / cell, "precision %", color=QUIET, ha="right", va="center")
