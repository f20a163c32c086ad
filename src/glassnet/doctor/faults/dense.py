"""Mistakes at a dense layer: transposed, the wrong input, the wrong sum, the wrong way back."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from glassnet.doctor.activations import Function
from glassnet.doctor.faults.fault import Fault, named
from glassnet.doctor.layout import Layout
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Backward, Dense, Elementwise, Gradients, Mask, Normalization, Run
from glassnet.nn.layer import Array

PAGE = "dense.md#derivation"
Product = Callable[[Array, Array], Array]  # of the layer's input h and the error d


class Site(NamedTuple):
    """The dense step k of a model, with a trip forward that shows the shapes."""

    model: Model
    run: Run
    k: int
    step: Dense

    @property
    def layout(self) -> Layout:
        return Layout(self.model.batch_axis, self.step.transposed)

    def _fault(self, cause: str, key: str, says: str, formula: str, backward: Backward) -> Fault:
        return Fault(cause, key, self.step.W, says, formula, PAGE, {self.k: backward})

    def own(self, cause: str, key: str, says: str, name: str, of: Callable[[Run, Array], Array]) -> Fault:
        """The gradient of `name`, W or b, is something else: what `of` gives for a run and the error."""

        def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
            below, found = self.step.backward(run, k, d)
            return below, found | {name: of(run, d)}

        weight = name == self.step.W
        formula = self.layout.dW if weight else self.layout.db(self.run.parameters[name])
        return self._fault(cause, key, f"the gradient of {name} is {says}", formula, backward)

    def weight(self, cause: str, key: str, says: str, of: Callable[[Run], Array]) -> Fault:
        """The gradient of W is made with another input, which `of` gives."""
        dW = lambda run, d: self.step.stored(of(run).T @ d)  # noqa: E731
        return self.own(cause, key, says, self.step.W, dW)

    @property
    def has_below(self) -> bool:
        """Whether what goes back is used: by a layer with parameters, or as a class's own input gradient."""
        lower = self.model.steps[: self.k]
        return self.model.head.kind == "product" or any(isinstance(s, Dense | Normalization) for s in lower)

    def back(self, cause: str, key: str, says: str, below: Callable[[Run, Array], Array]) -> Fault:
        """The error that goes back is something else."""

        def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
            return below(run, d), self.step.own(run, run.values[k], d)

        return self._fault(cause, key, f"{says} to the layer below", self.layout.dx, backward)


def of_dense(model: Model, run: Run, k: int, step: Dense) -> Iterator[Fault]:
    """All that can go wrong on the way back through the dense step k."""
    site = Site(model, run, k, step)
    yield from _transposed(site)
    yield from _wrong_inputs(site)
    yield from _overwritten(site)
    yield from _ways_back(site)
    yield from _of_examples(site)
    if step.b is not None:
        yield from _of_bias(site, step.b)


def _transposed(site: Site) -> Iterator[Fault]:
    step, k = site.step, site.k
    rows, columns = site.run.parameters[step.W].shape
    if rows != columns:
        return
    other = Dense(step.W, step.b, not step.transposed)
    yield site.own("transposed", "dW", "transposed", step.W, lambda run, d: other.stored(run.values[k].T @ d))
    if not site.has_below:
        return
    right, wrong = step.W, f"{step.W}'s transpose"
    if site.layout.dx.endswith(("Wᵀ", "Wᵀ dz")):
        right, wrong = wrong, right
    yield site.back(
        "transposed",
        "W",
        f"the error is multiplied by {wrong} where {right} belongs, on its way",
        lambda run, d: d @ step.weight(run.parameters),
    )


def _wrong_inputs(site: Site) -> Iterator[Fault]:
    model, values = site.model, site.run.values
    for j, key in _layers(model, site.k).items():
        if values[j].shape == values[site.k].shape:
            says = f"made with {named(model, j)} where {named(model, site.k)} belongs"
            yield site.weight("wrong-input", key, says, _value(j))


def _value(j: int) -> Callable[[Run], Array]:
    return lambda run: run.values[j]


def _layers(model: Model, k: int) -> dict[int, str]:
    """The arrays that may be taken for the input of the dense step k, and how far off each is."""
    dense = [i for i, step in enumerate(model.steps) if isinstance(step, Dense)]
    own = dense.index(k)
    found = {i + 1: f"z {place - own}" for place, i in enumerate(dense)}
    found |= {i: f"input {place - own}" for place, i in enumerate(dense)}
    found |= {
        j: f"z {sum(i < j for i in dense) - 1 - own}"  # after a normalization or a shortcut
        for j, step in enumerate(model.steps)
        if isinstance(step, Elementwise) and j not in found
    }
    found |= {j: "before dropout" for j, step in enumerate(model.steps) if isinstance(step, Mask)}
    found[len(model.steps)] = f"input {len(dense) - own}"
    del found[k]
    return found


def _overwritten(site: Site) -> Iterator[Fault]:
    """The activation that dW needs has been written over by what was computed from it."""
    k = site.k
    below = site.model.steps[k - 1] if k else None
    if not isinstance(below, Elementwise):
        return
    slope, by_output = below.activation.derivative, below.activation.by_output
    ways: list[tuple[str, Callable[[Run], Array]]] = [
        ("its derivative", lambda run: slope(run.values[k - 1])),
        ("its product with the derivative", lambda run: run.values[k] * slope(run.values[k - 1])),
        ("its centred values", lambda run: run.values[k] - run.values[k].mean(0)),
    ]
    for what, of in ways:
        says = f"made with {named(site.model, k)} after it was written over with {what}"
        fault = site.weight("in-place", f"over {what}", says, of)
        fault = fault._replace(
            formula=f"{fault.formula} with the x of forward: write what is new into a new array"
        )
        yield fault
        if by_output is not None:
            replaced = {**fault.replaced, k - 1: _times(by_output, of)}
            yield fault._replace(key=f"{fault.key}, then derivative", replaced=replaced)


def _times(f: Function, of: Callable[[Run], Array]) -> Backward:
    return lambda run, k, d: (d * f(of(run)), {})


def _ways_back(site: Site) -> Iterator[Fault]:
    model, run, k, step = site
    if not site.has_below:
        return
    for other in model.steps:
        if isinstance(other, Dense) and other.W != step.W and _alike(other, step, run):
            says = f"the error is multiplied by {other.W} where {step.W} belongs, on its way"
            yield site.back("other", f"W of {other.W}", says, _through(other))
    yield site.back(
        "input-gradient" if model.head.kind == "product" else "other",
        "dW below",
        f"the error is multiplied by the gradient of {step.W} where {step.W} itself belongs, on its way",
        lambda run, d: d @ (run.values[k].T @ d).T,
    )
    if any(isinstance(below, Dense | Normalization) for below in model.steps[:k]):
        yield site.back(
            "missing-gradient",
            "cut",
            f"nothing goes back through {step.W}",
            lambda run, d: np.zeros_like(run.values[k]),
        )


def _alike(other: Dense, step: Dense, run: Run) -> bool:
    return other.weight(run.parameters).shape == step.weight(run.parameters).shape


def _through(other: Dense) -> Callable[[Run, Array], Array]:
    return lambda run, d: d @ other.weight(run.parameters).T


def _of_examples(site: Site) -> Iterator[Fault]:
    """The sum over the batch taken wrongly in dW: right for a batch of one."""
    ways: list[tuple[str, str, Product]] = [
        (
            "means",
            "the batch's means, not the mean of the products",
            lambda h, d: np.outer(h.mean(0), d.sum(0)),
        ),
        ("sums", "the batch's sums, not the sum of the products", lambda h, d: np.outer(h.sum(0), d.sum(0))),
        ("double mean", "the batch's means", lambda h, d: np.outer(h.mean(0), d.mean(0))),
        ("last", "the last example alone", lambda h, d: np.outer(h[-1], d[-1])),
        ("first", "the first example alone", lambda h, d: np.outer(h[0], d[0])),
    ]
    for key, says, product in ways:
        yield site.own("batch-of-one", key, f"the product of {says}", site.step.W, _stored(site, product))


def _stored(site: Site, product: Product) -> Callable[[Run, Array], Array]:
    return lambda run, d: site.step.stored(product(run.values[site.k], d))


def _of_bias(site: Site, b: str) -> Iterator[Fault]:
    shape = site.run.parameters[b].shape
    size = int(np.prod(shape))

    def fault(cause: str, key: str, says: str, of: Callable[[Array], Array]) -> Fault:
        return site.own(cause, key, says, b, lambda run, d: np.broadcast_to(of(d), size).reshape(shape))

    if site.run.n == size > 1:
        says = "summed over the features, not over the batch"
        yield fault("bias-axis", "axis", says, lambda d: d.sum(1))
        yield fault("bias-axis", "axis mean", says, lambda d: d.mean(1))
    yield fault("bias-total", "total", "one number, summed over everything", lambda d: d.sum())
    yield fault("bias-total", "total mean", "one number, the mean of everything", lambda d: d.mean())
    yield fault(
        "batch-of-one", "last b", "the last example's alone: not summed over the batch", lambda d: d[-1]
    )
    yield fault(
        "batch-of-one", "first b", "the first example's alone: not summed over the batch", lambda d: d[0]
    )
