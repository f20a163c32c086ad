"""The controls: what the page is told of them, and from its settings to a recipe and back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet import recipes
from glassnet.data import Dataset, load
from glassnet.data.sources import SOURCES
from glassnet.data.toys import TOYS
from glassnet.nn import losses, optimizers, schedules
from glassnet.nn.layers import ACTIVATIONS
from glassnet.nn.scaling import PIXELS
from glassnet.recipes import Recipe
from glassnet.studio import limits
from glassnet.studio.catalogue import CONTROLS, RECIPES
from glassnet.studio.choices import NAMED, data_of, data_sets, name_of
from glassnet.studio.controls import catalogue, check_cost, checked, recipe_of, recipes_told, settings_of
from glassnet.studio.setups import Opening

POINTS = load("moons")


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No data at hand but what is inside the package."""
    monkeypatch.delenv("GLASSNET_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def control(told: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [one for one in told if one["name"] == name]
    return found


def option(told: list[dict[str, Any]], name: str, value: str) -> dict[str, Any]:
    (found,) = [one for one in control(told, name)["options"] if one["value"] == value]
    return dict(found)


# ---- the catalogue


def test_every_control_and_option_has_its_name_and_one_line() -> None:
    told = catalogue()
    for one in [*told, *(option for control in told for option in control["options"])]:
        assert one["label"]
        assert one["help"].endswith(".")
        assert len(one["help"]) <= 110
        assert "\n" not in one["help"]
    assert {control["group"] for control in told} == {"data", "network", "training", "regularization"}


@pytest.mark.parametrize(
    ("name", "known"),
    [("hidden", ACTIVATIONS), ("optimizer", optimizers.OPTIMIZERS), ("schedule", schedules.SCHEDULES),
     ("loss", ["auto", *losses.LOSSES]), ("data", [*SOURCES, "mnist-sample", *TOYS])],
)  # fmt: skip
def test_the_choices_are_all_that_there_are(name: str, known: Any) -> None:
    assert {option["value"] for option in control(catalogue(), name)["options"]} == set(known)


def test_the_recipes_are_all_that_there_are() -> None:
    assert {path.stem for path in recipes.recipe.FOLDER.glob("*.toml")} == set(RECIPES)
    assert [one["name"] for one in recipes_told()] == list(RECIPES)


@pytest.mark.parametrize("name", ["mnist", "mnist-sample", "xor", "moons", "sine", "cifar-10"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_of_ours_is_within_the_bounds(recipe: str, name: str) -> None:
    settings = recipes.read(recipe)
    on = settings.pop("on", {})
    made = Recipe().changed({**settings, **on.get(name, {}), "data": name})
    told = settings_of(made)
    assert checked(told) == told
    assert settings_of(recipe_of(told, made)) == told


def test_which_losses_go_with_the_data_and_why() -> None:
    classes, values = catalogue(data=POINTS), catalogue(data=load("sine"))
    assert [one["disabled"] for one in control(classes, "loss")["options"]] == [None] * 4
    assert option(classes, "loss", "auto")["label"] == "auto: cross-entropy"
    assert option(values, "loss", "auto")["label"] == "auto: mean squared error"
    assert option(values, "loss", "mse")["disabled"] is None
    for loss in ("cross_entropy", "binary_cross_entropy"):
        why = option(values, "loss", loss)["disabled"]
        assert why == "It is for classes, and sine has values to predict."
        recipe = Recipe(data="sine", loss=loss)
        with pytest.raises(ValueError, match="loss: expected mse for values"):
            recipes.network(recipe, load("sine"))
    for loss in losses.LOSSES:
        assert recipes.network(Recipe(loss=loss), load("blobs")).size


def test_inputs_that_have_no_scaling_cannot_be_left_unscaled() -> None:
    assert control(catalogue(data=POINTS), "scale")["disabled"] is None
    assert control(catalogue(data=replace(POINTS, scaling=None)), "scale")["disabled"]


def test_what_may_change_while_it_runs() -> None:
    live = {one["name"] for one in catalogue() if one["live"]}
    assert live == {*CONTROLS} - {"data", "scale", "hidden", "initializer", "loss", "optimizer", "seed"}


# ---- data sets


def test_sets_that_would_have_to_be_fetched_say_how() -> None:
    told = {one.value: one.disabled for one in data_sets()}
    assert told["mnist"] == "not at hand; `glassnet data get mnist` fetches it (12 MB)"
    assert [name for name, why in told.items() if why is None] == ["mnist-sample", *TOYS]
    with pytest.raises(ValueError, match=r"data: kmnist is not at hand; `glassnet data get kmnist`"):
        data_of("kmnist", Opening())


def test_a_page_knows_the_file_of_the_command_line_by_its_name_alone() -> None:
    given = {"data": "/home/me/secret/train.csv", "label": "price", "drop": ("id",), "epochs": 3}
    opening = Opening({**given, "dtype": "float64"})
    first = data_sets(opening)[0]
    assert (first.value, first.label) == ("train.csv", "train.csv")
    assert "secret" not in str(data_sets(opening))
    expected = {"data": given["data"], "label": "price", "drop": ("id",), "dtype": "float64"}
    assert data_of("train.csv", opening) == data_of(None, opening) == expected
    assert data_of("moons", opening) == {"data": "moons", "dtype": "float64"}
    assert settings_of(Recipe(data=given["data"]))["data"] == "train.csv"  # type: ignore[arg-type]


def test_a_file_that_is_called_like_a_set_is_not_taken_for_it() -> None:
    assert name_of("/data/mnist") == "mnist (file)"
    opening = Opening({"data": "/data/moons"})
    assert data_of("moons (file)", opening) == {"data": "/data/moons"}
    assert data_of("moons", opening) == {"data": "moons"}


@pytest.mark.parametrize("name", ["/etc/passwd", "../train.csv", "test.csv", "", ".", "~/x.csv", "x" * 500])
def test_a_page_names_no_path(name: str) -> None:
    with pytest.raises(ValueError, match="unknown data set") as error:
        data_of(name, Opening({"data": "/data/train.csv"}))
    assert "/data" not in str(error.value)
    assert len(str(error.value)) < 400


def test_data_of_a_recipe_or_a_run_count_as_the_command_lines(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('data = "/data/wine.csv"\nlabel = "class"\nhidden = [3]\n')
    for opening in (Opening(recipe=str(tmp_path)), Opening(run=str(tmp_path))):
        assert data_sets(opening)[0].value == "wine.csv"
        assert data_of("wine.csv", opening) == {"data": "/data/wine.csv", "label": "class"}


def test_where_a_set_is_holds_for_that_set_alone(tmp_path: Path) -> None:
    opening = Opening({"data_dir": str(tmp_path)})
    assert data_of(None, opening) == {"data_dir": str(tmp_path)}
    with pytest.raises(ValueError, match="data: mnist is not at hand"):
        data_of("mnist", opening)
    assert data_of("moons", opening) == {"data": "moons"}


def test_names_are_known_once() -> None:
    assert len(set(NAMED)) == len(NAMED) == len(data_sets())


# ---- settings and recipes


def test_settings_are_whole_and_come_back() -> None:
    recipe = Recipe(data="moons", hidden=(8, 4), activation=("relu", "tanh"), optimizer="adamw")
    told = settings_of(recipe)
    assert told["activation"] == ["relu", "tanh"]
    assert told["learning_rate"] == optimizers.AdamW.default_learning_rate
    assert told["weight_decay"] == 0.01
    assert recipe_of(told, recipe).hidden == (8, 4)
    assert settings_of(recipe_of(told, recipe)) == told
    assert set(told) == {*CONTROLS, "activation"}


def test_another_optimizer_has_its_usual_learning_rate_and_decay() -> None:
    base = Recipe(data="moons", optimizer="sgd", learning_rate=3.0, weight_decay=0.5)
    told = settings_of(recipe_of({"optimizer": "adamw"}, base))
    assert (told["learning_rate"], told["weight_decay"]) == (0.001, 0.01)
    told = settings_of(recipe_of({"optimizer": "adam", "learning_rate": 0.25}, base))
    assert (told["learning_rate"], told["weight_decay"]) == (0.25, 0.0)
    assert settings_of(recipe_of({"optimizer": "sgd"}, base))["learning_rate"] == 3.0


def test_layers_that_are_added_have_the_last_ones_activation() -> None:
    base = Recipe(data="moons", hidden=(8, 4), activation=("relu", "tanh"))
    grown = recipe_of({"hidden": [8, 4, 2, 2]}, base)
    assert grown.activations == ("relu", "tanh", "tanh", "tanh")
    assert recipe_of({"hidden": [8]}, base).activations == ("relu",)
    assert recipe_of({"hidden": []}, base).activations == ()
    assert recipe_of({"hidden": [5]}, recipe_of({"hidden": []}, base)).activations == ("relu",)
    with pytest.raises(ValueError, match="activation: expected one name, or one for each hidden layer"):
        recipe_of({"hidden": [5], "activation": ["relu", "relu"]}, base)


def test_dropout_needs_hidden_layers() -> None:
    base = Recipe(data="moons", hidden=(8,), dropout=0.3)
    assert recipe_of({"hidden": []}, base).dropout == 0
    with pytest.raises(ValueError, match="dropout: expected hidden layers to silence, got none"):
        recipe_of({"hidden": [], "dropout": 0.2}, base)


def test_a_recipe_keeps_its_data() -> None:
    base = Recipe(data="/data/train.csv", label="price")
    assert recipe_of({"data": "train.csv", "epochs": 3}, base) == replace(base, epochs=3)
    with pytest.raises(ValueError, match=r"data: expected train\.csv, got 'moons'"):
        recipe_of({"data": "moons"}, base)


# ---- what it would cost


def images(n: int = 100) -> Dataset:
    pixels = np.zeros((n, 28, 28), np.uint8)
    return Dataset.from_arrays(pixels, np.arange(n) % 10, classes="0123456789", scaling=PIXELS)


def test_a_network_has_at_most_so_many_parameters() -> None:
    check_cost(Recipe(hidden=(4096, 4000)), images())
    with pytest.raises(ValueError, match=r"hidden: expected at most 20,000,000 parameters, got 20,037,642"):
        check_cost(Recipe(hidden=(4096, 4096)), images())
    deepest = Recipe(hidden=(limits.UNITS,) * limits.LAYERS)
    with pytest.raises(ValueError, match="hidden: expected at most"):
        check_cost(deepest, images())


def test_a_pass_over_a_batch_holds_at_most_so_much() -> None:
    many = replace(images(), train=replace(images().train, rows=np.zeros(54_000, np.intp)))
    check_cost(Recipe(hidden=(512,), batch_size="full"), many)
    narrow = (4096, 1) * 4
    check_cost(Recipe(hidden=narrow, batch_size=1000), many)
    for batch in ("full", 60_000):
        with pytest.raises(ValueError, match=r"batch_size: expected at most \d,\d+ examples .* got 54,000"):
            check_cost(Recipe(hidden=narrow, batch_size=batch), many)


def test_the_cost_is_that_of_the_network_that_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    data, recipe = images(), Recipe(hidden=(20, 30))
    size = recipes.network(recipe, data).size
    monkeypatch.setattr(limits, "PARAMETERS", size)
    check_cost(recipe, data)
    monkeypatch.setattr(limits, "PARAMETERS", size - 1)
    with pytest.raises(ValueError, match=f"got {size:,};"):
        check_cost(recipe, data)
