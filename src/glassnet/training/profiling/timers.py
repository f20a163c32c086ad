"""Stand-ins that read the clock before and after a call, and what reading it costs."""

from collections.abc import Callable
from statistics import median
from time import perf_counter, thread_time
from typing import Any, NamedTuple

Work = Callable[..., Any]
SHORT = 0.2  # seconds: some systems count a thread's time in steps of 16 ms


class Timer:
    """The seconds and calls of one part of a step: those of the step at hand, and of all steps before it."""

    def __init__(self, name: str, direction: str = "") -> None:
        self.name, self.direction = name, direction
        self.now = self.seconds = 0.0
        self.calls_now = self.calls = 0

    def around(self, work: Work) -> Work:
        """Return a function that does the work and counts how long it took."""

        def timed(*arguments: Any, **named: Any) -> Any:
            started = perf_counter()
            result = work(*arguments, **named)
            self.now += perf_counter() - started
            self.calls_now += 1
            return result

        return timed

    def keep(self, counts: bool) -> None:
        """Add the step at hand to those before it, or forget it; begin the next."""
        if counts:
            self.seconds += self.now
            self.calls += self.calls_now
        self.now, self.calls_now = 0.0, 0


class StandIn:
    """Takes the place of a layer, a loss or an update: with some methods timed, all else the original's."""

    def __init__(self, original: Any, call: Work | None = None, **methods: Work) -> None:
        self.original, self._call = original, call
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:
        """Ask the original."""
        return getattr(self.original, name)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be copied: the copy would count into the same timers."""
        raise TypeError(
            "expected a run that is not being profiled to copy or pickle; leave the Profile first"
        )

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Do the timed call."""
        assert self._call is not None
        return self._call(*arguments, **named)


class Waiting:
    """How much of the time between `begin` and `end` this thread was not being computed."""

    def __init__(self) -> None:
        self.passed = self.worked = 0.0

    def begin(self) -> None:
        """Begin to count."""
        self._since = perf_counter(), thread_time()

    def end(self) -> None:
        """Count what passed since `begin`."""
        self.passed += perf_counter() - self._since[0]
        self.worked += thread_time() - self._since[1]

    @property
    def share(self) -> float:
        """The share of the time, 0 to 1; 0 for a block too short to tell."""
        return max(0.0, 1 - self.worked / self.passed) if self.passed > SHORT else 0.0


class Cost(NamedTuple):
    """The seconds that timing one call adds: `inside` what its timer counts, and `outside` it."""

    inside: float
    outside: float


def cost(turns: int = 15, calls: int = 200) -> Cost:
    """Measure what a timer adds to a call of five arguments that does nothing; about a millisecond."""
    timer = Timer("")

    def nothing(a: int, b: int, c: int, d: int, e: int) -> None:
        return None

    def seconds(work: Work) -> float:
        started = perf_counter()
        for _ in range(calls):
            work(1, 2, 3, 4, 5)
        return (perf_counter() - started) / calls

    timed = timer.around(nothing)
    pairs = [(seconds(nothing), seconds(timed)) for _ in range(turns)]
    bare = median(a for a, _ in pairs)
    whole = max(0.0, median(b for _, b in pairs) - bare)
    inside = min(whole, max(0.0, timer.now / timer.calls_now - bare))
    return Cost(inside, whole - inside)
