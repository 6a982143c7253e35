"""Sessions: a run token bound to a subject, an ask, a workspace and an end."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from insight_kernel.errors import Refused
from insight_kernel.model.organisation import Organisation
from insight_kernel.model.subject import Ask, Subject, meet

LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """Who works where and for what; the rights themselves are looked up at each request."""

    user: str
    case: str
    purpose: str
    necessity: bool
    ends: datetime
    recipient: str | None = None
    run: str | None = None

    @property
    def workspace(self) -> str:
        """Return the name of the workspace: one case, one purpose, this member; a report's run is its own."""
        names = [self.user, self.case, self.purpose, *([self.run] if self.run else [])]
        return "/".join(names).lower()

    def subject(self, people: Organisation, day: date) -> Subject:
        """Return the meet of the member, the case and, in a rendition, the recipient, as they are now."""
        subjects = [people.subject(self.user), replace(people.case_subject(self.case, day), user=self.user)]
        if self.recipient is not None:
            subjects.append(replace(people.recipient_subject(self.recipient), user=self.user))
        return meet(subjects)

    def ask(self, day: date) -> Ask:
        """Return what is asked for on this day."""
        return Ask(self.purpose, self.necessity, day, self.recipient)


class Sessions:
    """Sessions by token; only a hash of each token is kept."""

    def __init__(self) -> None:
        self._by_hash: dict[str, Session] = {}
        self._lock = Lock()

    def issue(self, session: Session) -> str:
        """Return a new token for the session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._by_hash = {h: s for h, s in self._by_hash.items() if s.ends > datetime.now(UTC)}
            self._by_hash[_hash(token)] = session
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token that is known and has not ended."""
        session = self._by_hash.get(_hash(token))
        return session if session and session.ends > datetime.now(UTC) else None

    def end(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._by_hash.pop(_hash(token), None)


def new_session(
    people: Organisation, user: str, purpose: str, case: str | None, day: date, *,
    necessity: bool = False, recipient: str | None = None, run: str | None = None,
) -> Session:  # fmt: skip
    """Return the session of a member's workspace; refused when user, case and purpose do not go together.

    Without a case it is the user's desk, or the only case of his that allows the purpose.
    """
    asked = f"open a workspace of {user} for {purpose}"
    if user not in people.users:
        raise Refused(asked, f"there is no user {user!r}", "Name a user of organisation.yml.")
    found = case or _usual_case(people, user, purpose, asked)
    members = people.cases[found].members if found in people.cases else ()
    if user not in members:
        raise Refused(asked, f"{user} is not a member of a case {found!r}", "Name one of his cases.")
    ends = datetime.now(UTC) + LONGEST
    session = Session(user, found, purpose, necessity, ends, recipient, run)
    if purpose not in (session.subject(people, day).purposes or ()):
        raise Refused(
            asked, f"{user} and case {found} do not share this purpose", "Name another purpose or case."
        )
    return session


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


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
