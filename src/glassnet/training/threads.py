"""The BLAS threads of a run: chosen at its start, and given up if they turn out to be in each other's way."""

import math
from contextlib import ExitStack
from time import perf_counter

from glassnet import blas
from glassnet.nn.network import Network

WINDOW_SECONDS, WINDOW_STEPS = 0.1, 8  # what steps usually take is told by so many, at least
PATIENCE = 0.4  # seconds lost before several threads are tried against one again
OF_TIME, OF_LOSS = 0.01, 0.1  # trials may take this part of all the time, and this part of the time lost


class Threads:
    """How many threads a run uses: a number, None for what there is, or "auto".

    With "auto" more threads than one are given up for one where they are slower, since a process that was
    not there at the start can make them many times slower. What they do is told by the steps themselves:
    once these have lost some time against what one thread would have taken, the two are tried in turns.
    """

    def __init__(self, threads: int | str | None, network: Network, batch: int) -> None:
        self.count = None if threads is None else blas.choose(threads, network, batch)
        self._auto, self._network, self._batch = threads == "auto", network, batch
        self._spent = 0.0  # seconds in trials during the run
        self._expect(blas.FASTER, 0.0)

    def _expect(self, slowdown: float, seconds: float, usual: float = math.inf) -> None:
        """From now on, so many seconds into training, expect steps to take that part of one thread's time.

        `usual` is the least that a step took since then, 0 if nothing is known of the steps to come.
        """
        self._slowdown, self._usual, self._lost = slowdown, usual, 0.0
        self._since, self._steps = seconds, 0

    def enter(self, stack: ExitStack) -> None:
        """Use that many until the stack is closed."""
        stack.enter_context(blas.limit(self.count))

    def give_up(self, seconds: float, batch: int) -> bool:
        """Whether, after a step and so many seconds of training, one thread is now better; then take it."""
        if not self._auto or self.count is None or self.count == 1:
            return False
        self._steps += 1
        steps, took = self._steps, seconds - self._since
        if took < WINDOW_SECONDS:
            return False
        if batch != self._batch:
            self._batch = batch
            self._expect(1.0, seconds, usual=0.0)
            return False
        if whole := steps >= WINDOW_STEPS:  # of fewer, the last and smaller batch of an epoch may be a half
            self._usual = min(self._usual, took / steps)
        lost = max(0.0, self._lost + took - steps * self._usual / self._slowdown)
        if whole:
            self._lost, self._since, self._steps = lost, seconds, 0
        overspent = max(0.0, self._spent - OF_TIME * seconds)
        return lost >= PATIENCE + overspent / OF_LOSS and self._one_is_better(self.count, seconds)

    def _one_is_better(self, many: int, seconds: float) -> bool:
        started = perf_counter()
        slowdown = blas.slowdown(many, 1, self._network, self._batch)
        self._spent += perf_counter() - started
        self._expect(slowdown, seconds)
        if slowdown < 1:
            return False
        self.count = 1
        return True

    def restore(self, count: int | None, seconds: float) -> None:
        """Go back, or on, to so many threads, after so many seconds of training."""
        self.count = count
        self._expect(1.0, seconds, usual=0.0)
