"""Sides in turns: what is compared, who is out, and who did other work."""

import pytest

from bench.fakes import fake_sides as fake_sides
from glassnet.bench import bench as module
from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice
from glassnet.bench.race import WHOLE, Runner, other_work, race
from glassnet.bench.results import Result, Series


def raced(does: dict[str, str], turns: int = 2) -> dict[str, Series]:
    """glassnet, torch and jax do so; their series by side."""
    with Bench(Choice(data="mnist-sample", threads=(1,))) as bench:
        runners = [Runner(side, 1, {"does": does}) for side in ("glassnet", "torch", "jax")]
        _, series = race(bench, runners, turns=turns, pieces=10)
    return {s.side: s for s in series}


@pytest.mark.usefixtures("fake_sides")
def test_each_side_has_a_value_a_turn_of_one_piece() -> None:
    with Bench(Choice(data="mnist-sample", turns=3)) as bench:
        pieces, (ours, theirs) = race(
            bench, [Runner("glassnet", 1, {}), Runner("torch", 1, {})], seconds=0.02, turns=9
        )
    assert pieces == 30  # a piece takes a millisecond, a turn at least 30
    for s in (ours, theirs):
        assert len(s.values) == len(s.losses) == len(s.cores) == 3
        assert s.values == pytest.approx([0.001] * 3)
        assert s.counts
    assert ours.losses == theirs.losses


@pytest.mark.usefixtures("fake_sides")
@pytest.mark.parametrize(("does", "why"), [("dies", "exit code 3"), ("errs", "ValueError: two lines")])
def test_a_side_that_fails_is_out_and_the_others_go_on(does: str, why: str) -> None:
    series = raced({"torch": does})
    assert why in (series["torch"].failed or "")
    assert not series["torch"].counts
    assert [len(series[side].values) for side in ("glassnet", "torch", "jax")] == [2, 0, 2]


@pytest.mark.usefixtures("fake_sides")
def test_a_side_that_fails_halfway_does_not_count() -> None:
    series = raced({"jax": "errs later"})
    assert series["jax"].failed == "ValueError: late"
    assert len(series["jax"].values) == 1
    assert not series["jax"].counts
    result = Result("step", "x", tuple(series.values()))
    assert result.ratio("jax") is None
    assert result.ratio("torch") is not None


@pytest.mark.usefixtures("fake_sides")
def test_other_losses_mean_other_work() -> None:
    series = raced({"jax": "learns nothing"})
    assert series["torch"].other_work is None
    assert "where glassnet has" in (series["jax"].other_work or "")
    assert not series["jax"].counts


@pytest.mark.usefixtures("fake_sides")
def test_a_side_that_died_twice_is_left_alone() -> None:
    said: list[str] = []
    with Bench(Choice(data="mnist-sample"), said.append) as bench:
        spec = {"does": {"torch": "dies"}}
        for _ in range(3):
            race(bench, [Runner("torch", 1, spec)], pieces=1, turns=1)
        assert len(bench._deaths["torch", 1]) == 2
    assert sum("torch" in line for line in said) == 3


@pytest.mark.parametrize(
    ("losses", "same"),
    [
        ([1.0, 0.5], True),
        ([1.0005, 0.51], True),
        ([1.01, 0.5], False),  # so far apart after a few steps
        ([1.0, 0.6], False),
        ([1.0, float("nan")], False),
        ([1.0, float("inf")], False),
    ],
)
def test_losses_may_differ_by_rounding(losses: list[float], same: bool) -> None:
    ours = Runner("glassnet", 1, {}, early=1.0, losses=[0.5])
    theirs = Runner("jax", 1, {}, early=losses[0], losses=losses[1:])
    assert (other_work(theirs, ours) is None) == same


def test_over_a_whole_epoch_rounding_may_grow() -> None:
    ours, theirs = Runner("glassnet", 1, {}, early=1.0), Runner("jax", 1, {}, early=1.005)
    assert other_work(theirs, ours, WHOLE) is None
    assert "loss 1.005 over the first steps" in (other_work(theirs, ours) or "")


def test_losses_near_zero_differ_in_proportion_without_meaning_anything() -> None:
    ours = Runner("glassnet", 1, {}, early=1.0, losses=[2e-4])
    assert other_work(Runner("jax", 1, {}, early=1.0, losses=[1e-4]), ours) is None


def test_peers_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "installed", lambda package: package != "onnxruntime")
    with Bench(Choice(data="mnist-sample")) as bench:
        assert bench.sides() == ["glassnet", "torch", "torch-compile", "jax", "jax-scan", "sklearn"]
        assert bench.missing == {"onnxruntime": "onnxruntime not installed"}


def test_peers_that_were_not_chosen_are_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "installed", lambda package: package != "jax")
    with Bench(Choice(data="mnist-sample", peers=("torch",))) as bench:
        assert bench.peers() == ["torch"]
        assert bench.peers(("torch-foreach", "torch-fused", "jax")) == ["torch-foreach", "torch-fused"]
        assert bench.missing == {}


def test_installed_looks_without_importing() -> None:
    assert module.installed("numpy")
    assert not module.installed("no_such_package_anywhere")
    assert not module.installed("no_such_package_anywhere.inside")
