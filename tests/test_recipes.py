"""Recipes: what a run is told, from a name, a file and flags, and what is built from it."""

import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from glassnet import files, recipes
from glassnet.cli import app
from glassnet.data import Dataset, load
from glassnet.nn import Dense, Dropout, optimizers
from glassnet.nn.scaling import PIXELS, Scaling
from glassnet.recipes import Recipe
from glassnet.training import Step

IMAGES = np.random.default_rng(0).integers(0, 256, (60, 4, 3), np.uint8)
DATA = Dataset.from_arrays(IMAGES, np.arange(60) % 10, classes="0123456789", scaling=PIXELS).split(0.2)
VALUES = Dataset.from_arrays(
    np.random.default_rng(0).normal(size=(40, 3)),
    np.linspace(0, 9, 40),
    scaling=Scaling(0.5, 2.0),
    target_scaling=Scaling(4.5, 0.3),
).split(0.2)


def test_the_quick_recipe_is_whole_and_builds() -> None:
    settings = recipes.read("quick")
    on = settings.pop("on")
    for data in ("mnist", "mnist-sample"):
        recipe = Recipe().changed({**settings, **on.get(data, {})})
        run = recipes.training(recipe, recipes.network(recipe, DATA), DATA)
        assert run.settings.epochs == recipe.epochs
    assert on["mnist-sample"]["epochs"] > settings["epochs"]


def test_flags_override_a_recipe() -> None:
    recipe = Recipe().changed({"epochs": 4, "hidden": [128]})
    assert recipe.changed({"epochs": 7, "l2": 0.1}) == Recipe(epochs=7, l2=0.1)
    assert recipe.epochs == 4


@pytest.mark.parametrize("name", ["adam", "ADAM"])
def test_another_optimizer_brings_its_own_learning_rate(name: str) -> None:
    recipe = Recipe(optimizer="momentum", learning_rate=0.1)
    other = recipe.changed({"optimizer": name})
    assert other.learning_rate is None
    run = recipes.training(other, recipes.network(other, DATA), DATA)
    assert run.settings.learning_rate == optimizers.Adam.default_learning_rate
    assert recipe.changed({"optimizer": name, "learning_rate": 0.02}).learning_rate == 0.02


def test_another_optimizer_brings_its_own_weight_decay() -> None:
    recipe = Recipe(optimizer="momentum", weight_decay=0.3)
    other = recipe.changed({"optimizer": "adamw"})
    run = recipes.training(other, recipes.network(other, DATA), DATA)
    assert run.optimizer.weight_decay == optimizers.AdamW().weight_decay
    assert recipe.changed({"optimizer": "adamw", "weight_decay": 0.2}).weight_decay == 0.2
    assert recipe.changed({"epochs": 3}).weight_decay == 0.3


def test_other_data_are_not_looked_for_where_mnist_was() -> None:
    for recipe in (Recipe(data="mnist", data_dir="there"), Recipe(data_dir="there")):
        assert recipe.changed({"data": "mnist-sample"}).data_dir is None
        assert recipe.changed({"data": "mnist"}).data_dir == "there"
        assert recipe.changed({"epochs": 3}).data_dir == "there"


@pytest.mark.parametrize("name", ["momentum", "Momentum"])
def test_the_same_optimizer_keeps_the_learning_rate(name: str) -> None:
    assert Recipe(learning_rate=0.1).changed({"optimizer": name}).learning_rate == 0.1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lerning_rate": 1}, "unknown setting 'lerning_rate'; did you mean 'learning_rate'?"),
        ({"activation": "rleu"}, "unknown activation 'rleu'; did you mean 'relu'?"),
        ({"loss": "cross_entropie"}, "did you mean 'cross_entropy'?"),
        ({"optimizer": "adaam"}, "did you mean 'adam'?"),
        ({"schedule": "cosin"}, "did you mean 'cosine'?"),
        ({"dtype": "float16"}, "unknown dtype 'float16'"),
        ({"activation": 3}, "unknown activation 3"),
        ({"hidden": [0]}, "hidden: expected whole numbers of units, each at least 1, got [0]"),
        ({"hidden": [-5, 3]}, "hidden: expected"),
        ({"hidden": [1.5]}, "hidden: expected"),
        ({"hidden": 64}, "hidden: expected whole numbers of units, each at least 1, got 64"),
        ({"hidden": "128,64"}, "hidden: expected"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
        ({"seed": 1.5}, "seed: expected"),
        ({"seed": True}, "seed: expected"),
        ({"learning_rate": "fast"}, "learning_rate: expected a number, got 'fast'"),
        ({"validation": "a tenth"}, "validation: expected a number"),
        ({"dropout": True}, "dropout: expected a number, got True"),
        ({"data": 5}, "data: expected text, got 5"),
        ({"data_dir": ["a"]}, "data_dir: expected text, got ['a']"),
        ({"initializer": 0.5}, "initializer: expected text, got 0.5"),
        ({"data": ""}, "data: expected text, got ''"),
        ({"task": "regression"}, "unknown task 'regression'"),
        ({"drop": "id"}, "drop: expected names of columns, got 'id'"),
        ({"drop": [3]}, "drop: expected names of columns, got [3]"),
        ({"label": 3}, "label: expected text, got 3"),
        ({"fill": 0}, "fill: expected text, got 0"),
        ({"full_pass": "yes"}, "full_pass: expected true or false, got 'yes'"),
        ({"scale": "no"}, "scale: expected true or false, got 'no'"),
        ({"scale": 1}, "scale: expected true or false, got 1"),
        ({"activation": ["relu", "tan"], "hidden": [4, 4]}, "unknown activation 'tan'; did you mean 'tanh'?"),
        ({"activation": [3]}, "unknown activation 3"),
        (
            {"activation": ["relu", "tanh", "relu"], "hidden": [4, 3]},
            "activation: expected one name, or one for each hidden layer, 2 in all, got relu, tanh, relu",
        ),
        (
            {"activation": ["relu"], "hidden": []},
            "activation: expected one name, or one for each hidden layer, 0",
        ),
        ({"activation": []}, "1 in all, got none"),
        ({"test": "a fifth"}, "test: expected a number"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Recipe().changed(settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": 0}, "learning rate: expected a number above 0, got 0"),
        ({"learning_rate": -1.0}, "learning rate: expected a number above 0"),
        ({"epochs": 0}, "epochs: expected a whole number of at least 1, got 0"),
        ({"epochs": "many"}, "epochs: expected"),
        ({"batch_size": 0}, "batch_size: expected a whole number of at least 1 or 'full', got 0"),
        ({"l1": -1}, "l1: expected a number of at least 0, got -1"),
        ({"weight_decay": -1}, "weight_decay: expected"),
        ({"dropout": 1}, "0"),
        ({"dropout": 1, "hidden": []}, "dropout: expected a number of at least 0 and below 1, got 1"),
        ({"dropout": 0.5, "hidden": []}, "dropout: expected hidden units to silence, got none"),
        ({"max_norm": 0}, "max_norm: expected a number above 0"),
        ({"patience": 0}, "patience: expected a whole number of at least 1"),
        ({"clip": -1}, "clip: expected a number above 0"),
        ({"threads": 0}, "threads: expected 'auto' or a whole number of at least 1, got 0"),
        ({"threads": "two"}, "threads: expected"),
        ({"threads": 1 + (os.cpu_count() or 1)}, "threads: expected 'auto' or at most the"),
        ({"initializer": "hee_normal"}, "unknown initializer 'hee_normal'; did you mean 'he_normal'?"),
    ],
)
def test_numbers_out_of_range_are_refused_when_the_run_is_made(
    settings: dict[str, Any], message: str
) -> None:
    recipe = Recipe().changed(settings)
    with pytest.raises(ValueError, match=r".") as caught:
        recipes.training(recipe, recipes.network(recipe, DATA), DATA)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


# ---- files


def written(folder: Path, text: str) -> str:
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return str(folder / "mine.toml")


def test_a_recipe_from_a_file(tmp_path: Path) -> None:
    name = written(
        tmp_path, 'hidden = [5]\nbatch_size = "full"\n[made_by]\nnumpy = "2"\n[on.mnist]\nepochs = 2\n'
    )
    assert recipes.read(name) == {"hidden": [5], "batch_size": "full", "on": {"mnist": {"epochs": 2}}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs = ", "expected a recipe in TOML"),
        ("epochs 3", "expected a recipe in TOML"),
        ("epochs = 3\nepochs = 4", "expected a recipe in TOML"),
        ("epoch = 3", "unknown setting 'epoch'; did you mean 'epochs'?"),
        ("[on.mnist]\nepoch = 3", "unknown setting 'epoch'; did you mean 'epochs'?"),
        ("on = 3", "expected a table [on.DATA] for each data set under 'on', got 3"),
        ("[on]\nmnist = 3", "expected a table [on.DATA]"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused(text: str, message: str, tmp_path: Path) -> None:
    name = written(tmp_path, text)
    with pytest.raises(ValueError, match=r".") as caught:
        recipes.read(name)
    assert str(caught.value).startswith(name)
    assert message in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(ValueError, match="expected a recipe in TOML"):
        recipes.read(str(tmp_path / "model.npz"))


def test_an_unknown_recipe_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown recipe 'quik'; did you mean 'quick'"):
        recipes.read("quik")


def test_the_recipe_of_a_runs_folder(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("epochs = 7")
    assert recipes.read(str(tmp_path)) == {"epochs": 7}


@pytest.mark.parametrize("name", ["nodir/x.toml", "x.toml", "nodir/x", "./x", "empty"])
def test_a_path_without_a_recipe_is_a_missing_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    with pytest.raises(
        FileNotFoundError, match=r"(x|x\.toml|empty.config\.toml): expected a recipe, found no"
    ):
        recipes.read(name)


def test_plain_data_makes_the_same_recipe_again() -> None:
    import tomli_w

    recipe = Recipe(
        hidden=(), learning_rate=1 / 3, batch_size="full", data="mnist", max_norm=2.0, dropout=0.1
    )
    other = Recipe(hidden=(4, 3), activation=("relu", "tanh"), scale=False)
    for told in (recipe, other):
        assert Recipe().changed(tomllib.loads(tomli_w.dumps(told.plain()))) == told


def test_activations_that_are_all_alike_are_one_name() -> None:
    assert Recipe(hidden=(4, 3), activation=("tanh", "Tanh")) == Recipe(hidden=(4, 3), activation="tanh")
    assert Recipe(hidden=(4, 3), activation=("tanh", "tanh")).plain()["activation"] == "tanh"
    assert Recipe(hidden=(), activation=()).activation == "relu"
    recipe = Recipe(hidden=(4, 3), activation=("relu", "leaky-relu"))
    assert recipe.plain()["activation"] == ["relu", "leaky_relu"]
    assert recipe.activations == ("relu", "leaky_relu")
    assert Recipe(hidden=(4, 3, 2), activation="gelu").activations == ("gelu",) * 3
    assert Recipe(hidden=()).activations == ()


def test_another_count_of_layers_needs_other_activations() -> None:
    recipe = Recipe(hidden=(4, 3), activation=("relu", "tanh"))
    with pytest.raises(ValueError, match="one for each hidden layer, 1 in all, got relu, tanh"):
        recipe.changed({"hidden": (8,)})
    assert recipe.changed({"hidden": (8,), "activation": "tanh"}).activations == ("tanh",)


def test_the_config_of_an_older_run_reads_as_before() -> None:
    old = Recipe(hidden=(5,), activation="gelu").plain()
    del old["scale"]
    assert Recipe().changed(old) == Recipe(hidden=(5,), activation="gelu")


# ---- what is built


@pytest.mark.parametrize(
    ("recipe", "kinds"),
    [
        (Recipe(), ["Dense", "ReLU", "Dense", "Softmax"]),
        (Recipe(hidden=()), ["Dense", "Softmax"]),
        (
            Recipe(hidden=(8, 6), activation="tanh", loss="mse"),
            ["Dense", "Tanh", "Dense", "Tanh", "Dense", "Sigmoid"],
        ),
        (
            Recipe(hidden=(8, 6), activation=("tanh", "relu"), dropout=0.2),
            ["Dense", "Tanh", "Dropout", "Dense", "ReLU", "Dropout", "Dense", "Softmax"],
        ),
        (Recipe(dropout=0.2, activation="leaky-relu"), ["Dense", "LeakyReLU", "Dropout", "Dense", "Softmax"]),
        (Recipe(activation="gelu", loss="binary_cross_entropy"), ["Dense", "GELU", "Dense", "Sigmoid"]),
    ],
)
def test_the_network_of_a_recipe(recipe: Recipe, kinds: list[str]) -> None:
    network = recipes.network(recipe, DATA)
    assert [layer.kind for layer in network.layers] == kinds
    assert network.input_shape == (12,)
    assert (network.classes, network.scaling) == (DATA.classes, PIXELS)
    assert network.loss is not None
    assert network.loss.name == ("cross_entropy" if recipe.loss == "auto" else recipe.loss)
    run = recipes.training(recipe.changed({"epochs": 1, "threads": 1}), network, DATA)
    *_, end = run
    assert end.reason == "finished"
    if recipe.dropout:
        assert network.layers[2].rate == 0.2


def test_rectifiers_start_larger_than_sigmoids() -> None:
    def spread(activation: str) -> float:
        recipe = Recipe(hidden=(2000,), activation=activation)
        return float(recipes.network(recipe, DATA).parameters["1.W"].std())

    assert spread("relu") == spread("gelu") == pytest.approx((2 / 12) ** 0.5, rel=0.02)
    assert spread("tanh") == spread("sigmoid") == pytest.approx((2 / 2012) ** 0.5, rel=0.02)
    same = Recipe(activation="tanh", initializer="constant(0.5)")
    assert set(recipes.network(same, DATA).parameters["1.W"].ravel()) == {0.5}


def test_each_layer_starts_as_its_own_activation_asks() -> None:
    def initializers(*activations: str) -> list[str]:
        network = recipes.network(Recipe(hidden=(4,) * len(activations), activation=activations), DATA)
        return [layer.initializer for layer in network.layers if isinstance(layer, Dense)]

    he, glorot = "he_normal", "glorot_uniform"
    assert initializers("relu", "tanh") == [he, glorot, glorot]
    assert initializers("tanh", "relu") == [glorot, he, he]
    assert initializers("gelu", "sigmoid", "leaky_relu") == [he, glorot, he, he]
    same = recipes.network(Recipe(hidden=(4, 4), activation=("relu", "tanh"), initializer="ones"), DATA)
    assert {layer.initializer for layer in same.layers if isinstance(layer, Dense)} == {"ones"}


@pytest.mark.parametrize("data", [DATA, VALUES], ids=["classes", "values"])
def test_without_scale_the_network_gets_the_inputs_as_they_are(data: Dataset) -> None:
    recipe = Recipe(hidden=(5,), scale=False, epochs=1, threads=1)
    network = recipes.network(recipe, data)
    run = recipes.training(recipe, network, data)  # which would take over the set's scaling
    assert (network.scaling, run.data.scaling) == (None, None)
    assert network.target_scaling == data.target_scaling
    next(event for event in run if isinstance(event, Step))
    stored = data.train.inputs[data.train.places(run.batch)].reshape(len(run.batch), -1)
    assert np.array_equal(run.flow.activations[0], stored.astype(np.float32))
    assert recipes.prepared(recipe, data).scaling is None
    assert recipes.prepared(Recipe(), data) is data
    assert recipes.network(Recipe(), data).scaling == data.scaling


def test_dropout_layers_of_rate_0_change_no_bit_and_let_it_be_raised() -> None:
    recipe = Recipe(hidden=(8, 6), activation=("relu", "tanh"), epochs=2, threads=1)
    plain, with_layers = (recipes.network(recipe, DATA, always_dropout=always) for always in (False, True))
    assert [layer.kind for layer in with_layers.layers].count("Dropout") == 2
    for network in (plain, with_layers):
        recipes.training(recipe, network, DATA).fit(progress=False)
    assert np.array_equal(plain.parameters.vector, with_layers.parameters.vector)
    run = recipes.training(recipe, recipes.network(recipe, DATA, always_dropout=True), DATA)
    run.change(dropout=0.5)
    assert [layer.rate for layer in run.network.layers if isinstance(layer, Dropout)] == [0.5, 0.5]
    recipes.training(Recipe(hidden=()), recipes.network(Recipe(hidden=()), DATA, always_dropout=True), DATA)


def test_a_run_unscaled_and_of_several_activations_is_judged_and_asked_like_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [f"{x * x % 7},{x % 5},{'ab'[x % 2]}" for x in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["u,v,label", *rows]))
    train = "train --activation relu,tanh --epochs 2 --no-pictures"
    for command in (
        f"{train} --data t.csv --label label --hidden 6,4 --no-scale --out run",
        f"{train} --data moons --out moons",  # by a recipe that has two layers too
        "evaluate run",
        "predict run t.csv",
    ):
        result = CliRunner().invoke(app, command.split())
        assert (result.exit_code, result.exception) == (0, None)
    config = recipes.read("run")
    assert (config["activation"], config["scale"]) == (["relu", "tanh"], False)
    network = files.load("run/model.npz")
    assert [layer.kind for layer in network.layers] == ["Dense", "ReLU", "Dense", "Tanh", "Dense", "Softmax"]
    assert network.scaling is None
    assert recipes.read("moons")["activation"] == ["relu", "tanh"]


def test_the_same_seed_builds_the_same_network() -> None:
    one, same, other = (recipes.network(Recipe(seed=s), DATA).parameters.vector for s in (3, 3, 4))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_network_of_values_ends_in_a_plain_layer() -> None:
    network = recipes.network(Recipe(hidden=(6,)), VALUES)
    assert [layer.kind for layer in network.layers] == ["Dense", "ReLU", "Dense"]
    assert (network.output_shape, network.classes) == ((1,), None)
    assert network.loss is not None
    assert network.loss.name == "mse"
    assert network.target_scaling == VALUES.target_scaling
    with pytest.raises(ValueError, match="loss: expected mse for values, got cross_entropy"):
        recipes.network(Recipe(loss="cross_entropy"), VALUES)


def test_two_classes_take_one_output_unless_softmax_divides_it() -> None:
    data = Dataset.from_arrays(np.zeros((4, 2)), np.array([0, 1, 1, 0]))
    for loss, outputs in (("auto", 2), ("binary_cross_entropy", 1), ("mse", 1)):
        assert recipes.network(Recipe(loss=loss), data).output_shape == (outputs,)


def test_each_kind_of_data_has_its_recipe() -> None:
    table = Dataset.from_arrays(np.zeros((4, 5)), np.arange(4))
    assert recipes.suitable(DATA, None) == "quick"
    assert recipes.suitable(table, None) == "table"
    assert recipes.suitable(VALUES, None) == "table"
    for name, recipe in (("xor", "xor"), ("moons", "points"), ("sine", "points"), ("mnist-sample", "quick")):
        assert recipes.suitable(load(name), name) == recipe


def test_a_file_that_is_called_like_a_set_of_ours_is_a_table() -> None:
    assert recipes.suitable(load("xor"), None) == "points"


def test_without_hidden_layers_nothing_is_dropped_out() -> None:
    recipe = Recipe().changed(recipes.read("table"))
    assert recipe.changed({"hidden": ()}).dropout == 0
    assert recipe.changed({"hidden": (8,)}).dropout == 0.1
    assert recipe.changed({"hidden": (), "dropout": 0.5}).dropout == 0.5


@pytest.mark.parametrize("name", sorted(path.stem for path in recipes.recipe.FOLDER.glob("*.toml")))
def test_every_recipe_in_the_package_is_whole(name: str) -> None:
    settings = recipes.read(name)
    parts = settings.pop("on", {})
    for part in ({}, *parts.values()):
        recipe = Recipe().changed({**settings, **part})
        run = recipes.training(recipe, recipes.network(recipe, DATA), DATA)
        assert run.settings.epochs == recipe.epochs
    for data in ("mnist", "mnist-sample"):
        recipe = Recipe().changed({**settings, **parts.get(data, {})})
        assert recipe.plain()["epochs"] == recipe.epochs
