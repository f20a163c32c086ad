"""What a profile found, as plain data."""

from typing import NamedTuple


class Row(NamedTuple):
    """One part of a step: its `seconds` in the mean over all steps, and their `share` of the whole step.

    `direction` is "forward" or "backward" for a layer, else empty; `calls` counts over all steps. Where the
    part multiplies matrices, `operations` are those of its products in a step, two for each term, and
    `limit_seconds` is how long those products alone take the machine; 0 and None elsewhere.
    """

    name: str
    direction: str
    seconds: float
    share: float
    calls: int
    operations: float = 0.0
    limit_seconds: float | None = None

    @property
    def gflops(self) -> float | None:
        """Billions of operations in matrix products a second; None where there are none."""
        return self.operations / self.seconds / 1e9 if self.operations and self.seconds else None

    @property
    def limit_gflops(self) -> float | None:
        """The same of the products alone; None where there are none, or they were not measured."""
        return self.operations / self.limit_seconds / 1e9 if self.limit_seconds else None


def total(rows: list[Row]) -> Row:
    """Return the whole step: its share is 1, and its limit the time of all its matrix products alone."""
    limits = [row.limit_seconds for row in rows if row.operations]
    return Row(
        "a step",
        direction="",
        seconds=sum(row.seconds for row in rows),
        share=1.0,
        calls=max((row.calls for row in rows), default=0),
        operations=sum(row.operations for row in rows),
        limit_seconds=None if None in limits or not limits else sum(filter(None, limits)),
    )
