"""scikit-learn's own checks of estimators: none is expected to fail of the estimators as they come."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from glassnet.estimators import MLPClassifier, MLPRegressor

pytestmark = [
    pytest.mark.oracle,
    # scikit-learn's checks make fits too short to converge, which say so; other warnings are shown.
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]

KINDS = (MLPClassifier, MLPRegressor)
AS_THEY_COME = [kind() for kind in KINDS]
VARIED = [
    kind(**{"max_iter": 100, **variation})
    for kind in KINDS
    for variation in (
        {"solver": "lbfgs"},
        {"solver": "sgd"},
        {"solver": "rmsprop", "max_iter": 20},
        {"solver": "adamw", "learning_rate": "cosine", "activation": "gelu"},
        {"early_stopping": True, "learning_rate_init": 0.05},
        {"dropout": 0.2},
    )
]


def name(check: Any) -> str:
    """Return the name of a check, which comes with arguments bound to it."""
    while isinstance(check, partial):
        check = check.func
    return str(check.__name__)


def is_asked(estimator: Any, check: Any) -> bool:
    """Whether a check makes sense: a repetition of an example meets draws of its own, a weight of 2 does not.

    Where nothing is drawn for an example, no mask and no place aside, the two must be the same.
    """
    draws = estimator.dropout or estimator.early_stopping
    return not (draws and name(check).startswith("check_sample_weight_equivalence_on"))


CASES = [case for estimator in VARIED for case in estimator_checks_generator(estimator) if is_asked(*case)]


@parametrize_with_checks(AS_THEY_COME)
def test_it_is_an_estimator(estimator: Any, check: Callable[[Any], None]) -> None:
    assert check(estimator) is None


@pytest.mark.parametrize(
    ("estimator", "check"),
    CASES,
    ids=["".join(f"{estimator}-{name(check)}".split()) for estimator, check in CASES],
)
def test_it_is_one_with_other_parameters(estimator: Any, check: Callable[[Any], None]) -> None:
    assert check(clone(estimator)) is None


def test_only_the_repetitions_of_what_draws_are_left_out() -> None:
    every = [case for estimator in VARIED for case in estimator_checks_generator(estimator)]
    left_out = [(estimator, name(check)) for estimator, check in every if not is_asked(estimator, check)]
    assert len(every) - len(CASES) == len(left_out) == 8  # 2 kinds, dropout or set aside, dense or sparse


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_same_examples_aside_a_weight_is_a_number_of_repetitions(kind: Any) -> None:
    random = np.random.default_rng(0)
    x, y, counts = random.random((15, 30)), random.integers(0, 3, 15), random.integers(0, 5, 15)
    usual = {"early_stopping": True, "learning_rate_init": 0.05, "n_iter_no_change": 3, "random_state": 0}
    weighted = kind(**usual).fit(x, y, sample_weight=counts, validation_data=(x, y))
    repeated = kind(**usual).fit(x.repeat(counts, axis=0), y.repeat(counts), validation_data=(x, y))
    assert weighted.n_iter_ == repeated.n_iter_ < 200
    np.testing.assert_allclose(weighted.validation_loss_curve_, repeated.validation_loss_curve_, rtol=1e-7)
    np.testing.assert_allclose(weighted.coefs_[0], repeated.coefs_[0], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_same_masks_a_weight_is_a_number_of_repetitions(kind: Any) -> None:
    random = np.random.default_rng(0)
    x, y = random.random((15, 30)), random.integers(0, 3, 15)
    usual = {"dropout": 0.5, "max_iter": 20, "random_state": 0}
    weighted = kind(alpha=3.0, **usual).fit(x, y, sample_weight=np.full(15, 3))
    plain = kind(alpha=1.0, **usual).fit(x, y)
    np.testing.assert_allclose(weighted.coefs_[0], plain.coefs_[0], rtol=1e-7, atol=1e-10)
