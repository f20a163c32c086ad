"""What a training run says as it goes: small plain records, each of which is one line of JSON.

The terminal, the run folder, the studio and a notebook all read the same records; `docs/events.md` is
their one page of documentation. `epoch` counts from 1 and names the epoch a step belongs to; `step`
counts the updates made so far, over the whole run.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

VERSION = 1


@dataclass(slots=True)
class Start:
    """The first record of a run: everything one must know to read the others."""

    kind: ClassVar[str] = "start"
    epoch: int
    step: int
    version: int = VERSION
    glassnet: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Step:
    """One update: the loss and accuracy of its batch before the update, and the learning rate used."""

    kind: ClassVar[str] = "step"
    epoch: int
    step: int
    loss: float
    accuracy: float | None
    learning_rate: float


@dataclass(slots=True)
class Epoch:
    """One pass over the training data.

    `measured` says where `loss` and `accuracy` come from: "running" is the mean over the epoch's batches,
    each seen by the weights of its moment; "full" is one more pass with the weights at the epoch's end.
    Classes have an accuracy; values have R², averaged over outputs, and the mean absolute error in the units
    of the targets. `seconds` is training time alone; `validation_seconds` is the time measuring took.
    """

    kind: ClassVar[str] = "epoch"
    epoch: int
    step: int
    seconds: float
    loss: float
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    measured: str
    learning_rate: float
    validation_seconds: float = 0.0
    r2: float | None = None
    mae: float | None = None
    validation_r2: float | None = None
    validation_mae: float | None = None


@dataclass(slots=True)
class Change:
    """A setting changed while the run went on: `settings` maps its name to [before, after]."""

    kind: ClassVar[str] = "change"
    epoch: int
    step: int
    settings: dict[str, Any]


@dataclass(slots=True)
class End:
    """The last record. `reason` is "finished", "early", "interrupted", "stopped" or "diverged"."""

    kind: ClassVar[str] = "end"
    epoch: int
    step: int
    reason: str
    seconds: float
    message: str = ""


Event = Start | Step | Epoch | Change | End
KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in (Start, Step, Epoch, Change, End)}
NAMES = {cls: tuple(f.name for f in fields(cls)) for cls in KINDS.values()}
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def to_json(event: Event) -> str:
    """Return the event as one line of JSON, its end left out; numbers that are not finite become null."""
    record = {"kind": event.kind, **{name: getattr(event, name) for name in NAMES[type(event)]}}
    try:
        return _encode(record)
    except (ValueError, TypeError):  # NaN or infinity, or numbers of NumPy's: rare, and dear to look for
        return _encode(_finite(record))


def _finite(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def from_json(line: str | bytes) -> Event | None:
    """Read one line of a recording, in UTF-8; None for a kind that this version does not know.

    Fields that it does not know are passed over. Raises ValueError if the line is not a record.
    """
    try:
        record = json.loads(line)
        kind = KINDS.get(record.pop("kind"))
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        raise ValueError(f"recording: expected a JSON record with a kind, got {line[:60]!r}") from None
    if kind is None:
        return None
    known = {f.name for f in fields(kind)}
    try:
        return kind(**{name: value for name, value in record.items() if name in known})
    except TypeError:
        raise ValueError(f"recording: expected a whole {kind.kind!r} record, got {line[:60]!r}") from None


def read(path: str | PathLike[str]) -> list[Event]:
    """Read a recording. A last line that was cut off in the middle is left out, as is what is not known.

    Raises ValueError for any other line that is not a record, OSError if the file cannot be read.
    """
    found = []
    for number, line in lines(Path(path).read_bytes()):
        try:
            found.append(from_json(line))
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from None
    return [event for event in found if event is not None]


def lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the content of each line of a recording, without its end; empty ones are left out.

    So is a last one that was cut off. Of the others it is not looked at whether they are records.
    """
    *whole, last = content.split(b"\n")
    for number, line in enumerate(whole, 1):
        if line.strip():
            yield number, line
    try:
        from_json(last)
    except ValueError:  # a letter of several bytes may be cut off too
        return
    yield len(whole) + 1, last
