"""The activation functions that the doctor knows, with their derivatives and the ways to get them wrong."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from glassnet.nn.layer import Array

Function = Callable[[Array], Array]
Slope = Callable[[Array, Array], Array]  # a factor for the error, made of z and y
Ways = tuple[tuple[str, Slope], ...]  # what was written, in words, and what it gives

LEAKS = (0.01, 0.1, 0.2, 0.3, 0.05, 0.001)  # slopes of leaky ReLUs that people use


def of_z(f: Function) -> Slope:
    """A function of one argument, given z."""
    return lambda z, y: f(z)


def of_y(f: Function) -> Slope:
    """A function of one argument, given y."""
    return lambda z, y: f(y)


class Activation(NamedTuple):
    """y = f(z), number by number; `page` is its derivation in docs/math, if it has one.

    `by_output` is the derivative as a formula of y, where people write one: y (1 − y) for the sigmoid.
    """

    name: str
    f: Function
    derivative: Function  # as a formula of z
    by_output: Function | None
    says: str  # the derivative in letters
    page: str = "README.md#the-chain-rule-as-used-here"
    parts: Ways = ()  # factors and terms of the derivative that people lose on the way, or keep alone

    def misused(self) -> Ways:
        """The derivative with z and y mixed up."""
        by_z = (
            f"{self.name}'s derivative by z was given the output y = {self.name}(z)",
            of_y(self.derivative),
        )
        if self.by_output is None:
            return (by_z,)
        return by_z, (
            f"{self.name}'s derivative, written for the output y, was given z",
            of_z(self.by_output),
        )


# ---- the functions


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z), without overflow."""
    e = np.exp(-np.abs(z))
    result: Array = np.where(z >= 0, 1, e) / (1 + e)
    return result


def softmax(z: Array) -> Array:
    """Rows of e^z brought to the sum 1."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    result: Array = e / e.sum(axis=-1, keepdims=True)
    return result


_erf = np.vectorize(math.erf, otypes=[float])
ROOT, CUBIC = math.sqrt(2 / math.pi), 0.044715


def _cdf(z: Array) -> Array:
    """The normal distribution's share below z, Φ(z)."""
    result: Array = 0.5 * (1 + _erf(z / math.sqrt(2)))
    return result


def _gelu_derivative(z: Array) -> Array:
    result: Array = _cdf(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return result


def _cdf_tanh(z: Array) -> Array:
    """Φ(z) as the tanh form of GELU has it."""
    result: Array = 0.5 * (1 + np.tanh(ROOT * (z + CUBIC * z**3)))
    return result


def _cdf_tanh_slope(z: Array, cubic: float = 3 * CUBIC) -> Array:
    """The derivative of `_cdf_tanh`, whose inner derivative is 1 + 3 · 0.044715 z²."""
    t = np.tanh(ROOT * (z + CUBIC * z**3))
    result: Array = 0.5 * (1 - t * t) * ROOT * (1 + cubic * z * z)
    return result


def _leaky(slope: float) -> Activation:
    return Activation(
        f"leaky ReLU ({slope:g})",
        lambda z: np.where(z > 0, z, slope * z),
        lambda z: np.where(z > 0, 1.0, slope),
        lambda y: np.where(y > 0, 1.0, slope),
        f"1 where z > 0, else {slope:g}",
        "leaky_relu.md#derivation",
    )


# ---- the table

RELU = Activation(
    "ReLU",
    lambda z: np.maximum(z, 0),
    lambda z: (z > 0).astype(float),
    lambda y: (y > 0).astype(float),
    "1 where z > 0, else 0",
    "relu.md#derivation",
)
SIGMOID = Activation(
    "sigmoid",
    sigmoid,
    lambda z: sigmoid(z) * (1 - sigmoid(z)),
    lambda y: y * (1 - y),
    "y (1 − y) with y = σ(z)",
    "sigmoid.md#derivation",
    (("y", of_y(lambda y: y)), ("1 − y", of_y(lambda y: 1 - y)), ("y²", of_y(lambda y: y * y))),
)
TANH = Activation(
    "tanh",
    np.tanh,
    lambda z: 1 - np.tanh(z) ** 2,
    lambda y: 1 - y * y,
    "1 − y² with y = tanh(z)",
    "tanh.md#derivation",
    (("1 − y", of_y(lambda y: 1 - y)), ("y²", of_y(lambda y: y * y)), ("1 + y²", of_y(lambda y: 1 + y * y))),
)
IDENTITY = Activation("identity", lambda z: z, np.ones_like, np.ones_like, "1")

KNOWN = (
    RELU,
    SIGMOID,
    TANH,
    IDENTITY,
    *map(_leaky, LEAKS),
    Activation(
        "ELU",
        lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
        lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
        lambda y: np.where(y > 0, 1.0, y + 1),
        "1 where z > 0, else e^z",
    ),
    Activation(
        "softplus",
        lambda z: np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))),
        sigmoid,
        lambda y: 1 - np.exp(-y),
        "σ(z)",
        "sigmoid.md#derivation",
    ),
    Activation(
        "GELU (tanh form)",
        lambda z: z * _cdf_tanh(z),
        lambda z: _cdf_tanh(z) + z * _cdf_tanh_slope(z),
        None,
        "½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²) with t = tanh(√(2/π) (z + 0.044715 z³))",
        "gelu.md#derivation",
        (
            ("½ (1 + t)", of_z(_cdf_tanh)),
            ("½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²)", of_z(lambda z: z * _cdf_tanh_slope(z))),
            (
                "½ (1 + t) + ½ z (1 − t²) √(2/π), without 1 + 3 · 0.044715 z²",
                of_z(lambda z: _cdf_tanh(z) + z * _cdf_tanh_slope(z, cubic=0.0)),
            ),
            (
                "½ (1 + t) + ½ z (1 − t²), without the inner derivative",
                of_z(lambda z: _cdf_tanh(z) + z * _cdf_tanh_slope(z, cubic=0.0) / ROOT),
            ),
        ),
    ),
    Activation(
        "GELU",
        lambda z: z * _cdf(z),
        _gelu_derivative,
        None,
        "Φ(z) + z φ(z)",
        "gelu.md#derivation",
        (("Φ(z)", of_z(_cdf)), ("z φ(z)", of_z(lambda z: _gelu_derivative(z) - _cdf(z)))),
    ),
    Activation(
        "SiLU",
        lambda z: z * sigmoid(z),
        lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
        None,
        "σ(z) (1 + z (1 − σ(z)))",
        parts=(("σ(z)", of_z(sigmoid)), ("σ(z) (1 − σ(z))", of_z(SIGMOID.derivative))),
    ),
    Activation(
        "softsign",
        lambda z: z / (1 + np.abs(z)),
        lambda z: 1 / (1 + np.abs(z)) ** 2,
        lambda y: (1 - np.abs(y)) ** 2,
        "1 / (1 + |z|)²",
    ),
    Activation("square", lambda z: z * z, lambda z: 2 * z, None, "2 z"),
    Activation("sine", np.sin, np.cos, None, "cos z"),
)
