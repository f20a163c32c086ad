"""The package's face: every name it promises is there, and importing it costs next to nothing."""

import json
import subprocess
import sys
from typing import Any

import pytest

import glassnet


def fresh(code: str) -> Any:
    """What the code prints as JSON in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", f"import json, sys\n{code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_it_loads_nothing_else() -> None:
    new = fresh(
        "import importlib; before = set(sys.modules)\n"
        "import glassnet; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    assert new == ["glassnet"]


def test_the_heavy_libraries_wait_until_they_are_used() -> None:
    loaded = fresh(
        "import glassnet as gn\n"
        "for name in gn.__all__: getattr(gn, name)\n"
        "net = gn.Network([gn.Dense(3)], 4)\n"
        "list(gn.Training(net, ([[0.0] * 4] * 9, [0, 1, 2] * 3), epochs=1))\n"
        "heavy = {'matplotlib', 'pooch', 'requests', 'rich', 'typer'}\n"
        "print(json.dumps(sorted(heavy & set(sys.modules))))"
    )
    assert loaded == []


def test_every_name_it_promises_is_there() -> None:
    missing = fresh(
        "import glassnet\nprint(json.dumps([n for n in glassnet.__all__ if not hasattr(glassnet, n)]))"
    )
    assert missing == []


def test_a_star_brings_every_name() -> None:
    brought = fresh("space = {}; exec('from glassnet import *', space)\nprint(json.dumps(sorted(space)))")
    assert set(glassnet.__all__) <= set(brought)


@pytest.mark.parametrize("name", glassnet.__all__)
def test_a_name_is_what_it_says(name: str) -> None:
    value = getattr(glassnet, name)
    assert getattr(glassnet, name) is value
    if isinstance(value, type) and name[0].isupper():
        assert value.__name__ == name
    elif callable(value):
        assert value.__name__.replace("_", "").lower() == name.replace("_", "").lower()
    else:
        assert value.__name__ == f"glassnet.{name}"


def test_names_are_listed_loaded_or_not() -> None:
    assert set(glassnet.__all__) <= set(dir(glassnet))
    assert sorted(glassnet.__all__) == glassnet.__all__


def test_type_checkers_see_the_same_names() -> None:
    """What TYPE_CHECKING imports is what is loaded at first use."""
    import ast
    from pathlib import Path

    tree = ast.parse(Path(glassnet.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname or alias.name for node in block.body for alias in node.names}  # type: ignore[attr-defined]
    assert seen == set(glassnet.__all__)


def test_other_names_are_no_attributes() -> None:
    with pytest.raises(AttributeError, match="module 'glassnet' has no attribute 'Dens'"):
        _ = glassnet.Dens
    with pytest.raises(ImportError):
        exec("from glassnet import nothing_of_the_kind")


def test_the_example_at_the_top_of_the_package_works(tmp_path: Any) -> None:
    import glassnet as gn

    digits = gn.data.load("mnist-sample")
    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784)
    gn.Training(net, digits, learning_rate=gn.one_cycle(0.1), epochs=1, threads=1).fit(progress=False)
    assert net.predict(digits.test.images[:5]).shape == (5,)
    net.save(tmp_path / "model.npz")
    assert gn.load(tmp_path / "model.npz").size == net.size
