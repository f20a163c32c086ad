"""Explanations of a run, held against the numbers recomputed for them, and against the step really made."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glassnet.inside import Explanation, Inside, Line
from glassnet.nn import Dense
from glassnet.training import Step, Training
from inside.recomputed import Trip, loss_of, rate_of, step_of

Array = np.ndarray[Any, Any]
LIMITS = {"float64": 1e-9, "float32": 1e-4}
TINY = 1e-12  # the variance of equal numbers, say, is 0 or what rounding makes of it


@dataclass
class Largest:
    """The largest deviation found, relative to the largest number of its kind, and of how many numbers."""

    deviation: float = 0.0
    where: str = ""
    count: int = 0
    exact: int = 0  # new weights that were those of the real step, bit for bit

    def see(self, told: float, expected: float, scale: float, where: str, limit: float) -> None:
        deviation = abs(told - expected) / max(abs(expected), scale, TINY)
        if told == expected:
            deviation = 0.0
        assert deviation <= limit, f"{where}: told {told!r}, recomputed {expected!r}, of the size {scale:g}"
        self.count += 1
        if deviation > self.deviation:
            self.deviation, self.where = deviation, where


@dataclass
class Recomputed:
    """A run between two steps, its next step made and recomputed. `inside` is what is held against it."""

    run: Training
    index: int
    found: Largest = field(default_factory=Largest)

    def __post_init__(self) -> None:
        run, network = self.run, self.run.network
        self.limit = LIMITS[str(network.dtype)]
        self.state, inside = run.capture(), Inside(run, self.index)
        self.names = [*network.parameters, *network.state]
        weights = {**network.parameters, **network.state}
        self.weights = {name: np.array(weights[name], np.float64) for name in weights}
        self.slots = {name: slot.copy() for name, slot in self.state.slots.items()}
        self.told = self._ask(inside)
        if run.epoch >= run.settings.epochs:
            run.change(epochs=run.epoch + 1)
        while not isinstance(next(run), Step):
            pass
        self._recompute()

    def _ask(self, inside: Inside) -> list[Explanation]:
        told, random = [], np.random.default_rng(self.index)
        for place, layer in enumerate(self.run.network.layers, 1):
            size = int(np.prod(layer.output_shape))
            told += [inside.unit(place, int(j)) for j in random.permutation(size)[:4]]
            if isinstance(layer, Dense):
                inputs = layer.W.shape[0]
                told += [
                    inside.weight(place, int(random.integers(inputs)), int(random.integers(size)))
                    for _ in range(4)
                ]
        told.append(inside.weight(*inside.telling()))
        return told

    def _recompute(self) -> None:
        run, network, config = self.run, self.run.network, self.run.loss.config()
        rows, train = run.batch, run.data.train
        part = run.data.validation if len(run.data.validation) else train
        raw = part.images[self.index : self.index + 1], train.images[rows]
        right = part.labels[self.index : self.index + 1], train.labels[rows]
        xs = [self._scaled(x) for x in raw]
        ts = [self._target(t) for t in right]
        self.sample, self.batch = (
            Trip(network, self.weights, x, masks) for x, masks in zip(xs, (None, self._masks(xs[1])))
        )
        outcomes = []
        for trip, t, divisor in zip((self.sample, self.batch), ts, (1.0, None)):
            loss, dz, outputs = loss_of(config, trip.a[-1], t, divisor)
            trip.back(dz)
            outcomes.append((loss, outputs))
        (self.loss, self.outputs), (self.batch_loss, self.batch_outputs) = outcomes
        self._gradients()

    def _scaled(self, x: Array) -> Array:
        scaling, shape = self.run.network.scaling, self.run.network.input_shape
        x = (
            x.astype(np.float64)
            if scaling is None
            else (x.astype(np.float64) - scaling.shift) * scaling.scale
        )
        return x.reshape(len(x), *shape).astype(self.run.network.dtype).astype(np.float64)

    def _target(self, t: Array) -> Array:
        network, outputs = self.run.network, self.run.network.output_shape[-1]
        if self.run.loss.name == "cross_entropy" and t.ndim == 1:
            return t
        if t.ndim == 1 and outputs > 1:
            t = np.eye(outputs)[t]
        t = t.reshape(len(t), -1).astype(np.float64)
        scaling = None if network.classifies else network.target_scaling
        t = t if scaling is None else (t - scaling.shift) * scaling.scale
        return t.astype(network.dtype).astype(np.float64)

    def _masks(self, x: Array) -> list[Array]:
        """The masks that the step drew, drawn again from the generator's state."""
        random = np.random.default_rng()
        random.bit_generator.state = self.state.generator
        masks, settings = [], self.state.settings
        for layer in self.run.network.body:
            if layer.kind != "Dropout":
                continue
            rate = layer.rate if settings.dropout is None else settings.dropout
            shape = (len(x), *layer.input_shape)
            drawn = random.random(shape, self.run.network.dtype) if rate else np.ones(shape)
            masks.append((drawn >= rate) / (1 - rate))
        return masks

    def _gradients(self) -> None:
        """The gradient of every parameter over the batch, and of all of them, with penalties, the norm."""
        settings, share, g = self.state.settings, self.run.loss.penalty_share, {}
        for name in self.run.network.parameters:
            place, _, of = name.partition(".")
            p, dy = int(place), self.batch.g[int(place)]
            if of == "W":
                g[name] = np.einsum("ni,no->io", self.batch.a[p - 1], dy)
            elif of == "b":
                g[name] = dy.sum(axis=0)
            else:
                kept = self.batch.memory[p]["d" + of]
                g[name] = kept.sum(axis=tuple(range(kept.ndim - 1)))
        self.g, w = g, self.weights
        # What follows on the gradient is recomputed from the one of the real step: where the true one is 0,
        # as before BatchNorm, Adam makes a whole step out of how it was rounded.
        self.stepped = {name: np.array(of, np.float64) for name, of in self.run.network.gradients.items()}
        pulled = {
            n: v + share * (settings.l1 * np.sign(w[n]) + settings.l2 * w[n]) if n.endswith(".W") else v
            for n, v in self.stepped.items()
        }
        self.norm = float(np.sqrt(sum((v**2).sum() for v in pulled.values())))
        total = self.run.total_steps
        self.rate = rate_of(settings.schedule, self.state.place.step, total)

    @property
    def least_variance(self) -> float:
        """The smallest variance that anything is normalized by: rounding is divided by its root."""
        kept = [of["var"].min() for trip in (self.sample, self.batch) for of in trip.memory if "var" in of]
        return float(min(kept, default=1.0))

    # ---- comparing

    def check(self) -> Largest:
        """Compare every number of every line."""
        for told in self.told:
            for name in ("forward", "backward"):
                for line in told[name].lines:
                    self._both(line, name, f"{told.title}, {name} {line.key} of layer {line.layer}")
            self._update(told)
            self.found.see(told.loss, self.loss, 1.0, f"{told.title}, loss", self.limit)
        return self.found

    def _both(self, line: Line, section: str, where: str) -> None:
        sample = self._arrays(line, section, self.sample, self.outputs)
        usual = 1.0 if section == "forward" else 0.0  # what goes forward is of the size of 1
        scale = max(float(np.abs(sample).max(initial=usual)), self._cancelled(self.sample, line, section))
        j = line.unit or 0
        if line.key == "loss":
            self.found.see(line.value, self.loss, 1.0, where, self.limit)
            assert line.batch is not None
            self.found.see(line.batch, self.batch_loss, 1.0, where + " (batch)", self.limit)
            self._sum(line, 0.0, where)
            return
        self.found.see(line.value, float(sample[0, j]), scale, where, self.limit)
        if line.batch is not None:
            batch = self._arrays(line, section, self.batch, self.batch_outputs)
            total = section == "backward" and line.key not in ("slope", "du")
            mean = batch.sum(axis=0) if total else batch.mean(axis=0)
            size = float(np.abs(batch).sum(axis=0).max() if total else np.abs(batch).max())
            size = max(size, usual, self._cancelled(self.batch, line, section))
            self.found.see(line.batch, float(mean[j]), size, where + " (batch)", self.limit)
        elif (section, line.key) not in (("forward", "t"), ("forward", "q")):
            assert line.layer == 0 or line.key in ("dx", "dy"), f"{where}: no mean over the batch"
        self._sum(line, scale, where)

    def _cancelled(self, trip: Trip, line: Line, section: str) -> float:
        """The size of what a softmax or normalization above takes away from itself: rounding leaves some."""
        above = {self.run.network.body[p - 1].kind for p in range(line.layer + 1, len(trip.a))}
        if section == "forward" or not above & {"BatchNorm", "LayerNorm", "Softmax"}:
            return 0.0
        return max(float(np.abs(g).sum(axis=0).max()) for g in trip.g[line.layer + 1 :])

    def _arrays(self, line: Line, section: str, trip: Trip, outputs: dict[str, Array]) -> Array:
        key, p, n = line.key, line.layer, len(trip.a[0])
        if section == "forward" and key in outputs and p == len(trip.a) - 1 and key not in trip.memory[p]:
            return outputs[key]
        if key in ("z", "y"):
            found = trip.a[p]
        elif key in ("dz", "dy", "dx", "db"):
            found = trip.g[p]
        elif key == "dW":
            (i,) = (term.unit[1] for term in line.terms if term.unit)
            found = trip.a[p - 1][:, [i]] * trip.g[p]
        elif key == "loss":
            return np.zeros((1, 1))
        else:
            found = trip.memory[p][key]
        return found.reshape(n, -1)

    def _sum(self, line: Line, scale: float, where: str) -> None:
        """Terms and rest make the value, factors make the term, and each number of a sum is where it says."""
        for term in line.terms:
            product = float(np.prod([factor.value for factor in term.factors]))
            assert product == term.value or abs(product - term.value) <= 1e-12 * abs(term.value), where
        if line.terms:
            sizes = max([abs(term.value) for term in line.terms] + [scale])
            total = sum(term.value for term in line.terms) + (line.rest.value if line.rest else 0.0)
            self.found.see(total, line.value, sizes, where + " (terms)", self.limit)
        if line.key == "z" or (line.key in ("dz", "dy") and line.formula.startswith("Σₒ")):
            self._terms(line, where)

    def _terms(self, line: Line, where: str) -> None:
        shown = [term for term in line.terms if term.unit is not None]
        for term in shown:
            layer, other = term.unit
            if line.key == "z":
                numbers = (
                    self.sample.a[layer].reshape(-1)[other],
                    self.weights[f"{line.layer}.W"][other, line.unit],
                )
            else:
                numbers = self.sample.g[layer][0, other], self.weights[f"{layer}.W"][line.unit, other]
            for factor, number in zip(term.factors, numbers):
                self.found.see(factor.value, float(number), 1.0, where + f" {factor.symbol}", self.limit)
        sizes = [abs(term.value) for term in line.terms]
        assert sizes == sorted(sizes, reverse=True), f"{where}: not the largest first"
        assert len(line.terms) <= 8

    def _update(self, told: Explanation) -> None:
        if told.sections[-1].name != "update":
            assert told.layer < min(
                p for p, layer in enumerate(self.run.network.layers, 1) if layer.parameters()
            )
            return
        section = told["update"]
        new = section.lines[-1]
        assert new.key == "w_new"
        name, place = self._owner(told)
        start, view = 0, self.run.network.parameters[name]
        for other, array in self.run.network.parameters.items():
            if other == name:
                break
            start += array.size
        at = int(np.ravel_multi_index(place, view.shape))
        expected = self._new(name, place, start + at)
        real = float(self.run.network.parameters.vector[start + at])
        assert new.value == real, f"{told.title}: told {new.value!r}, the step made {real!r}"
        self.found.exact += 1
        sizes = {key: abs(value) for key, value in expected.items()}
        gradient = max(float(np.abs(v).max()) for v in self.g.values())
        for key in ("g", "g_penalized", "clip", "m", "m_hat"):
            sizes[key] = max(sizes.get(key, 0), gradient)
        if "v" in expected:
            squared = self.run.optimizer.name in ("adam", "adamw", "rmsprop")
            sizes["v"] = max(sizes["v"], gradient**2 if squared else gradient)
            sizes["v_hat"] = gradient**2
        if (
            "root" in expected
        ):  # the root of so small a number doubles its error, and the new weight takes it on
            sizes["root"] = gradient
        for line in section.lines:
            where = f"{told.title}, update {line.key}"
            key = "w" if line.key == "w" else line.key
            size = max(sizes.get(key, 0.0), 1.0 if key in ("w", "w_step", "w_new", "decay") else 0.0)
            right = float(self.g[name][place] if key == "g" else expected[key])
            self.found.see(line.value, right, size, where, self.limit)
            self._sum(line, size, where)

    def _owner(self, told: Explanation) -> tuple[str, tuple[int, ...]]:
        """Which parameter the update is of, from the symbol of its last line."""
        below = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
        symbol = told["update"].lines[0].symbol
        place = tuple(int(number) for number in symbol[1:].translate(below).split(","))
        name = {"W": "W", "b": "b", "γ": "gamma", "β": "beta"}[symbol[0]]
        layer = told.layer
        while f"{layer}.{name}" not in self.weights:
            layer -= 1
        return f"{layer}.{name}", place

    def _new(self, name: str, place: tuple[int, ...], index: int) -> dict[str, float]:
        def one(place: tuple[int, ...], index: int) -> dict[str, float]:
            slots = {slot: float(array[index]) for slot, array in self.slots.items()}
            return step_of(
                self.state, self.run.optimizer.config(), self.run.optimizer.weight_decay,
                float(self.weights[name][place]), float(self.stepped[name][place]), slots, self.norm,
                name.endswith(".W"), self.rate, self.run.loss.penalty_share,
            )  # fmt: skip

        told, limit = one(place, index), self.state.settings.max_norm
        if limit and name.endswith(".W"):
            inputs, units = self.weights[name].shape
            i, j = place
            column = [one((k, j), index + (k - i) * units)["w_new"] for k in range(inputs)]
            told["column"] = float(np.linalg.norm(column))
            told["w_new"] = told["w_step"] * min(1.0, limit / told["column"])
        return told
