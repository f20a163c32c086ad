"""The chain rule with its numbers, of a run as it is shown: what is kept between two questions about it."""

from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

from glassnet.studio.pace import Pace

if TYPE_CHECKING:
    from glassnet.inside import Inside, Twin
    from glassnet.studio.work import Work

SECONDS, SHARE = 0.25, 0.015  # between two steps that are looked into while a run goes on; of the time
MOST_KEPT = 256  # explanations of one step


class Inspector:
    """Explains units and weights of one work, in its thread, and changes no number of it.

    One step is looked into for all pages that ask. While the run goes on that is not each step, but one
    as recent as its share of the time allows; every answer says which.
    """

    def __init__(self) -> None:
        self._pace = Pace(SECONDS, SHARE)
        self._twin: Twin | None = None
        self._inside: Inside | None = None
        self._of: tuple[Any, ...] = ()  # what the step looked into belongs to
        self._step = -1
        self._told: dict[tuple[int, int, int | None], dict[str, Any]] = {}

    def explain(self, work: "Work", layer: int, unit: int, weight_input: int | None) -> dict[str, Any]:
        """Return the explanation of a unit, or of its weight from an input, as plain data.

        Raises ValueError for a unit that is not there, and where no step can follow.
        """
        past = work.eyes.past
        if past is None and work.status in ("diverged", "failed"):
            why = f"expected a run that can go on, got one that has {work.status}"
            raise ValueError(f"explain: {why}; look at a point of its past")
        if self._is_old(work):
            began, before = perf_counter(), thread_time()
            self._look(work)
            self._pace.done(began, thread_time() - before)
        key = layer, unit, weight_input
        if key not in self._told:
            assert self._inside is not None
            found = (
                self._inside.unit(layer, unit)
                if weight_input is None
                else self._inside.weight(layer, weight_input, unit)
            )
            if len(self._told) >= MOST_KEPT:
                self._told.clear()
            self._told[key] = found.plain()
        return self._told[key]

    def _is_old(self, work: "Work") -> bool:
        of = _of(work)
        if self._inside is None or len(of) != len(self._of) or any(a is not b for a, b in zip(of, self._of)):
            return True
        if work.eyes.past is not None or self._step == work.run.step:
            return False
        return work.status != "running" or perf_counter() >= self._pace.next

    def _look(self, work: "Work") -> None:
        """Look into the step that follows on what is shown; where that is not known, at the network alone."""
        from glassnet.inside import Inside, Twin

        self._inside, self._told = None, {}
        run, eyes, past = work.run, work.eyes, work.eyes.past
        state = past.state if past else run.capture() if work.exact else None
        sample = eyes.sample.x if eyes.sample.index is None else eyes.sample.index
        if state is None:
            step = past.step if past else run.step
            self._inside = Inside(work.shown().network, sample, data=run.data, step=step)
        else:
            self._twin = self._twin or Twin(run)
            self._twin.put(state)
            self._inside = Inside(self._twin, sample)
        self._of, self._step = _of(work), run.step


def _of(work: "Work") -> tuple[Any, ...]:
    """What must be the same, each the same object, for an explanation to hold from one step to the next."""
    return work.run.settings, work.timeline.branch, work.eyes.past, work.eyes.sample
