"""The derivations in docs/math keep up with the code: quoted lines are the source's, examples compute."""

import inspect
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

from glassnet import nn
from glassnet.nn.layer import Layer
from glassnet.nn.layers import LAYERS
from glassnet.nn.losses import LOSSES, Loss

ROOT = Path(__file__).resolve().parents[1]
MATH = ROOT / "docs" / "math"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(MATH.glob("*.md"))}
TAUGHT: list[type[Layer] | type[Loss]] = [*LAYERS.values(), *LOSSES.values()]
SECTIONS = ["What it is for", "Formula", "Derivation", "Code", "Example", "Usual mistakes"]

# ```python glassnet.nn.dense:Dense.backward quotes that function; ```python example is run.
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EQUATION = re.compile(r"\\qquad \((\d+)\)$", re.MULTILINE)
REFERENCE = re.compile(r"\s*# \(\d+\).*$")  # the equation's number, at the end of a quoted line
LINK = re.compile(r"\]\(([^)\s]+)\)")
DISPLAY = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.MULTILINE | re.DOTALL)


def fences(page: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page as pairs of what they are and what they hold."""
    return FENCE.findall(PAGES[page])


def quotes(page: str) -> list[tuple[str, str]]:
    """Return what a page quotes as pairs of the function's name and the lines."""
    return [(info.removeprefix("python "), code) for info, code in fences(page) if info != "python example"]


def prose(page: str) -> str:
    """Return a page without its code."""
    return re.sub(r"`[^`\n]+`", "code", FENCE.sub("", PAGES[page]))


def lines(code: str) -> list[str]:
    """Return the lines that say something, without indentation."""
    return [line.strip() for line in code.splitlines() if line.strip()]


def derivation(taught: type) -> str:
    """Return the name of the page that a docstring gives."""
    match = re.search(r"Derivation: docs/math/(\w+)\.md\.", taught.__doc__ or "")
    assert match, f"{taught.__name__}: no `Derivation: docs/math/….md.` in its docstring"
    return match[1]


@pytest.mark.parametrize("taught", TAUGHT, ids=lambda taught: taught.__name__)
def test_every_layer_and_loss_names_its_page_which_explains_its_code(taught: type) -> None:
    page = derivation(taught)
    assert page in PAGES
    assert re.findall(r"^## (.+)$", PAGES[page], re.MULTILINE) == SECTIONS
    name = f"{taught.__module__}:{taught.__name__}"
    methods = ["__call__"] if issubclass(taught, Loss) else ["forward", "backward"]
    quoted = [quoted for quoted, _ in quotes(page)]
    assert [f"{name}.{method}" for method in methods if f"{name}.{method}" not in quoted] == []
    assert "python example" in [info for info, _ in fences(page)]


@pytest.mark.parametrize("page", PAGES)
def test_every_quoted_line_stands_in_the_source(page: str) -> None:
    for name, code in quotes(page):
        assert name.startswith("glassnet."), f"a block of {page}.md says neither whose code it is nor example"
        source = lines(inspect.getsource(pkgutil.resolve_name(name)))
        quoted = [REFERENCE.sub("", line) for line in lines(code)]
        for line in quoted:
            assert line in source, f"{page}.md quotes a line that is not in {name}: {line}"
        runs = [source[start : start + len(quoted)] for start in range(len(source))]
        assert quoted in runs, f"{page}.md quotes lines of {name} that do not follow one another there"
        path = f"src/{name.partition(':')[0].replace('.', '/')}.py"
        assert f"](../../{path})" in PAGES[page], f"{page}.md quotes {path} without a link to it"


@pytest.mark.parametrize("page", PAGES)
def test_equations_are_numbered_in_order_and_code_refers_to_ones_that_exist(page: str) -> None:
    numbers = [int(number) for number in EQUATION.findall(PAGES[page])]
    assert numbers == list(range(1, len(numbers) + 1))
    for info, code in fences(page):
        for comment in re.findall(r"#((?: \(\d+\),?)+)", code):
            for number in re.findall(r"\d+", comment):
                assert int(number) in numbers, f"{page}.md has no equation ({number}), which {info} names"


@pytest.mark.parametrize("page", [page for page in PAGES if "```python example" in PAGES[page]])
def test_the_numbers_of_an_example_come_out(page: str) -> None:
    for info, code in fences(page):
        if info == "python example":
            assert "assert " in code
            exec(compile(code, f"docs/math/{page}.md", "exec"), {"np": np, "nn": nn})


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in LINK.findall(prose(page)):
        if link.startswith("https://"):
            continue
        target, _, heading = link.partition("#")
        path = (MATH / target).resolve() if target else MATH / f"{page}.md"
        assert path.exists(), f"{page}.md: {link}"
        if heading:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings]
            assert heading in anchors, f"{page}.md: {link}"


@pytest.mark.parametrize(
    "heading",
    [
        "Mean or sum",
        "Column or row",
        "What comes from above",
        "Caches",
        "In place",
        "Accumulating",
        "Random numbers",
    ],
)
def test_what_goes_wrong_in_code_has_a_heading_to_link_to_and_an_example(heading: str) -> None:
    _, found, rest = PAGES["backpropagation_in_code"].partition(f"\n## {heading}\n")
    section = rest.partition("\n## ")[0]
    assert found
    assert "```python example" in section
    assert "**How it shows.**" in section


def test_the_index_lists_every_page() -> None:
    assert {f"{page}.md" for page in PAGES} - set(LINK.findall(PAGES["README"])) == {"README.md"}


@pytest.mark.parametrize("page", PAGES)
def test_markdown_leaves_the_mathematics_alone(page: str) -> None:
    r"""GitHub reads Markdown first, and would take `\,`, `\\`, `\{`, `}_` or `*` for its own."""
    text = prose(page)
    assert text.count("$$") == 2 * len(DISPLAY.findall(text)), "each $$ stands on a line of its own"
    words = DISPLAY.sub("", text)
    inline = re.findall(r"\$([^$\n]+)\$", words)
    assert words.count("$") == 2 * len(inline), "inline mathematics stays on one line"
    for formula in [*DISPLAY.findall(text), *inline]:
        assert not re.search(r"\\[^A-Za-z]|[^A-Za-z0-9]_|[*<|&~#%]", formula), formula
        assert not re.search(r"\\(newcommand|def|operatorname|tag|phantom|mbox)", formula), formula
        assert formula == formula.strip(), formula
    for before, after in re.findall(r"(.?)\$[^$\n]+\$(.?)", words):
        assert before in ("", " ", "("), f"{before}$…"
        assert after in ("", *" .,;:)"), f"…${after}"
