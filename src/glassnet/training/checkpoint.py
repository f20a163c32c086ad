"""Checkpoints: the whole state of a run in one file, from which it goes on to the same bits.

    run.fit(Recorder(folder / "history.jsonl"), Checkpoints(folder))

and later, in another process, with a run set up in the same way:

    state, warning = checkpoint.newest(folder)
    recorder = Recorder(folder / "history.jsonl", resume_at=state)
    run.restore(state, recorder.history)
    run.fit(recorder, Checkpoints(folder))

The file is an `.npz` without pickle: `checkpoint.json` beside the arrays. docs/checkpoints.md is its page.
"""

import io
import json
import math
import os
import zipfile
import zlib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from time import perf_counter
from typing import IO, Any

import numpy as np

from glassnet import __version__
from glassnet.atomic import atomic
from glassnet.training.events import End, Event
from glassnet.training.loop import Training
from glassnet.training.plain import Array, from_plain, to_plain
from glassnet.training.state import State
from glassnet.training.terminal import warn

HEADER = "checkpoint.json"
FORMAT = 1
NEWEST, BEFORE = "checkpoint.npz", "checkpoint-before.npz"
SPARE = 50  # a run spends no more than a fiftieth of its time on writing checkpoints
MOST_TIMES, MORE_BYTES = 64, 1 << 20  # how much larger than the file its contents may claim to be


def save(path: str | PathLike[str], state: State, notes: Mapping[str, Any] | None = None) -> None:
    """Write the state, with `notes` (plain data), to the file `path`, whole or not at all.

    Raises ValueError for a schedule that is not one of glassnet's, OSError if it cannot be written.
    """
    with atomic(path) as file:
        _write(file, state, notes)


def load(path: str | PathLike[str]) -> State:
    """Return the state in the file. Raises what `read` raises."""
    return read(path)[0]


def read(path: str | PathLike[str]) -> tuple[State, dict[str, Any]]:
    """Return the state in the file and its notes.

    Raises OSError if it cannot be read, and ValueError, in one line, if it is no checkpoint, is cut off or
    damaged, or comes from a newer format.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: expected a checkpoint, found none") from None
    try:
        arrays = _arrays(content)
        header = _header(arrays)
        return from_plain(header["state"], arrays), header["notes"]
    except (
        ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, MemoryError
    ) as error:  # fmt: skip
        words = f"no {error} in it" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise ValueError(f"{path}: expected a checkpoint: {words}") from None


def newest(folder: str | PathLike[str]) -> tuple[State, str | None]:
    """Return the newest whole state that `Checkpoints` left in the folder.

    If the newest file is damaged it is the one before, and a warning, in one line, that says so. Raises what
    `read` raises if there is none, or none that is whole.
    """
    newest, before = Path(folder) / NEWEST, Path(folder) / BEFORE
    try:
        return load(newest), None
    except FileNotFoundError:
        if not before.exists():
            raise FileNotFoundError(f"{folder}: expected a run with a checkpoint, found none in it") from None
        return load(before), None  # a run was stopped between renaming the one and writing the other
    except ValueError as error:
        try:
            state = load(before)
        except (OSError, ValueError):
            raise error from None
        return state, f"{error}; going on from {BEFORE}, step {state.place.step:,}"


class Checkpoints:
    """Writes `checkpoint.npz` into the folder at a run's start and end, and in between from time to time.

    In between it is after any event, at most every so many seconds, and more rarely where writing takes long:
    at most a fiftieth of the time goes into it. With 0 seconds it is after every event. A run that diverged
    is left as it was written last. The one before is kept as `checkpoint-before.npz`: at no moment is there
    none that is whole. Hand it to `fit` after the `Recorder`, so that what a checkpoint knows is in the
    recording. Raises what `save` raises, but for an OSError in between: of that it warns on stderr, once, and
    tries again when it is time.
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        every_seconds: float = 10.0,
        notes: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.every_seconds = every_seconds
        self.notes = notes
        self._next = -math.inf  # not before this is it time
        self._began = self._failing = False

    def __call__(self, event: Event, run: Training) -> None:
        """Write a checkpoint if it is time."""
        if isinstance(event, End):
            if event.reason != "diverged":
                self.write(run.capture())
        elif perf_counter() >= self._next:
            self._try(run.capture())

    def _try(self, state: State) -> None:
        try:
            self.write(state)
        except OSError as error:
            if not self._began:  # the first one: better to say so before hours have passed
                raise
            if not self._failing:
                why = error.strerror or error
                warn(f"{self.folder / NEWEST}: not written, {why}; trying again from time to time")
            self._failing = True
            self._next = perf_counter() + self.every_seconds

    def write(self, state: State) -> None:
        """Write a checkpoint now."""
        started, path = perf_counter(), self.folder / NEWEST
        if not self._began:  # what a process that was killed left unfinished
            for part in self.folder.glob(f".{NEWEST}.*.part"):
                part.unlink(missing_ok=True)
        with atomic(path) as file:
            _write(file, state, self.notes)
            if path.exists():
                path.replace(self.folder / BEFORE)
        self._began, self._failing = True, False
        now = perf_counter()
        self._next = now + (self.every_seconds and max(self.every_seconds, SPARE * (now - started)))


def _write(file: IO[bytes], state: State, notes: Mapping[str, Any] | None) -> None:
    record, arrays = to_plain(state)
    header = {"format": FORMAT, "glassnet": __version__, "state": record, "notes": dict(notes or {})}
    text = json.dumps(header, ensure_ascii=False, default=_number).encode()
    np.savez(file, **{HEADER: np.frombuffer(text, np.uint8)}, **arrays)  # type: ignore[arg-type]
    file.flush()
    os.fsync(file.fileno())  # before it takes another's place: a power cut must not leave two empty files


def _number(value: Any) -> Any:
    return value.tolist()  # of NumPy's numbers and vectors


def _arrays(content: bytes) -> dict[str, Array]:
    if not content.startswith(b"PK"):
        raise ValueError("got an empty file" if not content else "got another kind of file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            claimed = sum(entry.file_size for entry in archive.infolist())
            if claimed > MOST_TIMES * len(content) + MORE_BYTES:  # they are written uncompressed
                raise ValueError(f"got a file of {len(content):,} bytes that claims to hold {claimed:,}")
            damaged = archive.testzip()  # the checksums first: what is damaged is not even looked into
        if damaged is None:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return dict(arrays)
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError, OSError) as error:
        damaged = str(error)
    raise ValueError(f"got a file that is cut off or damaged ({damaged})")


def _header(arrays: dict[str, Array]) -> dict[str, Any]:
    if HEADER not in arrays:
        raise ValueError(f"got a NumPy file without {HEADER}")
    header: dict[str, Any] = json.loads(bytes(arrays[HEADER]))
    if header["format"] != FORMAT:
        raise ValueError(
            f"this is glassnet {__version__} and reads format {FORMAT}, got {header['format']}, written by"
            f" glassnet {header.get('glassnet')}"
        )
    return header
