"""The first message to a page."""

import pytest

from glassnet.data import load
from glassnet.diagnose.gallery import GALLERY
from glassnet.recipes import Recipe
from glassnet.studio.catalogue import CONTROLS, RECIPES
from glassnet.studio.controls import broken, checked, recipe_of
from glassnet.studio.greeting import hello
from glassnet.studio.setups import Opening
from glassnet.view.wire import decode


@pytest.mark.parametrize("role", ["drive", "watch"])
def test_hello_says_all_that_a_page_may_set(role: str) -> None:
    header, arrays = decode(hello(role, Opening({"data": "sine"}), load("sine"), 25))
    assert arrays == {}
    assert (header["kind"], header["version"], header["role"], header["fps"]) == ("hello", 1, role, 25)
    assert [control["name"] for control in header["controls"]] == list(CONTROLS)
    assert [recipe["name"] for recipe in header["recipes"]] == list(RECIPES)
    assert [one["name"] for one in header["gallery"]] == [one.name for one in GALLERY]
    assert header["limits"]["layers"] == 12
    assert header["draws"] is True
    (loss,) = [control for control in header["controls"] if control["name"] == "loss"]
    assert [bool(option["disabled"]) for option in loss["options"]] == [False, True, True, False]


def test_set_ups_of_the_gallery_are_within_the_pages_bounds() -> None:
    for one in GALLERY:
        settings = broken(one.name)
        assert checked(settings).keys() == settings.keys() == one.settings.keys()
        assert recipe_of(settings, Recipe(data="mnist-sample")).loss == settings.get("loss", "auto")
    with pytest.raises(ValueError, match="unknown set-up 'nothing'"):
        broken("nothing")
