"""A side's process: answers, errors, deaths, silence and rubbish; and that it is gone afterwards."""

import math
import os
import time
from collections.abc import Callable, Iterator

import pytest

from bench.fakes import fake_sides as fake_sides
from glassnet.bench.child import Child, Failure

Start = Callable[[str], Child]


@pytest.fixture
def start() -> Iterator[Start]:
    children: list[Child] = []

    def begin(side: str) -> Child:
        children.append(Child(side, 1))
        return children[-1]

    yield begin
    for child in children:
        child.close()


def test_products_are_timed_in_a_process_of_their_own(start: Start) -> None:
    child = start("products")
    answer = child.ask(prepare={"kind": "products", "network": [20, 5, 3], "batch": 4})
    assert answer == {"facts": {}}
    turn = child.ask(turn=10)
    assert turn["seconds"] > 0
    assert turn["cpu"] >= 0
    assert math.isnan(turn["loss"])


@pytest.mark.usefixtures("fake_sides")
def test_what_a_library_prints_does_not_spoil_the_answers(start: Start) -> None:
    child = start("torch")
    child.ask(prepare={"does": {"torch": "prints"}})
    assert [child.ask(turn=2)["loss"] for _ in range(2)] == [0.5, 0.25]


@pytest.mark.usefixtures("fake_sides")
def test_an_error_is_one_line_and_the_process_goes_on(start: Start) -> None:
    child = start("torch")
    child.ask(prepare={"does": {"torch": "errs"}})
    with pytest.raises(Failure, match=r"^ValueError: two lines$"):
        child.ask(turn=1)
    assert child.ask(prepare={})["facts"] == {"does": "works"}


@pytest.mark.usefixtures("fake_sides")
def test_a_turn_without_a_job_is_an_error(start: Start) -> None:
    child = start("torch")
    with pytest.raises(Failure, match="expected a job"):
        child.ask(turn=1)


@pytest.mark.usefixtures("fake_sides")
def test_a_death_is_told_with_the_last_words(start: Start) -> None:
    child = start("torch")
    child.ask(prepare={"does": {"torch": "dies"}})
    with pytest.raises(Failure, match=r"ended \(exit code 3\): a library's last words"):
        child.ask(turn=1)
    with pytest.raises(Failure, match="ended"):
        child.ask(turn=1)


@pytest.mark.usefixtures("fake_sides")
def test_silence_is_not_waited_out(start: Start) -> None:
    child = start("torch")
    child.ask(prepare={"does": {"torch": "hangs"}})
    child.patience = 0.2
    with pytest.raises(Failure, match=r"no answer in 0\.2 s"):
        child.ask(turn=1)
    assert child.process.poll() is not None


@pytest.mark.usefixtures("fake_sides")
def test_rubbish_is_told(start: Start) -> None:
    child = start("rubbish")
    with pytest.raises(Failure, match="answered b'no JSON"):
        child.ask(prepare={})


def test_a_library_that_is_not_there_is_an_error(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glassnet.bench.child.START", "import sys; sys.modules['sklearn'] = None\n" + _START)
    child = start("sklearn")
    with pytest.raises(Failure, match="ModuleNotFoundError"):
        child.ask(prepare={"kind": "predict"})


_START = "sys.path.append({!r}); from glassnet.bench.worker import main; main()"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs signals")
@pytest.mark.usefixtures("fake_sides")
def test_closing_ends_a_busy_process_at_once(start: Start) -> None:
    child = start("torch")
    child.ask(prepare={"does": {"torch": "hangs"}})
    assert child.process.stdin is not None
    child.process.stdin.write(b'{"turn": 1}\n')
    child.process.stdin.flush()
    time.sleep(0.1)
    child.close()
    assert child.process.returncode is not None
    child.close()
