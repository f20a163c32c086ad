"""Distorted copies of images, made anew for each batch: what a hand does to a digit, and a pen.

A picture is sampled at places moved by an affine map and an elastic field, both of them sums of a few smooth
functions of (x, y): one matrix product gives the places of all pixels of all pictures. The elastic field is
noise smoothed by a Gaussian (Simard, Steinkraus and Platt 2003, ICDAR), drawn by its lowest cosines. All
pixel arithmetic is in whole numbers of 1/256.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import strokes

Array = NDArray[Any]

CHUNK = 31_400  # pixels sampled at a time: what is made of them stays in the cache
COSINES = 4  # of each axis: finer ones are smoothed away
SUB = 256  # parts of a pixel

# glibc's malloc gives arrays above 128 KiB back to the system, and each new one costs page faults (two thirds
# of the time here), until a larger one was freed: now.
np.empty(1 << 23, np.uint8)


@dataclass(frozen=True)
class Augment:
    """Distorts each image of a batch by amounts of its own, all drawn evenly up to the greatest given here.

        distorted = Augment()(images, numpy.random.default_rng(0))

    shift       pixels, along each axis
    rotation    degrees, either way
    scale       share of the size, larger or smaller, of both axes together
    stretch     the same, of each axis by itself
    shear       pixels sideways for each pixel up
    elastic     root mean square of the elastic displacement, in pixels
    smoothness  of the elastic field: the Gaussian's standard deviation, in pixels
    thicker     pixels added on each side of a stroke (grey dilation, up to 2)
    thinner     share taken of what is not a stroke's ridge (up to 1: hairlines)
    faint       share taken of the ink
    blur        share of a 3 × 3 mean
    plain       share of the images that are left as they are

    Ink is high, the background 0. Raises ValueError for an amount out of its range.
    """

    shift: float = 1.5
    rotation: float = 15.0
    scale: float = 0.12
    stretch: float = 0.12
    shear: float = 0.3
    elastic: float = 0.6
    smoothness: float = 4.0
    thicker: float = 1.2
    thinner: float = 1.0
    faint: float = 0.4
    blur: float = 0.5
    plain: float = 0.0

    def __post_init__(self) -> None:
        """Check the amounts."""
        most = {"scale": 0.9, "stretch": 0.9, "thicker": 2, "thinner": 1, "faint": 1, "blur": 1, "plain": 1}
        for name, value in asdict(self).items():
            high = most.get(name, np.inf)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not (number and 0 <= value <= high and np.isfinite(value)):
                upto = f"from 0 to {high:g}" if np.isfinite(high) else "of at least 0"
                raise ValueError(f"augment {name}: expected a number {upto}, got {value!r}")

    def config(self) -> dict[str, float]:
        """Return the amounts as plain data."""
        return asdict(self)

    def __call__(self, images: Array, generator: np.random.Generator) -> Array:
        """Return distorted copies of `images` (n, H, W) uint8, as (n, H, W) uint8.

        Random numbers come from `generator` alone. Raises ValueError for arrays of another kind.
        """
        if images.ndim != 3 or images.dtype != np.uint8:
            raise ValueError(
                f"augment: expected images (n, H, W) of uint8, got {images.shape} of {images.dtype}"
            )
        n, height, width = images.shape
        out = np.empty_like(images)
        changed: Array = np.ones(n, bool)
        if self.plain:
            changed = np.asarray(generator.random(n) >= self.plain)
        moves, pens = self._moves(changed, height, width, generator), self._pens(changed, generator)
        size = max(1, CHUNK // max(height * width, 1))
        basis = _basis(height, width, self.smoothness)
        for start in range(0, n, 6 * size):
            end = min(start + 6 * size, n)
            drawn = strokes.redraw(strokes.framed(images[start:end]), *(pen[start:end] for pen in pens))
            for first in range(start, end, size):
                some = slice(first, min(first + size, end))
                read = sample(drawn[first - start :][:size], *(along[some] @ basis for along in moves))
                out[some] = read.reshape(-1, height, width)
        return out

    def _moves(self, changed: Array, height: int, width: int, generator: np.random.Generator) -> Array:
        """Coefficients (2, n, B) of the basis functions for the places to sample, along y and along x."""
        n = len(changed)

        def evenly(most: float) -> Array:
            return generator.uniform(-most, most, n) * changed

        angle = np.deg2rad(evenly(self.rotation))
        both, shear = evenly(self.scale), evenly(self.shear)
        along_y, along_x = (1 / (1 + both) / (1 + evenly(self.stretch)) for _ in range(2))
        cos, sin = np.cos(angle), np.sin(angle)
        moves = np.zeros((2, n, 3 + COSINES * COSINES - 1), np.float32)
        moves[0, :, 0] = (height - 1) / 2 + evenly(self.shift)
        moves[1, :, 0] = (width - 1) / 2 + evenly(self.shift)
        moves[0, :, 1], moves[0, :, 2] = cos * along_y, -sin * along_y
        moves[1, :, 1], moves[1, :, 2] = (sin + shear * cos) * along_x, (cos - shear * sin) * along_x
        moves[:, :, 0] += strokes.FRAME
        if self.elastic:
            noise = generator.standard_normal((2, n, COSINES * COSINES - 1), np.float32)
            strength = self.elastic * generator.random(n, np.float32) * np.float32(np.sqrt(3)) * changed
            moves[:, :, 3:] = noise * strength[:, None]
        return moves * np.float32(SUB)

    def _pens(self, changed: Array, generator: np.random.Generator) -> tuple[Array, Array, Array]:
        """Thickness (below 0 thinner), ink and blur of each image."""
        n = len(changed)
        thickness = generator.uniform(-1, 1, n) * changed
        thickness *= np.where(thickness > 0, self.thicker, self.thinner)
        ink = 1 - self.faint * np.maximum(generator.uniform(-1, 1, n), 0) * changed  # of half of them
        blur = self.blur * np.maximum(generator.uniform(-1, 1, n), 0) * changed
        return thickness, ink, blur


@lru_cache(maxsize=8)
def _basis(height: int, width: int, smoothness: float) -> Array:
    """1, y and x from the middle, then cosines (B, H·W), so that standard normal noise times them has
    a root mean square of 1.
    """
    y, x = np.arange(height) + 0.5, np.arange(width) + 0.5
    middle = (y - height / 2)[:, None] + 0 * x, (x - width / 2) + 0 * y[:, None]
    terms = [np.ones((height, width)), *middle]
    cosines = []
    for i in range(COSINES):
        for j in range(COSINES):
            if i or j:
                decay = np.exp(-((smoothness * np.pi) ** 2) / 2 * ((i / height) ** 2 + (j / width) ** 2))
                wave = np.cos(np.pi * i * y / height)[:, None] * np.cos(np.pi * j * x / width)
                cosines.append(decay * wave)
    size = np.sqrt(np.square(cosines).sum(axis=0).mean())
    basis = np.stack([*terms, *(wave / size for wave in cosines)]).reshape(-1, height * width)
    return basis.astype(np.float32)


def sample(framed: Array, along_y: Array, along_x: Array) -> Array:
    """Return images (n, P) uint8 read, bilinearly, at places (n, P) in 1/SUB pixels along y and x.

    `framed` (n, H, W) uint8 are the images in their frames; further out is what a frame has at its edge.
    """
    n, height, width = framed.shape
    # In each number the two pixels below one another, in lanes of 16 bits.
    flat = framed.reshape(-1).astype(np.uint32)
    pairs = flat[width:] << np.uint32(16)
    pairs |= flat[:-width]
    y, down = _split(along_y, height)
    x, right = _split(along_x, width)
    y *= width
    y += x
    y += np.arange(0, n * height * width, height * width, dtype=np.int32)[:, None]
    corner = y.astype(np.intp)
    left, more = pairs.take(corner, mode="clip"), pairs[1:].take(corner, mode="clip")
    # Unsigned arithmetic wraps around, and what comes out in the end is in range, in both lanes.
    more -= left
    more *= right
    left *= np.uint32(SUB)
    left += more
    upper = left & np.uint32(0xFFFF)
    left >>= np.uint32(16)
    left -= upper
    left *= down
    upper *= np.uint32(SUB)
    left += upper
    left += np.uint32(1 << 15)
    left >>= np.uint32(16)
    return left.astype(np.uint8)


def _split(places: Array, length: int) -> tuple[Array, Array]:
    """Whole pixels, the last but one at most, and the parts of SUB over them; in place."""
    whole = np.clip(places, 0, SUB * (length - 1) - 1, out=places).astype(np.int32)
    parts = (whole & (SUB - 1)).view(np.uint32)
    whole >>= 8
    return whole, parts
