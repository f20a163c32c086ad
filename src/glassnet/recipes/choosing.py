"""From a few settings to a whole recipe and its data: by the recipe named, or the one that suits the data."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from glassnet.data import Dataset
from glassnet.data.loading import NAMES, SAMPLE
from glassnet.data.sources import SOURCES
from glassnet.recipes.recipe import Recipe, read, suitable

Note = TypeVar("Note")
Naming = Callable[[Collection[str], str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Chosen(Generic[Note]):
    """A whole recipe with its data, and what the reader of the data said of them.

    `name` is the recipe's that it comes from, and `told` the settings in that; `ours` is what the set is
    called if it is one of ours.
    """

    recipe: Recipe
    data: Dataset
    note: Note
    name: str
    told: Collection[str]
    ours: str | None


def choose(
    name: str | None,
    given: Mapping[str, Any],
    load: Callable[[Recipe], tuple[Dataset, Note]],
    naming: Naming = lambda told, name: nullcontext(),
) -> Chosen[Note]:
    """Return what was given on top of the recipe called `name`, else of the one that suits the data.

    `load` reads a recipe's data. All that may fail for a recipe's settings is done in the context
    `naming(told, name)`, which may say in its errors where a setting comes from. Raises what reading the
    recipe and the data and `Recipe` raise.
    """
    if name is None and given.get("data") in (None, SAMPLE, *SOURCES):
        name = "quick"  # images, as one knows without a look
    settings, on = _settings(name)
    if name is None and isinstance(activations := given.get("activation"), tuple):
        settings = {"hidden": (1,) * len(activations)}  # how many layers there will be is not known yet
    with naming({*settings}.union(*on.values()), name or ""):
        draft = Recipe().changed(settings).changed(given)
        if name is None:  # whatever the shares, what kind of data it is shows
            draft = replace(draft, validation=0.0, test=0.0)
        data, note = load(draft)
    ours = data.name if draft.data in (None, *NAMES) else None
    if name is None:
        name = suitable(data, ours)
        settings, on = _settings(name)
    told = {*settings}.union(*on.values())
    with naming(told, name):
        recipe = Recipe().changed({**settings, **on.get(ours or "", {})}).changed(given)
        if recipe.loading() != draft.loading():
            data, note = load(replace(recipe, data=draft.data))
    return Chosen(recipe, data, note, name, told, ours)


def _settings(name: str | None) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return a recipe's settings, and those for single data sets; nothing of none."""
    settings = {} if name is None else read(name)
    return settings, settings.pop("on", {})
