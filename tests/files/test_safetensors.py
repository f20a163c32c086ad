"""Models as `.safetensors`: PyTorch reads the same values, and damage is seen without help of the format."""

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
import safetensors.numpy

import glassnet as gn
from files.models import HEADER, described, every_layer, moved, one_line, tensors
from glassnet import files
from glassnet.nn import BatchNorm, Dense, Network, ReLU, Scaling, Softmax


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    network = moved(Network([Dense(6), BatchNorm(), ReLU(), Dense(3), Softmax()], 6, classes="abc"))
    files.save(network, tmp_path / "whole.safetensors", {"data": "letters"})
    return (tmp_path / "whole.safetensors").read_bytes()


def test_the_file_describes_itself_in_its_metadata(tmp_path: Path) -> None:
    network = every_layer(classes=["ä", "b", "c"], scaling=Scaling(scale=0.5))
    files.save(network, tmp_path / "m.safetensors", {"data": "letters", "shape": [2, 3]})
    with safetensors.safe_open(tmp_path / "m.safetensors", framework="np") as opened:
        metadata = opened.metadata()
        arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    assert set(metadata) == {HEADER}
    header = json.loads(metadata[HEADER])
    assert header["format"] == 1
    assert header["glassnet"] == gn.__version__
    assert header["network"] == network.config()
    assert header["notes"] == {"data": "letters", "shape": [2, 3]}
    assert set(arrays) == {*network.parameters, *network.state}
    assert all(np.array_equal(arrays[name], value) for name, value in network.parameters.items())
    assert {array.dtype for array in arrays.values()} == {np.dtype("float32")}


@pytest.mark.oracle
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pytorch_opens_it_and_computes_the_same(dtype: str, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    network = moved(
        Network([Dense(7), ReLU(), Dense(3), Softmax()], 6, dtype=dtype, scaling=Scaling(scale=0.1))
    )
    network.save(tmp_path / "m.safetensors")
    loaded = load_file(tmp_path / "m.safetensors")
    assert set(loaded) == set(network.parameters)
    for name, value in network.parameters.items():
        assert loaded[name].dtype == getattr(torch, dtype)
        assert loaded[name].numpy().tobytes() == value.tobytes()
    x = np.random.default_rng(0).normal(size=(5, 6)).astype(dtype)
    hidden = torch.relu(torch.from_numpy(x * np.asarray(0.1, dtype)) @ loaded["1.W"] + loaded["1.b"])
    expected = torch.softmax(hidden @ loaded["3.W"] + loaded["3.b"], dim=1)
    assert np.allclose(network.predict_proba(x), expected.numpy(), rtol=1e-5, atol=1e-7)


def test_the_same_network_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    script = "import glassnet as gn; gn.Network([gn.Dense(3)], 4, seed=1).save('m.safetensors')"
    written = set()
    for _ in range(3):
        subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
        written.add((tmp_path / "m.safetensors").read_bytes())
    assert len(written) == 1


def test_the_library_is_imported_only_where_it_is_used(tmp_path: Path) -> None:
    every_layer().save(tmp_path / "m.npz")
    script = "import sys, glassnet; glassnet.load('m.npz'); print('safetensors' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "False\n"


# ---- damage


def test_a_file_that_is_cut_off_anywhere_or_too_long_is_refused(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    for content in [*(whole[:stop] for stop in range(len(whole))), whole + b"\0"]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"expected a glassnet model") as caught:
            gn.load(path)
        assert one_line(caught, path)


def test_a_flipped_byte_is_refused_or_harmless(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(whole)
    sound, notes = files.read(path)
    harmless = 0
    for i in range(len(whole)):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ (1, 0x40, 0xFF)[i % 3]]) + whole[i + 1 :])
        try:
            found, found_notes = files.read(path)
        except ValueError as error:
            assert str(error).startswith(str(path))  # noqa: PT017
            assert "\n" not in str(error)  # noqa: PT017
        else:
            harmless += 1
            assert (found.config(), found_notes) == (sound.config(), notes)
            assert found.parameters.vector.tobytes() == sound.parameters.vector.tobytes()
            assert found.state.vector.tobytes() == sound.state.vector.tobytes()
    assert harmless < 20  # the name of the checksum, say: then there is none


def test_without_a_checksum_as_other_programs_write_it_it_loads(tmp_path: Path) -> None:
    header, arrays = described(lambda *_: None)
    path = tmp_path / "m.safetensors"
    path.write_bytes(tensors(json.dumps(header), arrays))
    assert gn.load(path).classes == ("a", "b", "c")
    path.write_bytes(tensors(json.dumps({**header, "crc32": "00000000"}), arrays))
    with pytest.raises(ValueError, match="a file that is damaged"):
        gn.load(path)


def raw(header: Any, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def one(dtype: str, shape: list[int], data: bytes) -> bytes:
    return raw({"a": {"dtype": dtype, "shape": shape, "data_offsets": [0, len(data)]}}, data)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (one("F32", [10**15], bytes(4)), "cut off, damaged or of another kind"),
        (one("F32", [2**62, 2**62], bytes(4)), "cut off, damaged or of another kind"),
        (one("F32", [0, 10**18], b""), "without glassnet.json"),
        (one("BF16", [2], bytes(4)), "expected arrays of a type that NumPy has, got BF16"),
        (one("X" * 500, [2], bytes(4)), "another kind"),
        (struct.pack("<Q", 2**63) + b"{}", "another kind"),
        (struct.pack("<Q", 50_000_000) + b"{}", "another kind"),
        (raw(b"{" + b"\xff" * 20), "another kind"),
        (raw({"__metadata__": None}), "without glassnet.json"),
        (raw({"__metadata__": {HEADER: "no JSON"}}), "description of the network"),
        (raw({"__metadata__": {HEADER: "\ud800"}}), "another kind"),
    ],
)
def test_odd_headers_are_refused_in_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        gn.load(path)
    assert one_line(caught, path)
