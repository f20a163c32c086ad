"""What must hold for the built site: it asks nothing of another host, links resolve, formulas are typeset."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A browser loads these by itself; a link in <a> waits for a reader's click.
LOADS = {"src", "srcset", "poster", "data", "href"}
CSS_LOAD = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
VERBATIM = ("code", "pre", "script", "style", "annotation")


class Page(HTMLParser):
    """What a page loads, links to and names, and its text without code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text: list[str] = []
        self.classes: set[str] = set()
        self.policy = ""
        self._verbatim = 0
        self._style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag loads, links to and is called."""
        have = {name: value or "" for name, value in attrs}
        self.anchors |= {have[name] for name in ("id", "name") if name in have}
        self.classes |= set(have.get("class", "").split())
        self.loads += css_loads(have.get("style", ""))
        if have.get("http-equiv") == "Content-Security-Policy":
            self.policy = have["content"]
        if tag == "a":
            self.links += [have["href"]] if "href" in have else []
        elif have.get("rel") not in ("canonical", "next", "prev"):
            self.loads += [have[name].split()[0] for name in LOADS & have.keys() if have[name]]
        self._verbatim += tag in VERBATIM
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        """Leave code."""
        self._verbatim -= tag in VERBATIM
        self._style = False

    def handle_data(self, data: str) -> None:
        """Keep prose, and look into style sheets."""
        if self._style:
            self.loads += css_loads(data)
        elif not self._verbatim:
            self.text.append(data)


def css_loads(css: str) -> list[str]:
    """Return the addresses that a style sheet loads."""
    return [address or imported for address, imported in CSS_LOAD.findall(css)]


def missing(address: str, base: Path, pages: dict[Path, Page], site: Path) -> str:
    """Return what is wrong with an address that must be within the site, or nothing."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return ""
    if parts.scheme or parts.netloc:
        return "is of another host"
    path = unquote(parts.path)
    target = site / path[1:] if path.startswith("/") else (base.parent / path if path else base)
    target = (target / "index.html" if target.is_dir() else target).resolve()
    if not target.is_file():
        return "leads nowhere"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return "names an anchor that is not there"
    return ""


def problems(site: Path) -> list[str]:
    """Return what is wrong with the built site, a line each."""
    site = site.resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = [] if pages else ["the site has no pages"]
    for path in pages:
        found += [f"{path.relative_to(site)}: {what}" for what in page_problems(path, pages, site)]
    for path in sorted(site.rglob("*.css")):
        for address in css_loads(path.read_text(encoding="utf-8")):
            if what := missing(address, path, pages, site):
                found.append(f"{path.relative_to(site)}: loads {address}, which {what}")
    return found


def page_problems(path: Path, pages: dict[Path, Page], site: Path) -> Iterator[str]:
    """Yield what is wrong with one page."""
    page = pages[path]
    if not page.policy.startswith("default-src 'self'"):
        yield "nothing forbids its scripts to ask another host"
    for address in page.loads:
        if what := missing(address, path, pages, site):
            yield f"loads {address}, which {what}"
    for address in page.links:
        outside = re.match(r"https?://|mailto:", address)
        if not outside and (what := missing(address, path, pages, site)):
            yield f"the link {address} {what}"
    if "arithmatex" in page.classes or "katex-error" in page.classes:
        yield "a formula is not typeset"
    for text in page.text:
        if "$" in text:
            yield f"a dollar sign in the text, where a formula was meant: {text.strip()[:60]}"
        if re.search(r"\n(?:[-*]|\d+\.) ", text):
            yield f"a list without an empty line before it: {text.strip()[:60]}"


if __name__ == "__main__":
    print("\n".join(problems(Path(sys.argv[1]))) or "nothing is wrong")
