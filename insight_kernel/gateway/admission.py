"""Admission to a workspace: only for a user, a case and a purpose that go together."""

from datetime import UTC, date, datetime, timedelta

from insight_kernel.errors import BadInput, Refused
from insight_kernel.gateway.sessions import LONGEST, Session
from insight_kernel.gateway.standing import fault
from insight_kernel.model.organisation import Organisation

LIFETIME = timedelta(days=90)
"""How long a run is valid unless it says otherwise: as long as a draft lives."""


def new_session(
    people: Organisation, user: str, purpose: str, case: str | None, day: date, *,
    necessity: bool = False, recipient: str | None = None, run: str | None = None, until: str | None = None,
) -> Session:  # fmt: skip
    """Return the session of a member's workspace; refused when user, case and purpose do not go together.

    Without a case it is the user's desk, or the only case of his that allows the purpose.
    """
    asked = f"open a workspace of {user} for {purpose}"
    if user not in people.users:
        raise Refused(asked, f"there is no user {user!r}", "Name a user of organisation.yml.")
    found = _usual_case(people, user, purpose, asked) if case is None else case
    organisation = people.users[user].organisation
    ends = datetime.now(UTC) + LONGEST
    last = _valid_until(until, day) if run is not None else None
    session = Session(user, found, purpose, necessity, ends, organisation, recipient, run, last)
    cause = fault(session, people, day)
    if cause is not None:
        wrong, remedy = _SAID[cause]
        raise Refused(asked, wrong.format(**vars(session)), remedy)
    return session


def _valid_until(text: str | None, day: date) -> date:
    """Return the day on which a run is gone."""
    try:
        found = day + LIFETIME if text is None else date.fromisoformat(text)
    except ValueError:
        found = day
    if found <= day:
        wrong = "valid until: not a day after today"
        raise BadInput("make a run", wrong, "Write a day to come as YYYY-MM-DD.")
    return found


_SAID = {
    "case-unknown": ("{user} is not a member of a case {case!r}", "Name one of his cases."),
    "not-a-member": ("{user} is not a member of a case {case!r}", "Name one of his cases."),
    "case-closed": ("case {case} is closed", "Name a case that is open."),
    "purpose": ("{user} and case {case} do not share this purpose", "Name another purpose or case."),
    "recipient-unknown": ("{recipient!r} has no release profile", "Name an organisation that has one."),
    "recipient-purpose": (
        "the release profile of {recipient} is not for this purpose",
        "Name another purpose or organisation.",
    ),
}


def _usual_case(people: Organisation, user: str, purpose: str, asked: str) -> str:
    desk = people.users[user].desk
    possible = [
        name for name, case in people.cases.items() if user in case.members and purpose in case.purposes
    ]
    if desk is not None and desk in possible:
        return desk
    if len(possible) == 1:
        return possible[0]
    known = ", ".join(possible) or "none"
    raise Refused(
        asked, f"no single case of {user} has this purpose (possible: {known})", "Name one with case=."
    )
