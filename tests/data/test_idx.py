"""The IDX reader: everything that may be in such a file, and everything that may be wrong with one."""

import gzip
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from glassnet.data import idx

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}
DTYPES = st.sampled_from([np.dtype(name) for name in CODES])
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(max_dims=5, min_side=0, max_side=4)))


def packed(array: NDArray[Any]) -> bytes:
    """The array as an IDX file, written from the format's description."""
    header = struct.pack(f">HBB{array.ndim}I", 0, CODES[array.dtype.name], array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def refusal(path: Path, content: bytes) -> str:
    """The message about a bad file: one line that begins with the file."""
    path.write_bytes(content)
    with pytest.raises(ValueError, match="expected") as caught:
        idx.read(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx") / "some-file"


@given(array=ARRAYS, compress=st.booleans())
@settings(deadline=None)
def test_what_was_written_is_read(file: Path, array: NDArray[Any], compress: bool) -> None:
    file.write_bytes(gzip.compress(packed(array)) if compress else packed(array))
    got = idx.read(file)
    assert got.shape == array.shape
    assert got.dtype == array.dtype
    assert got.dtype.isnative
    assert got.tobytes() == array.tobytes()  # bytes, so that NaN equals NaN


def test_bytes_on_disk_are_big_endian(file: Path) -> None:
    file.write_bytes(bytes.fromhex("00 00 0b 01  00 00 00 02  01 02  ff fe"))
    assert idx.read(file).tolist() == [0x0102, -2]


@pytest.mark.parametrize("rank", [1, 2, 64])
def test_any_rank(file: Path, rank: int) -> None:
    file.write_bytes(packed(np.full((1,) * rank, 7, np.uint8)))
    assert idx.read(file).shape == (1,) * rank


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.uint8).reshape(3, 4)
    (tmp_path / "plain.gz").write_bytes(packed(array))
    (tmp_path / "zipped").write_bytes(gzip.compress(packed(array)))
    np.testing.assert_array_equal(idx.read(tmp_path / "plain.gz"), array)
    np.testing.assert_array_equal(idx.read(tmp_path / "zipped"), array)


def test_a_gzip_archive_may_have_several_members_and_padding(file: Path) -> None:
    content = packed(np.arange(4000, dtype=np.int32))
    parts = (content[:3], content[3:9000], content[9000:])
    file.write_bytes(b"".join(gzip.compress(part) for part in parts))
    np.testing.assert_array_equal(idx.read(file), np.arange(4000))
    file.write_bytes(gzip.compress(content) + bytes(512))
    np.testing.assert_array_equal(idx.read(file), np.arange(4000))


@pytest.mark.parametrize("dtype", ["uint8", "int16"])
def test_the_array_is_read_only(file: Path, dtype: str) -> None:
    file.write_bytes(packed(np.zeros(3, dtype)))
    with pytest.raises(ValueError, match="read-only"):
        idx.read(file)[0] = 1


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing-here"):
        idx.read(tmp_path / "nothing-here")


GOOD = packed(np.arange(2000, dtype=np.int16).reshape(20, 100))


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" * 9, b"5,0,0,255\n", b"PK\x03\x04" + bytes(99)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_another_format(file: Path, content: bytes, pack: Any) -> None:
    message = refusal(file, pack(content))
    assert "IDX" in message
    assert content[:2].hex(" ") in message


@pytest.mark.parametrize("code", [0x00, 0x07, 0x0A, 0x0F, 0xFF])
def test_an_unknown_type(file: Path, code: int) -> None:
    message = refusal(file, b"\0\0" + bytes([code]) + GOOD[3:])
    assert f"got {code:02x}" in message
    assert "08" in message


def test_no_dimension(file: Path) -> None:
    assert "at least one dimension" in refusal(file, b"\0\0\x08\0\x05")


@pytest.mark.parametrize(("size", "expected"), [(0, 4), (1, 4), (3, 4), (4, 12), (8, 12), (11, 12)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_cut_off_header(file: Path, size: int, expected: int, pack: Any) -> None:
    message = refusal(file, pack(GOOD[:size]))
    assert f"expected an IDX header of {expected} bytes, got {size}" in message
    assert "cut off" in message


@pytest.mark.parametrize("size", [12, 13, len(GOOD) - 1])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_cut_off_data(file: Path, size: int, pack: Any) -> None:
    message = refusal(file, pack(GOOD[:size]))
    assert message.endswith(f"expected {len(GOOD)} bytes, got {size}: the file is cut off")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_bytes_after_the_data(file: Path, pack: Any) -> None:
    assert f"expected {len(GOOD)} bytes" in refusal(file, pack(GOOD + b"\0"))


@given(size=st.integers(2, len(gzip.compress(GOOD)) - 1))
@settings(deadline=None)
def test_a_gzip_archive_cut_off_anywhere(file: Path, size: int) -> None:
    assert "cut off" in refusal(file, gzip.compress(GOOD)[:size])


def test_something_else_after_a_gzip_archive(file: Path) -> None:
    assert "damaged" in refusal(file, gzip.compress(GOOD) + b"something else")


@given(place=st.integers(10, len(gzip.compress(GOOD)) - 1), flip=st.integers(1, 255))
@settings(deadline=None)
def test_a_damaged_gzip_archive(file: Path, place: int, flip: int) -> None:
    """A byte changed anywhere behind the archive's header is noticed, unless it changes nothing."""
    archive = bytearray(gzip.compress(GOOD))
    archive[place] ^= flip
    file.write_bytes(archive)
    try:
        assert idx.read(file).tobytes() == np.arange(2000, dtype=np.int16).tobytes()
    except ValueError:
        refusal(file, bytes(archive))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("shape", [(2**32 - 1,) * 3, (2**32 - 1,) * 255, (60_000, 2**31, 28)])
def test_absurd_dimensions_are_seen_by_the_size(file: Path, shape: tuple[int, ...], pack: Any) -> None:
    content = struct.pack(f">HBB{len(shape)}I", 0, 0x0E, len(shape), *shape) + bytes(100)
    assert f"got {len(content)}" in refusal(file, pack(content))


@pytest.mark.parametrize("shape", [(0, 2**32 - 1, 2**32 - 1, 2**32 - 1), (1,) * 255])
def test_dimensions_that_no_array_has(file: Path, shape: tuple[int, ...]) -> None:
    content = struct.pack(f">HBB{len(shape)}I", 0, 0x08, len(shape), *shape) + bytes(1 if all(shape) else 0)
    assert "dimensions" in refusal(file, content)


def test_no_more_is_unpacked_than_the_header_announces(file: Path) -> None:
    """A gzip bomb: 64 MB of zeros behind a header that announces ten numbers."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    archive = packer.compress(struct.pack(">HBBI", 0, 0x08, 1, 10) + bytes(64_000_000)) + packer.flush()
    tracemalloc.start()
    try:
        assert "expected 18 bytes" in refusal(file, archive)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


class TestImagesAndLabels:
    @staticmethod
    def read(folder: Path, images: NDArray[Any], labels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        (folder / "images").write_bytes(packed(images))
        (folder / "labels").write_bytes(packed(labels))
        return idx.read_images_and_labels(folder / "images", folder / "labels")

    @pytest.mark.parametrize("dtype", ["uint8", "int32"])
    def test_pairs(self, tmp_path: Path, dtype: str) -> None:
        images = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
        x, y = self.read(tmp_path, images, np.array([7, 0, 9], dtype))
        np.testing.assert_array_equal(x, images)
        assert y.tolist() == [7, 0, 9]

    @pytest.mark.parametrize(
        ("images", "labels", "words"),
        [
            (((3, 4), "u1"), ((3,), "u1"), r"images: expected images \(N, H, W\) uint8, got \(3, 4\)"),
            (((3, 4, 4), "i2"), ((3,), "u1"), r"images: expected images .* uint8, got .* int16"),
            (((3, 4, 4), "u1"), ((3, 1), "u1"), r"labels: expected integer labels \(N,\), got \(3, 1\)"),
            (((3, 4, 4), "u1"), ((3,), "f4"), r"labels: expected integer labels .* float32"),
            (((3, 4, 4), "u1"), ((2,), "u1"), r"labels: expected 3 labels.*got 2"),
            (((0, 4, 4), "u1"), ((0,), "u1"), r"images: expected at least one image"),
            (((3, 0, 4), "u1"), ((3,), "u1"), r"images: expected at least one image of at least one pixel"),
            (((3,), "u1"), ((3, 4, 4), "u1"), r"images: expected images .* got \(3,\)"),
        ],
    )
    def test_what_does_not_fit(self, tmp_path: Path, images: Any, labels: Any, words: str) -> None:
        with pytest.raises(ValueError, match=words) as caught:
            self.read(tmp_path, np.zeros(*images), np.zeros(*labels))
        assert "\n" not in str(caught.value)
