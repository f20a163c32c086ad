"""Render docs/math as the pages that the studio's numbers link to: plain HTML with MathML, and no script.

    python scripts/render_math.py            write src/glassnet/view/math/*.html
    python scripts/render_math.py --check    say which pages are not current, and exit with 1

Each page says in its head of which source it was made, so that the check needs neither Node.js nor KaTeX. An
equation's number (n) becomes its anchor eq-n; links to files outside docs/math become plain words.
"""

import hashlib
import html
import json
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES, PAGES = ROOT / "docs" / "math", ROOT / "src" / "glassnet" / "view" / "math"
CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?(?:\n[^$\n]+?)?)\$", re.DOTALL)
NUMBER = re.compile(r"\\qquad\s*\((\d+)\)\s*$")
SPOT = re.compile(r"(?:<p>)?§(\d+)§(?:</p>)?")
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", re.DOTALL)
FENCE = re.compile(r'<pre><code class="language-\w+">')
MATHML = re.compile(r"<math.*?</math>", re.DOTALL)
ANNOTATION = re.compile(r"<annotation[^>]*>.*?</annotation>", re.DOTALL)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="source" content="{source}">
<title>{title} · glassnet</title>
<link rel="stylesheet" href="math.css">
</head>
<body>
<nav><a href="README.html">all derivations</a></nav>
<main>
{body}</main>
</body>
</html>
"""


class Formulas:
    """The formulas taken out of a page while its Markdown is rendered, each leaving a mark in its place."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str | None, bool]] = []  # what it says, its number, on a line of its own

    def take(self, text: str) -> str:
        """Return a page's Markdown with marks for its formulas; code is left alone."""
        parts = CODE.split(text)
        parts[::2] = [FORMULA.sub(self._mark, part) for part in parts[::2]]
        return "".join(parts)

    def _mark(self, match: re.Match[str]) -> str:
        display = match[1] is not None
        tex = (match[1] or match[2]).strip()
        number = NUMBER.search(tex) if display else None
        self.found.append((NUMBER.sub("", tex).strip(), number and number[1], display))
        return f"§{len(self.found) - 1}§"

    def put(self, page: str, mathml: list[str]) -> str:
        """Return the rendered page with the formulas in place of their marks."""

        def formula(match: re.Match[str]) -> str:
            _, number, display = self.found[int(match[1])]
            if not display:
                return match[0].replace(f"§{match[1]}§", mathml[int(match[1])])
            if number is None:
                return f'<div class="equation">{mathml[int(match[1])]}</div>'
            link = f'<a href="#eq-{number}">({number})</a>'
            return f'<div class="equation" id="eq-{number}">{mathml[int(match[1])]}{link}</div>'

        return SPOT.sub(formula, page)


def markdown(text: str) -> str:
    """Return Markdown as HTML, with the anchors that GitHub gives headings."""
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark").enable("table").render(text)

    def heading(match: re.Match[str]) -> str:
        words = re.sub(r"<[^>]+>", "", match[2]).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        return f'<h{match[1]} id="{slug}">{match[2]}</h{match[1]}>'

    def link(match: re.Match[str]) -> str:
        target, words = match.groups()
        page, _, anchor = target.partition("#")
        if "://" in target:
            return match[0]
        if page and (
            "/" in page or not (SOURCES / page).is_file()
        ):  # sources of the program, other documents
            return words
        href = page.replace(".md", ".html") + (f"#{anchor}" if anchor else "")
        return f'<a href="{href}">{words}</a>'

    return FENCE.sub("<pre><code>", LINK.sub(link, HEADING.sub(heading, page)))


def typeset(formulas: list[tuple[str, str | None, bool]]) -> list[str]:
    """Return each formula as MathML, made by KaTeX."""
    sys.path.insert(0, str(ROOT / "scripts" / "site"))
    import build_site

    given = json.dumps([{"tex": tex, "display": display} for tex, _, display in formulas])
    with tempfile.TemporaryDirectory() as name:
        katex = build_site.fetch_katex(Path(name).resolve()) / "katex.js"
        script = ROOT / "scripts" / "site" / "katex.cjs"
        made = json.loads(build_site.run(["node", str(script), str(katex), "mathml"], ROOT, given))
    found = (MATHML.search(formula) for formula in made)
    return [ANNOTATION.sub("", math[0]) for math in found if math]


def fingerprint(source: Path) -> str:
    """Return a checksum of a source, and of how pages are made."""
    return hashlib.sha256(source.read_bytes() + Path(__file__).read_bytes()).hexdigest()[:16]


def stale() -> list[str]:
    """Return the names of pages that are missing, left over, or made of another source."""
    sources = {f"{path.stem}.html": path for path in SOURCES.glob("*.md")}
    pages = {path.name: path for path in PAGES.glob("*.html")}
    changed = [
        name
        for name, path in pages.items()
        if name in sources and f'"{fingerprint(sources[name])}"' not in path.read_text(encoding="utf-8")
    ]
    return sorted({*changed, *(sources.keys() ^ pages.keys())})


def write() -> None:
    """Write all pages."""
    formulas, texts = Formulas(), {}
    for source in sorted(SOURCES.glob("*.md")):
        texts[source] = markdown(formulas.take(source.read_text(encoding="utf-8")))
    mathml = typeset(formulas.found)
    PAGES.mkdir(exist_ok=True)
    for page in PAGES.glob("*.html"):
        page.unlink()
    for source, text in texts.items():
        body = formulas.put(text, mathml)
        title = re.sub(r"<[^>]+>", "", body.partition("</h1>")[0])
        page = PAGE.format(
            source=fingerprint(source), title=html.escape(html.unescape(title)).strip(), body=body
        )
        (PAGES / f"{source.stem}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if names := stale():
            sys.exit(f"not current: {', '.join(names)}; python scripts/render_math.py writes them")
    else:
        write()
