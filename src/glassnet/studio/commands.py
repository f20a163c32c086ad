"""What each command of a page does. They come checked; what the run itself cannot do, it says."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.nn.names import unknown
from glassnet.studio import choices, controls
from glassnet.studio.answers import DONE, Answer
from glassnet.studio.held import BEGINNINGS
from glassnet.studio.setups import SetUp
from glassnet.training import Epoch, Step

if TYPE_CHECKING:
    from glassnet.studio.session import Session

Settings = Mapping[str, Any]
WITHOUT_A_RUN = ("setup", "recipe", "broken")  # which make one


def carry_out(session: "Session", command: dict[str, Any]) -> Answer:
    """Do what the command says, and return the reply. Raises ValueError, having changed nothing."""
    kind = command["kind"]
    if kind not in COMMANDS:
        raise ValueError(unknown("command", kind, COMMANDS))
    if session.work is None and kind not in WITHOUT_A_RUN:
        raise ValueError("expected a set-up first, got none that could be read")
    if kind in BEGINNINGS and session.opening.held is not None:
        raise ValueError(
            f"{kind}: this view is of a run made in a cell; for another network, make another one there"
        )
    told = {name: value for name, value in command.items() if name not in ("kind", "id")}
    answer = COMMANDS[kind](session, **told)
    return answer or DONE


# ---- going on


def start(session: "Session") -> None:
    """Go on until the end or a pause."""
    session.go()


def step(session: "Session") -> None:
    """Make one step."""
    session.go(until=Step)


def epoch(session: "Session") -> None:
    """Go on to the end of the epoch."""
    session.go(until=Epoch)


def pause(session: "Session") -> None:
    """Stand still after the step at hand."""
    session.pause()


def more(session: "Session", epochs: int) -> None:
    """Give the run more epochs, and go on."""
    work = session.now
    so_far = work.run.epoch if work.status == "ended" else work.run.settings.epochs
    work.change(controls.checked({"epochs": so_far + epochs}))
    session.go()


# ---- new runs


def reset(session: "Session") -> None:
    """Begin again with the same seed, and the settings as they are now."""
    work = session.now
    if work.mode == "held":
        session.begin_again()
        return
    # As many threads as before: another number changes last bits, and is chosen by a clock.
    threads = work.run.threads if work.mode == "live" else None
    session.begin(session.sets.again(work.recipe(), work.set_up.suits), threads)


def new_seed(session: "Session") -> None:
    """Begin again with the next seed."""
    recipe = session.now.recipe()
    recipe = controls.recipe_of({"seed": recipe.seed + 1}, recipe)
    session.begin(session.sets.again(recipe, session.now.set_up.suits))


def setup(session: "Session", settings: Settings) -> None:
    """Change the set-up: at once if no step was made, else let it wait for a new run."""
    work = session.work
    if work is None or work.fresh:
        session.begin(_set_up(session, settings))
        return
    wanted = {**work.staged, **settings}
    found = _set_up(session, wanted)  # so that what cannot be is said now
    controls.check_cost(found.recipe, found.data)
    before = work.settings()
    work.staged = {name: value for name, value in wanted.items() if value != before[name]}
    session.teller.session(work)


def apply(session: "Session") -> None:
    """Begin a new run with what was waiting for it."""
    session.begin(_set_up(session, session.now.staged))


def discard(session: "Session") -> None:
    """Let nothing wait any more."""
    session.now.staged = {}
    session.teller.session(session.now)


def recipe(session: "Session", name: str) -> None:
    """Begin a new run by the recipe of that name, on the same data."""
    data = {} if session.work is None else _place(session, session.work.settings()["data"])
    session.begin(session.sets.set_up(data, name))


def broken(session: "Session", name: str) -> None:
    """Begin a run that goes wrong, to see what that looks like."""
    given = controls.broken(name)
    session.begin(session.sets.set_up({**_place(session, given.get("data")), **given}))


def _place(session: "Session", data: str | None) -> dict[str, Any]:
    return choices.data_of(data, session.opening)


def _set_up(session: "Session", settings: Settings) -> SetUp:
    """Return the set-up with these settings changed: other data bring the recipe that suits them."""
    work = session.work
    told = {name: value for name, value in settings.items() if name != "data"}
    if work is not None and settings.get("data", work.settings()["data"]) == work.settings()["data"]:
        return session.sets.again(controls.recipe_of(told, work.recipe()), work.set_up.suits)
    fresh = session.sets.set_up(_place(session, settings.get("data")))
    return session.sets.again(controls.recipe_of(told, fresh.recipe), fresh.suits) if told else fresh


# ---- the run at hand


def change(session: "Session", settings: Settings) -> None:
    """Change what may change while it runs."""
    work = session.now
    if work.fresh:
        session.begin(_set_up(session, settings))
        return
    _check_live(session, settings)
    session.now.change(settings)
    session.teller.session(session.now)


def sample(session: "Session", index: int | None = None, random: bool = False) -> None:
    """Let another example flow through the network."""
    session.now.eyes.choose(index)
    _flows(session)


def take(session: "Session", image: NDArray[np.uint8]) -> None:
    """Let a drawing (28, 28) flow through the network."""
    session.now.eyes.take(image)
    _flows(session)


def _flows(session: "Session") -> None:
    """Tell of another sample."""
    work = session.now
    session.teller.session(work)
    if work.status != "running":
        session.teller.frame(work)


def scrub(session: "Session", snapshot: int | None) -> None:
    """Show a point of the past, or the present again."""
    work = session.now
    past = None if snapshot is None else work.timeline.find(snapshot)  # an unknown one disturbs nothing
    session.pause()
    work.eyes.turn_to(past)
    session.show()


def branch(session: "Session", snapshot: int, settings: Settings | None = None) -> None:
    """Go another way from a point of the past."""
    session.now.timeline.check_fork(snapshot)  # before anything is done for it
    session.pause()
    _check_live(session, settings or {})
    session.now.fork(snapshot, settings or {})
    session.show()


def _check_live(session: "Session", settings: Settings) -> None:
    """Raise ValueError for settings that cannot be; make the network ready for those that can."""
    work = session.now
    work.check_exact()
    controls.check_cost(controls.recipe_of(settings, work.recipe()), work.set_up.data)
    if work.lacks_dropout(settings):
        session.give_dropout()


def switch(session: "Session", branch: int) -> None:
    """Go back to another branch."""
    session.now.timeline.newest(branch)  # an unknown one disturbs nothing
    session.pause()
    session.now.return_to(branch)
    session.show()


def drop(session: "Session", branch: int) -> None:
    """Give up a branch."""
    session.now.timeline.newest(branch)  # an unknown one disturbs nothing
    session.pause()
    session.now.drop(branch)
    session.show()


# ---- questions


def save(session: "Session", snapshot: int | None = None) -> Answer:
    """Return a model file."""
    work = session.now
    return session.teller.file(work, None if snapshot is None else work.timeline.find(snapshot))


def explain(session: "Session", layer: int, unit: int, input: int | None = None) -> Answer:
    """Return the chain rule for a unit or a weight of what is shown, with its numbers."""
    return "explain", {"explanation": session.explain(layer, unit, input)}, {}


def cell(session: "Session", actual: int, predicted: int) -> Answer:
    """Return the examples of a cell of the confusion table that is shown."""
    return session.teller.cell(session.now, actual, predicted)


COMMANDS: dict[str, Callable[..., Answer | None]] = {
    command.__name__: command
    for command in (
        start, step, epoch, pause, more, reset, new_seed, setup, apply, discard, recipe, broken, change,
        sample, take, scrub, branch, switch, drop, save, cell, explain,
    )
}  # fmt: skip
