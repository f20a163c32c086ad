"""The vertical axes of what is measured over a run: which numbers, in which unit, within which limits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.training.events import Epoch, Step

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A field of the records: its title, the factor to its unit, how a value is written, and its limits.

    `limit(axes, drawn, ends)` sets the axis by the smoothed values and by those of whole epochs; it returns
    what the title must add.
    """

    field: str
    title: str
    unit: float
    show: Callable[[float], str]
    limit: Callable[["Axes", Array, Array], str]

    def of(self, records: Sequence[Step] | Sequence[Epoch], prefix: str = "") -> Array:
        """Return the field of all records, NaN where it was not measured."""
        return column(records, prefix + self.field) * self.unit


def column(records: Sequence[Step] | Sequence[Epoch], name: str) -> Array:
    """Return one field of all records; what was not measured, or is no field of theirs, is NaN."""
    return np.array([getattr(record, name, None) for record in records], dtype=np.float64)


def measured(steps: Sequence[Step], epochs: Sequence[Epoch]) -> list[Measured]:
    """Return what there is to draw: the loss, accuracy if there are classes, and R² if there are values."""
    second = [m for m in (ACCURACY, R2) if any(np.isfinite(m.of(r)).any() for r in (steps, epochs))]
    return [LOSS, *second]


def finite(values: Array) -> Array:
    """Return the finite ones."""
    return values[np.isfinite(values)]


def _limit_loss(axes: "Axes", drawn: Array, ends: Array) -> str:
    """Limits that a diverging run cannot ruin; a logarithmic axis where the loss falls far. Says which."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    drawn = np.concatenate([drawn, ends])
    if not drawn.size:
        axes.set_yticks([])
        return ""
    low, high = drawn.min(), min(drawn.max(), max(4 * drawn[0], 20 * np.median(drawn)))
    if 0 < 5 * low < high:
        axes.set_yscale("log")
        axes.set_ylim(low / 1.5, high * 1.5)
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 2000 * low else (1,)))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        return " (log scale)"
    margin = 0.1 * (high - min(low, 0)) or 1.0
    axes.set_ylim(low - margin if low < 0 else 0, high + margin)
    return ""


def _limit_accuracy(axes: "Axes", drawn: Array, ends: Array) -> str:
    """Limits around what the epochs reached, so that 95 % and 98 % lie well apart."""
    from matplotlib.ticker import FuncFormatter

    low, high = _around(drawn, ends if ends.size else drawn, (0.0, 100.0), margin=1.0)
    axes.set_ylim(max(low, 0), min(high, 100))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
    return ""


def _limit_r2(axes: "Axes", drawn: Array, ends: Array) -> str:
    """Limits around what the epochs reached; a line at 0, where one does no better than the mean."""
    low, high = _around(drawn, ends, (0.0, 1.0), margin=0.01)
    axes.set_ylim(low, min(high, 1))
    axes.axhline(0, color="0.6", linewidth=0.6, zorder=0)
    return ""


def _around(drawn: Array, seen: Array, default: tuple[float, float], margin: float) -> tuple[float, float]:
    seen = seen if seen.size else np.array(default)
    low, high = seen.min(), np.append(drawn, seen).max()
    low = max(low, high - 5 * (high - np.median(seen)))  # one bad first epoch does not flatten the others
    margin = max(0.15 * (high - low), margin)
    return low - margin, high + margin


LOSS = Measured("loss", "Loss", 1.0, "{:#.3g}".format, _limit_loss)
ACCURACY = Measured("accuracy", "Accuracy", 100.0, "{:.2f} %".format, _limit_accuracy)
R2 = Measured("r2", "R²", 1.0, lambda value: f"{value:z.3f}".replace("-", "−"), _limit_r2)
