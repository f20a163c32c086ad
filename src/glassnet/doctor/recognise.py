"""Which network a learner's loss belongs to: structures that the shapes allow, tried until the numbers agree.

Nothing is read from the source. A structure is taken for the learner's own only if it gives the same loss (or
the same output) at a dozen points far from one another; the factor of the loss, label smoothing and penalties
come out of the same comparison as coefficients.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from glassnet.doctor.activations import IDENTITY, KNOWN, RELU, SIGMOID, TANH
from glassnet.doctor.heads import LOSSES, Head
from glassnet.doctor.masks import mask_between, read_inputs
from glassnet.doctor.model import Model
from glassnet.doctor.points import Point, jittered
from glassnet.doctor.steps import Dense, Elementwise, Mask, Normalization, Skip, Softmax
from glassnet.doctor.structures import Steps, bodies, other_epsilons
from glassnet.doctor.subject import Subject
from glassnet.nn.layer import Array

POINTS = 12
AGREES = 1e-6  # code that adds 1e-8 inside a logarithm is still the same code
NEARLY = 1e-2  # agreement with another constant ε in a normalization
Final = Elementwise | Softmax | None  # the output's own activation
SOFTMAX = Softmax()
FINALS: tuple[Final, ...] = (None, *(Elementwise(one) for one in KNOWN if one is not IDENTITY), SOFTMAX)


def recognise(subject: Subject, seed: int = 0) -> Model | None:
    """Return the model that gives the subject's loss at every point tried, or None."""
    if np.ndim(subject.x) < 2:
        return None
    generator = np.random.default_rng([seed, 1])
    points = [Point(subject.parameters, subject.x, subject.y)]
    points += [jittered(subject, generator) for _ in range(POINTS - 1)]
    stack = _stack(points)
    if subject.form == "function":
        losses = np.array([subject.loss(*point) for point in points])
        if not np.isfinite(losses).all() or np.ptp(losses) == 0:
            return None
        return _of_loss(subject, stack, losses) or _with_mask(subject, stack, losses)
    outputs = [subject.evaluate(*point).output for point in points[:3]]
    if any(out is None or not np.isfinite(out).all() for out in outputs):
        return None
    first = {name: array[:3] for name, array in stack.items()}
    return _of_output(subject, first, [np.asarray(out, float) for out in outputs])


def refit(model: Model, subject: Subject, point: Point, generator: np.random.Generator) -> Model | None:
    """The model with the coefficients that the loss has at the point's batch size; None if none fit."""
    if model.head.kind == "product":
        return model
    if any(isinstance(step, Mask) for step in model.steps):
        return None  # another batch has another mask
    points = [Point(jittered(subject, generator).parameters, point.x, point.y) for _ in range(POINTS)]
    losses = np.array([subject.loss(*p) for p in points])
    stack = _stack(points)
    out = _forward(model.steps, stack, model.inside(point.x))
    t = targets(point.y, out.shape[-2], out.shape[-1], model.batch_axis)
    if t is None or not np.isfinite(losses).all():
        return None
    head = _fit(model.head.kind, out, t, _penalties(model.steps, stack), losses)
    return None if head is None else replace(model, head=head)


# ---- many points at once


def _stack(points: list[Point]) -> dict[str, Array]:
    """Each parameter at all points: (points, *shape)."""
    return {
        name: np.stack([np.asarray(p.parameters[name], float) for p in points])
        for name in points[0].parameters
    }


def _forward(steps: Steps, stack: dict[str, Array], x: Array) -> Array:
    """The output at all points, (points, N, K)."""

    def row(name: str | None, otherwise: float) -> Any:
        return otherwise if name is None else stack[name].reshape(len(stack[name]), 1, -1)

    values: list[Array] = [x[None]]
    for step in steps:
        h = values[-1]
        match step:
            case Dense():
                W = stack[step.W]
                h = h @ (W.swapaxes(1, 2) if step.transposed else W) + row(step.b, 0.0)
            case Normalization():
                axis = -2 if step.axis == 0 else -1
                h = h - h.mean(axis=axis, keepdims=True)
                h = h / np.sqrt((h**2).mean(axis=axis, keepdims=True) + step.epsilon)
                h = h * row(step.gamma, 1.0) + row(step.beta, 0.0)
            case Skip():
                h = h + values[step.source]
            case _:
                h = step.forward(h, {})
        values.append(h)
    return values[-1]


# ---- a class: the output itself is known


def _of_output(subject: Subject, stack: dict[str, Array], outputs: list[Array]) -> Model | None:
    frames = [Model((), Head("product"), axis) for axis in (0, 1)]
    for axis, body in bodies(subject):
        frame = frames[axis]
        x, expected = frame.inside(subject.x), np.stack([frame.inside(out) for out in outputs])
        z = _forward(body, stack, x)
        for final in FINALS if z.shape[-2:] == expected.shape[-2:] else ():
            steps = body if final is None else (*body, final)
            if not steps or _off(z if final is None else final.forward(z, {}), expected) > NEARLY:
                continue
            for exact in (steps, *other_epsilons(steps)):
                if _off(_forward(exact, stack, x), expected) <= AGREES:
                    return replace(frame, steps=exact)
    return None


def _off(found: Array, expected: Array) -> float:
    return float(np.abs(found - expected).max() / (np.abs(expected).max() or 1.0))


# ---- a function: only the loss is known


def targets(y: Any, n: int, outputs: int, axis: int) -> Array | None:
    """The learner's targets as (N, K): one-hot for class numbers; None if they do not fit."""
    y = np.asarray(y)
    if y.dtype.kind not in "buif":
        return None
    if y.size == n and outputs > 1:
        labels = y.reshape(-1)
        if (labels == np.floor(labels)).all() and labels.min() >= 0 and labels.max() < outputs:
            one_hot: Array = np.eye(outputs)[labels.astype(int)]
            return one_hot
        return None
    if y.size == n and outputs == 1:
        return np.array(y.reshape(n, 1), float)
    y = y.T if axis == 1 else y
    return np.array(y.reshape(n, outputs), float) if y.shape[:1] == (n,) and y.size == n * outputs else None


def _of_loss(subject: Subject, stack: dict[str, Array], losses: Array) -> Model | None:
    for axis, body in bodies(subject):
        if (found := _with_loss(subject, stack, losses, axis, body)) is not None:
            return found
    return None


def _with_loss(
    subject: Subject, stack: dict[str, Array], losses: Array, axis: int, body: Steps
) -> Model | None:
    """The body with the output and the loss that give the learner's losses, if there are any."""
    frame = Model((), Head("product"), axis)
    x, penalties = frame.inside(subject.x), _penalties(body, stack)
    z = _forward(body, stack, x)
    if (t := targets(subject.y, z.shape[-2], z.shape[-1], axis)) is None:
        return None
    for kind, final in _heads(body, z.shape[-1], t):
        out = z if final is None else final.forward(z, {})
        if not _could(kind, out, t, penalties, losses, NEARLY):
            continue
        steps = body if final is None else (*body, final)
        for exact in (steps, *other_epsilons(steps)):
            if (head := _fit(kind, _forward(exact, stack, x), t, penalties, losses)) is not None:
                return replace(frame, steps=exact, head=head)
    return None


def _with_mask(subject: Subject, stack: dict[str, Array], losses: Array) -> Model | None:
    """The same with dropout before the last layer."""
    first = {name: array[:1] for name, array in stack.items()}
    read: dict[tuple[int, Dense], Array | None] = {}
    for axis, body in bodies(subject):
        last = body[-1] if body else None
        if not isinstance(last, Dense) or len(body) < 2:
            continue
        if (axis, last) not in read:
            try:
                read[axis, last] = read_inputs(subject, last, axis)
            except Exception:  # a learner's code may raise anything on other targets than its own
                read[axis, last] = None
        if (h := read[axis, last]) is None:
            continue
        x = Model((), Head("product"), axis).inside(subject.x)
        if mask_between(_forward(body[:-1], first, x)[0], h, NEARLY) is None:
            continue
        for exact in (body, *other_epsilons(body)):
            mask = mask_between(_forward(exact[:-1], first, x)[0], h)
            steps = exact if mask is None else (*exact[:-1], Mask(mask), last)
            if mask is not None and (found := _with_loss(subject, stack, losses, axis, steps)) is not None:
                return found
    return None


def _heads(body: Steps, outputs: int, t: Array) -> Iterator[tuple[str, Final]]:
    """Losses and the output's activation that goes with them, the usual pairs first."""
    same = [step for step in body if isinstance(step, Elementwise)]  # some use one activation everywhere
    between = t.min() >= 0 and t.max() <= 1
    if outputs > 1:
        yield "cross-entropy", SOFTMAX
    if between:
        yield "binary cross-entropy", Elementwise(SIGMOID)
    for final in dict.fromkeys([None, *map(Elementwise, (SIGMOID, TANH, RELU)), *same]):
        yield "squared error", final
    if outputs > 1:
        yield "squared error", SOFTMAX
    yield "absolute error", None
    if outputs > 1:
        yield "hinge", None
    if outputs > 1 and between:
        yield "cross-entropy", Elementwise(SIGMOID)
        yield "binary cross-entropy", SOFTMAX


def _columns(kind: str, out: Array, t: Array) -> Array:
    """The loss at each point, and for a cross-entropy the one towards the uniform distribution."""
    wanted = [t, np.full_like(t, 1 / t.shape[-1])] if kind == "cross-entropy" else [t]
    return np.stack([LOSSES[kind](out, one) for one in wanted], axis=1)


def _penalties(steps: Steps, stack: dict[str, Array]) -> Array:
    """Σ W², Σ |W| and Σ b² at each point."""
    weights = [stack[step.W] for step in steps if isinstance(step, Dense)]
    biases = [stack[step.b] for step in steps if isinstance(step, Dense) and step.b is not None]

    def total(arrays: list[Array]) -> Array:
        return sum(
            (a.reshape(len(a), -1).sum(axis=1) for a in arrays), np.zeros(len(next(iter(stack.values()))))
        )

    return np.stack(
        [total([W * W for W in weights]), total([abs(W) for W in weights]), total([b * b for b in biases])], 1
    )


def _solve(basis: Array, losses: Array) -> tuple[Array, float]:
    """Least squares: the coefficients, and how far the worst point is off."""
    scales = np.abs(basis).max(axis=0)
    scales[scales == 0] = 1.0
    found, *_ = np.linalg.lstsq(basis / scales, losses, rcond=None)
    found = found / scales
    return found, float(np.abs(basis @ found - losses).max() / np.abs(losses).max())


def _could(kind: str, out: Array, t: Array, penalties: Array, losses: Array, tolerance: float) -> bool:
    basis = np.hstack([_columns(kind, out, t), penalties])
    return bool(np.isfinite(basis).all()) and _solve(basis, losses)[1] <= tolerance


def _fit(kind: str, out: Array, t: Array, penalties: Array, losses: Array) -> Head | None:
    """Coefficients with which loss and penalties add up to the learner's, the fewest that do."""
    columns = _columns(kind, out, t)
    if not np.isfinite(columns).all():
        return None
    own = ([0],) if columns.shape[1] == 1 else ([0], [0, 1])
    for mine in own:
        for extra in ([], [0], [1], [0, 2], [0, 1]):
            basis = np.hstack([columns[:, mine], penalties[:, extra]])
            found, off = _solve(basis, losses)
            if off <= AGREES and abs(found[0]) > 1e-9:
                names = [("scale", "smoothing")[i] for i in mine] + [
                    ("l2", "l1", "bias_l2")[i] for i in extra
                ]
                return Head(kind, **dict(zip(names, found.tolist())))
    return None
