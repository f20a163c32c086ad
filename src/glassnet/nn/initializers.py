"""The first values of parameters: He, Glorot and LeCun scaling, plain uniform, zeros and constants.

An initializer is named by a string, so that it can stand in a configuration as it is:
`"he_normal"`, `"uniform(-0.5, 0.5)"`, `"constant(0.1)"`.
"""

import math
import re

import numpy as np

from glassnet.nn.layer import Array, Shape
from glassnet.nn.names import unknown

# Variance of the weights times the fan that it is divided by.
#   He:     2 / fan_in                 He, Zhang, Ren, Sun 2015, arXiv:1502.01852, section 2.2
#   Glorot: 2 / (fan_in + fan_out)     Glorot, Bengio 2010, AISTATS, equation 16
#   LeCun:  1 / fan_in                 LeCun, Bottou, Orr, Müller 1998, Efficient BackProp, section 4.6
_VARIANCES = {
    "he": lambda fan_in, fan_out: 2 / fan_in,
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
}
_ARGUMENTS = {"zeros": 0, "ones": 0, "constant": 1, "uniform": 2}
NAMES = (*(f"{who}_{how}" for who in _VARIANCES for how in ("normal", "uniform")), *_ARGUMENTS)


def parse(spec: str) -> tuple[str, tuple[float, ...]]:
    """Split `"uniform(-0.5, 0.5)"` into its name and numbers.

    Raises ValueError for an unknown name, a wrong count of numbers or numbers that are none.
    """
    match = re.fullmatch(r"\s*([a-zA-Z_]+)\s*(?:\(([^()]*)\))?\s*", spec) if isinstance(spec, str) else None
    name, inside = match.groups() if match else (spec, None)
    if name not in NAMES:
        raise ValueError(unknown("initializer", name, NAMES))
    try:
        numbers = tuple(float(part) for part in inside.split(",")) if inside and inside.strip() else ()
    except ValueError:
        raise ValueError(f"initializer {spec!r}: expected numbers in the brackets, got {inside!r}") from None
    if name == "uniform" and not numbers:
        numbers = (-0.5, 0.5)
    expected = _ARGUMENTS.get(name, 0)
    if len(numbers) != expected:
        raise ValueError(f"initializer {name}: expected {expected} numbers in brackets, got {len(numbers)}")
    if not all(map(math.isfinite, numbers)) or (name == "uniform" and numbers[0] >= numbers[1]):
        raise ValueError(f"initializer {spec!r}: expected finite numbers, the lower before the upper")
    return name, numbers


def draw(spec: str, generator: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
    """Return first values of `shape`: `fan_in` inputs meet in a unit, `fan_out` units share an input.

    In float64 whatever the network's dtype, so that one seed means the same weights, rounded, in float32.
    """
    name, numbers = parse(spec)
    if name in ("zeros", "ones", "constant"):
        return np.full(shape, {"zeros": 0.0, "ones": 1.0}.get(name) if not numbers else numbers[0])
    if name == "uniform":
        low, high = numbers
        return generator.uniform(low, high, shape)
    who, how = name.split("_")
    deviation = math.sqrt(_VARIANCES[who](fan_in, fan_out))
    if how == "normal":
        return generator.normal(0.0, deviation, shape)
    limit = math.sqrt(3) * deviation  # a uniform distribution on ±limit has the variance limit² / 3
    return generator.uniform(-limit, limit, shape)
