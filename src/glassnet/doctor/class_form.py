"""The class form: somebody's object with forward(x) and backward(dy) -> dx, parameters beside gradients."""

import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from glassnet.doctor import attributes
from glassnet.doctor.attributes import Pair
from glassnet.doctor.calls import CodeError, described, running, takes
from glassnet.doctor.copies import Generators, copied
from glassnet.doctor.evidence import precision, same
from glassnet.doctor.examples import inputs
from glassnet.doctor.function_form import Numbers
from glassnet.doctor.subject import Evaluation, Source
from glassnet.doctor.surroundings import Surroundings
from glassnet.nn.layer import Array

PARAMETER = re.compile(r"_*(weight|bias|kernel|gamma|beta|theta|[wb](_.*|[a-z]{0,2}\d*)$)", re.IGNORECASE)


class ClassSubject:
    """An object that goes forward and backward; its loss is Σ dy ∘ y with a random dy (see `Subject`).

    Every fresh start is a copy of `thing` with its arrays in float64; `thing` itself is left alone. A
    parameter is an array that was there before forward, that forward leaves alone, and that has a gradient
    beside it after backward.

    Raises ValueError if the example, or what the methods return, is not of this form.
    """

    form = "class"

    def __init__(
        self, thing: Any, example: Any, *, name: str = "", seed: int = 0, source: Source | None = None
    ) -> None:
        self.name, self.seed, self.source = name or type(thing).__name__, seed, source
        self.notes: list[str] = []
        for method, gets in (("forward", "x"), ("backward", "dy")):
            _check_method(self.name, getattr(thing, method, None), method, gets)
        self._surroundings = Surroundings(type(thing), thing)
        self._first = copied(thing)
        self.x = self._inputs(inputs(example))
        self.parameters: dict[str, Array] = {}
        self._pairs: dict[str, Pair] = {}
        self.draws, output = self._tried()
        self.y = self._cotangent(output)
        self._find_parameters()
        first = self.evaluate()
        if first.input_gradient is None and not self.parameters:
            raise ValueError(
                f"{self.name}: expected dx back from backward, or parameters with gradients, found neither"
            )
        self.precision = precision(first)

    # ---- getting to know it

    def _inputs(self, x: Array) -> Array:
        """Whole numbers become floats, which can be moved a little, unless forward needs them whole."""
        if x.dtype.kind == "f":
            return x
        try:
            with self._surroundings.fresh():
                self._forward(copied(self._first), x.astype(float))
        except ValueError:
            return x
        return x.astype(float)

    def _tried(self) -> tuple[bool, Array]:
        """Go forward once; tell whether it draws random numbers, and what came out."""
        thing = copied(self._first)
        generators = Generators(thing)
        with self._surroundings.fresh():
            output, drawn = self._forward(thing, self.x.copy())
            return drawn or generators.drawn or self._surroundings.drawn, output

    def _cotangent(self, output: Array) -> Array:
        generator = np.random.default_rng([self.seed, 3])
        return np.asarray(generator.normal(size=output.shape), output.dtype)

    def _find_parameters(self) -> None:
        """Note which arrays are parameters, by running it once."""
        built = self._first
        done = self._after(self._first, self.x, self.y)
        candidates = attributes.pairs(done)
        if candidates and all(attributes.read(built, pair.parameter) is None for pair in candidates):
            built = self._after(self._first, self.x)  # it makes its parameters when it first sees an input
        other = self._after(built, self.x + 1 if self.x.dtype.kind == "f" else self.x)
        seen: set[int] = set()
        for pair in candidates:
            value = attributes.read(built, pair.parameter)
            if value is None or id(value) in seen or not same(value, attributes.read(other, pair.parameter)):
                continue
            if isinstance(value, np.ndarray):  # one array may have two names
                seen.add(id(value))
            self._pairs[pair.name] = pair
            self.parameters[pair.name] = np.array(value, float)
        self._first = built
        self._check_unpaired(done)

    def _check_unpaired(self, done: Any) -> None:
        """A parameter without a gradient beside it must not be passed over as if it were right."""
        output, halfway = self._output(self._first), self._after(self._first, self.x)
        constants = []
        for name, path in attributes.alone(self._first, list(self._pairs.values())).items():
            value = attributes.read(self._first, path)
            moved = copied(self._first)
            attributes.write(moved, path, value + 0.1 * (1 + np.abs(value)))
            with suppress(CodeError):
                if same(output, self._output(moved)):
                    continue  # something kept from an earlier call, say
            called = next(step.key for step in reversed(path) if isinstance(step.key, str))
            moves = not same(attributes.read(halfway, path), attributes.read(done, path))
            if moves or PARAMETER.match(called):
                raise ValueError(
                    f"{self.name}: expected the gradient of {name} beside it after backward,"
                    f" found none of a usual name, such as d{called}"
                )
            constants.append(name)
        if constants:
            self.notes.append(f"Taken for constant, as no gradient is beside it: {', '.join(constants)}.")

    def _output(self, thing: Any) -> Array:
        thing = copied(thing)
        with self._surroundings.fresh():
            return self._forward(thing, self.x.copy())[0]

    def _after(self, start: Any, x: Array, dy: Array | None = None) -> Any:
        """Return a copy of `start` that has gone forward and, with dy, backward."""
        thing = copied(start)
        with self._surroundings.fresh():
            self._forward(thing, x.copy())
            if dy is not None:
                self._backward(thing, dy.copy())
        return thing

    # ---- running it

    def evaluate(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> Evaluation:
        """Go forward and backward from a fresh start."""
        thing = copied(self._first)
        with self._surroundings.fresh():
            return self._evaluated(thing, parameters, x, y)

    def loss(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> float:
        """Go forward and return Σ dy ∘ y."""
        thing = copied(self._first)
        self._set(thing, parameters)
        with self._surroundings.fresh():
            output, _ = self._forward(thing, np.array(self.x if x is None else x))
        return _product(self._dy(y, output), output)

    def repeated(self, first: Numbers, second: Numbers) -> Evaluation:
        """Go forward and backward on `first`, then on `second` with what it kept of the first."""
        thing = copied(self._first)
        generators = Generators(thing)
        with self._surroundings.fresh():
            self._evaluated(thing, *first)
            self._surroundings.rewind_generators()
            generators.rewind()
            return self._evaluated(thing, *second)

    def _evaluated(
        self, thing: Any, parameters: dict[str, Array] | None, x: Array | None, y: Any
    ) -> Evaluation:
        given = self.parameters if parameters is None else parameters
        self._set(thing, given)
        before = np.array(self.x if x is None else x)
        x = before.copy()
        returned, _ = self._forward(thing, x)
        output = returned.copy()
        cotangent = self._dy(y, output)
        dy = cotangent.copy()
        dx = self._backward(thing, dy)
        changed = [name for name, pair in self._pairs.items() if not self._kept(thing, pair, given[name])]
        changed += [
            name for name, old, new in (("x", before, x), ("dy", cotangent, dy)) if not same(old, new)
        ]
        gradients = {name: self._gradient(thing, pair) for name, pair in self._pairs.items()}
        return Evaluation(_product(cotangent, output), gradients, dx, output, tuple(changed))

    def _set(self, thing: Any, parameters: dict[str, Array] | None) -> None:
        for name, value in (self.parameters if parameters is None else parameters).items():
            attributes.write(thing, self._pairs[name].parameter, np.asarray(value))

    def _dy(self, y: Any, output: Array) -> Array:
        if y is None:
            return self.y if self.y.shape == output.shape else self._cotangent(output)
        return np.array(y)

    @staticmethod
    def _kept(thing: Any, pair: Pair, value: Array) -> bool:
        now = attributes.read(thing, pair.parameter)
        return same(np.asarray(value), np.asarray(now)) if now is not None else False

    # ---- what it returns

    def _forward(self, thing: Any, x: Array) -> tuple[Array, bool]:
        with running(f"{self.name}.forward", self.seed) as randomness:
            output = thing.forward(x)
            drawn = randomness.drawn()
        if isinstance(output, float | np.floating):
            output = np.asarray(output)
        if not isinstance(output, np.ndarray) or output.dtype.kind != "f":
            raise ValueError(
                f"{self.name}.forward: expected an array of floats back, got {described(output)}"
            )
        return output, drawn

    def _backward(self, thing: Any, dy: Array) -> Array | None:
        with running(f"{self.name}.backward", self.seed + 1):
            dx = thing.backward(dy)
        if dx is None:
            return None
        if isinstance(dx, tuple | list):
            raise ValueError(
                f"{self.name}.backward: expected dx alone back, got {described(dx)};"
                " keep the parameters' gradients beside them, as in self.dW"
            )
        if (
            not isinstance(dx, np.ndarray | np.generic | int | float)
            or np.asarray(dx).dtype.kind not in "buif"
        ):
            raise ValueError(f"{self.name}.backward: expected dx as an array, got {described(dx)}")
        return np.array(dx)

    def _gradient(self, thing: Any, pair: Pair) -> Array:
        value = attributes.read(thing, pair.gradient)
        if not isinstance(value, np.ndarray | np.generic | int | float) or (
            np.asarray(value).dtype.kind not in "buif"
        ):
            name = ".".join(str(step.key) for step in pair.gradient)
            raise ValueError(
                f"{self.name}: expected an array in {name} after backward, the gradient of {pair.name},"
                f" got {described(value)}"
            )
        return np.array(value)


def instance(code: Any, make: Callable[..., Any] | None, seed: int) -> Any:
    """Return an object of a class: by `make(rng)` where there is one, else by its constructor.

    Raises ValueError if the constructor needs arguments.
    """
    if make is not None:
        with running("make", seed):
            return make(*([np.random.default_rng(seed)] if takes(make, 1) else []))
    if not takes(code, 0):
        signature = f"{code.__name__}{inspect.signature(code)}"
        raise ValueError(
            f"{code.__name__}: expected a constructor without arguments, or a function make(rng) that returns"
            f" one, got {signature}"
        )
    with running(code.__name__, seed):
        return code()


def _check_method(name: str, method: Any, called: str, gets: str) -> None:
    if not callable(method):
        raise ValueError(f"{name}: expected a method {called}({gets}), found none")
    if not takes(method, 1):
        got = f"{called}{inspect.signature(method)}"
        if "y" in inspect.signature(method).parameters:
            got += "; where it takes the targets, check a function (--template function)"
        raise ValueError(f"{name}.{called}: expected to be called with {gets} alone, got {got}")


def _product(dy: Array, output: Array) -> float:
    if dy.shape != output.shape:
        raise ValueError(f"dy: expected {output.shape}, the shape of the output, got {dy.shape}")
    return float(np.sum(dy * output, dtype=float))
