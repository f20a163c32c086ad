"""A pickle of plain data: dicts, lists, text and arrays of bytes, and nothing that could run.

CIFAR-10's python archive holds pickles. A pickle is a program, and the usual unpickler runs whatever it
says. Here two things stand in its way. The instructions are looked through first, and only those pass that
build plain data. And no name in the pickle ever becomes what it names: the three that NumPy's arrays need
become inert records of what was said of the array, from which the array is made here; other names are errors.
"""

import io
import pickle
import pickletools
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARRAY, DTYPE, REBUILD = "numpy.ndarray", "numpy.dtype", "_reconstruct"
NAMES = {
    ("numpy", "ndarray"): ARRAY,
    ("numpy", "dtype"): DTYPE,
    ("numpy.core.multiarray", "_reconstruct"): REBUILD,  # up to NumPy 1
    ("numpy._core.multiarray", "_reconstruct"): REBUILD,
}
INSTRUCTIONS = frozenset({
    "PROTO", "FRAME", "STOP", "MARK", "NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1",
    "BINFLOAT", "BINSTRING", "SHORT_BINSTRING", "BINUNICODE", "SHORT_BINUNICODE", "BINBYTES",
    "SHORT_BINBYTES", "EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS", "EMPTY_TUPLE",
    "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET", "MEMOIZE",
    "GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD",
})  # fmt: skip
MAKES_NO_TUPLE = INSTRUCTIONS & {
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINSTRING", "SHORT_BINSTRING", "BINUNICODE",
    "SHORT_BINUNICODE", "BINBYTES", "SHORT_BINBYTES", "EMPTY_LIST", "EMPTY_DICT", "GLOBAL", "STACK_GLOBAL",
    "REDUCE",
}  # fmt: skip
MOST_TUPLES = 1000  # an array takes about five; tuples in tuples without end would overflow the stack
MOST_AXES = 32


class Refused(ValueError):
    """A pickle says more than plain data; the message says what."""


def load(content: bytes) -> dict[str, Any]:
    """Return the dict in a pickle: text keys; values numbers, text, lists of these, or uint8 arrays.

    Text may have been stored as bytes, as Python 2 did. Raises ValueError, in a few words without the name
    of a file, for a pickle that is damaged or holds anything else; nothing in it is ever run.
    """
    _look_through(content)
    try:
        whole = _Unpickler(io.BytesIO(content), encoding="latin1").load()
    except Refused:
        raise
    except Exception as error:  # a crooked pickle fails in many ways
        raise ValueError(f"expected a whole pickle, got a damaged one ({type(error).__name__})") from None
    if type(whole) is not dict:
        raise ValueError(f"expected a pickled dict, got {_kind(whole)}")
    made: dict[int, Any] = {}  # by the identity of what it is made of: what is there twice is made once
    return {_text(key): _once(value, made) for key, value in whole.items()}


class _Record:
    """What a name stands for, what it was called with and what state it was given. It does nothing."""

    __slots__ = ("args", "name", "state")

    def __init__(self, name: str, args: tuple[Any, ...] | None = None) -> None:
        self.name, self.args, self.state = name, args, None

    def __call__(self, *args: Any) -> "_Record":
        return _Record(self.name, args)

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in NAMES:
            raise Refused(
                f"expected arrays, lists, dicts and text alone, got the name {_short(module, name)}"
            )
        return _Record(NAMES[module, name])


def _look_through(content: bytes) -> None:
    """Raise ValueError if the pickle has instructions that plain data does without.

    A note is taken of whatever lies on top. Only what cannot be a tuple may be had back: of tuples that
    each hold the one before twice, 60 make a key whose hash takes years.
    """
    tuples, before = 0, ""
    notes: dict[int, bool] = {}  # whether what the note holds may be had back
    try:
        for instruction, argument, at in pickletools.genops(content):
            if instruction.name not in INSTRUCTIONS:
                raise Refused(
                    f"expected arrays, lists, dicts and text alone, got the instruction {instruction.name}"
                )
            tuples += instruction.name.startswith("TUPLE")
            if tuples > MOST_TUPLES:
                raise Refused(f"expected at most {MOST_TUPLES} tuples, got more")
            if instruction.name == "LONG_BINPUT" and int(argument or 0) > len(content):  # it takes memory
                raise Refused(f"expected a note's number below the file's size, got {argument}")
            if instruction.name in ("BINPUT", "LONG_BINPUT", "MEMOIZE"):
                place = len(notes) if argument is None else int(argument)
                notes[place] = before in MAKES_NO_TUPLE and notes.get(place, True)
            elif instruction.name in ("BINGET", "LONG_BINGET") and not notes.get(int(argument or 0), True):
                raise Refused("expected tuples to be written out each time, got one by its number")
            if instruction.name == "STOP" and at != len(content) - 1:
                raise Refused(f"expected the end of the pickle at the end of the file, got it at byte {at}")
            if instruction.name != "FRAME":  # which may stand between a long text and its note
                before = instruction.name
    except Refused:
        raise
    except Exception as error:
        raise ValueError(f"expected a whole pickle, got a damaged one ({type(error).__name__})") from None


def _once(value: Any, made: dict[int, Any]) -> Any:
    if id(value) not in made:
        made[id(value)] = _plain(value, made)
    return made[id(value)]


def _plain(value: Any, made: dict[int, Any]) -> Any:
    if isinstance(value, _Record):
        return _array(value)
    if type(value) is list:
        if any(type(item) not in (int, float, str, bytes) for item in value):
            raise Refused("expected lists of numbers and text alone, got a list of other things")
        return [_once(item, made) if type(item) is bytes else item for item in value]
    if type(value) is bytes:
        return _text(value)
    if value is None or type(value) in (int, float, bool, str):
        return value
    raise Refused(f"expected arrays, lists, dicts and text alone, got {_kind(value)}")


def _array(record: _Record) -> NDArray[np.uint8]:
    """Make the array of a record with the state (version, shape, dtype, in Fortran's order or not, bytes)."""
    state: Any = record.state
    if record.name != REBUILD or type(state) is not tuple or len(state) != 5:
        raise Refused(f"expected a whole array, got a part of one ({record.name})")
    _, shape, dtype, fortran, raw = state
    code = dtype.args[0] if isinstance(dtype, _Record) and dtype.name == DTYPE and dtype.args else dtype
    if code not in ("u1", b"u1"):
        raise Refused(f"expected an array of unsigned bytes (u1), got one of {_kind(code)}")
    if type(raw) is str:
        raw = raw.encode("latin1", "ignore")  # Python 2's text is bytes
    sound = type(shape) is tuple and len(shape) <= MOST_AXES and all(type(n) is int and n >= 0 for n in shape)
    if type(raw) is not bytes or not sound or prod(shape) != len(raw):
        raise Refused("expected an array whose bytes are as many as its shape says, got another")
    return np.frombuffer(raw, np.uint8).reshape(shape, order="F" if fortran is True else "C")


def _text(key: Any) -> str:
    if type(key) is bytes:
        return key.decode("latin1")
    if type(key) is not str:
        raise Refused(f"expected text as the keys of a dict, got {_kind(key)}")
    return key


def _kind(value: Any) -> str:
    return repr(value[:20]) if type(value) in (str, bytes) else f"a {type(value).__name__.strip('_').lower()}"


def _short(module: str, name: str) -> str:
    return f"{module}.{name}".encode("ascii", "backslashreplace").decode()[:60]
