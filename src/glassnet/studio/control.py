"""One control of the page: what it is called, what it says of itself, and which values it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from glassnet.nn import initializers
from glassnet.nn.names import unknown
from glassnet.studio import limits
from glassnet.training.settings import CHANGEABLE

LIVE = ("schedule", *CHANGEABLE)
MOST_INITIAL = 1000.0  # of |number| in an initializer's brackets


@dataclass(frozen=True)
class Option:
    """One of a choice; `disabled` says why it cannot be taken now."""

    value: str
    label: str
    help: str
    disabled: str | None = None


@dataclass(frozen=True)
class Control:
    """A setting as the page shows it.

    `type` is "choice", "number", "whole", "layers", "switch" or "batch" (a whole number or "full"); `scale`
    says how a slider goes; an `optional` one may be None; `disabled` says why it has no effect now.
    """

    name: str
    label: str
    group: str
    type: str
    help: str
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None
    optional: bool = False
    scale: str | None = None
    disabled: str | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as the page is told; `live` is whether it may change while the run goes on."""
        options = [dict(vars(option)) for option in self.options]
        return {**vars(self), "options": options, "live": self.name in LIVE}

    def checked(self, value: Any) -> Any:
        """Return a value from a page as plain data. Raises ValueError, naming the control, for any other."""
        if value is None and self.optional:
            return None
        if self.type in ("choice", "layers"):
            return chosen(self, value) if self.type == "choice" else layers(self, value)
        if self.type == "switch" and isinstance(value, bool):
            return value
        if self.type == "batch" and value == "full":
            return value
        if self.type != "switch" and is_number(value) and self._holds(value):
            return float(value) if self.type == "number" else int(value)
        raise self.unexpected(value)

    def _holds(self, value: float) -> bool:
        assert self.least is not None
        assert self.most is not None
        if not self.least <= value <= self.most:  # which NaN and infinity are not
            return False
        return self.type == "number" or value == int(value)

    def unexpected(self, value: Any) -> ValueError:
        """Return the error that says what is expected instead."""
        return ValueError(f"{self.name}: expected {self.expected}, got {shown(value)}")

    @property
    def expected(self) -> str:
        """In words, which values it takes."""
        if self.type == "switch":
            return "true or false"
        if self.type == "choice":
            return "a name"
        if self.type == "layers":
            return f"at most {limits.LAYERS} layers of {self.least:g} to {self.most:,g} units"
        what = "a number" if self.type == "number" else "a whole number"
        word = " or 'full'" if self.type == "batch" else " or null" if self.optional else ""
        return f"{what} of {self.least:g} to {self.most:,.12g}{word}"


def layers(control: Control, value: Any) -> list[int]:
    """Check the widths of hidden layers."""
    if not isinstance(value, list | tuple) or len(value) > limits.LAYERS:
        raise control.unexpected(value)
    for units in value:
        if not (is_number(units) and control._holds(units)):
            raise control.unexpected(value)
    return [int(units) for units in value]


def chosen(control: Control, value: Any) -> str:
    """Check one of a choice; an initializer may have other numbers in its brackets."""
    if not isinstance(value, str) or not 0 < len(value) <= limits.TEXT:
        raise control.unexpected(value)
    if control.name == "data":  # which there are is for the session to know
        return value
    if control.name == "initializer" and "(" in value:
        _, numbers = initializers.parse(value)
        if any(abs(number) > MOST_INITIAL for number in numbers):
            raise ValueError(f"initializer: expected numbers up to {MOST_INITIAL:g}, got {shown(value)}")
        return value
    return named(control.name, value, [option.value for option in control.options])


def named(what: str, value: Any, known: Sequence[str]) -> str:
    """Check a name that somebody sent."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(unknown(what, value[:40] if isinstance(value, str) else shown(value), known))
    return value


def is_number(value: Any) -> bool:
    """Whether JSON had a number there."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Return a value that somebody sent, short enough for a line."""
    text = "null" if value is None else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
