"""The run controller, without a server: start, pause, step, change, rewind, branch; and bits stay bits."""

from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet.studio.setups import Opening
from studio.watched import Refused, Watched


def test_it_opens_with_everything_a_page_must_know() -> None:
    with Watched() as watched:
        session, frame = watched.last("session"), watched.last("frame")
        assert session["status"] == "ready"
        assert session["data"]["name"] == "blobs"
        assert session["network"]["layers"][0]["matrix"] == {"name": "1.W", "inputs": 2, "units": 8}
        assert session["settings"]["hidden"] == [8]
        assert frame["step"] == 0
        assert frame.array["w1"].shape == (2, 8)
        assert watched.last("validation").array["table"].shape == (5, 5)
        assert [snapshot["step"] for snapshot in watched.snapshots] == [0]
        assert {"data", "branches"} <= watched.heard.keys()


def test_steps_and_epochs_go_as_far_as_they_say() -> None:
    with Watched() as watched:
        watched.go("step")
        assert watched.step == 1
        watched.go("step")
        assert watched.step == 2
        watched.go("epoch")
        steps = watched.last("session")["steps_an_epoch"]
        assert watched.step == steps
        assert watched.last("session")["status"] == "paused"
        watched.go("epoch")
        assert watched.step == 2 * steps


def test_a_run_is_started_paused_and_ends() -> None:
    with Watched({"epochs": 400}) as watched:
        watched.tell("start")
        watched.until(lambda: watched.step > 20)
        watched.tell("pause")
        assert watched.session_is("paused")
        at = watched.step
        assert at == watched.session.work.run.step
        assert watched.judged()["step"] == at
        watched.go("start")
        assert watched.last("session")["status"] == "ended"
        assert watched.step == watched.last("session")["total_steps"]
        with pytest.raises(Refused, match="start: expected a run that can go on, got one that has ended"):
            watched.tell("start")
        watched.go("more", epochs=2)
        assert watched.last("session")["epochs"] == 402


def test_the_numbers_are_those_of_a_run_without_the_studio() -> None:
    with Watched({"epochs": 5, "threads": 1}) as watched:
        watched.go("start")
        work = watched.session.work
        recipe = work.set_up.recipe
        data = gn.data.load("blobs", validation=recipe.validation, test=recipe.test, seed=recipe.seed)
        network = gn.Network(
            [gn.Dense(8), gn.ReLU(), gn.Dense(5), gn.Softmax()], 2, seed=0, scaling=data.scaling
        )
        run = gn.Training(network, data, optimizer="adam", learning_rate=0.01, epochs=5, threads=1)
        run.fit(progress=False)
        np.testing.assert_array_equal(network.parameters.vector, work.run.network.parameters.vector)
        assert [e.loss for e in run.history if e.kind == "epoch"] == [
            e.loss for e in work.run.history if e.kind == "epoch"
        ]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"dropout": 0.3, "hidden": (8, 6), "activation": ("relu", "tanh")},
        {"optimizer": "nesterov", "schedule": "one_cycle", "batch_size": 50, "l2": 0.01, "clip": 1.0},
        {"batch_size": "full", "optimizer": "sgd"},
    ],
)
def test_continuing_from_the_past_without_a_change_gives_the_same_bits(settings: dict[str, Any]) -> None:
    with Watched({"epochs": 6, **settings}) as watched:
        watched.go("epoch")
        watched.go("step")
        there, before = watched.newest(), watched.bits()
        watched.go("start")
        original, curve = watched.bits(), watched.curve()
        watched.tell("branch", snapshot=there["id"])
        assert watched.session_is("paused")
        assert watched.bits() == before
        watched.go("start")
        assert watched.bits() == original
        np.testing.assert_array_equal(watched.curve(), curve)
        assert len(watched.last("timeline")["branches"]) == 2


def test_a_branch_with_a_change_goes_its_own_way_and_the_other_stays() -> None:
    with Watched({"epochs": 6}) as watched:
        watched.go("epoch")
        there = watched.newest()
        watched.go("epoch")
        trunk, at = watched.bits(), watched.step
        watched.tell("branch", snapshot=there["id"], settings={"learning_rate": 0.5, "batch_size": 16})
        assert watched.last("session")["settings"]["learning_rate"] == 0.5
        (_, branch) = watched.last("timeline")["branches"]
        assert branch["parent"] == 1
        assert branch["from_step"] == there["step"]
        assert branch["changes"] == {"learning_rate": [0.01, 0.5], "batch_size": [32, 16]}
        watched.go("epoch")
        assert watched.bits() != trunk
        assert watched.last("branches").array["curve_1"][-1, 0] == at
        watched.tell("switch", branch=1)
        assert watched.bits() == trunk
        assert watched.step == at
        assert watched.last("session")["settings"]["learning_rate"] == 0.01
        watched.tell("drop", branch=branch["id"])
        assert [b["id"] for b in watched.last("timeline")["branches"]] == [1]


def test_there_are_at_most_four_branches() -> None:
    with Watched() as watched:
        watched.go("epoch")
        there = watched.newest()["id"]
        for _ in range(3):
            watched.tell("branch", snapshot=there)
        with pytest.raises(Refused, match="at most 4"):
            watched.tell("branch", snapshot=there)
        assert len(watched.last("timeline")["branches"]) == 4
        watched.go("step")


def test_scrubbing_shows_the_past_and_leaves_the_run_where_it_is() -> None:
    with Watched() as watched:
        start = watched.last("frame").array["w1"].copy()
        first = watched.snapshots[0]["id"]
        watched.go("epoch")
        watched.go("epoch")
        now, table = watched.bits(), watched.judged().array["table"]
        watched.tell("scrub", snapshot=first)
        frame = watched.last("frame")
        assert (frame["scrub"], frame["step"]) == (first, 0)
        np.testing.assert_allclose(
            *(_values(frame.array["w1"], frame), _values(start, watched.heard["frame"][0])), atol=0.1
        )
        assert (watched.judged().array["table"] != table).any()
        assert watched.bits() == now
        watched.tell("scrub", snapshot=None)
        assert watched.last("frame")["scrub"] is None
        np.testing.assert_array_equal(watched.judged().array["table"], table)
        watched.go("step")
        assert watched.step == 2 * watched.last("session")["steps_an_epoch"] + 1


def test_judging_the_rest_of_the_past_does_not_change_what_is_shown_of_it() -> None:
    with Watched() as watched:
        for _ in range(3):
            watched.go("step")
        first = watched.snapshots[0]["id"]
        watched.tell("scrub", snapshot=first)
        shown = watched.last("frame").array["w1"].copy()
        watched.until(lambda: all(snapshot["loss"] is not None for snapshot in watched.snapshots))
        watched.tell("sample", random=True)
        assert watched.last("frame")["scrub"] == first
        np.testing.assert_array_equal(watched.last("frame").array["w1"], shown)


def _values(quantised: np.ndarray, frame: Any) -> np.ndarray:
    return (quantised.astype(float) - 128) / 127 * frame["matrices"][0]["limit"]


def test_scrubbing_a_run_that_goes_on_pauses_it() -> None:
    with Watched({"epochs": 2000}) as watched:
        watched.tell("start")
        watched.until(lambda: watched.step > 30)
        watched.tell("scrub", snapshot=watched.snapshots[0]["id"])
        assert watched.session_is("paused")
        assert watched.last("frame")["step"] == 0
        watched.tell("start")
        assert watched.session_is("running")
        watched.until(lambda: watched.last("frame")["scrub"] is None)
        watched.tell("pause")


def test_settings_change_while_it_runs() -> None:
    with Watched({"epochs": 2000}) as watched:
        watched.tell("start")
        for settings in (
            {"learning_rate": 0.002},
            {"batch_size": 64},
            {"dropout": 0.2},
            {"l2": 0.01},
            {"schedule": "cosine"},
        ):
            watched.tell("change", settings=settings)
            shown = watched.last("session")["settings"]
            assert {name: shown[name] for name in settings} == settings
        assert watched.session_is("running")
        watched.tell("pause")
        changes = [event.settings for event in watched.session.work.run.history if event.kind == "change"]
        assert [*changes[0]] == ["learning_rate"]
        assert changes[0]["learning_rate"] == [0.01, 0.002]
        assert len(changes) >= 4


def test_dropout_comes_into_a_network_without_it_and_the_past_stays_what_it_was() -> None:
    with Watched({"epochs": 8}) as watched:
        watched.go("epoch")
        there = watched.newest()["id"]
        watched.go("epoch")
        two_epochs, curve = watched.bits(), watched.curve()
        assert "Dropout" not in _kinds(watched)
        watched.tell("change", settings={"dropout": 0.4})
        assert watched.bits() == two_epochs
        assert _kinds(watched).count("Dropout") == 1
        np.testing.assert_array_equal(watched.curve(), curve)
        watched.go("epoch")
        silenced = watched.bits()
        watched.tell("branch", snapshot=there)
        watched.go("epoch")
        assert watched.bits() == two_epochs  # from there without dropout, as it was
        watched.tell("switch", branch=1)
        assert watched.bits() == silenced
        assert watched.last("session")["settings"]["dropout"] == 0.4


def _kinds(watched: Watched) -> list[str]:
    return [layer["kind"] for layer in watched.last("session")["network"]["layers"]]


def test_what_needs_a_new_run_waits_for_it() -> None:
    with Watched() as watched:
        number = watched.last("session")["run"]
        watched.tell("setup", settings={"hidden": [5, 4], "activation": ["tanh", "relu"]})
        assert watched.last("session")["run"] == number + 1  # nothing is lost: no step was made
        assert [
            m["units"]
            for m in (layer["matrix"] for layer in watched.last("session")["network"]["layers"])
            if m
        ] == [5, 4, 5]
        watched.go("step")
        watched.tell("setup", settings={"optimizer": "sgd"})
        session = watched.last("session")
        assert session["staged"] == {"optimizer": "sgd"} or session["staged"]["optimizer"] == "sgd"
        assert session["settings"]["optimizer"] == "adam"
        watched.tell("discard")
        assert watched.last("session")["staged"] is None
        watched.tell("setup", settings={"optimizer": "sgd"})
        watched.tell("apply")
        session = watched.last("session")
        assert (session["settings"]["optimizer"], session["staged"], session["status"]) == (
            "sgd",
            None,
            "ready",
        )
        assert watched.step == 0


def test_the_same_seed_repeats_and_a_new_one_does_not() -> None:
    with Watched() as watched:
        watched.go("epoch")
        first = watched.bits()
        watched.tell("reset")
        assert watched.step == 0
        watched.go("epoch")
        assert watched.bits() == first
        watched.tell("new_seed")
        assert watched.last("session")["settings"]["seed"] == 1
        watched.go("epoch")
        assert watched.bits() != first


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"kind": "setup", "settings": {"hidden": [0]}}, "hidden"),
        ({"kind": "setup", "settings": {"data": "/etc/passwd"}}, "data"),
        ({"kind": "setup", "settings": {"loss": "mse", "optimizer": "newton"}}, "optimizer"),
        ({"kind": "change", "settings": {"learning_rate": -1.0}}, "learning rate|learning_rate"),
        ({"kind": "change", "settings": {"hidden": [3]}}, "hidden"),
        ({"kind": "scrub", "snapshot": 999}, "999"),
        ({"kind": "branch", "snapshot": 999}, "999"),
        ({"kind": "switch", "branch": 9}, "9"),
        ({"kind": "drop", "branch": 1}, "drop"),
        ({"kind": "sample", "index": 10**6}, "sample"),
        ({"kind": "cell", "actual": 50, "predicted": 0}, "actual"),
        ({"kind": "recipe", "name": "cake"}, "cake"),
        ({"kind": "broken", "name": "vase"}, "vase"),
        ({"kind": "dance"}, "dance"),
    ],
)
def test_a_bad_command_gets_one_line_and_does_not_disturb_the_run(
    command: dict[str, Any], words: str
) -> None:
    with Watched() as watched:
        watched.go("step")
        before = watched.bits()
        with pytest.raises(Refused, match=words) as refused:
            watched.tell(**command)
        assert "\n" not in str(refused.value)
        assert "mistake in glassnet" not in str(refused.value)
        assert watched.bits() == before
        watched.go("step")
        assert watched.step == 2


def test_a_run_that_diverges_says_why_and_can_be_rewound() -> None:
    with Watched({"optimizer": "sgd", "learning_rate": 0.05, "epochs": 30}) as watched:
        watched.go("epoch")
        there = watched.newest()["id"]
        watched.tell("change", settings={"learning_rate": 90.0, "l2": 9.0})
        watched.go("start")
        session = watched.last("session")
        assert session["status"] == "diverged"
        assert "learning rate" in session["message"]
        watched.tell("branch", snapshot=there, settings={"learning_rate": 0.01, "l2": 0.0})
        watched.go("epoch")
        assert watched.session_is("paused")
        assert np.isfinite(watched.last("frame")["loss"])


def test_without_viewers_no_frames_are_made() -> None:
    with Watched({"epochs": 300}, viewers=0) as watched:
        frames = len(watched.heard["frame"])
        watched.go("start")
        assert len(watched.heard["frame"]) <= frames + 1


@pytest.mark.parametrize("data", ["spirals", "moons", "xor", "sine", "mnist-sample"])
def test_every_kind_of_data_can_be_watched(data: str) -> None:
    with Watched(opening=Opening({"data": data})) as watched:
        watched.go("epoch")
        frame = watched.last("frame")
        assert frame["loss"] is not None
        expected = {"sine": "line", "mnist-sample": "w1"}.get(data, "grid")
        assert expected in frame.array
        watched.tell("sample", random=True)
        watched.tell("scrub", snapshot=watched.snapshots[0]["id"])
        if data != "sine":
            assert watched.tell("cell", actual=0, predicted=0)["n"] >= 0


def test_data_that_cannot_be_read_are_said_in_one_line_and_others_can_be_chosen() -> None:
    with Watched(opening=Opening({"data": "no/such/file.csv"})) as watched:
        assert watched.session_is("failed")
        assert "no/such/file.csv" in watched.last("session")["message"]
        with pytest.raises(Refused, match="expected a set-up"):
            watched.tell("start")
        watched.tell("setup", settings={"data": "moons"})
        assert watched.session_is("ready")


def test_any_point_is_saved_as_a_model(tmp_path) -> None:
    with Watched() as watched:
        first = watched.snapshots[0]["id"]
        start = watched.session.work.run.network.parameters.vector.copy()
        watched.go("epoch")
        for snapshot, expected in (
            (first, start),
            (None, watched.session.work.run.network.parameters.vector),
        ):
            reply = watched.tell("save", snapshot=snapshot)
            path = tmp_path / reply["name"]
            path.write_bytes(reply.array["bytes"].tobytes())
            network = gn.load(path)
            np.testing.assert_array_equal(network.parameters.vector, expected)
            assert network.classes == ("0", "1", "2", "3", "4")
