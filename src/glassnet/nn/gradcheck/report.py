"""What a gradient check found: the worst number of each array, from both sides, and a report of them all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from glassnet.nn.layer import Shape


@dataclass(frozen=True)
class Entry:
    """One number of a gradient: what backward says, and what differences say, give or take `uncertainty`.

    `index` is its place in the array, or None for the derivative along a random direction. `error` is the
    difference of the two over the largest of both and the root mean square of the array's gradient; where
    the uncertainty explains the difference, the divisor is enlarged so that it does not exceed the tolerance.
    """

    array: str
    index: Shape | None
    analytic: float
    numeric: float
    uncertainty: float
    error: float

    def __str__(self) -> str:
        """Say it in one line."""
        place = "" if self.index is None else f"[{', '.join(map(str, self.index))}]"
        where = f"{self.array}{place}" if place else f"{self.array} along a random direction"
        hint = " (not written, or added to what was there)" if math.isnan(self.analytic) else ""
        return (
            f"{where}: backward {self.analytic:.10g}{hint},"
            f" differences {self.numeric:.10g} ± {self.uncertainty:.1g}, relative error {self.error:.2g}"
        )


class Row(NamedTuple):
    """What was found about the gradient by one array; without `worst`, nothing could be checked."""

    array: str
    checked: int
    skipped: int
    worst: Entry | None
    right: bool


@dataclass(frozen=True)
class Report:
    """The outcome of a check: `assert report.ok, report`.

    `rows` has one row for each array; `faults` says what else is against the contract of layers.
    """

    subject: str
    rows: Sequence[Row]
    faults: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        """Whether the gradient by each array was checked and is right, and nothing else is wrong."""
        return not self.wrong and not self.faults

    @property
    def checked(self) -> int:
        """How many slopes were compared."""
        return sum(row.checked for row in self.rows)

    @property
    def skipped(self) -> int:
        """How many were not: a kink (ReLU, max) was in reach, or rounding left too little of the slope."""
        return sum(row.skipped for row in self.rows)

    @property
    def wrong(self) -> list[str]:
        """The arrays by which the gradient is wrong, or could not be checked."""
        return [row.array for row in self.rows if not row.right]

    @property
    def worst(self) -> Entry | None:
        """The entry that is furthest off, of the first array that is wrong if there is one."""
        wrong = [row.worst for row in self.rows if row.worst and not row.right]
        return (
            wrong[0]
            if wrong
            else max((row.worst for row in self.rows if row.worst), key=lambda e: e.error, default=None)
        )

    def __str__(self) -> str:
        """Show a line for each array, and the worst entry."""
        width = max(8, *(len(row.array) for row in self.rows))
        wrong = self.faults or any(row.worst and not row.right for row in self.rows)
        verdict = "right" if self.ok else "WRONG" if wrong else "not proven"
        lines = [
            f"{self.subject}: {verdict}, {self.checked} slopes checked,"
            f" {self.skipped} skipped at kinks or in rounding"
        ]
        lines.append(f"  {'gradient':{width}}  checked  skipped  relative error")
        for row in self.rows:
            error = f"{row.worst.error:.2g}" if row.worst else "-"
            mark = "" if row.right else "  WRONG" if row.worst else "  not checked"
            lines.append(f"  {row.array:{width}}  {row.checked:7}  {row.skipped:7}  {error:>14}{mark}")
        lines += [f"  {fault}" for fault in self.faults]
        return "\n".join(lines if self.worst is None else [*lines, f"  worst: {self.worst}"])
