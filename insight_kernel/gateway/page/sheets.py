"""What the page shows of a person's workspaces and accesses; no more than he may read of himself."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from insight_kernel.gateway.standing import fault
from insight_kernel.gateway.workspaces import Opened
from insight_kernel.model.organisation import Organisation

_LATEST = 200
_REQUESTS = {
    "find": "looked for entities", "get": "read entities", "neighbours": "followed links", "count": "counted",
    "aggregate": "counted by groups", "search": "searched by name", "sources": "listed the sources",
    "label": "read the floating label", "opened": "workspace opened", "replaced": "workspace replaced by an empty one",
    "admitted": "member let in", "left": "member out",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A case and the purposes for which somebody may work in it."""

    case: str
    title: str
    purposes: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """One workspace as its member sees it; `stands` is false when it may ask nothing any more."""

    opened: Opened
    title: str
    stands: bool


@dataclass(frozen=True)
class Access:
    """One line of somebody's own accesses."""

    time: str
    workspace: str
    what: str
    rows: int | None
    answered: bool


def choices(people: Organisation, user: str, day: date) -> list[Choice]:
    """Return the open cases of a user with the purposes he and the case share."""
    mine = people.users[user].purposes if user in people.users else []
    found = [
        Choice(name, case.title, tuple(p for p in case.purposes if p in mine))
        for name, case in sorted(people.cases.items())
        if user in case.members and day < case.end
    ]
    return [choice for choice in found if choice.purposes]


def cards(workspaces: Iterable[Opened], people: Organisation, day: date) -> list[Card]:
    """Return the workspaces with their cases' titles."""
    return [
        Card(
            opened,
            people.cases[opened.case].title if opened.case in people.cases else "",
            fault(opened.session(day), people, day) is None,
        )
        for opened in workspaces
    ]


def accesses(entries: Iterable[Mapping[str, Any]], user: str, workspace: str | None = None) -> list[Access]:
    """Return a user's own latest accesses, newest first, of one workspace or of all."""
    mine = (
        entry
        for entry in entries
        if entry.get("user") == user and workspace in (None, entry.get("workspace")) and _said(entry)
    )
    return [_access(entry) for entry in reversed(deque(mine, maxlen=_LATEST))]


def _said(entry: Mapping[str, Any]) -> str | None:
    return _REQUESTS.get(entry.get("act") or entry.get("request") or "")


def _access(entry: Mapping[str, Any]) -> Access:
    when = f"{entry['time'][:19].replace('T', ' ')} UTC"
    answered = entry.get("decision", "answered") == "answered"
    return Access(when, entry.get("workspace", ""), _said(entry) or "", entry.get("rows"), answered)
