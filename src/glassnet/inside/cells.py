"""A cell: one unit of one layer, what is told of it, and the arrays from which the numbers are read.

The numbers come from two trips through the network: of the sample alone, and of the batch of the step to
come. A formula is written once, for all examples of a trip, and read off both.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.inside.explanation import MOST_TERMS, Doc, Factor, Line, Rest, Term
from glassnet.inside.symbols import d, sub
from glassnet.nn.layer import Layer, Memory
from glassnet.nn.passes import Pass

Array = NDArray[Any]


class NotKept(Exception):
    """A pass has no such array, since nobody in training needs the numbers."""


class Trip:
    """The activations and gradients of a pass, in float64, a row (N, units) for each example.

    `place` is the layer's, from 1: the arrays are those that come out of it; 0 is the input.
    """

    def __init__(self, arrays: Pass) -> None:
        self.arrays = arrays
        self.n = len(arrays.output)

    def outputs(self, place: int) -> Array:
        """Return what came out of the layer (N, units), borrowed and in the network's dtype."""
        return self.arrays.activations[place].reshape(self.n, -1)

    def gradients(self, place: int) -> Array:
        """Return ∂L/∂ what came out of the layer (N, units), borrowed. Raises NotKept if nobody has it."""
        gradient = self.arrays.gradients[place]
        if gradient is None:
            raise NotKept
        return gradient.reshape(self.n, -1)


class Seen:
    """One unit in one trip: x, y, dy and dx (N,), the rows (N, F) that it stands in, and what is kept."""

    def __init__(self, trip: Trip, place: int, unit: int, width: int) -> None:
        self.trip, self.place, self.unit = trip, place, unit
        start = unit - unit % width
        self._row = slice(start, start + width)

    @property
    def n(self) -> int:
        """The number of examples."""
        return self.trip.n

    @property
    def memory(self) -> Memory:
        """What the layer keeps from forward to backward."""
        return self.trip.arrays.memories[self.place - 1]

    @property
    def x(self) -> Array:
        """What goes into the unit."""
        return _wide(self.trip.outputs(self.place - 1)[:, self.unit])

    @property
    def y(self) -> Array:
        """What comes out of it."""
        return _wide(self.trip.outputs(self.place)[:, self.unit])

    @property
    def dy(self) -> Array:
        """The derivative of the loss by what comes out."""
        return _wide(self.trip.gradients(self.place)[:, self.unit])

    @property
    def dx(self) -> Array:
        """The derivative of the loss by what goes in."""
        return _wide(self.trip.gradients(self.place - 1)[:, self.unit])

    @property
    def xs(self) -> Array:
        """What goes into all units of its row."""
        return _wide(self.trip.outputs(self.place - 1)[:, self._row])

    @property
    def ys(self) -> Array:
        """What comes out of all units of its row."""
        return _wide(self.trip.outputs(self.place)[:, self._row])

    @property
    def dys(self) -> Array:
        """The derivative of the loss by what comes out of all units of its row."""
        return _wide(self.trip.gradients(self.place)[:, self._row])

    @property
    def first(self) -> int:
        """The number of the row's first unit."""
        return self._row.start


Formula = Callable[[Seen], Array]  # for all examples of a trip (N,)


class Cell:
    """Collects the lines about one unit of a layer, `forward` and `backward`, in the order they are read.

    `x` and `y` are the symbols of what goes in and comes out.
    """

    def __init__(
        self, layer: Layer, place: int, unit: int, trips: tuple[Trip, Trip | None], x: str, y: str
    ) -> None:
        self.layer, self.place, self.unit, self.x, self.y = layer, place, unit, x, y
        width = layer.output_shape[-1]
        self.sample = Seen(trips[0], place, unit, width)
        self.batch = None if trips[1] is None else Seen(trips[1], place, unit, width)
        self.page = ""
        self.forward: list[Line] = []
        self.backward: list[Line] = []
        self.keep: tuple[int, ...] = ()  # inputs whose terms are told however small they are
        self.below = "dx"  # what the derivative by the input is called

    @property
    def j(self) -> str:
        """The unit's number, as an index."""
        return sub("", self.unit)

    @property
    def dx(self) -> str:
        """The symbol of the derivative by what goes in."""
        return d(self.x)

    @property
    def dy(self) -> str:
        """The symbol of the derivative by what comes out."""
        return d(self.y)

    def at(self, formula: Formula) -> float:
        """Return the formula's number for the sample."""
        return float(formula(self.sample)[0])

    def line(
        self,
        key: str,
        symbol: str,
        words: str,
        formula: str,
        equation: int | None,
        number: Formula,
        terms: Sequence[Term] = (),
        rest: Rest | None = None,
        *,
        total: bool = False,
        place: int | None = None,
        anchor: str = "derivation",
        doc: Doc | None = None,
    ) -> Line:
        """Return a line; a derivative of the loss is a `total` over the batch, whose mean is in the loss."""
        batch = None
        if self.batch is not None:
            try:
                numbers = number(self.batch)
                batch = float(numbers.sum() if total else numbers.mean())
            except NotKept:
                pass
        if doc is None and self.page:
            doc = Doc(self.page, equation, anchor)
        place = self.place if place is None else place
        value = self.at(number)
        return Line(key, symbol, words, formula, doc, value, place, self.unit, batch, tuple(terms), rest)

    def tell(
        self,
        key: str,
        symbol: str,
        words: str,
        formula: str,
        equation: int | None,
        number: Formula,
        *terms: Term,
        rest: Rest | None = None,
        doc: Doc | None = None,
    ) -> None:
        """Add a line of the way forward."""
        line = self.line(
            key, symbol, words, formula, equation, number, terms, rest, anchor="formula", doc=doc
        )
        self.forward.append(line)

    def tell_back(
        self,
        key: str,
        symbol: str,
        words: str,
        formula: str,
        equation: int | None,
        number: Formula,
        *terms: Term,
        rest: Rest | None = None,
        total: bool = False,
        doc: Doc | None = None,
    ) -> None:
        """Add a line of the way back; `total` for a derivative of the loss."""
        self.backward.append(
            self.line(key, symbol, words, formula, equation, number, terms, rest, total=total, doc=doc)
        )

    def tell_dx(self, formula: str, equation: int | None, *terms: Term, rest: Rest | None = None) -> None:
        """Add the last line of the way back: the derivative by what goes in."""
        words = f"the error handed down, by what goes into {self.layer.kind}"
        self.backward.append(
            self.line(
                self.below, self.dx, words, formula, equation, lambda s: s.dx, terms, rest,
                total=True, place=self.place - 1,
            )
        )  # fmt: skip

    def tell_elementwise(self, slope: str, equations: tuple[int, int], number: Formula, *terms: Term) -> None:
        """Add the slope y′(x), by the first equation, and dx = dy · y′, by the second."""
        name = f"y′({self.x})"
        self.tell_back(
            "slope", name, f"the slope of {self.layer.kind} there", slope, equations[0], number, *terms
        )
        dy, here = self.at(lambda s: s.dy), self.at(number)
        self.tell_dx(f"{self.dy} · {name}", equations[1], term((self.dy, dy), (name, here)))


def term(*factors: tuple[str, float], unit: tuple[int, int] | None = None) -> Term:
    """Return the product of named numbers."""
    value = 1.0
    for _, number in factors:
        value *= float(number)
    named = tuple(Factor(name, float(number)) for name, number in factors)
    return Term(" ".join(name for name, _ in factors), named, value, unit)


def summed(
    values: Array, make: Callable[[int], Term], extra: Sequence[Term] = (), keep: Collection[int] = ()
) -> tuple[tuple[Term, ...], Rest | None]:
    """Return the largest of many terms with values (T,), and the rest of them summed.

    `make(i)` is the term number i. `extra` terms, and those numbered in `keep`, are told however small they
    are.
    """
    kept = [i for i in keep if 0 <= i < len(values)]
    room = max(MOST_TERMS - len(extra) - len(kept), 0)
    order = np.argsort(-np.abs(values), kind="stable")
    order = order[values[order] != 0]  # an input that is 0 has nothing to tell
    chosen = [*kept, *[i for i in order[: room + len(kept)].tolist() if i not in kept][:room]]
    terms = [*map(make, chosen), *extra]
    terms.sort(key=lambda one: -abs(one.value))
    others = len(values) - len(chosen)
    if not others:
        return tuple(terms), None
    left = np.ones(len(values), bool)
    left[chosen] = False
    return tuple(terms), Rest(others, float(values[left].sum()))


def _wide(array: Array) -> Array:
    wide: Array = array.astype(np.float64)
    return wide
