"""Run the gradient doctor over every program of tests/mutants and print how it did, as Markdown.

    python scripts/mutants.py            # print
    python scripts/mutants.py --write    # and put it into docs/mutants.md, between the markers

Takes minutes: each of some hundred programs is examined from scratch, as many at a time as there are cores.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT / "tests")  # instead of scripts/, where this file would hide the folder "mutants"

from mutants.judgement import Outcome, judged  # noqa: E402
from mutants.programs import FOLDERS, programs  # noqa: E402

PAGE = ROOT / "docs" / "mutants.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def markdown(header: Iterable[str], rows: Iterable[Iterable[object]], words: int) -> str:
    """Lay out a table whose first `words` columns hold words and whose others hold numbers."""
    header = list(header)
    rule = ["---" if column < words else "---:" for column in range(len(header))]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [header, rule, *rows])


def share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "0"


def numbers(outcomes: list[Outcome]) -> list[object]:
    """Count faults, caught, named first; correct programs, called correct, false alarms."""
    faults = [o for o in outcomes if not o.program.correct]
    right = [o for o in outcomes if o.program.correct]
    return [
        len(faults),
        share(sum(o.caught for o in faults), len(faults)),
        share(sum(o.named for o in faults), len(faults)),
        len(right),
        sum(o.verdict == "correct" for o in right),
        sum(o.false_alarm for o in right),
    ]


def grouped(outcomes: list[Outcome], key: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return groups


def by_style(outcomes: list[Outcome]) -> str:
    """One row an implementation, a sum for each folder, and one for both."""
    rows = []
    for folder in FOLDERS:
        of_folder = [o for o in outcomes if o.program.folder == folder]
        for style, group in grouped(of_folder, lambda o: o.program.style).items():
            rows.append([f"`{style}`", group[0].program.form, folder, *numbers(group)])
        rows.append([f"**all {folder}**", "", folder, *numbers(of_folder)])
    rows.append(["**all**", "", "", *numbers(outcomes)])
    header = ["style", "form", "written", "faults", "caught", "cause named first"]
    return markdown([*header, "correct programs", "called correct", "false alarms"], rows, words=3)


def by_cause(outcomes: list[Outcome]) -> str:
    """One row a cause."""
    faults = grouped([o for o in outcomes if not o.program.correct], lambda o: o.program.cause)
    rows = [[f"`{cause}`", *numbers(group)[:3]] for cause, group in sorted(faults.items())]
    return markdown(["cause", "faults", "caught", "cause named first"], rows, words=1)


def misses(outcomes: list[Outcome]) -> str:
    """Every program about which something else was said than should have been."""
    lines = []
    for o in outcomes:
        expected = o.program.cause or "correct"
        if not (o.verdict == "correct" if o.program.correct else o.named):
            what = "" if o.program.correct or o.caught else "not caught; "
            lines.append(f"- {o.program.label}: {what}expected `{expected}`, said {o.said}")
    return "\n".join(lines) or "None."


def report(outcomes: list[Outcome]) -> str:
    return "\n\n".join(
        [
            by_style(outcomes),
            "By cause:",
            by_cause(outcomes),
            "What was not said as it should have been:",
            misses(outcomes),
        ]
    )


def measure() -> list[Outcome]:
    """Judge every program, with a count on the way."""
    everything, outcomes = list(programs()), []
    for outcome in judged(everything):
        outcomes.append(outcome)
        print(f"\r{len(outcomes)} of {len(everything)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return outcomes


def write(text: str) -> None:
    """Put the text between the page's markers."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the gradient doctor on the mutants.")
    parser.add_argument("--write", action="store_true", help="put the result into docs/mutants.md as well")
    arguments = parser.parse_args()
    text = report(measure())
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
