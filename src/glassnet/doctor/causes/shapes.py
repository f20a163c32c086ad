"""Causes that show in the shape of a gradient, or in entries that stand in the wrong places."""

import numpy as np

from glassnet.doctor.causes.formulas import formula_of
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import MEASURED, Exam, same
from glassnet.doctor.words import are, gradients, have
from glassnet.nn.layer import Array

BIAS_PAGE = "dense.md#derivation"


def _one(exam: Exam) -> list[tuple[str, Array, Array]]:
    """The wrong arrays of the example: name, the code's gradient, the right one."""
    trial = exam.trials[0]
    return [(name, trial.code[name], trial.right[name]) for name in exam.wrong]


def _vector(array: Array) -> bool:
    return array.ndim == 1 or (array.ndim == 2 and 1 in array.shape)


def summed_to_one_number(exam: Exam) -> Finding | None:
    """A vector's gradient is one number, or the same number everywhere: the sum or mean over everything."""
    found = []
    for name, code, right in _one(exam):
        if not (
            _vector(right) and right.size > 1 and code.size and np.ptp(code) <= 1e-12 * abs(code.flat[0])
        ):
            return None
        if code.size not in (1, right.size) or not np.isfinite(right).all():
            return None
        number, total = float(code.flat[0]), float(right.sum())
        scale = max(abs(total), float(np.abs(right).max()))
        if abs(number - total) > 10 * MEASURED[exam.subject.precision] * scale and code.size > 1:
            return None
        found.append(f"{name} is {number:.6g}; the {right.size} right numbers add up to {total:.6g}")
    if not found:
        return None
    return Finding(
        "bias-total",
        f"The {gradients(exam.wrong)} {are(exam.wrong)} summed over everything; each unit has its own.",
        "; ".join(found) + ".",
        f"{formula_of(exam, exam.wrong[0])}, in the shape of {exam.wrong[0]}",
        BIAS_PAGE,
    )


def summed_over_the_wrong_axis(exam: Exam) -> Finding | None:
    """A vector's gradient has one number an example, or one an example and unit."""
    n, found = exam.trials[0].n, []
    for name, code, right in _one(exam):
        if not _vector(right) or code.shape == right.shape or n not in code.shape:
            return None
        if code.size == n * right.size:
            axis = next((a for a in range(code.ndim) if code.shape[a] == n), 0)
            if not same(code.sum(axis=axis).reshape(-1), right.reshape(-1), 1e-3):
                return None
            found.append(
                f"{name} has one row an example, {code.shape}; their sum {right.shape} would be right"
            )
        elif code.size == n:
            found.append(f"{name} has {n} numbers, one an example, and {right.size} units")
        else:
            return None
    if not found:
        return None
    return Finding(
        "bias-axis",
        f"The {gradients(exam.wrong)} {are(exam.wrong)} summed over the wrong axis, or not summed at all.",
        "; ".join(found) + ".",
        f"{formula_of(exam, exam.wrong[0])}, in the shape of {exam.wrong[0]}",
        BIAS_PAGE,
    )


def transposed(exam: Exam) -> Finding | None:
    """A matrix's gradient is the transpose of the right one, at every point tried."""
    names = [name for name, _, right in _one(exam) if right.ndim == 2]
    if not names or names != exam.wrong:
        return None
    for trial in exam.trials:
        for name in names:
            if not same(trial.code[name].T, trial.right[name], MEASURED[exam.subject.precision]):
                return None
    name = names[0]
    return Finding(
        "transposed",
        f"The {gradients(names)} {are(names)} transposed.",
        f"Its transpose agrees with the measured gradient in every entry; {name} has the shape"
        f" {exam.trials[0].right[name].shape}, your gradient {exam.trials[0].code[name].shape}.",
        f"{formula_of(exam, name)}, in the shape of {name}",
        BIAS_PAGE,
    )


def broadcasts(exam: Exam) -> Finding | None:
    """Right numbers in a shape that spreads over the parameter when the update subtracts them."""
    found = []
    for name, code, right in _one(exam):
        bare = [tuple(size for size in array.shape if size != 1) for array in (code, right)]
        if code.shape == right.shape or bare[0] != bare[1]:
            return None
        if not same(code.reshape(right.shape), right, MEASURED[exam.subject.precision]):
            return None
        spread = np.broadcast_shapes(code.shape, right.shape)
        found.append(
            f"{name} has the shape {right.shape}, its gradient {code.shape}: their difference is {spread}"
        )
    if not found:
        return None
    return Finding(
        "other",
        f"The {gradients(exam.wrong)} {have(exam.wrong)} the right numbers in a shape that is not the"
        " parameter's: b − learning rate · db would spread into a matrix.",
        "; ".join(found) + ".",
        f"{formula_of(exam, exam.wrong[0])}, in the shape of {exam.wrong[0]}",
        "backpropagation_in_code.md#column-or-row",
    )


def one_array_for_all(exam: Exam) -> Finding | None:
    """Several parameters' gradients are the same numbers: one array under several names."""
    wrong = _one(exam)
    if len(wrong) < 2 or any(code.shape != wrong[0][1].shape for _, code, _ in wrong):
        return None
    if not wrong[0][1].any() or any(not np.array_equal(code, wrong[0][1]) for _, code, _ in wrong):
        return None
    total = sum(right for *_, right in wrong)
    more = " They are the sum of the right ones." if same(wrong[0][1], np.asarray(total), 1e-4) else ""
    return Finding(
        "in-place",
        f"The {gradients(exam.wrong)} are one array: what is written into one is written into all.",
        f"They agree in every entry, and the right ones differ.{more}",
        "a new array for each parameter: [np.zeros(b.shape) for b in biases], not [np.zeros(…)] * layers",
        "backpropagation_in_code.md#in-place",
    )


def left_at_zero(exam: Exam) -> Finding | None:
    """An array's gradient is zero everywhere, where the right one is not."""
    names = [name for name in exam.wrong if not any(trial.code[name].any() for trial in exam.trials)]
    if not names or names != exam.wrong:
        return None
    largest = max(float(np.nanmax(np.abs(trial.right[names[0]]), initial=0)) for trial in exam.trials)
    return Finding(
        "missing-gradient",
        f"The {gradients(names)} {are(names)} zero: not computed, or never stored.",
        f"All entries are 0 at {len(exam.trials)} points; the measured ones are up to {largest:.6g}.",
        f"every parameter has its own line; for {names[0]}: {formula_of(exam, names[0])}",
        BIAS_PAGE,
    )
