"""The causes that the doctor knows: one function each, in the order in which they are tried.

A cause returns what it found, with its evidence, or None. The first that finds something is the likeliest.
"""

from collections.abc import Callable

from glassnet.doctor.causes import behaviour, factors, general, penalties, penalty_parts, shapes, wrong_steps
from glassnet.doctor.diagnosis import Finding
from glassnet.doctor.exam import Exam

Cause = Callable[[Exam], Finding | None]

# Searches through pairs of mistakes: only where nothing simpler was found.
LAST_RESORTS: tuple[Cause, ...] = (wrong_steps.wrong_step_and_factor, wrong_steps.two_wrong_steps)
# What is true of every such mistake, and adds nothing to one that has a name.
GENERAL: tuple[Cause, ...] = (general.only_the_input, general.right_for_one_example)
CAUSES: tuple[Cause, ...] = (
    behaviour.changes_in_place,
    behaviour.leftovers,
    shapes.left_at_zero,
    shapes.one_array_for_all,
    shapes.broadcasts,
    shapes.summed_to_one_number,
    shapes.summed_over_the_wrong_axis,
    shapes.transposed,
    factors.wrong_factor,
    penalties.wrong_penalty,
    penalty_parts.wrong_part,
    wrong_steps.wrong_step,
    wrong_steps.updated_before_use,
    behaviour.ignores_upstream,
    *LAST_RESORTS,
    *GENERAL,
)
