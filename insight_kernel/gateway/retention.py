"""Retention: on its day what has expired leaves the store, and workspaces that were sent it are cleaned each month."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import nbformat

from insight_kernel.errors import InsightError
from insight_kernel.files import replace_file
from insight_kernel.gateway.homes import end_server, home_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Opened
from insight_kernel.model.label import Label

CLEANED = "cleaned"
_REMINDED = 183  # days ahead that an owner is reminded


@dataclass(frozen=True)
class Reminder:
    """What of an owner's source expires on a day within half a year."""

    owner: str
    source: str
    expires: date
    records: int


class Retention:
    """What must happen on each day, once."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lock = Lock()

    def run(self) -> dict[str, int]:
        """Do what is due today; return how many values were purged and workspaces cleaned."""
        with self._lock:
            day = self._gateway.clock.today()
            purged = self._purge(day)
            cleaned = sum(self._clean(opened, day) for opened in self._gateway.workspaces.all())
            return {"purged": purged, "cleaned": cleaned}

    def reminders(self) -> list[Reminder]:
        """Return what expires within half a year, soonest first, then by owner and source."""
        today, stored = self._gateway.clock.today(), self._gateway.store.labels().labels
        soon = {n: label.expires for n, label in enumerate(stored)
                if isinstance(label, Label) and 0 < (label.expires - today).days <= _REMINDED}  # fmt: skip
        found = [Reminder(owner, source, soon[n], records)
                 for owner, source, n, records in self._gateway.store.holdings(list(soon))]  # fmt: skip
        return sorted(found, key=lambda r: (r.expires, r.owner, r.source))

    def _purge(self, day: date) -> int:
        due = self._gateway.store.due(day)
        if due:
            with self._gateway.writing:
                self._gateway.acts.automatic("purge", {"day": day.isoformat()})
        self._gateway.store.rewrite_if_unclean()
        return due

    def _clean(self, opened: Opened, day: date) -> bool:
        """Clean a workspace on the first of the month, or as soon after as the gateway runs."""
        since = self._gateway.workspaces.cleaned(opened) or date.fromisoformat(opened.since[:10])
        due = day.replace(day=1)
        if since >= due or not self._was_sent_expired(opened, since, due):
            return False
        end_server(self._gateway.hub, opened, keep=True)
        home = home_of(self._gateway.hub, opened)
        removed = clean_home(home) if home else 0
        workspace = opened.session(day).workspace
        self._gateway.audit.append({"operation": "erasure", "act": CLEANED, "workspace": workspace, "user": opened.user,
                                    "server": opened.server, "day": due.isoformat(), "files": removed})  # fmt: skip
        self._gateway.workspaces.was_cleaned(opened, due)
        return True
