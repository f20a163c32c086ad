"""One table of what was read right, refused and read wrong, and the targets it must hold."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from drawings.measure import Answer
from glassnet.training.metrics import interval


class Row(NamedTuple):
    """Counts over the pictures of one kind: `named` whether refused or not; right + refused + wrong = n."""

    kind: str
    by: str
    n: int
    named: int
    right: int
    refused: int
    wrong: int

    @property
    def of_digits(self) -> bool:
        return self.by != NONE

    @property
    def main(self) -> int:
        """What counts: of digits those right, of non-digits those refused."""
        return self.right if self.of_digits else self.refused


class Target(NamedTuple):
    """A promise about a share: at least `least` or, if that is None, at most `most`."""

    row: Row
    what: str
    reached: float
    least: float | None
    most: float | None = None

    @property
    def holds(self) -> bool:
        return self.reached >= self.least if self.least is not None else self.reached <= (self.most or 0)

    def __str__(self) -> str:
        bound = f"at least {self.least:.0%}" if self.least is not None else f"at most {self.most:.0%}"
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        return f"{self.row.kind}, {self.what}: {self.reached:.1%}, expected {bound}: {verdict}"


NONE = "no digit"  # instead of a writer, of rows of non-digits
ALL = "all digits drawn"
MNIST = "MNIST's test digits"
REFUSED = {"blank": 1.0, "dot": 1.0, "lines": 1.0, "scribbles": 0.85, "letters": 0.85}


def rows(answers: Iterable[Answer]) -> list[Row]:
    """Count by kind and writer, in the order they come in; then all digits drawn, by writer and together."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    drawn: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        kind, by = answer.drawing.kind, answer.drawing.by
        digit = answer.drawing.digit is not None
        groups.setdefault((kind, by if digit else NONE), []).append(answer)
        if digit and kind != MNIST:
            drawn.setdefault((ALL, by), []).append(answer)
    if len(drawn) > 1:
        drawn[ALL, "both"] = [answer for group in drawn.values() for answer in group]
    order = list(groups)
    digits = [key for key in order if key[1] != NONE and key[0] != MNIST]
    rest = [key for key in order if key not in digits]
    named = (
        [(key, groups[key]) for key in digits] + list(drawn.items()) + [(key, groups[key]) for key in rest]
    )
    return [_row(*key, group) for key, group in named]


def _row(kind: str, by: str, group: Sequence[Answer]) -> Row:
    tally = [
        sum(getattr(answer, what) for answer in group) for what in ("named", "right", "refused", "wrong")
    ]
    return Row(kind, by, len(group), *tally)


def targets(table: Sequence[Row]) -> list[Target]:
    """The promises of the drawing pad about the rows that are there."""
    found = []
    for row in table:
        if (row.kind, row.by) == (ALL, "both"):
            found.append(Target(row, "named and not refused", row.right / row.n, 0.93))
        elif row.kind in REFUSED:
            found.append(Target(row, "refused", row.refused / row.n, REFUSED[row.kind]))
        elif row.kind == MNIST:
            found.append(Target(row, "refused", row.refused / row.n, None, 0.02))
    return found


def text(table: Sequence[Row]) -> str:
    """The table for a terminal, with Wilson's 95 % interval of what counts, and the targets."""
    lines = [
        f"{'kind':20} {'by':9} {'n':>6} {'named':>7} {'right':>7} {'refused':>8} {'wrong':>7}   95 % interval"
    ]
    last = None
    for row in table:
        section = row.kind in (ALL, MNIST) and row.kind, row.of_digits
        lines += ["" for _ in range(last is not None and section != last)]
        last = section
        cells = [_share(row, count) for count in _counts(row)]
        low, high = interval(row.main, row.n)
        what = "right" if row.of_digits else "refused"
        lines.append(
            f"{row.kind:20} {row.by:9} {row.n:6,} {cells[0]:>7} {cells[1]:>7} {cells[2]:>8} {cells[3]:>7}"
            f"   {low:6.1%} to {high:6.1%} {what}"
        )
    return "\n".join([*lines, "", *map(str, targets(table))])


def markdown(table: Sequence[Row]) -> str:
    """The same as a table of Markdown."""
    lines = [
        "| kind | by | n | named | right | refused | wrong | 95 % interval |",
        "|---|---|--:|--:|--:|--:|--:|---|",
    ]
    for row in table:
        low, high = interval(row.main, row.n)
        cells = " | ".join(_share(row, count) for count in _counts(row))
        what = "right" if row.of_digits else "refused"
        lines.append(f"| {row.kind} | {row.by} | {row.n:,} | {cells} | {low:.1%} to {high:.1%} {what} |")
    return "\n".join([*lines, "", *(f"- {target}" for target in targets(table))])


def as_json(table: Sequence[Row]) -> str:
    """All counts, with the interval of what counts."""
    plain = [row._asdict() | {"interval": interval(row.main, row.n)} for row in table]
    kept = [
        {"target": str(target), "reached": target.reached, "holds": target.holds} for target in targets(table)
    ]
    return json.dumps({"rows": plain, "targets": kept}, indent=2, ensure_ascii=False)


FORMATS = {"text": text, "markdown": markdown, "json": as_json}


def _counts(row: Row) -> list[int | None]:
    return (
        [row.named, row.right, row.refused, row.wrong]
        if row.of_digits
        else [None, None, row.refused, row.wrong]
    )


def _share(row: Row, count: int | None) -> str:
    return "" if count is None else f"{count / row.n:.1%}"
