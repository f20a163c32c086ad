"""Six tables: the estimators beside scikit-learn's own MLP, with the same parameters, by cross-validation.

    python benchmarks/estimators.py [--repeats 4] [--solver adam]

Both are judged on the same folds, in turns and with the same random state, behind a StandardScaler that is
fitted once a fold; targets of values are standardized by the training rows. The time is that of `fit` alone.
scikit-learn's California housing has to be downloaded; in its place is a set of the same shape, made here.
"""

import argparse
import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from sklearn import datasets, neural_network
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import StandardScaler

from glassnet import estimators

FOLDS = 5
HOUSES, FEATURES = 20_640, 8  # those of California housing


def houses() -> tuple[np.ndarray, np.ndarray]:
    """Make 8 features, some of them skewed as incomes are, and a value that bends with them, with noise."""
    random = np.random.default_rng(20640)
    x = random.normal(size=(HOUSES, FEATURES))
    x[:, :3] = np.exp(0.6 * x[:, :3])
    place = np.exp(-2 * (x[:, 6] - 0.5) ** 2 - 2 * (x[:, 7] + 0.3) ** 2)
    value = 0.8 * x[:, 0] + place - 0.3 * np.log(x[:, 1]) * x[:, 4] + 0.2 * np.abs(x[:, 3])
    return x, value + 0.5 * random.normal(size=HOUSES)


def table(load: Callable[..., Any]) -> Callable[[], tuple[np.ndarray, np.ndarray]]:
    """Return what loads a set of scikit-learn's as inputs and targets."""
    return lambda: load(return_X_y=True)


TABLES = {
    "iris": table(datasets.load_iris), "wine": table(datasets.load_wine),
    "breast cancer": table(datasets.load_breast_cancer), "digits": table(datasets.load_digits),
    "diabetes": table(datasets.load_diabetes), "houses": houses,
}  # fmt: skip
VALUES = ("diabetes", "houses")


class Result(NamedTuple):
    """The mean score over all folds, its standard error in one repetition, the median seconds of a fit."""

    score: float
    error: float
    seconds: float


def scaled(x: Any, y: Any, train: Any, values: bool) -> tuple[Any, Any]:
    """Return all inputs, and all values, in the units of the training rows."""
    x = StandardScaler().fit(x[train]).transform(x)
    return x, (y - y[train].mean()) / y[train].std() if values else y


def compare(name: str, repeats: int, solver: str) -> dict[str, Result]:
    """Cross-validate both on one table, in turns."""
    x, y = TABLES[name]()
    values = name in VALUES
    sides = {"glassnet": estimators, "scikit-learn": neural_network}
    found: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
    for seed in range(repeats):
        folds = (KFold if values else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
        for train, test in folds.split(x, y):
            inputs, targets = scaled(x, y, train, values)
            for side, module in sides.items():
                kind = module.MLPRegressor if values else module.MLPClassifier
                model = kind(random_state=seed, solver=solver)
                started = perf_counter()
                model.fit(inputs[train], targets[train])
                seconds = perf_counter() - started
                found[side].append((model.score(inputs[test], targets[test]), seconds))
            sides = dict(reversed(sides.items()))
    return {side: _summed_up(runs) for side, runs in found.items()}


def _summed_up(found: list[tuple[float, float]]) -> Result:
    scores = np.array([score for score, _ in found]).reshape(-1, FOLDS)
    error = scores.std(axis=1, ddof=1).mean() / FOLDS**0.5
    return Result(float(scores.mean()), float(error), median(seconds for _, seconds in found))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--solver", default="adam", choices=("adam", "sgd", "lbfgs"))
    parser.add_argument("--tables", nargs="+", default=list(TABLES), choices=list(TABLES))
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{FOLDS}-fold cross-validation, {given.repeats} times; accuracy, of values R²; ms a fit\n")
    print(f"{'table':14}{'':14}{'score':>8}{'one s.e.':>10}{'ms':>9}{'times':>7}")
    for name in given.tables:
        results = compare(name, given.repeats, given.solver)
        slowest = max(result.seconds for result in results.values())
        for side, result in results.items():
            told = f"{result.score:8.4f}{result.error:10.4f}{result.seconds * 1000:9.1f}"
            print(f"{name:14}{side:14}{told}{slowest / result.seconds:7.2f}", flush=True)


if __name__ == "__main__":
    main()
