"""Build the documentation site: `python scripts/site/build_site.py` makes site/ of docs/; a warning ends it.

docs/ is written to be read on GitHub as it is. A copy of it is fitted to the site: a fence that names what it
quotes gets a title, and a link to a file outside docs/ leads to a page that shows the file. Zensical makes
pages of the copy, KaTeX typesets their formulas here and now, and `check_site` looks at what came out.
"""

import ast
import base64
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import check_site

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
KATEX = "katex@0.19.1"
KATEX_SHA512 = "jG8uKntjSEcm2EpQOh0XturpPuuC9r3Sq5HLHdsFdWZT27E672SF19QEi+of0/YeOy15lDgRhKvr5614uRrEfA=="

FENCE = re.compile(r"^(`{3,}) *([^\n]*)\n.*?^\1`* *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s#]+)\)")
FORMULA = re.compile(
    r'(\(?)<(span|div) class="arithmatex">\s*\\[(\[](.*?)\\[)\]]\s*</\2>([.,;:)]?)', re.DOTALL
)
SEARCHED = re.compile(r"\\[(\[](.*?)\\[)\]]", re.DOTALL)
# The browser itself then refuses whatever a script might ask of another host.
POLICY = "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"


def fit(text: str, page: Path, shown: set[Path]) -> str:
    """Return the Markdown of `page` as the site needs it; what it links to outside docs/ joins `shown`."""

    def link(match: re.Match[str]) -> str:
        words, target = match.groups()
        path = (page.parent / target).resolve()
        if "://" in target or path.is_relative_to(DOCS) or not path.is_relative_to(ROOT):
            return match[0]
        if not path.exists():
            raise SystemExit(f"{page.relative_to(ROOT)}: a link to {target}, which is not there")
        shown.add(path)
        url = os.path.relpath(source_page(path), page.parent.relative_to(DOCS)).replace(os.sep, "/")
        number = line_of(words.strip("`"), path)
        return f"[{words}]({url}{f'#__codelineno-0-{number}' if number else ''})"

    done, end = [], 0
    for match in FENCE.finditer(text):
        done += [LINK.sub(link, text[end : match.start()]), fence(match)]
        end = match.end()
    return "".join([*done, LINK.sub(link, text[end:])])


def fence(match: re.Match[str]) -> str:
    """Return a fenced block; of "python glassnet.nn.dense:Dense.backward" the name becomes its title."""
    language, _, name = match[2].partition(" ")
    if not name:
        return match[0]
    title = "Example" if name == "example" else name.replace(":", ".")
    return match[0].replace(match[2], f'{language} title="{title}"', 1)


def source_page(path: Path) -> Path:
    """Return where in the site's docs a file or folder of the repository is shown."""
    name = path.relative_to(ROOT).as_posix()
    return Path("source", f"{name}/index.md" if path.is_dir() else f"{name}.md")


def line_of(name: str, path: Path) -> int | None:
    """Return the line on which a Python file defines `name`, such as Dense.backward; None if it does not."""
    if path.suffix != ".py":
        return None
    node: ast.AST | None = ast.parse(path.read_text(encoding="utf-8"))
    for part in name.split("."):
        body = getattr(node, "body", [])
        node = next((child for child in body if getattr(child, "name", None) == part), None)
    return getattr(node, "lineno", None)


def source_text(path: Path) -> str:
    """Return a page that shows a file, with numbered lines, or lists a folder; the search leaves it out."""
    name = path.relative_to(ROOT).as_posix()
    head = f"---\nhide: [navigation, toc]\nsearch: {{exclude: true}}\n---\n\n# {name}\n\n"
    if path.is_dir():
        return head + "".join(f"- [{file.name}]({file.name}.md)\n" for file in files(path))
    language = "python" if path.suffix == ".py" else "text"
    code = path.read_text(encoding="utf-8")
    return f'{head}`````{language} linenums="1"\n{code}`````\n'


def files(folder: Path) -> list[Path]:
    """Return the files of a folder that a reader wants to see."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".py", ".toml", ".md"))


def stage(folder: Path) -> None:
    """Copy docs/ and mkdocs.yml into `folder`, fitted to the site."""
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    shown: set[Path] = set()
    for page in sorted(DOCS.rglob("*.md")):
        text = fit(page.read_text(encoding="utf-8"), page, shown)
        (folder / "docs" / page.relative_to(DOCS)).write_text(text, encoding="utf-8")
    listed = {file for path in shown if path.is_dir() for file in files(path)}
    for path in shown | listed:
        page = folder / "docs" / source_page(path)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(source_text(path), encoding="utf-8")


def fetch_katex(folder: Path) -> Path:
    """Fetch KaTeX from npm, compare it with its checksum, and return the folder of what it ships."""
    npm = shutil.which("npm") or sys.exit(
        "the site's formulas need Node.js and npm (on Debian: apt install npm)"
    )
    run([npm, "pack", "--silent", "--prefer-offline", KATEX], folder)
    (archive,) = folder.glob("katex-*.tgz")
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != KATEX_SHA512:
        raise SystemExit(f"{KATEX}: what npm gave has another checksum")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package" / "dist"


def add_styles(katex: Path, assets: Path) -> None:
    """Put KaTeX's style sheet and its fonts (WOFF2, which every browser reads) beside our own."""
    (assets / "katex").mkdir(parents=True)
    style = (katex / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", style)
    (assets / "katex" / "katex.min.css").write_text(style, encoding="utf-8")
    shutil.copytree(
        katex / "fonts", assets / "katex" / "fonts", ignore=shutil.ignore_patterns("*.woff", "*.ttf")
    )
    shutil.copy(Path(__file__).with_name("site.css"), assets)


def typeset(site: Path, katex: Path) -> int:
    """Replace every formula of the built pages by KaTeX's HTML and MathML, and return how many there were."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    formulas = [
        {"tex": html.unescape(tex), "display": tag == "div"}
        for text in pages.values()
        for _, tag, tex, _ in FORMULA.findall(text)
    ]
    command = ["node", str(Path(__file__).with_name("katex.cjs")), str(katex / "katex.js")]
    made = iter(json.loads(run(command, site, json.dumps(formulas))))

    def formula(match: re.Match[str]) -> str:
        before, tag, tex, after = match.groups()
        kind = "formula short" if len(tex) < 30 else "formula"  # no line ends in it or before its comma
        return f'<{tag} class="{kind}">{before}{next(made)}{after}</{tag}>'

    for path, text in pages.items():
        policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        text = FORMULA.sub(formula, text).replace("<head>", f"<head>{policy}", 1)
        path.write_text(text, encoding="utf-8")
    return len(formulas)


def plain_search(site: Path) -> None:
    """Let the search show letters such as N as letters, and an ellipsis for formulas with commands."""
    path = site / "search.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    for item in found["items"]:
        item["text"] = SEARCHED.sub(lambda match: "…" if "\\" in match[1] else match[1], item["text"])
    path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def run(command: list[str], folder: Path, given: str = "") -> str:
    """Run a command in `folder` and return what it prints; end with what it says if it fails."""
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Build the site, or end with what is wrong and leave the site of before."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        stage(folder)
        katex = fetch_katex(folder)
        add_styles(katex, folder / "docs" / "assets")
        run([sys.executable, "-m", "zensical", "build", "--strict"], folder)
        built = folder / "site"
        count = typeset(built, katex)
        plain_search(built)
        problems = check_site.problems(built)
        if problems:
            raise SystemExit("\n".join([*problems, f"{len(problems)} problems in the built site"]))
        shutil.rmtree(ROOT / "site", ignore_errors=True)
        shutil.move(built, ROOT / "site")
    pages = len(list((ROOT / "site").rglob("*.html")))
    print(
        f"site/: {pages} pages, {count} formulas; nothing is asked of another host, and every link resolves"
    )


if __name__ == "__main__":
    main()
