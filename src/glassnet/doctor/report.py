"""A diagnosis as text for a terminal or a notebook: the verdict, the numbers, the likeliest cause."""

import math
import textwrap
from collections.abc import Iterator

from glassnet.doctor.diagnosis import CORRECT, UNDECIDED, WRONG, Diagnosis, Finding, Row

WIDTH = 92
PAGES = "docs/math/"  # where the pages of findings are


NO_CAUSE = (
    "None of the known mistakes gives these numbers. Begin with the wrong array that is nearest to the loss:"
    " those below it inherit its error. An example with one row and narrow layers can be followed by hand."
)


def text(diagnosis: Diagnosis) -> str:
    """Return the whole report."""
    parts = [[verdict(diagnosis), *_examined(diagnosis)]]
    if diagnosis.reason:
        parts.append(_wrapped(f"Why: {diagnosis.reason}."))
    if diagnosis.rows:
        parts.append(_table(diagnosis.rows))
    first, *others = diagnosis.findings or (None,)
    if first is not None:
        parts.append(_cause(first))
    elif diagnosis.verdict == WRONG:
        parts.append(_wrapped(NO_CAUSE))
    if others:
        parts.append(["Also possible:", *(line for other in others if other for line in _other(other))])
    parts += [_wrapped(f"Note: {note}") for note in diagnosis.notes]
    if diagnosis.traceback:
        parts.append(diagnosis.traceback.splitlines())
    return "\n\n".join("\n".join(part) for part in parts)


def verdict(diagnosis: Diagnosis) -> str:
    """Return the outcome in one line."""
    wrong = [row.name for row in diagnosis.rows if not row.right]
    count = len(diagnosis.rows)
    if diagnosis.verdict == CORRECT:
        if count == 1:
            return f"{diagnosis.name}: the gradient is right."
        return f"{diagnosis.name}: all {count} gradients are right."
    if diagnosis.verdict == UNDECIDED:
        return f"{diagnosis.name}: cannot be decided."
    if not wrong:
        return f"{diagnosis.name}: something is wrong, though each gradient is right on its own."
    if count == 1:
        return f"{diagnosis.name}: the gradient is wrong."
    if len(wrong) == count:
        return f"{diagnosis.name}: all {count} gradients are wrong."
    are = "is" if len(wrong) == 1 else "are"
    return f"{diagnosis.name}: {len(wrong)} of {count} gradients {are} wrong: {_listed(wrong)}."


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def _examined(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.model:
        yield from _wrapped(f"Examined as: {diagnosis.model}", "             ")
    if diagnosis.conventions:
        yield from _wrapped(f"With: {diagnosis.conventions}", "      ")


# ---- the table


def _table(rows: tuple[Row, ...]) -> list[str]:
    """One line an array, with the entry that is furthest off; below, what has no place in a column."""
    cells = [("array", "shape", "worst entry", "yours", "numeric", "off by", "")]
    for row in rows:
        cells.append((
            _short(row.name), _shape(row.shape), _shape(row.index) if row.index else "–",
            _number(row.analytic), _number(row.numeric), _share(row.error if row.checked else math.nan),
            _judgement(row),
        ))  # fmt: skip
    widths = [max(len(line[k]) for line in cells) for k in range(7)]
    table = []
    for line in cells:
        left = [line[k].ljust(widths[k]) for k in range(3)]
        right = [line[k].rjust(widths[k]) for k in range(3, 6)]
        table.append("  " + "  ".join([*left, *right, line[6]]).rstrip())
    for row in rows:
        said = row.problem
        if row.skipped:
            skipped = f"{row.skipped} entr{'y' if row.skipped == 1 else 'ies'} left out, at a kink"
            said = f"{said}; {skipped}" if said else skipped
        if said:
            table += _wrapped(f"  {row.name}: {said}", "    ")
    return table


def _judgement(row: Row) -> str:
    if not row.right:
        return "WRONG"
    return "right" if row.checked else "not measured"


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value + 0.0:.6g}"  # no -0


def _share(error: float) -> str:
    """A difference as a share of the largest slope: in percent where a reader thinks in percent."""
    if math.isnan(error):
        return "–"
    if error >= 10:
        return f"{error:.2g} ×"
    return f"{error:.0e}" if error < 1e-3 else f"{100 * error:.3g} %"


# ---- causes


def _cause(finding: Finding) -> list[str]:
    lines = [f"Likeliest cause: {finding.cause}", *_wrapped(finding.says, first="  ")]
    lines += _labelled("Evidence", finding.evidence)
    lines += _labelled("Right", finding.formula)
    if finding.page:
        lines += _labelled("More", PAGES + finding.page)
    return lines


def _other(finding: Finding) -> list[str]:
    page = f" ({PAGES}{finding.page})" if finding.page else ""
    return _wrapped(f"  {finding.cause}: {finding.says}{page}", "    ")


def _labelled(label: str, said: str) -> list[str]:
    if not said:
        return []
    first, *more = said.splitlines()
    lines = _wrapped(f"  {label + ':':9} {first}", " " * 12)
    return lines + [line for each in more for line in _wrapped(each, " " * 12, " " * 12)]


def _wrapped(said: str, indent: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(
        said, WIDTH, initial_indent=first, subsequent_indent=indent or first,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
