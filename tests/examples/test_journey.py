"""docs/journey.md keeps up with its programs: their numbers, their pictures, and the lines it quotes."""

import re
import runpy
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "journey.md").read_text(encoding="utf-8")
STEPS = {path.name[:2]: path for path in sorted((ROOT / "examples" / "journey").glob("*.py"))}
PICTURES = DOCS / "images" / "journey"
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w])")

# Numbers that one rounding on the way decides, as another BLAS makes it: step, lines, which numbers of them,
# and how far off they may be. Past the cliff, or with a class of 400 digits, chance has its say.
LOOSE = [
    ("06", r"^rate 5\.0", r"\d+\.\d|\d", 12),
    ("07", r"^batch 1, rate 0\.1 ", r"\d+\.\d", 20),
    ("09", r"^  \w+", r"[0-8]?\d\.\d", 25),
    ("10", r"^(nothing|L2|half|six)", r"\d+", 12),
    ("11", r"^raw", r".*", 6),
    ("11", r"[-+]|test set", r".*", 2),
    ("12", r"mistakes", r"\d\d?", 8),
]
# Facts of the sample, of its images, of the recipe, and the README's run.
ELSEWHERE = {"5,000", "3,000", "1,000", "784", "28", "32", "192", "1,024", "98.1", "26", "88", "100"}


def _section(step: str) -> str:
    """Return what stands under a step's heading."""
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[int(step)].partition("\n## ")[0]


def _printed(step: str) -> str:
    """Return the output that the page shows of a step, under the command that makes it."""
    (output,) = [code for info, code in FENCE.findall(_section(step)) if info == "text"]
    command, _, printed = output.partition("\n")
    assert command == f"$ python examples/journey/{STEPS[step].name}"
    return printed


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def _agree(step: str, line: str, ours: str, theirs: str) -> bool:
    """Whether two numbers are the same but for rounding: 5 %, or one and a half in the last place."""
    a, b = _value(ours), _value(theirs)
    for loose, lines, numbers, far in LOOSE:
        if loose == step and re.search(lines, line) and re.fullmatch(numbers, ours):
            return abs(a - b) <= far
    if 0 < a < 1e-6:  # a difference of differences: nothing but rounding
        return 0 <= b < 1e-6
    last = 10.0 ** -len(ours.partition(".")[2]) if "e" not in ours else 0.0
    return abs(a - b) <= max(0.05 * abs(a), 1.5 * last)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_journey_prints_what_its_page_says_and_draws_its_picture(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLASSNET_DATA", "none")
    runpy.run_path(str(STEPS[step]), run_name="__main__")
    out, err = capsys.readouterr()
    assert err == ""
    told = [line.rstrip() for line in out.strip("\n").splitlines()]
    shown = _printed(step).strip("\n").splitlines()
    assert [NUMBER.sub("N", " ".join(line.split())) for line in told] == [
        NUMBER.sub("N", " ".join(line.split())) for line in shown
    ]
    for line, other in zip(shown, told):
        for ours, theirs in zip(NUMBER.findall(line), NUMBER.findall(other), strict=True):
            assert _agree(step, line, ours, theirs), f"journey.md: {line}\nthe program: {other}"

    drawn, kept = (folder / f"{step}.png" for folder in (tmp_path, PICTURES))
    assert drawn.read_bytes()[16:24] == kept.read_bytes()[16:24]  # width and height
    assert max(drawn.stat().st_size, kept.stat().st_size) < 80_000


def test_the_journey_has_twelve_short_steps_with_a_section_each() -> None:
    headings = re.findall(r"^## (\d+)\. (.+)$", PAGE, flags=re.MULTILINE)
    assert [f"{int(number):02}" for number, _ in headings] == list(STEPS)
    assert len(STEPS) == 12
    for step, path in STEPS.items():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
        assert _printed(step)
        assert f"](../examples/journey/{path.name})" in _section(step)
        assert f"](images/journey/{step}.png)" in _section(step)
        assert "**What went wrong.**" in _section(step)
    for number, name in headings:
        anchor = re.sub(r"[^\w\- ]", "", f"{number}. {name}".lower()).replace(" ", "-")
        assert f"| {number} | [{name}](#{anchor}) |" in PAGE


@pytest.mark.parametrize("step", STEPS)
def test_lines_quoted_in_the_journey_stand_in_the_program(step: str) -> None:
    source = [line.strip() for line in STEPS[step].read_text(encoding="utf-8").splitlines()]
    for info, code in FENCE.findall(_section(step)):
        if not info.startswith("python"):
            continue
        assert info == f"python examples/journey/{STEPS[step].name}"
        quoted = [line.strip() for line in textwrap.dedent(code).splitlines()]
        assert quoted in [source[at : at + len(quoted)] for at in range(len(source))], code


@pytest.mark.parametrize("step", STEPS)
def test_every_number_in_a_step_of_the_journey_was_printed_or_is_in_a_program(step: str) -> None:
    known = {abs(_value(number)) for number in ELSEWHERE} | set(range(13))
    for other in STEPS:
        if int(other) <= int(step):
            text = _printed(other) + STEPS[other].read_text(encoding="utf-8")
            known |= {abs(_value(number)) for number in NUMBER.findall(text)}
    prose = re.sub(r"\]\([^)]*\)|`[^`\n]*`", "]", FENCE.sub("", _section(step)))
    unknown = [number for number in NUMBER.findall(prose) if abs(_value(number)) not in known]
    assert unknown == []


def test_links_of_the_journey_lead_somewhere() -> None:
    for link in re.findall(r"\]\(((?!http)[^)\s]+)\)", FENCE.sub("", PAGE)):
        target, _, heading = link.partition("#")
        path = (DOCS / target).resolve() if target else DOCS / "journey.md"
        assert path.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            anchors = [re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings]
            assert heading in anchors, link


def test_the_journey_is_read_in_half_an_hour() -> None:
    words = len(re.sub(r"!\[[^\]]*\]", "", FENCE.sub("", PAGE)).split())
    assert words < 25 * 200
