"""After a crash, or with a database from a backup: what the log announced and the store does not hold."""

from collections.abc import Mapping
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.errors import Unavailable


class Recovery:
    """Reads what loads the log speaks of; `settle` compares it with the store."""

    def __init__(self) -> None:
        self._announced: Mapping[str, Any] | None = None
        self._committed = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if entry.get("operation") == "collection" and "change" in entry:
            intent = entry["decision"] == "intent"
            self._announced = entry if intent else None
            self._committed = self._committed if intent or entry["decision"] == "undone" else entry["change"]

    def settle(self, log: AuditLog, change: int) -> None:
        """Write the missing result of the last announced load: its change number tells whether it was committed.

        Raises
        ------
        Unavailable
            When the database holds less than the log says was loaded: it comes from a backup, and what later
            loads and answers rest on is missing.
        """
        if change < self._committed:
            wrong = f"the database has come to change {change}, the log to {self._committed}"
            raise Unavailable("serve the store", wrong, "Restore a database that is as new as the log.")
        if self._announced is not None:
            names = ("operation", "source", "owner", "original", "file", "change")
            decision = "recovered" if change >= self._announced["change"] else "undone"
            said = {name: self._announced[name] for name in names}
            log.append({**said, "decision": decision, "intent": self._announced["n"]})
