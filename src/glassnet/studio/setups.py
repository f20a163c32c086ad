"""From a few settings to a whole set-up: the data, the recipe that suits them, and what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from glassnet import recipes
from glassnet.data import Dataset, DataUnavailable, load
from glassnet.data.loading import SAMPLE
from glassnet.recipes import Recipe
from glassnet.training import Training


@dataclass(frozen=True)
class Opening:
    """What the studio is opened with: settings as of `glassnet train`, a recipe's name, a run's folder.

    Or a `held` run, which a notebook made: then no other network is begun.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    recipe: str | None = None
    run: str | None = None
    held: Training | None = None


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
        chosen = recipes.choose(recipe, given, self.read)
        data, ours = chosen.data, chosen.ours
        whole = replace(chosen.recipe, data=ours or chosen.recipe.data)
        return SetUp(whole, data, recipes.suitable(data, ours), chosen.note)

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
                why = str(error).partition(":")[0]  # the mirrors that were tried matter in a terminal
                notice = f"These are {data.origin}: {why}"
        self._last = told, data, notice
        return data, notice
