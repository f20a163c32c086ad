"""Four small tables from CSV: the recipe `table` beside scikit-learn's MLP, by cross-validation.

    python benchmarks/cross_validation.py [--repeats 4]

All are judged on the same folds, in turns. glassnet reads each fold from a CSV file and uses the recipe as it
comes, so it sets a tenth of its training rows aside to choose the epoch by; scikit-learn's MLP stands behind
a StandardScaler, once with its own limit of 200 iterations and once with enough to converge. The time is that
of building and fitting, without reading the file.
"""

import argparse
import csv
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from glassnet import recipes
from glassnet.data import load
from glassnet.recipes import Recipe

TABLES = {
    "iris": datasets.load_iris, "wine": datasets.load_wine, "breast cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
}  # fmt: skip
FOLDS = 5


class Scores(NamedTuple):
    """The mean score over all folds, its standard error in one repetition, the median seconds of a fit."""

    mean: float
    error: float
    seconds: float


def write(path: Path, names: Sequence[str], x: Any, y: Any) -> Path:
    """Write a table with the target in its last column."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*names, "target"])
        rows.writerows([*map(float, features), target] for features, target in zip(x, y.tolist()))
    return path


def glassnet(names: Sequence[str], folder: Path, train: Any, test: Any, seed: int) -> tuple[float, float]:
    """Return the score on the held-out fold and the seconds of the fit."""
    settings = {**recipes.read("table"), "label": "target", "test": 0.0, "seed": seed, "threads": 1}
    recipe = Recipe().changed(settings)
    data = load(write(folder / "train.csv", names, *train), **recipe.loading())
    started = perf_counter()
    network = recipes.network(recipe, data)
    run = recipes.training(recipe, network, data)
    run.fit(progress=False)
    run.restore_best()
    seconds = perf_counter() - started
    known = {"encoding": data.encoding, "classes": data.classes}
    held = load(write(folder / "test.csv", names, *test), validation=0, **known).train
    answers = network.predict(held.images)
    score = accuracy_score if data.classes is not None else r2_score
    return float(score(held.labels, answers)), seconds


def scikit_learn(train: Any, test: Any, seed: int, values: bool, iterations: int) -> tuple[float, float]:
    """Return the score on the held-out fold and the seconds of the fit."""
    kind = MLPRegressor if values else MLPClassifier
    model = make_pipeline(StandardScaler(), kind(random_state=seed, max_iter=iterations))
    started = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(*train)
    return model.score(*test), perf_counter() - started


def compare(name: str, repeats: int, folder: Path) -> dict[str, Scores]:
    """Cross-validate all on one table, in turns."""
    table = TABLES[name]()
    values = name == "diabetes"
    x = table.data
    y = table.target if values else np.asarray(table.target_names)[table.target]
    columns = [str(column) for column in table.feature_names]
    sides: dict[str, Callable[[Any, Any, int], tuple[float, float]]] = {
        "glassnet": lambda train, test, seed: glassnet(columns, folder, train, test, seed),
        "scikit-learn": lambda train, test, seed: scikit_learn(train, test, seed, values, 200),
        "converged": lambda train, test, seed: scikit_learn(train, test, seed, values, 2000),
    }
    results: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
    for seed in range(repeats):
        folds = (KFold if values else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
        for train, test in folds.split(x, y):
            for side, fit in sides.items():
                results[side].append(fit((x[train], y[train]), (x[test], y[test]), seed))
    return {side: _summed_up(found) for side, found in results.items()}


def _summed_up(found: Sequence[tuple[float, float]]) -> Scores:
    scores = np.array([score for score, _ in found]).reshape(-1, FOLDS)
    error = scores.std(axis=1, ddof=1).mean() / FOLDS**0.5
    return Scores(float(scores.mean()), float(error), median(seconds for _, seconds in found))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=4)
    repeats = parser.parse_args().repeats
    print(f"{FOLDS}-fold cross-validation, {repeats} times; accuracy, of diabetes R²; milliseconds a fit\n")
    print(f"{'table':14}{'':14}{'score':>8}{'one s.e.':>10}{'ms':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name in TABLES:
            for side, scores in compare(name, repeats, Path(folder)).items():
                told = f"{scores.mean:8.4f}{scores.error:10.4f}{scores.seconds * 1000:8.0f}"
                print(f"{name:14}{side:14}{told}", flush=True)


if __name__ == "__main__":
    main()
