"""From a learner's code to a subject: functions, classes in the styles people write, our own layers."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from doctor.differences import gradients_off
from glassnet.doctor import attributes, check_gradient
from glassnet.doctor.calls import CodeError
from glassnet.doctor.forms import subject

Numbers = dict[str, np.ndarray]


def example(rng: np.random.Generator) -> tuple[Numbers, np.ndarray, np.ndarray]:
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    return params, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


def squares(params: Numbers, x: Any, y: Any) -> tuple[Any, dict[str, Any]]:
    error = x @ params["W"] + params["b"] - y
    return 0.5 * np.sum(error**2), {"W": x.T @ error, "b": error.sum(axis=0)}


# ---- functions


def test_a_function_with_a_right_gradient() -> None:
    examined = subject(squares, example)
    assert examined.form == "function"
    assert examined.name == "squares"
    assert set(examined.parameters) == {"W", "b"}
    assert examined.precision == "float64"
    assert not examined.draws
    assert gradients_off(examined) == []


def test_the_example_may_be_the_numbers_themselves_or_need_no_generator() -> None:
    numbers = example(np.random.default_rng(4))
    for given in (numbers, list(numbers), lambda: numbers):
        examined = subject(squares, given)
        np.testing.assert_array_equal(examined.x, numbers[1])


def test_the_seed_decides_the_example() -> None:
    first, again, other = (subject(squares, example, seed=seed).loss() for seed in (1, 1, 2))
    assert first == again != other


def test_arrays_arrive_as_float64_copies_and_whole_numbers_stay() -> None:
    params = {"W": np.ones((3, 2), np.float32), "lists": "kept", "depth": 2}
    x, y = np.ones((4, 3), np.float16), np.array([0, 1, 1, 0])

    def facts(handed: Any, x_seen: Any, y_seen: Any) -> list[bool]:
        kept = (handed["lists"], handed["depth"]) == ("kept", 2)
        copies = not (np.shares_memory(handed["W"], params["W"]) or np.shares_memory(y_seen, y))
        return [handed["W"].dtype == x_seen.dtype == float, y_seen.dtype == y.dtype, kept, copies]

    examined = subject(lambda *given: (sum(facts(*given)), {"W": given[0]["W"]}), (params, x, y))
    assert examined.loss() == 4


def test_a_plain_number_is_a_parameter_if_it_has_a_gradient() -> None:
    def line(params: Any, x: Any, y: Any) -> Any:
        assert isinstance(params["a"], float)
        error = params["a"] * x + params["b"] - y
        return np.mean(error**2) + params["zero"], {
            "a": 2 * np.mean(error * x), "b": 2 * np.mean(error)
        }  # fmt: skip

    examined = subject(line, ({"a": 2.0, "b": 1, "zero": 0.0}, np.arange(4.0), np.ones(4)))
    assert {name: value.shape for name, value in examined.parameters.items()} == {"a": (), "b": ()}
    assert gradients_off(examined) == []


@pytest.mark.parametrize("called", ["d{}", "grad_{}", "{}_grad", "dL_d{}", "nabla_{}"])
def test_gradients_may_have_the_usual_names(called: str) -> None:
    def course(params: Any, x: Any, y: Any) -> Any:
        loss, grads = squares(params, x, y)
        return loss, {called.format(name): g for name, g in grads.items()}

    assert gradients_off(subject(course, example)) == []


def test_gradients_of_no_parameter_are_named_and_not_checked() -> None:
    def course(params: Any, x: Any, y: Any) -> Any:
        loss, grads = squares(params, x, y)
        return loss, {"dZ": grads["b"], **grads, "dA0": x}

    examined = subject(course, example)
    assert gradients_off(examined) == []
    assert examined.notes == ["Not checked, for params has nothing of these names: dZ, dA0."]


def test_a_parameter_that_is_no_array_is_not_passed_over() -> None:
    params, x, y = example(np.random.default_rng(0))

    def listed(given: Any, x: Any, y: Any) -> Any:
        return squares({**params, "b": np.array(given["b"])}, x, y)

    with pytest.raises(
        ValueError, match=r"expected an array for params\['b'\], got a list of 2 with a gradient"
    ):
        subject(listed, ({**params, "b": [0.1, 0.2]}, x, y))


def test_a_rounded_loss_is_refused_and_round_numbers_are_not() -> None:
    def rounds(params: Any, x: Any, y: Any) -> Any:
        loss, grads = squares(params, x, y)
        return round(float(loss), 3), grads

    with pytest.raises(ValueError, match="rounds: expected the loss as it is, got a rounded one, such as "):
        subject(rounds, example)
    whole = {"W": np.ones((3, 2)), "b": np.zeros(2)}
    assert subject(squares, (whole, np.ones((5, 3)), np.ones((5, 2)))).loss() == 20
    params, x, y = example(np.random.default_rng(0))
    assert subject(squares, (params, 1e6 * x, 1e6 * y)).loss() > 1e11


@pytest.mark.parametrize(
    ("code", "signature"),
    [
        (lambda: None, r"\(\)"),
        (lambda params, *, x, y: None, r"\(params, \*, x, y\)"),
        (lambda self, params, x, y: None, r"\(self, params, x, y\)"),
    ],
)
def test_a_function_takes_params_x_and_y(code: Any, signature: str) -> None:
    with pytest.raises(
        ValueError, match=rf"expected to be called with \(params, x, y\), got <lambda>{signature}$"
    ):
        subject(code, example)


def test_gradients_of_a_wrong_shape_or_kind_are_evidence_and_pass() -> None:
    def wrong(params: Any, x: Any, y: Any) -> Any:
        return squares(params, x, y)[0], {"W": np.ones((2, 3), int), "b": 3.0}

    found = subject(wrong, example).evaluate().gradients
    assert found["W"].shape == (2, 3)
    assert found["W"].dtype.kind == "i"
    assert found["b"].shape == ()


def test_what_is_returned_is_a_copy() -> None:
    class Kept:
        def __init__(self) -> None:
            self.buffer = np.zeros(3)

        def __deepcopy__(self, memo: Any) -> Any:
            raise TypeError("an open file, say: what it holds is left alone")

    kept = Kept()

    def reuses(params: Any, x: Any, y: Any) -> Any:
        kept.buffer[:] = params["w"]
        return params["w"].sum(), {"w": kept.buffer}

    examined = subject(reuses, ({"w": np.ones(3)}, np.ones(2), None))
    first = examined.evaluate().gradients["w"]
    examined.evaluate({"w": np.full(3, 7.0)})
    np.testing.assert_array_equal(first, np.ones(3))


@pytest.mark.parametrize("loss", [np.float32(3), np.array(3), 3, np.array([[3.0]])])
def test_one_number_is_a_loss(loss: Any) -> None:
    examined = subject(lambda params, x, y: (loss, {"W": x, "b": x}), example)
    assert examined.loss() == 3
    assert bool(examined.notes) == (np.ndim(loss) > 0)


def test_what_the_function_writes_to_is_named() -> None:
    def careless(params: Any, x: Any, y: Any) -> Any:
        result = squares(params, x, y)
        x -= 1
        y[0] = 0
        params["W"] = params["W"] - 0.1 * result[1]["W"]
        return result

    examined = subject(careless, example)
    assert examined.evaluate().changed == ("W", "x", "y")
    assert gradients_off(examined) == []


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (3.0, r"returns: expected \(loss, grads\) back, got the number 3.0"),
        ((1.0, {}, {}), r"returns: expected \(loss, grads\) back, got a tuple of 3"),
        (({}, 1.0), r"returns: .* a dict of grads, got them the other way round"),
        ((None, {}), "returns: expected the loss as one number, got None"),
        (("low", {}), "returns: expected the loss as one number, got a str"),
        (([1.0], {}), "returns: expected the loss as one number, got a list of 1"),
        ((np.ones(5), {}), r"returns: .* one number, got an array \(5,\); add up or average what the exam"),
        ((1j, {}), "returns: expected the loss as one number, got a complex"),
        ((1.0, [1, 2]), r"returns: .* a dict of grads, got a list of 2 for grads"),
        ((1.0, {}), "returns: expected grads with a gradient for W, got nothing"),
        ((1.0, {"W": np.ones(3)}), "returns: expected grads with a gradient for b, got W"),
        ((1.0, {"W": np.ones(3), "b": None}), r"returns: expected an array for grads\['b'\], got None"),
        ((1.0, {"W": [[1.0]], "b": 1.0}), r"returns: expected an array for grads\['W'\], got a list of 1"),
        ((1.0, {"W": np.array("x"), "b": 1.0}), r"returns: expected an array for grads\['W'\], got an arr"),
    ],
)
def test_what_a_function_must_return(returned: Any, message: str) -> None:
    def returns(params: Any, x: Any, y: Any) -> Any:
        return returned

    with pytest.raises(ValueError, match=message) as raised:
        subject(returns, example)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (None, "squares: expected an example to run it on, got none"),
        (np.ones(3), r"example: expected \(params, x, y\), got an array \(3,\)"),
        (({}, np.ones(3)), r"example: expected \(params, x, y\), got a tuple of 2"),
        (([], np.ones(3), None), "params as a dict of arrays, got a list of 0; give each array a key, as in"),
        (({}, np.ones(3), None), "example: expected NumPy arrays in params, got none"),
        (({"W": [0.5, 1.0]}, np.ones(3), None), "NumPy arrays in params, got a list of 2 for 'W'"),
        (
            ({"one": {"W": np.ones(2)}}, np.ones(3), None),
            r"one array for params\['one'\], got a dict of 1; give each array a key of its own",
        ),
        (
            ({"W": [np.ones(2)]}, np.ones(3), None),
            r"example: expected one array for params\['W'\], got a list",
        ),
        (({"W": np.ones(2, "O")}, np.ones(3), None), r"example: expected real numbers for params\['W'\]"),
        (
            ({"W": np.ones((0, 2))}, np.ones(3), None),
            r"real numbers for params\['W'\], got an array \(0, 2\)",
        ),
        (({"W": np.full(2, np.nan)}, np.ones(3), None), r"finite numbers in params\['W'\], got NaN or infin"),
        (({"W": np.ones(2)}, None, None), "example: expected an array of numbers for x, got None"),
        (({"W": np.ones(2)}, [[1], [1, 2]], None), "example: expected an array of numbers for x, got a list"),
        (
            ({"W": np.ones(2)}, np.ones((0, 3)), None),
            r"example: expected numbers in x, got an array \(0, 3\)",
        ),
        (({"W": np.ones(2)}, np.array([np.inf]), None), "example: expected finite numbers in x, got NaN or"),
    ],
)
def test_what_an_example_must_be(numbers: Any, message: str) -> None:
    def returns(params: Any, x: Any, y: Any) -> Any:
        return 1.0, {}

    code = squares if numbers is None else returns
    with pytest.raises(ValueError, match=message) as raised:
        subject(code, numbers)
    assert "\n" not in str(raised.value)


# ---- what code keeps, and random numbers


COUNTS = {"calls": 0}
TOTAL = np.zeros(2)
STATE = np.random.default_rng(0)


def with_memory(params: Any, x: Any, y: Any, seen: list[int] = []) -> Any:  # noqa: B006
    global LAST
    COUNTS["calls"] += 1
    TOTAL[:] += 1
    seen.append(1)
    LAST = COUNTS["calls"] + TOTAL[0] + len(seen)
    return LAST * params["w"].sum(), {"w": np.full(2, float(LAST))}


def test_every_call_starts_afresh_and_nothing_is_left_behind() -> None:
    examined = subject(with_memory, ({"w": np.ones(2)}, np.ones(2), None))
    assert examined.loss() == examined.loss() == examined.evaluate().loss == 6
    assert COUNTS == {"calls": 0}
    assert TOTAL[0] == 0
    assert "LAST" not in globals()
    own = examined.parameters, examined.x, None
    assert examined.repeated(own, own).loss == 12


def test_what_a_closure_or_an_object_keeps_is_put_back_too() -> None:
    def maker() -> Callable[..., Any]:
        count = 0

        def loss(params: Any, x: Any, y: Any) -> Any:
            nonlocal count
            count += 1
            return count * params["w"].sum(), {"w": np.full(2, float(count))}

        return loss

    class Keeper:
        total = 0

        def __init__(self) -> None:
            self.count = 0

        def loss(self, params: Any, x: Any, y: Any) -> Any:
            self.count += 1
            Keeper.total += 1
            return (self.count + Keeper.total) * params["w"].sum(), {"w": np.ones(2)}

    numbers = ({"w": np.ones(2)}, np.ones(2), None)
    keeper = Keeper()
    for code, once in ((maker(), 2), (keeper.loss, 4), (partial(maker()), 2)):
        examined = subject(code, numbers)
        assert examined.loss() == examined.loss() == once
        own = examined.parameters, examined.x, None
        assert examined.repeated(own, own).loss == 2 * once
    assert (keeper.count, Keeper.total) == (0, 0)


def test_a_data_set_in_a_variable_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributes, "LARGE", 5)
    held = {"data": np.ones(6), "few": np.ones(5)}
    places = {name: id(array) for name, array in held.items()}

    def looks(params: Any, x: Any, y: Any) -> Any:
        same = [id(held[name]) == place for name, place in places.items()]
        return 2.0 * same[0] + same[1], {"w": np.ones(2)}

    assert subject(looks, ({"w": np.ones(2)}, np.ones(2), None)).loss() == 2


def drops(params: Any, x: Any, y: Any) -> Any:
    mask = (np.random.rand(3) < 0.5) * (random.random() + STATE.random())  # noqa: NPY002
    return np.sum(mask * params["w"]), {"w": mask * 1.0}


def test_random_numbers_are_the_same_in_every_call() -> None:
    examined = subject(drops, ({"w": np.ones(3)}, np.ones(2), None), seed=3)
    assert examined.draws
    once = examined.loss()
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    assert examined.loss() == once
    own = examined.parameters, examined.x, None
    assert examined.repeated(own, own).loss == examined.loss()
    assert gradients_off(examined) == []


def after(once: Callable[[], Any]) -> tuple[float, float, float]:
    """What the global generators give next; NumPy's normal numbers come in pairs, of which it keeps one."""
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    np.random.normal()  # noqa: NPY002
    once()
    return np.random.normal(), np.random.rand(), random.random()  # noqa: NPY002


def test_the_global_generators_are_left_as_they_were() -> None:
    def fails(params: Any, x: Any, y: Any) -> Any:
        drops(params, x, y)
        raise ValueError("no loss")

    def failing() -> None:
        with pytest.raises(CodeError):
            check_gradient(fails, given)

    given = {"w": np.ones(3)}, np.ones(2), None
    untouched = after(lambda: None)
    assert after(subject(drops, given).evaluate) == untouched
    assert after(lambda: check_gradient(drops, given)) == untouched
    assert after(failing) == untouched


def test_code_that_examines_other_code_finds_them_as_it_left_them() -> None:
    given = {"w": np.ones(3)}, np.ones(2), None

    def drawn(examines: bool) -> list[float]:
        seen = []

        def examining(params: Any, x: Any, y: Any) -> Any:
            seen.append(np.random.rand())  # noqa: NPY002
            if examines:
                check_gradient(drops, given)
            seen.append(np.random.rand() + random.random())  # noqa: NPY002
            return np.sum(params["w"] ** 2), {"w": 2 * params["w"]}

        assert check_gradient(examining, given).verdict == "correct"
        return seen[:12]

    assert drawn(True) == drawn(False)


def test_what_draws_is_told_from_what_does_not() -> None:
    def of_numpy(params: Any, x: Any, y: Any) -> Any:
        return np.sum(params["w"]) * np.random.rand(), {"w": np.ones(3)}  # noqa: NPY002

    def of_python(params: Any, x: Any, y: Any) -> Any:
        return np.sum(params["w"]) * random.random(), {"w": np.ones(3)}

    def seeds(params: Any, x: Any, y: Any) -> Any:
        np.random.seed(7)  # noqa: NPY002
        return np.sum(params["w"]), {"w": np.ones(3)}

    def neither(params: Any, x: Any, y: Any) -> Any:
        return np.sum(params["w"]), {"w": np.ones(3)}

    given = {"w": np.ones(3)}, np.ones(2), None
    assert [subject(f, given).draws for f in (of_numpy, of_python, seeds, neither)] == [True] * 3 + [False]


def test_prints_and_warnings_are_kept_back(capsys: pytest.CaptureFixture[str]) -> None:
    def talks(params: Any, x: Any, y: Any) -> Any:
        print("loss", np.log(np.zeros(1)))
        return squares(params, x, y)

    subject(talks, example)
    assert capsys.readouterr() == ("", "")


def test_float32_is_noticed_when_the_code_insists_on_it() -> None:
    def narrow(params: Any, x: Any, y: Any) -> Any:
        return squares({k: v.astype(np.float32) for k, v in params.items()}, np.float32(x), np.float32(y))

    def hidden(params: Any, x: Any, y: Any) -> Any:
        loss, grads = narrow(params, x, y)
        return float(loss), {name: g.astype(float) for name, g in grads.items()}

    assert subject(narrow, example).precision == "float32"
    assert subject(hidden, example).precision == "float32"


def test_what_the_code_raises_is_one_line_and_its_own_lines() -> None:
    def inner(W: Any) -> Any:
        return np.dot(W, np.ones(7))

    def raises(params: Any, x: Any, y: Any) -> Any:
        return inner(params["W"]), {}

    with pytest.raises(
        CodeError, match=r"raises: raised ValueError: shapes .* not aligned.*line \d+\)"
    ) as error:
        subject(raises, example)
    assert "np.dot(W, np.ones(7))" in error.value.traceback
    assert "inner(params" in error.value.traceback
    assert "glassnet" not in error.value.traceback.replace("glassnet/tests", "")
    assert isinstance(error.value.__cause__, ValueError)


def test_a_call_of_exit_ends_nothing() -> None:
    def leaves(params: Any, x: Any, y: Any) -> Any:
        raise SystemExit(4)

    with pytest.raises(CodeError, match=r"leaves: called sys.exit\(4\)"):
        subject(leaves, example)


def test_ctrl_c_goes_through() -> None:
    def pressed(params: Any, x: Any, y: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subject(pressed, example)
