"""The examples that a network is judged on while it learns, and by whose numbers one looks into it."""

import numpy as np

from glassnet.data.dataset import Dataset, Split

MOST_OF_TRAINING = 10_000  # examples judged on where none were set aside


def judged_part(data: Dataset) -> tuple[str, Split]:
    """Return the name and the part to judge on while a network learns: never the test part.

    It is "validation", else the first 10,000 of "training".
    """
    if len(data.validation):
        return "validation", data.validation
    train = data.train
    if len(train) > MOST_OF_TRAINING:
        train = Split(train.inputs, train.targets, train.places(np.arange(MOST_OF_TRAINING)))
    return "training", train
