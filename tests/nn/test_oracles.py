"""How a comparison with PyTorch is measured, and the table of the worst numbers: without PyTorch."""

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from nn.oracles import Case, Family, relative_error, worst_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "oracles.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracles_script", ROOT / "scripts" / "oracles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("found", "expected", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.2], [1.0, 2.0], 0.1),
        ([1.0, 2.0], [1.1, -4.0], 1.5),
        ([0.0, 1e-15], [0.0, 0.0], 1e-15),
        ([0.5, 1e-13], [0.0, 1e-13], 0.5),
        ([1.0, math.nan], [1.0, 2.0], math.inf),
        ([1.0, 2.0], [1.0, math.nan], math.inf),
        ([1.0], [1.0, 2.0], math.inf),
        (3.0, 2.0, 0.5),
    ],
)
def test_the_relative_error_of_an_array(found: object, expected: object, error: float) -> None:
    assert relative_error(found, expected) == pytest.approx(error)


def test_the_worst_of_several_arrays() -> None:
    one = {"a": np.ones(2), "b": np.ones(3)}
    assert worst_of(one, one) == 0
    assert worst_of({**one, "b": np.full(3, 1.5)}, one) == 0.5
    assert worst_of({"a": np.ones(2)}, one) == math.inf
    assert worst_of(one, {"a": np.ones(2)}) == math.inf


FAMILIES = {
    "easy": Family(1e-10, [Case("small", lambda: 1e-16), Case("Thing(a|b)", lambda: 2.5e-15)]),
    "hard": Family(1e-9, [Case("far off", lambda: 0.5)]),
}


def test_the_table_shows_the_worst_of_each_family(script: ModuleType) -> None:
    table, good = script.table(FAMILIES)
    assert not good
    assert table.splitlines()[2:] == [
        "| easy | 2 | 2.5e-15 | `Thing(a\\|b)` | 1e-10 |",
        "| hard | 1 | **5.0e-01** | `far off` | 1e-09 |",
    ]
    assert script.table({"easy": FAMILIES["easy"]})[1]


def test_the_table_is_written_between_its_marks(script: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{script.START}\nold\n{script.END}\nafter\n", encoding="utf-8")
    script.write("| new |", page)
    assert page.read_text(encoding="utf-8") == f"before\n{script.START}\n\n| new |\n\n{script.END}\nafter\n"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(SystemExit, match="expected the marks"):
        script.write("| new |", page)


def test_the_page_has_a_row_for_each_family(script: ModuleType) -> None:
    from nn.oracles import FAMILIES

    page = PAGE.read_text(encoding="utf-8")
    rows = page.partition(script.START)[2].partition(script.END)[0].strip().splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(FAMILIES)
    for row, family in zip(rows, FAMILIES.values()):
        _, count, worst, _, limit = (cell.strip() for cell in row.strip("|").split(" | "))
        assert int(count) == len(family.cases)
        assert float(worst) <= float(limit) == family.limit
