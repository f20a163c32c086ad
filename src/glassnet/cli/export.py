"""`glassnet export`: a model for other programs, and back from PyTorch."""

import json
import keyword
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from glassnet.nn import Network

ENDINGS = {
    "onnx": (".onnx",),
    "safetensors": (".safetensors",),
    "torch": (".pt", ".pth"),
    "html": (".html", ".htm"),
    "npz": (".npz",),
}
COLUMNS = 8  # of a table, named in a line


def export(
    model: Annotated[
        str,
        typer.Argument(metavar="RUN|MODEL", help="A run's folder, a model file, or drawing: glassnet's own."),
    ],
    to: Annotated[
        str | None,
        typer.Option(metavar="|".join(ENDINGS), help="The format; without it as --out ends."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Where to write; without it, beside the model; of `drawing` here."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", metavar="", help="Replace a file that is there.")
    ] = False,
    like: Annotated[
        str | None,
        typer.Option(
            metavar="RUN|MODEL",
            help="Take MODEL as weights that PyTorch saved, for the layers and the scaling of this one.",
        ),
    ] = None,
) -> None:
    """Write a model for other programs: ONNX, safetensors, PyTorch's weights, a page that needs no server.

    ONNX and the page take raw inputs: scaling is part of them. Beside PyTorch's weights (.pt) comes a program
    (.py) that builds the network, scales and predicts. With --like its weights come back.
    """
    from glassnet import extras, runs
    from glassnet.cli import rows
    from glassnet.cli.printing import size_of
    from glassnet.files import read, shipped

    form, ending = _form(to, out)
    source = runs.find_model(like or model)
    path = Path(model) if like else source
    beside = path.with_suffix(ending)
    target = Path(out or (beside.name if shipped(model) else beside))
    program = target.with_name(f"{_importable(target.stem)}.py") if form == "torch" else None
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target}: expected to write into a folder, found no {target.parent}")
    for file in (target, *([program] if program else [])):
        rows.check_free(file, [source, path], overwrite)
    if not like and source.suffix.lower() in ENDINGS["torch"]:
        raise ValueError(
            f"{source}: expected a glassnet model, got weights of PyTorch, which do not say what layers they"
            " are of; name a model that does: --like RUN|MODEL"
        )
    network, notes = read(source)
    if form == "html" and not like and Path(model).is_dir():
        notes = {**_measured(Path(model)), **notes}
    if like:
        _load(network, path)
    try:
        _write(form, network, notes, target, program)
    except extras.MissingExtra:
        raise
    except ValueError as error:
        raise ValueError(f"{model}: {error}") from None
    print(f"{target}: {network!r}, {size_of(target)}\n")
    print(*_opened(form, network, notes, target, program), sep="\n")


def _form(to: str | None, out: str | None) -> tuple[str, str]:
    """Return the format and the ending of its file, as asked for or as `out` ends."""
    from glassnet.nn.names import unknown

    if to is not None and to not in ENDINGS:
        raise ValueError(f"--to: {unknown('format', to, ENDINGS)}")
    forms = {ending: form for form, endings in ENDINGS.items() for ending in endings if to in (None, form)}
    if out is None and to is None:
        raise ValueError(f"--to: expected one of {', '.join(ENDINGS)}, got none")
    ending = next(iter(forms)) if out is None else Path(out).suffix
    if ending.lower() not in forms:
        *most, last = forms
        known = f"{', '.join(most)} or {last}" if most else last
        raise ValueError(f"--out: expected a name that ends in {known}, got {ending or 'no ending'}")
    return forms[ending.lower()], ending


def _importable(stem: str) -> str:
    """Return a name that Python can import, and that hides no library."""
    name = "".join(letter if f"_{letter}".isidentifier() else "_" for letter in stem)
    taken = keyword.iskeyword(name) or name in {"torch", "numpy", "glassnet", *sys.stdlib_module_names}
    return f"net_{name}" if taken or not name.isidentifier() else name


def _measured(folder: Path) -> Mapping[str, Any]:
    """Return, as notes, how well a run that has ended did on its validation data with the weights kept."""
    from glassnet import compare

    try:
        run = compare.read(folder)
    except (OSError, ValueError):  # no recording, or a damaged one: the model is whole without
        return {}
    accuracy = run.best.validation_accuracy if run.end and run.best else None
    return {} if accuracy is None else {"validation_digits": {"accuracy": accuracy}}


def _load(network: "Network", path: Path) -> None:
    """Put into the network the weights in a file of PyTorch's."""
    from glassnet.files import torch

    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected a file that PyTorch saved, found none")
    state = torch.read(path)
    try:
        torch.load_state_dict(network, state)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _write(
    form: str, network: "Network", notes: Mapping[str, Any], target: Path, program: Path | None
) -> None:
    if form == "onnx":
        from glassnet.files import onnx

        onnx.write(network, target, {**notes, "inputs": _inputs(notes)} if _inputs(notes) else notes)
    elif form == "html":
        from glassnet import page

        page.write(network, notes, target)
    elif program:
        from glassnet.atomic import atomic
        from glassnet.files import torch, torch_program

        text = torch_program.text(network, target.name, _inputs(notes))
        torch.write(network, target)
        with atomic(program) as file:
            file.write(text.encode())
    else:
        from glassnet.files import save

        save(network, target, notes)


def _inputs(notes: Mapping[str, Any]) -> Sequence[str]:
    """Return the names of a table's inputs in their order, a text's categories apart; of others nothing."""
    from glassnet.data.encoding import Encoding

    return Encoding.from_config(notes["table"]).inputs if "table" in notes else ()


def _opened(
    form: str, network: "Network", notes: Mapping[str, Any], target: Path, program: Path | None
) -> list[str]:
    """How to open the file elsewhere: what to install, and a few lines of Python."""
    name = json.dumps(target.as_posix(), ensure_ascii=False)
    answer = "probabilities" if network.classifies else "values"
    x = _given(network, notes)
    if form == "html":
        return ["Open it in a browser: it needs no server and no network."]
    if form == "onnx":
        from glassnet.files.onnx import input_dtype

        return [
            "To run it elsewhere (pip install onnxruntime):\n",
            "    import onnxruntime",
            f"    session = onnxruntime.InferenceSession({name})",
            f'    {answer} = session.run(["{answer}"], {{"input": x}})[0]',
            f"    # {x}, of {input_dtype(network)}",
        ]
    if program:
        return [
            f"{program.name}, beside it, builds the network. With PyTorch (pip install torch):\n",
            f"    from {program.stem} import net, predict",
            f"    {answer} = predict(x)  # {x}",
            "    # net is the nn.Sequential that predict calls, on scaled(x)",
        ]
    if form == "safetensors":
        return [
            "To read it elsewhere (pip install safetensors):\n",
            "    from safetensors.numpy import load_file  # or safetensors.torch",
            f'    arrays = load_file({name})  # W of layer 1 (inputs, units) is arrays["1.W"]',
        ]
    return [f"    import glassnet\n    network = glassnet.load({name})"]


def _given(network: "Network", notes: Mapping[str, Any]) -> str:
    """What x is to be."""
    from glassnet.nn.scaling import PIXELS

    names = [" ".join(name.split()) for name in _inputs(notes)]
    shown = ", ".join([*names[:COLUMNS], *(["…"] if len(names) > COLUMNS else [])])
    what = shown or (
        "pixels from 0 to 255" if network.scaling == PIXELS else "as in training, before scaling"
    )
    return f"x (N, {', '.join(map(str, network.input_shape))}): {what}"
