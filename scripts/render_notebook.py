"""The notebook, executed and written as a page of the docs: `python scripts/render_notebook.py`.

It runs notebooks/neural_network_from_scratch.ipynb from top to bottom in an empty folder, on the digits
inside the package, and writes docs/notebook/: the cells and what came of them as Markdown, and the pictures
beside it. The notebook itself stays as it is, without outputs.

    --check          see that the notebook is valid and the page has its cells, executing nothing. Outputs
                     are not compared: last digits and pictures' bytes differ between machines
    --execute OUT    only execute, and write it with its outputs to OUT; $GLASSNET_TRAIN_CSV is heard
    --strip          only take the outputs out of the notebook, after somebody saved it with them

Executing needs nbclient and ipykernel: pip install 'glassnet[doors]'.
"""

import argparse
import base64
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "neural_network_from_scratch.ipynb"
FOLDER = ROOT / "docs" / "notebook"
PAGE = FOLDER / f"{NOTEBOOK.stem}.md"
NOTE = (
    "> This page is `notebooks/neural_network_from_scratch.ipynb` with what came of each cell. You can"
    " [open it yourself](../notebook.md) and change it.\n"
)
COLOURS = 256  # of a picture in the page: enough for shades, and half of the bytes
KEPT = ("alt", "picture")  # of a cell's metadata: a picture in words, and the name of its file
CELL_SECONDS = 600  # a cell that takes longer has got stuck


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true")
    what.add_argument("--execute", type=Path, metavar="OUT")
    what.add_argument("--strip", action="store_true")
    options = parser.parse_args()
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    if options.check:
        nbformat.validate(notebook)
        if problems := differences(notebook):
            raise SystemExit("\n".join([*problems, "run: python scripts/render_notebook.py"]))
        print(f"{PAGE.relative_to(ROOT)}: the cells are the notebook's")
    elif options.strip:
        strip(notebook)
        nbformat.write(notebook, NOTEBOOK)
    elif options.execute:
        execute(notebook)
        nbformat.write(notebook, options.execute)
    else:
        os.environ.pop("GLASSNET_TRAIN_CSV", None)  # everybody has the digits inside the package
        execute(notebook)
        write(notebook)


# ---- executing


def execute(notebook: Any) -> None:
    """Run all cells in an empty folder, without downloads, and say how long it took."""
    from nbclient import NotebookClient

    started = perf_counter()
    os.environ["GLASSNET_MIRROR"] = "http://127.0.0.1:9/"  # nobody answers there
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", resources=resources).execute()
    print(f"executed in {perf_counter() - started:.0f} s", file=sys.stderr)


def strip(notebook: Any) -> None:
    """Take out what running a notebook leaves in it."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata = {name: value for name, value in cell.metadata.items() if name in KEPT}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


# ---- the page


def write(notebook: Any) -> None:
    """Write the page and its pictures, and take away pictures of before."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    parts = []
    for cell in notebook.cells:
        parts.append(source(cell))
        outputs = cell.get("outputs", [])
        if printed := "".join(output.text for output in outputs if output.output_type == "stream"):
            parts.append(fenced(printed))
        for output in outputs:
            if "data" in output:
                parts.append(shown(output.data, cell.metadata))
    parts.insert(1, NOTE)
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{PAGE.relative_to(ROOT)}: {len(notebook.cells)} cells, {size / 1e6:.2f} MB with pictures")


def source(cell: Any) -> str:
    """Return a cell as the page has it."""
    if cell.cell_type == "code":
        return f"```python\n{cell.source}\n```\n"
    return re.sub(r"\]\(\.\./docs/", "](../", cell.source) + "\n"


def shown(data: Any, metadata: Any) -> str:
    """Return a cell's result as the page has it; a picture is written beside the page."""
    if "image/png" in data:
        picture = FOLDER / f"{metadata.picture}.png"
        picture.write_bytes(_smaller(base64.b64decode(data["image/png"])))
        return f"![{metadata.alt}]({picture.name})\n"
    return fenced(data["text/plain"])


def fenced(text: str) -> str:
    """Return text as the page has it."""
    return f"```text\n{text.strip(chr(10))}\n```\n"


def _smaller(png: bytes) -> bytes:
    """Return the picture with a palette of its own colours, without what says how it was made."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def differences(notebook: Any) -> list[str]:
    """Return in what the page does not fit the notebook, a line each."""
    if not PAGE.is_file():
        return [f"{PAGE.relative_to(ROOT)} is not there"]
    page, found, place = PAGE.read_text(encoding="utf-8"), [], 0
    for number, cell in enumerate(notebook.cells, 1):
        at = page.find(source(cell), place)
        if at < 0:
            found.append(
                f"{PAGE.relative_to(ROOT)}: cell {number} of the notebook is not in it, or not in order"
            )
        else:
            place = at + len(source(cell))
    if page.count("```python\n") != sum(cell.cell_type == "code" for cell in notebook.cells):
        found.append(f"{PAGE.relative_to(ROOT)}: it has other code cells than the notebook")
    pictures = re.findall(r"^!\[.+\]\((.+)\)$", page, re.MULTILINE)
    found += [
        f"{PAGE.relative_to(ROOT)}: {name} is not there" for name in pictures if not (FOLDER / name).is_file()
    ]
    return found


if __name__ == "__main__":
    main()
