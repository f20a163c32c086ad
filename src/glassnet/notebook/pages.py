"""The open pages of one widget: each view of it, in each browser that shows the notebook."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from glassnet.notebook.line import Line, Post, is_page
from glassnet.studio import limits
from glassnet.studio.conversation import Conversation, Hosts

LOOKING = 2.0  # seconds between two looks at whether there is a way to any page
LOG = logging.getLogger("glassnet")


class Pages:
    """Talks with each page, in a thread of its own: the notebook's own thread may be busy with a cell.

    `post(content, buffers)` sends to all of them, from that thread. `gone` is called there once the
    notebook has closed the way to them, which `is_open` tells. `heard` is whether there ever was one.
    """

    def __init__(self, hosts: Hosts, post: Post, is_open: Callable[[], bool]) -> None:
        self._hosts, self._post, self._is_open = hosts, post, is_open
        self.gone: Callable[[], object] = lambda: None
        self.heard = False
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop, self._over = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._live, name="glassnet pages", daemon=True)
        self._thread.start()

    def hear(self, _widget: object, content: Any, buffers: Sequence[Any]) -> None:
        """Take a message of any page, from whatever thread the notebook has it."""
        if is_page(content):
            self.heard = True
            with suppress(RuntimeError):  # the thread has just ended
                self._loop.call_soon_threadsafe(self._hear, content, buffers)

    def close(self) -> None:
        """Tell all pages that it is over, and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end)
            if threading.current_thread() is not self._thread:
                self._thread.join(timeout=5)

    # ---- the thread

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._watch())
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                self._loop.run_until_complete(asyncio.wait(self._tasks))
        finally:
            self._loop.close()

    async def _watch(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LOOKING)
            if not self._is_open():
                self.gone()

    def _hear(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        name = content["page"]
        line = self._lines.get(name)
        if line is None:
            if content.get("bye") or len(self._lines) >= limits.CONNECTIONS:
                return
            line = self._lines[name] = Line(name, self._post)
            task = self._loop.create_task(self._converse(name, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line.hear(content, buffers)

    async def _converse(self, name: str, line: Line) -> None:
        try:
            await Conversation(line, "drive", self._hosts).hold()
        except Exception:  # one page's end is not the others'; it opens the next with its next word
            LOG.debug("a page of a live view ended", exc_info=True)
        finally:
            if self._lines.get(name) is line:
                del self._lines[name]

    def _end(self) -> None:
        self._over.set()
        self._post({"over": True}, [])
