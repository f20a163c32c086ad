"""Pictures from files: every format and mode as plain upright pixels; what is none in one line."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from glassnet.data import pictures


def sample() -> np.ndarray[Any, Any]:
    """White paper (40, 60) with a black bar in the upper left corner: turned, it is elsewhere."""
    picture = np.full((40, 60, 3), 255, np.uint8)
    picture[4:10, 5:30] = 0
    return picture


def as_file(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def grey(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return picture if picture.ndim == 2 else picture.mean(axis=2)


MODES = ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "I;16", "I", "F"]


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_of_pixels_shows_the_same(mode: str) -> None:
    if mode in ("I;16", "I", "F"):
        values = np.asarray(Image.fromarray(sample()).convert("L")).astype(np.float64) * (65535 / 255)
        kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
        image = Image.fromarray(values.astype(kinds[mode]))
    else:
        image = Image.fromarray(sample()).convert(mode)
    form = "TIFF" if mode in ("CMYK", "YCbCr", "F", "I") else "PNG"
    packed = {"compression": "tiff_lzw"} if mode == "YCbCr" else {}  # Pillow 12 cannot read its own raw ones
    found = pictures.read(as_file(image, form, **packed), "it")
    assert found.dtype == np.uint8
    assert found.shape[:2] == (40, 60)
    assert np.abs(grey(found) - sample()[..., 0]).max() <= 6


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM"])
def test_each_format_is_read_from_a_path_and_from_bytes(form: str, tmp_path: Path) -> None:
    content = as_file(Image.fromarray(sample()), form)
    (tmp_path / "picture").write_bytes(content)
    found = pictures.read(tmp_path / "picture")
    assert np.abs(grey(found) - sample()[..., 0]).mean() < 5
    np.testing.assert_array_equal(found, pictures.read(content))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_says_how_a_picture_was_taken(orientation: int, form: str) -> None:
    stored = {
        1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1), 6: lambda a: np.rot90(a, 1), 7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
        8: lambda a: np.rot90(a, -1),
    }[orientation](sample())  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = as_file(Image.fromarray(np.ascontiguousarray(stored)), form, exif=exif)
    found = pictures.read(content)
    assert found.shape == (40, 60, 3)
    assert np.abs(found.astype(int) - sample()).mean() < 5


@pytest.mark.parametrize("ink", [0, 255])
def test_what_is_transparent_becomes_a_ground_that_shows_the_ink(ink: int) -> None:
    drawing = np.zeros((40, 60, 4), np.uint8)
    drawing[4:10, 5:30] = ink, ink, ink, 255
    found = pictures.read(as_file(Image.fromarray(drawing)))
    assert (found[4:10, 5:30] == ink).all()
    assert (found[20:] == 255 - ink).all()


def test_a_cut_out_paper_is_continued() -> None:
    paper = np.zeros((40, 60, 4), np.uint8)
    paper[2:-2, 2:-2] = 240, 240, 240, 255
    paper[10:30, 20:24, :3] = 20
    found = pictures.read(as_file(Image.fromarray(paper)))
    assert (found[0] == 255).all()
    assert (found[15, 21] == 20).all()


def test_transparent_colours_of_palettes_and_of_nothing_at_all() -> None:
    indexed = Image.fromarray(sample()[..., 0] // 255).convert("P")
    indexed.putpalette([10, 10, 10, 250, 250, 250])
    found = pictures.read(as_file(indexed, transparency=1))
    assert grey(found)[20, 40] == 255
    assert grey(found)[6, 10] == 10
    assert (pictures.read(as_file(Image.new("RGBA", (9, 9)))) == 255).all()


def test_a_photo_with_a_preview_behind_it_is_a_photo() -> None:
    first, second = Image.fromarray(sample()), Image.new("RGB", (8, 8))
    content = as_file(first, "MPO", save_all=True, append_images=[second])
    assert pictures.read(content).shape == (40, 60, 3)


def test_a_large_jpeg_is_read_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_file(Image.fromarray(sample()).resize((960, 640)), "JPEG")
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    assert pictures.read(content).shape == (160, 240, 3)
    progressive = as_file(Image.fromarray(sample()).resize((960, 640)), "JPEG", progressive=True)
    with pytest.raises(ValueError, match="got 960 × 640 pixels"):  # it would take the memory of the whole
        pictures.read(progressive)


def test_a_jpeg_past_pillows_own_limit_is_read_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_file(Image.fromarray(sample()).resize((960, 640)), "JPEG")
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100_000)
    assert pictures.read(content).shape == (160, 240, 3)


@pytest.mark.parametrize("ground", [0, 255])
def test_half_transparent_pixels_are_mixed_with_the_ground(ground: int) -> None:
    picture = np.zeros((200, 70, 4), np.uint8)
    ink = 255 - ground
    picture[..., :3] = ink
    picture[:100, :30, 3] = np.arange(100)[:, None]
    picture[150:, :, 3] = 255
    expected = np.rint(ground + (ink - ground) * (picture[..., 3].astype(float) / 255))
    np.testing.assert_array_equal(pictures.opaque(picture), np.repeat(expected[..., None], 3, axis=2))


def test_what_is_a_picture_is_told_by_its_name_or_by_how_it_starts(tmp_path: Path) -> None:
    for name in ("photo.JPG", "gone.png", "scan.pdf"):
        assert pictures.is_one(tmp_path / name)
    for form in ("PNG", "JPEG", "GIF", "TIFF"):
        (tmp_path / "photo").write_bytes(as_file(Image.fromarray(sample()), form))
        assert pictures.is_one(tmp_path / "photo")
    (tmp_path / "table").write_text("BMI,age\n21,30\n")
    assert not any(pictures.is_one(tmp_path / name) for name in ("table", "gone", "."))


def test_a_file_of_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "long.png"
    path.write_bytes(as_file(Image.fromarray(sample())))
    os.truncate(path, 3_000_000_000)  # a hole, that takes no place
    with pytest.raises(ValueError, match=r"long\.png: expected a picture of at most 250 MB, got 3,000 MB"):
        pictures.read(path)


def test_pipes_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(OSError, match=r"pipe\.png: expected a picture, got a pipe or a device"):
        pictures.read(tmp_path / "pipe.png")
    assert not pictures.is_one(tmp_path / "pipe")


def lying_png(width: int, height: int) -> bytes:
    """A PNG that says it is of that size, with one byte of pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    start = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", start) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def animation(form: str) -> bytes:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
    return as_file(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


NO_PICTURES = {
    "empty": (lambda: b"", "expected a picture, got an empty file"),
    "text": (lambda: b"hello, this is text\n" * 9, r"expected a picture \(JPEG, PNG.*got another kind"),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 99, "got another kind of file"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "got another kind of file"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "HEIC.*export it as JPEG"),
    "gif": (lambda: animation("GIF"), "expected one picture, got an animation"),
    "webp": (lambda: animation("WEBP"), "expected one picture, got an animation"),
    "apng": (lambda: animation("PNG"), "expected one picture, got an animation"),
    "pages": (lambda: animation("TIFF"), "or several pages"),
    "wide": (lambda: lying_png(20_000, 3_000), "at most 40 megapixels, got 20,000 × 3,000 pixels"),
    "bomb": (lambda: lying_png(60_000, 60_000), "at most 40 megapixels, got far more"),
    "lies": (lambda: lying_png(2_000, 1_000), "cut off or damaged"),
    "no size": (lambda: lying_png(0, 10), "expected a"),
    "half a jpeg": (lambda: as_file(Image.fromarray(sample()), "JPEG")[:-200], "cut off or damaged"),
    "half a png": (lambda: as_file(Image.fromarray(sample()))[:100], "cut off or damaged"),
    "start of a jpeg": (lambda: b"\xff\xd8\xff", "expected a"),
}


@pytest.mark.parametrize("kind", NO_PICTURES)
def test_what_is_no_picture_is_refused_in_one_line(kind: str) -> None:
    make, expected = NO_PICTURES[kind]
    with pytest.raises(ValueError, match=expected) as refused:
        pictures.read(make(), "photo.jpg")
    assert str(refused.value).startswith("photo.jpg: ")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="got a folder"):
        pictures.read(tmp_path)
    with pytest.raises(FileNotFoundError, match="expected a picture, found none"):
        pictures.read(tmp_path / "gone.jpg")


@given(st.data())
def test_damaged_bytes_are_a_picture_or_refused(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]))
    content = bytearray(as_file(Image.fromarray(sample()), form))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    try:
        found = pictures.read(bytes(content))
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert found.dtype == np.uint8


CHILD = """
import resource, sys
from glassnet.data import drawing, pictures
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    drawing.find(pictures.read(sys.argv[1]))
except ValueError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "form", "most"),
    [
        ((12_000, 10_000), "JPEG", 350),
        ((20_000, 12_000), "JPEG", 350),
        ((20_000, 2_000), "PNG", 600),
        ((20_000, 2_000), "RGBA", 650),
        ((20_000, 20_000), "PNG", 60),
    ],
)
def test_memory_is_bounded_however_large_the_picture(
    size: tuple[int, int], form: str, most: int, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    if size[1] == 20_000:
        path.write_bytes(lying_png(*size))
    else:
        mode = {"PNG": "RGB", "JPEG": "L"}.get(form, form)
        Image.new(mode, size, "#ffffff80" if form == "RGBA" else "white").save(
            path, "PNG" if form == "RGBA" else form
        )
    done = subprocess.run([sys.executable, "-c", CHILD, path], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert int(done.stdout.split()[-1]) < most  # MiB
