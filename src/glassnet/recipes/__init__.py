"""Recipes: all that a run is told, as a TOML file; flags override it, and a run's own config.toml is one."""

from glassnet.recipes.building import network, prepared, training
from glassnet.recipes.recipe import Recipe, read, suitable

__all__ = ["Recipe", "network", "prepared", "read", "suitable", "training"]
