"""What looks at a network: how it does, how its layers fare, and one example on its way through it."""

import math
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.judged import judged_part
from glassnet.diagnose.findings import Finding, examine
from glassnet.diagnose.vitals import Vitals, vitals
from glassnet.studio.snapshots import Snapshot
from glassnet.studio.timeline import Timeline
from glassnet.training import Training
from glassnet.training.batches import Batches
from glassnet.view import samples
from glassnet.view.camera import Camera
from glassnet.view.judge import Judge, Judgement

Array = NDArray[Any]
Message = tuple[dict[str, Any], dict[str, Array]]
EXAMINING_SECONDS = 0.25
PROBE = 256  # examples at most on which the layers of a point of the past are looked at


class Eyes:
    """Looks at a run: at where it stands, or at `past`, the point of its time line that is shown.

    `sample` is the example of the judged part, or the drawing, that flows through. `judgement` is of where
    the run stood after step `judged_at`. Nothing here changes the run.
    """

    def __init__(self, run: Training, timeline: Timeline) -> None:
        self.run, self.timeline = run, timeline
        self.part_name, self.part = judged_part(run.data)
        self.judge = Judge(run.network, run.data, self.part)
        self.examples = samples.message(run.data, self.part)  # to choose from
        self.sample = samples.example(run.data, self.part, _first(self.examples))
        self.past: Snapshot | None = None
        self.judgement: Judgement | None = None
        self.judged_at = -1
        self.fallen_back = False  # the run diverged, and the network is that of an earlier step
        self.vitals: list[Vitals] = []
        self._past_vitals: list[Vitals] = []
        self.findings: list[Finding] = []
        self._camera = Camera(run.data)
        self._looked_at, self._examined = -1, -math.inf  # the step; when, by `perf_counter`
        self._before = np.empty_like(run.network.parameters.vector)  # parameters before the step looked at
        self._armed_at = -1  # steps that were made then
        self._random = np.random.default_rng()

    def forget(self) -> None:
        """The run has gone elsewhere: what was seen is not there."""
        self.past, self.judgement = None, None
        self.judged_at = self._looked_at = self._armed_at = -1
        self.vitals, self.findings, self.fallen_back = [], [], False

    def take_over(self, other: "Eyes") -> None:
        """Go on with what others saw of the same course on a network of the same weights."""
        self.sample, self.judgement, self.judged_at = other.sample, other.judgement, other.judged_at
        self.turn_to(other.past)

    # ---- the present

    def arm(self) -> None:
        """Remember the parameters, so that the update of the step to come can be told."""
        np.copyto(self._before, self.run.network.parameters.vector)
        self._armed_at = self.run.step

    def look(self, *, often: bool = False) -> None:
        """Look at the layers as the last step left them; where none was made, as some examples show them.

        What is wrong is not asked each time where one looks `often`.
        """
        update = None
        if self.run.step and self._armed_at == self.run.step - 1:  # a step was made since, and no more
            update = np.subtract(self.run.network.parameters.vector, self._before, out=self._before)
            self._armed_at = -1
        if len(self.run.batch):
            self.vitals = vitals(self.run.network, self.run.flow, update)
        else:
            network = self.run.network
            self.vitals = self._twin.look(network.parameters.vector, network.state.vector)
        self._looked_at = self.run.step
        if not often or perf_counter() - self._examined > EXAMINING_SECONDS:
            self.examine()

    def examine(self) -> None:
        """Find what is wrong with what was seen."""
        self.findings = examine(self.run, self.vitals, self.timeline.branch.curve.points())
        self._examined = perf_counter()

    def measure(self) -> None:
        """Judge the network where the run stands, and keep it with the curve."""
        found = self.judge.judge(self.run.network)
        self.timeline.branch.curve.judge(self.run.step, found.loss, _share(found))
        self.judgement, self.judged_at = found, self.run.step

    @property
    def looked(self) -> bool:
        """Whether the layers were looked at where the run stands."""
        return self._looked_at == self.run.step

    # ---- the past

    def turn_to(self, snapshot: Snapshot | None) -> None:
        """Show a point of the past, or with None the present again."""
        self.past = snapshot
        if snapshot is not None:
            self._past_vitals = self._twin.look(snapshot.parameters, snapshot.network_state)

    @cached_property
    def _twin(self) -> "Twin":
        return Twin(self.run)

    def give(self, snapshot: Snapshot, found: Judgement) -> None:
        """Keep with a snapshot what it is worth."""
        self.timeline.judge(snapshot, found, found.loss, _share(found))

    def finish(self) -> str | None:
        """Judge what is "shown" or else some point of the "past", if any was not judged yet, and say which.

        One at a time, since a command may be waiting.
        """
        if self.past is None and self.judged_at != self.run.step and not self.fallen_back:
            self.measure()
            newest = self.timeline.newest(self.timeline.current)
            if newest.step == self.run.step and self.judgement is not None:
                self.give(newest, self.judgement)
            return "shown"
        for snapshot in [*filter(None, [self.past]), *self.timeline.snapshots]:
            if snapshot.judgement is None:
                self._twin.put(snapshot.parameters, snapshot.network_state)
                self.give(snapshot, self.judge.judge(self._twin.network))
                return "shown" if snapshot is self.past else "past"
        return None

    # ---- whichever is shown

    @property
    def known(self) -> Judgement | None:
        """The judgement of what is shown, None if it was not made yet."""
        if self.past is not None:
            found: Judgement | None = self.past.judgement
            return found
        return self.judgement

    def shoot(self, *, weights: bool) -> Message:
        """Return what the camera sees."""
        if self.past is not None:
            # Another point may have been judged in the meantime.
            self._twin.put(self.past.parameters, self.past.network_state)
            return self._camera.shoot(self._twin.network, self.sample.x, self._past_vitals)
        return self._camera.shoot(self.run.network, self.sample.x, self.vitals, weights=weights)

    def choose(self, index: int | None) -> None:
        """Let another example flow through the network: the one of that number, or any."""
        if index is None:
            index = int(self._random.integers(len(self.part)))
        self.sample = samples.example(self.run.data, self.part, index)

    def take(self, image: NDArray[np.uint8]) -> None:
        """Let a drawing (28, 28) flow through. Raises ValueError where it cannot be an example."""
        self.sample = samples.drawing(self.run.data, image)


class Twin:
    """A network like the run's for what once was, and a pass of its own over some training examples."""

    def __init__(self, run: Training) -> None:
        self.network = run.network.snapshot()
        self._pass = self.network.new_pass(
            min(PROBE, len(run.data.train)), training=True, generator=np.random.default_rng(0)
        )
        batches = Batches(run.network, run.data.train, self._pass.capacity)
        self._targets, _ = batches.load(np.arange(self._pass.capacity), self._pass)

    def put(self, parameters: Array, state: Array) -> None:
        """Make the network what it was."""
        self.network.parameters.vector[...] = parameters
        self.network.state.vector[...] = state

    def look(self, parameters: Array, state: Array) -> list[Vitals]:
        """Go forward and back over the examples with a network as it was, and look at its layers."""
        self.put(parameters, state)
        network, arrays = self.network, self._pass
        assert network.loss is not None
        with np.errstate(all="ignore"):
            network.loss(arrays.forward(), self._targets, arrays.output_gradient)
            arrays.backward()
        self.put(parameters, state)  # running means stay those of the moment
        return vitals(network, arrays, None)


def _share(found: Judgement) -> float | None:
    """What a curve shows beside the loss: of classes the share named right, of values R²."""
    return found.r2 if found.accuracy is None else found.accuracy


def _first(examples: Message) -> int:
    """Return the place of the first example to choose from; of points, the first that is judged on."""
    fields, arrays = examples
    index = arrays["index"] if "index" in arrays else np.array([row["index"] for row in fields["rows"]])
    return int(index[np.argmax(index >= 0)])
