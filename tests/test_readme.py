"""What the README says is true: links lead somewhere, its Python runs, its excerpt stands in the source."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)", README))))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_its_commands_are_where_ci_takes_them_from() -> None:
    for marker, ending in (("main", "glassnet train"), ("test", "-m pytest -q")):
        (command,) = re.findall(rf"<!-- {marker} -->\n```sh\n(.*)\n```", README)
        assert command.startswith("python3 -m venv .venv && ")
        assert command.endswith(ending)


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    run = [block for block in BLOCKS if not block.startswith("    def ")]
    assert len(run) == 3
    for block in run:
        exec(block, namespace)
    assert (tmp_path / "model.npz").is_file()


def test_its_excerpt_stands_in_the_source() -> None:
    source = (ROOT / "src/glassnet/nn/dense.py").read_text(encoding="utf-8")
    (excerpt,) = [block for block in BLOCKS if block.startswith("    def ")]
    head, _, body = excerpt.partition("\n")
    assert head.strip().startswith("def backward(self, x, y, memory, dy, dx)")
    assert body in source


def test_nothing_is_left_to_fill_in() -> None:
    assert not re.search(r"^[A-Z_]{5,}$", README, flags=re.MULTILINE)
