"""Replies: what was asked for, or one line, whatever happens."""

from typing import Any

import numpy as np
import pytest

from glassnet.studio.answers import DONE, Answer, one_line, reply
from glassnet.view.wire import decode


def failing(error: Exception) -> Any:
    def fail() -> Answer:
        raise error

    return fail


def test_an_answer_has_the_number_of_its_question() -> None:
    assert decode(reply(7, lambda: DONE)) == ({"kind": "done", "id": 7}, {})
    fields, arrays = decode(
        reply(None, lambda: ("file", {"name": "a"}, {"bytes": np.arange(3, dtype=np.uint8)}))
    )
    assert fields == {"kind": "file", "id": None, "name": "a"}
    assert arrays["bytes"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("expected 3,\n  got 4"), "expected 3, got 4"),
        (OSError("no room"), "no room"),
        (MemoryError("9 GB"), "expected to have enough memory, got none: 9 GB"),
        (KeyError("x"), "this is a mistake in glassnet: KeyError: 'x'"),
    ],
)
def test_what_fails_is_one_line(error: Exception, line: str) -> None:
    assert one_line(error) == line
    assert decode(reply(3, failing(error)))[0] == {"kind": "error", "id": 3, "message": line}


def test_an_answer_that_cannot_travel_is_an_error_too() -> None:
    fields, _ = decode(reply(3, lambda: ("cell", {}, {"images": np.zeros(2)})))
    assert fields["kind"] == "error"
    assert "got float64" in fields["message"]
