"""Mistakes where the loss meets the network: softmax, sigmoid, targets, and the terms of the loss."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from glassnet.doctor.activations import Function, Slope
from glassnet.doctor.faults.fault import Fault
from glassnet.doctor.faults.half_missing import half_missing
from glassnet.doctor.layout import at_output
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Backward, Elementwise, Gradients, Run, Softmax
from glassnet.nn.layer import Array

WHERE = "the output"
PAGES = {
    "cross-entropy": "cross_entropy.md#derivation",
    "binary cross-entropy": "binary_cross_entropy.md#derivation",
}


# ---- softmax


def of_softmax(model: Model, run: Run, k: int, softmax: Softmax) -> Iterator[Fault]:
    """All that can go wrong on the way back through the softmax, which is step k."""
    own = "dzⱼ = pⱼ (dpⱼ − Σₖ dpₖ pₖ)", "softmax.md#derivation"

    def fault(cause: str, key: str, says: str, dz: Callable[[Run, Array], Array]) -> Fault:
        return Fault(cause, key, WHERE, says, *own, {k: lambda run, k, d: (dz(run, d), {})})

    def once(run: Run, d: Array) -> Array:
        return softmax.backward(run, k, d)[0]

    def diagonal(run: Run, d: Array) -> Array:
        p = run.values[k + 1]
        result: Array = d * p * (1 - p)
        return result

    yield from _softmax_twice(
        model,
        run,
        fault(
            "activation-twice",
            "softmax twice",
            "softmax's derivative",
            lambda run, d: once(run, once(run, d)),
        ),
        fault("activation-twice", "twice, diagonal", "p (1 − p)", lambda run, d: diagonal(run, once(run, d))),
    )
    yield fault(
        "activation-missing",
        "missing",
        "softmax's derivative is left out: dp is used as dz",
        lambda run, d: d,
    )
    yield fault(
        "activation-other",
        "diagonal",
        "only the diagonal p (1 − p) of softmax's Jacobian is used: each output depends on every logit",
        diagonal,
    )
    yield from half_missing(model, k, WHERE, *own)


def _softmax_twice(model: Model, run: Run, *again: Fault) -> Iterator[Fault]:
    """The same with the words for what is applied once more: to p − y, or where there is no such shortcut."""
    for fault in again:
        if model.head.kind != "cross-entropy":
            yield fault._replace(
                says=f"{fault.says} is applied to what softmax's derivative has been applied to"
            )
            continue
        yield fault._replace(
            cause="softmax-twice",
            says=f"p − y holds softmax's derivative already, and {fault.says} is applied to it once more",
            formula=f"{at_output(run)}, with nothing more: softmax's derivative is in it",
            page=PAGES["cross-entropy"],
        )


# ---- the loss


class Output(NamedTuple):
    """Where the loss's derivative comes out: after the last step, or as p − y below softmax or sigmoid."""

    model: Model
    run: Run

    @property
    def last(self) -> int:
        return len(self.model.steps)

    @property
    def shortcut(self) -> bool:
        """Whether p − y is the derivative by what the output's activation is given."""
        final = self.model.steps[-1] if self.model.steps else None
        return self.model.head.kind in PAGES and isinstance(final, Softmax | Elementwise)

    def fault(self, cause: str, key: str, says: str, formula: str, replaced: dict[int, Backward]) -> Fault:
        page = PAGES.get(self.model.head.kind, "mean_squared_error.md#derivation")
        return Fault(cause, key, WHERE, says, formula, page, replaced)

    def straight(self, cause: str, key: str, says: str, formula: str, of: Slope) -> Fault:
        """Something else stands in place of p − y: what `of` gives for p and the targets."""
        slope = 1.0 if self.shortcut else 2.0

        def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
            return (run.head.scale + run.head.smoothing) * slope * of(run.values[-1], run.targets), {}

        return self.fault(cause, key, says, formula, {self.last - self.shortcut: backward})

    def by_output(self, cause: str, key: str, says: str, formula: str, of: Slope) -> Fault:
        """The loss's derivative by p is something else: the loss's factor times `of` of p and y."""
        replaced: dict[int, Backward] = {
            self.last: lambda run, k, d: (run.head.scale * of(run.values[-1], run.targets), {})
        }
        return self.fault(cause, key, says, formula, replaced)


def of_head(model: Model, run: Run) -> Iterator[Fault]:
    """All that can go wrong in the loss's derivative; nothing for a class, which has no loss."""
    if model.head.kind == "product":
        return
    output = Output(model, run)
    yield from _of_targets(output)
    for says, row in (("last", -1), ("first", 0)):
        yield output.fault(
            "batch-of-one",
            f"only {says}",
            f"only the {says} example of the batch counts: the others are overwritten",
            "dW = Σₙ xₙᵀ dzₙ: add up over all examples",
            {output.last: _only(row)},
        )
    yield from _of_linear(output)
    yield from _of_pairs(output)


def _of_targets(output: Output) -> Iterator[Fault]:
    """The targets as class numbers, left out, or not smoothed."""
    targets, formula = output.run.targets, at_output(output.run)
    if targets.shape[1] > 1 and np.isin(targets, (0, 1)).all():
        one_hot = f"{formula} with y one-hot, one row an example: 1 in the column of the class, else 0"
        if output.model.batch_axis == 1:
            one_hot = f"{formula} with y one-hot, one column an example: 1 in the row of the class, else 0"
        says = "the class numbers themselves are subtracted, as if they were probabilities"
        yield output.straight("one-hot", "labels", says, one_hot, lambda p, t: p - t.argmax(1)[:, None])
        if len(targets) == targets.shape[1]:
            says = "the class numbers themselves are subtracted, and along the wrong axis"
            yield output.straight(
                "one-hot", "labels across", says, one_hot, lambda p, t: p - t.argmax(1)[None, :]
            )
        says = (
            "1 is subtracted for all classes of the batch in every example, not for each example's own class"
        )
        yield output.straight(
            "one-hot", "everywhere", says, one_hot, lambda p, t: p - (t.sum(0, keepdims=True) > 0)
        )
    if not output.model.head.smoothing:
        says = "the targets are not subtracted"
        yield output.straight("missing-gradient", "no target", says, formula, lambda p, t: p)
    else:
        smooth = formula.replace("y", "((1 − ε) y + ε / K)")
        says = "the loss smooths the labels and the gradient does not"
        yield output.straight("other", "no smoothing", says, smooth, lambda p, t: p - t)


def _only(row: int) -> Backward:
    def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        d = run.head.derivative(run.values[-1], run.targets)
        kept = np.zeros_like(d)
        kept[row] = d[row]
        return kept, {}

    return backward


def _of_linear(output: Output) -> Iterator[Fault]:
    """A hidden activation's derivative at an output that has no activation."""
    steps = output.model.steps
    if steps and isinstance(steps[-1], Softmax | Elementwise):
        return
    used = {step.activation.name: step.activation for step in steps if isinstance(step, Elementwise)}
    for one in used.values():
        says = f"the derivative of {one.name} is applied at the output, which has no activation"
        formula = f"{at_output(output.run)} at a linear output, with no other factor"
        yield output.fault(
            "activation-other", "extra", says, formula, {output.last: _slope_times(one.derivative)}
        )


def _slope_times(f: Function) -> Backward:
    """The loss's derivative times f of the output."""
    return lambda run, k, d: (run.head.derivative(run.values[-1], run.targets) * f(run.values[-1]), {})


def _of_pairs(output: Output) -> Iterator[Fault]:
    """Terms of the cross-entropies mixed up."""
    if output.model.head.kind == "cross-entropy":
        says = "the derivative of the binary cross-entropy is used, while the loss is −Σ y log p"
        yield output.by_output("other", "binary", says, "dp = −y / p", lambda p, t: (p - t) / (p * (1 - p)))
    if output.model.head.kind == "binary cross-entropy":
        formula = "dp = −y / p + (1 − y) / (1 − p)"
        says = "the second term of the binary cross-entropy's derivative has the wrong sign"
        yield output.by_output("sign", "second term", says, formula, lambda p, t: -t / p - (1 - t) / (1 - p))
        says = "the term (1 − y) / (1 − p) is left out"
        yield output.by_output("missing-gradient", "first term", says, formula, lambda p, t: -t / p)
