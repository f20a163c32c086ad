"""What goes wrong within a session, or nearly: the thread lives on, and nothing is lost."""

from typing import Any

import pytest

from glassnet import blas
from glassnet.studio.eyes import Eyes
from studio.watched import Refused, Watched


def out_of_memory(*_: Any) -> None:
    raise MemoryError("no room")


def test_a_run_that_failed_within_a_step_goes_back_to_any_point(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watched() as watched:
        watched.go("epoch")
        there, before = watched.newest()["id"], watched.bits()
        with monkeypatch.context() as patch:
            patch.setattr(watched.session.work.run._engine, "step", out_of_memory)
            watched.go("step")
        assert watched.last("session")["status"] == "failed"
        assert watched.last("session")["message"] == "expected to have enough memory, got none: no room"
        with pytest.raises(Refused, match="expected a run that can go on, got one that has failed"):
            watched.tell("start")
        watched.tell("branch", snapshot=there)
        assert watched.bits() == before
        watched.go("step")
        assert watched.session_is("paused")


def test_what_cannot_be_judged_is_said_and_the_session_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watched() as watched:
        watched.go("epoch")
        watched.judged()
        with monkeypatch.context() as patch:
            patch.setattr(watched.session.work.eyes.judge, "judge", out_of_memory)
            watched.tell("change", settings={"learning_rate": 0.1})
            watched.go("step")
            watched.until(lambda: "notice" in watched.heard and bool(watched.last("notice")["text"]))
        assert (
            watched.last("notice")["text"] == "not judged: expected to have enough memory, got none: no room"
        )
        watched.tell("sample", random=True)
        assert watched.judged()["step"] == watched.step


def test_a_set_up_that_fails_half_way_leaves_the_run_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watched() as watched:
        watched.go("epoch")
        before, number = watched.bits(), watched.last("session")["run"]
        watched.tell("setup", settings={"optimizer": "sgd"})
        with monkeypatch.context() as patch:
            patch.setattr(Eyes, "measure", out_of_memory)
            with pytest.raises(Refused, match="no room"):
                watched.tell("apply")
        assert watched.bits() == before
        assert watched.last("session")["run"] == number
        assert watched.last("session")["staged"]["optimizer"] == "sgd"
        watched.go("step")
        watched.tell("apply")
        assert watched.last("session")["settings"]["optimizer"] == "sgd"


def test_a_set_up_from_a_branch_at_the_first_weights_waits_and_nothing_is_lost() -> None:
    with Watched() as watched:
        watched.go("epoch")
        number = watched.last("session")["run"]
        watched.tell("branch", snapshot=watched.snapshots[0]["id"])
        watched.tell("setup", settings={"optimizer": "sgd"})
        assert watched.last("session")["staged"]["optimizer"] == "sgd"
        assert watched.last("session")["run"] == number
        assert len(watched.last("timeline")["branches"]) == 2


def test_a_set_up_that_is_too_large_is_refused_before_it_waits() -> None:
    with Watched() as watched:
        watched.go("step")
        with pytest.raises(Refused, match="hidden: expected at most 20,000,000 parameters"):
            watched.tell("setup", settings={"hidden": [4096] * 3})
        assert watched.last("session")["staged"] is None


def test_a_branch_that_is_dropped_while_it_is_looked_at_gives_way_to_the_present() -> None:
    with Watched() as watched:
        watched.go("epoch")
        watched.tell("branch", snapshot=watched.snapshots[0]["id"])
        watched.go("step")
        theirs = watched.newest()["id"]
        watched.tell("switch", branch=1)
        watched.tell("scrub", snapshot=theirs)
        watched.tell("drop", branch=2)
        assert watched.last("frame")["scrub"] is None
        assert watched.last("session")["scrub"] is None


def test_dropout_that_comes_in_leaves_an_epoch_its_end_and_the_point_that_is_shown() -> None:
    with Watched({"epochs": 2000}) as watched:
        watched.tell("epoch")
        watched.tell("change", settings={"dropout": 0.2})
        watched.until(lambda: watched.session_is("paused"))
        assert watched.step == watched.last("session")["steps_an_epoch"]
    with Watched() as watched:
        watched.go("epoch")
        first = watched.snapshots[0]["id"]
        watched.tell("scrub", snapshot=first)
        watched.tell("change", settings={"dropout": 0.2})
        assert watched.last("frame")["scrub"] == first


def test_a_branch_that_cannot_be_leaves_the_network_without_dropout() -> None:
    with Watched() as watched:
        watched.go("epoch")
        there = watched.newest()["id"]
        for _ in range(3):
            watched.tell("branch", snapshot=there)
        number = watched.last("session")["run"]
        with pytest.raises(Refused, match="at most 4"):
            watched.tell("branch", snapshot=there, settings={"dropout": 0.5})
        assert watched.last("session")["run"] == number


def test_the_same_seed_again_has_as_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    best = [1]
    monkeypatch.setattr(blas, "choose", lambda told, *_: told if isinstance(told, int) else best[0])
    monkeypatch.setattr("glassnet.recipes.building.os.cpu_count", lambda: 2)
    with Watched() as watched:
        assert watched.last("session")["threads"] == 1
        best[0] = 2  # by the clock, this time
        watched.tell("reset")
        assert watched.last("session")["threads"] == 1


def test_more_epochs_are_within_bounds_and_add_to_those_to_come() -> None:
    with Watched({"epochs": 3}) as watched:
        watched.go("epoch")
        watched.go("more", epochs=1)
        assert watched.session_is("ended")
        assert watched.last("session")["epochs"] == 4
        with pytest.raises(Refused, match="epochs: expected a whole number of 1 to 10,000, got 10004"):
            watched.tell("more", epochs=10_000)
        assert watched.session_is("ended")


def test_what_one_should_know_of_the_time_line_outlasts_the_opening() -> None:
    with Watched({"hidden": (300, 300)}, budget=1 << 18) as watched:
        assert "the time line takes" in watched.last("notice")["text"]


def test_where_a_point_of_the_past_stands_is_told_by_its_own_batches() -> None:
    with Watched() as watched:
        watched.go("epoch")
        watched.tell("change", settings={"batch_size": 8})
        watched.go("step")
        watched.go("step")
        present = watched.last("frame")
        watched.tell("scrub", snapshot=watched.newest()["id"])
        past = watched.last("frame")
        assert (past["epoch"], past["position"]) == (present["epoch"], present["position"])
        assert past["position"][0] == 2
        one = next(s for s in watched.snapshots if s["step"] == 29)
        watched.tell("scrub", snapshot=one["id"])
        assert watched.last("frame")["position"] == [29, 29]
        assert watched.last("frame")["epoch"] == 1


def test_a_run_that_ended_early_stands_at_the_end_of_its_last_epoch() -> None:
    with Watched({"epochs": 200, "patience": 2, "learning_rate": 1e-6}) as watched:
        watched.go("start")
        frame, epochs = watched.last("frame"), watched.session.work.run.epoch
        assert watched.last("session")["message"].startswith("ended early: 2 epochs")
        assert frame["epoch"] == epochs < 200
        assert frame["position"] == [29, 29]
