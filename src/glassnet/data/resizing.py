"""Pictures of another size, antialiased."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[Any]


def fitted(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """Return the shape of a picture (H, W, …) made smaller, if need be, to at most `side` pixels a side."""
    share = min(1.0, side / max(shape[:2]))
    return max(1, round(share * shape[0])), max(1, round(share * shape[1]))


def resized(picture: Array, shape: tuple[int, ...]) -> Array:
    """Return a picture, uint8 (H, W) or (H, W, 3) or float32 (H, W), resized to `shape` (h, w).

    Smaller ones are means over areas; larger ones are interpolated linearly.
    """
    height, width = shape[:2]
    if (height, width) == picture.shape[:2]:
        return picture
    shrinks = height < picture.shape[0] or width < picture.shape[1]
    method = Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize((width, height), method))
