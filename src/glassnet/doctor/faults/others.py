"""Mistakes at a normalization, at a shortcut and at dropout."""

from collections.abc import Callable, Iterator

from glassnet.doctor.faults.fault import Fault
from glassnet.doctor.model import Model
from glassnet.doctor.steps import SHORTCUT, Backward, Gradients, Normalization, Run
from glassnet.nn.layer import Array

Through = Callable[[Array, Array, Array, Array], Array]  # dx of d, g = d ∘ γ, x̂ and 1 / √(σ² + ε)


def of_shortcut(k: int) -> Iterator[Fault]:
    """One of the two ways back lost."""
    formula, page = "y = f(x) + x has dx = (f's part) + dy", "README.md#the-chain-rule-as-used-here"
    ways: list[tuple[str, str, Backward]] = [
        ("skip", "nothing goes back through the shortcut", lambda run, k, d: (d, {})),
        ("block", "nothing goes back through the layers beside it", lambda run, k, d: (0 * d, {SHORTCUT: d})),
    ]
    for key, says, backward in ways:
        yield Fault("missing-gradient", key, "the shortcut", says, formula, page, {k: backward})


def of_mask(k: int) -> Iterator[Fault]:
    """Dropout's mask left out. (Its 1 / (1 − rate) left out shows as a constant factor.)"""
    formula, page = "dx = dy ∘ mask, the mask of forward, with its 1 / (1 − rate)", "dropout.md#derivation"
    says = "the mask is left out on the way back"
    yield Fault(
        "activation-missing", "no mask", "the dropout", says, formula, page, {k: lambda run, k, d: (d, {})}
    )


def of_normalization(model: Model, k: int, step: Normalization) -> Iterator[Fault]:
    """All that can go wrong on the way back through the normalization, which is step k."""
    page = ("batch_norm" if step.axis == 0 else "layer_norm") + ".md#derivation"
    formula = "dx = (g − mean(g) − x̂ mean(g ∘ x̂)) / √(σ² + ε) with g = dy ∘ γ"
    below = k == 0 and model.head.kind == "product"  # then nothing but the input's gradient is wrong
    for cause, key, says, dx in _ways(step.axis):
        cause = "input-gradient" if below and cause != "statistics" else cause
        yield Fault(cause, key, str(step), says, formula, page, {k: _through(step, dx)})
    if step.gamma is not None:
        yield from _of_gain(k, step, step.gamma, page)


def _through(step: Normalization, dx: Through) -> Backward:
    def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        normalized, inverse = step.statistics(run.values[k])
        return dx(d, d * step.gain(run.parameters), normalized, inverse), step.own(run, normalized, d)

    return backward


def _ways(axis: int) -> Iterator[tuple[str, str, str, Through]]:
    """Wrong ways from d to dx: cause, key, in words, and as a formula."""

    def mean(a: Array, over: int = axis) -> Array:
        result: Array = a.mean(axis=over, keepdims=True)
        return result

    constant = "treated as a constant"
    yield (
        "statistics", "constants", "the mean and the variance are treated as constants",
        lambda d, g, x, i: g * i,
    )  # fmt: skip
    yield "statistics", "no mean", f"the mean is {constant}", lambda d, g, x, i: i * (g - x * mean(g * x))
    yield "statistics", "no variance", f"the variance is {constant}", lambda d, g, x, i: i * (g - mean(g))
    yield (
        "missing-gradient", "gain", "the gain γ is left out on the way back",
        lambda d, g, x, i: i * (d - mean(d) - x * mean(d * x)),
    )  # fmt: skip
    yield (
        "other", "axis", "the means are taken over the wrong axis",
        lambda d, g, x, i: i * (g - mean(g, -1 - axis) - x * mean(g * x, -1 - axis)),
    )  # fmt: skip
    yield (
        "other", "no root", "the factor 1 / √(σ² + ε) is left out",
        lambda d, g, x, i: g - mean(g) - x * mean(g * x),
    )  # fmt: skip
    yield (
        "other", "twice", "the factor 1 / √(σ² + ε) is used twice",
        lambda d, g, x, i: i * i * (g - mean(g) - x * mean(g * x)),
    )  # fmt: skip


def _of_gain(k: int, step: Normalization, gamma: str, page: str) -> Iterator[Fault]:
    """The gain's gradient made with another array than x̂."""
    deviation: Callable[[Array, Array], Array] = lambda h, y: h - h.mean(step.axis, keepdims=True)  # noqa: E731
    ways: list[tuple[str, Callable[[Array, Array], Array]]] = [
        ("x", lambda h, y: h),
        ("the output y", lambda h, y: y),
        ("x − μ, not divided by the deviation,", deviation),
    ]
    for name, of in ways:
        says = f"the gradient of {gamma} is made with {name} where the normalized x̂ belongs"
        backward = _gain_of(step, gamma, of)
        yield Fault("wrong-input", f"gain {name}", str(step), says, "dγ = Σₙ dy ∘ x̂", page, {k: backward})


def _gain_of(step: Normalization, gamma: str, of: Callable[[Array, Array], Array]) -> Backward:
    def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        below, found = step.backward(run, k, d)
        dgamma = (d * of(run.values[k], run.values[k + 1])).sum(axis=0)
        return below, found | {gamma: dgamma.reshape(found[gamma].shape)}

    return backward
