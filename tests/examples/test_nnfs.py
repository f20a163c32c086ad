"""examples/nnfs.py is one short file of NumPy alone whose gradients are the library's, and it learns."""

import ast
import gzip
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import glassnet as gn
from data.digit_files import packed, write_digits
from data.mirror import Mirror
from e2e.command import environment, glassnet

SOURCE = Path(__file__).parents[2] / "examples" / "nnfs.py"
NAMES = ("1.W", "1.b", "3.W", "3.b")


@pytest.fixture
def nnfs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The example as a module, in an empty folder, without data."""
    monkeypatch.delenv("GLASSNET_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("nnfs", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SOURCE)], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=100
    )


def test_it_is_a_hundred_lines_of_numpy_and_the_standard_library() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    taken = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert len(text.splitlines()) <= 100
    assert taken <= {"numpy", *sys.stdlib_module_names}


def test_its_gradients_are_those_of_the_library(nnfs: ModuleType) -> None:
    rng = np.random.default_rng(1)
    weights = [array.astype(np.float64) for array in nnfs.initial(rng)]
    for bias in weights[1::2]:
        bias[:] = rng.normal(size=bias.shape)
    x, y = rng.uniform(size=(32, 784)), rng.integers(10, size=32)

    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], 784, dtype="float64", seed=0)
    for name, array in zip(NAMES, weights):
        net.parameters[name][...] = array
    z = net.forward(x)
    dz = np.empty_like(z)
    gn.CrossEntropy()(z, np.eye(10)[y], dz)
    net.backward(dz)

    a, p = nnfs.forward(weights, x)
    mine = nnfs.backward(weights, x, a, p, y)
    assert set(NAMES) == set(net.gradients)
    for name, array in zip(NAMES, mine):
        np.testing.assert_allclose(array, net.gradients[name], rtol=1e-9, atol=1e-15, err_msg=name)


def test_what_it_fetches_is_whole_and_kept(nnfs: ModuleType, tmp_path: Path) -> None:
    name = "t10k-labels-idx1-ubyte.gz"
    good = (write_digits(tmp_path / "there") / name).read_bytes()
    with Mirror({f"/{name}": good[:-9]}) as cut, Mirror({f"/{name}": good}) as whole:
        nnfs.AMAZON, nnfs.GOOGLE = f"{cut.url}/", f"{whole.url}/"
        assert nnfs.read(name) == gzip.decompress(good)
        assert nnfs.read(name) == gzip.decompress(good)
        assert (cut.requests, whole.requests) == ([f"/{name}"], [f"/{name}"])
    assert (tmp_path / "mnist" / name).read_bytes() == good


def test_without_digits_it_ends_in_one_line(nnfs: ModuleType) -> None:
    nnfs.AMAZON = nnfs.GOOGLE = "http://127.0.0.1:9/"
    with pytest.raises(SystemExit, match=r"train-images-idx3-ubyte\.gz: expected in \$GLASSNET_DATA/mnist"):
        nnfs.load("train")


@pytest.mark.slow
def test_it_learns_what_glassnet_then_judges(tmp_path: Path) -> None:
    digits = gn.data.load("mnist-sample")
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for part, split in (("train", digits.train), ("t10k", digits.test)):
        for kind, array in (("images-idx3", split.images), ("labels-idx1", split.labels)):
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(packed(array)))
    env = environment(tmp_path, GLASSNET_DATA=str(tmp_path / "data"))

    done = run(tmp_path, env)
    assert (done.returncode, done.stderr) == (0, "")
    found = re.search(r"it reads (\d+\.\d+)%", done.stdout)
    assert found is not None
    assert float(found[1]) > 88  # of 4,000 images

    judged = glassnet(["evaluate", "weights.npz", "--data", "mnist-sample"], tmp_path, env)
    assert judged.code == 0, judged.err
    assert f"accuracy {float(found[1]) / 100:.4f}" in judged.out.lower()


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("GLASSNET_DATA"), reason="needs MNIST in $GLASSNET_DATA")
def test_it_reads_978_of_1000_digits(tmp_path: Path) -> None:
    done = run(
        tmp_path, environment(tmp_path, GLASSNET_DATA=str(Path(os.environ["GLASSNET_DATA"]).resolve()))
    )
    found = re.search(r"it reads (\d+\.\d+)%", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) >= 97.8
    assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]
