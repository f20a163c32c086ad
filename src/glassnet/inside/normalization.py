"""What is told of a unit that is normalized, over the batch or over the features of its example."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.inside.cells import Cell, Formula, Seen, summed, term
from glassnet.inside.explanation import Term
from glassnet.inside.symbols import d, sub
from glassnet.nn.normalization import BatchNorm, LayerNorm

Array = NDArray[Any]


def batch_norm(cell: Cell) -> None:
    """x̂ = s (x − μ), y = γ x̂ + β: the sample by the running statistics, the batch by its own."""
    layer, j = cell.layer, cell.unit
    assert isinstance(layer, BatchNorm)

    def mean(seen: Seen) -> Array:
        of = seen.x.mean() if seen.memory.training else float(layer.running_mean[j])
        return np.full(seen.n, of)

    def variance(seen: Seen) -> Array:
        of = seen.x.var() if seen.memory.training else float(layer.running_variance[j])
        return np.full(seen.n, of)

    def deviation(seen: Seen) -> Array:
        return np.full(seen.n, float(seen.memory.inverse_deviation[j]))

    def normalized(seen: Seen) -> Array:
        kept: Array = seen.memory.normalized[:, j].astype(np.float64)
        return kept

    mu = sub("μ", j)
    cell.tell("mu", mu, "the running mean; in the batch its own", "Σₙ xₙ / N", 1, mean)
    cell.tell(
        "var",
        f"σ²{cell.j}",
        "the running variance; in the batch its own",
        f"Σₙ (xₙ − {mu})² / N",
        1,
        variance,
    )
    cell.tell("s", sub("s", j), "one over the deviation", f"1 / √(σ²{cell.j} + ε)", 2, deviation)
    _shifted(cell, deviation, mean, mu, normalized)
    _gains(cell, layer.gamma[j], layer.beta[j], normalized)
    gamma, s, dy = float(layer.gamma[j]), cell.at(deviation), cell.at(lambda v: v.dy)
    product = term((sub("γ", j), gamma), (sub("s", j), s), (cell.dy, dy))
    cell.tell_dx(f"{sub('γ', j)} {sub('s', j)} {cell.dy}", 16, product)


def layer_norm(cell: Cell) -> None:
    """x̂ = s (x − μ), y = γ x̂ + β, with μ and s of the example's own features."""
    layer, first = cell.layer, cell.sample.first
    f = cell.unit - first
    assert isinstance(layer, LayerNorm)
    gamma = layer.gamma.astype(np.float64)

    def row(seen: Seen, of: Array) -> Array:
        width = len(gamma)
        kept: Array = of.reshape(seen.n, -1, of.shape[-1])[:, seen.first // width].astype(np.float64)
        return kept

    def deviation(seen: Seen) -> Array:
        return row(seen, seen.memory.inverse_deviation)[:, 0]

    def all_normalized(seen: Seen) -> Array:
        return row(seen, seen.memory.normalized)

    def mean_g(seen: Seen) -> Array:
        mean: Array = (gamma * seen.dys).mean(axis=-1)
        return mean

    def mean_gx(seen: Seen) -> Array:
        mean: Array = (gamma * seen.dys * all_normalized(seen)).mean(axis=-1)
        return mean

    xs, width = cell.sample.xs[0], len(gamma)
    letter = cell.x[: -len(cell.j)]
    terms, rest = summed(
        xs / width,
        lambda k: term(("1/F", 1 / width), (sub(letter, first + k), xs[k]), unit=(cell.place - 1, first + k)),
    )
    words, formula = "the mean of the example's features", f"Σ {letter} / F"
    cell.tell("mu", "μ", words, formula, 1, lambda v: v.xs.mean(axis=-1), *terms, rest=rest)
    cell.tell("var", "σ²", "their variance", f"Σ ({letter} − μ)² / F", 1, lambda v: v.xs.var(axis=-1))
    cell.tell("s", "s", "one over the deviation", "1 / √(σ² + ε)", 2, deviation)
    _shifted(cell, deviation, lambda v: v.xs.mean(axis=-1), "μ", lambda v: all_normalized(v)[:, f], "s")
    _gains(cell, layer.gamma[f], layer.beta[f], lambda v: all_normalized(v)[:, f])
    g = gamma[f] * cell.at(lambda v: v.dy)
    name = sub("g", cell.unit)
    product = term((sub("γ", f), gamma[f]), (cell.dy, cell.at(lambda v: v.dy)))
    cell.tell_back("g", name, "the error at the normalized value", f"{sub('γ', f)} {cell.dy}", 6,
                   lambda v: gamma[f] * v.dy, product, total=True)  # fmt: skip
    gs = gamma * cell.sample.dys[0]
    _row_mean(cell, "mean_g", "ḡ", "the mean of the row's", "Σ g / F", mean_g, ("g", gs))
    words, x = "the mean of the row's, each times its x̂", all_normalized(cell.sample)[0]
    _row_mean(cell, "mean_gx", "q", words, "Σ g x̂ / F", mean_gx, ("g", gs), ("x̂", x))
    s, x_hat = cell.at(deviation), cell.at(lambda v: all_normalized(v)[:, f])
    cell.tell_dx(
        f"s ({name} − ḡ − x̂{cell.j} q)",
        10,
        term(("s", s), (name, g)),
        term(("s", s), ("−ḡ", -cell.at(mean_g))),
        term(("s", s), (f"−x̂{cell.j}", -x_hat), ("q", cell.at(mean_gx))),
    )


def _row_mean(
    cell: Cell, key: str, symbol: str, words: str, formula: str, number: Formula, *factors: tuple[str, Array]
) -> None:
    """Add the mean over the row of a product of numbers, each with a letter."""
    first, values = cell.sample.first, np.prod([row for _, row in factors], axis=0)
    share = 1 / len(values)

    def product(k: int) -> Term:
        named = [(sub(letter, first + k), row[k]) for letter, row in factors]
        return term(("1/F", share), *named, unit=(cell.place, first + k))

    terms, rest = summed(values * share, product)
    cell.tell_back(key, symbol, words, formula, 10, number, *terms, rest=rest, total=True)


def _shifted(
    cell: Cell, deviation: Formula, mean: Formula, mu: str, normalized: Formula, s: str | None = None
) -> None:
    s = s or sub("s", cell.unit)
    terms = (
        term((s, cell.at(deviation)), (cell.x, cell.at(lambda v: v.x))),
        term((s, cell.at(deviation)), (f"−{mu}", -cell.at(mean))),
    )
    formula = f"{s} ({cell.x} − {mu})"
    cell.tell("x_hat", sub("x̂", cell.unit), "the normalized value", formula, 2, normalized, *terms)


def _gains(cell: Cell, gamma: float, beta: float, normalized: Formula) -> None:
    """Add y = γ x̂ + β, and on the way back the derivatives by γ and β."""
    f = cell.unit % cell.layer.output_shape[-1]
    g, b, x_hat = sub("γ", f), sub("β", f), sub("x̂", cell.unit)
    here, dy = cell.at(normalized), cell.at(lambda v: v.dy)
    terms = term((g, gamma), (x_hat, here)), term((b, beta))
    cell.tell("y", cell.y, "with its gain and shift", f"{g} {x_hat} + {b}", 3, lambda v: v.y, *terms)
    product = term((cell.dy, dy), (x_hat, here))
    cell.tell_back(
        "dgamma",
        d(g),
        "what the gain's gradient gets from it",
        f"{cell.dy} {x_hat}",
        4,
        lambda v: v.dy * normalized(v),
        product,
        total=True,
    )
    cell.tell_back(
        "dbeta",
        d(b),
        "what the shift's gradient gets from it",
        cell.dy,
        5,
        lambda v: v.dy,
        term((cell.dy, dy)),
        total=True,
    )
