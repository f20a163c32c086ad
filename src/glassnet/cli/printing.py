"""What commands print alike: JSON that any reader takes, a report with words in colour, a file's size."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path


def json_of(plain: object, indent: int | None = None) -> str:
    """Return plain data as JSON; NaN and infinity, which JSON does not have, become null."""
    return json.dumps(_finite(plain), indent=indent, ensure_ascii=False, allow_nan=False)


def _finite(plain: object) -> object:
    if isinstance(plain, dict):
        return {key: _finite(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_finite(value) for value in plain]
    return None if isinstance(plain, float) and not abs(plain) < float("inf") else plain


def size_of(file: Path) -> str:
    """Return how large a file is: "943 kB", "2.7 MB"."""
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"


def show(report: str, styles: Mapping[str, str]) -> None:
    """Print a report, on a terminal with what matches one of the expressions in its style."""
    if not sys.stdout.isatty():
        print(report)
        return
    from rich.console import Console
    from rich.text import Text

    shown = Text(report)
    for expression, style in styles.items():
        shown.highlight_regex(expression, style)
    Console(highlight=False, soft_wrap=True).print(shown)
