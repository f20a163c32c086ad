"""The time line of a run: points of its past to go back to, as many as memory allows, on a few branches."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from glassnet.studio.memory import Memory
from glassnet.studio.snapshots import Branch, Snapshot
from glassnet.training.events import Event
from glassnet.training.rounded import Frame
from glassnet.training.state import State

BUDGET = 256 << 20  # bytes
MOST_SNAPSHOTS, MOST_BRANCHES = 500, 4
SHARE, EARLY_SECONDS = 0.004, 0.04  # of the time, and so much more at the start, may go into capturing
FURTHER = 1.25  # early on, the next one is taken when the run is so many times as far
REMEMBERED = 2000  # snapshots that were thinned away, by their id

__all__ = ["BUDGET", "Branch", "Snapshot", "Timeline"]


class Timeline:
    """Snapshots of all branches within `budget` bytes, thinned so that they are spread evenly over the steps.

    An array counts once however many states share it. The first snapshot, the newest of each branch and those
    that branches start from stay, whatever they take; `notice` is a line that says so where that is more than
    the budget. Those with a judgement, and those that take less, are rather kept than others. `current` is
    the branch that the run is on.

    The run's present state has to be added before `fork` and `switch`, or what came after the newest snapshot
    is lost.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget, self._memory = budget, Memory()
        self.branches: dict[int, Branch] = {}
        self.notice: str | None = None
        self._gone: dict[int, tuple[int, int]] = {}  # branch and step of those thinned away
        self._snapshot_ids = self._branch_ids = 0
        self._taken, self._began, self._when = 0, math.inf, -math.inf  # so often; first asked, last taken
        self._last, self._not_before = 0, 0.0  # steps
        self.current = self._begin(Branch(0, "")).id

    def _begin(self, branch: Branch) -> Branch:
        self._branch_ids += 1
        branch.id = self._branch_ids
        branch.name = min(set("ABCD") - {other.name for other in self.branches.values()})
        self.branches[branch.id] = branch
        return branch

    # ---- looking

    @property
    def used(self) -> int:
        """The bytes that the snapshots take."""
        return self._memory.used

    @property
    def snapshots(self) -> list[Snapshot]:
        """All of them, branch by branch, by step."""
        return [snapshot for branch in self.branches.values() for snapshot in branch.snapshots]

    @property
    def branch(self) -> Branch:
        """The current branch."""
        return self.branches[self.current]

    def find(self, snapshot_id: int) -> Snapshot:
        """Return the snapshot; for one that was thinned away since it was shown, the nearest of its branch.

        Raises ValueError if there is none.
        """
        for snapshot in self.snapshots:
            if snapshot.id == snapshot_id:
                return snapshot
        branch, step = self._gone.get(snapshot_id, (0, 0))
        if branch in self.branches:
            return min(self.branches[branch].snapshots, key=lambda snapshot: abs(snapshot.step - step))
        raise ValueError(f"snapshot: expected one on the time line, got {snapshot_id!r:.20}")

    def newest(self, branch_id: int) -> Snapshot:
        """Return the newest snapshot of a branch: the one it starts from where it has none of its own.

        Raises ValueError for an unknown branch, and one without any.
        """
        branch = self._known(branch_id)
        if branch.snapshots:
            return branch.snapshots[-1]
        return self.find(branch.origin or 0)

    def _known(self, branch_id: int) -> Branch:
        if branch_id not in self.branches:
            names = ", ".join(f"{branch.id} ({branch.name})" for branch in self.branches.values())
            raise ValueError(f"branch: expected one of {names}, got {branch_id!r:.20}")
        return self.branches[branch_id]

    def fields(self) -> dict[str, Any]:
        """Return what the page is told, as plain data."""
        told = ("id", "name", "parent", "from_step", "step", "changes", "ended")
        told_of = ("id", "branch", "step", "epoch", "loss", "accuracy")
        return {
            "current": self.current,
            "used": self.used,
            "budget": self.budget,
            "branches": [{name: getattr(b, name) for name in told} for b in self.branches.values()],
            "snapshots": [
                {**{name: getattr(s, name) for name in told_of}, "exact": s.state is not None}
                for s in self.snapshots
            ],
        }

    # ---- adding

    def due(self, step: int, seconds: float, cost_seconds: float) -> bool:
        """Whether to capture and add a state now, `seconds` into the work; true is taken as its being done.

        `cost_seconds` is what that last took. The next one is worth having when it is as far from the last as
        all could be from one another, and the time for it is there; early on also when the run is a quarter
        further. `seconds` may be any clock that does not go back.
        """
        if step < self._not_before:
            return False
        self._began = min(self._began, seconds)
        due = seconds - self._when >= cost_seconds / SHARE
        if not due and step >= FURTHER * self._last:
            due = (self._taken + 1) * cost_seconds <= SHARE * (seconds - self._began) + EARLY_SECONDS
        if due:
            self._when = seconds
        return due

    def add(self, state: State, history: Sequence[Event] = ()) -> Snapshot:
        """Add a state of the current branch, and its `history` so far, which is kept, not copied.

        A state of the same step as the newest takes its place: a later moment between the same two steps.
        Raises ValueError for one of an earlier step.
        """
        place, own = state.place, self.branch.snapshots
        if own and place.step < own[-1].step:
            raise ValueError(f"add: expected a state of step {own[-1].step} or later, got {place.step}")
        self.branch.history = history
        self._taken += 1
        state = _sharing(state)
        if own and place.step == own[-1].step:
            snapshot = own[-1]
            self._memory.release(snapshot.records())
            snapshot.state, snapshot.frame = state, None
        else:
            self._snapshot_ids += 1
            snapshot = Snapshot(self._snapshot_ids, self.current, place.step, 0, state)
            own.append(snapshot)
        snapshot.epoch = place.epoch + (place.position > 0)
        self._memory.hold(snapshot.records())
        self._thin()
        self._space()
        return snapshot

    def add_frame(self, frame: Frame, branch: Branch | None = None) -> Snapshot:
        """Add a frame of a recorded run to the branch, else the current one, of which it is the newest."""
        branch = branch or self.branch
        self._snapshot_ids += 1
        snapshot = Snapshot(self._snapshot_ids, branch.id, frame.step, frame.epoch, frame=frame)
        branch.snapshots.append(snapshot)
        self._memory.hold(snapshot.records())
        self._thin()
        return snapshot

    def judge(self, snapshot: Snapshot, judgement: Any, loss: float | None, accuracy: float | None) -> None:
        """Keep with a snapshot what it is worth."""
        held = snapshot in self.snapshots  # it may have been thinned away in the meantime
        if held:
            self._memory.release(snapshot.records())
        snapshot.judgement, snapshot.loss, snapshot.accuracy = judgement, loss, accuracy
        if held:
            self._memory.hold(snapshot.records())
            self._thin()

    # ---- branches

    def fork(self, snapshot_id: int) -> Branch:
        """Begin a branch at the snapshot and make it the current one: `run.restore(state, branch.history)`.

        Raises what `check_fork` does.
        """
        snapshot = self.check_fork(snapshot_id)
        assert snapshot.state is not None
        parent = self.branches[snapshot.branch]
        branch = Branch(0, "", parent.id, snapshot.step, snapshot.id, parent.curve.upto(snapshot.step))
        branch.history = parent.history[: snapshot.state.history_length]
        self._go(self._begin(branch))
        return branch

    def check_fork(self, snapshot_id: int) -> Snapshot:
        """Return the snapshot, if a branch can begin there.

        Raises ValueError for a frame of a recording, for a fifth branch, and where memory is too short.
        """
        snapshot = self.find(snapshot_id)
        if snapshot.state is None:
            expected, received = (
                "a point whose exact state is known",
                "a recorded one, whose weights are rounded",
            )
            raise ValueError(f"branch: expected {expected}, got {received}")
        if len(self.branches) == MOST_BRANCHES:
            raise ValueError(f"branch: expected at most {MOST_BRANCHES}, got one more; drop one first")
        size = sum(array.nbytes for array in (snapshot.parameters, *snapshot.state.slots.values()))
        if size * (len(self._fixed() | {snapshot.id}) + 1) > self.budget:
            budget = f"the time line's {_megabytes(self.budget)}"
            raise ValueError(
                f"branch: expected room for one more in {budget}, got states of {_megabytes(size)}"
            )
        return snapshot

    def switch(self, branch_id: int) -> Snapshot:
        """Make another branch the current one and return its newest snapshot, with which it goes on.

        Raises ValueError for a branch that is known from a recording alone.
        """
        newest = self.newest(branch_id)
        if newest.state is None or self.branches[branch_id].recording:
            name = self.branches[branch_id].name
            raise ValueError(f"switch: expected a branch that can go on, got {name}, which is a recording")
        self._go(self.branches[branch_id])
        return newest

    def _go(self, branch: Branch) -> None:
        self.current, self._when = branch.id, -math.inf
        self._space()

    def drop(self, branch_id: int) -> None:
        """Take a branch away, and with it what is of no other.

        What other branches have in common with it, up to where the last of them left it, becomes part of that
        one. Raises ValueError for the current branch.
        """
        branch = self._known(branch_id)
        if branch_id == self.current:
            raise ValueError(f"drop: expected another branch than the current one, got {branch.name}")
        del self.branches[branch_id]
        children = [other for other in self.branches.values() if other.parent == branch_id]
        heir = max(children, key=lambda other: other.from_step, default=None)
        for child in children:
            child.parent = heir.id if heir else None
        if heir is not None:
            heir.inherit(branch)
        for snapshot in branch.snapshots:
            self._memory.release(snapshot.records())
        self._thin()
        self._space()

    # ---- memory

    def _fixed(self) -> set[int]:
        """The snapshots that are not thinned away, by their ids."""
        branches = self.branches.values()
        fixed = {branch.snapshots[-1].id for branch in branches if branch.snapshots}
        fixed |= {branch.snapshots[0].id for branch in branches if branch.snapshots and branch.parent is None}
        return fixed | {branch.origin for branch in branches if branch.origin is not None}

    def _thin(self) -> None:
        """Take away those whose neighbours are closest until the rest keeps to the budget."""
        while (
            self.used > self.budget or sum(len(b.snapshots) for b in self.branches.values()) > MOST_SNAPSHOTS
        ):
            candidates = [*self._candidates()]
            if not candidates:
                break
            _, place, branch = min(candidates, key=lambda candidate: candidate[0])
            snapshot = branch.snapshots.pop(place)
            self._memory.release(snapshot.records())
            self._gone[snapshot.id] = branch.id, snapshot.step
            if len(self._gone) > REMEMBERED:
                del self._gone[next(iter(self._gone))]
        self.notice = None
        if self.used > self.budget:
            used, budget = _megabytes(self.used), _megabytes(self.budget)
            self.notice = (
                f"the time line takes {used}, more than its {budget}: it keeps the first point, the newest"
                " and those that branches start from"
            )

    def _candidates(self) -> Iterator[tuple[float, int, Branch]]:
        """Yield of each that may go what it is worth, with its place: by the steps between its neighbours."""
        fixed = self._fixed()
        for branch in self.branches.values():
            own = branch.snapshots
            for place, snapshot in enumerate(own):
                if snapshot.id not in fixed:
                    before = own[place - 1].step if place else branch.from_step
                    worth = own[place + 1].step - before
                    worth *= 1 if snapshot.judgement is None else 2
                    yield worth * (1.5 if snapshot.frugal else 1), place, branch

    def _space(self) -> None:
        """Find from which step on another snapshot is worth having."""
        snapshots = self.snapshots
        own = self.branch.snapshots
        self._last = own[-1].step if own else self.branch.from_step
        fit = min(MOST_SNAPSHOTS, self.budget * len(snapshots) / max(1, self.used))
        self._not_before = self._last + max(1.0, self._last / max(1.0, fit))


def _sharing(state: State) -> State:
    """Return the state without a second copy of what it has twice, as after an epoch's end."""
    good, parameters = state.good, state.parameters
    if state.place.position or not np.array_equal(parameters, good.parameters):
        return state
    if not np.array_equal(state.network_state, good.state):
        return state
    return replace(state, parameters=good.parameters, network_state=good.state)


def _megabytes(size: float) -> str:
    return f"{size / 2**20:,.0f} MB"
