"""Commands that cannot be carried out leave the run as it is."""

from typing import Any

import pytest

from studio.watched import Refused, Watched

NOWHERE = 99_999


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("scrub", {"snapshot": NOWHERE}),
        ("branch", {"snapshot": NOWHERE}),
        ("switch", {"branch": NOWHERE}),
        ("drop", {"branch": NOWHERE}),
        ("save", {"snapshot": NOWHERE}),
        ("sample", {"index": NOWHERE}),
    ],
)
def test_a_command_about_what_is_not_there_does_not_stop_the_run(kind: str, more: dict[str, Any]) -> None:
    with Watched({"epochs": 10_000}) as page:
        page.tell("start")
        with pytest.raises(Refused, match=f"{NOWHERE}"):
            page.tell(kind, **more)
        page.tell("discard")  # tells where the run stands
        assert page.session_is("running")
