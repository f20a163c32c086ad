"""Learners' code made from a model: right, or with a step gone back through wrongly."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from glassnet.doctor.class_form import ClassSubject
from glassnet.doctor.function_form import FunctionSubject
from glassnet.doctor.heads import LOSSES
from glassnet.doctor.model import Model
from glassnet.doctor.recognise import targets
from glassnet.doctor.steps import Backward, Dense, Run


def loss_of(model: Model, run: Run) -> float:
    """The head's loss, with smoothing and penalties, from what it says of itself."""
    head, p = run.head, run.values[-1]
    loss = head.scale * LOSSES[head.kind](p, run.targets)
    if head.smoothing:
        loss += head.smoothing * LOSSES[head.kind](p, np.full_like(p, 1 / p.shape[1]))
    for step in model.steps:
        if isinstance(step, Dense):
            W = run.parameters[step.W]
            loss += head.l2 * (W**2).sum() + head.l1 * np.abs(W).sum()
            if step.b is not None:
                loss += head.bias_l2 * (run.parameters[step.b] ** 2).sum()
    return float(loss)


def function(
    model: Model, example: tuple[Any, Any, Any], replaced: Mapping[int, Backward] | None = None
) -> FunctionSubject:
    """A function form whose loss is a mean over the batch: the head's scale is divided by N."""

    def loss_and_grads(params: Any, x: Any, y: Any) -> Any:
        n = x.shape[model.batch_axis]
        head = replace(model.head, scale=model.head.scale / n, smoothing=model.head.smoothing / n)
        own = replace(model, head=head)
        run = own.run(params, x, np.zeros(0))
        run = run._replace(targets=targets(y, n, run.values[-1].shape[1], model.batch_axis))
        return loss_of(own, run), own.gradients(run, replaced)[0]

    return FunctionSubject(loss_and_grads, example)


class Learner:
    """A class whose backward is the model's, with some steps replaced."""

    def __init__(self, model: Model, parameters: dict[str, Any], replaced: Any = None) -> None:
        self._model, self._names, self._replaced = model, list(parameters), replaced
        for name, value in parameters.items():
            setattr(self, name, value)

    def forward(self, x: Any) -> Any:
        parameters = {name: getattr(self, name) for name in self._names}
        self._x, self._run = x, self._model.run(parameters, x, np.zeros(0))
        output = self._run.values[-1]
        return output.T if self._model.batch_axis == 1 else output

    def backward(self, dy: Any) -> Any:
        run = self._run._replace(targets=self._model.inside(dy))
        gradients, dx = self._model.gradients(run, self._replaced)
        for name, gradient in gradients.items():
            setattr(self, f"d{name}", gradient)
        return self._model.outside(dx, self._x)


def of_class(model: Model, parameters: dict[str, Any], x: Any, replaced: Any = None) -> ClassSubject:
    return ClassSubject(Learner(model, parameters, replaced), x, name="Learner")
