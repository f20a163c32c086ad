"""The heart of checkpoints: interrupted anywhere, saved, and taken up by a run built anew, nothing differs.

Not a bit of the parameters, the running means, the optimizer's slots, the events and the recording, apart
from what a clock measured. The run that goes on has other first weights, to show that they do not matter.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glassnet.data import Dataset
from glassnet.nn import BatchNorm, Dense, Dropout, Network, ReLU, Scaling, Tanh
from glassnet.nn.optimizers import OPTIMIZERS
from glassnet.nn.schedules import OneCycle, Warmup
from glassnet.training import Checkpoints, Event, Recorder, State, Training, checkpoint, events
from training.small import bits, blobs, kinds, network, timeless, training

# How many events have come: start, 3 steps, epoch, 3 steps, epoch, and so on.
POINTS = {
    "before the start": 0,
    "before the first step": 1,
    "amid epoch 1": 3,
    "at the end of epoch 1, before its event": 4,
    "right after epoch 1": 5,
    "amid epoch 3": 11,
    "before the end": 13,
    "after the end": 14,
}
Make = Callable[[int], Training]


def dropout(first: int, **options: Any) -> Training:
    net = network(Dense(8), ReLU(), Dropout(0.3), seed=first)
    return training(net, **{"epochs": 3, **options})


def batch_norm(first: int, **options: Any) -> Training:
    net = network(Dense(8), BatchNorm(), ReLU(), seed=first)
    return training(net, **{"epochs": 3, **options})


def both(first: int, **options: Any) -> Training:
    """Everything at once: a schedule, penalties, limits, a patience that never runs out."""
    told = {
        "learning_rate": Warmup(OneCycle(0.05), 2), "l1": 1e-3, "l2": 1e-2, "weight_decay": 0.1, "clip": 1.0,
        "max_norm": 2.0, "patience": 3, "dropout": 0.4,
    }  # fmt: skip
    net = network(Dense(8), BatchNorm(), ReLU(), Dropout(0.2), Dense(6), Tanh(), seed=first)
    return training(net, **{"epochs": 3, **told, **options})


def values(first: int, **options: Any) -> Training:
    """Regression of two outputs, with targets in units of their own."""
    x = np.random.default_rng(5).normal(size=(48, 4))
    data = replace(
        Dataset.from_arrays(x, 100 + 30 * x[:, :2] ** 2).split(0.2),
        target_scaling=Scaling([100, 120], [0.03, 0.01]),
    )
    return training(network(Dense(8), Tanh(), Dropout(0.1), seed=first, outputs=2), data, epochs=3, **options)


def early(first: int, **options: Any) -> Training:
    """Ends early after epoch 3 of 9, nothing being better than epoch 1."""
    told = {"learning_rate": 1e-12, "dropout": 0.0, "patience": 2, "epochs": 9, "full_pass": True}
    return training(
        network(Dense(8), ReLU(), Dropout(0.3), seed=first), blobs(validation=0), **{**told, **options}
    )


def run_to_the_end(
    run: Training, recorder: Recorder, after: Callable[[Event, Training], None] | None
) -> None:
    for event in run:
        recorder(event, run)
        if after is not None:
            after(event, run)


def whole(make: Make, path: Path, after: Any = None) -> Training:
    run = make(0)
    run_to_the_end(run, Recorder(path), after)
    return run


def interrupted(make: Make, point: int, folder: Path, after: Any = None) -> None:
    """Run up to the point, leave a checkpoint and what is recorded, and a little more that is then lost."""
    run, recorder = make(0), Recorder(folder / "h")
    for _ in range(point):
        event = next(run, None)
        if event is None:
            break
        recorder(event, run)
        if after is not None:
            after(event, run)
    checkpoint.save(folder / "c", run.capture())
    for _ in range(3):
        if (event := next(run, None)) is not None:  # type: ignore[arg-type]
            recorder(event, run)
    run.close()
    recorder.close()


def resumed(make: Make, folder: Path, after: Any = None) -> Training:
    state = checkpoint.load(folder / "c")
    recorder = Recorder(folder / "h", resume_at=state)
    run = make(99)
    assert run.restore(state, recorder.history) is None
    run_to_the_end(run, recorder, after)
    return run


def everything_of(run: Training) -> dict[str, Any]:
    state = run.capture()
    best = state.best
    return {
        "bits": bits(run.network),
        "slots": {name: slot.tobytes() for name, slot in run.optimizer.slots.items()},
        "steps": run.optimizer.steps,
        "generator": state.generator,
        "best": best and (timeless(best.epoch), best.kept.parameters.tobytes(), best.kept.state.tobytes()),
        "history": [timeless(event) for event in run.history],
    }


def assert_the_same(make: Make, point: int, folder: Path, after: Any = None) -> None:
    expected = whole(make, folder / "whole", after)
    interrupted(make, point, folder, after)
    found = resumed(make, folder, after)
    assert everything_of(found) == everything_of(expected)
    recordings = [[timeless(event) for event in events.read(folder / name)] for name in ("h", "whole")]
    assert recordings[0] == recordings[1]


at_every_point = pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())


@at_every_point
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_with_everything(optimizer: str, point: int, tmp_path: Path) -> None:
    assert_the_same(lambda seed: both(seed, optimizer=optimizer), point, tmp_path)


@pytest.mark.slow
@at_every_point
@pytest.mark.parametrize("batch_size", [16, 7, "full"])
@pytest.mark.parametrize("make", [dropout, batch_norm, values, early])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_with_each_network(
    optimizer: str, make: Any, batch_size: Any, point: int, tmp_path: Path
) -> None:
    assert_the_same(lambda seed: make(seed, optimizer=optimizer, batch_size=batch_size), point, tmp_path)


@at_every_point
@pytest.mark.parametrize("make", [dropout, batch_norm, values])
def test_each_network(make: Any, point: int, tmp_path: Path) -> None:
    assert_the_same(lambda seed: make(seed, optimizer="adam"), point, tmp_path)


@at_every_point
def test_a_full_batch(point: int, tmp_path: Path) -> None:
    assert_the_same(lambda seed: both(seed, batch_size="full", epochs=6), point, tmp_path)


def test_just_before_it_ends_early(tmp_path: Path) -> None:
    """After the epoch that ran out of patience; and in each place around it."""

    def make(seed: int) -> Training:
        return early(seed, optimizer="adam")

    reference = whole(make, tmp_path / "reference")
    assert kinds(reference.history) == ["start", "epoch", "epoch", "epoch", "end"]
    end: Any = reference.history[-1]
    assert end.reason == "early"
    for point in (8, 9, 12, 13, 14):
        folder = tmp_path / str(point)
        folder.mkdir()
        assert_the_same(make, point, folder)


@pytest.mark.parametrize("point", range(3, 12))
@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.01, "dropout": 0.1, "l2": 0.2},
        {"batch_size": 5},
        {"batch_size": "full", "weight_decay": None, "clip": None},
        {"epochs": 5, "patience": 1},
    ],
    ids=str,
)
def test_after_a_change(change: dict[str, Any], point: int, tmp_path: Path) -> None:
    """A change when step 2 was heard: at point 3 its event is still to come."""

    def after(event: Event, run: Training) -> None:
        if event.kind == "step" and event.step == 2:
            run.change(**change)

    assert_the_same(both, point, tmp_path, after)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    point=st.integers(0, 40),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    batch_size=st.sampled_from([1, 7, 16, 39, 40, "full"]),
    make=st.sampled_from([dropout, batch_norm, both, values, early]),
    seed=st.integers(0, 3),
)
def test_anywhere(
    point: int, optimizer: str, batch_size: Any, make: Any, seed: int, tmp_path_factory: Any
) -> None:
    def made(first: int) -> Training:
        return make(first, optimizer=optimizer, batch_size=batch_size, seed=seed)  # type: ignore[no-any-return]

    assert_the_same(made, point, tmp_path_factory.mktemp("run"))


@pytest.mark.parametrize("times", [2, 5])
def test_resumed_again_and_again(times: int, tmp_path: Path) -> None:
    expected = whole(both, tmp_path / "whole")
    interrupted(both, 2, tmp_path)
    for _ in range(times):
        state = checkpoint.load(tmp_path / "c")
        recorder, run = Recorder(tmp_path / "h", resume_at=state), both(7)
        run.restore(state, recorder.history)
        for _ in range(2):
            recorder(next(run), run)
        checkpoint.save(tmp_path / "c", run.capture())
        run.close()
        recorder.close()
    found = resumed(both, tmp_path)
    assert everything_of(found) == everything_of(expected)
    assert [timeless(e) for e in events.read(tmp_path / "h")] == [
        timeless(e) for e in events.read(tmp_path / "whole")
    ]


# ---- by the callback, as the command line does it


def fit(run: Training, folder: Path, recorder: Recorder | None = None, *others: Any) -> None:
    run.fit(recorder or Recorder(folder / "h"), Checkpoints(folder, every_seconds=0), *others, progress=False)


def take_up(run: Training, folder: Path) -> tuple[State, Recorder]:
    state, warning = checkpoint.newest(folder)
    assert warning is None
    recorder = Recorder(folder / "h", resume_at=state)
    run.restore(state, recorder.history)
    return state, recorder


@pytest.mark.parametrize("step", [0, 1, 3, 5, 9])
def test_interrupted_and_resumed(step: int, tmp_path: Path) -> None:
    expected = whole(both, tmp_path / "whole")

    def interrupt(event: Event, run: Training) -> None:
        if event.step == step:
            run.stop("interrupted")

    fit(both(0), tmp_path, None, interrupt)
    last: Any = events.read(tmp_path / "h")[-1]
    assert (last.kind, last.reason) == ("end", "interrupted")
    run = both(1)
    _, recorder = take_up(run, tmp_path)
    fit(run, tmp_path, recorder)
    assert everything_of(run) == everything_of(expected)
    assert [timeless(e) for e in events.read(tmp_path / "h")] == [
        timeless(e) for e in events.read(tmp_path / "whole")
    ]


def test_an_error_amid_a_run_loses_what_came_after_the_checkpoint_and_nothing_else(tmp_path: Path) -> None:
    expected = whole(both, tmp_path / "whole")

    def fail(event: Event, run: Training) -> None:
        if event.step == 5:
            raise OSError("disk full")

    recording = Recorder(tmp_path / "h")
    with pytest.raises(OSError, match="disk full"):
        fit(both(0), tmp_path, recording, fail)
    recording.close()
    run = both(1)
    state, recorder = take_up(run, tmp_path)
    assert state.place.step == 5
    fit(run, tmp_path, recorder)
    assert everything_of(run) == everything_of(expected)


def test_a_finished_run_resumed_says_its_end_again_or_goes_on_with_more_epochs(tmp_path: Path) -> None:
    fit(dropout(0), tmp_path)
    before = [timeless(event) for event in events.read(tmp_path / "h")]
    run = dropout(1)
    _, recorder = take_up(run, tmp_path)
    fit(run, tmp_path, recorder)
    assert [timeless(event) for event in events.read(tmp_path / "h")] == before
    assert bits(run.network) != bits(dropout(1).network)

    run = dropout(2)
    _, recorder = take_up(run, tmp_path)
    run.change(epochs=5)
    fit(run, tmp_path, recorder)
    found = events.read(tmp_path / "h")
    assert kinds(found).count("end") == kinds(found).count("start") == 1
    assert kinds(found).count("epoch") == run.epoch == 5
    assert [e for e in found if e.kind != "step"] == run.history

    at_once = dropout(0)
    for event in at_once:
        if event.kind == "epoch" and event.epoch == 3:
            at_once.change(epochs=5)
    assert bits(at_once.network) == bits(run.network)


def test_a_run_that_ended_early_resumed_ends_early_again_or_waits_longer(tmp_path: Path) -> None:
    def make(seed: int) -> Training:
        return early(seed, epochs=9)

    fit(make(0), tmp_path)
    for patience, last in ((None, 3), (5, 6)):
        run = make(1)
        _, recorder = take_up(run, tmp_path)
        if patience:
            run.change(patience=patience)
        fit(run, tmp_path, recorder)
        assert run.epoch == last
        end: Any = run.history[-1]
        assert end.reason == "early"


def test_a_recording_that_was_lost_does_not_stop_the_run(tmp_path: Path) -> None:
    expected = whole(both, tmp_path / "whole")
    interrupted(both, 6, tmp_path)
    (tmp_path / "h").unlink()
    found = resumed(both, tmp_path)
    assert bits(found.network) == bits(expected.network)
    assert kinds(events.read(tmp_path / "h"))[:2] == ["start", "step"]


def test_networks_of_float64_too(tmp_path: Path) -> None:
    def make(first: int) -> Training:
        net = Network([Dense(8), BatchNorm(), ReLU(), Dropout(0.2), Dense(3)], 4, seed=first, dtype="float64")
        return training(net, blobs(), epochs=3, optimizer="adamw")

    assert_the_same(make, 7, tmp_path)
