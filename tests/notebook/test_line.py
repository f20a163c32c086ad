"""What is sent to a page that reads, and to one that does not."""

import asyncio
from typing import Any

import pytest

from glassnet.notebook import line
from glassnet.notebook.line import Line, is_page
from glassnet.studio.ahead import AHEAD


class Host:
    """Keeps the news that are sent, with a clock that the test moves."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.now = 0.0
        self.line = Line("p", lambda content, buffers: self.sent.append(content), lambda: self.now)

    async def tell(self) -> None:
        await self.line.send(b"x")
        await self.line.room()


def test_a_page_that_reads_gets_each_message_at_once() -> None:
    async def talk() -> Host:
        host = Host()
        for number in range(1, 30):
            await host.tell()
            host.line.hear({"page": "p", "read": number}, [])
        return host

    host = asyncio.run(asyncio.wait_for(talk(), 5))
    assert [content["number"] for content in host.sent] == [*range(1, 30)]


def test_a_page_that_does_not_read_gets_ever_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    host_times: list[float] = []

    async def talk(seconds: float) -> None:
        host = Host()

        async def wait_for(moved: Any, left: float) -> None:  # time passes, and nothing is heard
            moved.close()
            host.now += left
            raise TimeoutError

        monkeypatch.setattr(line.asyncio, "wait_for", wait_for)
        while host.now < seconds:
            host_times.append(host.now)
            await host.tell()

    asyncio.run(talk(3600))
    minute = sum(when < 60 for when in host_times)
    assert AHEAD < minute < 40
    assert len(host_times) < 80
    assert host_times[-1] - host_times[-2] > 100


def test_a_word_of_what_was_read_lets_the_next_one_go() -> None:
    async def talk() -> None:
        host = Host()
        for _ in range(AHEAD - 1):
            await host.tell()
        sending = asyncio.ensure_future(host.tell())
        await asyncio.sleep(0.01)
        assert not sending.done()
        for wrong in (0, -1, 99, "1", None, True):  # read what was never sent
            host.line.hear({"page": "p", "read": wrong if wrong is not True else 0}, [])
        await asyncio.sleep(0.01)
        assert not sending.done()
        host.line.hear({"page": "p", "read": 2}, [])
        await asyncio.wait_for(sending, 5)

    asyncio.run(talk())


def test_a_page_that_says_nothing_has_gone_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PATIENCE", 0.05)

    async def talk() -> None:
        quiet = Line("p", lambda content, buffers: None)
        assert await quiet.receive() is None
        leaving = Line("p", lambda content, buffers: None)
        leaving.hear({"page": "p", "said": "{}"}, [])
        leaving.hear({"page": "p", "bye": True}, [])
        assert await leaving.receive() == "{}"
        assert await leaving.receive() is None

    asyncio.run(asyncio.wait_for(talk(), 5))


def test_what_is_no_message_of_a_page_is_none() -> None:
    assert is_page({"page": "abc"})
    for content in (None, "page", [], {}, {"page": ""}, {"page": 3}, {"page": "x" * 41}):
        assert not is_page(content)
