"""An order of one's own for the examples of each epoch, and a loss that takes a share of the penalties."""

from typing import Any

import numpy as np
import pytest

from glassnet.nn.losses import CrossEntropy
from glassnet.training import Epoch, Step
from training.small import bits, network, training


def rows_seen(**settings: Any) -> list[list[int]]:
    """The examples of each epoch, in the order in which they came."""
    run, epochs = training(**settings), [[]]
    for event in run:
        if isinstance(event, Step):
            epochs[-1] += run.batch.tolist()
        elif isinstance(event, Epoch):
            epochs.append([])
    return epochs[:-1]


def test_examples_come_in_the_order_given() -> None:
    orders = [np.arange(40)[::-1], np.roll(np.arange(40), 7)]
    assert rows_seen(order=lambda epoch: orders[min(epoch, 1)]) == [order.tolist() for order in orders]


def test_a_run_goes_on_in_the_order_of_its_epoch() -> None:
    def order(epoch: int) -> np.ndarray:
        return np.roll(np.arange(40), epoch + 1)

    whole = training(order=order)
    list(whole)
    run = training(order=order)
    state = next(run.capture() for event in run if isinstance(event, Step) and event.step == 4)
    again = training(network(seed=9), order=order)
    again.restore(state)
    list(again)
    assert bits(again.network) == bits(whole.network)


@pytest.mark.parametrize(
    "wrong", [range(39), [*range(39), 38], [*range(39), 40], [-1, *range(39)], np.linspace(0, 39, 40)]
)
def test_an_order_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="order: expected the numbers 0 to 39, each once, got"):
        training(order=lambda epoch: wrong)


def test_what_is_handed_out_as_an_order_stays_the_callers() -> None:
    mine = np.arange(40)
    list(training(order=lambda epoch: mine))
    assert mine.flags.writeable


def test_a_loss_may_take_a_share_of_the_penalties() -> None:
    def after_a_step(l2: float, share: float) -> np.ndarray:
        loss = CrossEntropy()
        loss.penalty_share = share
        run = training(
            network(dtype="float64"), loss=loss, l2=l2, l1=l2 / 4, optimizer="sgd", batch_size="full"
        )
        next(run), next(run)
        return run.network.parameters.vector

    np.testing.assert_allclose(after_a_step(0.8, 0.25), after_a_step(0.2, 1.0), rtol=1e-14)
    assert not np.allclose(after_a_step(0.8, 1.0), after_a_step(0.2, 1.0))
