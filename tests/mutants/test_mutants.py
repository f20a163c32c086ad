import pytest

from mutants.judgement import Outcome, judge, judged
from mutants.programs import Program, programs

NAMED_FIRST = 0.9  # of the faults


@pytest.fixture(scope="module")
def outcomes():
    return list(judged(programs()))


def about(cause, verdict, *causes):
    return Outcome(Program("known", "style", "function", "f", "name", cause, ""), verdict, causes, "")


@pytest.mark.parametrize(
    ("outcome", "caught", "named"),
    [
        (about("sign", "wrong", "sign"), True, True),
        (about("sign", "wrong", "factor", "sign"), True, False),
        (about("sign", "wrong"), True, False),
        (about("sign", "correct", "sign"), False, False),
        (about("sign", "undecided", "sign"), False, False),
        (about("other", "wrong"), True, True),
        (about("other", "wrong", "other"), True, True),
        (about("other", "wrong", "sign"), True, False),
        (about("non-differentiable", "undecided", "non-differentiable"), True, True),
        (about("non-differentiable", "undecided"), False, False),
        (about("non-differentiable", "wrong", "non-differentiable"), False, False),
        (about("non-deterministic", "undecided", "non-deterministic"), True, True),
        (about("non-deterministic", "wrong", "non-deterministic"), True, True),
        (about("non-deterministic", "wrong", "factor"), False, False),
        (about("non-deterministic", "correct", "non-deterministic"), False, False),
    ],
)
def test_what_counts_as_caught_and_named(outcome, caught, named):
    assert (outcome.caught, outcome.named) == (caught, named)


def test_only_a_correct_program_called_wrong_is_a_false_alarm():
    assert about("", "wrong").false_alarm
    assert not about("", "undecided").false_alarm
    assert not about("", "correct").false_alarm
    assert not about("sign", "wrong").false_alarm


def test_a_program_that_cannot_run_is_undecided():
    outcome = judge(Program("known", "style", "function", "f", "name", "sign", "def f(params, x, y): pass\n"))
    assert outcome.verdict == "undecided"
    assert outcome.said.startswith("undecided: no cause (style.py: expected")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_fault_is_caught(outcomes):
    faults = [outcome for outcome in outcomes if not outcome.program.correct]
    missed = [f"{o.program.label}: {o.said}" for o in faults if not o.caught]
    assert not missed, "\n".join(missed)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("folder", ["blind", "known"])
def test_the_cause_is_named_first(outcomes, folder):
    faults = [o for o in outcomes if not o.program.correct and o.program.folder == folder]
    missed = [f"{o.program.label}: expected {o.program.cause}, {o.said}" for o in faults if not o.named]
    assert len(faults) - len(missed) >= NAMED_FIRST * len(faults), "\n".join(missed)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_correct_programs_are_called_correct(outcomes):
    alarms = [
        f"{o.program.label}: {o.said}" for o in outcomes if o.program.correct and o.verdict != "correct"
    ]
    assert not alarms, "\n".join(alarms)
