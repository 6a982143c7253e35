"""After a crash: say in the log what became of a load that was announced and not reported."""

from collections.abc import Iterable, Mapping
from typing import Any

from insight_kernel.audit.log import AuditLog


def settle(log: AuditLog, entries: Iterable[Mapping[str, Any]], change: int) -> None:
    """Write the missing result of the last announced load: its change number tells whether it was committed."""
    announced: Mapping[str, Any] | None = None
    for entry in entries:
        if entry.get("operation") == "collection":
            announced = entry if entry.get("decision") == "intent" else None
    if announced is not None:
        names = ("operation", "source", "owner", "original", "file", "change")
        decision = "recovered" if change >= announced["change"] else "undone"
        log.append(
            {**{name: announced[name] for name in names}, "decision": decision, "intent": announced["n"]}
        )
