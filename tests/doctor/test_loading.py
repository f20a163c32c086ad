"""FILE.py[:NAME]: what is found in it, how it is run, and one line for all that can be wrong with it."""

import sys
from pathlib import Path

import numpy as np
import pytest

from glassnet.doctor import check_gradient
from glassnet.doctor.calls import CodeError
from glassnet.doctor.loading import loaded

FUNCTION = """
import numpy as np

def loss_and_grads(params, x, y):
    return np.sum(x @ params["W"]), {"W": np.outer(x.sum(axis=0), np.ones(2))}

def example(rng):
    return {"W": rng.normal(size=(3, 2))}, rng.normal(size=(4, 3)), None
"""
CLASS = """
class Double:
    def forward(self, x):
        return 2 * x

    def backward(self, dy):
        return 2 * dy

def example(rng):
    return rng.normal(size=(4, 3))
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(text: str, spec: str = "mine.py") -> str:
    Path("mine.ipynb" if spec.endswith("ipynb") else "mine.py").write_text(text, encoding="utf-8")
    with loaded(spec) as file:
        return f"{file.name} {file.subject().form}"


@pytest.mark.parametrize(
    ("text", "spec", "expected"),
    [
        (FUNCTION, "mine.py", "loss_and_grads function"),
        (CLASS, "mine.py", "Double class"),
        (CLASS, "mine.py:Double", "Double class"),
        (FUNCTION.replace("loss_and_grads", "cost"), "mine.py:cost", "cost function"),
        (FUNCTION + CLASS.partition("def example")[0], "mine.py", "loss_and_grads function"),
        (CLASS + "double = Double()", "mine.py:double", "double class"),
        (CLASS + "from abc import ABC, abstractmethod\nclass Base(ABC):\n    @abstractmethod\n"
         "    def forward(self, x): ...\n    def backward(self, dy): ...", "mine.py", "Double class"),
        (CLASS + "from fractions import Fraction\nclass Helper: pass", "mine.py", "Double class"),
        ("cost = lambda p, x, y: ((p['w'] ** 2).sum(), {'w': 2 * p['w']})\nimport numpy as np\n"
         "def example(): return {'w': np.ones(3)}, np.ones(2), None", "mine.py:cost", "cost function"),
        ("from glassnet import nn\nmine = nn.Dense(2)\nimport numpy as np\n"
         "def example(rng): return rng.normal(size=(4, 3))", "mine.py:mine", "mine layer"),
    ],
)  # fmt: skip
def test_what_is_checked(here: Path, text: str, spec: str, expected: str) -> None:
    assert found(text, spec) == expected


def test_make_makes_the_object(here: Path) -> None:
    needs = CLASS.replace("    def forward", "    def __init__(self, n): self.n = n\n    def forward", 1)
    assert found(needs + "def make(rng): return Double(int(rng.integers(5)))") == "Double class"


def test_the_file_runs_in_its_folder_and_not_as_a_script(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "neighbour.py").write_text("FACTOR = 2")
    text = CLASS.replace("2 *", "neighbour.FACTOR *")
    guarded = "\nprint('loud')\nif __name__ == '__main__': raise SystemExit('ran as a script')"
    (here / "sub" / "mine.py").write_text(f"import neighbour\n{text}{guarded}")
    before = list(sys.path)
    with loaded("sub/mine.py") as file:
        assert str(here / "sub") in sys.path
        assert file.subject().loss() != 0
    assert sys.path == before
    assert "neighbour" not in sys.modules
    (here / "sub" / "neighbour.py").write_text("FACTOR = 30")  # of another length, so no stale bytecode
    with loaded("sub/mine.py") as file:
        example = file.subject()
        np.testing.assert_allclose(example.evaluate().output, 30 * example.x)
    assert capsys.readouterr().out == ""


def test_a_class_from_a_neighbour_is_found_where_the_file_has_none(here: Path) -> None:
    (here / "layers.py").write_text(CLASS)
    assert found("from layers import Double, example") == "Double class"
    assert found("from layers import Double\n" + CLASS.replace("Double", "Own")) == "Own class"


def test_the_file_sees_no_arguments(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["glassnet", "check", "mine.py"])
    assert found("import sys\nassert sys.argv == ['mine.py']\n" + CLASS) == "Double class"
    assert sys.argv[1] == "check"


def test_a_file_with_the_name_of_a_library_hides_it_from_nobody(here: Path) -> None:
    (here / "random.py").write_text(CLASS)
    import random

    with loaded("random.py") as file:
        assert file.name == "Double"
        assert sys.modules["random"] is random


def test_files_need_no_ending_and_may_have_a_colon(here: Path) -> None:
    (here / "script").write_text(CLASS)
    (here / "a:b").write_text(CLASS)
    for spec in ("script", "script:Double", "a:b"):
        with loaded(spec) as file:
            assert file.name == "Double"


@pytest.mark.parametrize(
    ("text", "spec", "message"),
    [
        ("", "gone.py", "gone.py: expected a Python file, found no such file"),
        ("", "gone.py:NAME", "gone.py: expected a Python file, found no such file"),
        (CLASS, "mine.ipynb", "mine.ipynb: expected a Python file, got a notebook; export it, or"),
        ("%matplotlib inline", "mine.py", "invalid syntax: %matplotlib inline; such lines are for notebooks"),
        ("", ".", r"\.: expected a Python file, got a folder"),
        (CLASS, "mine.py:", "mine.py: expected the name of a function or class after the colon, got ''"),
        (CLASS, "mine.py:1x", "mine.py: expected the name of a function or class after the colon, got '1x'"),
        (CLASS, "mine.py:Half", "mine.py: expected Half, found example.., class Double|expected Half, found"),
        (
            CLASS + "n = 3",
            "mine.py:n",
            "mine.py: expected n to be a function, or to have forward and backward, g",
        ),
        (CLASS + "class A: pass", "mine.py:A", "expected A to be a function, .*, got a class without them"),
        (
            "class Dense:\n    def __call__(self, x): pass",
            "mine.py",
            "forward and backward; Dense has not both",
        ),
        (
            "x = 1",
            "mine.py",
            "mine.py: expected loss_and_grads or one class .*, found no functions and no cl",
        ),
        (
            CLASS + "class B(Double): pass",
            "mine.py",
            "found class Double, class B; say which, as in mine.py:Doubl",
        ),
        (FUNCTION.replace("loss_and_grads", "f"), "mine.py", r"found f\(\); say which, as in mine.py:f"),
        (
            FUNCTION.replace("example", "sample"),
            "mine.py",
            r"expected a function example\(rng\) that returns \(par",
        ),
        (
            CLASS.replace("example", "sample"),
            "mine.py",
            r"example\(rng\) that returns an array x, found none",
        ),
        (CLASS + "make = 3", "mine.py", "expected make to be a function of rng, got int"),
        ("def f(:\n    pass", "mine.py", "mine.py, line 1: expected Python, got invalid syntax: def f.:"),
        (
            "if x:\npass",
            "mine.py",
            "mine.py, line 2: expected Python, got expected an indented block.*: pass",
        ),
        ("x = '\0'", "mine.py", "mine.py.*: expected Python, got source code .*null bytes"),
        ("PK\x03\x04 not python", "mine.py", "mine.py, line 1: expected Python, got .*"),
    ],
)
def test_what_a_file_must_be(here: Path, text: str, spec: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        found(text, spec)
    assert "\n" not in str(raised.value)
    assert not isinstance(raised.value, CodeError)


@pytest.mark.parametrize(
    ("text", "message", "last"),
    [
        ("import torchh", "mine.py: imports torchh, which is not installed or beside", "import torchh"),
        ("1 / 0", r"mine.py: raised ZeroDivisionError: division by zero \(mine.py, line 1\)", "1 / 0"),
        ("import sys\nsys.exit()", r"mine.py: called sys.exit\(\) \(mine.py, line 2\); what", "sys.exit()"),
        ("import sys\nsys.argv[1]", r"mine.py: raised IndexError: list index out of range", "sys.argv[1]"),
        ("get_ipython()", r"'get_ipython' is not defined \(.*, line 1\); such lines", "get_ipython"),
        ("def f(): f()\nf()", r"mine.py: called itself without end \(RecursionError\)", "def f(): f()"),
        ("raise MemoryError", r"mine.py: asked for more memory than there is", "raise MemoryError"),
        ("raise EOFError('EOF when reading a line')", r"mine.py: asked for input\(\), and th", "raise"),
        (CLASS.replace("rng.n", "1 / 0 * rng.n"), r"example: raised ZeroDivision.*, line 10\)", "1 / 0"),
        (CLASS.replace("2 * dy", "dy @ dy"), r"Double.backward: raised ValueError: .* line 7\)", "dy @ dy"),
        (CLASS + "def make(rng): return rng.no", r"make: raised AttributeError: .*'no'", "rng.no"),
    ],
)  # fmt: skip
def test_what_the_file_raises(here: Path, text: str, message: str, last: str) -> None:
    with pytest.raises(CodeError, match=message) as raised:
        found(text)
    assert "\n" not in str(raised.value)
    assert last in raised.value.traceback
    assert "glassnet" not in raised.value.traceback
    assert raised.value.traceback.count("\n") < 50


def test_a_deep_traceback_is_shortened(here: Path) -> None:
    text = "def f(n): g(n)\ndef g(n): f(n) if n else 1 / 0\n" + "f(100)"
    with pytest.raises(CodeError) as raised:
        found(text.replace("f(n) if", "f(n - 1) if"))
    assert raised.value.traceback.startswith("Traceback (your code only, most recent call last):")
    assert "more …" in raised.value.traceback
    assert raised.value.traceback.endswith("ZeroDivisionError: division by zero")
    assert raised.value.traceback.count("\n") < 60


# ---- check_gradient


def test_check_gradient_takes_what_a_notebook_has(here: Path) -> None:
    (here / "mine.py").write_text(FUNCTION)
    space: dict[str, object] = {}
    exec(FUNCTION + CLASS.partition("def example")[0], space)
    x = np.ones((4, 3))
    code, example = space["loss_and_grads"], space["example"]
    for given in (
        ("mine.py",),
        (here / "mine.py",),
        (code, example),
        (space["Double"], x),
        (space["Double"](), lambda rng: x),
    ):  # type: ignore[operator]
        assert check_gradient(*given).verdict == "correct"


def test_check_gradient_of_a_file_may_use_other_numbers(here: Path) -> None:
    (here / "mine.py").write_text(CLASS)
    diagnosis = check_gradient("mine.py:Double", np.ones((2, 7)))
    assert diagnosis.rows[0].shape == (2, 7)


def test_check_gradient_says_in_one_line_what_it_cannot_take() -> None:
    with pytest.raises(ValueError, match=r"gone.py: expected a Python file, found no such file"):
        check_gradient("gone.py")
    with pytest.raises(ValueError, match=r"check: expected a function, or a class .*, got None"):
        check_gradient(None, np.ones(3))
