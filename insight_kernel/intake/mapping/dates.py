"""Dates in the order a source writes them, as far as they are known."""

import re
from datetime import datetime
from functools import lru_cache

from insight_kernel.model.values import clean

_PARTS = re.compile(
    r"(?P<day>\d{1,4}(?:[./\- ]\d{1,4}){0,2}|\d{8})"
    r"(?:[T ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_GAP = re.compile(r"[./\- ]")
_UNKNOWN = frozenset({"0", "00", "0000"})


@lru_cache(maxsize=65_536)
def in_order(value: str, order: str) -> str:
    """Return a date in ISO order, by the order of its parts; what is no such date stays as it is.

    A day or month written as zero is not known; a year of two digits is not guessed; a day no calendar has is none.

    Examples
    --------
    >>> [in_order(day, "DMY") for day in ("3/5/2024", "05.2024", "00-05-2024", "2024", "03052024 14:05", "3/5/24")]
    ['2024-05-03', '2024-05', '2024-05', '2024', '2024-05-03T14:05', '3/5/24']
    >>> in_order("05/03/2024", "MDY"), in_order("2024/5/3", "DMY")
    ('2024-05-03', '2024-05-03')
    """
    found = _PARTS.fullmatch(value)
    parts = _ordered(found["day"], order) if found else None
    if found is None or parts is None:
        return value
    day = "-".join(part.zfill(2) for part in parts)
    moment = day if len(parts) < 3 or found["time"] is None else f"{day}T{found['time']}{found['zone'] or ''}"
    return moment if clean("date", moment) else value


def _ordered(day: str, order: str) -> list[str] | None:
    """Return year, month and day, those that are known, or None where the year is not to be told."""
    parts = _GAP.split(day)
    if len(parts) == 1:
        parts = _compact(day, order)
    if len(parts[0]) != 4:
        parts = _as_named(parts, order)
    if len(parts[0]) != 4 or any(len(part) > 2 for part in parts[1:]):
        return None
    return parts[: next((n for n, part in enumerate(parts) if part in _UNKNOWN), len(parts))] or None


def _compact(day: str, order: str) -> list[str]:
    """Part eight digits; four are a year."""
    if len(day) != 8:
        return [day]
    return [day[:4], day[4:6], day[6:]] if order == "YMD" else [day[:2], day[2:4], day[4:]]


def _as_named(parts: list[str], order: str) -> list[str]:
    """Bring parts that end in the year into ISO order."""
    if len(parts) == 3 and order == "MDY":
        return [parts[2], parts[0], parts[1]]
    return parts[::-1]


@lru_cache(maxsize=65_536)
def by_form(value: str, forms: tuple[str, ...]) -> str:
    """Return the day of a date written in one of these forms (as of `strptime`); what is none stays as it is.

    Examples
    --------
    >>> by_form("3 May 2024", ("%Y%m%d", "%d %B %Y")), by_form("soon", ("%Y",))
    ('2024-05-03', 'soon')
    """
    for form in forms:
        try:
            return datetime.strptime(value, form).date().isoformat()
        except ValueError:
            continue
    return value
