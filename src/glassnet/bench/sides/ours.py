"""glassnet itself, as its users drive it: everything that a step of `Training` does is in the time."""

from typing import Any

import numpy as np

from glassnet.bench import shared
from glassnet.bench.job import Job
from glassnet.nn import optimizers
from glassnet.training import Step, Training


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job that the spec asks for."""
    del side
    what = dict(spec)
    match what.pop("kind"):
        case "train":
            return Train(shared.Training(**what), threads)
        case "predict":
            return Predict(shared.Predicting(**what))
        case "optimize":
            return Optimize(shared.Optimizing(**what))
    raise ValueError(f"kind: expected one that glassnet does, got {spec['kind']!r}")


class Train(Job):
    """Steps of a run: batch gathered from pixels as stored, loss, accuracy, backward, update, event."""

    def __init__(self, what: shared.Training, threads: int) -> None:
        super().__init__()
        self.what, self.done = what, 0
        self.events = Training(
            shared.network(what.network),
            what.own(),
            optimizer=what.optimizer,
            learning_rate=what.learning_rate,
            batch_size=what.batch,
            epochs=10**6,
            threads=threads,
        )
        next(self.events)

    def run(self, pieces: int) -> float:
        """Do so many steps; ends of epochs between them are done and not counted."""
        total, seen, batch, steps = 0.0, 0, self.what.batch, self.what.steps
        last = self.what.examples - (steps - 1) * batch
        while pieces:
            event = next(self.events)
            if not isinstance(event, Step):
                continue
            pieces -= 1
            self.done += 1
            n = batch if self.done % steps else last
            total += event.loss * n
            seen += n
        return total / seen


class Predict(Job):
    """Classes of the images that the peers are given too, by `predict`: one a call, or all."""

    def __init__(self, what: shared.Predicting) -> None:
        super().__init__()
        self.images, self.one = what.scaled(), what.images == 1
        self.network = shared.network(what.network)

    def run(self, pieces: int) -> float:
        """Answer so many images, or so many times all of them."""
        images, predict = self.images, self.network.predict
        if not self.one:
            for _ in range(pieces):
                classes = predict(images)
            return float(classes.mean())
        total, n = 0, len(images)
        for i in range(pieces):
            place = i % n
            total += int(predict(images[place : place + 1])[0])
        return total / pieces


class Optimize(Job):
    """The optimizer alone, over the flat vector."""

    def __init__(self, what: shared.Optimizing) -> None:
        super().__init__()
        network = shared.network(what.network)
        self.w, self.g = network.parameters.vector, network.gradients.vector
        names = [f"{place}.{name}" for place in range(1, 2 * len(what.network) - 2, 2) for name in "Wb"]
        for name, g in zip(names, what.gradients()):
            network.gradients[name][...] = g
        self.rate = shared.LEARNING_RATES[what.optimizer]
        self.optimizer = optimizers.get(what.optimizer)
        self.optimizer.start(self.w, network.weights)

    def run(self, pieces: int) -> float:
        """Make so many updates with the same gradient."""
        step, w, g, rate = self.optimizer.step, self.w, self.g, self.rate
        for _ in range(pieces):
            step(w, g, rate)
        return float(np.abs(w[: shared.LOOKED_AT]).mean())
