"""The learning rate of a step as its schedule makes it. A new schedule needs one more entry here."""

from glassnet.inside.cells import term
from glassnet.inside.explanation import Doc, Line, Term
from glassnet.inside.symbols import sub
from glassnet.nn.schedules import Constant, Cosine, Exponential, OneCycle, Schedule, StepDecay, Warmup

# For each its formula, its equation in docs/math/schedules.md, and what it is called.
FORMULAS: dict[type, tuple[str, int | None, str]] = {
    Constant: ("η", None, "the learning rate, always the same"),
    StepDecay: ("η f^⌊t / s⌋", 1, "the learning rate, by step decay"),
    Exponential: ("η d^(t / (T − 1))", 2, "the learning rate, falling exponentially"),
    Cosine: ("η (d + (1 − d) (1 + cos(π t / T)) / 2)", 3, "the learning rate, on half a cosine"),
    OneCycle: ("h(a, b, q): up to η in half a wave, then down", 5, "the learning rate, of one cycle"),
    Warmup: ("then(t) min(1, (t + 1) / s)", 6, "the learning rate, warming up"),
}


def rate(schedule: Schedule, step: int, total: int, value: float, place: int) -> Line:
    """Return the line of the rate `value` of update number `step`, from 0, of `total`."""
    own = "", None, "the learning rate, by a schedule of your own"
    formula, equation, words = FORMULAS.get(type(schedule), own)
    doc = Doc("schedules", equation, "schedules") if formula else None
    words = f"{words} (t = {step:,} of T = {total:,})"
    return Line(
        "eta",
        sub("η", step),
        words,
        formula or repr(schedule),
        doc,
        value,
        place,
        None,
        None,
        _terms(schedule, step, total, value),
    )


def _terms(schedule: Schedule, step: int, total: int, value: float) -> tuple[Term, ...]:
    """The rate as its height times a share; of a warm-up, what follows on it times the way that is done."""
    if isinstance(schedule, Warmup):
        then = float(schedule.then(step, total))
        return (term((f"then({step})", then), ("the way up", value / then if then else 1.0)),)
    height = float(schedule.learning_rate)
    if isinstance(schedule, Constant) or not height:
        return (term(("η", value)),)
    return (term(("η", height), ("the share of it", value / height)),)
