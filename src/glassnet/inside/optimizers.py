"""What is told of a step by each optimizer: a function for each, and the table of them."""

import math
from collections.abc import Callable

from glassnet.inside.cells import term
from glassnet.inside.explanation import Doc, Line, Term
from glassnet.inside.moment import Moment
from glassnet.inside.symbols import power
from glassnet.nn.optimizers import SGD, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp


class Stepped:
    """One parameter in a step: `w` before the optimizer moves it, `g` the gradient that it is given."""

    def __init__(self, moment: Moment, index: int, place: int, w: float, g: float) -> None:
        self.moment, self.index, self.place, self.w, self.g = moment, index, place, w, g
        self.rate, self.t = moment.rate, moment.steps
        self.lines: list[Line] = []
        self.formula, self.equation, self.moves = "", 0, list[Term]()  # of the new weight

    def slot(self, name: str) -> tuple[float, float]:
        """Return the parameter's number in a slot before and after the step."""
        moment, index = self.moment, self.index
        return float(moment.slots_before[name][index]), float(moment.slots_after[name][index])

    def tell(
        self,
        key: str,
        symbol: str,
        words: str,
        formula: str,
        equation: int,
        anchor: str,
        value: float,
        *terms: Term,
    ) -> None:
        """Add a line; `anchor` is the section of docs/math/optimizers.md."""
        doc = Doc("optimizers", equation, anchor)
        self.lines.append(Line(key, symbol, words, formula, doc, value, self.place, None, None, terms))

    def move(self, formula: str, equation: int, anchor: str, *terms: Term) -> None:
        """Say what the weight becomes: itself and these terms."""
        self.formula, self.equation, self.anchor, self.moves = formula, equation, anchor, list(terms)


def sgd(step: Stepped, optimizer: Optimizer) -> None:
    """w ← w − η g."""
    step.move("w − η g", 1, "sgd", term(("−η", -step.rate), ("g", step.g)))


def momentum(step: Stepped, optimizer: Optimizer) -> None:
    """v ← μ v + g,   w ← w − η v, or Nesterov's w ← w − η (g + μ v)."""
    assert isinstance(optimizer, Momentum)
    mu, (before, after), anchor = optimizer.momentum, step.slot("v"), "momentum-and-nesterov"
    terms = term(("μ", mu), ("v before", before)), term(("g", step.g))
    step.tell("v", "v", "the velocity", "μ v + g", 2, anchor, after, *terms)
    if isinstance(optimizer, Nesterov):
        moves = term(("−η", -step.rate), ("g", step.g)), term(("−η", -step.rate), ("μ", mu), ("v", after))
        step.move("w − η (g + μ v)", 4, anchor, *moves)
    else:
        step.move("w − η v", 3, anchor, term(("−η", -step.rate), ("v", after)))


def rmsprop(step: Stepped, optimizer: Optimizer) -> None:
    """v ← α v + (1 − α) g²,   w ← w − η g / (√v + ε)."""
    assert isinstance(optimizer, RMSProp)
    alpha, epsilon = optimizer.alpha, optimizer.epsilon
    _squares(step, "α", alpha, 5, "rmsprop")
    root = math.sqrt(step.slot("v")[1]) + epsilon
    _root(step, "√v + ε", root, 6, "rmsprop", term(("√v", root - epsilon)), term(("ε", epsilon)))
    moves = term(("−η", -step.rate), ("g", step.g), ("1/(√v + ε)", _over(root)))
    step.move("w − η g / (√v + ε)", 6, "rmsprop", moves)


def adam(step: Stepped, optimizer: Optimizer) -> None:
    """m̂ and v̂ from the moving averages m and v,   w ← w − η m̂ / (√v̂ + ε)."""
    assert isinstance(optimizer, Adam)
    b1, b2, epsilon, t = optimizer.beta1, optimizer.beta2, optimizer.epsilon, step.t
    before, m = step.slot("m")
    terms = term(("β₁", b1), ("m before", before)), term(("(1 − β₁)", 1 - b1), ("g", step.g))
    step.tell("m", "m", "the moving average of the gradient", "β₁ m + (1 − β₁) g", 7, "adam", m, *terms)
    _squares(step, "β₂", b2, 7, "adam")
    v = step.slot("v")[1]
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    for key, symbol, slot, value, name, beta in (
        ("m_hat", "m̂", "m", m, "β₁", b1), ("v_hat", "v̂", "v", v, "β₂", b2),
    ):  # fmt: skip
        below = f"(1 − {power(name, t)})"
        product = term((slot, value), (f"1/{below}", 1 / (1 - beta**t)))
        step.tell(
            key,
            symbol,
            f"{slot} corrected for its start at 0",
            f"{slot} / {below}",
            9,
            "adam",
            product.value,
            product,
        )
    root = math.sqrt(v_hat) + epsilon
    _root(step, "√v̂ + ε", root, 10, "adam", term(("√v̂", math.sqrt(v_hat))), term(("ε", epsilon)))
    moves = term(("−η", -step.rate), ("m̂", m_hat), ("1/(√v̂ + ε)", _over(root)))
    step.move("w − η m̂ / (√v̂ + ε)", 10, "adam", moves)


def _squares(step: Stepped, name: str, share: float, equation: int, anchor: str) -> None:
    """Add the moving average of the squared gradient."""
    before, after = step.slot("v")
    terms = (
        term((name, share), ("v before", before)),
        term((f"(1 − {name})", 1 - share), ("g", step.g), ("g", step.g)),
    )
    words = "the moving average of its square"
    step.tell("v", "v", words, f"{name} v + (1 − {name}) g²", equation, anchor, after, *terms)


def _root(step: Stepped, formula: str, value: float, equation: int, anchor: str, *terms: Term) -> None:
    step.tell("root", formula, "what the step is divided by", formula, equation, anchor, value, *terms)


def _over(number: float) -> float:
    return 1 / number if number else math.inf


# An optimizer of its own needs its function here.
TELLERS: dict[type[Optimizer], Callable[[Stepped, Optimizer], None]] = {
    SGD: sgd,
    Momentum: momentum,
    Nesterov: momentum,
    RMSProp: rmsprop,
    Adam: adam,
    AdamW: adam,
}
