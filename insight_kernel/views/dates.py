"""Dates known to the year, month, day or moment, as stretches of time; and the ticks of a time axis.

Time is counted in days since the proleptic 1 January of year 1 (which is day 1), as ``date.toordinal`` does.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """From ``low`` up to ``high``, in days; a moment has both equal."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.high - self.low <= 1


def stretch_of(value: object) -> Stretch | None:
    """Return the stretch a date means, or None if it cannot be read.

    Text is ISO 8601, whole or partial; a time with an offset is turned into UTC. A timestamp at midnight
    without offset means the day, because that is how frames hold dates.

    Examples
    --------
    >>> stretch_of("2024-02").high - stretch_of("2024-02").low
    29
    >>> stretch_of("2024-02-30") is None
    True
    """
    if isinstance(value, datetime):  # pandas timestamps are datetimes; NaT differs from itself
        return _moment(value) if value == value else None
    if isinstance(value, date):
        return Stretch(value.toordinal(), value.toordinal() + 1)
    text = "" if value is None else str(value).strip()
    try:
        partial = _DATE.fullmatch(text)
        return _partial(*partial.groups()) if partial else _moment(datetime.fromisoformat(text), timed=True)
    except ValueError:
        return None


def _partial(year: str, month: str | None, day: str | None) -> Stretch:
    low = date(int(year), int(month or 1), int(day or 1))
    in_month = calendar.monthrange(low.year, low.month)[1]
    days = 1 if day else in_month if month else 365 + calendar.isleap(low.year)
    return Stretch(low.toordinal(), low.toordinal() + days)


def _moment(value: datetime, timed: bool = False) -> Stretch:
    utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    midnight = datetime.combine(utc.date(), datetime.min.time())
    low = utc.toordinal() + (utc - midnight) / _DAY
    means_day = utc == midnight and not timed and not value.tzinfo
    return Stretch(low, low + 1 if means_day else low)


def ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Return at most ``most`` round times between two, each with its ISO name."""
    for step in _steps():
        found = list(step(low, high, most))
        if len(found) <= most:
            return found
    return []


Step = Callable[[float, float, int], Iterator[tuple[float, str]]]


def _steps() -> Iterator[Step]:
    """Yield ways to divide time, from minutes to centuries."""
    yield from (_minutes(n) for n in (5, 15, 30, 60, 180, 360, 720))
    yield from (_days(n) for n in (1, 2, 7, 14))
    yield from (_months(n) for n in (1, 2, 3, 6))
    yield from (_months(12 * n) for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000))


def _minutes(step: int) -> Step:
    def found(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
        first = int(-(-low * 1440 // step))
        for number in range(first, min(int(high * 1440 // step), first + most) + 1):
            day, minute = divmod(number * step, 1440)
            name = f"{date.fromordinal(day):%m-%d} {minute // 60:02}:{minute % 60:02}"
            yield number * step / 1440, name

    return found


def _days(step: int) -> Step:
    def found(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
        first = int(-(-low // step))
        for number in range(first, min(int(high // step), first + most) + 1):
            yield number * step, date.fromordinal(number * step).isoformat()

    return found


def _months(step: int) -> Step:
    def found(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
        begin = date.fromordinal(max(1, int(low)))
        month = begin.year * 12 + begin.month - 1
        first = -(-(month + (begin.replace(day=1).toordinal() < low)) // step)
        for number in range(first, first + most + 1):
            year, month = divmod(number * step, 12)
            if not 1 <= year <= 9999 or (day := date(year, month + 1, 1).toordinal()) > high:
                return
            yield day, f"{year:04}" if step % 12 == 0 else f"{year:04}-{month + 1:02}"

    return found
