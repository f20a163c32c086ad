"""How far news are ahead of a page that reads slowly, whatever else it is sent."""

import asyncio

from glassnet.studio.ahead import AHEAD, Ahead


def test_answers_take_no_room_from_news() -> None:
    async def talk() -> None:
        ahead = Ahead()
        for _ in range(AHEAD - 1):
            ahead.went()
            await asyncio.wait_for(ahead.room(), 5)
        for _ in range(100):  # answers
            ahead.went()
        ahead.went()
        last = asyncio.ensure_future(ahead.room())
        done, _ = await asyncio.wait([last], timeout=0.05)
        assert not done
        assert ahead.take(1)  # the first news: of the last, one less than may be is under way
        await asyncio.wait_for(last, 5)

    asyncio.run(talk())
