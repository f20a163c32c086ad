"""Nothing in a pickle is ever run: plain data comes out, or an error of one line."""

import builtins
import os
import pickle
import pickletools
import struct
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.batch_files import images, of_python_2
from glassnet.data import unpickle

PLAIN = {"labels": [1, 2, 300, 70000, -5], "data": images(0), "names": ["a", "ü"], "n": 10_000, "label": "x"}


def refused(content: bytes) -> str:
    with pytest.raises(ValueError, match="expected") as caught:
        unpickle.load(content)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 200
    return message


class TestPlainData:
    @pytest.mark.parametrize("protocol", [2, 3, 4])
    def test_of_python_3(self, protocol: int) -> None:
        values = {k: v for k, v in PLAIN.items() if protocol > 2 or not isinstance(v, np.ndarray)}
        loaded = unpickle.load(pickle.dumps(values, protocol))
        data = loaded.pop("data", images(0))
        assert np.array_equal(data, images(0))
        assert data.dtype == np.uint8
        assert loaded == {k: v for k, v in PLAIN.items() if k != "data"}

    def test_of_python_2(self) -> None:
        loaded = unpickle.load(of_python_2({"labels": [1, 2, 300], "data": images(3), "label": "x"}))
        assert np.array_equal(loaded["data"], images(3))
        assert (loaded["labels"], loaded["label"]) == ([1, 2, 300], "x")

    def test_what_is_called_of_python_2_here_is_what_the_usual_unpickler_takes_for_it(self) -> None:
        loaded = pickle.loads(of_python_2({"data": images(3), "labels": [5]}), encoding="bytes")
        assert np.array_equal(loaded[b"data"], images(3))
        assert loaded[b"labels"] == [5]

    def test_bytes_become_text(self) -> None:
        assert unpickle.load(pickle.dumps({b"k": [b"a", "b"], "v": b"c"}, 4)) == {"k": ["a", "b"], "v": "c"}

    @pytest.mark.parametrize("name", ["numpy.core.multiarray", "numpy._core.multiarray"])
    def test_arrays_by_the_old_and_the_new_name(self, name: str) -> None:
        content = of_python_2({"data": images(3)}).replace(b"numpy.core.multiarray", name.encode())
        assert np.array_equal(unpickle.load(content)["data"], images(3))

    def test_in_fortrans_order(self) -> None:
        array = np.asfortranarray(images(3)[:, :7])
        assert np.array_equal(unpickle.load(pickle.dumps({"a": array}, 4))["a"], array)

    @given(
        st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.lists(st.integers()), st.floats()))
    )
    def test_any(self, values: dict[str, Any]) -> None:
        assert repr(unpickle.load(pickle.dumps(values, 4))) == repr(values)


class Calls:
    """Pickles as a call of anything."""

    def __init__(self, function: Any, *args: Any, state: Any = None) -> None:
        self.made = (function, args) if state is None else (function, args, state)

    def __reduce__(self) -> Any:
        return self.made


CALLS = {
    "os.system": Calls(os.system, "touch made-by-a-pickle"),
    "eval": Calls(eval, "open('made-by-a-pickle', 'w')"),
    "exec": Calls(exec, "open('made-by-a-pickle', 'w')"),
    "open": Calls(open, "made-by-a-pickle", "w"),
    "getattr": Calls(getattr, "", "format"),
    "subprocess": Calls(subprocess.Popen, ["touch", "made-by-a-pickle"]),
    "type": Calls(type, "X", (), {}),
    "import": Calls(builtins.__import__, "antigravity"),
    "bytearray": Calls(bytearray, 1 << 40),
    "numpy-load": Calls(np.load, "made-by-a-pickle"),
    "numpy-fromfile": Calls(np.fromfile, "/dev/zero"),
    "memmap": Calls(np.memmap, "made-by-a-pickle", "u1", "w+", 0, (3,)),
    "numpy-zeros": Calls(np.zeros, 1 << 40),
    "numpy-frombuffer": Calls(np.frombuffer, b"abc"),
    "path-touch": Calls(Path.touch, Path("made-by-a-pickle")),
}


class TestAttacks:
    @pytest.fixture(autouse=True)
    def _nothing_is_made(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.chdir(tmp_path)
        yield
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
    @pytest.mark.parametrize("name", CALLS)
    def test_a_call(self, name: str, protocol: int) -> None:
        for whole in (
            CALLS[name],
            {"data": CALLS[name]},
            {"data": [1, [CALLS[name]]]},
            {"labels": (CALLS[name],)},
        ):
            assert "expected arrays, lists, dicts and text alone" in refused(pickle.dumps(whole, protocol))

    def test_the_name_is_told(self) -> None:
        message = refused(b"\x80\x02cos\nsystem\n(S'echo'\ntR.")
        assert message == "expected arrays, lists, dicts and text alone, got the instruction STRING"
        message = refused(b"\x80\x02cos\nsystem\nU\x04echo\x85R.")
        assert message == "expected arrays, lists, dicts and text alone, got the name os.system"

    def test_a_call_hidden_behind_a_good_dict(self) -> None:
        good = of_python_2({"data": images(0), "labels": [1, 2]})
        assert refused(good[:-1] + b"cos\nsystem\nU\x02ls\x85R.")

    def test_a_name_from_the_stack(self) -> None:
        assert refused(b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02ls\x85R.")

    @pytest.mark.parametrize(
        "name",
        [
            "numpy\nload", "numpy\nndarray.tofile", "numpy.core.multiarray\nscalar", "numpy\ncore",
            "numpy.core.multiarray\n_reconstruct.__globals__", "numpy.core.multiarray\nfrombuffer",
            "numpy._core.numeric\n_frombuffer", "builtins\ngetattr", "__builtin__\neval",
            "copyreg\n_reconstructor", "_codecs\nencode", "glassnet.data.unpickle\nload", "\n", "numpy\n",
            "ｎumpy\nndarray",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("protocol", [2, 4])
    def test_names_near_the_good_ones(self, name: str, protocol: int) -> None:
        assert refused(b"\x80" + bytes([protocol]) + b"c" + name.encode() + b"\n)R.")

    @pytest.mark.parametrize(
        "program",
        {
            "a persistent id": b"\x80\x02U\x01xQ.",
            "a persistent id in text": b"\x80\x02Pos.system\n.",
            "an extension": b"\x80\x02\x82\x01.",
            "a long extension": b"\x80\x02\x84\x01\x00\x00\x00.",
            "an instance": b"(S'ls'\nios\nsystem\n.",
            "an object": b"(cos\nsystem\nU\x02lso.",
            "a new object": b"\x80\x02cnumpy\nndarray\n)\x81.",
            "a new object with keywords": b"\x80\x04\x8c\x05numpy\x8c\x07ndarray\x93)}\x92.",
            "a set": b"\x80\x04\x8f.",
            "a frozen set": b"\x80\x04(\x91.",
            "a byte array": b"\x80\x05\x96" + struct.pack("<Q", 1 << 50) + b".",
            "a buffer": b"\x80\x05\x97.",
            "text longer than the file": b"\x80\x04B" + struct.pack("<I", 1 << 31) + b"x.",
            "a frame longer than the file": b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + b"}.",
            "a note far away": b"\x80\x02}r\xff\xff\xff\xff.",
            "a note that is not there": b"\x80\x02h\x07.",
            "a number of many digits": b"\x80\x02\x8b\xff\xff\xff\x7f.",
            "nothing on the stack": b"\x80\x02.",
            "an unknown instruction": b"\x80\x02\xff.",
            "a version to come": b"\x80\x63}.",
            "an end that is missing": b"\x80\x02}",
            "a list": b"\x80\x02].",
            "a record": b"\x80\x02cnumpy\nndarray\n.",
            "a list as a key": b"\x80\x02}]K\x01s.",
            "a number as a key": b"\x80\x02}K\x01K\x01s.",
            "a state for a dict": b"\x80\x02}}U\x01aK\x01sb.",
            "a state for a list": b"\x80\x02}U\x01a]}U\x01aK\x01sbs.",
            "a dict in a dict": b"\x80\x02}U\x01a}s.",
            "a list in itself": b"\x80\x02}U\x01a]q\x01h\x01as.",
            "an array that is a class": b"\x80\x02}U\x01acnumpy\nndarray\ns.",
            "a call of the class": b"\x80\x02}U\x01acnumpy\nndarray\nK\x01\x85Rs.",
            "a call of what was called": b"\x80\x02}U\x01acnumpy\ndtype\nU\x02u1\x85R)Rs.",
            "a call without a state": b"\x80\x02}U\x01acnumpy.core.multiarray\n_reconstruct\n)Rs.",
            "a state for a name": b"\x80\x02}U\x01acnumpy\nndarray\n}U\x04argsK\x01sbs.",
            "a state in slots": b"\x80\x02}U\x01acnumpy\nndarray\nN}U\x04nameU\x01xs\x86bs.",
        }.items(),
        ids=lambda item: item[0],
    )
    def test_a_program(self, program: tuple[str, bytes]) -> None:
        assert refused(program[1])

    @pytest.mark.parametrize(
        "state",
        [
            (1, (2,), np.dtype("O"), False, [Calls(os.system, "touch made-by-a-pickle")] * 2),
            (1, (2,), np.dtype("O"), False, b"\x01" * 16),
            (1, (2,), np.dtype("u1"), False, [1, 2]),
            (1, (2,), np.dtype("u1"), False, b"123"),
            (1, (1 << 62,), np.dtype("u1"), False, b""),
            (1, (-1,), np.dtype("u1"), False, b""),
            (1, (-1, -2), np.dtype("u1"), False, b"12"),
            (1, (1,) * 65, np.dtype("u1"), False, b"1"),
            (1, (True,), np.dtype("u1"), False, b"1"),
            (1, [2], np.dtype("u1"), False, b"12"),
            (1, 2, np.dtype("u1"), False, b"12"),
            (1, (2,), np.dtype("f8"), False, bytes(16)),
            (1, (2,), np.dtype("V1"), False, bytes(2)),
            (1, (2,), np.dtype([("a", "u1")]), False, bytes(2)),
            (1, (2,), np.dtype([("a", "O")]), False, bytes(16)),
            (1, (2,), None, False, bytes(2)),
            (1, (2,), "x1", False, bytes(2)),
            (1, (2,), np.dtype("u1")),
            [1, (2,), np.dtype("u1"), False, bytes(2)],
            {"dtype": np.dtype("O")},
        ],
    )
    def test_an_array_with_another_state(self, state: Any) -> None:
        from numpy._core.multiarray import _reconstruct  # type: ignore[attr-defined]

        array = Calls(_reconstruct, np.ndarray, (0,), b"b", state=state)
        assert refused(pickle.dumps({"data": array}, 4))

    @pytest.mark.parametrize("dtype", ["O", "f8", "i4", "U3", "M8[s]", [("a", "O")]])
    def test_arrays_of_other_kinds(self, dtype: Any) -> None:
        assert refused(pickle.dumps({"data": np.zeros(3, dtype)}, 4))

    def test_tuples_without_end(self) -> None:
        """The hash of tuples in tuples in tuples would overflow the stack and end the process."""
        content = b"\x80\x02})" + b"\x85" * 2_000_000 + b"K\x01s."
        assert "tuples" in refused(content)

    @pytest.mark.parametrize("note", ["put", "long put", "memoize", "put twice", "marked", "put over"])
    def test_tuples_that_hold_one_tuple_twice(self, note: str) -> None:
        """The hash of 60 of them would take 2 ** 60 steps."""

        def noted(k: int) -> bytes:
            return {
                "put": b"q" + bytes([k]),
                "long put": b"r" + struct.pack("<I", k),
                "memoize": b"\x94",
                "put twice": b"q\xff" + b"q" + bytes([k]),
                "marked": b"(eq" + bytes([k]),  # nothing is appended: the tuple still lies on top
                "put over": b"q" + bytes([k]),
            }[note]

        start = b"Nq\x00" if note == "put over" else b""
        chain = b"".join(b"h" + bytes([k]) + b"\x86" + noted(k + 1) for k in range(60))
        content = b"\x80\x04}" + start + b"K\x01\x85" + noted(0) + chain + b"K\x01s."
        script = "import sys; from glassnet.data import unpickle; unpickle.load(sys.stdin.buffer.read())"
        ended = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, timeout=30)
        assert b"expected tuples to be written out each time" in ended.stderr

    def test_one_text_in_a_list_many_times_is_made_once(self) -> None:
        for whole in (
            {"a": [b"x" * 1_000_000] * 2000},
            {f"{k}": b for b in [b"x" * 1_000_000] for k in range(2000)},
        ):
            content = pickle.dumps(whole, 4)
            tracemalloc.start()
            loaded = unpickle.load(content)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 20_000_000
            assert {
                len(text)
                for value in loaded.values()
                for text in ([value] if isinstance(value, str) else value)
            } == {1_000_000}

    def test_lists_without_end(self) -> None:
        depth = 200_000
        assert refused(b"\x80\x02}U\x01a" + b"]" * depth + b"a" * (depth - 1) + b"s.")

    @pytest.mark.parametrize("number", [0x1000, 0xFFFFFFFF])
    def test_a_note_far_away_takes_no_memory(self, number: int) -> None:
        message = refused(b"\x80\x02}r" + number.to_bytes(4, "little") + b".")
        assert message == f"expected a note's number below the file's size, got {number}"

    def test_nothing_of_it_is_remembered(self) -> None:
        assert refused(b"\x80\x02}U\x01acnumpy\nndarray\n}U\x04nameU\x01xsbs.")
        good = of_python_2({"data": images(3)})
        assert np.array_equal(unpickle.load(good)["data"], images(3))

    @given(st.binary(max_size=60))
    def test_garbage(self, content: bytes) -> None:
        for start in (b"", b"\x80\x02", b"\x80\x04}", b"\x80\x02}U\x01acnumpy\ndtype\n"):
            assert refused(start + content + b"\x00")

    @given(st.integers(0, 10**6), st.integers(0, 255))
    def test_a_changed_byte_is_an_error_or_other_plain_data(self, place: int, value: int) -> None:
        content = bytearray(
            of_python_2({"data": images(0)[:, :3].copy(), "labels": [1, 2, 3], "name": "abc"})
        )
        content[place % len(content)] = value
        try:
            loaded = unpickle.load(bytes(content))
        except ValueError as error:
            assert "expected" in str(error)  # noqa: PT017
        else:
            assert {type(value) for value in loaded.values()} <= {
                np.ndarray,
                list,
                str,
                int,
                float,
                bool,
                type(None),
            }


def test_no_instruction_that_takes_more_than_plain_data_is_let_through() -> None:
    known = {instruction.name for instruction in pickletools.opcodes}
    assert known >= unpickle.INSTRUCTIONS
    barred = {
        "INST",
        "OBJ",
        "NEWOBJ",
        "NEWOBJ_EX",
        "PERSID",
        "BINPERSID",
        "EXT1",
        "EXT2",
        "EXT4",
        "BYTEARRAY8",
    }
    assert not barred & unpickle.INSTRUCTIONS


def test_the_name_of_numpys_own_pickles_is_among_those_known() -> None:
    function = np.zeros(1).__reduce__()[0]
    assert (function.__module__, function.__name__) in unpickle.NAMES
    assert sys.modules[function.__module__]
