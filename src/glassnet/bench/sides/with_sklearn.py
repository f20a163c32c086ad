"""scikit-learn's MLPClassifier, its first weights replaced by ours.

It shuffles, as it does by itself, and so gathers each batch; but into the order that all sides have, in which
the rows were laid before the clock starts. Left out against glassnet: scaling, accuracy, any record of the
steps, and scikit-learn's own search for NaN among the inputs.
"""

from typing import Any

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

from glassnet.bench import shared
from glassnet.bench.job import Job


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job that the spec asks for; NumPy's BLAS was told its threads."""
    del side, threads
    what = dict(spec)
    match what.pop("kind"):
        case "train":
            return Train(shared.Training(**what))
        case "predict":
            return Predict(shared.Predicting(**what))
    raise ValueError(f"kind: expected one that scikit-learn does, got {spec['kind']!r}")


class InOrder(np.random.RandomState):
    """Shuffles without a change of order."""

    def shuffle(self, x: Any) -> None:
        """Leave everything where it is."""


def classifier(sizes: Any, **options: Any) -> MLPClassifier:
    """Return the network with glassnet's first weights, as if it had never learnt."""
    inputs, *hidden, outputs = sizes
    made = MLPClassifier(tuple(hidden), alpha=0.0, shuffle=True, random_state=InOrder(0), **options)
    made.partial_fit(np.zeros((outputs, inputs), np.float32), np.arange(outputs), classes=np.arange(outputs))
    for place, (W, b) in enumerate(shared.weights(sizes)):
        made.coefs_[place][...] = W
        made.intercepts_[place][...] = b
    del made._optimizer  # the next call begins with a new one
    return made


class Train(Job):
    """Training steps by `partial_fit` over the rows of many batches, laid one after the other."""

    def __init__(self, what: shared.Training) -> None:
        super().__init__()
        self.batches = what.batches()
        self.x, self.y = what.scaled()
        solver = "adam" if what.optimizer == "adam" else "sgd"
        self.classifier = classifier(
            what.network,
            solver=solver,
            batch_size=what.batch,
            learning_rate_init=what.learning_rate,
            momentum=shared.MOMENTUM if what.optimizer == "momentum" else 0.0,
            nesterovs_momentum=False,
            beta_1=shared.BETA1,
            beta_2=shared.BETA2,
            epsilon=shared.EPSILON,
        )

    def ready(self, pieces: int) -> None:
        """Lay the examples of so many batches in their order."""
        rows = np.concatenate([next(self.batches) for _ in range(pieces)])
        self.rows_x, self.rows_y = self.x[rows], self.y[rows]

    def run(self, pieces: int) -> float:
        """Do so many steps: one pass over the examples laid out."""
        with sklearn.config_context(assume_finite=True):
            self.classifier.partial_fit(self.rows_x, self.rows_y)
        return float(self.classifier.loss_)


class Predict(Job):
    """Classes of images: one a call, or all at once."""

    def __init__(self, what: shared.Predicting) -> None:
        super().__init__()
        self.one, self.images = what.images == 1, what.scaled()
        self.classifier = classifier(what.network)

    def run(self, pieces: int) -> float:
        """Answer so many images, or so many times all of them."""
        images, predict, n = self.images, self.classifier.predict, len(self.images)
        if not self.one:
            for _ in range(pieces):
                classes = predict(images)
            return float(classes.mean())
        total = 0
        for i in range(pieces):
            place = i % n
            total += int(predict(images[place : place + 1])[0])
        return total / pieces
