"""Where the time of a step goes, measured from outside: an unprofiled run has no instruction for it.

    with Profile(run) as profile:
        run.fit()
    print(profile.table())

Within the block, and in this one run, the parts that a step calls (taking a batch, each layer, the loss, the
update) have stand-ins that read the clock before and after. What is computed stays the same to the last bit.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from time import perf_counter
from types import TracebackType
from typing import Any

from glassnet import blas
from glassnet.nn.layer import Layer
from glassnet.nn.passes import Pass
from glassnet.training.events import Epoch, Event, Step
from glassnet.training.loop import Training
from glassnet.training.profiling import products, table
from glassnet.training.profiling.rows import Row
from glassnet.training.profiling.timers import Cost, StandIn, Timer, Waiting, Work, cost

FREQUENT = 0.1  # of the steps: batches of a size that fewer have are not worth measuring a limit for


class Profile:
    """Measures a run within a `with` block, and says afterwards where the time of its steps went.

    `rows` are the parts of a step in their order; their seconds are means over all `steps` made in the
    block, shorter last batches included, and add up to a step. "events" is what was done between two steps
    by those who hear of them, "the rest" the loop's own. Reading the clock takes `clock_seconds` a step,
    which are in none of the rows. `ends` are the seconds, in all, of each part of the `epochs` ends of
    epochs, and `others` those of whatever else the run did: its start, its end, changes.

    A block left by `break` or by an error is about the steps made until then. One that is entered again
    counts on. As it is left, unless by an error, the machine's limit for the matrix products is measured,
    which takes some tenths of a second. Raises ValueError if the run is being profiled already.
    """

    def __init__(self, run: Training) -> None:
        self.run = run
        self.steps = self.epochs = 0
        self.ends = {"measuring": 0.0, "copying": 0.0, "events": 0.0}
        self.others = 0.0
        self.threads = run.threads
        self.batches: Counter[int] = Counter()  # how many steps there were with so many examples
        layers = [_name(place, layer) for place, layer in enumerate(run.network.body, 1)]
        self._data, self._loss = Timer("data"), Timer(f"loss {run.loss.name}")
        self._update = Timer(f"optimizer {type(run.optimizer).__name__}")
        self._accuracy = Timer("accuracy" if run.network.classifies else "errors")
        self._forward = [Timer(name, "forward") for name in layers]
        self._backward = [Timer(name, "backward") for name in layers]
        self._timers = [
            self._data, *self._forward, self._loss, *reversed(self._backward), self._update, self._accuracy
        ]  # fmt: skip
        self._work = self._events = self._keeping = 0.0  # seconds in all of: steps, between them, counting
        self._cost = Cost(0.0, 0.0)
        self._limits: dict[products.Product, float] = {}
        self._last: Event | None = None
        self._left = 0.0  # when the last event was handed out
        self._arrays: Pass | None = None
        self._tally: Any = None
        self._waiting = Waiting()
        self._entered = ExitStack()

    # ---- putting stand-ins into the run, and taking them out

    def __enter__(self) -> "Profile":
        """Begin to measure."""
        if "_work" in vars(self.run):
            raise ValueError("Profile: expected a run that nothing profiles, got one that is being profiled")
        engine = self.run._engine
        self._cost, self._last = cost(), None
        for timer in self._timers:  # of a step that an error broke off
            timer.keep(False)
        self._waiting.begin()
        self._replace(self.run, "_work", self._watched(self.run._work))
        self._replace(engine, "_load", self._data.around(engine._load))
        self._replace(engine, "loss", StandIn(engine.loss, self._loss.around(engine.loss)))
        self._replace(engine, "_update", StandIn(engine._update, self._update.around(engine._update)))
        self._entered.callback(self._let_go)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Make the run as it was, and measure the limit of its matrix products unless there was an error."""
        self._waiting.end()
        if self._last is not None and self._last.kind == "end":
            self._count_between(perf_counter() - self._left)
        self._entered.close()
        self.threads = self.run.threads
        self._limits.clear()
        if kind is None:
            self._measure_limits()

    def _replace(self, owner: Any, name: str, stand_in: Any) -> None:
        there = vars(owner)
        if name in there:
            self._entered.callback(setattr, owner, name, there[name])
        else:
            self._entered.callback(delattr, owner, name)
        setattr(owner, name, stand_in)

    def _hold(self) -> None:
        """Time the layers of the run's pass, which another batch size makes anew, and an epoch's sums."""
        engine = self.run._engine
        if engine.arrays is not self._arrays:
            self._let_go()
            self._arrays = arrays = engine.arrays
            stand_ins: list[Any] = [
                StandIn(
                    layer, forward=forward.around(layer.forward), backward=backward.around(layer.backward)
                )
                for layer, forward, backward in zip(arrays.layers, self._forward, self._backward)
            ]
            arrays.layers = stand_ins
        if engine.place.tally is not self._tally:
            tally: Any = engine.place.tally
            self._tally = tally
            tally.add = self._accuracy.around(tally.add)

    def _let_go(self) -> None:
        if self._arrays is not None:
            stand_ins: list[Any] = self._arrays.layers
            self._arrays.layers = [layer.original for layer in stand_ins]
        if self._tally is not None:
            del self._tally.add
        self._arrays = self._tally = None

    # ---- measuring

    def _watched(self, work: Work) -> Work:
        def watched() -> Event:
            entered = perf_counter()
            if self._last is not None:
                self._count_between(entered - self._left)
            self._hold()
            started = perf_counter()
            event: Event = work()
            ended = perf_counter()
            self._count(event, ended - started)
            self._last, self._left = event, perf_counter()
            if event.__class__ is Step:
                self._keeping += started - entered + self._left - ended
            return event

        return watched

    def _count_between(self, seconds: float) -> None:
        if self._last.__class__ is Step:
            self._events += seconds
        elif self._last.__class__ is Epoch:
            self.ends["events"] += seconds
        else:
            self.others += seconds

    def _count(self, event: Event, seconds: float) -> None:
        is_step = event.__class__ is Step
        for timer in self._timers:
            timer.keep(is_step)
        if is_step:
            self.steps += 1
            self._work += seconds
            self.batches[len(self.run.batch)] += 1
        elif isinstance(event, Epoch):
            self.epochs += 1
            self.ends["measuring"] += event.validation_seconds
            self.ends["copying"] += seconds - event.validation_seconds
        else:
            self.others += seconds

    def _measure_limits(self) -> None:
        frequent = [n for n, steps in self.batches.items() if steps >= FREQUENT * self.steps]
        needed = {p for n in frequent for made in self._products(n).values() for p in made}
        dtype = self.run.network.dtype
        with blas.limit(self.threads):
            self._limits = {product: products.least_seconds(product, dtype) for product in sorted(needed)}

    def _products(self, n: int) -> dict[Timer, list[products.Product]]:
        """Return the matrix products of each part, for a batch of n."""
        made, arrays = {}, self.run.flow
        for i, layer in enumerate(self.run.network.body):
            made[self._forward[i]] = products.forward(layer, n)
            if self._backward[i].calls:
                made[self._backward[i]] = products.backward(layer, n, arrays.gradients[i] is not None)
        return made

    # ---- what was found

    @property
    def rows(self) -> list[Row]:
        """The parts of a step in their order; empty before the first step."""
        if not self.steps:
            return []
        inside, outside = self._cost
        called = [timer for timer in self._timers if timer.calls]
        seconds = [max(0.0, timer.seconds - timer.calls * inside) for timer in called]
        rest = self._work - sum(timer.seconds + timer.calls * outside for timer in called)
        seconds += [max(0.0, rest), self._events]
        per_step, share = 1 / self.steps, 1 / (sum(seconds) or 1.0)
        rows = [
            Row(timer.name, timer.direction, s * per_step, s * share, timer.calls, *self._multiplied(timer))
            for timer, s in zip(called, seconds)
        ]
        for name, s in zip(("the rest", "events"), seconds[-2:]):
            rows.append(Row(name, "", s * per_step, s * share, self.steps))
        return rows

    def _multiplied(self, timer: Timer) -> tuple[float, float | None]:
        """Return, for a step, the operations of a part's matrix products and the least seconds they take."""
        operations = measured = seconds = 0.0
        for n, steps in self.batches.items():
            for product in self._products(n).get(timer, ()):
                operations += steps * product.operations
                if product in self._limits:
                    measured += steps * product.operations
                    seconds += steps * self._limits[product]
        if not measured:
            return operations / self.steps, None
        return operations / self.steps, seconds * operations / measured / self.steps

    @property
    def clock_seconds(self) -> float:
        """What measuring itself took of a step; it is in none of the rows."""
        calls = sum(timer.calls for timer in self._timers)
        return (self._keeping + calls * sum(self._cost)) / self.steps if self.steps else 0.0

    @property
    def waited(self) -> float:
        """The share of the time in the block for which the processor did not work for its thread."""
        return self._waiting.share

    def table(self, width: int = 80, others: Mapping[str, float] | None = None) -> str:
        """Return all of it as text, in lines of at most `width` letters wherever the names allow it.

        `others` are seconds to name beside those of the run, such as those that a program spent before it.
        """
        return table.table(self, width, others)


def _name(place: int, layer: Layer) -> str:
    """Return a layer's place and label and, where weights or a new shape make it, the shape it leaves."""
    weights = any(parameter.penalized for parameter in layer.parameters().values())
    made = weights or layer.output_shape != layer.input_shape
    return f"{place} {layer.label()}" + (f" {' × '.join(map(str, layer.output_shape))}" if made else "")
