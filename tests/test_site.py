"""The documentation site: what its build makes of a page, and what its check finds in the pages built."""

import inspect
import pkgutil
import re
from pathlib import Path

import build_site
import check_site
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGE = DOCS / "math" / "dense.md"  # whose place in the tree the links below are relative to
POLICY = f'<meta http-equiv="Content-Security-Policy" content="{build_site.POLICY}">'


def fit(text: str) -> tuple[str, set[Path]]:
    """Return what becomes of a page's text, and the files of the repository that it wants shown."""
    shown: set[Path] = set()
    return build_site.fit(text, PAGE, shown), shown


def test_a_quotation_has_its_source_as_title_and_is_python() -> None:
    assert fit("```python glassnet.nn.dense:Dense.backward\nx = 1\n```\n")[0] == (
        '```python title="glassnet.nn.dense.Dense.backward"\nx = 1\n```\n'
    )
    assert (
        fit("```python example\n[a](../../x)\n```\n")[0] == '```python title="Example"\n[a](../../x)\n```\n'
    )
    assert fit("```sh\nglassnet train\n```\n")[0] == "```sh\nglassnet train\n```\n"


def test_a_link_to_a_source_file_leads_to_a_page_that_shows_it() -> None:
    dense = ROOT / "src/glassnet/nn/dense.py"
    text, shown = fit("see [the layer](../../src/glassnet/nn/dense.py), [softmax](softmax.md)")
    assert text == "see [the layer](../source/src/glassnet/nn/dense.py.md), [softmax](softmax.md)"
    assert shown == {dense}
    assert build_site.source_text(dense).count(dense.read_text(encoding="utf-8")) == 1


def test_a_link_that_names_a_function_leads_to_its_line() -> None:
    text, _ = fit("[`Dense.backward`](../../src/glassnet/nn/dense.py)")
    number = int(text.partition("#__codelineno-0-")[2].rstrip(")"))
    lines = (ROOT / "src/glassnet/nn/dense.py").read_text(encoding="utf-8").splitlines()
    assert lines[number - 1].startswith("    def backward(")


def test_a_link_to_a_folder_leads_to_a_list_of_its_files() -> None:
    text, shown = fit("[recipes](../../src/glassnet/recipes/)")
    assert text == "[recipes](../source/src/glassnet/recipes/index.md)"
    assert shown == {ROOT / "src/glassnet/recipes"}
    assert "- [quick.toml](quick.toml.md)\n" in build_site.source_text(ROOT / "src/glassnet/recipes")


def test_a_link_to_nothing_ends_the_build() -> None:
    with pytest.raises(SystemExit, match=r"docs/math/dense\.md: a link to \.\./\.\./src/nowhere\.py"):
        fit("[x](../../src/nowhere.py)")


def site(folder: Path, body: str, head: str = POLICY) -> list[str]:
    """Return what the check finds in a site of one page with `body` and one page with an anchor."""
    (folder / "math").mkdir()
    (folder / "style.css").write_text("a { background: url(dot.png) }", encoding="utf-8")
    (folder / "dot.png").write_bytes(b"")
    (folder / "other.html").write_text(f"<head>{POLICY}</head><h2 id='here'>Here</h2>", encoding="utf-8")
    page = f"<head>{head}<link rel='stylesheet' href='../style.css'></head><p>{body}</p>"
    (folder / "math" / "page.html").write_text(page, encoding="utf-8")
    return check_site.problems(folder)


SOUND = """<a href="../other.html#here">a</a> <a href="https://arxiv.org/abs/1502.03167">paper</a>
<img src="../dot.png"> <img src="data:image/png;base64,"> <code>$HOME</code> <a href="#own" id="own">b</a>"""


def test_a_sound_site_has_no_problems(tmp_path: Path) -> None:
    assert site(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            '<script src="https://example.org/a.js"></script>',
            "loads https://example.org/a.js, which is of an",
        ),
        ('<img src="//example.org/a.png">', "loads //example.org/a.png, which is of another host"),
        (
            '<link rel="preconnect" href="https://example.org">',
            "loads https://example.org, which is of another",
        ),
        (
            '<i style="background: url(http://example.org/a)">',
            "loads http://example.org/a, which is of another",
        ),
        (
            "<style>@import 'https://example.org/a.css';</style>",
            "loads https://example.org/a.css, which is of an",
        ),
        ('<img src="missing.png">', "loads missing.png, which leads nowhere"),
        ('<a href="../missing.html">a</a>', "the link ../missing.html leads nowhere"),
        (
            '<a href="../other.html#there">a</a>',
            "the link ../other.html#there names an anchor that is not there",
        ),
        ('<a href="#there">a</a>', "the link #there names an anchor that is not there"),
        (r'<span class="arithmatex">\(x\)</span>', "a formula is not typeset"),
        ("the loss $L$", "a dollar sign in the text, where a formula was meant: the loss $L$"),
        ("Why:\n- because", "a list without an empty line before it: Why:\n- because"),
    ],
)
def test_the_check_names_what_is_wrong(tmp_path: Path, body: str, problem: str) -> None:
    (found,) = site(tmp_path, body)
    assert found.startswith(f"math/page.html: {problem}")


def test_a_page_must_forbid_its_scripts_to_ask_another_host(tmp_path: Path) -> None:
    assert site(tmp_path, "", head="") == [
        "math/page.html: nothing forbids its scripts to ask another host",
    ]
    for directive in build_site.POLICY.split(";"):
        assert not re.search(r"https?:|\*", directive)


def test_a_style_sheet_may_load_no_font_of_another_host(tmp_path: Path) -> None:
    (tmp_path / "fonts.css").write_text(
        "@font-face { src: url(https://example.org/a.woff2) }", encoding="utf-8"
    )
    assert site(tmp_path, "") == ["fonts.css: loads https://example.org/a.woff2, which is of another host"]


def test_the_navigation_lists_every_page_once() -> None:
    listed = re.findall(r"([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_the_home_page_quotes_lines_of_the_source() -> None:
    ((name, code),) = re.findall(
        r"```python (\S+)\n(.*?)```", (DOCS / "index.md").read_text("utf-8"), re.DOTALL
    )
    source = inspect.getsource(pkgutil.resolve_name(name))
    assert [line for line in code.splitlines() if line.strip() not in source] == []


def test_pictures_inverted_in_the_dark_are_plots_on_white() -> None:
    styles = Path(build_site.__file__).with_name("site.css").read_text(encoding="utf-8")
    parts = re.findall(r'\[src\*="([^"]+)"\]', styles)
    pictures = [path for path in DOCS.rglob("*.png") if any(part in path.as_posix() for part in parts)]
    assert {path.name for path in pictures if path.parent.name == "journey"} == {
        f"{step:02}.png" for step in range(1, 13)
    }
    for path in pictures:
        with Image.open(path) as picture:
            shades = picture.convert("L").histogram()
        assert shades[255] > sum(shades) / 2, path
