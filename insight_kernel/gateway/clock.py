"""The day by which everything is decided: UTC, never earlier than a day already seen, and no sudden future."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from insight_kernel.errors import Unavailable

_BELIEVED = timedelta(hours=24)


def since_boot() -> float:
    """Return seconds since the machine started, time asleep included where the system counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clock:
    """Days only go forward, and no faster than time passes.

    A clock set back lets nothing expired return. A clock that jumps ahead by more than a day while the gateway
    runs is not believed: nothing is answered until an operator has looked and started the gateway again.

    Examples
    --------
    >>> clock = Clock([{"time": "2999-01-01T00:00:00+00:00"}])
    >>> clock.today()
    datetime.date(2999, 1, 1)
    """

    def __init__(
        self,
        entries: Iterable[Mapping[str, Any]] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        running: Callable[[], float] = since_boot,
    ) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)
        for entry in entries:
            self.take(entry)
        self._now, self._running = now, running
        self._start = now() - timedelta(seconds=running())

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log: no time before it comes again."""
        self._latest = max(self._latest, datetime.fromisoformat(entry["time"]))

    def today(self) -> date:
        """Return the current day; raise `Unavailable` when the clock has jumped ahead."""
        return self.now().date()

    def now(self) -> datetime:
        """Return the current time, likewise."""
        now = self._now()
        if now - (self._start + timedelta(seconds=self._running())) > _BELIEVED:
            wrong = "the clock jumped ahead by more than a day"
            raise Unavailable("answer", wrong, "Check the clock, then start the gateway again.")
        self._latest = max(self._latest, now)
        return self._latest
