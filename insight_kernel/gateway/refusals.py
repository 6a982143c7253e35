"""Refusals before a question is even read: what the asker is told, and how much of it the log keeps.

`full` is one entry each. `tally` and `alarm` write one entry per cause, origin and minute, so that a flood of
strangers cannot fill the log; the next entry of the same cause and origin says how many came in between.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Literal

from insight_kernel.audit.log import AuditLog
from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused, StartAgain

Weight = Literal["tally", "full", "alarm"]
_WINDOW = 60.0  # seconds
_REMEMBERED = 100  # alarms shown in the service's health
_MOST_ORIGINS = 10_000


def status_of(error: InsightError) -> int:
    """Return the HTTP status an expected error is told with."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 503)


_STATUS: tuple[tuple[type[InsightError], int], ...] = (
    (NotAvailable, 404), (Refused, 403), (BadInput, 422), (StartAgain, 409),
)  # fmt: skip

SENTENCES = {
    401: ("not_authenticated", "The request carries no valid token."),
    403: ("not_permitted", "This is not permitted."),
    404: ("not_available", "What was asked for is not available."),
    409: ("start_again", "Something has changed since; start again."),
    422: ("bad_request", "The request is not well formed."),
    429: ("busy", "Too many questions wait; ask again later."),
    503: ("unavailable", "The service cannot answer now; nothing was done."),
}
"""The code and the sentence a refusal is told with, by its status."""


class DeniedError(Exception):
    """A request refused by who asks or from where; only the log reads `reason` and `fields`."""

    def __init__(self, status: int, reason: str, weight: Weight = "full", **fields: Any) -> None:
        super().__init__(reason)
        self.status, self.reason, self.weight, self.fields = status, reason, weight, fields


_Key = tuple[str, str, str]  # cause, origin, user


@dataclass
class _Counted:
    since: float
    more: int = 0


class Refusals:
    """Writes refusals and alarms to the log, repeats counted."""

    def __init__(self, audit: AuditLog, now: Callable[[], float] = time.monotonic) -> None:
        self._audit, self._now = audit, now
        self._counted: dict[_Key, _Counted] = {}
        self._lock = Lock()
        self.alarms: deque[dict[str, str]] = deque(maxlen=_REMEMBERED)

    def record(self, error: DeniedError, origin: str) -> None:
        """Write a refusal; when this returns it is on the disk, or counted there within the minute."""
        fields = {"operation": "refusal", "decision": "refused", "status": error.status, **error.fields}
        self._write(error.reason, error.weight, origin, fields)

    def notice(self, reason: str, origin: str, **fields: Any) -> None:
        """Write an alarm about a request that is answered all the same."""
        self._write(reason, "alarm", origin, {"operation": "notice", **fields})

    def close(self) -> None:
        """Write what was counted and not yet said."""
        for (reason, origin, _), counted in self._counted.items():
            if counted.more:
                rest = {"operation": "refusal", "reason": reason, "origin": origin, "repeated": counted.more}
                self._audit.append(rest)

    def _write(self, reason: str, weight: Weight, origin: str, fields: dict[str, Any]) -> None:
        entry = {**fields, "reason": reason, "origin": origin, "weight": weight}
        if weight == "full":
            self._audit.append(entry)
            return
        repeated = self._repeated((reason, origin, str(fields.get("user", ""))))
        if repeated is not None:
            self._audit.append({**entry, **({"repeated": repeated} if repeated else {})})
            if weight == "alarm":
                self.alarms.append({"reason": reason, "time": datetime.now(UTC).isoformat("T", "seconds")})

    def _repeated(self, key: _Key) -> int | None:
        """Return how many were counted since the last entry, or None while its minute lasts."""
        with self._lock:
            found = self._counted.get(key)
            if found and self._now() - found.since < _WINDOW:
                found.more += 1
                return None
            if len(self._counted) >= _MOST_ORIGINS:
                self._counted = {known: kept for known, kept in self._counted.items() if kept.more}
            self._counted[key] = _Counted(self._now())
            return found.more if found else 0
