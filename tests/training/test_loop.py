"""The loop as an iterator: which events, in which order, with which numbers, and what may come between."""

import itertools
import math
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glassnet
from glassnet.data import Dataset
from glassnet.nn import SGD, BatchNorm, Dense, Dropout, Layer, Network, ReLU
from glassnet.nn.schedules import Constant, Cosine, OneCycle, Warmup
from glassnet.training import Change, End, Epoch, Start, Training
from training.small import bits, blobs, cross_entropy, epochs, kinds, network, steps, timeless, training

# ---- the sequence


def test_the_events_of_a_run() -> None:
    run = training()
    heard = list(run)
    assert kinds(heard) == ["start", *["step"] * 3, "epoch", *["step"] * 3, "epoch", "end"]
    assert [event.step for event in heard] == [0, 1, 2, 3, 3, 4, 5, 6, 6, 6]
    assert [event.epoch for event in heard] == [0, 1, 1, 1, 1, 2, 2, 2, 2, 2]
    assert heard[-1].reason == "finished"
    assert run.history == [event for event in heard if event.kind != "step"]


def test_it_is_an_iterator() -> None:
    run = training()
    assert iter(run) is run
    assert isinstance(next(run), Start)
    list(run)
    for _ in range(2):
        with pytest.raises(StopIteration):
            next(run)


def test_the_start_says_what_was_told_and_chosen() -> None:
    start = next(training(optimizer="adam", learning_rate=OneCycle(0.01), l2=0.1, seed=5))
    assert isinstance(start, Start)
    assert start.glassnet == glassnet.__version__
    told = start.settings
    assert told["optimizer"]["name"] == "adam"
    assert (told["learning_rate"], told["l2"], told["seed"], told["threads"]) == (0.01, 0.1, 5, 1)
    assert (told["parameters"], told["batch_size"], told["epochs"]) == (4 * 8 + 8 + 8 * 3 + 3, 16, 2)
    assert told["loss"]["name"] == "cross_entropy"
    assert "OneCycle" in told["schedule"]
    assert "40 to train, 10 to validate" in told["data"]


# ---- the numbers


def test_an_epochs_numbers_are_the_running_mean_over_its_batches() -> None:
    heard = list(training())
    for number, epoch in enumerate(epochs(heard), 1):
        own = [step for step in steps(heard) if step.epoch == number]
        sizes = [16, 16, 8]
        assert epoch.loss == pytest.approx(sum(s.loss * n for s, n in zip(own, sizes)) / 40, rel=1e-12)
        assert epoch.accuracy == pytest.approx(sum(s.accuracy * n for s, n in zip(own, sizes)) / 40)
        assert epoch.measured == "running"


def test_a_steps_numbers_are_those_before_the_update() -> None:
    data = blobs()
    run = training(data=data, batch_size="full", epochs=4)
    next(run)
    for _ in range(4):
        logits = run.network.copy().outputs(data.train.images)
        step = next(run)
        assert step.kind == "step"
        assert step.loss == pytest.approx(cross_entropy(logits, data.train.labels), rel=1e-5)
        assert step.accuracy == (logits.argmax(axis=1) == data.train.labels).mean()
        next(run)


@pytest.mark.parametrize("full_pass", [False, True])
def test_validation_numbers_are_those_of_the_weights_at_the_epochs_end(full_pass: bool) -> None:
    data = blobs()
    run = training(data=data, full_pass=full_pass, l2=0.1)
    for event in run:
        if isinstance(event, Epoch):
            twin = run.network.copy()
            z, labels = twin.outputs(data.validation.images), data.validation.labels
            assert event.validation_loss == pytest.approx(cross_entropy(z, labels), rel=1e-5)
            assert event.validation_accuracy == (z.argmax(axis=1) == labels).mean()
            assert event.measured == ("full" if full_pass else "running")
            if full_pass:
                z, labels = twin.outputs(data.train.images), data.train.labels
                assert event.loss == pytest.approx(cross_entropy(z, labels), rel=1e-5)
                assert event.accuracy == (z.argmax(axis=1) == labels).mean()


def test_without_validation_data_there_are_no_such_numbers() -> None:
    epoch = epochs(list(training(data=blobs(validation=0))))[-1]
    assert epoch.validation_loss is None
    assert epoch.validation_accuracy is None


def test_the_test_part_is_never_looked_at() -> None:
    whole = blobs()
    spoilt = Dataset.from_arrays(
        whole.train.inputs, whole.train.targets, (np.full((5, 4), 1e9), np.zeros(5, int)), name="blobs"
    ).split(0.2)
    one, other = training(data=whole), training(data=spoilt)
    list(one), list(other)
    assert bits(one.network) == bits(other.network)


# ---- the batches


class Listener(Layer):
    """Passes everything on, and notes the first feature of what it is trained on."""

    def __init__(self) -> None:
        self.heard: list[list[float]] = []

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.copyto(y, x)
        if memory.training:
            self.heard.append(x[:, 0].tolist())

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        if dx is not None:
            np.copyto(dx, dy)


def batches(n: int = 50, **settings: Any) -> tuple[list[list[float]], set[float]]:
    """The examples' numbers in each batch, and those set aside."""
    data = Dataset.from_arrays(np.arange(n)[:, None] * [1.0, 0.0], np.arange(n) % 2).split(0.2)
    listener = Listener()
    run = Training(Network([listener, Dense(2)], 2), data, threads=1, learning_rate=1e-9, **settings)
    list(run)
    return listener.heard, set(data.validation.images[:, 0])


def test_each_example_is_seen_once_an_epoch_in_an_order_of_its_own() -> None:
    heard, held = batches(batch_size=16, epochs=3)
    assert [len(batch) for batch in heard] == [16, 16, 8] * 3
    orders = [list(itertools.chain(*heard[i : i + 3])) for i in (0, 3, 6)]
    for order in orders:
        assert set(order) == set(range(50)) - held
        assert len(order) == 40
    assert orders[0] != orders[1] != orders[2]
    assert heard != batches(batch_size=16, epochs=3, seed=1)[0]


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [("full", [40]), (40, [40]), (1000, [40]), (39, [39, 1]), (1, [1] * 40)]
)
def test_batch_sizes(batch_size: Any, sizes: list[int]) -> None:
    heard, _ = batches(batch_size=batch_size, epochs=1)
    assert [len(batch) for batch in heard] == sizes


@given(n=st.integers(5, 60), batch_size=st.integers(1, 70), count=st.integers(1, 4))
def test_the_number_of_steps_is_known_all_along(n: int, batch_size: int, count: int) -> None:
    run = training(data=blobs(n, validation=0), batch_size=batch_size, epochs=count)
    told = {run.total_steps}
    for _ in run:
        told.add(run.total_steps)
    assert told == {run.step} == {count * math.ceil(n / batch_size)}


# ---- schedules and changes


def rates(events: list[Any]) -> list[float]:
    return [event.learning_rate for event in steps(events)]


def test_the_schedule_spans_the_run() -> None:
    schedule = OneCycle(0.1)
    assert rates(list(training(learning_rate=schedule))) == [schedule(i, 6) for i in range(6)]


@pytest.mark.parametrize("at", range(9))
@pytest.mark.parametrize("change", [{"batch_size": 5}, {"epochs": 5}, {"epochs": 3, "batch_size": "full"}])
def test_the_schedule_ends_with_the_run_also_after_a_change(at: int, change: dict[str, Any]) -> None:
    schedule = OneCycle(0.1)
    run = training(learning_rate=schedule)
    heard = [next(run) for _ in range(at)]
    run.change(**change)
    told = run.total_steps
    heard += list(run)
    assert run.step == run.total_steps == told
    assert rates(heard)[-1] == schedule(told - 1, told)
    assert len(epochs(heard)) == run.epoch == change.get("epochs", 2)


def test_a_change_is_an_event_and_takes_effect() -> None:
    run = training(learning_rate=Constant(0.05))
    heard = [next(run) for _ in range(3)]
    returned = run.change(learning_rate=0.5, l2=0.01, clip=None)
    heard += list(run)
    assert heard[3] == returned == run.history[1]
    assert isinstance(returned, Change)
    assert returned.settings == {"learning_rate": [0.05, 0.5], "l2": [0.0, 0.01]}
    assert (returned.epoch, returned.step) == (1, 2)
    assert rates(heard) == [0.05, 0.05, *[0.5] * 4]


def test_a_change_before_the_first_step_comes_after_the_start() -> None:
    run = training()
    run.change(batch_size=40)
    assert kinds(list(run)) == ["start", "change", "step", "epoch", "step", "epoch", "end"]


def test_a_learning_rate_keeps_the_schedules_shape() -> None:
    run = training(learning_rate=Warmup(Cosine(0.1), 3))
    run.change(learning_rate=0.2)
    assert run.settings.schedule == Warmup(Cosine(0.2), 3)
    run.change(learning_rate=OneCycle(0.3))
    assert run.settings.schedule == OneCycle(0.3)


def test_none_gives_back_the_layers_and_the_optimizers_own() -> None:
    run = training(network(Dense(8), Dropout(0.3)), optimizer=SGD(weight_decay=0.1))
    run.change(dropout=0.6, weight_decay=0.0)
    assert run.network.layers[1].rate == 0.6
    assert run.optimizer.weight_decay == 0
    run.change(dropout=None, weight_decay=None)
    assert run.network.layers[1].rate == 0.3
    assert run.optimizer.weight_decay == 0.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch_size": 0}, "batch_size: expected a whole number of at least 1 or 'full', got 0"),
        ({"batch_size": 2.5}, "batch_size: expected"),
        ({"batch_size": "all"}, "batch_size: expected"),
        ({"epochs": 0}, "epochs: expected a whole number of at least 1, got 0"),
        ({"epochs": True}, "epochs: expected"),
        ({"l1": -1}, "l1: expected a number of at least 0, got -1"),
        ({"l2": math.nan}, "l2: expected"),
        ({"weight_decay": math.inf}, "weight_decay: expected"),
        ({"dropout": 1.0}, "dropout: expected a number of at least 0 and below 1, got 1.0"),
        ({"max_norm": 0}, "max_norm: expected a number above 0, or None for no limit, got 0"),
        ({"clip": -1.0}, "clip: expected a number above 0"),
        ({"learning_rate": 0}, "learning rate: expected a number above 0, got 0"),
        ({"learning_rate": -0.1}, "learning rate: expected"),
        ({"learning_rate": math.nan}, "learning rate: expected"),
        ({"learning_rate": None}, "learning_rate: expected a number or a schedule, got None"),
        ({"learning_rate": [0.1]}, "learning_rate: expected a number or a schedule"),
        ({"seed": 3}, "unknown setting to change 'seed'"),
        ({"lerning_rate": 3}, "did you mean 'learning_rate'?"),
        ({"l2": 0.5, "epochs": -3}, "epochs: expected"),
    ],
)
def test_a_bad_change_is_refused_and_changes_nothing(change: dict[str, Any], message: str) -> None:
    def run_with(change: dict[str, Any]) -> Training:
        run = training(network(Dense(8), Dropout(0.3)))
        for _ in range(3):
            next(run)
        if change:
            with pytest.raises(ValueError, match=r".") as caught:
                run.change(**change)
            assert message in str(caught.value)
        return run

    changed, usual = run_with(change), run_with({})
    assert changed.settings == usual.settings
    assert kinds(list(changed)) == kinds(list(usual))
    assert bits(changed.network) == bits(usual.network)


def test_dropout_without_such_a_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="dropout: expected a network with Dropout layers, got one without"):
        training().change(dropout=0.5)


def test_a_finished_run_goes_on_if_it_gets_more_epochs() -> None:
    whole, parts = training(epochs=3), training(epochs=2)
    list(whole)
    list(parts)
    parts.change(learning_rate=0.05)
    assert list(parts) == []  # a finished run has nothing more to say
    parts.change(epochs=3)
    assert kinds(list(parts)) == ["change", "change", *["step"] * 3, "epoch", "end"]
    assert bits(parts.network) == bits(whole.network)


def test_fewer_epochs_than_were_done_end_the_run() -> None:
    run = training(epochs=5)
    for _ in range(7):
        next(run)
    run.change(epochs=1)
    assert run.total_steps == run.step
    rest = list(run)
    assert kinds(rest) == ["change", "end"]
    assert (rest[-1].epoch, rest[-1].step) == (2, 5)


# ---- stopping, closing, pausing


def test_stop_makes_the_next_event_the_last_also_from_another_thread() -> None:
    run = training(epochs=1000)
    for event in run:
        if event.step == 4 and event.kind == "step":
            other = threading.Thread(target=run.stop)
            other.start()
            other.join()
    assert (event.kind, event.step, event.epoch) == ("end", 4, 2)
    assert isinstance(event, End)
    assert event.reason == "stopped"


def test_stop_before_the_first_event() -> None:
    run = training()
    run.stop("interrupted")
    start, end = list(run)
    assert (start.kind, end.kind, end.step, end.epoch) == ("start", "end", 0, 0)
    assert isinstance(end, End)
    assert end.reason == "interrupted"


def test_a_stopped_run_goes_on_after_a_change() -> None:
    run = training()
    for _ in range(3):
        next(run)
    run.stop()
    assert kinds(list(run)) == ["end"]
    run.change(epochs=3)
    assert kinds(list(run)).count("epoch") == 3


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("at", range(10))
def test_a_run_that_was_closed_or_left_goes_on_where_it_stands(at: int, closed: bool) -> None:
    whole, run = training(), training()
    list(whole)
    for place, event in enumerate(run):
        assert run.network.training_now == (event.kind != "end")
        if place == at:
            break
    if closed:
        run.close()
        run.close()
        assert not run.network.training_now
        assert run.network.predict(blobs().test.images).shape == (12,)
    run.fit(progress=False)
    assert not run.network.training_now
    assert [timeless(event) for event in run.history] == [timeless(event) for event in whole.history]
    assert bits(run.network) == bits(whole.network)
    assert list(run) == []


def test_a_run_that_is_closed_forgets_that_it_was_told_to_stop() -> None:
    run = training()
    run.stop()
    assert kinds(list(run)) == ["start", "end"]
    run.stop()  # there is nothing to stop
    run.change(epochs=3)
    assert kinds(list(run)).count("epoch") == 3
    run = training()
    next(run)
    run.stop()
    run.close()
    assert kinds(list(run)) == [*["step"] * 3, "epoch", *["step"] * 3, "epoch", "end"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_run_that_was_broken_off_within_a_step_goes_on_only_from_a_state(error: Any) -> None:
    """Its weights may be half those of before and half those of after."""
    whole, run = training(), training()
    list(whole)
    next(run), next(run)
    state, update = run.capture(), run.optimizer.update

    def fail(*args: Any) -> None:
        update(*args)
        raise error

    run.optimizer.update = fail  # type: ignore[method-assign]
    with pytest.raises(error):
        run.fit(progress=False)
    run.optimizer.update = update  # type: ignore[method-assign]
    for do in (lambda: run.fit(progress=False), run.capture, lambda: run.change(l2=0.1)):
        with pytest.raises(ValueError, match="expected a run between two events, got one within a step"):
            do()
    run.restore(state)
    run.fit(progress=False)
    assert bits(run.network) == bits(whole.network)


# ---- the step at hand


@pytest.mark.parametrize("batch_size", [16, "full"])
def test_the_flow_of_a_step_and_the_rows_it_is_of(batch_size: Any) -> None:
    data = blobs()
    run = training(data=data, batch_size=batch_size)
    assert len(run.batch) == 0
    seen = []
    for event in run:
        if event.kind in ("step", "epoch"):
            assert np.array_equal(run.flow.activations[0], data.train.images[run.batch])
            loss = cross_entropy(run.flow.output, data.train.labels[run.batch])
            if event.kind == "step":
                assert event.loss == pytest.approx(loss, rel=1e-5)
                seen += run.batch.tolist()
                gradient = run.flow.gradients[-1]
                assert gradient is not None
                assert np.abs(gradient).max() > 0
    assert sorted(seen[:40]) == sorted(seen[40:]) == [*range(40)]
    with pytest.raises(ValueError, match="read-only"):
        run.batch[0] = 7
    run.change(batch_size=5)
    assert len(run.batch) == 0


def test_the_flow_of_a_run_that_diverged_at_an_epochs_end() -> None:
    """Its first batch was looked at again."""
    data = blobs()
    run = training(data=data)
    for _ in range(4):
        next(run)
    run.network.parameters.vector[...] = np.nan
    assert kinds(list(run)) == ["end"]
    assert len(run.batch) == 16
    assert np.array_equal(run.flow.activations[0], data.train.images[run.batch])


def test_after_going_back_there_is_no_batch_at_hand() -> None:
    run = training()
    next(run), next(run)
    assert len(run.batch) == 16
    run.restore(run.capture())
    assert len(run.batch) == 0


def test_nobody_can_write_into_inputs_that_are_laid_in_once() -> None:
    run, whole = training(batch_size="full", epochs=5), training(batch_size="full", epochs=5)
    list(whole)
    for event in run:
        if event.kind == "step":
            with pytest.raises(ValueError, match="read-only"):
                run.flow.activations[0][0] = 7
    assert bits(run.network) == bits(whole.network)
    run = training(batch_size=16)
    next(run), next(run)
    run.flow.activations[0][0] = 7  # of a smaller batch they are laid in anew


@pytest.mark.parametrize("batch_size", [16, "full"])
def test_only_another_batch_size_makes_new_arrays(batch_size: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = training(batch_size=batch_size, epochs=9)
    next(run), next(run)
    before, laid = run.flow, []
    load = type(run.network).load
    monkeypatch.setattr(
        type(run.network), "load", lambda self, x, into: laid.append(len(x)) or load(self, x, into)
    )
    run.change(learning_rate=0.01, l2=0.1)
    next(run), next(run)
    run.restore(run.capture())
    next(run), next(run)
    assert run.flow is before
    assert batch_size != "full" or 40 not in laid
    run.change(batch_size=5)
    assert run.flow is not before


def test_breaking_off_and_going_on_changes_no_bit() -> None:
    whole, broken = training(), training()
    list(whole)
    heard: list[Any] = []
    while not heard or heard[-1].kind != "end":
        for event in broken:
            heard.append(event)
            if event.step % 2:
                break
    assert bits(broken.network) == bits(whole.network)
    assert [event.step for event in heard] == [0, 1, 2, 3, 3, 4, 5, 6, 6, 6]


def test_predicting_meanwhile_changes_no_bit() -> None:
    def layers() -> tuple[Layer, ...]:
        return Dense(8), BatchNorm(), ReLU(), Dropout(0.2)

    quiet, busy = training(network(*layers()), epochs=20), training(network(*layers()), epochs=20)
    list(quiet)
    points, done, wrong = blobs().test.images, threading.Event(), []

    def ask() -> None:
        while not done.is_set():
            p = busy.network.predict_proba(np.concatenate([points] * 30))
            if any(not np.allclose(part, p[:12], atol=1e-5) for part in p.reshape(30, 12, 3)):
                wrong.append(p)  # an answer from two moments' weights

    threads = [threading.Thread(target=ask) for _ in range(3)]
    next(busy)
    for thread in threads:
        thread.start()
    list(busy)
    done.set()
    for thread in threads:
        thread.join()
    assert bits(busy.network) == bits(quiet.network)
    assert not wrong


def test_the_network_knows_whether_it_is_being_trained() -> None:
    run = training()
    assert not run.network.training_now
    for event in run:
        assert run.network.training_now == (event.kind != "end")


# ---- the same again


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    def trained(seed: int) -> bytes:
        run = training(network(Dense(8), ReLU(), Dropout(0.3)), seed=seed, optimizer="adam")
        list(run)
        return bits(run.network)

    assert trained(3) == trained(3)
    assert trained(3) != trained(4)


def test_two_runs_on_one_network_in_a_row() -> None:
    net = network()
    list(training(net))
    after_one = bits(net)
    second = training(net, optimizer="adam", loss="mse", batch_size=7)
    heard = list(second)
    assert heard[-1].reason == "finished"
    assert bits(net) != after_one
    assert net.loss is not None
    assert net.loss.name == "mse"


# ---- fit


def test_fit_hands_each_event_to_each_callback_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[tuple[str, str]] = []
    run = training()
    history = run.fit(
        lambda event, who: heard.append(("one", event.kind)),
        lambda event, who: heard.append(("two", event.kind if who is run else "?")),
        progress=False,
    )
    expected = ["start", *["step"] * 3, "epoch", *["step"] * 3, "epoch", "end"]
    assert heard == [(who, kind) for kind in expected for who in ("one", "two")]
    assert history is run.history
    assert capsys.readouterr() == ("", "")


def test_fit_follows_the_run_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    training().fit()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:8] for line in lines] == ["Epoch 1 ", "Epoch 2 "]


def test_fit_after_a_few_steps_goes_on() -> None:
    run, whole = training(), training()
    for _ in range(5):
        next(run)
    run.fit(progress=False)
    list(whole)
    assert bits(run.network) == bits(whole.network)


def test_an_error_in_a_callback_comes_out_and_the_run_can_go_on() -> None:
    def fail(event: Any, run: Training) -> None:
        if event.step == 2:
            raise KeyError("mine")

    run, whole = training(), training()
    with pytest.raises(KeyError, match="mine"):
        run.fit(fail, progress=False)
    assert not run.network.training_now
    list(whole)
    assert kinds(run.fit(progress=False)) == ["start", "epoch", "epoch", "end"]
    assert bits(run.network) == bits(whole.network)


def test_seconds_are_those_of_training_so_far() -> None:
    run = training()
    assert run.seconds == 0.0
    seen = [run.seconds for event in run if event.kind == "step"]
    assert seen == sorted(seen)
    assert run.seconds == run.history[-1].seconds
