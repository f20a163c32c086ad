"""How far what is sent to a page is ahead of what the page has read.

Between the two lie buffers: of the notebook's server, of TCP, of the browser. They take seconds of pictures,
and a slow page would see what a button did as late as that. So the page tells what it has read, and is a few
messages behind at most; one that stops telling still gets a message now and then, ever more seldom.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

AHEAD = 4  # pieces of news that may be under way, or wait to be painted
SOONEST = 1.0  # seconds between two of them to a page that does not read
SHARE = 0.1  # of the time since it last read, where that is more


class Ahead:
    """Counts the messages to one page. All of it belongs to one event loop.

    Only news wait for room: answers to what the page asks are as many as it asks for.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._moved = asyncio.Event()
        self.sent = self.read = 0  # messages, by their numbers
        self._news: deque[int] = deque(maxlen=AHEAD)  # the last of them that were news
        self._read_at = clock()

    def went(self) -> int:
        """Count a message that is sent now, and return its number."""
        self.sent += 1
        return self.sent

    def take(self, read: object) -> bool:
        """Take the page's word that it has read so far; False if it cannot be."""
        if not (isinstance(read, int) and self.read < read <= self.sent):
            return False
        self.read, self._read_at = read, self._clock()
        self._moved.set()
        return True

    async def room(self) -> None:
        """Wait, after news went, until there is room for more, which is the newest by then."""
        self._news.append(self.sent)
        began = self._clock()
        while len(self._news) == AHEAD and self._news[0] > self.read:
            self._moved.clear()
            pause = max(SOONEST, SHARE * (self._clock() - self._read_at))
            left = began + pause - self._clock()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                return
