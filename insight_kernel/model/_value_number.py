"""Numbers with a point for decimals, nothing between thousands, and their unit if they have one."""

from __future__ import annotations

import re
from unicodedata import decimal

_PLAIN = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?", re.ASCII)
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s?(?P<number>\d[\d.,'’ ]*|[.,]\d+)(?P<power>[eE][+-]?\d{1,3})?"
    r"\s*(?P<unit>[^\s\d.,]+)?"
)
_WRITTEN_ELSEWHERE = str.maketrans("\u066b\u066c\u2212\xa0\u202f", ".,-  ")
"""Arabic decimal and thousands signs, the true minus, spaces that do not break."""
_GROUPED = re.compile(r"\d{1,3}([,.'’ ])\d{2,3}(?:\1\d{2,3})*(?<=\1\d{3})")
"""Thousands set apart, also in the Indian way (12,34,567); the last group has three digits."""


def number(value: str) -> str | None:
    """Return a number in plain form, with its unit behind one space.

    A comma before exactly three digits sets thousands apart, a point there is a decimal point; where both
    occur the last one is the decimal one.

    Examples
    --------
    >>> number("1,234.50"), number("1.234,50"), number("1 000 kg"), number("about 5")
    ('1234.50', '1234.50', '1000 kg', None)
    """
    if _PLAIN.fullmatch(value):
        return value
    found = _NUMBER.fullmatch(_western_digits(value.translate(_WRITTEN_ELSEWHERE)))
    plain = _plain(found["number"].strip()) if found else None
    if found is None or plain is None:
        return None
    sign = "-" if found["sign"] == "-" else ""
    unit = f" {found['unit']}" if found["unit"] else ""
    return f"{sign}{plain}{found['power'] or ''}{unit}"


def _western_digits(value: str) -> str:
    if value.isascii():
        return value
    return "".join(str(decimal(each)) if each.isdecimal() else each for each in value)


def _plain(written: str) -> str | None:
    """Bring digits and separators into digits and one point."""
    whole, point, rest = _halves(written)
    grouped = _GROUPED.fullmatch(whole)
    digits = re.sub(r"[,.'’ ]", "", whole) if grouped else whole
    if not (digits + rest).isdecimal():
        return None
    return f"{digits or '0'}.{rest}" if point and rest else digits


def _halves(written: str) -> tuple[str, str, str]:
    """Part a number at its decimal sign, if it has one."""
    last = max(written.rfind("."), written.rfind(","))
    sign = written[last : last + 1] if last >= 0 else ""
    thousands = _GROUPED.fullmatch(written)
    if last < 0 or written.count(sign) > 1 or (sign == "," and thousands):
        return written, "", ""
    return written[:last], sign, written[last + 1 :]
