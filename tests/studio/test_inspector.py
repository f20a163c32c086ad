"""Looking inside a run that goes on, stands, has ended or lies in the past: whose numbers are told."""

import queue
from pathlib import Path
from typing import Any

import pytest

from glassnet.studio import limits
from glassnet.studio.inspector import MOST_KEPT
from glassnet.studio.setups import Opening
from studio.cellpage import until
from studio.test_replay import record, without_checkpoint
from studio.watched import Message, Refused, Watched


def explained(watched: Watched, layer: int = 1, unit: int = 3, input: int | None = None) -> dict[str, Any]:
    reply = watched.tell("explain", layer=layer, unit=unit, input=input)
    assert reply["kind"] == "explain"
    found: dict[str, Any] = reply["explanation"]
    return found


def line(explanation: dict[str, Any], section: str, key: str) -> dict[str, Any]:
    """The first line of that key."""
    (found,) = [one for one in explanation["sections"] if one["name"] == section]
    lines: list[dict[str, Any]] = found["lines"]
    return next(one for one in lines if one["key"] == key)


def weight(watched: Watched, name: str, i: int, j: int) -> float:
    return float(watched.session.work.run.network.parameters[name][i, j])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "nesterov", "l2": 0.01, "clip": 0.1, "batch_size": 50},
        {"dropout": 0.3, "hidden": (8, 6), "activation": ("tanh", "relu"), "optimizer": "adamw"},
    ],
)
def test_the_new_weight_that_is_told_is_the_one_that_the_next_step_gives(settings: dict[str, Any]) -> None:
    with Watched({"epochs": 3, **settings}) as watched:
        for _ in range(5):  # over the end of an epoch too
            watched.go("epoch" if watched.step == 2 else "step")
            told = explained(watched, 1, 3, 1)
            assert (told["step"], told["weight"]) == (watched.step, [1, 3])
            before, after = (line(told, "update", key)["value"] for key in ("w", "w_new"))
            assert before == weight(watched, "1.W", 1, 3)
            watched.go("step")
            assert after == weight(watched, "1.W", 1, 3)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"dropout": 0.3, "hidden": (8, 6), "activation": ("relu", "tanh")},
        {"optimizer": "nesterov", "schedule": "one_cycle", "batch_size": 50, "l2": 0.01, "clip": 1.0},
        {"batch_size": "full", "optimizer": "sgd"},
    ],
)
def test_explaining_at_every_step_changes_no_bit(settings: dict[str, Any]) -> None:
    bits, generators = [], []
    for asks in (False, True):
        with Watched({"epochs": 20, "threads": 1, **settings}) as watched:
            for step in range(12):
                watched.go("step")
                if asks:
                    explained(watched, 1, step % 8)
                    explained(watched, 1, step % 8, 0)
            watched.go("start")
            bits.append(watched.bits())
            generators.append(watched.session.work.run.capture().generator)
    assert bits[0] == bits[1]
    assert generators[0] == generators[1]


def test_explaining_while_it_runs_changes_no_bit_either() -> None:
    bits = []
    for asks in (False, True):
        with Watched({"epochs": 40, "threads": 1}) as watched:
            watched.tell("start")
            steps = []
            while asks and not watched.session_is("ended"):
                steps.append(explained(watched, 1, len(steps) % 8)["step"])
            assert steps == sorted(steps)
            watched.until(lambda: watched.session_is("ended"))
            bits.append(watched.bits())
    assert bits[0] == bits[1]


def test_while_it_runs_pages_share_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watched({"epochs": 5000}) as watched:
        inspector = watched.session.work.inspector
        looks: list[int] = []
        look = inspector._look
        monkeypatch.setattr(inspector, "_look", lambda work: (looks.append(work.run.step), look(work)))
        inspector._pace.every = 1e9
        watched.tell("start")
        steps = {explained(watched, 1, unit % 8)["step"] for unit in range(50)}
        assert len(looks) == 1
        assert steps == {looks[0]}
        watched.tell("sample", random=True)  # another example is another matter
        explained(watched)
        assert len(looks) == 2
        watched.tell("change", settings={"learning_rate": 0.5})
        assert line(explained(watched), "update", "w_new")["value"] is not None
        assert len(looks) == 3
        until(lambda: watched.session.work.run.step > looks[-1])  # else there would be nothing new to look at
        watched.tell("pause")
        assert explained(watched)["step"] == watched.step  # standing, it is the step that is shown
        explained(watched)
        assert len(looks) == 4


def test_answers_are_kept_but_not_for_ever() -> None:
    with Watched({"hidden": (600,)}) as watched:
        first = explained(watched, 1, 0)
        assert explained(watched, 1, 0) == first
        for unit in range(MOST_KEPT + 3):
            explained(watched, 1, unit)
        assert len(watched.session.work.inspector._told) <= MOST_KEPT
        assert explained(watched, 1, 0) == first


def test_a_point_of_the_past_is_explained_as_it_was() -> None:
    with Watched() as watched:
        watched.go("epoch")
        then, there = explained(watched, 1, 2, 1), watched.newest()["id"]
        watched.go("epoch")
        now = explained(watched, 1, 2, 1)
        assert now != then
        watched.tell("scrub", snapshot=there)
        assert explained(watched, 1, 2, 1) == then
        watched.tell("scrub", snapshot=None)
        assert explained(watched, 1, 2, 1) == now
        watched.tell("branch", snapshot=there, settings={"learning_rate": 0.5})
        other = explained(watched, 1, 2, 1)
        assert line(other, "forward", "z") == line(then, "forward", "z")
        assert line(other, "update", "w_new")["value"] != line(then, "update", "w_new")["value"]


def test_a_run_that_has_ended_tells_of_the_step_that_another_epoch_begins_with() -> None:
    with Watched({"epochs": 2, "threads": 1}) as watched:
        watched.go("start")
        assert watched.session_is("ended")
        told = explained(watched, 1, 3, 0)
        assert told["batch"]["step"] == watched.step + 1
        watched.tell("change", settings={"epochs": 3})
        watched.go("step")
        assert line(told, "update", "w_new")["value"] == weight(watched, "1.W", 0, 3)


def test_where_no_step_can_follow_it_is_said_in_one_line() -> None:
    with Watched({"optimizer": "sgd", "learning_rate": 0.05, "epochs": 30}) as watched:
        watched.go("epoch")
        there = watched.newest()["id"]
        watched.tell("change", settings={"learning_rate": 90.0, "l2": 9.0})
        watched.go("start")
        assert watched.session_is("diverged")
        with pytest.raises(
            Refused, match="expected a run that can go on, got one that has diverged; look at"
        ):
            explained(watched)
        watched.tell("scrub", snapshot=there)
        assert explained(watched)["batch"] is not None


def test_without_a_run_there_is_nothing_to_explain() -> None:
    with Watched(opening=Opening({"data": "no/such/file.csv"})) as watched:
        with pytest.raises(Refused, match="expected a set-up first"):
            explained(watched)
        assert watched.session.shown() is None


@pytest.mark.parametrize(
    ("layer", "unit", "input", "words"),
    [
        (0, 0, None, "layer: expected .*1 to 4"),
        (9, 0, None, "layer: expected .*1 to 4"),
        (1, 8, None, "unit: expected .*0 to 7 of layer 1"),
        (1, 0, 2, "expected .*0 to 1 of layer 1"),
        (2, 0, 0, "expected one of a Dense layer, got layer 2"),
    ],
)
def test_what_is_not_there_cannot_be_explained(layer: int, unit: int, input: int | None, words: str) -> None:
    with Watched() as watched:
        watched.go("step")
        with pytest.raises(Refused, match=words):
            explained(watched, layer, unit, input)
        assert explained(watched)["step"] == 1


def test_recorded_frames_without_an_exact_state_have_no_update(tmp_path: Path) -> None:
    record(tmp_path / "run")
    with Watched(opening=Opening(run=str(tmp_path / "run"))) as watched:
        frame = next(s for s in watched.session.work.timeline.snapshots if s.state is None)
        watched.tell("scrub", snapshot=frame.id)
        told = explained(watched)
        assert [section["name"] for section in told["sections"]] == ["forward", "backward"]
        assert (told["step"], told["batch"]) == (frame.step, None)
        watched.tell("scrub", snapshot=None)
        assert explained(watched)["sections"][-1]["name"] == "update"


def test_of_a_recording_that_cannot_go_on_there_is_no_update(tmp_path: Path) -> None:
    record(tmp_path / "run")
    without_checkpoint(tmp_path / "run")
    with Watched(opening=Opening(run=str(tmp_path / "run"))) as watched:
        told = explained(watched)
        assert [section["name"] for section in told["sections"]] == ["forward", "backward"]
        assert told["step"] == watched.step


def test_with_distorted_images_too_the_next_step_is_the_one_that_is_told() -> None:
    opening = Opening({"data": "mnist-sample", "hidden": (8,), "threads": 1, "augment": True})
    with Watched(opening=opening) as watched:
        for _ in range(3):
            told = explained(watched, 1, 3, 400)
            watched.go("step")
            assert line(told, "update", "w_new")["value"] == weight(watched, "1.W", 400, 3)


@pytest.mark.parametrize("data", ["sine", "moons", "mnist-sample"])
def test_every_kind_of_data_can_be_explained(data: str) -> None:
    with Watched(opening=Opening({"data": data})) as watched:
        watched.go("step")
        layers = watched.last("session")["network"]["layers"]
        for layer in layers:
            assert explained(watched, layer["place"], 0)["layer"] == layer["place"]


def test_who_asks_too_much_while_it_runs_waits_and_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watched({"epochs": 5000}) as watched:
        watched.tell("start")
        watched.until(lambda: watched.step > 3)
        monkeypatch.setattr(watched.session.lookout._explaining, "share", 1e-9)  # one, and no more
        explained(watched)
        replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for number in range(5):
            watched.session.submit({"kind": "explain", "id": number, "layer": 1, "unit": number}, replies.put)
        step = watched.step
        watched.until(lambda: watched.step > step + 20)
        assert replies.empty()
        monkeypatch.setattr(limits, "CONNECTIONS", 5)
        with pytest.raises(Refused, match="explain: expected fewer questions at a time"):
            explained(watched)
        watched.tell("pause")
        found = [Message(replies.get(timeout=10)) for _ in range(5)]
        assert [reply["id"] for reply in found] == [0, 1, 2, 3, 4]
        assert {reply["explanation"]["step"] for reply in found} == {watched.step}
