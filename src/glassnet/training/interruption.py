"""Ctrl-C during a run: the first ends it cleanly, the second at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from glassnet.training.loop import Training
from glassnet.training.terminal import warn


@contextmanager
def interruptible(run: Training) -> Iterator[None]:
    """Let the first Ctrl-C stop the run after the step at hand; a second one interrupts at once.

    Signals reach the main thread only: elsewhere this changes nothing, and neither where Ctrl-C is the
    business of other than Python code. A shell lets what it runs in the background ignore Ctrl-C; an
    interrupt sent to such a run by its number is meant for it, and heard.
    """
    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or before is None:
        yield
        return

    then = before if callable(before) else signal.default_int_handler
    pressed = False

    def stop(signum: int, frame: Any) -> None:
        nonlocal pressed
        first, pressed = not pressed, True  # no call in this line: a press cannot come between its halves
        if not first:
            then(signum, frame)
            return
        signal.signal(signal.SIGINT, then)
        run.stop("interrupted")
        with suppress(OSError, RuntimeError):  # it may have come in the midst of writing there
            warn("stopping after this step; Ctrl-C again stops at once")

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
