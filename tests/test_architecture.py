"""The plan of the house: who may import whom, and that every package's `__all__` tells the truth."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import glassnet

ROOT = Path(glassnet.__file__).parent

# A module imports only from lower ranks or its own room. A new room has to be given its rank here.
RANKS = {
    "nn": 1,
    "data": 2,
    "atomic": 1,
    "extras": 1,
    "hardware": 1,
    "files": 2,
    "blas": 2,
    "training": 3,
    "speed": 3,
    "doctor": 4,
    "estimators": 4,
    "plots": 4,
    "recipes": 4,
    "diagnose": 4,
    "inside": 4,
    "reading": 4,
    "bench": 5,
    "runs": 5,
    "compare": 5,
    "view": 5,
    "film": 6,
    "page": 5,
    "studio": 6,
    "demo": 7,
    "notebook": 7,
    "cli": 8,
    "__main__": 9,
}
ROOMS_OF_NUMPY_ALONE = ("nn",)
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))
PACKAGES = sorted(path.parent.relative_to(ROOT.parent).as_posix() for path in ROOT.rglob("__init__.py"))


class Import(NamedTuple):
    """A module, dotted, and the name taken from it, if one is."""

    module: str
    name: str | None
    line: int


def imports(source: str, package: str) -> Iterator[Import]:
    """All imports of a module: at the top, inside functions, for type checkers only, or by a name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", None)) in (
            "import_module",
            "__import__",
        ):
            (name, *_) = node.args
            assert isinstance(name, ast.Constant), f"line {node.lineno}: import_module of a computed name"
            yield Import(str(name.value), None, node.lineno)


def room(module: str) -> str:
    """The first part of a path below the package: `nn/dense.py` is in nn, `blas.py` is blas."""
    return module.removesuffix(".py").partition("/")[0]


def arrows(module: str, source: str) -> Iterator[str]:
    """Describe each import of `module` that the plan forbids."""
    here = room(module)
    package = ".".join(["glassnet", *module.split("/")[:-1]])
    for found in imports(source, package):
        where = f"{module}:{found.line}"
        outer, _, inner = found.module.partition(".")
        if outer != "glassnet":
            if here in ROOMS_OF_NUMPY_ALONE and outer not in {*sys.stdlib_module_names, "numpy"}:
                yield f"{where}: {here} imports {outer}; it may import NumPy and the standard library"
            continue
        there = inner.partition(".")[0] or found.name
        if there == "__version__":
            continue
        if there not in RANKS:
            yield f"{where}: takes {there or 'glassnet'} from the face; import it from its own module"
        elif there != here and RANKS[there] >= RANKS[here]:
            yield f"{where}: {here} (rank {RANKS[here]}) imports {there} (rank {RANKS[there]})"


def test_every_module_has_a_rank() -> None:
    assert {room(module) for module in MODULES} - {"__init__"} <= set(RANKS)


@pytest.mark.parametrize("module", MODULES)
def test_no_import_points_up(module: str) -> None:
    if module == "__init__.py":  # the face shows all rooms
        return
    assert list(arrows(module, (ROOT / module).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nn/dense.py", "import glassnet.data"),
        ("nn/dense.py", "import scipy.special"),
        ("nn/dense.py", "def f():\n    from threadpoolctl import threadpool_limits"),
        ("data/idx.py", "from glassnet.training.loop import Training"),
        ("data/idx.py", "from glassnet import files"),
        ("data/idx.py", "from .. import blas"),
        ("blas.py", "from .files import npz"),
        ("training/loop.py", "def f():\n    import glassnet.plots.style as style"),
        ("training/loop.py", "if TYPE_CHECKING:\n    from glassnet.cli import main"),
        ("files/npz.py", "import importlib\nimportlib.import_module('glassnet.runs')"),
        ("plots/style.py", "from glassnet import recipes"),
        ("runs.py", "from glassnet import Network"),
        ("runs.py", "import glassnet"),
        ("runs.py", "from glassnet.unheard import of"),
    ],
)
def test_arrows_that_point_up_are_seen(module: str, source: str) -> None:
    assert len(list(arrows(module, source))) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "nn/dense.py",
            "import math, numpy as np\nfrom glassnet.nn import initializers\nfrom . import layer",
        ),
        ("data/idx.py", "import pooch\nfrom glassnet.nn.scaling import Scaling\nfrom .sources import find"),
        ("files/npz.py", "from glassnet import __version__, nn"),
        ("cli/train.py", "from glassnet import blas, data, plots, runs\nfrom glassnet.cli import options"),
    ],
)
def test_arrows_that_point_down_are_fine(module: str, source: str) -> None:
    assert list(arrows(module, source)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_sorted_and_true(package: str) -> None:
    if package == "glassnet/estimators":
        pytest.importorskip("sklearn")
    module = importlib.import_module(package.replace("/", "."))
    listed = getattr(module, "__all__", [])
    assert list(listed) == sorted(set(listed))
    assert [name for name in listed if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", [package for package in PACKAGES if package != "glassnet/cli"])
def test_all_names_what_a_package_shows_of_its_modules(package: str) -> None:
    """For the face this also says that type checkers see what is loaded at first use, and nothing else."""
    module = importlib.import_module(package.replace("/", "."))
    tree = ast.parse((ROOT.parent / package / "__init__.py").read_text(encoding="utf-8"))
    shown = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{module.__name__}.")
        for alias in node.names
    }
    assert set(getattr(module, "__all__", [])) == shown
