"""`check_gradient`: an examination here and now, for notebooks and tests."""

from collections.abc import Callable
from os import PathLike, fspath
from typing import Any

from glassnet.doctor.diagnosis import Diagnosis


def check_gradient(
    code: Any, example: Any = None, *, make: Callable[..., Any] | None = None, seed: int = 0
) -> Diagnosis:
    """Compare the gradients of `code` with finite differences and say what is wrong with them, if anything.

        def loss_and_grads(params, x, y): ...
        check_gradient(loss_and_grads, (params, x, y))

    `code` is such a function, a class or an object with forward(x) and backward(dy), a Layer or Network of
    glassnet's, or a file as "file.py" or "file.py:NAME". `example` is what to run it on, (params, x, y) or x,
    or a function of a random generator that returns it; a file has its own. `make` is a function of a random
    generator that returns an object of a class whose constructor needs arguments. See docs/check.md.

    Raises ValueError, in one line, if the code is not of such a form, or if it raises itself.
    """
    from glassnet.doctor.examine import examine
    from glassnet.doctor.forms import subject

    if isinstance(code, str | PathLike):
        from glassnet.doctor.loading import loaded

        with loaded(fspath(code)) as file:
            return examine(file.subject(example, make=make, seed=seed), seed=seed)
    return examine(subject(code, example, make=make, seed=seed), seed=seed)
