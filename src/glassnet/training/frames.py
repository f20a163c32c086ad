"""The frames of a run on disk: what its weights looked like on the way, for a film and for replaying it.

    run.fit(Recorder(folder / "history.jsonl"), Frames(folder), Checkpoints(folder))
    found, warning = frames.read(folder)

Which steps are kept follows from the steps and from the size of the network, not from a clock: a run that was
interrupted and resumed leaves the frames of one that was not. docs/events.md describes the files.
"""

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from time import perf_counter

from glassnet.training.events import End, Event, Start, Step
from glassnet.training.loop import Training
from glassnet.training.rounded import Frame, decode, encode, most_bytes, records
from glassnet.training.terminal import warn

FOLDER, ENDING = "frames", ".frames"
FIRST, EVERY, LAST = f"first{ENDING}", "every-", f"last{ENDING}"
MOST_BYTES = 20_000_000
MOST_FRAMES, MOST_EARLY = 400, 12
SHARE, GRACE_SECONDS = 0.01, 0.25  # of the time; beyond that, and so much more, frames are left out
NEVER = 1 << 62

# Seconds that a frame takes, and that a step takes at the least: for each, and for each number in it.
PER_FRAME, PER_NUMBER = 80e-6, 1.5e-9
PER_STEP, PER_OPERATION = 30e-6, 1 / 200e9


@dataclass(frozen=True)
class Plan:
    """Which steps have a frame: the first, the `early` ones, then every `spacing`-th, thinned, and the last.

    There are at most `most` evenly spaced ones: the stride doubles when there would be more, which is at a
    frame of the doubled stride, as their number is odd. Those that the same doubling takes away are in a file
    of their own.
    """

    spacing: int
    early: tuple[int, ...]
    most: int  # odd

    @classmethod
    def of(cls, parameters: int, batch: int, fit: int, spacing: int | None = None) -> "Plan":
        """Return the plan for a network of so many parameters of whose frames so many `fit`.

        The spacing is such that the evenly spaced ones take half of the share of time that there is.
        """
        if spacing is None:
            frame = PER_FRAME + PER_NUMBER * parameters
            step = PER_STEP + PER_OPERATION * 6 * parameters * batch
            spacing = max(1, round(2 * frame / (SHARE * step)))
        n = min(MOST_EARLY, fit // 4)
        early = {round(spacing ** (place / n)) for place in range(n)} - {spacing}
        most = min(MOST_FRAMES, fit) - len(early) - 2
        return cls(spacing, tuple(sorted(early)), most - (most % 2 == 0))

    def stride(self, step: int) -> int:
        """Return how many steps apart the evenly spaced frames are when the run is at `step`."""
        if self.most < 1:
            return NEVER
        stride = self.spacing
        while step // stride > self.most:
            stride *= 2
        return stride

    def after(self, step: int) -> int:
        """Return the next step that has a frame."""
        for early in self.early:
            if early > step:
                return early
        stride = self.stride(step)
        if step // stride == self.most:
            stride *= 2
        return (step // stride + 1) * stride

    def file(self, step: int) -> str:
        """Return the name of the file that the frame of that step is in."""
        if step < self.spacing:
            return FIRST
        times = step // self.spacing
        return f"{EVERY}{self.spacing * (times & -times)}{ENDING}"  # the largest power of two in it


class Frames:
    """Writes frames of the network into `folder`/frames, at most 20 MB in all, closer together early on.

    Hand it to `fit` before `Checkpoints`, so that what a checkpoint knows has its frames. The matrices are
    rounded to a byte a weight. A run that goes on after it was stopped, and one that was restored to an
    earlier state, lose the frames of what came after. Of a network so large that not two frames fit, none
    is written, which a line on stderr says. So it does, once, where one cannot be written; the run goes on.
    At most a hundredth of the time goes into frames.
    """

    def __init__(self, folder: str | PathLike[str], most_bytes: int = MOST_BYTES) -> None:
        self.folder = Path(folder) / FOLDER
        self.most_bytes = most_bytes
        self._plan: Plan | None = None
        self._since, self._next = NEVER, 0  # between these steps there is nothing to do
        self._stride = 0
        self._began, self._spent = 0.0, 0.0
        self._said = False

    def __call__(self, event: Event, run: Training) -> None:
        """Write a frame if the event's step has one."""
        step = event.step
        if self._since <= step < self._next and event.__class__ is Step:
            return
        started = perf_counter()
        try:
            self._hear(event, run)
        except OSError as error:
            self._say(
                f"{self.folder}: frames not written, {error.strerror or error}; the run goes on without"
            )
            self._since, self._next = step, self._plan.after(step) if self._plan else NEVER
        self._spent += perf_counter() - started

    def _hear(self, event: Event, run: Training) -> None:
        if isinstance(event, Start):
            remove(self.folder.parent)
            self._plan = None
        if self._plan is None or event.step < self._since:
            self._begin(event, run)
        plan, step = self._plan, event.step
        if plan is None:
            return
        if isinstance(event, End):
            if event.reason != "diverged":  # after which the network is that of an earlier step
                self._write(LAST, event, run, plan)
        elif step >= self._next:
            if self._spent <= SHARE * (perf_counter() - self._began) + GRACE_SECONDS:
                self._thin(plan.stride(step))
                self._write(FIRST if isinstance(event, Start) else plan.file(step), event, run, plan)
            self._since, self._next = step, plan.after(step)

    def _begin(self, event: Event, run: Training) -> None:
        """Find where the run stands, and what is left of it on disk."""
        self._began = self._began or perf_counter()
        before = event.step - isinstance(event, Step)  # as far as frames may be there already
        self._since, self._next = before, NEVER
        size = most_bytes(run.network)
        if 2 * size > self.most_bytes:
            takes, most = f"{size / 1e6:,.0f} MB", f"{self.most_bytes / 1e6:,.0f} MB"
            self._say(
                f"{self.folder}: no frames, as one of this network takes {takes} and all may take {most}"
            )
            return
        batch = run.settings.examples(len(run.data.train))
        spacing = self._cut_back(before)
        self._plan = Plan.of(run.network.size, batch, self.most_bytes // size, spacing)
        self._stride = 0
        self._next = event.step if isinstance(event, Start) else self._plan.after(before)

    def _cut_back(self, step: int) -> int | None:
        """Take away what is later than the step; return the spacing of the frames that are there."""
        (self.folder / LAST).unlink(missing_ok=True)
        spacing = None
        for path in self.folder.glob(f"*{ENDING}"):
            content, kept = path.read_bytes(), 0
            try:
                for stop, header, _ in records(content):
                    spacing = header["spacing"]
                    if header["step"] > step:
                        break
                    kept = stop
            except ValueError as error:
                self._say(f"{path}: {error}; going on without what follows there")
            if kept < len(content):
                os.truncate(path, kept)
        return spacing

    def _thin(self, stride: int) -> None:
        if stride == self._stride:
            return
        self._stride = stride
        for path in self.folder.glob(f"{EVERY}*{ENDING}"):
            steps = path.name.removeprefix(EVERY).removesuffix(ENDING)
            if steps.isdecimal() and int(steps) < stride:
                path.unlink()

    def _write(self, name: str, event: Event, run: Training, plan: Plan) -> None:
        record = encode(run.network, event.step, event.epoch, plan.spacing)
        if record is None:
            return
        self.folder.mkdir(exist_ok=True)
        with (self.folder / name).open("wb" if name == LAST else "ab", buffering=0) as file:
            start = file.tell()
            if file.write(record) < len(record):
                file.truncate(start)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _say(self, message: str) -> None:
        if not self._said:
            warn(message)
        self._said = True


def read(folder: str | PathLike[str]) -> tuple[list[Frame], str | None]:
    """Return the frames of the run in `folder`, by step; none of a run without any.

    What is damaged or cut off is passed over, and what follows it in its file; a line then says so.
    """
    found: dict[int, Frame] = {}
    problems = []
    for path in sorted((Path(folder) / FOLDER).glob(f"*{ENDING}")):
        try:
            for _, header, numbers in records(path.read_bytes()):
                found[header["step"]] = decode(header, numbers)
        except OSError as error:
            problems.append(f"{path}: {error.strerror}")
        except ValueError as error:
            problems.append(f"{path}: {error}")
    more = f" and in {len(problems) - 1} more" if problems[1:] else ""
    warning = f"{problems[0]}; frames passed over there{more}" if problems else None
    return [found[step] for step in sorted(found)], warning


def remove(folder: str | PathLike[str]) -> None:
    """Take away the frames of the run in `folder`, but nothing else that may be beside them."""
    where = Path(folder) / FOLDER
    for path in where.glob(f"*{ENDING}"):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        where.rmdir()
