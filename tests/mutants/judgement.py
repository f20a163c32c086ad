"""What the gradient doctor says about a program of the mutants, and whether that is right."""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from glassnet.doctor import check_gradient
from mutants.programs import Program


class Outcome(NamedTuple):
    """A program and what was said about it."""

    program: Program
    verdict: str  # "correct", "wrong" or "undecided"
    causes: tuple[str, ...]  # the likeliest first
    reason: str  # why nothing could be decided

    @property
    def caught(self) -> bool:
        """Whether a fault was found; a kink and chance make it undecidable, so there the cause counts too."""
        if self.program.cause == "non-differentiable":
            return self.verdict == "undecided" and self.program.cause in self.causes
        if self.program.cause == "non-deterministic":
            return self.verdict != "correct" and self.program.cause in self.causes
        return self.verdict == "wrong"

    @property
    def named(self) -> bool:
        """Whether the expected cause was named first; nothing named is right for what has no name."""
        first = self.causes[0] if self.causes else "other"
        return self.caught and first == self.program.cause

    @property
    def false_alarm(self) -> bool:
        """Whether a correct program was called wrong."""
        return self.program.correct and self.verdict == "wrong"

    @property
    def said(self) -> str:
        """What was said, in a few words."""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.verdict}: {', '.join(self.causes) or 'no cause'}{reason}"


def judge(program: Program) -> Outcome:
    """Write the program into a file of its own, as a learner's, and have the doctor look at it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{program.style}.py"
        file.write_text(program.source)
        try:
            diagnosis = check_gradient(f"{file}:{program.target}")
        except ValueError as error:  # `glassnet check` says this line and leaves with 2
            return Outcome(program, "undecided", (), str(error).replace(f"{folder}/", ""))
    causes = tuple(finding.cause for finding in diagnosis.findings)
    return Outcome(program, diagnosis.verdict, causes, diagnosis.reason)


def judged(programs: Iterable[Program]) -> Iterator[Outcome]:
    """Judge each of them, in their order, with as many processes as there are cores."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(judge, programs)
