"""Causes found by trying them: what a wrong step would make of all gradients, compared with the code's."""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import Exam, Trial, agrees, outward, same
from glassnet.doctor.faults.catalogue import faults
from glassnet.doctor.faults.fault import Fault
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Backward, Dense, Gradients, Run
from glassnet.doctor.words import listed
from glassnet.nn.layer import Array

DIGITS = {"float64": "1e-5", "float32": "5e-4"}  # to which `agrees` compares
FACTORS: list[tuple[str, Callable[[int], float]]] = [
    ("half of what it should be", lambda n: 0.5),
    ("2 times what it should be", lambda n: 2.0),
    ("of the wrong sign", lambda n: -1.0),
    ("N times too large", lambda n: float(n)),
    ("N times too small", lambda n: 1.0 / n),
]  # what may stand beside a mistake, for a batch of n


def wrong_step(exam: Exam) -> Finding | None:
    """One mistake in one kind of step explains every number, at every point."""
    for fault in _known(exam):
        if _explains(exam, fault):
            return _finding(exam, fault)
    return None


def wrong_step_and_factor(exam: Exam) -> Finding | None:
    """A mistake in a step, and a constant or the batch size beside it."""
    for fault in _known(exam):
        for what, times in FACTORS:
            if _explains(exam, fault, times):
                return _finding(exam, fault, f" Beside that every gradient is {what}.")
    return None


def two_wrong_steps(exam: Exam) -> Finding | None:
    """Two mistakes at different steps."""
    known = [fault for fault in _known(exam) if len(fault.replaced) == 1]
    for one, other in combinations(known, 2):
        if set(one.replaced) & set(other.replaced):
            continue
        both = one._replace(replaced={**one.replaced, **other.replaced})
        if _explains(exam, both):
            return _finding(exam, both, f" And a second mistake, at {other.where}: {other.says}.")
    return None


def _known(exam: Exam) -> Iterator[Fault]:
    trial = exam.trials[0]
    if exam.model is not None and trial.run is not None:
        yield from faults(exam.model, trial.run)


def _explains(exam: Exam, fault: Fault, times: Callable[[int], float] = lambda n: 1.0) -> bool:
    """Whether the fault gives the code's gradients, every array at every trial, and is not the right way."""
    different = False
    for trial in exam.trials:
        if trial.run is None or trial.model is None:
            continue  # a batch of another size, for which the code draws another dropout mask
        try:
            given = outward(trial.model, trial.run, trial.point, "x" in trial.code, fault.replaced)
        except (ValueError, IndexError):  # shapes that do not fit at this batch size
            return False
        c = times(trial.n)
        if not all(agrees(exam, trial, name, given, c) for name in trial.code):
            return False
        # A mistake that changes nothing here is none, whatever the factor beside it.
        different |= not any(
            all(same(factor * given[n], trial.right[n], 1e-4) for n in trial.code) for factor in (c, 1.0)
        )
    return different


def _finding(exam: Exam, fault: Fault, more: str = "") -> Finding:
    said = fault.says if fault.where in fault.says else f"at {fault.where}: {fault.says}"
    arrays = f"{', '.join(exam.wrong)} and all other arrays"
    if len(exam.wrong) == len(exam.rows):
        arrays = "all arrays"
    how = f"to {DIGITS[exam.subject.precision]} at {sum(trial.exact for trial in exam.trials)} points"
    return Finding(
        fault.cause,
        f"{said[0].upper()}{said[1:]}.{more}",
        "With that mistake the network recognised in your code gives exactly your numbers:"
        f" {arrays} agree {how}.",
        fault.formula,
        fault.page,
    )


# ---- an update that came too early


def updated_before_use(exam: Exam) -> Finding | None:
    """The error goes back through weights that have been updated already."""
    trial = exam.trials[0]
    if exam.model is None or trial.run is None:
        return None
    upper = [(k, step) for k, step in enumerate(exam.model.steps) if isinstance(step, Dense)][1:]
    for sites in [upper, *([site] for site in upper)] if len(upper) > 1 else [upper]:
        rate = _rate(exam.model, trial, trial.run, sites[-1]) if sites else None
        if rate is None or abs(rate) < 1e-9:
            continue
        names = listed(step.W for _, step in sites)
        fault = Fault(
            "in-place",
            "updated",
            names,
            f"the error goes back through {names} after the update, not through what forward used",
            "all gradients first, then W ← W − learning rate · dW",
            "backpropagation_in_code.md#in-place",
            {k: _through_updated(step, rate) for k, step in sites},
        )
        if _explains(exam, fault):
            return _finding(exam, fault, f" The learning rate that fits is {rate:.4g}.")
    return None


def _rate(model: Model, trial: Trial, run: Run, site: tuple[int, Dense]) -> float | None:
    """The learning rate that explains the weight next below the site, whose gradient is linear in it."""
    top, upper = site
    name = [step.W for step in model.steps[:top] if isinstance(step, Dense)][-1]
    code, right = trial.code[name], trial.right[name]
    if code.shape != right.shape:
        return None
    moved = outward(model, run, trial.point, False, {top: _through_updated(upper, 1.0)})[name]
    direction, left = moved - right, code - right
    if not direction.any() or not left.any():
        return None
    rate = float((left * direction).sum() / (direction**2).sum())
    return rate if np.abs(left - rate * direction).max() <= 1e-3 * np.abs(left).max() else None


def _through_updated(step: Dense, rate: float) -> Backward:
    def backward(run: Run, k: int, d: Array) -> tuple[Array, Gradients]:
        _, found = step.backward(run, k, d)
        updated = run.parameters[step.W] - rate * found[step.W]
        return d @ (updated if step.transposed else updated.T), found

    return backward
