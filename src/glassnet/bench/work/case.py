"""A piece of work to be measured."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """A piece of work: of which `work`, a name to print, and what it is as plain data."""

    work: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)
