"""What the estimators have of their own, and how they get on with scikit-learn's tools."""

import pickle
import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss, r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

import glassnet as gn
from glassnet.estimators import MLPClassifier, MLPRegressor
from glassnet.training import Change, Epoch, Step

pytestmark = pytest.mark.oracle


@pytest.fixture(autouse=True)
def _short_fits() -> Iterator[None]:
    """Fits here are too short to converge, which is not what is asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


@pytest.fixture(scope="module")
def iris() -> tuple[np.ndarray, np.ndarray]:
    x, y = load_iris(return_X_y=True)
    return StandardScaler().fit_transform(x), y


def same(a: Any, b: Any) -> bool:
    return all(map(np.array_equal, [*a.coefs_, *a.intercepts_], [*b.coefs_, *b.intercepts_]))


# ---- of their own


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize(
    "parameters",
    [
        {"activation": "leaky_relu"}, {"activation": "gelu"}, {"solver": "adamw"}, {"solver": "rmsprop"},
        {"dropout": 0.3}, {"learning_rate": "one_cycle"}, {"learning_rate": gn.cosine(0.02)},
        {"solver": "sgd", "weight_decay": 0.1},
    ],
    ids=str,
)  # fmt: skip
def test_each_learns(iris: Any, kind: Any, parameters: dict[str, Any]) -> None:
    usual = {"learning_rate_init": 0.02, "max_iter": 60, "random_state": 0, "batch_size": 30}
    fitted = kind(**{**usual, **parameters}).fit(*iris)
    plain = kind(**usual).fit(*iris)
    assert fitted.score(*iris) > 0.9
    assert not same(fitted, plain)
    assert same(fitted, kind(**{**usual, **parameters}).fit(*iris))


def test_dropout_is_only_for_training(iris: Any) -> None:
    x, _ = iris
    fitted = MLPClassifier(dropout=0.5, max_iter=3, random_state=0).fit(*iris)
    assert np.array_equal(fitted.predict_proba(x), fitted.predict_proba(x))
    assert [layer.kind for layer in fitted.network_.layers] == ["Dense", "ReLU", "Dropout", "Dense"]


def test_each_part_meets_masks_of_its_own() -> None:
    x = y = np.ones((1, 1))
    fitted = MLPRegressor(64, dropout=0.5, solver="sgd", momentum=0, learning_rate_init=1e-9, random_state=0)
    losses = [fitted.partial_fit(x, y[:, 0]).loss_ for _ in range(5)]
    assert len(set(np.round(losses, 6))) == 5


def test_decay_shrinks_weights_and_not_biases(iris: Any) -> None:
    far = {"solver": "sgd", "momentum": 0, "learning_rate_init": 1e-9, "max_iter": 1, "random_state": 0}
    plain = MLPRegressor(**far).fit(*iris)
    decayed = MLPRegressor(**far, weight_decay=5e8).fit(*iris)
    np.testing.assert_allclose(decayed.coefs_[0], plain.coefs_[0] / 2, rtol=1e-5)
    np.testing.assert_allclose(decayed.intercepts_[0], plain.intercepts_[0], rtol=1e-5)


def test_a_schedule_plans_the_whole_fit(iris: Any) -> None:
    seen: list[float] = []
    fitted = MLPClassifier(
        learning_rate=gn.cosine(0.3), max_iter=8, batch_size=50, n_iter_no_change=np.inf,
        callbacks=lambda event, run: seen.append(event.learning_rate) if isinstance(event, Step) else None,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # to have come to the end of its plan is not a failure to converge
        fitted.fit(*iris)
    assert seen == [gn.cosine(0.3)(step, 24) for step in range(24)]


def test_a_schedule_goes_on_from_part_to_part(iris: Any) -> None:
    seen: list[float] = []
    fitted = MLPRegressor(
        learning_rate="cosine", learning_rate_init=0.3, max_iter=4, batch_size=50,
        callbacks=lambda event, run: seen.append(event.learning_rate) if isinstance(event, Step) else None,
    )  # fmt: skip
    for _ in range(4):
        fitted.partial_fit(*iris)
    assert seen == [gn.cosine(0.3)(step, 12) for step in range(12)]


def test_class_weights_are_weights_of_their_examples(iris: Any) -> None:
    x, y = iris[0][:120], iris[1][:120]
    usual = {"max_iter": 5, "random_state": 0, "batch_size": 40}
    by_class = {0: 3.0, 1: 0.5, 2: 1.25}
    weights = np.array([3.0, 0.5, 1.25])[y]
    assert same(
        MLPClassifier(class_weight=by_class, **usual).fit(x, y),
        MLPClassifier(**usual).fit(x, y, sample_weight=weights),
    )
    balanced = compute_sample_weight("balanced", y)
    both = MLPClassifier(class_weight="balanced", **usual).fit(x, y, sample_weight=weights)
    assert same(both, MLPClassifier(**usual).fit(x, y, sample_weight=weights * balanced))
    assert not same(both, MLPClassifier(**usual).fit(x, y))
    first = {"classes": [0, 1, 2]}
    assert same(
        MLPClassifier(class_weight=by_class, **usual).partial_fit(x, y, **first),
        MLPClassifier(**usual).partial_fit(x, y, weights, **first),
    )


def test_class_weights_of_parts_that_lack_a_class(iris: Any) -> None:
    x, y = iris
    part, usual = y < 2, {"max_iter": 2, "random_state": 0}
    weights = np.array([1.0, 1.0, 4.0])[y[part]]
    fitted = MLPClassifier(class_weight={2: 4.0}, **usual).partial_fit(x[part], y[part], classes=[0, 1, 2])
    plain = MLPClassifier(**usual).partial_fit(x[part], y[part], weights, classes=[0, 1, 2])
    assert same(fitted, plain)
    held = MLPClassifier(class_weight={2: 4.0}, **usual).fit(x, y, validation_data=(x[part], y[part]))
    assert len(held.validation_scores_) == 2
    with pytest.raises(ValueError, match=r"class_weight: expected classes among \[0, 1, 2\], got \[7\]"):
        MLPClassifier(class_weight={7: 4.0}).fit(x, y)


def test_a_validation_curve_of_given_data(iris: Any) -> None:
    x, y = iris
    held = x[::3], y[::3]
    fitted = MLPClassifier(max_iter=6, random_state=0).fit(x, y, validation_data=held)
    assert same(fitted, MLPClassifier(max_iter=6, random_state=0).fit(x, y))
    assert len(fitted.validation_scores_) == len(fitted.validation_loss_curve_) == 6
    assert fitted.validation_scores_[-1] == fitted.score(*held)
    assert fitted.best_validation_score_ == max(fitted.validation_scores_)
    np.testing.assert_allclose(
        fitted.validation_loss_curve_[-1], log_loss(held[1], fitted.predict_proba(held[0])), rtol=1e-9
    )


def test_a_validation_curve_of_values_with_weights(iris: Any) -> None:
    x, y = iris[0], np.c_[iris[1], iris[0][:, 0] ** 2]
    weights = np.linspace(0, 2, 50)
    fitted = MLPRegressor(max_iter=6).fit(x, y, validation_data=(x[::3], y[::3], weights))
    answers = fitted.predict(x[::3])
    score = r2_score(y[::3], answers, sample_weight=weights)
    assert fitted.validation_scores_[-1] == pytest.approx(score, rel=1e-10)
    loss = np.average(np.square(answers - y[::3]).sum(axis=1), weights=weights) / 2
    assert fitted.validation_loss_curve_[-1] == pytest.approx(loss, rel=1e-10)


def test_given_data_stop_a_fit_early(iris: Any) -> None:
    x, y = iris
    fitted = MLPClassifier(
        early_stopping=True, n_iter_no_change=3, learning_rate_init=0.05, random_state=0, max_iter=100
    ).fit(x[::2], y[::2], validation_data=(x[1::2], y[1::2]))
    best = int(np.argmax(fitted.validation_scores_))
    assert fitted.n_iter_ == len(fitted.validation_scores_) < 100
    assert fitted.score(x[1::2], y[1::2]) == fitted.validation_scores_[best] == fitted.best_validation_score_


def test_callbacks_hear_everything_and_may_stop(iris: Any) -> None:
    heard: list[Any] = []

    def stop_after_4(event: Any, run: gn.Training) -> None:
        if isinstance(event, Epoch) and event.epoch == 4:
            run.stop()

    fitted = MLPRegressor(
        early_stopping=True, callbacks=[lambda event, run: heard.append(event), stop_after_4]
    ).fit(*iris)
    assert fitted.n_iter_ == 4
    assert [event.kind for event in heard] == ["start", *["step", "epoch"] * 4, "end"]
    epochs = [event for event in heard if isinstance(event, Epoch)]
    assert [event.loss for event in epochs] == fitted.loss_curve_
    assert [event.validation_r2 for event in epochs] == fitted.validation_scores_
    assert [event.validation_loss for event in epochs] == fitted.validation_loss_curve_


def test_a_rate_that_adapts_is_an_event(iris: Any) -> None:
    heard: list[Any] = []
    MLPClassifier(
        solver="sgd", learning_rate="adaptive", tol=10.0, n_iter_no_change=1, max_iter=9,
        callbacks=lambda event, run: heard.append(event),
    ).fit(*iris)  # fmt: skip
    changes = [event.settings["learning_rate"] for event in heard if isinstance(event, Change)]
    np.testing.assert_allclose(changes[:2], [[1e-3, 2e-4], [2e-4, 4e-5]])


def test_what_it_prints(iris: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fitted = MLPClassifier(verbose=True, early_stopping=True, n_iter_no_change=1, tol=9.0).fit(*iris)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Iteration 1, loss = {fitted.loss_curve_[0]:.8f}"
    assert lines[1] == f"Validation score: {fitted.validation_scores_[0]:f}"
    assert lines[-1].startswith("Validation score did not improve more than tol=9.000000 for 1 consecutive")


def test_the_network_is_one_of_the_librarys(iris: Any, tmp_path: Any) -> None:
    x, y = iris
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    fitted = MLPClassifier(max_iter=4).fit(x, names)
    fitted.network_.save(tmp_path / "iris.npz")
    network = gn.load(tmp_path / "iris.npz")
    assert np.array_equal(np.array(network.classes)[network.predict(x)], fitted.predict(x))
    np.testing.assert_allclose(network.predict_proba(x), fitted.predict_proba(x))


def test_it_can_be_saved_before_anything_else_is_loaded(tmp_path: Any) -> None:
    code = (
        "from glassnet.estimators import MLPRegressor\n"
        "MLPRegressor(2, solver='lbfgs').fit([[0.0], [1.0]], [0.0, 1.0]).network_.save('one.npz')"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=tmp_path)
    assert gn.load(tmp_path / "one.npz").size == 7


@pytest.mark.parametrize("changed", [{"activation": "tanh"}, {"dropout": 0.4}, {"activation": "identity"}])
def test_what_is_changed_before_going_on_takes_effect(iris: Any, changed: dict[str, Any]) -> None:
    x, _ = iris
    usual = {"max_iter": 4, "random_state": 0, "warm_start": True}
    fitted = MLPClassifier(**usual).fit(*iris)
    other = MLPClassifier(**{**usual, **changed}).fit(*iris)
    other.coefs_, other.intercepts_ = fitted.coefs_, fitted.intercepts_
    fitted.set_params(**changed).fit(*iris)
    assert list(map(repr, fitted.network_.layers)) == list(map(repr, other.network_.layers))
    assert same(fitted, other.fit(*iris))
    assert np.array_equal(fitted.predict_proba(x), other.predict_proba(x))


# ---- warnings and ends


def test_a_fit_cut_short_says_so(iris: Any) -> None:
    with pytest.warns(ConvergenceWarning, match=r"Maximum iterations \(2\) reached") as steps:
        MLPClassifier(max_iter=2).fit(*iris)
    with pytest.warns(ConvergenceWarning, match="lbfgs failed to converge after 2 iterations") as whole:
        MLPRegressor(max_iter=2, solver="lbfgs").fit(*iris)
    with pytest.warns(UserWarning, match="batch_size: expected at most the 150 examples, got 500") as size:
        MLPClassifier(max_iter=1, batch_size=500).fit(*iris)
    assert {warning.filename for warning in [*steps, *whole, *size]} == {__file__}


def test_a_fit_that_is_lost_says_where(iris: Any) -> None:
    x, y = iris
    with pytest.raises(ValueError, match=r"fit: the loss is not finite .*what usually helps: a smaller"):
        MLPRegressor(solver="sgd", learning_rate_init=1e6).fit(x, 1e6 * y)
    with pytest.raises(ValueError, match="fit: expected a loss that stays finite, got one that does not"):
        MLPRegressor(solver="lbfgs").fit(x, 1e200 * y)


def test_too_few_examples_to_set_aside() -> None:
    with pytest.raises(ValueError, match="early_stopping: expected at least 4 examples, 2 to set aside"):
        MLPRegressor(early_stopping=True).fit(np.ones((3, 1)), [1.0, 2.0, 3.0])
    assert len(MLPRegressor(early_stopping=True, max_iter=1).fit(np.ones((4, 1)), range(4)).loss_curve_) == 1


def test_one_class_alone() -> None:
    fitted = MLPClassifier(max_iter=2).fit(np.ones((5, 2)), ["a"] * 5)
    assert fitted.predict(np.ones((2, 2))).tolist() == ["a", "a"]
    assert fitted.predict_proba(np.ones((2, 2))).tolist() == [[1.0], [1.0]]


# ---- with scikit-learn's tools


def test_a_pipeline_is_searched_and_scored() -> None:
    x, y = load_wine(return_X_y=True)
    pipeline = make_pipeline(
        StandardScaler(), MLPClassifier(max_iter=25, random_state=0, learning_rate_init=0.02)
    )
    grid = {"mlpclassifier__hidden_layer_sizes": [(2,), (30,)], "mlpclassifier__dropout": [0.0, 0.2]}
    search = GridSearchCV(pipeline, grid, cv=3).fit(x, y)
    assert search.best_params_["mlpclassifier__hidden_layer_sizes"] == (30,)
    assert cross_val_score(search.best_estimator_, x, y, cv=3).mean() > 0.9


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_a_pickle_answers_and_goes_on_alike(iris: Any, kind: Any) -> None:
    fitted = kind(max_iter=5, random_state=0, learning_rate=gn.cosine(0.01)).fit(*iris)
    twin = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(twin.predict(iris[0]), fitted.predict(iris[0]))
    assert same(twin.partial_fit(*iris), fitted.partial_fit(*iris))
    assert len(pickle.dumps(fitted)) < 12 * fitted.network_.parameters.vector.nbytes


def test_a_clone_is_not_fitted_and_fits_alike(iris: Any) -> None:
    fitted = MLPClassifier(max_iter=5, random_state=0, callbacks=[print_nothing]).fit(*iris)
    twin = clone(fitted)
    assert not hasattr(twin, "network_")
    assert not hasattr(twin, "coefs_")
    assert same(twin.fit(*iris), fitted)


def print_nothing(event: Any, run: Any) -> None:
    """A callback."""


def test_columns_have_names(iris: Any) -> None:
    pandas = pytest.importorskip("pandas")
    x, y = iris
    frame = pandas.DataFrame(x, columns=["a", "b", "c", "d"])
    fitted = MLPClassifier(max_iter=3).fit(frame, pandas.Series(y, name="kind"))
    assert fitted.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(frame[["b", "a", "c", "d"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        assert np.array_equal(fitted.predict(x), fitted.predict(frame))


def test_a_fit_leaves_its_inputs_alone(iris: Any) -> None:
    x, y, weights = iris[0].copy(), iris[1].copy(), np.ones(150)
    for array in (x, y, weights):
        array.flags.writeable = False
    fitted = MLPClassifier(max_iter=2, batch_size=20).fit(x, y, weights)
    assert np.array_equal(x, iris[0])
    assert not any(np.shares_memory(x, value) for value in vars(fitted).values() if hasattr(value, "shape"))
