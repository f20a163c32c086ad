"""How a run's steps are spread over a film: weights change fastest at first, so early ones get more time."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

BEND = 40.0  # the first tenth of the steps takes log 5 / log 41 = 43 % of the time
OPENING, HOLD = 0.6, 2.0  # seconds that the first and the last state stand still, in a film of 8 s or more


@dataclass(frozen=True)
class Pace:
    """Places from 0 to 1 for the steps from 0 to `last`: log(1 + 40 s / last) / log 41.

    The film reaches a place after that share of its time, and it is that share of the curves' width.
    """

    last: int

    def place(self, step: ArrayLike) -> Any:
        """Return the place of a step, or of an array of them."""
        return np.log1p(BEND * np.asarray(step, np.float64) / max(self.last, 1)) / math.log1p(BEND)

    def step(self, place: float) -> int:
        """Return the step that the film has reached at a place."""
        return round(max(self.last, 1) * math.expm1(place * math.log1p(BEND)) / BEND) if self.last else 0

    def ticks(self) -> list[int]:
        """Return steps to write under the curves: powers of ten."""
        return [10**power for power in range(12) if 10**power <= self.last]


def place_at(time: float, seconds: float) -> float:
    """Return the place that a film of so many seconds has reached after `time`: still, moving, still."""
    opening, hold = holds(seconds)
    return min(max((time - opening) / (seconds - opening - hold), 0.0), 1.0)


def holds(seconds: float) -> tuple[float, float]:
    """Return for how long the first and the last state stand still."""
    share = min(1.0, seconds / 8)
    return OPENING * share, HOLD * share


def blend(places: NDArray[np.float64], place: float) -> tuple[int, int, float]:
    """Return between which two of the places, in rising order, one lies, and how far on from the first."""
    after = int(np.searchsorted(places, place, side="right"))
    if after == 0:
        return 0, 0, 0.0
    if after == len(places):
        return after - 1, after - 1, 0.0
    low, high = places[after - 1], places[after]
    return after - 1, after, float((place - low) / (high - low))
