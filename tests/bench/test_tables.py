"""The report as text."""

import json
from itertools import product

import pytest

from bench.planted import report, result
from glassnet.bench.results import Report, Result, Series
from glassnet.bench.tables import own, quantity, text
from glassnet.bench.work import step

PEERS = {"torch": 1.25e-4, "torch-compile": 3e-4, "jax": 1.1e-4, "jax-scan": 6e-5, "sklearn": 1e-3}


def whole_grid() -> Report:
    """Every step there is, with everything that may be said beside."""
    cases = product(step.NETWORKS, step.BATCHES, step.OPTIMIZERS)
    steps = [result("step", *case, glassnet=1.234e-4, **PEERS, products=1e-4) for case in cases]
    return report(*steps, missing={"jax": "jax not installed"}, held_back=["OPENBLAS_CORETYPE=Haswell"])


def test_the_whole_table_fits_a_terminal() -> None:
    lines = text(whole_grid()).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("1024-1024, 512") for line in lines) == 3  # one for each optimizer


def test_a_row_has_our_time_its_spread_ratios_and_the_share_of_the_limit() -> None:
    said = text(
        report(result("step", (784, 128, 10), 32, "sgd", glassnet=1.2e-4, torch=2.4e-4, products=9e-5))
    )
    (row,) = [line for line in said.splitlines() if line.startswith("128, 32")]
    assert row.split() == ["128,", "32", "120", "µs", "(2)", "108–144", "0.50", "75%"]
    assert "a training step, sgd" in said
    assert "784-…-10" in said


def test_missing_failed_and_different_peers_are_told() -> None:
    spoilt = result("step", (784, 10), 32, "sgd", glassnet=1.0, torch=2.0, spoilt=("torch",))
    other = Series("jax", 1, (1.0,), other_work="loss 2 over turn 1, where glassnet has 1")
    said = text(
        report(
            Result("step", spoilt.name, (*spoilt.series, other), spoilt.facts),
            missing={"sklearn": "sklearn not installed"},
        )
    )
    assert "left out: sklearn: sklearn not installed" in said
    assert "failed: torch, 2 threads, 784-10, 32, sgd: it broke" in said
    assert "different work: jax, 1 thread, 784-10, 32, sgd: loss 2 over turn 1" in said
    assert "no hidden, 32" in said


def test_the_environment_that_holds_it_back_is_told() -> None:
    assert "OPENBLAS_CORETYPE=Haswell" in text(report(held_back=["OPENBLAS_CORETYPE=Haswell"]))
    assert "note" not in text(report())
    assert "glassnet data get mnist" in text(report(data="mnist-sample", examples=4000))


def test_targets_are_printed_met_or_missed() -> None:
    said = text(report(result("step", (784, 128, 10), 32, "sgd", glassnet=0.7, torch=1.0, sklearn=1.5)))
    lines = {line.split("  ")[0]: line.split()[-1] for line in said.splitlines() if line}
    assert lines["SGD to 512 wide, batch 32, 128 / PyTorch"] == "missed"
    assert lines["any optimizer / scikit-learn"] == "met"


def test_memory_stands_beside_what_is_allowed() -> None:
    said = text(report(result("memory", (784, 128, 10), allowed=2e8, unit="bytes", glassnet=1e8)))
    assert "100 MB (2)" in said
    assert "50%" in said


def test_glassnet_failing_leaves_dashes() -> None:
    said = text(
        report(result("step", (784, 128, 10), 32, "sgd", glassnet=1.0, torch=1.0, spoilt=("glassnet",)))
    )
    (row,) = [line for line in said.splitlines() if line.startswith("128, 32")]
    assert row.split()[2:] == ["–", "–", "–"]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.5, "s", "1.50 s"),
        (0.0999, "s", "99.9 ms"),
        (1.2345e-4, "s", "123 µs"),
        (99.99e-6, "s", "100 µs"),
        (5e-9, "s", "5.00 ns"),
        (0.0, "s", "0.00 ns"),
        (2_500_000.0, "bytes", "2.50 MB"),
        (12.0, "bytes", "12.0 B"),
    ],
)
def test_quantities_have_three_digits(value: float, unit: str, expected: str) -> None:
    assert quantity(value, unit) == expected


def test_the_spread_is_in_the_unit_of_the_median() -> None:
    assert own(Series("glassnet", None, (0.9e-3, 1.1e-3, 4e-3)), "s") == ("1.10 ms", "0.90–4.00")


def test_a_report_survives_json() -> None:
    planted = whole_grid()
    again = Report.from_plain(json.loads(json.dumps(planted.plain())))
    assert again.plain() == planted.plain()
    assert text(again) == text(planted)


def test_ratios_are_paired_and_the_best_threads_count() -> None:
    ours = Series("glassnet", 1, (1.0, 2.0, 3.0)), Series("glassnet", 2, (9.0, 9.0, 9.0))
    theirs = Series("torch", 1, (9.0, 9.0, 9.0)), Series("torch", 2, (2.0, 1.0, 6.0))
    found = Result("step", "x", (*ours, *theirs))
    assert found.ratio("torch") == 0.5  # the middle of 1/2, 2/1, 3/6
    assert found.ratio("jax") is None
    best = found.best("torch")
    assert best is not None
    assert best.threads == 2
