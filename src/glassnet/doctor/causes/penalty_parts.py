"""A loss with a penalty, and a gradient whose one part, the data's or the penalty's, is off by a factor."""

from dataclasses import replace

import numpy as np

from glassnet.doctor.causes.factors import BATCH_PAGE, SAME
from glassnet.doctor.causes.formulas import output_formula
from glassnet.doctor.causes.penalties import BATCH_FORMULA, PAGE
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import Exam, Trial, outward
from glassnet.doctor.words import gradients
from glassnet.nn.layer import Array

Parts = list[tuple[int, float, float]]  # batch size, factor of the data's part, factor of the penalty's


def wrong_part(exam: Exam) -> Finding | None:
    """Every wrong array is a times the data's part plus b times the penalty's: which of the two is not 1?"""
    model, wrong = exam.model, exam.wrong
    if model is None or not (model.head.l2 or model.head.l1):
        return None
    if not wrong or any(name not in exam.subject.parameters for name in wrong):
        return None
    parts: Parts = []
    for trial in exam.trials:
        factors = _factors(trial, wrong)
        if factors is None:
            return None
        parts.append((trial.n, *factors))
    if any(abs(b - 1) > 1e-2 for *_, b in parts):
        return _of_penalty(parts, wrong)
    return _of_data(exam, parts)


def _factors(trial: Trial, wrong: list[str]) -> tuple[float, float] | None:
    """a and b, where the code's gradients are a times the data's part plus b times the penalty's."""
    if trial.model is None or trial.run is None:
        return None
    if any(trial.code[name].shape != trial.right[name].shape for name in wrong):
        return None
    bare = replace(trial.model, head=replace(trial.model.head, l2=0.0, l1=0.0, bias_l2=0.0))
    data = _flat(outward(bare, trial.run, trial.point, False), wrong)
    code = _flat(trial.code, wrong)
    basis = np.stack([data, _flat(trial.right, wrong) - data], axis=1)
    found, *_ = np.linalg.lstsq(basis, code, rcond=None)
    if np.abs(basis @ found - code).max() > 1e-5 * np.abs(code).max():
        return None
    return float(found[0]), float(found[1])


def _flat(arrays: dict[str, Array], names: list[str]) -> Array:
    return np.concatenate([arrays[name].ravel() for name in names])


def _of_penalty(parts: Parts, wrong: list[str]) -> Finding | None:
    """The penalty's part is off by the batch size, the data's is right."""
    if any(abs(a - 1) > 1e-4 for _, a, _ in parts):
        return None
    for s, size in ((1, "large"), (-1, "small")):
        if all(abs(b - float(n) ** s) <= 1e-2 * float(n) ** s for n, _, b in parts):
            says = f"The penalty's part of the {gradients(wrong)} is N times too {size}."
            shown = _shown([(n, b) for n, _, b in parts])
            return Finding("batch-factor", says, shown, BATCH_FORMULA, PAGE)
    return None


def _of_data(exam: Exam, parts: Parts) -> Finding | None:
    """The data's part is off, by the batch size or by a constant; the penalty's is right."""
    of_data = [(n, a) for n, a, _ in parts]
    for s, size in ((1, "large"), (-1, "small")):
        rest = [a / float(n) ** s for n, a in of_data]
        if all(abs(c - 1) <= SAME for c in rest):
            says = f"The data's part of every gradient is N times too {size}; the penalty's is right."
            return Finding("batch-factor", says, _shown(of_data), output_formula(exam), BATCH_PAGE)
        if np.ptp(rest) <= SAME * abs(rest[0]) and np.ptp([a for _, a in of_data]) > SAME:
            says = (
                "The data's part of every gradient is divided by another number where the batch size belongs."
            )
            cure = f"{output_formula(exam)}, N being the number of examples"
            return Finding("factor", says, _shown(of_data), cure, BATCH_PAGE)
    c = of_data[0][1]
    if any(abs(a - c) > SAME * abs(c) for _, a in of_data):
        return None
    cause = "sign" if abs(c + 1) < SAME else "factor-2" if min(abs(c - 2), abs(c - 0.5)) < SAME else "factor"
    return Finding(
        cause,
        f"The data's part of every gradient is {c:.6g} times what it should be; the penalty's is right.",
        f"Yours was fitted at {len(parts)} points: it is {c:.6g} times the data's part plus the penalty's.",
        "the gradient carries each factor of the loss once",
        "README.md#the-chain-rule-as-used-here",
    )


def _shown(factors: list[tuple[int, float]]) -> str:
    shown = " and ".join(f"{c:.6g} times with {n} examples" for n, c in dict(factors).items())
    return f"That part of yours is {shown} what it should be."
