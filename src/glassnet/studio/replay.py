"""A run from its folder: its whole course to look at, and its exact end to go on from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from glassnet import files, recipes, runs
from glassnet.data import Dataset
from glassnet.recipes import Recipe
from glassnet.studio.curves import Curve
from glassnet.studio.timeline import BUDGET, Timeline
from glassnet.training import Recorder, State, Training, checkpoint, events, frames
from glassnet.training.engine import rank
from glassnet.training.events import End, Epoch, Event, Step
from glassnet.training.rounded import Frame
from glassnet.training.state import Kept, Place

FINAL = ("finished", "early", "diverged")  # other ends are pauses: the run may go on


@dataclass
class Opened:
    """A recorded run; `notices` are lines about what is missing, damaged or other than one might think.

    If `exact`, the run stands where its last checkpoint was written, and can go on. Else its network is what
    could be found of it, and it must not. The current branch of `timeline` is the one that the run is on;
    `end` is the event that ended it, None if it did not end for good.
    """

    recipe: Recipe
    data: Dataset
    run: Training
    timeline: Timeline
    exact: bool
    end: End | None
    notices: list[str]


@dataclass
class Record:
    """What `history.jsonl` says: the curve, all events but steps, and the last step in it."""

    curve: Curve
    history: list[Event]
    step: int

    @property
    def end(self) -> End | None:
        """The run's end, if it cannot simply go on."""
        last = self.history[-1] if self.history else None
        return last if isinstance(last, End) and last.reason in FINAL else None

    def upto(self, step: int) -> "Record":
        """Return it as far as a step."""
        history = [event for event in self.history if event.step <= step]
        return Record(self.curve.upto(step), history, min(self.step, step))


def open_run(folder: str | Path, budget: int = BUDGET) -> Opened:
    """Return the run in the folder, its frames on a time line of so many bytes.

    Where the recording goes on after the last checkpoint, as that of a run which diverged or was killed, it
    is branch A, and the run goes on from the checkpoint as branch B. Raises OSError or ValueError, in one
    line, for a folder without settings, data that cannot be read, and a run of which no network is left.
    """
    folder, notices = Path(folder), list[str]()
    recipe, data = runs.reread(folder)
    fixed = replace(recipe, threads=1)  # a number that no clock changes, and for which the state has another
    run = recipes.training(fixed, recipes.network(recipe, data), data)
    record = _record(folder / runs.HISTORY, notices)
    shots = _shots(folder, run, notices)
    state = _restore(folder, run, notices)
    if state is None:
        found = _left(folder, run, record, shots, notices)
        shots = sorted({shot.step: shot for shot in (*shots, found)}.values(), key=lambda shot: shot.step)
        _stand_in(run, found, record)
    try:
        timeline = _line(Timeline(budget), record, shots, state, run, notices)
    except ValueError as error:  # no room for a second branch
        notices.append(f"{error}; what came after the last checkpoint is left out")
        timeline = _line(Timeline(budget), record.upto(run.step), shots, state, run, notices)
    end = None if timeline.branch.ended is None else record.end
    return Opened(recipe, data, run, timeline, state is not None, end, notices)


# ---- what was recorded


def _record(path: Path, notices: list[str]) -> Record:
    """Read the recording as far as it is sound."""
    record, damaged = Record(Curve(), [], 0), []
    if not path.is_file():
        notices.append(f"{path}: expected the recording of the run, found none: there are no curves")
        return record
    for number, line in events.lines(path.read_bytes()):
        try:
            _count_in(record, events.from_json(line))
        except ValueError as error:
            damaged.append(f"{path}, line {number}: {error}")
    if damaged:
        more = f" and {len(damaged) - 1} more" if damaged[1:] else ""
        notices.append(f"{damaged[0]}; shown without it{more}")
    if not record.history or not isinstance(record.history[-1], End):
        notices.append(f"{path}: the run was cut off after step {record.step:,}, or still goes on")
    return record


def _count_in(record: Record, event: Event | None) -> None:
    """Note an event. Raises ValueError for one with something else than numbers in it."""
    if event is None:
        return
    numbers: list[Any] = [event.step, event.epoch]
    if isinstance(event, Step):
        numbers += [event.loss, event.accuracy, event.learning_rate]
    elif isinstance(event, Epoch):
        numbers += [event.loss, event.accuracy, event.validation_loss, event.validation_accuracy]
    if not all(isinstance(n, int | float | None) for n in numbers) or not isinstance(event.step, int):
        raise ValueError(f"recording: expected numbers, got {event!r:.60}")
    record.step = max(record.step, event.step)
    if not isinstance(event, Step):
        record.history.append(event)
    elif event.step > record.curve.step:
        rate = math.nan if event.learning_rate is None else event.learning_rate
        record.curve.add(event.step, event.loss, event.accuracy, rate)
    if isinstance(event, Epoch):
        record.curve.epoch(event)
        if event.validation_loss is not None:
            record.curve.judge(event.step, event.validation_loss, event.validation_accuracy)


def _shots(folder: Path, run: Training, notices: list[str]) -> list[Frame]:
    """Return the frames, those of this network."""
    found, warning = frames.read(folder)
    network = run.network
    fitting = [
        shot
        for shot in found
        if (shot.parameters.size, shot.state.size) == (network.size, network.state.vector.size)
    ]
    if warning is None and len(fitting) < len(found):
        warning = (
            f"{folder / frames.FOLDER}: {len(found) - len(fitting)} frames of another network passed over"
        )
    if not found and warning is None:
        warning = f"{folder}: expected frames of the run, found none: its weights on the way are not known"
    notices += [warning] if warning else []
    return fitting


# ---- where it stands


def _restore(folder: Path, run: Training, notices: list[str]) -> State | None:
    """Let the run stand where its last checkpoint was written; None, and why, if that cannot be."""
    try:
        state, warning = checkpoint.newest(folder)
        history = Recorder(folder / runs.HISTORY, resume_at=state).history
        differs = run.restore(state, history)
    except (OSError, ValueError) as error:
        notices.append(f"{error}; the run can be looked at, but not go on")
        return None
    notices += [line for line in (warning, differs) if line is not None]
    return state


def _left(folder: Path, run: Training, record: Record, shots: Sequence[Frame], notices: list[str]) -> Frame:
    """Return the network that a run without a checkpoint left: its model, or else its last frame."""
    try:
        model, _ = files.read(folder / runs.MODEL)
        if model.size != run.network.size:
            expected, received = f"{run.network.size:,} parameters", f"{model.size:,}"
            raise ValueError(f"{folder / runs.MODEL}: expected a model of {expected}, got {received}")
    except (OSError, ValueError) as error:
        if not shots:
            expected = "expected a run with a checkpoint, a model or frames that are whole"
            raise ValueError(f"{folder}: {expected}, found none") from None
        notices.append(f"{error}; shown is the last frame, whose weights are rounded")
        return shots[-1]
    epochs = [event for event in record.history if isinstance(event, Epoch) and event.loss is not None]
    best = max(epochs, key=rank, default=None)
    fell_back = record.end is not None and record.end.reason == "diverged"  # to before its first step
    step, epoch = (best.step, best.epoch) if best else (0 if fell_back else record.step, 1)
    return Frame(step, epoch, model.parameters.vector, model.state.vector)


def _stand_in(run: Training, found: Frame, record: Record) -> None:
    """Let the run stand at a network that was found, for looking at; it is not the state it was in."""
    history = [event for event in record.upto(found.step).history if not isinstance(event, End)]
    finished = sum(isinstance(event, Epoch) for event in history)
    state, dtype = run.capture(), run.network.dtype
    kept = Kept(found.parameters.astype(dtype), found.state.astype(dtype), finished)
    place = Place(epoch=finished, step=found.step)
    state = replace(state, place=place, parameters=kept.parameters, network_state=kept.state, good=kept)
    run.restore(replace(state, history_length=len(history)), history)


def _line(
    timeline: Timeline,
    record: Record,
    shots: Sequence[Frame],
    state: State | None,
    run: Training,
    notices: list[str],
) -> Timeline:
    """Lay the run on the time line; what comes after its state, if anything does, on a branch of its own."""
    trunk, step = timeline.branch, run.step
    trunk.curve, trunk.history = record.curve, record.history
    trunk.ended = record.end.reason if record.end else None
    if state is None:
        trunk.recording = True
        for shot in shots:
            timeline.add_frame(shot)
        return timeline
    for shot in shots:
        if shot.step < step:
            timeline.add_frame(shot)
    exact = timeline.add(state, run.history)
    if record.step > step:
        timeline.fork(exact.id).history = run.history
        trunk.history, trunk.recording = record.history, True
        for shot in shots:
            if step < shot.step <= record.step:
                timeline.add_frame(shot, trunk)
        notices.append(
            f"the recording goes on to step {record.step:,}; from the last checkpoint, of step {step:,}, the"
            " run goes on as branch B"
        )
    return timeline
