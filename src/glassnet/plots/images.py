"""Which arrays are images: grey or in colour, with the channels before or after the pixels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def channels_last(images: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """Return images (N, *shape), or (N, pixels), as (N, H, W) or (N, H, W, 3); None if they are no images.

    `shape` is (H, W), (1, H, W), (3, H, W), (H, W, 1) or (H, W, 3); of (3, H, 3) the first are the channels.
    """
    if len(shape) == 2:
        return images.reshape(-1, *shape)
    if len(shape) != 3:
        return None
    if shape[0] in (1, 3):
        images = np.moveaxis(images.reshape(-1, *shape), 1, -1)
    elif shape[2] in (1, 3):
        images = images.reshape(-1, *shape)
    else:
        return None
    return images[..., 0] if images.shape[-1] == 1 else images
