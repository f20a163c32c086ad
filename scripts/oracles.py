"""Print how far glassnet's numbers are from PyTorch's at worst; `--write` puts the table into the docs.

Needs the `oracle` extra. Exit code 1 if a limit is exceeded.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "oracles.md"
START, END = "<!-- table: python scripts/oracles.py --write -->", "<!-- end of table -->"


def table(families: Mapping[str, Any]) -> tuple[str, bool]:
    """Measure all; return a Markdown table of the worst cases, and whether all are within their limits."""
    lines = ["| Family | Cases | Worst relative error | of | Limit |", "|---|---:|---:|---|---:|"]
    good = True
    for name, family in families.items():
        error, case = max((case.measure(), case.name) for case in family.cases)
        within = error <= family.limit
        shown = f"{error:.1e}" if within else f"**{error:.1e}**"
        case = case.replace("|", "\\|")
        lines.append(f"| {name} | {len(family.cases)} | {shown} | `{case}` | {family.limit:.0e} |")
        good = good and within
    return "\n".join(lines), good


def write(text: str, page: Path) -> None:
    """Put the table between its marks."""
    before, start, rest = page.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise SystemExit(f"{page}: expected the marks {START} and {END}")
    page.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))  # where the tests have the same cases from
    try:
        import torch

        from nn.oracles import FAMILIES
    except ImportError as error:
        raise SystemExit(f"oracles: {error}; pip install -e '.[test,oracle]'") from None
    text, good = table(FAMILIES)
    print(f"PyTorch {torch.__version__}\n\n{text}")
    if arguments.write:
        write(text, PAGE)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
