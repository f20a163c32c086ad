"""Going back to a captured state: what follows is, bit for bit, what followed it the first time."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import glassnet
from glassnet.data import Split
from glassnet.nn import BatchNorm, Dense, Dropout, ReLU, RMSProp, Scaling, Tanh
from glassnet.nn.optimizers import OPTIMIZERS
from glassnet.nn.schedules import OneCycle
from glassnet.training import State, Training
from glassnet.training.identity import differs, fingerprint, machine
from training.small import bits, blobs, kinds, network, timeless, training

# How many events have come: start, step 1, 2, 3, epoch, step 4, 5, 6, epoch, end.
POINTS = {
    "before the start": 0,
    "after the start": 1,
    "amid an epoch": 3,
    "after an epoch's last step": 4,
    "after an epoch's event": 5,
    "before the end": 9,
    "after the end": 10,
}
at_every_point = pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())


def everything(optimizer: str = "adam", **settings: Any) -> Training:
    """A run with every kind of state: slots, running means, dropout's generator, a schedule, limits."""
    usual = {
        "learning_rate": OneCycle(0.02), "l1": 1e-3, "l2": 1e-2, "weight_decay": 0.1, "clip": 1.0,
        "max_norm": 2.0, "full_pass": True,
    }  # fmt: skip
    net = network(Dense(8), BatchNorm(), ReLU(), Dropout(0.3), Dense(6), ReLU())
    return training(net, optimizer=optimizer, **{**usual, **settings})


def contents(state: State) -> dict[str, Any]:
    place = replace(state.place, epoch_seconds=0.0, seconds=0.0)
    best = state.best and (
        timeless(state.best.epoch),
        state.best.kept.epoch,
        state.best.kept.parameters.tobytes(),
    )
    slots = {name: slot.tobytes() for name, slot in state.slots.items()}
    return {
        "place": place, "parameters": state.parameters.tobytes(), "network": state.network_state.tobytes(),
        "slots": slots, "steps": state.optimizer_steps, "generator": state.generator, "best": best,
        "settings": state.settings, "good": state.good.parameters.tobytes() + state.good.state.tobytes(),
        "of": state.of, "machine": state.machine, "threads": state.threads,
        "rates": state.dropout_rates, "pending": state.pending, "history": state.history_length,
    }  # fmt: skip


def outcome(run: Training) -> tuple[list[Any], bytes]:
    """What is still to come of a run: its events, without the clock's part, and the bits it ends in."""
    return [timeless(event) for event in run], bits(run.network)


@at_every_point
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_restoring_gives_the_same_bits(optimizer: str, point: int) -> None:
    run = everything(optimizer)
    for _ in range(point):
        next(run)
    state = run.capture()
    first = outcome(run)
    if point == POINTS["after the end"]:  # which is no part of a state: it is said again
        first = [timeless(run.history[-1])], first[1]
    history = [timeless(event) for event in run.history]
    for _ in range(2):
        run.restore(state)
        assert contents(run.capture()) == contents(state)
        assert outcome(run) == first
        assert [timeless(event) for event in run.history] == history


@at_every_point
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_restoring_into_a_fresh_run_gives_the_same_bits(optimizer: str, point: int) -> None:
    run = everything(optimizer)
    for _ in range(point):
        next(run)
    state = run.capture()
    events, after = outcome(run)

    fresh = everything(optimizer)
    fresh.restore(state)
    resumed, ended = outcome(fresh)
    if point:  # a fresh run says from where it starts
        assert (resumed[0].kind, resumed[0].step) == ("start", state.place.step)
        resumed = resumed[1:]
    assert resumed == (events or [timeless(run.history[-1])])
    assert ended == after


@at_every_point
def test_a_state_stays_what_it_was(point: int) -> None:
    run = everything()
    for _ in range(point):
        next(run)
    state = run.capture()
    before = copy.deepcopy(contents(state))
    list(run)
    run.restore(state)
    list(run)
    assert contents(state) == before


def test_going_back_cuts_the_history() -> None:
    run = everything()
    for _ in range(5):
        next(run)
    state = run.capture()
    list(run)
    assert kinds(run.history) == ["start", "epoch", "epoch", "end"]
    run.restore(state)
    assert kinds(run.history) == ["start", "epoch"]
    assert (run.epoch, run.step, run.total_steps) == (1, 3, 6)


def test_branching_with_another_learning_rate_and_coming_back() -> None:
    run = everything()
    for _ in range(3):
        next(run)
    state = run.capture()
    trunk = outcome(run)
    run.restore(state)
    run.change(learning_rate=0.2, batch_size=5, dropout=0.0)
    branch = outcome(run)
    assert branch[1] != trunk[1]
    assert branch[0][0].kind == "change"
    run.restore(state)
    assert outcome(run) == trunk


def test_a_change_that_was_not_yet_heard_is_part_of_the_state() -> None:
    run = everything()
    for _ in range(3):
        next(run)
    run.change(l2=0.5)
    state = run.capture()
    first = outcome(run)
    assert first[0][0].kind == "change"
    run.restore(state)
    assert outcome(run) == first


def test_a_run_that_was_told_to_stop_goes_on_from_a_state_before() -> None:
    run = everything()
    for _ in range(3):
        next(run)
    state = run.capture()
    run.stop()
    list(run)
    run.restore(state)
    assert kinds(list(run))[-1] == "end"
    assert run.epoch == 2


def test_a_run_that_diverged_can_go_back() -> None:
    run = training(learning_rate=0.05)
    for _ in range(5):
        next(run)
    state = run.capture()
    run.change(learning_rate=1e30)
    assert list(run)[-1].reason == "diverged"
    run.restore(state)
    assert list(run)[-1].reason == "finished"
    assert np.isfinite(run.network.parameters.vector).all()


def other(net: Any = None, data: Any = None, optimizer: Any = "rmsprop", **settings: Any) -> Training:
    return training(net, data, optimizer=optimizer, **settings)


@pytest.mark.parametrize(
    ("run_of", "words"),
    [
        (lambda: other(optimizer="momentum"), r"optimizer Momentum\(.*\), as the state's, got RMSProp\("),
        (lambda: other(optimizer="nesterov"), r"optimizer Nesterov"),
        (lambda: other(optimizer=RMSProp(alpha=0.9)), r"optimizer .*alpha=0.9, .* got RMSProp\(alpha=0.99"),
        (lambda: other(network(Dense(9), ReLU())), r"layer 1 Dense\(units=9, .* got Dense\(units=8, "),
        (lambda: other(network(Dense(8), BatchNorm(), ReLU())), r"layer 2 BatchNorm.* got ReLU\(\)"),
        (lambda: other(network(Dense(8))), r"layer 2 Dense\(units=3, .* got ReLU\(\)"),
        (
            lambda: other(network(Dense(8), ReLU(), Dense(3), ReLU())),
            r"layer 4 ReLU\(\), as the state's, got none",
        ),
        (lambda: other(network(Dense(8), Tanh())), r"layer 2 Tanh\(\), as the state's, got ReLU\(\)$"),
        (lambda: other(network(dtype="float64")), r"input \(4,\) float64, .*float32$"),
        (lambda: other(network(scaling=Scaling(1, 2))), r"scaling of checksum"),
        (lambda: other(loss="mse"), r"loss MeanSquaredError\(\), .*got CrossEntropy"),
        (lambda: other(data=blobs(40)), r"training data 32 examples .* got 40 examples"),
        (lambda: other(data=blobs(seed=1)), r"training data 40 examples .* got 40 examples"),
        (lambda: other(data=blobs().split(0.2, seed=1)), r"training data 40 examples"),
        (lambda: other(data=replace(blobs(), validation=blobs().test)), r"validation data 12 examples"),
    ],
)
def test_a_state_of_another_run_is_refused_and_what_differs_is_said(run_of: Any, words: str) -> None:
    run = other()
    run_bits = bits(run.network)
    with pytest.raises(ValueError, match=rf"^restore: expected {words}") as caught:
        run.restore(run_of().capture())
    assert "\n" not in str(caught.value)
    assert bits(run.network) == run_bits
    assert kinds(list(run))[-1] == "end"


@pytest.mark.parametrize("name", ["inputs", "targets"])
def test_one_example_that_differs_is_another_set(name: str) -> None:
    state = training().capture()
    data = blobs()
    arrays = {"inputs": data.train.inputs.copy(), "targets": data.train.targets.copy()}
    row = data.train.rows[17]
    arrays[name][row] = (arrays[name][row] + 1) % 3
    part = replace(data.train, **arrays)
    with pytest.raises(ValueError, match="restore: expected training data 40 examples"):
        training(data=replace(data, train=part)).restore(state)


def test_the_fingerprint_of_a_large_set_takes_a_sample_and_all_its_targets() -> None:
    inputs = np.zeros((5000, 3), np.uint8)
    targets = np.arange(5000) % 3
    whole = fingerprint(Split(inputs, targets))
    assert whole.startswith("5,000 examples (3,) of checksum ")
    other = targets.copy()
    other[4321] = 2 - other[4321] + (other[4321] == 1)
    assert fingerprint(Split(inputs, other)) != whole
    assert fingerprint(Split(inputs + np.uint8(1), targets)) != whole
    assert fingerprint(Split(inputs.astype(float), targets.astype(np.uint8))) == whole
    assert fingerprint(Split(inputs, targets, np.arange(5000)[::-1])) != whole
    assert fingerprint(Split(inputs, targets, np.arange(0))).startswith("0 examples")


def test_a_state_whose_arrays_are_not_the_networks_is_refused() -> None:
    run = training(optimizer="adam")
    state = run.capture()
    before = bits(run.network)
    for wrong in (
        replace(state, parameters=state.parameters[:1]),
        replace(state, parameters=state.parameters.astype(np.float64)),
        replace(state, network_state=np.ones(1, np.float32)),
        replace(state, slots={}),
        replace(state, slots={**state.slots, "m": state.parameters[:-1]}),
        replace(state, good=state.good._replace(parameters=state.parameters[1:])),
    ):
        with pytest.raises(ValueError, match=r"^restore: expected"):
            run.restore(wrong)
    assert bits(run.network) == before


def test_another_machine_is_a_warning_and_no_error() -> None:
    run = training()
    state = run.capture()
    assert run.restore(state) is None
    warning = run.restore(replace(state, machine="NumPy 1.0, OpenBLAS, Prescott kernel"))
    assert warning is not None
    assert warning.endswith("last bits may differ from those with NumPy 1.0, OpenBLAS, Prescott kernel")
    assert f"NumPy {np.__version__}" in warning


def test_what_the_warning_names() -> None:
    ours, _, features = machine().partition(", processor features ")
    assert ours.startswith(f"glassnet {glassnet.__version__}, NumPy {np.__version__}, ")
    assert differs(machine()) is None
    umath = np._core._multiarray_umath  # type: ignore[attr-defined]
    assert {*features.split()} == {
        name for name in [*umath.__cpu_baseline__, *umath.__cpu_dispatch__] if umath.__cpu_features__[name]
    }
    words = differs(f"{ours}, processor features VSX")
    assert words == f"going on with processor features {features}: last bits may differ from those with VSX"
    assert differs(ours) == words.replace("VSX", "others")
    other = f"glassnet 0.0.1{machine().removeprefix(f'glassnet {glassnet.__version__}')}"
    words = differs(other)
    assert words is not None
    assert words.endswith(f"from those with {other.partition(', processor')[0]}")
    assert "features" not in words


def silenced(rate: float = 0.2, first: int = 0, **settings: Any) -> Training:
    return training(network(Dense(8), ReLU(), Dropout(rate), seed=first), **settings)


def test_a_state_fits_a_second_run_of_the_network_whose_rate_was_set() -> None:
    run = silenced(dropout=0.4)
    for _ in range(4):
        next(run)
    state, expected = run.capture(), outcome(run)
    second = training(run.network, dropout=0.4)
    second.restore(state, run.history[:-2])
    assert outcome(second) == expected


@pytest.mark.parametrize("rate", [0.2, 0.6])
def test_the_rates_are_those_of_the_state(rate: float) -> None:
    """Those of the settings, and the layers' own, to which `dropout=None` goes back."""
    run = silenced(dropout=0.4)
    for _ in range(4):
        next(run)
    state = run.capture()
    assert state.dropout_rates == (0.2,)
    other = silenced(rate, 5)
    for one in (run, other):
        one.restore(state, run.history[:1])
        assert one.network.layers[2].rate == 0.4  # type: ignore[attr-defined]
        one.change(dropout=None)
        assert one.network.layers[2].rate == 0.2  # type: ignore[attr-defined]
    assert outcome(other) == outcome(run)


def test_another_number_of_rates_is_refused() -> None:
    run = silenced()
    for rates in ((), (0.1, 0.1)):
        with pytest.raises(ValueError, match="restore: expected the rates of 1 Dropout layers, got"):
            run.restore(replace(run.capture(), dropout_rates=rates))


def test_threads_are_those_of_the_state() -> None:
    two, one = training(threads=2), training(threads=1)
    next(two)
    one.restore(two.capture())
    assert one.threads == 2
    two.close()


def test_after_the_end_the_state_is_the_one_before_it() -> None:
    run = everything(epochs=2)
    list(run)
    state = run.capture()
    assert state.history_length == len(run.history) - 1
    longer = everything(epochs=4)
    list(longer)
    run.restore(state)
    run.change(epochs=4)
    assert kinds(list(run)) == ["change", *["step"] * 3, "epoch", *["step"] * 3, "epoch", "end"]
    assert kinds(run.history).count("end") == 1


def test_a_run_that_diverged_cannot_be_captured() -> None:
    run = training(learning_rate=1e30)
    list(run)
    with pytest.raises(ValueError, match="capture: expected a run that can go on, got one that diverged"):
        run.capture()


def test_with_its_history_a_fresh_run_goes_on_without_another_start() -> None:
    run = everything()
    for _ in range(6):
        next(run)
    state, history = run.capture(), [*run.history]
    rest = outcome(run)
    fresh = everything()
    fresh.restore(state, history)
    assert fresh.history == history
    assert outcome(fresh) == rest
    assert [timeless(e) for e in fresh.history] == [timeless(e) for e in run.history]


def test_numpys_numbers_in_settings_are_pythons_in_the_run() -> None:
    """They would otherwise decide the dtype of what they are multiplied with, and differ after a file."""
    runs = [
        training(learning_rate=OneCycle(kind(0.05)), l2=kind(0.01), clip=kind(0.5), optimizer="adam")
        for kind in (float, np.float64)
    ]
    starts = [next(run).settings for run in runs]
    assert (starts[0]["l2"], starts[0]["clip"]) == (starts[1]["l2"], starts[1]["clip"])
    assert type(starts[1]["l2"]) is float
    assert outcome(runs[0]) == outcome(runs[1])


def test_the_order_of_examples_after_going_back_is_the_epochs_own() -> None:
    """Two states in different epochs, restored in turn, do not mix up their orders."""
    run = training(data=blobs(), epochs=3)
    states, tails = [], []
    for event in run:
        if event.kind == "step" and event.step in (2, 5, 8):
            states.append(run.capture())
    final = bits(run.network)
    for state in reversed(states):
        run.restore(state)
        tails.append(outcome(run)[1])
    assert tails == [final] * 3
