"""What can be said where no single mistake was recognised: which part is wrong, and when."""

import numpy as np

from glassnet.doctor.causes.formulas import formula_of
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import MEASURED, Exam, same
from glassnet.doctor.words import listed


def right_for_one_example(exam: Exam) -> Finding | None:
    """Right for a batch of one and wrong for more."""
    if len(exam.singles) < 2 or not exam.wrong:
        return None
    share = MEASURED[exam.subject.precision]
    if not all(same(one.code[n], one.right[n], share) for one in exam.singles for n in one.code):
        return None
    batch = exam.trials[0]
    for name in exam.wrong:  # a batch normalization of one example has no gradient at all: that says nothing
        sizes = [float(np.nanmax(np.abs(one.right[name]), initial=0)) for one in exam.singles]
        if max(sizes) <= 1e-6 * float(np.nanmax(np.abs(batch.right[name]), initial=0)):
            return None
    do = "does" if len(exam.wrong) == 1 else "do"
    return Finding(
        "batch-of-one",
        "The gradient is right for a batch of one example and wrong for more: something is not added up over"
        " the batch as it should be.",
        f"With each of {len(exam.singles)} examples alone all arrays agree with the measured gradient; with"
        f" {batch.n} together {listed(exam.wrong)} {do} not.",
        f"{formula_of(exam, exam.wrong[0])}: a sum of what each example gives",
        "backpropagation_in_code.md#mean-or-sum",
    )


def only_the_input(exam: Exam) -> Finding | None:
    """The input's gradient is wrong while all parameters' are right."""
    if exam.wrong != ["x"] or len(exam.rows) == 1:
        return None
    right = [row.name for row in exam.rows if row.name != "x"]
    agree = (
        f"{listed(right)} {'agrees' if len(right) == 1 else 'agree'} with the measured gradient; x does not."
    )
    return Finding(
        "input-gradient",
        "What backward returns, the gradient of the input x, is wrong; the parameters' gradients are right."
        " A network with this layer at the bottom would train; one with layers below it would not.",
        agree,
        f"{formula_of(exam, 'x')}, in the shape of x",
        "dense.md#derivation",
    )
