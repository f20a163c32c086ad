"""A session that a test drives as a page would, without a server: commands in, messages out."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from glassnet.studio.session import Session
from glassnet.studio.setups import Opening
from glassnet.view.wire import decode

PATIENCE = 60.0  # seconds, for machines that are busy
SMALL: dict[str, Any] = {
    "data": "blobs", "hidden": (8,), "activation": "relu", "optimizer": "adam", "learning_rate": 0.01,
    "schedule": "constant", "batch_size": 32, "epochs": 50, "weight_decay": None,
}  # fmt: skip


class Refused(Exception):
    """The session answered with an error."""


class Message:
    """A message of the session: fields by `[]`, arrays in `array`."""

    def __init__(self, content: bytes) -> None:
        self.fields, self.array = decode(content)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


class Watched:
    """A running session; leaves the thread behind it when the block ends."""

    def __init__(self, settings: dict[str, Any] | None = None, *, viewers: int = 1, **more: Any) -> None:
        opening = more.pop("opening", None) or Opening({**SMALL, **(settings or {})})
        self.heard: dict[str, list[Message]] = {}
        self._changed = threading.Condition()
        self.session = Session(opening, self._hear, lambda: viewers, **more)

    def _hear(self, topic: str, content: bytes) -> None:
        if not content:  # each page makes its own of it
            return
        with self._changed:
            self.heard.setdefault(topic, []).append(Message(content))
            self._changed.notify_all()

    def __enter__(self) -> "Watched":
        self.session.start()
        there = ("ready", "ended", "paused", "diverged")
        self.until(lambda: self.session_is("failed") or (self.session_is(*there) and "frame" in self.heard))
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()

    def tell(self, kind: str, **more: Any) -> Message:
        """Give a command and return the reply. Raises Refused with the session's line."""
        replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.session.submit({"kind": kind, "id": 7, **more}, replies.put)
        reply = Message(replies.get(timeout=PATIENCE))
        assert reply["id"] == 7
        if reply["kind"] == "error":
            raise Refused(reply["message"])
        return reply

    def go(self, kind: str, **more: Any) -> None:
        """Give a command that sets the run going, and wait until it stands."""
        self.tell(kind, **more)
        self.until(lambda: not self.session_is("running"))

    def until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while not happened():
                left = deadline - time.monotonic()
                assert left > 0, f"waited in vain; the last of the session: {self.last('session').fields}"
                self._changed.wait(min(left, 0.5))

    def session_is(self, *status: str) -> bool:
        return bool(self.heard.get("session")) and self.last("session")["status"] in status

    def last(self, topic: str) -> Message:
        return self.heard[topic][-1]

    def judged(self) -> Message:
        """Wait until what is shown is judged, and return that."""
        shown = self.last("frame")
        wanted = shown["step"], shown["scrub"]

        def there() -> bool:
            if "validation" not in self.heard:  # a recorded run is judged once it is shown
                return False
            found = self.last("validation")
            return (found["step"], found["scrub"]) == wanted

        self.until(there)
        return self.last("validation")

    @property
    def step(self) -> int:
        return int(self.last("frame")["step"])

    @property
    def snapshots(self) -> list[dict[str, Any]]:
        return list(self.last("timeline")["snapshots"])

    def newest(self) -> dict[str, Any]:
        """The newest snapshot of the current branch."""
        current = self.last("timeline")["current"]
        return [snapshot for snapshot in self.snapshots if snapshot["branch"] == current][-1]

    def bits(self) -> bytes:
        """All numbers that training changes, when the run stands."""
        work = self.session.work
        assert work is not None
        state = work.run.capture()
        slots = b"".join(state.slots[name].tobytes() for name in sorted(state.slots))
        return state.parameters.tobytes() + state.network_state.tobytes() + slots

    def curve(self) -> np.ndarray:
        return self.last("frame").array["curve"]
