"""What a time line consists of: points of a run's past, and the branches that they lie on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from glassnet.studio.curves import Curve
from glassnet.training.events import Event
from glassnet.training.rounded import Frame
from glassnet.training.state import State

Array = NDArray[Any]


@dataclass(eq=False)
class Snapshot:
    """A point of the past: a whole state, or, of a recorded run, the frame of it, with rounded weights.

    `epoch` is the one that its last step belongs to. `judgement` is what it is worth on the judged part,
    whatever the session keeps of that, with its `loss` and `accuracy`.
    """

    id: int
    branch: int
    step: int
    epoch: int
    state: State | None = None
    frame: Frame | None = None
    judgement: Any = None
    loss: float | None = None
    accuracy: float | None = None

    @property
    def parameters(self) -> Array:
        """The network's parameters (P,) at that point."""
        return self._network().parameters

    @property
    def network_state(self) -> Array:
        """The network's running means (S,) at that point."""
        network = self._network()
        return network.state if isinstance(network, Frame) else network.network_state

    def _network(self) -> State | Frame:
        known = self.frame if self.state is None else self.state
        assert known is not None
        return known

    @property
    def frugal(self) -> bool:
        """Whether it shares its parameters with what a run that diverges falls back to: at an epoch's end."""
        return self.state is not None and self.state.parameters is self.state.good.parameters

    def records(self) -> Iterable[Any]:
        """Return all that holds arrays of it."""
        state = self.state
        parts = () if state is None else (state, state.slots, state.good, state.best and state.best.kept)
        return (*parts, self.frame, self.judgement)


@dataclass(eq=False)
class Branch:
    """One course that the run took: from step 0, or from a snapshot of its `parent` at `from_step`.

    `curve` and `history` (all events but steps) are those from step 0 on, the parents' part included.
    `changes` are the settings in which it differs, each [before, after]; `ended` is why it ended. `snapshots`
    are those after it went its own way, by step.
    """

    id: int
    name: str
    parent: int | None = None
    from_step: int = 0
    origin: int | None = None  # the id of the snapshot that it starts from
    curve: Curve = field(default_factory=Curve)
    history: Sequence[Event] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    ended: str | None = None
    recording: bool = False  # so that it cannot go on
    snapshots: list[Snapshot] = field(default_factory=list)

    @property
    def step(self) -> int:
        """How far it came."""
        last = self.snapshots[-1].step if self.snapshots else self.from_step
        return max(self.curve.step, last)

    def inherit(self, parent: "Branch") -> None:
        """Take the place of a parent that is dropped, with the snapshots that this branch has too."""
        shared = [snapshot for snapshot in parent.snapshots if snapshot.step <= self.from_step]
        for snapshot in shared:
            snapshot.branch = self.id
        parent.snapshots = parent.snapshots[len(shared) :]
        self.snapshots = shared + self.snapshots
        self.parent, self.from_step, self.origin = parent.parent, parent.from_step, parent.origin
        self.changes = _together(parent.changes, self.changes)


def _together(first: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes [before, after], one after the other, as one."""
    return {
        name: [first.get(name, change)[0], then.get(name, change)[1]]
        for name, change in {**first, **then}.items()
    }
