"""Recipes: all that a run is told, as a TOML file; flags override it, and a run's own config.toml is one."""

from glassnet.recipes.building import network, prepared, training
from glassnet.recipes.choosing import choose
from glassnet.recipes.recipe import Recipe, read, suitable

__all__ = ["Recipe", "choose", "network", "prepared", "read", "suitable", "training"]
