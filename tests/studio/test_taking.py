"""A drawing flows through the studio's network as a sample, and another thread sees what is shown."""

import numpy as np
import pytest

from glassnet.studio.setups import Opening
from glassnet.view import samples
from studio.drawn import SEVEN, strokes
from studio.watched import Message, Refused, Watched

DRAWN = np.ascontiguousarray(strokes(SEVEN)[::10, ::10])
DIGITS = Opening({"data": "mnist-sample", "hidden": (16,), "threads": 1})


def taken(watched: Watched) -> Message:
    watched.tell("take", image=DRAWN)
    return watched.last("session")


def flows(watched: Watched) -> bool:
    """Whether the drawing is what goes into the network that is shown."""
    return bool(np.allclose(watched.last("frame").array["a0"].reshape(28, 28), DRAWN / 255, atol=1e-6))


def test_a_drawing_flows_through_the_network_until_another_sample_is_chosen() -> None:
    with Watched(opening=DIGITS) as watched:
        assert watched.last("session")["reads"]
        assert watched.last("session")["sample"]["drawing"] is False
        session = taken(watched)
        assert session["sample"] == {"index": None, "drawing": True, "label": None, "text": None}
        assert flows(watched)
        watched.go("step")
        assert flows(watched)
        watched.tell("scrub", snapshot=watched.snapshots[0]["id"])
        assert flows(watched)
        watched.tell("sample", index=3)
        assert watched.last("session")["sample"]["index"] == 3
        assert watched.last("session")["sample"]["drawing"] is False
        assert not flows(watched)


def test_it_stays_with_a_new_network_on_the_same_data_and_goes_with_them() -> None:
    with Watched(opening=DIGITS) as watched:
        taken(watched)
        watched.tell("reset")
        assert watched.last("session")["sample"]["drawing"]
        assert flows(watched)
        watched.tell("change", settings={"dropout": 0.2})
        assert flows(watched)
        watched.tell("setup", settings={"data": "moons"})
        assert watched.last("session")["sample"]["index"] is not None
        assert not watched.last("session")["reads"]


def test_it_is_explained_with_the_class_that_the_network_names_as_right() -> None:
    with Watched(opening=DIGITS) as watched:
        taken(watched)
        told = watched.tell("explain", layer=3, unit=7)["explanation"]
        assert told["sample"]["index"] is None
        assert told["sample"]["assumed"] is True
        assert told["sample"]["label"] == told["sample"]["predicted"]
        assert [section["name"] for section in told["sections"]] == ["forward", "backward", "update"]


def test_taking_a_drawing_changes_no_bit() -> None:
    bits = []
    for takes in (False, True):
        with Watched(opening=DIGITS) as watched:
            for _ in range(3):
                watched.go("step")
                if takes:
                    taken(watched)
            bits.append(watched.bits())
    assert bits[0] == bits[1]


@pytest.mark.parametrize("data", ["spirals", "sine"])
def test_of_other_data_no_drawing_is_a_sample(data: str) -> None:
    with Watched(opening=Opening({"data": data})) as watched:
        before = watched.last("session")["sample"]
        assert not watched.last("session")["reads"]
        with pytest.raises(Refused, match=f"{data}: expected grey images of 28×28 pixels"):
            watched.tell("take", image=DRAWN)
        watched.tell("sample", index=before["index"])
        assert watched.last("session")["sample"] == before


def test_another_thread_sees_the_network_and_the_sample_that_are_shown() -> None:
    with Watched(opening=DIGITS) as watched:
        first = watched.snapshots[0]["id"]
        start = watched.session.shown()
        assert start is not None
        watched.go("step")
        now = watched.session.shown()
        run = watched.session.work.run
        assert now.network is not run.network
        np.testing.assert_array_equal(now.network.parameters.vector, run.network.parameters.vector)
        watched.tell("scrub", snapshot=first)
        then = watched.session.shown()
        np.testing.assert_array_equal(then.network.parameters.vector, start.network.parameters.vector)
        np.testing.assert_array_equal(run.network.parameters.vector, now.network.parameters.vector)
        taken(watched)
        assert (watched.session.shown().sample.x.reshape(28, 28) == DRAWN).all()
        assert watched.session.shown().reads == samples.takes_drawings(run.data)


def test_reading_the_network_while_it_learns_disturbs_nothing() -> None:
    bits = []
    for looks in (False, True):
        with Watched(opening=Opening({**DIGITS.given, "epochs": 4})) as watched:
            watched.tell("start")
            while looks and not watched.session_is("ended"):
                shown = watched.session.shown()
                assert np.isfinite(shown.network.predict_proba(shown.sample.x[None])).all()
            watched.until(lambda: watched.session_is("ended"))
            bits.append(watched.bits())
    assert bits[0] == bits[1]
