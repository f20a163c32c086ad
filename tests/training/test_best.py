"""The best epoch, and stopping when nothing better comes: by which numbers, and what is kept."""

from typing import Any

import numpy as np
import pytest

from glassnet.data import Dataset
from glassnet.nn import BatchNorm, Dense
from glassnet.training import Training
from glassnet.training.metrics import Measure
from training.small import bits, blobs, epochs, kinds, network, timeless, training


def judged(monkeypatch: pytest.MonkeyPatch, numbers: list[Any], **settings: Any) -> Training:
    """A run, to its end, whose epochs have these (loss, validation loss, validation accuracy)."""
    measures = []
    for loss, *held in numbers:
        measures.append(Measure(loss, 0.5))
        if held[0] is not None:
            measures.append(Measure(*held))
    answers = iter(measures)
    monkeypatch.setattr("glassnet.training.engine.evaluate", lambda network, split: next(answers))
    data = blobs(validation=0 if numbers[0][1] is None else 0.2)
    net = network(Dense(3), BatchNorm())
    run = training(net, data, epochs=len(numbers), full_pass=True, **settings)
    run.fit(lambda event, run: snapshots.append(bits(net)) if event.kind == "epoch" else None, progress=False)
    return run


snapshots: list[bytes] = []


@pytest.fixture(autouse=True)
def fresh() -> None:
    snapshots.clear()


@pytest.mark.parametrize(
    ("numbers", "winner"),
    [
        ([(1, 0.5, 0.8), (1, 0.6, 0.9), (1, 0.4, 0.7)], 2),  # accuracy before loss
        ([(1, 0.5, 0.9), (1, 0.4, 0.9), (1, 0.6, 0.9)], 2),  # of equals the lower loss
        ([(1, 0.5, 0.9), (1, 0.5, 0.9), (1, 0.5, 0.8)], 1),  # of the very same the first
        ([(1, 3.0, None), (1, 1.0, None), (1, 2.0, None)], 2),  # values: the lowest loss
        ([(3, None, None), (1, None, None), (2, None, None)], 2),  # nothing held back: the training loss
        ([(1, None, None)] * 3, 1),
        ([(1, 0.9, 0.0), (2, 0.8, 0.0)], 2),
        ([(1, 0.9, 1.0), (9, 0.8, 1.0)], 2),  # the training loss does not count beside validation
    ],
)
def test_the_best_epoch(monkeypatch: pytest.MonkeyPatch, numbers: Any, winner: int) -> None:
    run = judged(monkeypatch, numbers)
    assert run.best is not None
    assert run.best.epoch is epochs(run.history)[winner - 1]
    assert run.best.kept.epoch == winner
    assert bits(run.network) == snapshots[-1]
    assert run.restore_best()
    assert bits(run.network) == snapshots[winner - 1]


def test_before_the_first_epoch_there_is_no_best() -> None:
    run = training()
    before = bits(run.network)
    next(run), next(run)
    run.close()
    assert run.best is None
    assert not training().restore_best()
    assert bits(training().network) == before


def test_the_best_of_a_run_is_its_best() -> None:
    run = training(data=blobs(100), learning_rate=0.5, epochs=12)
    kept = {event.epoch: bits(run.network) for event in run if event.kind == "epoch"}
    ranks = {e.epoch: (e.validation_accuracy, -(e.validation_loss or 0.0)) for e in epochs(run.history)}
    assert run.restore_best()
    assert bits(run.network) == kept[max(ranks, key=lambda n: ranks[n])]


def test_when_the_last_epoch_is_the_best_nothing_is_kept_twice() -> None:
    run = training(data=blobs(validation=0))
    for event in run:
        if event.kind == "epoch":
            state = run.capture()
            assert state.best is not None
            assert state.best.kept is state.good


# ---- early stopping

WORSE = [(1, 1.0 + i, 0.5) for i in range(9)]


@pytest.mark.parametrize(
    ("numbers", "patience", "last"),
    [
        (WORSE, 1, 2),
        (WORSE, 3, 4),
        (WORSE, 8, 9),
        ([(1, 0.5, 0.8), (1, 0.6, 0.8), (1, 0.4, 0.8), *WORSE], 2, 5),  # a better one begins it anew
        ([(1, 0.5, 0.8)] * 9, 2, 3),  # an equal one is no better
        ([(i, None, None) for i in range(9)], 2, 3),  # without validation data by the training loss
        ([(i, 9 - i, None) for i in range(8)], 2, 8),  # and never by it where there is such data
        ([(1, 9 - i, None) for i in range(9)], 1, 9),
    ],
)
def test_early_stopping(monkeypatch: pytest.MonkeyPatch, numbers: Any, patience: int, last: int) -> None:
    run = judged(monkeypatch, numbers, patience=patience)
    end: Any = run.history[-1]
    assert end.epoch == run.epoch == last
    assert end.reason == ("early" if last < len(numbers) else "finished")
    assert kinds(run.history).count("end") == 1


def never_better(**settings: Any) -> Training:
    """A run whose loss is the same after each epoch, for steps that small."""
    data = blobs(validation=0)
    return training(data=data, learning_rate=1e-12, batch_size="full", **{"epochs": 9, **settings})


def test_without_patience_it_goes_on() -> None:
    assert list(never_better())[-1].reason == "finished"


def test_patience_may_change_in_a_run() -> None:
    run = never_better()
    for event in run:
        if event.kind == "epoch" and event.epoch == 4:
            change = run.change(patience=2)
    assert change.settings == {"patience": [None, 2]}
    assert (event.kind, event.epoch) == ("end", 5)  # four were waited for already
    run = never_better(patience=2)
    heard = []
    for event in run:
        heard.append(event)
        if event.kind == "epoch" and event.epoch == 3:
            run.change(patience=None)
    assert heard[-1].reason == "finished"


def test_another_change_does_not_put_off_the_end() -> None:
    run = never_better(patience=2)
    heard = []
    for event in run:
        heard.append(event.kind)
        if event.kind == "epoch":
            run.change(l2=0.0)
    assert heard[-3:] == ["epoch", "change", "end"]
    assert run.epoch == 3


@pytest.mark.parametrize("change", [{"epochs": 20}, {"patience": 5}, {"l2": 0.1}])
def test_a_run_that_ended_early_goes_on_after_a_change(change: dict[str, Any]) -> None:
    run = never_better(patience=2)
    list(run)
    assert run.epoch == 3
    run.change(**change)
    rest = list(run)
    assert rest[-1].reason == "early"
    assert run.epoch == (6 if "patience" in change else 4)


CHANGES = [{"epochs": 20}, {"patience": 5}, {"l2": 0.1}, {"learning_rate": 1e-11}, {"batch_size": 16}]


@pytest.mark.parametrize("heard", [5, 6], ids=["before the end", "after the end"])
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_run_that_ended_early_and_was_restored_goes_on_as_it_would_have(
    change: dict[str, Any], heard: int
) -> None:
    def early() -> Training:
        return never_better(patience=2, epochs=12)

    at_once = early()
    list(at_once)
    run = early()
    for _ in range(heard + 2):
        next(run)
    assert run.epoch == 3
    state = run.capture()
    assert state.place.out_of_patience
    restored = early()
    restored.restore(state, run.history)
    for one in (at_once, restored):
        one.change(**change)
    rest = [timeless(event) for event in restored]
    assert rest == [timeless(event) for event in at_once]
    assert kinds(rest)[:2] == ["change", "step"]
    assert restored.epoch == at_once.epoch > 3
    assert bits(restored.network) == bits(at_once.network)


def test_a_change_once_a_restored_run_goes_on_does_not_put_off_the_end() -> None:
    run = never_better(patience=2)
    list(run)
    run.restore(run.capture())
    run.change(l2=0.1)
    heard = []
    for event in run:
        heard.append(event.kind)
        if event.kind == "epoch":
            run.change(l2=0.0)
    assert heard == ["change", "step", "epoch", "change", "end"]


# ---- the run goes on from where it stands


def wavering(**settings: Any) -> Training:
    """A run whose last epoch is not its best."""
    net = network(Dense(3), BatchNorm())
    return training(net, blobs(100), **{"learning_rate": 0.5, "epochs": 12, "optimizer": "adam", **settings})


def test_after_the_best_was_looked_at_a_run_goes_on_from_its_last() -> None:
    whole, run = wavering(), wavering()
    list(whole), list(run)
    last = bits(run.network)
    for _ in range(2):
        assert run.restore_best()
        assert bits(run.network) != last
    for one in (whole, run):
        one.change(epochs=15)
        list(one)
    assert bits(run.network) == bits(whole.network)
    assert [timeless(event) for event in run.history] == [timeless(event) for event in whole.history]


def test_amid_a_run_the_best_may_be_looked_at() -> None:
    whole, run = wavering(), wavering()
    list(whole)
    for event in run:
        if event.kind == "step" and run.best:
            before = bits(run.network)
            run.restore_best()
            assert bits(run.network) != before
    assert bits(run.network) == bits(whole.network)
    assert run.history[-1].kind == "end"


def test_a_state_captured_while_the_best_is_looked_at_is_the_runs_own() -> None:
    whole, run, fresh = wavering(), wavering(), wavering()
    list(whole), list(run)
    last = run.capture()
    run.restore_best()
    best = bits(run.network)
    state = run.capture()
    assert bits(run.network) == best
    assert state.parameters.tobytes() == last.parameters.tobytes()
    assert state.network_state.tobytes() == last.network_state.tobytes()
    fresh.restore(state, run.history)
    run.restore(state)
    for one in (whole, fresh, run):
        one.change(epochs=15)
        list(one)
    assert bits(fresh.network) == bits(run.network) == bits(whole.network)


def test_going_back_after_the_best_was_looked_at() -> None:
    run = wavering()
    for _ in range(9):
        next(run)
    state = run.capture()
    list(run)
    last = bits(run.network)
    run.restore_best()
    run.restore(state)
    assert bits(run.network) == state.parameters.tobytes() + state.network_state.tobytes()
    list(run)
    assert bits(run.network) == last


def test_stopping_comes_before_ending_early() -> None:
    run = never_better(patience=2)
    for event in run:
        if event.kind == "epoch" and event.epoch == 3:
            run.stop("interrupted")
    assert event.reason == "interrupted"


def test_values_stop_early_too() -> None:
    x = np.random.default_rng(0).normal(size=(60, 4))
    data = Dataset.from_arrays(x, np.random.default_rng(1).normal(size=60)).split(0.3)
    run = training(network(Dense(32), outputs=1), data, optimizer="adam", epochs=500, patience=5)
    end: Any = list(run)[-1]
    assert end.reason == "early"
    assert run.best is not None
    assert run.best.epoch.epoch == run.epoch - 5
    losses = [event.validation_loss for event in epochs(run.history)]
    assert run.best.epoch.validation_loss == min(losses)


@pytest.mark.parametrize("patience", [0, -1, 1.5, True, "two"])
def test_patience_is_a_number_of_epochs(patience: Any) -> None:
    with pytest.raises(
        ValueError, match="patience: expected a whole number of at least 1 or None for no early"
    ):
        training(patience=patience)
