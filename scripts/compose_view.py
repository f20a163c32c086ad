"""Compose the page's sources in web/ into the one module and the one style sheet that are served.

web/*.js are ES modules that browsers run as they are; the page, a notebook and a demo want a single module
without imports. Each source becomes a function that returns what it exports, in order of dependence, so
that the composed module means what the sources mean: names that are not exported stay in their source.

    python scripts/compose_view.py            write src/glassnet/view/studio.js and studio.css
    python scripts/compose_view.py --check    say what is not current, and exit with 1

There is no parser of JavaScript here. Instead, sources keep to these forms, each at the start of a line:

    import { a, b } from "./source.js";       before any code; no renaming, no default, no packages
    export function f    export async function f    export const C    export class K
    export default { … }                      in main.js alone, at its end
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WEB, VIEW = ROOT / "web", ROOT / "src" / "glassnet" / "view"
MAIN = "main"
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


def parse(name: str, text: str) -> Source:
    """Take a module apart. Raises ValueError for a form that is not among those above."""
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
    if name == MAIN:
        code, defaults = DEFAULT.subn("return ", code)
        if defaults != 1:
            raise ValueError(f"web/{name}.js: expected one `export default {{`, found {defaults}")
    if stray := STRAY.search(COMMENT.sub("", code)):
        raise ValueError(f"web/{name}.js: not a form that is composed: {stray[0].strip()}")
    return Source(name, takes, gives, code.strip() + "\n")


def in_order(sources: dict[str, Source], name: str, path: tuple[str, ...] = ()) -> list[Source]:
    """Return a module and all it needs, each once and after what it needs itself."""
    if name in path:
        circle = " → ".join([*path[path.index(name) :], name])
        raise ValueError(f"web/{name}.js: imports in a circle: {circle}")
    ordered: list[Source] = []
    for there, wanted in sources[name].takes.items():
        if there not in sources:
            raise ValueError(f"web/{name}.js: imports from {there}.js, which is not in web/")
        if absent := [one for one in wanted if one not in sources[there].gives]:
            raise ValueError(f"web/{name}.js: imports {absent[0]} from {there}.js, which does not export it")
        ordered += [one for one in in_order(sources, there, (*path, name)) if one not in ordered]
    return [*ordered, sources[name]]


def module(texts: dict[str, str]) -> tuple[str, list[str]]:
    """Compose modules, texts by name, into one; return it, and the names of those that nothing imports.

    Raises ValueError, in one line, for what cannot be composed.
    """
    sources = {name: parse(name, text) for name, text in texts.items()}
    if MAIN not in sources:
        raise ValueError(f"expected web/{MAIN}.js, received {', '.join(sorted(sources)) or 'nothing'}")
    ordered = in_order(sources, MAIN)
    parts = ["// Composed from web/*.js by scripts/compose_view.py: change those, then run it.\n"]
    for source in ordered:
        taken = "".join(
            f"const {{ {', '.join(names)} }} = ${there};\n" for there, names in source.takes.items()
        )
        given = "" if source.name == MAIN else f"return {{ {', '.join(source.gives)} }};\n"
        body = f"{taken}{source.code}{given}"
        parts.append(f"// ── web/{source.name}.js\nconst ${source.name} = (() => {{\n{body}}})();\n")
    idle = sorted(set(sources) - {source.name for source in ordered})
    return "\n".join([*parts, f"export default ${MAIN};\n"]), idle


def sheet(texts: dict[str, str]) -> str:
    """Join style sheets in the order of their names. Raises ValueError for one that loads a file."""
    parts = ["/* Composed from web/css/*.css by scripts/compose_view.py: change those, then run it. */\n"]
    for name, text in sorted(texts.items()):
        if found := OUTSIDE.search(text):
            raise ValueError(f"web/css/{name}.css: loads another file ({found[0]}); the page has only one")
        parts.append(f"/* ── web/css/{name}.css */\n{text.strip()}\n")
    return "\n".join(parts)


def read(folder: Path, suffix: str) -> dict[str, str]:
    """Return the texts of a folder's files by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*.{suffix}"))}


def main(arguments: list[str]) -> int:
    """Compose or check; return the exit code."""
    try:
        text, idle = module(read(WEB, "js"))
        composed = {"studio.js": text, "studio.css": sheet(read(WEB / "css", "css"))}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for name in idle:
        print(f"web/{name}.js: no module imports it")
    stale = [
        name
        for name, text in composed.items()
        if not (VIEW / name).is_file() or (VIEW / name).read_text(encoding="utf-8") != text
    ]
    if arguments == ["--check"]:
        for name in stale:
            print(f"src/glassnet/view/{name} is not what scripts/compose_view.py makes of web/")
        return 1 if stale or idle else 0
    for name in stale:
        (VIEW / name).write_text(composed[name], encoding="utf-8")
        print(f"wrote src/glassnet/view/{name}: {len(composed[name]):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
