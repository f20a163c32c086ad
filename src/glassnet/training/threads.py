"""The BLAS threads of a run: chosen at its start, and given up if they turn out to be in each other's way."""

from contextlib import ExitStack

from glassnet import blas

TRIAL_EVERY_SECONDS = 2.0  # of training: how long it may take to notice


class Threads:
    """How many threads a run uses: a number, None for what there is, or "auto".

    With "auto" more than one are tried again from time to time, since a process that was not there at the
    start can make them many times slower than one. `product` is the largest matrix product of a step.
    """

    def __init__(self, threads: int | str | None, product: tuple[int, int, int]) -> None:
        self.count = None if threads is None else blas.choose(threads, product)
        self._product = product
        self._auto = threads == "auto"
        self._next_trial = TRIAL_EVERY_SECONDS

    def enter(self, stack: ExitStack) -> None:
        """Use that many until the stack is closed."""
        stack.enter_context(blas.limit(self.count))

    def give_up(self, seconds: float) -> bool:
        """Whether, after so many seconds of training, one thread is now the better choice; then take it."""
        if not self._auto or self.count == 1 or seconds < self._next_trial:
            return False
        self._next_trial = seconds + TRIAL_EVERY_SECONDS
        if blas.choose("auto", self._product) > 1:
            return False
        self.count = 1
        return True

    def restore(self, count: int | None, seconds: float) -> None:
        """Go back, or on, to so many threads, after so many seconds of training."""
        self.count, self._next_trial = count, seconds + TRIAL_EVERY_SECONDS
