"""Photos on their way: they arrive whole, all pages together have so much room, and too much ends a page."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import numpy as np
import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from glassnet.studio import limits, server
from glassnet.studio.access import Access
from glassnet.studio.uploads import TOO_LONG, TRY_LATER, Bounded
from glassnet.view.wire import decode, encode
from studio.fakes import FakeHub, FakeSession

MB = 2**20


def file(size: int) -> bytes:
    """A photo of so many bytes that is none."""
    return encode("photo", {"id": 1, "reader": "drawing"}, {"file": np.full(size, 7, np.uint8)})


async def answer(page: ClientConnection) -> dict[str, Any]:
    return decode(await page.recv(decode=False))[0]


async def end_of(page: ClientConnection, message: bytes | AsyncIterator[bytes]) -> int | None:
    """Send what ends the connection, and return why it ended."""
    with suppress(ConnectionClosed):
        await page.send(message)
        await answer(page)
    return page.close_code


def visit(pages: int, talk: Callable[..., Awaitable[None]]) -> None:
    """Let so many pages talk to a server."""

    async def all_of_it() -> None:
        with server.listen(None, 0) as place:
            port = place.getsockname()[1]
            application = server.app(FakeSession(), FakeHub(), Access(port))
            config = uvicorn.Config(
                application, ws=Bounded, ws_max_size=limits.BYTES, lifespan="off", log_config=None
            )
            config.load()
            state, loop = ServerState(), asyncio.get_running_loop()
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(
                    await loop.create_server(lambda: server.Prompt(config, state, {}), sock=place)
                )
                there = []
                for _ in range(pages):
                    page = connect(
                        f"ws://127.0.0.1:{port}/socket", origin=f"http://127.0.0.1:{port}", compression=None
                    )
                    there.append(await stack.enter_async_context(page))
                    assert (await answer(there[-1]))["kind"] == "hello"
                await asyncio.wait_for(talk(*there), 30)
                for page in there:
                    await page.close()
            for _ in range(100):
                if not Bounded.held:
                    break
                await asyncio.sleep(0.05)
            assert Bounded.held == 0

    asyncio.run(all_of_it())


def test_a_large_photo_arrives_whole() -> None:
    async def talk(page: ClientConnection) -> None:
        for size in (10, 3 * MB, limits.PHOTO):
            await page.send(file(size))
            assert "the photo: expected" in (await answer(page))["message"]

    visit(1, talk)


def test_a_photo_that_is_too_large_is_refused_and_far_more_ends_the_page() -> None:
    async def talk(page: ClientConnection) -> None:
        await page.send(file(limits.PHOTO + 8))
        assert "expected 1 byte to 20 MB" in (await answer(page))["message"]
        assert await end_of(page, bytes(limits.BYTES + 1)) == TOO_LONG

    visit(1, talk)


def test_of_photos_that_have_no_room_the_last_ends_and_all_else_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "UPLOADS", 5 * MB)

    async def talk(first: ClientConnection, second: ClientConnection, third: ClientConnection) -> None:
        gate = asyncio.Event()

        async def halves() -> AsyncIterator[bytes]:
            whole = file(6 * MB)
            yield whole[: 4 * MB]
            await gate.wait()
            yield whole[4 * MB :]

        slow = asyncio.create_task(first.send(halves()))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if Bounded.held >= 4 * MB:
                break
        assert await end_of(second, bytes(4 * MB)) == TRY_LATER
        monkeypatch.setattr(limits, "UPLOADS", 3 * MB)  # as if there were more of them
        await third.send(json.dumps({"kind": "start", "id": 3}))
        assert (await answer(third))["kind"] == "done"
        drawing = {"picture": np.zeros((600, 600, 4), np.uint8)}
        await third.send(encode("draw", {"id": 4, "reader": "drawing"}, drawing))
        assert (await answer(third))["kind"] == "reading"
        monkeypatch.setattr(limits, "UPLOADS", 9 * MB)
        gate.set()
        await slow
        assert "expected" in (await answer(first))["message"]

    visit(3, talk)


def test_a_message_in_countless_pieces_ends_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PIECES", 100)

    async def talk(page: ClientConnection) -> None:
        async def crumbs() -> AsyncIterator[bytes]:
            for _ in range(5000):
                yield b"x"

        assert await end_of(page, crumbs()) == TOO_LONG

    visit(1, talk)
