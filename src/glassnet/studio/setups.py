"""From a few settings to a whole set-up: the data, the recipe that suits them, and what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from glassnet import recipes
from glassnet.data import Dataset, DataUnavailable, load
from glassnet.data.loading import NAMES, SAMPLE
from glassnet.data.sources import SOURCES
from glassnet.recipes import Recipe


@dataclass(frozen=True)
class Opening:
    """What the studio is opened with: settings as of `glassnet train`, a recipe's name, a run's folder."""

    given: Mapping[str, Any] = field(default_factory=dict)
    recipe: str | None = None
    run: str | None = None


@dataclass(frozen=True)
class SetUp:
    """A recipe with its data; `suits` names the recipe for such data, `notice` is what one should know."""

    recipe: Recipe
    data: Dataset
    suits: str
    notice: str | None = None


class Sets:
    """Reads data sets, and keeps the last one, which the next set-up most often needs again."""

    def __init__(self) -> None:
        self._last: tuple[dict[str, Any], Dataset, str | None] | None = None

    def set_up(self, given: Mapping[str, Any], recipe: str | None = None) -> SetUp:
        """Return the set-up that `given` asks for, on top of the recipe or the one that suits the data.

        Raises what reading the data and `Recipe` raise.
        """
        asked = recipe
        named = given.get("data") in (None, SAMPLE, *SOURCES)
        first = recipes.read(recipe or "quick") if recipe or named else {}
        on = first.pop("on", {})
        draft = Recipe().changed(first).changed(given)
        if asked is None and not named:  # whatever the shares, what kind of data it is shows
            draft = replace(draft, validation=0.0, test=0.0)
        data, notice = self.read(draft)
        ours = data.name if draft.data in (None, *NAMES) else None
        suits = recipes.suitable(data, ours)
        if asked is None:
            first = recipes.read(suits)
            on = first.pop("on", {})
        whole = Recipe().changed({**first, **on.get(ours or "", {})}).changed(given)
        if whole.loading() != draft.loading():
            data, notice = self.read(replace(whole, data=draft.data))
        return SetUp(replace(whole, data=ours or whole.data), data, suits, notice)

    def again(self, recipe: Recipe, suits: str) -> SetUp:
        """Return the set-up of a whole recipe for the same kind of data."""
        data, notice = self.read(recipe)
        return SetUp(recipe, data, suits, notice)

    def read(self, recipe: Recipe) -> tuple[Dataset, str | None]:
        """Return the recipe's data, MNIST's sample where MNIST was not asked for and cannot be had."""
        told = {"data": recipe.data, **recipe.loading()}
        if self._last is not None and self._last[0] == told:
            return self._last[1:]
        self._last = None  # so that one set goes before the next needs its room
        notice = None
        if recipe.data is not None or recipe.data_dir is not None:
            data = load(recipe.data or "mnist", **recipe.loading())
        else:
            try:
                data = load("mnist", **recipe.loading())
            except DataUnavailable as error:
                data = load(SAMPLE, **recipe.loading())
                notice = f"{SAMPLE}, {data.origin}, because {error}"
        self._last = told, data, notice
        return data, notice
