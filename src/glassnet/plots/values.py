"""Predicted values against the actual ones, and how far they lie apart."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.plots import style
from glassnet.plots.numbers import readable, separate_thousands
from glassnet.plots.style import BLUE, INK, ORANGE, QUIET
from glassnet.training.metrics import r_squared

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Values = NDArray[np.float64]

_SIDE, _BESIDE = 4.2, 3.2  # inches
_POINTS = 3000  # more of them are counted in hexagons
_MOST_ROWS = 4  # targets
_NAME = 2.6  # inches: the room for a name


def predicted_against_actual(
    path: str | os.PathLike[str],
    actual: ArrayLike,
    predicted: ArrayLike,
    name: str | Sequence[str] = "value",
    part: str = "",
) -> Path:
    """Draw predicted values against the actual ones, and the distribution of the errors; return the path.

    `actual` and `predicted` are (N,) or (N, K), in the units of the target called `name`; K targets have a
    row each, up to four, and may have a name each. `part` says of what they are, "test" say. More than 3,000
    points are counted in hexagons. Raises ValueError if the shapes differ, there is no example, or a number
    is not finite.
    """
    a, p = _columns(actual, predicted)
    K = a.shape[1]
    if isinstance(name, str):
        names = [name] if K == 1 else [f"{name} {k}" for k in range(1, K + 1)]
    else:
        names = [str(one) for one in name]
    if len(names) != K:
        raise ValueError(f"predicted_against_actual: expected {K} names of targets, got {len(names)}")
    with style.drawing():
        return style.save(_values_figure(a, p, names, part), path)


def summary(actual: Values, predicted: Values) -> str:
    """Return R², unless all actual values are equal, and the mean absolute error of (N, K) in words."""
    spread = ((actual - actual.mean(axis=0)) ** 2).sum(axis=0)
    share = r_squared(((actual - predicted) ** 2).sum(axis=0), spread)
    words = f"R² {share:z.4f}, ".replace("-", "−") if spread.any() else ""
    return f"{words}mean absolute error {readable(np.abs(predicted - actual).mean())}"


def _columns(actual: ArrayLike, predicted: ArrayLike) -> tuple[Values, Values]:
    caller = "predicted_against_actual"
    a, p = np.asarray(actual, np.float64), np.asarray(predicted, np.float64)
    a, p = (v[:, None] if v.ndim == 1 else v for v in (a, p))
    if a.ndim != 2 or a.shape != p.shape or not a.size:
        raise ValueError(
            f"{caller}: expected as many predicted as actual values, (N, K), got {p.shape} and {a.shape}"
        )
    if not (np.isfinite(a).all() and np.isfinite(p).all()):
        raise ValueError(f"{caller}: expected finite values, got NaN or infinity")
    return a, p


def _values_figure(actual: Values, predicted: Values, names: Sequence[str], part: str = "") -> "Figure":
    N, K = actual.shape
    rows = min(K, _MOST_ROWS)
    note = f"{f'on {N:,} {part}' if part else f'{N:,}'} example{'s' * (N > 1)}"
    if K > 1:
        note += f"; R² and error are means over {K} targets" + f", the first {rows} drawn" * (rows < K)
    left, top, gap = 1.05, 1.05, 1.25  # inches
    width = left + _SIDE + gap + _BESIDE + style.MARGIN + 0.1
    height = top + rows * (_SIDE + 0.75)
    head = summary(actual, predicted)
    figure, _ = style.page(width, height, head[0].upper() + head[1:], note)
    for k in range(rows):
        y = top + k * (_SIDE + 0.75)
        a, p, name = actual[:, k], predicted[:, k], style.fit(names[k], _NAME)
        _draw_points(style.panel(figure, left, y, _SIDE, _SIDE), a, p, name)
        _draw_errors(style.panel(figure, left + _SIDE + gap, y + 0.25, _BESIDE, _SIDE - 0.25), p - a)
    return figure


def _draw_points(axes: "Axes", actual: Values, predicted: Values, name: str) -> None:
    """Each example a point, or each hexagon a count, on equal axes with the diagonal."""
    low, high = _limits(actual, predicted)
    beyond = np.count_nonzero((predicted < low) | (predicted > high))
    predicted = predicted.clip(low, high)
    if len(actual) <= _POINTS:
        size = float(np.clip(6000 / len(actual), 5, 26))  # points²
        alpha = float(np.clip(200 / len(actual), 0.35, 0.8))
        axes.scatter(
            actual, predicted, s=size, color=BLUE, alpha=alpha, linewidths=0, clip_on=False, zorder=2
        )
    else:
        box = (low, high, low, high)
        look: dict[str, Any] = {"cmap": style.shades(), "bins": "log", "mincnt": 1, "linewidths": 0}
        counts = axes.hexbin(actual, predicted, gridsize=70, extent=box, **look)
        _name_shades(axes, counts)
    axes.plot([low, high], [low, high], color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=3)
    axes.set(xlim=(low, high), ylim=(low, high), xlabel=f"actual {name}", ylabel=f"predicted {name}")
    for axis in (axes.xaxis, axes.yaxis):
        separate_thousands(axis)
    axes.set_yticks(axes.get_xticks())
    axes.set(xlim=(low, high), ylim=(low, high))
    if beyond:
        words = f"{beyond:,} beyond the edge, drawn on it"
        axes.set_title(words, loc="left", fontsize=style.SMALL, color=QUIET, pad=6)


def _name_shades(axes: "Axes", counts: Any) -> None:
    """A small scale inside the panel, where a good prediction leaves room: below the diagonal."""
    scale = axes.inset_axes((0.72, 0.09, 0.24, 0.03))
    figure = axes.figure
    bar = figure.colorbar(counts, scale, orientation="horizontal")
    bar.outline.set_visible(False)
    scale.set_title("examples", fontsize=style.SMALL, color=QUIET, pad=4)
    top = int(counts.get_array().max())
    bar.set_ticks([1, top] if top > 1 else [1], labels=[f"{n:,}" for n in ((1, top) if top > 1 else (1,))])
    bar.minorticks_off()


def _draw_errors(axes: "Axes", errors: Values) -> None:
    """How the errors are distributed; the few that are far out are counted in the outermost bars."""
    from matplotlib.ticker import MaxNLocator

    sizes = np.abs(errors)
    reach = float(min(1.05 * sizes.max(), 6 * np.median(sizes) or np.inf)) or 1.0
    bars = int(np.clip(2 * np.sqrt(len(errors)), 10, 60)) // 2 * 2 + 1  # odd: zero is inside the middle one
    inside = errors.clip(-reach, reach)
    axes.hist(inside, bins=np.linspace(-reach, reach, bars + 1).tolist(), color=BLUE, alpha=0.75)
    axes.axvline(0, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    mean = float(errors.mean())
    if abs(mean) < reach:
        axes.axvline(mean, color=ORANGE, linewidth=1.4)
    words = f"on average {'+' * (mean >= 0)}{readable(mean)}".replace("-", "−")
    axes.set_title(words, loc="left", fontsize=style.SMALL, color=ORANGE, pad=6)
    if beyond := np.count_nonzero(sizes > reach):
        axes.set_title(f"outermost: {beyond:,} beyond", loc="right", fontsize=style.SMALL, color=QUIET, pad=6)
    axes.set(xlim=(-reach, reach), xlabel="error: predicted − actual", ylabel="examples")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    separate_thousands(axes.xaxis, 5 if reach < 1e5 else 4)


def _limits(actual: Values, predicted: Values) -> tuple[float, float]:
    """Around all actual values, and the predicted ones but for a few that are absurdly far off."""
    low, high = float(actual.min()), float(actual.max())
    reach = 0.25 * (high - low) or abs(high) or 1.0
    least, most = np.quantile(predicted, [0.05, 0.95], method="nearest")
    low = min(low, max(float(predicted.min()), min(low - reach, float(least))))
    high = max(high, min(float(predicted.max()), max(high + reach, float(most))))
    margin = 0.04 * (high - low) or 1.0
    return low - margin, high + margin
