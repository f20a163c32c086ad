"""What the page is told of the run: one method for each kind of message."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet import blas
from glassnet.nn.network import Network
from glassnet.studio.answers import Answer
from glassnet.studio.setups import Opening
from glassnet.studio.snapshots import Snapshot
from glassnet.studio.work import Work
from glassnet.view import samples
from glassnet.view.wire import encode

Array = NDArray[Any]


class Teller:
    """Builds the messages and hands them to `publish(topic, message)`."""

    def __init__(self, publish: Callable[[str, bytes], None]) -> None:
        self._publish = publish
        self._given: str | None = None  # what one should know of the run at hand
        self._said: str | None = None  # the last notice

    def _tell(self, kind: str, fields: dict[str, Any], arrays: dict[str, Array] | None = None) -> None:
        self._publish(kind, encode(kind, fields, arrays))

    # ---- what changes seldom

    def loading(self, opening: Opening) -> None:
        """The data are being read."""
        what = opening.run or opening.given.get("data") or "mnist"
        self._tell("session", {"status": "loading", "run": 0, "message": f"reading {what}", "mode": "live"})

    def failed(self, message: str) -> None:
        """There is no run."""
        self._tell("session", {"status": "failed", "run": 0, "message": message, "mode": "live"})

    def whole(self, work: Work, notice: str | None) -> None:
        """There is another run: everything of it."""
        self._given, self._said = notice, ""  # so that what is told of the run before goes
        self._publish(
            "hello", b""
        )  # what can be chosen depends on the data: each page has a hello of its own
        self.session(work)
        self._tell("data", *work.eyes.examples)
        self.standing(work)

    def notice(self, text: str | None) -> None:
        """Something one should know, or nothing; once."""
        if text != self._said:
            self._said = text
            self._tell("notice", {"text": text})

    def standing(self, work: Work) -> None:
        """Tell everything that may have changed while the run stands still."""
        self.timeline(work)
        self.branches(work)
        self.validation(work)
        self.frame(work)
        self.session(work)

    def session(self, work: Work) -> None:
        """Set-up, structure, and where the run stands in words."""
        run, eyes = work.run, work.eyes
        n = len(run.data.train)
        self._tell(
            "session",
            {
                "status": work.status,
                "message": work.message,
                "run": work.number,
                "mode": work.mode,
                "settings": work.settings(),
                "staged": work.staged or None,
                "link": work.link(),
                "suits": work.set_up.suits,
                "data": samples.about(run.data, eyes.part_name),
                "network": structure(run.network),
                "total_steps": run.total_steps,
                "epochs": run.settings.epochs,
                "steps_an_epoch": math.ceil(n / run.settings.examples(n)),
                "branch": work.timeline.current,
                "scrub": eyes.past and eyes.past.id,
                "sample": eyes.sample.fields(),
                "reads": run.network.classifies and samples.takes_drawings(run.data),
                "threads": run.threads,
                "blas": str(blas.info()),
            },
        )

    def timeline(self, work: Work) -> None:
        """Snapshots and branches."""
        past = work.eyes.past
        self._tell("timeline", {"run": work.number, **work.timeline.fields(), "scrub": past and past.id})
        lines = [line for line in (self._given, work.timeline.notice) if line]
        if lines or self._said == "":
            self.notice("; ".join(lines) or None)

    def branches(self, work: Work) -> None:
        """The curves of the branches that are not current."""
        arrays: dict[str, Array] = {}
        for branch in work.timeline.branches.values():
            if branch.id != work.timeline.current:
                arrays[f"curve_{branch.id}"] = branch.curve.points()
                arrays[f"judged_{branch.id}"] = branch.curve.judged()
        self._tell("branches", {"run": work.number}, arrays)

    def validation(self, work: Work) -> None:
        """How the network does on the part it is judged on, if that is known by now."""
        eyes, past = work.eyes, work.eyes.past
        if eyes.known is None:
            return
        fields, arrays = eyes.judge.message(eyes.known)
        step, scrub = (past.step, past.id) if past else (eyes.judged_at, None)
        place = {"run": work.number, "branch": work.timeline.current, "step": step, "scrub": scrub}
        self._tell("validation", {**place, "part": eyes.part_name, **fields}, arrays)

    # ---- what changes with a step

    def frame(
        self, work: Work, rate: float | None = None, cost: float | None = None, *, weights: bool = True
    ) -> None:
        """What the network looks like after the step just made, or at the point of the past that is shown."""
        eyes, curve = work.eyes, work.timeline.branch.curve
        fields, arrays = eyes.shoot(weights=weights)
        told = {
            "run": work.number,
            "branch": work.timeline.current,
            "total_steps": work.run.total_steps,
            "rate": rate,
            "cost": cost,
            "findings": [] if eyes.past else [finding._asdict() for finding in eyes.findings],
            **(_past(work, eyes.past) if eyes.past else _present(work)),
        }
        curves = {"curve": curve.points(), "judged": curve.judged(), "epochs": curve.epochs()}
        self._tell("frame", {**told, **fields}, {**arrays, **curves})

    # ---- replies

    def cell(self, work: Work, actual: int, predicted: int) -> Answer:
        """The examples of one cell of the confusion table that is shown."""
        if work.eyes.known is None:
            raise ValueError("cell: expected a point that was judged, got one that is being judged")
        return "cell", *work.eyes.judge.cell(work.eyes.known, actual, predicted)

    def file(self, work: Work, snapshot: Snapshot | None) -> Answer:
        """A model file."""
        name, content = work.model(snapshot)
        return "file", {"name": name}, {"bytes": np.frombuffer(content, np.uint8)}


def structure(network: Network) -> dict[str, Any]:
    """Return what the page must know of the layers."""
    layers = []
    for place, layer in enumerate(network.layers, 1):
        own = {name: view for name, view in network.parameters.items() if name.startswith(f"{place}.")}
        w = own.get(f"{place}.W")
        matrix = None if w is None else {"name": f"{place}.W", "inputs": w.shape[0], "units": w.shape[1]}
        layers.append(
            {
                "place": place,
                "kind": layer.kind,
                "label": layer.label(),
                "units": math.prod(layer.output_shape),
                "parameters": sum(view.size for view in own.values()),
                "matrix": matrix,
            }
        )
    return {"parameters": network.size, "layers": layers}


def _present(work: Work) -> dict[str, Any]:
    """Where the run stands, and what its last step was like."""
    run, last = work.run, work.last
    epoch, (done, whole) = min(run.epoch + 1, run.settings.epochs), run.steps_in_epoch
    if not done and (work.status == "ended" or run.epoch >= run.settings.epochs):
        epoch, done = run.epoch, whole  # there is none after it
    coming = float(run.settings.schedule(run.step, run.total_steps))
    return {
        "step": run.step,
        "epoch": epoch,
        "position": [done, whole],
        "learning_rate": last.learning_rate if last else coming,
        "loss": last and last.loss,
        "accuracy": last and last.accuracy,
        "seconds": run.seconds,
        "scrub": None,
    }


def _past(work: Work, snapshot: Snapshot) -> dict[str, Any]:
    """Where a point of the past stands, and what the steps around it were like on average."""
    known = work.timeline.branches[snapshot.branch].curve.at(snapshot.step)
    _, loss, accuracy, rate = known or (None,) * 4
    return {
        "step": snapshot.step,
        "epoch": max(1, snapshot.epoch),
        "position": _position(work, snapshot),
        "learning_rate": rate,
        "loss": loss,
        "accuracy": accuracy,
        "seconds": None,
        "scrub": snapshot.id,
    }


def _position(work: Work, snapshot: Snapshot) -> list[int]:
    """How many steps of its epoch a point of the past is at, of how many, with batches as they were then."""
    n, state = len(work.run.data.train), snapshot.state
    if state is None:  # of a frame, batches are not known: as they are now
        whole = work.run.steps_in_epoch[1]
        return [min(max(0, snapshot.step - max(0, snapshot.epoch - 1) * whole), whole), whole]
    batch = state.settings.examples(n)
    whole, done = math.ceil(n / batch), math.ceil(state.place.position / batch)
    return [done or (whole if state.place.epoch else 0), whole]
