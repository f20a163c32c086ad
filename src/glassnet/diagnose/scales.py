"""Findings about sizes: of the inputs, of the first weights, and of the penalty beside the loss."""

import math

import numpy as np

from glassnet.diagnose.finding import PENALTY, TOO_LARGE, UNSCALED, Finding, number
from glassnet.diagnose.signs import Signs
from glassnet.diagnose.steps import shot_up

LARGE_INPUT = 10.0  # root mean square; of scaled inputs it is about 1, or less
LARGE_LOSS = 10.0  # the first loss, in guesses
DROWNED = 3.0  # the penalty, in guesses
SHRUNK = 0.3  # of the size that first weights have
SAME = 0.15  # the spread of the answers over the batch


def unscaled(signs: Signs) -> Finding | None:
    """The inputs are far larger than what first weights and learning rates are made for."""
    typical = float(np.sqrt(np.mean(np.square(signs.inputs)))) if signs.inputs.size else 0.0
    if not LARGE_INPUT < typical < math.inf:
        return None
    text = (
        f"the inputs reach {number(float(np.abs(signs.inputs).max()))} (root mean square {number(typical)}),"
        " where first weights and learning rates are made for about 1; scaling them (pixels to 0…1, columns"
        " to mean 0 and deviation 1) usually helps"
    )
    return Finding(UNSCALED, None, text)


def too_large(signs: Signs) -> Finding | None:
    """The first loss was far above that of guessing, and the network has not come down to it yet."""
    if not (signs.first > LARGE_LOSS * signs.guess and signs.recent > signs.guess):
        return None
    if signs.of_values and not signs.answers > signs.first / 4:  # it was the targets that were large
        return None
    text = (
        f"the first loss was {number(signs.first)}, where guessing costs {number(signs.guess)}: the first"
        " weights make the answers far too large; He or Glorot initialization usually helps"
    )
    return Finding(TOO_LARGE, None, text)


def penalty(signs: Signs) -> Finding | None:
    """The penalty pulls the weights to 0 harder than the data hold them."""
    settings, decay = signs.run.settings, signs.run.optimizer.weight_decay
    strengths = {"L1": settings.l1, "L2": settings.l2, "weight decay": decay}
    on = [f"{name} (it is {number(strength)})" for name, strength in strengths.items() if strength]
    if not on or not signs.stuck or shot_up(signs):
        return None
    if signs.penalty > DROWNED * signs.guess:
        what = (
            f"the penalty is {number(signs.penalty)}, the loss of the data {number(signs.recent)}: the"
            " weights are pulled to 0 before the data can teach them anything"
        )
    elif _collapsed(signs):
        what = "the weights are pulled so close to 0 that the answer is almost the same for all examples"
    else:
        return None
    return Finding(PENALTY, None, f"{what}; a smaller {' and '.join(on)} usually helps")


def _collapsed(signs: Signs) -> bool:
    """Whether all weights are small and the answers to the batch alike."""
    if signs.examples < 2 or not signs.weighted:
        return False
    alike = float(signs.run.flow.output.std(axis=0).max()) < SAME
    return alike and all(signs.gain(layer) < SHRUNK for layer in signs.weighted)
