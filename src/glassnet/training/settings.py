"""What a run can be told, checked once; what may change while it runs."""

import math
from dataclasses import dataclass, field, fields, is_dataclass, replace
from numbers import Integral, Real
from typing import Any

import numpy as np

from glassnet.nn import schedules
from glassnet.nn.names import unknown
from glassnet.nn.schedules import Constant, Schedule, Warmup

CHANGEABLE = (
    "learning_rate", "batch_size", "epochs", "l1", "l2", "weight_decay", "dropout", "max_norm", "clip",
    "patience",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The numbers of a run. Raises ValueError, saying what was expected, for one out of its range.

    `batch_size` is a number or "full"; `weight_decay` and `dropout` None leave what the optimizer and the
    layers say; `max_norm` and `clip` None are no limit; `patience` None never stops early. NumPy's numbers
    become Python's, which take on the network's dtype instead of deciding it, and can be written to a file.
    """

    schedule: Schedule = field(default_factory=lambda: Constant(0.1))
    epochs: int = 10
    batch_size: int | str = 32
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float | None = None
    dropout: float | None = None
    max_norm: float | None = None
    clip: float | None = None
    seed: int = 0
    full_pass: bool = False
    patience: int | None = None

    def __post_init__(self) -> None:
        """Check everything."""
        for f in fields(self):
            if isinstance(value := getattr(self, f.name), np.generic):
                object.__setattr__(self, f.name, value.item())  # the way past `frozen`
        if not callable(self.schedule) or not isinstance(getattr(self.schedule, "learning_rate", None), Real):
            raise ValueError(f"learning_rate: expected a number or a schedule, got {self.schedule!r}")
        _whole("epochs", self.epochs, 1)
        _whole("seed", self.seed, 0)
        if self.patience is not None:
            _whole("patience", self.patience, 1, "or None for no early stopping")
        if self.batch_size != "full":
            _whole("batch_size", self.batch_size, 1, "or 'full'")
        for name in ("l1", "l2", "weight_decay", "dropout"):
            value = getattr(self, name)
            top = 1 if name == "dropout" else math.inf
            if value is not None and not (isinstance(value, Real) and 0 <= float(value) < top):
                below = " and below 1" if name == "dropout" else ""
                raise ValueError(f"{name}: expected a number of at least 0{below}, got {value!r}")
        for name in ("max_norm", "clip"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, Real) and 0 < float(value) < math.inf):
                raise ValueError(f"{name}: expected a number above 0, or None for no limit, got {value!r}")

    @property
    def learning_rate(self) -> float:
        """The height of the schedule."""
        return self.schedule.learning_rate

    def changed(self, **changes: Any) -> "Settings":
        """Return these settings with some changed; a number for `learning_rate` keeps the schedule's shape.

        Raises ValueError for a setting that cannot change in a run, or a value out of its range.
        """
        for name in changes:
            if name not in CHANGEABLE:
                raise ValueError(unknown("setting to change", name, CHANGEABLE))
        if "learning_rate" in changes:
            changes["schedule"] = _with_rate(self.schedule, changes.pop("learning_rate"))
        return replace(self, **changes)

    def difference(self, after: "Settings") -> dict[str, list[Any]]:
        """Return what changed as {name: [before, after]}; `schedule` where more than its height did."""
        old, new = self.plain(), after.plain()
        changed = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
        if _shape(self.schedule) != _shape(after.schedule):
            changed["schedule"] = [repr(self.schedule), repr(after.schedule)]
        return changed

    def examples(self, n: int) -> int:
        """Return how many examples a step takes of `n`."""
        return n if self.batch_size == "full" else min(int(self.batch_size), n)

    def plain(self) -> dict[str, Any]:
        """Return the settings that can change as plain data."""
        return {name: getattr(self, name) for name in CHANGEABLE}


def _shape(schedule: Schedule) -> str:
    return repr(_with_rate(schedule, 1.0)) if is_dataclass(schedule) else repr(schedule)


def _with_rate(schedule: Schedule, rate: float | Schedule) -> Schedule:
    if not isinstance(rate, Real):
        return schedules.get(rate)
    if isinstance(schedule, Warmup):
        return replace(schedule, then=_with_rate(schedule.then, rate))
    if not is_dataclass(schedule):
        raise ValueError(
            f"learning_rate: expected a schedule to take the place of {schedule!r}, got {rate!r}"
        )
    return replace(schedule, learning_rate=float(rate))


def _whole(name: str, value: Any, least: int, otherwise: str = "") -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        words = f" {otherwise}" if otherwise else ""
        raise ValueError(f"{name}: expected a whole number of at least {least}{words}, got {value!r}")
