"""Recipes: all that a run is told, as a TOML file; flags override it, and a run's own config.toml is one."""

from glassnet.recipes.recipe import Recipe, network, read, suitable, training

__all__ = ["Recipe", "network", "read", "suitable", "training"]
