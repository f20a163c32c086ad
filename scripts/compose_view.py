"""Compose the pages' sources in web/ into the scripts and the style sheets that hosts serve or inline.

web/*.js are ES modules that browsers run as they are; a page, a notebook and a demo want a single script
without imports. Each source becomes a function that returns what it exports, in order of dependence, so
that the composed script means what the sources mean: names that are not exported stay in their source.

    python scripts/compose_view.py            write the files of BUNDLES
    python scripts/compose_view.py --check    say what is not current, and exit with 1

There is no parser of JavaScript here. Instead, sources keep to these forms, each at the start of a line:

    import { a, b } from "./source.js";       before any code; no renaming, no default, no packages
    export function f    export async function f    export const C    export class K
    export default { … }                      in a bundle's entry alone, at its end
"""

import re
import sys
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WEB, SRC = ROOT / "web", ROOT / "src" / "glassnet"


class Bundle(NamedTuple):
    """A script and a style sheet: of an entry with all that it imports, and of the sheets of some names."""

    entry: str  # a module of web/
    made: str  # where to, below src/glassnet/ and without the suffix
    sheets: tuple[str, ...]  # patterns of names in web/css/
    alone: bool = False  # exports nothing and runs when it is loaded, also as a plain <script>


MAIN = "main"
BUNDLES = (
    Bundle(MAIN, "view/studio", ("[0-9]*",)),
    Bundle("page", "page/page", ("00-tokens", "05-base", "42-pad", "page"), alone=True),
    Bundle("demo", "demo/demo", ("00-tokens", "05-base", "4[25]-*", "demo")),
)

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([A-Za-z]\w*)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*?|class|const) ([A-Za-z_$][\w$]*)\b)", re.MULTILINE)
DEFAULT = re.compile(r"^export default (?=\{)", re.MULTILINE)
STRAY = re.compile(r"^\s*(?:import|export)\b.*|.*\bimport\s*\(.*|.*\bimport\.meta\b.*", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
OUTSIDE = re.compile(r"@import|url\((?![\"']?(?:data:|#))")


class Source(NamedTuple):
    """A module: the names it takes from each other one, the names it gives, and its code without either."""

    name: str
    takes: dict[str, list[str]]
    gives: list[str]
    code: str


@cache
def parse(name: str, text: str, defaults: int = 0) -> Source:
    """Take apart a module of so many default exports. Raises ValueError for a form not among those above."""
    text = text.rstrip() + "\n"
    takes: dict[str, list[str]] = {}
    start = 0
    for found in IMPORT.finditer(text):
        if COMMENT.sub("", text[start : found.start()]).strip():
            raise ValueError(f"web/{name}.js: {found[0].strip()} comes after code; imports come first")
        start = found.end()
        wanted = [part.strip() for part in found[1].split(",") if part.strip()]
        if renamed := [part for part in wanted if not part.isidentifier()]:
            raise ValueError(f"web/{name}.js: expected plain names in an import, received {renamed[0]!r}")
        takes.setdefault(found[2], []).extend(wanted)
    code = IMPORT.sub("", text)
    gives = EXPORT.findall(code)
    code = EXPORT.sub("", code)
    if defaults:
        code, received = DEFAULT.subn("return ", code)
        if received != defaults:
            raise ValueError(f"web/{name}.js: expected one `export default {{`, found {received}")
    if stray := STRAY.search(COMMENT.sub("", code)):
        raise ValueError(f"web/{name}.js: not a form that is composed: {stray[0].strip()}")
    return Source(name, takes, gives, code.strip() + "\n")


def in_order(texts: dict[str, str], source: Source, path: tuple[str, ...] = ()) -> list[Source]:
    """Return a module and all it needs, each once and after what it needs itself."""
    name = source.name
    if name in path:
        circle = " → ".join([*path[path.index(name) :], name])
        raise ValueError(f"web/{name}.js: imports in a circle: {circle}")
    ordered: list[Source] = []
    for there, wanted in source.takes.items():
        if there not in texts:
            raise ValueError(f"web/{name}.js: imports from {there}.js, which is not in web/")
        needed = parse(there, texts[there])
        if absent := [one for one in wanted if one not in needed.gives]:
            raise ValueError(f"web/{name}.js: imports {absent[0]} from {there}.js, which does not export it")
        ordered += [one for one in in_order(texts, needed, (*path, name)) if one not in ordered]
    return [*ordered, source]


def module(texts: dict[str, str], entry: str = MAIN, alone: bool = False) -> tuple[str, list[str]]:
    """Compose modules, texts by name, into one; return it, and the names of those that it leaves out.

    Raises ValueError, in one line, for what cannot be composed.
    """
    if entry not in texts:
        raise ValueError(f"expected web/{entry}.js, received {', '.join(sorted(texts)) or 'nothing'}")
    ordered = in_order(texts, parse(entry, texts[entry], defaults=0 if alone else 1))
    parts = ["// Composed from web/*.js by scripts/compose_view.py: change those, then run it.\n"]
    for source in ordered:
        taken = "".join(
            f"const {{ {', '.join(names)} }} = ${there};\n" for there, names in source.takes.items()
        )
        given = "" if source.name == entry else f"return {{ {', '.join(source.gives)} }};\n"
        body = f"{taken}{source.code}{given}"
        parts.append(f"// ── web/{source.name}.js\nconst ${source.name} = (() => {{\n{body}}})();\n")
    idle = sorted(set(texts) - {source.name for source in ordered})
    return "\n".join(parts if alone else [*parts, f"export default ${entry};\n"]), idle


def sheet(texts: dict[str, str]) -> str:
    """Join style sheets in the order of their names. Raises ValueError for one that loads a file."""
    parts = ["/* Composed from web/css/*.css by scripts/compose_view.py: change those, then run it. */\n"]
    for name, text in sorted(texts.items()):
        if found := OUTSIDE.search(text):
            raise ValueError(f"web/css/{name}.css: loads another file ({found[0]}); the page has only one")
        parts.append(f"/* ── web/css/{name}.css */\n{text.strip()}\n")
    return "\n".join(parts)


def compose(
    bundles: tuple[Bundle, ...], scripts: dict[str, str], sheets: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the files of the bundles below src/glassnet/, and the sources that are in no bundle.

    Raises ValueError, in one line, for what cannot be composed.
    """
    made: dict[str, str] = {}
    idle = set(scripts)
    used: set[str] = set()
    for bundle in bundles:
        made[f"{bundle.made}.js"], left = module(scripts, bundle.entry, bundle.alone)
        idle &= set(left)
        wanted = {name for name in sheets if any(fnmatch(name, one) for one in bundle.sheets)}
        made[f"{bundle.made}.css"] = sheet({name: sheets[name] for name in wanted})
        used |= wanted
    unused = [f"web/{name}.js" for name in sorted(idle)]
    return made, unused + [f"web/css/{name}.css" for name in sorted(set(sheets) - used)]


def read(folder: Path, suffix: str) -> dict[str, str]:
    """Return the texts of a folder's files by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*.{suffix}"))}


def main(arguments: list[str]) -> int:
    """Compose or check; return the exit code."""
    try:
        composed, unused = compose(BUNDLES, read(WEB, "js"), read(WEB / "css", "css"))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for name in unused:
        print(f"{name}: in no bundle")
    stale = [
        name
        for name, text in composed.items()
        if not (SRC / name).is_file() or (SRC / name).read_text(encoding="utf-8") != text
    ]
    if arguments == ["--check"]:
        for name in stale:
            print(f"src/glassnet/{name} is not what scripts/compose_view.py makes of web/")
        return 1 if stale or unused else 0
    for name in stale:
        (SRC / name).write_text(composed[name], encoding="utf-8")
        print(f"wrote src/glassnet/{name}: {len(composed[name].encode()):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
