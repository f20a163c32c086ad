"""When to look: so often that it seems live, so seldom that it costs next to nothing.

What a look costs is this thread's time on the processor, by `thread_time`: another process that was given its
turn meanwhile is not the look's fault.
"""

from collections import deque
from time import perf_counter

WINDOW = 2.0  # seconds


class Pace:
    """When a look of one kind is due: every so many seconds, and more rarely where it costs much.

    `share` is the part of all time that such looks may take; `next` is a time by `perf_counter`.
    """

    def __init__(self, every: float, share: float) -> None:
        self.every, self.share = every, share
        self.next = 0.0

    def done(self, started: float, cost: float) -> None:
        """Tell that a look, begun then, took so many seconds of the processor's."""
        self.next = started + max(self.every, cost / self.share)


class Meter:
    """What happened in the last two seconds: `examples` were trained on, looking cost `spent` seconds.

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
