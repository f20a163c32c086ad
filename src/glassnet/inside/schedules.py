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
    OneCycle: ("", 5, "the learning rate, of one cycle"),  # whose formula is another on each side of the peak
    Warmup: ("then(t) min(1, (t + 1) / s)", 6, "the learning rate, warming up"),
}


def rate(schedule: Schedule, step: int, total: int, value: float, place: int) -> Line:
    """Return the line of the rate `value` of update number `step`, from 0, of `total`."""
    own = "", None, "the learning rate, by a schedule of your own"
    formula, equation, words = FORMULAS.get(type(schedule), own)
    if type(schedule) is OneCycle:
        formula = _one_cycle(schedule, step, total)
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


def _one_cycle(schedule: OneCycle, step: int, total: int) -> str:
    """Up to the peak and down from it, each in half a wave h(from, to, share of the way)."""
    if step <= schedule.rise * total - 1:
        return f"h(η/{schedule.start:g}, η, t/(r T − 1))"
    return f"h(η, η/{schedule.start * schedule.finish:g}, (t − r T + 1)/(T − r T))"


def _terms(schedule: Schedule, step: int, total: int, value: float) -> tuple[Term, ...]:
    """The rate as its height times a share; of a warm-up, what follows on it times the way that is done."""
    if isinstance(schedule, Warmup):
        then = float(schedule.then(step, total))
        return (term((f"then({step})", then), ("the way up", value / then if then else 1.0)),)
    height = float(schedule.learning_rate)
    if isinstance(schedule, Constant) or not height:
        return (term(("η", value)),)
    return (term(("η", height), ("the share of it", value / height)),)
