"""A run that is looked at as the studio looks at it: every few steps, from the first one on."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glassnet import recipes
from glassnet.data import Dataset, load
from glassnet.diagnose import Finding, Vitals, examine, vitals
from glassnet.recipes import Recipe
from glassnet.training import Step, Training

MOST = 2000  # points of a curve


class Look(NamedTuple):
    """What was seen after a step."""

    step: int
    names: tuple[str, ...]
    findings: list[Finding]
    vitals: list[Vitals]
    curve: np.ndarray


@cache
def data_of(recipe: Recipe) -> Dataset:
    return load(recipe.data or "mnist", **recipe.loading())


def recipe_for(name: str, data: str, **settings: Any) -> Recipe:
    """The recipe of that name for that set, one thread, with settings of the test's own on top."""
    told = recipes.read(name)
    on = told.pop("on", {}).get(data, {})
    return Recipe().changed({**told, **on, "data": data, "threads": 1}).changed(settings)


def started(recipe: Recipe, data: Dataset | None = None) -> Training:
    """The run of a recipe, with Dropout layers as the studio builds them."""
    data = data or data_of(Recipe(**{**recipe.loading(), "data": recipe.data}))
    return recipes.training(recipe, recipes.network(recipe, data, always_dropout=True), data)


def watched(run: Training, *, every: int = 5, steps: int = 10**9) -> list[Look]:
    """Run for so many steps; look before the first, after each of the first ten, and every so many."""
    rows: list[tuple[float, ...]] = []
    looks = [look(run, None, np.zeros((0, 4), np.float32))]
    before = run.network.parameters.vector.copy()
    for event in run:
        if not isinstance(event, Step):
            continue
        accuracy = np.nan if event.accuracy is None else event.accuracy
        rows.append((event.step, event.loss, accuracy, event.learning_rate))
        if event.step <= 10 or event.step % every == 0:
            looks.append(look(run, run.network.parameters.vector - before, curve_of(rows)))
        if event.step >= steps:
            break
        if event.step < 10 or (event.step + 1) % every == 0:
            before = run.network.parameters.vector.copy()
    run.close()
    return [*looks, look(run, None, curve_of(rows))]


def look(run: Training, update: np.ndarray | None, curve: np.ndarray) -> Look:
    signs = vitals(run.network, run.flow if len(run.batch) else None, update)
    found = examine(run, signs, curve)
    return Look(run.step, tuple(one.name for one in found), found, signs, curve)


def curve_of(rows: list[tuple[float, ...]]) -> np.ndarray:
    """Means of so many successive steps that there are at most 2,000; the last ones may be fewer."""
    curve = np.array(rows, np.float32).reshape(-1, 4)
    width = 1
    while len(curve) > MOST * width:
        width *= 2
    starts = np.arange(0, len(curve), width)
    means = np.add.reduceat(curve, starts) / np.diff([*starts, len(curve)])[:, None]
    means[:, [0, 3]] = curve[np.minimum(starts + width, len(curve)) - 1][:, [0, 3]]
    return means.astype(np.float32)


def write_table(path: Path, kind: str, rows: int = 400, seed: int = 0) -> Path:
    """A generated table: "classes" that overlap, "values" half of which is noise, or with "outliers"."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, 6)) * [1, 10, 1000, 0.01, 1, 1] + [0, 5, 2000, 0, 0, 0]
    size = (x - x.mean(axis=0)) / x.std(axis=0)
    y = size[:, 0] + size[:, 1] * size[:, 2] + random.normal(size=rows) * 1.5
    if kind == "outliers":
        y = y + random.standard_cauchy(rows) * 3
    told = [f"{value:.6g}" for value in y]
    if kind == "classes":
        told = ["abc"[int(value > -1) + int(value > 1)] for value in y]
    lines = [",".join([*(f"{value:.6g}" for value in row), label]) for row, label in zip(x, told)]
    path.write_text("\n".join(["p,q,r,s,t,u,y", *lines]))
    return path
