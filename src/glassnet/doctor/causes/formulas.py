"""The corrected formula of one of the learner's arrays."""

import numpy as np

from glassnet.doctor.exam import Exam
from glassnet.doctor.layout import at_output, layout
from glassnet.doctor.steps import Dense, Normalization


def formula_of(exam: Exam, name: str) -> str:
    """The gradient of a parameter or of x, in the learner's own layout."""
    model = exam.model
    dense = layout(model, exam.batch_axis, name)
    if name == "x" and "x" not in exam.subject.parameters:
        return dense.dx if model is not None and isinstance(model.steps[0], Dense) else "dx = dy · ∂y/∂x"
    if any(isinstance(step, Normalization) and step.gamma == name for step in (model.steps if model else ())):
        return "dγ = Σₙ dy ∘ x̂, the sum over the examples alone"
    array = np.asarray(exam.subject.parameters[name])
    own = name.rpartition(".")[2]
    if (
        model is None and array.ndim < 2 and not own.lower().startswith("b")
    ):  # a slope, a scale, a temperature
        return f"d{own} = Σ dy ∘ ∂y/∂{own}, summed over all that {own} enters"
    return dense.dW if array.ndim == 2 and min(array.shape) > 1 else dense.db(array)


def output_formula(exam: Exam) -> str:
    """The derivative by the output, with the loss's own factor; for a class what comes from above."""
    run = exam.trials[0].run
    if exam.subject.form != "function":
        return "dz = dy ∘ f′(z), and dy holds the loss's own factors already"
    return "dz = ∂L/∂z at the output" if run is None else at_output(run)
