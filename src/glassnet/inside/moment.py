"""The step to come, as it was really made on a twin of the run: what there was before it and after it."""

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.nn.network import Network
from glassnet.nn.optimizers import Optimizer
from glassnet.nn.passes import Pass
from glassnet.nn.penalties import add_penalty_gradient, clip_norm
from glassnet.training.loop import Training
from glassnet.training.settings import Settings
from glassnet.training.state import Place, State

Array = NDArray[Any]


@dataclass(frozen=True)
class Moment:
    """All that one update works with. Vectors (P,) are of all parameters, in their order.

    `step` updates were made before it, of `total`. `gradient` is what backward left, and `share` that of the
    penalties. Slots are the optimizer's, and `steps` its count after the update. `loss` is the batch's.
    `beyond` tells that the run had ended.
    """

    network: Network
    arrays: Pass
    settings: Settings
    optimizer: Optimizer
    step: int
    total: int
    rate: float
    share: float
    loss: float
    before: Array
    after: Array
    gradient: Array
    slots_before: dict[str, Array]
    slots_after: dict[str, Array]
    steps: int
    beyond: bool

    @cached_property
    def given(self) -> tuple[Array, float]:
        """The gradient that the optimizer is given, with penalties and clipped, and its norm before that."""
        settings, weights, g = self.settings, self.network.weights, self.gradient.copy()
        l1, l2 = self.share * settings.l1, self.share * settings.l2
        add_penalty_gradient(g[weights], self.before[weights], l1, l2, np.empty_like(g[weights]))
        return g, clip_norm(g, settings.clip) if settings.clip else 0.0

    @cached_property
    def unlimited(self) -> Array:
        """The parameters after the optimizer's step, before max-norm: the step made once more, without it."""
        w, optimizer = self.before.copy(), copy(self.optimizer)
        optimizer.start(w, self.network.weights)
        optimizer.slots = {name: slot.copy() for name, slot in self.slots_before.items()}
        optimizer.steps = self.steps - 1
        optimizer.step(w, self.given[0], self.rate)
        return w

    def place_of(self, name: str, *indices: int) -> int:
        """Return where a number of the parameter stands in the vectors."""
        start = 0
        for other, view in self.network.parameters.items():
            if other == name:
                return start + int(np.ravel_multi_index(indices, view.shape))
            start += view.size
        raise KeyError(name)


class Twin:
    """A run's double, in which the next step is made to be looked at.

    Kept between looks, so that they cost little. It has arrays of its own of the size of the run's batch,
    and shares its data.
    """

    def __init__(self, run: Training) -> None:
        self.data = run.data
        self._engine = run._engine.twin()
        self.network = self._engine.network
        self.one = self.network.new_pass(1, input_gradient=True)  # for the sample
        self.moment: Moment | None = None
        self.step = 0

    def put(self, state: State) -> None:
        """Make the step that follows on `state`, as `Training.capture` gives it.

        Of a run that ended it is the first of one more epoch. Where that step's loss is not finite there is
        no `moment`, since the run would end there.
        """
        engine, network = self._engine, self.network
        engine.restore(_upcoming(state, len(engine.data.train)))
        self.step, optimizer = engine.place.step, engine.optimizer
        w, kept = network.parameters.vector, network.state.vector
        before, kept_before = w.copy(), kept.copy()
        slots = {name: slot.copy() for name, slot in optimizer.slots.items()}
        total, place = engine.total, engine.place.step
        event = engine.step()
        self.moment = None
        if event is not None:
            after = {name: slot.copy() for name, slot in optimizer.slots.items()}
            self.moment = Moment(
                network, engine.arrays, engine.settings, optimizer, place, total, event.learning_rate or 0.0,
                engine.loss.penalty_share, event.loss, before, w.copy(), network.gradients.vector.copy(),
                slots, after, optimizer.steps, engine.settings.epochs > state.settings.epochs,
            )  # fmt: skip
        w[...], kept[...] = before, kept_before


def _upcoming(state: State, examples: int) -> State:
    """Return the state from which the next update is made at once: after an epoch's end, of the next."""
    place, settings = state.place, state.settings
    if place.position == examples:
        place = Place(place.epoch + 1, place.step)
    if place.epoch >= settings.epochs:
        settings = settings.changed(epochs=place.epoch + 1)
    return replace(state, place=place, settings=settings)
