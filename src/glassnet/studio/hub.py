"""From the thread that trains to those who look on: the newest message of each topic, and nothing else.

A reader that is slow skips what was overtaken; the thread that trains never waits for one.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

# In this order they are handed on: what a page must know to understand the next comes first.
TOPICS = ("hello", "session", "data", "notice", "timeline", "branches", "validation", "frame")


class Hub:
    """The newest bytes of each topic; `viewers` counts those who listen."""

    def __init__(self) -> None:
        self.viewers = 0
        self._newest: dict[str, tuple[int, bytes]] = {}  # number of the message, and itself
        self._published = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ringing = False  # the bell is on its way to the loop
        self._bells: set[asyncio.Event] = set()

    def publish(self, topic: str, message: bytes) -> None:
        """Take the newest message of a topic, from any one thread."""
        self._published += 1
        self._newest[topic] = (self._published, message)
        loop = self._loop
        if loop is not None and not self._ringing and not loop.is_closed():
            self._ringing = True
            with suppress(RuntimeError):  # it has just been closed
                loop.call_soon_threadsafe(self._ring)

    def newest(self, topic: str) -> bytes | None:
        """Return the newest message of a topic."""
        known = self._newest.get(topic)
        return None if known is None else known[1]

    def _ring(self) -> None:
        self._ringing = False
        for bell in self._bells:
            bell.set()

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """Yield the newest message of each topic that this listener has not had, for ever."""
        self._loop = asyncio.get_running_loop()
        bell = asyncio.Event()
        had: dict[str, int] = {}
        self._bells.add(bell)
        self.viewers += 1
        try:
            while True:
                bell.clear()
                for topic in TOPICS:
                    number, message = self._newest.get(topic, (0, b""))
                    if number > had.get(topic, 0):
                        had[topic] = number
                        yield message
                if not any(number > had.get(topic, 0) for topic, (number, _) in [*self._newest.items()]):
                    await bell.wait()
        finally:
            self.viewers -= 1
            self._bells.discard(bell)
