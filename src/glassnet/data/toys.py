"""Toy sets: small ones to look at, made from a formula, the same each time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.nn.checks import is_number
from glassnet.nn.names import unknown
from glassnet.nn.scaling import Scaling

Points = NDArray[np.float64]
Labels = NDArray[np.intp]

FEWEST, MOST = 10, 1_000_000  # points of a training part
LOUDEST = 1000  # noise; beyond it nothing is left of any set
TURNS = 1.25  # of a spiral's arm
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)


def circles(labels: Labels, noise: float, random: np.random.Generator) -> Points:
    """Two circles around the origin: r (cos φ, sin φ) + noise, r = 1/2 for class 0 and 1 for class 1.

    Labels (N,), points (N, 2). φ is uniform in [0, 2π), the noise normal in each coordinate.
    """
    angle = random.uniform(0, 2 * np.pi, len(labels))
    return _noisy((1 + labels[:, None]) / 2 * _direction(angle), noise, random)


def moons(labels: Labels, noise: float, random: np.random.Generator) -> Points:
    """Two half circles that reach into each other: (cos φ, sin φ) for class 0, and for class 1 the same
    turned around and moved, (1 − cos φ, 1/2 − sin φ), both + noise.

    Labels (N,), points (N, 2). φ is uniform in [0, π), the noise normal in each coordinate.
    """
    upper = _direction(random.uniform(0, np.pi, len(labels)))
    return _noisy(np.where(labels[:, None] == 0, upper, (1, 0.5) - upper), noise, random)


def spirals(labels: Labels, noise: float, random: np.random.Generator) -> Points:
    """Three arms that wind around each other: r (cos θ, sin θ) + noise, θ = 2π (5/4 r + k/3) for class k.

    Labels (N,), points (N, 2). r is the root of a uniform number in [0.01, 1), which spreads the points
    evenly along an arm; the noise is normal in each coordinate.
    """
    radius = np.sqrt(random.uniform(0.01, 1, len(labels)))
    angle = 2 * np.pi * (TURNS * radius + labels / 3)
    return _noisy(radius[:, None] * _direction(angle), noise, random)


def blobs(labels: Labels, noise: float, random: np.random.Generator) -> Points:
    """Five round clouds whose edges touch: (cos φ, sin φ) + noise, φ = 2π k/5 for class k.

    Labels (N,), points (N, 2). The noise is normal in each coordinate.
    """
    return _noisy(_direction(2 * np.pi / 5 * labels), noise, random)


@dataclass(frozen=True)
class Toy:
    """A toy set: what it is in one line, how many classes, the usual noise, and the formula of its points.

    `classes` is 0 where targets are values. A set that is not `splits` is one training part, never divided.
    """

    about: str
    classes: int
    noise: float
    points: int = 1000
    formula: Callable[[Labels, float, np.random.Generator], Points] | None = None

    @property
    def splits(self) -> bool:
        """Whether parts may be set aside for validation and testing."""
        return self.points >= FEWEST


TOYS = {
    "xor": Toy("the four corners of a square, opposite corners of one class", 2, 0.0, len(CORNERS)),
    "circles": Toy("a circle inside another, two classes", 2, 0.1, formula=circles),
    "moons": Toy("two half circles that reach into each other, two classes", 2, 0.15, formula=moons),
    "spirals": Toy("three arms that wind around each other, three classes", 3, 0.03, formula=spirals),
    "blobs": Toy("five round clouds whose edges touch, five classes", 5, 0.3, formula=blobs),
    "sine": Toy("y = sin x with noise, a value to predict", 0, 0.1),
}


def make(name: str, *, points: int | None = None, noise: float | None = None, seed: int = 0) -> Dataset:
    """Return the toy set `name`: a training part of so many points, and a test part of half as many.

    Inputs (N, 2) float32, classes balanced; of `sine` (N, 1), with targets (N, 1) float32. Both parts are
    drawn from the same formula, each with random numbers of its own; the same arguments give the same set.
    `points` is 1,000 unless given, `noise` (the standard deviation in each coordinate, for `sine` of the
    target) as in TOYS. `scaling`, and `target_scaling` of sine, standardize: they are fitted on the training
    part. `xor` is its four points and no test part.

    Raises ValueError for an unknown name, points that are not a whole number of 10 to 1,000,000, noise that
    is not a number of 0 to 1,000, and any but the usual for `xor`.
    """
    if name not in TOYS:
        raise ValueError(unknown("toy set", name, tuple(TOYS)))
    toy = TOYS[name]
    points = toy.points if points is None else points
    noise = toy.noise if noise is None else noise
    _check(name, toy, points, noise)
    if name == "xor":
        return _standardized(name, (CORNERS, np.array([0, 1, 1, 0])), None, toy)
    train = _draw(toy, points, noise, np.random.default_rng([seed, 0]))
    test = _draw(toy, points // 2, noise, np.random.default_rng([seed, 1]))
    return _standardized(name, train, test, toy)


def _draw(toy: Toy, count: int, noise: float, random: np.random.Generator) -> tuple[Any, Any]:
    if toy.formula is None:  # sine: y = sin x + noise, x uniform in [−2π, 2π)
        x = random.uniform(-2 * np.pi, 2 * np.pi, (count, 1))
        return x.astype(np.float32), _noisy(np.sin(x), noise, random).astype(np.float32)
    labels = np.arange(count) % toy.classes  # mixed, so that the first of them show every class
    return toy.formula(labels, noise, random).astype(np.float32), labels


def _standardized(name: str, train: tuple[Any, Any], test: tuple[Any, Any] | None, toy: Toy) -> Dataset:
    data = Dataset.from_arrays(
        *train,
        test,
        classes=tuple(map(str, range(toy.classes))) or None,
        scaling=_standardization(train[0]),
        name=name,
        origin=f"made from a formula: {toy.about}",
    )
    return data if toy.classes else replace(data, target_scaling=_standardization(train[1]))


def _standardization(values: NDArray[Any]) -> Scaling:
    """Return the scaling after which each column of values (N, D) has mean 0 and standard deviation 1."""
    values = values.astype(np.float64)
    return Scaling(values.mean(axis=0), 1 / values.std(axis=0))


def _direction(angle: NDArray[np.floating[Any]]) -> Points:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _noisy(points: Points, noise: float, random: np.random.Generator) -> Points:
    return points + noise * random.standard_normal(points.shape)


def _check(name: str, toy: Toy, points: int, noise: float) -> None:
    if not toy.splits and (points != toy.points or noise != toy.noise):
        raise ValueError(
            f"{name}: expected its {toy.points} points without noise, got points={points!r}, noise={noise!r}"
        )
    whole = isinstance(points, int | np.integer) and not isinstance(points, bool)
    if toy.splits and not (whole and FEWEST <= points <= MOST):
        raise ValueError(f"{name}: expected a whole number of points, {FEWEST} to {MOST:,}, got {points!r}")
    if not is_number(noise) or not 0 <= noise <= LOUDEST:
        raise ValueError(f"{name}: expected a noise of 0 to {LOUDEST}, got {noise!r}")
