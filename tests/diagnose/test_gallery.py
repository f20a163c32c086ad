"""Each broken set-up is recognised by its name, soon and for as long as it is broken, and as nothing else."""

import os

import pytest

from diagnose.watching import Look, recipe_for, started, watched
from glassnet.diagnose import GALLERY, Broken
from glassnet.recipes import Recipe
from glassnet.studio import controls

SEEDS = (0, 1, 2)
BESIDE = {  # what else is true of it
    "rate-too-high": {"dead units"},
    "saturated-tanh": {"first weights too large"},
}
each = pytest.mark.parametrize("broken", GALLERY, ids=[one.name for one in GALLERY])
needs_mnist = pytest.mark.skipif(not os.environ.get("GLASSNET_DATA"), reason="needs MNIST in $GLASSNET_DATA")


def looks(broken: Broken, data: str, seed: int, steps: int) -> list[Look]:
    return watched(started(recipe_for("quick", data, seed=seed).changed(broken.settings)), steps=steps)


def recognised(broken: Broken, seen: list[Look]) -> bool:
    """By step 20, and in nine looks of ten from there on."""
    later = [broken.looks_for in one.names for one in seen if one.step >= 20]
    return later[0] and sum(later) >= 0.9 * len(later)


def others(broken: Broken, seen: list[Look]) -> set[str]:
    """What else it was taken for, at any moment."""
    return {name for one in seen for name in one.names} - {broken.looks_for} - BESIDE.get(broken.name, set())


@each
def test_each_broken_set_up_is_recognised_by_its_name(broken: Broken) -> None:
    for seed in SEEDS:
        seen = looks(broken, "mnist-sample", seed, 100)
        assert recognised(broken, seen)
        assert others(broken, seen) == set()


@pytest.mark.slow
@each
def test_each_broken_set_up_is_recognised_to_its_end(broken: Broken) -> None:
    seen = looks(broken, "mnist-sample", 0, 10**9)
    assert recognised(broken, seen)
    assert others(broken, seen) == set()


@pytest.mark.slow
@needs_mnist
@each
def test_each_broken_set_up_is_recognised_on_mnist(broken: Broken) -> None:
    for seed in SEEDS:
        seen = looks(broken, "mnist", seed, 400)  # a second or two of training
        assert recognised(broken, seen)
        assert others(broken, seen) == set()


def test_there_are_eight_each_with_a_name_and_a_finding_of_its_own() -> None:
    assert len(GALLERY) == 8
    assert len({one.name for one in GALLERY}) == len({one.looks_for for one in GALLERY}) == 8
    for one in GALLERY:
        assert one.title[0].isupper()
        assert one.about.endswith(".")
        assert "\n" not in one.about


@each
def test_each_set_up_changes_one_thing_or_two_of_a_good_recipe(broken: Broken) -> None:
    assert 1 <= len(broken.settings) <= 2
    assert "data" not in broken.settings
    assert Recipe().changed(broken.settings) != Recipe()
    assert controls.checked(broken.settings) == broken.settings  # within the studio's bounds
