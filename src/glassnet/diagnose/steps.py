"""Findings about the learning rate: the steps are too large, or too small."""

import math

from glassnet.diagnose.finding import TOO_HIGH, TOO_LOW, Finding, number, percent
from glassnet.diagnose.signs import Signs

SPIKE = 3.0  # a later loss, in first losses or guesses, whichever cost more
LEARNED = 0.1  # a loss, in guesses, below which something was learnt
LOUD = 0.5  # a rate of dropout above which it raises the training loss by itself
REWRITTEN = 0.5  # the share of the weights that one step changes
PATIENCE = 20  # steps
HARDLY = 0.03  # the share of the weights that a whole run of such steps would change
SHORT = 1000  # steps; a run of fewer is judged as if it had so many
UNMOVED = 0.8  # a loss, in first losses or guesses, whichever cost less
TAIL = 0.01  # of the schedule's height; below, what a step changes is lost in rounding
USUAL = 0.001  # the share of the weights that one step usually changes


def too_high(signs: Signs) -> Finding | None:
    """The loss left the finite numbers, shot up, came back up, or each step rewrites the weights."""
    what = _diverged(signs) or shot_up(signs) or _forgot(signs) or _rewrites(signs)
    if what is None:
        return None
    rate = number(signs.run.settings.learning_rate)
    text = f"{what}: the steps overshoot; a learning rate ten times smaller (it is {rate}) usually helps"
    return Finding(TOO_HIGH, None, text)


def _diverged(signs: Signs) -> str | None:
    """The loss is no number any more."""
    return f"the loss is not finite after step {signs.run.step:,}" if signs.diverged else None


def shot_up(signs: Signs) -> str | None:
    """The loss rose far above where it began, and has not recovered."""
    if not (signs.stuck and signs.highest > SPIKE * max(signs.first, signs.guess)):
        return None
    began = f"it began at {number(signs.first)} and guessing costs {number(signs.guess)}"
    return f"the loss rose to {number(signs.highest)}, where {began}"


def _forgot(signs: Signs) -> str | None:
    """The network had learnt something, and has lost it."""
    if (signs.run.settings.dropout or 0.0) > LOUD:
        return None
    if not (signs.stuck and signs.lowest < LEARNED * signs.guess):
        return None
    now = f"it is {number(signs.recent)} now and guessing costs {number(signs.guess)}"
    return f"the loss was {number(signs.lowest)} at best, where {now}"


def _rewrites(signs: Signs) -> str | None:
    """Each step changes a large part of a layer's weights, and nothing is learnt."""
    ratio = signs.ratio or 0.0
    if not (signs.stuck and signs.run.step >= PATIENCE and ratio > REWRITTEN):
        return None
    return f"one step changes the weights of a layer by {percent(ratio)}"


def too_low(signs: Signs) -> Finding | None:
    """A whole run of such steps, all the same way, would hardly change the weights."""
    rate, height = signs.rate, signs.run.settings.learning_rate
    if signs.ratio is None or not rate > TAIL * height or signs.run.step < PATIENCE:
        return None
    if not signs.recent > UNMOVED * min(signs.first, signs.guess):
        return None
    pace = signs.ratio * height / rate  # where the schedule is at its height
    steps = max(signs.run.total_steps, SHORT)
    if not pace * steps < HARDLY:
        return None
    times = 10 ** round(math.log10(USUAL / pace)) if pace > 0 else SHORT
    text = (
        f"one step changes the weights by {percent(pace)}, so that {steps:,} steps change them by at most"
        f" {percent(pace * steps)}; a learning rate {times:,} times larger (it is {number(height)}), or more,"
        " usually helps"
    )
    return Finding(TOO_LOW, None, text)
