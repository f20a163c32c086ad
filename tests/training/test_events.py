"""Records as lines of JSON: nothing lost on the way, and a reader that forgives what it should, no more."""

import json
import math
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.training import Change, End, Epoch, Event, Start, Step, events
from training.small import training

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
COUNTS = st.integers(0, 2**60)
PLAIN = st.recursive(
    st.none() | st.booleans() | COUNTS | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SETTINGS = st.dictionaries(st.text(), PLAIN, max_size=4)
EVENTS = st.one_of(
    st.builds(Start, COUNTS, COUNTS, COUNTS, st.text(), SETTINGS),
    st.builds(Step, COUNTS, COUNTS, NUMBERS, st.none() | NUMBERS, NUMBERS),
    st.builds(
        Epoch, COUNTS, COUNTS, NUMBERS, NUMBERS, *[st.none() | NUMBERS] * 3,
        st.sampled_from(["running", "full"]), NUMBERS, NUMBERS,
    ),
    st.builds(Change, COUNTS, COUNTS, SETTINGS),
    st.builds(End, COUNTS, COUNTS, st.text(), NUMBERS, st.text()),
)  # fmt: skip
STEP = Step(3, 41, 0.5, 0.75, 0.1)


@given(EVENTS)
def test_a_record_survives_as_one_line(event: Event) -> None:
    line = events.to_json(event)
    assert "\n" not in line
    assert "\r" not in line
    assert events.from_json(line) == event
    assert events.from_json(line.encode()) == event
    assert json.loads(line)["kind"] == event.kind


@given(EVENTS, st.dictionaries(st.text(min_size=12), PLAIN, max_size=3))
def test_fields_that_are_not_known_are_passed_over(event: Event, more: dict[str, Any]) -> None:
    record = {**more, **json.loads(events.to_json(event))}
    assert events.from_json(json.dumps(record)) == event


@given(st.text().filter(lambda kind: kind not in events.KINDS), SETTINGS)
def test_kinds_that_are_not_known_are_passed_over(kind: str, record: dict[str, Any]) -> None:
    assert events.from_json(json.dumps({**record, "kind": kind})) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf")])
def test_what_is_not_finite_becomes_null(value: float) -> None:
    event = events.from_json(events.to_json(replace(STEP, loss=value, accuracy=value)))
    assert event == replace(STEP, loss=None, accuracy=None)  # type: ignore[arg-type]
    change = events.to_json(Change(1, 1, {"l1": [value, {"deep": (value,)}]}))
    assert json.loads(change)["settings"] == {"l1": [None, {"deep": [None]}]}


def test_numpy_numbers_are_numbers() -> None:
    line = events.to_json(replace(STEP, step=np.int64(7), loss=np.float32(0.25)))  # type: ignore[arg-type]
    assert events.from_json(line) == replace(STEP, step=7, loss=0.25)
    start = next(training(seed=np.int64(3), epochs=np.int32(2), l2=np.float32(0.5)))
    assert events.from_json(events.to_json(start)) == start


@given(PLAIN)
def test_other_json_is_refused_or_passed_over(record: Any) -> None:
    try:
        assert events.from_json(json.dumps(record)) is None
    except ValueError as error:
        assert str(error).startswith("recording: expected a JSON record with a kind, got")  # noqa: PT017


@pytest.mark.parametrize(
    "line",
    ["", "{", "[1]", "[]", "null", '"kind"', '{"kind": []}', '{"kind": {}}', '{"step": 1}', b"\xff", "ÿ"],
)
def test_what_is_no_record_is_an_error(line: str | bytes) -> None:
    with pytest.raises(ValueError, match="recording: expected a JSON record with a kind, got"):
        events.from_json(line)


@pytest.mark.parametrize("missing", [f.name for f in fields(Step)])
def test_a_record_that_lacks_a_field_is_an_error(missing: str) -> None:
    record = json.loads(events.to_json(STEP))
    del record[missing]
    with pytest.raises(ValueError, match="recording: expected a whole 'step' record, got"):
        events.from_json(json.dumps(record))


# ---- whole recordings

RUN: list[Event] = [
    Start(0, 0, settings={"data": "28 × 28 – größer"}), replace(STEP, step=1), replace(STEP, step=2),
    End(3, 2, "finished", 0.5, "ein Gruß"),
]  # fmt: skip
LINES = [events.to_json(event) for event in RUN]


def test_a_recording_is_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    for text in ("\n".join(LINES), "\n".join([*LINES, ""]), "\r\n".join([*LINES, ""]), "\n\n".join(LINES)):
        path.write_bytes(text.encode())
        assert events.read(path) == RUN
    path.write_bytes(b"")
    assert events.read(path) == []


def test_wherever_a_recording_is_cut_off_the_whole_lines_are_read(tmp_path: Path) -> None:
    path, content = tmp_path / "history.jsonl", "\n".join([*LINES, ""]).encode()
    ends = [0, *(i for i, byte in enumerate(content) if byte == ord("\n"))]
    for stop in range(len(content)):
        path.write_bytes(content[:stop])
        assert events.read(path) == RUN[: sum(end <= stop for end in ends[1:])]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("damaged", [b'{"kind": "step", "epo', b"\xff\xfe", b"step 3", b'{"kind": "step"}'])
def test_a_damaged_line_amid_others_is_an_error(tmp_path: Path, place: int, damaged: bytes) -> None:
    path = tmp_path / "history.jsonl"
    lines = [line.encode() for line in LINES]
    lines[place] = damaged
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(ValueError, match=rf"history.jsonl, line {place + 1}: recording: expected") as caught:
        events.read(path)
    assert "\n" not in str(caught.value)


def test_a_recording_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        events.read(tmp_path / "history.jsonl")


def test_the_documentation_names_every_kind_and_field() -> None:
    text = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", text))
    for name, kind in events.KINDS.items():
        assert {name, *(f.name for f in fields(kind))} <= named
    assert f"of this format: {events.VERSION}" in text
