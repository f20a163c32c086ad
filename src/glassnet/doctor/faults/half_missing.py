"""A derivative that is there for some of what is computed from it, and not for the rest."""

from collections.abc import Iterator

from glassnet.doctor.faults.fault import Fault
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Backward, Dense, Elementwise, Gradients, Run, Softmax
from glassnet.nn.layer import Array


def half_missing(model: Model, k: int, where: str, formula: str, page: str) -> Iterator[Fault]:
    """Step k's derivative is there for some of what the dense step below computes, not for the rest."""
    step, dense = model.steps[k], model.steps[k - 1] if k else None
    if not isinstance(dense, Dense) or not isinstance(step, Elementwise | Softmax):
        return
    ways = [
        (f"in the gradients of {dense.W} and {dense.b}", True, True, False),
        (f"in the gradient of {dense.W}", True, False, False),
        (f"in the gradient of {dense.b}", False, True, False),
        ("on the way back to the layers below", False, False, True),
    ]
    for what, own, bias, below in ways:
        if bias and dense.b is None:
            continue
        says = f"the derivative of {step} is left out {what}, though used elsewhere"
        replaced = _without(dense, step, k, own, bias, below)
        yield Fault("activation-missing", f"half {own}{bias}{below}", where, says, formula, page, replaced)


def _without(
    dense: Dense, step: Elementwise | Softmax, k: int, own: bool, bias: bool, below: bool
) -> dict[int, Backward]:
    """The ways back through both steps, the derivative left out in dW (`own`), in db (`bias`) or `below`."""
    incoming: dict[str, Array] = {}  # ∂L/∂y of the activation, kept for the step below

    def through_activation(run: Run, site: int, d: Array) -> tuple[Array, Gradients]:
        incoming["d"] = d
        return step.backward(run, site, d)

    def through_dense(run: Run, site: int, d: Array) -> tuple[Array, Gradients]:
        raw = incoming["d"]
        found = dense.own(run, run.values[site], d)
        without = dense.own(run, run.values[site], raw)
        if own:
            found[dense.W] = without[dense.W]
        if bias and dense.b is not None:
            found[dense.b] = without[dense.b]
        return (raw if below else d) @ dense.weight(run.parameters).T, found

    return {k: through_activation, k - 1: through_dense}
