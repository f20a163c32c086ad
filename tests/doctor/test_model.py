"""The doctor's model: gradients against differences of its loss, for chains of every kind of step."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctor.learners import loss_of
from glassnet.doctor.activations import KNOWN, SIGMOID, TANH
from glassnet.doctor.heads import LOSSES, Head
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Dense, Elementwise, Normalization, Skip, Softmax

SMOOTH = [one for one in KNOWN if one.name in ("sigmoid", "tanh", "softplus", "GELU", "SiLU", "sine")]
FINAL = {"cross-entropy": Softmax(), "binary cross-entropy": Elementwise(SIGMOID)}


@st.composite
def chains(draw):
    """A model with parameters, x and targets, in any layout."""
    generator = np.random.default_rng(draw(st.integers(0, 2**16)))
    widths = draw(st.lists(st.integers(2, 5), min_size=2, max_size=4))
    axis, kind = draw(st.sampled_from([0, 1])), draw(st.sampled_from(sorted(LOSSES)))
    steps, parameters = [], {}
    for layer, (inputs, outputs) in enumerate(pairwise(widths)):
        W, b, transposed = f"W{layer}", f"b{layer}" if draw(st.booleans()) else None, draw(st.booleans())
        steps.append(Dense(W, b, transposed))
        parameters[W] = generator.normal(size=(outputs, inputs) if transposed else (inputs, outputs))
        if b:
            parameters[b] = generator.normal(
                size=draw(st.sampled_from([(outputs,), (outputs, 1), (1, outputs)]))
            )
        if draw(st.booleans()):
            gamma = f"gamma{layer}" if draw(st.booleans()) else None
            steps.append(Normalization(draw(st.sampled_from([0, -1])), gamma, f"beta{layer}", 1e-2))
            parameters |= {n: generator.normal(1, 0.3, outputs) for n in (gamma, f"beta{layer}") if n}
        steps.append(Elementwise(draw(st.sampled_from(SMOOTH))))
        if inputs == outputs:
            steps.append(Skip(max(k for k, step in enumerate(steps) if isinstance(step, Dense))))
    if kind in FINAL:
        steps.append(FINAL[kind])
    small = st.sampled_from([0.0, 0.05])
    head = Head(kind, draw(st.sampled_from([1.0, 0.25])), draw(small) * (kind == "cross-entropy"),
                draw(small), draw(small), draw(small))  # fmt: skip
    x = generator.normal(size=(widths[0], 6) if axis == 1 else (6, widths[0]))
    t = np.eye(widths[-1])[generator.integers(0, widths[-1], 6)]
    return Model(tuple(steps), head, axis), parameters, x, t, generator


@settings(max_examples=60, deadline=None, derandomize=True)
@given(chains())
def test_gradients_are_the_slopes_of_the_loss(chain):
    model, parameters, x, t, generator = chain
    gradients, d = model.gradients(model.run(parameters, x, t))
    assert {name: g.shape for name, g in gradients.items()} == {n: p.shape for n, p in parameters.items()}
    gradients["x"] = model.outside(d, x)
    along = {name: generator.normal(size=g.shape) for name, g in gradients.items()}

    def loss(h):
        moved = {name: value + h * along[name] for name, value in parameters.items()}
        return loss_of(model, model.run(moved, x + h * along["x"], t))

    ends = [(8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h) for h in (1e-4, 3e-5)]
    given_slope = sum(float((gradients[name] * along[name]).sum()) for name in along)
    tolerance = 1e-6 * max(1, abs(given_slope)) + 10 * abs(ends[0] - ends[1])  # absolute error, hinge: kinks
    assert abs(given_slope - ends[1]) <= tolerance


def small():
    model = Model((Dense("W", "b", False), Elementwise(TANH)), Head("squared error"), 0)
    generator = np.random.default_rng(0)
    parameters = {"W": generator.normal(size=(3, 2)), "b": generator.normal(size=2)}
    return model, model.run(parameters, generator.normal(size=(4, 3)), generator.normal(size=(4, 2)))


def test_a_replaced_step_changes_its_way_back_and_no_other():
    model, run = small()
    right, _ = model.gradients(run)
    wrong, _ = model.gradients(run, {1: lambda run, k, d: (2 * d * (1 - run.values[2] ** 2), {})})
    np.testing.assert_allclose(wrong["W"], 2 * right["W"])


def test_a_replaced_head_is_given_zeros():
    model, run = small()
    found, dx = model.gradients(run, {2: lambda run, k, d: (d, {})})
    assert not found["W"].any()
    assert not dx.any()


def test_images_are_flattened_and_come_back_as_images():
    model, _ = small()
    x = np.arange(24.0).reshape(2, 3, 4)
    assert model.inside(x).shape == (2, 12)
    np.testing.assert_array_equal(model.outside(model.inside(x), x), x)


def test_columns_come_back_as_columns():
    model = replace(small()[0], batch_axis=1)
    x = np.arange(6.0).reshape(2, 3)
    assert model.inside(x).shape == (3, 2)
    np.testing.assert_array_equal(model.outside(model.inside(x), x), x)


@pytest.mark.parametrize(
    ("head", "said"),
    [(Head("product"), "dense W → tanh"), (Head("squared error"), "dense W → tanh → squared error")],
)
def test_a_model_says_what_it_is(head, said):
    assert str(replace(small()[0], head=head)) == said
