"""From a few settings to a whole set-up."""

from glassnet import recipes
from glassnet.studio.setups import Sets


def test_activations_are_for_the_layers_of_the_recipe_that_suits_the_data() -> None:
    layers = len(recipes.read("points")["hidden"])
    told = ("relu", "tanh", "relu", "tanh")[:layers]
    assert layers > 1
    found = Sets().set_up({"data": "moons", "activation": told})
    assert found.recipe.activation == told
    assert found.suits == "points"


def test_data_are_read_once_for_set_ups_that_need_the_same() -> None:
    sets = Sets()
    first = sets.set_up({"data": "moons"})
    again = sets.again(first.recipe, first.suits)
    assert again.data is first.data
    assert again.recipe == first.recipe
