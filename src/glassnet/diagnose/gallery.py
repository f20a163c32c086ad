"""Eight set-ups that are broken on purpose, each in its own way, to see what it looks like and mend it."""

from typing import Any, NamedTuple

from glassnet.diagnose import finding


class Broken(NamedTuple):
    """A broken set-up: `settings` on top of the recipe that suits MNIST, and the finding that names it.

    `about` says what is set and what will be seen.
    """

    name: str
    title: str
    about: str
    looks_for: str
    settings: dict[str, Any]


GALLERY = (
    Broken(
        "zeros",
        "All weights begin at 0",
        "Every hidden unit computes the same and gets the same gradient, here none at all: the network learns"
        " how frequent the classes are and nothing else.",
        finding.SYMMETRIC,
        {"initializer": "zeros"},
    ),
    Broken(
        "rate-too-high",
        "Learning rate too high",
        "At a learning rate of 3 each step leaps over the valley to a higher slope: the loss shoots up within"
        " a few steps, and the wild weights leave most ReLUs dead.",
        finding.TOO_HIGH,
        {"learning_rate": 3.0, "schedule": "constant"},
    ),
    Broken(
        "rate-too-low",
        "Learning rate too low",
        "At a learning rate of 0.000001 nothing is wrong but the pace: the gradient is fine, and each step"
        " follows it by almost nothing.",
        finding.TOO_LOW,
        {"learning_rate": 1e-6, "schedule": "constant"},
    ),
    Broken(
        "deep-sigmoid",
        "Sigmoid, ten layers deep",
        "The slope of a sigmoid is at most 1/4, so the gradient is at least four times smaller below each"
        " layer; the first layers never learn, and the last ones have nothing to go by.",
        finding.VANISHING,
        {"hidden": [64] * 10, "activation": "sigmoid"},
    ),
    Broken(
        "unscaled",
        "Pixels from 0 to 255",
        "The pixels go in as they are stored. First weights and learning rates are made for inputs of about"
        " 1, so outputs and gradients are hundreds of times too large.",
        finding.UNSCALED,
        {"scale": False},
    ),
    Broken(
        "dead-relus",
        "Dead ReLUs",
        "The first weights are drawn from −0.5 to 0.3: most units get a sum below 0 for every image, answer"
        " 0, and have no slope to learn by. The few others do all the work.",
        finding.DEAD,
        {"initializer": "uniform(-0.5, 0.3)"},
    ),
    Broken(
        "saturated-tanh",
        "Saturated tanh",
        "The first weights are drawn from −10 to 10: almost every tanh answers −1 or 1, where it is flat, and"
        " lets no gradient through to the weights before it.",
        finding.SATURATED,
        {"activation": "tanh", "initializer": "uniform(-10, 10)"},
    ),
    Broken(
        "strong-penalty",
        "A penalty that drowns the data",
        "An L2 penalty of 1 pulls all weights to 0 within some dozen steps: the answers become the same for"
        " every image.",
        finding.PENALTY,
        {"l2": 1.0},
    ),
)
