"""Central differences: what a derivative must be, found without deriving anything."""

from collections.abc import Callable

import numpy as np

STEP = 1e-5


def gradient(function: Callable[[], float], of: np.ndarray) -> np.ndarray:
    """∂function/∂of, entry by entry: (f(a + h) − f(a − h)) / 2h. Changes `of` and undoes it."""
    result = np.empty_like(of)
    for place in np.ndindex(of.shape):
        value = of[place]
        of[place] = value + STEP
        above = function()
        of[place] = value - STEP
        below = function()
        of[place] = value
        result[place] = (above - below) / (2 * STEP)
    return result


def assert_gradient(found: np.ndarray, function: Callable[[], float], of: np.ndarray, what: str = "") -> None:
    """Compare a float64 gradient with central differences: 1e-7 of its largest entry is their accuracy."""
    expected = gradient(function, of)
    scale = max(1.0, np.abs(expected).max(initial=0.0))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7 * scale, err_msg=what)
