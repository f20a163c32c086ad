"""Model files of either format: all of a network comes back, anywhere, and nothing else is taken for one."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import glassnet as gn
from files.models import INPUTS, MISFITS, NETWORKS, PACKED, described, every_layer, one_line, put
from glassnet import files
from glassnet.atomic import atomic
from glassnet.nn import Dense, Dropout, LeakyReLU, Network, Scaling
from glassnet.nn.layers import LAYERS

every_network = pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS.keys())
either = pytest.mark.parametrize("ending", PACKED)


def packed(ending: str, header: Any, arrays: dict[str, Any]) -> bytes:
    return PACKED[ending](json.dumps(header), arrays)


def test_the_table_has_every_layer() -> None:
    assert {layer.kind for layer in every_layer().layers} == set(LAYERS)


# ---- there and back


@either
@every_network
def test_all_of_a_network_comes_back(make: Any, ending: str, tmp_path: Path) -> None:
    network = make()
    network.save(tmp_path / f"model{ending}")
    loaded = gn.load(tmp_path / f"model{ending}")
    assert loaded.config() == network.config()
    assert loaded.summary() == network.summary()
    assert loaded.parameters.vector.tobytes() == network.parameters.vector.tobytes()
    assert loaded.state.vector.tobytes() == network.state.vector.tobytes()
    assert loaded.predict(INPUTS).tobytes() == network.predict(INPUTS).tobytes()
    loaded.save(str(tmp_path / f"again{ending}"))
    assert (tmp_path / f"again{ending}").read_bytes() == (tmp_path / f"model{ending}").read_bytes()


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    network = every_layer(classes="abc")
    for ending, name in (
        (".npz", "a.safetensors"),
        (".safetensors", "b.npz"),
        (".NPZ", "c"),
        (".npz", "d.csv"),
    ):
        network.save(tmp_path / f"m{ending}")
        (tmp_path / f"m{ending}").replace(tmp_path / name)
        assert gn.load(tmp_path / name).predict(INPUTS).tobytes() == network.predict(INPUTS).tobytes()


@either
def test_notes_come_back(ending: str, tmp_path: Path) -> None:
    notes = {
        "data": "ä/b.csv",
        "shape": [4],
        "fill": None,
        "table": {"columns": [{"name": "x", "mean": 0.1}]},
    }
    files.save(every_layer(), tmp_path / f"m{ending}", notes)
    assert files.read(tmp_path / f"m{ending}")[1] == notes
    files.save(every_layer(), tmp_path / f"m{ending}")
    assert files.read(tmp_path / f"m{ending}")[1] == {}


@either
def test_a_process_that_knows_nothing_else_predicts_the_same_bits(ending: str, tmp_path: Path) -> None:
    np.save(tmp_path / "inputs.npy", INPUTS)
    expected = []
    for i, make in enumerate(NETWORKS.values()):
        network = make()
        network.save(tmp_path / f"{i}{ending}")
        expected.append(network.predict(INPUTS).tobytes())
    script = (
        "import sys, numpy, glassnet; inputs = numpy.load('inputs.npy')\n"
        f"for i in range({len(expected)}):\n"
        f"    sys.stdout.buffer.write(glassnet.load(f'{{i}}{ending}').predict(inputs).tobytes())"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == b"".join(expected)


OWN = """
import glassnet as gn, numpy as np

class Twice(gn.Layer):
    def forward(self, x, y, memory):
        np.multiply(x, 2, out=y)
"""


def test_a_layer_of_ones_own_is_saved_and_loads_where_it_is_defined(tmp_path: Path) -> None:
    def run(script: str) -> str:
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(f"{OWN}\ngn.Network([gn.Dense(1, initializer='ones'), Twice()], 3).save('m.npz')")
    (tmp_path / "own.py").write_text(OWN)
    for define in (OWN, "import glassnet as gn, own"):
        assert float(run(f"{define}\nprint(gn.load('m.npz').outputs([[1, 2, 4]]).item())")) == 14
    with pytest.raises(
        ValueError, match=r"unknown layer 'Twice'.* must be defined or imported first"
    ) as caught:
        gn.load(tmp_path / "m.npz")
    assert one_line(caught, tmp_path / "m.npz")


@pytest.mark.parametrize(("name", "got"), [("m.onnx", ".onnx"), ("m", "no ending"), ("m.npz.gz", ".gz")])
def test_another_ending_is_refused_before_anything_is_written(name: str, got: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"a name that ends in .npz or .safetensors, got {got}$") as caught:
        every_layer().save(tmp_path / name)
    assert one_line(caught, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_trained_network_can_be_trained_on(tmp_path: Path) -> None:
    data = gn.Dataset.from_arrays(INPUTS.astype(float), np.arange(300) % 3, scaling=Scaling(scale=1 / 255))
    network = gn.Network([gn.Flatten(), gn.Dense(5), gn.BatchNorm(), gn.ReLU(), gn.Dense(3)], (2, 3))
    list(gn.Training(network, data, epochs=1, threads=1))
    network.save(tmp_path / "m.npz")
    loaded = gn.load(tmp_path / "m.npz")
    list(gn.Training(network, data, epochs=1, threads=1))
    list(gn.Training(loaded, data, epochs=1, threads=1))
    assert loaded.parameters.vector.tobytes() == network.parameters.vector.tobytes()


@either
def test_numpys_numbers_in_layers_can_be_saved(ending: str, tmp_path: Path) -> None:
    network = Network([Dense(np.int64(3)), LeakyReLU(np.float32(0.25)), Dropout(np.float32(0.5))], 6)
    network.save(tmp_path / f"m{ending}")
    assert gn.load(tmp_path / f"m{ending}").layers[1].slope == 0.25


# ---- other files


def pickled(path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(path.parent / "sprung"),)

    np.savez(path, **{"glassnet.json": np.array([Trap()], dtype=object)})


FOREIGN = {
    "text": (lambda p: p.write_text("not a model\n" * 50), "another kind of file"),
    "nothing in it": (lambda p: p.write_bytes(b""), "cut off or damaged"),
    "zeros": (lambda p: p.write_bytes(bytes(5000)), "another kind of file"),
    "a picture": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100)), "another kind of file"),
    "a pickle": (lambda p: p.write_bytes(pickle.dumps({"W": 1})), "another kind of file"),
    "one array": (lambda p: np.save(p.open("wb"), np.ones(3)), "another kind of file"),
    "other arrays": (lambda p: np.savez(p.open("wb"), a=np.ones(3)), "NumPy file without glassnet.json"),
    "an empty archive": (lambda p: zipfile.ZipFile(p, "w").close(), "NumPy file without glassnet.json"),
    "an archive of text": (
        lambda p: zipfile.ZipFile(p, "w").writestr("glassnet.json", "{}"),
        "description of the network in glassnet.json",
    ),
    "pickled objects": (pickled, "an archive whose entry 'glassnet.json' is not an array of numbers"),
    "JSON": (lambda p: p.write_text('{"format": {"network": {}}}'), "another kind of file"),
    "a safetensors file of somebody else": (
        lambda p: safetensors.numpy.save_file({"weight": np.ones(3)}, p, {"format": "pt"}),
        "a safetensors file without glassnet.json as metadata",
    ),
    "a safetensors file without metadata": (
        lambda p: safetensors.numpy.save_file({"weight": np.ones(3)}, p),
        "a safetensors file without glassnet.json as metadata",
    ),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(("write", "message"), FOREIGN.values(), ids=FOREIGN.keys())
def test_another_kind_of_file_is_refused(write: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    write(path)
    with pytest.raises(ValueError, match=message) as caught:
        gn.load(path)
    assert one_line(caught, path)
    assert not (tmp_path / "sprung").exists()


def test_no_file_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none.npz: expected a model file, found none"):
        gn.load(tmp_path / "none.npz")
    with pytest.raises(OSError, match=tmp_path.name):
        gn.load(tmp_path)


@pytest.mark.parametrize("name", ["a", "expected", "m"])
def test_whatever_the_files_name_the_message_is_ours(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("not a model")
    with pytest.raises(ValueError, match=f"^{name}: expected a glassnet model"):
        gn.load(name)


# ---- a description and arrays that do not fit


@either
@pytest.mark.parametrize(("change", "message"), MISFITS.values(), ids=MISFITS.keys())
def test_arrays_that_do_not_fit_their_description_are_refused(
    change: Any, message: str, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"m{ending}"
    path.write_bytes(packed(ending, *described(change)))
    with pytest.raises(ValueError, match=message) as caught:
        gn.load(path)
    assert one_line(caught, path)


@either
def test_more_arrays_and_more_words_are_passed_over(ending: str, tmp_path: Path) -> None:
    header, arrays = described(put("history", value=[1, 2]))
    path = tmp_path / f"m{ending}"
    path.write_bytes(packed(ending, header, {**arrays, "optimizer": np.ones(3)}))
    assert gn.load(path).classes == ("a", "b", "c")


@either
def test_a_description_nested_beyond_reading_is_refused(ending: str, tmp_path: Path) -> None:
    header, arrays = described(lambda *_: None)
    text = f'{json.dumps(header)[:-1]}, "deep": {"[" * 100_000}{"]" * 100_000}}}'
    path = tmp_path / f"m{ending}"
    path.write_bytes(PACKED[ending](text, arrays))
    with pytest.raises(ValueError, match="expected a description of the network") as caught:
        gn.load(path)
    assert one_line(caught, path)


# ---- writing


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes, as on a disk that is full."""
    resource = pytest.importorskip("resource", reason="needs POSIX's limits")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@either
@pytest.mark.parametrize("size", [0, 100, 2000])
def test_a_model_appears_whole_or_not_at_all(size: int, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{ending}"
    with room_for(size), pytest.raises(OSError, match="too large"):
        every_layer().save(path)
    assert list(tmp_path.iterdir()) == []

    every_layer().save(path)
    before = path.read_bytes()
    with room_for(size), pytest.raises(OSError, match="too large"):
        every_layer(dtype="float64").save(path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_fails_the_old_file_stays(error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def write() -> None:
        with atomic(path) as file:
            file.write(b"half of it")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@either
def test_notes_that_are_not_plain_are_refused_and_nothing_is_left(ending: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        files.save(every_layer(), tmp_path / f"m{ending}", {"notes": object()})
    assert list(tmp_path.iterdir()) == []


def test_saving_again_takes_the_place_of_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    for value in (1.0, 2.0):
        network = every_layer()
        network.parameters.vector[...] = value
        network.save(path)
        assert set(gn.load(path).parameters.vector) == {value}
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        every_layer().save(tmp_path / "none" / "m.npz")
    assert caught.value.filename == str(tmp_path / "none" / "m.npz")
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"m\.npz") as caught_too:
        every_layer().save(tmp_path / "file" / "m.npz")
    assert ".part" not in str(caught_too.value)


def test_a_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "m.npz").mkdir()
    with pytest.raises(OSError, match=r"m\.npz"):
        every_layer().save(tmp_path / "m.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["m.npz"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(PermissionError) as caught:
        every_layer().save(folder / "m.npz")
    assert caught.value.filename == str(folder / "m.npz")
