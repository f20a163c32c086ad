"""The networks that the shapes of a learner's parameters allow, the likelier first."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product

import numpy as np

from glassnet.doctor.activations import IDENTITY, KNOWN, RELU, SIGMOID, TANH, Activation
from glassnet.doctor.steps import Dense, Elementwise, Normalization, Skip, Step
from glassnet.doctor.subject import Subject
from glassnet.nn.layer import Array

EPSILONS = (1e-5, 1e-8, 1e-3, 1e-6, 1e-7, 1e-12, 1e-4, 1e-10, 0.0)
USUAL = (RELU, SIGMOID, TANH, IDENTITY)
ALSO_MIXED = ("leaky ReLU (0.01)", "ELU", "softplus", "GELU (tanh form)", "SiLU")
MIXED = (*USUAL, *(one for one in KNOWN if one.name in ALSO_MIXED))
WORDS = ("weights", "weight", "biases", "bias", "kernel", "gamma", "beta", "scale", "shift", "w", "b", "g")

Pair = tuple[str | None, str | None]  # the names of a normalization's gain and shift
Skeleton = list[Dense | Pair]  # the steps that have parameters
Steps = tuple[Step, ...]


def _role(name: str, value: Array) -> str:
    word = name.split(".")[-1].lower()
    if word.startswith(("gamma", "beta", "scale", "shift", "gain")) or word in ("g",):
        return "shift" if word.startswith(("beta", "shift")) else "gain"
    if word.startswith("b") or "bias" in word or value.ndim == 1:
        return "bias"
    return "matrix" if value.ndim == 2 else "other"


def _stem(name: str) -> str:
    """The name without what says weight or bias: W1 and b1 belong together, fc.weight and fc.bias too."""
    *place, word = name.split(".")
    for part in WORDS:
        if word.lower().startswith(part):
            return ".".join([*place, word[len(part) :].strip("_")])
    return name


def structures(subject: Subject) -> Iterator[tuple[int, Skeleton]]:
    """The rows of dense and normalizing steps that the shapes allow, with the batch's axis."""
    roles: dict[str, list[str]] = {"matrix": [], "bias": [], "gain": [], "shift": [], "other": []}
    for name, value in subject.parameters.items():
        roles[_role(name, np.asarray(value))].append(name)
    if roles["other"] or len(roles["matrix"]) > 6:
        return
    x = np.asarray(subject.x)
    axes = (0, 1) if x.ndim == 2 else (0,)
    orders = [tuple(roles["matrix"])]
    if 1 < len(roles["matrix"]) <= 3:
        orders += [order for order in permutations(roles["matrix"]) if order != orders[0]]
    for axis, transposed, order in product(axes, (False, True), orders):
        width = x.shape[0] if axis == 1 else int(np.prod(x.shape[1:]))
        skeleton = _chain(subject, roles, order, width, transposed)
        if skeleton is not None:
            yield axis, skeleton


def _chain(
    subject: Subject, roles: dict[str, list[str]], order: tuple[str, ...], width: int, transposed: bool
) -> Skeleton | None:
    """Dense steps in the order given, each with its bias and normalization; None if the sizes do not fit."""
    sizes = {name: np.size(value) for name, value in subject.parameters.items()}
    skeleton: Skeleton = []
    biases, norms = list(roles["bias"]), _pairs(roles)
    for place, name in enumerate(order):
        rows, columns = subject.parameters[name].shape
        inputs, outputs = (columns, rows) if transposed else (rows, columns)
        if inputs != width:
            return None
        width = outputs
        fitting = [b for b in biases if sizes[b] == outputs]
        own = [b for b in fitting if _stem(b) == _stem(name)]
        bias = own[0] if own else (fitting[0] if len(biases) == len(order) - place and fitting else None)
        if bias is not None:
            biases.remove(bias)
        skeleton.append(Dense(name, bias, transposed))
        if norms and sizes[norms[0][0] or norms[0][1] or ""] == width and place < len(order) - 1:
            skeleton.append(norms.pop(0))
    if not order and len(norms) == 1 and all(sizes[name] == width for name in norms[0] if name):
        skeleton.append(norms.pop(0))
    return None if biases or norms else skeleton


def _pairs(roles: dict[str, list[str]]) -> list[Pair]:
    """The gains and shifts that belong together by their names."""
    gains = {_stem(name): name for name in roles["gain"]}
    shifts = {_stem(name): name for name in roles["shift"]}
    return [(gains.get(stem), shifts.get(stem)) for stem in {**gains, **shifts}]


def bodies(subject: Subject) -> Iterator[tuple[int, Steps]]:
    """Everything up to the output's own activation, with the batch's axis.

    The plain ones of all structures come first: one activation everywhere and no shortcut.
    """
    found = list(structures(subject))
    for plain in (True, False):
        for axis, skeleton in found:
            for row in _normalized(skeleton):
                for body in _plain(row) if plain else _special(subject, row):
                    yield axis, body


def _plain(row: list[Step]) -> Iterator[Steps]:
    places = _hidden(row)
    for activations in _alike(len(places)):
        yield _with(row, places, activations)


def _special(subject: Subject, row: list[Step]) -> Iterator[Steps]:
    """With a shortcut, with several activations, with both."""
    places = _hidden(row)
    for activations in _alike(len(places)):
        yield from _shortcuts(subject, _with(row, places, activations))
    for activations in _mixed(len(places)):
        steps = _with(row, places, activations)
        yield steps
        yield from _shortcuts(subject, steps)


def _hidden(row: list[Step]) -> list[int]:
    """The steps that an activation may follow: those before a dense one."""
    return [k for k in range(len(row) - 1) if isinstance(row[k + 1], Dense)]


def _normalized(skeleton: Skeleton) -> Iterator[list[Step]]:
    """The normalizations over the batch, then over the features."""
    for axis in (0, -1) if any(isinstance(part, tuple) for part in skeleton) else (0,):
        yield [
            Normalization(axis, part[0], part[1], EPSILONS[0]) if isinstance(part, tuple) else part
            for part in skeleton
        ]


def other_epsilons(steps: Steps) -> Iterator[Steps]:
    """The same steps with other constants in the normalizations."""
    for epsilon in EPSILONS if any(isinstance(step, Normalization) for step in steps) else ():
        yield tuple(replace(s, epsilon=epsilon) if isinstance(s, Normalization) else s for s in steps)


def _alike(count: int) -> Iterator[tuple[Activation, ...]]:
    """The same activation at all hidden places."""
    yield from ((one,) * count for one in (KNOWN if count else KNOWN[:1]))


def _mixed(count: int) -> Iterator[tuple[Activation, ...]]:
    """One activation at some of the places only, then different ones, from those that people mix."""
    if not 1 < count <= 3:
        return
    for one in KNOWN:
        for chosen in product((one, IDENTITY), repeat=count):
            if len({other.name for other in chosen}) > 1:
                yield chosen
    for mixed in product(MIXED if count == 2 else USUAL, repeat=count):
        if len({one.name for one in mixed} - {"identity"}) > 1:
            yield mixed


def _with(row: list[Step], places: list[int], chosen: tuple[Activation, ...]) -> Steps:
    """The row with the chosen activations after the places."""
    after = dict(zip(places, chosen))
    steps: list[Step] = []
    for k, step in enumerate(row):
        steps.append(step)
        if k in after and after[k] is not IDENTITY:
            steps.append(Elementwise(after[k]))
    return tuple(steps)


def _shortcuts(subject: Subject, steps: Steps) -> Iterator[Steps]:
    """The steps with one shortcut around some of them, where the widths allow it."""
    widths: list[int] = []
    for step in steps:
        if isinstance(step, Dense):
            inputs, outputs = step.weight(subject.parameters).shape
            widths = widths or [inputs]
            widths.append(outputs)
        elif widths:
            widths.append(widths[-1])
    if len(widths) != len(steps) + 1:
        return
    for source, step in enumerate(steps):
        if isinstance(step, Dense):
            for end in range(source + 1, len(steps) + 1):
                if widths[end] == widths[source]:
                    yield (*steps[:end], Skip(source), *steps[end:])
