"""From what a learner hands in, a function, a class, an object or one of our layers, to a subject."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from glassnet.doctor.calls import described, running, takes
from glassnet.doctor.class_form import ClassSubject, instance
from glassnet.doctor.function_form import FunctionSubject
from glassnet.doctor.layer_form import LayerSubject
from glassnet.doctor.subject import Source, Subject
from glassnet.nn.layer import Layer
from glassnet.nn.network import Network


def subject(
    code: Any, example: Any = None, *, make: Callable[..., Any] | None = None, name: str = "", seed: int = 0
) -> Subject:
    """Return what the examination sees of `code`.

    `code` is a function (params, x, y) → (loss, grads), a class or an object with forward and backward, or a
    Layer or Network of ours; `example` gives the numbers to run it on, as a function of a random generator or
    as they are; `make` returns an object of a class whose constructor needs arguments.

    Raises ValueError, in one line, for what is none of these, and CodeError for what the code itself raises.
    """
    name = name or getattr(code, "__name__", type(code).__name__)
    source = source_of(code)
    if isinstance(code, type):
        code = instance(code, make, seed)
    numbers = _numbers(example, seed)
    if isinstance(code, Layer | Network):
        return LayerSubject(code, numbers, name=name, seed=seed, source=source)
    if numbers is None:
        raise ValueError(f"{name}: expected an example to run it on, got none")
    if hasattr(code, "forward") or hasattr(code, "backward"):
        return ClassSubject(code, numbers, name=name, seed=seed, source=source)
    if callable(code):
        return FunctionSubject(code, numbers, name=name, seed=seed, source=source)
    raise ValueError(
        f"check: expected a function, or a class with forward and backward, got {described(code)}"
    )


def _numbers(example: Any, seed: int) -> Any:
    if not callable(example):
        return example
    arguments = [np.random.default_rng(seed)] if takes(example, 1) else []
    with running("example", seed):
        return example(*arguments)


def source_of(code: Any) -> Source | None:
    """Return where the code stands; None if that cannot be told."""
    if not inspect.isroutine(code) and not isinstance(code, type):
        code = type(code)
    try:
        lines, first = inspect.getsourcelines(code)
        return Source(inspect.getsourcefile(code) or "", max(first, 1), "".join(lines))
    except (OSError, TypeError):
        return None
