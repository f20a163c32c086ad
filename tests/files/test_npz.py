"""Models as `.npz`: an archive of arrays that describes itself, and what can be wrong with an archive."""

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

import glassnet as gn
from files.models import HEADER, described, every_layer, moved, npz, one_line
from glassnet import files
from glassnet.nn import BatchNorm, Dense, Network, ReLU, Scaling, Softmax


def test_the_file_describes_itself_without_pickle(tmp_path: Path) -> None:
    network = every_layer(classes=["ä", "b", "c"], scaling=Scaling(scale=0.5))
    files.save(network, tmp_path / "m.npz", {"data": "letters", "shape": [2, 3]})
    with np.load(tmp_path / "m.npz", allow_pickle=False) as archive:
        arrays = dict(archive)
    header = json.loads(bytes(arrays.pop("glassnet.json")))
    assert header["format"] == 1
    assert header["glassnet"] == gn.__version__
    assert header["network"] == network.config()
    assert header["network"]["classes"] == ["ä", "b", "c"]
    assert header["notes"] == {"data": "letters", "shape": [2, 3]}
    assert set(arrays) == {*network.parameters, *network.state}
    assert {array.dtype for array in arrays.values()} == {np.dtype("float32")}
    assert files.read(tmp_path / "m.npz")[1] == header["notes"]


# ---- damage


@pytest.fixture(scope="module")
def whole() -> bytes:
    network = moved(Network([Dense(6), BatchNorm(), ReLU(), Dense(3), Softmax()], 6, classes="abc"))
    header = {"format": 1, "glassnet": gn.__version__, "network": network.config(), "notes": {}}
    return npz(json.dumps(header), {**network.parameters, **network.state})


def test_a_file_that_is_cut_off_anywhere_is_refused(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    for stop in [*range(0, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:stop])
        with pytest.raises(ValueError, match=r"expected a glassnet model") as caught:
            gn.load(path)
        assert one_line(caught, path)


def test_a_flipped_byte_is_refused_or_harmless(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(whole)
    sound = gn.load(path)
    refused = 0
    for count, i in enumerate(range(0, len(whole), 3)):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ (1, 0x40, 0xFF)[count % 3]]) + whole[i + 1 :])
        try:
            found = gn.load(path)
        except ValueError as error:
            assert str(error).startswith(str(path))  # noqa: PT017
            assert "\n" not in str(error)  # noqa: PT017
            refused += 1
        else:  # a date, say, or padding
            assert found.config() == sound.config()
            assert found.parameters.vector.tobytes() == sound.parameters.vector.tobytes()
            assert found.state.vector.tobytes() == sound.state.vector.tobytes()
    assert refused > len(whole) / 6


def test_an_array_that_claims_to_be_vast_is_refused(tmp_path: Path) -> None:
    """The header of one array says more than there is: nothing of that size is waited for."""
    header, arrays = described(lambda *_: None)
    arrays[HEADER] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    path = tmp_path / "m.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in arrays.items():
            stored = io.BytesIO()
            np.lib.format.write_array_header_1_0(
                stored,
                {
                    "descr": value.dtype.str,
                    "fortran_order": False,
                    "shape": (10**13,) if name == "3.b" else value.shape,
                },
            )
            archive.writestr(f"{name}.npy", stored.getvalue() + value.tobytes())
    with pytest.raises(ValueError, match="expected a glassnet model") as caught:
        gn.load(path)
    assert one_line(caught, path)


def test_what_the_archive_quotes_of_a_damaged_file_is_cut_short(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(whole.replace(b"1.W.npy\x01\x00", b"1.V.npy\x99\x99", 1))
    with pytest.raises(ValueError, match="expected a glassnet model") as caught:
        gn.load(path)
    assert one_line(caught, path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * 5000 + ".npy", b"\x93NUMPY\x01\x00v\x00no array")
    with pytest.raises(ValueError, match="whose entry 'xxxx") as caught:
        gn.load(path)
    assert one_line(caught, path)


def test_an_archive_that_would_unpack_to_absurdly_much_is_refused(tmp_path: Path) -> None:
    """Of zeros, say: 30 MB out of 30 kB. Nothing of it is unpacked."""
    path = tmp_path / "m.npz"
    np.savez_compressed(path, W1=np.zeros((2_000_000, 4), np.float32), b1=np.zeros(4, np.float32))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"expected a glassnet model, got .* unpack") as caught:
        gn.load(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert one_line(caught, path)


def test_a_compressed_archive_of_weights_is_read(tmp_path: Path) -> None:
    W = np.random.default_rng(0).normal(size=(784, 10)).astype(np.float32)
    np.savez_compressed(tmp_path / "m.npz", W1=W, b1=np.zeros(10, np.float32))
    assert np.array_equal(gn.load(tmp_path / "m.npz").parameters["1.W"], W)


def test_checksums_are_checked_of_what_numpy_does_not_read_too(tmp_path: Path) -> None:
    """An entry that says it is shorter than it is would be taken for a smaller network."""
    path = tmp_path / "m.npz"
    np.savez(path, W1=np.ones((9000, 10), np.float32), b1=np.zeros(10, np.float32))
    path.write_bytes(path.read_bytes().replace(b"(9000, 10)", b"(1000, 10)", 1))
    with pytest.raises(ValueError, match=r"cut off or damaged \(wrong checksum of 'W1\.npy'\)") as caught:
        gn.load(path)
    assert one_line(caught, path)
