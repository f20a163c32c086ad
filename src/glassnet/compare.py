"""Runs beside each other: what each was told, how it ended, and where they differ.

A run is read from its folder alone: config.toml, the settings it began with, and history.jsonl, its events.
Runs that were cut off, that diverged, or that another version of glassnet made are runs too.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from glassnet.training import events
from glassnet.training.engine import rank
from glassnet.training.events import Change, End, Epoch, Start

CONFIG, HISTORY = "config.toml", "history.jsonl"
NUMBERS = ("loss", "accuracy", "r2", "mae")  # of an epoch; validation_loss, … are those on validation data


@dataclass(frozen=True)
class Run:
    """What a run's folder says. Without an `end` the run was cut off, or is still going on.

    `made_by` are the versions it was made by, `changes` the settings that were changed on the way, `when` the
    moment its folder was last written to, `parameters` their number, None if it never began.
    """

    folder: Path
    settings: dict[str, Any]
    made_by: dict[str, Any]
    epochs: Sequence[Epoch]
    changes: Sequence[Change]
    end: End | None
    parameters: int | None
    when: datetime

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def best(self) -> Epoch | None:
        """The epoch whose weights are kept; None if none was finished. The first of equals."""
        measured = [e for e in self.epochs if e.loss is not None or e.validation_loss is not None]
        return max(measured, key=rank, default=None)

    @property
    def seconds(self) -> float:
        """How long it trained, pauses and measuring left out."""
        return self.end.seconds if self.end else sum(epoch.seconds for epoch in self.epochs)

    @property
    def ended(self) -> str:
        """Why it ended, in one word."""
        return self.end.reason if self.end else "unfinished"

    def numbers(self) -> dict[str, float | int | None]:
        """Return its numbers at its best epoch; None for what was not measured."""
        best = self.best
        measured = {
            f"{part}{name}": getattr(best, f"{part}{name}", None)
            for name in NUMBERS
            for part in ("", "validation_")
        }
        return {
            "epochs": self.epochs[-1].epoch if self.epochs else 0,
            "best_epoch": best.epoch if best else None,
            **measured,
            "seconds": self.seconds,
            "parameters": self.parameters,
        }


def read(folder: Path) -> Run:
    """Return the run in the folder.

    Raises OSError if it is no folder or has no settings, ValueError, in one line, if its files are not what a
    run writes.
    """
    settings = _settings(folder / CONFIG)
    made_by = settings.pop("made_by", {})
    history = folder / HISTORY
    recorded = events.read(history) if history.exists() else []
    for event in recorded:
        _check(history, event)
    start = next((event for event in recorded if isinstance(event, Start)), None)
    epochs = {event.epoch: event for event in recorded if isinstance(event, Epoch)}  # the last of each number
    parameters = start.settings.get("parameters") if start else None
    return Run(
        folder=folder,
        settings=settings,
        made_by=made_by if isinstance(made_by, dict) else {},
        epochs=[epochs[number] for number in sorted(epochs)],
        changes=[event for event in recorded if isinstance(event, Change)],
        end=recorded[-1] if recorded and isinstance(recorded[-1], End) else None,
        parameters=parameters if isinstance(parameters, int) else None,
        when=_written(history if history.exists() else folder / CONFIG),
    )


def find(folder: Path) -> tuple[list[Run], list[str]]:
    """Return the runs in the folders of `folder`, the newest last, and one line about each that is none.

    Hidden folders are passed over. Raises OSError if `folder` cannot be listed.
    """
    runs: list[Run] = []
    problems: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            try:
                runs.append(read(path))
            except OSError as error:
                problems.append(f"{error.filename}: {error.strerror}" if error.filename else str(error))
            except ValueError as error:
                problems.append(str(error))
    return sorted(runs, key=lambda run: run.when), problems


def differences(runs: Sequence[Run]) -> dict[str, list[Any]]:
    """Return the settings in which the runs differ, each with one value a run; None where a run has none.

    Of one run these are all its settings. The versions of glassnet count as a setting.
    """
    told = [{**run.settings, "glassnet": run.made_by.get("glassnet")} for run in runs]
    names = dict.fromkeys(name for settings in told for name in settings)
    table = {name: [settings.get(name) for settings in told] for name in names}
    return {
        name: values
        for name, values in table.items()
        if len(runs) == 1 or any(value != values[0] for value in values)
    }


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(f"{path.parent}: expected a run with {path.name}, found none in it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: expected settings in TOML: {' '.join(str(error).split())}") from None
    if not settings:
        raise ValueError(f"{path}: expected settings, got an empty file: the run did not come to begin")
    return settings


def _check(path: Path, event: events.Event) -> None:
    """Raise ValueError unless what is read of the record is what a run records."""
    kinds: dict[str, Any] = {"epoch": int, "step": int}
    if isinstance(event, Epoch):  # null stands for a number that is not finite, and for one not measured
        kinds |= {f"{part}{name}": int | float | None for name in NUMBERS for part in ("", "validation_")}
    if isinstance(event, Epoch | End):
        kinds["seconds"] = int | float
    if isinstance(event, End):
        kinds["reason"] = str
    if isinstance(event, Start | Change):
        kinds["settings"] = dict
    for name, kind in kinds.items():
        value = getattr(event, name)
        if not isinstance(value, kind) or (isinstance(value, float) and not math.isfinite(value)):
            raise ValueError(f"{path}: expected {name} in a record {event.kind!r}, got {str(value)[:40]!r}")


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
