"""What an examination found, as plain data: the measured rows, the verdict and the causes."""

from typing import Any, NamedTuple

CORRECT, WRONG, UNDECIDED = "correct", "wrong", "undecided"
EXIT_CODES = {CORRECT: 0, WRONG: 1, UNDECIDED: 2}


class Row(NamedTuple):
    """One array's gradient against finite differences."""

    name: str  # the parameter's name, or "x" for the input gradient
    shape: tuple[int, ...]
    checked: int  # entries compared one by one
    skipped: int  # entries left out: a kink within reach of the difference
    index: tuple[int, ...]  # type: ignore[assignment]  # of the worst entry; hides tuple.index
    analytic: float  # the code's value there
    numeric: float  # the finite difference there
    error: float  # the largest difference over the largest finite difference of the array
    right: bool
    problem: str = ""  # what kept the array from being compared: a wrong shape, NaN


class Finding(NamedTuple):
    """A likely cause: what is wrong in plain words, why we think so, and what would be right."""

    cause: str  # its name in docs/check.md, such as "batch-factor"
    says: str  # what is wrong, one or two sentences
    evidence: str  # the numbers that speak for it
    formula: str  # the corrected formula for that term
    page: str  # where it is derived, such as "dense.md#derivation"


class Diagnosis(NamedTuple):
    """The outcome of an examination; `findings` has the likeliest cause first."""

    name: str
    verdict: str  # CORRECT, WRONG or UNDECIDED
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    model: str = ""  # what the code was recognised as, such as "softmax cross-entropy of dense 4-5-3, tanh"
    conventions: str = ""  # such as "batch first (N, features), float64, central differences"
    reason: str = ""  # why nothing could be decided
    notes: tuple[str, ...] = ()  # what else a reader should know, a sentence each
    traceback: str = ""  # of the learner's own lines, where their code raised

    @property
    def exit_code(self) -> int:
        """0 correct, 1 wrong, 2 undecided."""
        return EXIT_CODES[self.verdict]

    def __str__(self) -> str:
        """Return the report, as `glassnet check` prints it."""
        from glassnet.doctor.report import text

        return text(self)

    def __repr__(self) -> str:
        """Return the report: a notebook shows it."""
        return str(self)

    def plain(self) -> dict[str, Any]:
        """Describe it as what JSON can hold."""
        return {
            **self._asdict(),
            "rows": [row._asdict() for row in self.rows],
            "findings": [finding._asdict() for finding in self.findings],
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Diagnosis":
        """Make it again from what `plain` gave, also after a trip through JSON."""
        rows = tuple(
            Row(**{**row, "shape": tuple(row["shape"]), "index": tuple(row["index"])})
            for row in plain["rows"]
        )
        findings = tuple(Finding(**finding) for finding in plain["findings"])
        return cls(**{**plain, "rows": rows, "findings": findings, "notes": tuple(plain["notes"])})
