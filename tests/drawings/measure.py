"""What is measured: drawings of both generators, non-digits and MNIST, and what a reader answers to each."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drawings import first, second
from drawings.effects import KINDS, picture
from drawings.strokes import Array
from glassnet.data import load

if TYPE_CHECKING:
    from glassnet.reading import Reader

WRITERS = {"first": first.digit, "second": second.digit}
OSZ = "letters o s z"  # printed apart: by their shape they are digits too
NONDIGITS = (*second.KINDS, OSZ)
UPRIGHT = [kind for kind in KINDS if kind != "slanted"]  # slanted lines and letters may turn into digits


class Drawing(NamedTuple):
    """One picture; `digit` is None if it shows none. `by` is the writer: first, second, or whoever else."""

    kind: str
    by: str
    digit: int | None
    picture: Array


class Answer(NamedTuple):
    """What the reader said: `best` is what it holds most probable, `given` what it names, None if refused.

    `best` is None if it found more than one thing in the picture; `given` are then the names of all of them.
    """

    drawing: Drawing
    best: str | None
    given: str | None
    said: str

    @property
    def named(self) -> bool:
        return self.best == str(self.drawing.digit)

    @property
    def right(self) -> bool:
        return self.named and self.given == self.best

    @property
    def refused(self) -> bool:
        return self.given is None

    @property
    def wrong(self) -> bool:
        return not (self.right or self.refused)


def digits(count: int, seed: int) -> Iterator[Drawing]:
    """`count` digits, a multiple of 10, of each writer in each kind of picture: each digit equally often."""
    if count < 1 or count % 10:
        raise ValueError(
            f"count: expected a multiple of 10, so that each digit is there equally, got {count}"
        )
    for e, kind in enumerate(KINDS):
        for w, (by, write) in enumerate(WRITERS.items()):
            for i in range(count):
                generator = np.random.default_rng([seed, w, e, i])
                yield Drawing(kind, by, i % 10, picture(kind, write(i % 10, generator), generator))


def nondigits(count: int, seed: int) -> Iterator[Drawing]:
    """`count` of each kind of non-digit, shown in each kind of picture in turn."""
    for n, kind in enumerate(NONDIGITS):
        for i in range(count):
            generator = np.random.default_rng([seed, len(WRITERS), n, i])
            drawn = (
                second.letter("osz"[i % 3], generator) if kind == OSZ else second.nondigit(kind, generator)
            )
            yield Drawing(kind, "second", None, picture(UPRIGHT[i % len(UPRIGHT)], drawn, generator))


def mnist(count: int) -> Iterator[Drawing]:
    """The first `count` of MNIST's own test digits, as pictures of 28×28 that nobody has prepared."""
    test = load("mnist").test
    for image, label in zip(test.inputs[:count], test.labels[:count]):
        yield Drawing("MNIST's test digits", "people", int(label), np.asarray(image).reshape(28, 28))


def answers(reader: "Reader", drawings: Iterable[Drawing], several: bool = True) -> Iterator[Answer]:
    """Have each drawing read; `several` lets the reader find more than one digit in it, as in a photo."""
    for drawing in drawings:
        readings = reader.read(drawing.picture, several=several)
        names = [reading.name for reading in readings if reading.name is not None]
        best = reader.classes[int(readings[0].probabilities.argmax())] if len(readings) == 1 else None
        said = " | ".join(reading.said for reading in readings)
        yield Answer(drawing, best, " ".join(names) or None, said)
