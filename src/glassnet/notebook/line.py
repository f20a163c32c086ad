"""The way to one page of a notebook's widget, whose host says nothing of what arrived.

What is sent to a browser that is closed or slow would wait for it in the notebook's server. So the page tells
what it has read, and is a few messages ahead of that at most. The host may keep its word from us while a cell
computes, so a page that says nothing still gets a message now and then, ever more seldom.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from glassnet.view import wire

Post = Callable[[dict[str, Any], list[bytes]], None]

AHEAD = 4  # messages that may be under way, or wait to be painted
SOONEST = 1.0  # seconds between two messages to a page that does not read
SHARE = 0.1  # of the time since it last read, where that is more
PATIENCE = (
    180.0  # seconds without a sign of life, after which a page has gone; hidden ones speak once a minute
)


class Line:
    """To the page of that name. All of it belongs to one event loop."""

    def __init__(self, page: str, post: Post, clock: Callable[[], float] = monotonic) -> None:
        self._page, self._post, self._clock = page, post, clock
        self._said: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._moved = asyncio.Event()
        self._sent = self._read = 0  # messages, by their numbers
        self._heard = self._read_at = clock()

    def hear(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Take what the page says: what it has read, a command, or only that it is there."""
        self._heard = self._clock()
        read, said = content.get("read"), content.get("said")
        if isinstance(read, int) and self._read < read <= self._sent:
            self._read, self._read_at = read, self._heard
            self._moved.set()
        if content.get("bye"):
            self._said.put_nowait(None)
        elif isinstance(said, str):
            parts = [bytes(buffer) for buffer in buffers]
            self._said.put_nowait(wire.join(said.encode(errors="replace"), parts) if parts else said)
        elif read is None:
            self._post({"to": self._page}, [])  # so that it knows of us

    async def send(self, message: bytes) -> None:
        """Send a message, and wait until there is room for another, which is the newest by then."""
        self._sent += 1
        self._post({"to": self._page, "number": self._sent}, [message])
        sent_at = self._clock()
        while self._sent - self._read >= AHEAD:
            self._moved.clear()
            pause = max(SOONEST, SHARE * (self._clock() - self._read_at))
            left = sent_at + pause - self._clock()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                return

    async def receive(self) -> str | bytes | None:
        """Return what the page says next, None once it has gone."""
        while (left := self._heard + PATIENCE - self._clock()) > 0:
            try:
                return await asyncio.wait_for(self._said.get(), left)
            except TimeoutError:
                continue  # it may have been heard without saying anything
        return None

    async def close(self, code: int, why: str) -> None:
        """Tell the page that there is no more, and why."""
        self._post({"to": self._page, "over": why}, [])


def is_page(content: Any) -> bool:
    """Whether a message is one of a page: it has the page's name."""
    page = content.get("page") if isinstance(content, dict) else None
    return isinstance(page, str) and 0 < len(page) <= 40
