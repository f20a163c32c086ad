"""Ink on a ground: the contrast of a grey picture to its own background, whatever the light.

The background is what remains when everything narrower than a window is filled from its surroundings: a
morphological closing for dark ink, an opening for light ink. Ink is narrow and has sharp edges, shadows are
wide and have soft ones. So the right window, and whether ink is dark or light, are told by the sharp edges:
the smallest window counts that takes nearly all of them away.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.data.resizing import fitted, resized

Array = NDArray[Any]

GRID = 160  # pixels a side on which the background is estimated
WINDOWS = 0.06, 0.12, 0.22, 0.36  # of the longer side
LIKELY = (
    0.85  # of the sharp edges that any window takes away: the first to reach it tells dark from light ink
)
ENOUGH = 0.97  # of those that any window takes away then
AT_EDGE = 0.03  # of the sharp edges: those along an edge of the picture are worth that
ALL = 0.97  # of them: no larger window is tried
SHARP = 4.0  # times the usual step from pixel to pixel
CLEAN = 0.004  # noise that no photo is below
DARKEST = 16.0  # of 255: a ground is taken to be at least that light
LIGHTER = 96.0  # of 255: how much lighter than its ground full light ink is at least taken to be
MOST_UNEVEN = 4.0  # times the usual light, or a part of it: more is not evened out


class Contrast(NamedTuple):
    """How far each pixel stands out from its ground (H, W) float32: 0 is not at all, 1 all the way.

    `noise` is the standard deviation of that where there is no ink, (H, W) or a number. `light` says whether
    the ink is lighter than the ground.
    """

    values: Array
    noise: Array | float
    light: bool


def contrast(grey: Array) -> Contrast | None:
    """Return the contrast of a grey picture (H, W) uint8; None if it has no sharp edge and so no ink."""
    small = resized(grey.astype(np.float32), fitted(grey.shape, max(GRID, max(grey.shape) // 4)))
    found = _ground(small)
    if found is None:
        return None
    ground, light = resized(found[0], grey.shape), found[1]
    usual = np.median(ground)
    # Ink is lit as its ground is. Where that is all but black, light cannot be told from it.
    lit = np.clip(ground / max(usual, 1), 1 / MOST_UNEVEN, MOST_UNEVEN) if usual >= DARKEST else np.float32(1)
    depth = max(255 - usual, LIGHTER) if light else max(usual, DARKEST)
    values: Array = (grey - ground if light else ground - grey) / (lit * depth)
    middle, noise = _level(values)
    if noise > CLEAN:
        values = smoothed(values, max(grey.shape) // 400)
        middle, noise = _level(values)
    # What a camera adds is the same everywhere, and so the more of what little a shadow leaves.
    return Contrast(values - middle, noise * np.maximum(1, 1 / lit), light)


def _level(values: Array) -> tuple[float, float]:
    """The median, and the standard deviation around it, of the ground, which most of a picture is."""
    step = 1 + min(values.shape) // 250
    sample = values[::step, ::step]
    middle = np.median(sample)
    return float(middle), 1.4826 * float(np.median(np.abs(sample - middle)))


def smoothed(values: Array, reach: int) -> Array:
    """Return the means over squares of 2·reach + 1 pixels; beyond the edges it goes on as at them."""
    if not reach:
        return values
    n = 2 * reach + 1
    for axis in (0, 1):
        edged = np.moveaxis(values, axis, 0)
        edged = np.pad(edged, ((reach + 1, reach), (0, 0)), mode="edge")
        total = np.cumsum(edged, axis=0, dtype=np.float32)
        values = np.moveaxis((total[n:] - total[:-n]) / n, 0, axis)
    return values


def _ground(small: Array) -> tuple[Array, bool] | None:
    """The ground of a small picture (h, w), and whether the ink on it is light; None without sharp edges."""
    steps = np.concatenate([[0], *(step.ravel() for step in _steps(small))])
    usual = SHARP * 1.4826 * float(np.median(np.abs(steps)))
    before = _energy(small, usual)
    if not before:
        return None

    def taken(ground: Array) -> float:
        return 1 - _energy(ground, usual) / before

    pictures = small, 255 - small  # ink is dark in the one or the other
    reaches = [max(1, round(share * max(small.shape) / 2)) for share in WINDOWS]
    shares: list[list[float]] = []
    for reach in reaches:
        shares.append([taken(_filled(picture, reach)) for picture in pictures])
        if max(shares[-1]) > ALL:
            break
    likely = next(pair for pair in shares if max(pair) >= LIKELY * max(map(max, shares)))
    light = likely[1] > likely[0]
    own = [pair[light] for pair in shares]
    best = next(k for k, share in enumerate(own) if share >= ENOUGH * max(own))
    ground = _filled(pictures[light], reaches[best], goes_on=True)
    if taken(ground) < own[best] - AT_EDGE:  # there is ink along an edge
        ground = _filled(pictures[light], reaches[best])
    return 255 - ground if light else ground, light


def _steps(values: Array) -> tuple[Array, Array]:
    return np.diff(values, 2, axis=0), np.diff(values, 2, axis=1)


def _energy(values: Array, usual: float) -> float:
    """The squares of the steps from pixel to pixel that are larger than usual, added up."""
    return sum(float(np.square(step[np.abs(step) > usual]).sum()) for step in _steps(values))


def _filled(values: Array, reach: int, *, goes_on: bool = False) -> Array:
    """A closing by a square of 2·reach + 1: the largest in each, then the smallest of those in each.

    Beyond the edges there is nothing, or the picture `goes_on` as it would if it were turned about its edge,
    which keeps a vignette's slope but makes a band of what lies along an edge.
    """
    if not goes_on:
        return -widest(-widest(values, reach), reach)
    edged = np.pad(values, reach, mode="reflect", reflect_type="odd")
    return -widest(-widest(edged, reach), reach)[reach:-reach, reach:-reach]


def widest(values: Array, reach: int) -> Array:
    """Return the largest value in a square of 2·reach + 1 around each; beyond the edges there is nothing."""
    nothing = 0 if values.dtype == np.uint8 else -np.inf
    window = 2 * reach + 1
    for axis in (0, 1):
        turned = np.moveaxis(values, axis, 0)
        edged = np.full((len(turned) + 2 * reach, turned.shape[1]), nothing, values.dtype)
        edged[reach:-reach] = turned
        done = 1
        while 2 * done <= window:  # over 1, 2, 4, … pixels
            edged = np.maximum(edged[:-done], edged[done:])
            done *= 2
        if done < window:
            edged = np.maximum(edged[: done - window], edged[window - done :])
        values = np.moveaxis(edged, 0, axis)
    return values
