"""The numbers that somebody's `example` gives to run their code on, checked and made float64."""

from typing import Any

import numpy as np

from glassnet.doctor.calls import described
from glassnet.nn.layer import Array


def three(example: Any) -> tuple[dict[Any, Any], Array, Any]:
    """Return (params, x, y) of an example for a function, x and y in float64 where they are floats.

    Raises ValueError, as do all here, for an example that is not of the form.
    """
    if not isinstance(example, tuple | list) or len(example) != 3:
        raise ValueError(f"example: expected (params, x, y), got {described(example)}")
    params, x, y = example
    if not isinstance(params, dict):
        got = described(params)
        if isinstance(params, list | tuple):
            got += '; give each array a key, as in {"W1": …, "b1": …}'
        raise ValueError(f"example: expected params as a dict of arrays, got {got}")
    for key, value in params.items():
        _check_parameter(key, value)
    return params, inputs(x), as_float64(y)


def _check_parameter(key: Any, value: Any) -> None:
    if not isinstance(value, np.ndarray) and _holds_arrays(value):
        got = f"{described(value)}; give each array a key of its own"
        raise ValueError(f"example: expected one array for params[{key!r}], got {got}")
    if isinstance(value, np.ndarray) and (value.dtype.kind not in "buif" or not value.size):
        raise ValueError(f"example: expected real numbers for params[{key!r}], got {described(value)}")
    if isinstance(value, np.ndarray) and not np.isfinite(value).all():
        raise ValueError(f"example: expected finite numbers in params[{key!r}], got NaN or infinity")


def _holds_arrays(value: Any) -> bool:
    if isinstance(value, dict | list | tuple):
        return any(map(_holds_arrays, value.values() if isinstance(value, dict) else value))
    return isinstance(value, np.ndarray)


def inputs(x: Any) -> Array:
    """Return the inputs as an array, float64 if they are floats."""
    array = np.asarray(None) if isinstance(x, dict | str) or _ragged(x) else np.asarray(x)
    if array.dtype.kind not in "buif":
        raise ValueError(f"example: expected an array of numbers for x, got {described(x)}")
    if array.size == 0:
        raise ValueError(f"example: expected numbers in x, got {described(array)}")
    if not np.isfinite(array).all():
        raise ValueError("example: expected finite numbers in x, got NaN or infinity")
    return np.array(as_float64(array))


def _ragged(x: Any) -> bool:
    """Lists of different lengths."""
    try:
        np.asarray(x)
    except ValueError:
        return True
    return False


def as_float64(value: Any) -> Any:
    """Return an array of floats in float64 and anything else as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(float)
    return value
