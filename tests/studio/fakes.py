"""A session and a hub that only write down what they are asked, for tests of the server."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from glassnet.studio.readers import Shown
from glassnet.view.wire import encode


class FakeSession:
    """Replies `done` at once, unless it is `mute`; `asked` are the commands that came through."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.mute = False
        self.showing: Shown | None = None

    def hello(self, role: str) -> bytes:
        return encode("hello", {"role": role})

    def shown(self) -> Shown | None:
        return self.showing

    def submit(self, command: dict[str, Any], reply: Callable[[bytes], None]) -> None:
        self.asked.append(command)
        if not self.mute:
            reply(encode("done", {"id": command["id"]}))


class FakeHub:
    """Yields what it was given, then nothing more; `listeners` are there as long as they listen."""

    def __init__(self, *news: bytes) -> None:
        self.news = news
        self.listeners = 0

    async def listen(self) -> AsyncGenerator[bytes, None]:
        self.listeners += 1
        try:
            for message in self.news:
                yield message
            await asyncio.Event().wait()
        finally:
            self.listeners -= 1
