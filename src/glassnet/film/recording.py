"""What a run folder holds for a film: the curves, the states of the network on the way, and its data."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet import recipes, runs
from glassnet.data import Dataset
from glassnet.film.pace import Pace
from glassnet.nn import Network
from glassnet.training import events, frames
from glassnet.training.events import End, Epoch, Start, Step
from glassnet.training.rounded import Frame, records

Array = NDArray[Any]
Shapes = list[tuple[int, ...]]


@dataclass
class Recording:
    """A recorded run. `notices` are lines about what is missing or damaged.

    `shots` are the network's recorded states, by step, as few as a film can show; `shapes` those of its
    parameters, in the order in which they lie in a shot. `data` and `network`, which has some state of the
    run, are None where the data cannot be read any more.
    """

    folder: Path
    name: str
    steps: list[Step]
    epochs: list[Epoch]
    end: End | None
    planned: int | None
    shots: list[Frame]
    shapes: Shapes
    data: Dataset | None
    network: Network | None
    notices: list[str]

    @property
    def last(self) -> int:
        """The last step that anything is known of."""
        known = [self.shots[-1].step, self.end.step if self.end else 0]
        known += [step.step for step in self.steps[-1:]] + [epoch.step for epoch in self.epochs[-1:]]
        return max(known)

    @property
    def pace(self) -> Pace:
        """How the steps are spread over the film."""
        return Pace(self.last)

    @property
    def units(self) -> str:
        """The inputs and the units of each layer, as in 784 → 192 → 10."""
        matrices = [shape for shape in self.shapes if len(shape) == 2]
        return " → ".join(f"{n:,}" for n in [matrices[0][0], *(shape[1] for shape in matrices)])

    @property
    def size(self) -> int:
        """The number of parameters."""
        return len(self.shots[0].parameters)

    def first_weights(self, shot: Frame) -> Array:
        """Return the first layer's weights (inputs, units) in a shot."""
        start = 0
        for shape in self.shapes:
            stop = start + int(np.prod(shape))
            if len(shape) == 2:
                return shot.parameters[start:stop].reshape(shape)
            start = stop
        raise ValueError(f"{self.folder}: expected a network with a weight matrix, got one without")

    def at(self, shot: Frame) -> Network:
        """Return the network as it was in a shot, borrowed until the next is asked for."""
        assert self.network is not None
        self.network.parameters.vector[...] = shot.parameters
        self.network.state.vector[...] = shot.state
        return self.network


def read(folder: Path) -> Recording:
    """Read the run in the folder, as far as it is sound.

    Raises FileNotFoundError if it is no run, ValueError if it has no frames: there is nothing to film then.
    """
    notices: list[str] = []
    if not folder.is_dir():
        received = "got a file" if folder.is_file() else "found none"
        raise FileNotFoundError(
            f"{folder}: expected a run's folder, {received}; a model alone is filmed with --predictions"
        )
    shots, warning = frames.read(folder)
    notices += [warning] if warning else []
    if not shots:
        raise ValueError(_without_frames(folder, warning))
    data, network, told = _data(folder, notices)
    shapes = _shapes(folder)
    shots = [shot for shot in shots if shot.parameters.size == sum(int(np.prod(s)) for s in shapes)]
    if not shots:
        raise ValueError(f"{folder}: expected frames of one network, got some of others")
    if network is not None and (network.size, network.state.vector.size) != (
        shots[0].parameters.size,
        shots[0].state.size,
    ):
        expected, received = f"{shots[0].parameters.size:,} parameters as in its frames", f"{network.size:,}"
        notices.append(
            f"{folder}: expected a network of {expected}, got {received}; no predictions are shown"
        )
        network = None
    start, steps, epochs, end = _history(folder / runs.HISTORY, notices)
    name = Path(str((data and data.name) or told or "run")).name
    planned = start.settings.get("epochs") if start else None
    planned = planned if isinstance(planned, int) else None
    if network is None:
        data = None
    return Recording(
        folder, name, steps, epochs, end, planned, _thinned(shots), shapes, data, network, notices
    )


def _without_frames(folder: Path, warning: str | None) -> str:
    if warning:
        return f"{warning}: expected at least one that is whole, found none"
    if not (folder / runs.CONFIG).is_file() and not (folder / runs.HISTORY).is_file():
        return f"{folder}: expected a run's folder, found neither {runs.CONFIG} nor {runs.HISTORY} in it"
    return (
        f"{folder}: expected frames of the run in {folder / frames.FOLDER}, found none: a network of over"
        " 10 million parameters has none, nor has a run of a program that does not keep them"
    )


def _data(folder: Path, notices: list[str]) -> tuple[Dataset | None, Network | None, str | None]:
    """Return the run's data and a network of its kind; what is known of the data's name if there are none."""
    told = None
    try:
        told = recipes.read(str(folder / runs.CONFIG)).get("data")
        recipe, data = runs.reread(folder)
        return data, recipes.network(recipe, data), None
    except (OSError, ValueError, TypeError) as error:
        notices.append(f"{error}; the film shows weights and curves, no predictions")
        return None, None, told if isinstance(told, str) else None


def _shapes(folder: Path) -> Shapes:
    """Return the shapes of the parameters, as the first frame that can be read tells them."""
    for path in sorted((folder / frames.FOLDER).glob(f"*{frames.ENDING}")):
        try:
            for _, header, _ in records(path.read_bytes()):
                return [tuple(map(int, entry["shape"])) for entry in header["parameters"]]
        except (OSError, ValueError, KeyError, TypeError, json.JSONDecodeError):
            continue
    raise ValueError(f"{folder}: expected frames that tell the shapes of their parameters, found none")


def _history(path: Path, notices: list[str]) -> tuple[Start | None, list[Step], list[Epoch], End | None]:
    """Read the recording as far as it is sound."""
    steps: list[Step] = []
    epochs: list[Epoch] = []
    start: Start | None = None
    end: End | None = None
    damaged = []
    if not path.is_file():
        notices.append(f"{path}: expected the recording of the run, found none: the film has no curves")
        return None, steps, epochs, end
    for number, line in events.lines(path.read_bytes()):
        try:
            event = events.from_json(line)
            if event is not None and not _whole(event):
                raise ValueError(f"expected numbers in a record, got {line[:60]!r}")
        except ValueError as error:
            damaged.append(f"{path}, line {number}: {error}")
            continue
        if isinstance(event, Start):
            start = event
        elif isinstance(event, Step):
            steps.append(event)
        elif isinstance(event, Epoch):
            epochs.append(event)
        end = event if isinstance(event, End) else None
    if damaged:
        more = f" and {len(damaged) - 1} more" if damaged[1:] else ""
        notices.append(f"{damaged[0]}; filmed without it{more}")
    if end is None:
        at = max([0, *(step.step for step in steps[-1:]), *(epoch.step for epoch in epochs[-1:])])
        notices.append(f"{path}: the run was cut off after step {at:,}, or still goes on: filmed up to there")
    return start, steps, epochs, end


def _whole(event: events.Event) -> bool:
    """Whether the numbers of a record are numbers, or null."""
    numbers: list[Any] = []
    if isinstance(event, Step):
        numbers = [event.loss, event.accuracy]
    elif isinstance(event, Epoch):
        numbers = [event.loss, event.accuracy, event.validation_loss, event.validation_accuracy]
        numbers += [event.r2, event.validation_r2]
    elif isinstance(event, Start) and not isinstance(event.settings, dict):
        return False
    whole = isinstance(event.step, int) and isinstance(event.epoch, int)
    return whole and all(isinstance(n, int | float | None) for n in numbers)


MOST_SHOTS = 160  # more than that many are not told apart in a film


def _thinned(shots: list[Frame]) -> list[Frame]:
    """Leave out shots that would follow one another too fast; the first and the last stay."""
    pace = Pace(shots[-1].step)
    kept = shots[:1]
    for shot in shots[1:-1]:
        if pace.place(shot.step) - pace.place(kept[-1].step) >= 1 / MOST_SHOTS:
            kept.append(shot)
    return [*kept, shots[-1]] if len(shots) > 1 else kept
