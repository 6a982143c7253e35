"""Retention: on its day what has expired leaves the store, and workspaces that were sent it are cleaned each month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

from insight_kernel.gateway.closing import close_cases
from insight_kernel.gateway.runs import expire
from insight_kernel.gateway.service import Gateway
from insight_kernel.model.label import Label

_REMINDED = timedelta(days=183)  # ahead of which an owner is reminded: half a year


@dataclass(frozen=True)
class Reminder:
    """How many records of an owner's source expire, wholly or in part, on a day within half a year."""

    owner: str
    source: str
    expires: date
    records: int


class Retention:
    """What must happen on each day; doing it twice is doing it once."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lock = Lock()

    def run(self) -> dict[str, int]:
        """Do what is due today; return how many records lost values, workspaces were cleaned, cases closed."""
        with self._lock:
            day = self._gateway.clock.today()
            gateway = self._gateway
            expire(gateway.store.folder, gateway.runs, gateway.audit, day)
            closed = len(close_cases(gateway, day))
            return {"purged": self._purge(day), "cleaned": self._clean(day), "closed": closed}

    def _purge(self, day: date) -> int:
        due = sum(found.records for found in _expiring(self._gateway, lambda label: label.expires <= day))
        waiting = self._gateway.store.quarantine.expired(day)
        with self._gateway.writing:
            if due or waiting:
                self._gateway.acts.automatic("purge", {"day": day.isoformat()})
            self._gateway.store.rewrite_if_unclean()
        self._gateway.drafts.clear(self._gateway.notes.kept(), self._gateway.clock.now())
        return due

    def _clean(self, day: date) -> int:
        """Clean on the first of the month, or as soon after as the gateway runs."""
        if self._gateway.hub is None:  # homes are a hub's, and cleaned when it is there again
            return 0
        first, everybody = day.replace(day=1), self._gateway.workspaces.all()
        due = [opened for opened in everybody if self._gateway.cleaning.awaits(opened, first)]
        for opened in due:
            self._gateway.cleaning.clean(opened, day, self._gateway.hub, self._gateway.audit)
        return len(due)


def reminders(gateway: Gateway, owner: str | None = None) -> list[Reminder]:
    """Return what expires within half a year, of one owner if one is named, soonest first."""
    today, last = gateway.clock.today(), gateway.clock.today() + _REMINDED
    found = _expiring(gateway, lambda n: today < n.expires <= last and owner in (None, n.owner))
    return sorted(found, key=lambda r: (r.expires, r.owner, r.source))


def _expiring(gateway: Gateway, meant: Callable[[Label], bool]) -> list[Reminder]:
    """Return how many records carry labels of a kind; where there are none, no record is looked at."""
    stored = gateway.store.labels().labels
    found = {n: label.expires for n, label in enumerate(stored) if isinstance(label, Label) and meant(label)}
    held = gateway.store.holdings(list(found)) if found else []
    return [Reminder(owner, source, found[n], records) for owner, source, n, records in held]
