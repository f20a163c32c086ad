"""From a drawing or a photo to what MNIST would have made of it, each stage kept.

MNIST's digits were "size normalized to fit in a 20×20 pixel box while preserving their aspect ratio", with
grey levels from the antialiasing, and "centered in a 28×28 image by computing the center of mass of the
pixels" (LeCun, Bottou, Bengio, Haffner 1998, section III.A). A network that learned them expects the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from glassnet.data.background import widest
from glassnet.data.components import Components, components
from glassnet.data.grouping import around, digits, dots, strokes
from glassnet.data.ink import grey_of, ink_of
from glassnet.data.resizing import fitted, resized
from glassnet.data.ruling import without_lines

Array = NDArray[Any]

SIDE, BOX = 28, 20  # pixels of MNIST's images, and of the box that a digit fits
LARGEST = 1000  # pixels a side above which a picture is reduced first
FINEST = 1.5  # pixels of those that the strokes are thick at least
HALF = 128  # of 255
EDGE = 80  # of 255: ink above it is inside the box
MOST = 400  # digits in a picture: more marks are a pattern


@dataclass(frozen=True)
class Stages:
    """What a drawing became, one step after the other: arrays of uint8.

    grey (H, W) as it came; ink (H, W), without ground and uneven light, 255 is full ink; cropped (h, w), this
    digit alone; scaled, at most 20×20; image (28, 28), centred by mass.
    """

    grey: Array
    ink: Array
    cropped: Array
    scaled: Array
    image: Array


@dataclass(frozen=True)
class Drawn:
    """Something drawn: where, `box` (x0, y0, x1, y1) in the picture's pixels, and its stages."""

    box: tuple[int, int, int, int]
    stages: Stages

    @property
    def image(self) -> Array:
        """What a network gets: (28, 28) uint8."""
        return self.stages.image


def find(picture: Array, *, several: bool = True) -> list[Drawn]:
    """Return what is drawn in a picture (H, W) or (H, W, 3) of uint8, from left to right; [] if nothing is.

    Without `several` all ink is one digit. Raises ValueError for an array that is no such picture, and for
    more than 400 digits: the weave of a cloth has thousands.
    """
    picture = _checked(picture)
    grey = grey_of(resized(picture, fitted(picture.shape, LARGEST)))
    ink = ink_of(grey)
    parts = components(ink >= EDGE)
    if _crossed(parts):
        ink = without_lines(ink, EDGE)
        parts = components(ink >= EDGE)
    if not len(parts.areas):
        return []
    larger = picture.shape[1] / grey.shape[1], picture.shape[0] / grey.shape[0]
    found = strokes(parts)
    drawn = []
    for group in _told_apart(parts, found) if several else [found]:
        members = group + dots(parts, found, group)
        x0, y0, x1, y1 = around(parts, members)
        own = np.zeros(len(parts.areas) + 1, bool)
        own[[0, *(k + 1 for k in members)]] = True  # with the soft edges, which are in no component
        cropped = ink[y0:y1, x0:x1] * own[parts.labels[y0:y1, x0:x1]]
        scaled = fit(cropped)
        box = round(x0 * larger[0]), round(y0 * larger[1]), round(x1 * larger[0]), round(y1 * larger[1])
        drawn.append(Drawn(box, Stages(grey, ink, cropped, scaled, centre(scaled))))
    return drawn


def _told_apart(parts: Components, found: list[int]) -> list[list[int]]:
    groups = digits(parts, found) if len(found) <= 4 * MOST else [[k] for k in found]
    if len(groups) > MOST:
        raise ValueError(f"expected at most {MOST} digits in a picture, got {len(groups):,} marks")
    return groups


def normalize(ink: Array) -> Array:
    """Return ink (H, W) uint8, 255 is full, as MNIST's recipe makes it: (28, 28) uint8.

    An empty one stays empty.
    """
    rows, columns = np.nonzero(ink >= EDGE)
    if not len(rows):
        return np.zeros((SIDE, SIDE), np.uint8)
    return centre(fit(ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]))


def fit(cropped: Array) -> Array:
    """Return a digit (h, w) scaled, antialiased, so that the longer side is 20 pixels.

    Hairlines are first drawn over with a broader pen, as broad as the finest in MNIST.
    """
    thick = _thickness(cropped >= HALF)
    broader = round((FINEST * max(cropped.shape) / BOX - thick) / 2)
    if broader > 0:
        cropped = widest(np.pad(cropped, broader), broader)
    share = BOX / max(cropped.shape)
    height, width = (max(1, round(share * n)) for n in cropped.shape)
    method = Image.Resampling.HAMMING if share < 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(cropped).resize((width, height), method))


def _thickness(mask: Array) -> float:
    """How many pixels thick the strokes are: twice their area for each pixel of their outline."""
    edged = np.pad(mask, 1)
    inner = mask & edged[1:-1, :-2] & edged[1:-1, 2:] & edged[:-2, 1:-1] & edged[2:, 1:-1]
    area = int(np.count_nonzero(mask))
    return 2 * area / max(1, area - int(np.count_nonzero(inner)))


def centre(scaled: Array) -> Array:
    """Return a digit of at most 20×20 in 28×28, its centre of mass as near to the middle as pixels allow."""
    image = np.zeros((SIDE, SIDE), np.uint8)
    mass = scaled.sum(dtype=np.float64)
    if not mass:
        return image
    height, width = scaled.shape
    top = round(SIDE / 2 - float(scaled.sum(axis=1) @ np.arange(height)) / mass)
    left = round(SIDE / 2 - float(scaled.sum(axis=0) @ np.arange(width)) / mass)
    top, left = min(max(top, 0), SIDE - height), min(max(left, 0), SIDE - width)
    image[top : top + height, left : left + width] = scaled
    return image


def _checked(picture: Array) -> Array:
    shape = picture.shape
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or (len(shape) == 3 and shape[2] != 3):
        raise ValueError(f"expected a picture (H, W) or (H, W, 3) of uint8, got {shape} of {picture.dtype}")
    if not picture.size:
        raise ValueError(f"expected a picture with pixels, got {shape}")
    return picture


def _crossed(parts: Components) -> bool:
    """Whether something goes from one side of the picture to the other."""
    height, width = parts.labels.shape
    spans = parts.boxes[:, 2:] - parts.boxes[:, :2]
    return bool((spans >= 0.9 * np.array([width, height])).any())
