"""The hub: everybody gets the newest of each topic, and nobody is waited for."""

import asyncio
import threading
from contextlib import aclosing

from glassnet.studio.hub import Hub


async def some(hub: Hub, count: int) -> list[bytes]:
    async with aclosing(hub.listen()) as messages:
        return [message async for _, message in _counted(messages, count)]


async def _counted(messages, count):
    for number in range(count):
        yield number, await asyncio.wait_for(anext(messages), 5)


def test_who_comes_late_gets_the_newest_of_each_topic_in_order() -> None:
    hub = Hub()
    for topic, message in [("frame", b"1"), ("session", b"s"), ("frame", b"2"), ("data", b"d")]:
        hub.publish(topic, message)
    assert asyncio.run(some(hub, 3)) == [b"s", b"d", b"2"]


def test_a_slow_listener_skips_what_was_overtaken() -> None:
    async def slowly() -> list[bytes]:
        hub = Hub()
        async with aclosing(hub.listen()) as messages:
            hub.publish("frame", b"0")
            got = [await anext(messages)]
            for number in range(1, 100):
                hub.publish("frame", b"%d" % number)
            got.append(await anext(messages))
            return got

    assert asyncio.run(slowly()) == [b"0", b"99"]


def test_another_thread_wakes_all_listeners() -> None:
    hub = Hub()

    async def everybody() -> list[list[bytes]]:
        listeners = [asyncio.create_task(some(hub, 2)) for _ in range(3)]
        while hub.viewers < 3:
            await asyncio.sleep(0)

        def speak() -> None:
            hub.publish("session", b"a")
            hub.publish("frame", b"b")

        thread = threading.Thread(target=speak)
        thread.start()
        found = await asyncio.gather(*listeners)
        thread.join()
        return found

    assert asyncio.run(everybody()) == [[b"a", b"b"]] * 3
    assert hub.viewers == 0


def test_a_listener_that_goes_is_not_counted() -> None:
    async def come_and_go() -> tuple[int, int]:
        hub = Hub()
        hub.publish("session", b"s")
        async with aclosing(hub.listen()) as messages:
            await anext(messages)
            there = hub.viewers
        return there, hub.viewers

    assert asyncio.run(come_and_go()) == (1, 0)


def test_publishing_after_the_loop_has_closed_is_harmless() -> None:
    hub = Hub()
    hub.publish("session", b"s")
    assert asyncio.run(some(hub, 1)) == [b"s"]
    hub.publish("frame", b"f")
    assert hub.newest("frame") == b"f"
    assert hub.newest("timeline") is None
