"""What can be told of arrays that somebody's code was handed or returned: changes, and their precision."""

from typing import Any

import numpy as np

from glassnet.doctor.subject import Evaluation

FEW = 8  # fractions in a gradient; fewer may be float32 numbers by chance


def precision(evaluation: Evaluation) -> str:
    """Return "float32" if code that was handed float64 computed in float32, or less, else "float64"."""
    arrays = [*evaluation.gradients.values(), evaluation.input_gradient, evaluation.output]
    floats = [a for a in arrays if a is not None and a.dtype.kind == "f"]
    if any(a.dtype.itemsize < 8 for a in floats):
        return "float32"
    entries = np.concatenate([np.zeros(0), *(a.ravel() for a in floats)])
    fractions = entries[np.isfinite(entries) & (entries != np.rint(entries))]
    with np.errstate(over="ignore"):
        fits = fractions.size >= FEW and bool((fractions == fractions.astype(np.float32)).all())
    return "float32" if fits else "float64"


def same(before: Any, after: Any) -> bool:
    """Tell whether a value that was handed over has stayed what it was."""
    if isinstance(before, np.ndarray):
        if not isinstance(after, np.ndarray) or after.shape != before.shape:
            return False
        return bool(np.array_equal(before, after, equal_nan=before.dtype.kind == "f"))
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return len(before) == len(after) and all(map(same, before, after))
    try:
        return before is None or bool(before == after)
    except Exception:  # a table, say, whose == has no single answer
        return True
