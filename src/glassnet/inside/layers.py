"""What is told of a unit of each kind of layer: a function for each, and the table of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.inside.cells import Cell, Seen, summed, term
from glassnet.inside.explanation import Doc, Term
from glassnet.inside.normalization import batch_norm, layer_norm
from glassnet.inside.symbols import d, of_layer, sub
from glassnet.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.dense import Dense
from glassnet.nn.dropout import Dropout
from glassnet.nn.flatten import Flatten
from glassnet.nn.layer import Layer
from glassnet.nn.normalization import BatchNorm, LayerNorm

Array = NDArray[Any]
Teller = Callable[[Cell], None]


def tell(cell: Cell) -> None:
    """Let the cell collect its lines; of a layer of the user's own what goes in and comes out."""
    cell.page, teller = TELLERS.get(type(cell.layer), ("", _unknown))
    teller(cell)


def _unknown(cell: Cell) -> None:
    """Of a layer whose formula is not known: the numbers in its arrays."""
    kind = cell.layer.kind
    cell.tell(
        "y", cell.y, f"as {kind}, a layer of your own, makes it", f"{kind}.forward", None, lambda s: s.y
    )
    if cell.layer.input_shape == cell.layer.output_shape:
        cell.tell_dx(f"{kind}.backward", None)


# ---- weighted sums


def dense(cell: Cell) -> None:
    """z = Σᵢ xᵢ Wᵢⱼ + bⱼ; what it hands down is told of the units below, by `from_dense`."""
    layer, j, below = cell.layer, cell.unit, cell.place - 1
    assert isinstance(layer, Dense)
    x, w = cell.sample.trip.outputs(below)[0].astype(np.float64), layer.W[:, j].astype(np.float64)
    bias = [term((sub("b", j), layer.b[j]))] if layer.bias else []

    def product(i: int) -> Term:
        return term((sub("x", i), x[i]), (sub("W", i, j), w[i]), unit=(below, i))

    terms, rest = summed(x * w, product, bias, cell.keep)
    words = "the weighted sum of the inputs" + (" and the bias" if layer.bias else "")
    formula = f"Σᵢ xᵢ Wᵢ,{cell.j}" + (f" + b{cell.j}" if layer.bias else "")
    cell.tell("z", cell.y, words, formula, 1, lambda s: s.y, *terms, rest=rest)


def from_dense(cell: Cell, above: int, layer: Dense) -> None:
    """Add what came down to the cell's output from the Dense layer at place `above`: Σₒ dzₒ Wⱼₒ."""
    j, place = cell.unit, of_layer("", above)
    dz = cell.sample.trip.gradients(above)[0].astype(np.float64)
    w = layer.W[j].astype(np.float64)

    def product(o: int) -> Term:
        return term((d(sub(f"z{place}", o)), dz[o]), (sub(f"W{place}", j, o), w[o]), unit=(above, o))

    terms, rest = summed(dz * w, product)
    words = f"the error that came down from layer {above} (Dense)"
    formula = f"Σₒ ∂L/∂z{place}ₒ W{place}{cell.j},ₒ"
    doc = Doc("dense", 6, "derivation")
    key = "dz" if isinstance(cell.layer, Dense) else "dy"
    cell.tell_back(key, cell.dy, words, formula, 6, lambda s: s.dy, *terms, rest=rest, total=True, doc=doc)


# ---- activations


def relu(cell: Cell) -> None:
    """y = max(x, 0)."""
    x, on = cell.at(lambda s: s.x), f"[{cell.x} > 0]"
    product = term((cell.x, x), (on, x > 0))
    cell.tell("y", cell.y, "the activation", f"max({cell.x}, 0)", 1, lambda s: s.y, product)
    cell.tell_elementwise(on, (2, 3), lambda s: (s.x > 0).astype(float))


def leaky_relu(cell: Cell) -> None:
    """y = max(x, α x)."""
    assert isinstance(cell.layer, LeakyReLU)
    slope = cell.layer.slope
    x = cell.at(lambda s: s.x)
    factor = (f"[{cell.x} > 0]", 1.0) if x > 0 else ("α", slope)
    formula = f"max({cell.x}, α {cell.x})"
    cell.tell("y", cell.y, "the activation", formula, 2, lambda s: s.y, term((cell.x, x), factor))
    cell.tell_elementwise(
        f"max([{cell.x} > 0], α)", (3, 4), lambda s: np.maximum(s.x > 0, slope).astype(float)
    )


def sigmoid(cell: Cell) -> None:
    """y = 1 / (1 + e⁻ˣ)."""
    cell.tell("y", cell.y, "the activation", f"1 / (1 + e^−{cell.x})", 1, lambda s: s.y)
    y = cell.at(lambda s: s.y)
    product = term((cell.y, y), (f"(1 − {cell.y})", 1 - y))
    cell.tell_elementwise(f"{cell.y} (1 − {cell.y})", (5, 6), lambda s: s.y * (1 - s.y), product)


def tanh(cell: Cell) -> None:
    """The hyperbolic tangent, whose slope is 1 − y²."""
    cell.tell("y", cell.y, "the activation", f"tanh({cell.x})", 1, lambda s: s.y)
    y = cell.at(lambda s: s.y)
    terms = term(("1", 1)), term((f"−{cell.y}", -y), (cell.y, y))
    cell.tell_elementwise(f"1 − {cell.y}²", (3, 4), lambda s: 1 - s.y * s.y, *terms)


def gelu(cell: Cell) -> None:
    """y = ½ x (1 + t),   t = tanh u,   u = s (x + c x³)."""
    s, c, name = GELU.SCALE, GELU.CUBIC, cell.x
    x = cell.at(lambda s: s.x)

    def t(seen: Seen) -> Array:
        kept: Array = seen.memory.t.reshape(seen.n, -1)[:, cell.unit].astype(np.float64)
        return kept

    def du(seen: Seen) -> Array:
        return s * (1 + 3 * c * seen.x**2)

    cubic = term(("s", s), ("c", c), (f"{name}³", x**3))
    cell.tell("u", "u", "what goes into tanh", f"s ({name} + c {name}³)", 1, lambda v: s * (v.x + c * v.x**3),
              term(("s", s), (name, x)), cubic)  # fmt: skip
    cell.tell("tanh", "t", "its tanh", "tanh(u)", 2, t)
    product = term(("½", 0.5), (name, x), ("(1 + t)", 1 + cell.at(t)))
    cell.tell("y", cell.y, "the activation", f"½ {name} (1 + t)", 2, lambda v: v.y, product)
    inner = term(("s", s)), term(("3 s c", 3 * s * c), (f"{name}²", x * x))
    cell.tell_back("du", "u′", "the slope of u", f"s (1 + 3 c {name}²)", 3, du, *inner)
    here, bent = cell.at(t), 1 - cell.at(t) ** 2
    parts = (
        term(("½", 0.5), ("(1 + t)", 1 + here)),
        term(("½", 0.5), (name, x), ("(1 − t²)", bent), ("u′", cell.at(du))),
    )
    formula = f"½ (1 + t) + ½ {name} (1 − t²) u′"
    cell.tell_elementwise(formula, (5, 6), lambda v: (1 + t(v) + v.x * (1 - t(v) ** 2) * du(v)) / 2, *parts)


def softmax(cell: Cell) -> None:
    """yⱼ = eˣⱼ / Σₖ eˣₖ over the row, with the row's maximum taken out."""
    place, first = cell.place, cell.sample.first
    letter = cell.x[: -len(cell.j)]

    def shifted(seen: Seen) -> Array:
        powers: Array = np.exp(seen.xs - seen.xs.max(axis=-1, keepdims=True))
        return powers

    def power(seen: Seen) -> Array:
        return shifted(seen)[:, cell.unit - first]

    def total(seen: Seen) -> Array:
        sums: Array = shifted(seen).sum(axis=-1)
        return sums

    def inner(seen: Seen) -> Array:
        sums: Array = (seen.dys * seen.ys).sum(axis=-1)
        return sums

    each = shifted(cell.sample)[0]
    cell.tell(
        "e",
        sub("e", cell.unit),
        "its exponential, the row's maximum m taken out",
        f"e^({cell.x} − m)",
        2,
        power,
    )
    terms, rest = summed(each, lambda k: term((sub("e", first + k), each[k]), unit=(place - 1, first + k)))
    cell.tell("S", "S", "the sum of the row's", f"Σₖ e^({letter}ₖ − m)", 2, total, *terms, rest=rest)
    product = term((sub("e", cell.unit), cell.at(power)), ("1/S", 1 / cell.at(total)))
    cell.tell("y", cell.y, "its share", f"e{cell.j} / S", 2, lambda s: s.y, product)
    dys, ys, y = cell.sample.dys[0], cell.sample.ys[0], cell.y[: -len(cell.j)]
    terms, rest = summed(
        dys * ys,
        lambda k: term((d(sub(y, first + k)), dys[k]), (sub(y, first + k), ys[k]), unit=(place, first + k)),
    )
    cell.tell_back(
        "inner",
        "m̄",
        "the mean of the row's errors, by its shares",
        f"Σₖ ∂L/∂{y}ₖ {y}ₖ",
        5,
        inner,
        *terms,
        rest=rest,
        total=True,
    )
    own = cell.at(lambda s: s.y)
    cell.tell_dx(
        f"{cell.y} ({cell.dy} − m̄)",
        6,
        term((cell.y, own), (cell.dy, cell.at(lambda s: s.dy))),
        term((cell.y, own), ("−m̄", -cell.at(inner))),
    )


# ---- what is moved or silenced


def dropout(cell: Cell) -> None:
    """y = x m: of a single example m = 1, in training 0 or 1 / (1 − r)."""

    def mask(seen: Seen) -> Array:
        kept: Array = seen.memory.mask.reshape(seen.n, -1)[:, cell.unit].astype(np.float64)
        return kept

    m = cell.at(mask)
    cell.tell("m", sub("m", cell.unit), "dropout's mask: 1 outside training", "[u ≥ r] / (1 − r)", 1, mask)
    product = term((cell.x, cell.at(lambda s: s.x)), (sub("m", cell.unit), m))
    cell.tell("y", cell.y, "what dropout lets through", f"{cell.x} m{cell.j}", 1, lambda s: s.y, product)
    product = term((cell.dy, cell.at(lambda s: s.dy)), (sub("m", cell.unit), m))
    cell.tell_dx(f"{cell.dy} m{cell.j}", 3, product)


def flatten(cell: Cell) -> None:
    """y = x in another shape."""
    cell.tell(
        "y",
        cell.y,
        "the same number, in a vector",
        cell.x,
        1,
        lambda s: s.y,
        term((cell.x, cell.at(lambda s: s.x))),
    )
    cell.tell_dx(cell.dy, 3, term((cell.dy, cell.at(lambda s: s.dy))))


# A kind of layer of its own needs its page in docs/math, and its function: both here.
TELLERS: dict[type[Layer], tuple[str, Teller]] = {
    Dense: ("dense", dense),
    ReLU: ("relu", relu),
    LeakyReLU: ("leaky_relu", leaky_relu),
    Sigmoid: ("sigmoid", sigmoid),
    Tanh: ("tanh", tanh),
    GELU: ("gelu", gelu),
    Softmax: ("softmax", softmax),
    Dropout: ("dropout", dropout),
    BatchNorm: ("batch_norm", batch_norm),
    LayerNorm: ("layer_norm", layer_norm),
    Flatten: ("flatten", flatten),
}


def page_of(layer: Layer) -> Doc | None:
    """Return the page where the layer's derivative is derived, None for a layer of the user's own."""
    page, _ = TELLERS.get(type(layer), ("", None))
    return Doc(page, None, "derivation") if page else None
