"""The time line: what it keeps within its budget, its branches, and that going on from it is exact."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassnet.nn import BatchNorm, Dense, Dropout, ReLU
from glassnet.nn.schedules import OneCycle
from glassnet.studio.memory import BESIDES, Memory, arrays
from glassnet.studio.timeline import BUDGET, Branch, Snapshot, Timeline
from glassnet.training import State, Training
from glassnet.training.events import Change
from glassnet.training.rounded import Frame
from glassnet.training.state import Kept, Place
from training.small import bits, network, timeless, training

SIZE = 1000  # parameters of a made-up state
BYTES = 3 * 4 * SIZE + BESIDES  # with Adam's two slots, and what is shared left out


def state_at(step: int, size: int = SIZE, good: Kept | None = None) -> State:
    """A state of a network of so many parameters with Adam's slots, whose arrays nobody looks into."""
    numbers = [np.empty(size, np.float32) for _ in range(4)]
    kept = good or Kept(numbers[3], np.empty(0, np.float32), 0)
    return replace(
        BASE, place=Place(epoch=step // 100, step=step), parameters=numbers[0], good=kept, best=None,
        network_state=np.empty(0, np.float32), slots={"m": numbers[1], "v": numbers[2]},
    )  # fmt: skip


BASE = training().capture()
GOOD = Kept(np.empty(SIZE, np.float32), np.empty(0, np.float32), 0)


def line(steps: Any, budget: int = BUDGET) -> Timeline:
    timeline = Timeline(budget)
    for step in steps:
        timeline.add(state_at(step, good=GOOD))
    return timeline


def steps(branch: Branch | Timeline) -> list[int]:
    return [snapshot.step for snapshot in branch.snapshots]


def at(timeline: Timeline, step: int) -> Snapshot:
    return next(snapshot for snapshot in timeline.snapshots if snapshot.step == step)


# ---- memory


def test_an_array_counts_once_however_many_hold_it() -> None:
    memory, shared, own = Memory(), np.zeros(100, np.uint8), np.zeros(7, np.uint8)
    memory.hold([{"a": shared}, (own, shared), None])
    memory.hold([(shared,)])
    assert memory.used == 2 * BESIDES + 107
    memory.release([{"a": shared}, (own, shared), None])
    assert memory.used == BESIDES + 100
    memory.release([(shared,)])
    assert memory.used == 0


@pytest.mark.parametrize(
    ("size", "snapshots"),
    [(784 * 128 + 128 + 1290, (195, 220)), (784 * 1024 + 1024 + 1024 * 1025 + 10_250, (10, 12))],
    ids=["784-128-10", "784-1024-1024-10"],
)
@pytest.mark.parametrize("epochs", [4, 20])
def test_so_many_are_kept_of_a_network_with_adam(size: int, snapshots: tuple[int, int], epochs: int) -> None:
    """In the budget that holds unless another is given, with a snapshot after each epoch and some between."""
    timeline, length = Timeline(), 20_000 // epochs
    good = Kept(np.zeros(size, np.float32), np.empty(0, np.float32), 0)
    for step in range(0, 20_000, 20):
        done = step % length
        if not done:
            good = Kept(np.full(size, step, np.float32), np.empty(0, np.float32), step // length)
        state = state_at(step, size, good)
        if done:
            state.place.tally.n = done
        else:
            state = replace(state, parameters=good.parameters.copy())
        snapshot = timeline.add(state)
        timeline.judge(snapshot, (0.5, np.zeros((10, 10), np.int32)), 0.5, 0.9)
        assert timeline.used <= timeline.budget == 256 * 2**20
    assert snapshots[0] <= len(timeline.snapshots) <= snapshots[1]
    assert timeline.notice is None


def test_what_is_shared_by_states_of_a_real_run_counts_once() -> None:
    run, timeline = training(network(Dense(200), ReLU()), optimizer="adam", epochs=3), Timeline()
    for _ in run:
        timeline.add(run.capture(), run.history)
    size = run.network.parameters.vector.nbytes
    n = len(timeline.snapshots)
    assert n == 10  # start and nine steps; what comes at the same step takes its place
    assert timeline.used == n * (3 * size + BESIDES)  # an epoch's end has what later states fall back to


def test_a_dropped_branch_gives_its_memory_back() -> None:
    timeline = line(range(0, 1000, 100))
    before = timeline.used
    timeline.fork(at(timeline, 500).id)
    for step in range(500, 900, 10):
        timeline.judge(timeline.add(state_at(step, good=GOOD)), (np.zeros(99),), 0.1, None)
    branch = timeline.current
    assert timeline.used > before + 40 * BYTES
    timeline.switch(1)
    timeline.drop(branch)
    assert timeline.used == before
    assert [*timeline.branches] == [1]


def test_a_budget_too_small_for_anything_keeps_the_first_and_the_newest_and_says_so() -> None:
    timeline = line(range(0, 500, 50), budget=1 << 10)
    assert steps(timeline) == [0, 450]
    assert timeline.notice is not None
    assert "the first point, the newest and those that branches start from" in timeline.notice
    with pytest.raises(
        ValueError, match=r"^branch: expected room for one more in the time line's 0 MB, got states of"
    ):
        timeline.fork(at(timeline, 0).id)


def test_one_state_larger_than_the_budget() -> None:
    timeline = Timeline(budget=3 << 20)
    for step in (0, 1, 2, 3):
        timeline.add(state_at(step, size=1 << 20))
    assert steps(timeline) == [0, 3]
    assert timeline.used > timeline.budget
    assert timeline.notice is not None
    assert "takes 32 MB, more than its 3 MB" in timeline.notice
    assert "\n" not in timeline.notice


def test_there_are_never_more_than_a_page_can_show() -> None:
    timeline = Timeline()
    for step in range(3000):
        timeline.add(state_at(step, size=1, good=GOOD))
    assert len(timeline.snapshots) == 500
    assert (steps(timeline)[0], steps(timeline)[-1]) == (0, 2999)


# ---- thinning


@pytest.mark.parametrize("every", [1, 7, 100])
@pytest.mark.parametrize("n", [100, 1000, 3000])
def test_they_are_spread_evenly(every: int, n: int) -> None:
    timeline = line(range(0, every * n, every), budget=40 * BYTES)
    found = steps(timeline)
    assert 35 <= len(found) <= 40
    gaps = np.diff(found)
    assert gaps.max() <= 3 * np.median(gaps)
    assert (found[0], found[-1]) == (0, every * (n - 1))


def test_those_without_a_judgement_go_first() -> None:
    timeline = Timeline(budget=30 * BYTES)
    for step in range(0, 2000, 10):
        snapshot = timeline.add(state_at(step, good=GOOD))
        if step % 50 == 0:
            timeline.judge(snapshot, "worth it", 0.5, 0.5)
    judged = [snapshot.judgement is not None for snapshot in timeline.snapshots]
    assert sum(judged) / len(judged) > 0.6  # of a fifth
    gaps = np.diff(steps(timeline))
    assert gaps.max() <= 4 * np.median(gaps)


def test_one_that_was_thinned_away_since_it_was_shown_is_the_nearest() -> None:
    timeline = line(range(0, 100, 10))
    shown = {snapshot.step: snapshot.id for snapshot in timeline.snapshots}
    timeline.budget = 6 * BYTES
    timeline.add(state_at(100, good=GOOD))
    left = steps(timeline)
    assert len(left) <= 6
    for step, number in shown.items():
        assert abs(timeline.find(number).step - step) == min(abs(other - step) for other in left)
    for unknown in (0, 99, -1, None, "1"):
        with pytest.raises(ValueError, match="snapshot: expected one on the time line, got"):
            timeline.find(unknown)  # type: ignore[arg-type]


def test_judging_what_was_thinned_away_in_the_meantime_holds_nothing() -> None:
    timeline = line(range(10))
    snapshot = at(timeline, 4)
    timeline.budget = 3 * BYTES
    timeline.add(state_at(10, good=GOOD))
    before = timeline.used
    assert snapshot not in timeline.snapshots
    timeline.judge(snapshot, (np.zeros(10_000),), 0.5, 0.25)
    assert (timeline.used, snapshot.loss, snapshot.accuracy) == (before, 0.5, 0.25)


# ---- when the next one is due


def taken(timeline: Timeline, seconds_a_step: float, cost: float, last: int, start: float = 0.0) -> list[int]:
    """The steps at which a session that asks after each step takes a state, up to `last`."""
    when, found = start, [0]
    timeline.add(state_at(0, good=GOOD))
    for step in range(1, last + 1):
        when += seconds_a_step
        if timeline.due(step, when, cost):
            timeline.add(state_at(step, good=GOOD))
            when += cost
            found.append(step)
    return found


@pytest.mark.parametrize("start", [0.0, 1e6])
@pytest.mark.parametrize(("seconds_a_step", "cost"), [(2e-4, 3e-4), (5e-5, 2e-5), (5e-3, 2e-2), (1e-3, 1e-6)])
def test_taking_them_costs_a_hundredth_of_the_time(seconds_a_step: float, cost: float, start: float) -> None:
    timeline = Timeline(budget=200 * BYTES)
    found = taken(timeline, seconds_a_step, cost, 20_000, start)
    seconds = 20_000 * seconds_a_step
    assert len(found) * cost <= 0.01 * seconds + 0.02 + cost
    assert len(found) > 15
    kept = steps(timeline)
    assert np.diff(kept).max() <= 3 * max(np.median(np.diff(kept)), cost / seconds_a_step * 100)


def test_early_on_they_are_closer_together() -> None:
    found = taken(Timeline(budget=200 * BYTES), 2e-4, 3e-4, 20_000)
    early = [step for step in found if step <= 100]
    assert len(early) >= 15
    assert early[:4] == [0, 1, 2, 3]


def test_no_more_are_taken_than_would_be_kept() -> None:
    """However little they cost: what is thinned away at once was not worth the time."""
    found = taken(Timeline(budget=50 * BYTES), 1e-3, 0.0, 50_000)
    late = [step for step in found if step > 25_000]
    assert 30 <= len(late) <= 60


def test_asking_of_a_branch_that_has_none_yet_is_answered() -> None:
    timeline = line([0, 10, 20])
    assert timeline.due(30, 1.0, 0.1)
    assert not timeline.due(31, 1.01, 0.1)
    timeline.fork(at(timeline, 10).id)
    assert not timeline.due(10, 1.02, 0.1)
    assert timeline.due(11, 1.03, 0.1)
    assert not timeline.due(12, 1.04, 5.0)
    assert Timeline().due(0, 0.0, 0.0)


# ---- branches


def test_a_branch_starts_with_what_its_parent_knew() -> None:
    timeline = line([0, 10, 20])
    trunk = timeline.branch
    for step in range(1, 21):
        trunk.curve.add(step, 1.0, None, 0.1)
    trunk.history = events = [Change(1, 5, {}), Change(1, 15, {})]
    middle = at(timeline, 10)
    middle.state = replace(middle.state, history_length=1)  # type: ignore[type-var]
    branch = timeline.fork(middle.id)
    assert (branch.name, branch.parent, branch.from_step, branch.step) == ("B", trunk.id, 10, 10)
    assert branch.curve.points()[:, 0].tolist() == [*range(1, 11)]
    assert branch.history == events[:1]
    assert timeline.branch is branch
    assert timeline.newest(branch.id) is middle
    later = timeline.add(state_at(12))
    assert (timeline.newest(branch.id), later.branch) == (later, branch.id)
    assert timeline.switch(trunk.id).step == 20
    assert timeline.branch is trunk


def test_there_are_up_to_four_and_their_names_are_used_again() -> None:
    timeline = line([0, 10, 20])
    first = at(timeline, 10).id
    names = [timeline.fork(first).name for _ in range(3)]
    assert names == ["B", "C", "D"]
    with pytest.raises(ValueError, match=r"^branch: expected at most 4, got one more; drop one first$"):
        timeline.fork(first)
    timeline.drop(3)
    assert timeline.fork(first).name == "C"


def test_the_current_branch_is_not_dropped_and_an_unknown_one_not_found() -> None:
    timeline = line([0, 10])
    with pytest.raises(ValueError, match="drop: expected another branch than the current one, got A"):
        timeline.drop(1)
    for act in (timeline.drop, timeline.switch, timeline.newest):
        with pytest.raises(ValueError, match=r"^branch: expected one of 1 \(A\), got 7$"):
            act(7)


def test_what_branches_start_from_is_not_thinned_away() -> None:
    timeline = line(range(0, 1000, 10), budget=40 * BYTES)
    origins = []
    for place in (5, 6):
        origins.append(timeline.snapshots[place].id)
        timeline.fork(origins[-1])
        start = timeline.branch.from_step
        for step in range(start, start + 2000, 10):
            timeline.add(state_at(step, good=GOOD))
    alive = {snapshot.id for snapshot in timeline.snapshots}
    assert {*origins} <= alive
    assert timeline.used <= timeline.budget
    assert all(len(branch.snapshots) > 5 for branch in timeline.branches.values())
    newest = [branch.snapshots[-1].step for branch in timeline.branches.values()]
    assert newest == [990, timeline.branches[2].from_step + 1990, timeline.branches[3].from_step + 1990]


def test_dropping_a_parent_leaves_its_children_what_they_share() -> None:
    """Of two that start from it, the one that left it last takes its place."""
    timeline = line(range(0, 1000, 100))
    early, late = at(timeline, 300), at(timeline, 600)
    one = timeline.fork(early.id)
    one.changes = {"l2": [0, 1]}
    timeline.add(state_at(350))
    two = timeline.fork(late.id)
    two.changes = {"clip": [None, 1]}
    timeline.add(state_at(650))
    timeline.drop(1)
    assert (two.parent, two.from_step, two.origin) == (None, 0, None)
    assert (one.parent, one.from_step, one.origin) == (two.id, 300, early.id)
    assert steps(two) == [0, 100, 200, 300, 400, 500, 600, 650]
    assert steps(one) == [350]
    assert {snapshot.branch for snapshot in two.snapshots} == {two.id}
    assert timeline.find(early.id) is early
    assert timeline.used == held(timeline)
    timeline.switch(one.id)
    timeline.drop(two.id)
    assert steps(one) == [0, 100, 200, 300, 350]
    assert (one.parent, timeline.current) == (None, one.id)
    assert timeline.used == held(timeline)
    assert one.changes == {"l2": [0, 1], "clip": [None, 1]}


def test_changes_that_undo_each_other_are_told_as_they_were_made() -> None:
    timeline = line([0, 10])
    for before, after in ((0.1, 0.2), (0.2, 0.4)):
        timeline.fork(timeline.newest(timeline.current).id)
        timeline.branch.changes = {"learning_rate": [before, after]}
        timeline.add(state_at(timeline.branch.from_step + 10))
    timeline.drop(2)
    assert timeline.branch.changes == {"learning_rate": [0.1, 0.4]}
    assert timeline.branch.parent == 1


def test_a_state_of_the_same_step_takes_the_place_of_the_newest() -> None:
    timeline = line([0, 10])
    shown = timeline.newest(1)
    timeline.judge(shown, "table", 0.5, 0.75)
    later = state_at(10)
    assert timeline.add(later) is shown
    assert (shown.state, shown.judgement, len(timeline.snapshots)) == (later, "table", 2)
    assert timeline.used == held(timeline)
    with pytest.raises(ValueError, match="add: expected a state of step 10 or later, got 9"):
        timeline.add(state_at(9))


def test_a_recorded_run_cannot_be_branched_but_at_its_exact_point() -> None:
    timeline = Timeline()
    for step in (0, 5):
        timeline.add_frame(Frame(step, 1, np.zeros(3, np.float32), np.ones(2, np.float32)))
    assert timeline.snapshots[1].network_state.tolist() == [1, 1]
    for act in (lambda: timeline.fork(timeline.snapshots[0].id), lambda: timeline.switch(1)):
        with pytest.raises(ValueError, match=r"^(branch|switch): expected a .*, got .*record"):
            act()
    exact = timeline.add(state_at(9))
    assert timeline.fork(exact.id).from_step == 9
    told = timeline.fields()
    assert [snapshot["exact"] for snapshot in told["snapshots"]] == [False, False, True]


def test_what_the_page_is_told_is_plain_data() -> None:
    import json

    timeline = line([0, 250])
    timeline.judge(timeline.newest(1), object(), 0.5, None)
    timeline.fork(timeline.newest(1).id)
    told = timeline.fields()
    json.dumps(told)
    assert told["current"] == 2
    assert told["budget"] == BUDGET
    assert told["used"] == timeline.used
    assert [branch["name"] for branch in told["branches"]] == ["A", "B"]
    assert told["branches"][1] == {
        "id": 2, "name": "B", "parent": 1, "from_step": 250, "step": 250, "changes": {}, "ended": None,
    }  # fmt: skip
    assert told["snapshots"][1] == {
        "id": 2, "branch": 1, "step": 250, "epoch": 2, "loss": 0.5, "accuracy": None, "exact": True,
    }  # fmt: skip


def held(timeline: Timeline) -> int:
    """What it should say that it uses."""
    every = arrays(record for snapshot in timeline.snapshots for record in snapshot.records())
    return sum(array.nbytes for array in every.values()) + BESIDES * len(timeline.snapshots)


ACTS = ("add", "add", "add", "judge", "fork", "switch", "drop")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 1000)), max_size=120), st.integers(6, 30))
def test_whatever_is_done_it_keeps_its_promises(acts: list[tuple[str, int]], room: int) -> None:
    timeline = line([0], budget=room * BYTES)
    first = timeline.snapshots[0]
    for act, number in acts:
        snapshots, branches = timeline.snapshots, [*timeline.branches]
        try:
            if act == "add":
                timeline.add(state_at(timeline.branch.step + number, good=GOOD))
            elif act == "judge":
                timeline.judge(snapshots[number % len(snapshots)], (np.zeros(number),), 0.5, 0.5)
            elif act == "fork":
                timeline.fork(snapshots[number % len(snapshots)].id)
            else:
                getattr(timeline, act)(branches[number % len(branches)])
        except ValueError as error:
            assert act in ("fork", "drop")
            assert "\n" not in str(error)  # noqa: PT017
        check(timeline)
    assert timeline.find(first.id) is first


def check(timeline: Timeline) -> None:
    branches, snapshots = timeline.branches, timeline.snapshots
    assert timeline.used == held(timeline)
    assert timeline.used <= timeline.budget or timeline.notice is not None
    assert timeline.current in branches
    assert len({branch.name for branch in branches.values()}) == len(branches) <= 4
    assert [branch.parent for branch in branches.values()].count(None) == 1
    assert len({snapshot.id for snapshot in snapshots}) == len(snapshots)
    for branch in branches.values():
        assert steps(branch) == sorted(steps(branch))
        assert all(snapshot.branch == branch.id for snapshot in branch.snapshots)
        assert timeline.newest(branch.id).step <= branch.step
        if branch.parent is not None:
            assert branch.origin is not None
            origin = next(snapshot for snapshot in snapshots if snapshot.id == branch.origin)
            assert (origin.step, origin.branch) == (branch.from_step, branch.parent)
            assert all(snapshot.step >= branch.from_step for snapshot in branch.snapshots)


# ---- going on is exact

RUNS: dict[str, Callable[[], Training]] = {
    "dropout, running means, Adam, a partial last batch": lambda: training(
        network(Dense(8), BatchNorm(), ReLU(), Dropout(0.3)), optimizer="adam", epochs=5,
        learning_rate=OneCycle(0.05), l1=1e-3, weight_decay=0.1, clip=1.0, max_norm=2.0,
    ),
    "a full batch": lambda: training(optimizer="nesterov", batch_size="full", epochs=15),
    "early stopping": lambda: training(optimizer="adam", learning_rate=0.3, epochs=40, patience=2),
    "one example a step, in float64": lambda: training(network(dtype="float64"), batch_size=1, epochs=1),
}  # fmt: skip


class Going:
    """A run with its time line, as a session has them."""

    def __init__(self, run: Training, budget: int) -> None:
        self.run, self.timeline = run, Timeline(budget)
        self.told: dict[int, list[Any]] = {self.timeline.current: []}  # all events of each branch
        self.keep()

    def keep(self) -> None:
        self.timeline.add(self.run.capture(), self.run.history)

    def go(self, n: int) -> None:
        for _, event in zip(range(n), self.run):
            self.told[self.timeline.current].append(timeless(event))
            self.keep()

    def fork(self, snapshot: Snapshot) -> None:
        before = self.told[snapshot.branch]
        branch = self.timeline.fork(snapshot.id)
        assert snapshot.state is not None
        self.run.restore(snapshot.state, branch.history)
        self.told[branch.id] = []
        for event in before:  # as many as the state knew
            if event.kind == "step" and event.step > snapshot.step:
                break
            others = [other for other in self.told[branch.id] if other.kind != "step"]
            if event.kind != "step" and len(others) == snapshot.state.history_length:
                break
            self.told[branch.id].append(event)

    def switch(self, branch: int) -> None:
        newest, told = self.timeline.switch(branch), self.told[branch]
        if told and told[-1].kind == "end":  # which is no part of a state: it is said again
            told.pop()
        assert newest.state is not None
        self.run.restore(newest.state, self.timeline.branch.history)


def outcome(run: Training) -> tuple[list[Any], bytes, dict[str, bytes]]:
    told = [timeless(event) for event in run]
    return told, bits(run.network), {name: slot.tobytes() for name, slot in run.optimizer.slots.items()}


MOVES = st.lists(
    st.tuples(st.sampled_from(("go", "fork", "switch", "drop")), st.integers(0, 60)), max_size=25
)


@pytest.mark.parametrize("name", RUNS)
@settings(max_examples=15)
@given(moves=MOVES, room=st.sampled_from([4, 9, 1000]))
def test_wherever_one_goes_back_to_what_follows_is_the_same(
    name: str, moves: list[tuple[str, int]], room: int
) -> None:
    """Across branches, back and forth, with states thinned away, as long as nothing is changed."""
    told, expected, slots = outcome(RUNS[name]())
    run = RUNS[name]()
    size = run.network.parameters.vector.nbytes + BESIDES
    going = Going(run, 6 * size * room)
    for move, number in [*moves, ("go", 7)]:
        timeline, branches = going.timeline, [*going.timeline.branches]
        if move == "go":
            going.go(number % 20)
        elif move == "fork" and len(branches) < 4:
            snapshots = timeline.snapshots
            going.fork(snapshots[number % len(snapshots)])
        elif move == "switch":
            going.switch(branches[number % len(branches)])
        elif move == "drop" and branches[number % len(branches)] != timeline.current:
            timeline.drop(branches[number % len(branches)])
        assert going.told[timeline.current] == told[: len(going.told[timeline.current])]
    for branch in [*going.timeline.branches]:
        going.switch(branch)
        rest, ended, last_slots = outcome(run)
        assert going.told[branch] + rest == told
        assert (ended, last_slots) == (expected, slots)
        assert [timeless(event) for event in run.history] == [event for event in told if event.kind != "step"]


def test_a_branch_with_a_change_leaves_the_trunk_as_it_was() -> None:
    name = next(iter(RUNS))
    told, expected, slots = outcome(RUNS[name]())
    going = Going(RUNS[name](), BUDGET)
    going.go(9)
    start = going.timeline.snapshots[4]
    going.fork(start)
    going.run.change(learning_rate=0.5, dropout=0.0, batch_size=7)
    going.go(12)
    changed = bits(going.run.network)
    going.switch(1)
    assert outcome(going.run) == (told[9:], expected, slots)
    going.switch(2)
    assert bits(going.run.network) == changed != expected
    assert any(event.kind == "change" for event in going.run.history)
