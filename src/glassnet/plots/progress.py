"""How a run went: its loss, accuracy or R², and learning rate over the epochs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.plots import style
from glassnet.plots.scales import LOSS, Array, Measured, column, finite, measured
from glassnet.plots.style import BLUE, INK, ORANGE, QUIET
from glassnet.training.engine import rank
from glassnet.training.events import End, Epoch, Step

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STRETCHES = 1500  # a longer run is drawn in so many stretches: more than there are pixels across
_ACROSS = 100  # epochs: the means of more of them are no longer drawn across their epochs


def curves(
    path: str | os.PathLike[str], steps: Sequence[Step], epochs: Sequence[Epoch], end: End | None = None
) -> Path:
    """Draw a run from its step and epoch records; return the path.

    There is the loss, the accuracy or for values R², and the learning rate. A running mean over an epoch is
    drawn across that epoch; what was measured with the weights of an epoch's end is drawn at that end. Marked
    are the best epoch, and where the record `end` says that the run diverged. Raises ValueError if there is
    neither a step nor an epoch.
    """
    if not steps and not epochs:
        raise ValueError("curves: expected step or epoch records, got none: there is nothing to draw")
    with style.drawing():
        return style.save(_curves_figure(steps, epochs, end), path)


def _curves_figure(steps: Sequence[Step], epochs: Sequence[Epoch], end: End | None = None) -> "Figure":
    from matplotlib.ticker import MaxNLocator

    x, unit = _place(column(steps, "step"), epochs)
    ends = column(epochs, "epoch")
    marks = _marks(epochs, end)
    last = max([*x[-1:], *ends[-1:], *(mark.place for mark in marks)]) or 1
    rate = (x, column(steps, "learning_rate")) if steps else (ends, column(epochs, "learning_rate"))

    panels = measured(steps, epochs)
    left, width, gap = 0.7, 4.15, 1.85  # inches
    figure, _ = style.page(left + len(panels) * (width + gap) - 0.55, 4.7)
    for i, what in enumerate(panels):
        upper = style.panel(figure, left + i * (width + gap), 0.58, width, 2.7)
        lower = style.panel(figure, left + i * (width + gap), 3.65, width, 0.5)
        for axes in (upper, lower):
            axes.set_xlim(0, last)
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=unit == "step" or last >= 2))
        _draw_measure(upper, what, x, steps, epochs)
        for mark in marks:
            _draw_mark(upper, mark, last, with_words=i == 0)
        _draw_rate(lower, *rate)
        upper.tick_params(labelbottom=False)
        lower.set_xlabel(unit)
    return figure


def _draw_measure(
    axes: "Axes", what: Measured, x: Array, steps: Sequence[Step], epochs: Sequence[Epoch]
) -> None:
    """Loss, accuracy or R²: batches smoothed to a line, epochs as points, the last values in words."""
    middle, lowest, highest, smooth = _thin(x, what.of(steps))
    if what is LOSS:  # the accuracy of a single batch takes too few values to be worth seeing
        band = np.column_stack([lowest, highest]).ravel()
        axes.plot(np.repeat(middle, 2), band, color=BLUE, alpha=0.22, linewidth=0.6)
    axes.plot(middle, smooth, "." if len(middle) == 1 else "-", color=BLUE, linewidth=1.6)

    training, validation = what.of(epochs), what.of(epochs, "validation_")
    running = np.array([epoch.measured == "running" for epoch in epochs], dtype=bool)
    batches = bool(np.isfinite(smooth).any())
    _draw_epochs(axes, column(epochs, "epoch"), training, validation, running, joined=not batches)

    shown = np.concatenate([training, validation])
    scale = what.limit(axes, finite(smooth), finite(shown))
    axes.set_title(what.title + scale, loc="left", fontsize=style.LARGE, color=INK, pad=10)
    if batches:
        note = "pale: each batch · line: smoothed" if what is LOSS else "line: each batch, smoothed"
        axes.set_title(note, loc="right", fontsize=style.SMALL, color=QUIET, pad=10)

    lines = [("smoothed", smooth, BLUE)]
    if epochs:
        label = "training mean" if running[-1] else "training"
        lines = [(label, training, BLUE), ("validation", validation, ORANGE)]
    _name_ends(axes, [(y[-1], f"{what.show(y[-1])}\n{label}", c) for label, y, c in lines if _ends(y)])


def _draw_epochs(
    axes: "Axes", ends: Array, training: Array, validation: Array, running: NDArray[np.bool_], joined: bool
) -> None:
    """A point an epoch, as far as there is room; a running mean also as a line across its epoch."""
    from matplotlib.transforms import Bbox, TransformedBbox

    N = len(ends)
    if N <= _ACROSS:
        axes.hlines(training[running], ends[running] - 1, ends[running], color=BLUE, linewidth=0.8, alpha=0.6)
    every = max(-(-N // 40), 1)
    kept = np.unique(np.linspace(0, N - 1, min(N, _STRETCHES)).round().astype(int))
    shown = np.searchsorted(kept, np.arange((N - 1) % every, N, every)).clip(max=max(len(kept) - 1, 0))
    point: dict[str, Any] = {
        "markersize": 4.5,
        "markeredgecolor": "white",
        "markeredgewidth": 0.6,
        "markevery": list(shown),  # the last one among them
        "zorder": 3,
    }
    places = (ends - running / 2)[kept]
    points = axes.plot(places, training[kept], "o-" if joined else "o", color=BLUE, linewidth=1.2, **point)
    points += axes.plot(ends[kept], validation[kept], "D-", color=ORANGE, linewidth=1.2, **point)
    for artist in points:  # those at the very end are drawn whole
        artist.set_clip_box(TransformedBbox(Bbox.from_extents(-0.02, -0.02, 1.02, 1.02), axes.transAxes))


def _draw_rate(axes: "Axes", x: Array, rate: Array) -> None:
    axes.plot(x, rate, color=QUIET, linewidth=1.0)
    top = float(rate.max()) or 1.0
    axes.set_ylim(0, 1.15 * top)
    axes.set_yticks([0, top], ["0", f"{top:.3g}"])
    axes.set_title("learning rate", loc="left", fontsize=style.SMALL, color=QUIET, pad=3)


def _place(step: Array, epochs: Sequence[Epoch]) -> tuple[Array, str]:
    """Where steps lie on the horizontal axis, in epochs (in steps while no epoch has ended); and the unit."""
    ended = [epoch for epoch in epochs if epoch.step > 0]
    if not ended:
        return step, "step"
    at = np.array([0, *(epoch.step for epoch in ended)])
    epoch = np.array([0, *(epoch.epoch for epoch in ended)])
    pace = (epoch[-1] - epoch[-2]) / (at[-1] - at[-2])
    return np.interp(step, at, epoch) + pace * np.maximum(step - at[-1], 0), "epoch"


def _thin(x: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """Place, lowest, highest and smoothed value of each stretch of a run; NaN where nothing is finite."""
    if not y.size:
        return x, y, y, y
    finite = np.isfinite(y)
    first = np.unique(np.linspace(0, len(y), min(len(y), _STRETCHES), endpoint=False).astype(int))
    middle = np.add.reduceat(x, first) / np.diff([*first, len(y)])
    count = np.add.reduceat(finite.astype(np.float64), first)
    window = np.hanning(2 * (len(first) // 30) + 3)[1:-1]
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.add.reduceat(np.where(finite, y, 0), first)
        smooth = np.convolve(total, window, "same") / np.convolve(count, window, "same")
    smooth[count == 0] = np.nan
    y = np.where(finite, y, np.nan)
    return middle, np.fmin.reduceat(y, first), np.fmax.reduceat(y, first), smooth


@dataclass(frozen=True)
class _Mark:
    """A place on the horizontal axis and what happened there."""

    place: float
    words: str
    colour: str


def _marks(epochs: Sequence[Epoch], end: End | None) -> list[_Mark]:
    """The best epoch, if it was not the last, and where the loss was no longer a finite number."""
    marks = []
    best = _best(epochs)
    if best is not None and best is not epochs[-1]:
        stopped = f", stopped early after {epochs[-1].epoch:,}" if end and end.reason == "early" else ""
        marks.append(_Mark(best.epoch, f"best epoch: {best.epoch:,}{stopped}", ORANGE))
    if end is not None and end.reason == "diverged":
        place = float(_place(np.array([end.step], np.float64), epochs)[0][0])
        marks.append(_Mark(place, f"diverged after step {end.step:,}", INK))
    return marks


def _best(epochs: Sequence[Epoch]) -> Epoch | None:
    """The epoch whose weights a run keeps, the first of equals. What was not finite may be None."""
    validated = any(epoch.validation_loss is not None for epoch in epochs)
    losses = column(epochs, "validation_loss" if validated else "loss")
    sound = [epoch for epoch, loss in zip(epochs, losses) if np.isfinite(loss)]
    return max(sound, key=rank, default=None)


def _draw_mark(axes: "Axes", mark: _Mark, last: float, *, with_words: bool) -> None:
    """A line and, in one of the panels, a few words."""
    late = mark.place > last / 2
    axes.axvline(mark.place, color=mark.colour, linewidth=0.8, linestyle=(0, (4, 3)))
    if not with_words:
        return
    axes.annotate(
        mark.words,
        (mark.place, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-5 if late else 5, -10),
        textcoords="offset points",
        ha="right" if late else "left",
        color=mark.colour,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},  # the loss may run through the words
    )


def _ends(y: Array) -> bool:
    return bool(np.isfinite(y[-1:]).any())


def _name_ends(axes: "Axes", ends: list[tuple[float, str, str]]) -> None:
    """Write the texts right of the values they belong to, pushed apart where two would touch."""
    apart = 0.17  # of the axes' height: two lines of text and some air
    to_axes = axes.transScale + axes.transLimits
    places = np.array([to_axes.transform((0, value))[1] for value, _, _ in ends]).clip(0, 1)
    if len(ends) == 2 and (gap := places[1] - places[0]) ** 2 < apart**2:
        push = (apart - abs(gap)) / 2 * (1 if gap >= 0 else -1)
        places += [-push, push]
        places += max(0 - places.min(), 0) - max(places.max() - 1, 0)
    for place, (_, text, colour) in zip(places, ends):
        axes.text(1.03, place, text, color=colour, transform=axes.transAxes, va="center", linespacing=1.25)
