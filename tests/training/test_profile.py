"""Where the time of a step goes: parts that add up, of a run that is the same to the last bit."""

import copy
import pickle
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.cli.letters import plain
from glassnet.data import Dataset, toys
from glassnet.nn import BatchNorm, Dense, Dropout, Flatten, Layer, Network, ReLU, Softmax
from glassnet.nn.layer import Parameter
from glassnet.training import Epoch, Event, Step, Training
from glassnet.training.profiling import Profile, Row, products, profile, table, timers
from training.small import bits, blobs, network, timeless, training

VALUES = np.linspace(-1, 1, 160, dtype=np.float32).reshape(40, 4), np.linspace(0, 1, 40)
IMAGES = Dataset.from_arrays(np.arange(160).reshape(40, 2, 2).astype(np.uint8), np.arange(40) % 3)


class Louder(Layer):
    """A layer of one's own: y = g ∘ x."""

    def parameters(self) -> dict[str, Parameter]:
        return {"g": Parameter(self.input_shape, "ones")}

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, self.g, out=y)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.add.reduce(x * dy, axis=0, out=self.dg)
        if dx is not None:
            np.multiply(dy, self.g, out=dx)


RUNS: dict[str, Callable[[], Training]] = {
    "plain": training,
    "adam": lambda: training(optimizer="adam"),
    "norm and dropout": lambda: training(network(Dense(8), BatchNorm(), ReLU(), Dropout(0.3))),
    "own layer": lambda: training(network(Louder(), Dense(8), Louder(), ReLU())),
    "softmax": lambda: training(Network([Dense(3), Softmax()], 4)),
    "images": lambda: training(Network([Flatten(), Dense(3)], (2, 2)), IMAGES),
    "values": lambda: training(network(outputs=1), VALUES),
    "standardized values": lambda: training(
        Network([Dense(8), ReLU(), Dense(1)], 1), toys.make("sine", points=40).split(0.2)
    ),
    "full batch": lambda: training(batch_size="full", epochs=5),
    "penalties": lambda: training(l1=0.01, l2=0.1, weight_decay=0.01, clip=0.1, max_norm=0.5, full_pass=True),
    "float64": lambda: training(network(dtype="float64")),
    "one at a time": lambda: training(batch_size=1, epochs=1),
    "diverging": lambda: training(learning_rate=1e30),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_profiled_run_is_the_same_to_the_last_bit(name: str) -> None:
    plain, profiled = RUNS[name](), RUNS[name]()
    with Profile(profiled) as found:
        events = [timeless(event) for event in profiled]
    assert events == [timeless(event) for event in plain]
    assert bits(profiled.network) == bits(plain.network)
    assert found.steps == profiled.step
    assert found.epochs == sum(isinstance(event, Epoch) for event in events)


@pytest.mark.parametrize("name", set(RUNS) - {"diverging"})
def test_the_parts_add_up_to_a_step(name: str) -> None:
    run = RUNS[name]()
    with Profile(run) as found:
        run.fit(progress=False)
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert all(row.seconds >= 0 for row in found.rows)
    assert {row.calls for row in found.rows} == {run.step}
    assert sum(found.batches.values()) == run.step
    text = found.table()
    assert max(map(len, text.splitlines())) <= 80
    *shares, whole = (
        float(share) for share in re.findall(r"(\d+\.\d) %", text.partition("\n\nGFLOP/s are")[0])
    )
    assert whole == 100
    assert round(sum(shares), 1) == 100
    assert len(shares) == len(found.rows)


def parts(found: Profile) -> list[tuple[str, str]]:
    return [(row.name, row.direction) for row in found.rows]


def test_the_rows_are_in_the_order_of_a_step() -> None:
    run = training(network(Dense(8), BatchNorm(), ReLU(), outputs=3), optimizer="adam")
    with Profile(run) as found:
        run.fit(progress=False)
    assert parts(found) == [
        ("data", ""), ("1 Dense 8", "forward"), ("2 BatchNorm", "forward"), ("3 ReLU", "forward"),
        ("4 Dense 3", "forward"), ("loss cross_entropy", ""), ("4 Dense 3", "backward"),
        ("3 ReLU", "backward"), ("2 BatchNorm", "backward"), ("1 Dense 8", "backward"),
        ("optimizer Adam", ""), ("accuracy", ""), ("the rest", ""), ("events", ""),
    ]  # fmt: skip


def test_layers_that_are_not_asked_for_a_gradient_have_no_row_for_it() -> None:
    run = training(Network([Flatten(), Dense(3), Softmax()], (2, 2)), IMAGES)
    with gn.training.Profile(run) as found:
        run.fit(progress=False)
    assert [part for part in parts(found) if part[1]] == [
        ("1 Flatten 4", "forward"), ("2 Dense 3", "forward"), ("2 Dense 3", "backward")
    ]  # fmt: skip


# ---- which part a second is counted to, by a clock that only moves when told


class Clock:
    """A clock that stands still but for what takes time on purpose."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def slow(self, owner: Any, name: str, seconds: float, patch: pytest.MonkeyPatch) -> None:
        """Let each call of that method take so many seconds more."""
        original = getattr(owner, name)

        def method(*arguments: Any, **named: Any) -> Any:
            self.now += seconds
            return original(*arguments, **named)

        patch.setattr(owner, name, method)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (profile, timers):
        monkeypatch.setattr(module, "perf_counter", clock)
    monkeypatch.setattr(timers, "thread_time", clock)
    monkeypatch.setattr(products, "least_seconds", lambda product, dtype: product.operations / 2**30)
    return clock


def test_each_second_is_counted_where_it_was_spent(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name, seconds in (
        (Dense, "forward", 1), (Dense, "backward", 2), (ReLU, "forward", 4), (ReLU, "backward", 8),
        (gn.nn.CrossEntropy, "__call__", 16), (gn.nn.SGD, "step", 32), (Network, "load", 64),
        (gn.nn.schedules.Constant, "__call__", 128), (gn.nn.CrossEntropy, "classify", 256),
    ):  # fmt: skip
        clock.slow(owner, name, seconds, monkeypatch)

    def hear(event: Event, run: Training) -> None:
        clock.now += 512 if isinstance(event, Step) else 1024

    run = training(data=blobs(validation=0), optimizer="sgd")  # batches of 16, 16, 16 and 2
    with Profile(run) as found:
        run.fit(hear, progress=False)
    assert [row.seconds for row in found.rows] == [64, 1, 4, 1, 16, 2, 8, 2, 32, 256, 128, 512]
    assert found.rows[0].share == 64 / 1026
    assert found.steps == 8
    assert found.ends["events"] == 2 * 1024
    assert found.others == 2 * 1024  # those who heard of the start and the end
    assert found.clock_seconds == 0


def test_reading_the_clock_is_counted_apart(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "cost", lambda: timers.Cost(0.25, 0.5))
    clock.slow(Dense, "forward", 1, monkeypatch)
    clock.slow(gn.nn.schedules.Constant, "__call__", 10, monkeypatch)
    run = training(network(outputs=3))
    with Profile(run) as found:
        run.fit(progress=False)
    rows = {(row.name, row.direction): row.seconds for row in found.rows}
    assert rows["1 Dense 8", "forward"] == 0.75
    assert rows["2 ReLU", "forward"] == 0  # less than nothing is nothing
    assert rows["the rest", ""] == 10 - 10 * 0.5
    assert found.clock_seconds == 10 * 0.75


def test_what_timing_a_call_costs_is_not_negative() -> None:
    for _ in range(5):
        assert min(timers.cost(3, 5)) >= 0


# ---- the products of matrices


def test_operations_are_counted_per_product(clock: Clock) -> None:
    run = training(network(Dense(8), ReLU(), outputs=3), blobs(validation=0))  # 4 inputs
    with Profile(run) as found:
        run.fit(progress=False)
    n = 50 / 4  # examples a step, in the mean
    done = {(row.name, row.direction): row.operations for row in found.rows if row.operations}
    assert done == {
        ("1 Dense 8", "forward"): 2 * n * 4 * 8,
        ("1 Dense 8", "backward"): 2 * n * 4 * 8,  # the gradient of the input is not computed
        ("3 Dense 3", "forward"): 2 * n * 8 * 3,
        ("3 Dense 3", "backward"): 4 * n * 8 * 3,
    }
    rates = [row.limit_gflops for row in found.rows]
    assert rates.count(2**30 / 1e9) == 4
    assert rates.count(None) == len(rates) - 4


def test_a_rate_is_operations_over_seconds() -> None:
    row = Row("1 Dense 8", "forward", 2e-6, 0.5, 10, operations=4000.0, limit_seconds=1e-6)
    assert row.gflops == pytest.approx(2)
    assert row.limit_gflops == pytest.approx(4)
    assert Row("data", "", 2e-6, 0.5, 10).gflops is None


def test_a_larger_product_than_is_measured_takes_longer_in_proportion(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(products, "MOST_ROWS", 10)
    monkeypatch.setattr(products, "_seconds", lambda work: work().size / 100)
    assert products.least_seconds(products.Product(50, 3, 20), "float32") == 10


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_limit_is_measured_on_the_machine(dtype: str) -> None:
    run = training(network(dtype=dtype))
    with Profile(run) as found:
        run.fit(progress=False)
    limits = [row.limit_seconds for row in found.rows if row.operations]
    assert len(limits) == 4
    assert all(limit is not None and limit > 0 for limit in limits)
    assert " GFLOP/s  limit" in found.table()


# ---- runs that are not one fit from start to end


def traces(run: Training) -> tuple[Any, ...]:
    engine = run._engine
    return dict(vars(run)), dict(vars(engine)), list(run.flow.layers), dict(vars(engine.place.tally))


def same(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    names = [set(there) if isinstance(there, dict) else list(map(id, there)) for there in before]
    return names == [set(there) if isinstance(there, dict) else list(map(id, there)) for there in after]


def test_afterwards_the_run_is_as_it_was() -> None:
    run = training()
    next(run)
    before = traces(run)
    with Profile(run):
        next(run)
        assert not same(before, traces(run))
    assert same(before, traces(run))
    assert before[1]["loss"] is run._engine.loss
    assert before[1]["_update"] is run._engine._update
    run.fit(progress=False)
    assert run.step == 6


def test_a_change_of_batch_size_within_the_block() -> None:
    run = training(network(Dense(8), ReLU(), Dropout(0.5)), epochs=3)
    with Profile(run) as found:
        for event in run:
            if isinstance(event, Epoch) and event.epoch == 1:
                run.change(batch_size=5)
    assert found.batches == {16: 2, 8: 1, 5: 16}
    assert {row.calls for row in found.rows} == {run.step}
    layers = [type(layer) for layer in run.flow.layers]
    assert layers == [Dense, ReLU, Dropout, Dense]


def test_a_run_that_was_restored_within_the_block_makes_the_same_bits() -> None:
    run, whole = training(), training()
    whole.fit(progress=False)
    with Profile(run) as found:
        for _ in range(3):
            next(run)
        state = run.capture()
        other = training()
        other.restore(state)
        run.fit(progress=False)
        run.restore(state)
        run.fit(progress=False)
    other.fit(progress=False)
    assert bits(run.network) == bits(other.network) == bits(whole.network)
    assert found.steps == 6 + 4


def test_a_step_that_an_error_broke_off_is_in_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    run = training()
    found = Profile(run)
    next(run)
    state = run.capture()
    with monkeypatch.context() as broken:
        broken.setattr(ReLU, "forward", lambda *arguments: pytest.fail("broken"))
        with pytest.raises(pytest.fail.Exception), found:
            next(run)
    run.restore(state)
    with found:
        run.fit(progress=False)
    assert found.steps == 6
    assert {row.calls for row in found.rows} == {6}


def test_the_end_of_an_epoch_is_measuring_and_copying() -> None:
    run = training()
    found = Profile(run)
    run.fit(progress=False)
    epoch = next(event for event in run.history if isinstance(event, Epoch))
    found._count(replace(epoch, validation_seconds=0.375), 0.5)
    assert found.ends == {"measuring": 0.375, "copying": 0.125, "events": 0.0}


def test_a_block_entered_again_counts_on() -> None:
    run = training()
    found = Profile(run)
    with found:
        run.fit(progress=False)
    run.change(epochs=3)
    with found:
        run.fit(progress=False)
    assert (found.steps, found.epochs) == (9, 3)
    assert {row.calls for row in found.rows} == {9}


def test_one_profile_at_a_time() -> None:
    run = training()
    with Profile(run), pytest.raises(ValueError, match="expected a run that nothing profiles"), Profile(run):
        pass
    assert "_work" not in vars(run)


def test_without_a_step_there_is_nothing_to_show() -> None:
    with Profile(training()) as found:
        pass
    assert found.rows == []
    assert found.table() == "No step was made: there is nothing to show."
    assert found.clock_seconds == 0


def test_predicting_amid_a_profiled_run_answers_by_the_weights_of_that_moment() -> None:
    def answers(run: Training, **how: Any) -> list[bytes]:
        found: list[bytes] = []
        run.fit(lambda event, run: found.append(run.network.outputs(run.data.test.inputs).tobytes()), **how)
        return found

    run = training()
    with Profile(run):
        profiled = answers(run, progress=False)
    assert profiled == answers(training(), progress=False)


# ---- left early


def test_of_a_run_that_diverges_the_steps_before_are_shown() -> None:
    run = training(learning_rate=1e30, batch_size=4)
    with Profile(run) as found:
        run.fit(progress=False)
    assert getattr(run.history[-1], "reason", "") == "diverged"
    assert 0 < found.steps == run.step
    assert {row.calls for row in found.rows} == {run.step}
    assert "a step" in found.table()


def press_at(*places: int) -> Callable[[Event, Training], None]:
    def press(event: Event, run: Training) -> None:
        if event.kind == "step" and event.step in places:
            signal.raise_signal(signal.SIGINT)

    return press


def test_after_ctrl_c_there_is_what_there_is() -> None:
    run = training()
    with Profile(run) as found:
        run.fit(press_at(4), progress=False)
    assert found.steps == 4
    assert "limit" in found.table()


def test_after_a_second_ctrl_c_nothing_more_is_measured() -> None:
    run = training()
    before = traces(run)
    found = Profile(run)
    with pytest.raises(KeyboardInterrupt), found:
        run.fit(press_at(4), press_at(4), progress=False)
    assert found.steps == 4
    assert "GFLOP/s" in found.table()
    assert "limit" not in found.table()
    assert same(before, traces(run))


def test_a_step_that_an_error_broke_off_is_not_counted(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Louder):
        calls = 0

        def backward(self, *arguments: Any) -> None:
            super().backward(*arguments)
            Failing.calls += 1
            if Failing.calls == 2:
                raise OSError("mine")

    clock.slow(Dense, "forward", 1, monkeypatch)
    run = training(network(Dense(8), Failing()))
    found = Profile(run)
    state = run.capture()
    with pytest.raises(OSError, match="mine"), found:
        run.fit(progress=False)
    assert found.steps == 1
    assert [row.seconds for row in found.rows if row.seconds] == [1, 1]
    run.restore(state)
    with found:
        run.fit(progress=False)
    assert found.steps == 7
    assert [row.seconds for row in found.rows if row.seconds] == [1, 1]


@pytest.mark.parametrize("duplicate", [copy.deepcopy, pickle.dumps])
def test_a_run_is_not_copied_while_it_is_profiled(duplicate: Callable[[Any], Any]) -> None:
    run = training()
    with Profile(run), pytest.raises(TypeError, match="expected a run that is not being profiled to copy"):
        duplicate(run)
    duplicate(run)


# ---- the table


def test_long_names_and_narrow_windows() -> None:
    class AVeryLongNameForALayerThatDoesNothingMuchAtAllButWantsToBeNamedInFull(Louder):
        pass

    run = training(network(Dense(8), AVeryLongNameForALayerThatDoesNothingMuchAtAllButWantsToBeNamedInFull()))
    with Profile(run) as found:
        run.fit(progress=False)
    assert max(map(len, found.table().splitlines())) <= 80
    assert "AVeryLongName" in found.table()
    rows = found.table(66).partition("\n\nGFLOP/s are")[0].splitlines()[3:]
    assert max(map(len, rows)) <= 66


def test_what_a_program_did_besides_can_be_named() -> None:
    run = training()
    with Profile(run) as found:
        run.fit(progress=False)
    assert re.search(
        r"^reading the data {6,}1,500\.0 ms$", found.table(others={"reading the data": 1.5}), re.M
    )


@pytest.mark.parametrize(("encoding", "as_it_is"), [("utf-8", True), ("ascii", False), ("cp1252", False)])
def test_the_table_on_a_stream_that_lacks_letters(encoding: str, as_it_is: bool) -> None:
    run = training(network(Louder()))
    with Profile(run) as found:
        run.fit(progress=False)
    text = plain(found.table(), encoding)
    assert (text == found.table()) is as_it_is
    assert text.encode(encoding)
    assert text.isascii() is not as_it_is


@pytest.mark.parametrize("shares", [[1.0], [1 / 3] * 3, [0.0004] * 100 + [0.96], [0.5, 0.25, 0.125, 0.125]])
def test_rounded_shares_add_up(shares: list[float]) -> None:
    rounded = table._rounded(shares)
    assert sum(rounded) == 1000
    assert all(abs(r - 1000 * s) <= 1 for r, s in zip(rounded, shares))


def test_a_machine_with_other_work_to_do_is_named() -> None:
    run = training()
    with Profile(run) as found:
        run.fit(progress=False)
    found._waiting.passed, found._waiting.worked = 2.0, 2.0
    assert "at it" not in found.table()
    found._waiting.worked = 1.0
    assert "For 50 % of the time the processor was not at it" in found.table()
