"""PyTorch as the judge, in float64: layers, losses, optimizers, schedules, whole trainings step by step."""

from typing import Any

import numpy as np
import pytest

from glassnet.nn import SGD, Adam, AdamW, Dropout, Exponential, Momentum, losses, optimizers, schedules
from glassnet.nn.penalties import clip_norm
from nn.oracles import (
    FAMILIES,
    PAIRS,
    SAME,
    Case,
    Pair,
    normalized_training_error,
    optimizer_error,
    pytorch,
    relative_error,
    schedule_error,
    training_error,
)
from nn.table import Bench, Row, Setup

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch() -> Any:
    pytest.importorskip("torch")
    return pytorch()


EVERY = [
    pytest.param(family.limit, case, id=f"{name}: {case.name}")
    for name, family in FAMILIES.items()
    for case in family.cases
]


@pytest.mark.parametrize(("limit", "case"), EVERY)
def test_what_we_compute_is_what_pytorch_computes(torch: Any, limit: float, case: Case) -> None:
    assert case.measure() <= limit


def test_no_case_is_there_twice() -> None:
    names = [(family, case.name) for family in FAMILIES for case in FAMILIES[family].cases]
    assert len(set(names)) == len(names)


def test_everything_is_compared() -> None:
    """Every layer has a row in the table (test_layer_contracts), which the cases are made of."""
    assert {type(pair.ours) for pair in PAIRS} == set(optimizers.OPTIMIZERS.values())
    assert {type(schedule) for schedule, _ in SAME} == set(schedules.SCHEDULES.values())
    compared = " ".join(case.name for case in FAMILIES["losses"].cases)
    assert [loss for loss in losses.LOSSES.values() if f"{loss.__name__}(" not in compared] == []


SLIPS = [
    Pair(Momentum(0.9), "SGD", {"momentum": 0.90001}),
    Pair(SGD(), "SGD", {}, decay=1e-4),
    Pair(Adam(), "Adam", {"eps": 1.01e-8, "betas": (0.9, 0.99901)}),
    Pair(AdamW(weight_decay=0.2, decay_all=True), "AdamW", {}, decay=0.20001),
]


@pytest.mark.parametrize("slip", SLIPS, ids=str)
@pytest.mark.parametrize("measure", [optimizer_error, training_error, normalized_training_error])
def test_a_small_slip_of_an_optimizer_is_seen(torch: Any, slip: Pair, measure: Any) -> None:
    assert 1e-9 < measure(slip) < 1


def test_a_small_slip_of_a_schedule_is_seen(torch: Any) -> None:
    error = schedule_error(Exponential(0.2, end=0.05), lambda t, o: t.ExponentialLR(o, gamma=0.95))
    assert 1e-6 < error < 1


# ---- what a number of a family cannot say


@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_dropout_scales_as_pytorch_does(torch: Any, rate: float) -> None:
    bench = Bench(Row(Dropout, {"rate": rate}), Setup((50,), n=50))
    bench.run()
    dropped = torch.nn.functional.dropout(torch.ones(50, 50, dtype=torch.float64), rate, training=True)
    np.testing.assert_allclose(np.unique(bench.memory["mask"]), np.unique(dropped.numpy()), rtol=1e-15)


@pytest.mark.parametrize("limit", [0.5, 100.0])
def test_clipping_by_norm(torch: Any, limit: float) -> None:
    g = np.random.default_rng(0).normal(size=20)
    parameter = torch.zeros(20, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor(g)
    expected = float(torch.nn.utils.clip_grad_norm_([parameter], limit))
    norm = clip_norm(g, limit)
    assert norm == pytest.approx(expected, rel=1e-14)
    short = norm / (norm + 1e-6) if norm > limit else 1.0  # PyTorch divides by a little more than the norm
    assert relative_error(g * short, parameter.grad.numpy()) <= 1e-10
