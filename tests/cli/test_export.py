"""`glassnet export`: what it writes, where, and one clear line for what it cannot."""

import importlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from glassnet import extras, files
from glassnet.cli.export import ENDINGS, export
from glassnet.nn import Dense, Flatten, Layer, MeanSquaredError, Network, ReLU, Scaling, Softmax
from glassnet.training import End, Epoch, events

X = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
NOTES = {"data": "mnist", "shape": [28, 28]}
needs_torch = pytest.mark.oracle
Exporting = Callable[..., str]


def digits(seed: int = 0) -> Network:
    layers: list[Layer] = [Flatten(), Dense(16), ReLU(), Dense(10), Softmax()]
    return Network(layers, (28, 28), seed=seed, scaling=Scaling(scale=1 / 255), classes=range(10))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a run in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    files.save(digits(), tmp_path / "run" / "model.npz", NOTES)
    return tmp_path


@pytest.fixture
def exporting(capsys: pytest.CaptureFixture[str]) -> Exporting:
    """The command, called here: what it printed."""

    def ask(model: str, to: str | None = None, **options: Any) -> str:
        export(model, to, **{"out": None, "overwrite": False, "like": None, **options})
        return capsys.readouterr().out

    return ask


def there(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("to", ["safetensors", "npz"])
def test_a_run_becomes_a_file_of_the_other_format_beside_its_model(
    to: str, here: Path, exporting: Exporting
) -> None:
    files.save(digits(), here / "run" / "best.npz", NOTES)
    said = exporting("run", to, out=f"run/other.{to}")
    network, notes = files.read(here / "run" / f"other.{to}")
    assert network.predict_proba(X).tobytes() == digits().predict_proba(X).tobytes()
    assert notes == NOTES
    assert said.startswith(
        f"run/other.{to}: Network 28 × 28-784-16-10 (Flatten, Dense, ReLU, Dense, Softmax)"
    )
    assert f'("run/other.{to}")' in said


def test_what_the_lines_for_safetensors_say_is_so(here: Path, exporting: Exporting) -> None:
    said = exporting("run", "safetensors")
    lines = [line.strip() for line in said.splitlines() if line.startswith("    ")]
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    assert np.array_equal(names["arrays"]["2.W"], digits().parameters["2.W"])
    assert there(here) == {"run/model.npz", "run/model.safetensors"}


def test_what_the_lines_for_onnx_say_is_so(here: Path, exporting: Exporting) -> None:
    pytest.importorskip("onnx", reason="needs the extra onnx")
    pytest.importorskip("onnxruntime", reason="needs the extra doors")
    said = exporting("run", "onnx")
    assert "# x (N, 28, 28): pixels from 0 to 255, of float32\n" in said
    names: dict[str, Any] = {"x": X.astype(np.float32)}
    exec("\n".join(line.strip() for line in said.splitlines() if line.startswith("    ")), names)
    assert np.abs(names["probabilities"] - digits().predict_proba(X)).max() <= 1e-5
    assert (here / "run" / "model.onnx").is_file()


@needs_torch
def test_what_the_lines_for_pytorch_say_is_so(
    here: Path, exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    said = exporting("run", "torch", out="with dash-and.dots.pt")
    assert there(here) == {"run/model.npz", "with dash-and.dots.pt", "with_dash_and_dots.py"}
    monkeypatch.syspath_prepend(here)
    names: dict[str, Any] = {"x": X}
    exec("\n".join(line.strip() for line in said.splitlines() if line.startswith("    ")), names)
    sys.modules.pop("with_dash_and_dots")
    assert np.abs(names["probabilities"].numpy() - digits().predict_proba(X)).max() <= 1e-5


@needs_torch
def test_weights_that_pytorch_has_changed_come_back(here: Path, exporting: Exporting) -> None:
    torch = pytest.importorskip("torch")
    exporting("run", "torch")
    state = torch.load("run/model.pt", weights_only=True)
    state["3.bias"] += 1
    torch.save(state, "trained.pt")
    exporting("trained.pt", "npz", like="run")
    network, notes = files.read("trained.npz")
    expected = digits()
    expected.parameters["4.b"][...] += 1
    assert network.config() == expected.config()
    assert network.parameters.vector.tobytes() == expected.parameters.vector.tobytes()
    assert notes == NOTES


@needs_torch
def test_weights_that_do_not_fit_are_refused(here: Path, exporting: Exporting) -> None:
    torch = pytest.importorskip("torch")
    torch.save({"0.weight": torch.zeros(3, 4)}, "other.pt")
    with pytest.raises(ValueError, match=r"^other.pt: expected 2 modules with tensors .* got 1 \(0.weight\)"):
        exporting("other.pt", "npz", like="run")
    with pytest.raises(ValueError, match=r"^run/model.npz: expected what torch.save"):
        exporting("run/model.npz", "safetensors", like="run")
    with pytest.raises(FileNotFoundError, match=r"^none.pt: expected a file that PyTorch saved, found none"):
        exporting("none.pt", "npz", like="run")
    assert there(here) == {"run/model.npz", "other.pt"}


def test_weights_of_pytorch_alone_do_not_say_their_layers(here: Path, exporting: Exporting) -> None:
    (here / "trained.pt").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"trained.pt: expected a glassnet model, got weights .* --like RUN"):
        exporting("trained.pt", "npz")


def test_a_page_is_written_by_the_page_room(here: Path, exporting: Exporting) -> None:
    said = exporting("run", "html", out="digits.htm")
    assert (here / "digits.htm").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    assert "Open it in a browser: it needs no server and no network." in said


def test_the_page_of_a_run_that_ended_tells_its_validation_accuracy(here: Path, exporting: Exporting) -> None:
    def told() -> list[str]:
        exporting("run", "html", overwrite=True)
        return re.findall(r"[\d.]+ % of held-out images right", (here / "run/model.html").read_text("utf-8"))

    (here / "run/config.toml").write_text('data = "mnist"\n[made_by]\nglassnet = "0.1.0"\n', encoding="utf-8")
    epochs = [Epoch(n, 9 * n, 1.0, 0.2, 0.9, loss, right, "running", 0.1) for n, loss, right in
              ((1, 0.30, 0.91), (2, 0.10, 0.97), (3, 0.20, 0.95))]  # fmt: skip
    lines = [events.to_json(event) for event in (*epochs, End(3, 27, "finished", 3.0))]
    recording = here / "run/history.jsonl"
    recording.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert told() == ["97.0 % of held-out images right"] * 2  # of the epoch whose weights were kept
    recording.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert told() == []  # it may still be going on
    recording.write_text("no recording\n", encoding="utf-8")
    assert told() == []


def test_the_file_is_called_as_the_model_is_and_glassnet_s_own_is_written_here(
    here: Path, exporting: Exporting
) -> None:
    exporting("drawing", "safetensors")
    shutil.copy("run/model.npz", "my.model.npz")
    exporting("my.model.npz", "safetensors")
    assert there(here) >= {"drawing.safetensors", "my.model.safetensors"}
    assert repr(gn.load("drawing.safetensors")) == repr(gn.load("drawing"))


def test_bare_weights_become_a_model(here: Path, exporting: Exporting) -> None:
    rng = np.random.default_rng(0)
    np.savez(
        "weights.npz",
        W1=rng.normal(size=(784, 9)),
        b1=np.zeros(9),
        W2=rng.normal(size=(9, 10)),
        b2=np.ones(10),
    )
    exporting("weights.npz", out="whole.npz")
    assert files.read("whole.npz")[0].config()["scaling"] == {"shift": 0.0, "scale": 1 / 255}
    assert gn.load("whole.npz").predict(X).tolist() == gn.load("weights.npz").predict(X).tolist()


@pytest.mark.parametrize(("to", "endings"), ENDINGS.items())
def test_the_ending_of_out_names_the_format(
    to: str, endings: tuple[str, ...], here: Path, exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[str, str]] = []

    def write(form: str, network: Network, notes: Any, target: Path, program: Path | None) -> None:
        written.append((form, target.name))
        target.touch()

    monkeypatch.setattr(sys.modules["glassnet.cli.export"], "_write", write)
    for ending in endings:
        exporting("run", out=f"a{ending}")
        exporting("run", to, out=f"b{ending.upper()}")
    assert written == [(to, name) for ending in endings for name in (f"a{ending}", f"b{ending.upper()}")]


def test_the_inputs_of_a_table_are_named(here: Path, exporting: Exporting) -> None:
    onnx = pytest.importorskip("onnx", reason="needs the extra onnx")
    network = Network([Dense(2)], 3, loss=MeanSquaredError(), scaling=Scaling(5.0, 0.1))
    colour = {"name": "the\ncolour", "categories": ["red", "blue"], "fill": None}
    table = {
        "features": [{"name": "area", "categories": None, "fill": 1.0}, colour],
        "label": "y",
        "dropped": [],
    }
    files.save(network, "values.npz", {"table": table})
    said = exporting("values.npz", "onnx")
    assert 'values = session.run(["values"], {"input": x})[0]' in said
    assert "# x (N, 3): area, the colour=red, the colour=blue, of float64\n" in said
    told = {prop.key: prop.value for prop in onnx.load("values.onnx").metadata_props}
    assert json.loads(told["notes"])["inputs"] == ["area", "the\ncolour=red", "the\ncolour=blue"]


@pytest.mark.parametrize("out", [None, "elsewhere.safetensors"])
def test_a_file_that_is_there_is_replaced_only_when_asked(
    out: str | None, here: Path, exporting: Exporting
) -> None:
    target = Path(out or "run/model.safetensors")
    target.write_text("mine")
    with pytest.raises(
        FileExistsError, match=f"^{target}: expected a new file, got one that exists; see --over"
    ):
        exporting("run", "safetensors", out=out)
    assert target.read_text() == "mine"
    exporting("run", "safetensors", out=out, overwrite=True)
    assert gn.load(target).predict(X).shape == (20,)


def test_nobody_s_program_is_replaced_either(here: Path, exporting: Exporting) -> None:
    Path("model.py").write_text("mine")
    with pytest.raises(FileExistsError, match=r"^model.py: expected a new file"):
        exporting("run", out="model.pt")
    assert there(here) == {"run/model.npz", "model.py"}


@pytest.mark.parametrize(
    ("stem", "name"),
    [("model", "model"), ("a b-c.d", "a_b_c_d"), ("3", "net_3"), ("class", "net_class"), ("模型", "模型"),
     ("torch", "net_torch"), ("glassnet", "net_glassnet"), ("json", "net_json"), ("½", "_")],
)  # fmt: skip
def test_the_program_has_a_name_that_python_can_import(stem: str, name: str) -> None:
    module = sys.modules["glassnet.cli.export"]
    assert module._importable(stem) == name


class Peculiar(Layer):
    """A layer of somebody's own."""

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.copyto(y, x)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "--to: expected one of onnx, safetensors, torch, html, npz, got none"),
        ({"to": "onix"}, "--to: unknown format 'onix'; did you mean 'onnx'?"),
        ({"to": "onnx", "out": "model.bin"}, "--out: expected a name that ends in .onnx, got .bin"),
        ({"to": "torch", "out": "model"}, "--out: expected a name that ends in .pt or .pth, got no ending"),
        ({"out": "model.bin"}, "--out: expected a name that ends in .onnx, .safetensors, .pt, .pth, .html, "),
        ({"out": "no/where/m.npz"}, "no/where/m.npz: expected to write into a folder, found no no/where"),
        ({"out": "run/model.npz/m.npz"}, "expected to write into a folder, found no run/model.npz"),
        ({"to": "npz", "out": "folder.npz"}, "--out: expected a file, got the folder folder.npz"),
        ({"to": "npz"}, "run/model.npz: expected a new file, got one that exists; see --overwrite"),
        ({"to": "npz", "overwrite": True}, "--out: expected another file than those that are read, got run/"),
        ({"model": "none", "to": "npz"}, "none: expected a run folder or a model file, found nothing there"),
        ({"model": "folder.npz", "to": "npz"}, "folder.npz: expected a run folder with model.npz, found"),
        ({"model": "notes.txt", "to": "npz"}, "notes.txt: expected a glassnet model (.npz or .safetensors)"),
        ({"model": "odd.npz", "to": "onnx"}, "odd.npz: layer 2: expected one that ONNX export knows"),
        ({"model": "values.npz", "to": "html"}, "values.npz: "),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_cannot_be_is_told_in_one_line(
    options: dict[str, Any], message: str, here: Path, exporting: Exporting
) -> None:
    if options.get("to") == "onnx" and "model" in options:
        pytest.importorskip("onnx", reason="needs the extra onnx")
    Path("folder.npz").mkdir()
    Path("notes.txt").write_text("hello")
    Network([Dense(2), Peculiar()], 3).save("odd.npz")
    Network([Dense(2)], 3, loss="mse").save("values.npz")
    before = there(here)
    with pytest.raises((ValueError, OSError), match=re.escape(message)) as caught:
        exporting(**{"model": "run", **options})
    assert "\n" not in str(caught.value)
    assert there(here) == before


@pytest.mark.parametrize(("to", "library", "extra"), [("onnx", "onnx", "onnx"), ("torch", "torch", "oracle")])
def test_a_missing_library_is_told_with_what_installs_it(
    to: str, library: str, extra: str, here: Path, exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(extras.MissingExtra, match=rf'needs {library}: pip install "glassnet\[{extra}\]"$'):
        exporting("run", to)
    assert there(here) == {"run/model.npz"}


def test_a_folder_that_cannot_be_written_is_named(here: Path, exporting: Exporting) -> None:
    shutil.copytree("run", "locked")
    Path("locked").chmod(0o555)
    try:
        probe = Path("locked/probe")
        try:
            probe.touch()
        except OSError:
            with pytest.raises(OSError, match=r"locked/model\.safetensors"):
                exporting("locked", "safetensors")
        else:
            pytest.skip("this user may write everywhere")
    finally:
        Path("locked").chmod(0o755)


@needs_torch
def test_the_code_in_the_documentation_does_what_it_says(
    here: Path, exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("torch", "onnx", "onnxruntime"):
        pytest.importorskip(library)
    onnx_nodes = importlib.import_module("glassnet.files.onnx_nodes")
    monkeypatch.setattr(onnx_nodes, "LAYERS", dict(onnx_nodes.LAYERS))
    layers: list[Layer] = [Dense(192), ReLU(), Dense(10), Softmax()]
    network = Network(layers, 784, seed=3, scaling=Scaling(scale=1 / 255), classes=range(10))
    files.save(network, "model.npz", NOTES)
    for form in ("onnx", "torch", "safetensors"):
        exporting("model.npz", form)
    monkeypatch.syspath_prepend(here)
    images = X.reshape(20, 784)
    names: dict[str, Any] = {"images": images}
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    found: list[Any] = []
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, names)
        found += [
            names[name]
            for name in ("probabilities", "net")
            if f"{name} = " in block or f"{name}.load" in block
        ]
    sys.modules.pop("model")
    expected = network.predict_proba(images)
    scaled = names["torch"].from_numpy(images.astype(np.float32) / 255)
    answers = [a if hasattr(a, "shape") else a(scaled).softmax(-1).detach() for a in found]
    assert len(answers) == 4
    assert max(float(np.abs(np.asarray(answer) - expected).max()) for answer in answers) <= 1e-5
    assert names["mine"].predict_proba(images).tobytes() == expected.tobytes()
    assert names["classes"] == list(map(str, range(10)))
    assert names["description"]["notes"] == NOTES
    assert names["W"].shape == (784, 192)
    exporting("trained.pt", "npz", like="model.npz")
    assert gn.load("trained.npz").predict_proba(images).tobytes() == expected.tobytes()
