"""Thicker, thinner, fainter and softer strokes: grey morphology over 3 × 3 pixels, on whole batches.

Images lie in a frame of zeros, so that the neighbours of all pixels are the same array shifted: whatever
runs over an edge of one image falls into a frame.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FRAME = 2  # pixels on each side: a stroke may grow by so many


def framed(images: Array) -> Array:
    """Return images (n, H, W) in their frames, (n, H + 4, W + 4)."""
    n, height, width = images.shape
    frame = np.zeros((n, height + 2 * FRAME, width + 2 * FRAME), images.dtype)
    frame[:, FRAME:-FRAME, FRAME:-FRAME] = images
    return frame


def redraw(images: Array, thickness: Array, ink: Array, blur: Array) -> Array:
    """Return framed images (n, H, W) uint8 with strokes changed by amounts (n,) for each.

    A thickness above 0 adds up to so many pixels on each side, below 0 it takes that share of all but the
    ridges; `ink` is a factor, `blur` the share of a 3 × 3 mean.
    """
    if not (thickness.any() or blur.any() or (ink != 1).any()):
        return images
    drawn = images.copy()
    for change, amount, some in (
        (thicker, thickness, thickness > 0),
        (thinner, -thickness, thickness < 0),
        (soften, blur, blur > 0),
        (fade, ink, ink != 1),
    ):
        rows = np.flatnonzero(some)
        if rows.size:
            drawn[rows] = change(drawn[rows], amount[rows])
    return drawn


def thicker(images: Array, pixels: Array) -> Array:
    """Dilate each image (n, H, W) by so many pixels (n,), up to 2."""
    wide = dilate(images)
    drawn = mix(images, wide, np.minimum(pixels, 1))
    more = np.flatnonzero(pixels > 1)
    if more.size:
        drawn[more] = mix(wide[more], dilate(wide[more]), pixels[more] - 1)
    return drawn


def thinner(images: Array, share: Array) -> Array:
    """Take from each image (n, H, W) that share (n,) of what an erosion takes, but leave the ridges.

    A ridge is where the softened image is no lower than on both sides, across or along.
    """
    middle, (up, down, left, right) = _neighbours(mean(images))
    ridge = middle >= np.maximum(up, down)
    ridge |= middle >= np.maximum(left, right)
    hair = erode(images)
    inner, _ = _neighbours(hair)
    kept = np.negative(ridge.view(np.uint8))  # 255 on a ridge
    kept &= _neighbours(images)[0]
    np.maximum(inner, kept, out=inner)
    return mix(images, hair, share)


def dilate(images: Array) -> Array:
    """The greatest of each pixel and its four neighbours."""
    out = images.copy()
    middle, _ = _neighbours(out)
    for beside in _neighbours(images)[1]:
        np.maximum(middle, beside, out=middle)
    return out


def erode(images: Array) -> Array:
    """The least of each pixel and its four neighbours."""
    out = images.copy()
    middle, _ = _neighbours(out)
    for beside in _neighbours(images)[1]:
        np.minimum(middle, beside, out=middle)
    return out


def mean(images: Array) -> Array:
    """The mean of 3 × 3 pixels, weighted 1 2 1 along both axes."""
    width, sums = images.shape[2], images.reshape(-1).astype(np.uint16)
    for step in (1, width):
        pairs = sums[:-step] + sums[step:]
        np.add(pairs[:-step], pairs[step:], out=sums[step:-step])
    sums += np.uint16(8)
    sums >>= np.uint16(4)
    return sums.astype(np.uint8).reshape(images.shape)


def soften(images: Array, share: Array) -> Array:
    """Mix into each image (n, H, W) that share (n,) of the mean of its neighbours."""
    return mix(images, mean(images), share)


def fade(images: Array, ink: Array) -> Array:
    """The images (n, H, W) times factors (n,) up to 1."""
    out = images.reshape(len(images), -1).astype(np.uint16)
    out *= np.rint(ink * 256).astype(np.uint16)[:, None]
    out >>= np.uint16(8)
    faint: Array = out.astype(np.uint8).reshape(images.shape)
    return faint


def mix(a: Array, b: Array, share: Array) -> Array:
    """a + share · (b − a), with a share (n,) from 0 to 1 for each image."""
    parts = np.rint(share * 128).astype(np.int16)[:, None]
    before, out = (images.reshape(len(images), -1).astype(np.int16) for images in (a, b))
    out -= before
    out *= parts  # at most 255 · 128 < 2¹⁵
    out += np.int16(64)
    out >>= np.int16(7)
    out += before
    mixed: Array = out.astype(np.uint8).reshape(a.shape)
    return mixed


def _neighbours(images: Array) -> tuple[Array, tuple[Array, Array, Array, Array]]:
    """All pixels but the first and last row, flat; and those above, below, left and right of them."""
    width, flat = images.shape[2], images.reshape(-1)
    end = flat.size - width
    return flat[width:end], (
        flat[: end - width],
        flat[2 * width :],
        flat[width - 1 : end - 1],
        flat[width + 1 : end + 1],
    )
