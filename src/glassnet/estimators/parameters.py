"""What an estimator may be told, checked when it is fitted: one line for what was expected and received."""

import math
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

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
    if not isinstance(given["verbose"], bool | np.bool_ | Integral):
        raise ValueError(f"verbose: expected True or False, got {given['verbose']!r}")
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
    _random_state(given["random_state"])
    _class_weight(given.get("class_weight"))
    if given["solver"] == "lbfgs":
        _check_full_batch(given)


def _check_full_batch(given: dict[str, Any]) -> None:
    """Refuse what L-BFGS cannot do: it needs a function that answers alike twice, and makes no steps."""
    for name, nothing in (("dropout", 0), ("weight_decay", None), ("callbacks", None)):
        if given[name] not in (None, 0, (), []):
            raise ValueError(f"{name}: expected {nothing} for solver 'lbfgs', got {given[name]!r}")


def _random_state(given: Any) -> None:
    try:
        check_random_state(given)
    except ValueError:
        words = "expected None, a whole number from 0 to 2³² − 1 or a numpy.random.RandomState"
        raise ValueError(f"random_state: {words}, got {given!r}") from None


def _class_weight(given: Any) -> None:
    """Refuse what is neither None, "balanced", {class: weight} nor, of several labels, a list of these."""
    for one in given if isinstance(given, list) else [given]:
        if one is None or (isinstance(one, str) and one == "balanced"):
            continue
        weights = one.values() if isinstance(one, dict) else (math.nan,)
        if not all(_is_real(weight) and 0 <= weight < math.inf for weight in weights):
            words = "expected None, 'balanced' or {class: weight} with weights of at least 0"
            raise ValueError(f"class_weight: {words}, got {given!r}")


def rates() -> tuple[str, ...]:
    """Return the names that `learning_rate` may have: scikit-learn's, and those of the schedules."""
    return (*STOPPING_RATES, *(name for name in SCHEDULES if name not in STOPPING_RATES))


def hidden_layers(sizes: Any) -> tuple[int, ...]:
    """Return the sizes of the hidden layers; one number stands for one layer."""
    several = isinstance(sizes, Sequence | np.ndarray) and not isinstance(sizes, str)
    found = tuple(sizes) if several else (sizes,)
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
