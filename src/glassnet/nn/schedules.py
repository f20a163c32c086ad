"""Learning-rate schedules: pure functions of the step.

`schedule(step, total)` is the learning rate of the update number `step`, from 0, in a run of `total` updates.
A length of time (`every`, `steps`) is a number of updates if it is 1 or more, else a share of the run.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.names import unknown


class Schedule(Protocol):
    """A pure function of the step; `learning_rate` is the height that the rest is a multiple of."""

    @property
    def learning_rate(self) -> float: ...

    def __call__(self, step: int, total: int) -> float: ...


@dataclass(frozen=True)
class _Base:
    learning_rate: float

    def __post_init__(self) -> None:
        if not (is_number(self.learning_rate) and 0 < self.learning_rate < math.inf):
            raise ValueError(f"learning rate: expected a number above 0, got {self.learning_rate!r}")


@dataclass(frozen=True)
class Constant(_Base):
    """Always `learning_rate`."""

    def __call__(self, step: int, total: int) -> float:
        """η."""
        return self.learning_rate


@dataclass(frozen=True)
class StepDecay(_Base):
    """Times `factor` after every `every`: PyTorch's StepLR with its step_size and gamma."""

    every: float = 1 / 3
    factor: float = 0.1

    def __post_init__(self) -> None:
        """Check that time passes and the rate stays positive."""
        super().__post_init__()
        _check("every", self.every)
        _check("factor", self.factor)

    def __call__(self, step: int, total: int) -> float:
        """η · factor^⌊step / every⌋."""
        return self.learning_rate * self.factor ** (step // _length(self.every, total))


@dataclass(frozen=True)
class Exponential(_Base):
    """Down by the same factor at each step, reaching `end` · learning_rate at the run's last step."""

    end: float = 0.01

    def __post_init__(self) -> None:
        """Check that the rate stays positive."""
        super().__post_init__()
        _check("end", self.end)

    def __call__(self, step: int, total: int) -> float:
        """η · end^(step / (total − 1)): PyTorch's ExponentialLR with gamma = end^(1 / (total − 1))."""
        return self.learning_rate * float(self.end ** (step / max(total - 1, 1)))


@dataclass(frozen=True)
class Cosine(_Base):
    """Half a cosine from `learning_rate` to `end` · learning_rate.

    Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5; PyTorch's CosineAnnealingLR with T_max = total.
    """

    end: float = 0.0

    def __post_init__(self) -> None:
        """Check that the rate does not fall below zero."""
        super().__post_init__()
        if not (is_number(self.end) and 0 <= self.end < math.inf):
            raise ValueError(f"cosine: expected an end of at least 0, got {self.end!r}")

    def __call__(self, step: int, total: int) -> float:
        """η · (end + (1 − end) (1 + cos(π step / total)) / 2)."""
        wave = (1 + math.cos(math.pi * min(step / max(total, 1), 1.0))) / 2
        return self.learning_rate * (self.end + (1 - self.end) * wave)


@dataclass(frozen=True)
class OneCycle(_Base):
    """Up from learning_rate / `start` in half a cosine for a share `rise` of the run, then down to almost 0.

    Smith and Topin 2018, arXiv:1708.07120, in the form of PyTorch's OneCycleLR: `learning_rate` is max_lr,
    `rise` pct_start, `start` div_factor, `finish` final_div_factor.
    """

    rise: float = 0.3
    start: float = 25.0
    finish: float = 1e4

    def __post_init__(self) -> None:
        """Check the share and the two divisors."""
        super().__post_init__()
        if not (is_number(self.rise) and 0 <= self.rise <= 1):
            raise ValueError(f"one_cycle: expected a rise between 0 and 1, got {self.rise!r}")
        _check("start", self.start)
        _check("finish", self.finish)

    def __call__(self, step: int, total: int) -> float:
        """Two half cosines that meet at the peak."""
        low, peak = self.learning_rate / self.start, self.learning_rate
        top = self.rise * total - 1  # the step of the peak, which may lie between two steps
        if step <= top:
            return _half_cosine(low, peak, step / top if top > 0 else 1.0)
        return _half_cosine(peak, low / self.finish, (step - top) / max(total - 1 - top, 1e-12))


@dataclass(frozen=True)
class Warmup:
    """Up along a straight line for `steps`, then as `then` says: a schedule, or a number to stay at.

    The first update has `then`'s rate divided by the number of warm-up steps: PyTorch's LinearLR with
    start_factor = 1 / steps and total_iters = steps − 1.
    """

    then: Schedule
    steps: float

    def __init__(self, then: Schedule | float, steps: float = 0.1) -> None:
        _check("steps", steps)
        then = get(then)
        if not callable(then):
            raise ValueError(f"warmup: expected a number or a schedule to follow, got {then!r}")
        object.__setattr__(self, "then", then)  # the way past `frozen`
        object.__setattr__(self, "steps", steps)

    @property
    def learning_rate(self) -> float:
        """The height that the line reaches."""
        return self.then.learning_rate

    def __call__(self, step: int, total: int) -> float:
        """then(step) · min(1, (step + 1) / steps)."""
        return self.then(step, total) * min(1.0, (step + 1) / _length(self.steps, total))


def _half_cosine(start: float, stop: float, share: float) -> float:
    return stop + (start - stop) * (1 + math.cos(math.pi * min(share, 1.0))) / 2


def _length(time: float, total: int) -> int:
    return max(1, round(time * total if time < 1 else time))


def _check(name: str, value: float) -> None:
    if not (is_number(value) and 0 < value < math.inf):
        raise ValueError(f"schedule: expected {name} above 0, got {value!r}")


SCHEDULES: dict[str, Callable[[float], Schedule]] = {
    "constant": Constant, "step": StepDecay, "exponential": Exponential, "cosine": Cosine,
    "one_cycle": OneCycle, "warmup": Warmup,
}  # fmt: skip


def get(schedule: "str | float | Schedule", learning_rate: float | None = None) -> Schedule:
    """Return a schedule: from its name and a learning rate, from a number (constant), or the schedule itself.

    Raises ValueError for an unknown name or a learning rate that is not above zero.
    """
    if isinstance(schedule, str):
        name = schedule.replace("-", "_").lower()
        if name not in SCHEDULES:
            raise ValueError(unknown("schedule", schedule, SCHEDULES))
        if learning_rate is None:
            raise ValueError(f"schedule {name}: expected a learning rate with it, got none")
        return SCHEDULES[name](learning_rate)
    if isinstance(schedule, int | float | np.number):
        return Constant(float(schedule))
    return schedule
