"""What is told of an output by each loss: a function for each, and the table of them.

A loss is told of the sample alone, with the divisor 1; of the batch there is the mean over it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.inside.cells import Cell, Seen, summed, term
from glassnet.inside.explanation import Doc, Line, Rest, Term
from glassnet.inside.symbols import sub
from glassnet.nn.dense import Dense
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError, one_hot

Array = NDArray[Any]


@dataclass(frozen=True)
class Answer:
    """The sample's target as the loss takes it (1, …), its loss, and that of the batch if there is one."""

    loss: Loss
    target: Array
    value: float
    batch: float | None

    def row(self, outputs: int) -> Array:
        """Return the target as a row of numbers (K,)."""
        if self.target.ndim == 1:
            target: Array = one_hot(self.target, outputs, np.float64)[0]
        else:
            target = self.target[0].astype(np.float64)
        return target


def tell(cell: Cell, answer: Answer) -> None:
    """Add the loss to the way forward, and where the way back begins: the derivative by the output."""
    TELLERS.get(type(answer.loss), _unknown)(cell, answer)


def _unknown(cell: Cell, answer: Answer) -> None:
    name = type(answer.loss).__name__
    _loss(cell, answer, f"{name}, a loss of your own", None, ())
    _begin(cell, f"as {name} computes it", None)


def cross_entropy(cell: Cell, answer: Answer) -> None:
    """ℓ = Σₖ wₖ qₖ (log S − zₖ),   dz = p Σₖ wₖ qₖ − w q."""
    loss, k, z = answer.loss, cell.unit, cell.sample.ys[0]
    assert isinstance(loss, CrossEntropy)
    classes, letter = len(z), cell.y[: -len(cell.j)]
    t = answer.row(classes)
    smoothing, weights = loss.label_smoothing, loss.class_weights
    w = np.ones(classes) if weights is None else np.asarray(weights, np.float64)
    q = (1 - smoothing) * t + smoothing / classes
    log_sum = _log_sum(z)

    def share(seen: Seen) -> Array:
        ys = seen.ys
        e = np.exp(ys - ys.max(axis=-1, keepdims=True))
        p: Array = e[:, k] / e.sum(axis=-1)
        return p

    p = cell.at(share)
    parts = term(
        (f"e^({cell.y} − m)", math.exp(min(z[k] - z.max(), 0))),
        (f"1/Σ e^({letter} − m)", math.exp(z.max() - log_sum)),
    )
    name = sub("p", k)
    doc = Doc("cross_entropy", 1, "formula")
    cell.tell("p", name, "its probability", f"e^{cell.y} / Σₖ e^{letter}ₖ", 1, share, parts, doc=doc)
    _target(cell, t[k], q[k], smoothing, classes)
    plain = not smoothing and weights is None and t.max() == 1
    if plain:
        y = int(t.argmax())
        terms: tuple[Term, ...] = (
            term((f"log Σ e^{letter}", log_sum)),
            term((f"−{sub(letter, y)}", -z[y]), unit=(cell.place, y)),
        )
        _loss(cell, answer, f"log Σₖ e^{letter}ₖ − {sub(letter, y)}", 4, terms)
        _begin(cell, f"{name} − t{cell.j}", 8, term((name, p)), term((f"−t{cell.j}", -t[k])))
        return
    a = w * q
    named = "w q" if weights is not None else "q"
    told = summed(
        a * (log_sum - z),
        lambda c: term(
            (sub(named, c), a[c]),
            (f"(log Σ e^{letter} − {sub(letter, c)})", log_sum - z[c]),
            unit=(cell.place, c),
        ),
    )
    formula = f"Σₖ {named}ₖ (log Σ e^{letter} − {letter}ₖ)"
    _loss(cell, answer, formula, 12 if weights is not None else 10, *told)
    _begin(
        cell, f"{name} Σₖ {named}ₖ − {named}{cell.j}", 15,
        term((name, p), (f"Σ {named}", a.sum())), term((f"−{named}{cell.j}", -a[k])),
    )  # fmt: skip


def _target(cell: Cell, t: float, q: float, smoothing: float, classes: int) -> None:
    """Add the target of this output, smoothed or not."""
    name = sub("t", cell.unit)
    doc = Doc("cross_entropy", 2, "formula")
    cell.forward.append(
        Line("t", name, "its target", "1 for the right class, else 0", doc, float(t), cell.place, cell.unit)
    )
    if smoothing:
        terms = term(("(1 − ϵ)", 1 - smoothing), (name, t)), term(("ϵ/K", smoothing / classes))
        doc = Doc("cross_entropy", 11, "derivation")
        cell.forward.append(
            Line(
                "q",
                sub("q", cell.unit),
                "its target, smoothed",
                f"(1 − ϵ) {name} + ϵ/K",
                doc,
                q,
                cell.place,
                cell.unit,
                None,
                terms,
            )
        )


def binary_cross_entropy(cell: Cell, answer: Answer) -> None:
    """ℓ = Σₖ (max(z, 0) − z t + log(1 + e^−|z|)) / K,   dz = (σ(z) − t) / K."""
    k, z = cell.unit, cell.sample.ys[0]
    outputs = len(z)
    t = answer.row(outputs)

    def share(seen: Seen) -> Array:
        y = seen.y
        e = np.exp(-np.abs(y))
        p: Array = np.where(y >= 0, 1, e) / (1 + e)
        return p

    p, name = cell.at(share), sub("p", k)
    doc = Doc("sigmoid", 1, "formula")
    cell.tell("p", name, "its probability", f"1 / (1 + e^−{cell.y})", 1, share, doc=doc)
    doc = Doc("binary_cross_entropy", 1, "formula")
    cell.forward.append(Line("t", sub("t", k), "its target", "0 to 1", doc, float(t[k]), cell.place, k))
    each = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))
    told = summed(
        each / outputs, lambda o: term((sub("ℓ", o), each[o]), ("1/K", 1 / outputs), unit=(cell.place, o))
    )
    _loss(cell, answer, "Σₖ (max(z, 0) − z t + log(1 + e^−|z|)) / K", 7, *told, page="binary_cross_entropy")
    terms = term((name, p), ("1/K", 1 / outputs)), term((f"−t{cell.j}", -t[k]), ("1/K", 1 / outputs))
    _begin(cell, f"({name} − t{cell.j}) / K", 9, *terms, page="binary_cross_entropy")


def mean_squared_error(cell: Cell, answer: Answer) -> None:
    """ℓ = Σₖ (z − t)² / K,   dz = 2 (z − t) / K."""
    k, z = cell.unit, cell.sample.ys[0]
    outputs, page, letter = len(z), "mean_squared_error", cell.y[: -len(cell.j)]
    t = answer.row(outputs)
    doc = Doc(page, 1, "formula")
    cell.forward.append(
        Line("t", sub("t", k), "its target, as it is trained on", "t", doc, float(t[k]), cell.place, k)
    )
    error = z - t

    def square(o: int) -> Term:
        factor = f"({sub(letter, o)} − {sub('t', o)})", error[o]
        return term(factor, factor, ("1/K", 1 / outputs), unit=(cell.place, o))

    told = summed(error * error / outputs, square)
    _loss(cell, answer, f"Σₖ ({letter}ₖ − tₖ)² / K", 1, *told, page=page)
    terms = term(("2/K", 2 / outputs), (cell.y, z[k])), term(("−2/K", -2 / outputs), (sub("t", k), t[k]))
    _begin(cell, f"2 ({cell.y} − t{cell.j}) / K", 2, *terms, page=page)


# ---- lines that all losses have


def _loss(
    cell: Cell, answer: Answer, formula: str, equation: int | None, terms: tuple[Term, ...],
    rest: Rest | None = None, page: str = "cross_entropy",
) -> None:  # fmt: skip
    doc = None if equation is None else Doc(page, equation, "derivation")
    line = Line(
        "loss", "ℓ", "the loss", formula, doc, answer.value, cell.place, None, answer.batch, terms, rest
    )
    cell.forward.append(line)


def _begin(cell: Cell, formula: str, equation: int | None, *terms: Term, page: str = "cross_entropy") -> None:
    key = "dz" if isinstance(cell.layer, Dense) else "dy"
    doc = None if equation is None else Doc(page, equation, "derivation")
    words = "the error: how the loss changes with it"
    cell.tell_back(key, cell.dy, words, formula, equation, lambda s: s.dy, *terms, total=True, doc=doc)


def _log_sum(z: Array) -> float:
    peak = float(z.max())
    return peak + math.log(float(np.exp(z - peak).sum()))


# A loss of its own needs its function here.
TELLERS: dict[type[Loss], Callable[[Cell, Answer], None]] = {
    CrossEntropy: cross_entropy,
    BinaryCrossEntropy: binary_cross_entropy,
    MeanSquaredError: mean_squared_error,
}
