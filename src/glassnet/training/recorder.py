"""The recording of a run on disk, which a resumed run goes on with where its state left off."""

import json
from os import PathLike
from pathlib import Path
from typing import IO

from glassnet.atomic import atomic
from glassnet.training import events
from glassnet.training.events import End, Epoch, Event, Start, Step
from glassnet.training.loop import Training
from glassnet.training.state import State


class Recorder:
    """Writes the run's events to `history.jsonl`, one line each, steps thinned to about `steps` lines.

    Each line is handed to the system as it is written: one that was cut off, which a reader passes over, is
    left only where the system itself was stopped.

    With `resume_at` a recording that is there already is cut back to what that state knew, the rest and the
    end of it dropped, and `history` holds what is left, but for the steps: `run.restore(state, history)`. So
    the recording of a resumed run is, but for seconds, that of one that was never interrupted. The file stays
    as it was until the first event is heard. Damaged lines are left out; `warning` then says so in one
    line, and the damaged file is kept beside the new one as `history-damaged.jsonl`. Raises OSError if the
    file cannot be read or written.
    """

    def __init__(
        self, path: str | PathLike[str], steps: int = 2000, *, resume_at: State | None = None
    ) -> None:
        self._path = Path(path)
        self._steps = steps
        self._file: IO[str] | None = None
        self._old: bytes | None = None  # what was there, and is not cut back yet
        self._kept: list[bytes] = []
        self.history: list[Event] = []
        self.warning: str | None = None
        if resume_at is not None and self._path.exists():
            self._old = self._path.read_bytes()
            self._cut(self._old, resume_at)

    def __call__(self, event: Event, run: Training) -> None:
        """Write the event, unless it is one of the steps between two kept ones."""
        if self._old is not None:
            self._cut_back(self._old)
        if event.__class__ is Step and (event.step - 1) % -(-run.total_steps // self._steps):
            return
        if isinstance(event, Start):
            self.close()
        if self._file is None:  # a run that goes on after its end goes on in the file
            how = "w" if isinstance(event, Start) else "a"
            self._file = self._path.open(how, encoding="utf-8", newline="\n", buffering=1)
        self._file.write(events.to_json(event) + "\n")
        if isinstance(event, End):
            self.close()

    def close(self) -> None:
        """Close the file; nothing more is written."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def _beside(self) -> Path:
        return self._path.with_name(f"{self._path.stem}-damaged{self._path.suffix}")

    def _cut(self, content: bytes, state: State) -> None:
        """Find what the state knew: which lines of the recording, and which events but the steps.

        A state knows how many such events came before it. Where some may be among the damaged lines, what
        the events themselves say has to do.
        """
        damaged: list[str] = []
        last: Event | None = None
        for number, line in events.lines(content):
            try:
                event, step = events.from_json(line), _step(line)
            except ValueError as error:
                damaged.append(f"{self._path}, line {number}: {error}")
                continue
            if step > state.place.step:
                break
            if event is not None and not isinstance(event, Step):
                later = isinstance(event, Epoch) and event.epoch > state.place.epoch
                if len(self.history) == state.history_length:
                    break
                if damaged and (later or event in state.pending):
                    break
                self.history.append(event)
            self._kept.append(line)
            last = event
        if damaged:
            if isinstance(last, End):  # which is no part of a state
                self.history.pop()
                self._kept.pop()
            more = f" and {len(damaged) - 1} more" if damaged[1:] else ""
            self.warning = (
                f"{damaged[0]}; going on without it{more}, the file as it was is kept as {self._beside.name}"
            )

    def _cut_back(self, old: bytes) -> None:
        if self.warning is not None:
            with atomic(self._beside) as file:
                file.write(old)
        with atomic(self._path) as file:
            file.writelines(line + b"\n" for line in self._kept)
        self._old, self._kept = None, []


def _step(line: bytes) -> int:
    """Return the step of a record, 0 if it has none. Raises ValueError for one that is no number."""
    step = json.loads(line).get("step", 0)
    if not isinstance(step, int):
        raise ValueError(f"recording: expected a whole number as step, got {step!r:.60}")
    return step
