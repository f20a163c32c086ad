"""What an estimator may be told, checked when it is fitted: one line for what was expected and received."""

import math
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from glassnet.nn import activations
from glassnet.nn.layer import Layer
from glassnet.nn.names import unknown
from glassnet.nn.schedules import SCHEDULES

ACTIVATIONS: dict[str, type[Layer] | None] = {
    "identity": None, "logistic": activations.Sigmoid, "tanh": activations.Tanh, "relu": activations.ReLU,
    "leaky_relu": activations.LeakyReLU, "gelu": activations.GELU,
}  # fmt: skip
SOLVERS = ("sgd", "adam", "lbfgs", "adamw", "rmsprop")
STOPPING_RATES = ("constant", "invscaling", "adaptive")  # scikit-learn's own, by what it calls a schedule

# name: from, to below, whether from is itself allowed, in words
_NUMBERS = {
    "alpha": (0, math.inf, True, "of at least 0"),
    "learning_rate_init": (0, math.inf, False, "above 0"),
    "power_t": (0, math.inf, True, "of at least 0"),
    "tol": (0, math.inf, True, "of at least 0"),
    "momentum": (0, 1, True, "of at least 0 and below 1"),
    "validation_fraction": (0, 1, True, "of at least 0 and below 1"),
    "beta_1": (0, 1, True, "of at least 0 and below 1"),
    "beta_2": (0, 1, True, "of at least 0 and below 1"),
    "epsilon": (0, math.inf, False, "above 0"),
    "dropout": (0, 1, True, "of at least 0 and below 1"),
}
_FLAGS = ("shuffle", "warm_start", "nesterovs_momentum", "early_stopping")


def check(estimator: Any) -> None:
    """Raise ValueError for the first parameter of the estimator that is out of its range."""
    given = estimator.get_params(deep=False)
    for name, (low, high, closed, words) in _NUMBERS.items():
        value = given[name]
        if not (_is_real(value) and low <= value < high and (closed or value != low)):
            raise ValueError(f"{name}: expected a number {words}, got {value!r}")
    for name in _FLAGS:
        if not isinstance(given[name], bool | np.bool_):
            raise ValueError(f"{name}: expected True or False, got {given[name]!r}")
    for name in ("max_iter", "max_fun"):
        _whole(name, given[name])
    if given["batch_size"] != "auto":
        _whole("batch_size", given["batch_size"], " or 'auto'")
    if given["n_iter_no_change"] != math.inf:
        _whole("n_iter_no_change", given["n_iter_no_change"], " or infinity")
    if (decay := given["weight_decay"]) is not None and not (_is_real(decay) and 0 <= decay < math.inf):
        raise ValueError(f"weight_decay: expected a number of at least 0 or None, got {decay!r}")
    _named("activation", given["activation"], ACTIVATIONS)
    _named("solver", given["solver"], SOLVERS)
    if not callable(given["learning_rate"]):
        _named("learning_rate", given["learning_rate"], rates())
    hidden_layers(given["hidden_layer_sizes"])
    callbacks(given["callbacks"])
    if given["solver"] == "lbfgs":
        _check_full_batch(given)


def _check_full_batch(given: dict[str, Any]) -> None:
    """Refuse what L-BFGS cannot do: it needs a function that answers alike twice, and makes no steps."""
    for name, nothing in (("dropout", 0), ("weight_decay", None), ("callbacks", None)):
        if given[name] != nothing and given[name] != ():
            raise ValueError(f"{name}: expected {nothing} for solver 'lbfgs', got {given[name]!r}")


def rates() -> tuple[str, ...]:
    """Return the names that `learning_rate` may have: scikit-learn's, and those of the schedules."""
    return (*STOPPING_RATES, *(name for name in SCHEDULES if name not in STOPPING_RATES))


def hidden_layers(sizes: Any) -> tuple[int, ...]:
    """Return the sizes of the hidden layers; one number stands for one layer."""
    found = tuple(sizes) if isinstance(sizes, Iterable) and not isinstance(sizes, str) else (sizes,)
    for size in found:
        _whole("hidden_layer_sizes", size)
    return tuple(map(int, found))


def callbacks(given: Any) -> tuple[Callable[..., None], ...]:
    """Return the callbacks; one alone need not stand in a list."""
    found = () if given is None else (given,) if callable(given) else given
    if not isinstance(found, Sequence) or not all(map(callable, found)):
        raise ValueError(f"callbacks: expected functions of an event and a run, got {given!r}")
    return tuple(found)


def _is_real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _whole(name: str, value: Any, otherwise: str = "") -> None:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name}: expected a whole number of at least 1{otherwise}, got {value!r}")


def _named(name: str, value: Any, known: Iterable[str]) -> None:
    if not isinstance(value, str) or value not in known:
        raise ValueError(unknown(name, value, known))
