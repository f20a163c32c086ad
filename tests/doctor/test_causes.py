"""Each cause by itself: code for which it speaks, and code wrong in another way for which it is silent."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import glassnet.doctor
from doctor.learners import Learner
from glassnet.doctor.activations import TANH
from glassnet.doctor.causes import behaviour, factors, general, penalties, penalty_parts, shapes, wrong_steps
from glassnet.doctor.causes.formulas import formula_of
from glassnet.doctor.causes.registry import CAUSES
from glassnet.doctor.class_form import ClassSubject
from glassnet.doctor.function_form import FunctionSubject
from glassnet.doctor.heads import Head
from glassnet.doctor.model import Model
from glassnet.doctor.prepare import prepare
from glassnet.doctor.steps import Dense, Elementwise
from mutants.programs import CAUSES as NAMES

N = 5


def exam_of(subject):
    return prepare(subject, subject.evaluate(), 0)


def numbers(widths=(3, 4, 2)):
    generator = np.random.default_rng(7)
    parameters = {}
    for k, (inputs, outputs) in enumerate(pairwise(widths), 1):
        parameters[f"W{k}"] = generator.normal(size=(inputs, outputs))
        parameters[f"b{k}"] = generator.normal(size=outputs)
    return parameters, generator.normal(size=(N, widths[0])), generator.normal(size=(N, widths[-1]))


def function(change=lambda g, p, v: None, widths=(3, 4, 2), lam=0.0, decay=None, derivative=True, back=None):
    """Dense-tanh-dense under a mean squared error with an L2 term; `change` spoils its gradients."""

    def loss_and_grads(params, x, y):
        h = np.tanh(x @ params["W1"] + params["b1"])
        z = h @ params["W2"] + params["b2"]
        loss = ((z - y) ** 2).sum() / len(x) + lam * sum((params[k] ** 2).sum() for k in ("W1", "W2"))
        dz = 2 * (z - y) / len(x)
        g = {"W2": h.T @ dz, "b2": dz.sum(0)}
        da = dz @ (params["W2"] if back is None else back(params["W2"], g["W2"])).T
        da = da * (1 - h * h) if derivative else da
        g |= {"W1": x.T @ da, "b1": da.sum(0)}
        change(g, params, {"x": x, "h": h, "dz": dz, "da": da, "n": len(x)})
        for k in ("W1", "W2") if lam or decay else ():
            g[k] = g[k] + 2 * (lam if decay is None else decay) * params[k]
        return loss, g

    return FunctionSubject(loss_and_grads, numbers(widths))


def scaled(by, *names):
    """All gradients, or the named ones, times a number made of N."""

    def change(g, p, v):
        for name in names or list(g):
            g[name] = by(v["n"]) * g[name]

    return change


def put(name, of):
    return lambda g, p, v: g.update({name: of(g, v)})


def written_to(g, p, v):
    p["W1"] *= 0.9


def one_array(g, p, v):
    g["b1"] = g["b2"] = g["b1"] + g["b2"]


class Accumulating(Learner):
    """Its gradients are added to those of earlier calls."""

    def backward(self, dy):
        before = {name: getattr(self, f"d{name}", 0) for name in self._names}
        dx = super().backward(dy)
        for name in self._names:
            setattr(self, f"d{name}", getattr(self, f"d{name}") + before[name])
        return dx


class IgnoringUpstream(Learner):
    def backward(self, dy):
        return super().backward(np.ones_like(dy))


class WrongInput(Learner):
    def backward(self, dy):
        return super().backward(dy) + 0.1


class Doubled(Learner):
    def backward(self, dy):
        return super().backward(2 * dy)


def of_class(kind):
    parameters, x, _ = numbers()
    steps = (Dense("W1", "b1", False), Elementwise(TANH), Dense("W2", "b2", False))
    return ClassSubject(kind(Model(steps, Head("product"), 0), parameters), x, name=kind.__name__)


@cache
def right(form):
    return exam_of(function() if form == "function" else of_class(Learner))


def without_tanh(change):
    return lambda: function(change, derivative=False)


def doubled():
    return function(scaled(lambda n: 2))


CASES = [  # the cause, what it says, code for which it speaks, code for which it is silent
    (behaviour.changes_in_place, "in-place", lambda: function(written_to), doubled),
    (behaviour.leftovers, "stale-cache", lambda: of_class(Accumulating), lambda: of_class(Doubled)),
    (shapes.left_at_zero, "missing-gradient", lambda: function(scaled(lambda n: 0, "b1")), doubled),
    (shapes.one_array_for_all, "in-place", lambda: function(one_array, (3, 3, 3)), doubled),
    (shapes.broadcasts, "other", lambda: function(put("b1", lambda g, v: g["b1"].reshape(-1, 1))),
     lambda: function(put("b1", lambda g, v: 2 * g["b1"].reshape(-1, 1)))),
    (shapes.summed_to_one_number, "bias-total", lambda: function(put("b1", lambda g, v: v["da"].sum())),
     lambda: function(put("b1", lambda g, v: np.full(4, 7.0)))),
    (shapes.summed_over_the_wrong_axis, "bias-axis", lambda: function(put("b1", lambda g, v: v["da"].sum(1))),
     lambda: function(put("W1", lambda g, v: g["W1"].T))),
    (shapes.transposed, "transposed", lambda: function(put("W1", lambda g, v: g["W1"].T)),
     lambda: function(put("W1", lambda g, v: 2 * g["W1"].T))),
    (factors.wrong_factor, "batch-factor", lambda: function(scaled(float)), without_tanh(scaled(float))),
    (penalties.wrong_penalty, "penalty-missing", lambda: function(lam=0.1, decay=0.0), doubled),
    (penalty_parts.wrong_part, "batch-factor", lambda: function(scaled(float), lam=0.1),
     lambda: function(lam=0.1, decay=0.0)),
    (wrong_steps.wrong_step, "activation-missing", lambda: function(derivative=False), doubled),
    (wrong_steps.updated_before_use, "in-place", lambda: function(back=lambda W, dW: W - 0.3 * dW),
     lambda: function(back=lambda W, dW: W - 0.3 * dW**2)),
    (behaviour.ignores_upstream, "upstream-ignored", lambda: of_class(IgnoringUpstream),
     lambda: of_class(Doubled)),
    (wrong_steps.wrong_step_and_factor, "activation-missing", without_tanh(scaled(float)),
     without_tanh(scaled(lambda n: 3))),
    (wrong_steps.two_wrong_steps, "activation-missing",
     without_tanh(put("b2", lambda g, v: np.full(2, v["dz"].sum()))),
     without_tanh(put("b2", lambda g, v: np.full(2, 7.0)))),
    (general.only_the_input, "input-gradient", lambda: of_class(WrongInput), lambda: of_class(Doubled)),
    (general.right_for_one_example, "batch-of-one",
     lambda: function(put("W1", lambda g, v: np.outer(v["x"].sum(0), v["da"].sum(0)))), doubled),
]  # fmt: skip
EACH = pytest.mark.parametrize(
    ("cause", "named", "speaks", "silent"), CASES, ids=[cause.__name__ for cause, *_ in CASES]
)


@EACH
def test_it_speaks_where_it_should(cause, named, speaks, silent):
    finding = cause(exam_of(speaks()))
    assert finding is not None
    assert finding.cause == named
    assert finding.says[0].isupper()
    assert finding.says.endswith(".")
    assert finding.evidence.endswith(".")
    assert finding.formula


@EACH
def test_it_is_silent_where_another_thing_is_wrong(cause, named, speaks, silent):
    exam = exam_of(silent())
    assert exam.wrong
    assert cause(exam) is None


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
@pytest.mark.parametrize("form", ["function", "class"])
def test_it_is_silent_about_right_code(cause, form):
    assert cause(right(form)) is None


def test_every_cause_is_listed_once_and_tested_here():
    assert len(set(CAUSES)) == len(CAUSES)
    assert {cause for cause, *_ in CASES} == set(CAUSES)


@pytest.mark.parametrize(
    ("by", "named"),
    [
        (lambda n: n, "batch-factor"),
        (lambda n: 1 / n, "batch-factor"),
        (lambda n: n**2, "batch-factor"),
        (lambda n: 2.0, "factor-2"),
        (lambda n: 0.5, "factor-2"),
        (lambda n: -1.0, "sign"),
        (lambda n: 0.01, "factor"),
        (lambda n: 3.0, "factor"),
        (lambda n: n / 3, "factor"),
    ],
)
def test_factors_have_names(by, named):
    assert factors.wrong_factor(exam_of(function(scaled(by)))).cause == named


@pytest.mark.parametrize(
    ("lam", "decay", "named"),
    [
        (0.0, 0.1, "penalty-extra"),
        (0.1, 0.0, "penalty-missing"),
        (0.1, 0.05, "factor-2"),
        (0.1, 0.2, "factor-2"),
        (0.1, 0.1 / N, "batch-factor"),
        (0.1, 0.03, "factor"),
    ],
)
def test_penalties_have_names(lam, decay, named):
    assert penalties.wrong_penalty(exam_of(function(lam=lam, decay=decay))).cause == named


@pytest.mark.parametrize(
    ("by", "named"),
    [(2.0, "factor-2"), (0.5, "factor-2"), (3.0, "factor"), (-1.0, "sign"), (0.0, "penalty-missing")],
)
def test_a_penalty_off_by_a_factor_in_one_layer_is_there_and_named(by, named):
    def change(g, p, v):
        g["W1"] = g["W1"] + 2 * (by - 1) * 0.1 * p["W1"]

    assert penalties.wrong_penalty(exam_of(function(change, lam=0.1))).cause == named


@pytest.mark.parametrize(
    ("by", "said"), [(2.0, "or more of it than the loss gives"), (0.5, "wholly or in part")]
)
def test_of_a_loss_that_is_not_known_no_penalty_is_denied(by, said):
    def huber(params, x, y):
        r = x @ params["W"] - y
        size = np.abs(r)
        loss = np.where(size < 1, r**2 / 2, size - 0.5).sum() + 0.1 * (params["W"] ** 2).sum()
        return loss, {"W": x.T @ np.clip(r, -1, 1) + by * 0.2 * params["W"]}

    parameters, x, y = numbers((3, 2))
    exam = exam_of(FunctionSubject(huber, ({"W": parameters["W1"]}, x, y)))
    assert exam.model is None
    assert said in penalties.wrong_penalty(exam).says


@pytest.mark.parametrize(
    ("by", "named"),
    [(lambda n: n, "batch-factor"), (lambda n: -1.0, "sign"), (lambda n: 0.0, "missing-gradient")],
)
def test_a_gradient_of_zero_at_the_example_hides_no_factor(by, named):
    def line(params, x, y):
        r = x @ params["W"] - y
        return (r**2).sum() / (2 * len(x)), {"W": by(len(x)) * x.T @ r / len(x)}

    parameters, x, _ = numbers((3, 2))
    exam = exam_of(FunctionSubject(line, ({"W": parameters["W1"]}, x, x @ parameters["W1"])))
    found = [cause(exam) for cause in (shapes.left_at_zero, factors.wrong_factor)]
    assert [finding.cause for finding in found if finding] == [named]


def test_no_mistake_that_changes_nothing_is_named_beside_a_factor():
    def relu(params, x, y):
        h = np.maximum(x @ params["W1"], 0)
        r = h @ params["W2"] - y
        return (r**2).sum() / len(x), {"W1": 2 * x.T @ (r @ params["W2"].T * (h > 0)), "W2": 2 * h.T @ r}

    parameters, x, y = numbers()
    exam = exam_of(FunctionSubject(relu, ({"W1": 0 * parameters["W1"], "W2": parameters["W2"]}, x, y)))
    assert exam.wrong
    assert wrong_steps.wrong_step_and_factor(exam) is None
    assert factors.wrong_factor(exam).cause == "batch-factor"


def test_the_formula_of_a_bias_is_not_given_for_a_slope():
    class PReLU:
        slope = np.array([0.3])

        def forward(self, x):
            self.x = x
            return np.where(x > 0, x, self.slope * x)

        def backward(self, dy):
            self.dslope = 3 * (dy * np.minimum(self.x, 0)).sum(keepdims=True)[0]
            return np.where(self.x > 0, dy, self.slope * dy)

    layer = PReLU()
    layer.slope = np.array([0.3])
    exam = exam_of(ClassSubject(layer, numbers()[1], name="PReLU"))
    assert exam.wrong == ["slope"]
    assert formula_of(exam, "slope") == "dslope = Σ dy ∘ ∂y/∂slope, summed over all that slope enters"


def test_several_arrays_are_named_in_good_grammar():
    says = {
        names: factors.wrong_factor(exam_of(function(scaled(lambda n: -1, *names)))).says
        for names in (("b1",), ("W1", "b1"), ("W1", "b1", "W2"), ())
    }
    assert list(says.values()) == [
        "The gradient of b1 has the wrong sign.",
        "The gradients of W1 and b1 have the wrong sign.",
        "The gradients of W1, b1 and W2 have the wrong sign.",
        "Every gradient has the wrong sign.",
    ]


def test_what_is_said_names_causes_of_the_list_and_pages_that_exist():
    sources = [path.read_text() for path in Path(glassnet.doctor.__file__).parent.rglob("*.py")]
    causes = {cause for source in sources for cause in re.findall(r'Finding\(\s*"([a-z0-9-]+)"', source)}
    assert causes
    assert causes <= NAMES
    links = r"(?<![\w/])[a-zA-Z_]+\.md(?:#[a-z0-9-]+)?"
    pages = {link for source in sources for link in re.findall(links, source)}
    pages |= {f"{norm}.md#derivation" for norm in ("batch_norm", "layer_norm")}
    assert len(pages) > 15
    assert not [link for link in pages if not exists(link)]


def exists(link):
    """Whether the page is in docs/math and has the heading."""
    page, _, anchor = link.partition("#")
    path = Path(__file__).parents[2] / "docs" / "math" / page
    headings = re.findall(r"^#+ (.*)", path.read_text(), re.MULTILINE) if path.exists() else []
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return path.exists() and (not anchor or anchor in anchors)
