"""When to look: so often that it seems live, so seldom that it costs next to nothing."""

from collections import deque
from time import perf_counter

SOME = 5  # looks by whose shortest the cost is told: another process may have been in between
WINDOW = 2.0  # seconds


class Pace:
    """When a look of one kind is due: every so many seconds, and more rarely where it takes long.

    `share` is the part of all time that such looks may take; `next` is a time by `perf_counter`.
    """

    def __init__(self, every: float, share: float) -> None:
        self.every, self.share = every, share
        self.next = 0.0
        self._took: deque[float] = deque(maxlen=SOME)

    @property
    def cost(self) -> float:
        """The seconds that a look takes."""
        return min(self._took, default=0.0)

    def done(self, started: float) -> float:
        """Tell that a look was taken, from `started` until now; return now."""
        now = perf_counter()
        self._took.append(now - started)
        self.next = started + max(self.every, self.cost / self.share)
        return now

    def put_off(self, seconds: float) -> None:
        """Let the next look wait as after one that took so long: there was one elsewhere."""
        self.next = perf_counter() + max(self.every, max(seconds, self.cost) / self.share)


class Meter:
    """What happened in the last two seconds: `examples` were trained on, `spent` seconds went into looking.

    Both are counted up from outside.
    """

    def __init__(self) -> None:
        self.examples, self.spent = 0, 0.0
        self._marks: deque[tuple[float, int, float]] = deque()

    def restart(self) -> None:
        """Forget: training stood still."""
        self._marks.clear()

    def read(self) -> tuple[float | None, float | None]:
        """Return examples a second, and the share of the time that was spent; None for want of time."""
        now = perf_counter()
        marks = self._marks
        marks.append((now, self.examples, self.spent))
        while len(marks) > 2 and marks[1][0] < now - WINDOW:
            marks.popleft()
        began, examples, spent = marks[0]
        took = now - began
        if not took:
            return None, None
        return (self.examples - examples) / took, min(1.0, (self.spent - spent) / took)
