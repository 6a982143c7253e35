"""The day by which everything is decided: UTC, and never earlier than a day already seen."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any


class Clock:
    """Days only go forward: a clock set back lets nothing expired return.

    Examples
    --------
    >>> clock = Clock([{"time": "2999-01-01T00:00:00+00:00"}])
    >>> clock.today()
    datetime.date(2999, 1, 1)
    """

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        latest = max((entry["time"] for entry in entries), default=None)
        self._latest = date.min if latest is None else datetime.fromisoformat(latest).date()

    def today(self) -> date:
        """Return the current day."""
        self._latest = max(self._latest, datetime.now(UTC).date())
        return self._latest
