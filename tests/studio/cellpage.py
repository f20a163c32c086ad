"""A widget and its pages as a notebook would have them, without a notebook."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from glassnet.view.wire import decode

PATIENCE = 30.0  # seconds, for machines that are busy


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Widget:
    """Hands what is sent to all pages, and what a page says to whoever listens."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.sent = self.size = 0
        self.listeners: list[Callable[..., None]] = []
        self.closed = False
        self.liveview: object = None
        self.comm = type("Comm", (), {"_closed": False})()

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.sent += 1
        self.size += sum(map(len, buffers or []))
        for page in self.pages:
            page.hear(json.loads(json.dumps(content)), buffers or [])

    def on_msg(self, call: Callable[..., None], remove: bool = False) -> None:
        (self.listeners.remove if remove else self.listeners.append)(call)

    def say(self, content: Any, buffers: list[bytes] | None = None) -> None:
        for call in [*self.listeners]:
            call(self, content, buffers or [])

    def close(self) -> None:
        self.closed = True

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"text/plain": "Widget", "application/vnd.jupyter.widget-view+json": {"model_id": "1"}}, {}


class Page:
    """As web/lineto.js: it hears what is for it, and tells what it has read, unless it is `asleep`."""

    def __init__(self, widget: Widget, name: str) -> None:
        self.widget, self.name, self.asleep = widget, name, False
        self.newest: dict[str, dict[str, Any]] = {}
        self.answers: dict[int, dict[str, Any]] = {}
        self.heard = self.words = 0  # messages, and those without content
        self.over: Any = None
        self._number = 0
        self._lock = threading.Lock()
        widget.pages.append(self)

    def hear(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        if content.get("over") and content.get("to", self.name) == self.name:
            self.over = content["over"]
        if content.get("to") != self.name or "over" in content:
            return
        self.heard += 1
        if not buffers:
            self.words += 1
            return
        fields, arrays = decode(buffers[0])
        if "id" in fields and fields["id"] is not None:
            self.answers[fields["id"]] = {**fields, "arrays": arrays}
        self.newest[fields["kind"]] = {**fields, "arrays": arrays}
        if not self.asleep:
            self.widget.say({"page": self.name, "read": content["number"]})

    def open(self) -> "Page":
        self.widget.say({"page": self.name})
        until(lambda: "frame" in self.newest)
        return self

    def ask(self, kind: str, buffers: list[bytes] | None = None, **fields: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        said = json.dumps({"kind": kind, "id": number, **fields})
        self.widget.say({"page": self.name, "said": said}, buffers)
        until(lambda: number in self.answers)
        return self.answers[number]

    @property
    def step(self) -> int:
        return int(self.newest["frame"]["step"])

    @property
    def status(self) -> str:
        return str(self.newest["session"]["status"])
