"""Mistakes at an activation: its derivative missing, twice, of the wrong thing, or of another function."""

from collections.abc import Iterator

from glassnet.doctor.activations import IDENTITY, KNOWN, Activation, Slope, of_y, of_z
from glassnet.doctor.faults.fault import Fault, place
from glassnet.doctor.faults.half_missing import half_missing
from glassnet.doctor.layout import at_output
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Backward, Elementwise, Run


def of_activation(model: Model, run: Run, k: int, own: Activation) -> Iterator[Fault]:
    """All that can go wrong on the way back through the activation `own`, which is step k."""
    where = place(model, k)
    formula = f"dz = da ∘ f′(z), for {own.name}: f′(z) = {own.says}"

    def fault(cause: str, key: str, says: str, backward: Backward) -> Fault:
        return Fault(cause, key, where, says, formula, own.page, {k: backward})

    yield fault(
        "activation-missing",
        "missing",
        f"the derivative of {own.name} is left out",
        lambda run, k, d: (d, {}),
    )
    for number, (says, slope) in enumerate(own.misused()):
        yield fault("activation-argument", f"argument {number}", says, _times(slope))
    for key, says, backward in _masks(model, run, k, own):
        yield fault("activation-mask", key, says, backward)
    twice = fault("activation-twice", "twice", "", _times(of_z(lambda z: own.derivative(z) ** 2)))
    yield _twice(model, run, k, twice, own)
    for key, says, slope in _others(own):
        yield fault("activation-other", key, says, _times(slope))
    yield from half_missing(model, k, where, formula, own.page)


def _times(slope: Slope) -> Backward:
    """d ∘ slope(z, y)."""
    return lambda run, k, d: (d * slope(run.values[k], run.values[k + 1]), {})


def _masks(model: Model, run: Run, k: int, own: Activation) -> Iterator[tuple[str, str, Backward]]:
    """The derivative taken of another array than z."""
    width = run.values[k].shape[1]
    for j, step in enumerate(model.steps):
        if isinstance(step, Elementwise) and j != k and run.values[j].shape[1] in (1, width):
            says = f"the derivative is taken at {place(model, j)}, another layer"
            yield f"mask {j}", says, _elsewhere(own, j)
    says = f"the derivative of {own.name} is taken of the incoming gradient, not of z"
    yield "mask of d", says, lambda run, k, d: (d * own.derivative(d), {})
    if k > 0 and run.values[k - 1].shape == run.values[k].shape:
        yield (
            "mask of input",
            "the derivative is taken at the layer's input, not at z",
            _elsewhere(own, k - 1),
        )


def _elsewhere(own: Activation, j: int) -> Backward:
    return lambda run, k, d: (d * own.derivative(run.values[j]), {})


def _twice(model: Model, run: Run, k: int, fault: Fault, own: Activation) -> Fault:
    if k < len(model.steps) - 1 or model.head.kind != "binary cross-entropy":
        return fault._replace(says=f"the derivative of {own.name} is applied twice")
    return fault._replace(
        cause="softmax-twice",
        says=f"p − y holds the derivative of {own.name} already, and it is multiplied in once more",
        formula=f"{at_output(run)}, with nothing more: {own.name}'s derivative is in it",
        page="binary_cross_entropy.md#derivation",
    )


def _others(own: Activation) -> Iterator[tuple[str, str, Slope]]:
    """Other functions in place of the derivative: another activation's, the function itself, a part of it."""
    for other in KNOWN:
        if other.name in (own.name, IDENTITY.name):
            continue
        says = f"the derivative of {other.name} is used, while forward computes {own.name}"
        yield f"as {other.name}", says, of_z(other.derivative)
        if other.by_output is not None:
            yield f"as {other.name} of y", says, of_y(other.by_output)
    yield "itself", f"{own.name} itself is used in place of its derivative", of_y(lambda y: y)
    for part, slope in own.parts:
        yield f"part {part}", f"the derivative of {own.name} is not whole; used is {part}", slope
