"""Dropout whose mask the learner's code draws: read out, recognised, and its usual mistakes named."""

import numpy as np
import pytest

from glassnet.doctor.examine import examine
from glassnet.doctor.function_form import FunctionSubject
from glassnet.doctor.masks import mask_between, read_inputs
from glassnet.doctor.recognise import recognise
from glassnet.doctor.steps import Dense, Mask

N, KEEP = 6, 0.6
SEED = 5  # draws zeros and ones in each column


def mask_of(shape):
    return (np.random.default_rng(SEED).random(shape) < KEEP) / KEEP


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def learner(back=lambda d, mask: d * mask, before=False):
    """Dense, tanh, dropout, dense, softmax cross-entropy; `back` is dropout's way back."""

    def loss_and_grads(params, x, y):
        a = np.tanh(x @ params["W1"] + params["b1"])
        mask = mask_of(a.shape)
        h = a * mask
        p = softmax(h @ params["W2"] + params["b2"])
        dz = p.copy()
        dz[np.arange(len(x)), y] -= 1
        dz /= len(x)
        d = back(dz @ params["W2"].T, mask) * (1 - a * a)
        grads = {"W2": (a if before else h).T @ dz, "b2": dz.sum(0), "W1": x.T @ d, "b1": d.sum(0)}
        return -np.log(p[np.arange(len(x)), y]).mean(), grads

    generator = np.random.default_rng(0)
    shapes = {"W1": (4, 5), "b1": (5,), "W2": (5, 3), "b2": (3,)}
    params = {name: generator.normal(size=shape) for name, shape in shapes.items()}
    example = params, generator.normal(size=(N, 4)), generator.integers(0, 3, N)
    return FunctionSubject(loss_and_grads, example)


def test_what_goes_into_the_last_layer_is_read_out():
    subject = learner()
    a = np.tanh(subject.x @ subject.parameters["W1"] + subject.parameters["b1"])
    read = read_inputs(subject, Dense("W2", "b2", False), 0)
    np.testing.assert_allclose(read, a * mask_of(a.shape), rtol=0, atol=1e-7)


def test_the_network_is_recognised_with_its_mask():
    model = recognise(learner())
    assert str(model) == "dense W1 → tanh → dropout → dense W2 → softmax → cross-entropy"
    (mask,) = [step.mask for step in model.steps if isinstance(step, Mask)]
    np.testing.assert_allclose(mask, mask_of((N, 5)), rtol=1e-6)


def test_a_right_one_is_called_right():
    assert examine(learner()).verdict == "correct"


@pytest.mark.parametrize(
    ("cause", "subject"),
    [
        ("activation-missing", learner(back=lambda d, mask: d)),
        ("factor", learner(back=lambda d, mask: d * (mask > 0))),
        ("factor", learner(back=lambda d, mask: d * mask * mask)),  # 1 / (1 − rate) once too often
        ("wrong-input", learner(before=True)),
        ("batch-factor", learner(back=lambda d, mask: d * mask * len(d))),
    ],
    ids=["left out", "unscaled", "twice", "activation before dropout", "N times below"],
)
def test_mistakes_are_named(cause, subject):
    found = examine(subject)
    assert found.verdict == "wrong"
    assert found.findings[0].cause == cause


def test_a_mask_has_zeros_and_one_other_number():
    a = np.random.default_rng(1).normal(size=(4, 3))
    mask = mask_of((4, 3))
    assert np.array_equal(mask_between(a, a * mask), mask)
    assert mask_between(a, a) is None  # nothing is dropped
    assert mask_between(a, a * np.arange(12).reshape(4, 3)) is None
    assert mask_between(a, np.zeros((4, 3))) is None
    assert mask_between(a, (a * mask)[:2]) is None


def test_units_that_are_silent_anyway_do_not_matter():
    a = np.maximum(np.random.default_rng(1).normal(size=(4, 3)), 0)
    mask = mask_of((4, 3))
    np.testing.assert_array_equal(mask_between(a, a * mask) * a, a * mask)
