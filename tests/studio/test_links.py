"""A set-up in an address, and back."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet import recipes
from glassnet.recipes import Recipe
from glassnet.studio.catalogue import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from glassnet.studio.choices import data_of
from glassnet.studio.controls import recipe_of, settings_of
from glassnet.studio.links import link_of, of_link, suited
from glassnet.studio.setups import Opening, Sets


@pytest.fixture(autouse=True, scope="module")
def nothing_at_hand(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GLASSNET_DATA", raising=False)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def usual(name: str) -> Recipe:
    return Sets().set_up({"data": name}).recipe


@pytest.mark.parametrize("name", ["mnist-sample", "xor", "spirals", "sine"])
def test_what_suits_the_data_needs_no_more_than_their_name(name: str) -> None:
    recipe = usual(name)
    assert suited(name) == Sets().set_up({"data": name}).suits
    assert link_of(recipe, suited(name) or "") == f"data={name}"
    assert of_link(f"data={name}") == (settings_of(recipe), [])


def test_a_link_says_what_differs() -> None:
    recipe = recipe_of(
        {"hidden": [128, 64], "activation": ["relu", "tanh"], "learning_rate": 0.25, "scale": False,
         "max_norm": 3, "batch_size": "full", "initializer": "uniform(-0.5, 0.5)"},
        usual("mnist-sample"),
    )  # fmt: skip
    assert link_of(recipe, "quick") == (
        "data=mnist-sample&scale=off&hidden=128,64&initializer=uniform(-0.5,%200.5)&learning_rate=0.25"
        "&batch_size=full&max_norm=3&activation=relu,tanh"
    )


def test_what_another_optimizer_brings_is_left_out() -> None:
    recipe = recipe_of({"optimizer": "adam"}, usual("mnist-sample"))
    assert link_of(recipe, "quick") == "data=mnist-sample&optimizer=adam"
    assert settings_of(recipe) == of_link("data=mnist-sample&optimizer=adam")[0]
    other = recipe_of({"optimizer": "adam", "learning_rate": 0.35}, usual("mnist-sample"))
    assert link_of(other, "quick") == "data=mnist-sample&optimizer=adam&learning_rate=0.35"


def test_without_hidden_layers() -> None:
    recipe = recipe_of({"hidden": []}, usual("spirals"))
    assert link_of(recipe, "points") == "data=spirals&hidden=none"
    assert of_link("data=spirals&hidden=none")[0] == settings_of(recipe)


def test_a_recipe_beyond_the_pages_bounds_has_a_link_too() -> None:
    recipe = usual("spirals").changed({"hidden": (5000,) * 13, "learning_rate": 1e-12, "dropout": 0.99})
    link = link_of(recipe, "points")
    settings, notices = of_link(link)
    assert (settings["hidden"], settings["learning_rate"], settings["dropout"]) == ([32, 32], 0.01, 0)
    assert [notice.split(":")[1].strip() for notice in notices] == ["hidden", "learning_rate", "dropout"]


values = st.fixed_dictionaries(
    {},
    optional={
        "hidden": st.lists(st.integers(1, 4096), max_size=12),
        "initializer": st.sampled_from([one.value for one in INITIALIZERS]),
        "loss": st.sampled_from([one.value for one in LOSSES]),
        "optimizer": st.sampled_from([one.value for one in OPTIMIZERS]),
        "learning_rate": st.floats(1e-7, 1000),
        "schedule": st.sampled_from([one.value for one in SCHEDULES]),
        "batch_size": st.integers(1, 60_000) | st.just("full"),
        "epochs": st.integers(1, 10_000),
        "l1": st.floats(0, 10), "weight_decay": st.floats(0, 10),
        "max_norm": st.none() | st.floats(0.01, 1000), "clip": st.none() | st.floats(1e-4, 1e6),
        "patience": st.none() | st.integers(1, 100), "seed": st.integers(0, 2**31 - 1),
        "scale": st.booleans(),
    },
)  # fmt: skip


@given(values, st.data(), st.sampled_from(["mnist-sample", "spirals", "xor"]))
def test_every_set_up_comes_back_from_its_link(settings: dict[str, Any], data: Any, name: str) -> None:
    layers = len(settings.get("hidden", []))
    if layers:
        known = st.sampled_from([one.value for one in ACTIVATIONS])
        settings["activation"] = data.draw(st.lists(known, min_size=layers, max_size=layers))
        settings["dropout"] = data.draw(st.floats(0, 0.95))
    recipe = recipe_of(settings, usual(name))
    link = link_of(recipe, suited(name) or "")
    assert of_link(link) == (settings_of(recipe), [])
    assert quote(link, safe="=&,()%.-+_") == link


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("data=spirals&colour=red", "link: there is no setting 'colour'"),
        ("data=spirals&learning_rate=fast", "link: learning_rate: expected a number, got 'fast'"),
        (
            "data=spirals&learning_rate=nan",
            "link: learning_rate: expected a number of 1e-07 to 1,000, got nan",
        ),
        ("data=spirals&epochs=1e9", "link: epochs: expected a whole number of 1 to 10,000"),
        ("data=spirals&epochs=" + "9" * 5000, "link: epochs: expected a whole number"),
        ("data=spirals&hidden=8,,8", "link: hidden: expected a number, got ''"),
        ("data=spirals&hidden=1,1,1,1,1,1,1,1,1,1,1,1,1", "link: hidden: expected at most 12 layers"),
        ("data=spirals&loss=hinge", "link: unknown loss 'hinge'"),
        ("data=spirals&scale=maybe", "link: scale: expected a number, got 'maybe'"),
        ("data=spirals&dropout=none", "link: dropout: expected a number"),
        ("data=spirals&activation=relu,tanh,gelu", "link: activation: expected one name, or one for each"),
        ("data=spirals&recipe=/etc/passwd", "link: unknown recipe '/etc/passwd'"),
        ("data=/etc/passwd", "link: unknown data set '/etc/passwd'"),
        ("data=mnist", "link: data: mnist is not at hand"),
        ("&".join(f"a{i}=1" for i in range(50)), "link: expected at most 40 settings, got more"),
        ("%ff%fe=%zz&data=spirals", "link: there is no setting"),
    ],
)
def test_what_cannot_be_is_passed_over_with_a_word(query: str, notice: str) -> None:
    settings, (said,) = of_link(query)
    assert said.startswith(notice)
    assert len(said) < 400
    if "spirals" in query and "recipe" not in query:
        assert settings == settings_of(usual("spirals"))


def test_an_empty_link_asks_for_nothing() -> None:
    assert of_link("") == ({}, [])


def test_a_recipe_may_be_named() -> None:
    settings, notices = of_link("data=mnist-sample&recipe=tiny&hidden=20")
    assert notices == []
    tiny = recipes.read("tiny")
    assert (settings["hidden"], settings["batch_size"], settings["seed"]) == ([20], "full", tiny["seed"])


def test_a_file_of_the_command_line_is_known_to_its_own_studio(tmp_path: Path) -> None:
    opening = Opening({"data": str(tmp_path / "wine.csv"), "label": "class"})
    assert of_link("data=wine.csv&hidden=3", opening) == ({"data": "wine.csv", "hidden": [3]}, [])
    assert data_of("wine.csv", opening)["label"] == "class"
    settings, (notice,) = of_link("data=wine.csv&hidden=3")
    assert settings == {"hidden": [3]}
    assert notice.startswith("link: unknown data set 'wine.csv'")


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    settings, notices = of_link(text)
    assert isinstance(settings, dict)
    assert all("\n" not in notice for notice in notices)
