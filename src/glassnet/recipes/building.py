"""What follows from a recipe: the network, the data as they go into it, and the training."""

import math
import os
from dataclasses import replace
from typing import Any

from glassnet.data import Dataset
from glassnet.nn import Dense, Dropout, Layer, Network, Sigmoid, Softmax, optimizers, schedules
from glassnet.nn.layers import ACTIVATIONS
from glassnet.recipes.recipe import Recipe
from glassnet.training import Training

RECTIFIERS = ("relu", "leaky_relu", "gelu")  # they let half of the signal through: He starts larger


def prepared(recipe: Recipe, data: Dataset) -> Dataset:
    """Return the data as the recipe has them go into a run: without their scaling where it asks for none.

    Values as targets keep their own scaling.
    """
    return data if recipe.scale else replace(data, scaling=None)


def network(recipe: Recipe, data: Dataset, *, always_dropout: bool = False) -> Network:
    """Build the network that the recipe describes, for examples and targets like those of `data`.

    With `always_dropout` there are Dropout layers even where the rate is 0, so that it can change in a run.
    Until it does, they change no number: the same weights, and the same bits of all that follows.
    """
    loss = recipe.loss
    if loss == "auto":
        loss = "mse" if data.classes is None else "cross_entropy"
    if not recipe.hidden and 0 < recipe.dropout < 1:
        raise ValueError(
            f"dropout: expected hidden units to silence, got none and a rate of {recipe.dropout}"
        )
    layers: list[Layer] = []
    for units, activation in zip(recipe.hidden, recipe.activations):
        layers += [Dense(units, initializer=_initializer(recipe, activation)), ACTIVATIONS[activation]()]
        if recipe.dropout or always_dropout:
            layers.append(Dropout(recipe.dropout))
    last = recipe.activation if isinstance(recipe.activation, str) else recipe.activation[-1]
    layers.append(Dense(_outputs(data, loss), initializer=_initializer(recipe, last)))
    if data.classes is not None:
        layers.append(Softmax() if loss == "cross_entropy" else Sigmoid())
    return Network(
        layers,
        math.prod(data.shape),
        loss=loss,
        seed=recipe.seed,
        dtype=recipe.dtype,
        scaling=prepared(recipe, data).scaling,
        classes=data.classes,
        target_scaling=data.target_scaling,
    )


def _initializer(recipe: Recipe, activation: str) -> str:
    """The initializer of a layer with that activation after it; of the last layer, before it."""
    usual = "he_normal" if activation in RECTIFIERS else "glorot_uniform"
    return usual if recipe.initializer == "auto" else recipe.initializer


def _outputs(data: Dataset, loss: str) -> int:
    """One for each class or value; of two classes one output is enough, unless softmax divides it."""
    if data.classes is None:
        if loss != "mse":
            raise ValueError(f"loss: expected mse for values, got {loss}")
        return math.prod(data.train.targets.shape[1:])
    return 1 if len(data.classes) == 2 and loss != "cross_entropy" else len(data.classes)


def training(recipe: Recipe, model: Network, data: Dataset) -> Training:
    """Set up the training that the recipe describes, on the data as `prepared` for it."""
    processors = os.cpu_count() or 1
    if isinstance(recipe.threads, int) and recipe.threads > processors:
        raise ValueError(
            f"threads: expected 'auto' or at most the {processors} processors here, got {recipe.threads}"
        )
    optimizer = optimizers.get(recipe.optimizer)
    rate = optimizer.default_learning_rate if recipe.learning_rate is None else recipe.learning_rate
    return Training(
        model,
        prepared(recipe, data),
        optimizer=optimizer,
        learning_rate=schedules.get(recipe.schedule, rate),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        l1=recipe.l1,
        l2=recipe.l2,
        weight_decay=recipe.weight_decay,
        dropout=recipe.dropout,
        max_norm=recipe.max_norm,
        clip=recipe.clip,
        patience=recipe.patience,
        full_pass=recipe.full_pass,
        seed=recipe.seed,
        **_variation(recipe),
        threads=recipe.threads,
    )


def _variation(recipe: Recipe) -> dict[str, Any]:
    """What is done to the images of each step, as `Training` is told it; loaded where it is asked for."""
    told: dict[str, Any] = {}
    if recipe.augment:
        from glassnet.data.augment import Augment

        told["augment"] = Augment()
    if recipe.outliers:
        from glassnet.data.nondigits import NonDigits

        told["outliers"] = recipe.outliers, NonDigits()
    return told
