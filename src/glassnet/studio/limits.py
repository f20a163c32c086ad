"""What a page may ask for at most, so that no page can bring the run, or this machine, to its knees."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

LAYERS = 12  # hidden ones
UNITS = 4096  # of one layer
PARAMETERS = 20_000_000
BATCH = 60_000  # examples a step, unless "full"
NUMBERS = 250_000_000  # that one pass over a batch holds: 1 GB of float32
EPOCHS = 10_000
SEED = 2**31 - 1

MESSAGE = 16 * 1024  # characters of a command; a longer one gets an error reply
FRAME = 64 * 1024  # bytes of a text; a longer one ends the connection
PICTURE = 600  # pixels a side of a drawing, and of a photo that is sent back
DRAWING = 4 * PICTURE**2 + FRAME  # bytes of a message with a drawing
PHOTO = 20 * 2**20  # bytes of a picture file
BYTES = PHOTO + FRAME  # of a message with arrays; a longer one ends the connection
UPLOADS = 256 * 2**20  # bytes that all pages together may have on their way, and again waiting
PIECES = 10_000  # of one message: each takes memory of its own
STAGE = 280  # pixels a side of what a drawing became, as it is sent
DIGITS = 32  # that are read of one picture
DEPTH = 4  # of lists and dicts within each other
TEXT = 200  # characters of a name
WAITING = 64  # commands of one connection that have no reply yet
CONNECTIONS = 64
RESERVED = 4  # of them for who drives
SILENCE = 10  # seconds in which a request has to come

LIMITS = {
    "layers": LAYERS, "units": UNITS, "parameters": PARAMETERS, "batch_size": BATCH, "epochs": EPOCHS,
    "connections": CONNECTIONS, "picture": PICTURE, "photo": PHOTO,
}  # fmt: skip
"""What the page is told of it."""


@dataclass
class Bucket:
    """A token bucket: `burst` commands at once, then `rate` a second; refused ones cost a token too.

    `patience` is how many may be refused before the connection is to end.
    """

    rate: float
    burst: float
    patience: float = 200
    clock: Callable[[], float] = monotonic
    _tokens: float = field(init=False)
    _then: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin full."""
        self._tokens, self._then = self.burst, self.clock()

    def take(self) -> bool:
        """Take a token; False if there was none."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._then) * self.rate) - 1
        self._then = now
        return self._tokens >= 0

    @property
    def exhausted(self) -> bool:
        """Whether it went on for too long."""
        return self._tokens < -self.patience


def bucket(role: str) -> Bucket:
    """Return the bucket of a connection: who drives drags a slider, on a fast screen; who watches clicks."""
    return Bucket(rate=120, burst=240) if role == "drive" else Bucket(rate=4, burst=12)


def strokes() -> Bucket:
    """Return the bucket of a pad: a page sends the next picture when the last was read."""
    return Bucket(rate=60, burst=60)
