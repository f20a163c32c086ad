"""The ink in a picture: from any colours on any ground to strokes of 0 to 255."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.background import CLEAN, contrast
from glassnet.data.components import Components, components
from glassnet.data.resizing import fitted, resized

Array = NDArray[Any]

FAINTEST = 0.05  # contrast below which nothing is ink
CLEAR = 6.0  # times the noise that ink must stand out in good part
MOSTLY = 0.15  # of its pixels are clear
VISIBLE = 3.5  # times the noise that it must stand out everywhere
SHARP = 0.42  # of its height that ink rises at its edges
SOFT = 0.1  # the same in a picture without noise, which is no photo and has no shadows
AS_STEEP = 0.4  # times the edges of the largest component
SMALLEST = 1 / 150**2  # of the picture: less ink is a speck
SIDE_COVERED = 0.5  # of a side of the picture, by what is not ink but where the paper ends


def grey_of(picture: Array) -> Array:
    """Return a picture (H, W) or (H, W, 3) of uint8 as grey (H, W): the mixture that shows its edges best.

    Edges have colour steps; the direction that most of them share (the principal component, large steps
    counting more) mixes the channels. What falls along it is inverted: 255 − blue, say.
    """
    if picture.ndim == 2:
        return picture
    if all(np.array_equal(picture[..., 0], picture[..., k]) for k in (1, 2)):
        return np.ascontiguousarray(picture[..., 0])
    small = resized(picture, fitted(picture.shape, 160)).astype(np.float32)
    steps = np.concatenate([np.diff(small, axis=axis).reshape(-1, 3) for axis in (0, 1)])
    size = np.square(steps).sum(axis=1)
    most = steps[size >= 0.01 * size.max(initial=0)]
    spread = (most * np.square(most).sum(axis=1, keepdims=True)).T @ most
    mixture = np.linalg.eigh(spread.astype(np.float64))[1][:, -1] if spread.any() else np.ones(3)
    mixture = mixture / np.abs(mixture).sum() * (1 if mixture.sum() >= 0 else -1)
    offset = -255 * np.minimum(mixture, 0).sum() + 0.5
    mixed: Array = (picture @ mixture.astype(np.float32) + np.float32(offset)).clip(0, 255).astype(np.uint8)
    return mixed


def ink_of(grey: Array) -> Array:
    """Return the ink of a grey picture (H, W) uint8 as (H, W) uint8: 255 is full ink, 0 all that is none.

    Ink hangs together, is visible everywhere and clear of the noise in good part, and has sharp edges.
    """
    found = contrast(grey)
    nothing = np.zeros(grey.shape, np.uint8)
    if found is None:
        return nothing
    values = found.values
    clear = values > np.maximum(CLEAR * found.noise, FAINTEST)
    parts = components(values > np.maximum(VISIBLE * found.noise, FAINTEST / 2))
    kept = np.bincount(parts.labels[clear], minlength=len(parts.areas) + 1)[1:] > MOSTLY * parts.areas
    kept &= parts.areas >= SMALLEST * grey.size
    if (paper := kept & ~_surroundings(parts)).any():
        kept = paper
    kept &= _steep(values, parts, kept, SHARP if np.max(found.noise) > CLEAN else SOFT)
    inked = np.append(False, kept)[parts.labels]
    if not inked.any():
        return nothing
    level = np.percentile(values[inked & clear], 90)  # a tenth is overlap, gloss and noise
    values = np.where(inked, values * (255 / level), 0).clip(0, 255)
    ink: Array = np.rint(values).astype(np.uint8)
    return ink


def _surroundings(parts: Components) -> Array:
    """Which components are a table beside the paper: those that take up much of a side of the picture."""
    edges = parts.labels[0], parts.labels[-1], parts.labels[:, 0], parts.labels[:, -1]
    n = len(parts.areas) + 1
    covered = [np.bincount(edge, minlength=n)[1:] > SIDE_COVERED * len(edge) for edge in edges]
    much: Array = np.any(covered, axis=0)
    return much


def _steep(values: Array, parts: Components, kept: Array, sharp: float) -> Array:
    """Which of the kept components have edges as steep as ink has; the others are remains of shadows.

    Measured are the steps, over a hundredth of the picture to either side, where half a component's height is
    crossed. A component that is narrower than that has none, and is sharp.
    """
    n = len(kept) + 1
    place = np.flatnonzero(np.append(False, kept)[parts.labels])
    label, height = parts.labels.ravel()[place], np.zeros(n, np.float32)
    np.maximum.at(height, label, values.ravel()[place])
    y, x = np.divmod(place, values.shape[1])
    reach = max(1, round(max(values.shape) / 100))
    steps, count = np.zeros(n), np.zeros(n)
    for down, right in ((0, reach), (reach, 0)):
        before = values[np.maximum(y - down, 0), np.maximum(x - right, 0)]
        after = values[np.minimum(y + down, len(values) - 1), np.minimum(x + right, values.shape[1] - 1)]
        half = height[label] / 2
        crosses = (np.minimum(before, after) < half) & (np.maximum(before, after) >= half)
        steps += np.bincount(label[crosses], np.abs(after - before)[crosses], n)
        count += np.bincount(label[crosses], minlength=n)
    steep = np.where(count > 0, steps / np.maximum(count, 1), height)[1:]
    most = steep[(parts.areas * height[1:]).argmax()] if n > 1 else 0
    are: Array = kept & (steep > np.maximum(sharp * height[1:], AS_STEEP * most))
    return are
