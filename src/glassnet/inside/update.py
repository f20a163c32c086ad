"""The update of one parameter: penalty, clipping, learning rate, decay, the optimizer's step, max-norm."""

import math

import numpy as np

from glassnet.inside import optimizers, schedules
from glassnet.inside.cells import term
from glassnet.inside.explanation import Doc, Line, Section, Term
from glassnet.inside.moment import Moment
from glassnet.inside.optimizers import Stepped
from glassnet.inside.symbols import d, sub

LETTERS = {"W": "W", "b": "b", "gamma": "γ", "beta": "β"}
EQUATIONS = {"W": ("dense", 3), "b": ("dense", 5), "gamma": ("batch_norm", 4), "beta": ("batch_norm", 5)}


def symbol_of(name: str, indices: tuple[int, ...]) -> str:
    """Return a parameter's symbol: W₁₃₀,₇."""
    return sub(LETTERS.get(name, name), *indices)


def section(moment: Moment, place: int, name: str, indices: tuple[int, ...]) -> Section:
    """Return the update of one number of the parameter `name` of the layer at `place`."""
    return _Told(moment, place, name, indices).section()


class _Told:
    """Collects the lines of one parameter's update."""

    def __init__(self, moment: Moment, place: int, name: str, indices: tuple[int, ...]) -> None:
        self.moment, self.place, self.name, self.indices = moment, place, name, indices
        self.index = moment.place_of(f"{place}.{name}", *indices)
        self.symbol = symbol_of(name, indices)
        weights = moment.network.weights
        self.penalized = weights.start <= self.index < weights.stop
        self.w, self.g = float(moment.before[self.index]), float(moment.gradient[self.index])
        self.new = float(moment.after[self.index])
        self.lines: list[Line] = []

    def section(self) -> Section:
        moment, settings = self.moment, self.moment.settings
        self._gradient()
        if settings.l1 or settings.l2 or settings.clip:
            self._given()
        self.lines.append(
            schedules.rate(settings.schedule, moment.step, moment.total, moment.rate, self.place)
        )
        w = self._decayed()
        stepped = Stepped(moment, self.index, self.place, w, float(moment.given[0][self.index]))
        optimizer = moment.optimizer
        teller = optimizers.TELLERS.get(type(optimizer))
        if teller is None:
            name = type(optimizer).__name__
            self._add(
                "w_new",
                self.symbol,
                f"the new one, as {name}, an optimizer of your own, makes it",
                name,
                None,
                self.new,
            )
        else:
            teller(stepped, optimizer)
            self.lines += stepped.lines
            self._new(stepped, w)
        return Section(
            "update", f"Step {moment.step + 1:,}: the new {self.symbol}", tuple(self.lines), self._note()
        )

    def _add(
        self, key: str, symbol: str, words: str, formula: str, doc: Doc | None, value: float, *terms: Term
    ) -> None:
        unit = self.indices[-1] if self.indices else None
        self.lines.append(Line(key, symbol, words, formula, doc, value, self.place, unit, None, terms))

    def _gradient(self) -> None:
        self._add("w", self.symbol, "as it is before the step", self.symbol, None, self.w)
        page, equation = EQUATIONS.get(self.name, ("", 0))
        if page == "batch_norm" and self.moment.network.layers[self.place - 1].kind == "LayerNorm":
            page = "layer_norm"
        doc = Doc(page, equation, "derivation") if page else None
        words = "its gradient, the mean over the batch"
        self._add("g", d(self.symbol), words, f"Σₙ ∂ℓₙ/∂{self.symbol} / N", doc, self.g)

    def _given(self) -> None:
        """Add the penalties and the clipping, which make of the gradient what the optimizer is given."""
        moment, settings = self.moment, self.moment.settings
        doc = Doc("penalties", 2, "l1-and-l2")
        terms, gradient = [term(("g", self.g))], self.g
        for key, name, number, of in (
            ("l1", "λ₁", moment.share * settings.l1, (f"sign({self.symbol})", float(np.sign(self.w)))),
            ("l2", "λ₂", moment.share * settings.l2, (self.symbol, self.w)),
        ):
            if number and self.penalized:
                pull = term((name, number), of)
                self._add(
                    key, pull.symbol, f"the {key.upper()} penalty's pull", pull.symbol, doc, pull.value, pull
                )
                terms.append(pull)
                gradient += pull.value
        if len(terms) > 1:
            formula = " + ".join(one.symbol for one in terms)
            self._add("g_penalized", "g", "the gradient with the penalty", formula, doc, gradient, *terms)
        if settings.clip:
            norm, limit = moment.given[1], settings.clip
            scale = limit / norm if limit < norm < math.inf else 1.0
            doc, name = Doc("penalties", 4, "clipping-by-norm"), "g" if len(terms) > 1 else d(self.symbol)
            self._add("norm", "‖g‖", "the length of the whole gradient", "√Σ g²", doc, norm)
            product = term((name, gradient), ("min(1, c/‖g‖)", scale))
            words = (
                f"clipped to the length {limit:g}" if scale < 1 else f"no longer than {limit:g}: not clipped"
            )
            given = float(moment.given[0][self.index])
            self._add("clip", "g", words, "g min(1, c / ‖g‖)", doc, given, product)

    def _decayed(self) -> float:
        """Add the decoupled decay, and return the weight that the optimizer moves."""
        moment, optimizer = self.moment, self.moment.optimizer
        decay = optimizer.weight_decay
        if not decay or not (self.penalized or optimizer.decay_all):
            return self.w
        factor = 1 - moment.rate * decay
        doc, terms = Doc("optimizers", 12, "weight-decay"), term((self.symbol, self.w), ("(1 − η λ)", factor))
        self._add("decay", "w", "shrunk by weight decay", f"(1 − η λ) {self.symbol}", doc, terms.value, terms)
        return terms.value

    def _new(self, step: Stepped, w: float) -> None:
        """Add the new weight, as it is after the optimizer, or after that and max-norm."""
        moment, doc = self.moment, Doc("optimizers", step.equation, step.anchor)
        name = self.symbol if w == self.w else "w"
        terms = term((name, w)), *step.moves
        formula = step.formula.replace("w", name, 1)
        limit, matrix = moment.settings.max_norm, moment.network.parameters[f"{self.place}.{self.name}"]
        if not limit or not any(matrix is one for one in moment.network.matrices):
            self._add("w_new", self.symbol, "the new one", formula, doc, self.new, *terms)
            return
        free = moment.unlimited
        stepped, start = float(free[self.index]), moment.place_of(f"{self.place}.{self.name}", 0, 0)
        column = (
            free[start : start + matrix.size].reshape(matrix.shape)[:, self.indices[1]].astype(np.float64)
        )
        norm = float(np.sqrt((column * column).sum()))
        scale = limit / norm if limit < norm < math.inf else 1.0
        self._add("w_step", "w", "after the optimizer's step", formula, doc, stepped, *terms)
        doc, unit = Doc("penalties", 6, "max-norm"), sub("W", self.indices[1])
        self._add("column", f"‖{unit}‖", "the length of the unit's incoming weights", "√Σᵢ W²", doc, norm)
        words = (
            f"the new one, held to max-norm {limit:g}"
            if scale < 1
            else f"the new one; max-norm {limit:g} lets it be"
        )
        product = term(("w", stepped), (f"min(1, c/‖{unit}‖)", scale))
        self._add("w_new", self.symbol, words, f"w min(1, c / ‖{unit}‖)", doc, self.new, product)

    def _note(self) -> str | None:
        ended = "The run has ended: this is the first step of one more epoch." if self.moment.beyond else None
        return " ".join(filter(None, [ended, self._spared()])) or None

    def _spared(self) -> str | None:
        settings = self.moment.settings
        if (settings.l1 or settings.l2 or self.moment.optimizer.weight_decay) and not self.penalized:
            spared = "" if not self.moment.optimizer.decay_all else ", but decay_all reaches it"
            return f"Penalties and weight decay spare biases and gains{spared}."
        return None
