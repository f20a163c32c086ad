"""Whether a mark is two straight strokes, and whether a 7 or a 1 is drawn so.

The strokes are found by Hough's transform: for each of many directions the ink is added up in bands as wide
as the stroke; the band with the most ink is a stroke, the next is looked for in what it leaves. Then each is
moved to the middle and the long axis of the ink that is nearest to it. How well two strokes with a round pen
drawn there make up the picture says whether it is two straight strokes.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DIRECTIONS = 60
BINS = 4  # in a pixel
MIDDLE = 0.3  # of a stroke, and what is left of it: between them is its middle
ALIKE, JOINED = 0.7, 0.15  # of the longer stroke: the shorter at least, the gap of a corner at most
PENS = (0.4, 0.55, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)  # widths that are tried, times the one estimated


class Segment(NamedTuple):
    """A straight stroke from its upper to its lower end, (x, y) in pixels from the image's middle."""

    upper: Array
    lower: Array

    @property
    def lean(self) -> float:
        """Degrees from upright, above 0 to the right at the top."""
        dx, dy = self.upper - self.lower
        return float(np.degrees(np.arctan2(dx, -dy)))

    @property
    def length(self) -> float:
        """From end to end."""
        return float(np.hypot(*(self.lower - self.upper)))

    def distance(self, points: Array) -> Array:
        """How far points (n, 2) are from it, (n,)."""
        along = self.lower - self.upper
        t = np.clip((points - self.upper) @ along / max(along @ along, 1e-9), 0, 1)
        away: Array = np.hypot(*(points - self.upper - t[:, None] * along).T)
        return away


def two_strokes(image: Array) -> tuple[Segment, Segment, float] | None:
    """Return two straight strokes in an image (H, W) and the share of its ink by which they miss it.

    None if the image is plainly something else.
    """
    ink = image.ravel() / 255
    total, width = ink.sum(), _width(image)
    if not total:
        return None
    first, rest = _strongest(ink, image.shape, width)
    second, rest = _strongest(rest, image.shape, width)
    if first is None or second is None or rest.sum() > 0.12 * total:
        return None
    fits = [_fitted(image, ink, (first, second), width, margin) for margin in (0.0, width / 2)]
    return min((fit for fit in fits if fit is not None), key=lambda fit: fit[2], default=None)


def may_be_digit(one: Segment, other: Segment) -> bool:
    """Whether two strokes are as in a 7, or in a 1 with its upstroke: joined at the top, one to the left."""
    return _hangs(one, other) or _hangs(other, one)


def cross(one: Segment, other: Segment) -> bool:
    """Whether two strokes cross about in the middle of both, as no digit's do."""
    along, across = one.lower - one.upper, other.lower - other.upper
    turn = along[0] * across[1] - along[1] * across[0]
    if not turn:
        return False
    gap = other.upper - one.upper
    places = (gap[0] * across[1] - gap[1] * across[0]) / turn, (gap[0] * along[1] - gap[1] * along[0]) / turn
    return all(MIDDLE < place < 1 - MIDDLE for place in places)


def corner(one: Segment, other: Segment) -> bool:
    """Whether two strokes about as long as each other meet at their ends: <, v, or a 7."""
    shorter, longer = sorted((one.length, other.length))
    gaps = (np.hypot(*(a - b)) for a in (one.upper, one.lower) for b in (other.upper, other.lower))
    return bool(shorter > ALIKE * longer and min(gaps) < JOINED * longer)


def _fitted(
    image: Array, ink: Array, strokes: tuple[Segment, Segment], width: float, margin: float
) -> tuple[Segment, Segment, float] | None:
    """Move each stroke to the ink that is nearer to it by a margin; tell the share by which they miss it."""
    points = _points(*image.shape)
    for _ in range(4):
        away = [stroke.distance(points) for stroke in strokes]
        moved = [
            _axis(np.where((mine < width / 2 + 1) & (others >= mine + margin), ink, 0), points, width, ink)
            for mine, others in (away, away[::-1])
        ]
        if moved[0] is None or moved[1] is None:
            return None
        strokes = moved[0], moved[1]
    nearest = np.minimum(*(stroke.distance(points) for stroke in strokes))
    pens = [width * share for share in PENS]
    drawn = np.stack([np.clip(pen / 2 + 0.5 - nearest, 0, min(pen, 1)) for pen in pens])
    misses = np.abs(_soft((ink - drawn).reshape(-1, *image.shape))).sum(axis=(1, 2))
    return *strokes, float(misses.min() / ink.sum())


def _hangs(stem: Segment, bar: Segment) -> bool:
    size = max(stem.length, bar.length)
    left, right = sorted((bar.upper, bar.lower), key=lambda end: float(end[0]))
    joined = bar.distance(stem.upper[None])[0] < 0.2 * size
    to_the_left = stem.upper[0] - left[0] > 0.7 * (right[0] - left[0])
    return bool(joined and to_the_left and -30 < stem.lean < 60 and left[1] < stem.upper[1] + 0.65 * size)


def _width(image: Array) -> float:
    """Of the strokes, in pixels: twice their area over their outline."""
    ink = np.pad(image, 1) / 255
    outline = np.hypot(np.diff(ink, axis=0)[:, :-1], np.diff(ink, axis=1)[:-1]).sum()
    return float(2 * ink.sum() / max(outline, 1e-9))


def _soft(images: Array) -> Array:
    """The means of 2 × 2 pixels (n, H + 1, W + 1): half a pixel aside is hardly a difference."""
    f = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    soft: Array = (f[:, 1:, 1:] + f[:, :-1, 1:] + f[:, 1:, :-1] + f[:, :-1, :-1]) / 4
    return soft


def _strongest(ink: Array, shape: tuple[int, ...], width: float) -> tuple[Segment | None, Array]:
    """The band that has the most of the ink (H·W,), as a segment, and what it leaves."""
    bins, count = _table(*shape)
    sums = np.bincount(bins.ravel(), np.tile(ink, DIRECTIONS), DIRECTIONS * count).reshape(DIRECTIONS, count)
    half = round(BINS * (width + 1.5) / 2)
    running = np.cumsum(np.pad(sums, ((0, 0), (half + 1, half))), axis=1)
    bands = running[:, 2 * half + 1 :] - running[:, : -2 * half - 1]
    direction, middle = np.unravel_index(bands.argmax(), bands.shape)
    inside = np.abs(bins[direction] - direction * count - middle) <= half
    return _axis(np.where(inside, ink, 0), _points(*shape), width), np.where(inside, 0, ink)


def _axis(ink: Array, points: Array, width: float, all_ink: Array | None = None) -> Segment | None:
    """The long axis of the ink, as far as that goes, or as `all_ink` does beside it.

    Without the pen's round ends. None of hardly any ink.
    """
    total = ink.sum()
    if total < 3:
        return None
    middle = ink @ points / total
    spread = points - middle
    direction = np.linalg.eigh((spread * ink[:, None]).T @ spread)[1][:, 1]
    along, aside = spread @ direction, spread @ np.array([-direction[1], direction[0]])
    if all_ink is not None:
        ink = np.where(np.abs(aside) < width / 2 + 0.5, all_ink, 0)
    order = np.argsort(along)
    sums = np.cumsum(ink[order])
    low, high = np.interp([0.02, 0.98], sums / sums[-1], along[order])
    reach = max((high - low) / 0.96 - width, 0) / 2
    ends = [middle + (low + high) / 2 * direction + t * direction for t in (-reach, reach)]
    return Segment(*sorted(ends, key=lambda end: float(end[1])))


@lru_cache(maxsize=4)
def _points(height: int, width: int) -> Array:
    y, x = np.indices((height, width)).reshape(2, -1)
    return np.stack([x - (width - 1) / 2, y - (height - 1) / 2], axis=1)


@lru_cache(maxsize=4)
def _table(height: int, width: int) -> tuple[Array, int]:
    """For each direction the bin of each pixel, and how many bins a direction has."""
    angle = np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    normals = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    reach = int(BINS * np.hypot(height, width) / 2) + 2
    count = 2 * reach + 1
    bins = np.rint(normals @ _points(height, width).T * BINS).astype(np.intp) + reach
    return bins + np.arange(DIRECTIONS)[:, None] * count, count
