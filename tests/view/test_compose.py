"""The page's module is what its sources come to, and forms that cannot be composed are named."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIEW = ROOT / "src" / "glassnet" / "view"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compose_view", ROOT / "scripts" / "compose_view.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["compose_view"] = module
    spec.loader.exec_module(module)
    return module


compose = script()

MAIN = 'import { b } from "./b.js";\n\nexport default {\n  render() { return b(); },\n};\n'
B = 'import { a, K } from "./a.js";\nexport function b() { return a() + K + own; }\nconst own = 10;\n'
A = "const own = 2;\nexport const K = 3;\nexport function a() { return own; }\n"


def test_the_composed_files_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "compose_view.py", "--check"], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_sources_stand_in_the_order_of_dependence_without_imports() -> None:
    text, _ = compose.module({"main": MAIN, "a": A, "b": B})
    places = [text.index(f"// ── web/{name}.js\n") for name in ("a", "b", "main")]
    assert places == sorted(places)
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default $main;"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_the_composed_module_does_what_its_sources_do(tmp_path: Path) -> None:
    """Both have a constant `own` of their own, which neither sees of the other."""
    (tmp_path / "studio.mjs").write_text(compose.module({"main": MAIN, "a": A, "b": B})[0], encoding="utf-8")
    program = 'import main from "./studio.mjs"; console.log(main.render(), typeof own);'
    (tmp_path / "try.mjs").write_text(program, encoding="utf-8")
    done = subprocess.run(["node", "try.mjs"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("15 undefined\n", "")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_node_finds_no_fault_in_the_composed_module(tmp_path: Path) -> None:
    copy = shutil.copy(VIEW / "studio.js", tmp_path / "studio.mjs")
    done = subprocess.run(["node", "--check", copy], capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"a": 'import { b } from "./b.js";\n' + A}, "web/b.js: imports in a circle: b → a → b"),
        ({"a": "export const K = 3;\n"}, "web/b.js: imports a from a.js, which does not export it"),
        ({"b": B.replace("a.js", "c.js")}, "web/b.js: imports from c.js, which is not in web/"),
        ({"b": B.replace("a, K", "a as f, K")}, "web/b.js: expected plain names in an import, received"),
        ({"b": B.replace('"', "'")}, "web/b.js: not a form that is composed: import { a, K } from './a.js';"),
        ({"b": B + 'import "./a.js";\n'}, 'web/b.js: not a form that is composed: import "./a.js";'),
        ({"b": "let x = 1;\n" + B}, 'web/b.js: import { a, K } from "./a.js"; comes after code'),
        ({"a": A + "export let n = 0;\n"}, "web/a.js: not a form that is composed: export let n = 0;"),
        ({"a": A + "export { own };\n"}, "web/a.js: not a form that is composed: export { own };"),
        ({"a": A + "export default {};\n"}, "web/a.js: not a form that is composed: export default {};"),
        ({"a": A + 'f(import("x"));\n'}, 'web/a.js: not a form that is composed: f(import("x"));'),
        ({"main": MAIN.replace("default", "const m =")}, "web/main.js: expected one `export default {`"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_composed_is_named(more: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        compose.module({"main": MAIN, "a": A, "b": B, **more})


def test_a_module_that_nothing_imports_is_left_out_and_named() -> None:
    text, idle = compose.module({"main": MAIN, "a": A, "b": B, "idle": "const never = 0;\n"})
    assert idle == ["idle"]
    assert "never" not in text


def test_a_module_is_idle_only_if_no_bundle_has_it() -> None:
    """Two bundles share a.js; a sheet belongs to each bundle that has a pattern for it."""
    texts = {"main": MAIN, "a": A, "b": B, "page": 'import { a } from "./a.js";\na();\n', "idle": "let x;\n"}
    bundles = (
        compose.Bundle("main", "view/studio", ("[0-9]*",)),
        compose.Bundle("page", "page/page", ("00-*", "page"), alone=True),
    )
    made, unused = compose.compose(bundles, texts, {"00-a": "a {}", "10-b": "b {}", "page": "p {}", "x": ""})
    assert unused == ["web/idle.js", "web/css/x.css"]
    assert list(made) == ["view/studio.js", "view/studio.css", "page/page.js", "page/page.css"]
    assert [name in made["page/page.css"] for name in ("a {}", "b {}", "p {}")] == [True, False, True]
    assert not re.search(r"^(import|export)\b", made["page/page.js"], re.MULTILINE)
    assert "const own = 2;" in made["page/page.js"]


def test_a_script_that_runs_by_itself_exports_nothing() -> None:
    with pytest.raises(ValueError, match=r"^web/main\.js: not a form that is composed: export default \{"):
        compose.module({"main": MAIN, "a": A, "b": B}, alone=True)


def test_a_word_in_a_comment_is_no_import() -> None:
    text = "/* import x\n import y */\n// export z\n" + A
    assert "import y" in compose.module({"main": MAIN, "a": text, "b": B})[0]


def test_nothing_but_a_main_module_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^expected web/main\.js, received a$"):
        compose.module({"a": A})


def test_style_sheets_stand_in_the_order_of_their_names() -> None:
    text = compose.sheet({"10-b": "b {}", "00-a": "a { background: url(data:image/png;base64,) }"})
    assert text.index("web/css/00-a.css") < text.index("a {") < text.index("web/css/10-b.css")


@pytest.mark.parametrize("text", ['@import "x.css";', "a { background: url(dot.png) }", "url('//x.y/z')"])
def test_a_style_sheet_that_loads_a_file_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^web/css/a\.css: loads another file"):
        compose.sheet({"a": text})


@pytest.mark.parametrize("name", ["studio.js", "studio.css"])
def test_the_page_names_no_address_of_elsewhere(name: str) -> None:
    text = (VIEW / name).read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\s\"'`)]+", text)) <= {"http://www.w3.org/2000/svg"}
