"""How the columns of a table become a network's inputs: found once, in training, and kept with the model."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import categories, suitability
from glassnet.data.columns import Table, Texts, as_texts, missing
from glassnet.nn.names import unknown
from glassnet.nn.scaling import Scaling

Array = NDArray[Any]

FILLS = ("median", "mean", "zero")
_CHUNK = 10_000  # rows measured at a time


@dataclass(frozen=True)
class Feature:
    """One column: a number or, if it has `categories`, one input of 0 or 1 for each of them.

    `fill` takes the place of a missing value: a number or a category, "" for none of them. None: a missing
    value is an error.
    """

    name: str
    categories: tuple[str, ...] | None = None
    fill: float | str | None = None

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs that the column becomes."""
        return [self.name] if self.categories is None else [f"{self.name}={c}" for c in self.categories]


@dataclass(frozen=True)
class Encoding:
    """The features in order, the columns of the label and of what was left out, of these that of the `id`."""

    features: tuple[Feature, ...]
    label: str | None = None
    dropped: tuple[str, ...] = ()
    id: str | None = None

    @classmethod
    def fit(
        cls,
        table: Table,
        rows: Array,
        *,
        fill: str | None = None,
        label: str | None = None,
        dropped: Collection[str] = (),
        id: str | None = None,
    ) -> "Encoding":
        """Find the encoding of a table, which is without the label and what was dropped.

        What fills gaps is a statistic of `rows`, those trained on: "median", "mean" or "zero"; of texts the
        most frequent one, and with "zero" none. Categories are those of the whole table, since their names
        tell nothing about its rows. Raises ValueError for columns that cannot be learned from
        (`suitability.check`), and for another `fill`.
        """
        if fill is not None and fill not in FILLS:
            raise ValueError(f"fill: {unknown('way to fill gaps', fill, FILLS)}")
        suitability.check(table, fill)
        features = [_feature(table, name, rows, fill) for name in table.names]
        return cls(tuple(features), label, tuple(dropped), id)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs: a column of texts has one for each of its categories."""
        return tuple(name for feature in self.features for name in feature.inputs)

    def encode(self, table: Table) -> NDArray[np.float64]:
        """Return the inputs (N, F) of a table with these columns, in any order, by their names.

        Label and dropped columns may be there or not. Numbers stay as they are, in float64: of a time stamp
        float32 would keep little but the year. Raises ValueError for missing and additional columns, for
        texts where numbers belong and the other way round, categories that were not there in training, and
        missing or infinite values.
        """
        table = self._matched(table)
        ends = np.cumsum([len(feature.inputs) for feature in self.features])
        numbers = [place for place, feature in enumerate(self.features) if feature.categories is None]
        names = [self.features[place].name for place in numbers]
        values = suitability.numbers(table, names)
        gaps = np.isnan(values)
        for column in np.flatnonzero(gaps.any(axis=0)):
            feature = self.features[numbers[column]]
            values[gaps[:, column], column] = _filled(table, feature, gaps[:, column])
        if len(numbers) == len(self.features):
            return values
        found = np.zeros((len(table), len(self.inputs)))
        found[:, ends[numbers] - 1] = values
        for feature, end in zip(self.features, ends):
            if feature.categories is not None:
                _choose(table, feature, found[:, end - len(feature.categories) : end])
        return found

    def scaling(self, inputs: NDArray[np.float64], rows: Array) -> Scaling:
        """Return what brings each number to mean 0 and variance 1 over `rows`; categories stay 0 and 1.

        A number that is the same in all these rows says nothing and is scaled to 0, whatever it is elsewhere.
        """
        shift, scale = standardization(inputs, rows)
        is_number = [feature.categories is None for feature in self.features for _ in feature.inputs]
        return Scaling(np.where(is_number, shift, 0.0), np.where(is_number, scale, 1.0))

    def config(self) -> dict[str, Any]:
        """Describe the encoding as plain data (what JSON can hold)."""
        return {
            "features": [
                {**asdict(f), "categories": None if f.categories is None else list(f.categories)}
                for f in self.features
            ],
            "label": self.label,
            "dropped": list(self.dropped),
            "id": self.id,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Encoding":
        """Make an encoding of what `config` gave. Raises ValueError for anything else."""
        try:
            features = [
                Feature(
                    str(f["name"]),
                    None if f["categories"] is None else tuple(map(str, f["categories"])),
                    f["fill"],
                )
                for f in config["features"]
            ]
            dropped = tuple(config["dropped"])
            older = next(filter(suitability.named_id, dropped), None)
            return cls(tuple(features), config["label"], dropped, config.get("id", older))
        except (KeyError, TypeError):
            raise ValueError(f"encoding: expected features, label and dropped, got {config!r}") from None

    def by_order(self, names: Sequence[str], headed: bool) -> bool:
        """Tell whether a table with these columns has the features alone, and neither has a header."""
        own = [feature.name for feature in self.features]
        return not headed and len(names) == len(own) and all(map(str.isdecimal, own))

    def texts(self, names: Sequence[str], headed: bool) -> list[str]:
        """Return which columns of a table are taken as they are written: categories, and the identifier."""
        own = [feature.name for feature in self.features]
        called = dict(zip(own, names)) if self.by_order(names, headed) else {name: name for name in names}
        wanted = [f.name for f in self.features if f.categories is not None]
        return [called[name] for name in (*wanted, self.id) if name in called]

    def _matched(self, table: Table) -> Table:
        """The table with the model's columns alone, in its order."""
        names = [feature.name for feature in self.features]
        if self.by_order(table.names, table.headed):
            return table.renamed(names)
        lacking = [name for name in names if name not in table.known]
        others = {*names, self.label, *self.dropped}
        extra = [name for name in table.names if name not in others]
        if lacking or extra:
            told = [
                f"{what} {suitability.listed(n)}" for what, n in (("without", lacking), ("with", extra)) if n
            ]
            raise ValueError(
                f"{table.path}: expected the columns that the model knows, got a table {' and '.join(told)}"
            )
        return table


def standardization(values: NDArray[Any], rows: Array | None = None) -> tuple[Array, Array]:
    """Return the shift and scale that bring `rows` of values (N, …), or all, to mean 0 and variance 1.

    The scale is 0 where all are equal.
    """
    rows = np.arange(len(values)) if rows is None else rows
    chunks = [rows[k : k + _CHUNK] for k in range(0, len(rows), _CHUNK)]  # not a copy of all, nor several
    low = np.min([values[chunk].min(axis=0) for chunk in chunks], axis=0)
    high = np.max([values[chunk].max(axis=0) for chunk in chunks], axis=0)
    shift = np.sum([values[chunk].sum(axis=0, dtype=np.float64) for chunk in chunks], axis=0) / len(rows)
    squares = np.sum([np.square(values[chunk] - shift).sum(axis=0) for chunk in chunks], axis=0)
    spread = np.sqrt(squares / len(rows))
    same = (low == high) | (high - low < suitability.SMALLEST_SPREAD)
    return shift, np.divide(1.0, spread, out=np.zeros_like(spread), where=~same)


def _feature(table: Table, name: str, rows: Array, fill: str | None) -> Feature:
    column = table[name]
    if isinstance(column, Texts):
        codes = column.codes[rows]
        counts = np.bincount(codes[codes >= 0], minlength=len(column.distinct))
        gap = None if fill is None else "" if fill == "zero" else column.distinct[counts.argmax()]
        return Feature(name, categories.distinct(column.distinct), gap)
    if fill is None:
        return Feature(name)
    known = column[rows][~missing(column)[rows]]
    if not len(known):
        raise ValueError(
            f"{table.path}: column {name!r}: expected values to train on, got none;"
            f" --drop {suitability.shell([name], table)}"
        )
    statistics = {"median": float(np.median(known)), "mean": float(known.mean()), "zero": 0.0}
    return Feature(name, fill=statistics[fill])


def _filled(table: Table, feature: Feature, gaps: NDArray[np.bool_]) -> float | str:
    """What takes the place of missing values."""
    if feature.fill is None:
        raise ValueError(
            f"{table.where(feature.name, gaps)}: expected a value, as in training, got none"
            f" ({np.count_nonzero(gaps):,} missing; a model trained with --fill takes them)"
        )
    return feature.fill


def _choose(table: Table, feature: Feature, out: Array) -> None:
    """Write into zeros (N, categories) a 1 for the category of each row."""
    assert feature.categories is not None
    codes, distinct = as_texts(table[feature.name])
    places, strange = categories.places(distinct, feature.categories)
    if strange is not None:
        known = suitability.listed(feature.categories)
        raise ValueError(
            f"{table.where(feature.name, codes == strange)}: expected one of {known}, as in training,"
            f" got {distinct[strange]!r}"
        )
    gaps = codes < 0
    fill = _filled(table, feature, gaps) if gaps.any() else ""
    chosen = np.append(places, categories.places([str(fill)], feature.categories)[0])[
        codes
    ]  # the last: a gap
    rows = np.flatnonzero(chosen >= 0)
    out[rows, chosen[rows]] = 1.0
