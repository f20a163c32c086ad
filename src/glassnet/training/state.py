"""The whole state of a run between two events: what `capture` gives and `restore` goes back to."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from numpy.typing import NDArray

from glassnet.training.events import Epoch, Event
from glassnet.training.metrics import Tally
from glassnet.training.settings import Settings

Array = NDArray[Any]


@dataclass
class Place:
    """Where a run stands, and the sums of the epoch so far."""

    epoch: int = 0  # epochs finished
    step: int = 0  # updates made
    tally: Tally = field(default_factory=Tally)  # of the examples of this epoch
    epoch_seconds: float = 0.0
    seconds: float = 0.0  # of training, in the epochs finished
    out_of_patience: bool = False

    @property
    def position(self) -> int:
        """How many examples of this epoch were seen."""
        return self.tally.n

    def copy(self) -> "Place":
        """Return a place that goes its own way from here."""
        return replace(self, tally=replace(self.tally))


class Kept(NamedTuple):
    """The network as it was after so many epochs: copies, which are never written to."""

    parameters: Array
    state: Array
    epoch: int


class BestEpoch(NamedTuple):
    """The event of the best epoch so far, and the network as it was then."""

    epoch: Epoch
    kept: Kept


@dataclass(frozen=True)
class State:
    """Everything that the rest of a run depends on; arrays are copies, so a state stays what it was.

    A checkpoint on disk, a resumed run, rewinding and branching are all this one record. The end of a run is
    no part of it: a run that goes back to its last state says its end again, unless it is given more to do.
    """

    settings: Settings
    place: Place
    parameters: Array
    network_state: Array
    slots: dict[str, Array]
    optimizer_steps: int
    generator: dict[str, Any]
    dropout_rates: tuple[float, ...]  # the layers' own, which hold where the settings say nothing of dropout
    good: Kept  # the last finished epoch, which a run that diverges goes back to
    best: BestEpoch | None  # which keeps the very record `good` where that is the best
    pending: tuple[Event, ...]
    history_length: int
    threads: int | None
    of: dict[str, str]  # in words: what a run must have in common with the state's
    machine: str  # what multiplied the matrices
