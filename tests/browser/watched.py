"""A page in Chromium with what reached it: newest messages, complaints, and every address it asked."""

import json
from collections.abc import Callable
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import BrowserContext, Locator, Page, WebSocket

from glassnet.view.wire import decode

SECONDS = 30.0  # that anything may take on a busy machine

# The next picture, and the gap that the page leaves between two questions at the pad.
PICTURED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"


def with_query(url: str, query: str) -> str:
    """Return an address with more in its query, which may hold a key already."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


class Message(NamedTuple):
    fields: dict[str, Any]
    arrays: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


class Watched:
    """A page on a server; `newest` has the last message of each kind that it received."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url, self.host = url, urlsplit(url).netloc
        self.newest: dict[str, Message] = {}
        self.steps: list[int] = []  # of all pictures
        self.sent = 0
        self._unanswered: set[int] = set()  # commands, by their numbers
        self.complaints: list[str] = []
        self.expected = ""  # a part of complaints that are none in this test
        self.elsewhere: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(1000 * SECONDS)
        self.page.on("console", lambda said: self._console(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", self._connected)
        self.page.goto(url)

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning", "assert") and not (self.expected and self.expected in text):
            self.complaints.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.elsewhere.append(url)

    def _connected(self, socket: WebSocket) -> None:
        self._asked(socket.url)
        self._unanswered.clear()
        socket.on("framesent", self._said)
        socket.on("framereceived", self._received)

    def _said(self, payload: bytes | str) -> None:
        fields = decode(payload)[0] if isinstance(payload, bytes) else json.loads(payload)
        if "read" in fields:  # no question
            return
        self.sent += 1
        self._unanswered.add(fields["id"])

    def _received(self, payload: bytes | str) -> None:
        if not isinstance(payload, bytes):
            return
        fields, arrays = decode(payload)
        self.newest[fields["kind"]] = Message(fields, arrays)
        self._unanswered.discard(fields.get("id"))
        if fields["kind"] == "frame":
            self.steps.append(fields["step"])

    # ---- what is there

    def __getitem__(self, kind: str) -> Message:
        self.until(lambda: kind in self.newest, f"a message of the kind {kind}")
        return self.newest[kind]

    @property
    def status(self) -> str:
        return str(self["session"]["status"])

    @property
    def step(self) -> int:
        return int(self["frame"]["step"])

    def button(self, name: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    # ---- waiting and doing

    def until(self, holds: Callable[[], Any], what: str, seconds: float = SECONDS) -> None:
        """Wait, while messages come in, until something holds. Raises AssertionError, in the end."""
        end = monotonic() + seconds
        while not holds():
            assert monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
            self.page.wait_for_timeout(20)

    def until_status(self, *wanted: str, seconds: float = SECONDS) -> None:
        self.until(lambda: self.status in wanted, f"the status {' or '.join(wanted)}", seconds)

    def until_settled(self) -> None:
        """Wait until all that the page asked is answered, and it has nothing more to ask."""
        sent = -1
        while sent != self.sent:
            self.until(lambda: not self._unanswered, "all answers")
            sent = self.sent
            self.page.evaluate(PICTURED)

    def make_an_epoch(self) -> None:
        """From the start to the end of the first epoch, and wait for all that is told of it."""
        each = self["session"]["steps_an_epoch"]
        self.button("epoch", exact=True).click()
        self.until(lambda: (self.step, self.status) == (each, "paused"), "the end of the epoch")
        self.until(lambda: self["validation"]["step"] == each, "what it came to")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def check(self) -> None:
        """Raise AssertionError if the page complained, or asked for anything of elsewhere."""
        assert self.complaints == []
        assert self.elsewhere == []
