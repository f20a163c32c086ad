"""Pictures that are no digits, for a network to learn that it need not name one.

Trained to give them all classes alike (Hendrycks, Mazeika and Dietterich 2019, arXiv:1812.04606), a network
spreads its answer over things it never saw, too. Letters, scribbles, lines, dots and digits laid over one
another are not among them: on those the refusals are measured.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import broken, figures, pen, signs

Array = NDArray[Any]
Maker = Callable[[int, Array, Array, np.random.Generator], Array]

PER_PART = 500  # pictures in the bank for each part in the mixture


def _drawn(make: Callable[[int, np.random.Generator], list[pen.Figure]], thickest: float = 2.2) -> Maker:
    def pictures(n: int, digits: Array, labels: Array, generator: np.random.Generator) -> Array:
        return pen.draw(make(n, generator), generator.uniform(0.5, thickest, n))

    return pictures


def _texture(n: int, digits: Array, labels: Array, generator: np.random.Generator) -> Array:
    """Noise, fine or coarse, grey or cut at its mean."""
    out = np.empty((n, pen.SIDE, pen.SIDE), np.uint8)
    for k in range(n):
        grain = int(generator.choice([1, 2, 4, 7]))
        noise = np.kron(generator.random((pen.SIDE // grain,) * 2), np.ones((grain, grain)))
        out[k] = 255 * (noise if generator.random() < 0.5 else noise > generator.uniform(0.3, 0.7))
    return out


# Parts in the mixture, and how to make pictures of a kind.
KINDS: dict[str, tuple[int, Maker]] = {
    "turned": (12, partial(broken.changed, broken.TURNS)),
    "halves": (3, partial(broken.changed, broken.HALVES)),
    "swapped": (4, partial(broken.changed, broken.SWAPS)),
    "slid": (3, broken.slid),
    "scrambled": (1, broken.scrambled),
    "crossed": (1, broken.crossed),
    "invented": (10, _drawn(signs.invented)),
    "joined": (10, _drawn(signs.joined)),
    "looped": (3, _drawn(signs.looped)),
    "shapes": (2, _drawn(partial(signs.known, figures.SHAPES))),
    "things": (3, _drawn(partial(signs.known, figures.THINGS))),
    "marks": (3, _drawn(partial(signs.known, figures.MARKS))),
    "writing": (6, _drawn(partial(signs.known, figures.WRITING))),
    "characters": (8, _drawn(partial(signs.known, figures.CHARACTERS))),
    "spirals": (1, _drawn(signs.spirals, 0.9)),
    "several": (1, _drawn(signs.several)),
    "texture": (1, _texture),
}


@dataclass(frozen=True)
class NonDigits:
    """Replaces images by pictures of no digit, out of a bank that is made once, of these `kinds`.

        strangers = NonDigits()(images, numpy.random.default_rng(0))

    Digits are broken that come with glassnet (MNIST's sample). Raises ValueError for an unknown kind.
    """

    kinds: tuple[str, ...] = tuple(KINDS)

    def __post_init__(self) -> None:
        """Check the names."""
        object.__setattr__(self, "kinds", tuple(self.kinds))
        for kind in self.kinds:
            if kind not in KINDS:
                raise ValueError(f"nondigits: expected kinds among {', '.join(KINDS)}, got {kind!r}")
        if not self.kinds:
            raise ValueError("nondigits: expected at least one kind, got none")

    def config(self) -> dict[str, list[str]]:
        """Return the kinds as plain data."""
        return {"kinds": list(self.kinds)}

    def __call__(self, images: Array, generator: np.random.Generator) -> Array:
        """Return as many pictures (n, 28, 28) uint8 as there are images (n, 28, 28); these are not looked at.

        Which they are comes from `generator` alone. Raises ValueError for images of another size.
        """
        if images.shape[1:] != (pen.SIDE, pen.SIDE):
            raise ValueError(f"nondigits: expected images (n, 28, 28), got {images.shape}")
        bank = _bank(self.kinds)
        return bank[generator.integers(len(bank), size=len(images))]


@lru_cache(maxsize=2)
def _bank(kinds: tuple[str, ...]) -> Array:
    return np.concatenate([pictures(kind, KINDS[kind][0] * PER_PART) for kind in kinds])


def pictures(kind: str, n: int, seed: int = 0) -> Array:
    """Make `n` pictures (n, 28, 28) uint8 of one kind; always the same for the same seed."""
    digits, labels = _digits()
    generator = np.random.default_rng([seed, *kind.encode()])
    return KINDS[kind][1](n, digits, labels, generator)


@lru_cache(maxsize=1)
def _digits() -> tuple[Array, Array]:
    from glassnet.data.loading import load

    train = load("mnist-sample", validation=0).train
    return np.asarray(train.images), np.asarray(train.labels)
