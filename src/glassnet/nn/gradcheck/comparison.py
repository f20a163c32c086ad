"""One array's gradient beside the slopes of the loss, along random directions or entry by entry."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.gradcheck.report import Entry, Row
from glassnet.nn.gradcheck.slopes import Slope, slope
from glassnet.nn.layer import Array

STEP = 1e-4
SURE = 3  # both sides may differ by so many of the slope's uncertainties, which are estimates
EXAMINED = 500  # entries among which the worst is looked for where a direction has shown a mistake


class Settings(NamedTuple):
    """How thoroughly to look."""

    entries: bool
    directions: int
    tolerance: float
    seed: int

    def checked(self) -> "Settings":
        """Return the settings; ValueError for one out of its range."""
        if isinstance(self.directions, bool) or not isinstance(self.directions, int) or self.directions < 1:
            raise ValueError(f"gradient check: expected at least 1 direction, got {self.directions!r}")
        if not (is_number(self.tolerance) and 0 < self.tolerance < 1):
            raise ValueError(f"gradient check: expected 0 < tolerance < 1, got {self.tolerance!r}")
        return self


class Subject(NamedTuple):
    """An array to move and put back, the gradient by it as backward left it, and the loss as it then is.

    `noise` is the rounding error of the loss.
    """

    name: str
    array: Array
    gradient: Array
    loss: Callable[[], float]
    noise: float = 0.0

    def slope(self, place: Any, direction: Any) -> Slope:
        """Measure the slope of the loss along a direction of `array[place]`."""
        before = self.array[place].copy()

        def moved(t: float) -> float:
            self.array[place] = before + t * direction
            return self.loss()

        found = slope(moved, STEP * max(1.0, _rms(self.array)), noise=self.noise)
        self.array[place] = before
        return found

    def entry(self, place: Any, direction: Any, tolerance: float) -> Entry | None:
        """Compare both sides along a direction of `array[place]`; None if a kink is in reach."""
        found = self.slope(place, direction)
        if found.kink or math.isnan(found.value):
            return None
        index = place if isinstance(place, tuple) else None
        analytic = float(np.vdot(self.gradient[place], direction))
        if not math.isfinite(analytic):
            return Entry(self.name, index, analytic, found.value, found.uncertainty, math.inf)
        off, explained = abs(analytic - found.value), SURE * found.uncertainty
        scale = max(abs(analytic), abs(found.value), _rms(self.gradient))
        if off <= tolerance * scale + explained:
            scale += (
                explained / tolerance
            )  # so that an error is within the tolerance exactly where it is right
        return Entry(self.name, index, analytic, found.value, found.uncertainty, off / scale if off else 0.0)


def compare(subject: Subject, settings: Settings) -> Row:
    """Look at one array; where a direction shows a mistake, look for the worst entry too."""
    generator = np.random.default_rng([settings.seed, *subject.name.encode()])
    if settings.entries:
        return _row(subject, settings, np.ndindex(subject.array.shape))
    row = _along_directions(subject, settings, generator)
    if row.right or row.worst is None:
        return row
    closer = _row(subject, settings, _sample(subject.array, generator))
    return row if closer.right or closer.worst is None else closer


def _row(subject: Subject, settings: Settings, places: Iterator[tuple[int, ...]]) -> Row:
    return _sum_up(subject, settings, [subject.entry(place, 1.0, settings.tolerance) for place in places])


def _along_directions(subject: Subject, settings: Settings, generator: np.random.Generator) -> Row:
    """Compare along random directions of length 1, and along others in place of those that meet a kink."""
    found: list[Entry | None] = []
    for _ in range(4 * settings.directions):
        direction = generator.normal(size=subject.array.shape)
        found.append(subject.entry(..., direction / np.linalg.norm(direction), settings.tolerance))
        if len(found) - found.count(None) == settings.directions:
            break
    return _sum_up(subject, settings, found)


def _sum_up(subject: Subject, settings: Settings, found: list[Entry | None]) -> Row:
    entries = [entry for entry in found if entry is not None]
    worst = max(entries, key=lambda entry: entry.error, default=None)
    right = worst is not None and worst.error <= settings.tolerance
    return Row(subject.name, len(entries), len(found) - len(entries), worst, right)


def _sample(array: Array, generator: np.random.Generator) -> Iterator[tuple[int, ...]]:
    for i in sorted(generator.choice(array.size, min(array.size, EXAMINED), replace=False)):
        yield tuple(int(k) for k in np.unravel_index(i, array.shape))


def _rms(array: Array) -> float:
    return float(np.sqrt(np.mean(np.square(array))))
