"""What is told of one unit or weight: sections of lines, each an equation with its numbers."""

from dataclasses import dataclass
from typing import Any

MOST_TERMS = 8  # of a sum that are told one by one; the rest is summed


@dataclass(frozen=True)
class Factor:
    """A number in a product, and what it is called."""

    symbol: str
    value: float


@dataclass(frozen=True)
class Term:
    """One number of a sum, the product of its `factors`.

    `unit` is the layer's place and the number of the unit that it comes from, (0, i) for the input i.
    """

    symbol: str
    factors: tuple[Factor, ...]
    value: float
    unit: tuple[int, int] | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        unit = None if self.unit is None else {"layer": self.unit[0], "unit": self.unit[1]}
        factors = [{"symbol": factor.symbol, "value": factor.value} for factor in self.factors]
        return {"symbol": self.symbol, "factors": factors, "value": self.value, "unit": unit}


@dataclass(frozen=True)
class Rest:
    """The terms of a sum that are not told one by one: how many, and their sum."""

    count: int
    value: float


@dataclass(frozen=True)
class Doc:
    """Where an equation is derived: a page of docs/math, the equation's number there, and the section."""

    page: str
    equation: int | None = None
    anchor: str = "formula"


@dataclass(frozen=True)
class Line:
    """One equation with its numbers.

    `value` is of the sample, in the update of the run; `batch` is the same as the mean over the batch, None
    where there is none. Where there are `terms`, they and the `rest` add up to the value. `layer` and `unit`
    are whose number it is; layer 0 is the input.
    """

    key: str
    symbol: str
    words: str
    formula: str
    doc: Doc | None
    value: float
    layer: int
    unit: int | None = None
    batch: float | None = None
    terms: tuple[Term, ...] = ()
    rest: Rest | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "key": self.key,
            "symbol": self.symbol,
            "words": self.words,
            "formula": self.formula,
            "doc": self.doc and vars(self.doc).copy(),
            "value": self.value,
            "batch": self.batch,
            "terms": [term.plain() for term in self.terms],
            "rest": self.rest and vars(self.rest).copy(),
            "layer": self.layer,
            "unit": self.unit,
        }


@dataclass(frozen=True)
class Section:
    """Lines that belong together: `name` is "forward", "backward" or "update"."""

    name: str
    title: str
    lines: tuple[Line, ...]
    note: str | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        lines = [line.plain() for line in self.lines]
        return {"name": self.name, "title": self.title, "note": self.note, "lines": lines}

    def __getitem__(self, key: str) -> Line:
        """Return the first line of that key; KeyError, with those there are, if there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(f"{key!r}; known: {', '.join(line.key for line in self.lines)}")


@dataclass(frozen=True)
class Sample:
    """The example that was sent through: its number in the judged part, if it has one, and both answers.

    `label` and `predicted` are class numbers or values; where it is `assumed`, nobody gave a right answer,
    and the class that the network names counts as right.
    """

    index: int | None
    label: Any
    assumed: bool
    predicted: Any
    label_name: str | None = None
    predicted_name: str | None = None


@dataclass(frozen=True)
class Batch:
    """The batch of the step to come: how many examples, and the number of the step, from 1."""

    size: int
    step: int


@dataclass(frozen=True)
class Explanation:
    """The chain rule for one unit or weight, with the numbers that are in the network's arrays.

    `layer` counts from 1, as parameters' names do; `unit` and `weight` (input, unit) from 0. `step` is the
    number of updates made so far, None of a network without a run, which has no `batch` and no update.
    `loss` is the sample's own. `str()` is the text that `glassnet explain` prints.
    """

    step: int | None
    dtype: str
    loss: float
    layer: int
    kind: str
    unit: int
    weight: tuple[int, int] | None
    title: str
    sample: Sample
    batch: Batch | None
    sections: tuple[Section, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, with all digits."""
        told = {name: getattr(self, name) for name in ("step", "dtype", "loss", "layer", "kind", "unit")}
        return {
            **told,
            "weight": None if self.weight is None else list(self.weight),
            "title": self.title,
            "sample": vars(self.sample).copy(),
            "batch": self.batch and vars(self.batch).copy(),
            "sections": [section.plain() for section in self.sections],
        }

    def __getitem__(self, name: str) -> Section:
        """Return the section of that name; KeyError, with those there are, if there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(f"{name!r}; known: {', '.join(section.name for section in self.sections)}")

    def __str__(self) -> str:
        """Return the explanation as text without colours."""
        from glassnet.inside.text import text

        return text(self)
