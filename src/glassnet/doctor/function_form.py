"""The function form: somebody's `loss_and_grads(params, x, y) -> (loss, grads)`, with an example."""

import copy
import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from glassnet.doctor.attributes import is_gradient
from glassnet.doctor.calls import CodeError, described, running, takes
from glassnet.doctor.evidence import precision, same
from glassnet.doctor.examples import three
from glassnet.doctor.subject import Evaluation, Source
from glassnet.doctor.surroundings import Surroundings
from glassnet.nn.layer import Array

LARGE = 1e6  # floats beyond are more than 1e-10 apart
Numbers = tuple[dict[str, Array], Array, Any]


class FunctionSubject:
    """A function that returns the loss and its gradient by each of the parameters (see `Subject`).

    `example` is (params, x, y). Arrays of floats are handed on as float64, whatever they were; whole numbers
    stay as they are. What else `params` holds, such as a setting, is handed on too; a plain number is a
    parameter if the function returns a gradient for it.

    Raises ValueError if the example, or what the function returns, is not of this form.
    """

    form = "function"

    def __init__(
        self,
        function: Callable[..., Any],
        example: Any,
        *,
        name: str = "loss_and_grads",
        seed: int = 0,
        source: Source | None = None,
    ) -> None:
        self.name, self.seed, self.source = name, seed, source
        self.notes: list[str] = []
        if not takes(function, 3):
            signature = f"{self.name}{inspect.signature(function)}"
            raise ValueError(f"{self.name}: expected to be called with (params, x, y), got {signature}")
        self._function = function
        self._surroundings = Surroundings(function)
        self._settings, self.x, self.y = three(example)
        self._keys = {
            str(key): key
            for key, value in self._settings.items()
            if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        }
        self.parameters: dict[str, Array] = {
            name: np.array(self._settings[key], float) for name, key in self._keys.items()
        }
        self.draws = False
        self._add_numbers()
        if not self.parameters:
            got = ", ".join(f"{described(value)} for {key!r}" for key, value in self._settings.items())
            raise ValueError(f"example: expected NumPy arrays in params, got {got or 'none'}")
        first = self.evaluate()
        self.precision = precision(first)
        self._refuse_rounded(first.loss)

    def _add_numbers(self) -> None:
        """Take for parameters also the plain numbers in `params` that a gradient comes back for."""
        given = self._arguments(None, None, None)
        with self._surroundings.fresh(), running(self.name, self.seed) as randomness:
            result = self._function(*given)
            self.draws = randomness.drawn() or self._surroundings.drawn
        _, gradients = self._pair(result)
        for key, value in self._settings.items():
            number = isinstance(value, int | float | np.number | np.ndarray) and not isinstance(value, bool)
            if number and str(key) not in self._keys and _its_key(key, gradients) is not None:
                self._keys[str(key)] = key
                self.parameters[str(key)] = np.array(value, float)

    def _refuse_rounded(self, loss: float) -> None:
        """A loss that was rounded, to be printed perhaps, goes up in steps and has no slope to measure."""
        if not np.isfinite(loss):
            return  # the examination says so
        losses = {loss}
        for size in (1 + 0.01 * np.e, 1 - 0.01 * np.pi):  # round numbers do not stay so
            with suppress(CodeError):
                losses.add(self.loss({name: size * value for name, value in self.parameters.items()}))
        finite = [value for value in losses if np.isfinite(value)]
        # A large float has no sixth decimal: that one has none says nothing.
        if len(losses) == 3 and all(value == round(value, 6) and abs(value) < LARGE for value in finite):
            shown = ", ".join(f"{value:g}" for value in sorted(losses))
            raise ValueError(f"{self.name}: expected the loss as it is, got a rounded one, such as {shown}")

    # ---- running it

    def evaluate(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> Evaluation:
        """Run the function from a fresh start."""
        with self._surroundings.fresh():
            return self._evaluated(parameters, x, y)

    def loss(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> float:
        """Return the loss alone."""
        given = self._arguments(parameters, x, y)
        with self._surroundings.fresh(), running(self.name, self.seed):
            result = self._function(*given)
        return self._number(self._pair(result)[0])

    def repeated(self, first: Numbers, second: Numbers) -> Evaluation:
        """Run the function on `first`, then on `second` with what it kept of the first."""
        with self._surroundings.fresh():
            self._evaluated(*first)
            self._surroundings.rewind_generators()
            return self._evaluated(*second)

    def _evaluated(self, parameters: dict[str, Array] | None, x: Array | None, y: Any) -> Evaluation:
        given, untouched = self._arguments(parameters, x, y), self._arguments(parameters, x, y)
        with running(self.name, self.seed):
            result = self._function(*given)
        loss, gradients = self._pair(result)
        return Evaluation(
            self._number(loss), self._arrays(gradients), changed=self._changed(untouched, given)
        )

    def _arguments(
        self, parameters: dict[str, Array] | None, x: Array | None, y: Any
    ) -> tuple[dict[Any, Any], Array, Any]:
        """Return copies to hand over."""
        params = copy.deepcopy(self._settings)
        for name, value in (self.parameters if parameters is None else parameters).items():
            key = self._keys[name]
            plain = isinstance(self._settings[key], int | float)
            params[key] = float(value) if plain else np.array(value)
        return params, np.array(self.x if x is None else x), copy.deepcopy(self.y if y is None else y)

    def _changed(self, before: Any, after: Any) -> tuple[str, ...]:
        """Name the arguments that the function wrote to."""
        names = [name for name, key in self._keys.items() if not same(before[0][key], after[0].get(key))]
        return (*names, *(name for name, i in (("x", 1), ("y", 2)) if not same(before[i], after[i])))

    # ---- what it returns

    def _pair(self, result: Any) -> tuple[Any, Mapping[Any, Any]]:
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise ValueError(f"{self.name}: expected (loss, grads) back, got {described(result)}")
        loss, gradients = result
        if not isinstance(gradients, Mapping):
            got = f"{described(gradients)} for grads"
            if isinstance(loss, Mapping):
                got = "them the other way round"
            raise ValueError(f"{self.name}: expected (loss, grads) back with a dict of grads, got {got}")
        return loss, gradients

    def _number(self, loss: Any) -> float:
        numeric = isinstance(loss, int | float | np.ndarray | np.generic)
        value = np.asarray(loss if numeric else None)
        if value.dtype.kind not in "buif" or value.size != 1:
            got = described(loss)
            if numeric and value.size > 1:
                got += "; add up or average what the examples give"
            elif hasattr(loss, "item"):  # a tensor
                got += "; loss.item() is one"
            raise ValueError(f"{self.name}: expected the loss as one number, got {got}")
        note = f"The loss came as an array {value.shape} and was taken for the number in it."
        if value.ndim and note not in self.notes:
            self.notes.append(note)
        return float(value.reshape(()))

    def _arrays(self, gradients: Mapping[Any, Any]) -> dict[str, Array]:
        """Return a copy of each gradient; some call that of "W1" "dW1" or "grad_W1", which will do."""
        found = {name: _its_key(key, gradients) for name, key in self._keys.items()}
        for name, key in found.items():
            if key is None:
                got = ", ".join(map(str, gradients)) or "nothing"
                raise ValueError(f"{self.name}: expected grads with a gradient for {name}, got {got}")
            _check_gradient(self.name, key, gradients[key])
        self._note_others({key: g for key, g in gradients.items() if key not in found.values()})
        return {name: np.array(gradients[key]) for name, key in found.items()}

    def _note_others(self, others: Mapping[Any, Any]) -> None:
        """Say which gradients are not checked, such as dZ1 and dA1, which many programs return too."""
        for key, value in self._settings.items():
            if str(key) not in self._keys and _its_key(key, others) is not None:
                got = described(value)
                raise ValueError(f"example: expected an array for params[{key!r}], got {got} with a gradient")
        note = f"Not checked, for params has nothing of these names: {', '.join(map(str, others))}."
        if others and note not in self.notes:
            self.notes.append(note)


def _its_key(key: Any, gradients: Mapping[Any, Any]) -> Any:
    """Under which key the gradient of a parameter is: its own, or the usual names for it; None if none."""
    fitting = [k for k in gradients if is_gradient(k, key)]
    return next((k for k in (key, f"d{key}", *fitting) if k in gradients), None)


def _check_gradient(name: str, key: Any, gradient: Any) -> None:
    numeric = isinstance(gradient, np.ndarray | np.generic | int | float)
    if not numeric or np.asarray(gradient).dtype.kind not in "buif":
        raise ValueError(f"{name}: expected an array for grads[{key!r}], got {described(gradient)}")
