"""What an estimator refuses: one line that says what was expected and received."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import glassnet

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"alpha": -1}, "alpha: expected a number of at least 0, got -1"),
    ({"alpha": "1"}, "alpha: expected a number of at least 0, got '1'"),
    ({"learning_rate_init": 0}, "learning_rate_init: expected a number above 0, got 0"),
    ({"momentum": 1.0}, "momentum: expected a number of at least 0 and below 1, got 1.0"),
    ({"beta_2": float("nan")}, "beta_2: expected a number of at least 0 and below 1, got nan"),
    ({"epsilon": True}, "epsilon: expected a number above 0, got True"),
    ({"dropout": 1}, "dropout: expected a number of at least 0 and below 1, got 1"),
    ({"weight_decay": -0.1}, "weight_decay: expected a number of at least 0 or None, got -0.1"),
    ({"shuffle": 1}, "shuffle: expected True or False, got 1"),
    ({"max_iter": 0}, "max_iter: expected a whole number of at least 1, got 0"),
    ({"batch_size": 2.5}, "batch_size: expected a whole number of at least 1 or 'auto', got 2.5"),
    ({"n_iter_no_change": 0}, "n_iter_no_change: expected a whole number of at least 1 or infinity, got 0"),
    ({"hidden_layer_sizes": (5, 0)}, "hidden_layer_sizes: expected a whole number of at least 1, got 0"),
    ({"hidden_layer_sizes": "5"}, "hidden_layer_sizes: expected a whole number of at least 1, got '5'"),
    ({"activation": "rely"}, "unknown activation 'rely'; did you mean 'relu'? known: identity, logistic"),
    ({"solver": "lbgfs"}, "unknown solver 'lbgfs'; did you mean 'lbfgs'? known: sgd"),
    ({"learning_rate": "one-cycle"}, "unknown learning_rate 'one-cycle'; did you mean 'one_cycle'? known:"),
    ({"learning_rate": 0.1}, "unknown learning_rate 0.1; known: constant, invscaling, adaptive, step"),
    ({"callbacks": 3}, "callbacks: expected functions of an event and a run, got 3"),
    ({"solver": "lbfgs", "dropout": 0.1}, "dropout: expected 0 for solver 'lbfgs', got 0.1"),
    ({"solver": "lbfgs", "callbacks": print}, "callbacks: expected None for solver 'lbfgs', got"),
    ({"class_weight": "balance"}, "class_weight: expected None, 'balanced' or {class: weight} with"),
    (
        {"class_weight": {0: -1.0}},
        "class_weight: expected None, 'balanced' or {class: weight} with weights of",
    ),
    ({"class_weight": [1, 2]}, "class_weight: expected None, 'balanced' or {class: weight} with"),
    ({"class_weight": {0: float("nan")}}, "class_weight: expected None, 'balanced' or {class: weight} with"),
    ({"verbose": "no"}, "verbose: expected True or False, got 'no'"),
    (
        {"random_state": "a"},
        "random_state: expected None, a whole number from 0 to 2³² − 1 or a numpy.random.",
    ),
    (
        {"random_state": -1},
        "random_state: expected None, a whole number from 0 to 2³² − 1 or a numpy.random.",
    ),
    ({"hidden_layer_sizes": range(2, 4).__iter__()}, "hidden_layer_sizes: expected a whole number of at"),
]


@pytest.mark.oracle
@pytest.mark.parametrize(("parameters", "words"), WRONG, ids=str)
def test_a_parameter_out_of_its_range(parameters: dict[str, Any], words: str) -> None:
    estimator = glassnet.estimators.MLPClassifier(**parameters)
    with pytest.raises(ValueError, match=r"expected|did you mean|known|class_weight") as refused:
        estimator.fit([[0.0], [1.0], [2.0]], [0, 1, 1])
    assert words in str(refused.value)
    assert not hasattr(estimator, "network_")


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ({"sample_weight": [1, -1, 1, 1]}, "sample_weight: expected weights of at least 0, not all 0, got"),
        ({"validation_data": np.ones((4, 1))}, "validation_data: expected (X, y) or (X, y, sample_weight)"),
        ({"validation_data": ([[1.0]], [7])}, "validation_data: y: expected classes among [0 1], as before"),
        ({"validation_data": ([[1.0, 2.0]], [1])}, "validation_data: X has 2 features, but MLPClassifier is"),
        ({"validation_data": ([[1.0]], [1], [-1])}, "validation_data: sample_weight: expected weights of at"),
    ],
)  # fmt: skip
def test_data_that_do_not_fit(fit: dict[str, Any], words: str) -> None:
    estimator = glassnet.estimators.MLPClassifier(max_iter=2)
    with pytest.raises(ValueError, match="expect") as refused:
        estimator.fit([[0.0], [1.0], [2.0], [3.0]], [0, 1, 1, 0], **fit)
    assert words in str(refused.value)


@pytest.mark.oracle
def test_validation_values_of_another_number() -> None:
    with pytest.raises(ValueError, match="validation_data: y: expected 1 values an example, got 2"):
        glassnet.estimators.MLPRegressor().fit([[0.0]], [0.0], validation_data=([[1.0]], [[1.0, 2.0]]))


@pytest.mark.oracle
def test_a_share_that_leaves_nothing_to_train_on() -> None:
    x, y = np.ones((8, 1)), np.arange(8.0)
    with pytest.raises(ValueError, match=r"early_stopping with validation_fraction 0.99: .* empty"):
        glassnet.estimators.MLPRegressor(early_stopping=True, validation_fraction=0.99).fit(x, y)


@pytest.mark.oracle
def test_a_refused_first_call_leaves_it_unfitted() -> None:
    from sklearn.exceptions import NotFittedError

    x, y = np.arange(6.0)[:, None], np.array([0, 1, 2, 0, 1, 2])
    estimator = glassnet.estimators.MLPClassifier(max_iter=1)
    with pytest.raises(ValueError, match="expected classes among"):
        estimator.partial_fit(x, y, classes=[0, 1])
    with pytest.raises(NotFittedError):
        estimator.predict(x)
    assert estimator.partial_fit(x, y, classes=[0, 1, 2]).classes_.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="sample_weight: expected"):
        estimator.fit(x, y > 0, sample_weight=-np.ones(6))
    assert estimator.classes_.tolist() == [0, 1, 2]  # those of the network that is still there


@pytest.mark.oracle
def test_weights_that_are_all_nothing() -> None:
    with pytest.raises(ValueError, match=r"expected weights .* not all 0|at least one non-zero"):
        glassnet.estimators.MLPRegressor().fit([[0.0], [1.0]], [0.0, 1.0], sample_weight=[0, 0])


@pytest.mark.oracle
def test_what_goes_on_must_be_of_the_same_kind() -> None:
    x, y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 2, 0, 1, 2])
    estimator = glassnet.estimators.MLPClassifier((4,), warm_start=True, max_iter=1, n_iter_no_change=1)
    with pytest.warns(match="converged"):
        estimator.fit(x, y)
    with pytest.raises(ValueError, match=r"fit: expected layers of \[4, 3\] units, as fitted before, got"):
        estimator.set_params(hidden_layer_sizes=5).fit(x, y)
    with pytest.raises(ValueError, match="expected classes among"):
        estimator.set_params(hidden_layer_sizes=4).fit(x, y + 1)
    with pytest.raises(ValueError, match=r"coefs_: expected arrays of shapes \[\(2, 4\), \(4, 3\)\], got"):
        estimator.coefs_ = [np.ones((2, 4))]
    with pytest.raises(ValueError, match="classes must be passed on the first call to partial_fit"):
        glassnet.estimators.MLPClassifier().partial_fit(x, y)
    with pytest.raises(
        ValueError, match=r"partial_fit: expected class_weight as \{class: weight\}, got 'bal"
    ):
        glassnet.estimators.MLPClassifier(class_weight="balanced").partial_fit(x, y, classes=[0, 1, 2])
    assert not hasattr(glassnet.estimators.MLPClassifier(solver="lbfgs"), "partial_fit")


def test_without_scikit_learn_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import glassnet\n"
        "try: glassnet.estimators.MLPClassifier\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    install = "expected scikit-learn 1.6 or later, got none; pip install 'glassnet[sklearn]'"
    assert done.stdout == f"glassnet.estimators: {install}\n"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"module 'glassnet.estimators' has no attribute 'MLP'"):
        glassnet.estimators.MLP  # noqa: B018
    assert {"MLPClassifier", "MLPRegressor"} <= set(dir(glassnet.estimators))
