"""Weights as bytes: what the page draws of a matrix, and the scale on which its colours mean something."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Bytes = NDArray[np.uint8]

ZERO, STEPS = 128, 127  # the byte of a weight that is zero, and the bytes on either side of it
BEYOND = 0.02  # the share of weights that may lie beyond the limit: so, strokes stand out from the noise
PALE = 10  # a limit that could be so many times smaller gives way
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)  # times a power of ten
_LEAST, _MOST = 1e-30, 1e30  # within what float32 divides by
_LOOKED_AT = 4096  # weights that the limit is judged by
_CHUNK = 1 << 16  # weights at a time, which stay in the cache


def quantise(matrix: Array, limit: float | None = None, out: Bytes | None = None) -> tuple[Bytes, float]:
    """Return bytes q of the matrix's shape, w ≈ (q − 128) / 127 · limit, and the limit.

    128 is exactly zero, and what is NaN or infinite. Weights beyond ±limit become 1 and 255. Without a limit
    it is the one of a new `Scale`. `out`, contiguous, is written to and returned.
    """
    limit = Scale().fit(matrix) if limit is None else limit
    out = np.empty(matrix.shape, np.uint8) if out is None else out
    weights, q = _flat(matrix), out.reshape(-1)
    scratch = np.empty(min(len(weights), _CHUNK), np.float32)
    with np.errstate(all="ignore"):
        for start in range(0, len(weights), _CHUNK):
            w = weights[start : start + _CHUNK]
            f = scratch[: len(w)]
            np.multiply(w, STEPS / limit, out=f, casting="same_kind")
            np.add(f, ZERO + 0.5, out=f)  # casting cuts off: so it rounds
            np.clip(f, ZERO - STEPS, ZERO + STEPS + 0.5, out=f)
            np.copyto(q[start : start + _CHUNK], f, casting="unsafe")
        if not math.isfinite(np.vdot(weights, weights)):  # or the weights are beyond 1e19
            q[~np.isfinite(weights)] = ZERO
    return out, limit


class Scale:
    """The |w| that is drawn in full colour, kept so that nothing flickers while a network learns.

    It is a round number beyond which at most 2 % of the weights lie. It grows when they outgrow it, and
    shrinks only when a tenth of it would do: a point of the past is drawn on the scale of the present.
    """

    def __init__(self) -> None:
        self.limit: float | None = None

    def fit(self, matrix: Array) -> float:
        """Return the limit for the matrix as it is now: 1 as long as all that was seen were zeros."""
        sizes = np.abs(_thinned(matrix))
        with np.errstate(invalid="ignore"):
            limit = self.limit
            if limit is not None and _within(sizes, limit) and not _within(sizes, limit / PALE):
                return limit
        sizes = sizes[np.isfinite(sizes)]
        most = float(np.quantile(sizes, 1 - BEYOND, method="inverted_cdf")) if len(sizes) else 0.0
        if most > 0:
            self.limit = _nice(most)
        return self.limit or 1.0


def _within(sizes: Array, limit: float) -> bool:
    return int(np.count_nonzero(sizes > limit)) <= BEYOND * len(sizes)


def _thinned(matrix: Array) -> Array:
    """Some thousand of the weights, evenly from all rows and columns."""
    weights = _flat(matrix)
    step = max(1, len(weights) // _LOOKED_AT)
    while math.gcd(step, matrix.shape[-1]) > 1:  # else some columns would never be met
        step += 1
    return weights[::step]


def _flat(matrix: Array) -> Array:
    return matrix.reshape(-1)


def _nice(value: float) -> float:
    """The smallest round number that is not below the value."""
    value = min(max(value, _LEAST), _MOST)
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in _NICE if n * power >= value * (1 - 1e-9))
