"""What looks at a run while it goes on: each kind of look as often as its share of the time allows."""

from collections.abc import Callable
from time import perf_counter, thread_time
from typing import Any

from glassnet.studio.pace import Meter, Pace
from glassnet.studio.telling import Teller
from glassnet.studio.work import Work
from glassnet.training import Event, Step

FPS = 21  # pictures a second; one more than the 20 that are promised
FRAMES, LIGHT = 0.024, 0.005  # of the time may go into pictures, and into those without weights between them
JUDGING_SECONDS, JUDGING = 0.75, 0.01  # between two judgements, at least; of the time
TELLING_SECONDS, TELLING = 0.5, 0.002  # between two time lines; of the time
EXPLAINING = 0.02  # of the time may go into explanations that pages ask for
ASKING_SECONDS = 1 / (4 * FPS)  # between two looks at whether anything is due


class Lookout:
    """Looks at one work as it goes on, for so many `viewers()`; `next` is when something may be due again.

    A new network gets a new one: what its looks cost is not known from another's.
    """

    def __init__(self, work: Work, teller: Teller, viewers: Callable[[], int]) -> None:
        self.next, self.meter = 0.0, Meter()
        self.keeping = 0.0  # seconds that a snapshot costs
        self._work, self._teller, self._viewers = work, teller, viewers
        self._frames, self._light = Pace(1 / FPS, FRAMES), Pace(1 / FPS, LIGHT)
        self._judging, self._telling = Pace(JUDGING_SECONDS, JUDGING), Pace(TELLING_SECONDS, TELLING)
        self._explaining = Pace(0.0, EXPLAINING)
        self._armed: float | None = None  # seconds that arming for a picture cost
        self.restart()

    def restart(self) -> None:
        """Forget the time in which the run stood still. What was judged there is not judged again at once."""
        self.meter.restart()
        eyes = self._work.eyes
        if eyes.judgement is not None and eyes.judged_at == eyes.run.step:
            self._judging.done(perf_counter(), eyes.judgement.seconds)

    def keep(self) -> None:
        """Take a snapshot."""
        self.keeping = self._cost(self._work.keep)

    def before(self, now: float) -> None:
        """Make ready for a picture of the step to come, if one is due."""
        due = now >= self._frames.next and self._viewers() > 0
        self._armed = self._cost(self._work.eyes.arm) if due else None

    def after(self, event: Event) -> None:
        """Judge and show what is due. Pictures are of steps: at an epoch's end nothing has moved."""
        now = perf_counter()
        watched = self._viewers() > 0
        if now >= self._judging.next:
            self._judging.done(now, self._cost(lambda: self._judge(watched)))
            now = perf_counter()
        if self._armed is not None and isinstance(event, Step):
            self._frames.done(now, self._armed + self._cost(self._picture))
        elif watched and now >= self._light.next and self._frames.next > now + 1 / FPS:
            self._light.done(now, self._cost(lambda: self._tell_frame(weights=False)))
        if watched and now >= self._telling.next:
            self._telling.done(now, self._cost(lambda: self._teller.timeline(self._work)))
        soon = max(self._light.next, perf_counter() + ASKING_SECONDS)
        self.next = min(self._judging.next, soon, self._frames.next if watched else soon)

    def explain(self, layer: int, unit: int, weight_input: int | None) -> dict[str, Any]:
        """Explain a unit or a weight, and count what that costs. Raises what `Inspector.explain` raises."""
        began, before = perf_counter(), thread_time()
        try:
            return self._work.inspector.explain(self._work, layer, unit, weight_input)
        finally:
            cost = thread_time() - before
            self.meter.spent += cost
            self._explaining.done(began, cost)

    def may_explain(self) -> bool:
        """Whether an explanation is within its share of the time: while a run stands, any is."""
        return self._work.status != "running" or perf_counter() >= self._explaining.next

    def _cost(self, look: Callable[[], None]) -> float:
        """Take a look, and return what it cost."""
        before = thread_time()
        look()
        cost = thread_time() - before
        self.meter.spent += cost
        return cost

    def _judge(self, watched: bool) -> None:
        """Judge where the run stands, keep it and tell: all that is in the share of judging."""
        self._work.eyes.measure()
        self._work.keep()
        if watched:
            self._teller.validation(self._work)

    def _picture(self) -> None:
        self._work.eyes.look(often=True)
        self._tell_frame(weights=True)

    def _tell_frame(self, *, weights: bool) -> None:
        self._teller.frame(self._work, *self.meter.read(), weights=weights)
