"""Causes that show in how the code behaves from call to call, whatever it computes."""

import numpy as np

from glassnet.doctor.causes.formulas import formula_of
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import Exam, fitted, same
from glassnet.doctor.measure import returned
from glassnet.doctor.points import Point
from glassnet.doctor.subject import Evaluation
from glassnet.doctor.words import gradients, listed
from glassnet.nn.layer import Array


def changes_in_place(exam: Exam) -> Finding | None:
    """Arrays that were handed in are different after the call."""
    if not exam.first.changed:
        return None
    names = listed(exam.first.changed)
    return Finding(
        "in-place",
        f"Your code writes into {names} while it computes. What is computed from it afterwards uses the new"
        " numbers, and the derivative belongs to the old ones.",
        f"After one call {names} held other numbers than before it.",
        "a = f(z) into a new array; update W only after all gradients are there",
        "backpropagation_in_code.md#in-place",
    )


def leftovers(exam: Exam) -> Finding | None:
    """The second of two calls gives another gradient than the same call alone, and it is not right for it."""
    if len(exam.trials) < 2:
        return None
    subject = exam.subject
    before, now = _other(exam), exam.trials[0].point
    try:
        with np.errstate(all="ignore"):
            again = subject.repeated(before, now)
            once = subject.evaluate(*before)
    except Exception:  # a learner's code may raise anything on other numbers than its own
        return None
    found, alone, earlier = (_all(e, now) for e in (again, exam.first, once))
    if all(same(found[name], np.asarray(alone[name]), 1e-9) for name in found):
        return None
    if abs(again.loss - exam.first.loss) > 1e-9 * abs(exam.first.loss) and _still_right(exam, before, found):
        return None  # other random numbers, for instance, and right for them
    sums = {name: np.asarray(alone[name]) + np.asarray(earlier[name]) for name in found}
    changed = [name for name in found if not same(found[name], np.asarray(alone[name]), 1e-9)]
    if all(same(found[name], sums[name], 1e-9) for name in changed):
        return Finding(
            "stale-cache",
            f"The {gradients(changed)} {'adds' if len(changed) == 1 else 'add'} up from call to call: what an"
            " earlier call left is still there.",
            f"The second of two calls returned the sum of what the two return alone, for {listed(changed)}.",
            f"{formula_of(exam, changed[0])}, written over the old dW (or set to zero before each backward)",
            "backpropagation_in_code.md#accumulating",
        )
    name = changed[0]
    apart = _apart(found[name], alone[name])
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(apart)), apart.shape))
    return Finding(
        "stale-cache",
        "Something that an earlier call kept is used by the next one: a cache that is not renewed.",
        f"With the same numbers handed in, the gradient of {name}{list(index)} is {alone[name][index]:.6g} in"
        f" the first call and {found[name][index]:.6g} after another call.",
        "every forward writes all that its backward reads",
        "backpropagation_in_code.md#caches",
    )


def _apart(one: Array, other: Array) -> Array:
    return np.abs(one - other) if one.shape == np.shape(other) else np.zeros(one.shape)


def _other(exam: Exam) -> Point:
    """Other parameters, and where x is not whole numbers another x, for the call before."""
    point = exam.trials[1].point
    x = np.asarray(point.x)
    if x.dtype.kind == "f":
        x = (x + np.random.default_rng(6).normal(0, 0.5 * float(x.std()) + 0.1, x.shape)).astype(x.dtype)
    return Point(point.parameters, x, point.y)


def _all(evaluation: Evaluation, point: Point) -> dict[str, Array]:
    return {name: np.asarray(array) for name, array in fitted(returned(evaluation), point).items()}


def _still_right(exam: Exam, before: Point, found: dict[str, Array]) -> bool:
    """Whether the second call's gradient is right for the second call's own loss, along one direction."""
    now = exam.trials[0].point
    generator = np.random.default_rng(4)
    along = {name: generator.normal(size=array.shape) for name, array in now.parameters.items()}
    step = 1e-5

    def loss(t: float) -> float:
        moved = {name: array + t * along[name] for name, array in now.parameters.items()}
        return exam.subject.repeated(before, Point(moved, now.x, now.y)).loss

    slope = (loss(step) - loss(-step)) / (2 * step)
    given = sum(
        float((found[name] * along[name]).sum()) for name in along if found[name].shape == along[name].shape
    )
    return abs(slope - given) <= 1e-4 * max(abs(slope), abs(given), 1e-9)


def ignores_upstream(exam: Exam) -> Finding | None:
    """A class whose gradients do not change, or not in proportion, when dy does."""
    subject = exam.subject
    if subject.form == "function" or exam.first.input_gradient is None:
        return None
    twice = subject.evaluate(subject.parameters, subject.x, 2 * np.asarray(subject.y))
    first, second = returned(exam.first), returned(twice)
    unequal = [n for n in first if not same(np.asarray(second[n]), 2 * np.asarray(first[n]), 1e-6)]
    if not unequal:
        return None
    still = all(same(np.asarray(second[n]), np.asarray(first[n]), 1e-6) for n in unequal)
    what = "does not change" if still else "is not doubled"
    return Finding(
        "upstream-ignored",
        f"Your backward does not use dy as it should: when dy is doubled, the gradient of {listed(unequal)}"
        f" {what}.",
        "A gradient is in proportion to the dy that comes from above: twice dy gives twice the gradient.",
        "dx = dy · ∂y/∂x and dW = dy · ∂y/∂W: dy is a factor of each",
        "backpropagation_in_code.md#what-comes-from-above",
    )
