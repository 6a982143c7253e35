"""Dates as far as they are known: a year, a month, a day, a time; always in UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

_DAY = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", re.ASCII)
"""A day that every year has: nothing to check."""

_DATE = re.compile(
    r"(?P<year>[12]\d{3})"
    r"(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s?(?P<zone>Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"([12]\d{3})(\d{2})(\d{2})", re.ASCII)
_FORMATS = ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_FIRST = [1, 1, 1, 0, 0, 0]
_PARTS = ("year", "month", "day", "hour", "minute", "second")


@lru_cache(maxsize=65_536)
def date(value: str) -> str | None:
    """Return an ISO 8601 date of the precision given; a month or day written as zero is unknown.

    A time with an offset is turned into UTC, fractions of a second are dropped. Nothing is guessed: forms
    that mean different days in different countries (`03/05/2024`) cannot be read.

    Examples
    --------
    >>> date("2024-5"), date("2024-05-03T01:30+02:00"), date("2024-02-30")
    ('2024-05', '2024-05-02T23:30', None)
    """
    if _DAY.fullmatch(value):
        return value
    found = _DATE.fullmatch(_COMPACT.sub(r"\1-\2-\3", value) if len(value) == 8 else value)
    if found is None:
        return None
    numbers = _known([int(found[part]) for part in _PARTS if found[part]])
    return _written(numbers, found["zone"] or "")


def _known(numbers: list[int]) -> list[int]:
    """Cut the date off before the first month or day that is zero."""
    zero = next((place for place in (1, 2) if len(numbers) > place and numbers[place] == 0), len(numbers))
    return numbers[:zero]


def _written(numbers: list[int], zone: str) -> str | None:
    try:
        year, month, day, hour, minute, second = numbers + _FIRST[len(numbers) :]
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    depth = len(numbers)
    if depth > 3 and zone.upper() not in ("", "Z"):
        offset = _offset(zone)
        moment -= offset
        depth = max(depth, 5) if offset.seconds % 3600 else depth
    return moment.strftime(_FORMATS[depth - 1]) if 1000 <= moment.year < 3000 else None


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size
