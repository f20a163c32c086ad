"""One run, from its recipe, or its last checkpoint, to its pictures."""

import math
import sys
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from glassnet.cli import options as flag

if TYPE_CHECKING:
    from glassnet.data import Dataset
    from glassnet.nn import Network
    from glassnet.recipes import Recipe
    from glassnet.training import End, Event, Recorder, State, Training


def begin(
    recipe_name: str | None,
    given: dict[str, Any],
    out: str | None,
    overwrite: bool,
    every: float,
    pictures: bool,
    profile_from: float | None = None,
) -> int:
    """Train by the recipe, or the one that suits the data, and what was given; return the exit code.

    What there is so far is written at most every so many seconds; `pictures` are drawn at the end, or not.
    With `profile_from`, when the command began by `perf_counter`, it is said at the end where the time went.
    """
    from glassnet import recipes, runs
    from glassnet.training import Recorder

    chosen = recipes.choose(recipe_name, given, _load, partial(flag.named, given))
    recipe, data, which = chosen.recipe, chosen.data, chosen.note
    with flag.named(given, chosen.told, chosen.name):
        network = recipes.network(recipe, data)
        run = recipes.training(recipe, network, data)
    folder = runs.create(out, data.name, overwrite=overwrite)
    with runs.held(folder):
        resolved = _resolved(recipe, run, data)
        runs.write_config(folder, resolved)
        print(which, network.summary(), _describe(run), sep="\n\n", end="\n\n", flush=True)
        return _go(
            folder, run, resolved, data, Recorder(folder / runs.HISTORY), every, pictures, profile_from
        )


def resume(
    name: str, given: dict[str, Any], every: float, pictures: bool, profile_from: float | None = None
) -> int:
    """Go on with the run in the folder `name` where its last checkpoint is, and return the exit code."""
    from glassnet import recipes, runs
    from glassnet.training import Recorder, checkpoint
    from glassnet.training.settings import CHANGEABLE

    folder = Path(name)
    if not (folder / runs.CONFIG).is_file():
        raise FileNotFoundError(f"{folder}: expected a run's folder with a {runs.CONFIG}, found none")
    for setting in given:
        if setting not in CHANGEABLE:
            flags = ", ".join(map(flag.spelled, CHANGEABLE))
            raise ValueError(
                f"{flag.spelled(setting)}: expected with a new run alone; --resume takes {flags}, the rest is"
                f" as in {folder / runs.CONFIG}"
            )
    with runs.held(folder):
        state, warning = checkpoint.newest(folder)
        with flag.named(given):
            _check_that_there_is_more(folder, state, given)
        settings = {
            **recipes.read(str(folder / runs.CONFIG)),
            "threads": "auto",
        }  # the state has their number
        recipe = recipes.Recipe().changed(settings)
        data, which = _load(recipe)
        network = recipes.network(recipe, data)
        run = recipes.training(recipe, network, data)
        recorder = Recorder(folder / runs.HISTORY, resume_at=state)
        warnings = warning, recorder.warning, run.restore(state, recorder.history)
        with flag.named(given):
            if given:
                run.change(**given)
        for line in filter(None, warnings):
            print(f"glassnet: {line}", file=sys.stderr)
        where = f"Going on with {folder} after step {run.step:,}, in epoch {run.epoch + 1}"
        print(which, _describe(run), where, sep="\n\n", end="\n\n", flush=True)
        return _go(folder, run, recipe, data, recorder, every, pictures, profile_from)


def _check_that_there_is_more(folder: Path, state: "State", given: dict[str, Any]) -> None:
    epochs = state.settings.changed(**given).epochs
    if state.place.epoch >= epochs:
        raise ValueError(
            f"{folder}: expected a run with epochs left, got one that has finished its {epochs};"
            " --epochs gives it more"
        )
    if state.place.out_of_patience and not given:
        raise ValueError(
            f"{folder}: expected a run that can go on, got one that ended early after"
            f" {_count(state.settings.patience or 0, 'epoch')} without a better one; --patience gives it more"
        )


def _go(
    folder: Path,
    run: "Training",
    recipe: "Recipe",
    data: "Dataset",
    recorder: "Recorder",
    every: float,
    pictures: bool,
    profile_from: float | None,
) -> int:
    """Run to the end, keeping what there is on the way; then judge and draw."""
    from glassnet import runs
    from glassnet.cli.profile import Profiled
    from glassnet.training import Checkpoints, Frames

    network, checkpoints = run.network, Checkpoints(folder, every)
    profiled = None if profile_from is None else Profiled(run, profile_from)
    written = -math.inf

    def keep(event: "Event", run: "Training") -> None:
        nonlocal written
        best = run.best is not None and event is run.best.epoch
        if best and perf_counter() - written > every:
            runs.write_model(folder, network, data, recipe)
            written = perf_counter()

    try:
        try:
            with closing(recorder):
                (profiled or run).fit(recorder, Frames(folder), checkpoints, keep)
        finally:
            run.restore_best()
            runs.write_model(folder, network, data, recipe)
        code = _conclude(run)
        _judge(folder, network, data, pictures)
    except (KeyboardInterrupt, BrokenPipeError) as cut:
        raise type(cut)(f"kept in {folder}: {', '.join(runs.left(folder))}") from None
    finally:
        if profiled is not None:
            with suppress(BrokenPipeError):  # nobody reads it: what is under way says so
                profiled.say()
    return code


def _load(recipe: "Recipe") -> "tuple[Dataset, str]":
    """Return the data, and the line that says which and why."""
    from glassnet.data import DataUnavailable, load

    told = {**recipe.loading(), "progress": sys.stderr.isatty()}
    if recipe.data is not None or recipe.data_dir is not None:
        data = load(recipe.data or "mnist", **told)
        why = f"{data.name}, {data.origin}"
    else:
        try:
            data = load("mnist", **told)
            why = f"mnist, {data.origin}"
        except DataUnavailable as error:
            data = load("mnist-sample", **told)
            why = f"mnist-sample, {data.origin}, because {error}"
    return data, f"Data: {why}\n{data.describe()}"


def _resolved(recipe: "Recipe", run: "Training", data: "Dataset") -> "Recipe":
    """Return the recipe with everything filled in that was left open, so that it does the same again."""
    from glassnet.data.loading import NAMES

    named = data.name if recipe.data in (None, *NAMES) else str(Path(str(recipe.data)).resolve())
    return replace(
        recipe,
        data=named,
        data_dir=None if recipe.data_dir is None else str(Path(recipe.data_dir).resolve()),
        loss=run.loss.name,
        learning_rate=run.settings.learning_rate,
        weight_decay=run.optimizer.weight_decay,
        threads=run.threads or "auto",
    )


def _describe(run: "Training") -> str:
    from glassnet import blas

    settings, optimizer = run.settings, run.optimizer
    numbers = "".join(f", {name} {getattr(optimizer, name):g}" for name in optimizer.options)
    schedule = f"{type(settings.schedule).__name__} of {settings.learning_rate:g}"
    steps = f"batch {settings.batch_size}, {_count(settings.epochs, 'epoch')}, seed {settings.seed}"
    limits = {
        "l1": settings.l1, "l2": settings.l2, "weight decay": optimizer.weight_decay,
        "dropout": settings.dropout, "max-norm": settings.max_norm, "clip": settings.clip,
        "patience": settings.patience,
    }  # fmt: skip
    on = ", ".join(f"{name} {value:g}" for name, value in limits.items() if value)
    varied, by = [], run.describe()
    if "augment" in by:
        varied.append("images distorted anew at each step")
    if "outliers" in by:
        varied.append(f"{100 * float(by['outliers'].split()[0]):g} % of a step's images no digits")
    parts = [f"{type(optimizer).__name__}{numbers}", schedule, steps, on, ", ".join(varied)]
    told = "; ".join(filter(None, parts))
    return f"{told}\n{blas.info()}, {_count(run.threads or 1, 'thread')}"


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def _conclude(run: "Training") -> int:
    """Say how the run ended and which weights are kept, and return the exit code."""
    end: End = run.history[-1]  # type: ignore[assignment]
    print(f"\n{_count(run.step, 'step')} in {end.seconds:.2f} s of training")
    if end.reason == "interrupted":
        print(f"Interrupted in epoch {end.epoch}, after step {end.step:,}: what there is, is kept")
    if end.reason == "early":
        print(f"Stopped after {_count(run.settings.patience or 0, 'epoch')} without a better one")
    best = None if run.best is None else run.best.epoch
    if best is not None and best.epoch < end.epoch:
        where = "training data" if best.validation_loss is None else "validation data"
        print(f"Epoch {best.epoch} was the best on {where}: its weights are kept")
    return {"diverged": 1, "interrupted": 130}.get(end.reason, 0)


def _judge(folder: Path, network: "Network", data: "Dataset", pictures: bool) -> None:
    import numpy as np

    from glassnet import runs
    from glassnet.cli import verdict

    _, part = data.judged
    answers = verdict.answers(network, part)
    if np.isfinite(answers).all():
        print(*verdict.verdict(data, answers), sep="\n", flush=True)
    if not pictures:
        runs.remove_pictures(folder)
    elif lacking := runs.draw(folder, network, data, answers):
        print(f"Not drawn: {', '.join(lacking)}, for want of finite numbers")
    print(f"In {folder}: {', '.join(runs.left(folder))}")
