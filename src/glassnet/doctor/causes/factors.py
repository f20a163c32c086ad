"""Causes that multiply a gradient: the batch counted wrongly, a lost 2, a sign."""

import numpy as np

from glassnet.doctor.causes.formulas import formula_of, output_formula
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import Exam, Trial, agrees, same, tolerance
from glassnet.doctor.words import gradients, listed

SAME = 1e-4  # how far a factor may be from the number it is taken for
POWERS = (1, -1, 2, -2)
BATCH_PAGE = "backpropagation_in_code.md#mean-or-sum"


def factor(exam: Exam, trial: Trial, name: str) -> float | None:
    """The number that multiplies the right gradient in the code's; None if there is none."""
    code, right = trial.code[name], trial.right[name]
    if code.shape != right.shape:
        return None
    known = np.isfinite(right)
    square = float((right[known] ** 2).sum())
    if not square or not np.isfinite(code).all():
        return None
    c = float((code[known] * right[known]).sum()) / square
    if abs(c) < 1e-9 or not same(code, c * right, max(1e-9, tolerance(exam, trial) * abs(c))):
        return None
    return c


def wrong_factor(exam: Exam) -> Finding | None:
    """Each wrong array is the right one times a number: which, and does it change with the batch?"""
    wrong = exam.wrong
    trials = _telling(exam, wrong)
    if not trials:
        return None
    factors: dict[str, list[float]] = {}
    for name in wrong:
        found = [factor(exam, trial, name) for trial in trials]
        if any(c is None for c in found):
            return None
        factors[name] = [c for c in found if c is not None]
    if not wrong or (all(trials[0].right[name].size == 1 for name in wrong) and len(trials) < 2):
        return None
    sizes = [trial.n for trial in trials]
    share = SAME if exam.subject.precision == "float64" else 0.02
    powers = {name: _power(found, sizes, share) for name, found in factors.items()}
    of_batch = {name: power for name, power in powers.items() if power is not None and power[0]}
    if len(of_batch) == len(powers):
        return _batch(exam, factors, sizes, *of_batch[wrong[0]])
    if any(np.ptp(found) > share * abs(found[0]) for found in factors.values()):
        return None
    constants = {name: found[0] for name, found in factors.items()}
    distinct = {round(c, 4) for c in constants.values()}
    if len(distinct) > 2 and not all(_is(abs(c), 2.0 ** round(np.log2(abs(c)))) for c in constants.values()):
        return None
    return _constant(exam, constants, sizes)


def _telling(exam: Exam, wrong: list[str]) -> list[Trial]:
    """The trials where a factor shows: none does where a gradient is 0, as at zero weights or a perfect fit.

    None of them if the code has something else than 0 there.
    """
    telling = []
    for trial in exam.trials:
        # Of what is unknown, at a kink for instance, nothing can be told either.
        silent = [n for n in wrong if not np.nanmax(np.abs(trial.right[n]), initial=0) > 1e-9 * trial.largest]
        if not silent:
            telling.append(trial)
        elif not all(agrees(exam, trial, name, trial.right) for name in silent):
            return []
    return telling


def _power(found: list[float], sizes: list[int], share: float) -> tuple[int, float] | None:
    """(s, c) with which the factor is c Nˢ at every batch size; s = 0 if it does not change with N."""
    for s in (0, *POWERS):
        rest = [c / float(n) ** s for c, n in zip(found, sizes)]
        if np.ptp(rest) <= share * abs(rest[0]):
            return s, rest[0]
    return None


def _is(value: float, other: float) -> bool:
    return abs(value - other) <= SAME * abs(other)


def _which(exam: Exam, names: list[str], one: str, several: str) -> str:
    """The beginning of a sentence about these arrays, with its verb."""
    if 1 < len(names) == len(exam.rows):
        return f"Every gradient {one}"
    return f"The {gradients(names)} {several if len(names) > 1 else one}"


# ---- with the batch's size


def _batch(exam: Exam, factors: dict[str, list[float]], sizes: list[int], s: int, rest: float) -> Finding:
    names = list(factors)
    shown = dict(zip(sizes, factors[names[0]]))
    measured = " and ".join(f"{c:.6g} with {n} examples" for n, c in shown.items())
    evidence = f"Yours divided by the measured gradient of {names[0]} is {measured}, the same in every entry."
    which = _which(exam, names, "is", "are")
    if s in (1, -1) and (size := _size(exam, rest, s)):
        says = f"{which} divided by {size} where the batch size belongs, or the reverse."
        cure = f"{output_formula(exam)}, N being the number of examples"
        return Finding("factor", says, evidence, cure, BATCH_PAGE)
    how = f"{'N' if abs(s) == 1 else 'N²'} times too {'large' if s > 0 else 'small'}"
    beside = "" if _is(rest, 1) else f" (and {rest:.4g} times beside that)"
    says = f"{which} {how}, N being the batch size{beside}: the mean and the sum over the batch are confused."
    return Finding("batch-factor", says, evidence, _batch_cure(exam, s), BATCH_PAGE)


def _batch_cure(exam: Exam, s: int) -> str:
    own = formula_of(exam, exam.wrong[0])
    if exam.subject.form != "function":
        return f"{own}, not divided by N: dy holds the loss's 1 / N already"
    output = output_formula(exam)
    if len(exam.wrong) < len(exam.rows):
        return f"{own}, and N in it once: at the output, {output}, or in each dW and db, not in both"
    if s > 0:
        return f"{output}: the loss is a mean over the batch, so its gradient is one too"
    return f"{output}: each factor of the loss once, and not again in dW, db or a layer below"


# ---- constant


def _constant(exam: Exam, constants: dict[str, float], sizes: list[int]) -> Finding:
    names, values = list(constants), list(constants.values())
    with_sizes = " and ".join(str(n) for n in sorted(set(sizes)))
    alike = len(values) > 1 and all(_is(value, values[0]) for value in values)
    measured = ", ".join(f"{value:.6g} for {name}" for name, value in constants.items())
    if alike:
        measured = f"{values[0]:.6g} for {listed(names)}"
    where = f"in every entry and with {with_sizes} examples"
    evidence = f"Yours divided by the measured gradient is {measured}, the same {where}."
    if all(_is(value, -1) for value in values):
        cure = (
            f"{output_formula(exam)}, not y − p; and then W ← W − learning rate · dW"
            if exam.subject.form == "function" and len(names) == len(exam.rows)
            else f"{formula_of(exam, names[0])}, with no minus"
        )
        says = f"{_which(exam, names, 'has', 'have')} the wrong sign."
        return Finding("sign", says, evidence, cure, "README.md#the-chain-rule-as-used-here")
    which = _which(exam, names, "is", "are")
    times = _times(values, several=len(names) > 1 and not which.startswith("Every"))
    if all(_is(abs(value), 2) or _is(abs(value), 0.5) for value in values):
        cure = "the derivative of z² is 2 z and that of ½ z² is z: loss and gradient must be of the same one"
        if len(names) == len(exam.rows) and exam.subject.form == "function":
            cure = f"{output_formula(exam)}; {cure}"
        return Finding("factor-2", f"{which} {times}.", evidence, cure, "mean_squared_error.md#derivation")
    says = f"{which} off by a constant factor: {times}{_guess(exam, values[0])}."
    cure = "the gradient carries each factor of the loss once, and no others (no learning rate)"
    if len(names) == len(exam.rows) and exam.subject.form == "function":
        cure = f"{output_formula(exam)}; {cure}"
    return Finding("factor", says, evidence, cure, "README.md#the-chain-rule-as-used-here")


def _times(values: list[float], several: bool) -> str:
    c = values[0]
    if any(not _is(value, c) for value in values):
        return "multiplied by constants that should not be there"
    if 0 < c < 1:
        return f"{1 / c:.6g} times too small"
    return f"{c:.6g} times what {'they' if several else 'it'} should be"


def _guess(exam: Exam, c: float) -> str:
    """What the number might be, if it is one of the sizes at hand."""
    size = _size(exam, c, -1) or _size(exam, c, 1)
    return f" ({size[:-1]})" if size else ""


def _size(exam: Exam, c: float, s: int) -> str:
    """The name of the size that |c|⁻ˢ is, if it is one."""
    run = exam.trials[0].run
    if run is None:
        return ""
    sizes = {"outputs": run.values[-1].shape[-1], "inputs": run.values[0].shape[-1]}
    found = [
        f"the number of {name}, {n}," for name, n in sizes.items() if n > 2 and _is(abs(c), float(n) ** -s)
    ]
    return found[0] if found else ""
