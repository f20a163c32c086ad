"""An explanation as text: a line for each equation, and under it its terms with their numbers."""

import unicodedata

from glassnet.inside.explanation import Explanation, Line, Sample, Section, Term

_DIGITS = 6  # that are shown; `plain` has all
_WIDEST = 34  # columns of a formula that others are aligned with


def text(told: Explanation) -> str:
    """Return it as lines, numbers in columns: of the sample, and as the mean over the batch."""
    parts = [told.title, _about(told), *(_section(section) for section in told.sections), _pages(told)]
    return "\n\n".join(filter(None, parts))


def _about(told: Explanation) -> str:
    lines = [f"Sample {_sample(told.sample)}; its loss {number(told.loss)}"]
    if told.batch is not None:
        examples = f"{told.batch.size:,} example{'s' * (told.batch.size != 1)}"
        lines.append(f"Step {told.batch.step:,} is the one to come, with {examples} in its batch")
    elif told.step is not None:
        lines.append(f"After {told.step:,} step{'s' * (told.step != 1)}")
    return "\n".join(lines)


def _sample(sample: Sample) -> str:
    name = "of your own" if sample.index is None else f"{sample.index:,}"
    label = _answer(sample.label_name, sample.label)
    right = "no right answer given, taken for right" if sample.assumed else f"right answer {label}"
    return f"{name}: read as {_answer(sample.predicted_name, sample.predicted)}, {right}"


def _answer(name: str | None, value: object) -> str:
    if name is not None:
        return "".join(letter if letter.isprintable() else "?" for letter in name)
    if isinstance(value, list):
        return ", ".join(number(one) for one in value)
    return number(float(value)) if isinstance(value, int | float) else str(value)


def _section(section: Section) -> str:
    lines = section.lines
    symbols = max((_width(line.symbol) for line in lines), default=0)
    formulas = max((w for line in lines if (w := _width(line.formula)) <= _WIDEST), default=0)
    batch = any(line.batch is not None for line in lines)
    head = f"{'':{symbols}}  {'sample':>12}  {'batch':>12}" if batch else ""
    rows = [section.title, head, *(row for line in lines for row in _rows(line, symbols, formulas, batch))]
    return "\n".join(filter(None, [*rows, section.note]))


def _rows(line: Line, symbols: int, formulas: int, batch: bool) -> list[str]:
    mean = "" if line.batch is None else number(line.batch)
    columns = f"  {mean:>12}" if batch else ""
    first = f"{_padded(line.symbol, symbols)}  {number(line.value):>12}{columns}"
    first += f"  {_padded(line.formula, formulas)}  {line.words}"
    if line.doc is not None:
        equation = "" if line.doc.equation is None else f" ({line.doc.equation})"
        first += f" [{line.doc.page}{equation}]"
    indent = " " * symbols
    gap = " " * 14 if batch else ""
    if len(line.terms) == 1 and line.rest is None:  # the value itself, whose factors alone are news
        (only,) = line.terms
        return [first, f"{indent}  {'':12}{gap}    {_product(only)}"] if only.factors[1:] else [first]
    rows = [f"{indent}  {number(term.value):>12}{gap}    {_product(term)}" for term in line.terms]
    if line.rest is not None:
        rows.append(f"{indent}  {number(line.rest.value):>12}{gap}    {line.rest.count:,} more")
    return [first, *rows]


def _product(term: Term) -> str:
    if len(term.factors) == 1:
        return term.symbol
    return f"{term.symbol} = {' · '.join(number(factor.value) for factor in term.factors)}"


def _pages(told: Explanation) -> str:
    pages = {line.doc.page: None for section in told.sections for line in section.lines if line.doc}
    return "Derivations: docs/math/" + ", ".join(f"{page}.md" for page in pages) if pages else ""


def number(value: float) -> str:
    """Return a number with six digits and a true minus sign, which 0 never has."""
    return f"{value + 0.0:.{_DIGITS}g}".replace("-", "−")


def _width(shown: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in shown)


def _padded(shown: str, width: int) -> str:
    return shown + " " * (width - _width(shown))
