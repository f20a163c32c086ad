"""A classifier and a regressor for scikit-learn's tools: pipelines, grid search, cross-validation.

They need scikit-learn (`pip install 'glassnet[sklearn]'`), which is loaded at their first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassnet.estimators.classifier import MLPClassifier
    from glassnet.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]


def __getattr__(name: str) -> Any:
    """Load an estimator at its first use. Raises ModuleNotFoundError, saying what to install."""
    if name not in __all__:
        raise AttributeError(f"module 'glassnet.estimators' has no attribute {name!r}")
    try:
        import_module("sklearn")
    except ModuleNotFoundError as error:
        install = "expected scikit-learn 1.6 or later, got none; pip install 'glassnet[sklearn]'"
        raise ModuleNotFoundError(f"glassnet.estimators: {install}", name=error.name) from None
    classifier = import_module("glassnet.estimators.classifier")
    regressor = import_module("glassnet.estimators.regressor")
    globals().update(MLPClassifier=classifier.MLPClassifier, MLPRegressor=regressor.MLPRegressor)
    return globals()[name]


def __dir__() -> list[str]:
    """List the estimators, loaded or not."""
    return sorted({*globals(), *__all__})
