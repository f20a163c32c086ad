"""Every fault the doctor can try, planted into right gradients as code: it must be found, and named."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from doctor.learners import function, of_class
from glassnet.doctor.activations import KNOWN, RELU, SIGMOID, TANH
from glassnet.doctor.examine import examine
from glassnet.doctor.faults.catalogue import faults
from glassnet.doctor.heads import Head
from glassnet.doctor.model import Model
from glassnet.doctor.recognise import targets
from glassnet.doctor.steps import Dense, Elementwise, Normalization, Skip, Softmax
from mutants.programs import CAUSES

N = 5
(GELU,) = (one for one in KNOWN if one.name == "GELU (tanh form)")


def chain(*widths, between=(), last=(), transposed=False, axis=0, head, y=None, skip=None):
    """Dense steps with `between` after each but the last, and an example to run them on."""
    generator = np.random.default_rng(3)
    steps, parameters = [], {}
    for k, (inputs, outputs) in enumerate(pairwise(widths), 1):
        steps.append(Dense(f"W{k}", f"b{k}", transposed))
        parameters[f"W{k}"] = generator.normal(0, 0.7, (outputs, inputs) if transposed else (inputs, outputs))
        parameters[f"b{k}"] = generator.normal(0, 0.7, (outputs, 1) if axis == 1 else outputs)
        for step in between if k < len(widths) - 1 else ():
            steps.append(step)
            if isinstance(step, Normalization):
                parameters |= {n: generator.uniform(0.5, 2, outputs) for n in (step.gamma, step.beta) if n}
    steps += last
    if skip is not None:
        steps.insert(skip[1], Skip(skip[0]))
    x = generator.normal(size=(N, widths[0]))
    t = generator.normal(size=(N, widths[-1])) if y is None else y(generator)
    model = Model(tuple(steps), head, axis)
    return model, parameters, *((x.T.copy(), t.T.copy()) if axis == 1 else (x, t))


MODELS = {
    "columns, ReLU, softmax": chain(
        4, 4, 4, 3, between=(Elementwise(RELU),), last=(Softmax(),), transposed=True, axis=1,
        head=Head("cross-entropy"), y=lambda g: np.eye(3)[g.integers(0, 3, N)]),
    "rows, tanh, sigmoid": chain(
        3, 4, 2, between=(Elementwise(TANH),), last=(Elementwise(SIGMOID),),
        head=Head("binary cross-entropy"), y=lambda g: g.integers(0, 2, (N, 2)).astype(float)),
    "GELU, shortcut, squared error": chain(
        4, 4, 2, between=(Elementwise(GELU),), head=Head("squared error", 0.5), skip=(0, 2)),
    "batch normalization, smoothing": chain(
        3, 4, 3, between=(Normalization(0, "gamma1", "beta1", 1e-5), Elementwise(TANH)), last=(Softmax(),),
        head=Head("cross-entropy", 0.9, 0.1, l2=0.0), y=lambda g: np.eye(3)[g.integers(0, 3, N)]),
    "class, layer normalization": chain(
        4, 4, 3, between=(Normalization(-1, "gamma1", "beta1", 1e-5), Elementwise(SIGMOID)),
        last=(Softmax(),), head=Head("product")),
}  # fmt: skip


def run_of(name):
    model, parameters, x, y = MODELS[name]
    run = model.run(parameters, x, np.zeros(0))
    shape = run.values[-1].shape
    t = model.inside(y) if model.head.kind == "product" else targets(y, *shape, model.batch_axis)
    return run._replace(targets=t)


def planted(name, fault):
    model, parameters, x, y = MODELS[name]
    replaced = None if fault is None else fault.replaced
    if model.head.kind == "product":
        return of_class(model, parameters, x, replaced)
    return function(model, (parameters, x, y), replaced)


def numbers(name, fault):
    """The gradients that the model has with the fault."""
    model = MODELS[name][0]
    gradients, dx = model.gradients(run_of(name), None if fault is None else fault.replaced)
    return {**gradients, "x": dx} if model.head.kind == "product" else gradients


@cache
def numbers_of_all(name):
    """The cause of each fault that a model can have, and the gradients with it."""
    return [(fault.cause, numbers(name, fault)) for fault in faults(MODELS[name][0], run_of(name))]


def equal(one, other):
    return all(np.allclose(one[name], other[name], rtol=1e-6, atol=1e-9) for name in one)


def remembering(subject, known):
    """The subject, whose loss is not computed again at a point where `known` has it."""
    compute = subject.loss

    def loss(parameters=None, x=None, y=None):
        arrays = [*(parameters or {}).items(), ("x", x), ("y", y)]
        key = tuple((n, a.shape, a.dtype.str, a.tobytes()) for n, a in arrays if a is not None)
        if key not in known:
            known[key] = compute(parameters, x, y)
        return known[key]

    subject.loss = loss
    return subject


def named(name, fault, known=None):
    """Whether the fault is found under its own cause, or one whose numbers are the same; "" if so.

    A fault of the backward pass leaves the losses as they are: `known`, if given, takes them from one fault
    of a model to the next.
    """
    given = numbers(name, fault)
    found = examine(remembering(planted(name, fault), {} if known is None else known))
    if equal(given, numbers(name, None)):
        return "" if found.verdict == "correct" else f"{fault.key}: no mistake, and {found.verdict}"
    same = {cause for cause, its_own in numbers_of_all(name) if equal(given, its_own)}
    if any(np.allclose(g, 0, atol=1e-12) for g in given.values()):
        same.add("missing-gradient")  # the sum over all entries of p − y, for one
    cause = found.findings[0].cause if found.findings else None
    if found.verdict != "wrong" or cause not in same:
        return f"{fault.key} at {fault.where}: expected {sorted(same)}, got {found.verdict}, {cause}"
    return ""


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_found_in_right_code(name):
    found = examine(planted(name, None))
    assert found.verdict == "correct", str(found)
    assert found.model


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", MODELS)
def test_every_fault_is_found_and_named(name):
    known = {}
    unnamed = [said for fault in faults(MODELS[name][0], run_of(name)) if (said := named(name, fault, known))]
    assert not unnamed


@pytest.mark.parametrize("name", MODELS)
def test_the_likeliest_fault_is_found_and_named(name):
    (first, *_) = [
        fault for fault in faults(MODELS[name][0], run_of(name)) if fault.cause == "activation-missing"
    ]
    assert not named(name, first)


@pytest.mark.parametrize("name", MODELS)
def test_faults_have_causes_of_the_list_and_places(name):
    found = faults(MODELS[name][0], run_of(name))
    assert {fault.cause for fault in found} <= CAUSES
    assert all(fault.says and fault.formula and fault.where and fault.replaced for fault in found)


def test_a_gradient_of_rounding_errors_hides_no_mistake():
    """The bias below a batch normalization has the gradient 0, but for the rounding of the others."""
    name = "batch normalization, smoothing"
    (both,) = [
        f for f in faults(MODELS[name][0], run_of(name)) if f.key == "missing" and len(f.replaced) == 2
    ]
    assert not named(name, both)


def test_a_mistake_at_several_steps_names_them_all():
    several = [
        fault for fault in faults(MODELS["columns, ReLU, softmax"][0], run_of("columns, ReLU, softmax"))
        if fault.key == "missing" and len(fault.replaced) == 2
    ]  # fmt: skip
    assert several[0].says == "the derivative of ReLU is left out; the same at the activation after W2"


def test_formulas_are_in_the_learners_layout():
    formulas = {name: {f.formula for f in faults(MODELS[name][0], run_of(name))} for name in MODELS}
    assert {"dW = dz xᵀ", "dx = Wᵀ dz"} <= formulas["columns, ReLU, softmax"]
    assert {"dW = xᵀ dz", "dx = dz Wᵀ"} <= formulas["rows, tanh, sigmoid"]
    assert any("axis=1, keepdims=True" in formula for formula in formulas["columns, ReLU, softmax"])
    assert any("dz.sum(axis=0)" in formula for formula in formulas["rows, tanh, sigmoid"])
