"""A weight matrix as it is: features against units, each weight a shade."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.plots import style
from glassnet.plots.style import INK, RULE

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

Weights = NDArray[np.floating[Any]]
Numbers = NDArray[np.intp]
Pixels = NDArray[np.uint8]

MOST_UNITS = 256
SCALE = "blue below zero, white at zero, orange above"
_MOST_FEATURES = 40
_NAME = 2.2  # inches: the room for a name


def weights_table(path: str | os.PathLike[str], weights: ArrayLike, names: Sequence[str]) -> Path:
    """Draw the weights (features, units) of a table's features into each unit as a matrix; return the path.

    Of more than 40 features and of more than 256 units those with the largest norm are drawn. Raises
    ValueError if there are not as many names as features or a weight is not finite.
    """
    W = checked("weights_table", weights)
    if len(names) != len(W):
        raise ValueError(f"weights_table: expected {len(W)} names of features, got {len(names)}")
    with style.drawing():
        return style.save(matrix_figure(W, list(map(str, names))), path)


def checked(caller: str, weights: ArrayLike) -> Weights:
    """Return the weights (inputs, units) as float64: scale and norms may be too large for float32."""
    W = np.asarray(weights)
    if W.ndim != 2 or not W.size or W.dtype.kind not in "fiu":
        raise ValueError(f"{caller}: expected real numbers (inputs, units), got {W.dtype} of shape {W.shape}")
    if not np.isfinite(W).all():
        count = np.count_nonzero(~np.isfinite(W))
        raise ValueError(
            f"{caller}: expected finite numbers, got {count:,} of {W.size:,} that are NaN or infinite"
        )
    return W.astype(np.float64)


def matrix_figure(W: Weights, names: Sequence[str] | None = None) -> "Figure":
    """One column a unit; one row an input, by its name if it has one, with its numbers while they are few."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    whole = W
    rows = strongest(W.T, _MOST_FEATURES) if names else np.arange(len(W))
    W, numbers = W[rows], strongest(W[rows], MOST_UNITS)
    W = W[:, numbers]
    inputs, units = W.shape
    labels = [style.fit(names[row], _NAME) for row in rows] if names else []
    width, height = float(np.clip(0.5 * units, 1.5, 9.0)), float(np.clip(0.32 * inputs, 1.5, 5.5))
    if names:
        height = float(np.clip(0.32 * inputs, 0.9, 0.2 * max(inputs, 28)))
    left, top = max([0.75, *(0.4 + style.text_width(label) for label in labels)]), 0.95
    note = f"one column a unit, one row {'a feature' if names else 'an input'}; {SCALE}"
    height_of_page = top + max(height, 1.75) + 0.6
    figure, _ = style.page(left + width + 1.0, height_of_page, _title(whole, W, bool(names)), note)
    axes = style.panel(figure, left, top, width, height)
    limit = limit_of(W)
    axes.imshow(colours(W, limit), aspect="auto", interpolation="nearest")
    axes.spines[:].set_visible(True)
    axes.set(xlabel="unit", ylabel="" if names else "input")
    axes.xaxis.set_major_locator(MaxNLocator(9, integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{numbers[int(x)]}" if 0 <= x < units else ""))
    if names:
        axes.set_yticks(range(inputs), labels)
        axes.tick_params("y", length=0, labelcolor=INK)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(9, integer=True, min_n_ticks=1))
    if units <= 18 and inputs <= 17 and 0.1 <= limit < 100:  # the numbers fit into their cells
        for (i, j), w in np.ndenumerate(W):
            colour = "white" if abs(w) > 0.6 * limit else INK
            axes.text(j, i, f"{w:z.2f}".replace("-", "−"), color=colour, ha="center", va="center")
    draw_scale(figure, W, left + width + 0.12, top)
    return figure


def title_of(units: int, shown: int) -> str:
    """Return which weights are drawn, in words."""
    if shown < units:
        return f"The weights into {shown} of {units:,} units: those with the largest norm"
    return f"The weights into {units:,} units" if units > 1 else "The weights into one unit"


def _title(whole: Weights, W: Weights, of_features: bool) -> str:
    title = title_of(whole.shape[1], W.shape[1])
    if of_features and len(W) < len(whole):
        return f"{title}, from the {len(W)} strongest of {len(whole):,} features"
    return title


def strongest(W: Weights, most: int) -> Numbers:
    """Return which columns have the largest norm, so many at most, in their order."""
    if W.shape[1] <= most:
        return np.arange(W.shape[1])
    return np.sort(np.argsort(-np.linalg.norm(W, axis=0), kind="stable")[:most])


def limit_of(W: Weights) -> float:
    """Return where the scale ends: at the largest weight, unless a few lie far beyond the others."""
    usual, largest = float(np.quantile(np.abs(W), 0.999)), float(np.abs(W).max())
    return (usual if largest > 1.5 * usual > 0 else largest) or 1.0


def colours(values: Weights, limit: float) -> Pixels:
    """Return the values' colours (…, 3)."""
    return np.asarray(style.diverging()(0.5 + values / (2 * limit), bytes=True), dtype=np.uint8)[..., :3]


def draw_scale(
    figure: "Figure", W: Weights, left: float, top: float, shades: "Colormap | None" = None
) -> None:
    """What the shades mean, in numbers; those of `diverging` unless told."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    limit = limit_of(W)
    least, most = ("≤ ", "≥ ") if np.abs(W).max() > limit else ("", "")
    scale = ScalarMappable(Normalize(-limit, limit), shades or style.diverging())
    bar = figure.colorbar(scale, style.panel(figure, left, top, 0.13, 1.5))
    bar.set_ticks([-limit, 0, limit], labels=[f"{least}−{limit:.2g}", "0", f"{most}{limit:.2g}"])
    bar.outline.set(edgecolor=RULE)
