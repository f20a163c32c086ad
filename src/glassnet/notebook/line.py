"""The way to one page of a notebook's widget, whose host says nothing of what arrived.

The host may keep the page's word from us while a cell computes: such a page gets a message now and then.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from glassnet.studio.ahead import Ahead
from glassnet.view import wire

Post = Callable[[dict[str, Any], list[bytes]], None]

PATIENCE = 180.0  # seconds without a sign of life; hidden pages speak once a minute


class Line:
    """To the page of that name. All of it belongs to one event loop."""

    def __init__(self, page: str, post: Post, clock: Callable[[], float] = monotonic) -> None:
        self._page, self._post, self._clock = page, post, clock
        self._said: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._ahead = Ahead(clock)
        self._heard = clock()

    def hear(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Take what the page says: what it has read, a command, or only that it is there."""
        self._heard = self._clock()
        read, said = content.get("read"), content.get("said")
        self._ahead.take(read)
        if content.get("bye"):
            self._said.put_nowait(None)
        elif isinstance(said, str):
            parts = [bytes(buffer) for buffer in buffers]
            self._said.put_nowait(wire.join(said.encode(errors="replace"), parts) if parts else said)
        elif read is None:
            self._post({"to": self._page}, [])  # so that it knows of us

    async def send(self, message: bytes) -> None:
        """Send a message."""
        self._post({"to": self._page, "number": self._ahead.went()}, [message])

    async def room(self) -> None:
        """Wait until there is room for news."""
        await self._ahead.room()

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
