"""The training loop: an iterator of events.

    for event in Training(network, data, epochs=4): ...

Pausing is not asking for the next event; closing pauses too, and gives the BLAS threads back. Between two
events the whole state can be captured and restored, and settings can be changed.
"""

import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from copy import copy
from typing import Any

from glassnet import __version__
from glassnet.data.dataset import Dataset
from glassnet.nn import optimizers, schedules
from glassnet.nn.losses import Loss
from glassnet.nn.network import Network
from glassnet.nn.optimizers import Optimizer
from glassnet.nn.schedules import Schedule
from glassnet.training.engine import Engine, Order
from glassnet.training.events import Change, End, Event, Start, Step
from glassnet.training.identity import describe, differs
from glassnet.training.pairing import pair
from glassnet.training.settings import Settings
from glassnet.training.state import State
from glassnet.training.threads import Threads
from glassnet.training.variation import Maker, Variation, told
from glassnet.training.view import View

Callback = Callable[[Event, "Training"], None]


class Training(View):
    """Trains `network` on `data.train`, measuring after each epoch on `data.validation` if it is not empty.

    The network takes over the set's scaling and class names if it has none of its own.

    loss            a name or a Loss; by default the network's own, else by the kind of targets and outputs
    optimizer       a name or an Optimizer
    learning_rate   a number, or a schedule such as `OneCycle(0.1)`; by default the optimizer's usual one
    batch_size      examples a step, or "full"; the last batch of an epoch may be smaller
    l1, l2          added to the loss: l1 Σ|w| + l2/2 Σw² over the weights (events tell the loss without it)
    weight_decay    decoupled decay, for any optimizer; by default the optimizer's own
    dropout         the rate of all Dropout layers; by default their own
    max_norm        the longest that one unit's incoming weights may be after an update
    clip            the longest that the whole gradient may be
    seed            decides the order of examples and dropout's masks
    full_pass       measure training loss and accuracy by a pass over all examples at each epoch's end,
                    instead of by the running mean over its batches
    patience        end after so many epochs without a better one (`best` says which is better); None: never
    order           a function from the number of an epoch, from 0, to the order of all examples in it; by
                    default a permutation by the seed. One batch of all examples has the set's own order
    augment         what distorts a step's images, such as `glassnet.data.augment.Augment()`: a function of
                    images (n, H, W) and a generator, to others of that shape
    outliers        (share, function) likewise: what makes that share of a step's images into things that
                    belong to no class, such as `glassnet.data.nondigits.NonDigits()`; the network is to find
                    all classes alike likely for them, and they count in no accuracy
    threads         BLAS threads from the first event to the last: a number, "auto", or None to leave as is

    Raises ValueError, saying what was expected, for settings out of range and data that do not fit.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset | tuple[Any, Any],
        *,
        loss: str | Loss | None = None,
        optimizer: str | Optimizer = "momentum",
        learning_rate: float | Schedule | None = None,
        epochs: int = 10,
        batch_size: int | str = 32,
        l1: float = 0.0,
        l2: float = 0.0,
        weight_decay: float | None = None,
        dropout: float | None = None,
        max_norm: float | None = None,
        clip: float | None = None,
        seed: int = 0,
        full_pass: bool = False,
        patience: int | None = None,
        order: Order | None = None,
        augment: Maker | None = None,
        outliers: tuple[float, Maker] | None = None,
        threads: int | str | None = "auto",
    ) -> None:
        self.network = network
        self.optimizer = copy(optimizers.get(optimizer))  # its slots belong to this run
        if learning_rate is None:
            learning_rate = self.optimizer.default_learning_rate
        settings = Settings(
            schedules.get(learning_rate), epochs, batch_size, l1, l2, weight_decay, dropout, max_norm, clip,
            seed, full_pass, patience,
        )  # fmt: skip
        self.loss, self.data = pair(network, data, loss)
        self._threads = Threads(threads, network, settings.examples(len(self.data.train)))
        variation = None
        if augment is not None or outliers is not None:
            variation = Variation(self.data, self.loss, augment, outliers, seed)
        self._varied = told(augment, outliers)
        self._engine = Engine(network, self.data, self.loss, self.optimizer, settings, order, variation)
        self._engine.of |= self._varied
        self.history: list[Event] = []  # all events but the steps
        self._pending: deque[Event] = deque()
        self._stopping: str | None = None
        self._started = self._ended = False  # whether the start was said, and the end
        self._restored = False  # and nothing was done since
        self._amid = False  # within a piece of work, or broken off there by an error
        self._entered = False
        self._open = ExitStack()  # what lasts from the first event to the last
        weakref.finalize(self, self._open.close)  # also of a run that is left and forgotten

    # ---- the iterator

    def __iter__(self) -> Iterator[Event]:
        """Go on from where the run stands."""
        return self

    def __next__(self) -> Event:
        """Do the next piece of work and say what came of it."""
        if self._ended:
            raise StopIteration
        if self._amid:
            self._check_sound("go on")
        self._amid = True
        if not self._entered:
            self._enter()
        event = self._work()
        if event.__class__ is not Step:
            self.history.append(event)
        self._amid = False
        return event

    def _work(self) -> Event:
        engine = self._engine
        if not self._started:
            return self._start()
        if self._pending:
            return self._pending.popleft()
        if self._stopping is not None:
            return self._end(self._stopping)
        if engine.epoch_is_over:
            return engine.finish_epoch() or self._end("diverged", engine.fall_back())
        if engine.place.epoch >= engine.settings.epochs:
            return self._end("finished")
        return self._end("early") if engine.place.out_of_patience else self._step()

    def _start(self) -> Event:
        self._started = True
        return Start(self.epoch, self.step, glassnet=__version__, settings=self.describe())

    def _step(self) -> Event:
        engine = self._engine
        event = engine.step()
        if event is None:
            return self._end("diverged", engine.fall_back())
        before = self.threads
        seconds = engine.place.seconds + engine.place.epoch_seconds
        if self._threads.give_up(seconds, engine.arrays.capacity):
            self._pending.append(Change(event.epoch, event.step, {"threads": [before, self.threads]}))
            self._enter()
        return event

    def _end(self, reason: str, message: str = "") -> Event:
        place = self._engine.place
        epoch = place.epoch + 1 if place.position or reason == "diverged" else place.epoch
        self._ended = True
        self.close()
        return End(epoch, place.step, reason, place.seconds + place.epoch_seconds, message)

    def _enter(self) -> None:
        """Begin what lasts from the first event to the last."""
        self._open.close()
        self._threads.enter(self._open)
        self._open.enter_context(self._engine.training())
        self._engine.put_back()
        self._entered, self._restored = True, False

    def close(self) -> None:
        """Pause the run where it stands, without an event; BLAS threads go back to what they were.

        It goes on when the next event is asked for. A `stop` that was not heard yet is forgotten.
        """
        self._entered, self._stopping = False, None
        self._open.close()

    def __enter__(self) -> "Training":
        """Close the run where the block ends, however it ends."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the run."""
        self.close()

    def stop(self, reason: str = "stopped") -> None:
        """Make the next event the last one. May be called from another thread or a signal handler."""
        self._stopping = reason

    def fit(self, *callbacks: Callback, progress: bool = True) -> list[Event]:
        """Run to the end, handing each event to each callback, and return the history (all events but steps).

        With `progress` a line in the terminal follows the run. Ctrl-C ends it cleanly after the step at hand.
        A run that has ended stays so: `change(epochs=…)` gives it more to do. One that was closed, left by
        `break` or by an error in a callback goes on after the last event.
        """
        from glassnet.training.interruption import interruptible
        from glassnet.training.terminal import Terminal

        terminal = Terminal()
        hearers: tuple[Callback, ...] = (*callbacks, terminal) if progress else callbacks
        try:
            with interruptible(self):
                for event in self:
                    for hear in hearers:
                        hear(event, self)
        finally:
            self.close()
            terminal.close()
        return self.history

    # ---- what may be done between two events

    def capture(self) -> State:
        """Return the whole state between two events, as copies.

        The end is no part of it: after the end this is the state just before. Neither is `restore_best`.
        Raises ValueError after a run diverged, whose optimizer is spoilt, or was broken off within a step.
        """
        self._check_sound("capture")
        over = self._ended and bool(self.history) and isinstance(self.history[-1], End)
        return self._engine.capture(tuple(self._pending), len(self.history) - over, self.threads)

    def restore(self, state: State, history: Sequence[Event] | None = None) -> str | None:
        """Go back, or on, to a captured state: what follows is bit for bit what followed it then.

        With the `history` up to there, such as a `Recorder` kept, a new run goes on without another start
        event. Return a warning if the state comes from another glassnet, NumPy, BLAS kernel or processor, so
        that last bits may differ. Raises ValueError, saying what differs, if it is of another network,
        optimizer or set.
        """
        self._engine.restore(state)
        self._threads.restore(state.threads, state.place.seconds + state.place.epoch_seconds)
        if history is not None:
            self.history = [event for event in history if event.__class__ is not Step]
        del self.history[state.history_length :]
        self._pending = deque(state.pending)
        self.close()
        self._started, self._ended, self._amid, self._restored = bool(self.history), False, False, True
        return differs(state.machine)

    def restore_best(self) -> bool:
        """Make the network what it was after the best epoch; False, and no change, if none was finished.

        The run itself stays where it stands: if it goes on, it does so from the network as it was before.
        """
        if self.best is None:
            return False
        self._engine.put_best(self.best)
        self._entered = False  # so that going on begins with putting back
        return True

    def change(self, **settings: Any) -> Change:
        """Change settings from the next step on; the change is itself an event, the next one.

        `learning_rate` (the height of the schedule, or another schedule), `batch_size`, `epochs`, `l1`,
        `l2`, `weight_decay`, `dropout` (one rate for all such layers), `max_norm`, `clip`, `patience`. A
        finished run goes on if it is given more epochs, and one that ended early for at least another epoch,
        also when it was restored from a state taken then. Raises ValueError, changing nothing, for other
        settings and values out of range.
        """
        self._check_sound("change")
        engine, before = self._engine, self.settings
        engine.adopt(before.changed(**settings))
        if self._ended or self._restored or not {"epochs", "patience"}.isdisjoint(settings):
            engine.place.out_of_patience = False
        event = Change(self.epoch + 1, self.step, before.difference(self.settings))
        self._pending.append(event)
        if self._ended and self.epoch < self.settings.epochs:
            self._ended, self._stopping = False, None
        return event

    def _check_sound(self, what: str) -> None:
        if self._amid:
            why = "expected a run between two events, got one within a step, or broken off in one by an error"
            raise ValueError(f"{what}: {why}; restore a state first, or set up a new run")
        if self._ended and self.history and getattr(self.history[-1], "reason", "") == "diverged":
            why = "expected a run that can go on, got one that diverged; restore a state first"
            raise ValueError(f"{what}: {why}")

    def describe(self) -> dict[str, Any]:
        """Return what the run was told, and what was chosen for it, as plain data."""
        run = describe(self.network, self.data, self.loss, self.optimizer, self.settings, self.threads)
        return {**run, **self._varied}
