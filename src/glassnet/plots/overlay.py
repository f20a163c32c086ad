"""Several runs over each other: which fell faster, and which came further."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glassnet.plots import style
from glassnet.plots.scales import ACCURACY, LOSS, Measured, finite, measured
from glassnet.plots.style import INK, QUIET, RULE
from glassnet.training.events import Epoch

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Run = tuple[str, Sequence[Epoch]]

_IN_COLOUR = 8  # runs; more colours than that cannot be told apart
_FAR = 15  # times as many epochs: too far apart for one linear axis
_LINE = 0.2  # inches
_NAME = 3.0  # inches: the room for a name


def overlay(path: str | os.PathLike[str], runs: Sequence[tuple[str, Sequence[Epoch]]]) -> Path:
    """Draw loss, and accuracy or R², of several runs (name, epoch records) over each other; return the path.

    Where some runs have classes and others values, accuracy and R² have a panel each.
    Training is dashed, validation solid. The first eight runs have a colour and a line in the legend with
    their last values; the others are grey. Raises ValueError if no run has finished an epoch.
    """
    drawn = [(name, epochs) for name, epochs in runs if epochs]
    if not drawn:
        raise ValueError("overlay: expected a run with epoch records, got none: there is nothing to draw")
    with style.drawing():
        return style.save(_overlay_figure(drawn), path)


def _overlay_figure(runs: Sequence[Run]) -> "Figure":
    from matplotlib.ticker import MaxNLocator

    panels = measured((), [epoch for _, epochs in runs for epoch in epochs])
    left, top, width, height, gap = 0.7, 0.95, 4.15, 3.3, 0.75  # inches
    beside = left + len(panels) * (width + gap) - gap + 0.3
    names = [style.fit(name, _NAME) for name, _ in runs[:_IN_COLOUR]]
    values = max(style.text_width(_values(panels, epochs)) for _, epochs in runs[:_IN_COLOUR])
    room = 0.35 + max(*map(style.text_width, names), values, 1.5)
    tall = max(top + height + 0.65, top + 2.3 * _LINE * (len(names) + 1))
    title = f"{len(runs)} runs" if len(runs) > 1 else runs[0][0]
    note = "solid: validation · dashed: training"
    if any(len(epochs) == 1 for _, epochs in runs):
        note += " · of a single epoch: filled and hollow"
    if len(panels) > 2:
        note += " · losses of classes and of values are no measure of each other"
    figure, page = style.page(beside + room + style.MARGIN, tall, title, note)

    colours = [*style.kinds(min(len(runs), _IN_COLOUR)), *[RULE] * (len(runs) - _IN_COLOUR)]
    last = max(epochs[-1].epoch for _, epochs in runs)
    for i, what in enumerate(panels):
        axes = style.panel(figure, left + i * (width + gap), top + 0.25, width, height - 0.25)
        for number, ((_, epochs), colour) in reversed(list(enumerate(zip(runs, colours)))):
            _draw_run(axes, what, epochs, colour, zorder=3 - number / len(runs))
        ends = np.concatenate([what.of(e, part) for _, e in runs for part in ("", "validation_")])
        scale = what.limit(axes, np.empty(0), finite(ends))
        if what is not LOSS:
            _reach_ends(axes, [what.of(e[-1:], part)[0] for _, e in runs for part in ("", "validation_")])
        axes.set(xlim=(0, max(last, 2)), xlabel="epoch")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        if last > _FAR * min(epochs[-1].epoch for _, epochs in runs):  # the short ones would be a stroke
            axes.set(xscale="log", xlim=(0.9, last), xlabel="epoch (log scale)")
            axes.xaxis.set_major_formatter("{x:g}")
        axes.set_title(what.title + scale, loc="left", fontsize=style.LARGE, color=INK, pad=10)

    for k, (name, colour) in enumerate(zip(names, colours)):
        y = top + 0.35 + 2.3 * _LINE * k
        page.plot([beside, beside + 0.22], [y - 0.05] * 2, color=colour, linewidth=2.2)
        page.text(beside + 0.32, y, name)
        page.text(beside + 0.32, y + 0.85 * _LINE, _values(panels, runs[k][1]), color=QUIET)
    if others := len(runs) - len(names):
        y = top + 0.35 + 2.3 * _LINE * len(names)
        page.plot([beside, beside + 0.22], [y - 0.05] * 2, color=RULE, linewidth=2.2)
        page.text(beside + 0.32, y, f"{others} more", color=QUIET)
    return figure


def _reach_ends(axes: "Axes", values: Sequence[float]) -> None:
    """Lower the axis to where each run ended, unless it does worse there than a guess."""
    low, high = axes.get_ylim()
    least = min((value for value in values if value >= 0), default=low)
    if least < low:
        axes.set_ylim(max(least - 0.05 * (high - least), 0), high)


def _draw_run(axes: "Axes", what: Measured, epochs: Sequence[Epoch], colour: str, zorder: float) -> None:
    """Both lines of a run. What was measured once is a point."""
    places = np.array([epoch.epoch for epoch in epochs])
    only = "o" if len(epochs) == 1 else ""
    for part, line in (("", (0, (3, 1.5))), ("validation_", "-")):
        values = what.of(epochs, part)
        axes.plot(
            places, values, marker=only, linestyle=line, color=colour, linewidth=1.5 if part else 1.2,
            markersize=5, markerfacecolor=colour if part else "white", clip_on=not only, zorder=zorder,
        )  # fmt: skip


def _values(panels: Sequence[Measured], epochs: Sequence[Epoch]) -> str:
    """The last values in words: of validation, without it of training."""
    words = []
    for what in panels:
        for part in ("validation_", ""):
            value = what.of(epochs[-1:], part)[0]
            if np.isfinite(value):
                name = "" if what is ACCURACY else f"{what.title.lower() if what is LOSS else what.title} "
                words.append(name + what.show(value))
                break
    return ", ".join([*words, f"epoch {epochs[-1].epoch:,}"])
