"""A loss that becomes NaN or infinite: said at that step, with the layer's name, the last good model kept.

Warnings are errors in these tests, so a run that diverges must also do so quietly.
"""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from glassnet.data import Dataset, Split
from glassnet.nn import BatchNorm, Dense, Dropout, Layer, ReLU, Sigmoid
from glassnet.training import End, Training
from training.small import bits, blobs, kinds, network, training


def end_of(run: Training) -> End:
    *_, end = run
    assert isinstance(end, End)
    return end


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
@pytest.mark.parametrize("full_pass", [False, True])
@pytest.mark.parametrize("batch_size", [16, "full"])
@pytest.mark.parametrize("rate", [1e20, 1e38, 1e300])
def test_a_huge_learning_rate(rate: float, batch_size: Any, full_pass: bool, optimizer: str) -> None:
    net = network(Dense(8), BatchNorm(), ReLU(), Dropout(0.2), Dense(6), ReLU())
    run = training(
        net, learning_rate=rate, batch_size=batch_size, full_pass=full_pass, optimizer=optimizer, epochs=9
    )
    before = bits(net)
    end = end_of(run)
    if end.reason == "diverged":  # adaptive steps are so far off that they may stay finite
        assert re.match(r"the loss is not finite (at|after) step \d+ \(epoch \d\): \w+ \d: its", end.message)
        assert "what usually helps: a smaller learning rate (it was " in end.message
        assert "\n" not in end.message
        if end.epoch == 1:
            assert bits(net) == before
            assert end.message.endswith("the network is kept as it was before the first step")
    else:
        assert optimizer in ("rmsprop", "adam")
    assert np.isfinite(net.parameters.vector).all()
    assert np.isfinite(net.state.vector).all()
    assert np.isfinite(net.predict_proba(blobs().test.images)).all() or end.reason == "finished"


def test_the_last_good_epochs_network_is_kept() -> None:
    net = network(Dense(8), BatchNorm(), ReLU())
    run = training(net, epochs=9)
    good = b""
    for event in run:
        if event.kind == "epoch":
            good = bits(net)
        if event.kind == "step" and event.step == 7:
            run.change(learning_rate=1e30)
    assert isinstance(event, End)
    assert (event.reason, event.epoch) == ("diverged", 3)
    assert event.message.endswith("the network is kept as after epoch 2")
    assert bits(net) == good
    assert list(run) == []
    assert not net.training_now


class Breaks(Layer):
    """Passes everything on until its `times` are over; then what comes out is infinite."""

    def __init__(self, times: int) -> None:
        self.times = times

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        self.times -= memory.training
        np.copyto(y, x if self.times >= 0 else np.inf)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        if dx is not None:
            np.copyto(dx, dy)


@pytest.mark.parametrize("times", range(6))
def test_the_step_and_the_layer_are_named(times: int) -> None:
    end = end_of(training(network(Dense(8), Breaks(times))))
    epoch = 1 + times // 3
    assert (end.step, end.epoch) == (times, epoch)
    assert end.message.startswith(
        f"the loss is not finite at step {times + 1} (epoch {epoch}): Breaks 2: its outputs overflow, from"
    )


def test_parameters_that_broke_are_named() -> None:
    net = network(Dense(8), ReLU())
    run = training(net, learning_rate=1.0, optimizer="sgd")
    for _ in range(3):
        next(run)
    net.parameters["3.b"][0] = np.nan
    end = end_of(run)
    assert end.step == 2
    assert "Dense 3: its b is no longer finite" in end.message


@pytest.mark.parametrize("validation", [0, 0.2])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_epochs_last_update_is_looked_at_too(value: float, validation: float) -> None:
    net = network(Dense(8), ReLU())
    run = training(net, blobs(validation=validation))
    for event in run:
        if event.kind == "epoch":
            break
    good = bits(net)
    while next(run).kind == "step" and run.step % run.total_steps:
        pass
    net.parameters["1.W"][...] = value
    net.parameters["1.W"][0] = -value
    rest = list(run)
    assert kinds(rest) == ["end"]
    end = rest[0]
    assert isinstance(end, End)
    assert (end.reason, end.epoch, end.step) == ("diverged", 2, run.total_steps)
    assert f"after step {run.total_steps} (epoch 2): Dense 1: its W is no longer finite" in end.message
    assert bits(net) == good


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_inputs_that_are_not_finite(value: float) -> None:
    data = blobs()
    inputs = data.train.inputs.copy()
    inputs[data.train.rows[7], 2] = value
    broken = replace(data, train=Split(inputs, data.train.targets, data.train.rows))
    end = end_of(training(data=broken))
    assert end.reason == "diverged"
    assert "the inputs contain NaN or infinity" in end.message


def test_a_loss_that_overflows_by_itself() -> None:
    targets = np.full((20, 1), 1e30)
    end = end_of(training(network(outputs=1), Dataset.from_arrays(np.ones((20, 4)), targets)))
    assert end.reason == "diverged"
    assert "the loss of finite outputs up to" in end.message


def test_a_run_that_diverged_goes_on_only_from_a_good_state(capsys: pytest.CaptureFixture[str]) -> None:
    run = training(network(Dense(8), Breaks(1)))
    state = run.capture()
    run.fit(progress=True)
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(ValueError, match="expected a run that can go on, got one that diverged"):
        run.change(epochs=50)
    run.restore(state)
    run.change(epochs=50)
    assert next(run).kind == "start"
    run.close()


def test_clipping_is_not_recommended_to_who_clips() -> None:
    end = end_of(training(network(Dense(8), Breaks(1)), clip=1.0))
    assert "clipping" not in end.message
    assert "clipping gradients (clip=1)" in end_of(training(network(Dense(8), Breaks(1)))).message


def test_a_saturated_network_does_not_diverge() -> None:
    """Huge logits are no reason to stop: the losses are computed on logits, stably."""
    net = network(Dense(8), Sigmoid())
    net.parameters.vector[...] *= 1e4
    assert end_of(training(net, learning_rate=1e-6)).reason == "finished"


def test_running_means_that_broke_are_named() -> None:
    """Activations so large that only their variance overflows: the loss stays finite all the same."""
    net = network(Dense(8), BatchNorm(), ReLU())
    net.parameters["1.W"][...] *= 1e25
    end = end_of(training(net, learning_rate=1e-9))
    assert "after step 3 (epoch 1): BatchNorm 2: its running_variance is no longer finite" in end.message
    assert np.isfinite(net.state.vector).all()
