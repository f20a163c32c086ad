"""From the page's settings to a recipe and back: one flat dict, whose names are `Recipe`'s."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from glassnet.data import Dataset
from glassnet.nn import optimizers
from glassnet.nn.names import unknown
from glassnet.recipes import Recipe
from glassnet.studio import limits
from glassnet.studio.catalogue import ACTIVATIONS, CONTROLS, LOSSES, RECIPES
from glassnet.studio.choices import data_sets, name_of
from glassnet.studio.control import Option, named, shown
from glassnet.studio.setups import Opening

SETTINGS = tuple(dict.fromkeys(("hidden", "activation", *CONTROLS)))  # what others depend on first


def catalogue(opening: Opening | None = None, data: Dataset | None = None) -> list[dict[str, Any]]:
    """Return the controls as the page is told, with what cannot be chosen for such `data`, and why."""
    controls = {**CONTROLS, "data": replace(CONTROLS["data"], options=data_sets(opening))}
    if data is not None:
        controls["loss"] = replace(CONTROLS["loss"], options=tuple(_fitting(one, data) for one in LOSSES))
        if data.scaling is None:
            why = "These inputs are taken as they are stored: there is no scaling to leave out."
            controls["scale"] = replace(CONTROLS["scale"], disabled=why)
    return [control.plain() for control in controls.values()]


def recipes_told() -> list[dict[str, str]]:
    """Return the recipes of ours, each with what it is for."""
    return [{"name": name, "about": about} for name, about in RECIPES.items()]


def _fitting(loss: Option, data: Dataset) -> Option:
    """Say what auto means for the data, and why another loss does not go with them."""
    values = data.classes is None
    if loss.value == "auto":
        return replace(loss, label=f"auto: {'mean squared error' if values else 'cross-entropy'}")
    if values and loss.value != "mse":
        return replace(loss, disabled=f"It is for classes, and {data.name} has values to predict.")
    return loss


def checked(settings: Any) -> dict[str, Any]:
    """Return settings from a page as plain data, each within its bounds.

    Raises ValueError, in one line that begins with the control's name, for any that is unknown or is not.
    """
    if not isinstance(settings, dict):
        raise ValueError(f"settings: expected settings by name, got {shown(settings)}")
    for name in settings:
        if name not in SETTINGS:
            raise ValueError(unknown("setting", name[:40], SETTINGS))
    return {name: _checked(name, value) for name, value in settings.items()}


def _checked(name: str, value: Any) -> Any:
    if name != "activation":
        return CONTROLS[name].checked(value)
    known = [option.value for option in ACTIVATIONS]
    if isinstance(value, list | tuple) and len(value) <= limits.LAYERS:
        return [named("activation", one, known) for one in value]
    return named("activation", value, known)


def recipe_of(settings: Mapping[str, Any], base: Recipe) -> Recipe:
    """Return a recipe with some of its settings replaced by a page's, on the same data.

    Another optimizer brings its usual learning rate and weight decay; layers that are added have the last
    one's activation. Raises ValueError, in one line, for what cannot be.
    """
    told = checked(dict(settings))
    if told.pop("data", name_of(base.data)) != name_of(base.data):
        raise ValueError(f"data: expected {name_of(base.data)}, got {shown(settings['data'])}")
    recipe = changed(base, told)
    if recipe.dropout and not recipe.hidden:
        raise ValueError(f"dropout: expected hidden layers to silence, got none and {recipe.dropout:g}")
    return recipe


def changed(base: Recipe, settings: Mapping[str, Any]) -> Recipe:
    """Return a recipe with some settings replaced, and activations for all its layers."""
    more = dict(settings)
    if "hidden" in more and "activation" not in more:
        own, layers = base.activations, len(more["hidden"])
        more["activation"] = (*own, *own[-1:] * layers)[:layers] or base.activation
        if len(more["activation"]) != layers:  # there was no layer to follow
            more["activation"] = Recipe.activation
    return base.changed(more)


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """Return the settings of a recipe as the page shows them, with what the optimizer brings filled in."""
    settings = {name: getattr(recipe, name) for name in CONTROLS}
    optimizer = optimizers.get(recipe.optimizer)
    if recipe.learning_rate is None:
        settings["learning_rate"] = optimizer.default_learning_rate
    if recipe.weight_decay is None:
        settings["weight_decay"] = optimizer.weight_decay
    lists = {"hidden": list(recipe.hidden), "activation": list(recipe.activations)}
    return {**settings, **lists, "data": name_of(recipe.data)}


def check_cost(recipe: Recipe, data: Dataset) -> None:
    """Raise ValueError, in one line, where the network or a pass over a batch would be too large."""
    outputs = len(data.classes) if data.classes is not None else math.prod(data.train.targets.shape[1:])
    widths = (math.prod(data.shape), *recipe.hidden, outputs)
    parameters = sum((inputs + 1) * units for inputs, units in pairwise(widths))
    if parameters > limits.PARAMETERS:
        raise ValueError(
            f"hidden: expected at most {limits.PARAMETERS:,} parameters, got {parameters:,}; take fewer units"
        )
    most = limits.NUMBERS // (sum(widths) + 2 * sum(recipe.hidden))  # z, its activation, and dropout's mask
    n = len(data.train)
    examples = n if recipe.batch_size == "full" else min(int(recipe.batch_size), n)
    if examples > most:
        raise ValueError(
            f"batch_size: expected at most {most:,} examples a step of so large a network, got {examples:,}"
        )


def broken(name: str) -> dict[str, Any]:
    """Return the settings of a set-up of the gallery. Raises ValueError for an unknown one."""
    from glassnet.diagnose.gallery import GALLERY

    known = {one.name: one for one in GALLERY}
    return dict(known[named("set-up", name, list(known))].settings)
