"""One page, on whatever line it is: what is new goes out, commands come in, replies go back."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from glassnet.studio import limits
from glassnet.studio.answers import refusal
from glassnet.studio.desk import Desk, Job
from glassnet.studio.links import of_link
from glassnet.studio.messages import AT_THE_PAD, BadCommand, parse
from glassnet.studio.pad import Pad
from glassnet.studio.readers import Readers, Shown
from glassnet.studio.setups import Opening
from glassnet.view.wire import encode

FULL, TOO_FAST, TOO_LONG = 4429, 1008, 1009  # why a line ends, in a WebSocket's numbers, which the page knows


class Line(Protocol):
    """The way to one page and back: a WebSocket, or the messages of a notebook's widget."""

    async def send(self, message: bytes) -> None:
        """Send a message."""

    async def room(self) -> None:
        """Wait until the page has read enough for news; answers to what it asks do not wait."""

    async def receive(self) -> str | bytes | None:
        """Return what the page says next, None once it has gone."""

    async def close(self, code: int, why: str) -> None:
        """End it, and say why."""


class Session(Protocol):
    """What a host asks of a run; `reply` may be called from another thread."""

    def submit(self, command: dict[str, Any], reply: Callable[[bytes], None]) -> None: ...

    def hello(self, role: str) -> bytes: ...

    def shown(self) -> Shown | None: ...


class Hub(Protocol):
    """Where news come from; an empty message says that there is another `hello`."""

    def listen(self) -> AsyncGenerator[bytes, None]: ...


class Hosts(NamedTuple):
    """Whom all pages talk to: the session, the hub of its news, and the desk where drawings are read."""

    session: Session
    hub: Hub
    desk: Desk
    readers: Readers
    opening: Opening | None


class Conversation:
    """With a page of a role, from its hello until it goes."""

    def __init__(self, line: Line, role: str, hosts: Hosts) -> None:
        self._line, self._role, self._hosts = line, role, hosts
        self._pad = Pad(hosts.readers)
        self._loop = asyncio.get_running_loop()
        self._replies: asyncio.Queue[bytes] = asyncio.Queue()
        self._greeted = b""  # the last hello
        self._waiting = 0  # commands without a reply
        self._bucket, self._strokes = limits.bucket(role), limits.strokes()
        self._sending = asyncio.Lock()

    async def hold(self) -> None:
        """Talk and listen until the page goes, or has to."""
        await self._greet()
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(self._tell(self._hosts.hub)), group.create_task(self._answer())]
            try:
                await self._hear()
            finally:
                self._hosts.desk.forget(self)
                for other in others:
                    other.cancel()

    async def _send(self, message: bytes) -> None:
        async with self._sending:
            await self._line.send(message)

    async def _tell(self, hub: Hub) -> None:
        async with aclosing(hub.listen()) as news:
            async for message in news:
                await (self._send(message) if message else self._greet())
                await self._line.room()

    async def _greet(self) -> None:
        """Say hello, unless nothing in it is new to the page."""
        hello = self._hosts.session.hello(self._role)
        if hello != self._greeted:
            self._greeted = hello
            await self._send(hello)

    async def _answer(self) -> None:
        while True:
            await self._send(await self._replies.get())
            self._waiting -= 1

    async def _hear(self) -> None:
        while (said := await self._line.receive()) is not None:
            if isinstance(said, str) and len(said) > limits.FRAME:
                await self._end(TOO_LONG, "too long a command")
                return
            refused = self._understand(said)
            said = None  # it may be a photo, and nothing else may come for long
            if self._bucket.exhausted or self._strokes.exhausted:
                await self._end(TOO_FAST, "too many commands")
                return
            if refused is not None:
                await self._send(refused)

    async def _end(self, code: int, why: str) -> None:
        async with self._sending:
            await self._line.close(code, why)

    def _understand(self, said: str | bytes) -> bytes | None:
        """Pass on what a message says; return the reply to one that is refused."""
        try:
            command = parse(said, self._role)
        except BadCommand as error:
            self._bucket.take()
            return refusal(error.id, str(error))
        try:
            self._admit(command["kind"])
            if command["kind"] in AT_THE_PAD:
                self._at_the_pad(command)
            else:
                self._to_the_run(command)
        except ValueError as error:
            return refusal(command["id"], str(error))
        return None

    def _admit(self, kind: str) -> None:
        """Raise ValueError for a command that is one too many."""
        bucket = self._strokes if kind in Desk.QUICK else self._bucket
        if not bucket.take():
            raise ValueError(f"expected at most {bucket.rate:g} commands a second, got more")
        if self._waiting >= limits.WAITING:
            raise ValueError(f"expected at most {limits.WAITING} commands at a time, got more")

    def _at_the_pad(self, command: dict[str, Any]) -> None:
        told = {name: value for name, value in command.items() if name not in ("kind", "id")}
        size = sum(value.nbytes for value in told.values() if isinstance(value, np.ndarray))
        work = partial(getattr(self._pad, command["kind"]), **told)
        self._waiting += 1
        self._hosts.desk.submit(self, command["kind"], Job(command["id"], work, self._reply, size))

    def _to_the_run(self, command: dict[str, Any]) -> None:
        if command["kind"] == "take":
            command["image"] = self._pad.image
        if command["kind"] == "link":
            settings, notices = of_link(command["query"], self._hosts.opening)
            for notice in notices:
                self._waiting += 1
                self._replies.put_nowait(encode("notice", {"text": notice}))
            command = {"kind": "setup", "id": command["id"], "settings": settings}
        self._waiting += 1
        self._hosts.session.submit(command, self._reply)

    def _reply(self, message: bytes) -> None:
        with suppress(RuntimeError):  # the server has gone in the meantime
            self._loop.call_soon_threadsafe(self._replies.put_nowait, message)
