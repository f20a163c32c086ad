"""One page's WebSocket: what is new goes out, commands come in, replies go back."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Any, Protocol

from starlette.websockets import WebSocket

from glassnet.studio import limits
from glassnet.studio.links import of_link
from glassnet.studio.messages import BadCommand, parse
from glassnet.studio.setups import Opening
from glassnet.view.wire import encode

FULL, TOO_FAST = 4429, 1008  # why a WebSocket ends, in numbers that the page knows


class Session(Protocol):
    """What the server asks of a run; `reply` may be called from another thread."""

    def submit(self, command: dict[str, Any], reply: Callable[[bytes], None]) -> None: ...

    def hello(self, role: str) -> bytes: ...


class Hub(Protocol):
    """Where news come from; an empty message says that there is another `hello`."""

    def listen(self) -> AsyncGenerator[bytes, None]: ...


class Conversation:
    """With a page of a role, from its hello until it goes."""

    def __init__(self, socket: WebSocket, role: str, session: Session, opening: Opening | None) -> None:
        self._socket, self._role, self._session, self._opening = socket, role, session, opening
        self._loop = asyncio.get_running_loop()
        self._replies: asyncio.Queue[bytes] = asyncio.Queue()
        self._greeted = b""  # the last hello
        self._waiting = 0  # commands without a reply
        self._bucket = limits.bucket(role)
        self._sending = asyncio.Lock()

    async def hold(self, hub: Hub) -> None:
        """Talk and listen until the page goes, or has to."""
        await self._greet()
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(self._tell(hub)), group.create_task(self._answer())]
            try:
                await self._hear()
            finally:
                for other in others:
                    other.cancel()

    async def _send(self, message: bytes) -> None:
        async with self._sending:  # it waits until the page has room
            await self._socket.send_bytes(message)

    async def _tell(self, hub: Hub) -> None:
        async with aclosing(hub.listen()) as news:
            async for message in news:
                await (self._send(message) if message else self._greet())

    async def _greet(self) -> None:
        """Say hello, unless nothing in it is new to the page."""
        hello = self._session.hello(self._role)
        if hello != self._greeted:
            self._greeted = hello
            await self._send(hello)

    async def _answer(self) -> None:
        while True:
            await self._send(await self._replies.get())
            self._waiting -= 1

    async def _hear(self) -> None:
        while (message := await self._socket.receive())["type"] == "websocket.receive":
            in_time = self._bucket.take()
            if self._bucket.exhausted:
                async with self._sending:
                    await self._socket.close(TOO_FAST, "too many commands")
                return
            try:
                command = parse(message.get("text") or "", self._role)
                if not in_time:
                    rate = f"{self._bucket.rate:g} commands a second"
                    raise BadCommand(f"expected at most {rate}, got more", command["id"])
                if self._waiting >= limits.WAITING:
                    most = f"{limits.WAITING} commands at a time"
                    raise BadCommand(f"expected at most {most}, got more", command["id"])
                await self._pass_on(command)
            except BadCommand as error:
                await self._send(encode("error", {"id": error.id, "message": str(error)}))

    async def _pass_on(self, command: dict[str, Any]) -> None:
        if command["kind"] == "link":
            settings, notices = of_link(command["query"], self._opening)
            for notice in notices:
                await self._send(encode("notice", {"text": notice}))
            command = {"kind": "setup", "id": command["id"], "settings": settings}
        self._waiting += 1
        self._session.submit(command, self._reply)

    def _reply(self, message: bytes) -> None:
        with suppress(RuntimeError):  # the server has gone in the meantime
            self._loop.call_soon_threadsafe(self._replies.put_nowait, message)
