"""The same network here, in PyTorch and in Keras: each script is run, and must find the same losses.

In float64 the bounds are some hundred times what was measured: another BLAS rounds otherwise. In float32 a
unit at its kink may part the two (docs/pytorch.md), so that the bound is wide.
"""

import importlib.util
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES, DOCS = ROOT / "examples", ROOT / "docs"
APART = re.compile(r"(float\d\d): losses at most (\S+) apart, weights in the end (\S+);")
PRECISE = re.compile(r"precise: (\S+) (\S+) in (\d+) steps")
ANSWERS = re.compile(r"(\d+) of 1,000 answers differ")


WITH_TORCH, WITH_KERAS = (importlib.util.find_spec(name) is not None for name in ("torch", "keras"))

# Both in one process, since importing PyTorch and Keras takes longest.
PYTORCH = """
import runpy, sys
folder = sys.argv[1]
sys.path.insert(0, folder)
sys.argv[1:] = ["--epochs", "1"]
runpy.run_path(folder + "/in_pytorch.py", run_name="__main__")
"""
# The script as it is; then Adam in float64. Keras 3.15 multiplies float64 in float32: to see that no more
# than this is between the two, it must not.
KERAS = """
print("Keras")
runpy.run_path(folder + "/in_keras.py", run_name="__main__")

from keras.src.backend.common import dtypes
getattr(dtypes, "BIT64_TO_BIT32_DTYPE", {}).pop("float64", None)
import glassnet as gn, in_keras, numpy as np, side_by_side
digits = gn.data.load("mnist-sample", validation=0).train
x, y = side_by_side.pixels(digits, "float64")[::2], digits.labels[::2].astype(np.int64)
found = in_keras.both(side_by_side.Task(x, y, x[:1], "adam", 0.001, epochs=1))
weights = max(np.abs(a - b).max() for a, b in zip(*found.weights))
print(f"precise: {found.apart().max()} {weights} in {len(found.losses[0])} steps")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where both scripts have run from, with their pictures; what they said is in said.txt."""
    if not WITH_TORCH:
        pytest.skip("needs torch")
    where = tmp_path_factory.mktemp("comparisons")
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "KERAS_HOME": str(where)}
    code = PYTORCH + (KERAS if WITH_KERAS else "")
    run = subprocess.run(
        [sys.executable, "-c", code, str(EXAMPLES)],
        cwd=where, env={**os.environ, **threads}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (where / "said.txt").write_text(run.stdout, encoding="utf-8")
    return where


def said(folder: Path) -> list[str]:
    """What in_pytorch.py printed, then what in_keras.py did."""
    return (folder / "said.txt").read_text(encoding="utf-8").split("\nKeras\n")


def distances(text: str) -> dict[str, tuple[float, float]]:
    """Return how far losses and weights were apart in each dtype."""
    assert all(int(others) <= 10 for others in ANSWERS.findall(text))
    return {dtype: (float(losses), float(weights)) for dtype, losses, weights in APART.findall(text)}


@pytest.mark.slow
@pytest.mark.oracle
def test_pytorch_finds_the_same_losses(folder: Path) -> None:
    apart = distances(said(folder)[0])
    assert apart["float64"][0] < 1e-13
    assert apart["float64"][1] < 1e-12
    assert apart["float32"][0] < 1e-2
    assert (folder / "in_pytorch.png").stat().st_size > 30_000


@pytest.mark.slow
@pytest.mark.oracle
@pytest.mark.skipif(not WITH_KERAS, reason="needs keras")
def test_keras_finds_the_same_losses_but_for_rounding(folder: Path) -> None:
    text = said(folder)[1]
    assert distances(text)["float32"][0] < 1e-2
    assert (folder / "in_keras.png").stat().st_size > 30_000
    losses, weights, steps = PRECISE.search(text).groups()
    assert steps == "63"
    assert float(losses) < 1e-12
    assert float(weights) < 1e-10


@pytest.mark.parametrize(
    ("script", "missing", "message"),
    [
        ("in_pytorch", "torch", 'in_pytorch.py needs PyTorch: pip install "glassnet[oracle]"'),
        ("in_keras", "keras", 'in_keras.py needs Keras and PyTorch: pip install keras "glassnet[oracle]"'),
    ],
)
def test_a_comparison_without_its_library_says_what_to_install(
    script: str, missing: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")  # the script sets it: so it is put back afterwards
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit, match=f"^{re.escape(message)}$"):
        runpy.run_path(str(EXAMPLES / f"{script}.py"), run_name="__main__")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "-1"], "--epochs: expected at least 1, got -1"),
        (["--learning-rate", "0"], "--learning-rate: expected a number above 0, got 0"),
        (["--learning-rate", "nan"], "--learning-rate: expected a number above 0, got nan"),
        (["--out", "nowhere/a.png"], "--out: expected a file in a folder that is there, found no nowhere"),
    ],
)
def test_a_comparison_refuses_bad_settings_in_one_line(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["in_pytorch.py", *arguments])
    asked = runpy.run_path(str(EXAMPLES / "side_by_side.py"))["asked"]
    with pytest.raises(SystemExit, match=f"^{re.escape(message)}$"):
        asked("PyTorch", ("momentum",))


@pytest.mark.parametrize("page", ["pytorch", "keras"])
def test_what_a_comparison_quotes_stands_in_its_example(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    source = (EXAMPLES / f"in_{page}.py").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 4
    assert [block for block in blocks if block not in source] == []


@pytest.mark.parametrize("page", ["pytorch", "keras", "resources"])
def test_links_and_pictures_of_a_page_are_there(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\((?!http)([^)#]+)", text))
    assert [link for link in links if not (DOCS / link).is_file()] == []
