"""The arithmetic of a run: one update, the end of an epoch, and all that they work with.

The engine knows no order of events and no callbacks: `Training` asks it for the next piece of work.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from functools import partial
from time import perf_counter

import numpy as np

from glassnet.data.dataset import Dataset
from glassnet.nn.dropout import Dropout
from glassnet.nn.losses import Loss
from glassnet.nn.network import Network
from glassnet.nn.optimizers import Optimizer
from glassnet.training.batches import Answers, Batches, Rows
from glassnet.training.divergence import explain
from glassnet.training.events import Epoch, Event, Step
from glassnet.training.identity import compare, identify, machine
from glassnet.training.metrics import evaluate
from glassnet.training.settings import Settings
from glassnet.training.state import BestEpoch, Kept, Place, State
from glassnet.training.update import Update
from glassnet.training.variation import Variation

Order = Callable[[int], Rows]  # the numbers of all examples in the order of an epoch, counted from 0


class Engine:
    """Trains `network` on `data.train`, one step at a time, with an optimizer of its own.

    `place` is where it stands, `good` the network after the last finished epoch and `best` after the best
    one; `total` is the number of updates that the whole run will have made. `arrays` is the pass of the last
    step, over the examples `rows` of `data.train`, in the `order` of each epoch. Raises ValueError if the
    settings ask for dropout of a network that has none.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        loss: Loss,
        optimizer: Optimizer,
        settings: Settings,
        order: Order | None = None,
        variation: Variation | None = None,
    ) -> None:
        self.network, self.data, self.loss, self.optimizer = network, data, loss, optimizer
        self._variation = variation
        self._given = order if order is None else partial(_checked, order, len(data.train))
        self.of = identify(network, data, loss, optimizer)
        self.place = Place()
        self.generator = np.random.default_rng([settings.seed, 1])  # of dropout's masks
        self.best: BestEpoch | None = None
        self._aside: Kept | None = None  # where the run stands, while the network is as after the best epoch
        self._dropouts = [layer for layer in network.layers if isinstance(layer, Dropout)]
        self._rates, self._decay = tuple(layer.rate for layer in self._dropouts), optimizer.weight_decay
        self._state_lock = network.lock if network.state.vector.size else nullcontext()
        self._update = Update(network, optimizer)
        self._batch, self.rows = 0, np.arange(0)
        self.good = self._copy()
        self.adopt(settings)

    # ---- making ready

    def adopt(self, settings: Settings) -> None:
        """Go on by these settings from the place where it stands."""
        if settings.dropout and not self._dropouts:
            raise ValueError("dropout: expected a network with Dropout layers, got one without")
        self.settings = settings
        for layer, rate in zip(self._dropouts, self._rates):
            layer.rate = rate if settings.dropout is None else settings.dropout
        decay = settings.weight_decay
        self.optimizer.weight_decay = self._decay if decay is None else decay
        batch = settings.examples(len(self.data.train))
        if batch != self._batch:
            self._batch, self.rows = batch, np.arange(0)
            self._batches = Batches(self.network, self.data.train, batch, self._variation)
            self.arrays = self.network.new_pass(batch, training=True, generator=self.generator)
        self._shuffle()

    def _shuffle(self) -> None:
        n, place = len(self._batches), self.place
        if self._batch == n and not place.position:
            self._order = np.arange(n)  # one batch of all, which `Batches` lays in the set's own order
        else:
            # A pure function of the seed and the epoch: going back to an epoch needs no stored order.
            self._order = (self._given or self._permutation)(place.epoch)
        self._order.flags.writeable = False  # whoever asks for the rows of a batch gets a part of it
        epochs_left = self.settings.epochs - place.epoch
        here = math.ceil((n - place.position) / self._batch)
        after = (epochs_left - 1) * math.ceil(n / self._batch)
        self.total = place.step + (here + after if epochs_left > 0 else 0)

    def _permutation(self, epoch: int) -> Rows:
        return np.random.default_rng([self.settings.seed, 0, epoch]).permutation(len(self._batches))

    def twin(self) -> "Engine":
        """Return an engine with a network and an optimizer of its own, to try out in it what would follow.

        It shares the data, and is to be put where it is to stand by `restore`.
        """
        twin = copy(self)
        twin.network, twin.optimizer = self.network.snapshot(), copy(self.optimizer)
        twin._dropouts = [layer for layer in twin.network.layers if isinstance(layer, Dropout)]
        twin._state_lock, twin.generator = nullcontext(), np.random.default_rng()
        twin._update = Update(twin.network, twin.optimizer)
        twin.place, twin._aside, twin._batch = Place(), None, 0
        twin.adopt(self.settings)
        return twin

    # ---- working

    @property
    def epoch_is_over(self) -> bool:
        """Whether all examples of this epoch were seen."""
        return self.place.tally.n == self._batches.count

    @contextmanager
    def training(self) -> Iterator[None]:
        """Let the network know, within the block, that its parameters may change at any moment."""
        self.network.training_now = True
        try:
            yield
        finally:
            self.network.training_now = False

    @property
    def steps_in_epoch(self) -> tuple[int, int]:
        """The updates that this epoch had so far, and will have had, with batches as they are now."""
        return math.ceil(self.place.position / self._batch), math.ceil(len(self._order) / self._batch)

    def _load(self, start: int) -> Answers:
        self.rows = self._order[start : start + self._batch]
        return self._batches.load(self.rows, self.arrays, self.place.step)

    def step(self) -> Step | None:
        """Make one update. None, and no update, if the loss is not finite."""
        started = perf_counter()
        arrays, place = self.arrays, self.place
        with np.errstate(all="ignore"):  # what is not finite is found by looking
            answers = self._load(place.position)
            with self._state_lock:  # for what a forward pass in training changes: running means
                z = arrays.forward()
            loss = float(self.loss(z, answers[0], arrays.output_gradient))
            if not math.isfinite(loss):
                return None
            arrays.backward()
            rate = float(self.settings.schedule(place.step, self.total))
            self._update(self.settings, rate, self.loss.penalty_share)
        accuracy = place.tally.add(loss, z, answers, self.loss.classify)
        place.step += 1
        place.epoch_seconds += perf_counter() - started
        return Step(place.epoch + 1, place.step, loss, accuracy, rate)

    def finish_epoch(self) -> Epoch | None:
        """Measure, and go on to the next epoch. None, and nothing else, if anything is not finite."""
        started = perf_counter()
        network, data, place, settings = self.network, self.data, self.place, self.settings
        full, held = settings.full_pass, len(data.validation) > 0
        trained = evaluate(network, data.train) if full else place.tally.measure(self._batches)
        validated = evaluate(network, data.validation) if held else None
        vectors = network.parameters.vector, network.state.vector
        losses = trained.loss, validated.loss if validated else 0.0
        if not all(np.isfinite(v).all() for v in (*losses, *vectors)):
            return None
        event = Epoch(
            epoch=place.epoch + 1,
            step=place.step,
            seconds=place.epoch_seconds,
            loss=trained.loss,
            accuracy=trained.accuracy,
            validation_loss=validated and validated.loss,
            validation_accuracy=validated and validated.accuracy,
            measured="full" if full else "running",
            learning_rate=float(settings.schedule(place.step - 1, self.total)),
            validation_seconds=perf_counter() - started,
            r2=trained.r2,
            mae=trained.mae,
            validation_r2=validated and validated.r2,
            validation_mae=validated and validated.mae,
        )
        self.place = Place(place.epoch + 1, place.step, seconds=place.seconds + place.epoch_seconds)
        if self.best is not None:
            self.good = self.best.kept  # so that the last one goes before the next needs its room
        self.good = self._copy()
        if self.best is None or rank(event) > rank(self.best.epoch):
            self.best = BestEpoch(event, self.good)
        waited = event.epoch - self.best.epoch.epoch
        self.place.out_of_patience = settings.patience is not None and waited >= settings.patience
        self._shuffle()
        return event

    def fall_back(self) -> str:
        """After a loss that is not finite: say why, and make the network what it was after the last epoch."""
        network, place, good = self.network, self.place, self.good
        when = f"at step {place.step + 1} (epoch {place.epoch + 1})"
        if self.epoch_is_over:  # found at the epoch's end: look at its first batch again
            when = f"after step {place.step} (epoch {place.epoch + 1})"
            self._load(0)
            with np.errstate(all="ignore"):
                self.arrays.forward()
        rate = self.settings.schedule(place.step, self.total)
        message = explain(network, self.arrays, when, rate, clipped=bool(self.settings.clip))
        self.put(good)
        kept = f"as after epoch {good.epoch}" if good.epoch else "as it was before the first step"
        return f"{message}; the network is kept {kept}"

    # ---- keeping and going back

    def _copy(self) -> Kept:
        network = self.network
        return Kept(network.parameters.vector.copy(), network.state.vector.copy(), self.place.epoch)

    def put(self, kept: Kept) -> None:
        """Make the network what it was."""
        with self.network.lock:
            self.network.parameters.vector[...] = kept.parameters
            self.network.state.vector[...] = kept.state

    def put_best(self, best: BestEpoch) -> None:
        """Make the network what it was after the best epoch, until the run goes on."""
        self._aside = self._aside or self._copy()
        self.put(best.kept)

    def put_back(self) -> None:
        """Make the network again, after `put_best`, what it is where the run stands."""
        if self._aside is not None:
            self.put(self._aside)
            self._aside = None

    def capture(self, pending: tuple[Event, ...], history_length: int, threads: int | None) -> State:
        """Return the whole state of a run, as copies, given what `Training` has of it."""
        last = self._aside or self._copy()
        return State(
            settings=self.settings,
            place=self.place.copy(),
            parameters=last.parameters,
            network_state=last.state,
            slots={name: slot.copy() for name, slot in self.optimizer.slots.items()},
            optimizer_steps=self.optimizer.steps,
            generator=dict(self.generator.bit_generator.state),
            dropout_rates=self._rates,
            good=self.good,
            best=self.best,
            pending=pending,
            history_length=history_length,
            threads=threads,
            of=self.of,
            machine=machine(),
        )

    def restore(self, state: State) -> None:
        """Go back, or on, to a state. Raises ValueError, changing nothing, if it is of another run."""
        network, optimizer = self.network, self.optimizer
        compare(state.of, self.of)
        if state.slots.keys() != optimizer.slots.keys():
            raise ValueError(f"restore: expected slots {[*optimizer.slots]}, got {[*state.slots]}")
        if len(state.dropout_rates) != len(self._rates):
            expected, received = f"{len(self._rates)}", f"{len(state.dropout_rates)}"
            raise ValueError(f"restore: expected the rates of {expected} Dropout layers, got {received}")
        parameters, kept = network.parameters.vector, network.state.vector
        pairs = [(state.parameters, parameters), (state.network_state, kept)]
        pairs += [(slot, optimizer.slots[name]) for name, slot in state.slots.items()]
        for good in (state.good, state.best.kept if state.best else state.good):
            pairs += [(good.parameters, parameters), (good.state, kept)]
        for theirs, ours in pairs:
            if (theirs.shape, theirs.dtype) != (ours.shape, ours.dtype):
                expected, received = f"{ours.shape} {ours.dtype}", f"{theirs.shape} {theirs.dtype}"
                raise ValueError(f"restore: expected an array {expected}, got {received}")
        self._aside = None
        self.put(Kept(state.parameters, state.network_state, state.place.epoch))
        for name, slot in state.slots.items():
            optimizer.slots[name][...] = slot
        optimizer.steps = state.optimizer_steps
        self.generator.bit_generator.state = state.generator
        self._rates, self.rows = state.dropout_rates, np.arange(0)
        self.place, self.good, self.best = state.place.copy(), state.good, state.best
        self.adopt(state.settings)


def _checked(order: Order, n: int, epoch: int) -> Rows:
    given = np.array(order(epoch))
    whole = given.shape == (n,) and given.dtype.kind in "iu" and given.min() == 0 and given.max() == n - 1
    if not whole or np.bincount(given).min() == 0:
        raise ValueError(f"order: expected the numbers 0 to {n - 1}, each once, got {given!r:.60}")
    return given


def rank(event: Epoch) -> tuple[float, ...]:
    """Return what makes an epoch better than another, highest first.

    The validation accuracy, then the lower validation loss; of values that loss alone; without validation
    data the training loss.
    """
    if event.validation_loss is None:
        return (-event.loss,)
    return (event.validation_accuracy or 0.0, -event.validation_loss)
