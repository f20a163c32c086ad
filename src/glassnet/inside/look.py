"""Looking inside: one unit or weight of a network, and the chain rule through it with its numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.inside import layers, losses, update
from glassnet.inside.cells import Cell, Seen, Trip, term
from glassnet.inside.explanation import Batch, Doc, Explanation, Line, Section
from glassnet.inside.moment import Moment, Twin
from glassnet.inside.sample import Sent, find
from glassnet.inside.symbols import d, of_layer, sub
from glassnet.nn.dense import Dense
from glassnet.nn.layer import Layer
from glassnet.nn.network import Network
from glassnet.training.loop import Training

Array = NDArray[Any]
Own = tuple[int, str, tuple[int, ...]]  # which parameter is updated: the layer, its name there, and where


def explain(
    source: Training | Twin | Network,
    sample: Any,
    *,
    unit: tuple[int, int] | None = None,
    weight: tuple[int, int, int] | None = None,
    label: Any = None,
    data: Dataset | None = None,
) -> Explanation:
    """Tell the chain rule for one unit (layer, unit) or weight (layer, input, unit), with its numbers.

    Of a run that is forward, backward and the update of its next step, which is made on a double: the run
    itself is left as it is. Of a network alone it is forward and backward. Layers count from 1, units and
    inputs from 0; without either it is the weight whose gradient is largest. `sample` is the number of an
    example of the part that is judged on (validation, else training; of a network, of `data`), or an example
    as an array; then `label` is its right answer, by default the class that the network names.

    Raises ValueError, in one line, for a place or an example that is not there, and a run or a network that
    cannot be looked into.
    """
    inside = Inside(source, sample, label=label, data=data)
    if unit is not None and weight is not None:
        raise ValueError("explain: expected a unit or a weight, got both")
    if unit is not None:
        return inside.unit(*unit)
    return inside.weight(*(inside.telling() if weight is None else weight))


class Inside:
    """A sample sent through a network, forth and back, from which any unit or weight can be told.

    It is valid until the `Twin` that it was given is put elsewhere. Arguments are those of `explain`.
    """

    def __init__(
        self,
        source: Training | Twin | Network,
        sample: Any,
        *,
        label: Any = None,
        data: Dataset | None = None,
        step: int | None = None,
    ) -> None:
        if isinstance(source, Training):
            source = _double(source)
        self.moment: Moment | None = None
        self.step = step
        self.stopped = isinstance(source, Twin) and source.moment is None
        if isinstance(source, Twin):
            self.network, arrays, data = source.network, source.one, data or source.data
            self.moment, self.step = source.moment, source.step
        else:
            self.network = source.snapshot()
            arrays = self.network.new_pass(1, input_gradient=True)
        loss = self.network.loss
        if loss is None:
            raise ValueError("explain: expected a network with a loss, got one without; see Network.pair")
        with np.errstate(all="ignore"):
            self.sent: Sent = find(self.network, arrays, sample, label, data)
            batch = None if self.moment is None else self.moment.loss
            self._trips = Trip(arrays), None if self.moment is None else Trip(self.moment.arrays)
            self.answer = losses.Answer(loss, self.sent.target, self.sent.loss, batch)

    # ---- what can be asked

    def unit(self, place: int, j: int) -> Explanation:
        """Tell of a unit; the update is that of its bias, else of the weight into it of largest gradient."""
        layer = self._layer(place)
        size = int(np.prod(layer.output_shape))
        _within("unit", j, size, f"of layer {place} ({layer.kind})")
        title = f"unit {j} of layer {place} ({layer.kind})"
        return self._explanation(place, j, None, title, self._own(place, j))

    def weight(self, place: int, i: int, j: int) -> Explanation:
        """Tell of the weight from input i to unit j of a Dense layer."""
        layer = self._layer(place)
        if not isinstance(layer, Dense):
            raise ValueError(f"weight: expected one of a Dense layer, got layer {place} ({layer.kind})")
        of = f"of layer {place} ({layer.kind})"
        _within("weight", i, layer.W.shape[0], of, "input")
        _within("weight", j, layer.W.shape[1], of, "unit")
        title = f"weight {i} → {j} of layer {place} ({layer.kind})"
        return self._explanation(place, j, i, title, (place, "W", (i, j)))

    def telling(self) -> tuple[int, int, int]:
        """Return the place, input and unit of the weight with the largest gradient for the sample."""
        best, found = -1.0, None
        for place, layer in enumerate(self.network.body, 1):
            if isinstance(layer, Dense):
                x, dz = (
                    np.abs(a[0]) for a in (self._trips[0].outputs(place - 1), self._trips[0].gradients(place))
                )
                i, j = int(x.argmax()), int(dz.argmax())
                if not float(x[i] * dz[j]) <= best:  # a number that is none is telling too
                    best, found = float(x[i] * dz[j]), (place, i, j)
        if found is None:
            raise ValueError(
                "explain: expected a network with a Dense layer, or a unit to tell of, got neither"
            )
        return found

    # ---- putting it together

    def _layer(self, place: int) -> Layer:
        _within("layer", place, len(self.network.layers), first=1)
        return self.network.layers[place - 1]

    def _stage(self, place: int) -> range:
        """The places of the layers told together: a Dense layer and what follows it up to the next."""
        body = self.network.body
        place = min(place, len(body))  # a final softmax or sigmoid belongs to the loss
        first = place
        while first > 1 and not isinstance(body[first - 1], Dense) and _one_to_one(body[first - 1]):
            first -= 1
        last = place
        while last < len(body) and not isinstance(body[last], Dense) and _one_to_one(body[last]):
            last += 1
        return range(first, last + 1)

    def _cells(self, stage: range, unit: int) -> list[Cell]:
        body, cells = self.network.body, list[Cell]()
        others = sum(not isinstance(body[place - 1], Dense) for place in stage)
        x = sub("x", unit)
        for place in stage:
            letter = (
                "z" if isinstance(body[place - 1], Dense) else of_layer("y", place) if others > 1 else "y"
            )
            y = sub(letter, unit)
            cell = Cell(body[place - 1], place, unit, self._trips, x, y)
            if cells:
                cell.below = "dz" if isinstance(cells[-1].layer, Dense) else "dy"
            cells.append(cell)
            x = y
        return cells

    def _explanation(self, place: int, j: int, i: int | None, title: str, own: Own | None) -> Explanation:
        layer, moment = self._layer(place), self.moment
        cells = self._cells(self._stage(place), j)
        with np.errstate(all="ignore"):  # a diverged network is told too
            sections = self._both_ways(cells, i, own)
            if moment is not None and own is not None:
                sections.append(update.section(moment, *own))
        return Explanation(
            step=self.step,
            dtype=str(self.network.dtype),
            loss=self.sent.loss,
            layer=place,
            kind=layer.kind,
            unit=j,
            weight=None if i is None else (i, j),
            title=title,
            sample=self.sent.sample,
            batch=None if moment is None else Batch(len(moment.arrays.output), moment.step + 1),
            sections=tuple(sections),
        )

    def _both_ways(self, cells: list[Cell], i: int | None, own: Own | None) -> list[Section]:
        """The way forward through the cells, and the way back."""
        cells[0].keep = () if i is None else (i,)
        for cell in cells:
            layers.tell(cell)
        self._begin_back(cells[-1])
        forward = [line for cell in cells for line in cell.forward]
        backward = [line for cell in reversed(cells) for line in cell.backward]
        if isinstance(cells[0].layer, Dense):
            backward.append(self._into_dense(cells[0], i, own))
        stopped = "The next step is not made: its loss would not be finite." if self.stopped else None
        titles = "Forward: what the unit makes of the sample", "Backward: how the loss changes with it"
        return [
            Section("forward", titles[0], tuple(forward), _apart(cells)),
            Section("backward", titles[1], tuple(backward), stopped),
        ]

    def _begin_back(self, last: Cell) -> None:
        """Let the last cell begin the way back: with the loss, or with what came down from above."""
        body, then = self.network.body, last.backward
        last.backward = []
        if last.place == len(body):
            losses.tell(last, self.answer)
        elif isinstance(above := body[last.place], Dense):
            layers.from_dense(last, last.place + 1, above)
        else:
            key = "dz" if isinstance(last.layer, Dense) else "dy"
            words = f"as layer {last.place + 1} ({above.kind}) hands it down"
            doc, formula = layers.page_of(above), f"{above.kind}.backward"
            last.tell_back(key, last.dy, words, formula, None, lambda s: s.dy, total=True, doc=doc)
        last.backward += then

    def _into_dense(self, cell: Cell, i: int | None, own: Own | None) -> Line:
        """The gradient of the weight, or of the bias, for the sample and as the mean over the batch."""
        j, below = cell.unit, cell.place - 1
        if i is None and own is not None and own[1] == "W":
            i = own[2][0]
        dz = (cell.dy, cell.at(lambda s: s.dy))
        if i is None:
            words, doc, symbol = "the gradient of the bias", Doc("dense", 5, "derivation"), d(sub("b", j))
            formula = f"Σₙ {cell.dy}"
            return cell.line("db", symbol, words, formula, 5, lambda s: s.dy, [term(dz)], total=True, doc=doc)
        x = sub("x", i), float(self._trips[0].outputs(below)[0, i])

        def number(seen: Seen) -> Array:
            products: Array = seen.trip.outputs(below)[:, i].astype(np.float64) * seen.dy
            return products

        words, doc = "the gradient of the weight: input times error", Doc("dense", 3, "derivation")
        formula, product = f"Σₙ {x[0]} {cell.dy}", [term(x, dz, unit=(below, i))]
        symbol = d(sub("W", i, j))
        return cell.line("dW", symbol, words, formula, 3, number, product, total=True, doc=doc)

    def _own(self, place: int, j: int) -> Own | None:
        """Which parameter is updated when a unit is asked for: its gain, its bias, or a weight into it."""
        layer = self._layer(place)
        if "gamma" in layer.parameters():
            return place, "gamma", (j % layer.output_shape[-1],)
        first = self._stage(place)[0]
        dense = self.network.body[first - 1]
        if not isinstance(dense, Dense):
            return None
        if dense.bias:
            return first, "b", (j,)
        x = self._trips[0].outputs(first - 1)[0]
        if self.moment is not None:
            x = self.moment.gradient[self.moment.place_of(f"{first}.W", 0, 0) :][: dense.W.size]
            x = x.reshape(dense.W.shape)[:, j]
        return first, "W", (int(np.abs(x).argmax()), j)


def _apart(cells: list[Cell]) -> str | None:
    """What differs between the sample on its own and in a batch."""
    says = {
        "BatchNorm": "BatchNorm normalizes the sample by its running statistics and the batch by its own.",
        "Dropout": "Dropout silences units in the batch alone.",
    }
    kinds = {cell.layer.kind for cell in cells}
    return " ".join(words for kind, words in says.items() if kind in kinds) or None


def _double(run: Training) -> Twin:
    try:
        state = run.capture()
    except ValueError as error:
        raise ValueError(
            f"explain: {error}; of its network alone, forward and backward can be told"
        ) from None
    twin = Twin(run)
    twin.put(state)
    return twin


def _one_to_one(layer: Layer) -> bool:
    """Whether unit j of the layer is made of unit j below it."""
    return type(layer) in layers.TELLERS or layer.input_shape == layer.output_shape


def _within(what: str, number: int, size: int, of: str = "", part: str = "", first: int = 0) -> None:
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if not whole or not first <= number < first + size:
        expected = " ".join(filter(None, [part, f"{first} to {first + size - 1}", of]))
        raise ValueError(f"{what}: expected {expected}, got {number!r}")
