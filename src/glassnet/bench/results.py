"""What a measurement brings, as plain data: every turn is kept, medians and ratios are taken from them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

OURS, LIMIT = "glassnet", "products"


@dataclass(frozen=True)
class Series:
    """One side, with one number of threads, at one piece of work: a value a turn.

    `values` are in the unit of the result, of one piece (one step, one image); `losses` are the mean loss of
    each turn; `cores` says how many cores were busy in each: CPU seconds by seconds. `failed` is one line
    for a side that came to nothing, whose values are then those up to there; `other_work` one line for one
    whose losses say that it did not do the same work. Neither counts.
    """

    side: str
    threads: int | None = None
    values: tuple[float, ...] = ()
    losses: tuple[float, ...] = ()
    cores: tuple[float, ...] = ()
    failed: str | None = None
    other_work: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether it has values that may be compared."""
        return bool(self.values) and self.failed is None and self.other_work is None

    @property
    def median(self) -> float:
        """The middle of the values."""
        return median(self.values)

    def ratio(self, other: "Series") -> float:
        """Return the median of this side's values over the other's, turn by turn."""
        return median(mine / theirs for mine, theirs in zip(self.values, other.values) if theirs > 0)


@dataclass(frozen=True)
class Result:
    """All sides at one piece of work.

    `facts` says what the piece is, in plain data ("network", "batch", "optimizer", …); `unit` is "s" or
    "bytes"; `pieces` is how many pieces a turn had.
    """

    work: str
    name: str
    series: tuple[Series, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "s"
    pieces: int = 1

    def best(self, *sides: str) -> Series | None:
        """Return the series of these sides with the lowest median of any threads; None if none counts."""
        of_them = [s for s in self.series if s.side in sides and s.counts]
        return min(of_them, key=lambda s: s.median, default=None)

    def ratio(self, *sides: str) -> float | None:
        """Return glassnet's best over the best of these sides, paired by turns; None if either is missing."""
        ours, theirs = self.best(OURS), self.best(*sides)
        return ours.ratio(theirs) if ours and theirs else None


@dataclass(frozen=True)
class Report:
    """A whole run of the benchmark: where, with what, what came of it, and who was not there.

    `machine` is what `machine.describe` gave, `missing` {peer: one line}, `seconds` how long it all took;
    `interrupted` says that it is not all that was chosen.
    """

    machine: Mapping[str, Any]
    results: tuple[Result, ...]
    missing: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    interrupted: bool = False

    def of(self, work: str) -> list[Result]:
        """Return the results of one work."""
        return [result for result in self.results if result.work == work]

    @property
    def broken(self) -> bool:
        """Whether glassnet itself failed at any of it."""
        return any(s.side == OURS and s.failed is not None for r in self.results for s in r.series)

    def plain(self) -> dict[str, Any]:
        """Return everything as plain data, as JSON has it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Report":
        """Make a report of what `plain` gave."""
        results = tuple(
            Result(**{**result, "series": tuple(_series(s) for s in result["series"])})
            for result in plain["results"]
        )
        return cls(**{**plain, "results": results})


def _series(plain: Mapping[str, Any]) -> Series:
    lists: Sequence[str] = ("values", "losses", "cores")
    return Series(**{**plain, **{name: tuple(plain[name]) for name in lists}})
