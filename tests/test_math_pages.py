"""The derivations inside the package: made of docs/math as it is now, every equation with its anchor."""

import html.parser
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "src" / "glassnet" / "view" / "math"
SOURCES = sorted((ROOT / "docs" / "math").glob("*.md"))
NUMBER = re.compile(r"\\qquad\s*\((\d+)\)")


class Read(html.parser.HTMLParser):
    """The tags, anchors and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        self.anchors.add(named.get("id") or "")
        if tag == "a":
            self.links.append(named.get("href") or "")


def test_the_pages_are_made_of_the_sources_as_they_are() -> None:
    spec = importlib.util.spec_from_file_location("render_math", ROOT / "scripts" / "render_math.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.stale() == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_page_has_all_formulas_and_its_links_lead_somewhere(source: Path) -> None:
    text = (PAGES / f"{source.stem}.html").read_text(encoding="utf-8")
    page = Read(text)
    numbers = NUMBER.findall(source.read_text(encoding="utf-8"))
    assert {f"eq-{number}" for number in numbers} <= page.anchors
    assert "$" not in re.sub(r"<(pre|code)>.*?</\1>", "", text, flags=re.DOTALL)
    assert "§" not in text
    assert not {"script", "img", "iframe", "style"} & page.tags
    for link in page.links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        there = Read((PAGES / name).read_text(encoding="utf-8")) if name else page
        assert not anchor or anchor in there.anchors, link
