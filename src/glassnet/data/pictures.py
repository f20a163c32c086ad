"""Pictures from files, of any format that phones, scanners and drawing programs write, as upright pixels."""

import io
import warnings
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Array = NDArray[Any]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")  # none that runs a program
ENDINGS = (
    ".png", ".jpg", ".jpeg", ".jfif", ".mpo", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".avif",
    ".heic", ".heif", ".pgm", ".ppm", ".pbm", ".pdf", ".svg",
)  # fmt: skip
"""Of what people take for pictures; not all of them are read."""
STARTS = b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"%PDF"
MOST_PIXELS = 40_000_000
MOST_BYTES = 250_000_000  # of a file: all those pixels at 16 bits; comments and profiles may be any length
ROWS = 32  # mixed at a time: whole numbers of 16 bits take twice the memory
READ = "JPEG, PNG, WebP, GIF, BMP and TIFF"
_ORIENTATION = 0x0112  # EXIF's tag
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def read(source: str | PathLike[str] | bytes, name: str | None = None) -> Array:
    """Return the picture in a file, or in the bytes of one, upright: (H, W) or (H, W, 3) of uint8.

    `name` is what messages call it; without it the path. EXIF's orientation is followed. What is transparent
    gets the ground that shows the ink. A JPEG of more than 40 megapixels is read at a half, a quarter or an
    eighth of its size.

    Raises ValueError, in one line, for what is no picture, an animation, HEIC, a file that is cut off, more
    than 40 megapixels and more than 250 MB; OSError if the file cannot be read.
    """
    name = name or ("the picture" if isinstance(source, bytes) else str(source))
    if isinstance(source, bytes):
        return _read(io.BytesIO(source), name)
    path = Path(source)
    if path.is_dir():
        raise IsADirectoryError(f"{name}: expected a picture, got a folder; name the files in it")
    if not path.exists():
        raise FileNotFoundError(f"{name}: expected a picture, found none")
    if not path.is_file():  # reading on would never end, or wait
        raise OSError(f"{name}: expected a picture, got a pipe or a device; save what it gives")
    with path.open("rb") as file:
        return _read(file, name)


def is_one(path: str | PathLike[str]) -> bool:
    """Tell whether a file is a picture, or is taken for one: by its name's ending, else by how it starts."""
    path = Path(path)
    if path.suffix.lower() in ENDINGS:
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(8).startswith(STARTS)
    except OSError:
        return False


def opaque(picture: Array) -> Array:
    """Lay a picture (H, W, 4) of uint8, red, green, blue and alpha, on the ground that shows it: (H, W, 3).

    A few opaque pixels are ink, and get a ground that they stand out from; where most are opaque they are
    the paper, and the rest becomes like it.
    """
    alpha = picture[..., 3]
    laid = np.ascontiguousarray(picture[..., :3])
    if alpha.min(initial=255) == 255:
        return laid
    seen = int(alpha.sum(dtype=np.int64))
    light = int(np.einsum("yxc,yx->", laid, alpha, dtype=np.int64)) / 3
    is_paper = seen > 255 * alpha.size / 2
    ground = 255 if (light > 127.5 * seen) == is_paper or not seen else 0
    for y in range(0, len(laid), ROWS):
        opacity = alpha[y : y + ROWS, :, None].astype(np.uint16)
        mixed = laid[y : y + ROWS] * opacity + (np.uint16(ground) * (255 - opacity) + 128)
        laid[y : y + ROWS] = (mixed + (mixed >> 8)) >> 8  # mixed / 255, rounded
    return laid


def _read(file: Any, name: str) -> Array:
    if (size := file.seek(0, io.SEEK_END)) > MOST_BYTES:
        most, got = (f"{n / 1e6:,.0f} MB" for n in (MOST_BYTES, size))
        raise ValueError(f"{name}: expected a picture of at most {most}, got {got}")
    file.seek(0)
    start = file.read(32)
    file.seek(0)
    if not start:
        raise ValueError(f"{name}: expected a picture, got an empty file")
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC:
        raise ValueError(
            f"{name}: expected {READ}, got HEIC, a phone's own format; export it as JPEG, or set the"
            " camera to 'most compatible'"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is refused below, and of odd metadata
        image = _opened(file, name)
        with image:
            _check(image, name)
            try:
                image.load()
                pixels = _pixels(image)
            except Exception as error:  # a decoder fails on a damaged file in any way it likes
                raise ValueError(
                    f"{name}: expected a whole picture, got one that is cut off or damaged ({_brief(error)})"
                ) from None
            return np.ascontiguousarray(_upright(pixels, _orientation(image)))


def _opened(file: Any, name: str) -> Image.Image:
    Image.init()  # else only the oldest formats are known
    try:
        if file.read(3) == b"\xff\xd8\xff":  # past Pillow's own limit: it can be read at a part of its size
            file.seek(0)
            return Image.OPEN["JPEG"][0](file, "")
        file.seek(0)
        return Image.open(file, formats=[form for form in FORMATS if form in Image.OPEN])
    except Image.DecompressionBombError:
        raise ValueError(f"{name}: expected {_limit()}, got far more") from None
    except (UnidentifiedImageError, SyntaxError):  # the second is what a single format raises
        raise ValueError(f"{name}: expected a picture ({READ}), got another kind of file") from None
    except Exception as error:
        raise ValueError(f"{name}: expected a picture, got a damaged one ({_brief(error)})") from None


def _check(image: Image.Image, name: str) -> None:
    """Refuse animations, and pictures that would not fit the memory; ask a large JPEG for a smaller self."""
    if image.format != "MPO" and _moves(image):  # MPO's further pictures are previews and depths
        raise ValueError(f"{name}: expected one picture, got an animation or several pages; save one of them")
    size = width, height = image.size
    if width * height > MOST_PIXELS and not image.info.get("progressive"):
        share = next((s for s in (2, 4) if width * height <= MOST_PIXELS * s * s), 8)
        image.draft(None, (width // share, height // share))  # nothing, but for JPEG
    if image.size[0] * image.size[1] > MOST_PIXELS:
        raise ValueError(f"{name}: expected {_limit()}, got {size[0]:,} × {size[1]:,} pixels")


def _limit() -> str:
    return f"a picture of at most {MOST_PIXELS // 1_000_000} megapixels"


def _moves(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # what follows the first picture is damaged; the first may be whole
        return True


def _pixels(image: Image.Image) -> Array:
    """The loaded picture as (H, W) or (H, W, 3) of uint8."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _of_deep(np.asarray(image))
    if image.has_transparency_data:
        return opaque(np.asarray(image if image.mode == "RGBA" else image.convert("RGBA")))
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _of_deep(values: Array) -> Array:
    """Values of 16 or 32 bits as 8: by the range that holds them all."""
    values = values.astype(np.float32)
    np.nan_to_num(values, copy=False, posinf=0, neginf=0)
    largest = float(values.max(initial=0))
    full = next((top for top in (1.0, 255.0, 65535.0) if largest <= top), largest)
    values *= np.float32(255 / full)
    np.rint(values, out=values)
    eighth: Array = np.clip(values, 0, 255, out=values).astype(np.uint8)
    return eighth


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged metadata is no reason to refuse the picture
        return 1


def _upright(pixels: Array, orientation: int) -> Array:
    """Turn and mirror a picture as EXIF's tag says it was taken."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels


def _brief(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:80]
