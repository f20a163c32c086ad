"""One examination: measure, decide, and where something is wrong, ask each known cause."""

import numpy as np

from glassnet.doctor.calls import generators_kept
from glassnet.doctor.causes.behaviour import leftovers
from glassnet.doctor.causes.registry import CAUSES, GENERAL, LAST_RESORTS
from glassnet.doctor.diagnosis import CORRECT, UNDECIDED, WRONG, Diagnosis, Finding, Row
from glassnet.doctor.exam import Exam
from glassnet.doctor.measure import returned
from glassnet.doctor.prepare import prepare
from glassnet.doctor.subject import Evaluation, Subject
from glassnet.doctor.words import listed

OTHERS = 3  # further causes that are named after the likeliest


def examine(subject: Subject, *, seed: int = 0) -> Diagnosis:
    """Return what is right and wrong with the subject's gradients, and the likeliest cause.

    Whatever the code raises at its own example is raised; elsewhere it only limits what can be found.
    """
    with generators_kept(), np.errstate(all="ignore"):
        first = subject.evaluate()
        if (hindered := _hindrance(subject, first)) is not None:
            return hindered
        exam = prepare(subject, first, seed)
        wrong = exam.wrong
        rows = tuple(_judged(exam, row, row.name in wrong) for row in exam.rows)
        model = "" if exam.model is None else str(exam.model)
        report = Diagnosis(subject.name, CORRECT, rows, (), model, _conventions(exam), notes=_notes(exam))
        if wrong:
            return report._replace(verdict=WRONG, findings=_causes(exam))
        if (left := leftovers(exam)) is not None:
            return report._replace(verdict=WRONG, findings=(left,))
        return _undecided(exam, report) or report


def _hindrance(subject: Subject, first: Evaluation) -> Diagnosis | None:
    """Why nothing can be measured at all, if so."""
    report = Diagnosis(subject.name, UNDECIDED, ())
    if not np.isfinite(first.loss):
        return report._replace(reason=f"loss: expected a finite number, got {first.loss}")
    for name, gradient in returned(first).items():
        for index in np.argwhere(~np.isfinite(gradient)).tolist():
            where = f"{gradient[tuple(index)]} at {tuple(index)}"
            return report._replace(reason=f"gradient of {name}: expected finite numbers, got {where}")
    again = subject.evaluate()
    if abs(again.loss - first.loss) > 1e-7 * abs(first.loss):
        what = "loss"
        evidence = f"Two calls with the same numbers gave the losses {first.loss:.10g} and {again.loss:.10g}."
    elif again.loss != first.loss or not all(
        np.array_equal(again.gradients[name], gradient) for name, gradient in first.gradients.items()
    ):
        what = "gradient"
        evidence = "Two calls with the same numbers gave the same loss and different gradients."
    else:
        return None
    finding = Finding(
        "non-deterministic",
        f"Two calls with the same numbers give another {what}: something random is in it, or something that"
        " an earlier call left.",
        evidence,
        "draw masks and samples from a generator that is seeded anew, and keep them fixed while checking",
        "backpropagation_in_code.md#random-numbers",
    )
    return report._replace(reason=f"the {what} changes from call to call", findings=(finding,))


def _judged(exam: Exam, row: Row, wrong: bool) -> Row:
    if wrong and row.right:
        return row._replace(
            right=False, problem=row.problem or "right at your example, wrong where parameters differ"
        )
    return row


def _causes(exam: Exam) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for cause in CAUSES:
        if len(found) > OTHERS or (found and cause in (*LAST_RESORTS, *GENERAL)):
            continue
        finding = cause(exam)
        if finding is not None and finding.cause not in {other.cause for other in found}:
            found.append(finding)
    return tuple(found)


def _undecided(exam: Exam, report: Diagnosis) -> Diagnosis | None:
    """The report as undecided, if an array could not be measured at the code's own example, or all are 0."""
    blind = [row for row in exam.rows if not row.checked and exam.measured[row.name].numeric.size]
    if not blind:
        return _all_zero(exam, report)
    names = listed(row.name for row in blind)
    if not all(row.skipped for row in blind):
        reason = f"the loss is too noisy to measure the gradient of {names}"
        return report._replace(verdict=UNDECIDED, reason=reason)
    tried = sum(row.skipped for row in blind)
    finding = Finding(
        "non-differentiable",
        f"The example sits on a kink of the loss for every entry of {names}: no derivative exists there.",
        f"The slopes to both sides differ at each of the {tried} entries tried.",
        "choose an example whose pre-activations are not 0: random biases, no rows of zeros",
        "relu.md#usual-mistakes",
    )
    notes = report.notes
    if len(exam.trials) > 1 and exam.subject.parameters:
        notes = (*notes, "With the parameters moved a little, all gradients are right.")
    reason = f"no derivative exists at the example ({names})"
    return report._replace(verdict=UNDECIDED, reason=reason, findings=(finding,), notes=notes)


def _all_zero(exam: Exam, report: Diagnosis) -> Diagnosis | None:
    """The report as undecided, if nothing but zeros was compared: dead units, margins all kept."""
    measured = [m.numeric for m in exam.measured.values()]
    if not measured or any(trial.largest for trial in exam.trials) or any(array.any() for array in measured):
        return None
    what = "loss" if exam.subject.form == "function" else "output"
    reason = f"the {what} does not change with any array at the example, so only zeros could be compared"
    return report._replace(verdict=UNDECIDED, reason=reason)


def _conventions(exam: Exam) -> str:
    if exam.batch_axis is None:
        return exam.subject.precision
    said = "(N, features)" if exam.batch_axis == 0 else "columns: (features, N)"
    return f"batch of {exam.trials[0].n}, {said}, {exam.subject.precision}"


def _notes(exam: Exam) -> tuple[str, ...]:
    notes = list(exam.subject.notes)
    if exam.subject.draws:
        notes.append("Random numbers that the code draws were held fixed.")
    if exam.model is None and exam.wrong:
        notes.append("The network was not recognised from its numbers, so fewer causes could be tried.")
    if len(exam.trials) < 2:
        notes.append(
            "The code did not run on moved parameters or other batches: only its example was checked."
        )
    if exam.first.changed and not exam.wrong:
        changed = listed(exam.first.changed)
        notes.append(f"Your code writes into {changed}, which was handed in; nothing else uses it.")
    return tuple(notes)
