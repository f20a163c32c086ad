"""The programs the gradient doctor is measured on: each base file with each change of its table applied."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
FOLDERS = ("blind", "known")  # without and with sight of the rules that recognise causes
CAUSES = {
    "batch-factor",
    "factor-2",
    "factor",
    "sign",
    "transposed",
    "bias-axis",
    "bias-total",
    "batch-of-one",
    "activation-missing",
    "activation-argument",
    "activation-mask",
    "activation-twice",
    "activation-other",
    "softmax-twice",
    "one-hot",
    "in-place",
    "stale-cache",
    "penalty-missing",
    "penalty-extra",
    "wrong-input",
    "missing-gradient",
    "statistics",
    "upstream-ignored",
    "input-gradient",
    "non-deterministic",
    "non-differentiable",
    "other",
}  # of docs/check.md
TABLE_KEYS = {"form", "name", "says", "fault", "correct"}
ENTRY_KEYS = {"name", "cause", "of", "find", "replace", "change"}


class Program(NamedTuple):
    """A program as a learner would hand it in, and what is the matter with it."""

    folder: str  # "blind" or "known"
    style: str  # the base file's name without its ending
    form: str  # "function" or "class"
    target: str  # the function's or class's name
    name: str  # of the fault or variant; "as it is" for the base itself
    cause: str  # the fault's expected cause, "" if the program is correct
    source: str

    @property
    def correct(self) -> bool:
        return not self.cause

    @property
    def label(self) -> str:
        return f"{self.folder}/{self.style}: {self.name}"


def change(source: str, changes: Iterable[dict[str, str]], where: str) -> str:
    """Apply find and replace in order; ValueError unless each `find` occurs exactly once."""
    for entry in changes:
        if set(entry) != {"find", "replace"}:
            raise ValueError(f"{where}: expected find and replace, got {sorted(entry)}")
        found = source.count(entry["find"])
        if found != 1:
            raise ValueError(f"{where}: expected {entry['find']!r} once, found it {found} times")
        source = source.replace(entry["find"], entry["replace"])
    return source


def variant(base: Program, entry: dict[str, Any], faulty: bool) -> Program:
    """The program that one entry of a table describes; `of` names another class of the same file."""
    where = f"{base.folder}/{base.style}: {entry.get('name')!r}"
    unknown = set(entry) - ENTRY_KEYS
    if unknown or "name" not in entry or ("cause" in entry) != faulty:
        raise ValueError(
            f"{where}: expected a name, changes and, in a fault alone, a cause; got {sorted(entry)}"
        )
    if faulty and entry["cause"] not in CAUSES:
        raise ValueError(f"{where}: expected a cause of the list, got {entry['cause']!r}")
    alone = {key: entry[key] for key in ("find", "replace") if key in entry}
    if bool(alone) == ("change" in entry):
        raise ValueError(f"{where}: expected find and replace or changes, got {sorted(entry)}")
    source = change(base.source, [alone] if alone else entry["change"], where)
    target = entry.get("of", base.target)
    return base._replace(target=target, name=entry["name"], cause=entry.get("cause", ""), source=source)


def programs_of(path: Path) -> Iterator[Program]:
    """Yield the base, its correct variants and its faults: path is the base's table."""
    table = tomllib.loads(path.read_text())
    if set(table) - TABLE_KEYS or table["form"] not in ("function", "class"):
        raise ValueError(
            f"{path}: expected {sorted(TABLE_KEYS)}, got {sorted(table)}, form {table['form']!r}"
        )
    source = path.with_suffix(".py").read_text()
    target = table.get("name", "loss_and_grads")
    base = Program(path.parent.name, path.stem, table["form"], target, "as it is", "", source)
    yield base
    for entry in table.get("correct", []):
        yield variant(base, entry, faulty=False)
    for entry in table.get("fault", []):
        yield variant(base, entry, faulty=True)


def styles() -> list[Path]:
    """List the tables of both folders, in an order that does not depend on the disk."""
    return sorted(path for folder in FOLDERS for path in (HERE / folder).glob("*.toml"))


def programs() -> Iterator[Program]:
    """Yield every program of both folders."""
    for path in styles():
        yield from programs_of(path)
