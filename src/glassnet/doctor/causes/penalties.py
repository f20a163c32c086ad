"""Causes in the regularization term: forgotten in the gradient, only there, or there with another factor."""

from collections.abc import Callable

import numpy as np

from glassnet.doctor.causes.factors import SAME
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import Exam, Trial
from glassnet.doctor.steps import Dense
from glassnet.doctor.words import gradients, have, listed
from glassnet.nn.layer import Array

PAGE = "penalties.md#l1-and-l2"
BATCH_FORMULA = "the penalty is divided by N in the gradient exactly if it is in the loss"
L2, L1 = "λ Σ W²", "λ Σ |W|"
Slope = Callable[[Array], Array]
TERMS: tuple[tuple[str, Slope], ...] = ((L2, lambda W: 2 * W), (L1, np.sign))


def wrong_penalty(exam: Exam) -> Finding | None:
    """What is left over in the wrong arrays is, at every point, one number times W, or times W's signs."""
    parameters, wrong = exam.subject.parameters, exam.wrong
    if not wrong or any(name not in parameters for name in wrong):
        return None
    if all(np.size(parameters[name]) == 1 for name in wrong):
        return None
    if exam.subject.precision != "float64":  # too coarse to tell a small penalty from rounding
        return None
    for term, slope in TERMS:
        shares = {
            (k, name): _share(exam, trial, name, slope)
            for k, trial in enumerate(exam.trials)
            for name in wrong
        }
        own = [c for (k, _), c in shares.items() if c is not None and exam.trials[k].n == exam.trials[0].n]
        if any(c is None for c in shares.values()):
            continue
        # At another batch size λ / N is another number.
        if np.ptp(own) <= 100 * SAME * max(abs(c) for c in own):
            return _finding(exam, wrong, term, float(np.median(own)))
    return None


def _share(exam: Exam, trial: Trial, name: str, slope: Slope) -> float | None:
    """c, where code − right = c · slope(W) in every entry; None if there is no such number."""
    code, right = trial.code[name], trial.right[name]
    if code.shape != right.shape or not np.isfinite(code).all():
        return None
    known = np.isfinite(right)
    if not known.any():
        return None
    left = (code - right)[known]
    direction = slope(np.asarray(trial.point.parameters[name], float))[known]
    c = float((left * direction).sum() / (direction**2).sum())
    scale, off = float(np.abs(left).max()), float(np.abs(left - c * direction).max())
    noise = 1e-6 * float(np.abs(right[known]).max())
    return c if scale > noise and off <= max(2e-3 * scale, 0.1 * noise) else None


def _finding(exam: Exam, wrong: list[str], term: str, c: float) -> Finding:
    head = None if exam.model is None else exam.model.head
    loss = 0.0 if head is None else (head.l2 if term == L2 else head.l1)
    slope, shown = ("2 λ W", "2 W") if term == L2 else ("λ sign(W)", "sign(W)")
    what, lacks = gradients(wrong), "lack" if len(wrong) > 1 else "lacks"
    evidence = f"Yours less the measured gradient of {listed(wrong)} is {c:+.6g} · {shown} in every entry."
    if loss:
        evidence += f" The loss has λ = {loss:.6g} with {exam.trials[0].n} examples."
        if abs(c + loss) > 1e-2 * abs(loss) and (
            times := _of_its_factor(exam, wrong, term, (loss + c) / loss)
        ):
            return times._replace(evidence=evidence)
    if c < 0:
        says = f"The loss has a penalty {term} whose derivative the {what} {lacks}{_in_part(exam)}."
        return Finding("penalty-missing", says, evidence, f"dW = (data part) + {slope}", PAGE)
    if head is not None and not loss:
        evidence += " The loss, recognised exactly, has none."
    says = f"The {what} {have(wrong)} a penalty's derivative {slope} that belongs to nothing in the loss."
    if head is None:  # then nobody knows what the loss has
        says = f"The {what} {have(wrong)} a penalty's derivative {slope}, or more of it than the loss gives."
    cure = f"add {term} to the loss, or take {slope} out of the gradient (weight decay belongs to the update)"
    return Finding("penalty-extra", says, evidence, cure, PAGE)


def _in_part(exam: Exam) -> str:
    """What to add where the loss is not known: a penalty's derivative may be there, but too small."""
    return " wholly or in part" if exam.model is None else ""


def _of_its_factor(exam: Exam, wrong: list[str], term: str, given: float) -> Finding | None:
    """The penalty is in the gradient, `given` times what the loss gives."""
    n, part = exam.trials[0].n, f"The penalty's part of the {gradients(wrong)} is"
    if n > 2 and min(abs(given / n - 1), abs(given * n - 1)) < 1e-2:
        says = f"{part} N times too {'large' if given > 1 else 'small'}."
        return Finding("batch-factor", says, "", BATCH_FORMULA, PAGE)
    weights = [step.W for step in exam.model.steps if isinstance(step, Dense)] if exam.model else []
    if abs(given) <= 1e-2 or not set(wrong) <= set(weights):
        return None
    cause = "factor-2" if min(abs(given - 2), abs(given - 0.5)) < 1e-2 else "factor"
    if abs(given + 1) < 1e-2:
        cause = "sign"
    says = f"{part} {given:.4g} times what the loss's {term} gives."
    slope = "2 λ W" if term == L2 else "λ sign(W)"
    return Finding(
        cause, says, "", f"{term} in the loss has the derivative {slope}; ½ {term} has half of it", PAGE
    )
