"""scikit-learn's own checks of estimators: none is expected to fail of the estimators as they come."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("sklearn")

from sklearn.utils.estimator_checks import parametrize_with_checks

from glassnet.estimators import MLPClassifier, MLPRegressor

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("default"),  # a fit too short to converge says so, here as anywhere
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


def expected_to_fail(estimator: Any) -> dict[str, str]:
    """What is drawn for an example, a mask or a place aside, is drawn again for its repetition."""
    if not (estimator.dropout or estimator.early_stopping):
        return {}
    check, reason = "check_sample_weight_equivalence_on", "an example's copies meet other random numbers"
    return {f"{check}_dense_data": reason, f"{check}_sparse_data": reason}


@parametrize_with_checks(AS_THEY_COME)
def test_it_is_an_estimator(estimator: Any, check: Callable[[Any], None]) -> None:
    assert check(estimator) is None


@parametrize_with_checks(VARIED, expected_failed_checks=expected_to_fail)
def test_it_is_one_with_other_parameters(estimator: Any, check: Callable[[Any], None]) -> None:
    assert check(estimator) is None
