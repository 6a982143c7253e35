"""What an officer looks for in the log, and what he finds; that he looked, and for what, is an entry too."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from insight_kernel.errors import BadInput, Refused
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.service import Gateway

MOST = 10_000


@dataclass(frozen=True)
class Sought:
    """What entries must have; what is None counts for nothing.

    Attributes
    ----------
    user, case, workspace, operation
        Whose, of which case or workspace, and which word of the log. A member of a room counts as its user.
    owner
        An owner whose data were used, delivered or decided about.
    since, until
        From when, and before when: a day or a moment, UTC.

    Examples
    --------
    >>> entry = {"user": "ana", "case": "OP-A", "owners": ["FR"], "operation": "search", "time": "2026-11-22T10:00:00"}
    >>> Sought(owner="FR", until="2026-11-23").fits(entry), Sought(user="ben").fits(entry)
    (True, False)
    """

    user: str | None = None
    case: str | None = None
    workspace: str | None = None
    owner: str | None = None
    operation: str | None = None
    since: str | None = None
    until: str | None = None

    def fits(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether an entry is meant."""
        same = all(
            wanted is None or entry.get(name) == wanted
            for name, wanted in (("case", self.case), ("workspace", self.workspace), ("operation", self.operation))
        )  # fmt: skip
        who = {entry.get("user"), entry.get("by"), *entry.get("members", ())}
        whose = {entry.get("owner"), *entry.get("owners", ())}
        there = (self.user is None or self.user in who) and (self.owner is None or self.owner in whose)
        time = entry["time"]
        return same and there and (self.since or "") <= time and (self.until is None or time < self.until)

    def checked(self) -> "Sought":
        """Return it; raise `BadInput` when a time is none."""
        for moment in filter(None, (self.since, self.until)):
            try:
                datetime.fromisoformat(moment)
            except ValueError:
                raise BadInput(
                    "search the log", "a time is no time", "Write YYYY-MM-DD, or YYYY-MM-DDTHH:MM."
                ) from None
        return self

    def said(self) -> dict[str, str]:
        """Return what was asked for, as the log holds it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def search(gateway: Gateway, sought: Sought, by: str, last: int) -> list[dict[str, Any]]:
    """Return the latest entries an officer looks for, oldest first.

    Raises
    ------
    Refused
        For anybody who is no officer; it raises an alarm.
    BadInput
        When a time is none.
    """
    if not gateway.in_force.now().holds(by, "officer"):
        gateway.refusals.record(DeniedError(403, "no-officer", "alarm", user=by), "audit")
        raise Refused("search the log", "it is for data-protection officers only", "Ask one.")
    fields = {"operation": "consultation", "request": "audit", "user": by, "sought": sought.checked().said()}
    gateway.audit.append(fields)
    return latest(gateway.log(), sought, last)


def latest(log: Iterable[dict[str, Any]], sought: Sought, last: int) -> list[dict[str, Any]]:
    """Return the latest of the entries that are meant, oldest first."""
    return list(deque((entry for entry in log if sought.fits(entry)), maxlen=last))
