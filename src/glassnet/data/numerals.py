"""Decimal numbers out of lines of text, many at a time: eight digits are one 64-bit word.

The digits of a word are added up in three multiplications, two, four and eight together (D. Lemire, "Quickly
parsing eight digits", 2018), here for all words of a block at once. A number of up to 15 digits is the float
nearest to what is written, one of more within a unit in the last place.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MISSING = frozenset({"", "na", "n/a", "nan", "null", "?", "none", "<na>", "#n/a", "#na", "nat"})
"""What stands for a value that is not there, in any case of letters."""
DASHES = frozenset({"-", "--"})
"""What stands for one among numbers; among texts it may be a text, as in + and -."""

_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?)", re.ASCII | re.IGNORECASE)
_NEWLINE, _PLUS, _MINUS, _POINT, _ZERO, _E = 10, 43, 45, 46, 48, 101
_WORD = 8  # digits in a word
_DIGITS = 19  # that an unsigned 64-bit integer holds, whatever they are
_BYTES_OF_LAST = np.array([0x0F0F0F0F0F0F0F0F >> 8 * k << 8 * k for k in range(_WORD, -1, -1)], "<u8")
_TENS = np.array([10**k for k in range(_DIGITS + 1)], np.uint64)
_EXACT = 22  # the largest power of ten that is a float64
_FLOAT_TENS = np.array([float(10**k) for k in range(_EXACT + 1)])


def number(cell: str, *, comma: bool = False) -> float | None:
    """Return the number that a cell holds, NaN if its value is missing, None if it is something else.

    With `comma` a decimal comma is as good as a point.
    """
    cell = cell.strip()
    if cell.lower() in MISSING or cell in DASHES:
        return np.nan
    if comma:
        cell = cell.replace(",", ".")
    return float(cell) if _NUMBER.fullmatch(cell) else None


def parse(
    lines: bytes, delimiter: str, columns: int, texts: Sequence[int] = ()
) -> tuple[Array, list[list[str]]] | None:
    """Return the numbers of whole lines and the cells of the columns `texts`; None for anything unusual.

    The numbers, of all columns but `texts`, are (rows, P) uint8 or float64, NaN where one is missing. Unusual
    are quotation marks, text elsewhere, lines of another number of fields, and blank lines. Where commas
    delimit nothing, they are decimal commas.
    """
    if b'"' in lines:
        return None
    comma = delimiter != "," and b"," in lines
    written = lines.replace(b",", b".") if comma else lines
    text = np.frombuffer(bytes(_WORD) + written, np.uint8)  # so that a word before the first digit is there
    marks = np.flatnonzero((text - np.uint8(_ZERO)) > 9)[_WORD:]
    kinds = text[marks]
    is_end = (kinds == ord(delimiter)) | (kinds == _NEWLINE)
    among = None if is_end.all() else np.flatnonzero(is_end)
    ends = marks if among is None else marks[among]
    last = kinds if among is None else kinds[among]
    if len(ends) % columns or not _is_rectangle(last.reshape(-1, columns)):
        return None
    starts = np.empty_like(ends)
    starts[0], starts[1:] = _WORD, ends[:-1] + 1
    empty = starts == ends
    if columns == 1 and empty.any():  # a blank line, not a missing value
        return None

    def cells(places: Array) -> list[str]:
        sides = zip((starts[places] - _WORD).tolist(), (ends[places] - _WORD).tolist())
        return [lines[start:end].decode("utf-8") for start, end in sides]

    lengths = ends - starts
    if among is None and not texts and lengths.min() > 0 and lengths.max() < 4:
        return _small(text, ends, lengths).reshape(-1, columns), []
    if among is None:
        values, odd = _whole(text, ends, lengths)
    else:
        values, odd = _decimal(text, marks, kinds, among, starts, ends)
    result = values.astype(np.float64, copy=False)
    result[empty] = np.nan
    odd.reshape(-1, columns)[:, texts] = False
    places = np.flatnonzero(odd & ~empty)
    found = [number(cell, comma=comma) for cell in cells(places)]
    if None in found:
        return None
    result[places] = found
    table = result.reshape(-1, columns)
    if not texts:
        return table, []
    of_texts = [cells(np.arange(place, len(ends), columns)) for place in texts]
    return np.delete(table, texts, axis=1), of_texts


def _is_rectangle(last: Array) -> bool:
    newlines = last == _NEWLINE
    return bool(newlines[:, -1].all()) and np.count_nonzero(newlines) == len(newlines)


def _small(text: Array, ends: Array, lengths: Array) -> Array:
    """Whole numbers of one to three digits: uint8 if all fit in it."""
    values = (text[ends - 1] - np.uint8(_ZERO)).astype(np.uint16)
    for digits in (2, 3):
        longer = np.flatnonzero(lengths >= digits)
        values[longer] += (text[ends[longer] - digits] - np.uint8(_ZERO)) * np.uint16(10 ** (digits - 1))
    fitting: Array = values.astype(np.uint8 if values.max() <= 255 else np.float64)
    return fitting


def _decimal(
    text: Array, marks: Array, kinds: Array, among: Array, starts: Array, ends: Array
) -> tuple[Array, Array]:
    """Numbers with signs, points and exponents; and which of them are odd, to be read one by one.

    `marks` are the places of all bytes but digits, of these `kinds`; those numbered `among` end the numbers.
    """
    before = np.empty_like(among)  # the mark that ends the number before
    before[0], before[1:] = -1, among[:-1]
    inner = among - before - 1  # marks within the number that are not accounted for yet
    negative = (inner > 0) & (text[starts] == _MINUS)
    starts, inner = starts + negative, inner - negative
    exponents, last = np.zeros(len(ends), np.int64), among
    if _E in kinds or _E - 32 in kinds:
        exponents, last = _exponents(text, marks, kinds, among, inner)
        ends, inner = marks[last], inner - (among - last)
    pointed = (inner == 1) & (kinds[last - 1] == _POINT)
    points = np.where(pointed, marks[last - 1], ends)
    whole, fraction = points - starts, np.maximum(ends - points - 1, 0)
    odd = (inner != pointed) | (whole + fraction == 0) | (fraction > _EXACT)
    wholes, overflow = _whole(text, points, whole)
    odd |= overflow
    fractions, overflow = _whole(text, ends, fraction)
    odd |= overflow | ((whole + fraction > _DIGITS) & (wholes > 0))
    mantissa = wholes * _TENS[np.minimum(fraction, _DIGITS)] + fractions
    powers = exponents - fraction
    odd |= np.abs(powers) > _EXACT
    powers[odd] = 0
    values = mantissa.astype(np.float64) / _FLOAT_TENS[np.maximum(-powers, 0)]
    if powers.max() > 0:
        values *= _FLOAT_TENS[np.maximum(powers, 0)]
    return np.negative(values, out=values, where=negative), odd


def _exponents(text: Array, marks: Array, kinds: Array, among: Array, inner: Array) -> tuple[Array, Array]:
    """The exponents, 0 without one, and for each number the mark that ends what stands before it."""
    exponents, last = np.zeros(len(among), np.int64), among.copy()
    signed = (kinds[among - 1] == _MINUS) | (kinds[among - 1] == _PLUS)
    e = among - 1 - signed
    found = (inner > signed) & (kinds[e] | 32 == _E) & (~signed | (marks[among - 1] == marks[e] + 1))
    places = np.flatnonzero(found)
    ends, lengths = marks[among[places]], marks[among[places]] - marks[among[places] - 1] - 1
    sizes = _word(text, ends, lengths).astype(np.int64)
    sizes[(lengths == 0) | (lengths > 3)] = 1000  # too much for the fast way
    exponents[places] = np.where(kinds[among[places] - 1] == _MINUS, -sizes, sizes)
    last[places] = e[places]
    return exponents, last


def _whole(text: Array, ends: Array, lengths: Array) -> tuple[Array, Array]:
    """The whole numbers, uint64, whose digits end before `ends`; and which are too long for that."""
    values = _word(text, ends, lengths)
    longer = np.flatnonzero(lengths > _WORD)
    if len(longer):
        ends, rest = ends[longer], lengths[longer]
        values[longer] += _TENS[_WORD] * _word(text, ends - _WORD, rest - _WORD)
        top = _word(text, np.maximum(ends - 2 * _WORD, _WORD), np.maximum(rest - 2 * _WORD, 0))
        values[longer] += _TENS[2 * _WORD] * np.minimum(top, 999)
        rest[top > 999] = 4 * _WORD
        lengths = lengths.copy()
        lengths[longer] = rest
    return values, lengths > 3 * _WORD


def _word(text: Array, ends: Array, lengths: Array) -> Array:
    words = np.ndarray(len(text) - _WORD + 1, "<u8", text.data, strides=(1,))  # at each byte, the next eight
    word: Array = words[ends - _WORD]
    word &= _BYTES_OF_LAST[np.minimum(lengths, _WORD)]
    for bits, tens, keep in _FOLDS:
        word *= tens
        word >>= bits
        word &= keep
    return word


_FOLDS = tuple(
    (np.uint64(bits), np.uint64(1 + (10 ** (bits // 8) << bits)), np.uint64(keep))
    for bits, keep in ((8, 0x00FF00FF00FF00FF), (16, 0x0000FFFF0000FFFF), (32, 0x00000000FFFFFFFF))
)
