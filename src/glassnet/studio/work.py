"""One network's life in the studio: its run, its time line, and the settings that hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from glassnet import blas, files, recipes
from glassnet.nn import Dropout, schedules
from glassnet.recipes import Recipe
from glassnet.studio import controls, links
from glassnet.studio.eyes import Eyes
from glassnet.studio.inspector import Inspector
from glassnet.studio.readers import Shown
from glassnet.studio.setups import SetUp
from glassnet.studio.snapshots import Snapshot
from glassnet.studio.timeline import Timeline
from glassnet.training import End, Epoch, Event, State, Step, Training
from glassnet.training.settings import CHANGEABLE

if TYPE_CHECKING:
    from glassnet.studio.replay import Opened


@dataclass
class Work:
    """A run with its branches, from its first weights on; a new network is a new one.

    `status` is "ready" (no step yet), "running", "paused", "ended", "diverged" or "failed"; `message` says
    why. `mode` is "replay" for a recorded run, which is not `exact` if what it would go on from was not
    found, and "held" for one that a notebook made: its `origin` is the state it came with, and its history.
    `staged` are settings that wait for a new run. All of it belongs to one thread.
    """

    number: int
    set_up: SetUp
    run: Training
    timeline: Timeline
    mode: str = "live"
    status: str = "ready"
    message: str | None = None
    last: Step | None = None
    staged: dict[str, Any] = field(default_factory=dict)
    exact: bool = True
    origin: tuple[State, list[Event]] | None = None

    def __post_init__(self) -> None:
        """Give it eyes, and what looks inside."""
        self.eyes, self.inspector = Eyes(self.run, self.timeline), Inspector()

    # ---- going on

    def advance(self) -> Event:
        """Take the next event of the run, and note it. Raises StopIteration after the last."""
        event = next(self.run)
        curve = self.timeline.branch.curve
        if isinstance(event, Step):
            self.last = event
            curve.add(event.step, event.loss, event.accuracy, event.learning_rate)
        elif isinstance(event, Epoch):
            curve.epoch(event)
        elif isinstance(event, End):
            self.end(event)
        return event

    def end(self, event: End) -> None:
        """Note that the run has ended."""
        self.status = "diverged" if event.reason == "diverged" else "ended"
        self.message, self.timeline.branch.ended = event.message or None, event.reason
        self.eyes.fallen_back = self.status == "diverged"
        if event.reason == "early":
            self.message = f"ended early: {self.run.settings.patience} epochs without a better one"

    def check_exact(self) -> None:
        """Raise ValueError if the run cannot go on from where it stands."""
        if not self.exact:
            raise ValueError(
                "expected a run whose exact state is known, got a recording without a checkpoint"
            )

    def keep(self) -> None:
        """Take a snapshot of where the run stands: if it diverged or failed, that is none to go back to."""
        if self.status in ("diverged", "failed") or not self.exact:
            return
        snapshot = self.timeline.add(self.run.capture(), self.run.history)
        eyes = self.eyes
        if eyes.judgement is not None and eyes.judged_at == snapshot.step:
            eyes.give(snapshot, eyes.judgement)

    # ---- changing

    @property
    def fresh(self) -> bool:
        """Whether a new network loses nothing: no step was made, on no branch."""
        if self.mode == "held":  # it is somebody's
            return False
        return self.status != "running" and not any(b.step for b in self.timeline.branches.values())

    def change(self, settings: Mapping[str, Any]) -> None:
        """Change settings from the next step on. Raises ValueError, changing nothing."""
        self.check_exact()
        told = dict(settings)
        if (name := told.pop("schedule", None)) is not None:
            rate = told.get("learning_rate", self.run.settings.learning_rate)
            told["learning_rate"] = schedules.get(name, rate)
        self.run.change(**told)
        if self.status == "ended" and self.run.epoch < self.run.settings.epochs:
            self.status, self.message, self.timeline.branch.ended = "paused", None, None

    def lacks_dropout(self, settings: Mapping[str, Any]) -> bool:
        """Whether the settings ask for dropout of a network that has no such layers."""
        has = any(isinstance(layer, Dropout) for layer in self.run.network.layers)
        return bool(settings.get("dropout")) and not has and self.mode != "held"

    def with_dropout(self, number: int) -> "Work":
        """Return the same work with Dropout layers of rate 0, which change no number, on the same time line.

        The parameters lie in their vector as before; so states need only say whose they are.
        """
        recipe = replace(self.recipe(), dropout=0.0, threads=1)  # the state has the number
        network = recipes.network(recipe, self.set_up.data, always_dropout=True)
        run = recipes.training(recipe, network, self.set_up.data)
        like = run.capture()

        def told(state: State) -> State:
            return replace(state, of=like.of, dropout_rates=like.dropout_rates)

        run.restore(told(self.run.capture()), self.run.history)
        for snapshot in self.timeline.snapshots:
            if snapshot.state is not None:
                snapshot.state = told(snapshot.state)
        work = replace(self, number=number, run=run)
        work.eyes.take_over(self.eyes)
        return work

    # ---- branches

    def fork(self, snapshot_id: int, settings: Mapping[str, Any]) -> None:
        """Make a branch from a point of the past, with some settings changed, and make it current.

        Raises ValueError, with everything as it was, where that cannot be.
        """
        self.keep()
        before, snapshot = self.timeline.current, self.timeline.find(snapshot_id)
        branch = self.timeline.fork(snapshot.id)
        self._restore(snapshot)
        assert snapshot.state is not None
        try:
            if settings:
                self.change(settings)
        except ValueError:
            self._restore(self.timeline.switch(before))
            self.timeline.drop(branch.id)
            raise
        branch.changes = snapshot.state.settings.difference(self.run.settings)

    def return_to(self, branch_id: int) -> None:
        """Make a branch current, at its newest point. Raises ValueError if it cannot go on."""
        self.keep()
        self._restore(self.timeline.switch(branch_id))

    def drop(self, branch_id: int) -> None:
        """Give up a branch; if it is the current one, its parent, or else another, becomes current first."""
        branch = self.timeline.branches.get(branch_id)
        if branch_id == self.timeline.current and branch is not None:
            others = [other for other in self.timeline.branches if other != branch_id]
            if not others:
                raise ValueError(f"drop: expected one of several branches, got the only one, {branch.name}")
            self.return_to(branch.parent if branch.parent in others else others[0])
        self.timeline.drop(branch_id)
        past = self.eyes.past
        if past is not None and past.branch not in self.timeline.branches:
            self.eyes.turn_to(None)

    def _restore(self, snapshot: Snapshot) -> None:
        assert snapshot.state is not None
        branch = self.timeline.branch
        self.run.restore(snapshot.state, branch.history)
        if branch.ended == "diverged":  # it has gone back to before that
            branch.ended = None
        self.status = "paused" if branch.ended is None else "ended"
        self.message, self.last = None, None
        self.eyes.forget()
        if snapshot.judgement is not None:
            self.eyes.judgement, self.eyes.judged_at = snapshot.judgement, snapshot.step

    # ---- what it is told by

    def recipe(self) -> Recipe:
        """Return the recipe of a new run as this one is set now."""
        settings = self.run.settings
        kept = {name: getattr(settings, name) for name in CHANGEABLE if name != "dropout"}
        kept["dropout"] = self.set_up.recipe.dropout if settings.dropout is None else settings.dropout
        return replace(self.set_up.recipe, **kept, schedule=_name(settings.schedule))

    def settings(self) -> dict[str, Any]:
        """Return what the controls show."""
        return controls.settings_of(self.recipe())

    def link(self) -> str:
        """Return the query of an address that sets up the same again."""
        return links.link_of(self.recipe(), self.set_up.suits)

    # ---- what it leaves

    def shown(self) -> Shown:
        """Return what is shown now, for another thread: the network is a copy."""
        past, network = self.eyes.past, self.run.network.snapshot()
        if past is not None:
            network.parameters.vector[...] = past.parameters
            network.state.vector[...] = past.network_state
        return Shown(network, self.run.data, self.eyes.sample)

    def model(self, snapshot: Snapshot | None) -> tuple[str, bytes]:
        """Return the name and the content of a model file of that point, None for where the run stands."""
        network, step = self.run.network, self.run.step
        if snapshot is not None:
            network, step = network.snapshot(), snapshot.step
            network.parameters.vector[...] = snapshot.parameters
            network.state.vector[...] = snapshot.network_state
        name = f"{Path(self.run.data.name).stem}-step-{step}.npz"
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            notes = {"data": self.set_up.recipe.data, "shape": list(self.run.data.shape)}
            files.save(network, path, notes)
            return name, path.read_bytes()


def build(number: int, set_up: SetUp, budget: int, threads: int | None = None) -> Work:
    """Make the network and its run, as the set-up says, with a fixed number of BLAS threads.

    A number that a clock may change within the run could change last bits where one branch goes the way of
    another.
    """
    recipe, data = set_up.recipe, set_up.data
    network = recipes.network(recipe, data)
    n = len(data.train)
    batch = n if recipe.batch_size == "full" else min(int(recipe.batch_size), n)
    threads = threads or blas.choose(recipe.threads, network, batch)
    run = recipes.training(replace(recipe, threads=threads), network, data)
    return Work(number, set_up, run, Timeline(budget))


def of_recording(number: int, opened: "Opened") -> Work:
    """Take over a recorded run."""
    set_up = SetUp(opened.recipe, opened.data, recipes.suitable(opened.data, opened.recipe.data))
    work = Work(number, set_up, opened.run, opened.timeline, "replay", "paused", exact=opened.exact)
    if opened.end is not None:
        work.end(opened.end)
        work.eyes.fallen_back = False  # its network is that of the step at which it stands
    elif not opened.exact:
        work.status = "ended"
    return work


def _name(schedule: Any) -> str:
    kind = type(schedule)
    return next((name for name, known in schedules.SCHEDULES.items() if known is kind), "constant")
