"""Closed cases: thirty days after its end a case's homes are deleted, and what people wrote of it in the log."""

from datetime import date, timedelta
from typing import Any

from insight_kernel.audit.sealing import ANY
from insight_kernel.errors import BadInput
from insight_kernel.gateway.homes import end_server, has_home
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Opened

AFTER = timedelta(days=30)


def close_cases(gateway: Gateway, day: date) -> list[str]:
    """Delete what is left of cases that ended thirty days ago; return which. Doing it twice is doing it once."""
    cases = gateway.organisation().cases
    over = [name for name, case in cases.items() if day >= case.end + AFTER]
    due = [name for name in over if gateway.sealing.holds(name) or _homes(gateway, name)]
    for name in due:
        homes = _homes(gateway, name)
        for opened in homes:
            end_server(gateway.hub, opened)
        erase(gateway, name, by="retention", homes=len(homes))
    return due


def erase(gateway: Gateway, scope: str, *, by: str, **said: Any) -> bool:
    """Destroy a key and write down that it was; tell if there was one.

    A scope is a case, an organisation (`@CODE`), or `@`: what was written where neither was known.

    Raises
    ------
    BadInput
        When there is no such case or organisation.
    """
    people = gateway.organisation()
    known = people.organisations if scope.startswith("@") else people.cases
    if scope != ANY and scope.removeprefix("@") not in known:
        raise BadInput(
            f"erase {scope}", "there is no such case", "Name a case, @ and an organisation, or @ alone."
        )
    there = gateway.sealing.erase(scope)
    for kept in (gateway.workspaces, gateway.drafts, gateway.acts):
        kept.forget(scope)
    whose = {"organisation": scope[1:] or None} if scope.startswith("@") else {"case": scope}
    gateway.audit.append({"operation": "erasure", "what": "words", **whose, "by": by, "key": there, **said})
    return there


def _homes(gateway: Gateway, case: str) -> list[Opened]:
    """Return the workspaces of a case that still have a home."""
    opened = [each for each in gateway.workspaces.all() if each.case == case]
    return [each for each in opened if has_home(gateway.hub, each)]
