"""Small runs to film, recorded as `glassnet train` does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from glassnet import recipes, runs
from glassnet.data import load
from glassnet.recipes import Recipe
from glassnet.training import Checkpoints, Frames, Recorder, Training, checkpoint

DIGITS = Recipe(data="mnist-sample", hidden=(12,), epochs=2, batch_size=64, learning_rate=0.1, threads=1)
SPIRALS = Recipe(data="spirals", hidden=(8,), epochs=2, batch_size=64, threads=1)
SINE = Recipe(data="sine", hidden=(8,), epochs=2, batch_size=64, activation="tanh", threads=1)


def record(folder: Path, recipe: Recipe, *, stop_at: int = 0, **changes: Any) -> Training:
    """Make a run in the folder and return it; its model is that of its best epoch."""
    folder.mkdir(parents=True)
    recipe = recipe.changed(changes)
    run = _training(recipe)
    runs.write_config(folder, recipe)
    hear = Recorder(folder / runs.HISTORY), Frames(folder), Checkpoints(folder, 1e9)
    for event in run:
        for one in hear:
            one(event, run)
        if event.step == stop_at > 0:
            run.stop("interrupted")
    hear[0].close()
    _write_model(folder, run, recipe)
    return run


def resume(folder: Path) -> None:
    """Go on with the run in the folder to its end."""
    recipe, _ = runs.reread(folder)
    run = _training(replace(recipe, threads=1))
    state, _ = checkpoint.newest(folder)
    recorder = Recorder(folder / runs.HISTORY, resume_at=state)
    run.restore(state, recorder.history)
    run.fit(recorder, Frames(folder), Checkpoints(folder, 1e9), progress=False)
    _write_model(folder, run, recipe)


def _training(recipe: Recipe) -> Training:
    data = load(str(recipe.data), **recipe.loading())
    return recipes.training(recipe, recipes.network(recipe, data), data)


def _write_model(folder: Path, run: Training, recipe: Recipe) -> None:
    run.restore_best()
    runs.write_model(folder, run.network, run.data, recipe)


def table(path: Path, *, classes: bool) -> Path:
    """Write a table of 120 rows: three columns and a price, or a kind that follows from it."""
    random = np.random.default_rng(0)
    area, age = random.uniform(40, 200, 120), random.uniform(0, 90, 120)
    price = 3 * area - age + random.normal(0, 5, 120)
    answers = np.where(price > np.median(price), "dear", "cheap") if classes else np.char.mod("%.2f", price)
    rows = [
        f"{a:.1f},{t:.0f},{('Ulm', 'Köln')[i % 2]},{p}" for i, (a, t, p) in enumerate(zip(area, age, answers))
    ]
    path.write_text("\n".join(["area,age,town,answer", *rows]), encoding="utf-8")
    return path


def values(path: Path, *, inputs: int, outputs: int) -> Path:
    """Write arrays of 120 examples with so many outputs, each ten times as large as the one before."""
    random = np.random.default_rng(0)
    x = random.uniform(-2, 2, (120, inputs))
    y = np.sin(x.sum(axis=1, keepdims=True) + np.arange(outputs)) * 10.0 ** np.arange(outputs)
    np.savez(path, x_train=x[:80], y_train=y[:80], x_test=x[80:], y_test=y[80:])
    return path
