"""Beside scikit-learn's own MLP: from one random state the same weights, batches, losses and answers."""

import warnings
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn import neural_network as theirs
from sklearn.datasets import load_diabetes, load_iris, load_wine, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import StandardScaler

from glassnet import estimators as ours

pytestmark = pytest.mark.oracle


def table(name: str) -> tuple[np.ndarray, np.ndarray]:
    load = {"iris": load_iris, "wine": load_wine, "diabetes": load_diabetes}[name]
    x, y = load(return_X_y=True)
    return StandardScaler().fit_transform(x), (y - y.mean()) / y.std() if name == "diabetes" else y


def both(kind: str, x: Any, y: Any, fit: dict[str, Any] | None = None, **parameters: Any) -> tuple[Any, Any]:
    """Theirs and ours, fitted alike."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = [
            getattr(module, kind)(**{"random_state": 3, "hidden_layer_sizes": (17, 9), **parameters})
            .fit(x, y, **(fit or {}))
            for module in (theirs, ours)
        ]  # fmt: skip
    return fitted[0], fitted[1]


def alike(a: Any, b: Any, tolerance: float = 1e-9) -> None:
    """Assert that two fitted estimators are the same to rounding."""
    assert (a.n_iter_, a.n_layers_, a.n_outputs_) == (b.n_iter_, b.n_layers_, b.n_outputs_)
    assert (a.t_, a.out_activation_) == (b.t_, b.out_activation_)
    for one, other in zip([*a.coefs_, *a.intercepts_], [*b.coefs_, *b.intercepts_]):
        np.testing.assert_allclose(other, one, rtol=tolerance, atol=tolerance)
    if a.solver != "lbfgs":
        np.testing.assert_allclose(b.loss_curve_, a.loss_curve_, rtol=1e-10)
        assert len(a.loss_curve_) == len(b.loss_curve_)


STEPS: list[dict[str, Any]] = [
    {"solver": "sgd", "shuffle": False},
    {"solver": "adam", "shuffle": False},
    {"solver": "sgd", "momentum": 0.0},
    {"solver": "sgd", "nesterovs_momentum": False, "alpha": 1.0},
    {"solver": "adam", "epsilon": 1e-2, "beta_1": 0.5, "beta_2": 0.9},
    {"solver": "adam", "alpha": 3.0, "batch_size": 64},
    {"solver": "sgd", "learning_rate": "invscaling", "learning_rate_init": 0.5, "power_t": 0.3},
    {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.2, "tol": 0.05,
     "n_iter_no_change": 1},
    {"solver": "adam", "activation": "logistic"},
    {"solver": "adam", "activation": "tanh", "hidden_layer_sizes": 8},
    {"solver": "sgd", "activation": "identity", "hidden_layer_sizes": ()},
]  # fmt: skip


@pytest.mark.parametrize("parameters", STEPS, ids=str)
@pytest.mark.parametrize(("kind", "name"), [("MLPClassifier", "wine"), ("MLPRegressor", "diabetes")])
def test_the_same_losses_and_weights(kind: str, name: str, parameters: dict[str, Any]) -> None:
    a, b = both(kind, *table(name), **{"batch_size": 50, "max_iter": 12, **parameters})
    alike(a, b)
    assert a.best_loss_ == pytest.approx(b.best_loss_, rel=1e-10)


@pytest.mark.parametrize("kind", ["MLPClassifier", "MLPRegressor"])
def test_the_same_with_sample_weights(kind: str) -> None:
    x, y = table("iris")
    weights = np.random.default_rng(0).exponential(size=len(y))
    fit = {"sample_weight": weights}
    alike(*both(kind, x, y, fit, batch_size=40, max_iter=10, alpha=0.5))
    a, b = both(kind, x, y, fit, batch_size=40, max_iter=10, early_stopping=True)
    alike(a, b)
    np.testing.assert_allclose(b.validation_scores_, a.validation_scores_, rtol=1e-10)


@pytest.mark.parametrize(
    ("kind", "y"),
    [
        ("MLPClassifier", lambda y: y),
        ("MLPClassifier", lambda y: np.array(["no", "yes"])[(y > 1).astype(int)]),
        ("MLPRegressor", lambda y: y.astype(float)),
    ],
)
def test_early_stopping_sets_the_same_aside_and_keeps_the_same_epoch(kind: str, y: Any) -> None:
    x, labels = table("wine")
    a, b = both(kind, x, y(labels), early_stopping=True, max_iter=60, learning_rate_init=0.01)
    alike(a, b)
    np.testing.assert_allclose(b.validation_scores_, a.validation_scores_, rtol=1e-10)
    assert b.best_validation_score_ == pytest.approx(a.best_validation_score_, rel=1e-10)
    assert b.best_loss_ is None


def test_several_labels_at_once() -> None:
    x, y = make_multilabel_classification(90, 6, n_classes=4, random_state=0)
    a, b = both("MLPClassifier", StandardScaler().fit_transform(x), y, max_iter=40, early_stopping=True)
    alike(a, b)
    np.testing.assert_allclose(b.validation_scores_, a.validation_scores_)
    x = StandardScaler().fit_transform(x)
    assert np.array_equal(a.predict(x), b.predict(x))
    np.testing.assert_allclose(b.predict_proba(x), a.predict_proba(x), atol=1e-10)


def test_several_values_at_once_follow_the_same_gradient() -> None:
    """Only what is told of the loss differs: theirs is the mean over outputs, not what they minimize."""
    x, y = table("diabetes")
    a, b = both("MLPRegressor", x, np.c_[y, np.sin(y), y**2], max_iter=8, alpha=0.0)
    for one, other in zip(a.coefs_, b.coefs_):
        np.testing.assert_allclose(other, one, rtol=1e-9)
    np.testing.assert_allclose(np.divide(b.loss_curve_, 3), a.loss_curve_, rtol=1e-10)


@pytest.mark.parametrize(("kind", "name"), [("MLPClassifier", "wine"), ("MLPRegressor", "diabetes")])
def test_lbfgs_reaches_the_same_loss(kind: str, name: str) -> None:
    a, b = both(kind, *table(name), solver="lbfgs", max_iter=30, alpha=0.1, activation="tanh")
    alike(a, b, 1e-6)
    assert b.loss_ == pytest.approx(a.loss_, rel=1e-8)
    assert b.loss_curve_[-1] == pytest.approx(b.loss_)


@pytest.mark.parametrize("name", ["iris", "wine"])
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_the_same_weights_give_the_same_answers(name: str, activation: str) -> None:
    x, y = table(name)
    for labels in (y, y > 0):
        a, b = both("MLPClassifier", x, labels, max_iter=2, activation=activation)
        b.coefs_ = [2 * w for w in a.coefs_]
        b.intercepts_ = a.intercepts_
        a.coefs_ = [2 * w for w in a.coefs_]
        np.testing.assert_allclose(b.predict_proba(x), a.predict_proba(x), rtol=1e-12)
        np.testing.assert_allclose(b.predict_log_proba(x), a.predict_log_proba(x), rtol=1e-9, atol=1e-15)
        assert np.array_equal(b.predict(x), a.predict(x))
        assert b.score(x, labels, sample_weight=y + 1) == a.score(x, labels, sample_weight=y + 1)


@pytest.mark.parametrize("kind", ["MLPClassifier", "MLPRegressor"])
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_going_through_parts_one_after_another(kind: str, solver: str) -> None:
    x, y = table("iris")
    options = {"hidden_layer_sizes": (9,), "solver": solver, "random_state": 1, "batch_size": 16}
    parts = [getattr(module, kind)(**options) for module in (theirs, ours)]
    for turn in range(6):
        rows = np.arange(turn % 3, 150, 3)
        for estimator in parts:
            first = {"classes": [0, 1, 2]} if kind == "MLPClassifier" and turn == 0 else {}
            estimator.partial_fit(x[rows], y[rows], **first)
    alike(*parts)
    assert parts[1].t_ == parts[0].t_


def test_a_warm_start_goes_on_from_where_it_stood() -> None:
    x, y = table("wine")
    fitted = []
    for module in (theirs, ours):
        estimator = module.MLPClassifier(
            warm_start=True, max_iter=7, solver="sgd", random_state=0, learning_rate="adaptive"
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            fitted.append(estimator.fit(x, y).fit(x, y))
    alike(*fitted)
    assert len(fitted[1].loss_curve_) == 14


def test_float32_stays_float32() -> None:
    x, y = table("iris")
    a, b = both("MLPClassifier", x.astype(np.float32), y, max_iter=5)
    assert {w.dtype for w in b.coefs_} == {w.dtype for w in a.coefs_} == {np.dtype(np.float32)}
    assert b.predict_proba(x.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(b.loss_curve_, a.loss_curve_, rtol=1e-5)
    lbfgs = both("MLPClassifier", x.astype(np.float32), y, max_iter=20, solver="lbfgs")[1]
    assert lbfgs.coefs_[0].dtype == np.float32
    assert lbfgs.loss_ != float(np.float32(lbfgs.loss_))  # computed in float64


def test_sparse_inputs() -> None:
    from scipy import sparse

    x, y = table("iris")
    x[np.abs(x) < 0.5] = 0
    for form in (sparse.csr_matrix, sparse.csc_array):
        a, b = both("MLPClassifier", form(x), y, max_iter=5)
        alike(a, b)
        np.testing.assert_allclose(b.predict_proba(form(x)), a.predict_proba(x), rtol=1e-9)
