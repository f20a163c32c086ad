"""What a page may say: every command, and everything that is none."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.studio import limits
from glassnet.studio.catalogue import CONTROLS
from glassnet.studio.control import LIVE
from glassnet.studio.controls import SETTINGS
from glassnet.studio.messages import COMMANDS, BadCommand, parse
from glassnet.training.settings import CHANGEABLE
from glassnet.view.wire import encode

RIGHT: list[dict[str, Any]] = [
    {"kind": "start"}, {"kind": "pause"}, {"kind": "step"}, {"kind": "epoch"}, {"kind": "reset"},
    {"kind": "new_seed"}, {"kind": "apply"}, {"kind": "discard"},
    {"kind": "setup", "settings": {}},
    {"kind": "setup", "settings": {"data": "mnist", "hidden": [128, 64], "activation": ["relu", "tanh"]}},
    {"kind": "setup", "settings": {"hidden": [], "activation": [], "scale": False, "batch_size": "full"}},
    {"kind": "change", "settings": {"learning_rate": 0.1, "schedule": "cosine", "clip": None, "l1": 0.5}},
    {"kind": "link", "query": "data=mnist&hidden=3"},
    {"kind": "recipe", "name": "tiny"}, {"kind": "broken", "name": "zeros"},
    {"kind": "sample", "index": 3}, {"kind": "sample", "random": True},
    {"kind": "scrub", "snapshot": 3}, {"kind": "scrub", "snapshot": None},
    {"kind": "branch", "snapshot": 3}, {"kind": "branch", "snapshot": 3, "settings": {"l2": 0.1}},
    {"kind": "switch", "branch": 2}, {"kind": "drop", "branch": 2},
    {"kind": "save", "snapshot": None}, {"kind": "save", "snapshot": 2}, {"kind": "save"},
    {"kind": "cell", "actual": 3, "predicted": 5}, {"kind": "more", "epochs": 4},
    {"kind": "explain", "layer": 1, "unit": 7}, {"kind": "explain", "layer": 1, "unit": 7, "input": None},
    {"kind": "explain", "layer": 1, "unit": 7, "input": 130}, {"kind": "take"}, {"kind": "part", "digit": 1},
    {"kind": "evidence", "of": "drawing"}, {"kind": "evidence", "of": "sample", "class": None},
    {"kind": "evidence", "of": "sample", "class": 3}, {"kind": "favourite", "layer": 3, "unit": 9},
]  # fmt: skip

GREY, CLEAR, FILE = np.zeros((3, 4), np.uint8), np.ones((600, 600, 4), np.uint8), np.arange(9, dtype=np.uint8)
WITH_ARRAYS: list[tuple[dict[str, Any], dict[str, np.ndarray]]] = [
    ({"kind": "draw", "reader": "drawing", "several": True}, {"picture": GREY}),
    ({"kind": "draw", "reader": "network"}, {"picture": CLEAR}),
    ({"kind": "photo", "reader": "drawing", "name": "IMG_1.jpg"}, {"file": FILE}),
    ({"kind": "photo", "reader": "network"}, {"file": FILE}),
    ({"kind": "start"}, {}),
]


@pytest.mark.parametrize("command", RIGHT, ids=str)
def test_a_right_command_comes_through_as_it_is(command: dict[str, Any]) -> None:
    assert parse(json.dumps({**command, "id": 7}), "drive") == {**command, "id": 7}
    assert parse(json.dumps(command), "drive") == {**command, "id": None}


@pytest.mark.parametrize(("command", "arrays"), WITH_ARRAYS, ids=str)
def test_arrays_come_through_as_they_are(command: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    fields = {name: value for name, value in command.items() if name != "kind"}
    got = parse(encode(command["kind"], {**fields, "id": 7}, arrays), "drive")
    for name, array in arrays.items():
        found = got.pop(name)
        assert found.dtype == array.dtype
        np.testing.assert_array_equal(found, array)
    assert got == {**command, "id": 7}


def test_every_command_is_tried() -> None:
    assert {command["kind"] for command in [*RIGHT, *(one for one, _ in WITH_ARRAYS)]} == set(COMMANDS)


DRAW, PHOTO = {"kind": "draw", "reader": "drawing"}, {"kind": "photo", "reader": "drawing"}
NO_PICTURE = "picture: expected an array of uint8, height × width (× 4), at most 600 a side, got"
WRONG_ARRAYS: list[tuple[dict[str, Any], dict[str, np.ndarray], str]] = [
    (DRAW, {}, "draw: expected picture, got reader"),
    (DRAW, {"picture": GREY, "more": GREY}, "draw: expected the fields"),
    ({"kind": "start"}, {"picture": GREY}, "start: expected the fields none, got 'picture'"),
    (DRAW, {"picture": GREY.astype(np.float32)}, f"{NO_PICTURE} 3 × 4 of float32"),
    (DRAW, {"picture": GREY[0]}, f"{NO_PICTURE} 4 of uint8"),
    (DRAW, {"picture": GREY[:0]}, f"{NO_PICTURE} 0 × 4 of uint8"),
    (DRAW, {"picture": CLEAR[..., :3]}, f"{NO_PICTURE} 600 × 600 × 3 of uint8"),
    (DRAW, {"picture": np.zeros((601, 2), np.uint8)}, f"{NO_PICTURE} 601 × 2"),
    (DRAW, {"picture": np.uint8(3)}, f"{NO_PICTURE} "),
    ({**DRAW, "picture": [[0]]}, {}, f"{NO_PICTURE} [[0]]"),
    ({"kind": "draw", "reader": "shipped"}, {"picture": GREY}, "unknown reader 'shipped'"),
    ({**DRAW, "several": 1}, {"picture": GREY}, "several: expected true or false"),
    (PHOTO, {"file": GREY}, "file: expected the bytes of a file"),
    (PHOTO, {"file": FILE[:0]}, "file: expected 1 byte to 20 MB, got 0.0 MB"),
    (PHOTO, {"file": np.zeros(20 * 2**20 + 1, np.uint8)}, "got 20.0 MB"),
    ({"kind": "photo", "reader": "drawing", "file": "/etc/passwd"}, {}, "file: expected the bytes of a file"),
    ({"kind": "photo", "reader": "drawing", "name": 3}, {"file": FILE}, "name: expected a text"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "arrays", "message"), WRONG_ARRAYS, ids=[m for *_, m in WRONG_ARRAYS])
def test_wrong_arrays_are_said_in_one_line(
    command: dict[str, Any], arrays: dict[str, np.ndarray], message: str
) -> None:
    fields = {name: value for name, value in command.items() if name != "kind"}
    with pytest.raises(BadCommand) as error:
        parse(encode(command["kind"], {**fields, "id": 7}, arrays), "drive")
    assert message in str(error.value)
    assert len(str(error.value)) < 400
    assert error.value.id == 7


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"", "expected a message of at least 4 bytes, got 0"),
        (b'{"kind": "start"}', "expected a header of"),
        (b"\x04\x00\x00\x00\xff\xff\xff\xff", "expected a header in UTF-8"),
        (b"\x04\x00\x00\x00null", "expected an object with a kind"),
        (b"\x04\x00\x00\x00[[[[", "expected a command in JSON"),
        (b"\x02\x00\x00\x00{}", "arrays: expected a list"),
        (b"\x01\x40\x00\x00" + b" " * 20_000, "expected a header of at most 16,384 bytes, got 16,385"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_message_have_no_number(message: bytes, expected: str) -> None:
    with pytest.raises(BadCommand, match=expected) as error:
        parse(message, "drive")
    assert error.value.id is None


@given(st.binary(max_size=80))
def test_no_bytes_do_more_than_be_refused(message: bytes) -> None:
    with pytest.raises(BadCommand) as error:
        parse(message, "drive")
    assert "\n" not in str(error.value)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=3), st.booleans())
def test_a_damaged_message_is_refused_or_as_it_was(place: int, bytes_: bytes, cut: bool) -> None:
    whole = encode("draw", {"id": 7, "reader": "drawing"}, {"picture": GREY})
    place = min(place, len(whole) - 1)
    damaged = whole[:place] if cut else whole[:place] + bytes_ + whole[place + len(bytes_) :]
    try:
        command = parse(damaged, "drive")
    except BadCommand:
        pass
    else:
        assert command["picture"].dtype == np.uint8
        assert command["reader"] in ("drawing", "network")


WRONG = [
    ({}, "unknown command 'null'"),
    ({"kind": "strat"}, "unknown command 'strat'; did you mean 'start'?"),
    ({"kind": ["start"]}, "unknown command"),
    ({"kind": "x" * 10_000}, f"unknown command '{'x' * 40}'"),
    ({"kind": "start", "speed": 3}, "start: expected the fields none, got 'speed'"),
    ({"kind": "cell", "actual": 3}, "cell: expected predicted, got actual"),
    ({"kind": "cell"}, "cell: expected actual, predicted, got nothing"),
    ({"kind": "cell", "actual": -1, "predicted": 3}, "actual: expected a whole number of 0 to"),
    ({"kind": "cell", "actual": 1.5, "predicted": 3}, "actual: expected a whole number"),
    ({"kind": "cell", "actual": True, "predicted": 3}, "actual: expected a whole number"),
    ({"kind": "cell", "actual": "1", "predicted": 3}, "actual: expected a whole number of 0 to"),
    ({"kind": "sample"}, "sample: expected index or random, got nothing"),
    ({"kind": "sample", "index": 3, "random": True}, "sample: expected index or random, got index, random"),
    ({"kind": "sample", "random": False}, "random: expected true, got False"),
    ({"kind": "switch", "branch": None}, "branch: expected a whole number"),
    ({"kind": "scrub", "snapshot": 2**53}, "snapshot: expected a whole number"),
    ({"kind": "more", "epochs": 0}, "epochs: expected a whole number of 1 to 10,000, got 0"),
    ({"kind": "more", "epochs": 10_001}, "epochs: expected a whole number of 1 to 10,000, got 10001"),
    ({"kind": "recipe", "name": "../../secret.toml"}, "unknown recipe '../../secret.toml'"),
    ({"kind": "recipe", "name": "/etc/passwd"}, "unknown recipe"),
    ({"kind": "broken", "name": "x" * 201}, "name: expected a text of at most 200 characters"),
    ({"kind": "link", "query": 3}, "query: expected a text, got 3"),
    ({"kind": "setup", "settings": [3]}, "settings: expected settings by name, got [3]"),
    ({"kind": "setup", "settings": {"hiden": [3]}}, "unknown setting 'hiden'; did you mean 'hidden'?"),
    ({"kind": "setup", "settings": {"data_dir": "/"}}, "unknown setting 'data_dir'"),
    ({"kind": "setup", "settings": {"threads": 64}}, "unknown setting 'threads'"),
    ({"kind": "change", "settings": {"hidden": [3]}}, "hidden: expected with a new run, got it for this one"),
    ({"kind": "change", "settings": {"seed": 3}}, "seed: expected with a new run"),
    ({"kind": "branch", "snapshot": 1, "settings": {"optimizer": "adam"}}, "optimizer: expected with a new"),
    ({"kind": "setup", "settings": {"hidden": [[[[3]]]]}}, "expected at most 4 levels"),
]


@pytest.mark.parametrize(("command", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_command_is_said_in_one_line_with_its_number(command: dict[str, Any], message: str) -> None:
    with pytest.raises(BadCommand) as error:
        parse(json.dumps({**command, "id": 7}), "drive")
    assert message in str(error.value)
    assert len(str(error.value)) < 400
    assert error.value.id == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "expected a command in JSON, got '{'"),
        ("[" * 16_000, "expected a command in JSON, got '[[[["),
        ('{"a":' * 3000 + "1" + "}" * 3000, "expected at most 16,384 characters, got 18,001"),
        ('{"a":' * 2000 + "1" + "}" * 2000, "expected a command in JSON"),
        ('"start"', "expected an object with a kind, got 'start'"),
        ("null", "expected an object with a kind, got null"),
        ('{"kind": "cell", "actual": NaN, "predicted": 1}', "expected a command in JSON"),
        ('{"kind": "more", "epochs": Infinity}', "expected a command in JSON"),
        ('{"kind": "start", "id": "x"}', "id: expected a number, got 'x'"),
        ('{"kind": "start", "id": true}', "id: expected a number, got True"),
        ('{"kind": "start", "id": -1}', "id: expected a number, got -1"),
        ('{"kind": "start", "id": 1e999}', "id: expected a number, got inf"),
        ("9" * 5000, "expected a command in JSON"),
    ],
)
def test_what_cannot_be_read_has_no_number(text: str, message: str) -> None:
    with pytest.raises(BadCommand) as error:
        parse(text, "drive")
    assert message in str(error.value)
    assert error.value.id is None


QUESTIONS = ("cell", "explain", "part", "evidence", "favourite")


@pytest.mark.parametrize("command", RIGHT, ids=str)
def test_who_watches_may_only_ask(command: dict[str, Any]) -> None:
    if command["kind"] in QUESTIONS:
        assert parse(json.dumps(command), "watch")["kind"] == command["kind"]
        return
    with pytest.raises(
        BadCommand, match=f"{command['kind']}: this page watches; expected cell, explain, dra"
    ):
        parse(json.dumps(command), "watch")


BOUNDS = [
    ("hidden", [[1] * 12, [4096]], [[1] * 13, [4097], [0], [-1], [1.5], [True], ["3"], 3, None, "3", {}]),
    ("activation", [["relu"], "gelu", []], [["softmax"], ["relu"] * 13, 3, None, [3], [["relu"]]]),
    ("batch_size", [1, 60_000, "full", 3.0], [0, 60_001, "all", 1.5, None, True, [3]]),
    ("epochs", [1, 10_000], [0, 10_001, 2.5, None, "3"]),
    ("learning_rate", [1e-7, 1000, 0.5], [0, -1, 1001, None, "0.1", [0.1], True]),
    ("l1", [0, 10], [-1e-9, 11, None]), ("l2", [0, 10], [-1e-9, 11]),
    ("weight_decay", [0, 10, None], [-1, 11, "none"]), ("dropout", [0, 0.95], [-0.1, 0.96, 1, None]),
    ("max_norm", [0.01, 1000, None], [0, 1001]), ("clip", [1e-4, 1e6, None], [0, 1e7]),
    ("patience", [1, 10_000, None], [0, 1.5, 10_001]), ("seed", [0, 2**31 - 1], [-1, 2**31, 1.5, None]),
    ("scale", [True, False], [0, 1, None, "on"]), ("data", ["mnist", "train.csv"], ["", None, 3, "x" * 201]),
    ("initializer", ["auto", "zeros", "uniform(-1, 1)", "constant(0.5)"],
     ["he", "uniform(1)", "uniform(-1e9, 1e9)", "constant(nan)", "uniform(2, 1)", "zeros()x", None, 3]),
    ("loss", ["auto", "mse"], ["hinge", None, 3]), ("optimizer", ["adamw"], ["lion", "", None]),
    ("schedule", ["one_cycle"], ["linear", None, ["cosine"]]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fine", "beyond"), BOUNDS, ids=[name for name, _, _ in BOUNDS])
def test_every_setting_has_its_bounds(name: str, fine: list[Any], beyond: list[Any]) -> None:
    for value in fine:
        command = parse(json.dumps({"kind": "setup", "settings": {name: value}}), "drive")
        assert command["settings"] == {name: value}
    for value in beyond:
        with pytest.raises(BadCommand) as error:
            parse(json.dumps({"kind": "setup", "settings": {name: value}}), "drive")
        assert name in str(error.value), (value, str(error.value))


def test_all_settings_are_bounded_and_those_that_are_live_are_the_runs() -> None:
    assert {name for name, _, _ in BOUNDS} == set(SETTINGS) == {*CONTROLS, "activation"}
    assert {*LIVE} == {"schedule", *CHANGEABLE}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=9), inside, max_size=4),
    max_leaves=20,
)
names = st.sampled_from([*SETTINGS, "kind", "id", "settings", "snapshot", "index", "name"])


@given(st.text(max_size=200) | st.binary(max_size=50).map(lambda b: b.decode("latin-1")))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(BadCommand):
        parse(text, "drive")


@given(
    st.sampled_from(sorted(COMMANDS)),
    st.dictionaries(names | st.text(max_size=9), json_values, max_size=3),
    st.dictionaries(st.sampled_from(SETTINGS), json_values, max_size=3),
    st.sampled_from(["drive", "watch"]),
)
def test_what_comes_through_is_a_command_in_plain_data(
    kind: str, fields: dict[str, Any], settings: dict[str, Any], role: str
) -> None:
    refused: list[str] = []
    for told in ({**fields, "kind": kind}, {**fields, "settings": settings, "kind": kind}):
        try:
            command = parse(json.dumps(told), role)
        except BadCommand as error:
            refused.append(str(error))
            continue
        assert command["kind"] == kind
        assert set(command) <= {"kind", "id", *COMMANDS[kind]}
        assert role == "drive" or kind in QUESTIONS
        json.dumps(command, allow_nan=False)
    assert all("\n" not in line and len(line) < 600 for line in refused)


# ---- how often


def test_a_bucket_lets_a_burst_through_then_so_many_a_second() -> None:
    now = 0.0
    bucket = limits.Bucket(rate=2, burst=3, patience=5, clock=lambda: now)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 1.0  # it owes one
    assert [bucket.take() for _ in range(2)] == [True, False]
    assert not bucket.exhausted
    now = 100.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_a_bucket_is_exhausted_by_who_goes_on() -> None:
    bucket = limits.Bucket(rate=2, burst=3, patience=5, clock=lambda: 0.0)
    taken = [(bucket.take(), bucket.exhausted) for _ in range(9)]
    assert taken[7] == (False, False)
    assert taken[8] == (False, True)


def test_who_drives_may_drag_a_slider_and_who_watches_may_click() -> None:
    assert limits.bucket("drive").rate >= 60
    assert limits.bucket("watch").rate < 10
