"""Fitting step by step, through `glassnet.Training`: when it ends, and what is written down on the way."""

import math
import warnings
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from glassnet.data.dataset import Dataset, Split
from glassnet.estimators.held_out import HeldOut
from glassnet.estimators.objectives import Objective
from glassnet.estimators.order import Order
from glassnet.estimators.parameters import STOPPING_RATES, callbacks
from glassnet.estimators.solvers import optimizer, resume
from glassnet.nn import schedules
from glassnet.nn.layer import Array
from glassnet.nn.schedules import Constant, Schedule
from glassnet.training import Training
from glassnet.training.batches import Rows
from glassnet.training.events import End, Epoch, Event

SMALLEST_RATE = 1e-6  # "adaptive" ends a fit instead of going below


class Examples(NamedTuple):
    """What is fitted: inputs (M, features), encoded targets, and the numbers of the rows to train on."""

    inputs: Array
    targets: Array
    rows: Rows | None
    classes: tuple[str, ...] | None

    def __len__(self) -> int:
        return len(self.inputs) if self.rows is None else len(self.rows)


@dataclass(frozen=True)
class Later:
    """A schedule of `epochs` epochs, each a run of its own, after so many `steps`."""

    plan: Schedule
    steps: int
    epochs: int

    @property
    def learning_rate(self) -> float:
        """The height of the schedule."""
        return self.plan.learning_rate

    def __call__(self, step: int, total: int) -> float:
        """plan(steps + step), as if all epochs had as many updates as this one."""
        return self.plan(self.steps + step, total * self.epochs)


class Fit:
    """One fit of an estimator: it hears the events of its run, and stops it when nothing improves."""

    def __init__(self, estimator: Any, held: HeldOut | None, *, once: bool) -> None:
        self.estimator, self.held, self.once = estimator, held, once
        self.epochs = 1 if once else estimator.max_iter
        self.hearers = callbacks(estimator.callbacks)
        self.n = 0
        self.slows_down = estimator.solver == "sgd" and estimator.learning_rate in ("invscaling", "adaptive")
        self.planned = estimator.learning_rate not in STOPPING_RATES  # by a schedule, up to the last epoch
        self.early = estimator.early_stopping and not once
        self.converged = False

    def run(self, examples: Examples, objective: Objective, random: np.random.RandomState) -> None:
        """Train the estimator's network to the end of the fit. Raises ValueError if its loss is lost."""
        e, network, self.n = self.estimator, self.estimator.network_, len(examples)
        empty = np.empty(0, np.intp)
        part = Split(examples.inputs, examples.targets, examples.rows)
        none = replace(part, rows=empty)
        seed = int(random.randint(2**31 - 1)) + e.t_ if e.dropout else 0  # new masks in each partial_fit
        if not self.once:
            e._optimizer, e._rate = None, float(e.learning_rate_init)
        run = Training(
            network,
            Dataset("fit", part, none, none, examples.classes),
            loss=objective,
            optimizer=optimizer(e),
            learning_rate=self._schedule(),
            epochs=self.epochs,
            batch_size=self._batch_size(),
            l2=float(e.alpha),
            weight_decay=e.weight_decay,
            seed=seed,
            order=Order(self.n, random if e.shuffle else None),
            threads="auto",
        )
        if e._optimizer is not None:
            resume(run.optimizer, e._optimizer)
        rows = examples.rows
        objective.rows = (lambda: run.batch) if rows is None else (lambda: rows[run.batch])
        e.n_iter_ = 0
        if self.early:
            e.best_loss_ = None
        try:
            end = run.fit(self.hear, progress=False)[-1]
        finally:
            objective.rows = None
        assert isinstance(end, End)
        self._finish(end, run)

    def _schedule(self) -> Schedule:
        e = self.estimator
        if not self.planned:
            return Constant(e._rate if self.slows_down else float(e.learning_rate_init))
        plan = schedules.get(e.learning_rate, float(e.learning_rate_init))
        if not self.once:
            return plan
        return Later(plan, 0 if e._optimizer is None else e._optimizer.steps, e.max_iter)

    def _batch_size(self) -> int:
        size = self.estimator.batch_size
        if size == "auto":
            return min(200, self.n)
        if size > self.n:
            warnings.warn(
                f"batch_size: expected at most the {self.n} examples, got {size}; it is cut to that",
                stacklevel=6,
            )
        return int(min(size, self.n))

    # ---- while it runs

    def hear(self, event: Event, run: Training) -> None:
        """Follow the run; callbacks hear each event too, with what was measured on held-out examples."""
        if event.__class__ is Epoch:
            event = self._epoch(event, run)
        for hear in self.hearers:
            hear(event, run)

    def _epoch(self, event: Epoch, run: Training) -> Epoch:
        e = self.estimator
        e.n_iter_ += 1
        e.t_ += self.n
        e.loss_ = event.loss
        e.loss_curve_.append(event.loss)
        if e.verbose:
            print(f"Iteration {e.n_iter_}, loss = {event.loss:.8f}")
        if self.held is not None:
            loss, score = self.held.measure(run.network)
            e.validation_loss_curve_.append(loss)
            e.validation_scores_.append(score)
            if e.verbose:
                print(f"Validation score: {score:f}")
            event = replace(event, validation_loss=loss)
            setattr(event, self.held.score_name, score)
        self._count(run)
        if self.slows_down and e.learning_rate == "invscaling":
            self._set_rate(run, e.learning_rate_init / (e.t_ + 1) ** e.power_t)
        if e._no_improvement_count > e.n_iter_no_change:
            self._stop_or_slow_down(run)
        return event

    def _count(self, run: Training) -> None:
        """Count the epochs in a row that improved nothing by `tol`: the score held out, or the loss."""
        e = self.estimator
        if self.held is not None:
            score = e.validation_scores_[-1]
            stuck = score < e.best_validation_score_ + e.tol
            if score > e.best_validation_score_:
                e.best_validation_score_ = score
                if self.early:
                    e._best_parameters = run.network.parameters.vector.copy()
        if not self.early:
            loss, best = e.loss_curve_[-1], math.inf if e.best_loss_ is None else e.best_loss_
            stuck = loss > best - e.tol
            e.best_loss_ = min(best, loss)
        e._no_improvement_count = e._no_improvement_count + 1 if stuck else 0

    def _stop_or_slow_down(self, run: Training) -> None:
        e = self.estimator
        what = "Validation score" if self.early else "Training loss"
        words = f"{what} did not improve more than tol={e.tol:f} for {e.n_iter_no_change} consecutive epochs."
        if self.slows_down and e.learning_rate == "adaptive" and e._rate > SMALLEST_RATE:
            e._no_improvement_count = 0
            self._set_rate(run, e._rate / 5)
            words += f" Setting learning rate to {e._rate:f}"
        else:
            self.converged = True
            run.stop("early")
            words += " Stopping."
        if e.verbose:
            print(words)

    def _set_rate(self, run: Training, rate: float) -> None:
        """Change the learning rate as scikit-learn does, where it is part of the velocity: v = Σ μᵏ ηₖ gₖ."""
        for velocity in run.optimizer.slots.values():
            velocity *= self.estimator._rate / rate
        self.estimator._rate = rate
        run.change(learning_rate=rate)

    # ---- at the end

    def _finish(self, end: End, run: Training) -> None:
        e = self.estimator
        e._optimizer = run.optimizer
        if end.reason == "diverged":
            lost, _, rest = end.message.partition("; what usually helps: ")
            helps = "a smaller learning rate, inputs and targets scaled (StandardScaler), a larger alpha"
            raise ValueError(f"fit: {lost}; what usually helps: {helps}; {rest.rpartition('; ')[2]}")
        if end.reason == "interrupted":
            warnings.warn("Training interrupted by user.", stacklevel=6)
        elif end.reason == "finished" and not (self.converged or self.once or self.planned):
            warnings.warn(
                f"Stochastic Optimizer: Maximum iterations ({e.max_iter}) reached and the optimization hasn't"
                " converged yet.",
                ConvergenceWarning,
                stacklevel=6,
            )
        if self.early and e._best_parameters is not None:
            e.network_.parameters.vector[...] = e._best_parameters
