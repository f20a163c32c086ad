"""Optimizers: how a gradient becomes a change of the parameters, all at once, as one flat vector.

Each is PyTorch's definition. `w` is the vector of parameters, `g` the gradient, which is only read, and η
the learning rate. In every optimizer `weight_decay` is decoupled from the gradient (Loshchilov and Hutter
2019, arXiv:1711.05101) and shrinks weights, not biases and gains, unless `decay_all`; the coupled
`weight_decay` of PyTorch's SGD and Adam is the L2 penalty here.
"""

import math
from copy import copy
from typing import Any, ClassVar

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.layer import Array
from glassnet.nn.names import unknown

CHUNK = 2**20  # numbers updated at a time: they stay in the cache, and the vector to work in stays short


class Optimizer:
    """What the optimizers have in common: slots (one vector each, as long as `w`), and the count of steps.

    The constructor's arguments are stored unchanged; ValueError if one is out of its range.
    """

    name: ClassVar[str]
    options: ClassVar[tuple[str, ...]] = ()
    slot_names: ClassVar[tuple[str, ...]] = ()
    default_learning_rate: ClassVar[float] = 0.1
    elementwise: ClassVar[bool] = False  # whether `update` may be given one part of the vectors at a time

    def __init__(self, weight_decay: float = 0.0, decay_all: bool = False) -> None:
        if not (is_number(weight_decay) and 0 <= weight_decay < math.inf):
            raise ValueError(f"{self.name}: expected a weight_decay of at least 0, got {weight_decay!r}")
        self.weight_decay = weight_decay
        self.decay_all = decay_all
        self.slots: dict[str, Array] = {}
        self.steps = 0

    def start(self, w: Array, weights: slice) -> None:
        """Make the slots, all zero, for the vector `w`, whose part `weights` is what decay reaches."""
        self.slots = {name: np.zeros_like(w) for name in self.slot_names}
        self.steps = 0
        self._scratch = np.empty_like(w, shape=(min(w.size, CHUNK) if self.elementwise else w.size,))
        self._decayed = slice(None) if self.decay_all else weights

    def step(self, w: Array, g: Array, learning_rate: float) -> None:
        """Make one update of `w` in place."""
        self.steps += 1
        if self.weight_decay:
            w[self._decayed] *= 1 - learning_rate * self.weight_decay
        size = self._scratch.size
        if w.size <= size:
            self.update(w, g, learning_rate, self._scratch)
            return
        for start in range(0, w.size, size):
            part = slice(start, start + size)
            some = copy(self)
            some.slots = {name: slot[part] for name, slot in self.slots.items()}
            some.update(w[part], g[part], learning_rate, self._scratch[: w.size - start])

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """Change `w` and the slots in place; `s` is a vector to work in."""
        raise NotImplementedError

    def config(self) -> dict[str, Any]:
        """Describe the optimizer as plain data."""
        names = (*self.options, "weight_decay", "decay_all")
        return {"name": self.name, **{name: getattr(self, name) for name in names}}

    def __repr__(self) -> str:
        """Show the call that makes this optimizer."""
        settings = ", ".join(f"{n}={value!r}" for n, value in self.config().items() if n != "name")
        return f"{type(self).__name__}({settings})"

    def _check(self, name: str, value: float, low: float, high: float) -> float:
        if not (is_number(value) and low <= value < high):
            raise ValueError(f"{self.name}: expected {low:g} ≤ {name} < {high:g}, got {value!r}")
        return value


class SGD(Optimizer):
    """w ← w − η g."""

    name = "sgd"
    elementwise = True

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """Gradient descent."""
        np.multiply(g, learning_rate, out=s)
        np.subtract(w, s, out=w)


class Momentum(Optimizer):
    """v ← μ v + g,   w ← w − η v.  Polyak 1964, in PyTorch's form (η outside the velocity)."""

    name = "momentum"
    options = ("momentum",)
    slot_names = ("v",)
    default_learning_rate = 0.05
    elementwise = True

    def __init__(self, momentum: float = 0.9, weight_decay: float = 0.0, decay_all: bool = False) -> None:
        super().__init__(weight_decay, decay_all)
        self.momentum = self._check("momentum", momentum, 0, 1)

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """A heavy ball: the velocity remembers earlier gradients."""
        v = self.slots["v"]
        np.multiply(v, self.momentum, out=v)
        np.add(v, g, out=v)
        np.multiply(v, learning_rate, out=s)
        np.subtract(w, s, out=w)


class Nesterov(Momentum):
    """v ← μ v + g,   w ← w − η (g + μ v).  Sutskever et al. 2013, ICML, section 2, in PyTorch's form."""

    name = "nesterov"

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """Look ahead along the velocity."""
        v = self.slots["v"]
        np.multiply(v, self.momentum, out=v)
        np.add(v, g, out=v)
        np.multiply(v, self.momentum, out=s)
        np.add(s, g, out=s)
        np.multiply(s, learning_rate, out=s)
        np.subtract(w, s, out=w)


class RMSProp(Optimizer):
    """v ← α v + (1 − α) g²,   w ← w − η g / (√v + ε).  Tieleman and Hinton 2012, lecture 6.5."""

    name = "rmsprop"
    options = ("alpha", "epsilon")
    slot_names = ("v",)
    default_learning_rate = 0.001
    elementwise = True

    def __init__(
        self, alpha: float = 0.99, epsilon: float = 1e-8, weight_decay: float = 0.0, decay_all: bool = False
    ) -> None:
        super().__init__(weight_decay, decay_all)
        self.alpha = self._check("alpha", alpha, 0, 1)
        self.epsilon = self._check("epsilon", epsilon, 0, math.inf)

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """Divide each parameter's step by the recent size of its gradient."""
        v = self.slots["v"]
        _move(v, np.multiply(g, g, out=s), 1 - self.alpha, s)
        np.sqrt(v, out=s)
        np.add(s, self.epsilon, out=s)
        np.divide(g, s, out=s)
        np.multiply(s, learning_rate, out=s)
        np.subtract(w, s, out=w)


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   w ← w − η m̂ / (√v̂ + ε).

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) at step t. Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    name = "adam"
    options = ("beta1", "beta2", "epsilon")
    slot_names = ("m", "v")
    default_learning_rate = 0.001
    elementwise = True

    def __init__(
        self,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
        decay_all: bool = False,
    ) -> None:
        super().__init__(weight_decay, decay_all)
        self.beta1 = self._check("beta1", beta1, 0, 1)
        self.beta2 = self._check("beta2", beta2, 0, 1)
        self.epsilon = self._check("epsilon", epsilon, 0, math.inf)

    def update(self, w: Array, g: Array, learning_rate: float, s: Array) -> None:
        """The bias corrections are two numbers, taken out of the vector operations.

        m̂ / (√v̂ + ε) = (m / (√v + ε c)) · c / (1 − β₁ᵗ) with c = √(1 − β₂ᵗ).
        """
        m, v = self.slots["m"], self.slots["v"]
        c = math.sqrt(1 - self.beta2**self.steps)
        _move(m, g, 1 - self.beta1, s)
        _move(v, np.multiply(g, g, out=s), 1 - self.beta2, s)
        np.sqrt(v, out=s)
        np.add(s, self.epsilon * c, out=s)
        np.divide(m, s, out=s)
        np.multiply(s, learning_rate * c / (1 - self.beta1**self.steps), out=s)
        np.subtract(w, s, out=w)


class AdamW(Adam):
    """Adam with decoupled weight decay, by default 0.01: w ← w − η λ w before Adam's step.

    Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.
    """

    name = "adamw"

    def __init__(
        self,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
        decay_all: bool = False,
    ) -> None:
        super().__init__(beta1, beta2, epsilon, weight_decay, decay_all)


def _move(average: Array, towards: Array, share: float, s: Array) -> None:
    """average ← (1 − share) average + share · towards; `towards` may be `s`.

    Two of the three go over one array in place, which is a third of the traffic of three arrays.
    """
    np.multiply(average, 1 - share, out=average)
    np.multiply(towards, share, out=s)
    np.add(average, s, out=average)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    optimizer.name: optimizer for optimizer in (SGD, Momentum, Nesterov, RMSProp, Adam, AdamW)
}


def get(optimizer: "str | Optimizer") -> Optimizer:
    """Return the optimizer of that name with its usual settings, or the optimizer itself.

    Raises ValueError for an unknown name.
    """
    if isinstance(optimizer, Optimizer):
        return optimizer
    name = str(optimizer).lower()
    if name not in OPTIMIZERS:
        raise ValueError(unknown("optimizer", optimizer, OPTIMIZERS))
    return OPTIMIZERS[name]()
