"""What owners are told of the use of their data: that, when, for what purpose and by which organisation.

Never who asked, never what was searched for, and never what was refused.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from insight_kernel.audit.chain import entries
from insight_kernel.gateway.runs import LEAVING
from insight_kernel.gateway.service import Gateway
from insight_kernel.model.organisation import Organisation

_LONGEST_SILENCE = timedelta(days=365)


@dataclass(frozen=True, order=True)
class Use:
    """One line of an owner's view.

    Attributes
    ----------
    day, organisation, purpose
        When, by which organisation, and for what.
    released_to
        The organisation to which a report that rests on the data was released; empty for an access.
    emergency
        Whether it was by emergency access.
    times
        How often that day.
    """

    day: str
    organisation: str
    purpose: str
    released_to: str
    emergency: bool
    times: int


def uses(log: Iterable[Mapping[str, Any]], owner: str) -> list[Use]:
    """Return how an owner's data were used, latest day first.

    Examples
    --------
    >>> entry = {"time": "2026-11-22T10:00:00", "decision": "answered", "owners": ["FR"], "organisation": "MA",
    ...          "purpose": "network", "workspace": "ben/op-harbour"}
    >>> uses([entry, entry, {**entry, "owners": ["JP"]}], "FR")
    [Use(day='2026-11-22', organisation='MA', purpose='network', released_to='', emergency=False, times=2)]
    >>> [use.organisation for use in uses([{**entry, "organisations": ["DE", "MA"]}], "FR")]  # asked in a room
    ['MA', 'DE']
    """
    found = Counter(_used(log, owner))
    return sorted((Use(*key, times) for key, times in found.items()), reverse=True)


def told(log: Iterable[Mapping[str, Any]], people: Organisation, day: date) -> Iterator[Mapping[str, Any]]:
    """Yield what owners may be told on a day: of a discreet case nothing before it has ended, for a year at most."""
    silent = {name for name, case in people.cases.items() if case.discreet and day < case.end}
    before = (day - _LONGEST_SILENCE).isoformat()
    return (entry for entry in log if entry.get("case") not in silent or entry["time"][:10] < before)


def use_of(gateway: Gateway, owner: str, by: str) -> list[Use]:
    """Return how an owner's data were used, as somebody who may know it asks; that he asked is logged."""
    gateway.audit.append({"operation": "consultation", "request": "use", "owner": owner, "user": by})
    log = entries(gateway.store.folder.audit_log)
    return uses(told(log, gateway.organisation(), gateway.clock.today()), owner)


def _used(log: Iterable[Mapping[str, Any]], owner: str) -> Iterator[tuple[str, str, str, str, bool]]:
    """Yield each access and each release of what was made from an owner's data."""
    holding: dict[str, str] = {}  # workspaces that were sent data of this owner -> their organisation
    for entry in log:
        day, purpose = entry["time"][:10], entry.get("purpose", "")
        if entry.get("decision") == "answered" and owner in entry.get("owners", ()):
            holding[entry["workspace"]] = entry["organisation"]
            for organisation in entry.get("organisations", [entry["organisation"]]):
                yield day, organisation, purpose, "", "emergency" in entry
        elif entry.get("operation") in LEAVING and entry.get("decision") == "granted":
            organisation = holding.get(entry["workspace"])
            if organisation is not None:
                yield day, organisation, purpose, entry["recipient"], False
