"""A run that a notebook's cell made: it is shown as it is, and no other is begun in its place."""

from typing import Any

from glassnet import recipes
from glassnet.nn import Dropout, losses, optimizers
from glassnet.nn.layers import ACTIVATIONS
from glassnet.recipes import Recipe
from glassnet.studio.control import LIVE
from glassnet.studio.setups import SetUp
from glassnet.studio.timeline import Timeline
from glassnet.studio.work import Work
from glassnet.training import End, Epoch, Training

BEGINNINGS = ("setup", "apply", "discard", "link", "recipe", "broken", "new_seed")  # of another network


def of_training(number: int, run: Training, budget: int) -> Work:
    """Take over a run where it stands, with the epochs that it knows of."""
    name = run.data.name or "arrays"
    set_up = SetUp(_recipe(run, name), run.data, recipes.suitable(run.data, name))
    work = Work(number, set_up, run, Timeline(budget), "held")
    curve = work.timeline.branch.curve
    for event in run.history:
        if isinstance(event, Epoch):
            curve.epoch(event)
            if event.validation_loss is not None:
                curve.judge(event.step, event.validation_loss, event.validation_accuracy)
    find_status(work)
    if work.status != "diverged":
        work.origin = run.capture(), [*run.history]
    return work


def find_status(work: Work) -> None:
    """Note where the run stands: a cell may have gone on with it."""
    run = work.run
    last = run.history[-1] if run.history else None
    over = isinstance(last, End) and (run.epoch >= run.settings.epochs or last.reason != "finished")
    if over and isinstance(last, End):
        work.end(last)
    else:
        work.status, work.message = ("paused" if run.step else "ready"), None


def back(work: Work, budget: int) -> Work:
    """Return the same run where the view found it, on a new time line."""
    if work.origin is None:
        raise ValueError(
            "reset: expected a run that had not diverged when the view was opened, got one that had"
        )
    state, history = work.origin
    work.run.restore(state, history)
    return of_training(work.number + 1, work.run, budget)


def controls(catalogue: list[dict[str, Any]], run: Training | None) -> list[dict[str, Any]]:
    """Leave of the controls those that may change in a run."""
    live = [control for control in catalogue if control["name"] in LIVE]
    if run is not None and not any(isinstance(layer, Dropout) for layer in run.network.layers):
        why = "This network has no Dropout layers."
        return [{**one, "disabled": why} if one["name"] == "dropout" else one for one in live]
    return live


def _recipe(run: Training, name: str) -> Recipe:
    """Describe the run as far as a recipe can: what the page shows of it that its settings do not hold."""
    network, settings = run.network, run.settings
    hidden = tuple(matrix.shape[1] for matrix in network.matrices[:-1])
    names = {kind: name for name, kind in ACTIVATIONS.items()}
    activations = tuple(names[type(layer)] for layer in network.layers if type(layer) in names)
    return Recipe(
        data=name,
        scale=network.scaling is not None,
        hidden=hidden,
        activation=activations if len(activations) == len(hidden) > 0 else Recipe.activation,
        loss=run.loss.name if run.loss.name in losses.LOSSES else "auto",
        optimizer=run.optimizer.name if run.optimizer.name in optimizers.OPTIMIZERS else "sgd",
        seed=settings.seed,
        dtype=str(network.dtype),
    )
