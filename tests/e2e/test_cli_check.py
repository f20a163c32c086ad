"""`glassnet check` as a process: the report, the templates, the exit codes, one line for bad input."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from e2e.command import COMMAND, glassnet, tree

Env = dict[str, str]
TEMPLATES = ("class", "column", "function")


def template(name: str, env: Env, cwd: Path) -> str:
    printed = glassnet(["check", "--template", name], cwd, env)
    assert (printed.code, printed.err) == (0, "")
    return printed.out


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_right_as_it_is_printed(name: str, env: Env, tmp_path: Path) -> None:
    text = template(name, env, tmp_path)
    assert 25 <= text.count("\n") <= 50
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    outcome = glassnet(["check", "mine.py"], tmp_path, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[0].endswith("gradients are right.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "right", "wrong", "cause", "page"),
    [
        ("function", "dz2 /= n", "pass", "batch-factor", "docs/math/backpropagation_in_code.md#mean-or-sum"),
        ("class", "dz = dy * (self.z > 0)", "dz = dy", "activation-missing", "docs/math/relu.md#derivation"),
        ("column", "dZ1.sum(axis=1, keepdims=True)", "dZ1.sum()", "bias-total", "docs/math/dense.md"),
    ],
)
def test_a_mistake_is_named(
    name: str, right: str, wrong: str, cause: str, page: str, env: Env, tmp_path: Path
) -> None:
    text = template(name, env, tmp_path)
    assert text.count(right) == 1
    (tmp_path / "mine.py").write_text(text.replace(right, wrong), encoding="utf-8")
    outcome = glassnet(["check", "mine.py"], tmp_path, env)
    assert (outcome.code, outcome.err) == (1, "")
    assert f"\nLikeliest cause: {cause}\n" in outcome.out
    assert f"  More:     {page}" in outcome.out
    plain = json.loads(glassnet(["check", "mine.py", "--json"], tmp_path, env).out)
    assert plain["verdict"] == "wrong"
    assert plain["findings"][0]["cause"] == cause


@pytest.mark.slow
def test_the_seed_decides_the_numbers(env: Env, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(template("function", env, tmp_path), encoding="utf-8")
    first, again, other = (glassnet(["check", "mine.py", "--seed", n], tmp_path, env).out for n in "112")
    assert first == again != other


BAD = {
    "check": "check: expected FILE.py, or --template to see one, got neither",
    "check gone.py": "gone.py: expected a Python file, found no such file",
    "check .": ".: expected a Python file, got a folder",
    "check broken.py": "broken.py, line 1: expected Python, got '(' was never closed: def f(",
    "check empty.py": "empty.py: expected loss_and_grads or one class with forward and backward, found"
    " no functions and no classes with forward and backward",
    "check nan.py": "loss_and_grads: gradient of w: expected finite numbers, got nan at (1,)",
    "check inf.py": "loss_and_grads: loss: expected a finite number, got inf",
    "check lost.py": "loss_and_grads: expected grads with a gradient for w, got nothing",
    "check nan.py --time-limit 0": "--time-limit: expected a number of seconds above 0, got 0",
    "check --template rows": "--template: unknown template 'rows'; known: class, column, function",
    "check nan.py --template class": "--template: expected without a file to check; send what it prints to"
    " a file",
}  # fmt: skip
EXAMPLE = "def example(rng): return {'w': np.ones(2)}, np.ones(2), None\n"
FILES = {
    "broken.py": "def f(",
    "empty.py": "",
    "nan.py": "import numpy as np\ndef loss_and_grads(p, x, y): return 1.0, {'w': np.array([1.0, np.nan])}\n"
    + EXAMPLE,
    "inf.py": "import numpy as np\ndef loss_and_grads(p, x, y): return np.inf, {'w': p['w']}\n" + EXAMPLE,
    "lost.py": "import numpy as np\ndef loss_and_grads(p, x, y): return 1.0, {}\n" + EXAMPLE,
    "raises.py": "import numpy as np\ndef loss_and_grads(p, x, y):\n    return x @ p['w'][:1], {}\n"
    + EXAMPLE,
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("command", BAD)
def test_what_cannot_be_checked_is_one_line(command: str, env: Env, here: Path) -> None:
    before = tree(here)
    outcome = glassnet(command.split(), here, env)
    assert outcome == (2, "", f"glassnet: {BAD[command]}\n")
    assert tree(here) == before


def test_what_the_file_raises_is_shown_by_its_own_lines(env: Env, here: Path) -> None:
    outcome = glassnet(["check", "raises.py"], here, env)
    assert (outcome.code, outcome.out) == (2, "")
    first, place, line, *_, kind, last = outcome.err.splitlines()
    assert first == "Traceback (your code only, most recent call last):"
    assert place == '  File "raises.py", line 3, in loss_and_grads'
    assert line.strip() == "return x @ p['w'][:1], {}"
    assert kind.startswith("ValueError: matmul")
    assert last.startswith("glassnet: loss_and_grads: raised ValueError: matmul")


def test_a_file_that_never_ends_is_stopped(env: Env, here: Path) -> None:
    (here / "mine.py").write_text("while True: pass")
    outcome = glassnet(["check", "mine.py", "--time-limit", "0.5"], here, env)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[-1].startswith(
        "glassnet: mine.py: ran for more than 0.5 s and was stopped"
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_ends_the_file_too(env: Env, here: Path) -> None:
    os.mkfifo(here / "lives")
    text = "lives = open('lives', 'w')\nlives.write('x')\nlives.flush()\nwhile True: pass"
    (here / "mine.py").write_text(text)
    process = subprocess.Popen(
        [*COMMAND, "check", "mine.py"], cwd=here, env=env, stderr=subprocess.PIPE, text=True
    )
    with (here / "lives").open() as lives:
        assert lives.read(1) == "x"
        process.send_signal(signal.SIGINT)
        assert lives.read() == ""  # the last writer has ended
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "glassnet: interrupted\n")
