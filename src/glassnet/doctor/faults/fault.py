"""What a fault is, and how its place is called."""

from collections.abc import Mapping
from typing import NamedTuple

from glassnet.doctor.model import Model
from glassnet.doctor.steps import Backward, Dense, Mask, Normalization, Skip


class Fault(NamedTuple):
    """One mistake at one or more steps: `key` is the same for the same mistake at another step."""

    cause: str
    key: str
    where: str
    says: str
    formula: str
    page: str
    replaced: Mapping[int, Backward]


def place(model: Model, k: int) -> str:
    """Where a step stands, by the weight below it."""
    below = [step.W for step in model.steps[:k] if isinstance(step, Dense)]
    if k == len(model.steps) - 1 and model.head.kind != "product":
        return "the output"
    return f"the activation after {below[-1]}" if below else "the activation"


def named(model: Model, j: int) -> str:
    """What `values[j]` is, in words."""
    if j == 0:
        return "the input x"
    step = model.steps[j - 1]
    if isinstance(step, Dense):
        return f"the pre-activation z of {step.W}"
    if isinstance(step, Normalization | Skip | Mask):
        return f"what the {step} gives"
    return f"the output of {place(model, j - 1)}"
