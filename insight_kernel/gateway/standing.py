"""Whether a session still stands: its user, case and purpose, as the organisation file and the hub say now."""

from collections.abc import Set
from dataclasses import replace
from datetime import date

from insight_kernel.gateway.sessions import Session
from insight_kernel.model.organisation import Organisation

USER_REMOVED, MOVED, ORGANISATION_IN_HUB = "user-removed", "organisation-changed", "organisation-in-hub"


def fault(session: Session, people: Organisation, day: date) -> str | None:
    """Return why the session may ask nothing today, or None; the first reason in this order.

    `user-removed`, `organisation-changed`, `case-unknown`, `case-closed`, `not-a-member`, `purpose`,
    `recipient-unknown`, `recipient-purpose`. Only the log says which: whoever asks reads the same refusal for all.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> fault(Session("eve", "OP-X", "network", False, datetime.now(UTC), "FR"), Organisation(), date(2026, 1, 1))
    'user-removed'
    """
    user, case = people.users.get(session.user), people.cases.get(session.case)
    if user is None:
        return USER_REMOVED
    if user.organisation != session.organisation:
        return MOVED
    if case is None:
        return "case-unknown"
    if day >= case.end:
        return "case-closed"
    if session.user not in case.members:
        return "not-a-member"
    if session.purpose not in (replace(session, recipient=None).subject(people, day).purposes or ()):
        return "purpose"
    return _recipient_fault(session, people)


def group_fault(groups: Set[str], case: str, people: Organisation) -> str | None:
    """Return why somebody in these groups of the hub may not work in a case, or None.

    He must be in the case's group, and the hub must give him no organisation: that the file alone does.

    Examples
    --------
    >>> group_fault({"case-op-lantern"}, "OP-LANTERN", Organisation()) is None
    True
    >>> group_fault({"case-op-harbour"}, "OP-LANTERN", Organisation())
    'not-in-hub-group'
    """
    if named_bodies(groups, people):
        return ORGANISATION_IN_HUB
    return None if f"case-{case.lower()}" in groups else "not-in-hub-group"


def named_bodies(groups: Set[str], people: Organisation) -> list[str]:
    """Return the groups of the hub that are called like an organisation or a group of them."""
    return sorted(group for group in groups if people.knows(group))


def _recipient_fault(session: Session, people: Organisation) -> str | None:
    if session.recipient is None:
        return None
    profile = people.recipient_subject(session.recipient)
    if profile.organisations is None:
        return "recipient-unknown"
    return None if session.purpose in (profile.purposes or ()) else "recipient-purpose"
