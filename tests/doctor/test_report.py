"""A diagnosis as text."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from glassnet import doctor
from glassnet.doctor import Diagnosis, check_gradient
from glassnet.doctor.diagnosis import CORRECT, UNDECIDED, WRONG, Finding, Row
from glassnet.doctor.report import PAGES, WIDTH, text

ROOT = Path(__file__).parents[2]
NAN = float("nan")
W = Row("W", (3, 2), 6, 0, (2, 1), 0.5, 0.5, 3e-11, True)
OFF = Row("b", (2,), 2, 0, (1,), -8.25, 2.75, 4.0, False)
SHAPELESS = Row("c", (2, 1), 2, 1, (), NAN, NAN, NAN, False, "expected shape (2, 1), got (2,)")
CAUSE = Finding(
    "batch-factor", "Every gradient is N times too large. " * 4, "8.25 / 2.75 is 3.", "dz = (p − y) / N",
    "cross_entropy.md#derivation",
)  # fmt: skip
SIGN = Finding("sign", "The sign is reversed.", "It is −1 times the right one.", "", "")


def report(verdict: str = WRONG, rows: tuple[Row, ...] = (W, OFF), **more: object) -> str:
    return text(Diagnosis("loss_and_grads", verdict, rows, **more))  # type: ignore[arg-type]


def test_a_whole_report() -> None:
    said = report(
        rows=(W, OFF, SHAPELESS), findings=(CAUSE, SIGN), model="dense W → softmax", notes=("Slowly.",),
        conventions="batch of 6, float64",
    )  # fmt: skip
    assert said == (
        """\
loss_and_grads: 2 of 3 gradients are wrong: b, c.
Examined as: dense W → softmax
With: batch of 6, float64

  array  shape   worst entry  yours  numeric  off by
  W      (3, 2)  (2, 1)         0.5      0.5   3e-11  right
  b      (2,)    (1,)         -8.25     2.75   400 %  WRONG
  c      (2, 1)  –                –        –       –  WRONG
  c: expected shape (2, 1), got (2,); 1 entry left out, at a kink

Likeliest cause: batch-factor
  Every gradient is N times too large. Every gradient is N times too large. Every gradient
  is N times too large. Every gradient is N times too large.
  Evidence: 8.25 / 2.75 is 3.
  Right:    dz = (p − y) / N
  More:     docs/math/cross_entropy.md#derivation

Also possible:
  sign: The sign is reversed.

Note: Slowly."""
    )


@pytest.mark.parametrize(
    ("verdict", "rows", "first"),
    [
        (CORRECT, (W,), "loss_and_grads: the gradient is right."),
        (CORRECT, (W, W), "loss_and_grads: all 2 gradients are right."),
        (WRONG, (OFF,), "loss_and_grads: the gradient is wrong."),
        (WRONG, (OFF, OFF), "loss_and_grads: all 2 gradients are wrong."),
        (WRONG, (W, OFF), "loss_and_grads: 1 of 2 gradients is wrong: b."),
        (WRONG, (W, *[OFF] * 8), "loss_and_grads: 8 of 9 gradients are wrong: b, b, b, b, b, b, …."),
        (WRONG, (W, W), "loss_and_grads: something is wrong, though each gradient is right on its own."),
        (UNDECIDED, (), "loss_and_grads: cannot be decided."),
    ],
)
def test_the_first_line_is_the_verdict(verdict: str, rows: tuple[Row, ...], first: str) -> None:
    assert report(verdict, rows).splitlines()[0] == first


def test_why_nothing_was_decided_and_where_it_raised() -> None:
    said = report(UNDECIDED, (), reason="the loss is NaN", traceback="Traceback\n  line")
    assert said.split("\n\n") == [
        "loss_and_grads: cannot be decided.",
        "Why: the loss is NaN.",
        "Traceback\n  line",
    ]


@pytest.mark.parametrize(
    ("error", "shown"),
    [(3.4e-12, "3e-12"), (0.0, "0e+00"), (0.00123, "0.123 %"), (0.5, "50 %"), (41.3, "41 ×")],
)
def test_how_far_off_is_said_as_people_say_it(error: float, shown: str) -> None:
    line = report(CORRECT, rows=(W._replace(error=error),)).splitlines()[-1]
    assert line.split("0.5")[-1].split() == [*shown.split(), "right"]


def test_no_line_is_too_wide_and_no_name_breaks_the_table() -> None:
    rows = tuple(
        Row(f"layers.{k}.a_very_long_name_indeed.W", (k + 1,), 1, 0, (k,), k, k, 0.0, True) for k in range(12)
    )
    said = report(CORRECT, rows, notes=("word " * 60,), findings=(CAUSE, CAUSE), model="dense → " * 30)
    assert max(map(len, said.splitlines())) <= WIDTH
    assert len({line.find("right") for line in said.splitlines() if line.endswith("  right")}) == 1


def test_what_could_not_be_measured_is_not_called_right() -> None:
    blind = Row("x", (3, 2), 0, 6, (), NAN, NAN, NAN, True, "no entry could be measured")
    assert "not measured" in report(UNDECIDED, (blind,))
    assert " right" not in report(UNDECIDED, (blind._replace(error=0.0),))
    assert "0e+00" not in report(UNDECIDED, (blind._replace(error=0.0),))


def test_a_number_is_measured_too() -> None:
    assert report(CORRECT, (Row("a", (), 1, 0, (), 0.5, 0.5, 0.0, True),)).endswith("  right")


def test_without_a_cause_it_says_where_to_begin() -> None:
    assert "None of the known mistakes gives these numbers." in report()
    assert "None of the known" not in report(CORRECT, (W,)) + report(findings=(CAUSE,))


def test_there_is_no_minus_zero() -> None:
    assert "-0" not in report(rows=(OFF._replace(analytic=-0.0, numeric=1.0),))


def test_a_formula_of_several_lines_keeps_them() -> None:
    said = report(findings=(CAUSE._replace(formula="dW = xᵀ dy\ndb = Σₙ dy"),))
    assert "  Right:    dW = xᵀ dy\n            db = Σₙ dy\n" in said


def test_a_notebook_shows_the_report() -> None:
    diagnosis = check_gradient(
        lambda params, x, y: (params["w"] ** 2, {"w": params["w"]}), ({"w": 3.0}, [1.0], None)
    )
    assert repr(diagnosis) == str(diagnosis) == text(diagnosis)
    assert repr(diagnosis).startswith("<lambda>: the gradient is wrong.\n")


def test_a_diagnosis_survives_json() -> None:
    diagnosis = Diagnosis("f", WRONG, (W, OFF), (CAUSE, SIGN), notes=("one", "two"), reason="r")
    again = Diagnosis.from_plain(json.loads(json.dumps(diagnosis.plain())))
    assert again == diagnosis
    assert isinstance(again.rows[0].index, tuple)
    assert np.isnan(Diagnosis.from_plain(Diagnosis("f", WRONG, (SHAPELESS,)).plain()).rows[0].error)


def test_the_pages_are_where_the_report_says() -> None:
    assert (ROOT / PAGES / "dense.md").is_file()


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"([\w/]+\.md)#([\w-]+)", text))


def test_every_page_that_a_cause_links_to_exists() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/glassnet/doctor").rglob("*.py"))
    named = links(code)
    assert len(named) > 10
    assert [link for link in named if link[1] not in anchors(ROOT / PAGES / link[0])] == []


def test_the_page_about_the_check_names_every_cause_and_links_to_what_exists() -> None:
    page = (ROOT / "docs/check.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/glassnet/doctor").rglob("*.py"))
    named = set(re.findall(r"^ *(?:return |\w+ = )?Finding\(\s*\"([a-z0-9-]+)\"", code, re.MULTILINE))
    assert {"stale-cache", "non-deterministic"} <= named
    assert named <= set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    linked = links("".join(re.findall(r"\]\(\S+\)", page)))
    assert len(linked) > 10
    assert [link for link in linked if link[1] not in anchors(ROOT / "docs" / link[0])] == []


def test_the_sample_in_the_page_is_what_it_answers(tmp_path: Path) -> None:
    page = (ROOT / "docs/check.md").read_text(encoding="utf-8")
    right, wrong = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    lines = (
        (Path(doctor.__file__).parent / "templates" / "function.py").read_text(encoding="utf-8").splitlines()
    )
    for kept, sample in ((lines, right), ([line for line in lines if "dz2 /= n" not in line], wrong)):
        (tmp_path / "mine.py").write_text("\n".join(kept), encoding="utf-8")
        assert str(check_gradient(tmp_path / "mine.py")).startswith(sample.rstrip())
