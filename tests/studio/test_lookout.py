"""When a run that goes on is looked at, and what is then seen of the last step."""

import pytest

from glassnet.studio import lookout, pace
from glassnet.training import Step
from studio.watched import Watched


def test_a_run_that_nobody_watches_is_rarely_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    after = lookout.Lookout.after
    monkeypatch.setattr(
        lookout.Lookout, "after", lambda self, event: (looks.append(event), after(self, event))
    )
    with Watched({"epochs": 60}, viewers=0) as watched:
        watched.go("start")
        assert watched.session.work.run.step > 1000
        assert len(looks) < 0.2 * watched.session.work.run.step


def test_pictures_are_of_steps_and_tell_their_update() -> None:
    with Watched({"batch_size": "full", "epochs": 600}) as watched:  # each other event is an epoch's end
        watched.go("start")
        shown = [frame for frame in watched.heard["frame"] if frame["rate"] is not None]
        assert len(shown) > 2
        assert all(layer["ratio"] > 0 for frame in shown for layer in frame["vitals"][:1])


def test_each_single_step_tells_its_update() -> None:
    with Watched() as watched:
        for _ in range(3):
            watched.go("step")
            assert watched.last("frame")["vitals"][0]["ratio"] > 0


def test_an_epoch_of_one_step_tells_no_update_of_nothing() -> None:
    with Watched({"batch_size": "full"}) as watched:
        for _ in range(4):
            watched.go("epoch")
            assert watched.last("frame")["vitals"][0]["ratio"] != 0


def test_a_new_network_is_not_paced_by_what_the_last_one_cost() -> None:
    with Watched() as watched:
        watched.go("step")
        before = watched.session.lookout
        before.keeping = 100.0
        before._judging.next = before._frames.next = pace.perf_counter() + 1000
        watched.tell("reset")
        frames = len(watched.heard["frame"])
        watched.go("start")
        assert watched.session.lookout.keeping < 1
        assert len(watched.heard["frame"]) > frames + 2


def test_what_judging_brings_with_it_counts_as_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    for module, name in ((lookout, "perf_counter"), (lookout, "thread_time"), (pace, "perf_counter")):
        monkeypatch.setattr(module, name, lambda: clock[0])
    with Watched(viewers=0) as watched:
        work, look = watched.session.work, watched.session.lookout
        monkeypatch.setattr(work.eyes, "measure", lambda: clock.__setitem__(0, clock[0] + 1))
        monkeypatch.setattr(work, "keep", lambda: clock.__setitem__(0, clock[0] + 3))
        clock[0] = 200.0
        look.before(clock[0])
        look.after(Step(1, 1, 0.5, None, 0.1))
        assert look.next == pytest.approx(204 + lookout.ASKING_SECONDS)
        assert look._judging.next == pytest.approx(200 + 4 / lookout.JUDGING)


def test_what_was_judged_at_the_start_is_not_judged_again_with_the_first_step() -> None:
    with Watched({"epochs": 2000}) as watched:
        watched.tell("start")
        watched.until(lambda: watched.step > 50)
        watched.tell("pause")
        steps = watched.last("frame").array["judged"][:, 0]
        assert 0 in steps
        assert 1 not in steps
