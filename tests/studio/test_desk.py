"""The desk: pages take turns, of each page the newest counts, and nobody's stroke waits for a photo."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from glassnet.studio import limits
from glassnet.studio.answers import DONE, Answer
from glassnet.studio.desk import Desk, Job
from glassnet.view.wire import decode


class Asked:
    """Jobs that wait until they are let go, and what came of them, in order."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.begun: list[int] = []
        self.replies: dict[int, dict[str, Any]] = {}
        self.gate = threading.Event()
        self._changed = threading.Condition()

    def ask(
        self,
        page: object,
        number: int,
        kind: str = "draw",
        size: int = 0,
        work: Callable[[], Answer] | None = None,
    ) -> None:
        def wait() -> Answer:
            self.begun.append(number)
            assert self.gate.wait(10)
            return DONE

        self.desk.submit(page, kind, Job(number, work or wait, self._hear, size))

    def _hear(self, reply: bytes) -> None:
        fields, _ = decode(reply)
        with self._changed:
            self.replies[fields["id"]] = fields
            self._changed.notify_all()

    def until(self, *numbers: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: {*numbers} <= {*self.replies}, 10)

    def until_begun(self, number: int) -> None:
        for _ in range(1000):
            if number in self.begun:
                return
            threading.Event().wait(0.01)
        raise AssertionError(f"{number} did not begin")

    def errors(self) -> dict[int, str]:
        return {
            number: reply["message"] for number, reply in self.replies.items() if reply["kind"] == "error"
        }


def test_of_what_waits_of_a_page_the_newest_is_done() -> None:
    asked = Asked()
    asked.ask("a", 0)
    asked.until_begun(0)
    for number in (1, 2, 3):
        asked.ask("a", number)
    assert asked.errors() == {1: "overtaken by a newer one", 2: "overtaken by a newer one"}
    asked.gate.set()
    asked.until(0, 1, 2, 3)
    assert asked.begun == [0, 3]
    assert {asked.replies[number]["kind"] for number in (0, 3)} == {"done"}


def test_pages_take_turns() -> None:
    asked = Asked()
    asked.ask("a", 0)
    asked.until_begun(0)
    for number, page in enumerate("abcabca", 1):
        asked.ask(page, number)
    asked.gate.set()
    asked.until(*range(8))
    assert asked.begun == [0, 7, 5, 6]  # a first, since it asked first


def test_a_stroke_does_not_wait_for_a_photo() -> None:
    asked = Asked()
    asked.ask("a", 0, "photo")
    asked.until_begun(0)
    asked.ask("b", 1, "draw", work=lambda: DONE)
    asked.ask("a", 2, "part", work=lambda: DONE)
    asked.until(1, 2)
    assert 0 not in asked.replies
    asked.ask("a", 3, "evidence")
    asked.gate.set()
    asked.until(0, 3)


def test_what_fails_is_told_and_the_next_is_done() -> None:
    asked = Asked()

    def fail() -> Answer:
        raise ZeroDivisionError("oh\nno")

    def refuse() -> Answer:
        raise ValueError("expected better")

    asked.ask("a", 0, work=fail)
    asked.ask("b", 1, work=refuse)
    asked.ask("c", 2, work=lambda: DONE)
    asked.until(0, 1, 2)
    assert asked.errors() == {
        0: "this is a mistake in glassnet: ZeroDivisionError: oh no",
        1: "expected better",
    }


def test_photos_that_wait_take_so_much_memory_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOADS", 100)
    asked = Asked()
    asked.ask("a", 0, "photo", size=90)  # at work: it waits no more
    asked.until_begun(0)
    asked.ask("b", 1, "photo", size=60)
    asked.ask("c", 2, "photo", size=60)
    assert asked.errors() == {2: "expected fewer photos at a time, got too many: try again soon"}
    asked.ask("b", 3, "photo", size=100)  # in place of the one of 60
    asked.desk.forget("b")
    asked.ask("c", 4, "photo", size=100)
    asked.gate.set()
    asked.until(0, 1, 2, 4)
    assert asked.begun == [0, 4]
    assert 3 not in asked.replies


def test_threads_end_when_there_is_nothing_to_do() -> None:
    asked = Asked()
    asked.gate.set()
    for number in range(20):
        asked.ask("a", number)
        asked.until(number)
    for _ in range(1000):
        left = [thread.name for thread in threading.enumerate() if thread.name in ("drawings", "photos")]
        if not left:
            break
        threading.Event().wait(0.01)
    assert left == []
