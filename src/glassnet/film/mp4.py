"""An MP4 that plays everywhere: H.264 in yuv420p, its index at the front."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from glassnet import extras
from glassnet.film.look import Pixels

MOST_BITS = 1_900_000  # a second, so that 20 s stay under 5 MB


def library() -> Any:
    """Return imageio-ffmpeg. Raises MissingExtra without it."""
    with extras.for_("film", "a film in MP4"):
        import imageio_ffmpeg
    return imageio_ffmpeg


def write(file: IO[bytes], draw: Callable[[float], Pixels], times: NDArray[np.float64], fps: float) -> None:
    """Write the pictures that `draw` makes at these times, their width and height even.

    Raises MissingExtra without imageio-ffmpeg, OSError if it cannot make the film.
    """
    height, width = draw(float(times[0])).shape[:2]
    with tempfile.TemporaryDirectory(prefix="glassnet-film-") as folder:
        path = Path(folder) / "film.mp4"
        film = library().write_frames(
            str(path), (width, height), fps=fps, codec="libx264", quality=None, macro_block_size=2,
            output_params=_parameters(fps),
        )  # fmt: skip
        try:
            film.send(None)
        except RuntimeError as error:  # there is no ffmpeg for this machine
            raise OSError(f"a film in MP4: {' '.join(str(error).split())}") from None
        try:
            for time in times:
                film.send(np.ascontiguousarray(draw(float(time))))
        finally:
            film.close()
        if not path.is_file():
            raise OSError("film: expected a film from ffmpeg, got none")
        with path.open("rb") as made:
            shutil.copyfileobj(made, file)


def _parameters(fps: float) -> list[str]:
    """What ffmpeg is told: a quality, a limit to the size, a key picture each two seconds, the colours."""
    told = {
        "preset": "veryfast", "x264-params": "subme=1", "crf": 19, "maxrate": MOST_BITS,
        "bufsize": 2 * MOST_BITS, "g": round(2 * fps),
        "vf": "scale=out_color_matrix=bt709:out_range=tv", "colorspace": "bt709", "color_primaries": "bt709",
        "color_trc": "bt709", "movflags": "+faststart",
    }  # fmt: skip
    return [word for name, value in told.items() for word in (f"-{name}", str(value))]
