"""What a mark is, by its moments alone: how long, how wide, how straight, which way it leans.

A straight bar of length L and width t has the variances L²/12 along and t²/12 across it, and the mass L t.
Of any mark the same numbers say how much of a bar it is: the width that its mass and length leave it
explains the variance across, or there is some that only a bend explains.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Shape:
    """Measures of a mark in pixels, as of the bar with its moments.

    length, width   of the bar: √12 standard deviations along the long axis and across it
    lean            degrees of the long axis from upright: above 0 to the right at the top, −90 to 90
    solid           its mass over the bar's, length · width: about 1 of a bar or a disc, less of a bent stroke
    bend            standard deviation across the axis that its thickness does not explain, over that along it
    """

    length: float
    width: float
    lean: float
    solid: float
    bend: float


def measure(ink: Array) -> Shape | None:
    """Measure the mark in `ink` (H, W), 255 is full ink; None if there is none."""
    mass = ink.sum(dtype=np.float64) / 255
    if not mass:
        return None
    height, width = ink.shape
    y, x = np.arange(height), np.arange(width)
    down, across = (
        ink.sum(axis=1, dtype=np.float64) / 255 / mass,
        ink.sum(axis=0, dtype=np.float64) / 255 / mass,
    )
    y, x = y - down @ y, x - across @ x
    pixel = 1 / 12  # the variance of a pixel itself
    vy, vx = down @ y**2 + pixel, across @ x**2 + pixel
    vxy = float(y @ ink.astype(np.float64) @ x) / 255 / mass
    middle, radius = (vy + vx) / 2, float(np.hypot((vy - vx) / 2, vxy))
    along, aside = middle + radius, max(middle - radius, pixel)
    lean = float(np.degrees(np.arctan2(-2 * vxy, vy - vx))) / 2
    thickness = mass / np.sqrt(12 * along)
    bend = np.sqrt(max(aside - thickness**2 / 12, 0.0) / along)
    length, wide = np.sqrt(12 * along), np.sqrt(12 * aside)
    return Shape(float(length), float(wide), lean, float(mass / (length * wide)), float(bend))
