"""Cleaning: each month, workspaces that were sent what has since expired or was withdrawn give up their copies.

The floating label stays as it is; what it holds of expired values stops nothing, because rule 2 is not applied to it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.gateway.floating import FloatingLabels
from insight_kernel.gateway.homes import clean_homes, stop_server
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.joins import Joins
from insight_kernel.gateway.workspaces import Opened

_CLEANED = "cleaned"


class Cleaning:
    """Which workspaces were cleaned up to which day, and which await it."""

    def __init__(self, floating: FloatingLabels, joins: Joins) -> None:
        self._floating, self._joins = floating, joins
        self._last: dict[str, date] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if entry.get("act") == _CLEANED:
            self._last[entry["workspace"]] = date.fromisoformat(entry["day"])

    def awaits(self, opened: Opened, until: date) -> bool:
        """Tell whether a workspace was sent values that expired or were withdrawn since it was cleaned, or opened."""
        # what expired on the very day of opening was withdrawn that day, or it would not have been sent
        opening = date.fromisoformat(opened.since[:10]) - timedelta(days=1)
        since = self._last.get(_name(opened), opening)
        return self._joins.expired(self._floating.of(_name(opened)), since, until)

    def clean(self, opened: Opened, day: date, hub: Hub | None, audit: AuditLog) -> None:
        """End a workspace's server and clean its home; nothing is logged as cleaned before it is."""
        stop_server(hub, opened, "clean")
        removed = clean_homes(hub, opened) if hub is not None else 0
        entry = {"operation": "erasure", "act": _CLEANED, "user": opened.user, "workspace": _name(opened)}
        audit.append({**entry, "day": day.isoformat(), "files": removed})
        self._last[_name(opened)] = day


def _name(opened: Opened) -> str:
    return opened.session(date.max).workspace
