"""What is wrong with a run, in plain words with the numbers in them, and what usually helps.

docs/diagnose.md says of each finding what it looks at, from where on it speaks, and what it misses.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.diagnose import finding, scales, steps, through
from glassnet.diagnose.finding import Finding
from glassnet.diagnose.signs import Signs
from glassnet.diagnose.vitals import Vitals
from glassnet.training import Training

__all__ = ["Finding", "examine"]

LOOKS: tuple[Callable[[Signs], Finding | None], ...] = (
    through.symmetric, scales.unscaled, scales.too_large, steps.too_high, steps.too_low, scales.penalty,
    through.vanishing, through.dead, through.saturated,
)  # fmt: skip

# What each finding brings with it, and so is not told beside it.
BRINGS: dict[str, tuple[str, ...]] = {
    finding.SYMMETRIC: (
        finding.DEAD, finding.SATURATED, finding.VANISHING, finding.TOO_LOW, finding.PENALTY,
    ),
    finding.UNSCALED: (
        finding.TOO_LARGE, finding.TOO_HIGH, finding.DEAD, finding.SATURATED, finding.VANISHING,
        finding.TOO_LOW, finding.PENALTY,
    ),
    finding.TOO_LARGE: (finding.PENALTY,),
    finding.TOO_HIGH: (finding.VANISHING, finding.TOO_LOW),
    finding.PENALTY: (finding.TOO_HIGH, finding.DEAD, finding.VANISHING, finding.TOO_LOW),
    finding.DEAD: (finding.TOO_LOW,),
    finding.SATURATED: (finding.TOO_LOW,),
    finding.VANISHING: (finding.TOO_LOW,),
}  # fmt: skip


def examine(run: Training, vitals: list[Vitals], curve: NDArray[Any]) -> list[Finding]:
    """Return what is wrong with the run as it stands: causes, not what they bring with them.

    `vitals` are those of the last step, and `curve` (n, 4) has step, loss, accuracy and learning rate of the
    steps or, averaged, of some in succession. Nothing is changed. Also after the run diverged; before the
    first step only what the weights show is found.
    """
    signs = Signs(run, vitals, curve)
    with np.errstate(all="ignore"):  # of a diverged network
        found = [one for look in LOOKS if (one := look(signs)) is not None]
    brought = {name for one in found for name in BRINGS.get(one.name, ())}
    return [one for one in found if one.name not in brought]
