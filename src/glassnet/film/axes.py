"""What a curve is drawn on and by: its vertical axis, its numbers, and its line through noisy batches."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FINE = 400  # places at which a curve is smoothed
SPREAD = 0.008  # of the width: how far a batch reaches into the smoothed curve


@dataclass
class Scale:
    """A vertical axis from low to high, logarithmic or not, with its ticks."""

    low: float
    high: float
    log: bool
    ticks: list[tuple[float, str]]

    def place(self, values: Any) -> Any:
        """Return places from 0, low, to 1, high; a little beyond for what lies outside."""
        values = np.asarray(values, np.float64)
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.log(values / self.low) / math.log(self.high / self.low)
        else:
            ratio = (values - self.low) / (self.high - self.low)
        return np.clip(ratio, -0.02, 1.02)


def smoothed(at: Array, values: Array) -> Array:
    """Return the values, one of a batch each, as a smooth curve over the whole film; NaN before and after.

    They are averaged over a hundredth or so of the width, at the least over the nearest.
    """
    grid = np.linspace(0, 1, FINE)
    sound = np.isfinite(values)
    if not sound.any():
        return np.full(FINE, np.nan)
    at, values = at[sound], values[sound]
    cells = np.clip((at * (FINE - 1)).round().astype(int), 0, FINE - 1)
    total = np.bincount(cells, values, FINE)
    count = np.bincount(cells, minlength=FINE).astype(np.float64)
    reach = math.ceil(3 * SPREAD * FINE)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (SPREAD * FINE)) ** 2)
    total, count = np.convolve(total, kernel, "same"), np.convolve(count, kernel, "same")
    near = count > 0.2  # in between single early batches the curve is straight
    if not near.any():
        return np.full(FINE, np.nan)
    curve = np.interp(grid, grid[near], total[near] / count[near])
    curve[(grid < at[0] - 1 / FINE) | (grid > at[-1] + 1 / FINE)] = np.nan
    return curve


def band(at: Array, values: Array, columns: int) -> tuple[Array, Array, Array]:
    """Return for each column of pixels its place, and the lowest and the highest value in it."""
    cells = np.clip((at * columns).astype(int), 0, columns - 1)
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    sound = np.isfinite(values)
    np.minimum.at(low, cells[sound], values[sound])
    np.maximum.at(high, cells[sound], values[sound])
    found = low <= high
    return (np.arange(columns) / columns)[found], low[found], high[found]


def scale_of(what: str, batches: Array, smooth: Array, *ends: Array) -> Scale:
    """Return the axis on which all of a run fits, but for what a diverging one ends with."""
    values = np.concatenate([smooth, *ends])
    values = values[np.isfinite(values)]
    if what == "accuracy":
        return Scale(0.0, 1.0, False, [(0.0, "0"), (0.5, "50"), (1.0, "100 %")])
    if what == "r2":
        low = max(min(0.0, float(values.min(initial=0.0))), -1.0)
        return Scale(low, 1.0, False, [(0.0, "0"), (0.5, "0.5"), (1.0, "1")])
    if not len(values):
        return Scale(0.0, 1.0, False, [])
    low, high = float(values.min()), float(min(values.max(), max(4 * values[0], 20 * np.median(values))))
    if 0 < 5 * low < high:
        low, high = low / 1.25, high * 1.25
        return Scale(low, high, True, [(tick, _short(tick)) for tick in _decades(low, high)])
    high = high + 0.1 * (high - min(low, 0.0)) or 1.0
    low = min(low, 0.0)
    step = _nice((high - low) / 3)
    ticks = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
    return Scale(low, high, False, [(float(tick), _short(float(tick))) for tick in ticks])


def _decades(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ticks = [f * 10.0**power for power in powers for f in factors if low <= f * 10.0**power <= high]
        if len(ticks) <= 4:
            break
    return ticks[:: max(1, -(-len(ticks) // 4))]


def _short(tick: float) -> str:
    if tick and not 1e-3 <= abs(tick) < 1e4:
        return f"{tick:.0e}".replace("e+0", "e").replace("e-0", "e−").replace("e+", "e").replace("e-", "e−")
    return f"{tick:g}".replace("-", "−")


def _nice(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= value * 0.999)


def shown_value(what: str, value: float) -> str:
    """Return a value as it is written beside its curve."""
    if what == "accuracy":
        return f"{100 * value:.1f} %" if value < 0.9995 else "100 %"
    text = f"{value:z.3f}" if what == "r2" or 0.001 <= abs(value) < 10 else f"{value:.3g}"
    return text.replace("-", "−")
