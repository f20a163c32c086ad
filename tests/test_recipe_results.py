"""What the recipes promise: batch-32's table, tiny's accuracy, xor from each seed, table by its peer."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from glassnet import recipes
from glassnet.data import load
from glassnet.data.export import export_csv
from glassnet.recipes import Recipe
from glassnet.training import Epoch

# Training loss and accuracy of a published 784-…-10 network after each epoch at batch 32.
PUBLISHED = [
    (0.1916, 0.9409), (0.0776, 0.9769), (0.0594, 0.9829), (0.0503, 0.9859), (0.0445, 0.9877),
    (0.0407, 0.9892), (0.0378, 0.9904), (0.0355, 0.9910), (0.0336, 0.9916), (0.0320, 0.9922),
]  # fmt: skip
needs_mnist = pytest.mark.skipif(not os.environ.get("GLASSNET_DATA"), reason="needs MNIST in $GLASSNET_DATA")


@pytest.mark.slow
@needs_mnist
def test_batch_32_is_no_worse_than_the_published_table_in_any_row() -> None:
    recipe = Recipe().changed(recipes.read("batch-32"))
    data = load("mnist", **recipe.loading())
    assert (len(data.train), recipe.batch_size, recipe.epochs) == (60_000, 32, 10)
    history = recipes.training(recipe, recipes.network(recipe, data), data).fit(progress=False)
    rows = [event for event in history if isinstance(event, Epoch)]
    assert {row.measured for row in rows} == {"full"}
    assert len(rows) == len(PUBLISHED)
    for row, (loss, accuracy) in zip(rows, PUBLISHED):
        assert row.loss <= loss, row
        assert row.accuracy is not None
        assert row.accuracy >= accuracy, row


@pytest.mark.slow
@needs_mnist
@pytest.mark.timeout(300)
def test_tiny_reads_nine_in_ten_digits_of_a_kaggle_table(tmp_path: Path) -> None:
    table = tmp_path / "train.csv"
    assert export_csv(load("mnist", validation=0), table, count=42_000) == 42_000
    recipe = Recipe().changed(recipes.read("tiny")).changed({"data": str(table), "threads": 1})
    data = load(table, **recipe.loading())
    assert (len(data.train), len(data.validation)) == (33_600, 8_400)
    network = recipes.network(recipe, data)
    assert [view.shape for view in network.matrices] == [(784, 10), (10, 10)]
    assert np.abs(network.parameters.vector).max() <= 0.5
    *_, last, _ = recipes.training(recipe, network, data).fit(progress=False)
    assert isinstance(last, Epoch)
    assert (last.epoch, last.step) == (1000, 1000)
    assert last.validation_accuracy is not None
    assert last.validation_accuracy >= 0.91


def test_xor_is_solved_from_each_of_twenty_seeds() -> None:
    data = load("xor")
    settings = recipes.read("xor")
    unsolved = []
    for seed in range(20):
        recipe = Recipe().changed({**settings, "seed": seed})
        network = recipes.network(recipe, data)
        assert [layer.kind for layer in network.layers] == ["Dense", "Sigmoid", "Dense", "Sigmoid"]
        assert network.loss is not None
        assert network.loss.name == "mse"
        recipes.training(recipe, network, data).fit(progress=False)
        sure = network.predict_proba(data.train.images)[np.arange(4), data.train.labels].min()
        if sure < 0.9:
            unsolved.append(seed)
    assert unsolved == []


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["iris", "wine", "breast cancer", "diabetes"])
def test_table_is_within_one_standard_error_of_scikit_learn(name: str, tmp_path: Path) -> None:
    path = Path(__file__).parents[1] / "benchmarks" / "cross_validation.py"
    spec = importlib.util.spec_from_file_location("cross_validation", path)
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    scores = benchmark.compare(name, 2, tmp_path)
    for peer in ("scikit-learn", "converged"):
        assert scores["glassnet"].mean >= scores[peer].mean - scores[peer].error, peer
